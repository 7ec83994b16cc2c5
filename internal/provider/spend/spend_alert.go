package spend

import (
	"context"
	"fmt"
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
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The spend alerts of the organization and of projects differ only in their
// scope.

// spendAlertAttributes are the attributes of both.
func spendAlertAttributes(own map[string]schema.Attribute) map[string]schema.Attribute {
	attributes := map[string]schema.Attribute{
		"threshold_amount": thresholdAmount("Monthly spend at which the alert is sent, in **cents**, at least 1. " +
			"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
		"threshold_usd": thresholdUSD("Monthly spend at which the alert is sent, in **US dollars**, at least 0.01, with two decimals at most. " +
			"Configure `threshold_amount` or `threshold_usd`; the provider computes the other. It accepts both if they are the same amount. Changed in place."),
		"currency": currency(),
		"interval": interval(),
		"notification_channel_recipients": schema.SetAttribute{
			MarkdownDescription: "E-mail addresses that are notified, at least one. Changed in place.",
			ElementType:         types.StringType,
			Required:            true,
			Validators:          []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(tfkit.Email())},
		},
		"notification_channel_type": schema.StringAttribute{
			MarkdownDescription: "How the recipients are notified. Default and only value: `email`. Changed in place.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(channelEmail),
			Validators:          []validator.String{stringvalidator.OneOf(channelEmail)},
		},
		"notification_channel_subject_prefix": schema.StringAttribute{
			MarkdownDescription: "Text before the subject of the e-mail, for example `[prod]`. Default: none. Changed in place.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		},
		"id":                tfkit.ComputedString("Id of the alert (`alert_…`)."),
		"alert_id":          tfkit.ComputedString("Id of the alert, the same as `id`."),
		"suppress_warnings": tfkit.SuppressWarningsAttribute(tfkit.AlertAboveLimit),
	}
	maps.Copy(attributes, own)
	return attributes
}

// foreignSpendAlert are the attribute names of other providers.
var foreignSpendAlert = map[string][]string{
	"alert_id":                            {"id"},
	"notification_channel_type":           {"notification_channel.type"},
	"notification_channel_recipients":     {"notification_channel.recipients"},
	"notification_channel_subject_prefix": {"notification_channel.subject_prefix"},
}

type spendAlertModel struct {
	moneyModel
	tfkit.SuppressedWarnings
	Recipients    types.Set    `tfsdk:"notification_channel_recipients"`
	ChannelType   types.String `tfsdk:"notification_channel_type"`
	SubjectPrefix types.String `tfsdk:"notification_channel_subject_prefix"`
	ID            types.String `tfsdk:"id"`
	AlertID       types.String `tfsdk:"alert_id"`
}

func (m *spendAlertModel) flatten(ctx context.Context, alert *adminapi.SpendAlert, diags *diag.Diagnostics) {
	m.moneyModel.flatten(alert.ThresholdAmount, alert.Currency, alert.Interval)
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

// expand returns the planned alert.
func (m *spendAlertModel) expand(ctx context.Context, diags *diag.Diagnostics) adminapi.SpendAlert {
	alert := adminapi.SpendAlert{
		ID:              m.ID.ValueString(),
		ThresholdAmount: m.toCents(diags),
		Currency:        m.Currency.ValueString(),
		Interval:        m.Interval.ValueString(),
		ChannelType:     m.ChannelType.ValueString(),
		SubjectPrefix:   m.SubjectPrefix.ValueStringPointer(),
	}
	diags.Append(m.Recipients.ElementsAs(ctx, &alert.Recipients, false)...)
	slices.Sort(alert.Recipients)
	return alert
}

// alertLabel names the alert of a scope in diagnostics.
func (m *spendAlertModel) alertLabel(scope string) string {
	label := "spend alert"
	if id := m.ID.ValueString(); id != "" {
		label += " " + id
	}
	if !m.ThresholdAmount.IsNull() && !m.ThresholdAmount.IsUnknown() {
		label += " at " + m.label()
	}
	return label + " of " + scopeLabel(scope)
}

// scopedAlert is scopedLimit for alerts.
type scopedAlert[M any] func(m M) (alert *spendAlertModel, scope string, known bool)

// spendAlert completes the definition of an alert.
func spendAlert[M any](core lifecycle.Core[M], of scopedAlert[M]) lifecycle.Object[M] {
	core.Generated = generatedMoney()
	core.Generated.Defaults["notification_channel_type"] = channelEmail
	core.Label = func(m M) string {
		alert, scope, _ := of(m)
		return alert.alertLabel(scope)
	}
	core.Plan = func(ctx context.Context, call *lifecycle.Call[M]) {
		if !call.HasPlan() {
			return
		}
		config, _, _ := of(call.Config)
		planned, _, _ := of(call.Plan)
		var prior *moneyModel
		if call.HasState() {
			state, _, _ := of(call.State)
			prior = &state.moneyModel
		}
		planMoney(&config.moneyModel, &planned.moneyModel, prior, call.Diags)
		if call.Client != nil && !call.Diags.HasError() {
			checkAlert(call, of)
		}
	}
	core.Read = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, scope, _ := of(call.State)
		alert, err := call.Client.SpendAlerts.Get(ctx, scope, state.AlertID.ValueString())
		if err == nil {
			state.flatten(ctx, alert, call.Diags)
		}
		return err
	}
	core.Delete = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, scope, _ := of(call.State)
		return call.Client.SpendAlerts.Delete(ctx, scope, state.AlertID.ValueString())
	}
	// write sends the planned alert and saves the answer, also that of a call of
	// which a later step failed.
	write := func(ctx context.Context, call *lifecycle.Call[M],
		send func(ctx context.Context, scope string, alert adminapi.SpendAlert) (*adminapi.SpendAlert, error),
	) error {
		planned, scope, _ := of(call.Plan)
		request := planned.expand(ctx, call.Diags)
		if call.Diags.HasError() {
			return nil
		}
		alert, err := send(ctx, scope, request)
		if alert != nil {
			planned.flatten(ctx, alert, call.Diags)
			call.Checkpoint(ctx, call.Plan)
		}
		return err
	}
	return lifecycle.Object[M]{
		Core: core,
		Create: func(ctx context.Context, call *lifecycle.Call[M]) error {
			return write(ctx, call, call.Client.SpendAlerts.Create)
		},
		Update: func(ctx context.Context, call *lifecycle.Call[M]) error {
			return write(ctx, call, call.Client.SpendAlerts.Update)
		},
		Orphans: func(ctx context.Context, call *lifecycle.Call[M]) *lifecycle.OrphanSearch {
			planned, scope, known := of(call.Plan)
			if !known || !call.Knows("threshold_amount", "currency", "interval", "notification_channel_recipients", "notification_channel_subject_prefix") {
				return nil
			}
			alert := planned.expand(ctx, call.Diags)
			search := &lifecycle.OrphanSearch{
				Object: planned.alertLabel(scope),
				Find:   func(ctx context.Context) ([]string, error) { return call.Client.SpendAlerts.Orphans(ctx, scope, alert) },
			}
			if scope != adminapi.WholeOrganization {
				return search.InProject(scope)
			}
			return search
		},
	}
}

// checkAlert warns of an alert that is not below the hard limit.
func checkAlert[M any](call *lifecycle.Call[M], of scopedAlert[M]) {
	planned, scope, known := of(call.Plan)
	if planned.ThresholdAmount.IsUnknown() || !known {
		return
	}
	alert := adminapi.PlannedAmount{Cents: planned.ThresholdAmount.ValueInt64(), Suppressed: !call.Warns(tfkit.AlertAboveLimit)}
	if limit, planned := call.Client.Advice.PlanAlert(scope, alert); planned {
		warnOfAlert(call, scope, alert, limit)
	}
}

// warnOfAlert is called for each pair of alert and limit, by the one that is
// planned later.
func warnOfAlert[M any](call *lifecycle.Call[M], scope string, alert, limit adminapi.PlannedAmount) {
	if alert.Cents < limit.Cents || alert.Suppressed || limit.Suppressed {
		return
	}
	call.Warn(tfkit.AlertAboveLimit, amountAt,
		fmt.Sprintf("The alert of %s is at %s, and the hard limit at %s: calls are refused before the alert is sent.", scopeLabel(scope), tfkit.USD(alert.Cents), tfkit.USD(limit.Cents)))
}
