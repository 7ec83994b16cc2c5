// Package finetuning serves the permissions of projects to use checkpoints of
// fine-tuned models. The checkpoints themselves are not emulated: every name that
// begins like one counts.
package finetuning

import (
	"errors"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of the permissions.
func Routes(router api.Router) {
	const permissions = "/fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions"
	router.Handle("GET "+permissions, listPermissions)
	router.Handle("POST "+permissions, createPermissions)
	router.Handle("DELETE "+permissions+"/{permission_id}", removePermission)
}

// permission lets a project use a checkpoint.
type permission struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	CreatedAt int64  `json:"created_at"`
	ProjectID string `json:"project_id"`
}

const permissionObject = "checkpoint.permission"

// permissions has the permissions of each checkpoint.
var permissions = store.Collection[permission]{Name: "checkpoint_permissions"}

// pathPermissions returns the checkpoint of the path and its permissions.
func pathPermissions(r *api.Request) (checkpoint string, all []permission, err error) {
	checkpoint = r.PathValue("fine_tuned_model_checkpoint")
	if !strings.HasPrefix(checkpoint, "ft:") {
		return checkpoint, nil, api.NotFound("fine-tuned model checkpoint", checkpoint)
	}
	all, err = permissions.List(r.Tx, checkpoint)
	return checkpoint, all, err
}

func permissionID(p permission) string { return p.ID }

// listPermissions lists the newest permission first, unless the query says
// otherwise.
func listPermissions(r *api.Request) (any, error) {
	_, all, err := pathPermissions(r)
	if err != nil {
		return nil, err
	}
	query := r.URL.Query()
	switch order := query.Get("order"); order {
	case "ascending":
	case "", "descending":
		slices.Reverse(all)
	default:
		return nil, api.BadRequest("order", "Invalid 'order': %q. Expected 'ascending' or 'descending'.", order)
	}
	if project := query.Get("project_id"); project != "" {
		all = slices.DeleteFunc(all, func(p permission) bool { return p.ProjectID != project })
	}
	return api.Paginate(r, all, permissionID, api.Limits{Min: 1, Max: 100, Default: 10}, api.Unordered)
}

// created has the fields of an event of the audit log.
type created struct {
	ProjectID  string `json:"project_id"`
	Checkpoint string `json:"fine_tuned_model_checkpoint"`
}

// createPermissions answers with the permission of each project. A project that
// has one keeps it.
func createPermissions(r *api.Request) (any, error) {
	checkpoint, all, err := pathPermissions(r)
	if err != nil {
		return nil, err
	}
	var asked struct {
		ProjectIDs []string `json:"project_ids"`
	}
	if err := api.Decode(r, &asked); err != nil {
		return nil, err
	}
	if len(asked.ProjectIDs) == 0 {
		return nil, api.BadRequest("project_ids", "Missing required parameter: 'project_ids'.")
	}
	answer := api.List[permission]{Object: "list", Data: []permission{}}
	for _, id := range asked.ProjectIDs {
		project, err := r.Tx.Project(id)
		switch {
		case err != nil:
			return nil, api.Or(err, api.NotFound("project", id))
		case project.ArchivedAt != nil:
			return nil, api.ProjectArchived(id)
		}
		if at := slices.IndexFunc(all, func(p permission) bool { return p.ProjectID == id }); at >= 0 {
			answer.Data = append(answer.Data, all[at])
			continue
		}
		added := permission{Object: permissionObject, CreatedAt: r.Now(), ProjectID: id}
		if added.ID, err = r.Tx.NewID("cp_"); err != nil {
			return nil, err
		}
		if err := errors.Join(permissions.Put(r.Tx, checkpoint, added.ID, added),
			r.Log("checkpoint.permission.created", api.Change{ID: added.ID, Data: created{id, checkpoint}})); err != nil {
			return nil, err
		}
		all, answer.Data = append(all, added), append(answer.Data, added)
	}
	first, last := answer.Data[0].ID, answer.Data[len(answer.Data)-1].ID
	answer.FirstID, answer.LastID = &first, &last
	return answer, nil
}

func removePermission(r *api.Request) (any, error) {
	checkpoint, _, err := pathPermissions(r)
	if err != nil {
		return nil, err
	}
	id := r.PathValue("permission_id")
	if err := permissions.Remove(r.Tx, checkpoint, id); err != nil {
		return nil, api.Or(err, api.NotFound("checkpoint permission", id))
	}
	return api.Deleted{ID: id, Object: permissionObject, Deleted: true}, r.Log("checkpoint.permission.deleted", api.Change{ID: id})
}
