package conformance_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
	"github.com/allthingsai/terraform-provider-openai/internal/conformance"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/faultinjection"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// inProcess sends requests to a handler without a connection.
type inProcess struct{ http.Handler }

func (p inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}

// organization is an emulator to be asked.
type organization struct {
	*emulator.Server
	clock   *acctest.Clock
	options conformance.Options
}

// start starts an organization that throttles as the real one does, with two
// owners, a project and a group.
func start(t *testing.T, choices ...string) *organization {
	t.Helper()
	clock := acctest.NewClock()
	options := emulator.Options{Now: clock.Now, Profile: emulator.ProfileOpenAI, Seed: seed.Default()}
	options.Seed.Members = append(options.Seed.Members, seed.Member{Email: "second@example.com", Name: "Sean Second", Role: "owner"})
	for _, choice := range choices {
		if err := options.Behavior.Assume(choice); err != nil {
			t.Fatal(err)
		}
	}
	server, err := emulator.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	clock.Advance(time.Minute) // the new project is younger than the default one
	o := &organization{server, clock, conformance.Options{
		BaseURL: "http://127.0.0.1/v1", Key: transport.NewSecret(server.AdminKey()), Clock: clock, Transport: inProcess{server}, Write: true, Prefix: "conformance-test",
	}}
	for _, operation := range server.Operations() {
		o.options.Operations = append(o.options.Operations, conformance.Operation{Name: operation.Name, Method: operation.Method, Path: operation.Path})
	}
	return o
}

