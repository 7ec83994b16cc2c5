package examples_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// A runner of GitHub's: it knows what the workflows and actions of this
// repository use, and fails on anything else.

type workflow struct {
	Env  map[string]string `yaml:"env"`
	Jobs struct {
		Review struct {
			Steps []step `yaml:"steps"`
		} `yaml:"review"`
	} `yaml:"jobs"`
}

type action struct {
	Inputs map[string]struct {
		Default  string `yaml:"default"`
		Required bool   `yaml:"required"`
	} `yaml:"inputs"`
	Runs struct {
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

type step struct {
	ID   string            `yaml:"id"`
	Name string            `yaml:"name"`
	Uses string            `yaml:"uses"`
	With map[string]string `yaml:"with"`
	If   string            `yaml:"if"`
	Env  map[string]string `yaml:"env"`
	Run  string            `yaml:"run"`
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// thisAction matches a reference to an action of this repository.
var thisAction = regexp.MustCompile(`^allthingsai/terraform-provider-openai(/[a-z/]+)?@main$`)

// conditions have the values of the known conditions for a pull request of the
// repository; for one of a fork they are false.
var conditions = map[string]bool{
	"": true,
	"github.event_name == 'pull_request' && github.event.pull_request.head.repo.full_name == github.repository": false,
}

type runner struct {
	*shell
	temp string
	fork bool
	// said has the output of each step, by name.
	said   map[string]string
	status int
}

// runWorkflow runs the job of a workflow for a pull request, of a fork or not.
// It returns the output of its steps by name, and the status of the last one.
func (c *checkout) runWorkflow(t *testing.T, path, api string, fork bool) (said map[string]string, status int) {
	t.Helper()
	var w workflow
	readYAML(t, path, &w)
	temp := t.TempDir()
	r := &runner{shell: &shell{c.folder, maps.Clone(c.env)}, temp: temp, fork: fork, said: map[string]string{}}
	maps.Copy(r.env, w.Env)
	maps.Copy(r.env, map[string]string{
		"RUNNER_TEMP": temp, "GITHUB_ENV": filepath.Join(temp, "env"), "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary.md"),
		"GITHUB_OUTPUT": filepath.Join(temp, "output"), "GITHUB_PATH": filepath.Join(temp, "path"),
		"GITHUB_BASE_REF": "main", "GITHUB_API_URL": api, "GITHUB_REPOSITORY": "acme/infra", "EMULATOR_PORT": freePort(t),
	})
	values := map[string]string{
		"secrets.OPENAI_ADMIN_KEY_READ_ONLY": c.backend.AdminKey, "github.token": "token-of-the-forge", "github.event.pull_request.number": "7",
		"runner.temp": temp, "github.action_ref": "main", "github.action_repository": "allthingsai/terraform-provider-openai",
	}
	if fork {
		values["secrets.OPENAI_ADMIN_KEY_READ_ONLY"] = ""
	} else {
		r.env["OPENAI_BASE_URL"] = c.backend.URL
	}
	if r.steps(t, w.Jobs.Review.Steps, values); r.status == 0 {
		r.said["summary"] = read(t, filepath.Join(temp, "summary.md"))
	}
	return r.said, r.status
}

// steps runs steps until one fails.
func (r *runner) steps(t *testing.T, steps []step, values map[string]string) {
	t.Helper()
	for _, s := range steps {
		always, known := conditions[s.If]
		if !known {
			t.Fatalf("unknown condition %q", s.If)
		}
		switch ours := thisAction.FindStringSubmatch(s.Uses); {
		case !always && r.fork:
		case ours != nil:
			r.action(t, filepath.Join("..", filepath.FromSlash(ours[1])), s.With, values)
		case s.Uses != "": // of others, for a runner with a network
		default:
			r.script(t, s, values)
		}
		if r.status != 0 {
			return
		}
	}
}

// action runs a composite action of this repository.
func (r *runner) action(t *testing.T, folder string, with, values map[string]string) {
	t.Helper()
	var a action
	readYAML(t, filepath.Join(folder, "action.yml"), &a)
	path, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	own := maps.Clone(values)
	own["github.action_path"] = path
	for name := range with {
		if _, known := a.Inputs[name]; !known {
			t.Fatalf("the action has no input %s", name)
		}
	}
	for name, input := range a.Inputs {
		given, ok := with[name]
		if !ok && input.Required {
			t.Fatalf("the input %s is missing", name)
		}
		if !ok {
			given = input.Default
		}
		own["inputs."+name] = expand(t, given, values)
	}
	r.steps(t, a.Runs.Steps, own)
}

// script runs one step, and takes what it sets for the following ones.
func (r *runner) script(t *testing.T, s step, values map[string]string) {
	t.Helper()
	own := &shell{r.folder, maps.Clone(r.env)}
	for name, value := range s.Env {
		own.env[name] = expand(t, value, values)
	}
	r.said[s.Name], r.status = own.try(t, s.Run)
	for name, value := range r.taken(t, "GITHUB_ENV") {
		r.env[name] = value
	}
	for name, value := range r.taken(t, "GITHUB_OUTPUT") {
		values["steps."+s.ID+".outputs."+name] = value
	}
}

// taken reads and empties a file of assignments that steps write to.
func (r *runner) taken(t *testing.T, file string) map[string]string {
	t.Helper()
	set := map[string]string{}
	content, err := os.ReadFile(r.env[file])
	if err != nil {
		return set // nothing was written
	}
	for line := range strings.Lines(string(content)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		set[name] = value
	}
	if err := os.Remove(r.env[file]); err != nil {
		t.Fatal(err)
	}
	return set
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// expand replaces the expressions in a text.
func expand(t *testing.T, text string, values map[string]string) string {
	t.Helper()
	return expression.ReplaceAllStringFunc(text, func(found string) string {
		value, known := values[expression.FindStringSubmatch(found)[1]]
		if !known {
			t.Fatalf("unknown expression %s", found)
		}
		return value
	})
}
