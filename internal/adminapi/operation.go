package adminapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/respjson"
)

// operation describes one call for error texts, pacing and retries.
type operation struct {
	// name is what a user reads in an error: "create project".
	name string
	// family is the endpoint as the server throttles it: method and path
	// template.
	family string
	// repeatable says that sending the request twice does no harm. Reads,
	// deletions and updates by value are; creations are not.
	repeatable bool
}

func read(name, path string) operation {
	return operation{name: name, family: "GET " + path, repeatable: true}
}

func create(name, path string) operation {
	return operation{name: name, family: "POST " + path}
}

func update(name, path string) operation {
	return operation{name: name, family: "POST " + path, repeatable: true}
}

func remove(name, path string) operation {
	return operation{name: name, family: "DELETE " + path, repeatable: true}
}

type operationKey struct{}

func operationFrom(ctx context.Context) operation {
	if op, ok := ctx.Value(operationKey{}).(operation); ok {
		return op
	}
	return operation{name: "call", family: "unknown"}
}

// call runs one SDK call as op and turns its failure into an *Error.
func call[T any](ctx context.Context, c *Client, op operation, do func(ctx context.Context, opts ...option.RequestOption) (*T, error)) (*T, error) {
	var response *http.Response
	// The option makes the status and the request id available also where the
	// SDK could not decode the answer.
	result, err := do(context.WithValue(ctx, operationKey{}, op), option.WithResponseInto(&response))
	if err != nil {
		return nil, newError(op, response, err, c.adminKey)
	}
	if result == nil || !complete(result) {
		// The SDK passes over fields that are missing or of another type.
		return nil, newError(op, response, errIncomplete, c.adminKey)
	}
	return result, nil
}

var errIncomplete = errors.New("it lacks what identifies the object")

// complete says whether an answer has what an object cannot be without.
func complete(result any) bool {
	switch r := result.(type) {
	case *openai.Project:
		return isText(r.JSON.ID)
	case *openai.ProjectServiceAccount:
		return isText(r.JSON.ID)
	case *openai.ProjectAPIKey:
		return isText(r.JSON.ID)
	case *NewAPIKey:
		return isText(r.JSON.ID) && isText(r.JSON.Value)
	case *openai.AdminAPIKey:
		return isText(r.JSON.ID)
	case *NewAdminKey:
		return isText(r.AdminAPIKey.JSON.ID) && isText(r.JSON.Value)
	case *openai.OrganizationUser:
		return isText(r.JSON.ID)
	case *openai.Invite:
		return isText(r.JSON.ID)
	case *openai.ProjectUser:
		return isText(r.JSON.ID)
	case *openai.ProjectRateLimit:
		return isText(r.JSON.ID)
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
