package dashboard

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// view has the values of a page, ready to be written.
type view struct {
	Style              template.CSS
	Script             template.JS
	Organization, Name string
	Now, Month         string
	Choice             choice
	Measures, Groups   []option
	Shows              []option
	Ranges             []link
	// Project is set on the page of a project.
	Project *projectRow

	Spend    spend
	Burn     burn
	Projects []projectRow
	Chart    usageChart
	Keys     []keyRow
	Members  []memberRow
	Outbox   []messageRow
	Changes  []changeRow
	Requests []requestRow
	BaseURL  string

	// Counts are of all that there is; the page may show less.
	Counts       counts
	MoreProjects int
	MoreKeys     int

	paces func(scope string) pace
}

type counts struct{ Projects, Keys, Members, ServiceAccounts, Messages int }

type link struct{ Title, URL string }

// The page shows this many of a kind at most.
const (
	mostProjects = 200
	mostKeys     = 200
	mostMessages = 50
	mostChanges  = 50
	mostRequests = 50
)

// scope is the project of the page, or the organization.
func (v *view) scope() string {
	if v.Project == nil {
		return store.Organization
	}
	return v.Project.ID
}

func newView(r *api.Request, c choice) (v view, err error) {
	v = view{
		Style: template.CSS(style), Script: template.JS(script), Choice: c, Measures: measures, Groups: groupings, Shows: shows, //nolint:gosec // they are our own files
		Now: r.Time.UTC().Format("2 January 2006, 15:04 UTC"), Month: r.Time.UTC().Format("January 2006"), BaseURL: "http://" + r.Host + "/v1",
	}
	today := r.Time.UTC().Truncate(day)
	v.Ranges = []link{{"7 days", c.lastDays(7, today)}, {"30 days", c.lastDays(30, today)}, {"90 days", c.lastDays(90, today)}, {"a year", c.lastDays(365, today)}}
	if v.Organization, err = r.Tx.Setting("organization_id"); err != nil {
		return v, err
	}
	if v.Name, err = r.Tx.Setting("organization_name"); err != nil {
		return v, err
	}
	if v.paces, err = paces(r); err != nil {
		return v, err
	}
	if err := fillProject(&v, r); err != nil {
		return v, err
	}
	if v.Spend, err = v.newSpend(r, v.scope()); err != nil {
		return v, err
	}
	v.Burn = v.paces(v.scope()).newBurn(v.Spend)
	for _, fill := range []func(*view, *api.Request) error{fillProjects, fillChart, fillKeys, fillMembers, fillOutbox, fillChanges, fillRequests} {
		if err := fill(&v, r); err != nil {
			return v, err
		}
	}
	return v, nil
}

// spend is the spend of a scope this month, compared with its limit.
type spend struct {
	Spent, Limit, Left string
	// Share is what was spent of the limit, such as 206 %.
	Share string
	// Projected is the spend at the end of the month, empty when there is none
	// to continue. Reaches is the day on which it reaches the limit.
	Projected, Reaches string
	// Fill and Over are the parts of the bar up to the limit and above it, in
	// percent. A spend above its limit makes the bar stand for more.
	Fill, Over float64
	// State is none without a limit, and then fine, heading for the limit, near
	// or reached.
	State string
	// Alerts are the positions of alert thresholds on the bar.
	Alerts []alertMark

	nano  int64
	marks []mark
}

type alertMark struct {
	Percent       float64
	Title, Amount string
	To            string
	Reached       bool
}

