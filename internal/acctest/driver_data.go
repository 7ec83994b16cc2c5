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
	config := encode(t, schema.configuration(t, configured), schema.kind)
	valid, err := d.server.ValidateDataResourceConfig(d.Context, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: dataSource, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	if failed(valid.Diagnostics) {
		return valid.Diagnostics
	}
	resp, err := d.server.ReadDataSource(d.Context, &tfprotov6.ReadDataSourceRequest{TypeName: dataSource, Config: config})
	if err != nil {
		t.Fatal(err)
	}
	return append(valid.Diagnostics, resp.Diagnostics...)
}
