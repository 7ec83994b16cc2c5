package usage

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// widths are the lengths of the buckets.
var widths = map[string]time.Duration{"1m": time.Minute, "1h": time.Hour, "1d": 24 * time.Hour}

const defaultWidth = "1d"

// windowAttributes say which span of time is read.
func windowAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"start_time": schema.StringAttribute{
			MarkdownDescription: "Start of the time range, inclusive, as an RFC 3339 time such as `2026-11-01T00:00:00Z`.",
			Required:            true,
			Validators:          []validator.String{tfkit.Time()},
		},
		"end_time": schema.StringAttribute{
			MarkdownDescription: "End of the time range, exclusive, as an RFC 3339 time. Default: the start of the current bucket, so that only complete buckets are read.",
			Optional:            true,
			Validators:          []validator.String{tfkit.Time()},
		},
	}
}

// windowModel is a span of time in buckets.
type windowModel struct {
	StartTime   types.String `tfsdk:"start_time"`
	EndTime     types.String `tfsdk:"end_time"`
	BucketWidth types.String `tfsdk:"bucket_width"`
}

// validate refuses a span that ends before it begins, as far as it is known.
func (w *windowModel) validate(diags *diag.Diagnostics) {
	start, startErr := time.Parse(time.RFC3339, w.StartTime.ValueString())
	end, endErr := time.Parse(time.RFC3339, w.EndTime.ValueString())
	if startErr == nil && endErr == nil && !end.After(start) {
		diags.AddAttributeError(path.Root("end_time"), "Invalid time range", fmt.Sprintf(
			"end_time must be after start_time: %s is not after %s.", w.EndTime.ValueString(), w.StartTime.ValueString()))
	}
}

// span returns the begin and the end in Unix seconds.
func (w *windowModel) span(now time.Time, diags *diag.Diagnostics) (start, end int64) {
	// The validators have seen both.
	begin, _ := time.Parse(time.RFC3339, w.StartTime.ValueString())
	if !w.EndTime.IsNull() {
		finish, _ := time.Parse(time.RFC3339, w.EndTime.ValueString())
		w.validate(diags)
		return begin.Unix(), finish.Unix()
	}
	finish := now.UTC().Truncate(widths[w.width()])
	if !finish.After(begin) {
		diags.AddAttributeError(path.Root("start_time"), "Invalid time range", fmt.Sprintf(
			"start_time must be before the end, which is %s by default: the start of the current bucket. Set end_time to read the current bucket.",
			finish.Format(time.RFC3339)))
	}
	return begin.Unix(), finish.Unix()
}

func (w *windowModel) width() string {
	if w.BucketWidth.IsNull() {
		return defaultWidth
	}
	return w.BucketWidth.ValueString()
}

// moment writes Unix seconds as times are configured.
func moment(unix int64) types.String {
	return types.StringValue(time.Unix(unix, 0).UTC().Format(time.RFC3339))
}

// filter is the attribute of a filter.
func filter(description string) schema.SetAttribute {
	return schema.SetAttribute{MarkdownDescription: description, ElementType: types.StringType, Optional: true}
}