func (v *view) newSpend(r *api.Request, scope string) (s spend, err error) {
	spent, err := r.Tx.MonthSpend(scope, r.Now())
	if err != nil {
		return s, err
	}
	s = spend{Spent: dollars(spent), State: "none", nano: spent}
	alerts, err := r.Tx.SpendAlerts(scope)
	if err != nil {
		return s, err
	}
	pace := v.paces(scope)
	if pace.daily() > 0 {
		s.Projected = dollars(pace.projected(spent))
	}
	limit, err := r.Tx.SpendLimit(scope)
	full := limit.Amount
	switch {
	case err == nil:
		s.limited(limit, pace)
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
	percent := float64(spent) / float64(full*store.NanoPerCent) * 100
	end := max(100, tenth(percent)) // the bar stands for so many percent
	s.Fill = tenth(min(100, percent) / end * 100)
	if s.State == "none" {
		s.Fill = tenth(percent / end * 100)
	}
	s.Over = tenth(100 - s.Fill)
	if s.State == "none" || end == 100 {
		s.Over = 0
	}
	for _, alert := range alerts {
		amount, to := dollars(alert.Amount*store.NanoPerCent), strings.Join(alert.Recipients, ", ")
		s.Alerts = append(s.Alerts, alertMark{
			Percent: min(100, tenth(float64(alert.Amount)/float64(full)*100*100/end)), Amount: amount, To: to,
			Title: fmt.Sprintf("alert at %s to %s", amount, to), Reached: spent >= alert.Amount*store.NanoPerCent,
		})
		s.marks = append(s.marks, mark{"alert", "alert", alert.Amount * store.NanoPerCent})
	}
	return s, nil
}

// limited compares a spend with its limit.
func (s *spend) limited(limit store.SpendLimit, p pace) {
	nano := limit.Amount * store.NanoPerCent
	percent := float64(s.nano) / float64(nano) * 100
	s.Limit, s.State, s.Left = dollars(nano), "fine", dollars(max(0, nano-s.nano))
	s.Share = fmt.Sprintf("%d %%", int64(percent))
	s.marks = append(s.marks, mark{"limit", "limit", nano})
	at, reaches := p.reaches(s.nano, nano)
	switch {
	case limit.Disabled:
		s.Limit += ", switched off"
		return
	case limit.Reached(s.nano):
		s.State = "reached"
	case percent >= 80:
		s.State = "near"
	case reaches:
		s.State = "heading"
	}
	if reaches {
		s.Reaches = at.Format("2 January")
	}
}

type projectRow struct {
	ID, Name, Note string
	Archived       bool
	store.ProjectCounts
	Spend spend
	Spark burnDrawing
}

func newProjectRow(p store.Project, counts store.ProjectCounts) projectRow {
	row := projectRow{ID: p.ID, Name: p.Name, Archived: p.ArchivedAt != nil, ProjectCounts: counts}
	switch {
	case row.Archived:
		row.Note = "archived"
	case p.IsDefault:
		row.Note = "default"
	}
	return row
}

// fillProject takes the project of the page from its path.
func fillProject(v *view, r *api.Request) error {
	id := r.PathValue("project_id")
	if id == "" {
		return nil
	}
	project, err := r.Tx.Project(id)
	if err != nil {
		return api.Or(err, api.NotFound("project", secret.ReplaceAllString(id, "sk-…")))
	}
	within, err := r.Tx.ProjectCounts()
	if err != nil {
		return err
	}
	row := newProjectRow(project, within[id])
	v.Project = &row
	v.Counts.Keys, v.Counts.ServiceAccounts = int(row.Keys), int(row.ServiceAccounts)
	return nil
}

func fillProjects(v *view, r *api.Request) error {
	if v.Project != nil {
		return nil
	}
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
		row := newProjectRow(p, within[p.ID])
		if row.Spend, err = v.newSpend(r, p.ID); err != nil {
			return err
		}
		row.Spark = v.paces(p.ID).draw(spark, row.Spend.nano, row.Spend.marks)
		v.Projects = append(v.Projects, row)
	}
	slices.SortStableFunc(v.Projects, func(a, b projectRow) int {
		return cmp.Or(cmp.Compare(btoi(a.Archived), btoi(b.Archived)), cmp.Compare(b.Spend.nano, a.Spend.nano))
	})
	return nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func fillChart(v *view, r *api.Request) error {
	sums, err := r.Tx.SumByDay(dailies[v.Choice.Measure.Value], v.Choice.column(), v.scope(), v.Choice.From.Unix(), v.Choice.To.AddDate(0, 0, 1).Unix())
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
		names = projectNames(projects)
	case "key":
		if names, err = r.Tx.KeyNames(); err != nil {
			return err
		}
	}
	v.Chart = newUsageChart(v.Choice, sums, names)
	return nil
}

func projectNames(projects []store.Project) map[string]string {
	names := map[string]string{}
	for _, p := range projects {
		names[p.ID] = p.Name
	}
	return names
}

type keyRow struct {
	Name, Redacted, ProjectID, Project, Owner, Age, Used string
	// Rotation is when the key must be rotated: until it expires.
	Rotation string
	// State is expired, replaced, soon when it expires within two weeks, or empty.
	State string
}

// soon is how many seconds before its expiry a key is marked.
const soon = 14 * 86400

func newKeyRow(k store.KeyOverview, now int64) keyRow {
	row := keyRow{
		Name: k.Name, Redacted: k.RedactedValue, ProjectID: k.ProjectID, Project: k.Project, Owner: k.Owner,
		Age: span(now - k.CreatedAt), Used: "never", Rotation: "none, it never expires",
	}
	if k.LastUsedAt != nil {
		row.Used = ago(now - *k.LastUsedAt)
	}
	if k.Replaced {
		row.State, row.Rotation = "replaced", "replaced"
	}
	if k.ExpiresAt == nil {
		return row
	}
	date, left := time.Unix(*k.ExpiresAt, 0).UTC().Format("2 Jan 2006"), *k.ExpiresAt-now
	switch {
	case left <= 0:
		row.State, row.Rotation = "expired", "expired on "+date
	case k.Replaced:
		row.Rotation = fmt.Sprintf("replaced, expires in %s", span(left))
	default:
		row.Rotation = fmt.Sprintf("by %s, in %s", date, span(left))
		if left <= soon {
			row.State = "soon"
		}
	}
	return row
}

func fillKeys(v *view, r *api.Request) error {
	keys, err := r.Tx.KeyOverviews(v.scope(), mostKeys)
	if err != nil {
		return err
	}
	v.MoreKeys = max(0, v.Counts.Keys-mostKeys)
	if v.Project == nil {
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
		v.Counts.Keys += len(admin)
		for _, k := range admin {
			keys = append(keys, store.KeyOverview{
				Name: k.Name, RedactedValue: k.RedactedValue, Owner: addresses[k.UserID],
				CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt, LastUsedAt: k.LastUsedAt,
			})
		}
	}
	for _, k := range keys {
		v.Keys = append(v.Keys, newKeyRow(k, r.Now()))
	}
	return nil
}

