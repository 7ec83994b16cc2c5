package provider_test

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// Every resource is guarded, and the guard changes neither its name nor what
// its schema and its identity look like.
func TestEveryResourceIsGuarded(t *testing.T) {
	ctx := t.Context()
	for name, guarded := range resources(t) {
		if !lifecycle.IsGuarded(guarded) {
			t.Errorf("%s is not guarded", name)
			continue
		}
		// Where the inner resource lacks one of these, the guard would announce
		// what is not there.
		inner, ok := lifecycle.As[interface {
			resource.ResourceWithConfigure
			resource.ResourceWithImportState
			resource.ResourceWithIdentity
			resource.ResourceWithUpgradeState
			resource.ResourceWithMoveState
		}](guarded)
		if !ok {
			t.Errorf("%s lacks configuration, import, identity, upgrade or move of its state", name)
			continue
		}
		if lifecycle.IsGuarded(inner) {
			t.Errorf("%s is guarded twice", name)
		}
		outside := guarded.(resource.ResourceWithIdentity)

		var metadata [2]resource.MetadataResponse
		var schemas [2]resource.SchemaResponse
		var identities [2]resource.IdentitySchemaResponse
		for i, r := range []resource.ResourceWithIdentity{inner, outside} {
			r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "openai"}, &metadata[i])
			r.Schema(ctx, resource.SchemaRequest{}, &schemas[i])
			r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identities[i])
		}
		if metadata[0] != metadata[1] {
			t.Errorf("%s: metadata %v, guarded %v", name, metadata[0], metadata[1])
		}
		if !schemas[0].Schema.Type().Equal(schemas[1].Schema.Type()) || schemas[0].Schema.Version != schemas[1].Schema.Version {
			t.Errorf("%s: the guard changes the schema", name)
		}
		if !reflect.DeepEqual(identities[0], identities[1]) {
			t.Errorf("%s: identity %v, guarded %v", name, identities[0], identities[1])
		}
	}
}