func (o *organization) ask(t *testing.T) *conformance.Report {
	t.Helper()
	report, err := conformance.Run(t.Context(), o.options)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// contradicted are the assumptions that a report contradicts, as choices.
func contradicted(r *conformance.Report) (choices []string) {
	for _, f := range r.Assumptions {
		if f.Verdict == conformance.Contradicted {
			choices = append(choices, f.ID+"="+f.Got)
		}
	}
	return choices
}

// differing are the operations that differ from their description.
func differing(r *conformance.Report) (all []string) {
	for _, c := range r.Operations {
		if c.Lacking || len(c.Wrong)+len(c.Unknown) > 0 {
			all = append(all, fmt.Sprintf("%s lacking=%t %v %v", c.Operation, c.Lacking, c.Wrong, c.Unknown))
		}
	}
	return all
}

// unreachable are the assumptions about objects that the API cannot create.
var unreachable = []string{"A-21"}

// The emulator gives the assumed answers, has every operation that is called,
// and answers in the documented shape. Nothing is left.
func TestAssumedAnswersAreConfirmed(t *testing.T) {
	o := start(t)
	before := o.names(t)
	report := o.ask(t)
	if got := append(contradicted(report), differing(report)...); len(got) > 0 || len(report.Left) > 0 {
		t.Errorf("it differs: %s; left: %v", strings.Join(got, "\n"), report.Left)
	}
	if !report.Conforms() {
		t.Error("it does not conform")
	}
	for _, f := range report.Assumptions {
		isFixed := !slices.ContainsFunc(assumptions.Switched(), func(a assumptions.Assumption) bool { return a.ID == f.ID })
		if (f.Verdict == conformance.Confirmed) == (isFixed || slices.Contains(unreachable, f.ID)) {
			t.Errorf("%s is %s: %s", f.ID, f.Verdict, f.Reason)
		}
		if f.Verdict == conformance.NotReached && f.Reason == "" || f.Verdict != conformance.NotReached && f.Source == "" {
			t.Errorf("%s has no reason, or no source", f.ID)
		}
	}
	for _, call := range report.Operations {
		if isCalled := len(call.Statuses) > 0; isCalled != (call.Reason == "") || call.Reason == "No object for it was there." {
			t.Errorf("%s is called: %t, reason: %q", call.Operation, isCalled, call.Reason)
		}
	}
	if after := o.names(t); after != before {
		t.Errorf("the organization has\n%s\ninstead of\n%s", after, before)
	}
}

// names are the names of all objects that the run could leave.
func (o *organization) names(t *testing.T) string {
	t.Helper()
	o.clock.Advance(time.Minute) // no list is throttled
	var all strings.Builder
	for _, path := range []string{
		"projects", "groups", "roles", "invites", "certificates", "external_keys", "workload_identity_providers", "users", "admin_api_keys", "spend_alerts",
	} {
		request := httptest.NewRequestWithContext(t.Context(), "GET", "/v1/organization/"+path+"?limit=100", http.NoBody)
		request.Header.Set("Authorization", "Bearer "+o.AdminKey())
		w := httptest.NewRecorder()
		o.ServeHTTP(w, request)
		for part := range strings.SplitSeq(w.Body.String(), `"id":"`) {
			id, _, _ := strings.Cut(part, `"`)
			all.WriteString(path + " " + id + "\n")
		}
	}
	return all.String()
}

// Every answer other than the assumed one is reported, and no other assumption
// with it.
func TestEveryOtherAnswerIsReported(t *testing.T) {
	for _, a := range assumptions.Switched() {
		for _, answer := range a.Answers[1:] {
			choice := a.ID + "=" + answer
			t.Run(choice, func(t *testing.T) {
				t.Parallel()
				report := start(t, choice).ask(t)
				want := []string{choice}
				if slices.Contains(unreachable, a.ID) {
					want = nil
				}
				if got := contradicted(report); !slices.Equal(got, want) {
					t.Errorf("contradicted: %v", got)
				}
				if len(report.Left) > 0 {
					t.Errorf("left: %v", report.Left)
				}
			})
		}
	}
}

// Without permission to write, only reads are sent, and no answer is wrong.
func TestReadOnly(t *testing.T) {
	o := start(t)
	o.options.Write = false
	report := o.ask(t)
	entries, err := o.Journal(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if entry.Method != http.MethodGet {
			t.Errorf("%s %s was sent", entry.Method, entry.Path)
		}
	}
	if got := contradicted(report); len(got) > 0 || !report.Conforms() {
		t.Errorf("contradicted: %v, %v", got, differing(report))
	}
	confirmed := 0
	for _, f := range report.Assumptions {
		if f.Verdict == conformance.Confirmed {
			confirmed++
		}
	}
	if confirmed < 9 {
		t.Errorf("%d assumptions confirmed", confirmed)
	}
}

// For each operation that is called, an API that lacks it is reported so. No
// assumption is contradicted because of it, and everything is removed that can
// be.
func TestLackingOperations(t *testing.T) {
	reference := start(t).ask(t)
	for i, call := range reference.Operations {
		if len(call.Statuses) == 0 {
			continue
		}
		status := []int{http.StatusNotImplemented, http.StatusNotFound}[i%2]
		t.Run(fmt.Sprintf("%s %d", call.Operation, status), func(t *testing.T) {
			t.Parallel()
			o := start(t)
			var segments []string
			for segment := range strings.SplitSeq("/v1"+call.Path, "/") {
				if strings.HasPrefix(segment, "{") {
					segment = "*"
				}
				segments = append(segments, segment)
			}
			lab := faultinjection.New(o.Server, faultinjection.Plan{Rules: []faultinjection.Rule{{
				Method: call.Method, Path: strings.Join(segments, "/"), Fault: faultinjection.Status, Status: status,
			}}})
			o.options.Transport = inProcess{lab}
			report := o.ask(t)
			var lacking []string
			for _, c := range report.Operations {
				if c.Lacking {
					lacking = append(lacking, c.Operation)
				}
			}
			if status == http.StatusNotFound && call.Operation == "organization.spend_limit.retrieve" { // no limit is set
				if len(lacking) > 0 {
					t.Errorf("lacking: %v", lacking)
				}
			} else if !slices.Equal(lacking, []string{call.Operation}) {
				t.Errorf("lacking: %v", lacking)
			}
			if got := contradicted(report); len(got) > 0 {
				t.Errorf("contradicted: %v", got)
			}
			// Archiving is the removal of a project, a DELETE that of the rest.
			if removes := call.Method == http.MethodDelete || strings.HasSuffix(call.Path, "/archive"); !removes && len(report.Left) > 0 {
				t.Errorf("left: %v", report.Left)
			}
		})
	}
}

// An interrupt ends the questions, and everything that was created is removed.
func TestInterruptRemovesEverything(t *testing.T) {
	for after := 1; after < 12; after += 2 {
		o := start(t)
		before := o.names(t)
		ctx, interrupt := context.WithCancel(t.Context())
		steps := 0
		o.options.Progress = func(string) {
			if steps++; steps > after {
				interrupt()
			}
		}
		report, err := conformance.Run(ctx, o.options)
		if err != nil {
			t.Fatal(err)
		}
		if report.Interrupted == "" || len(report.Left) > 0 || len(contradicted(report)) > 0 {
			t.Errorf("interrupted: %q, left: %v, contradicted: %v", report.Interrupted, report.Left, contradicted(report))
		}
		if now := o.names(t); now != before {
			t.Errorf("the organization has\n%s\ninstead of\n%s", now, before)
		}
		interrupt()
	}
}

// Fields of another shape are reported with their operation.
func TestOtherShapes(t *testing.T) {
	o := start(t)
	o.options.Transport = rewriting{o.options.Transport, strings.NewReplacer(
		`"is_scim_managed":false`, `"is_scim_managed":"no","color":"blue"`, `"group_name":`, `"title":`)}
	report := o.ask(t)
	all := strings.Join(differing(report), "\n")
	for _, want := range []string{
		"organization.groups.create lacking=false [Group.is_scim_managed is no boolean] [Group.color]",
		"organization.projects.groups.create lacking=false [ProjectGroup.group_name is not sent] [ProjectGroup.title]",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("%s\nis not in\n%s", want, all)
		}
	}
	if report.Conforms() || len(contradicted(report)) > 0 {
		t.Errorf("it conforms: %t, contradicted: %v", report.Conforms(), contradicted(report))
	}
}

