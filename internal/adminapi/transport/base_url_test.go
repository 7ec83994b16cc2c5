package transport

import (
	"strings"
	"testing"
)

func TestResolveBaseURL(t *testing.T) {
	const (
		regional = "https://eu.api.openai.com/v1"
		local    = "http://127.0.0.1:8080/v1"
		gateway  = "https://gateway.example.com/v1"
	)
	for name, test := range map[string]struct {
		configured, admin, general string
		want, message              string
	}{
		"nothing":                      {want: DefaultBaseURL},
		"default in the environment":   {general: DefaultBaseURL, want: DefaultBaseURL},
		"upper case":                   {general: "https://API.OpenAI.com/v1", want: "https://API.OpenAI.com/v1"},
		"with a port":                  {general: "https://api.openai.com:443/v1", want: "https://api.openai.com:443/v1"},
		"regional host":                {general: regional, want: regional},
		"white space":                  {general: " " + regional + "\n", want: regional},
		"this machine":                 {general: local, want: local},
		"this machine by name":         {general: "http://LocalHost/v1", want: "http://LocalHost/v1"},
		"this machine, IPv6":           {general: "http://[::1]:8080/v1", want: "http://[::1]:8080/v1"},
		"gateway":                      {general: gateway, message: "OPENAI_BASE_URL names a host that is neither api.openai.com"},
		"gateway says what to set":     {general: gateway, message: "sent there: gateway.example.com. If that host serves the Administration API, set OPENAI_ADMIN_BASE_URL to this URL, or base_url in the provider block"},
		"default forced":               {admin: DefaultBaseURL, general: gateway, want: DefaultBaseURL},
		"gateway for the admin key":    {admin: gateway, general: local, want: gateway},
		"gateway configured":           {configured: gateway, want: gateway},
		"configured wins":              {configured: local, admin: gateway, general: gateway, want: local},
		"the host is a prefix":         {general: "https://api.openai.com.example.com/v1", message: "OPENAI_BASE_URL names"},
		"the host is a suffix":         {general: "https://evilapi.openai.com/v1", message: "OPENAI_BASE_URL names"},
		"another host of OpenAI":       {general: "https://openai.com/v1", message: "OPENAI_BASE_URL names"},
		"trailing dot":                 {general: "https://api.openai.com./v1", message: "OPENAI_BASE_URL names"},
		"address of a private network": {general: "https://10.0.0.1/v1", message: "OPENAI_BASE_URL names"},
		"host in the user name":        {general: "https://api.openai.com@example.com/v1", message: "OPENAI_BASE_URL cannot be used: it must not hold a user name"},
		"unencrypted":                  {general: "http://api.openai.com/v1", message: "OPENAI_BASE_URL cannot be used: plain http"},
		"unencrypted, configured":      {configured: "http://example.com/v1", message: "base_url cannot be used: plain http"},
		"no URL for the admin key":     {admin: "nowhere", message: "OPENAI_ADMIN_BASE_URL cannot be used: it must be a URL"},
		"no version":                   {general: "https://api.openai.com", message: "OPENAI_BASE_URL cannot be used: it must end with the version of the API: https://api.openai.com/v1"},
		"no version, this machine":     {admin: "http://127.0.0.1:8080/", message: "it must end with the version of the API: http://127.0.0.1:8080/v1"},
		"gateway at its root":          {admin: "https://gateway.example.com", want: "https://gateway.example.com"},
		"no host":                      {general: "https://:443/v1", message: "OPENAI_BASE_URL cannot be used: it must be a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			environment := map[string]string{AdminBaseURLVariable: test.admin, BaseURLVariable: test.general}
			got, err := ResolveBaseURL(test.configured, func(name string) string { return environment[name] })
			if test.message != "" {
				if err == nil || !strings.Contains(err.Error(), test.message) {
					t.Errorf("got %q, %v", got, err)
				}
				return
			}
			if err != nil || got != test.want {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}
