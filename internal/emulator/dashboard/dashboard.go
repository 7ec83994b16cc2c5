// Package dashboard draws the page that shows people the organization: one page,
// made on the server, without a script.
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

	page = template.Must(template.New("page").Parse(pageText))
)

// policy lets a browser apply the page's own style, and nothing else.
var policy = func() string {
	sum := sha256.Sum256([]byte(style))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}()

// Page answers with the page. There is no secret on it.
func Page(r *api.Request) (any, error) {
	chosen, err := readChoice(r.URL.Query(), r.Time)
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
