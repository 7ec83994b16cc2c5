// Package spend serves spend limits and spend alerts.
package spend

import (
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// Routes registers the endpoints of spend limits and alerts.
func Routes(router api.Router) {
	for _, s := range []scope{
		{path: "/organization", kind: "organization", of: ofOrganization},
		{path: "/organization/projects/{project_id}", kind: "project", of: ofProject},
	} {
		router.Handle("GET "+s.path+"/spend_limit", s.getLimit)
		router.Handle("POST "+s.path+"/spend_limit", s.setLimit)
		router.Handle("DELETE "+s.path+"/spend_limit", s.removeLimit)
		router.Handle("GET "+s.path+"/spend_alerts", s.listAlerts)
		router.Handle("POST "+s.path+"/spend_alerts", s.createAlert)
		router.Handle("GET "+s.path+"/spend_alerts/{alert_id}", s.getAlert)
		router.Handle("POST "+s.path+"/spend_alerts/{alert_id}", s.updateAlert)
		router.Handle("DELETE "+s.path+"/spend_alerts/{alert_id}", s.removeAlert)
	}
}

// scope is where a limit holds: the organization or a project.
type scope struct {
	path string
	// kind begins the object names of replies.
	kind string
	// of returns the key of the scope in the store.
	of func(r *api.Request, write bool) (string, error)
}

func ofOrganization(*api.Request, bool) (string, error) { return store.Organization, nil }

func ofProject(r *api.Request, write bool) (string, error) {
	project, err := api.AnyProject(r)
	if err == nil && write && project.ArchivedAt != nil {
		err = api.ProjectArchived(project.ID)
	}
	return project.ID, err
}

// period is the currency and the interval. Each has one value only.
type period struct {
	Currency string `json:"currency"`
	Interval string `json:"interval"`
}

func (p period) check() error {
	switch {
	case p.Currency == "":
		return api.BadRequest("currency", "Missing required parameter: 'currency'.")
	case p.Currency != "USD":
		return api.BadRequest("currency", "Invalid value: %q. Supported values are: 'USD'.", p.Currency)
	case p.Interval == "":
		return api.BadRequest("interval", "Missing required parameter: 'interval'.")
	case p.Interval != "month":
		return api.BadRequest("interval", "Invalid value: %q. Supported values are: 'month'.", p.Interval)
	default:
		return nil
	}
}
