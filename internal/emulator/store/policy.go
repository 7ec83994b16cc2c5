package store

import (
	"database/sql"
	"encoding/json"
	"errors"
)

// ModelPermissions say which models the keys of a project may use.
type ModelPermissions struct {
	ProjectID string
	// Mode is allow_list or deny_list.
	Mode     string
	ModelIDs []string
}

// ModelPermissions returns the policy of a project, ErrNotFound when it has
// none and every model may be used.
func (tx *Tx) ModelPermissions(projectID string) (ModelPermissions, error) {
	return queryOne(tx, func(row scanner) (p ModelPermissions, err error) {
		var models string
		if err = row.Scan(&p.ProjectID, &p.Mode, &models); err != nil {
			return p, err
		}
		return p, json.Unmarshal([]byte(models), &p.ModelIDs)
	}, "SELECT project_id, mode, model_ids FROM model_permissions WHERE project_id = ?", projectID)
}

// PutModelPermissions sets the policy of a project.
func (tx *Tx) PutModelPermissions(p ModelPermissions) error {
	models, err := json.Marshal(p.ModelIDs)
	if err != nil {
		return err
	}
	return tx.exec("INSERT OR REPLACE INTO model_permissions (project_id, mode, model_ids) VALUES (?, ?, ?)", p.ProjectID, p.Mode, string(models))
}

// RemoveModelPermissions removes the policy of a project.
func (tx *Tx) RemoveModelPermissions(projectID string) error {
	return tx.execOne("DELETE FROM model_permissions WHERE project_id = ?", projectID)
}

// HostedTools say which tools that OpenAI runs a project may use.
type HostedTools struct {
	ProjectID                                                    string
	CodeInterpreter, FileSearch, ImageGeneration, MCP, WebSearch bool
}

// HostedTools returns the tools of a project: all of them, until something
// else is set.
func (tx *Tx) HostedTools(projectID string) (HostedTools, error) {
	tools, err := queryOne(tx, func(row scanner) (t HostedTools, err error) {
		err = row.Scan(&t.ProjectID, &t.CodeInterpreter, &t.FileSearch, &t.ImageGeneration, &t.MCP, &t.WebSearch)
		return t, err
	}, "SELECT project_id, code_interpreter, file_search, image_generation, mcp, web_search FROM hosted_tools WHERE project_id = ?", projectID)
	if errors.Is(err, ErrNotFound) {
		return HostedTools{projectID, true, true, true, true, true}, nil
	}
	return tools, err
}

// PutHostedTools sets the tools of a project.
func (tx *Tx) PutHostedTools(t HostedTools) error {
	return tx.exec(`INSERT OR REPLACE INTO hosted_tools (project_id, code_interpreter, file_search, image_generation, mcp, web_search)
		VALUES (?, ?, ?, ?, ?, ?)`, t.ProjectID, t.CodeInterpreter, t.FileSearch, t.ImageGeneration, t.MCP, t.WebSearch)
}

// ServiceTiers say how fast, and how dear, the requests of a project may be.
type ServiceTiers struct {
	ProjectID string
	Default   string
	// Enabled is nil when all tiers are, also those that are yet to come.
	Enabled []string
}

// ServiceTiers returns the tiers of a project: all of them, and the standard
// one by default, until something else is set.
func (tx *Tx) ServiceTiers(projectID string) (ServiceTiers, error) {
	tiers, err := queryOne(tx, func(row scanner) (t ServiceTiers, err error) {
		var enabled string
		if err = row.Scan(&t.ProjectID, &t.Default, &enabled); err != nil {
			return t, err
		}
		return t, json.Unmarshal([]byte(enabled), &t.Enabled)
	}, "SELECT project_id, default_tier, enabled FROM service_tiers WHERE project_id = ?", projectID)
	if errors.Is(err, ErrNotFound) {
		return ServiceTiers{ProjectID: projectID, Default: "standard"}, nil
	}
	return tiers, err
}

// PutServiceTiers sets the tiers of a project.
func (tx *Tx) PutServiceTiers(t ServiceTiers) error {
	enabled, err := json.Marshal(t.Enabled)
	if err != nil {
		return err
	}
	return tx.exec("INSERT OR REPLACE INTO service_tiers (project_id, default_tier, enabled) VALUES (?, ?, ?)", t.ProjectID, t.Default, string(enabled))
}

// DataRetention returns how the data of a scope are kept, empty when nothing
// was ever set.
func (tx *Tx) DataRetention(scope string) (kind string, err error) {
	err = tx.QueryRowContext(tx.ctx, "SELECT type FROM data_retention WHERE scope = ?", scope).Scan(&kind)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return kind, err
}

// PutDataRetention sets how the data of a scope are kept.
func (tx *Tx) PutDataRetention(scope, kind string) error {
	return tx.exec("INSERT OR REPLACE INTO data_retention (scope, type) VALUES (?, ?)", scope, kind)
}
