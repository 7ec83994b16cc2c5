package trust

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

var _ lifecycle.Existing = (*projectCertificatesResource)(nil)

// Existing reads the active certificates of the project: a create adopts those
// that are configured, and the apply after it deactivates the others.
func (r *projectCertificatesResource) Existing(ctx context.Context, plan tfsdk.Plan) (lifecycle.Found, error) {
	var m projectCertificatesModel
	if plan.Get(ctx, &m).HasError() || m.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	active, err := r.active(ctx, &m)
	if err != nil || len(active) == 0 {
		return lifecycle.Found{}, err
	}
	project := m.ProjectID.ValueString()
	found := lifecycle.Found{
		Object: "active certificates of project " + project, ID: []string{project},
		Destroy: "Destroying the resource deactivates the certificates that are in its state.",
	}
	if m.CertificateIDs.IsUnknown() || slices.ContainsFunc(m.CertificateIDs.Elements(), attr.Value.IsUnknown) {
		return found, nil
	}
	for _, id := range active {
		if !slices.ContainsFunc(m.CertificateIDs.Elements(), types.StringValue(id).Equal) {
			found.Removed = append(found.Removed, id)
		}
	}
	return found, nil
}
