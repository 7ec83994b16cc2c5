// Command plainprovider is a yardstick: the least that a provider sends for
// projects, their service accounts, hard limits, alerts and rate limits. The
// requests are those of openai/openai 1.2, whose binary can be given instead
// with -against. It has no pacing, no retries but those of the SDK, no checks of
// plans, no updates and no imports.
package main

import (
	"context"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return plain{} }, providerserver.ServeOpts{Address: "registry.terraform.io/allthingsai/openai"})
	if err != nil {
		log.Fatal(err)
	}
}

type plain struct{}

type settings struct {
	BaseURL     types.String `tfsdk:"base_url"`
	AdminAPIKey types.String `tfsdk:"admin_api_key"`
}

func (plain) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "openai"
}

func (plain) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"base_url":      schema.StringAttribute{Optional: true},
		"admin_api_key": schema.StringAttribute{Optional: true, Sensitive: true},
	}}
}

func (plain) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var configured settings
	resp.Diagnostics.Append(req.Config.Get(ctx, &configured)...)
	key := configured.AdminAPIKey.ValueString()
	if key == "" {
		key = os.Getenv("OPENAI_ADMIN_KEY")
	}
	options := []option.RequestOption{option.WithAPIKey(key)}
	if url := configured.BaseURL.ValueString(); url != "" {
		options = append(options, option.WithBaseURL(url))
	}
	resp.ResourceData = &client{sdk: openai.NewClient(options...)}
}

func (plain) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{newProject, newServiceAccount, newSpendLimit, newSpendAlert, newRateLimit}
}

func (plain) DataSources(context.Context) []func() datasource.DataSource { return nil }
