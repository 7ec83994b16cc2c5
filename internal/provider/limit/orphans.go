package limit

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var (
	_ lifecycle.Orphans = (*organizationSpendAlertResource)(nil)
	_ lifecycle.Orphans = (*projectSpendAlertResource)(nil)
)

// SearchOrphans searches for alerts of the organization that say the same.
func (r *organizationSpendAlertResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	var planned organizationSpendAlertModel
	diags.Append(plan.Get(ctx, &planned)...)
	return planned.searchOrphans(ctx, r.Client, adminapi.WholeOrganization, plan, diags)
}

// SearchOrphans searches for alerts of the project that say the same.
func (r *projectSpendAlertResource) SearchOrphans(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	var planned projectSpendAlertModel
	diags.Append(plan.Get(ctx, &planned)...)
	if planned.ProjectID.IsUnknown() {
		return nil
	}
	search := planned.searchOrphans(ctx, r.Client, planned.ProjectID.ValueString(), plan, diags)
	if search != nil {
		search.Parents, search.ImportPrefix = []string{planned.ProjectID.ValueString()}, planned.ProjectID.ValueString()+"/"
	}
	return search
}

func (m *spendAlertModel) searchOrphans(ctx context.Context, client *adminapi.Client, scope string, plan tfsdk.Plan, diags *diag.Diagnostics) *lifecycle.OrphanSearch {
	if diags.HasError() || !lifecycle.Known(plan, "threshold_amount", "currency", "interval", "notification_channel_recipients", "notification_channel_subject_prefix") {
		return nil
	}
	planned := m.wanted(ctx, diags)
	return &lifecycle.OrphanSearch{
		Object: m.alertLabel(scope),
		Find:   func(ctx context.Context) ([]string, error) { return client.SpendAlerts.Orphans(ctx, scope, planned) },
	}
}
