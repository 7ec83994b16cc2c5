package provider_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	datasourceschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

func newProvider() frameworkprovider.Provider { return provider.New("test")() }

// resources returns every resource of the provider by type name.
func resources(t *testing.T) map[string]resource.Resource {
	t.Helper()
	all := map[string]resource.Resource{}
	for _, factory := range newProvider().Resources(t.Context()) {
		r := factory()
		var resp resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "openai"}, &resp)
		if _, twice := all[resp.TypeName]; twice {
			t.Errorf("%s is served twice", resp.TypeName)
		}
		all[resp.TypeName] = r
	}
	if len(all) == 0 {
		t.Fatal("the provider serves no resource")
	}
	return all
}

func resourceSchema(t *testing.T, r resource.Resource) schema.Schema {
	t.Helper()
	var resp resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
	if resp.Diagnostics.HasError() {
		t.Fatal(resp.Diagnostics)
	}
	return resp.Schema
}

func TestEverySchemaIsValidAndDocumented(t *testing.T) {
	for name, r := range resources(t) {
		t.Run(name, func(t *testing.T) {
			s := resourceSchema(t, r)
			if diags := s.ValidateImplementation(t.Context()); diags.HasError() {
				t.Error(diags)
			}
			if s.MarkdownDescription == "" {
				t.Error("the resource is not described")
			}
			// Another provider with version 0 cannot read a later one. It has
			// dropped the secret of an admin key in any case.
			if want := map[string]int64{"openai_admin_api_key": 1}[name]; s.Version != want {
				t.Errorf("the schema version is %d, not %d", s.Version, want)
			}
			for attribute, a := range s.Attributes {
				if len(a.GetMarkdownDescription()) < 10 {
					t.Errorf("%s is not described", attribute)
				}
				if (a.IsRequired() || a.IsOptional()) && !a.IsComputed() && s.Attributes[attribute].GetDeprecationMessage() == "" &&
					!strings.Contains(a.GetMarkdownDescription(), "Chang") && !strings.Contains(a.GetMarkdownDescription(), "chang") {
					t.Errorf("%s does not say what a change does", attribute)
				}
			}
		})
	}
	for _, factory := range newProvider().DataSources(t.Context()) {
		d := factory()
		var meta datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		t.Run("data."+meta.TypeName, func(t *testing.T) {
			var resp datasource.SchemaResponse
			d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
				t.Error(diags)
			}
			if resp.Schema.MarkdownDescription == "" {
				t.Error("the data source is not described")
			}
			checkDescribed(t, "", resp.Schema.Attributes)
		})
	}
}

func TestEveryEphemeralSchemaIsValidAndDocumented(t *testing.T) {
	for _, factory := range newProvider().(frameworkprovider.ProviderWithEphemeralResources).EphemeralResources(t.Context()) {
		r := factory()
		var meta ephemeral.MetadataResponse
		r.Metadata(t.Context(), ephemeral.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		t.Run(meta.TypeName, func(t *testing.T) {
			var resp ephemeral.SchemaResponse
			r.Schema(t.Context(), ephemeral.SchemaRequest{}, &resp)
			if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
				t.Error(diags)
			}
			if resp.Schema.MarkdownDescription == "" {
				t.Error("the ephemeral resource is not described")
			}
			for name, a := range resp.Schema.Attributes {
				if len(a.GetMarkdownDescription()) < 10 {
					t.Errorf("%s is not described", name)
				}
			}
		})
	}
}

func TestEveryFunctionIsDocumented(t *testing.T) {
	for _, factory := range newProvider().(frameworkprovider.ProviderWithFunctions).Functions(t.Context()) {
		var meta function.MetadataResponse
		var resp function.DefinitionResponse
		f := factory()
		f.Metadata(t.Context(), function.MetadataRequest{}, &meta)
		f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
		parameters := resp.Definition.Parameters
		if resp.Definition.VariadicParameter != nil {
			parameters = append(parameters, resp.Definition.VariadicParameter)
		}
		if resp.Definition.Summary == "" || len(resp.Definition.MarkdownDescription) < 20 || len(parameters) == 0 {
			t.Errorf("%s is not described", meta.Name)
		}
		for _, p := range parameters {
			if len(p.GetMarkdownDescription()) < 5 {
				t.Errorf("%s: %s is not described", meta.Name, p.GetName())
			}
		}
	}
}

func checkDescribed(t *testing.T, prefix string, attributes map[string]datasourceschema.Attribute) {
	t.Helper()
	for name, a := range attributes {
		if len(a.GetMarkdownDescription()) < 5 {
			t.Errorf("%s%s is not described", prefix, name)
		}
		switch nested := a.(type) {
		case datasourceschema.ListNestedAttribute:
			checkDescribed(t, prefix+name+".", nested.NestedObject.Attributes)
		case datasourceschema.SetNestedAttribute:
			checkDescribed(t, prefix+name+".", nested.NestedObject.Attributes)
		case datasourceschema.SingleNestedAttribute:
			checkDescribed(t, prefix+name+".", nested.Attributes)
		}
	}
}

