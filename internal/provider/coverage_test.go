package provider_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/coverage"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
)

func coveredOperations(t *testing.T) []coverage.Operation {
	t.Helper()
	all, err := coverage.Operations()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var routeParameter = regexp.MustCompile(`\{[^}]*\}`)

// routeShape is a route without the names of its parameters, which differ
// between the lists.
func routeShape(route string) string { return routeParameter.ReplaceAllString(route, "{}") }

// managesOrganization matches the paths of operations that manage an organization,
// unlike those that an application uses.
var managesOrganization = regexp.MustCompile(`^/v1/(organization|projects|tunnels|webhook_endpoints|webhook_event_types|fine_tuning/checkpoints)(/|$)`)

// The emulator has its own list of operations: each one must be in the table.
func TestEveryOperationOfTheEmulatorIsCovered(t *testing.T) {
	server, err := emulator.New(emulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	listed := map[string]bool{}
	for _, o := range coveredOperations(t) {
		route := routeShape(o.Method + " /v1" + o.Path)
		if listed[route] {
			t.Errorf("%s is listed twice", route)
		}
		listed[route] = true
	}
	if known := server.Operations(); len(listed) != len(known) {
		t.Errorf("%d operations are listed, the API has %d", len(listed), len(known))
	}
	served := 0
	for _, route := range server.Routes() {
		if _, path, _ := strings.Cut(route, " "); managesOrganization.MatchString(path) {
			served++
			if !listed[routeShape(route)] {
				t.Errorf("the emulator serves %s, which is not listed", route)
			}
		}
	}
	if served < 50 {
		t.Errorf("the emulator serves %d operations", served)
	}
}

// withoutOperation are objects that use no operation: they compute.
var withoutOperation = []string{"ephemeral.openai_unsealed_secret"}

func TestCoverageTableIsWholeAndTrue(t *testing.T) {
	served := coverage.Served(t.Context(), newProvider())
	var mentioned []string
	for _, o := range coveredOperations(t) {
		if len(o.Uses) == 0 && len(o.Reason) < 20 {
			t.Errorf("%s %s: nothing uses it, and the reason is %q", o.Method, o.Path, o.Reason)
		}
		mentioned = append(mentioned, o.Uses...)
	}
	for _, use := range served {
		if !slices.Contains(mentioned, use) && !slices.Contains(withoutOperation, use) {
			t.Errorf("%s is served, and uses no operation of the table", use)
		}
	}
	name := regexp.MustCompile(`^(provider|openai-admin [a-z-]+|((data|ephemeral|action)\.)?openai_[a-z_]+)$`)
	object := regexp.MustCompile(`^((data|ephemeral|action)\.)?openai_`)
	for _, use := range mentioned {
		if !name.MatchString(use) {
			t.Errorf("%q is not the name of anything", use)
		}
		if object.MatchString(use) && !slices.Contains(served, use) {
			t.Errorf("%s is not served", use)
		}
	}
}

func TestCoverageMarkdown(t *testing.T) {
	operations := []coverage.Operation{
		{Method: "GET", Path: "/a", Uses: []string{"openai_project", "data.openai_projects", "openai-admin export", "openai_later"}},
		{Method: "GET", Path: "/b", Uses: []string{"openai_later", "openai-admin later"}},
		{Method: "GET", Path: "/c", Reason: "Not needed."},
		{Method: "GET", Path: "/d", Uses: []string{"provider"}},
		{Method: "GET", Path: "/e", Outside: true, Uses: []string{"openai_project"}},
		{Method: "GET", Path: "/f", Outside: true, Reason: "Needs a workspace."},
	}
	got := coverage.Markdown(operations, []string{"openai_project", "data.openai_projects"}, []string{"export"})
	for _, want := range []string{
		"The API has 6 operations that manage an organization. 3 are used.",
		"The Administration API of OpenAI's SDKs has 4 operations, 2 of them used:",
		"Outside the Administration API there are 2 operations, 1 of them used:",
		"| `GET /f` | — Needs a workspace. |\n",
		"| `GET /a` | [`openai_project`](resources/project.md), data [`openai_projects`](data-sources/projects.md), `openai-admin export` |\n",
		"| `GET /b` | planned: `openai_later`, `openai-admin later` |\n",
		"| `GET /c` | — Not needed. |\n",
		"| `GET /d` | [provider](index.md) (`refresh_mode = \"audit_log\"`) |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
}

// Every page that the table leads to is there.
func TestCoverageLinksLeadSomewhere(t *testing.T) {
	content, err := os.ReadFile("../../docs/coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`\]\(([a-z_/.-]+)\)`).FindAllStringSubmatch(string(content), -1)
	if len(found) < 50 {
		t.Fatalf("%d links", len(found))
	}
	for _, match := range found {
		if _, err := os.Stat("../../docs/" + match[1]); err != nil {
			t.Error(err)
		}
	}
}
