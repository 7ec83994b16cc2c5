package adminapi

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	checkpointPermissionsPath = "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"
	checkpointPermissionPath  = checkpointPermissionsPath + "/{permission_id}"
)

// CheckpointPermission lets a project use a checkpoint of a fine-tuned model.
type CheckpointPermission struct {
	ID        string `json:"id"`
	ProjectID string `json:"project_id"`
}

func (p CheckpointPermission) complete() bool { return validID(p.ID) && validID(p.ProjectID) }

// createdPermissions is the answer to a create, with the permission of each
// project.
type createdPermissions struct {
	Data []CheckpointPermission `json:"data"`
}

func (c createdPermissions) complete() bool {
	return len(c.Data) > 0 && !slices.ContainsFunc(c.Data, func(p CheckpointPermission) bool { return !p.complete() })
}

// CheckpointPermissions are the projects that may use each checkpoint.
type CheckpointPermissions struct {
	client *Client
	sdk    openai.FineTuningCheckpointPermissionService
	shared *cache.ByParent[CheckpointPermission]
}

var checkpointPermission = converted(func(p *openai.FineTuningCheckpointPermissionListResponse) (*CheckpointPermission, error) {
	permission := CheckpointPermission{p.ID, p.ProjectID}
	if !isText(p.JSON.ID) || !isText(p.JSON.ProjectID) || !permission.complete() {
		return nil, errIncomplete
	}
	return &permission, nil
})

func newCheckpointPermissions(c *Client, sdk openai.FineTuningCheckpointPermissionService) *CheckpointPermissions {
	pages := func(checkpoint string) func(ctx context.Context, after string) (cache.Page[openai.FineTuningCheckpointPermissionListResponse], error) {
		return lastIDPages(c, transport.Read("list checkpoint permissions", checkpointPermissionsPath), pageSize,
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.FineTuningCheckpointPermissionListResponse], error) {
				return sdk.List(ctx, checkpoint, openai.FineTuningCheckpointPermissionListParams{}, opts...)
			})
	}
	return &CheckpointPermissions{client: c, sdk: sdk, shared: cache.NewByParent(func(checkpoint string) *cache.Collection[CheckpointPermission] {
		read := pages(checkpoint)
		return newCollection(func(p CheckpointPermission) string { return p.ID }, func(ctx context.Context, after string) (cache.Page[CheckpointPermission], error) {
			return convertPage(checkpointPermission)(read(ctx, after))
		})
	})}
}

// List returns the permissions of a checkpoint.
func (p *CheckpointPermissions) List(ctx context.Context, checkpoint string) ([]CheckpointPermission, error) {
	return p.shared.Of(checkpoint).All(ctx)
}

// Add lets projects use a checkpoint, and returns their permissions. A project
// that may use it already is a success, so that the request can be repeated.
func (p *CheckpointPermissions) Add(ctx context.Context, checkpoint string, projectIDs []string) ([]CheckpointPermission, error) {
	created, err := into[createdPermissions](ctx, p.client, transport.Update("create checkpoint permissions", checkpointPermissionsPath), func(ctx context.Context, opts ...option.RequestOption) error {
		return failure(p.sdk.New(ctx, checkpoint, openai.FineTuningCheckpointPermissionNewParams{ProjectIDs: projectIDs}, opts...))
	})
	if err != nil {
		return nil, err
	}
	for _, permission := range created.Data {
		p.client.recent.Add(permission.ID)
		p.shared.Of(checkpoint).Put(permission)
	}
	return created.Data, nil
}

// Delete removes a permission. One that is not there is a success.
func (p *CheckpointPermissions) Delete(ctx context.Context, checkpoint, id string) error {
	return deleteListed(ctx, p.client, p.shared.Of(checkpoint), id, transport.Remove("delete checkpoint permission", checkpointPermissionPath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.FineTuningCheckpointPermissionDeleteResponse, error) {
			return p.sdk.Delete(ctx, checkpoint, id, opts...)
		})
}
