package lifecycle

import (
	"context"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	listschema "github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// The filters of lists follow from the attributes of the objects: all objects with a
// name can be listed by name.

// patterns are the filters of texts, by the attribute that they compare.
var patterns = map[string]string{"name": "name_pattern", "role_name": "name_pattern", "email": "email_pattern"}

const (
	filterAccount  = "service_account_id"
	filterNoExpiry = "never_expires"
	filterUnused   = "unused_for"
)

// filterAttributes are the filters of objects with these attributes.
func (l *listKernel[M]) filterAttributes() map[string]listschema.Attribute {
	described, filters := l.of.core.Schema().Attributes, map[string]listschema.Attribute{}
	for attribute, filter := range patterns {
		if _, ok := described[attribute]; ok {
			filters[filter] = listschema.StringAttribute{
				MarkdownDescription: "Pattern of the `" + attribute + "` of the listed objects, such as `*-prod`. `*` stands for any text, and case does not matter. Default: all objects.",
				Optional:            true,
				Validators:          []validator.String{tfkit.Name()},
			}
		}
	}
	if _, ok := described[filterAccount]; ok {
		filters[filterAccount] = listschema.StringAttribute{
			MarkdownDescription: "Id of the service account whose objects are listed. Default: all service accounts.",
			Optional:            true,
			Validators:          []validator.String{tfkit.ID()},
		}
	}
	if _, ok := described["expires_in_seconds"]; ok {
		filters[filterNoExpiry] = listschema.BoolAttribute{
			MarkdownDescription: "`true` lists only objects that never expire, `false` only those that expire. Default: both.",
			Optional:            true,
		}
	}
	if l.of.core.List.lastUse != nil {
		filters[filterUnused] = listschema.StringAttribute{
			MarkdownDescription: "Lists only objects that were created and last used at least this long ago, as a duration such as `60d`. Default: all objects.",
			Optional:            true,
			Validators:          []validator.String{tfkit.PositiveDuration()},
		}
	}
	return filters
}

// keep reports whether an object passes the filters of a request.
type keep[M any] func(ctx context.Context, m M) (bool, error)

// filter reads the filters of a request.
func (l *listKernel[M]) filter(ctx context.Context, req list.ListRequest, diags *diag.Diagnostics) keep[M] {
	given := l.filterAttributes()
	text := func(filter string) string {
		var value types.String
		if given[filter] != nil {
			diags.Append(req.Config.GetAttribute(ctx, path.Root(filter), &value)...)
		}
		return value.ValueString()
	}
	var noExpiry types.Bool
	if given[filterNoExpiry] != nil {
		diags.Append(req.Config.GetAttribute(ctx, path.Root(filterNoExpiry), &noExpiry)...)
	}
	described, expressions := l.of.core.Schema().Attributes, map[string]*regexp.Regexp{}
	for attribute, filter := range patterns {
		if _, ok := described[attribute]; !ok {
			continue
		}
		if pattern := text(filter); pattern != "" {
			expressions[attribute] = glob(pattern)
		}
	}
	account := text(filterAccount)
	unused, _ := tfkit.ParseDuration(text(filterUnused)) // its validator has seen it already
	return func(ctx context.Context, m M) (bool, error) {
		if len(expressions) == 0 && account == "" && noExpiry.IsNull() && unused == 0 {
			return true, nil
		}
		values := valuesOf(l.of.raw(ctx, m, diags))
		for attribute, expression := range expressions {
			if !expression.MatchString(values.Text(attribute)) {
				return false, nil
			}
		}
		if account != "" && values.Text(filterAccount) != account {
			return false, nil
		}
		if !noExpiry.IsNull() && values["expires_at"].IsNull() != noExpiry.ValueBool() {
			return false, nil
		}
		if unused == 0 {
			return true, nil
		}
		last, err := l.of.core.List.lastUse(ctx, l.of.client, m)
		return err == nil && l.of.client.ServerNow().Sub(time.Unix(last, 0)) >= unused, err
	}
}

// glob is the expression of a pattern, in which * stands for any text.
func glob(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)^` + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `.*`) + `$`)
}

// LastUse makes a list of objects that can be filtered by their last use.
// lastUse returns the time of it in Unix seconds, of the creation for an object
// that was never used.
func (l Listing[M]) LastUse(lastUse func(ctx context.Context, client *adminapi.Client, m M) (int64, error)) Listing[M] {
	l.lastUse = lastUse
	return l
}

// withFilters adds the filters to the arguments of a list.
func (l *listKernel[M]) withFilters(described listschema.Schema) listschema.Schema {
	all := maps.Clone(described.Attributes)
	if all == nil {
		all = map[string]listschema.Attribute{}
	}
	maps.Copy(all, l.filterAttributes())
	described.Attributes = all
	return described
}
