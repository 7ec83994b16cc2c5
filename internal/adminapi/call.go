package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

// call runs one SDK call as op and turns its failure into an *Error. An update
// whose answer cannot be read was carried out. It is sent once more, as after a
// lost answer: its effect is the same, and the object may be new.
func call[T any](ctx context.Context, c *Client, op transport.Operation, do func(ctx context.Context, opts ...option.RequestOption) (*T, error)) (*T, error) {
	result, err := callOnce(ctx, c, op, do)
	if op.Repeatable && strings.HasPrefix(op.Family, http.MethodPost+" ") && isUnreadable(err) && ctx.Err() == nil {
		result, err = callOnce(ctx, c, op, do)
		if e, ok := errors.AsType[*Error](err); ok {
			e.MayHaveActed = true
		}
	}
	return result, err
}

// isUnreadable reports whether the server answered that it has acted, with a
// content that could not be read.
func isUnreadable(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status >= 200 && e.Status < 300
}

func callOnce[T any](ctx context.Context, c *Client, op transport.Operation, do func(ctx context.Context, opts ...option.RequestOption) (*T, error)) (*T, error) {
	var response *http.Response
	sending, info := transport.Begin(ctx, op)
	if err := c.CheckKey(op.ProjectKey); err != nil {
		return nil, newError(ctx, info, nil, fmt.Errorf("%w: %w", transport.ErrNotSent, err), &c.secrets)
	}
	// The option makes the status and the request id available also where the
	// SDK could not decode the answer.
	result, err := do(sending, option.WithResponseInto(&response))
	if err != nil {
		return nil, newError(ctx, info, response, err, &c.secrets)
	}
	if result == nil || !complete(result) {
		// The SDK passes over fields that are missing or of another type.
		return nil, newError(ctx, info, response, errIncomplete, &c.secrets)
	}
	switch created := any(result).(type) {
	case *NewAPIKey:
		c.secrets.Add(created.Value)
	case *NewAdminKey:
		c.secrets.Add(created.Value)
	case *NewWebhookSecret:
		c.secrets.Add(created.Secret.Reveal())
	}
	return result, nil
}

var errIncomplete = errors.New("it lacks what identifies the object")

// complete reports whether an answer has the fields that identify its object.
func complete(result any) bool {
	switch r := result.(type) {
	case *openai.Project:
		return isText(r.JSON.ID) && validID(r.ID)
	case *openai.ProjectServiceAccount:
		return isText(r.JSON.ID) && validID(r.ID)
	case *openai.ProjectAPIKey:
		return isText(r.JSON.ID) && validID(r.ID)
	case *NewAPIKey:
		return isText(r.JSON.ID) && validID(r.ID) && isText(r.JSON.Value)
	case *openai.AdminAPIKey:
		return isText(r.JSON.ID) && validID(r.ID)
	case *NewAdminKey:
		return isText(r.AdminAPIKey.JSON.ID) && validID(r.ID) && isText(r.JSON.Value)
	case *openai.OrganizationUser:
		return isText(r.JSON.ID) && validID(r.ID)
	case *openai.Invite:
		return isText(r.JSON.ID) && validID(r.ID)
	case *openai.ProjectUser:
		return isText(r.JSON.ID) && validID(r.ID)
	case *openai.ProjectRateLimit:
		return isText(r.JSON.ID) && validID(r.ID)
	case decoded:
		return r.complete()
	default:
		return true // checked where it is made out of the SDK's type
	}
}

// isText says whether a field was sent as a text that is not empty. The SDK
// makes texts out of numbers, too.
func isText(field respjson.Field) bool {
	return field.Valid() && len(field.Raw()) > 2 && field.Raw()[0] == '"'
}

// longestID bounds the ids that the API can have given to an object.
const longestID = 256

var errInvalidID = errors.New("it has an impossible id")

// validID says whether a text can be the id of an object: it becomes a part of
// paths and of the state.
func validID(id string) bool {
	return id != "" && id != "." && id != ".." && len(id) <= longestID && !strings.ContainsFunc(id, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune(`/\?#%`, r)
	})
}

// converted makes our type out of one of the SDK's, where the call succeeded.
func converted[From, To any](convert func(*From) (*To, error)) func(*From, error) (*To, error) {
	return func(from *From, err error) (*To, error) {
		switch {
		case err != nil:
			return nil, err
		case from == nil:
			return nil, errIncomplete
		default:
			return convert(from)
		}
	}
}
