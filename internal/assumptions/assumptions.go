// Package assumptions lists the questions that the documentation of the
// Administration API leaves open. The emulator can give each answer, and
// openai-admin conformance finds out which one an organization gives.
package assumptions

import (
	"fmt"
	"slices"
	"strings"
)

// Assumption is an open question with its possible answers.
type Assumption struct {
	// ID is the number of the question, such as A-4.
	ID       string
	Question string
	// Answers begin with the assumed one. There are none when the emulator cannot
	// choose.
	Answers []string
	// Source says where the assumed answer comes from.
	Source string
	// Fixed says why the emulator cannot choose, where it cannot.
	Fixed string
}

// Assumed is the answer that the emulator and the provider's tests begin with.
func (a Assumption) Assumed() string { return a.Answers[0] }

// Switched are the questions whose answer the emulator can choose.
func Switched() []Assumption {
	return slices.DeleteFunc(All(), func(a Assumption) bool { return len(a.Answers) == 0 })
}

// Parse reads a choice such as A-4=sent.
func Parse(choice string) (assumption Assumption, answer string, err error) {
	id, answer, ok := strings.Cut(choice, "=")
	if !ok {
		return assumption, "", fmt.Errorf("an assumption is written as A-4=sent, got %q", choice)
	}
	all := All()
	at := slices.IndexFunc(all, func(a Assumption) bool { return a.ID == id })
	switch {
	case at < 0:
		return assumption, "", fmt.Errorf("there is no choice for an assumption %q", id)
	case len(all[at].Answers) == 0:
		return assumption, "", fmt.Errorf("there is no choice for %s (%s): %s", id, all[at].Question, all[at].Fixed)
	case !slices.Contains(all[at].Answers, answer):
		return assumption, "", fmt.Errorf("%s (%s) is one of %s, got %q", id, all[at].Question, strings.Join(all[at].Answers, ", "), answer)
	}
	return all[at], answer, nil
}

// settled is the reason of questions that newer documentation answers.
const settled = "Settled by newer documentation and public code: "

// Sources that several answers have.
const (
	unstated  = "no document states it; the more common reading"
	reference = "Administration API reference"
	help      = "OpenAI help center"
	example   = "example in the Administration API reference"
	sdk       = "field of the official SDK, openai-go v3.98.0"
)

