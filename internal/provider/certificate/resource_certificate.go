package certificate

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func certificate() lifecycle.Object[certificateModel] {
	return lifecycle.Object[certificateModel]{
		Core: lifecycle.Core[certificateModel]{
			Type:     "certificate",
			Schema:   certificateSchema,
			Identity: []lifecycle.Identifier{{Name: "certificate_id", Description: "Id of the certificate."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/certificates/{certificate_id}"))
			},
			Label:  (*certificateModel).label,
			Legacy: lifecycle.AsOfficial("openai_certificate"),
			Read:   readCertificate,
			Delete: deleteCertificate,
			List: lifecycle.ListOrganization("The certificates of the organization. Their content takes one more request for each.", "the certificates",
				listCertificates, listedCertificate).Completed(readContent),
		},
		Create:  createCertificate,
		Update:  updateCertificate,
		Orphans: certificateOrphans,
	}
}

func certificateSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A certificate for mutual TLS: the API accepts clients that present a certificate signed by it.\n\n" +
			"An uploaded certificate has no effect until it is active: for the whole organization with `active`, or for single projects with `openai_project_certificates`. " +
			"Upload the next certificate before the old one expires; plans warn from 30 days before the expiry. An organization can have 50 certificates.\n\n" +
			"`terraform destroy` deactivates the certificate for the organization and removes it. The API refuses to remove one that is still active for a project.",
		Attributes: map[string]schema.Attribute{
			"certificate": schema.StringAttribute{
				MarkdownDescription: "The certificate in PEM, without a private key. White space and comments are not significant. Changing the certificate replaces the resource.",
				Required:            true,
				Validators:          []validator.String{pemCertificate()},
				PlanModifiers: []planmodifier.String{
					tfkit.KeepSame("The same certificate in another layout is no change.", samePEM),
					stringplanmodifier.RequiresReplace(),
				},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the certificate. Changed in place. Removing it from the configuration does not change the name.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.String{tfkit.NewName(), stringplanmodifier.UseStateForUnknown()},
			},
			"active": schema.BoolAttribute{
				MarkdownDescription: "Whether the certificate is active for the whole organization. Default: `false` for a new certificate; an existing one does not change. Changed in place.",
				Optional:            true,
				Computed:            true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"id":             tfkit.ComputedString("Id of the certificate (`cert_…`)."),
			"certificate_id": tfkit.ComputedString("Id of the certificate, the same as `id`."),
			"created_at":     tfkit.ComputedInt64("When the certificate was uploaded, in Unix seconds."),
			"valid_at":       tfkit.ComputedInt64("When the certificate begins to be valid, in Unix seconds."),
			"expires_at":     tfkit.ComputedInt64("When the certificate expires, in Unix seconds."),
		},
	}
}

type certificateModel struct {
	Certificate   types.String `tfsdk:"certificate"`
	Name          types.String `tfsdk:"name"`
	Active        types.Bool   `tfsdk:"active"`
	ID            types.String `tfsdk:"id"`
	CertificateID types.String `tfsdk:"certificate_id"`
	CreatedAt     types.Int64  `tfsdk:"created_at"`
	ValidAt       types.Int64  `tfsdk:"valid_at"`
	ExpiresAt     types.Int64  `tfsdk:"expires_at"`
}

// label names the certificate in diagnostics.
func (m *certificateModel) label() string {
	return lifecycle.Label("certificate", m.Name.ValueString(), m.ID.ValueString())
}

// flatten copies an answer into the model. Not every answer says whether the
// certificate is active.
func (m *certificateModel) flatten(c *adminapi.Certificate) {
	m.ID = types.StringValue(c.ID)
	m.CertificateID = m.ID
	m.Name = types.StringPointerValue(c.Name)
	m.CreatedAt = types.Int64Value(c.CreatedAt)
	m.ValidAt = types.Int64Value(c.ValidAt)
	m.ExpiresAt = types.Int64Value(c.ExpiresAt)
	if c.Active != nil {
		m.Active = types.BoolValue(*c.Active)
	}
}

