package dashboard

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// view has the values of the page, ready to be written.
type view struct {
	Style              template.CSS
	Organization, Name string
	Now, Month         string
	Choice             choice
	Measures, Groups   []option
	Ranges             []link

	Spend    spend
	Projects []projectRow
	Chart    chart
	Keys     []keyRow
	Members  []memberRow
	Outbox   []messageRow
	Requests []requestRow

	// Counts are of all that there is; the page may show less.
	Counts       counts
	MoreProjects int
}

type counts struct{ Projects, Keys, Members, Messages int }

type link struct{ Title, URL string }

// The page shows this many of a kind at most.
const (
	mostProjects = 200
	mostKeys     = 200
	mostMessages = 50
	mostRequests = 50
)

func newView(r *api.Request, c choice) (v view, err error) {
	v = view{
		Style: template.CSS(style), Choice: c, Measures: measures, Groups: groupings, //nolint:gosec // it is our own file
		Now: r.Time.UTC().Format("2 January 2006, 15:04:05 UTC"), Month: r.Time.UTC().Format("January 2006"),
	}
	today := r.Time.UTC().Truncate(day)
	v.Ranges = []link{{"7 days", c.lastDays(7, today)}, {"30 days", c.lastDays(30, today)}, {"90 days", c.lastDays(90, today)}, {"a year", c.lastDays(365, today)}}
	if v.Organization, err = r.Tx.Setting("organization_id"); err != nil {
		return v, err
	}
	if v.Name, err = r.Tx.Setting("organization_name"); err != nil {
		return v, err
	}
	if v.Spend, err = newSpend(r, store.Organization); err != nil {
		return v, err
	}
	for _, fill := range []func(*view, *api.Request) error{fillProjects, fillChart, fillKeys, fillMembers, fillOutbox, fillRequests} {
		if err := fill(&v, r); err != nil {
			return v, err
		}
	}
	return v, nil
}

// spend is the spend of a scope this month, compared with its limit.
type spend struct {
	Spent, Limit string
	// Percent is how much of the bar is filled.
	Percent float64
	// State is none without a limit, and then fine, near or reached.
	State string
	// Alerts are the positions of alert thresholds on the bar.
	Alerts []alertMark
}

type alertMark struct {
	Percent float64
	Title   string
}

func newSpend(r *api.Request, scope string) (s spend, err error) {
	spent, err := r.Tx.MonthSpend(scope, r.Now())
	if err != nil {
		return s, err
	}
	s = spend{Spent: dollars(spent), State: "none"}
	alerts, err := r.Tx.SpendAlerts(scope)
	if err != nil {
		return s, err
	}
	limit, err := r.Tx.SpendLimit(scope)
	full := limit.Amount
	switch {
	case err == nil:
		s.Limit, s.State = dollars(limit.Amount*store.NanoPerCent), "fine"
		if limit.Disabled {
			s.Limit += ", switched off"
		}
	case errors.Is(err, store.ErrNotFound):
		// Without a limit, the bar ends at the highest alert.
		for _, alert := range alerts {
			full = max(full, alert.Amount)
		}
	default:
		return s, err
	}
	if full == 0 {
		return s, nil
	}
	s.Percent = min(100, tenth(float64(spent)/float64(full*store.NanoPerCent)*100))
	for _, alert := range alerts {
		s.Alerts = append(s.Alerts, alertMark{
			Percent: min(100, tenth(float64(alert.Amount)/float64(full)*100)),
			Title:   fmt.Sprintf("alert at %s to %s", dollars(alert.Amount*store.NanoPerCent), strings.Join(alert.Recipients, ", ")),
		})
	}
	switch {
	case s.State == "none":
	case limit.Reached(spent):
		s.State = "reached"
	case s.Percent >= 80:
		s.State = "near"
	}
	return s, nil
}

type projectRow struct {
	ID, Name, Note string
	Archived       bool
	store.ProjectCounts
	Spend spend
}

