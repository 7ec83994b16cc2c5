package provider_test

import (
	"maps"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

func TestLogVariablesFollowTerraform(t *testing.T) {
	t.Parallel()
	both := func(level string) map[string]string {
		return map[string]string{"TF_LOG_SDK": level, "TF_LOG_PROVIDER_OPENAI": level}
	}
	for _, test := range []struct{ environment, want map[string]string }{
		{nil, both("OFF")},
		{map[string]string{"TF_LOG_CORE": "TRACE"}, both("OFF")},
		{map[string]string{"TF_LOG": "info"}, both("INFO")},
		{map[string]string{"TF_LOG": "JSON"}, both("TRACE")},
		{map[string]string{"TF_LOG": "loud"}, both("TRACE")},
		{map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "WARN"}, both("WARN")},
		{map[string]string{"TF_LOG": "WARN", "TF_LOG_SDK": "TRACE"}, map[string]string{"TF_LOG_PROVIDER_OPENAI": "WARN"}},
	} {
		if got := provider.LogVariables(func(name string) string { return test.environment[name] }); !maps.Equal(got, test.want) {
			t.Errorf("%v: %v, want %v", test.environment, got, test.want)
		}
	}
}
