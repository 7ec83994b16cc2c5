package provider

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/apikey"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/audit"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/certificate"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/externalkey"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/externalstorage"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/finetuning"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/project"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/ratelimit"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/rbac"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/settings"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/spend"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tunnel"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/usage"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/user"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/webhook"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/workloadidentity"
)

// area is a part of the provider.
type area struct {
	// subcategory is the heading of its pages in the registry's documentation.
	subcategory string
	objects     func() []lifecycle.Definition
	dataSources func() []func() datasource.DataSource
	ephemeral   func() []func() ephemeral.EphemeralResource
	functions   func() []func() function.Function
	actions     func() []func() action.Action
}

// areas are all parts of the provider.
var areas = []area{
	{subcategory: "Projects", objects: project.Objects, dataSources: project.DataSources},
	{subcategory: "Members", objects: user.Objects, dataSources: user.DataSources, functions: user.Functions, actions: user.Actions},
	{subcategory: "API keys", objects: apikey.Objects, dataSources: apikey.DataSources, ephemeral: apikey.EphemeralResources, actions: apikey.Actions},
	{subcategory: "Spend and rate limits", objects: spend.Objects, dataSources: spend.DataSources, functions: spend.Functions},
	{subcategory: "Spend and rate limits", objects: ratelimit.Objects, dataSources: ratelimit.DataSources},
	{subcategory: "Usage and audit", dataSources: usage.DataSources},
	{subcategory: "Access control", objects: rbac.Objects, dataSources: rbac.DataSources},
	{subcategory: "Settings", objects: settings.Objects, dataSources: settings.DataSources},
	{subcategory: "Security", objects: certificate.Objects, dataSources: certificate.DataSources},
	{subcategory: "Security", objects: workloadidentity.Objects},
	{subcategory: "Security", objects: externalkey.Objects, actions: externalkey.Actions},
	{subcategory: "Security", objects: externalstorage.Objects, actions: externalstorage.Actions},
	{subcategory: "Access control", objects: finetuning.Objects, dataSources: finetuning.DataSources},
	{subcategory: "Security", objects: tunnel.Objects, dataSources: tunnel.DataSources},
	{subcategory: "Webhooks", objects: webhook.Objects, dataSources: webhook.DataSources, actions: webhook.Actions},
	{subcategory: "Usage and audit", dataSources: audit.DataSources},
}

// fromAreas joins the definitions of one kind in all areas.
func fromAreas[T any](of func(a area) func() []T) (all []T) {
	for _, a := range areas {
		all = append(all, listed(of(a))...)
	}
	return all
}

// listed calls the list function of an area, if it has one.
func listed[T any](list func() []T) []T {
	if list == nil {
		return nil
	}
	return list()
}

func objects() []lifecycle.Definition {
	return fromAreas(func(a area) func() []lifecycle.Definition { return a.objects })
}

// Subcategories returns the headings under which the documentation has the
// pages, by folder and name, such as resources/project.
func Subcategories(ctx context.Context) map[string]string {
	pages := map[string]string{}
	for _, a := range areas {
		add := func(folder, name string) {
			pages[folder+"/"+strings.TrimPrefix(name, providerName+"_")] = a.subcategory
		}
		for _, object := range listed(a.objects) {
			traits := object.Traits()
			add("resources", traits.Type)
			if traits.Listed {
				add("list-resources", traits.Type)
			}
		}
		for _, construct := range listed(a.dataSources) {
			add("data-sources", dataSourceName(ctx, construct()))
		}
		for _, construct := range listed(a.ephemeral) {
			var meta ephemeral.MetadataResponse
			construct().Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: providerName}, &meta)
			add("ephemeral-resources", meta.TypeName)
		}
		for _, construct := range listed(a.functions) {
			var meta function.MetadataResponse
			construct().Metadata(ctx, function.MetadataRequest{}, &meta)
			add("functions", meta.Name)
		}
		for _, construct := range listed(a.actions) {
			var meta action.MetadataResponse
			construct().Metadata(ctx, action.MetadataRequest{ProviderTypeName: providerName}, &meta)
			add("actions", meta.TypeName)
		}
	}
	return pages
}

func dataSourceName(ctx context.Context, d datasource.DataSource) string {
	var meta datasource.MetadataResponse
	d.Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: providerName}, &meta)
	return meta.TypeName
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

// Registry returns the traits of all objects, by type.
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
		var described datasource.SchemaResponse
		d.Schema(ctx, datasource.SchemaRequest{}, &described)
		all[dataSourceName(ctx, d)] = described.Schema.Type()
	}
	return all
})
