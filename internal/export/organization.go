package export

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// organization reads the exported organization through the provider: a listed
// object has the state of an imported one, and the provider's client needs few
// requests.
type organization struct {
	server     *provider.Server
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

// object is an object of the organization.
type object struct {
	kind     *kind
	importID string
	// state has all values of the object, config those that are written.
	state, config map[string]tftypes.Value
	name          string
}

// label is the name of the object itself.
func (o *object) label() string {
	words := make([]string, len(o.kind.label))
	for i, attribute := range o.kind.label {
		words[i] = slug(text(o.state[attribute]))
	}
	return strings.Trim(strings.Join(words, "_"), "_")
}

// open configures the provider from the environment, and with these settings.
func open(ctx context.Context, version string, settings map[string]string) (*organization, error) {
	o := &organization{server: provider.NewServer(version, transport.SystemClock{})}
	var err error
	if o.schemas, err = o.server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		return nil, err
	}
	identities, err := o.server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	o.identities = identities.IdentitySchemas
	config, err := configuration(o.schemas.Provider, settings)
	if err != nil {
		return nil, err
	}
	configured, err := o.server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config, TerraformVersion: "none"})
	if err != nil {
		return nil, err
	}
	return o, problem(configured.Diagnostics)
}

// configuration is a block with these texts set.
func configuration(schema *tfprotov6.Schema, texts map[string]string) (*tfprotov6.DynamicValue, error) {
	values := map[string]tftypes.Value{}
	for _, a := range schema.Block.Attributes {
		values[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		if text, ok := texts[a.Name]; ok {
			values[a.Name] = tftypes.NewValue(tftypes.String, text)
		}
	}
	config, err := tfprotov6.NewDynamicValue(schema.ValueType(), tftypes.NewValue(schema.ValueType(), values))
	return &config, err
}

// problem is the first error among diagnostics.
func problem(diags []*tfprotov6.Diagnostic) error {
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			return errors.New(strings.TrimSuffix(d.Summary+": "+d.Detail, "."))
		}
	}
	return nil
}

// ofProjects says whether objects of a kind belong to projects.
func (o *organization) ofProjects(k *kind) bool {
	list := o.schemas.ListResourceSchemas[k.typeName]
	return slices.ContainsFunc(list.Block.Attributes, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "project_id" })
}

// list returns the objects of a kind, of one project if that is given. Objects
// that cannot be written completely are left out.
func (o *organization) list(ctx context.Context, k *kind, projectID string) (objects []*object, leftOut int, err error) {
	filters := map[string]string{}
	if projectID != "" {
		filters["project_id"] = projectID
	}
	config, err := configuration(o.schemas.ListResourceSchemas[k.typeName], filters)
	if err != nil {
		return nil, 0, err
	}
	stream, err := o.server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: k.typeName, Config: config, IncludeResource: true})
	if err != nil {
		return nil, 0, err
	}
	for result := range stream.Results {
		if err := problem(result.Diagnostics); err != nil {
			return nil, 0, err
		}
		found, err := o.object(ctx, k, &result)
		if err != nil {
			return nil, 0, fmt.Errorf("%s %s: %w", k.typeName, result.DisplayName, err)
		}
		if found == nil {
			leftOut++
			continue
		}
		objects = append(objects, found)
	}
	return objects, leftOut, nil
}

func (o *organization) object(ctx context.Context, k *kind, listed *tfprotov6.ListResourceResult) (*object, error) {
	schema := o.schemas.ResourceSchemas[k.typeName]
	found := &object{kind: k}
	state, err := listed.Resource.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	if err := state.As(&found.state); err != nil {
		return nil, err
	}
	generated, err := o.server.GenerateResourceConfig(ctx, &tfprotov6.GenerateResourceConfigRequest{TypeName: k.typeName, State: listed.Resource})
	if err != nil {
		return nil, err
	}
	if err := problem(generated.Diagnostics); err != nil {
		return nil, err
	}
	config, err := generated.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	if err := config.As(&found.config); err != nil {
		return nil, err
	}
	for _, a := range schema.Block.Attributes {
		if a.Sensitive && !a.Required { // the content of a certificate is no secret
			delete(found.config, a.Name)
		}
		if value, ok := found.config[a.Name]; a.Required && (!ok || value.IsNull()) {
			return nil, nil
		}
	}
	found.importID, err = o.importID(k, listed.Identity)
	return found, err
}

func (o *organization) importID(k *kind, identity *tfprotov6.ResourceIdentityData) (string, error) {
	value, err := identity.IdentityData.Unmarshal(o.identities[k.typeName].ValueType())
	if err != nil {
		return "", err
	}
	var values map[string]tftypes.Value
	if err := value.As(&values); err != nil {
		return "", err
	}
	var parts []string
	for _, name := range provider.Traits(k.typeName).Identity {
		part := text(values[name])
		if part == "" {
			return "", fmt.Errorf("it has no %s", name)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, "/"), nil
}

// text is a simple value in words, empty for everything else.
func text(value tftypes.Value) string {
	var words string
	var number big.Float
	switch {
	case !value.IsKnown() || value.IsNull():
		return ""
	case value.As(&words) == nil:
		return words
	case value.As(&number) == nil:
		return number.Text('f', -1)
	default:
		return ""
	}
}
