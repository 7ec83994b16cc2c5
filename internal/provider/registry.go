package provider

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/apikey"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/certificate"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/externalkey"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/externalstorage"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/project"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/ratelimit"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/rbac"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/settings"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/spend"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/user"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/workloadidentity"
)

// objects are the definitions of all objects.
func objects() []lifecycle.Definition {
	return slices.Concat(project.Objects(), user.Objects(), apikey.Objects(), spend.Objects(), ratelimit.Objects(), rbac.Objects(),
		settings.Objects(), certificate.Objects(), workloadidentity.Objects(), externalkey.Objects(), externalstorage.Objects())
}

// registry has the traits of each type. It is built once, when it is needed.
var registry = sync.OnceValue(func() map[string]lifecycle.Traits {
	all := map[string]lifecycle.Traits{}
	for _, object := range objects() {
		traits := object.Traits()
		all[traits.Type] = traits
	}
	return all
})

// Registry returns the traits of all objects, by type, for whatever treats
// objects by what they are.
func Registry() []lifecycle.Traits {
	return slices.SortedFunc(maps.Values(registry()), func(a, b lifecycle.Traits) int { return strings.Compare(a.Type, b.Type) })
}

// Traits returns the traits of a type, none where there is no such type.
func Traits(typeName string) lifecycle.Traits { return registry()[typeName] }

// dataSourceTypes has the type of each data source's configuration.
var dataSourceTypes = sync.OnceValue(func() map[string]attr.Type {
	ctx, all := context.Background(), map[string]attr.Type{}
	for _, construct := range (&openaiProvider{}).DataSources(ctx) {
		d := construct()
		var meta datasource.MetadataResponse
		d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &described)
		all[meta.TypeName] = described.Schema.Type()
	}
	return all
})
