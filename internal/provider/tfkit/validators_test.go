package tfkit_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func validate(t *testing.T, v validator.String, value types.String) validator.StringResponse {
	t.Helper()
	var resp validator.StringResponse
	v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("x"), ConfigValue: value}, &resp)
	return resp
}

func TestValidators(t *testing.T) {
	for name, test := range map[string]struct {
		validator validator.String
		good, bad []string
	}{
		"name":     {tfkit.Name(), []string{"a", "Ünïcode", "two words", "日本"}, []string{"", " ", "a ", "\ta", "a\nb", "a\x00b"}},
		"id":       {tfkit.ID(), []string{"proj_1", "rl-gpt-4o", "ada@example.com", "ft:gpt-4o:x"}, []string{"", ".", "..", "a/b", `a\b`, "a%2fb", "a?b", "a#b", "a b", "a\nb"}},
		"email":    {tfkit.Email(), []string{"ada@example.com", "a.b+c@sub.example.co.uk"}, []string{"", "ada", "ada@localhost", "@example.com", "Ada <ada@example.com>", "a@b.c, d@e.f", " ada@example.com"}},
		"duration": {tfkit.PositiveDuration(), []string{"1s", "90s", "1h30m", "7d", "168h", "1d12h"}, []string{"", "0s", "0d", "-1s", "1", "1w", "soon"}},
		"time":     {tfkit.Time(), []string{"2026-11-01T00:00:00Z", "2026-11-01T00:00:00+02:00"}, []string{"", "2026-11-01", "now", "1793491200"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, value := range test.good {
				if resp := validate(t, test.validator, types.StringValue(value)); len(resp.Diagnostics) != 0 {
					t.Errorf("%q is refused: %v", value, resp.Diagnostics)
				}
			}
			for _, value := range test.bad {
				resp := validate(t, test.validator, types.StringValue(value))
				if resp.Diagnostics.ErrorsCount() != 1 || !strings.Contains(resp.Diagnostics[0].Detail(), "x ") {
					t.Errorf("%q is accepted, or the attribute is not named: %v", value, resp.Diagnostics)
				}
			}
			// Unknown and null values are valid.
			for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
				if resp := validate(t, test.validator, value); len(resp.Diagnostics) != 0 {
					t.Errorf("%s is refused: %v", value, resp.Diagnostics)
				}
			}
		})
	}
}

func TestOpenEnumWarnsAboutWhatItDoesNotKnow(t *testing.T) {
	enum := tfkit.OpenEnum("GLOBAL", "JP_STORAGE")
	if resp := validate(t, enum, types.StringValue("JP_STORAGE")); len(resp.Diagnostics) != 0 {
		t.Errorf("a known value: %v", resp.Diagnostics)
	}
	resp := validate(t, enum, types.StringValue("MOON_STORAGE"))
	if resp.Diagnostics.HasError() || resp.Diagnostics.WarningsCount() != 1 {
		t.Errorf("an unknown value: %v", resp.Diagnostics)
	}
	if resp := validate(t, enum, types.StringValue("")); !resp.Diagnostics.HasError() {
		t.Error("an empty value is accepted")
	}
}
