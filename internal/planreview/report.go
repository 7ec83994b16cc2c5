package planreview

import (
	"cmp"
	"slices"
)

// Report has the changes of a plan and the risks among them. Its texts hold no
// secret.
type Report struct {
	// FormatVersion is that of the JSON form of the report.
	FormatVersion string `json:"format_version"`
	// Verdict is the highest severity of a finding, empty without findings.
	Verdict Severity `json:"verdict"`
	Counts  Counts   `json:"counts"`
	// Total is the sum of the hard limits before and after, empty when none changes.
	Total string `json:"total"`
	// Findings are the risks, the most severe first.
	Findings []Finding       `json:"findings"`
	Limits   []LimitChange   `json:"limits"`
	Keys     []KeyChange     `json:"keys"`
	Members  []MemberChange  `json:"members"`
	Projects []ProjectChange `json:"projects"`
	// Actions are those that the plan invokes.
	Actions []ActionChange `json:"actions"`
	// Others are changes of other kinds of our objects.
	Others []OtherChange `json:"others"`
	// Drift are the changes outside Terraform.
	Drift   []OtherChange `json:"drift"`
	Checked Checked       `json:"checked"`

	clean cleaner
}

// Counts are the numbers of the provider's objects that change.
type Counts struct {
	Add     int `json:"add"`
	Change  int `json:"change"`
	Destroy int `json:"destroy"`
	Replace int `json:"replace"`
	Import  int `json:"import"`
	Move    int `json:"move"`
	Forget  int `json:"forget"`
	Invoke  int `json:"invoke"`
}

func (c Counts) total() int {
	return c.Add + c.Change + c.Destroy + c.Replace + c.Import + c.Move + c.Forget + c.Invoke
}

// Checked are the objects and rules of the review.
type Checked struct {
	// Resources are the provider's objects in the plan, changed or not.
	Resources int `json:"resources"`
	// Others are objects of other providers, which are not reviewed.
	Others int `json:"elsewhere"`
	// OthersChanged of them change.
	OthersChanged int `json:"elsewhere_changed"`
	// Rules are those that were applied.
	Rules []Rule `json:"rules"`
	// Off are those that are switched off.
	Off []string `json:"off"`
	// Notes are reasons why the plan may be incomplete.
	Notes []string `json:"notes"`
	// Errored says that planning ended with an error.
	Errored bool `json:"errored"`
}

// Finding is a risk of one kind, with all that it concerns.
type Finding struct {
	Rule     string    `json:"rule"`
	Severity Severity  `json:"severity"`
	Title    string    `json:"title"`
	Why      string    `json:"why"`
	Subjects []Subject `json:"subjects"`
}

// Subject is one object that a finding concerns.
type Subject struct {
	Address string `json:"address"`
	// Text names the object and the change.
	Text string `json:"text"`
}

// Change has the fields of all changes.
type Change struct {
	Address string `json:"address"`
	// Action is the action in one or two words.
	Action string `json:"action"`
	// Risk is the highest severity of a finding about it, empty without one.
	Risk Severity `json:"risk,omitempty"`
	// WithProject says that the object ends because its project is archived.
	WithProject bool `json:"with_project,omitempty"`
}

// LimitChange is a hard limit, an alert or a rate limit.
type LimitChange struct {
	Change
	Project string `json:"project"`
	// Limit says which limit it is.
	Limit   string `json:"limit"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Percent string `json:"percent"`
}

// KeyChange is a key of a project or of an administrator.
type KeyChange struct {
	Change
	Project string `json:"project"`
	Key     string `json:"key"`
	// Scopes, Expiry and Secret are before → after where they differ.
	Scopes string `json:"scopes"`
	Expiry string `json:"expiry"`
	// Secret says where the secret is kept.
	Secret string `json:"secret"`
}

// MemberChange is a person, a service account or a group somewhere.
type MemberChange struct {
	Change
	Who string `json:"who"`
	// Where is the organization, a project or a group.
	Where string `json:"where"`
	Role  string `json:"role"`
}

// ProjectChange is a project.
type ProjectChange struct {
	Change
	Project string `json:"project"`
	// Changes are the attributes that change.
	Changes string `json:"changes"`
}

// ActionChange is an action that the plan invokes.
type ActionChange struct {
	Change
	Object string `json:"object"`
	// Trigger is -invoke, or the event and the resource that invoke it.
	Trigger string `json:"trigger"`
}

// OtherChange is anything else.
type OtherChange struct {
	Change
	// Changes are the names of the attributes that change.
	Changes string `json:"changes"`
}

// Fails says whether there is a finding of this severity or a higher one.
func (r *Report) Fails(from Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity.AtLeast(from) })
}

func byRisk(a, b Change) int {
	return cmp.Or(cmp.Compare(a.Risk.Rank(), b.Risk.Rank()), cmp.Compare(a.Address, b.Address))
}