type memberRow struct{ Name, Email, Role, Note string }

func fillMembers(v *view, r *api.Request) error {
	users, err := r.Tx.Users()
	if err != nil {
		return err
	}
	if v.Project != nil {
		return fillProjectMembers(v, r, users)
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

func fillProjectMembers(v *view, r *api.Request, users []store.User) error {
	members, err := r.Tx.ProjectUsers(v.Project.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		at := slices.IndexFunc(users, func(u store.User) bool { return u.ID == m.UserID })
		if at >= 0 {
			v.Members = append(v.Members, memberRow{Name: users[at].Name, Email: users[at].Email, Role: m.Role, Note: "joined " + ago(r.Now()-m.AddedAt)})
		}
	}
	v.Counts.Members = len(members)
	accounts, err := r.Tx.ServiceAccounts(v.Project.ID)
	for _, a := range accounts {
		v.Members = append(v.Members, memberRow{Name: a.Name, Email: "service account", Role: a.Role, Note: "created " + ago(r.Now()-a.CreatedAt)})
	}
	return err
}

type messageRow struct{ ID, At, To, Subject, Body, Delivery, Failure string }

func fillOutbox(v *view, r *api.Request) error {
	messages, err := r.Tx.Outbox()
	if err != nil {
		return err
	}
	if v.Project != nil {
		messages = slices.DeleteFunc(messages, func(m store.Message) bool { return m.ProjectID == nil || *m.ProjectID != v.Project.ID })
	}
	v.Counts.Messages = len(messages)
	slices.Reverse(messages)
	for _, m := range messages[:min(len(messages), mostMessages)] {
		row := messageRow{ID: m.ID, At: moment(m.CreatedAt), To: strings.Join(m.Recipients, ", "), Subject: m.Subject, Body: m.Body, Delivery: m.Delivery}
		if m.Failure != nil {
			row.Failure = *m.Failure
		}
		v.Outbox = append(v.Outbox, row)
	}
	return nil
}

// secret matches keys, which a client may have put into a path or a name.
var secret = regexp.MustCompile(`sk-[A-Za-z0-9_-]{20,}`)

// changeRow is an entry of the audit log.
type changeRow struct {
	ID, At, Type, Who, With, Project, Object, Details string
}

func fillChanges(v *view, r *api.Request) error {
	entries, err := r.Tx.LastChanges(v.scope(), mostChanges)
	if err != nil {
		return err
	}
	admin, err := r.Tx.AdminKeys()
	if err != nil {
		return err
	}
	projects, err := r.Tx.Projects(true)
	if err != nil {
		return err
	}
	names := projectNames(projects)
	for _, e := range entries {
		row := changeRow{
			ID: e.ID, At: moment(e.EffectiveAt), Type: e.Type, Who: e.ActorEmail, Project: names[e.Scope], Object: e.ResourceID,
			Details: secret.ReplaceAllString(indented(e.Payload), "sk-…"),
		}
		if e.ActorKey != nil {
			at := slices.IndexFunc(admin, func(k store.AdminKey) bool { return k.ID == *e.ActorKey })
			if row.With = "a deleted key"; at >= 0 {
				row.With = "key " + admin[at].Name
			}
		}
		v.Changes = append(v.Changes, row)
	}
	return nil
}

func indented(text string) string {
	var b bytes.Buffer
	if err := json.Indent(&b, []byte(text), "", "  "); err != nil {
		return text
	}
	return b.String()
}

type requestRow struct {
	At, Method, Path, Key, ProjectID, Project, Code, Took string
	Status                                                int
	Failed                                                bool
}

func fillRequests(v *view, r *api.Request) error {
	c := v.Choice
	filter := store.RequestFilter{ProjectID: v.scope(), Failed: c.Show.Value == "errors", Writes: c.Show.Value == "writes", Text: c.Text}
	entries, err := r.Tx.LastRequests(filter, mostRequests)
	if err != nil {
		return err
	}
	for _, e := range entries {
		row := requestRow{
			At: e.At, Method: e.Method, Path: secret.ReplaceAllString(e.Path, "sk-…"), Status: e.Status, Failed: e.Status >= 400,
			Key: e.Key, Project: e.Project, Code: e.ErrorCode, Took: milliseconds(e.DurationUS),
		}
		if row.Project != "" {
			row.ProjectID = e.ProjectID
		}
		if at, err := time.Parse(time.RFC3339Nano, e.At); err == nil {
			row.At = moment(at.Unix())
		}
		v.Requests = append(v.Requests, row)
	}
	return nil
}

// milliseconds writes a time to a tenth, or to the whole from ten on.
func milliseconds(us int64) string {
	places := 1
	if us >= 10_000 {
		places = 0
	}
	return strconv.FormatFloat(float64(us)/1000, 'f', places, 64) + " ms"
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