// identityOf returns the names of the identity attributes of a resource.
func identityOf(t *testing.T, r resource.Resource) []string {
	t.Helper()
	withIdentity, ok := r.(resource.ResourceWithIdentity)
	if !ok {
		t.Fatal("the resource has no identity")
	}
	var resp resource.IdentitySchemaResponse
	withIdentity.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &resp)
	var names []string
	for name := range resp.IdentitySchema.Attributes {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Terraform before 1.12 knows no identities, so this speaks the protocol
// itself: an import by identity must fill the attributes of the same names.
func TestEveryResourceIsImportedByIdentity(t *testing.T) {
	server, err := providerserver.NewProtocol6WithError(newProvider())()
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range resources(t) {
		t.Run(name, func(t *testing.T) {
			s := resourceSchema(t, r)
			values := map[string]tftypes.Value{}
			attributes := map[string]tftypes.Type{}
			for _, part := range identityOf(t, r) {
				if _, ok := s.Attributes[part]; !ok {
					t.Errorf("the identity has %s, the resource has not", part)
				}
				values[part] = tftypes.NewValue(tftypes.String, "value-of-"+part)
				attributes[part] = tftypes.String
			}
			objectType := tftypes.Object{AttributeTypes: attributes}
			imported := func() *tfprotov6.ImportResourceStateResponse {
				identity, err := tfprotov6.NewDynamicValue(objectType, tftypes.NewValue(objectType, values))
				if err != nil {
					t.Fatal(err)
				}
				resp, err := server.ImportResourceState(context.Background(), &tfprotov6.ImportResourceStateRequest{
					TypeName: name,
					Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity},
				})
				if err != nil {
					t.Fatal(err)
				}
				return resp
			}
			if _, singleton := values["singleton_id"]; singleton {
				if resp := imported(); len(resp.Diagnostics) != 1 || !strings.Contains(resp.Diagnostics[0].Detail, `Its singleton_id is "organization", got "value-of-singleton_id"`) {
					t.Errorf("another singleton: %v", resp.Diagnostics)
				}
				values["singleton_id"] = tftypes.NewValue(tftypes.String, "organization")
			}
			resp := imported()
			for _, d := range resp.Diagnostics {
				if d.Severity == tfprotov6.DiagnosticSeverityError {
					t.Errorf("%s: %s", d.Summary, d.Detail)
				}
			}
			if len(resp.ImportedResources) != 1 {
				t.Fatalf("%d resources imported", len(resp.ImportedResources))
			}
			state, err := resp.ImportedResources[0].State.Unmarshal(s.Type().TerraformType(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]tftypes.Value
			if err := state.As(&got); err != nil {
				t.Fatal(err)
			}
			for part, want := range values {
				if !got[part].Equal(want) {
					t.Errorf("%s is %s after the import", part, got[part])
				}
			}
		})
	}
}

// A state of version 0 may be from another provider with the same type names.
func TestEveryResourceMigratesForeignState(t *testing.T) {
	server := provider.NewServer("test", transport.SystemClock{})
	for name, r := range resources(t) {
		t.Run(name, func(t *testing.T) {
			resp, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: name,
				Version:  0,
				RawState: &tfprotov6.RawState{JSON: []byte(`{"project_id":"proj_1","role_id":"role_1","api_key_id":"key_1","an_attribute_of_another_provider":true}`)},
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range resp.Diagnostics {
				t.Fatalf("%s: %s", d.Summary, d.Detail)
			}
			state, err := resp.UpgradedState.Unmarshal(resourceSchema(t, r).Type().TerraformType(t.Context()))
			if err != nil {
				t.Fatal(err)
			}
			var got map[string]tftypes.Value
			if err := state.As(&got); err != nil {
				t.Fatal(err)
			}
			if id, ok := got["project_id"]; ok && !id.Equal(tftypes.NewValue(tftypes.String, "proj_1")) {
				t.Errorf("project_id was lost: %s", id)
			}
		})
	}
}

// Every page of the documentation has the subcategory of its area.
func TestEveryPageHasItsSubcategory(t *testing.T) {
	pages := provider.Subcategories(t.Context())
	found := 0
	for _, folder := range []string{"resources", "data-sources", "ephemeral-resources", "functions", "list-resources", "actions"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "docs", folder, "*.md"))
		if err != nil || len(files) == 0 {
			t.Fatal(folder, err)
		}
		for _, file := range files {
			found++
			page := folder + "/" + strings.TrimSuffix(filepath.Base(file), ".md")
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if want := pages[page]; want == "" || !strings.Contains(string(content), "\nsubcategory: \""+want+"\"\n") {
				t.Errorf("%s has not the subcategory %q", page, want)
			}
		}
	}
	if found != len(pages) {
		t.Errorf("%d pages, and %d subcategories", found, len(pages))
	}
}
