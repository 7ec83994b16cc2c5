package main

import (
	"bytes"
	"strings"
	"testing"
)

// The shell completes the values of flags, and of lists after a comma.
func TestCompletion(t *testing.T) {
	for typed, want := range map[string]string{
		"usage --by pro":                                  "project",
		"usage --by day,pro":                              "day,project",
		"usage --by day,":                                 "day,month day,kind day,project day,key day,user day,model day,service-tier day,batch day,line-item",
		"usage --format f":                                "focus",
		"usage --period last-":                            "last-week last-month last-year last-7-days last-30-days last-90-days",
		"usage --kind images,mod":                         "images,moderations",
		"emulate --profile o":                             "openai",
		"review --format s":                               "sarif",
		"review --fail-on h":                              "high",
		"export --include openai_admin_api_key,openai_us": "openai_admin_api_key,openai_user_role",
		"export --exclude openai_project_spend_l":         "openai_project_spend_limit",
	} {
		t.Run(typed, func(t *testing.T) {
			var out bytes.Buffer
			root := newRootCommand()
			root.SetOut(&out)
			root.SetErr(new(bytes.Buffer))
			root.SetArgs(append([]string{"__complete"}, strings.Split(typed, " ")...))
			if err := root.Execute(); err != nil {
				t.Fatal(err)
			}
			fields := strings.Split(strings.TrimSpace(out.String()), "\n")
			last := strings.Fields(typed)
			prefix := last[len(last)-1]
			var offers []string
			for _, offer := range fields[:len(fields)-1] {
				if strings.HasPrefix(offer, prefix) {
					offers = append(offers, offer)
				}
			}
			if got := strings.Join(offers, " "); got != want {
				t.Errorf("the shell offers %q", got)
			}
		})
	}
}
