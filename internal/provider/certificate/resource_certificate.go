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

func certificate() lifecycle.Object[*certificateModel] {
	return lifecycle.Object[*certificateModel]{
		Core: lifecycle.Core[*certificateModel]{
			Type:     "certificate",
			Schema:   certificateSchema,
			Identity: []lifecycle.Identifier{{Name: "certificate_id", Description: "Id of the certificate."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/organization/certificates/{certificate_id}"))
			},
			Label:  (*certificateModel).label,
			Legacy: lifecycle.AsOfficial("openai_certificate"),
			Plan:   planCertificate,
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
			"`terraform destroy` deactivates the certificate for the organization and removes it. The API refuses to remove one that is still active for a project.\n\n" +
			"A certificate can have a filter (a CEL expression) that is set in the organization's settings and has no API. A replacement of the certificate loses the filter.",
		Attributes: map[string]schema.Attribute{
			"certificate": schema.StringAttribute{
				MarkdownDescription: "The certificate in PEM, without a private key: exactly one, valid for more than one day. Sensitive, as in the official provider: plans hide it, and `-generate-config-out` leaves it out, while `openai-admin export` writes it. White space and comments are not significant. Changing the certificate replaces the resource.",
				Sensitive:           true,
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
				MarkdownDescription: "Whether the certificate is active for the whole organization. Once one is, the API refuses all calls without a client certificate, also those of this provider. Default: `false` for a new certificate; an existing one does not change. Changed in place.",
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

func createCertificate(ctx context.Context, call *lifecycle.Call[*certificateModel]) error {
	planned, active := call.Plan.expand(call.Diags), call.Plan.Active.ValueBool()
	if call.Diags.HasError() {
		return nil
	}
	created, err := call.Client.Certificates.Create(ctx, planned)
	if err != nil {
		return advise(err, path.Root("certificate"))
	}
	call.Plan.flatten(created)
	call.Plan.Active = types.BoolValue(false)
	if !active {
		return nil
	}
	call.Checkpoint(ctx, call.Plan)
	call.Plan.Active = types.BoolValue(true)
	return advise(call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{created.ID}, true), path.Root("active"))
}

// planCertificate refuses a certificate that expires too soon, and warns of the
// effects of an activation and a replacement.
func planCertificate(_ context.Context, call *lifecycle.Call[*certificateModel]) {
	if !call.HasPlan() || call.Client == nil || call.Plan.Certificate.IsUnknown() {
		return
	}
	uploads := !call.HasState() || !samePEM(call.Plan.Certificate.ValueString(), call.State.Certificate.ValueString())
	if parsed, err := parsePEM(call.Plan.Certificate.ValueString()); err == nil && uploads && parsed.NotAfter.Sub(call.Client.Now()) <= shortestValidity {
		call.Diags.AddAttributeError(path.Root("certificate"), "Certificate expires too soon", fmt.Sprintf(
			"The certificate expires on %s. The API accepts certificates that are valid for more than one day.", parsed.NotAfter.UTC().Format(time.RFC3339)))
		return
	}
	if call.HasState() && uploads {
		call.Diags.AddAttributeWarning(path.Root("certificate"), "Filter of the certificate is lost", fmt.Sprintf(
			"The %s is replaced. If it has a filter (a CEL expression) in the organization's settings, set the filter for the new certificate, too: the API cannot read or write it.", call.State.label()))
	}
	if call.Plan.Active.ValueBool() && (!call.HasState() || !call.State.Active.ValueBool()) {
		call.Diags.AddAttributeWarning(path.Root("active"), "Calls need a client certificate",
			"Once a certificate is active for the whole organization, the API refuses calls without a client certificate (certificate_required), also those of this provider. "+
				"Set base_url to a proxy that presents a certificate, or activate the certificate only for projects with openai_project_certificates.")
	}
}

// shortestValidity is how long a certificate must be valid.
const shortestValidity = 24 * time.Hour

// codeSteps are the next steps for the errors of certificates, by code.
var codeSteps = map[string]string{
	"mtls_certificate_invalid": "Configure exactly one X.509 certificate in PEM, without a private key.",
	"expired_certificate":      "Configure a certificate that is valid for more than one day.",
	"mtls_cel_policy_invalid":  "The filter (CEL expression) of the certificate is not valid. Correct it in the organization's settings: it has no API.",
	"certificate_in_use":       "Deactivate the certificate for the organization and for all projects first, with active = false and with openai_project_certificates.",
}

// advise adds the next step to an error of certificates.
func advise(err error, at path.Path) error {
	for code, step := range codeSteps {
		if adminapi.HasCode(err, code) {
			return tfkit.Advise(err, at, step)
		}
	}
	return err
}

func readCertificate(ctx context.Context, call *lifecycle.Call[*certificateModel]) error {
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

func updateCertificate(ctx context.Context, call *lifecycle.Call[*certificateModel]) error {
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
	return advise(call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, call.Plan.Active.ValueBool()), path.Root("active"))
}

func deleteCertificate(ctx context.Context, call *lifecycle.Call[*certificateModel]) error {
	id := call.State.ID.ValueString()
	if call.State.Active.ValueBool() {
		err := call.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, false)
		if err != nil && !adminapi.IsNotFound(err) {
			return err
		}
	}
	return advise(call.Client.Certificates.Delete(ctx, id), path.Root("certificate"))
}

// certificateOrphans searches for certificates that are valid at the same time,
// with the same name where one is planned.
func certificateOrphans(_ context.Context, call *lifecycle.Call[*certificateModel]) *lifecycle.OrphanSearch {
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
