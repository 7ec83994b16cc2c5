package transport

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// DefaultBaseURL is where the Administration API lives.
const DefaultBaseURL = "https://api.openai.com/v1"

// The environment variables that hold a base URL. Many machines set the second
// one to an inference gateway, which must not receive the admin key.
const (
	AdminBaseURLVariable = "OPENAI_ADMIN_BASE_URL"
	BaseURLVariable      = "OPENAI_BASE_URL"
)

// ResolveBaseURL returns the URL that the admin key is sent to: the configured
// one, else that of OPENAI_ADMIN_BASE_URL, else that of OPENAI_BASE_URL if its
// host belongs to OpenAI or is this machine, else the default.
func ResolveBaseURL(configured string, getenv func(string) string) (string, error) {
	for _, source := range []struct{ name, value string }{
		{"base_url", configured},
		{AdminBaseURLVariable, getenv(AdminBaseURLVariable)},
		{BaseURLVariable, getenv(BaseURLVariable)},
	} {
		base := strings.TrimSpace(source.value)
		if base == "" {
			continue
		}
		if err := CheckBaseURL(base); err != nil {
			return "", fmt.Errorf("%s cannot be used: %w", source.name, err)
		}
		if source.name == BaseURLVariable && !mayReceiveAdminKey(base) {
			return "", fmt.Errorf("%s names a host that is neither api.openai.com, nor one of its regional hosts, nor this machine, and the admin key is not sent there: %s. "+
				"If that host serves the Administration API, set %s to this URL, or base_url in the provider block. "+
				"If it only serves applications, set %s to %s",
				BaseURLVariable, hostOf(base), AdminBaseURLVariable, AdminBaseURLVariable, DefaultBaseURL)
		}
		return base, nil
	}
	return DefaultBaseURL, nil
}

// IsDefaultOrigin reports whether a base URL names the host that every key of
// OpenAI is for.
func IsDefaultOrigin(base string) bool {
	u, err := url.Parse(base)
	return err == nil && u.Scheme == "https" && strings.EqualFold(u.Host, "api.openai.com")
}

// mayReceiveAdminKey reports whether a host needs no explicit configuration.
func mayReceiveAdminKey(base string) bool {
	host := hostOf(base)
	return host == "api.openai.com" || strings.HasSuffix(host, ".api.openai.com") || isLoopback(host)
}

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

// CheckBaseURL says whether a base URL can be used: HTTPS, or plain HTTP to
// this machine, and nothing that could carry a secret. OpenAI and the emulator
// serve the API below /v1; another host may serve it at its root.
func CheckBaseURL(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Hostname() == "" {
		return errors.New("it must be a URL such as " + DefaultBaseURL)
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("it must not hold a user name, a query or a fragment")
	}
	if strings.HasSuffix(u.Path, "/organization") || strings.HasSuffix(u.Path, "/organization/") {
		return errors.New("it must end before /organization, for example " + DefaultBaseURL)
	}
	if strings.Trim(u.Path, "/") == "" && mayReceiveAdminKey(base) {
		return fmt.Errorf("it must end with the version of the API: %s://%s/v1", u.Scheme, u.Host)
	}
	switch u.Scheme {
	case "https":
		return nil
	case "http":
		if isLoopback(u.Hostname()) {
			return nil
		}
		return errors.New("plain http is only accepted for this machine (localhost, 127.0.0.1, ::1): the admin key would travel unencrypted")
	default:
		return fmt.Errorf("its scheme must be https, not %q", u.Scheme)
	}
}

// IsLocal reports whether a base URL names this machine.
func IsLocal(base string) bool {
	u, err := url.Parse(base)
	return err == nil && isLoopback(u.Hostname())
}

// isLoopback reports whether a host is this machine.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
