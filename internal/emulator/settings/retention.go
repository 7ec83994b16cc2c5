package settings

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

type retentionReply struct {
	Object string `json:"object"`
	Type   string `json:"type"`
}

// retentions are those that an organization can agree with OpenAI. The
// emulator's has agreed on all of them.
var retentions = []string{
	"zero_data_retention", "modified_abuse_monitoring", "enhanced_zero_data_retention", "enhanced_modified_abuse_monitoring",
}

// Assumption A-30: an organization that has agreed nothing answers "none",
// which cannot be set.
const noRetention = "none"

const projectDefault = "organization_default"

// checkAgreement refuses an organization that has agreed nothing. Assumption
//
func checkAgreement(r *api.Request) error {
	if !r.Behavior.RefusesRetention {
		return nil
	}
	return &api.Error{Status: http.StatusForbidden, Type: "invalid_request_error", Message: "Data retention is not enabled for this organization."}
}

func getOrganizationRetention(r *api.Request) (any, error) {
	if err := checkAgreement(r); err != nil {
		return nil, err
	}
	kind, err := r.Tx.DataRetention(store.Organization)
	return retentionReply{"organization.data_retention", cmp.Or(kind, noRetention)}, err
}

func setOrganizationRetention(r *api.Request) (any, error) {
	if err := checkAgreement(r); err != nil {
		return nil, err
	}
	kind, err := askedRetention(r, retentions)
	if err != nil {
		return nil, err
	}
	return retentionReply{"organization.data_retention", kind}, r.Tx.PutDataRetention(store.Organization, kind)
}

func getProjectRetention(r *api.Request) (any, error) {
	project, err := api.AnyProject(r)
	if err != nil {
		return nil, err
	}
	kind, err := r.Tx.DataRetention(project.ID)
	return retentionReply{"project.data_retention", cmp.Or(kind, projectDefault)}, err
}

func setProjectRetention(r *api.Request) (any, error) {
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	kind, err := askedRetention(r, slices.Concat([]string{projectDefault, noRetention}, retentions))
	if err != nil {
		return nil, err
	}
	return retentionReply{"project.data_retention", kind}, r.Tx.PutDataRetention(project.ID, kind)
}

func askedRetention(r *api.Request, supported []string) (string, error) {
	var body struct {
		RetentionType string `json:"retention_type"`
	}
	if err := api.Decode(r, &body); err != nil {
		return "", err
	}
	return body.RetentionType, oneOf("retention_type", body.RetentionType, supported...)
}
