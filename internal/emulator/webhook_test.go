package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

const webhooks = "/webhook_endpoints"

// webhook is the request for a webhook endpoint with this name.
func webhook(name string) string {
	return fmt.Sprintf(`{"name":%q,"url":"https://example.com/%s","event_types":["response.completed","batch.failed"]}`, name, name)
}

func TestWebhookEndpoints(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	app := o.application(t, o.project(t, "dev"))
	made := app.do(t, "POST", webhooks, webhook("one"))
	id, created := made.text("id"), made.text("created_at")
	if !strings.HasPrefix(id, "whe_") || !strings.HasPrefix(made.text("signing_secret"), "whsec_") {
		t.Errorf("the id is %q", id)
	}
	expect(t, "object", made.text("object"), "webhook_endpoint")
	expect(t, "event types", fmt.Sprint(made["event_types"]), "[response.completed batch.failed]")
	expect(t, "updated_at", made.text("updated_at"), created)
	secret, hint := made.text("signing_secret"), made.text("signing_secret_hint")
	expect(t, "hint", hint, "whsec_..."+secret[len(secret)-3:])

	clock.advance(time.Minute)
	same := app.do(t, "POST", webhooks+"/"+id, `{"name":"one","event_types":["batch.failed","response.completed"]}`)
	expect(t, "updated_at without a change", same.text("updated_at"), created)
	changed := app.do(t, "POST", webhooks+"/"+id, `{"name":"uno","url":null,"event_types":["video.failed"]}`)
	expect(t, "changed endpoint", fmt.Sprint(changed["name"], changed["url"], changed["event_types"]), "uno"+"https://example.com/one"+"[video.failed]")
	if changed.text("updated_at") == created || changed.text("created_at") != created {
		t.Errorf("created at %s, updated at %s", changed.text("created_at"), changed.text("updated_at"))
	}
	read := app.do(t, "GET", webhooks+"/"+id, "")
	if _, shown := read["signing_secret"]; shown || read.text("signing_secret_hint") != hint {
		t.Errorf("a read answers with the hint %q, and with the secret: %v", read.text("signing_secret_hint"), shown)
	}
	sample := app.do(t, "POST", webhooks+"/"+id+"/test", `{"event_type":"batch.completed"}`)
	expect(t, "test", fmt.Sprint(sample["object"], sample["webhook_endpoint_id"], sample["event_type"], sample["success"], sample["status_code"]),
		"webhook_endpoint.test"+id+"batch.completed"+"true"+"200")
	if types := app.do(t, "GET", "/webhook_event_types", ""); len(types.list("data")) != 27 || types.text("object") != "list" {
		t.Errorf("the event types are %v", types)
	}
	deleted := app.do(t, "DELETE", webhooks+"/"+id, "")
	expect(t, "deleted", fmt.Sprint(deleted["id"], deleted["object"], deleted["deleted"]), id+"webhook_endpoint.deleted"+"true")
	for _, method := range []string{"GET", "DELETE"} {
		contains(t, app.refused(t, 404, method, webhooks+"/"+id, "").text("message"), id)
	}
}

func TestWebhookEndpointsAreListedNewestFirst(t *testing.T) {
	o := start(t, emulator.Options{})
	app := o.application(t, o.project(t, "dev"))
	for i := range 22 {
		app.do(t, "POST", webhooks, webhook(fmt.Sprint("hook-", i)))
	}
	page := app.do(t, "GET", webhooks, "")
	expect(t, "page", fmt.Sprint(len(page.list("data"))), "20")
	expect(t, "newest", page.list("data")[0].text("name"), "hook-21")
	expect(t, "has_more", fmt.Sprint(page["has_more"]), "true")
	rest := app.do(t, "GET", webhooks+"?limit=100&after="+page.text("last_id"), "")
	expect(t, "rest", rest.list("data")[0].text("name")+" "+rest.list("data")[1].text("name"), "hook-1 hook-0")
	expect(t, "has_more", fmt.Sprint(rest["has_more"]), "false")
	for _, limit := range []string{"0", "101"} {
		expect(t, "param", app.refused(t, 400, "GET", webhooks+"?limit="+limit, "").text("param"), "limit")
	}
	expect(t, "param", app.refused(t, 400, "GET", webhooks+"?after=whe_none", "").text("param"), "after")
}

