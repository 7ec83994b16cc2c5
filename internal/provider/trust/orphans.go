package trust

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Orphans = (*certificateResource)(nil)
	_ lifecycle.Orphans = (*identityProviderResource)(nil)
	_ lifecycle.Orphans = (*federationRuleResource)(nil)
	_ lifecycle.Orphans = (*externalKeyResource)(nil)
	_ lifecycle.Orphans = (*externalStorageResource)(nil)
)

// SearchOrphans searches for certificates that are valid at the same time,
// with the same name where one is planned.
func (r *certificateResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "certificate") {
		return nil
	}
	var planned certificateModel
	diags.Append(plan.Get(ctx, &planned)...)
	wanted := planned.wanted(diags)
	if planned.Name.IsUnknown() {
		wanted.Name = nil
	}
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("certificate %q", planned.Name.ValueString()),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.Certificates.Orphans(ctx, wanted) },
	}
}

// SearchOrphans searches for providers with the same name, issuer and audience.
func (r *identityProviderResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "name", "issuer", "audience") {
		return nil
	}
	var planned identityProviderModel
	diags.Append(plan.Get(ctx, &planned)...)
	wanted := adminapi.IdentityProvider{Name: planned.Name.ValueString(), Issuer: planned.Issuer.ValueString(), Audience: planned.Audience.ValueString()}
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("workload identity provider %q", wanted.Name),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.IdentityProviders.Orphans(ctx, wanted) },
	}
}

// SearchOrphans searches for rules of the provider with the same account, name
// and matchers.
func (r *federationRuleResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "workload_identity_provider_id", "service_account_id", "name", "attribute_matchers") {
		return nil
	}
	var planned federationRuleModel
	diags.Append(plan.Get(ctx, &planned)...)
	matchers, err := readMatchers(planned.Matchers)
	if err != nil {
		return nil // reported when it is created
	}
	wanted := adminapi.FederationRule{
		ProviderID: planned.ProviderID.ValueString(), ServiceAccountID: planned.ServiceAccountID.ValueString(), Name: planned.Name.ValueStringPointer(), Matchers: matchers,
	}
	return &lifecycle.OrphanSearch{
		Object:  fmt.Sprintf("federation rule %q for service account %s of workload identity provider %s", planned.Name.ValueString(), wanted.ServiceAccountID, wanted.ProviderID),
		Parents: []string{wanted.ProviderID, wanted.ServiceAccountID}, ImportPrefix: wanted.ProviderID + "/",
		Find: func(ctx context.Context) ([]string, error) { return r.Client.FederationRules.Orphans(ctx, wanted) },
	}
}

// SearchOrphans searches for registrations of the same key with the same name.
func (r *externalKeyResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, append(slices.Collect(maps.Keys(keyFieldDescriptions)), "name")...) {
		return nil
	}
	var planned externalKeyModel
	diags.Append(plan.Get(ctx, &planned)...)
	wanted := planned.wanted()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external key %q", wanted.Name),
		Find:   func(ctx context.Context) ([]string, error) { return r.Client.ExternalKeys.Orphans(ctx, wanted) },
	}
}

// SearchOrphans searches for registrations of the same storage for the project.
func (r *externalStorageResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if !lifecycle.Known(plan, "project_id", "aws", "azure", "gcp", "oci") {
		return nil
	}
	var planned externalStorageModel
	diags.Append(plan.Get(ctx, &planned)...)
	project, place := planned.ProjectID.ValueString(), planned.value()
	return &lifecycle.OrphanSearch{
		Object: fmt.Sprintf("external storage %s of project %s", place.Bucket+place.Container, project), Parents: []string{project},
		Find: func(ctx context.Context) ([]string, error) {
			return r.Client.ExternalStorages.Orphans(ctx, project, place)
		},
	}
}