// expand returns the certificate to upload.
func (m *certificateModel) expand(diags *diag.Diagnostics) adminapi.NewCertificate {
	parsed, err := parsePEM(m.Certificate.ValueString())
	if err != nil {
		// Unknown when it was validated.
		diags.AddAttributeError(path.Root("certificate"), "Invalid certificate", fmt.Sprintf("certificate %s.", err))
		return adminapi.NewCertificate{}
	}
	planned := adminapi.NewCertificate{PEM: m.Certificate.ValueString(), ValidAt: parsed.NotBefore.Unix(), ExpiresAt: parsed.NotAfter.Unix()}
	if !m.Name.IsUnknown() {
		planned.Name = m.Name.ValueStringPointer()
	}
	return planned
}

func createCertificate(ctx context.Context, call *lifecycle.Call[certificateModel]) error {
	planned, active := call.Plan.expand(call.Diags), call.Plan.Active.ValueBool()
	if call.Diags.HasError() {
		return nil
	}
	created, err := call.Client.Certificates.Create(ctx, planned)
	if err != nil {
		return err
	}
	call.Plan.flatten(created)
	call.Plan.Active = types.BoolValue(false)
	if !active {
		return nil
	}
	call.Checkpoint(ctx, call.Plan)
	call.Plan.Active = types.BoolValue(true)
	return call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{created.ID}, true)
}

func readCertificate(ctx context.Context, call *lifecycle.Call[certificateModel]) error {
	found, err := call.Client.Certificates.Get(ctx, call.State.CertificateID.ValueString())
	if err != nil {
		return err
	}
	call.State.flatten(found)
	if call.State.Certificate.IsNull() { // imported
		if err := readContent(ctx, call.Client, call.State); err != nil {
			return err
		}
	}
	call.State.warn(call.Client.Now(), call.Diags)
	return nil
}

func readContent(ctx context.Context, client *adminapi.Client, m *certificateModel) error {
	content, err := client.Certificates.Content(ctx, m.ID.ValueString())
	if err == nil {
		m.Certificate = types.StringValue(content)
	}
	return err
}

// expirySoon is how long before its expiry a certificate is warned of.
const expirySoon = 30 * 24 * time.Hour

// warn warns of a certificate that has expired or will expire soon.
func (m *certificateModel) warn(now time.Time, diags *diag.Diagnostics) {
	expiry := time.Unix(m.ExpiresAt.ValueInt64(), 0).UTC()
	switch left := expiry.Sub(now); {
	case left <= 0:
		diags.AddWarning("Certificate has expired", fmt.Sprintf("The %s expired on %s.", m.label(), expiry.Format(time.DateOnly)))
	case left < expirySoon:
		diags.AddWarning("Certificate expires soon", fmt.Sprintf("The %s expires on %s. Upload and activate the next certificate before then.", m.label(), expiry.Format(time.DateOnly)))
	}
}

func updateCertificate(ctx context.Context, call *lifecycle.Call[certificateModel]) error {
	id := call.State.ID.ValueString()
	if !call.Plan.Name.Equal(call.State.Name) {
		renamed, err := call.Client.Certificates.Rename(ctx, id, call.Plan.Name.ValueString())
		if err != nil {
			return err
		}
		call.Plan.Name = types.StringPointerValue(renamed.Name)
	}
	if call.Plan.Active.Equal(call.State.Active) {
		return nil
	}
	return call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, call.Plan.Active.ValueBool())
}

func deleteCertificate(ctx context.Context, call *lifecycle.Call[certificateModel]) error {
	id := call.State.ID.ValueString()
	if call.State.Active.ValueBool() {
		err := call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, false)
		if err != nil && !adminapi.IsNotFound(err) {
			return err
		}
	}
	return call.Client.Certificates.Delete(ctx, id)
}

// certificateOrphans searches for certificates that are valid at the same time,
// with the same name where one is planned.
func certificateOrphans(_ context.Context, call *lifecycle.Call[certificateModel]) *lifecycle.OrphanSearch {
	if !call.Knows("certificate") {
		return nil
	}
	planned := call.Plan.expand(call.Diags)
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.Certificates.Orphans(ctx, planned)
		},
	}
}

func listCertificates(ctx context.Context, client *adminapi.Client) ([]adminapi.Certificate, error) {
	return client.Certificates.List(ctx, adminapi.WholeOrganization)
}

func listedCertificate(_ context.Context, c *adminapi.Certificate, _ *diag.Diagnostics) (string, *certificateModel) {
	var m certificateModel
	m.flatten(c)
	return cmp.Or(m.Name.ValueString(), c.ID), &m
}
