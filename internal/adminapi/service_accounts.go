package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	serviceAccountsPath = projectPath + "/service_accounts"
	serviceAccountPath  = serviceAccountsPath + "/{service_account_id}"
)

// ServiceAccountRoleNone is the role of an account that gets its access from
// groups alone. An account that has had another role cannot go back to it.
const ServiceAccountRoleNone = "none"

// ServiceAccounts are the service accounts of projects.
type ServiceAccounts struct {
	client *Client
	sdk    openai.AdminOrganizationProjectServiceAccountService
	shared *cache.ByParent[openai.ProjectServiceAccount]
}

func newServiceAccounts(c *Client, sdk openai.AdminOrganizationProjectServiceAccountService) *ServiceAccounts {
	return &ServiceAccounts{client: c, sdk: sdk, shared: lastIDLists(c, transport.Read("list service accounts", serviceAccountsPath), pageSize,
		func(a openai.ProjectServiceAccount) string { return a.ID },
		func(ctx context.Context, projectID string, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.ProjectServiceAccount], error) {
			return sdk.List(ctx, projectID, openai.AdminOrganizationProjectServiceAccountListParams{}, opts...)
		})}
}

// Create creates a service account, exactly once, without the key that the API
// creates with it by default. The account has no role yet.
func (s *ServiceAccounts) Create(ctx context.Context, projectID, name string) (*openai.ProjectServiceAccount, error) {
	return s.creation(projectID, name).run(ctx, s.client)
}

func (s *ServiceAccounts) creation(projectID, name string) creation[openai.ProjectServiceAccount, openai.ProjectServiceAccount] {
	shared := s.shared.Of(projectID)
	return creation[openai.ProjectServiceAccount, openai.ProjectServiceAccount]{
		operation: "create service account",
		object:    "project_service_account",
		parent:    projectID + "/",
		alike:     projectID + "/" + name,
		send: func(ctx context.Context) (*openai.ProjectServiceAccount, error) {
			// The answer is that of the list, with a key that is null.
			return call(ctx, s.client, transport.Create("create service account", serviceAccountsPath),
				func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectServiceAccount, error) {
					var account openai.ProjectServiceAccount
					_, err := s.sdk.New(ctx, projectID, openai.AdminOrganizationProjectServiceAccountNewParams{
						Name: name, CreateServiceAccountOnly: openai.Bool(true),
					}, append(opts, option.WithResponseBodyInto(&account))...)
					return &account, err
				})
		},
		record: func(a openai.ProjectServiceAccount) {
			s.client.recent.Add(a.ID)
			s.client.ChangeLog.wrote(a.ID, ServiceAccountCreated)
			shared.Put(a)
		},
		list:      shared,
		equal:     func(a openai.ProjectServiceAccount) bool { return sameName(a.Name, name) },
		createdAt: func(a openai.ProjectServiceAccount) int64 { return a.CreatedAt },
		adopt:     func(a openai.ProjectServiceAccount) openai.ProjectServiceAccount { return a },
	}
}

// Get returns a service account of a project.
func (s *ServiceAccounts) Get(ctx context.Context, projectID, id string) (*openai.ProjectServiceAccount, error) {
	return getListed(ctx, s.client, s.shared.Of(projectID), id, transport.Read("read service account", serviceAccountPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectServiceAccount, error) {
			return s.sdk.Get(ctx, projectID, id, opts...)
		})
}

// List returns the service accounts of a project.
func (s *ServiceAccounts) List(ctx context.Context, projectID string) ([]openai.ProjectServiceAccount, error) {
	return s.shared.Of(projectID).All(ctx)
}

// Update changes the name or the role of a service account.
func (s *ServiceAccounts) Update(ctx context.Context, projectID, id string, params openai.AdminOrganizationProjectServiceAccountUpdateParams) (*openai.ProjectServiceAccount, error) {
	return updateLogged(ctx, s.client, s.shared.Of(projectID), id, ServiceAccountUpdated, transport.Update("update service account", serviceAccountPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectServiceAccount, error) {
			return s.sdk.Update(ctx, projectID, id, params, opts...)
		})
}

// Delete removes a service account and its keys. One that is not there, or
// whose project is archived, is a success.
func (s *ServiceAccounts) Delete(ctx context.Context, projectID, id string) error {
	return deleteListed(ctx, s.client, s.shared.Of(projectID), id, transport.Remove("remove service account", serviceAccountPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationProjectServiceAccountDeleteResponse, error) {
			return s.sdk.Delete(ctx, projectID, id, opts...)
		})
}
