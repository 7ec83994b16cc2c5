package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// generated is what the generated configuration of a resource does without.
type generated struct {
	tfkit.GeneratedConfig
	kind tftypes.Type
}

// newGenerated asks the resources.
func newGenerated(p *openaiProvider) map[string]generated {
	ctx := context.Background()
	all := map[string]generated{}
	for _, make := range p.Resources(ctx) {
		r := make()
		defined, ok := r.(lifecycle.Resource)
		if !ok {
			continue
		}
		var meta resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described resource.SchemaResponse
		r.Schema(ctx, resource.SchemaRequest{}, &described)
		all[meta.TypeName] = generated{defined.GeneratedConfig(), described.Schema.Type().TerraformType(ctx)}
	}
	return all
}

// GetProviderSchema announces GenerateResourceConfig, which the framework has
// but does not tell.
func (s *Server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.framework.GetProviderSchema(ctx, req)
	if err == nil {
		resp.ServerCapabilities.GenerateResourceConfig = true
	}
	return resp, err
}

// GetMetadata announces what GetProviderSchema does.
func (s *Server) GetMetadata(ctx context.Context, req *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp, err := s.framework.GetMetadata(ctx, req)
	if err == nil {
		resp.ServerCapabilities.GenerateResourceConfig = true
	}
	return resp, err
}

// GenerateResourceConfig writes down the state of an object as configuration.
// The framework keeps everything that can be configured, of which some is
// refused together.
func (s *Server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	resp, err := s.framework.GenerateResourceConfig(ctx, req)
	shortened, ok := s.generated()[req.TypeName]
	if err != nil || !ok || resp.Config == nil {
		return resp, err
	}
	config, err := resp.Config.Unmarshal(shortened.kind)
	if err != nil {
		return nil, fmt.Errorf("the generated configuration of %s: %w", req.TypeName, err)
	}
	if config, err = shortened.Shorten(config); err != nil {
		return nil, fmt.Errorf("the generated configuration of %s: %w", req.TypeName, err)
	}
	short, err := tfprotov6.NewDynamicValue(shortened.kind, config)
	resp.Config = &short
	return resp, err
}
