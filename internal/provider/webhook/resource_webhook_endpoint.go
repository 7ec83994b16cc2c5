package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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

const (
	longestName = 256
	longestURL  = 2048
)

func endpoint() lifecycle.Object[*endpointModel] {
	return lifecycle.Object[*endpointModel]{
		Core: lifecycle.Core[*endpointModel]{
			Type:       "webhook_endpoint",
			Schema:     endpointSchema,
			ProjectKey: true,
			Identity:   []lifecycle.Identifier{{Name: "id", Description: "Id of the webhook endpoint."}},
			Paths: func(object lifecycle.Values) lifecycle.Paths {
				return lifecycle.Named(object.Path("/webhook_endpoints/{id}"))
			},
			Label:  (*endpointModel).label,
			Legacy: lifecycle.AsOfficial("openai_webhook_endpoint"),
			Imports: func(object string, diags *diag.Diagnostics) {
				diags.AddWarning("Webhook endpoint imported without its signing secret",
					"Object: "+object+"\n\nThe API returns a signing secret once, when it creates or rotates it. signing_secret and sealed_signing_secret stay null, and secret_available is false, until the secret is rotated. To rotate it, change rotation_triggers when they are in state.")
			},
			Validate: validateRotation,
			Plan:     planEndpoint,
			Read:     readEndpoint,
			Complete: decideRotation,
			Delete: func(ctx context.Context, call *lifecycle.Call[*endpointModel]) error {
				return call.Client.WebhookEndpoints.Delete(ctx, call.State.ID.ValueString())
			},
			List: lifecycle.ListProjectOfKey("The webhook endpoints of the project of `api_key` in the provider block. The API does not return signing secrets.",
				"the webhook endpoints", listEndpoints,
				func(_ context.Context, m *endpointModel, _ *diag.Diagnostics) (string, *endpointModel) {
					return m.Name.ValueString(), m
				}),
		},
		Create:  createEndpoint,
		Update:  updateEndpoint,
		Orphans: orphanEndpoints,
	}
}

func endpointSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "A webhook endpoint of a project: an HTTPS URL to which OpenAI sends events. " + keyNote + "\n\n" +
			"Use one provider block with an `alias` and `api_key` for each project. The resource has no `api_key` of its own: a refresh and a destroy do not see write-only arguments, so they could not authenticate.\n\n" +
			"The API returns the signing secret once, when it creates or rotates it. The state holds the secret, encrypted when `age_recipients` is set.\n\n" +
			"~> **Without `age_recipients` the signing secret is in the Terraform state**, in plain text. Protect the state, or encrypt it.\n\n" +
			"With `rotation`, an apply rotates the secret in place. The API can keep the previous secret valid for 24 hours, so that receivers can change to the new one.\n\n" +
			"If the response to a rotation is lost, the new secret is lost, too. The error says so, and the next apply rotates the secret again.",
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Name of the endpoint, from 1 to 256 characters. Changed in place.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.UTF8LengthAtMost(longestName)},
				PlanModifiers:       []planmodifier.String{tfkit.NewName()},
			},
			"url": schema.StringAttribute{
				MarkdownDescription: "HTTPS URL that receives the events, at most 2048 characters. Changed in place.",
				Required:            true,
				Sensitive:           true,
				Validators:          []validator.String{tfkit.Rule("an HTTPS URL", urlProblem)},
			},
			"event_types": schema.SetAttribute{
				MarkdownDescription: "Types of the events that are sent, at least one. Known types: `" + strings.Join(adminapi.WebhookEventTypes, "`, `") + "`. The plan warns about other types, and sends them as they are. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.OpenEnum(adminapi.WebhookEventTypes...))},
			},
			"id":                  tfkit.ComputedString("Id of the webhook endpoint (`whe_…`)."),
			"object":              tfkit.ComputedString("Type of the object in the API, always `webhook_endpoint`."),
			"created_at":          tfkit.ComputedInt64("When the endpoint was created, in Unix seconds."),
			"updated_at":          tfkit.ComputedInt64("When the settings or the signing secret were last changed, in Unix seconds; null when the API does not return it."),
			"signing_secret_hint": tfkit.ComputedString("Part of the current signing secret, as the API shows it."),
			"signing_secret": schema.StringAttribute{
				MarkdownDescription: "The signing secret, with which a receiver verifies events. Null with `age_recipients`, and after an import.",
				Computed:            true,
				Sensitive:           true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"age_recipients":        tfkit.AgeRecipients("signing_secret", "sealed_signing_secret", "Changing it rotates the secret, because the API returns a secret only once and the provider cannot encrypt it again."),
			"sealed_signing_secret": tfkit.SealedSecret(),
			"secret_available": schema.BoolAttribute{
				MarkdownDescription: "Whether `signing_secret` or `sealed_signing_secret` has the current secret. False after an import, and when `signing_secret_hint` changes outside Terraform, which shows that another client rotated the secret; a rotation makes it true.",
				Computed:            true,
				PlanModifiers:       []planmodifier.Bool{boolplanmodifier.UseStateForUnknown()},
			},
			"secret_version": tfkit.ComputedInt64("Version of the secret; changes with every new secret that Terraform receives. Use it as the `*_wo_version` argument of a resource that receives the secret. " +
				"A creation or import sets it to the time of creation in Unix seconds. A rotation adds 1, so the plan shows the new version."),
			"secret_created_at": tfkit.ComputedInt64("When Terraform created or last rotated the secret, in Unix seconds; after an import, when the endpoint was created."),
			"rotation": tfkit.RotationAttribute(
				"Rotation schedule. Default: the secret is rotated only when `rotation_triggers` or `age_recipients` change. Changed in place. If a new `after` is shorter than the age of the secret, one apply stores it and the next apply rotates the secret.",
				"Age of the secret at which the rotation is due, as a duration such as `90d`. Must be at least `24h`, unless `overlap` is `0s`. The first plan after that shows the rotation. Default: no rotation by age.",
				"Time for which the previous secret stays valid after a rotation: `24h` or `0s`, the only times that the API has. Default: `24h`.",
				tfkit.Rule("24h or 0s", overlapProblem)),
			"rotation_triggers":          tfkit.RotationTriggers("an imported endpoint", "secret"),
			"rotation_due":               tfkit.RotationDue("Whether a rotation was due at the last refresh, because the secret had reached `rotate_at`. The next apply rotates the secret."),
			"rotate_at":                  tfkit.ComputedInt64("When the rotation is due, in Unix seconds; null without `rotation.after`."),
			"previous_secret_expires_at": tfkit.ComputedInt64("When the previous secret expires or expired, in Unix seconds; null before the first rotation, and after a rotation without overlap."),
		},
	}
}

