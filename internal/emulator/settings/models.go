package settings

import (
	"net/http"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type modelsReply struct {
	Object   string   `json:"object"`
	Mode     string   `json:"mode"`
	ModelIDs []string `json:"model_ids"`
}

func newModelsReply(p store.ModelPermissions) modelsReply {
	return modelsReply{Object: "project.model_permissions", Mode: p.Mode, ModelIDs: p.ModelIDs}
}

// noModels answers where no policy is set. Assumption A-25.
func noModels() *api.Error {
	return &api.Error{Status: http.StatusNotFound, Type: "invalid_request_error", Message: "No model permissions are set for this project."}
}

func getModels(r *api.Request) (any, error) {
	project, err := api.AnyProject(r)
	if err != nil {
		return nil, err
	}
	p, err := r.Tx.ModelPermissions(project.ID)
	return newModelsReply(p), api.Or(err, noModels())
}

// setModels replaces the policy. Assumption A-28: a list may be empty.
func setModels(r *api.Request) (any, error) {
	var body struct {
		Mode     string                 `json:"mode"`
		ModelIDs api.Optional[[]string] `json:"model_ids"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if err := oneOf("mode", body.Mode, "allow_list", "deny_list"); err != nil {
		return nil, err
	}
	if !body.ModelIDs.Set() {
		return nil, api.BadRequest("model_ids", "Missing required parameter: 'model_ids'.")
	}
	if len(body.ModelIDs.Value) == 0 && r.Behavior.RefusesNoModels {
		return nil, api.BadRequest("model_ids", "'model_ids' must have at least one item.")
	}
	p := store.ModelPermissions{ProjectID: project.ID, Mode: body.Mode, ModelIDs: body.ModelIDs.Value}
	return newModelsReply(p), r.Tx.PutModelPermissions(p)
}

func removeModels(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	return api.Deleted{Object: "project.model_permissions.deleted", Deleted: true},
		api.Or(r.Tx.RemoveModelPermissions(project.ID), noModels())
}
