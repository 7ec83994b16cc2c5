package spend

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The hard limits of the organization and of projects differ only in their
// scope.

// limitChecks are the warnings that plans of both give.
var limitChecks = []string{tfkit.LimitBelowSpend, tfkit.LimitRaisedTenfold, tfkit.AlertAboveLimit, tfkit.ProjectWithoutLimit}

type spendLimitModel struct {
	moneyModel
	EnforcementStatus types.String `tfsdk:"enforcement_status"`
	Object            types.String `tfsdk:"object"`
}

// flatten copies a limit of a scope into the model.
func (m *spendLimitModel) flatten(scope string, limit *adminapi.SpendLimit) {
	m.moneyModel.flatten(limit.ThresholdAmount, limit.Currency, limit.Interval)
	m.EnforcementStatus = types.StringValue(limit.EnforcementStatus)
	m.Object = types.StringValue("project.spend_limit")
	if scope == adminapi.WholeOrganization {
		m.Object = types.StringValue("organization.spend_limit")
	}
}

// limitLabel names the limit of a scope in diagnostics.
func limitLabel(scope string) string { return "spend limit of " + scopeLabel(scope) }

// scopedLimit returns the limit in a model, and its scope: a project, or
// WholeOrganization. The scope is not known while the project is not.
type scopedLimit[M any] func(m M) (limit *spendLimitModel, scope string, known bool)

// spendLimit completes the definition of a limit.
func spendLimit[M any](core lifecycle.Core[M], of scopedLimit[M]) lifecycle.Setting[M] {
	core.Generated = generatedMoney()
	core.Label = func(m M) string {
		limit, scope, _ := of(m)
		return limitLabel(scope) + limit.labelSuffix()
	}
	core.Plan = func(ctx context.Context, call *lifecycle.Call[M]) {
		if call.HasPlan() {
			config, _, _ := of(call.Config)
			planned, _, _ := of(call.Plan)
			var prior *moneyModel
			if call.HasState() {
				state, _, _ := of(call.State)
				prior = &state.moneyModel
			}
			planMoney(&config.moneyModel, &planned.moneyModel, prior, call.Diags)
		}
		if call.Client != nil && !call.Diags.HasError() {
			checkLimit(ctx, call, of)
		}
	}
	core.Read = func(ctx context.Context, call *lifecycle.Call[M]) error {
		state, scope, _ := of(call.State)
		limit, err := call.Client.SpendLimits.Get(ctx, scope)
		if err == nil {
			state.flatten(scope, limit)
		}
		return err
	}
	core.Delete = func(ctx context.Context, call *lifecycle.Call[M]) error {
		_, scope, _ := of(call.State)
		return call.Client.SpendLimits.Delete(ctx, scope)
	}
	return lifecycle.Setting[M]{
		Core: core,
		Write: func(ctx context.Context, call *lifecycle.Call[M]) error {
			planned, scope, _ := of(call.Plan)
			amount := planned.toCents(call.Diags)
			if call.Diags.HasError() {
				return nil
			}
			limit, err := call.Client.SpendLimits.Set(ctx, scope, adminapi.SpendLimit{
				ThresholdAmount: amount, Currency: planned.Currency.ValueString(), Interval: planned.Interval.ValueString(),
			})
			if err == nil {
				planned.flatten(scope, limit)
			}
			return err
		},
		Existing: func(ctx context.Context, call *lifecycle.Call[M]) (lifecycle.Found, error) {
			planned, scope, known := of(call.Plan)
			if !known {
				return lifecycle.Found{}, nil
			}
			return existingLimit(ctx, call.Client, scope, &planned.moneyModel)
		},
	}
}

// existingLimit reads the limit that a create would overwrite.
func existingLimit(ctx context.Context, client *adminapi.Client, scope string, planned *moneyModel) (lifecycle.Found, error) {
	limit, err := client.SpendLimits.Existing(ctx, scope)
	if err != nil || limit == nil {
		return lifecycle.Found{}, err
	}
	amount := types.StringValue("an amount known after apply")
	if !planned.ThresholdAmount.IsUnknown() {
		amount = types.StringValue(money(planned.ThresholdAmount.ValueInt64()))
	}
	found := lifecycle.Found{Object: limitLabel(scope), ID: []string{scope}, Destroy: "Destroying the resource removes the limit."}
	if scope == adminapi.WholeOrganization {
		found.ID = []string{organizationSingleton}
	}
	found.Changes = append(found.Changes, lifecycle.Difference("", types.StringValue(money(limit.ThresholdAmount)), amount)...)
	found.Changes = append(found.Changes, lifecycle.Difference("currency", types.StringValue(limit.Currency), planned.Currency)...)
	found.Changes = append(found.Changes, lifecycle.Difference("interval", types.StringValue(limit.Interval), planned.Interval)...)
	return found, nil
}

// checkLimit warns of a limit that refuses calls at once, that is raised more
// than tenfold, that is removed, or that an alert lies above.
func checkLimit[M any](ctx context.Context, call *lifecycle.Call[M], of scopedLimit[M]) {
	if !call.HasPlan() {
		state, scope, _ := of(call.State)
		amount := state.ThresholdAmount.ValueInt64()
		if scope != adminapi.WholeOrganization && call.Warns(tfkit.ProjectWithoutLimit) && call.Client.Advice.RemoveLimit(scope, amount) {
			tfkit.WarnOfRemovedLimit(call.Diags, path.Root("project_id"), scope, amount)
		}
		return
	}
	plan, scope, known := of(call.Plan)
	if call.HasState() && known {
		if _, before, _ := of(call.State); before != scope {
			// The replacement moves the limit to another project.
			call.Client.Advice.KeepProject(before)
		}
	}
	if plan.ThresholdAmount.IsUnknown() || !known {
		return
	}
	planned, previous := plan.ThresholdAmount.ValueInt64(), int64(0)
	if call.HasState() {
		state, _, _ := of(call.State)
		previous = state.ThresholdAmount.ValueInt64()
	} else if existing, err := call.Client.SpendLimits.Existing(ctx, scope); err == nil && existing != nil {
		previous = existing.ThresholdAmount // a create overwrites it
	}
	limit := adminapi.PlannedAmount{Cents: planned, Suppressed: !call.Warns(tfkit.AlertAboveLimit)}
	for _, alert := range call.Client.Advice.PlanLimit(scope, limit) {
		warnOfAlert(call, scope, alert, limit)
	}
	if planned == previous {
		return
	}
	if previous > 0 && planned > 10*previous && call.Warns(tfkit.LimitRaisedTenfold) {
		call.Warn(tfkit.LimitRaisedTenfold, amountAt,
			fmt.Sprintf("The hard limit of %s changes from %s to %s a month. A leaked key or a faulty program can spend that much before calls are refused.", scopeLabel(scope), tfkit.USD(previous), tfkit.USD(planned)))
	}
	if call.Warns(tfkit.LimitBelowSpend) {
		warnOfSpend(ctx, call, scope, planned)
	}
}

func warnOfSpend[M any](ctx context.Context, call *lifecycle.Call[M], scope string, planned int64) {
	spend := call.Client.Advice.Spend(ctx)
	if spend == nil {
		return
	}
	spent := spend.Month[scope]
	if spent.Shift(2).GreaterThanOrEqual(decimal.NewFromInt(planned)) {
		call.Warn(tfkit.LimitBelowSpend, amountAt,
			fmt.Sprintf("The spend of %s this month is %s USD, and the hard limit will be %s. Calls are refused as soon as it is applied, until the month ends.", scopeLabel(scope), spent.StringFixed(2), tfkit.USD(planned)))
	}
}
