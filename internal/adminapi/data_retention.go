package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	organizationRetentionPath = "/organization/data_retention"
	projectRetentionPath      = projectPath + "/data_retention"
)

// DataRetention is how long the data of the organization and its projects are
// kept: one setting for each scope.
type DataRetention struct {
	client       *Client
	organization openai.AdminOrganizationDataRetentionService
	project      openai.AdminOrganizationProjectDataRetentionService
	known        cache.Singletons[string]
}

func newDataRetention(c *Client, organization openai.AdminOrganizationDataRetentionService, project openai.AdminOrganizationProjectDataRetentionService) *DataRetention {
	d := &DataRetention{client: c, organization: organization, project: project}
	settingsAhead(c, d.get(projectParameter), &d.known, d.Get)
	return d
}

func (d *DataRetention) get(scope string) transport.Operation {
	return transport.Read("read data retention", retentionPath(scope))
}

var organizationRetention = converted(func(r *openai.OrganizationDataRetention) (*string, error) {
	if !isText(r.JSON.Type) {
		return nil, errIncomplete
	}
	return new(string(r.Type)), nil
})

var projectRetention = converted(func(r *openai.ProjectDataRetention) (*string, error) {
	if !isText(r.JSON.Type) {
		return nil, errIncomplete
	}
	return new(string(r.Type)), nil
})

func retentionPath(scope string) string {
	if scope == WholeOrganization {
		return organizationRetentionPath
	}
	return projectRetentionPath
}

// Get returns the kind of retention of a scope.
func (d *DataRetention) Get(ctx context.Context, scope string) (string, error) {
	return orEmpty(d.known.Get(ctx, scope, func() (*string, error) {
		return call(ctx, d.client, d.get(scope),
			func(ctx context.Context, opts ...option.RequestOption) (*string, error) {
				if scope == WholeOrganization {
					return organizationRetention(d.organization.Get(ctx, opts...))
				}
				return projectRetention(d.project.Get(ctx, scope, opts...))
			})
	}))
}

// Set sets the kind of retention of a scope.
func (d *DataRetention) Set(ctx context.Context, scope, kind string) (string, error) {
	return orEmpty(d.known.Set(ctx, scope, func() (*string, error) {
		return call(ctx, d.client, transport.Update("set data retention", retentionPath(scope)),
			func(ctx context.Context, opts ...option.RequestOption) (*string, error) {
				if scope == WholeOrganization {
					return organizationRetention(d.organization.Update(ctx, openai.AdminOrganizationDataRetentionUpdateParams{
						RetentionType: openai.AdminOrganizationDataRetentionUpdateParamsRetentionType(kind),
					}, opts...))
				}
				return projectRetention(d.project.Update(ctx, scope, openai.AdminOrganizationProjectDataRetentionUpdateParams{
					RetentionType: openai.AdminOrganizationProjectDataRetentionUpdateParamsRetentionType(kind),
				}, opts...))
			})
	}))
}

func orEmpty(text *string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return *text, nil
}
