package provider_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// configureWith configures a provider with these settings, and no others.
func configureWith(t *testing.T, settings map[string]tftypes.Value) (*adminapi.Client, diag.Diagnostics) {
	t.Helper()
	ctx := context.Background()
	p := provider.New("test")()
	var described frameworkprovider.SchemaResponse
	p.Schema(ctx, frameworkprovider.SchemaRequest{}, &described)
	object := described.Schema.Type().TerraformType(ctx).(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, kind := range object.AttributeTypes {
		values[name] = tftypes.NewValue(kind, nil)
		if value, ok := settings[name]; ok {
			values[name] = value
		}
	}
	var resp frameworkprovider.ConfigureResponse
	p.Configure(ctx, frameworkprovider.ConfigureRequest{Config: tfsdk.Config{Schema: described.Schema, Raw: tftypes.NewValue(object, values)}}, &resp)
	client, _ := resp.ResourceData.(*adminapi.Client)
	return client, resp.Diagnostics
}

func textValue(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

// noEnvironment hides the variables of the machine.
func noEnvironment(t *testing.T) {
	for _, name := range []string{"OPENAI_ADMIN_KEY", "OPENAI_API_KEY", "OPENAI_ADMIN_BASE_URL", "OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"} {
		t.Setenv(name, "")
	}
}

// A setting that is unknown while planning, or a part of it, is no setting:
// nothing is sent, and the error names it.
func TestEverySettingMayBeUnknown(t *testing.T) {
	noEnvironment(t)
	var described frameworkprovider.SchemaResponse
	provider.New("test")().Schema(t.Context(), frameworkprovider.SchemaRequest{}, &described)
	object := described.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if len(object.AttributeTypes) < 12 {
		t.Fatalf("%d settings", len(object.AttributeTypes))
	}
	check := func(name string, value tftypes.Value) {
		settings := map[string]tftypes.Value{"admin_api_key": textValue("sk-admin-1"), "base_url": textValue("http://127.0.0.1:1/v1"), name: value}
		client, diags := configureWith(t, settings)
		if diags.HasError() || client == nil {
			t.Errorf("%s: %v", name, diags)
			return
		}
		_, err := client.Projects.Get(t.Context(), "proj_1")
		if !transport.IsNotConfigured(err) || !strings.Contains(err.Error(), "the provider's "+name+" will only be known after apply") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, kind := range object.AttributeTypes {
		check(name, tftypes.NewValue(kind, tftypes.UnknownValue))
		if set, ok := kind.(tftypes.Set); ok {
			check(name, tftypes.NewValue(set, []tftypes.Value{tftypes.NewValue(set.ElementType, tftypes.UnknownValue)}))
		}
	}
}

func TestWhatIsNoAdminKeyIsRefused(t *testing.T) {
	for _, given := range []string{"org-0123456789", `"sk-admin-1"`, "Bearer sk-admin-1", "sk-admin 1", "sk-admin-…", "sk-proj-1", " \n"} {
		for _, source := range []string{"configuration", "environment"} {
			noEnvironment(t)
			settings := map[string]tftypes.Value{"admin_api_key": textValue(given)}
			if source == "environment" {
				settings = nil
				t.Setenv("OPENAI_ADMIN_KEY", given)
			}
			_, diags := configureWith(t, settings)
			if !hasErrorAt(diags, "admin_api_key") {
				t.Errorf("%q in the %s: %v", given, source, diags)
			}
		}
	}
	noEnvironment(t)
	t.Setenv("OPENAI_ADMIN_KEY", "sk-admin-1\n")
	if _, diags := configureWith(t, nil); diags.HasError() {
		t.Errorf("with a trailing line break: %v", diags)
	}
}

func TestOnlyConfiguredHostsReceiveTheAdminKey(t *testing.T) {
	const gateway = "https://gateway.example.com/v1"
	settings := map[string]tftypes.Value{"admin_api_key": textValue("sk-admin-1")}
	noEnvironment(t)
	t.Setenv("OPENAI_BASE_URL", gateway)
	if _, diags := configureWith(t, settings); !hasErrorAt(diags, "base_url") || !strings.Contains(diags.Errors()[0].Detail(), "set OPENAI_ADMIN_BASE_URL to this URL, or base_url") {
		t.Errorf("%v", diags)
	}
	t.Setenv("OPENAI_ADMIN_BASE_URL", gateway)
	if _, diags := configureWith(t, settings); diags.HasError() {
		t.Errorf("%v", diags)
	}
	t.Setenv("OPENAI_ADMIN_BASE_URL", "")
	settings["base_url"] = textValue(gateway)
	if _, diags := configureWith(t, settings); diags.HasError() {
		t.Errorf("%v", diags)
	}
}

func hasErrorAt(diags diag.Diagnostics, attribute string) bool {
	return slices.ContainsFunc(diags.Errors(), func(d diag.Diagnostic) bool {
		at, ok := d.(diag.DiagnosticWithPath)
		return ok && at.Path().Equal(path.Root(attribute))
	})
}
