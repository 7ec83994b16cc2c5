package emulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// application is an application with a key of a project.
type application struct {
	*organization
	project, account, keyID string
}

// application makes a service account that works in the project, and a key of
// it with these scopes.
func (o *organization) application(t *testing.T, project string, scopes ...string) *application {
	t.Helper()
	path := "/organization/projects/" + project + "/service_accounts"
	account := o.newAccount(t, project, "app")
	o.do(t, "POST", path+"/"+account, `{"role":"member"}`)
	list, err := json.Marshal(scopes)
	if err != nil {
		t.Fatal(err)
	}
	if scopes == nil {
		list = []byte("[]")
	}
	key := o.do(t, "POST", path+"/"+account+"/api_keys", fmt.Sprintf(`{"name":"app","scopes":%s}`, list))
	return &application{o.as(key.text("value")), project, account, key.text("id")}
}

func (a *application) keyPath() string {
	return "/organization/projects/" + a.project + "/api_keys/" + a.keyID
}

// ask is a question to a model.
func ask(model, question string) string {
	return fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":%q}]}`, model, question)
}

// hello is a question that costs next to nothing.
var hello = ask("gpt-4o-mini", "Hello")

const chat = "/chat/completions"

// upload sends a file and returns its id.
func (a *application) upload(t *testing.T, name, content string) answer {
	t.Helper()
	var form bytes.Buffer
	writer := multipart.NewWriter(&form)
	if err := writer.WriteField("purpose", "user_data"); err != nil {
		t.Fatal(err)
	}
	part, err := writer.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := part.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	return a.sendAs(t, "POST", "/v1/files", form.String(), http.Header{"Content-Type": {writer.FormDataContentType()}})
}

func TestKeysOpenTheirProject(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	got := dev.send(t, "POST", "/v1"+chat, hello)
	if got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	expect(t, "project", got.header.Get("Openai-Project"), dev.project)
	expect(t, "organization", got.header.Get("Openai-Organization"), "org-emulator")

	file := dev.upload(t, "dev.txt", "secret of dev").object(t).text("id")
	store := dev.do(t, "POST", "/vector_stores", `{"name":"docs","file_ids":["`+file+`"]}`).text("id")
	expect(t, "content", dev.send(t, "GET", "/v1/files/"+file+"/content", "").body, "secret of dev")
	for _, path := range []string{"/files/" + file, "/files/" + file + "/content", "/vector_stores/" + store} {
		contains(t, prod.refused(t, 404, "GET", path, "").text("message"), strings.Split(path, "/")[2])
	}
	failure := prod.refused(t, 404, "DELETE", "/files/"+file, "")
	expect(t, "message", failure.text("message"), "No such File object: "+file)
	expect(t, "param", failure.text("param"), "id")
	contains(t, prod.refused(t, 404, "DELETE", "/vector_stores/"+store, "").text("message"), "not found")
	expect(t, "param", prod.refused(t, 404, "POST", "/vector_stores", `{"file_ids":["`+file+`"]}`).text("param"), "file_ids")
	for _, path := range []string{"/files", "/vector_stores"} {
		expect(t, "dev's "+path, count(dev.do(t, "GET", path, "").list("data")), "1")
		expect(t, "prod's "+path, count(prod.do(t, "GET", path, "").list("data")), "0")
	}
	dev.do(t, "DELETE", "/files/"+file, "")
	expect(t, "files in the store", dev.do(t, "GET", "/vector_stores/"+store, "").object("file_counts").text("total"), "0")

	for header, code := range map[string]string{"Openai-Project": "mismatched_project", "Openai-Organization": "mismatched_organization"} {
		wrong := prod.sendAs(t, "POST", "/v1"+chat, hello, http.Header{header: {dev.project}})
		expect(t, "code", wrong.object(t).object("error").text("code"), code)
	}
}

func TestKeysThatNoLongerOpen(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Seed: unused(), Now: clock.Now})
	project := o.project(t, "dev")
	contains(t, o.as("").refused(t, 401, "GET", "/models", "").text("message"), "You didn't provide an API key")
	expect(t, "unknown", o.as("sk-proj-wrong").refused(t, 401, "GET", "/models", "").text("code"), "invalid_api_key")
	contains(t, o.refused(t, 401, "POST", chat, hello).text("message"), "Admin API keys can only be used with the Administration API")

	deleted := o.application(t, project)
	deleted.do(t, "POST", chat, hello)
	o.do(t, "DELETE", deleted.keyPath(), "")
	expect(t, "deleted", deleted.refused(t, 401, "POST", chat, hello).text("code"), "invalid_api_key")

	// A rotated key gets an expiry, after which it is refused.
	rotated := o.application(t, project)
	o.do(t, "POST", rotated.keyPath(), `{"expires_in_seconds":60}`)
	clock.advance(59 * time.Second)
	rotated.do(t, "POST", chat, hello)
	clock.advance(time.Second)
	expect(t, "rotated", rotated.refused(t, 401, "POST", chat, hello).text("code"), "expired_api_key")

	orphan := o.application(t, project)
	o.do(t, "DELETE", "/organization/projects/"+project+"/service_accounts/"+orphan.account, "")
	expect(t, "orphan", orphan.refused(t, 401, "POST", chat, hello).text("code"), "invalid_api_key")

	archived := o.application(t, project)
	o.do(t, "POST", "/organization/projects/"+project+"/archive", "")
	expect(t, "archived", archived.refused(t, 401, "POST", chat, hello).text("code"), "invalid_api_key")
}

