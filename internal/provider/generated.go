package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// GetProviderSchema announces GenerateResourceConfig, which the framework
// implements but does not announce.
func (s *Server) GetProviderSchema(ctx context.Context, req *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	resp, err := s.Framework.GetProviderSchema(ctx, req)
	if err == nil {
		resp.ServerCapabilities.GenerateResourceConfig = true
	}
	return resp, err
}

// GetMetadata announces the same capability as GetProviderSchema.
func (s *Server) GetMetadata(ctx context.Context, req *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp, err := s.Framework.GetMetadata(ctx, req)
	if err == nil {
		resp.ServerCapabilities.GenerateResourceConfig = true
	}
	return resp, err
}

// GenerateResourceConfig writes down the state of an object as configuration.
// The framework keeps all attributes that can be configured, including some that
// conflict.
func (s *Server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	resp, err := s.Framework.GenerateResourceConfig(ctx, req)
	object, ok := registry()[req.TypeName]
	if err != nil || !ok || resp.Config == nil {
		return resp, err
	}
	kind := object.Schema.Type().TerraformType(ctx)
	config, err := resp.Config.Unmarshal(kind)
	if err != nil {
		return nil, fmt.Errorf("the generated configuration of %s: %w", req.TypeName, err)
	}
	if config, err = object.Generated.Shorten(config); err != nil {
		return nil, fmt.Errorf("the generated configuration of %s: %w", req.TypeName, err)
	}
	short, err := tfprotov6.NewDynamicValue(kind, config)
	resp.Config = &short
	return resp, err
}
