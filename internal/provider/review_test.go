package provider_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
	openaiprovider "github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// reviewOf is the review of a plan with these members.
func reviewOf(t *testing.T, members map[string]any) *planreview.Report {
	t.Helper()
	members["format_version"], members["planned_values"] = "1.2", map[string]any{}
	content, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := planreview.Read(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return planreview.Review(plan, planreview.DefaultConfig())
}

// The review knows every action: it has a severity, or is harmless. It names the
// object, as every required attribute does.
func TestTheReviewKnowsEveryAction(t *testing.T) {
	ctx := t.Context()
	p, ok := openaiprovider.New("test")().(provider.ProviderWithActions)
	if !ok {
		t.Fatal("the provider has no actions")
	}
	all := p.Actions(ctx)
	if len(all) < 6 {
		t.Fatalf("only %d actions", len(all))
	}
	for _, create := range all {
		a := create()
		var meta action.MetadataResponse
		a.Metadata(ctx, action.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described action.SchemaResponse
		a.Schema(ctx, action.SchemaRequest{}, &described)
		values := map[string]any{}
		for name, attribute := range described.Schema.Attributes {
			if attribute.IsRequired() {
				values[name] = "value-of-" + name
			}
		}
		invocation := map[string]any{"address": "action." + meta.TypeName + ".x", "type": meta.TypeName, "config_values": values}
		report := reviewOf(t, map[string]any{"action_invocations": []any{invocation}})
		for _, f := range report.Findings {
			if f.Rule == "action-unknown" {
				t.Errorf("the review does not know %s", meta.TypeName)
			}
			if revokes := strings.Contains(meta.TypeName, "revoke"); revokes != (f.Severity == findings.High) {
				t.Errorf("%s has the severity %s", meta.TypeName, f.Severity)
			}
		}
		if len(report.Actions) != 1 || !strings.Contains(report.Actions[0].Object, "value-of-") {
			t.Errorf("the row of %s names no object: %+v", meta.TypeName, report.Actions)
		}
	}
}

// The review knows which objects the caller names: creating such an object before
// it is destroyed loses it.
func TestTheReviewKnowsWhichObjectsTheCallerNames(t *testing.T) {
	for _, traits := range openaiprovider.Registry() {
		values := map[string]any{}
		for _, name := range traits.Identity {
			values[name] = "x"
		}
		change := map[string]any{"actions": []string{"create", "delete"}, "before": values, "after": values}
		report := reviewOf(t, map[string]any{"resource_changes": []any{
			map[string]any{"address": traits.Type + ".x", "mode": "managed", "type": traits.Type, "name": "x", "change": change},
		}})
		found := slices.ContainsFunc(report.Findings, func(f planreview.Finding) bool { return f.Rule == "created-before-destroyed" })
		if isPerson := strings.HasPrefix(traits.Type, "openai_organization_") && slices.Contains([]string{"email", "user_id"}, traits.Identity[0]); isPerson {
			continue // these are found as persons who leave
		}
		if found == traits.HasOwnID {
			t.Errorf("%s with create_before_destroy: found %v, has an id of its own: %v", traits.Type, found, traits.HasOwnID)
		}
	}
}
