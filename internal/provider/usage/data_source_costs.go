package usage

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/shopspring/decimal"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// keyCostsSince is 6 December 2025, from which on the API groups costs by key.
const keyCostsSince = 1764979200

var costGroups = []string{"project_id", "user_id", "api_key_id", "line_item", "api_source"}

func costsData() lifecycle.DataSource[*costsModel] {
	return lifecycle.DataSource[*costsModel]{
		Type:     "costs",
		Schema:   costsSchema(),
		Validate: validateCosts,
		Label:    lifecycle.Static[*costsModel]("the costs of the organization"),
		Read:     readCosts,
	}
}

func costsSchema() schema.Schema {
	attributes := windowAttributes()
	groups := filter("Fields that group the results of a bucket: `" + strings.Join(costGroups, "`, `") + "`. Default: one result for all. The API groups by `api_key_id` only from 2025-12-06 on.")
	groups.Validators = []validator.Set{setvalidator.ValueStringsAre(stringvalidator.OneOf(costGroups...))}
	maps.Copy(attributes, map[string]schema.Attribute{
		"bucket_width": schema.StringAttribute{
			MarkdownDescription: "Length of a bucket. Default and only value: `1d`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf(defaultWidth)},
		},
		"group_by":    groups,
		"project_ids": filter("Only costs of these projects."),
		"api_key_ids": filter("Only costs of these keys."),
		"line_items":  filter("Only costs with exactly these line items."),
		"buckets": schema.ListNestedAttribute{
			MarkdownDescription: "Costs of each day, in order of time. All pages are read.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"start_time": schema.StringAttribute{Computed: true, MarkdownDescription: "Start of the bucket, inclusive, as an RFC 3339 time."},
				"end_time":   schema.StringAttribute{Computed: true, MarkdownDescription: "End of the bucket, exclusive, as an RFC 3339 time."},
				"results": schema.ListNestedAttribute{
					MarkdownDescription: "Costs of each group; empty when there were none.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: costFields()},
				},
			}},
		},
		"total_usd": schema.NumberAttribute{Computed: true, MarkdownDescription: "Sum of all costs, in US dollars, with all digits that the API returns."},
	})
	return schema.Schema{
		MarkdownDescription: "Costs of the organization by project, line item, key and more, in US dollars, for each day.\n\n" +
			"Costs of the last hours may be incomplete.",
		Attributes: attributes,
	}
}

func costFields() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"amount_value":    schema.NumberAttribute{Computed: true, MarkdownDescription: "Costs in units of `amount_currency`, with all digits that the API returns."},
		"amount_currency": schema.StringAttribute{Computed: true, MarkdownDescription: "Currency of the amount: `usd`."},
		"line_item":       schema.StringAttribute{Computed: true, MarkdownDescription: "Line item of the costs; null unless grouped by it."},
		"project_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Project that caused the costs; null unless grouped by it."},
		"user_id":         schema.StringAttribute{Computed: true, MarkdownDescription: "User who caused the costs; null unless grouped by it."},
		"api_key_id":      schema.StringAttribute{Computed: true, MarkdownDescription: "Key that caused the costs; null unless grouped by it."},
		"api_source":      schema.StringAttribute{Computed: true, MarkdownDescription: "Source of the requests; null unless grouped by it."},
		"quantity":        schema.NumberAttribute{Computed: true, MarkdownDescription: "Quantity in units of `quantity_unit`; null where the API returns none."},
		"quantity_unit":   schema.StringAttribute{Computed: true, MarkdownDescription: "Unit of the quantity, for example `tokens`; null where the API returns none."},
	}
}

type costsModel struct {
	windowModel
	GroupBy    types.Set         `tfsdk:"group_by"`
	ProjectIDs types.Set         `tfsdk:"project_ids"`
	APIKeyIDs  types.Set         `tfsdk:"api_key_ids"`
	LineItems  types.Set         `tfsdk:"line_items"`
	Buckets    []costBucketModel `tfsdk:"buckets"`
	TotalUSD   types.Number      `tfsdk:"total_usd"`
}

type costBucketModel struct {
	StartTime types.String `tfsdk:"start_time"`
	EndTime   types.String `tfsdk:"end_time"`
	Results   []costModel  `tfsdk:"results"`
}

