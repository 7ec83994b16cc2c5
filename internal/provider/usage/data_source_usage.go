package usage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func usageData() lifecycle.DataSource[*usageModel] {
	return lifecycle.DataSource[*usageModel]{
		Type:     "usage",
		Schema:   usageSchema(),
		Validate: validateUsage,
		Label:    func(d *usageModel) string { return "usage of kind " + d.Kind.ValueString() },
		Read:     readUsage,
	}
}

func usageSchema() schema.Schema {
	attributes := windowAttributes()
	maps.Copy(attributes, map[string]schema.Attribute{
		"kind": schema.StringAttribute{
			MarkdownDescription: "What usage is read: `" + strings.Join(adminapi.UsageKindNames(), "`, `") + "`.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.OneOf(adminapi.UsageKindNames()...)},
		},
		"bucket_width": schema.StringAttribute{
			MarkdownDescription: "Length of a bucket: `1m`, `1h` or `1d`. Default: `1d`.",
			Optional:            true,
			Validators:          []validator.String{stringvalidator.OneOf("1m", "1h", "1d")},
		},
		"group_by": filter("Fields that group the results of a bucket, depending on the kind: `project_id`, `user_id`, `api_key_id`, `model`, `batch`, " +
			"`service_tier`, `api_source`, `size`, `source`, `vector_store_id`, `context_level`. Default: one result for all."),
		"project_ids":      filter("Only usage of these projects."),
		"user_ids":         filter("Only usage by these users."),
		"api_key_ids":      filter("Only usage with these keys."),
		"models":           filter("Only usage of these models."),
		"sizes":            filter("Only images of these sizes, for kind `images`."),
		"sources":          filter("Only images made in these ways, for kind `images`: `image.generation`, `image.edit`, `image.variation`."),
		"vector_store_ids": filter("Only searches of these vector stores, for kind `file_search_calls`."),
		"context_levels":   filter("Only web searches with these amounts of context, for kind `web_search_calls`: `low`, `medium`, `high`."),
		"batch": schema.BoolAttribute{
			MarkdownDescription: "Whether to read only jobs of the batch API (`true`), or only other requests (`false`), for kinds `completions` and `decisions`. Default: both.",
			Optional:            true,
		},
		"buckets": schema.ListNestedAttribute{
			MarkdownDescription: "Usage in each bucket, in order of time. All pages are read.",
			Computed:            true,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"start_time": schema.StringAttribute{Computed: true, MarkdownDescription: "Start of the bucket, inclusive, as an RFC 3339 time."},
				"end_time":   schema.StringAttribute{Computed: true, MarkdownDescription: "End of the bucket, exclusive, as an RFC 3339 time."},
				"results": schema.ListNestedAttribute{
					MarkdownDescription: "Usage of each group; empty when there was none.",
					Computed:            true,
					NestedObject:        schema.NestedAttributeObject{Attributes: resultFields()},
				},
			}},
		},
		"total": schema.SingleNestedAttribute{
			MarkdownDescription: "Each measure, summed over all buckets and groups.",
			Computed:            true,
			Attributes:          measureFields(),
		},
	})
	return schema.Schema{
		MarkdownDescription: "Usage of the organization by model, project, key and more, in time buckets.\n\n" +
			"Usage of the last hours may be incomplete.",
		Attributes: attributes,
	}
}

type usageModel struct {
	windowModel
	Kind           types.String   `tfsdk:"kind"`
	GroupBy        types.Set      `tfsdk:"group_by"`
	ProjectIDs     types.Set      `tfsdk:"project_ids"`
	UserIDs        types.Set      `tfsdk:"user_ids"`
	APIKeyIDs      types.Set      `tfsdk:"api_key_ids"`
	Models         types.Set      `tfsdk:"models"`
	Sizes          types.Set      `tfsdk:"sizes"`
	Sources        types.Set      `tfsdk:"sources"`
	VectorStoreIDs types.Set      `tfsdk:"vector_store_ids"`
	ContextLevels  types.Set      `tfsdk:"context_levels"`
	Batch          types.Bool     `tfsdk:"batch"`
	Buckets        []bucketModel  `tfsdk:"buckets"`
	Total          *measuresModel `tfsdk:"total"`
}

