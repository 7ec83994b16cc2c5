package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// nothing is a configuration without arguments.
func nothing(t *testing.T, kind tftypes.Type) (tftypes.Value, *tfprotov6.DynamicValue) {
	t.Helper()
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("%s is no object", kind)
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	value := tftypes.NewValue(kind, values)
	return value, dynamic(t, value)
}

func dynamic(t *testing.T, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(value.Type(), value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// A Terraform that can defer changes defers all objects while settings of the
// provider are not known. Others get the error of the first read.
func TestUnknownSettingsDefer(t *testing.T) {
	ctx := context.Background()
	for _, allowed := range []bool{true, false} {
		server := provider.NewServer("test", acctest.NewClock())
		schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		settings, _ := nothing(t, schemas.Provider.ValueType())
		var values map[string]tftypes.Value
		if err := settings.As(&values); err != nil {
			t.Fatal(err)
		}
		values["admin_api_key"] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		configured, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{
			Config:             dynamic(t, tftypes.NewValue(settings.Type(), values)),
			ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: allowed},
		})
		if err != nil {
			t.Fatal(err)
		}
		expectNone(t, "configure", configured.Diagnostics)
		expectDeferred := func(name string, deferred *tfprotov6.Deferred, diags []*tfprotov6.Diagnostic) {
			t.Helper()
			if allowed && (deferred == nil || deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown || len(diags) > 0) {
				t.Errorf("%s is deferred: %v, with %d diagnostics", name, deferred, len(diags))
			}
			if !allowed && deferred != nil {
				t.Errorf("%s is deferred, which Terraform does not allow", name)
			}
		}
		for name, schema := range schemas.ResourceSchemas {
			_, config := nothing(t, schema.ValueType())
			planned, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
				TypeName: name, Config: config, ProposedNewState: config, PriorState: dynamic(t, tftypes.NewValue(schema.ValueType(), nil)),
				ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: allowed},
			})
			if err != nil {
				t.Fatal(err)
			}
			expectDeferred(name, planned.Deferred, planned.Diagnostics)
		}
		for name, schema := range schemas.DataSourceSchemas {
			_, config := nothing(t, schema.ValueType())
			read, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{
				TypeName: name, Config: config, ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: allowed},
			})
			if err != nil {
				t.Fatal(err)
			}
			expectDeferred("data."+name, read.Deferred, read.Diagnostics)
			if name == "openai_projects" && !allowed {
				expectRefusal(t, name, read.Diagnostics, "Provider settings are not known yet",
					"Object: the projects of the organization\n\nNo request was sent, because the provider's admin_api_key will only be known after apply.")
			}
		}
	}
}
