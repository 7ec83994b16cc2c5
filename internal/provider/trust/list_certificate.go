package trust

import (
	"cmp"
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ list.ListResourceWithConfigure = (*organizationCertificateList)(nil)

type organizationCertificateList struct{ certificateResource }

func newCertificateList() list.ListResource { return &organizationCertificateList{} }

func (l *organizationCertificateList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = tfkit.NoFilter("The certificates of the organisation. Their content takes one more request for each.")
}

func (l *organizationCertificateList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	certificates := func(ctx context.Context) ([]adminapi.Certificate, error) {
		return l.Client.Certificates.List(ctx, adminapi.WholeOrganization)
	}
	tfkit.ListOrganization(ctx, req, stream, "the certificates", certificates, func(c *adminapi.Certificate, diags *diag.Diagnostics) *tfkit.Listed {
		var m certificateModel
		m.take(c)
		if req.IncludeResource {
			content, err := l.Client.Certificates.Content(ctx, c.ID)
			if err != nil {
				tfkit.AddAPIError(diags, m.label(), err)
				return nil
			}
			m.Certificate = types.StringValue(content)
		}
		return &tfkit.Listed{Name: cmp.Or(m.Name.ValueString(), c.ID), Model: m, Identity: m.identity()}
	})
}
