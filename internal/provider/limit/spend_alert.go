package limit

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The spend alerts of the organisation and of projects differ in what they
// belong to and in nothing else.

// spendAlertAttributes are the attributes of both.
func spendAlertAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := moneyAttributes("The month's spend that sends the alert,")
	attributes["notification_channel_recipients"] = schema.SetAttribute{
		MarkdownDescription: "E-mail addresses that are notified, at least one. Changed in place.",
		ElementType:         types.StringType,
		Required:            true,
		Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.Email())},
	}
	attributes["notification_channel_type"] = schema.StringAttribute{
		MarkdownDescription: "How the recipients are notified. Default and only value: `email`. Changed in place.",
		Optional:            true,
		Computed:            true,
		Default:             stringdefault.StaticString(channelEmail),
		Validators:          []validator.String{stringvalidator.OneOf(channelEmail)},
	}
	attributes["notification_channel_subject_prefix"] = schema.StringAttribute{
		MarkdownDescription: "Text before the subject of the e-mail, for example `[prod]`. Default: none. Changed in place.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	attributes["id"] = tfkit.ComputedString("Id of the alert (`alert_…`).")
	attributes["alert_id"] = tfkit.ComputedString("Id of the alert, the same as `id`.")
	attributes["acknowledge"] = tfkit.AcknowledgeAttribute(tfkit.AlertAboveLimit)
	maps.Copy(attributes, own)
	return attributes
}

// spendAlertElsewhere are the names of other providers.
var spendAlertElsewhere = map[string]string{
	"alert_id":                            "id",
	"notification_channel_type":           "notification_channel.type",
	"notification_channel_recipients":     "notification_channel.recipients",
	"notification_channel_subject_prefix": "notification_channel.subject_prefix",
}

func generatedSpendAlert() tfkit.GeneratedConfig {
	generated := generatedMoney()
	generated.Defaults["notification_channel_type"] = channelEmail
	return generated
}

type spendAlertModel struct {
	moneyModel
	tfkit.Acknowledged
	Recipients    types.Set    `tfsdk:"notification_channel_recipients"`
	ChannelType   types.String `tfsdk:"notification_channel_type"`
	SubjectPrefix types.String `tfsdk:"notification_channel_subject_prefix"`
	ID            types.String `tfsdk:"id"`
	AlertID       types.String `tfsdk:"alert_id"`
}

func (m *spendAlertModel) take(ctx context.Context, alert *adminapi.SpendAlert, diags *diag.Diagnostics) {
	m.moneyModel.take(alert.ThresholdAmount, alert.Currency, alert.Interval)
	recipients, problems := types.SetValueFrom(ctx, types.StringType, alert.Recipients)
	diags.Append(problems...)
	m.Recipients = recipients
	m.ChannelType = types.StringValue(alert.ChannelType)
	m.SubjectPrefix = types.StringPointerValue(alert.SubjectPrefix)
	if m.SubjectPrefix.ValueString() == "" {
		m.SubjectPrefix = types.StringNull() // some answers have an empty text for none
	}
	m.ID = types.StringValue(alert.ID)
	m.AlertID = m.ID
}

// wanted is the planned alert.
func (m *spendAlertModel) wanted(ctx context.Context, diags *diag.Diagnostics) adminapi.SpendAlert {
	alert := adminapi.SpendAlert{
		ID:              m.ID.ValueString(),
		ThresholdAmount: m.amountOf(diags),
		Currency:        m.Currency.ValueString(),
		Interval:        m.Interval.ValueString(),
		ChannelType:     m.ChannelType.ValueString(),
		SubjectPrefix:   m.SubjectPrefix.ValueStringPointer(),
	}
	diags.Append(m.Recipients.ElementsAs(ctx, &alert.Recipients, false)...)
	slices.Sort(alert.Recipients)
	return alert
}

// create creates the planned alert, and reports whether there is one. An alert
// that was created is kept also when a later step failed.
func (m *spendAlertModel) create(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) (ok bool) {
	wanted := m.wanted(ctx, diags)
	if diags.HasError() {
		return false
	}
	alert, err := client.SpendAlerts.Create(ctx, scope, wanted)
	if err != nil {
		tfkit.AddAPIError(diags, m.alertLabel(scope), err)
	}
	if alert != nil {
		m.take(ctx, alert, diags)
	}
	return alert != nil
}

func (m *spendAlertModel) get(ctx context.Context, client *adminapi.Client, scope string, private tfkit.PrivateReader, diags *diag.Diagnostics) (*adminapi.SpendAlert, error) {
	client.Expect(m.AlertID.ValueString(), tfkit.ReadCreated(ctx, private, diags))
	return client.SpendAlerts.Get(ctx, scope, m.AlertID.ValueString())
}

func (m *spendAlertModel) remove(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	if err := client.SpendAlerts.Delete(ctx, scope, m.AlertID.ValueString()); err != nil {
		tfkit.AddAPIError(diags, m.alertLabel(scope), err)
	}
}

// update replaces the alert by the planned one and takes the answer over.
func (m *spendAlertModel) update(ctx context.Context, client *adminapi.Client, scope string, diags *diag.Diagnostics) {
	wanted := m.wanted(ctx, diags)
	if diags.HasError() {
		return
	}
	alert, err := client.SpendAlerts.Update(ctx, scope, wanted)
	if err != nil {
		tfkit.AddAPIError(diags, m.alertLabel(scope), err)
	}
	if alert != nil {
		m.take(ctx, alert, diags)
	}
}

// alertLabel names the alert in diagnostics.
func (m *spendAlertModel) alertLabel(scope string) string {
	label := "spend alert"
	if id := m.ID.ValueString(); id != "" {
		label += " " + id
	}
	if !m.ThresholdAmount.IsNull() && !m.ThresholdAmount.IsUnknown() {
		label += " at " + m.label()
	}
	if scope == adminapi.WholeOrganization {
		return label + " of the organisation"
	}
	return label + " of project " + scope
}
