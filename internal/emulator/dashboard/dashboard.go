// Package dashboard draws the pages that show people the organization and each
// of its projects. They are complete as the server sends them. A short script
// reads them again when the organization changes.
package dashboard

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

var (
	//go:embed page.html
	pageText string
	//go:embed page.css
	style string
	//go:embed page.js
	script string

	page = template.Must(template.New("page").Parse(pageText))
)

// policy lets a browser apply the page's own style, run its own script and read
// from this server, and nothing else.
var policy = "default-src 'none'; style-src " + only(style) + "; script-src " + only(script) +
	"; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// only is a source of a policy that allows this text.
func only(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Page answers with the page of the organization, or of the project in the
// path. There is no secret on it.
func Page(r *api.Request) (any, error) {
	chosen, err := readChoice(r.URL, r.Time)
	if err != nil {
		return nil, err
	}
	v, err := newView(r, chosen)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := page.Execute(&text, v); err != nil {
		return nil, err
	}
	r.Reply.Set("Content-Security-Policy", policy)
	r.Reply.Set("X-Content-Type-Options", "nosniff")
	r.Reply.Set("Referrer-Policy", "no-referrer")
	r.Reply.Set("Cache-Control", "no-store")
	return &api.Content{Type: "text/html; charset=utf-8", Data: text.Bytes()}, nil
}
