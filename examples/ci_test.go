package examples_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// forge stands in for the comments of GitHub and GitLab.
type forge struct {
	mu       sync.Mutex
	token    string
	comments []*comment
	writes   []string
}

type comment struct {
	ID   int    `json:"id"`
	Body string `json:"body"`
}

func (f *forge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+f.token && r.Header.Get("Private-Token") != f.token {
		http.Error(w, "who are you?", http.StatusUnauthorized)
		return
	}
	var given comment
	if r.Method != http.MethodGet {
		f.writes = append(f.writes, r.Method+" "+r.URL.Path)
		if err := json.NewDecoder(r.Body).Decode(&given); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	switch r.Method {
	case http.MethodPost:
		given.ID = 100 + len(f.comments)
		f.comments = append(f.comments, &given)
	case http.MethodPatch, http.MethodPut:
		for _, c := range f.comments {
			if strings.HasSuffix(r.URL.Path, fmt.Sprint("/", c.ID)) {
				c.Body = given.Body
			}
		}
	}
	_ = json.NewEncoder(w).Encode(f.comments)
}

func newForge(t *testing.T) (*forge, string) {
	t.Helper()
	f := &forge{token: "token-of-the-forge", comments: []*comment{{ID: 1, Body: "Looks good to me."}}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, server.URL
}

// checkout is a clone of a repository whose main branch has been applied.
type checkout struct {
	*shell
	backend *acctest.Backend
}

func newCheckout(t *testing.T) *checkout {
	t.Helper()
	folder := t.TempDir()
	c := &checkout{newShell(t, filepath.Join(folder, "clone")), acctest.Start(t)}
	origin := filepath.Join(folder, "origin")
	if err := os.CopyFS(filepath.Join(origin, "openai"), os.DirFS("bootstrap")); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(origin, "openai", "backend.tf"), fmt.Sprintf("terraform {\n  backend \"local\" {\n    path = %q\n  }\n}\n", filepath.Join(folder, "terraform.tfstate")))
	write(t, filepath.Join(origin, ".openai-review.yaml"), "rules:\n  secret-in-state: {severity: off}\n")
	at := &shell{origin, c.env}
	at.run(t, "git init -q -b main && git add -A && git commit -qm main")
	(&shell{folder, c.env}).run(t, "git clone -q origin clone && cd clone && git checkout -qb change")
	c.run(t, fmt.Sprintf("cd openai && export OPENAI_BASE_URL=%s OPENAI_ADMIN_KEY=%s && terraform init -input=false && terraform apply -auto-approve", c.backend.URL, c.backend.AdminKey))
	return c
}

// limit changes dev's hard limit in the branch, whose author also tries to
// switch the rule off.
func (c *checkout) limit(t *testing.T, usd string) {
	t.Helper()
	c.run(t, fmt.Sprintf(`cat > openai/limit.auto.tfvars <<< "dev_hard_limit_usd = %s"
printf 'rules:\n  limit-raised: {severity: off}\n' > .openai-review.yaml
git add -A && git commit -qm "dev: %s dollars"`, usd, usd))
}

// expectComment asserts that there is one comment of ours with these words.
func (f *forge) expectComment(t *testing.T, words ...string) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.comments) != 2 || f.comments[0].Body != "Looks good to me." {
		t.Fatalf("%d comments, after %v", len(f.comments), f.writes)
	}
	for _, word := range words {
		if !strings.Contains(f.comments[1].Body, word) {
			t.Errorf("%q is not in the comment:\n%s", word, f.comments[1].Body)
		}
	}
}

func TestAccGitHubWorkflow(t *testing.T) {
	for _, workflow := range []string{"openai-review.yml", "openai-review-forks.yml"} {
		t.Run(workflow, func(t *testing.T) {
			t.Parallel()
			testWorkflow(t, filepath.Join("ci", "github", workflow))
		})
	}
}

// testWorkflow makes a pull request with a risk and one without. A workflow that
// chooses the organization has a fork's, too.
func testWorkflow(t *testing.T, workflow string) {
	c := newCheckout(t)
	f, api := newForge(t)

	c.limit(t, "500")
	said, status := c.runWorkflow(t, workflow, api, false)
	if status != 2 || !strings.Contains(said["Gate"], "HIGH  Hard limit raised") {
		t.Errorf("the gate ends with %d: %v", status, said)
	}
	f.expectComment(t, "<!-- openai-review:openai -->\n### 🔴 OpenAI (openai): 1 high risk", "50.00 USD → 500.00 USD (+900 %)", "(off: secret-in-state)")

	c.limit(t, "75")
	if said, status = c.runWorkflow(t, workflow, api, false); status != 0 {
		t.Errorf("the gate ends with %d: %v", status, said)
	}
	f.expectComment(t, "### ✅ OpenAI (openai): no risk found", "50.00 USD | 75.00 USD | +50 %")
	if f.mu.Lock(); len(f.writes) != 2 || !strings.HasPrefix(f.writes[1], "PATCH /repos/acme/infra/issues/comments/101") {
		t.Errorf("the writes are %v", f.writes)
	}
	f.mu.Unlock()

	if _, chooses := said["Choose the organization"]; chooses {
		f.expectComment(t, "<details>", "# module.dev.openai_project_spend_limit.this will be updated in-place")
		// A fork has neither secret nor comment, and everything in it is new. Its
		// runner has never seen the backend.
		c.run(t, "rm -rf openai/.terraform")
		said, status = c.runWorkflow(t, workflow, api, true)
		if status != 0 || !strings.Contains(said["summary"], "21 to add") {
			t.Errorf("a fork ends with %d: %v", status, said)
		}
		if len(f.writes) != 2 {
			t.Errorf("a fork has written %v", f.writes)
		}
	}
	for name, text := range said {
		if strings.Contains(text, c.backend.AdminKey) {
			t.Errorf("%s has said the admin key", name)
		}
	}
}

