package tfkit

import (
	"context"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// stringRule is a validator made of a description and a test that returns the
// problem with a value, or nothing.
type stringRule struct {
	description string
	problem     func(value string) string
}

func (r stringRule) Description(context.Context) string         { return r.description }
func (r stringRule) MarkdownDescription(context.Context) string { return r.description }

func (r stringRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s %s.", req.Path, problem))
	}
}

// Rule accepts the values for which problem returns nothing. The problem
// follows the name of the attribute.
func Rule(description string, problem func(value string) string) validator.String {
	return stringRule{description, problem}
}

// Name accepts a name: not empty, not only white space, on one line. The name of
// a resource's own object has NewName.
func Name() validator.String {
	return stringRule{nameDescription, nameProblem}
}

const nameDescription = "a name that is not empty and has no control characters"

func nameProblem(value string) string {
	switch {
	case strings.TrimSpace(value) == "":
		return "must not be empty"
	case value != strings.TrimSpace(value):
		return "must not begin or end with white space"
	case strings.ContainsFunc(value, unicode.IsControl):
		return "must not contain control characters"
	default:
		return ""
	}
}

type newName struct{}

// NewName accepts the values of Name, and the name that the object has already:
// the API may have it from another client, and its object can be imported.
func NewName() planmodifier.String { return newName{} }

func (newName) Description(context.Context) string { return nameDescription }

func (newName) MarkdownDescription(context.Context) string { return nameDescription }

func (newName) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || req.ConfigValue.Equal(req.StateValue) {
		return
	}
	if problem := nameProblem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s %s.", req.Path, problem))
	}
}

// ID accepts the id of an object, which becomes a part of an API path.
func ID() validator.String {
	return stringRule{"the id of an object", IDProblem}
}

// IDProblem says why a text is no id of an object, and nothing when it is one.
func IDProblem(value string) string {
	switch {
	case value == "":
		return "must not be empty"
	case value == "." || value == ".." || strings.ContainsAny(value, `/\%?#`) ||
		strings.ContainsFunc(value, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }):
		return fmt.Sprintf("is no valid id: %q holds characters that ids never have", value)
	default:
		return ""
	}
}

// usualPrefixes are the prefixes of the ids of objects, by the name of the
// attribute that takes them.
var usualPrefixes = map[string][]string{
	"project_id":                    {"proj_"},
	"group_id":                      {"group_"},
	"user_id":                       {"user-", "user_", "svc_acct_"},
	"workload_identity_provider_id": {"wip_", "idp_"},
}

// bareID is an id without a prefix, as some groups have.
var bareID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// usualPrefix warns of an id that is rather a name. It is no error, as the API
// may have other ids tomorrow.
type usualPrefix struct{}

func (usualPrefix) Description(context.Context) string { return "an id with the usual prefix" }

func (v usualPrefix) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (usualPrefix) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value, prefixes := req.ConfigValue.ValueString(), usualPrefixes[req.Path.String()]
	hasPrefix := func(prefix string) bool { return strings.HasPrefix(value, prefix) }
	if value == "" || len(prefixes) == 0 || slices.ContainsFunc(prefixes, hasPrefix) || bareID.MatchString(value) || IDProblem(value) != "" {
		return
	}
	resp.Diagnostics.AddAttributeWarning(req.Path, "Value does not look like an id", fmt.Sprintf(
		"%s is %q, but ids begin with %s. If this is a name, take the id from the resource or the data source that has the name.", req.Path, value, strings.Join(prefixes, " or ")))
}

// Email accepts one plain e-mail address, without a display name.
func Email() validator.String {
	return stringRule{"an e-mail address", func(value string) string {
		address, err := mail.ParseAddress(value)
		if err != nil || address.Address != value || !strings.Contains(value[strings.LastIndex(value, "@")+1:], ".") {
			return fmt.Sprintf("must be an e-mail address such as ada@example.com, got %q", value)
		}
		return ""
	}}
}

// HTTPSURL accepts a URL that can be fetched safely.
func HTTPSURL() validator.String { return Rule("an HTTPS URL", HTTPSProblem) }

// HTTPSProblem says why a text is no URL that can be fetched safely, and nothing
// when it is one.
func HTTPSProblem(value string) string {
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || strings.ContainsFunc(value, unicode.IsSpace):
		return fmt.Sprintf("must be an HTTPS URL such as https://token.actions.githubusercontent.com, got %q", value)
	case u.User != nil:
		return "must not hold a user name or a password"
	default:
		return ""
	}
}

var (
	awsRoleARN       = regexp.MustCompile(`^arn:aws:iam::\d{12}:role/.+$`)
	gcpProjectNumber = regexp.MustCompile(`^[0-9]{1,19}$`)
)

// AWSRoleARN accepts the ARN of a role that OpenAI may assume.
func AWSRoleARN() validator.String {
	return stringvalidator.RegexMatches(awsRoleARN, "must be the ARN of an IAM role")
}

// GCPProjectNumber accepts the number of a project of Google Cloud.
func GCPProjectNumber() validator.String {
	return stringvalidator.RegexMatches(gcpProjectNumber, "must be a project number")
}

// OCID accepts the Oracle Cloud id of a resource of this type.
func OCID(resourceType string) validator.String {
	form := regexp.MustCompile(`^ocid1\.` + resourceType + `\.[a-z0-9-]+\.[a-z0-9._-]+$`)
	return stringvalidator.RegexMatches(form, "must be an OCID such as ocid1."+resourceType+".…")
}

// Time accepts an RFC 3339 time.
func Time() validator.String {
	return stringRule{"a time such as 2026-11-01T00:00:00Z", func(value string) string {
		if _, err := time.Parse(time.RFC3339, value); err != nil {
			return fmt.Sprintf("must be an RFC 3339 time such as 2026-11-01T00:00:00Z, got %q", value)
		}
		return ""
	}}
}

// openEnum accepts everything, and warns about values that it does not know:
// the API may have learned new ones since this release.
type openEnum struct {
	known []string
}

// OpenEnum documents the known values of an attribute and warns about others.
func OpenEnum(known ...string) validator.String { return openEnum{known} }

func (e openEnum) Description(context.Context) string {
	return "one of " + strings.Join(e.known, ", ") + ", or a newer value that the API accepts"
}

func (e openEnum) MarkdownDescription(ctx context.Context) string { return e.Description(ctx) }

func (e openEnum) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	switch {
	case slices.Contains(e.known, value):
	case strings.TrimSpace(value) == "":
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value", fmt.Sprintf("%s must not be empty.", req.Path))
	default:
		resp.Diagnostics.AddAttributeWarning(req.Path, "Unknown value", fmt.Sprintf(
			"%s is %q, which this version of the provider does not know. It is sent as it is. Known values: %s.",
			req.Path, value, strings.Join(e.known, ", ")))
	}
}
