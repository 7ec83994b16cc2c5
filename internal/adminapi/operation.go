package adminapi

import (
	"context"
	"net/http"

	"github.com/openai/openai-go/v3/option"
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
	return result, nil
}
