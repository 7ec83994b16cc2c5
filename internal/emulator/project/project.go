// Package project serves the projects of the organization.
package project

import (
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of projects.
func Routes(router api.Router) {
	router.Handle("POST /organization/projects", create)
	router.Handle("GET /organization/projects", list)
	router.Handle("GET /organization/projects/{project_id}", get)
	router.Handle("POST /organization/projects/{project_id}", update)
	router.Handle("POST /organization/projects/{project_id}/archive", archive)
}

var residencies = []string{
	"GLOBAL", "US_STORAGE_PROCESSING", "EU_STORAGE_PROCESSING", "JP_STORAGE", "JP_STORAGE_PROCESSING", "KR_STORAGE",
	"CA_STORAGE", "SG_STORAGE", "IN_STORAGE", "IN_STORAGE_PROCESSING", "AU_STORAGE", "AU_STORAGE_PROCESSING",
	"GB_STORAGE", "AE_STORAGE", "AE_STORAGE_PROCESSING",
}

type projectReply struct {
	ID            string  `json:"id"`
	Object        string  `json:"object"`
	Name          string  `json:"name"`
	CreatedAt     int64   `json:"created_at"`
	ArchivedAt    *int64  `json:"archived_at"`
	ExternalKeyID *string `json:"external_key_id"`
	Residency     string  `json:"residency,omitempty"`
	Status        string  `json:"status"`
	IsInitial     *bool   `json:"is_initial,omitempty"`
}

func newReply(r *api.Request, p store.Project) projectReply {
	status := "active"
	if p.ArchivedAt != nil {
		status = "archived"
	}
	reply := projectReply{
		ID: p.ID, Object: "organization.project", Name: p.Name, CreatedAt: p.CreatedAt, ArchivedAt: p.ArchivedAt,
		ExternalKeyID: p.ExternalKeyID, Residency: p.Residency, Status: status,
	}
	if r.Behavior.MarksDefaultProject { // assumption A-8
		reply.IsInitial = &p.IsDefault
	}
	return reply
}

// auditData has the fields of a project in the audit log.
type auditData struct {
	Name  string `json:"name,omitempty"`
	Title string `json:"title,omitempty"`
}

func create(r *api.Request) (any, error) {
	var body struct {
		Name          string               `json:"name"`
		ExternalKeyID api.Optional[string] `json:"external_key_id"`
		Geography     api.Optional[string] `json:"geography"`
		Residency     api.Optional[string] `json:"residency"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case strings.TrimSpace(body.Name) == "":
		return nil, api.BadRequest("name", "Missing required parameter: 'name'.")
	case body.Geography.Set() && body.Residency.Set():
		return nil, api.BadRequest("residency", "Only one of 'geography' and 'residency' may be given.")
	case body.Residency.Set() && !slices.Contains(residencies, body.Residency.Value):
		return nil, api.BadRequest("residency", "Invalid value: %q. Supported values are: %s.", body.Residency.Value, strings.Join(residencies, ", "))
	}
	project := store.Project{Name: body.Name, CreatedAt: r.Now(), Residency: "GLOBAL"}
	if r.Behavior.OmitsResidency { // assumption A-7
		project.Residency = ""
	}
	if body.Residency.Set() {
		project.Residency = body.Residency.Value
	}
	if body.Geography.Set() {
		// Assumption: a geography stands for storage and processing there.
		project.Residency = strings.ToUpper(body.Geography.Value) + "_STORAGE_PROCESSING"
	}
	if body.ExternalKeyID.Set() {
		project.ExternalKeyID = &body.ExternalKeyID.Value
	}
	project, err := r.Tx.AddProject(project)
	if err != nil {
		return nil, err
	}
	if err := addMembers(r, project); err != nil {
		return nil, err
	}
	return newReply(r, project), r.Log("project.created", api.Change{ID: project.ID, Data: auditData{Name: project.Name, Title: project.Name}})
}

// addMembers makes people owners of a new project. Assumption A-41.
func addMembers(r *api.Request, project store.Project) error {
	var members []store.User
	switch {
	case r.Behavior.CreatorIsMember:
		members = []store.User{r.Caller}
	case r.Behavior.OwnersAreMembers:
		all, err := r.Tx.Users()
		if err != nil {
			return err
		}
		members = slices.DeleteFunc(all, func(u store.User) bool { return u.Role != "owner" })
	}
	for _, u := range members {
		if err := r.Tx.PutProjectUser(store.ProjectUser{ProjectID: project.ID, UserID: u.ID, Role: "owner", AddedAt: r.Now()}); err != nil {
			return err
		}
	}
	return nil
}

func get(r *api.Request) (any, error) {
	project, err := api.AnyProject(r)
	return newReply(r, project), err
}

func list(r *api.Request) (any, error) {
	includeArchived, _, err := api.Boolean(r.URL.Query(), "include_archived")
	if err != nil {
		return nil, err
	}
	projects, err := r.Tx.Projects(includeArchived)
	if err != nil {
		return nil, err
	}
	replies := make([]projectReply, len(projects))
	for i, p := range projects {
		replies[i] = newReply(r, p)
	}
	return api.Paginate(r, replies, func(p projectReply) string { return p.ID }, api.Usual, api.Unordered)
}

func update(r *api.Request) (any, error) {
	var body struct {
		Name          api.Optional[string] `json:"name"`
		ExternalKeyID api.Optional[string] `json:"external_key_id"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	switch {
	case project.IsDefault && body.Name.Set():
		return nil, api.BadRequest("name", "The default project cannot be renamed.")
	case body.Name.Set() && strings.TrimSpace(body.Name.Value) == "":
		return nil, api.BadRequest("name", "'name' must not be empty.")
	case r.Behavior.KeepsExternalKeys && body.ExternalKeyID.Set():
		return nil, api.BadRequest("external_key_id", "'external_key_id' cannot be changed for an existing project of this organization.")
	case body.ExternalKeyID.Null:
		// Assumption A-6: an external key can be exchanged, not taken away.
		return nil, api.BadRequest("external_key_id", "'external_key_id' cannot be removed from a project.")
	}
	if body.Name.Set() {
		project.Name = body.Name.Value
	}
	if body.ExternalKeyID.Set() {
		project.ExternalKeyID = &body.ExternalKeyID.Value
	}
	if err := r.Tx.UpdateProject(project); err != nil {
		return nil, err
	}
	return newReply(r, project), r.Log("project.updated", api.Change{ID: project.ID, Requested: auditData{Title: body.Name.Value}})
}

func archive(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if project.IsDefault {
		return nil, api.BadRequest("", "The default project cannot be archived.")
	}
	now := r.Now()
	project.ArchivedAt = &now
	if err := r.Tx.ArchiveProject(project); err != nil {
		return nil, err
	}
	if err := r.Log("project.archived", api.Change{ID: project.ID}); err != nil {
		return nil, err
	}
	if r.Behavior.ArchiveAnswersError {
		return nil, &api.AppliedError{Answer: api.ProjectArchived(project.ID)}
	}
	return newReply(r, project), nil
}
