package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"path"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
)

// assumedAnswers are the answers of assumptions that hold for all endpoints.
type assumedAnswers struct {
	// byKey are the answers to requests with an Idempotency-Key. Assumption A-38.
	byKey map[string]body
	// unread are the paths of objects that were neither read nor listed since their
	// creation. Assumption A-39.
	unread map[string]bool
}

// earlier is an answer that does not depend on the organization, nil for most
// requests.
func (a *assumedAnswers) earlier(r *api.Request) (any, error) {
	if key := idempotencyKey(r.Request); key != "" && a.byKey[key] != nil {
		return a.byKey[key], nil
	}
	if r.Method != http.MethodGet {
		return nil, nil
	}
	isUnread := a.unread[r.URL.Path]
	maps.DeleteFunc(a.unread, func(unread string, _ bool) bool { return unread == r.URL.Path || path.Dir(unread) == r.URL.Path })
	if isUnread {
		return nil, api.NotFound("object", path.Base(r.URL.Path))
	}
	return nil, nil
}

// remember records the answer to a request.
func (a *assumedAnswers) remember(behavior api.Behavior, r *http.Request, answer reply) {
	content, isJSON := answer.body.(*api.Content)
	if r.Method != http.MethodPost || answer.status != http.StatusOK || !isJSON {
		return
	}
	if key := idempotencyKey(r); key != "" && behavior.HonorsIdempotencyKeys {
		if a.byKey == nil {
			a.byKey = map[string]body{}
		}
		a.byKey[key] = answer.body
	}
	var created struct {
		ID string `json:"id"`
	}
	if behavior.FirstReadMisses && json.Unmarshal(content.Data, &created) == nil && created.ID != "" && path.Base(r.URL.Path) != created.ID {
		if a.unread == nil {
			a.unread = map[string]bool{}
		}
		a.unread[r.URL.Path+"/"+created.ID] = true
	}
}

func idempotencyKey(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || r.Method != http.MethodPost {
		return ""
	}
	return r.URL.Path + " " + key
}