func fillProjects(v *view, r *api.Request) error {
	projects, err := r.Tx.Projects(true)
	if err != nil {
		return err
	}
	within, err := r.Tx.ProjectCounts()
	if err != nil {
		return err
	}
	for _, c := range within {
		v.Counts.Keys += int(c.Keys)
	}
	// Active ones first.
	slices.SortStableFunc(projects, func(a, b store.Project) int {
		return cmp.Compare(btoi(a.ArchivedAt != nil), btoi(b.ArchivedAt != nil))
	})
	v.Counts.Projects = len(projects)
	v.MoreProjects = max(0, len(projects)-mostProjects)
	for _, p := range projects[:len(projects)-v.MoreProjects] {
		row := projectRow{ID: p.ID, Name: p.Name, Archived: p.ArchivedAt != nil, ProjectCounts: within[p.ID]}
		switch {
		case row.Archived:
			row.Note = "archived"
		case p.IsDefault:
			row.Note = "default"
		}
		if row.Spend, err = newSpend(r, p.ID); err != nil {
			return err
		}
		v.Projects = append(v.Projects, row)
	}
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func fillChart(v *view, r *api.Request) error {
	sums, err := r.Tx.SumByDay(dailies[v.Choice.Measure.Value], v.Choice.column(), v.Choice.From.Unix(), v.Choice.To.AddDate(0, 0, 1).Unix())
	if err != nil {
		return err
	}
	names := map[string]string{}
	switch v.Choice.By.Value {
	case "project":
		projects, err := r.Tx.Projects(true)
		if err != nil {
			return err
		}
		for _, p := range projects {
			names[p.ID] = p.Name
		}
	case "key":
		if names, err = r.Tx.KeyNames(); err != nil {
			return err
		}
	}
	v.Chart = newChart(v.Choice, sums, names)
	return nil
}

type keyRow struct {
	Name, Redacted, Project, Owner, Age, Used, Expires string
	Expired                                            bool
}

func fillKeys(v *view, r *api.Request) error {
	users, err := r.Tx.Users()
	if err != nil {
		return err
	}
	addresses := map[string]string{}
	for _, u := range users {
		addresses[u.ID] = u.Email
	}
	admin, err := r.Tx.AdminKeys()
	if err != nil {
		return err
	}
	keys, err := r.Tx.KeyOverviews(mostKeys)
	if err != nil {
		return err
	}
	v.Counts.Keys += len(admin)
	for _, k := range admin {
		keys = append(keys, store.KeyOverview{
			Name: k.Name, RedactedValue: k.RedactedValue, Owner: addresses[k.UserID],
			CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, LastUsedAt: k.LastUsedAt,
		})
	}
	for _, k := range keys {
		row := keyRow{
			Name: k.Name, Redacted: k.RedactedValue, Project: k.Project, Owner: k.Owner,
			Age: span(r.Now() - k.CreatedAt), Used: "never", Expires: "never",
		}
		if k.LastUsedAt != nil {
			row.Used = ago(r.Now() - *k.LastUsedAt)
		}
		if k.ExpiresAt != nil {
			left := *k.ExpiresAt - r.Now()
			row.Expires, row.Expired = "in "+span(left), left <= 0
		}
		if row.Expired {
			row.Expires = "expired"
		}
		v.Keys = append(v.Keys, row)
	}
	return nil
}

type memberRow struct{ Name, Email, Role, Note string }

func fillMembers(v *view, r *api.Request) error {
	users, err := r.Tx.Users()
	if err != nil {
		return err
	}
	for _, u := range users {
		v.Members = append(v.Members, memberRow{Name: u.Name, Email: u.Email, Role: u.Role, Note: "joined " + ago(r.Now()-u.AddedAt)})
	}
	invites, err := r.Tx.Invites()
	if err != nil {
		return err
	}
	for _, i := range invites {
		if status := i.Status(r.Now()); status != "accepted" {
			note := "invited " + ago(r.Now()-i.CreatedAt)
			if status == "expired" {
				note += ", expired"
			}
			v.Members = append(v.Members, memberRow{Email: i.Email, Role: i.Role, Note: note})
		}
	}
	v.Counts.Members = len(users)
	return nil
}

type messageRow struct{ At, To, Subject, Body, Delivery, Failure string }

func fillOutbox(v *view, r *api.Request) error {
	messages, err := r.Tx.Outbox()
	if err != nil {
		return err
	}
	v.Counts.Messages = len(messages)
	slices.Reverse(messages)
	for _, m := range messages[:min(len(messages), mostMessages)] {
		row := messageRow{At: moment(m.CreatedAt), To: strings.Join(m.Recipients, ", "), Subject: m.Subject, Body: m.Body, Delivery: m.Delivery}
		if m.Failure != nil {
			row.Failure = *m.Failure
		}
		v.Outbox = append(v.Outbox, row)
	}
	return nil
}

type requestRow struct {
	At, Method, Path string
	Status           int
	Failed           bool
}

// secret matches keys, which a client may have put into a path.
var secret = regexp.MustCompile(`sk-[A-Za-z0-9_-]+`)

func fillRequests(v *view, r *api.Request) error {
	entries, err := r.Tx.LastRequests(mostRequests)
	if err != nil {
		return err
	}
	for _, e := range entries {
		row := requestRow{At: e.At, Method: e.Method, Path: secret.ReplaceAllString(e.Path, "sk-…"), Status: e.Status, Failed: e.Status >= 400}
		if at, err := time.Parse(time.RFC3339Nano, e.At); err == nil {
			row.At = moment(at.Unix())
		}
		v.Requests = append(v.Requests, row)
	}
	return nil
}

func moment(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04:05") }

func ago(seconds int64) string {
	if seconds < 1 {
		return "just now"
	}
	return span(seconds) + " ago"
}

// span writes a time in its largest unit.
func span(seconds int64) string {
	switch {
	case seconds >= 2*86400:
		return fmt.Sprintf("%d days", seconds/86400)
	case seconds >= 2*3600:
		return fmt.Sprintf("%d hours", seconds/3600)
	case seconds >= 2*60:
		return fmt.Sprintf("%d minutes", seconds/60)
	default:
		return fmt.Sprintf("%d seconds", max(0, seconds))
	}
}
