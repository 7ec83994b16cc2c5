package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var _ datasource.DataSourceWithConfigure = (*certificateDataSource)(nil)

type certificateDataSource struct{ tfkit.DataSource }

func newCertificateDataSource() datasource.DataSource { return &certificateDataSource{} }

func (d *certificateDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_certificate"
}

// certificateFields are the attributes of a certificate.
func certificateFields(where string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":         schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the certificate (`cert_…`)."},
		"name":       schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the certificate."},
		"active":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the certificate is active " + where + "."},
		"created_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the certificate was uploaded, in Unix seconds."},
		"valid_at":   schema.Int64Attribute{Computed: true, MarkdownDescription: "When the certificate begins to be valid, in Unix seconds."},
		"expires_at": schema.Int64Attribute{Computed: true, MarkdownDescription: "When the certificate expires, in Unix seconds."},
	}
}

type certificateFieldsModel struct {
	ID        types.String `tfsdk:"id"`
	Name      types.String `tfsdk:"name"`
	Active    types.Bool   `tfsdk:"active"`
	CreatedAt types.Int64  `tfsdk:"created_at"`
	ValidAt   types.Int64  `tfsdk:"valid_at"`
	ExpiresAt types.Int64  `tfsdk:"expires_at"`
}

func newCertificateFields(c *adminapi.Certificate) certificateFieldsModel {
	return certificateFieldsModel{
		ID: types.StringValue(c.ID), Name: types.StringPointerValue(c.Name), Active: types.BoolPointerValue(c.Active),
		CreatedAt: types.Int64Value(c.CreatedAt), ValidAt: types.Int64Value(c.ValidAt), ExpiresAt: types.Int64Value(c.ExpiresAt),
	}
}

func (d *certificateDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := certificateFields("for the whole organisation")
	attributes["certificate_id"] = schema.StringAttribute{
		MarkdownDescription: "Id of the certificate to read (`cert_…`).",
		Required:            true,
		Validators:          []validator.String{tfkit.ID()},
	}
	resp.Schema = schema.Schema{MarkdownDescription: "One certificate of the organisation.", Attributes: attributes}
}

func (d *certificateDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		CertificateID types.String `tfsdk:"certificate_id"`
		certificateFieldsModel
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	c, err := d.Client.Certificates.Get(ctx, state.CertificateID.ValueString())
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, "certificate "+state.CertificateID.ValueString(), err)
		return
	}
	state.certificateFieldsModel = newCertificateFields(c)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
}
