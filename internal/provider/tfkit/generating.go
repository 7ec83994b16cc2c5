package tfkit

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// GeneratedConfig says what configuration that is generated for an object, by
// Terraform or by openai-admin export, does without.
type GeneratedConfig struct {
	// Without are attributes that another one replaces, such as an id where a name
	// is set.
	Without []string
	// Defaults are texts that are what they would be anyway.
	Defaults map[string]string
}

// Shorten takes out of a configuration what it does without.
func (g GeneratedConfig) Shorten(config tftypes.Value) (tftypes.Value, error) {
	var values map[string]tftypes.Value
	if err := config.As(&values); err != nil || values == nil {
		return config, err
	}
	null := func(name string) { values[name] = tftypes.NewValue(values[name].Type(), nil) }
	for _, name := range g.Without {
		null(name)
	}
	for name, usual := range g.Defaults {
		if values[name].Equal(tftypes.NewValue(tftypes.String, usual)) {
			null(name)
		}
	}
	return tftypes.NewValue(config.Type(), values), nil
}
