package certificate

import (
	"cmp"
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

type certificateDataModel struct {
	CertificateID types.String `tfsdk:"certificate_id"`
	certificateFieldsModel
}

func certificateData() lifecycle.DataSource[*certificateDataModel] {
	attributes := certificateFields("for the whole organization")
	attributes["certificate_id"] = lifecycle.Parameter("Id of the certificate to read (`cert_…`).")
	return lifecycle.DataSource[*certificateDataModel]{
		Type:   "certificate",
		Schema: schema.Schema{MarkdownDescription: "One certificate of the organization.", Attributes: attributes},
		Label:  func(d *certificateDataModel) string { return "certificate " + d.CertificateID.ValueString() },
		Read: func(ctx context.Context, call *lifecycle.DataCall[*certificateDataModel]) error {
			certificate, err := call.Client.Certificates.Get(ctx, call.Data.CertificateID.ValueString())
			if err == nil {
				call.Data.certificateFieldsModel = newCertificateFields(certificate)
			}
			return err
		},
	}
}

type certificatesDataModel struct {
	ID           types.String             `tfsdk:"id"`
	Certificates []certificateFieldsModel `tfsdk:"certificates"`
}

func certificatesData() lifecycle.DataSource[*certificatesDataModel] {
	return certificateList("certificates", "The certificates of the organization, oldest first. All pages are read.", "Always `organization`.", "for the whole organization", nil,
		func(d *certificatesDataModel) (*certificatesDataModel, string) { return d, adminapi.WholeOrganization })
}

type projectCertificatesDataModel struct {
	ProjectID types.String `tfsdk:"project_id"`
	certificatesDataModel
}

func projectCertificatesData() lifecycle.DataSource[*projectCertificatesDataModel] {
	return certificateList("project_certificates",
		"The certificates of the organization, oldest first, with `active` for one project. All pages are read.",
		"Id of the project.", "in the project", map[string]schema.Attribute{"project_id": tfkit.ProjectParameter()},
		func(d *projectCertificatesDataModel) (*certificatesDataModel, string) {
			return &d.certificatesDataModel, d.ProjectID.ValueString()
		})
}

// certificateList is the data source of the certificates of a scope. where says
// where they are active, and own are the attributes that name the scope.
func certificateList[D any](kind, description, id, where string, own map[string]schema.Attribute, of func(d D) (list *certificatesDataModel, scope string)) lifecycle.DataSource[D] {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: id},
		"certificates": schema.ListNestedAttribute{
			MarkdownDescription: "The certificates found.",
			Computed:            true,
			NestedObject:        schema.NestedAttributeObject{Attributes: certificateFields(where)},
		},
	}
	maps.Copy(attributes, own)
	return lifecycle.DataSource[D]{
		Type:   kind,
		Schema: schema.Schema{MarkdownDescription: description, Attributes: attributes},
		Label: func(d D) string {
			_, scope := of(d)
			if scope == adminapi.WholeOrganization {
				return "the certificates of the organization"
			}
			return "the certificates of project " + scope
		},
		Read: func(ctx context.Context, call *lifecycle.DataCall[D]) error {
			m, scope := of(call.Data)
			certificates, err := call.Client.Certificates.List(ctx, scope)
			m.ID = types.StringValue(cmp.Or(scope, "organization"))
			m.Certificates = lifecycle.Flatten(certificates, newCertificateFields)
			tfkit.SortByAge(m.Certificates, func(c certificateFieldsModel) (types.Int64, types.String) { return c.CreatedAt, c.ID })
			return err
		},
	}
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
