package acctest

import (
	"testing"

	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// ReadState passes the state of an object to the provider, as Terraform does
// before it refreshes or plans the object.
func (d *Driver) ReadState(t testing.TB, o *Object) {
	t.Helper()
	for _, deposed := range o.Deposed {
		d.ReadState(t, deposed)
	}
	if !o.exists() {
		return
	}
	schema := d.schema(t, o.Type)
	encoded, err := ctyjson.Marshal(o.state, schema.kind)
	if err != nil {
		t.Fatal(err)
	}
	if _, diags := d.FromForeignState(t, o.Type, schema.version, encoded); failed(diags) {
		t.Fatalf("%s: %s", diags[0].Summary, diags[0].Detail)
	}
}