type costModel struct {
	AmountValue    types.Number `tfsdk:"amount_value"`
	AmountCurrency types.String `tfsdk:"amount_currency"`
	LineItem       types.String `tfsdk:"line_item"`
	ProjectID      types.String `tfsdk:"project_id"`
	UserID         types.String `tfsdk:"user_id"`
	APIKeyID       types.String `tfsdk:"api_key_id"`
	APISource      types.String `tfsdk:"api_source"`
	Quantity       types.Number `tfsdk:"quantity"`
	QuantityUnit   types.String `tfsdk:"quantity_unit"`
}

func validateCosts(call *lifecycle.DataCall[*costsModel]) {
	call.Data.validate(call.Diags)
	groups := groupsOf(call.Data.GroupBy)
	if slices.Contains(groups, "user_id") && (slices.Contains(groups, "project_id") || !call.Data.ProjectIDs.IsNull()) {
		call.Diags.AddAttributeWarning(path.Root("group_by"), "Grouping may be refused",
			"The API does not group costs by user_id together with project_id or project_ids for every organization and time range.")
	}
}

func readCosts(ctx context.Context, call *lifecycle.DataCall[*costsModel]) error {
	d := call.Data
	query := adminapi.UsageQuery{BucketWidth: defaultWidth, GroupBy: groupsOf(d.GroupBy), Filters: map[string][]string{
		"project_ids": tfkit.Strings(ctx, d.ProjectIDs, call.Diags),
		"api_key_ids": tfkit.Strings(ctx, d.APIKeyIDs, call.Diags),
		"line_items":  tfkit.Strings(ctx, d.LineItems, call.Diags),
	}}
	query.StartTime, query.EndTime = d.span(call.Client.Now(), call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	buckets, err := call.Client.Usage.Costs(ctx, query)
	if adminapi.IsRefused(err) && slices.Contains(query.GroupBy, "api_key_id") && query.StartTime < keyCostsSince {
		return tfkit.Advise(err, path.Root("group_by"), "The API groups costs by api_key_id only from 2025-12-06 (UTC) on. Set start_time to that day or later, or group by something else.")
	}
	if err == nil {
		d.fromAPI(buckets, call.Diags)
	}
	return err
}

// fromAPI copies the buckets and sums them up, digit by digit.
func (m *costsModel) fromAPI(buckets []adminapi.CostBucket, diags *diag.Diagnostics) {
	sum := decimal.Zero
	m.Buckets = make([]costBucketModel, len(buckets))
	for i, bucket := range buckets {
		results := make([]costModel, len(bucket.Results))
		for j, r := range bucket.Results {
			amount := exact(r.Amount.Value, diags)
			if !strings.EqualFold(r.Amount.Currency, "usd") {
				diags.AddError("Unknown currency", fmt.Sprintf("The API returned costs in %q, so total_usd cannot be calculated.", r.Amount.Currency))
			}
			sum = sum.Add(amount)
			text := types.StringPointerValue
			results[j] = costModel{
				AmountValue: tfkit.Number(amount), AmountCurrency: types.StringValue(r.Amount.Currency), LineItem: text(r.LineItem), ProjectID: text(r.ProjectID),
				UserID: text(r.UserID), APIKeyID: text(r.APIKeyID), APISource: text(r.APISource), QuantityUnit: text(r.QuantityUnit),
			}
			if r.Quantity != nil {
				results[j].Quantity = tfkit.Number(exact(*r.Quantity, diags))
			}
		}
		slices.SortFunc(results, func(a, b costModel) int { return strings.Compare(a.key(), b.key()) })
		m.Buckets[i] = costBucketModel{StartTime: moment(bucket.StartTime), EndTime: moment(bucket.EndTime), Results: results}
	}
	m.TotalUSD = tfkit.Number(sum)
}

func (c costModel) key() string {
	return strings.Join([]string{c.ProjectID.String(), c.UserID.String(), c.APIKeyID.String(), c.LineItem.String(), c.APISource.String(), c.QuantityUnit.String()}, "\x00")
}

func exact(n json.Number, diags *diag.Diagnostics) decimal.Decimal {
	value, err := decimal.NewFromString(n.String())
	if err != nil {
		diags.AddError("Invalid number in the response", fmt.Sprintf("The API returned %q for a number.", n))
	}
	return value
}
