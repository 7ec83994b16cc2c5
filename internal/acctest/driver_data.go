package acctest

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// DataSources are the names of all data sources.
func (d *Driver) DataSources() (names []string) {
	for name := range d.data {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// RequiredOf are the attributes that a data source cannot do without.
func (d *Driver) RequiredOf(t testing.TB, dataSource string) (names []string) {
	t.Helper()
	if d.data[dataSource] == nil {
		t.Fatalf("the provider has no data source %s", dataSource)
	}
	for name, a := range d.data[dataSource].attributes {
		if a.Required {
			names = append(names, name)
		}
	}
	return names
}

// ReadData validates and reads a data source.
func (d *Driver) ReadData(t testing.TB, dataSource string, configured map[string]any) []*tfprotov6.Diagnostic {
	t.Helper()
	schema := d.data[dataSource]
	_, diags := d.readData(t, dataSource, encode(t, schema.configuration(t, configured), schema.kind))
	return diags
}

// readData is ReadData with an encoded configuration. It returns the result.
func (d *Driver) readData(t testing.TB, dataSource string, config *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, []*tfprotov6.Diagnostic) {
	t.Helper()
	diags := d.validateData(t, dataSource, config)
	if failed(diags) {
		return nil, diags
	}
	resp, err := d.server.ReadDataSource(d.Context, &tfprotov6.ReadDataSourceRequest{TypeName: dataSource, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return resp.State, append(diags, resp.Diagnostics...)
}

func (d *Driver) validateData(t testing.TB, dataSource string, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := d.server.ValidateDataResourceConfig(d.Context, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: dataSource, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func (d *Driver) validateEphemeral(t testing.TB, typeName string, config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	t.Helper()
	resp, err := d.server.ValidateEphemeralResourceConfig(d.Context, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}
