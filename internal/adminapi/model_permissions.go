package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const modelPermissionsPath = projectPath + "/model_permissions"

// ModelPolicy says which models the keys of a project may use.
type ModelPolicy struct {
	// Mode is allow_list or deny_list.
	Mode     string
	ModelIDs []string
}

// ModelPolicies are the policies of projects, one for each at most.
type ModelPolicies struct {
	client *Client
	sdk    openai.AdminOrganizationProjectModelPermissionService
	known  cache.Singletons[ModelPolicy]
}

func newModelPolicies(c *Client, sdk openai.AdminOrganizationProjectModelPermissionService) *ModelPolicies {
	m := &ModelPolicies{client: c, sdk: sdk}
	settingsAhead(c, m.get(), &m.known, m.Get)
	return m
}

func (m *ModelPolicies) get() transport.Operation {
	return transport.Read("read model permissions", modelPermissionsPath)
}

var modelPolicy = converted(func(p *openai.ProjectModelPermissions) (*ModelPolicy, error) {
	if !isText(p.JSON.Mode) || !p.JSON.ModelIDs.Valid() {
		return nil, errIncomplete
	}
	return &ModelPolicy{Mode: string(p.Mode), ModelIDs: p.ModelIDs}, nil
})

// Get returns the policy of a project.
func (m *ModelPolicies) Get(ctx context.Context, projectID string) (*ModelPolicy, error) {
	return m.known.Get(ctx, projectID, func() (*ModelPolicy, error) {
		return call(ctx, m.client, m.get(),
			func(ctx context.Context, opts ...option.RequestOption) (*ModelPolicy, error) {
				return modelPolicy(m.sdk.Get(ctx, projectID, opts...))
			})
	})
}

// Set creates or replaces the policy of a project.
func (m *ModelPolicies) Set(ctx context.Context, projectID string, policy ModelPolicy) (*ModelPolicy, error) {
	return m.known.Set(ctx, projectID, func() (*ModelPolicy, error) {
		return call(ctx, m.client, transport.Update("set model permissions", modelPermissionsPath),
			func(ctx context.Context, opts ...option.RequestOption) (*ModelPolicy, error) {
				return modelPolicy(m.sdk.Update(ctx, projectID, openai.AdminOrganizationProjectModelPermissionUpdateParams{
					Mode: openai.AdminOrganizationProjectModelPermissionUpdateParamsMode(policy.Mode),
					// An empty list must be sent, too.
					ModelIDs: append([]string{}, policy.ModelIDs...),
				}, opts...))
			})
	})
}

// Delete removes the policy of a project, so that every model may be used. One
// that is not there, or whose project is archived, is a success.
func (m *ModelPolicies) Delete(ctx context.Context, projectID string) error {
	return ignoreNotFound(m.known.Remove(ctx, projectID, func() error {
		_, err := call(ctx, m.client, transport.Remove("remove model permissions", modelPermissionsPath),
			func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectModelPermissionsDeleted, error) {
				return m.sdk.Delete(ctx, projectID, opts...)
			})
		return err
	}))
}
