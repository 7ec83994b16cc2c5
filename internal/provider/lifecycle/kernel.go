// Package lifecycle implements the operations of all resources: a definition
// has the parts that are specific to one object, and the kernel adds the rest,
// with the safety rules.
package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Resource is a resource built from a definition. All resources of the provider
// are, so that all have the safety rules.
type Resource interface {
	resource.Resource
	Paths(ctx context.Context, raw tftypes.Value) Paths
}

// kernel is the resource that a definition describes.
type kernel[M any] struct {
	client         *adminapi.Client
	core           Core[M]
	create, update func(ctx context.Context, call *Call[M]) error
	orphans        func(ctx context.Context, call *Call[M]) *OrphanSearch
	updateOrphans  func(ctx context.Context, call *Call[M]) *OrphanSearch
	existing       func(ctx context.Context, call *Call[M]) (Found, error)
	// hasOwnID says that the API gave the object its id.
	hasOwnID bool
}

var (
	_ Resource                            = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithConfigure      = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithValidateConfig = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithModifyPlan     = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithImportState    = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithIdentity       = (*kernel[*struct{}])(nil)
	_ resource.ResourceWithMoveState      = (*kernel[*struct{}])(nil)
)

func (k *kernel[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + k.core.Type
	resp.ResourceBehavior.MutableIdentity = k.core.MutableIdentity
}

// Configure takes the client from the provider.
func (k *kernel[M]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	k.client = tfkit.ClientOf(req.ProviderData, k.core.ProjectKey, &resp.Diagnostics)
}

// typeName is the type of the resource as configuration has it.
func (k *kernel[M]) typeName() string { return "openai_" + k.core.Type }

func (k *kernel[M]) schema() schema.Schema {
	described := k.core.Schema()
	described.Version = k.core.SchemaVersion
	described.Blocks = map[string]schema.Block{timeoutsName: timeoutsBlock()}
	addTimes(&described)
	return described
}

func (k *kernel[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = k.schema()
}

func (k *kernel[M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{}
	for _, part := range k.core.Identity {
		resp.IdentitySchema.Attributes[part.Name] = identityschema.StringAttribute{RequiredForImport: true, Description: part.Description}
	}
}

// raw is an object as a state would have it, without timeouts.
func (k *kernel[M]) raw(ctx context.Context, m M, diags *diag.Diagnostics) tftypes.Value {
	described := k.schema()
	state := tfsdk.State{Schema: described, Raw: tftypes.NewValue(described.Type().TerraformType(ctx), nil)}
	put(ctx, m, &state, state.Raw, diags)
	return state.Raw
}

// copied is a copy of a model.
func (k *kernel[M]) copied(ctx context.Context, m M, diags *diag.Diagnostics) M {
	return model[M](ctx, tfsdk.State{Schema: k.schema(), Raw: k.raw(ctx, m, diags)}, diags)
}

// identity is the identity of an object in a plan or a state, the same for all
// spellings.
func (k *kernel[M]) identity(raw tftypes.Value) map[string]types.String {
	values, identity := valuesOf(raw), map[string]types.String{}
	for _, part := range k.core.Identity {
		text := values.Text(part.Name)
		if fold := folds[part.Name]; fold != nil {
			text = fold(text)
		}
		identity[part.Name] = types.StringValue(text)
	}
	return identity
}

// save writes an object and its identity, with the timeouts of another: of the
// plan, or of the state in a read.
func (k *kernel[M]) save(ctx context.Context, m M, before tftypes.Value, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	put(ctx, m, state, before, diags)
	for _, part := range k.core.Identity {
		if part.Value != "" {
			diags.Append(state.SetAttribute(ctx, path.Root(part.Name), part.Value)...)
		}
	}
	setIdentity(ctx, identity, diags, k.identity(state.Raw))
}

// watchedID is the id under which the audit log knows an object, empty where
// the log is not followed for it.
func (k *kernel[M]) watchedID(m M) string {
	if k.core.Audit == nil {
		return ""
	}
	return k.core.Audit(m).ID
}

func (k *kernel[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if k.core.Validate == nil {
		return
	}
	call := &Call[M]{Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics), Diags: &resp.Diagnostics}
	if !resp.Diagnostics.HasError() {
		k.core.Validate(ctx, call)
	}
}
