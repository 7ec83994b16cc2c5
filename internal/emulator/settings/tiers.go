package settings

import (
	"encoding/json"
	"slices"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// tierList is sent as a list, or as the text "all" when it is nil.
type tierList []string

// MarshalJSON writes a list, or "all".
func (l tierList) MarshalJSON() ([]byte, error) {
	if l == nil {
		return json.Marshal("all")
	}
	return json.Marshal([]string(l))
}

// UnmarshalJSON reads the output of MarshalJSON.
func (l *tierList) UnmarshalJSON(data []byte) error {
	if string(data) == `"all"` {
		*l = nil
		return nil
	}
	*l = tierList{}
	return json.Unmarshal(data, (*[]string)(l))
}

type tiersReply struct {
	Object       string   `json:"object"`
	Default      string   `json:"default"`
	EnabledTiers tierList `json:"enabled_tiers"`
}

func newTiersReply(t store.ServiceTiers) tiersReply {
	return tiersReply{Object: "project.service_tier_settings", Default: t.Default, EnabledTiers: t.Enabled}
}

func getTiers(r *api.Request) (any, error) {
	project, err := api.AnyProject(r)
	if err != nil {
		return nil, err
	}
	tiers, err := r.Tx.ServiceTiers(project.ID)
	return newTiersReply(tiers), err
}

// updateTiers changes the fields in the request, all of them or none.
func updateTiers(r *api.Request) (any, error) {
	var body struct {
		Default      api.Optional[string]   `json:"default"`
		EnabledTiers api.Optional[tierList] `json:"enabled_tiers"`
	}
	project, err := api.ActiveProject(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if !body.Default.Set() && !body.EnabledTiers.Set() {
		return nil, api.BadRequest("", "At least one of 'default' and 'enabled_tiers' is required.")
	}
	tiers, err := r.Tx.ServiceTiers(project.ID)
	if err != nil {
		return nil, err
	}
	if body.Default.Set() {
		tiers.Default = body.Default.Value
	}
	if body.EnabledTiers.Set() {
		tiers.Enabled = body.EnabledTiers.Value
	}
	if err := oneOf("default", tiers.Default, "standard", "fast", "scale"); err != nil {
		return nil, err
	}
	for _, tier := range tiers.Enabled {
		if err := oneOf("enabled_tiers", tier, "flex", "fast", "ultrafast"); err != nil {
			return nil, err
		}
	}
	// Assumption A-29: the default tier must be enabled.
	if !r.Behavior.AcceptsDisabledDefaultTier && tiers.Default == "fast" && tiers.Enabled != nil && !slices.Contains(tiers.Enabled, "fast") {
		return nil, api.BadRequest("default", "The default tier 'fast' is not enabled for this project.")
	}
	return newTiersReply(tiers), r.Tx.PutServiceTiers(tiers)
}