// urlProblem says why the API refuses a URL. It does not show it: a URL may hold
// a token.
func urlProblem(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "":
		return "must be an HTTPS URL such as https://example.com/openai"
	case len(value) > longestURL:
		return fmt.Sprintf("must have at most %d characters, got %d", longestURL, len(value))
	default:
		return ""
	}
}

type endpointModel struct {
	ID                      types.String `tfsdk:"id"`
	Object                  types.String `tfsdk:"object"`
	Name                    types.String `tfsdk:"name"`
	URL                     types.String `tfsdk:"url"`
	EventTypes              types.Set    `tfsdk:"event_types"`
	CreatedAt               types.Int64  `tfsdk:"created_at"`
	UpdatedAt               types.Int64  `tfsdk:"updated_at"`
	SigningSecretHint       types.String `tfsdk:"signing_secret_hint"`
	SigningSecret           types.String `tfsdk:"signing_secret"`
	AgeRecipients           types.Set    `tfsdk:"age_recipients"`
	SealedSigningSecret     types.String `tfsdk:"sealed_signing_secret"`
	SecretAvailable         types.Bool   `tfsdk:"secret_available"`
	SecretVersion           types.Int64  `tfsdk:"secret_version"`
	SecretCreatedAt         types.Int64  `tfsdk:"secret_created_at"`
	Rotation                types.Object `tfsdk:"rotation"`
	RotationTriggers        types.Map    `tfsdk:"rotation_triggers"`
	RotationDue             types.Bool   `tfsdk:"rotation_due"`
	RotateAt                types.Int64  `tfsdk:"rotate_at"`
	PreviousSecretExpiresAt types.Int64  `tfsdk:"previous_secret_expires_at"`
}

// label names the endpoint in diagnostics, without its URL.
func (m *endpointModel) label() string {
	return lifecycle.Label("webhook endpoint", m.Name.ValueString(), m.ID.ValueString())
}

// fromAPI copies the fields of an endpoint, which has no secret.
func (m *endpointModel) fromAPI(ctx context.Context, e *adminapi.WebhookEndpoint, diags *diag.Diagnostics) {
	m.ID = types.StringValue(e.ID)
	m.Object = types.StringValue(e.Object)
	m.Name = types.StringValue(e.Name)
	m.URL = types.StringValue(e.URL)
	m.EventTypes = tfkit.StringSet(ctx, e.EventTypes, diags)
	m.CreatedAt = types.Int64Value(e.CreatedAt)
	m.UpdatedAt = types.Int64PointerValue(e.UpdatedAt)
	m.SigningSecretHint = types.StringValue(e.SecretHint)
	if m.SecretVersion.IsNull() || m.SecretVersion.IsUnknown() {
		m.SecretVersion = m.CreatedAt // a rotation has planned it
	}
	if m.SecretCreatedAt.IsNull() || m.SecretCreatedAt.IsUnknown() {
		m.SecretCreatedAt = m.CreatedAt
	}
}

// settings are the attributes that are sent to the API.
func (m *endpointModel) settings(ctx context.Context, diags *diag.Diagnostics) adminapi.WebhookEndpoint {
	return adminapi.WebhookEndpoint{Name: m.Name.ValueString(), URL: m.URL.ValueString(), EventTypes: tfkit.Strings(ctx, m.EventTypes, diags)}
}