// filters gives the filters under the names of their parameters.
func (m *usageModel) filters() map[string]types.Set {
	return map[string]types.Set{
		"project_ids": m.ProjectIDs, "user_ids": m.UserIDs, "api_key_ids": m.APIKeyIDs, "models": m.Models, "sizes": m.Sizes,
		"sources": m.Sources, "vector_store_ids": m.VectorStoreIDs, "context_levels": m.ContextLevels,
	}
}

func validateUsage(call *lifecycle.DataCall[*usageModel]) {
	config := call.Data
	config.validate(call.Diags)
	k, known := adminapi.FindUsageKind(config.Kind.ValueString())
	if !known {
		return // unknown until apply, or refused by the attribute's validator
	}
	for _, column := range groupsOf(config.GroupBy) {
		if !slices.Contains(k.GroupBy, column) {
			call.Diags.AddAttributeError(path.Root("group_by"), "Invalid grouping", fmt.Sprintf(
				"Usage of kind %s cannot be grouped by %q. It can be grouped by %s.", k.Name, column, strings.Join(k.GroupBy, ", ")))
		}
	}
	configured := config.filters()
	for _, name := range slices.Sorted(maps.Keys(configured)) {
		checkFilter(k, name, !configured[name].IsNull(), call.Diags)
	}
	checkFilter(k, "batch", !config.Batch.IsNull(), call.Diags)
}

func checkFilter(k adminapi.UsageKind, name string, set bool, diags *diag.Diagnostics) {
	if set && !slices.Contains(k.Filters, name) {
		diags.AddAttributeError(path.Root(name), "Invalid filter", fmt.Sprintf(
			"Usage of kind %s cannot be filtered by %s. It can be filtered by %s.", k.Name, name, strings.Join(k.Filters, ", ")))
	}
}

// groupsOf are those elements of group_by that are known.
func groupsOf(set types.Set) []string {
	var columns []string
	for _, element := range set.Elements() {
		if column, ok := element.(types.String); ok && !column.IsUnknown() && !column.IsNull() {
			columns = append(columns, column.ValueString())
		}
	}
	slices.Sort(columns)
	return columns
}

func readUsage(ctx context.Context, call *lifecycle.DataCall[*usageModel]) error {
	d := call.Data
	query := adminapi.UsageQuery{BucketWidth: d.width(), GroupBy: groupsOf(d.GroupBy), Filters: map[string][]string{}, Batch: d.Batch.ValueBoolPointer()}
	query.StartTime, query.EndTime = d.span(call.Client.Now(), call.Diags)
	for name, set := range d.filters() {
		query.Filters[name] = tfkit.Strings(ctx, set, call.Diags)
	}
	if call.Diags.HasError() {
		return nil
	}
	k, _ := adminapi.FindUsageKind(d.Kind.ValueString())
	buckets, err := call.Client.Usage.Buckets(ctx, k.Name, query)
	if err != nil {
		return err
	}
	d.Buckets = make([]bucketModel, len(buckets))
	for i, bucket := range buckets {
		d.Buckets[i] = bucketModel{StartTime: moment(bucket.StartTime), EndTime: moment(bucket.EndTime), Results: make([]resultModel, len(bucket.Results))}
		for j, result := range bucket.Results {
			d.Buckets[i].Results[j] = newResult(result)
		}
		slices.SortFunc(d.Buckets[i].Results, compareResults)
	}
	d.Total = total(k, d.Buckets)
	return nil
}

// compareResults gives results an order that stays: the API promises none.
func compareResults(a, b resultModel) int {
	return strings.Compare(a.key(), b.key())
}

func (r resultModel) key() string {
	return strings.Join([]string{
		r.ProjectID.String(), r.UserID.String(), r.APIKeyID.String(), r.Model.String(), r.Batch.String(), r.ServiceTier.String(), r.APISource.String(),
		r.Size.String(), r.Source.String(), r.VectorStoreID.String(), r.ContextLevel.String(),
	}, "\x00")
}