// rewriting replaces texts in answers.
type rewriting struct {
	http.RoundTripper
	*strings.Replacer
}

func (r rewriting) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := r.RoundTripper.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(strings.NewReader(r.Replace(string(body))))
	return response, err
}

// The throttle of the emulator is reported as it was measured.
func TestThrottlingIsReported(t *testing.T) {
	for choice, headers := range map[string]string{"A-4=absent": "", "A-4=sent": "Retry-After: 10"} {
		report := start(t, choice).ask(t)
		if len(report.Throttling) == 0 {
			t.Fatal("nothing was throttled")
		}
		for _, throttle := range report.Throttling {
			if throttle.After != 7 || strings.Join(throttle.Headers, ", ") != headers {
				t.Errorf("%s: %+v", choice, throttle)
			}
		}
	}
}

// A transcript names nothing of the organization, and asking it gives the report
// of the run that wrote it.
func TestTranscript(t *testing.T) {
	o := start(t)
	var transcript bytes.Buffer
	recorder := conformance.NewRecorder(&transcript)
	var secrets []string
	o.options.Record = func(e conformance.Exchange) {
		for part := range strings.SplitSeq(string(e.Answer), `"`) {
			if strings.HasPrefix(part, "sk-") {
				secrets = append(secrets, part)
			}
		}
		recorder.Record(e)
	}
	report := o.ask(t)
	if err := recorder.Err(); err != nil {
		t.Fatal(err)
	}
	if len(secrets) == 0 {
		t.Fatal("no secret was in an answer")
	}
	for _, text := range append(secrets, o.AdminKey(), "Olive", "Sean Second", "owner@example.com", "second@example.com", "org-emulator", o.options.Prefix) {
		if at := strings.Index(transcript.String(), text); at >= 0 {
			t.Errorf("the transcript has %s: …%s…", text, transcript.String()[max(0, at-200):at+20])
		}
	}
	for part := range strings.SplitSeq(o.names(t), "\n") {
		if _, id, _ := strings.Cut(part, " "); len(id) > 8 && !strings.HasPrefix(id, "role-api-") && strings.Contains(transcript.String(), id) {
			t.Errorf("the transcript has the id %s", id)
		}
	}
	replayed := replay(t, o, &transcript)
	if got, want := fmt.Sprint(differing(replayed), contradicted(replayed)), fmt.Sprint(differing(report), contradicted(report)); got != want {
		t.Errorf("the replay gives %s, the run %s", got, want)
	}
	for i, f := range replayed.Assumptions {
		if f.Verdict != report.Assumptions[i].Verdict {
			t.Errorf("%s: the replay gives %s (%s), the run %s", f.ID, f.Verdict, f.Reason, report.Assumptions[i].Verdict)
		}
	}
}

