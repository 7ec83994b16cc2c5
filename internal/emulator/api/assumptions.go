package api

import (
	"fmt"
	"slices"
	"strings"
)

// Assumption is a question that the documentation leaves open, with the answers
// between which the emulator can choose.
type Assumption struct {
	// ID is the number of the question, such as A-4.
	ID       string
	Question string
	// Answers begin with the default.
	Answers []Answer
}

// Answer is one reading of the documentation.
type Answer struct {
	Name  string
	apply func(*Behavior)
}

// Assumptions returns the questions whose answer can be chosen.
func Assumptions() []Assumption {
	return []Assumption{
		{"A-4", "Retry-After in throttled answers", []Answer{
			{"absent", func(b *Behavior) { b.SendRetryAfter = false }},
			{"sent", func(b *Behavior) { b.SendRetryAfter = true }},
		}},
		{"A-41", "members of a new project", []Answer{
			{"none", func(b *Behavior) { b.NewProjectMembers = "" }},
			{"creator", func(b *Behavior) { b.NewProjectMembers = CreatorIsMember }},
			{"owners", func(b *Behavior) { b.NewProjectMembers = OwnersAreMembers }},
		}},
		{"A-42", "ids of predefined roles in lists of roles: with the project or organization, as in assignments, or without", []Answer{
			{"long", func(b *Behavior) { b.ShortRoleIDs = false }},
			{"short", func(b *Behavior) { b.ShortRoleIDs = true }},
		}},
		{"A-43", "order of a role's permissions in answers", []Answer{
			{"sent", func(b *Behavior) { b.ShufflePermissions = false }},
			{"other", func(b *Behavior) { b.ShufflePermissions = true }},
		}},
		{"A-44", "policy of the organization for hosted tools; in all projects, none can be disabled", []Answer{
			{"selected", func(b *Behavior) { b.HostedToolsForAll = false }},
			{"all", func(b *Behavior) { b.HostedToolsForAll = true }},
		}},
		{"A-45", "external key of an existing project, which OpenAI enables for each organization", []Answer{
			{"changeable", func(b *Behavior) { b.KeepsExternalKeys = false }},
			{"fixed", func(b *Behavior) { b.KeepsExternalKeys = true }},
		}},
	}
}

// Assume makes a choice such as A-4=sent.
func (b *Behavior) Assume(choice string) error {
	id, name, ok := strings.Cut(choice, "=")
	if !ok {
		return fmt.Errorf("an assumption is written as A-4=sent, got %q", choice)
	}
	all := Assumptions()
	at := slices.IndexFunc(all, func(a Assumption) bool { return a.ID == id })
	if at < 0 {
		return fmt.Errorf("there is no choice for an assumption %q", id)
	}
	for _, answer := range all[at].Answers {
		if answer.Name == name {
			answer.apply(b)
			return nil
		}
	}
	return fmt.Errorf("%s (%s) is one of %s, got %q", id, all[at].Question, strings.Join(all[at].Names(), ", "), name)
}

// Names are those of the answers.
func (a Assumption) Names() []string {
	names := make([]string, len(a.Answers))
	for i, answer := range a.Answers {
		names[i] = answer.Name
	}
	return names
}