func TestScopes(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	project := o.project(t, "dev")
	const answerTo = `{"model":"gpt-4o-mini","input":"Hello"}`
	for _, test := range []struct {
		scopes             string
		method, path, body string
		missing            string
	}{
		{"", "POST", chat, hello, ""},
		{"model.request", "POST", chat, hello, ""},
		{"api.model.request", "POST", chat, hello, ""},
		{"model.request", "POST", "/responses", answerTo, "api.responses.write"},
		{"api.responses.write", "POST", "/responses", answerTo, ""},
		{"api.responses.write", "POST", chat, hello, "model.request"},
		{"model.request", "GET", "/models", "", "api.model.read"},
		{"api.model.read", "GET", "/models/gpt-4o", "", ""},
		{"api.all.read", "GET", "/models", "", ""},
		{"api.all.read", "GET", "/files", "", ""},
		{"api.all.read", "GET", "/vector_stores", "", ""},
		{"api.all.read", "POST", chat, hello, "model.request"},
		{"api.all.read", "POST", "/vector_stores", `{}`, "api.vector_stores.write"},
		{"api.files.read", "GET", "/files", "", ""},
		{"api.files.read", "GET", "/vector_stores", "", "api.vector_stores.read"},
		{"api.files.read", "POST", "/files", "", "api.files.write"},
		{"api.files.write", "GET", "/files", "", "api.files.read"},
		{"api.vector_stores.write", "POST", "/vector_stores", `{}`, ""},
	} {
		t.Run(test.scopes+test.method+test.path, func(t *testing.T) {
			app := o.application(t, project, strings.Fields(test.scopes)...)
			if test.missing == "" {
				app.do(t, test.method, test.path, test.body)
				return
			}
			failure := app.refused(t, 401, test.method, test.path, test.body)
			contains(t, failure.text("message"), "Missing scopes: "+test.missing+".")
			expect(t, "type", failure.text("type"), "invalid_request_error")
		})
	}
	// An account without a role in the project may do nothing.
	account := o.newAccount(t, project, "none")
	key := o.do(t, "POST", "/organization/projects/"+project+"/service_accounts/"+account+"/api_keys", `{}`).text("value")
	contains(t, o.as(key).refused(t, 401, "POST", chat, hello).text("message"), "Missing scopes: model.request.")
	// A change of scopes holds from the next call.
	app := o.application(t, project, "api.files.read")
	o.do(t, "POST", app.keyPath(), `{"scopes":["model.request"]}`)
	app.do(t, "POST", chat, hello)
	app.refused(t, 401, "GET", "/files", "")
}

func TestModelPermissionsAreEnforced(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	dev, prod := o.application(t, o.project(t, "dev")), o.application(t, o.project(t, "prod"))
	path := "/organization/projects/" + dev.project + "/model_permissions"
	models := func() string {
		var names []string
		for _, model := range dev.do(t, "GET", "/models", "").list("data") {
			names = append(names, model.text("id"))
		}
		return strings.Join(names, " ")
	}
	all := models()
	o.do(t, "POST", path, `{"mode":"allow_list","model_ids":["gpt-4o-mini"]}`)
	expect(t, "models", models(), "gpt-4o-mini")
	dev.do(t, "POST", chat, hello)
	failure := dev.refused(t, 403, "POST", chat, ask("gpt-4o", "Hello"))
	expect(t, "code", failure.text("code"), "model_not_found")
	expect(t, "message", failure.text("message"), "Project `"+dev.project+"` does not have access to model `gpt-4o`")
	dev.refused(t, 403, "POST", "/embeddings", `{"model":"text-embedding-3-small","input":"x"}`)
	dev.refused(t, 403, "GET", "/models/gpt-4o", "")
	prod.do(t, "POST", chat, ask("gpt-4o", "Hello"))

	o.do(t, "POST", path, `{"mode":"deny_list","model_ids":["gpt-4o-mini"]}`)
	dev.refused(t, 403, "POST", chat, hello)
	dev.do(t, "POST", chat, ask("gpt-4o", "Hello"))
	o.do(t, "DELETE", path, "")
	dev.do(t, "POST", chat, hello)
	expect(t, "models", models(), all)
}

