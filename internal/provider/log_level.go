package provider

import (
	"slices"
	"strings"
)

// The levels of Terraform's logs, and the two variables that set them for
// providers: the first that is set counts.
var (
	logLevels    = []string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF"}
	logVariables = []string{"TF_LOG_PROVIDER", "TF_LOG"}
)

// LogVariables returns the environment variables with which the loggers of a
// provider write no more than Terraform keeps. Without them they write
// everything, and Terraform parses and drops it: a third of the time that the
// provider computes. Variables that are set stay.
func LogVariables(getenv func(string) string) map[string]string {
	level := "OFF"
	for _, name := range logVariables {
		if text := strings.ToUpper(getenv(name)); text != "" {
			if level = text; !slices.Contains(logLevels, text) {
				level = "TRACE" // as Terraform reads JSON, and levels that it does not know
			}
			break
		}
	}
	variables := map[string]string{}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_OPENAI"} {
		if getenv(name) == "" {
			variables[name] = level
		}
	}
	return variables
}
