package adminapi

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const rateLimitsPath = projectPath + "/rate_limits"

// RateLimits are the rate limits of projects for each model. The API creates
// them; they can be changed, but neither created nor deleted, nor read one by
// one.
type RateLimits struct {
	client *Client
	sdk    openai.AdminOrganizationProjectRateLimitService
	shared *cache.ByParent[openai.ProjectRateLimit]
}

func newRateLimits(c *Client, sdk openai.AdminOrganizationProjectRateLimitService) *RateLimits {
	return &RateLimits{client: c, sdk: sdk, shared: lastIDLists(c, transport.Read("list rate limits", rateLimitsPath), rateLimitPageSize,
		func(l openai.ProjectRateLimit) string { return l.ID },
		func(ctx context.Context, projectID string, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.ProjectRateLimit], error) {
			return sdk.ListRateLimits(ctx, projectID, openai.AdminOrganizationProjectRateLimitListRateLimitsParams{}, opts...)
		})}
}

// Find returns the first limit of a project that matches, nil when none does.
func (r *RateLimits) Find(ctx context.Context, projectID string, match func(openai.ProjectRateLimit) bool) (*openai.ProjectRateLimit, error) {
	return r.shared.Of(projectID).Find(ctx, match, nil)
}

// List returns the limits of a project.
func (r *RateLimits) List(ctx context.Context, projectID string) ([]openai.ProjectRateLimit, error) {
	return r.shared.Of(projectID).All(ctx)
}

// Update changes those measures of a limit that params has.
func (r *RateLimits) Update(ctx context.Context, projectID, id string, params openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams) (*openai.ProjectRateLimit, error) {
	return updateLogged(ctx, r.client, r.shared.Of(projectID), id, RateLimitUpdated, transport.Update("update rate limit", rateLimitsPath+"/{rate_limit_id}"),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.ProjectRateLimit, error) {
			return r.sdk.UpdateRateLimit(ctx, projectID, id, params, opts...)
		})
}
