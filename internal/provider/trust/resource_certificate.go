package trust

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

var (
	_ resource.ResourceWithConfigure    = (*certificateResource)(nil)
	_ resource.ResourceWithImportState  = (*certificateResource)(nil)
	_ resource.ResourceWithIdentity     = (*certificateResource)(nil)
	_ resource.ResourceWithUpgradeState = (*certificateResource)(nil)
	_ resource.ResourceWithMoveState    = (*certificateResource)(nil)
)

type certificateResource struct{ tfkit.Resource }

func newCertificateResource() resource.Resource { return &certificateResource{} }

func (r *certificateResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_certificate"
}

func (r *certificateResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = certificateSchema()
}

func certificateSchema() schema.Schema {
	return schema.Schema{
		Version: tfkit.SchemaVersion,
		MarkdownDescription: "A certificate for mutual TLS: the API accepts clients that present a certificate signed by it.\n\n" +
			"An uploaded certificate does nothing until it is active, for the whole organisation with `active`, or for single projects with `openai_project_certificates`. " +
			"Upload the next certificate beside the old one before that expires; from 30 days before, every plan warns. An organisation can have 50 certificates.\n\n" +
			"`terraform destroy` deactivates the certificate for the organisation and removes it. The API refuses to remove one that is still active for a project.",
		Attributes: map[string]schema.Attribute{
			"certificate": schema.StringAttribute{
				MarkdownDescription: "The certificate in PEM, without a private key. White space and comments around it make no difference. Changing the certificate replaces the resource.",
				Required:            true,
				Validators:          []validator.String{pemCertificate()},
				PlanModifiers: []planmodifier.String{
					tfkit.KeepSame("The same certificate in another layout is no change.", samePEM),
					stringplanmodifier.RequiresReplace(),
				},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the certificate. Changed in place. When removed from the configuration, the name stays as it is.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{tfkit.Name()},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"active": schema.BoolAttribute{
				MarkdownDescription: "Whether the certificate is active for the whole organisation. Default: a new certificate is not, and an existing one stays as it is. Changed in place.",
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

func (r *certificateResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"certificate_id": tfkit.IdentityAttribute("Id of the certificate."),
	}}
}

func (r *certificateResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return tfkit.UpgradeForeignState(certificateSchema())
}

func (r *certificateResource) MoveState(context.Context) []resource.StateMover {
	return tfkit.MoveForeignState(certificateSchema(), tfkit.AsOfficial("openai_certificate"))
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

// take copies what the API tells. It does not always tell whether the
// certificate is active.
func (m *certificateModel) take(c *adminapi.Certificate) {
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

func (m *certificateModel) identity() map[string]types.String {
	return map[string]types.String{"certificate_id": m.CertificateID}
}

// label names the certificate in diagnostics.
func (m *certificateModel) label() string {
	return fmt.Sprintf("certificate %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}

// wanted is the certificate to upload.
func (m *certificateModel) wanted(diags *diag.Diagnostics) adminapi.NewCertificate {
	parsed, err := parsePEM(m.Certificate.ValueString())
	if err != nil {
		// Unknown when it was validated.
		diags.AddAttributeError(path.Root("certificate"), "Invalid certificate", fmt.Sprintf("certificate %s.", err))
		return adminapi.NewCertificate{}
	}
	return adminapi.NewCertificate{
		PEM: m.Certificate.ValueString(), Name: m.Name.ValueStringPointer(),
		ValidAt: parsed.NotBefore.Unix(), ExpiresAt: parsed.NotAfter.Unix(),
	}
}

func (r *certificateResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan certificateModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if plan.Name.IsUnknown() {
		plan.Name = types.StringNull()
	}
	wanted, active := plan.wanted(&resp.Diagnostics), plan.Active.ValueBool()
	if resp.Diagnostics.HasError() {
		return
	}
	made, err := r.Client.Certificates.Create(ctx, wanted)
	if err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, fmt.Sprintf("certificate %q", plan.Name.ValueString()), err)
		return
	}
	plan.take(made)
	plan.Active = types.BoolValue(false)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
	if !active {
		return
	}
	if err := r.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{made.ID}, true); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, plan.label(), err)
		return
	}
	plan.Active = types.BoolValue(true)
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *certificateResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state certificateModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	found, err := r.get(ctx, &state)
	if tfkit.NothingRead(ctx, resp, state.identity(), state.label(), err) {
		return
	}
	state.take(found)
	if state.Certificate.IsNull() { // imported
		content, err := r.Client.Certificates.Content(ctx, found.ID)
		if err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
		state.Certificate = types.StringValue(content)
	}
	r.warn(&state, &resp.Diagnostics)
	tfkit.Save(ctx, &resp.State, resp.Identity, state, state.identity(), &resp.Diagnostics)
}

func (r *certificateResource) get(ctx context.Context, state *certificateModel) (*adminapi.Certificate, error) {
	r.Client.Expect(state.CertificateID.ValueString(), state.CreatedAt.ValueInt64())
	return r.Client.Certificates.Get(ctx, state.CertificateID.ValueString())
}

// expirySoon is how long before its expiry a certificate is warned of.
const expirySoon = 30 * 24 * time.Hour

func (r *certificateResource) warn(state *certificateModel, diags *diag.Diagnostics) {
	expiry := time.Unix(state.ExpiresAt.ValueInt64(), 0).UTC()
	switch left := expiry.Sub(r.Client.Now()); {
	case left <= 0:
		diags.AddWarning("A certificate has expired", fmt.Sprintf("The %s expired on %s.", state.label(), expiry.Format(time.DateOnly)))
	case left < expirySoon:
		diags.AddWarning("A certificate expires soon", fmt.Sprintf("The %s expires on %s. Upload the next one beside it before then.", state.label(), expiry.Format(time.DateOnly)))
	}
}

func (r *certificateResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state certificateModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if !plan.Name.Equal(state.Name) {
		if _, err := r.Client.Certificates.Rename(ctx, id, plan.Name.ValueString()); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
	}
	if !plan.Active.Equal(state.Active) {
		if err := r.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, plan.Active.ValueBool()); err != nil {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
	}
	tfkit.Save(ctx, &resp.State, resp.Identity, plan, plan.identity(), &resp.Diagnostics)
}

func (r *certificateResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state certificateModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := state.ID.ValueString()
	if state.Active.ValueBool() {
		err := r.Client.Certificates.Activate(ctx, adminapi.WholeOrganization, []string{id}, false)
		if err != nil && !adminapi.IsNotFound(err) {
			tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
			return
		}
	}
	if err := r.Client.Certificates.Delete(ctx, id); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, state.label(), err)
	}
}

func (r *certificateResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	tfkit.Import(ctx, req, resp, "certificate_id")
}