func TestAccGitLabJob(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	f, api := newForge(t)
	var pipeline struct {
		Job struct {
			Variables map[string]string `yaml:"variables"`
			Script    []string          `yaml:"script"`
		} `yaml:"openai-review"`
	}
	readYAML(t, "ci/gitlab/openai-review.gitlab-ci.yml", &pipeline)
	for name, value := range pipeline.Job.Variables {
		c.env[name] = value
	}
	for name, value := range map[string]string{
		"CI_JOB_URL": "https://gitlab.com/acme/infra/-/jobs/42", "CI_API_V4_URL": api, "CI_PROJECT_ID": "1", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
		"REVIEW_TOKEN": "token-of-the-forge", "OPENAI_ADMIN_KEY": c.backend.AdminKey, "OPENAI_BASE_URL": c.backend.URL, "EMULATOR_PORT": freePort(t),
	} {
		c.env[name] = value
	}
	script := strings.Join(pipeline.Job.Script, "\n")

	c.limit(t, "500")
	if out, status := c.try(t, script); status != 2 || !strings.Contains(out, "HIGH  Hard limit raised") {
		t.Errorf("the job ends with %d: %s", status, out)
	}
	f.expectComment(t, "### 🔴 OpenAI (openai): 1 high risk", "[Run](https://gitlab.com/acme/infra/-/jobs/42)", "<summary>Plan</summary>")
	c.limit(t, "75")
	if out, status := c.try(t, script); status != 0 {
		t.Errorf("the job ends with %d: %s", status, out)
	}
	f.expectComment(t, "### ✅ OpenAI (openai): no risk found")
	if !strings.HasPrefix(f.writes[1], "PUT /projects/1/merge_requests/7/notes/101") {
		t.Errorf("the writes are %v", f.writes)
	}
	// Without secrets, an emulator of the job's own answers.
	c.run(t, "rm -rf openai/.terraform")
	for _, name := range []string{"REVIEW_TOKEN", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL"} {
		delete(c.env, name)
	}
	if out, status := c.try(t, script); status != 0 || !strings.Contains(out, "21 to add") || len(f.writes) != 2 {
		t.Errorf("a fork ends with %d: %s", status, out)
	}
}

func TestAccAtlantisWorkflow(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	var repos struct {
		Workflows struct {
			OpenAI struct {
				Plan struct {
					Steps []any `yaml:"steps"`
				} `yaml:"plan"`
			} `yaml:"openai"`
		} `yaml:"workflows"`
	}
	readYAML(t, "ci/atlantis/repos.yaml", &repos)
	var commands []string
	for _, item := range repos.Workflows.OpenAI.Plan.Steps {
		if own, ok := item.(map[string]any); ok {
			run, _ := own["run"].(map[string]any)
			commands = append(commands, fmt.Sprint(run["command"]))
		}
	}
	if len(commands) != 1 {
		t.Fatalf("the commands are %q", commands)
	}
	c.limit(t, "500")
	c.folder = filepath.Join(c.folder, "openai")
	for name, value := range map[string]string{
		"OPENAI_ADMIN_KEY": c.backend.AdminKey, "OPENAI_BASE_URL": c.backend.URL, "PLANFILE": filepath.Join(t.TempDir(), "default.tfplan"),
		"REPO_REL_DIR": "openai", "OPENAI_REVIEW_RULES": "/dev/null",
	} {
		c.env[name] = value
	}
	c.run(t, `terraform plan -input=false -out "$PLANFILE"`)
	if out := c.run(t, commands[0]); !strings.HasPrefix(out, "OpenAI (openai): 1 high risk") {
		t.Errorf("it says %s", out)
	}
}

// The scheduled check fails on what the baseline does not accept.
func TestAccGitHubCheck(t *testing.T) {
	t.Parallel()
	s, b := newShell(t, t.TempDir()), acctest.Start(t)
	var w struct {
		Env  map[string]string `yaml:"env"`
		Jobs struct {
			Check struct {
				Steps []step `yaml:"steps"`
			} `yaml:"check"`
		} `yaml:"jobs"`
	}
	readYAML(t, "ci/github/openai-check.yml", &w)
	for name, value := range w.Env {
		s.env[name] = value
	}
	temp := t.TempDir()
	for name, value := range map[string]string{
		"RUNNER_TEMP": temp, "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary.md"), "OPENAI_ADMIN_KEY": b.AdminKey, "OPENAI_BASE_URL": b.URL,
	} {
		s.env[name] = value
	}
	run := func() (summary string, status int) {
		for _, step := range w.Jobs.Check.Steps {
			// Actions, and the download of a release, are for a runner with a network.
			if step.Uses != "" || step.Name == "Install openai-admin" {
				continue
			}
			if _, status = s.try(t, step.Run); status != 0 {
				break
			}
		}
		return read(t, filepath.Join(temp, "summary.md")), status
	}
	summary, status := run()
	for _, words := range []string{"| **Organization** | ", "| 🔴 high | **Organization without a hard limit** "} {
		if status != 2 || !strings.Contains(summary, words) {
			t.Errorf("it ends with %d, without %q: %s", status, words, summary)
		}
	}
	if results := read(t, filepath.Join(temp, "check.sarif")); !strings.Contains(results, `"ruleId": "organization-without-limit"`) {
		t.Errorf("code scanning gets %s", results)
	}
	s.run(t, `openai-admin check --write-baseline "$BASELINE"`)
	if summary, status = run(); status != 0 || !strings.Contains(summary, "OpenAI: no findings") {
		t.Errorf("with the baseline it ends with %d: %s", status, summary)
	}
}