// hasSecret reports whether the state has a secret, be it the current one or not.
func (m *endpointModel) hasSecret() bool {
	return !m.SigningSecret.IsNull() || !m.SealedSigningSecret.IsNull()
}

func createEndpoint(ctx context.Context, call *lifecycle.Call[*endpointModel]) error {
	plan := call.Plan
	sealer := tfkit.NewSealer(ctx, plan.AgeRecipients, call.Diags)
	want, rotation := plan.settings(ctx, call.Diags), plan.rotation(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	made, err := call.Client.WebhookEndpoints.Create(ctx, want)
	if err != nil {
		return err
	}
	plan.SigningSecret, plan.SealedSigningSecret, err = tfkit.StoreSecret(sealer, made.Secret.Reveal())
	if err != nil {
		tfkit.AddNotSealed(call.Diags, plan.label(), "The endpoint is deleted again.", err, call.Client.WebhookEndpoints.Delete(ctx, made.ID))
		return nil
	}
	plan.fromAPI(ctx, &made.WebhookEndpoint, call.Diags)
	plan.RotateAt = rotation.RotateAt(plan.SecretCreatedAt)
	return nil
}

func readEndpoint(ctx context.Context, call *lifecycle.Call[*endpointModel]) error {
	state := call.State
	e, err := call.Client.WebhookEndpoints.Get(ctx, state.ID.ValueString())
	if err != nil {
		return err
	}
	before := *state
	state.fromAPI(ctx, e, call.Diags)
	switch {
	case before.SecretAvailable.IsNull(): // imported, or written by another provider
		state.SecretAvailable = types.BoolValue(state.hasSecret())
	case before.SigningSecretHint.Equal(state.SigningSecretHint):
	case !state.UpdatedAt.IsNull() && state.UpdatedAt.ValueInt64() < before.UpdatedAt.ValueInt64():
		// An answer from before the last rotation: the API may not show it at once.
		state.UpdatedAt, state.SigningSecretHint = before.UpdatedAt, before.SigningSecretHint
	case before.SecretAvailable.ValueBool():
		state.SecretAvailable = types.BoolValue(false)
		call.Diags.AddWarning("Signing secret was rotated outside Terraform", fmt.Sprintf(
			"The hint of the signing secret of the %s changed from %s to %s, so the secret in state is not the current one. It is kept. "+
				"If a rotation by Terraform had no usable response, the next apply rotates the secret again. Otherwise, to have the current secret in state, change rotation_triggers.",
			state.label(), before.SigningSecretHint.ValueString(), state.SigningSecretHint.ValueString()))
	}
	return nil
}

// updateEndpoint changes the settings first, so that an error of the rotation
// leaves nothing to be done but that.
func updateEndpoint(ctx context.Context, call *lifecycle.Call[*endpointModel]) error {
	plan, state := call.Plan, call.State
	rotates := !plan.SecretVersion.Equal(state.SecretVersion)
	if plan.changesSettings(state) {
		want := plan.settings(ctx, call.Diags)
		if call.Diags.HasError() {
			return nil
		}
		e, err := call.Client.WebhookEndpoints.Update(ctx, state.ID.ValueString(), want)
		if err != nil {
			return err
		}
		if !rotates {
			plan.fromAPI(ctx, e, call.Diags)
			return nil
		}
		changed := *state
		changed.fromAPI(ctx, e, call.Diags)
		call.Checkpoint(ctx, &changed)
	}
	if rotates {
		rotate(ctx, call)
	}
	return nil
}

// changesSettings reports whether a plan changes what the API stores.
func (m *endpointModel) changesSettings(state *endpointModel) bool {
	return !m.Name.Equal(state.Name) || !m.URL.Equal(state.URL) || !m.EventTypes.Equal(state.EventTypes)
}

func listEndpoints(ctx context.Context, client *adminapi.Client) ([]endpointModel, error) {
	endpoints, err := client.WebhookEndpoints.List(ctx)
	var models []endpointModel
	for i := range endpoints {
		m := endpointModel{
			AgeRecipients: types.SetNull(types.StringType), SecretAvailable: types.BoolValue(false),
			Rotation: types.ObjectNull(tfkit.RotationType), RotationTriggers: types.MapNull(types.StringType), RotationDue: types.BoolValue(false),
		}
		var diags diag.Diagnostics
		if m.fromAPI(ctx, &endpoints[i], &diags); diags.HasError() {
			return nil, errors.New(diags[0].Detail())
		}
		models = append(models, m)
	}
	return models, err
}

// orphanEndpoints finds endpoints with the same name and URL. A signing secret
// that was lost can be replaced after an import, so an orphan can be adopted.
func orphanEndpoints(ctx context.Context, call *lifecycle.Call[*endpointModel]) *lifecycle.OrphanSearch {
	if !call.Knows("name", "url", "event_types") {
		return nil
	}
	planned := call.Plan.settings(ctx, call.Diags)
	return &lifecycle.OrphanSearch{
		Object: call.Plan.label(),
		Find: func(ctx context.Context) ([]string, error) {
			return call.Client.WebhookEndpoints.Orphans(ctx, planned)
		},
	}
}