func TestRefusedWebhookEndpoints(t *testing.T) {
	o := start(t, emulator.Options{})
	app := o.application(t, o.project(t, "dev"))
	id := app.do(t, "POST", webhooks, webhook("kept")).text("id")
	whole := func(name, url, types string) string {
		return fmt.Sprintf(`{"name":%q,"url":%q,"event_types":%s}`, name, url, types)
	}
	const url, types = "https://example.com/hook", `["batch.failed"]`
	for asked, param := range map[string]string{
		`{"url":"https://example.com","event_types":["batch.failed"]}`: "name",
		whole("", url, types):                              "name",
		whole(strings.Repeat("ü", 257), url, types):        "name",
		`{"name":"n","event_types":["batch.failed"]}`:      "url",
		whole("n", "http://example.com", types):            "url",
		whole("n", "https://", types):                      "url",
		whole("n", url+strings.Repeat("x", 2048), types):   "url",
		`{"name":"n","url":"https://example.com"}`:         "event_types",
		whole("n", url, `[]`):                              "event_types",
		whole("n", url, `["batch.lost"]`):                  "event_types",
		whole("n", url, `["batch.failed","batch.failed"]`): "event_types",
	} {
		expect(t, "param of "+asked, app.refused(t, 400, "POST", webhooks, asked).text("param"), param)
	}
	expect(t, "param", app.refused(t, 400, "POST", webhooks+"/"+id, `{"url":"ftp://example.com"}`).text("param"), "url")
	expect(t, "param", app.refused(t, 400, "POST", webhooks+"/"+id+"/test", `{}`).text("param"), "event_type")
	expect(t, "name", app.do(t, "GET", webhooks+"/"+id, "").text("name"), "kept")
	app.do(t, "POST", webhooks, whole(strings.Repeat("ü", 256), url, types))
}

// A key sees the endpoints of its project, within its scopes; an admin key none.
func TestWebhookEndpointsBelongToAProject(t *testing.T) {
	o := start(t, emulator.Options{})
	project := o.project(t, "dev")
	dev, prod := o.application(t, project), o.application(t, o.project(t, "prod"))
	made := dev.do(t, "POST", webhooks, webhook("dev"))
	id := made.text("id")
	for _, request := range []string{"GET ", "POST ", "DELETE ", "POST /rotate_secret", "POST /test"} {
		method, rest, _ := strings.Cut(request, " ")
		contains(t, prod.refused(t, 404, method, webhooks+"/"+id+rest, `{"event_type":"batch.failed"}`).text("message"), id)
		contains(t, o.refused(t, 401, method, webhooks+"/"+id+rest, "{}").text("message"), "Admin API keys can only be used with the Administration API")
	}
	expect(t, "endpoints of prod", count(prod.do(t, "GET", webhooks, "").list("data")), "0")
	contains(t, o.refused(t, 401, "GET", webhooks, "").text("message"), "Admin API keys")
	contains(t, o.refused(t, 401, "GET", "/webhook_event_types", "").text("message"), "Admin API keys")

	reader := o.application(t, project, "api.webhooks.read")
	expect(t, "name", reader.do(t, "GET", webhooks+"/"+id, "").text("name"), "dev")
	contains(t, reader.refused(t, 401, "DELETE", webhooks+"/"+id, "").text("message"), "api.webhooks.write")
}

func TestRotatedWebhookSecrets(t *testing.T) {
	clock := newClock()
	o := start(t, emulator.Options{Now: clock.Now})
	app := o.application(t, o.project(t, "dev"))
	made := app.do(t, "POST", webhooks, webhook("one"))
	id, first := made.text("id"), made.text("signing_secret")
	verifies := func(secrets ...string) string {
		var valid []string
		for i, secret := range secrets {
			if o.send(t, "POST", "/_emulator/webhook_secrets/use", body(t, map[string]string{"secret": secret})).status == 200 {
				valid = append(valid, fmt.Sprint(i))
			}
		}
		return strings.Join(valid, " ")
	}
	expect(t, "valid", verifies(first, "whsec_other"), "0")
	clock.advance(time.Minute)
	rotated := app.do(t, "POST", webhooks+"/"+id+"/rotate_secret", `{"keep_old_secret_active_for_24_hours":true}`)
	second := rotated.text("signing_secret")
	expect(t, "id", rotated.text("id"), id)
	if second == first || rotated.text("updated_at") == made.text("updated_at") {
		t.Error("the secret or the time of the update is the same as before")
	}
	expect(t, "hint", app.do(t, "GET", webhooks+"/"+id, "").text("signing_secret_hint"), rotated.text("signing_secret_hint"))
	expect(t, "valid after a rotation", verifies(first, second), "0 1")
	clock.advance(24*time.Hour - time.Second)
	expect(t, "valid at the end of the overlap", verifies(first, second), "0 1")
	clock.advance(time.Second)
	expect(t, "valid after the overlap", verifies(first, second), "1")
	third := app.do(t, "POST", webhooks+"/"+id+"/rotate_secret", "").text("signing_secret")
	expect(t, "valid without an overlap", verifies(first, second, third), "2")
}