// replay asks a transcript.
func replay(t *testing.T, o *organization, transcript io.Reader) *conformance.Report {
	t.Helper()
	answers, err := conformance.NewReplay(transcript, "/v1")
	if err != nil {
		t.Fatal(err)
	}
	o.options.Transport, o.options.Record = answers, nil
	return o.ask(t)
}

// recorded has the transcripts of organizations, each with the assumptions that
// its organization contradicts.
const recorded = "../emulator/testdata/recorded"

func TestRecordedOrganizations(t *testing.T) {
	files, err := os.ReadDir(recorded)
	if err != nil || len(files) == 0 {
		t.Fatalf("there is no transcript: %v", err)
	}
	for _, file := range files {
		name, isTranscript := strings.CutSuffix(file.Name(), ".jsonl")
		if !isTranscript {
			continue
		}
		t.Run(name, func(t *testing.T) {
			transcript, err := os.Open(recorded + "/" + file.Name())
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = transcript.Close() }()
			want, err := os.ReadFile(recorded + "/" + name + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			report := replay(t, start(t), transcript)
			got := strings.Join(append(contradicted(report), differing(report)...), "\n")
			if got != strings.TrimSpace(string(want)) {
				t.Errorf("the organization differs in\n%s\ninstead of\n%s", got, want)
			}
			if len(report.Left) > 0 || report.Interrupted != "" {
				t.Errorf("left: %v, interrupted: %s", report.Left, report.Interrupted)
			}
		})
	}
}

// Each format has the contradictions, the lacking operations and the limits.
func TestFormats(t *testing.T) {
	report := &conformance.Report{
		Organization: "org-1",
		Assumptions: []conformance.Finding{
			{ID: "A-1", Question: "a | b", Verdict: conformance.Contradicted, Expected: "x", Got: "y", Source: "the reference"},
			{ID: "A-2", Question: "c", Verdict: conformance.NotReached, Expected: "x", Reason: "no object"},
		},
		Operations: []conformance.Call{{Operation: "a.list", Method: "GET", Path: "/a", Statuses: []int{200, 501}, Lacking: true, Unknown: []string{"A.new"}}, {Operation: "b.list"}},
		Throttling: []conformance.Throttle{{Endpoint: "GET /a", Refused: 2, After: 7}}, Left: []string{"groups group_1"}, Interrupted: "signal",
	}
	for format, texts := range map[string][]string{
		"table":    {"org-1, read only: 0 assumptions confirmed, 1 contradicted, 1 not reached.", "A-1     a | b     contradicted  x         y    the reference", "200 501   the API does not have the operation; A.new is unknown", "groups group_1", "1 of 2 operations were not called. The run was interrupted: signal."},
		"markdown": {`| A-1 | a \| b | contradicted | x | y | the reference |`, "| GET /a | 2 | 7 | none |", "## Objects that could not be removed"},
		"json":     {`"verdict": "contradicted"`, `"lacking": true`, `"requests_before": 7`},
	} {
		var out bytes.Buffer
		if err := conformance.Writers[format](report, &out); err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !strings.Contains(out.String(), text) {
				t.Errorf("%s is not in the %s\n%s", text, format, out.String())
			}
		}
	}
}
