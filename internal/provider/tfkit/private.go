package tfkit

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// PrivateReader and PrivateWriter are the methods of requests and responses for
// the private state: values of an object in addition to its attributes, each
// under a key of its own, as JSON.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is described at PrivateReader.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// SavePrivate remembers a value.
func SavePrivate(ctx context.Context, private PrivateWriter, key string, value any, diags *diag.Diagnostics) {
	data, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Cannot write private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, key, data)...)
}

// ReadPrivate returns the stored value, and false when there is none.
func ReadPrivate[T any](ctx context.Context, private PrivateReader, key string, diags *diag.Diagnostics) (value T, known bool) {
	data, problems := private.GetKey(ctx, key)
	diags.Append(problems...)
	if len(data) == 0 {
		return value, false
	}
	if err := json.Unmarshal(data, &value); err != nil {
		diags.AddError("Cannot read private state", err.Error())
		return value, false
	}
	return value, true
}
