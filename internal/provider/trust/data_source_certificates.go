package trust

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ datasource.DataSourceWithConfigure = (*certificatesDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*projectCertificatesDataSource)(nil)
)

func certificateList(where string) schema.Attribute {
	return schema.ListNestedAttribute{
		MarkdownDescription: "The certificates found.",
		Computed:            true,
		NestedObject:        schema.NestedAttributeObject{Attributes: certificateFields(where)},
	}
}

// readCertificates lists the certificates of a scope.
func readCertificates(ctx context.Context, client *adminapi.Client, scope, label string, diags *diag.Diagnostics) []certificateFieldsModel {
	all, err := client.Certificates.List(ctx, scope)
	if err != nil {
		tfkit.AddAPIError(diags, label, err)
		return nil
	}
	fields := make([]certificateFieldsModel, len(all))
	for i := range all {
		fields[i] = newCertificateFields(&all[i])
	}
	tfkit.SortByAge(fields, func(m certificateFieldsModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	return fields
}

type certificatesDataSource struct{ tfkit.DataSource }

func newCertificatesDataSource() datasource.DataSource { return &certificatesDataSource{} }

func (d *certificatesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_certificates"
}

func (d *certificatesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The certificates of the organisation, oldest first. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Always `organization`."},
			"certificates": certificateList("for the whole organisation"),
		},
	}
}

func (d *certificatesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ID           types.String             `tfsdk:"id"`
		Certificates []certificateFieldsModel `tfsdk:"certificates"`
	}
	state.ID = types.StringValue("organization")
	state.Certificates = readCertificates(ctx, d.Client, adminapi.WholeOrganization, "the certificates of the organisation", &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}

type projectCertificatesDataSource struct{ tfkit.DataSource }

func newProjectCertificatesDataSource() datasource.DataSource {
	return &projectCertificatesDataSource{}
}

func (d *projectCertificatesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_certificates"
}

func (d *projectCertificatesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The certificates of the organisation as a project sees them, oldest first: `active` says whether they are active in the project. All pages are read.",
		Attributes: map[string]schema.Attribute{
			"project_id":   tfkit.ProjectParameter(),
			"id":           schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project."},
			"certificates": certificateList("in the project"),
		},
	}
}

func (d *projectCertificatesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var state struct {
		ProjectID    types.String             `tfsdk:"project_id"`
		ID           types.String             `tfsdk:"id"`
		Certificates []certificateFieldsModel `tfsdk:"certificates"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	state.ID = state.ProjectID
	state.Certificates = readCertificates(ctx, d.Client, state.ProjectID.ValueString(), "the certificates of project "+state.ProjectID.ValueString(), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
}
