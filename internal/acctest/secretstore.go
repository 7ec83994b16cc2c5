package acctest

import (
	"context"
	"maps"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// SecretStore stands in for a provider with a secret store, so that examples
// which bring a secret to one are applied without a network. Its one resource
// has the name and the arguments of the AWS provider's, among them a write-only
// one.
type SecretStore struct {
	mu      sync.Mutex
	secrets map[string]string
}

// NewSecretStore returns an empty store.
func NewSecretStore() *SecretStore { return &SecretStore{secrets: map[string]string{}} }

// Secret returns the secret that is stored under an id.
func (s *SecretStore) Secret(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.secrets[id]
}

func (s *SecretStore) put(id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.secrets[id] = secret
}

// WithSecretStore are the Factories and the store, as the provider aws.
func WithSecretStore(s *SecretStore) map[string]func() (tfprotov6.ProviderServer, error) {
	return s.addedTo(Factories)
}

// WithSecretStoreAt is WithSecretStore for a provider with this clock.
func WithSecretStoreAt(clock *Clock, s *SecretStore) map[string]func() (tfprotov6.ProviderServer, error) {
	return s.addedTo(factoriesAt(clock))
}

func (s *SecretStore) addedTo(factories map[string]func() (tfprotov6.ProviderServer, error)) map[string]func() (tfprotov6.ProviderServer, error) {
	all := maps.Clone(factories)
	all["aws"] = providerserver.NewProtocol6WithError(&storeProvider{s})
	return all
}

type storeProvider struct{ store *SecretStore }

func (p *storeProvider) Metadata(_ context.Context, _ frameworkprovider.MetadataRequest, resp *frameworkprovider.MetadataResponse) {
	resp.TypeName = "aws"
}

func (p *storeProvider) Schema(context.Context, frameworkprovider.SchemaRequest, *frameworkprovider.SchemaResponse) {
}

func (p *storeProvider) Configure(context.Context, frameworkprovider.ConfigureRequest, *frameworkprovider.ConfigureResponse) {
}

func (p *storeProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p *storeProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &storedSecret{p.store} }}
}

type storedSecret struct{ store *SecretStore }

type storedSecretModel struct {
	SecretID types.String `tfsdk:"secret_id"`
	String   types.String `tfsdk:"secret_string_wo"`
	Version  types.Int64  `tfsdk:"secret_string_wo_version"`
}

func (r *storedSecret) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_secretsmanager_secret_version"
}

func (r *storedSecret) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"secret_id":                schema.StringAttribute{Required: true, PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}},
		"secret_string_wo":         schema.StringAttribute{Required: true, WriteOnly: true, Sensitive: true},
		"secret_string_wo_version": schema.Int64Attribute{Required: true},
	}}
}

func (r *storedSecret) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var config storedSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...) // a write-only value is here alone
	r.store.put(config.SecretID.ValueString(), config.String.ValueString())
	resp.State.Raw = req.Plan.Raw
}

func (r *storedSecret) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (r *storedSecret) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config storedSecretModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	r.store.put(config.SecretID.ValueString(), config.String.ValueString())
	resp.State.Raw = req.Plan.Raw
}

func (r *storedSecret) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state storedSecretModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	r.store.put(state.SecretID.ValueString(), "")
}