func TestCallsAreRefused(t *testing.T) {
	cheap := seed.Model{Model: "mystery", RequestsPerMinute: 10, TokensPerMinute: 1000}
	organization := unused()
	organization.Models = append(organization.Models, cheap)
	o := start(t, emulator.Options{Seed: organization, Now: newClock().Now})
	app := o.application(t, o.project(t, "dev"))
	failure := app.refused(t, 404, "POST", chat, ask("gpt-9", "Hello"))
	expect(t, "code", failure.text("code"), "model_not_found")
	expect(t, "code", app.refused(t, 404, "GET", "/models/gpt-9", "").text("code"), "model_not_found")
	for _, test := range []struct{ path, body, param string }{
		{chat, `{"messages":[]}`, "model"},
		{chat, `{"model":"gpt-4o","messages":[]}`, "messages"},
		{chat, `{"model":"gpt-4o","messages":[{"role":"king","content":"x"}]}`, "messages"},
		{chat, `{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"n":0}`, "n"},
		{chat, `{"model":"gpt-4o","messages":[{"role":"user","content":"x"}],"max_tokens":0}`, "max_completion_tokens"},
		{"/responses", `{"model":"gpt-4o"}`, "input"},
		{"/responses", `{"model":"gpt-4o","input":"x","max_output_tokens":0}`, "max_output_tokens"},
		{"/embeddings", `{"model":"text-embedding-3-small","input":""}`, "input"},
		{"/embeddings", `{"model":"text-embedding-3-small","input":[]}`, "input"},
		{"/embeddings", `{"model":"text-embedding-3-small","input":"x","dimensions":1537}`, "dimensions"},
		{"/embeddings", `{"model":"text-embedding-3-small","input":"x","encoding_format":"hex"}`, "encoding_format"},
		{"/images/generations", `{"model":"gpt-image-1"}`, "prompt"},
		{"/images/generations", `{"model":"gpt-image-1","prompt":"x","size":"1x1"}`, "size"},
		{"/images/generations", `{"model":"gpt-image-1","prompt":"x","quality":"best"}`, "quality"},
		{"/images/generations", `{"model":"gpt-image-1","prompt":"x","n":11}`, "n"},
		{"/moderations", `{}`, "input"},
		{"/vector_stores", `{"expires_after":{"anchor":"last_active_at","days":0}}`, "expires_after"},
	} {
		expect(t, "param of "+test.body, app.refused(t, 400, "POST", test.path, test.body).text("param"), test.param)
	}
	app.refused(t, 400, "POST", "/files", "no form")
	expect(t, "param", app.refused(t, 404, "POST", chat, ask("text-embedding-3-small", "x")).text("param"), "model")
	// A request for a feature that the emulator lacks is refused.
	for path, body := range map[string]string{
		chat:         `{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"x"}}]}]}`,
		"/responses": `{"model":"gpt-4o","input":"x","previous_response_id":"resp_1"}`,
	} {
		expect(t, "type", app.refused(t, 501, "POST", path, body).text("type"), "not_emulated")
	}
	contains(t, app.refused(t, 501, "POST", chat, ask("mystery", "x")).text("message"), "--prices")
	expect(t, "spend of refused calls", spendOf(t, o, app.project), "0")
}

func TestTokensAreCounted(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	app := o.application(t, o.project(t, "dev"))
	usage := app.do(t, "POST", chat, `{"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":[{"type":"text","text":"hello world"}]}]}`).object("usage")
	// Of "hello world", 2; of the instruction, 6; of the roles, 1 each; 3 for
	// each message, and 3 for the beginning of the answer.
	expect(t, "prompt tokens", usage.text("prompt_tokens"), "19")
	usage = app.do(t, "POST", "/embeddings", `{"model":"text-embedding-3-small","input":["hello world",[1,2,3]]}`).object("usage")
	expect(t, "tokens", usage.text("prompt_tokens"), "5")
	usage = app.do(t, "POST", "/images/generations", `{"model":"gpt-image-1","prompt":"hello world","n":2,"quality":"low"}`).object("usage")
	expect(t, "tokens", usage.text("input_tokens")+" "+usage.text("output_tokens"), "2 544")
}

func TestAnswersAreStreamed(t *testing.T) {
	o := start(t, emulator.Options{Seed: unused()})
	app := o.application(t, o.project(t, "dev"))
	got := app.send(t, "POST", "/v1"+chat, `{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}],"stream":true}`)
	expect(t, "content type", got.header.Get("Content-Type"), "text/event-stream; charset=utf-8")
	if !strings.HasPrefix(got.body, `data: {"id":"chatcmpl-`) || !strings.HasSuffix(got.body, "data: [DONE]\n\n") {
		t.Errorf("the stream is %s", got.body)
	}
	got = app.send(t, "POST", "/v1/responses", `{"model":"gpt-4o","input":"Hi","stream":true}`)
	if !strings.HasPrefix(got.body, "event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,") || !strings.Contains(got.body, "event: response.completed\n") {
		t.Errorf("the stream is %s", got.body)
	}
	// A refusal is no stream, as nothing has begun.
	expect(t, "code", app.refused(t, 404, "POST", chat, `{"model":"gpt-9","messages":[{"role":"user","content":"Hi"}],"stream":true}`).text("code"), "model_not_found")
}
