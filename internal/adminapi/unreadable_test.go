package adminapi

import (
	"errors"
	"net/http"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// An update whose answer cannot be read is sent once more. A create is not: a
// second one could make a second object.
func TestUnreadableAnswersOfUpdates(t *testing.T) {
	t.Parallel()
	add := func(c *Client) error {
		_, err := c.ProjectGroups.Add(transport.WithWrites(t.Context()), "proj_1", "group_1", "role_1")
		return err
	}
	create := func(c *Client) error {
		_, err := c.Groups.Create(transport.WithWrites(t.Context()), "dev")
		return err
	}
	for name, test := range map[string]struct {
		send              func(c *Client) error
		unreadable, sends int
		succeeds          bool
	}{
		"an addition, once":   {add, 1, 2, true},
		"an addition, always": {add, 9, 2, false},
		"a create":            {create, 9, 1, false},
	} {
		for _, body := range []string{"<!doctype html>", "null", `{"object":"group"}`} {
			sends := 0
			client, _, _ := serve(t, func(w http.ResponseWriter, r *http.Request) {
				switch {
				case r.Method == http.MethodGet:
					answer(w, 200, `{"object":"list","data":[],"has_more":false}`)
				case sends < test.unreadable:
					sends++
					answer(w, 200, body)
				default:
					sends++
					answer(w, 200, `{"id":"group_1","group_id":"group_1","name":"dev"}`)
				}
			})
			if err := test.send(client); (err == nil) != test.succeeds {
				t.Errorf("%s, %s: %v", name, body, err)
			}
			if sends != test.sends {
				t.Errorf("%s, %s: sent %d times, expected %d", name, body, sends, test.sends)
			}
		}
	}
}

// The error of a write says whether an earlier attempt may have been carried
// out.
func TestErrorsMentionEarlierAttempts(t *testing.T) {
	t.Parallel()
	add := func(c *Client) error {
		_, err := c.ProjectGroups.Add(transport.WithWrites(t.Context()), "proj_1", "group_1", "role_1")
		return err
	}
	get := func(c *Client) error {
		_, err := c.SpendLimits.Get(t.Context(), "proj_1")
		return err
	}
	for name, test := range map[string]struct {
		send   func(c *Client) error
		status int
		body   string
		want   bool
	}{
		"an answer that cannot be read":        {add, 200, "null", true},
		"a gateway that gave up":               {add, 502, "{}", true},
		"a refusal for now":                    {add, 429, "{}", false},
		"a refusal":                            {add, 403, "{}", false},
		"a read after a gateway that gave up":  {get, 502, "{}", false},
		"a read after an answer without sense": {get, 200, "null", false},
	} {
		requests := 0
		client, _, _ := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			if requests++; requests == 1 {
				answer(w, test.status, test.body)
				return
			}
			answer(w, 403, `{"error":{"message":"no"}}`)
		})
		err := test.send(client)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.MayHaveActed != test.want {
			t.Errorf("%s: %+v, expected %t", name, err, test.want)
		}
	}
}