// All returns every question, in the order of its number.
func All() []Assumption {
	return []Assumption{
		{ID: "A-1", Question: "OpenAI-Organization header that names another organization", Answers: []string{"ignored", "refused"},
			Source: "public clients: the organization of the admin key decides"},
		{ID: "A-2", Question: "order of lists without a parameter for it: the oldest first, in audit logs the newest", Answers: []string{"usual", "reversed"},
			Source: example + ": lists of projects begin with the oldest"},
		{ID: "A-3", Question: "limit=0 where the documentation permits it", Answers: []string{"empty", "default"},
			Source: reference + ": the minimum of limit is 0"},
		{ID: "A-4", Question: "Retry-After in throttled answers", Answers: []string{"absent", "sent"},
			Source: "measured by users: https://github.com/mkdev-me/terraform-provider-openai/pull/76"},
		{ID: "A-5", Question: "form of the ids of service accounts", Fixed: settled + "ids look like user-…; the provider treats every id as opaque."},
		{ID: "A-6", Question: "null in an update: what it clears", Answers: []string{"description", "nothing"},
			Source: sdk + ": a role's fields may be null in an update, and only its description in an answer"},
		{ID: "A-7", Question: "residency of a project that was created without one", Answers: []string{"global", "absent"},
			Source: example},
		{ID: "A-8", Question: "mark of the default project", Answers: []string{"name", "is-initial"},
			Source: reference + ": no field marks it"},
		{ID: "A-9", Question: "whether archived projects count towards the 2,000 projects of an organization",
			Fixed: "The emulator has no such limit, and the provider does not count projects. Only an organization with 2,000 projects can answer it."},
		{ID: "A-10", Question: "keys of a deleted service account", Answers: []string{"removed", "kept"}, Source: unstated},
		{ID: "A-11", Question: "role in a project, assigned to a service account as to a user", Answers: []string{"accepted", "refused"},
			Source: "official guide for Terraform: service accounts get their roles as users do"},
		{ID: "A-12", Question: "error code of a refusal by a key policy",
			Fixed: "Only a name: the provider shows the message, and does not read the code. Policies are set in the dashboard, not by the API."},
		{ID: "A-13", Question: "scope of a key that no document names", Answers: []string{"accepted", "refused"},
			Source: "no complete list of scopes is published, so that the provider validates none"},
		{ID: "A-14", Question: "spelling of the scope model.request, with or without api.",
			Fixed: "Only a name: the emulator accepts both, and the provider sends what is configured."},
		{ID: "A-15", Question: "type of an admin key's owner", Answers: []string{"user", "service-account"},
			Source: reference + ": always user"},
		{ID: "A-16", Question: "role and role_id in one update of a user",
			Fixed: "The provider never sends both, and asking would change the access of a person."},
		{ID: "A-17", Question: "service accounts in the list of users", Answers: []string{"absent", "listed"}, Source: unstated},
		{ID: "A-18", Question: "second invitation of one address", Answers: []string{"refused", "created", "returned"}, Source: unstated},
		{ID: "A-19", Question: "user_id and email together, when a user is added to a project", Answers: []string{"refused", "accepted"},
			Source: reference + ": one of user_id and email"},
		{ID: "A-20", Question: "role of a project's user who has a custom role", Answers: []string{"owner-or-member", "custom"},
			Source: reference + ": owner or member"},
		{ID: "A-21", Question: "change of a group that SCIM manages", Answers: []string{"refused", "accepted"}, Source: unstated},
		{ID: "A-22", Question: "user added to a group again, role assigned again", Answers: []string{"accepted", "refused"}, Source: unstated},
		{ID: "A-23", Question: "enforcement of a spend limit that is far away", Answers: []string{"inactive", "enforcing"},
			Source: "guide on spend limits: a limit is enforced once it is reached"},
		{ID: "A-24", Question: "soft budgets in the answer for a spend limit",
			Fixed: "The emulator has no soft budgets: they are set in the dashboard only, and the newest guide does not name them."},
		{ID: "A-25", Question: "read of a spend limit or model permissions that are not set", Fixed: settled + "404."},
		{ID: "A-26", Question: "spend alert that equals another", Answers: []string{"created", "refused"}, Source: unstated},
		{ID: "A-27", Question: "rate limit that a model lacks, or above the organization's", Fixed: settled + "an error."},
		{ID: "A-28", Question: "model permissions without models", Answers: []string{"accepted", "refused"},
			Source: sdk + ": a list without a minimum"},
		{ID: "A-29", Question: "default service tier that is not enabled", Answers: []string{"refused", "accepted"}, Source: unstated},
		{ID: "A-30", Question: "data retention of an organization without an agreement", Answers: []string{"none", "refused"},
			Source: "project setting of the same name, which has the value none"},
		{ID: "A-31", Question: "workspace_id of an external key of the API", Answers: []string{"sent", "absent"},
			Source: sdk + ": required in answers"},
		{ID: "A-32", Question: "status of a validated external key", Fixed: settled + "success."},
		{ID: "A-33", Question: "new workload identity provider without enabled", Answers: []string{"enabled", "disabled"}, Source: unstated},
		{ID: "A-34", Question: "language and meaning of matchers and transformations", Fixed: settled + "CEL over assertion, and matchers with one wildcard at their end. The provider sends both as they are."},
		{ID: "A-35", Question: "days without usage", Answers: []string{"sent", "absent"}, Source: example},
		{ID: "A-36", Question: "usage until a time in the future", Answers: []string{"accepted", "refused"},
			Source: reference + ": end_time has no maximum"},
		{ID: "A-37", Question: "delay until a call appears in usage",
			Fixed: "No answer is promised, and only calls of models can answer it, which cost money. Reports of the provider name the time of their data."},
		{ID: "A-38", Question: "Idempotency-Key header of a create", Answers: []string{"ignored", "honored"},
			Source: "no operation documents idempotency keys"},
		{ID: "A-39", Question: "first read of a new object", Answers: []string{"found", "late"}, Source: unstated},
		{ID: "A-40", Question: "custom role with permissions for groups", Answers: []string{"accepted", "refused"},
			Source: example + ": a custom role with api.groups.read"},
		{ID: "A-41", Question: "members of a new project", Answers: []string{"none", "creator", "owners"}, Source: unstated},
		{ID: "A-42", Question: "ids of predefined roles in lists of roles, with the project or organization as in assignments, or without", Answers: []string{"long", "short"},
			Source: "answers that public providers handle"},
		{ID: "A-43", Question: "order of a role's permissions in answers", Answers: []string{"sent", "other"}, Source: unstated},
		{ID: "A-44", Question: "policy of the organization for hosted tools; when it allows them in all projects, none can be disabled", Answers: []string{"selected", "all"},
			Source: help + ": a tool can be disabled where the policy is selected projects"},
		{ID: "A-45", Question: "external key of an existing project, which OpenAI enables for each organization", Answers: []string{"changeable", "fixed"},
			Source: sdk + ": a field of updates of a project"},
	}
}
