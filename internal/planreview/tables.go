package planreview

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
)

// table is a part of the report as Markdown and text show it.
type table struct {
	title string
	head  []string
	rows  []row
}

type row struct {
	risk Severity
	// withProject says that the row follows from the archiving of a project.
	withProject bool
	cells       []string
}

func newRow(c Change, cells ...string) row { return row{c.Risk, c.WithProject, cells} }

// split separates the rows that follow from the archiving of a project.
func (t table) split() (own, following table) {
	own, following = table{title: t.title, head: t.head}, table{title: t.title, head: t.head}
	for _, row := range t.rows {
		if row.withProject {
			following.rows = append(following.rows, row)
		} else {
			own.rows = append(own.rows, row)
		}
	}
	return own, following
}

// tables are the parts of the report that are shown in full.
func (r *Report) tables() []table {
	limits := table{title: "Limits", head: []string{"Project", "Limit", "Before", "After", "Change"}}
	for _, c := range r.Limits {
		limits.rows = append(limits.rows, newRow(c.Change, c.Project, c.Limit, c.Before, c.After, c.Percent))
	}
	keys := table{title: "Keys", head: []string{"Project", "Key", "What happens", "Scopes", "Expiry", "Secret"}}
	for _, c := range r.Keys {
		keys.rows = append(keys.rows, newRow(c.Change, c.Project, c.Key, c.Action, c.Scopes, c.Expiry, c.Secret))
	}
	members := table{title: "Members", head: []string{"Who", "Where", "What happens", "Role"}}
	for _, c := range r.Members {
		members.rows = append(members.rows, newRow(c.Change, c.Who, c.Where, c.Action, c.Role))
	}
	projects := table{title: "Projects", head: []string{"Project", "What happens", "Changes"}}
	for _, c := range r.Projects {
		projects.rows = append(projects.rows, newRow(c.Change, c.Project, c.Action, c.Changes))
	}
	actions := table{title: "Actions", head: []string{"Action", "Object", "Trigger"}}
	for _, c := range r.Actions {
		actions.rows = append(actions.rows, newRow(c.Change, c.Action, c.Object, c.Trigger))
	}
	return nonEmpty(actions, limits, keys, members, projects)
}

// folded are the parts that a reviewer opens when in doubt.
func (r *Report) folded() []table {
	others := table{title: "Everything else", head: []string{"Address", "What happens", "Changes"}}
	for _, c := range r.Others {
		others.rows = append(others.rows, newRow(c.Change, c.Address, c.Action, c.Changes))
	}
	drift := table{title: "Changed outside Terraform", head: []string{"Address", "What happens", "Changes"}}
	for _, c := range r.Drift {
		drift.rows = append(drift.rows, newRow(c.Change, c.Address, c.Action, c.Changes))
	}
	return nonEmpty(others, drift)
}

func nonEmpty(all ...table) []table {
	var some []table
	for _, t := range all {
		if len(t.rows) > 0 {
			some = append(some, t)
		}
	}
	return some
}

// headline is the verdict in a line.
func (r *Report) headline() string {
	switch {
	case r.Checked.Errored:
		return "the plan failed and may be incomplete"
	case r.Checked.Resources == 0 && len(r.Actions) == 0 && len(r.Findings) == 0:
		return "no objects of OpenAI in this plan"
	case r.Counts.total() == 0 && len(r.Findings) == 0:
		return "no changes"
	}
	found := map[findings.Severity]int{}
	for _, f := range r.Findings {
		found[f.Severity] += len(f.Subjects)
	}
	return cmp.Or(findings.Counts(found, "risk"), "no risk found")
}

// counts is the number of changes, in a line.
func (r *Report) counts() string {
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{
		{r.Counts.Add, "to add"},
		{r.Counts.Change, "to change"},
		{r.Counts.Replace, "to replace"},
		{r.Counts.Destroy, "to destroy"},
		{r.Counts.Import, "to import"},
		{r.Counts.Move, "moved"},
		{r.Counts.Forget, "to forget"},
		{r.Counts.Invoke, "to invoke"},
		{len(r.Drift), "changed outside Terraform"},
	} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if len(parts) == 0 {
		parts = []string{"nothing to do"}
	}
	var kinds []string
	for _, kind := range []struct {
		n         int
		one, many string
	}{
		{len(r.Actions), "action", "actions"},
		{len(r.Limits), "limit", "limits"},
		{len(r.Keys), "key", "keys"},
		{len(r.Members), "member", "members"},
		{len(r.Projects), "project", "projects"},
		{len(r.Others), "other", "others"},
	} {
		switch kind.n {
		case 0:
		case 1:
			kinds = append(kinds, "1 "+kind.one)
		default:
			kinds = append(kinds, fmt.Sprintf("%d %s", kind.n, kind.many))
		}
	}
	text := strings.Join(parts, ", ")
	if len(kinds) > 0 {
		text += ": " + strings.Join(kinds, ", ")
	}
	return text
}

// checked lists the reviewed objects and rules, so that a review of nothing is
// not mistaken for one without findings.
func (r *Report) checked() string {
	c := r.Checked
	text := fmt.Sprintf("Checked %s of the OpenAI provider against %d rules", objects(c.Resources), len(c.Rules))
	text += findings.Configured(c.Off, c.Rules) + "."
	if c.Others > 0 {
		text += fmt.Sprintf(" Not reviewed: %s of other providers (%d with changes).", objects(c.Others), c.OthersChanged)
	}
	return strings.Join(append([]string{text}, c.Notes...), " ")
}

func objects(n int) string {
	if n == 1 {
		return "1 object"
	}
	return fmt.Sprintf("%d objects", n)
}
