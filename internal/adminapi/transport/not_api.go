package transport

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"syscall"
)

// checkBaseURL is the next step for everything that a wrong base URL explains.
const checkBaseURL = "check the base URL (base_url, " + AdminBaseURLVariable + " or " + BaseURLVariable + ")"

// longestTitle bounds the title of a web page in a message.
const longestTitle = 80

var (
	pageTitle = regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`)
	// unknownPath is how the API answers a path that it does not have.
	unknownPath = []byte("Invalid URL (")
)

// notAPI says why an answer does not come from the Administration API, empty
// when it may. Answers that are worth another attempt are not meant.
func notAPI(response *http.Response, target *url.URL, content []byte) string {
	status := response.StatusCode
	if status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout {
		return ""
	}
	if isWebPage(response.Header, content) {
		return fmt.Sprintf("%s returned %s instead of JSON, as a proxy or a login page does: %s and the network", target.Host, describeWebPage(content), checkBaseURL)
	}
	if status == http.StatusNotFound && !strings.Contains(target.Path, "/v1/") && bytes.Contains(content, unknownPath) {
		return fmt.Sprintf("%s has no path %s: %s, which ends with /v1", target.Host, target.Path, checkBaseURL)
	}
	return ""
}

// isWebPage goes by the content, and by the type only where the content is no
// JSON: some proxies name no type, others a wrong one.
func isWebPage(header http.Header, content []byte) bool {
	start := bytes.TrimLeft(bytes.TrimPrefix(content, []byte("\ufeff")), " \t\r\n")
	if len(start) > 0 && strings.ContainsRune("<{[", rune(start[0])) {
		return start[0] == '<'
	}
	return strings.HasPrefix(header.Get("Content-Type"), "text/html")
}

func describeWebPage(content []byte) string {
	if match := pageTitle.FindSubmatch(content); match != nil {
		if title := strings.Join(strings.Fields(string(match[1])), " "); title != "" && len(title) <= longestTitle {
			return fmt.Sprintf("a web page (%q)", title)
		}
	}
	return "a web page"
}

// UnreachableError says why no connection to the API comes about.
type UnreachableError struct {
	reason string
	err    error
}

func (e *UnreachableError) Error() string { return e.reason }

// Unwrap gives the error of the connection.
func (e *UnreachableError) Unwrap() error { return e.err }

// explainConnection returns an *UnreachableError for the failures that a user
// can do something about, and err otherwise.
func explainConnection(err error, target *url.URL) error {
	because := func(format string, args ...any) error {
		return &UnreachableError{fmt.Sprintf(format, args...), err}
	}
	var unknownHost *net.DNSError
	var plain tls.RecordHeaderError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, syscall.ECONNREFUSED) && isLoopback(target.Hostname()):
		return because("nothing listens on %s of this machine (connection refused): start openai-admin emulate, or %s", target.Host, checkBaseURL)
	case errors.Is(err, syscall.ECONNREFUSED):
		return because("%s, or the proxy before it, refused the connection: %s and the network", target.Host, checkBaseURL)
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return because("there is no host named %s: %s and the network", unknownHost.Name, checkBaseURL)
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch):
		return because("%s does not answer with TLS, although the base URL begins with https: %s", target.Host, checkBaseURL)
	case errors.As(err, &certificate):
		return because("the certificate of %s is not trusted (%v): a proxy that inspects TLS needs its authority in the trust store of this machine, or in SSL_CERT_FILE", target.Host, certificate.Err)
	}
	return err
}

// isFinal reports whether another attempt cannot help: always where nothing
// listens on this machine, and before the first answer of the API, when a wrong
// base URL is more likely than an outage.
func isFinal(err error, target *url.URL, answered bool) bool {
	if _, explained := errors.AsType[*UnreachableError](explainConnection(err, target)); !explained {
		return false
	}
	return !answered || isLoopback(target.Hostname()) && errors.Is(err, syscall.ECONNREFUSED)
}

// redirectError never follows: the admin key would go with it.
func redirectError(response *http.Response) error {
	to := ""
	if location, err := response.Location(); err == nil {
		to = fmt.Sprintf(" to %s://%s%s", location.Scheme, location.Host, location.Path)
	}
	return fmt.Errorf("%w (%d)%s, which is never followed: %s", errRedirect, response.StatusCode, to, checkBaseURL)
}
