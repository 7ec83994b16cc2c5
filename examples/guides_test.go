package examples_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/orgcheck"
	"github.com/allthingsai/terraform-provider-openai/internal/planreview"
)

var (
	block = regexp.MustCompile("(?s)```([a-z]+)\n(.*?)```")
	file  = regexp.MustCompile(`^# ([a-z-]+(?:/[a-z-]+)?\.tf)\n`)
)

// follow does what a guide says, from top to bottom, in an empty folder: blocks
// of Terraform that begin with the name of a file become that file, and blocks
// of shell are run. It returns what they said.
func follow(t *testing.T, guide string) []string {
	t.Helper()
	t.Parallel()
	folder := t.TempDir()
	s := newShell(t, folder)
	b := acctest.Start(t)
	s.env["OPENAI_BASE_URL"], s.env["OPENAI_ADMIN_KEY"] = b.URL, b.AdminKey
	blocks := block.FindAllStringSubmatch(read(t, filepath.Join("..", "templates", "guides", guide+".md")), -1)
	// A guide may show a command before the file that it needs.
	for _, match := range blocks {
		if name := file.FindStringSubmatch(match[2]); match[1] == "terraform" && name != nil {
			write(t, filepath.Join(folder, name[1]), match[2])
		}
	}
	var said []string
	for _, match := range blocks {
		if match[1] == "shell" {
			said = append(said, s.run(t, match[2]))
		}
	}
	return said
}

func TestAccGuideReviewingChanges(t *testing.T) {
	said := follow(t, "reviewing-changes")
	for i, words := range []string{
		"HIGH  Hard limit raised  shop: 50.00 USD → 600.00 USD (+1,100 %)",
		"there is a risk of severity high",
		"(with exceptions: key-without-expiry)",
	} {
		if len(said) != 3 || !strings.Contains(said[i], words) {
			t.Fatalf("%q is not said: %q", words, said)
		}
	}
	// The warning of the plan is there as well.
	if !strings.Contains(said[0], "raised more than tenfold") {
		t.Errorf("the plan does not warn:\n%s", said[0])
	}
}

// The requests that the guide shows are those of the plan.
func TestAccGuideRefreshingByTheAuditLog(t *testing.T) {
	said := follow(t, "refreshing-by-the-audit-log")
	if len(said) != 2 || !strings.Contains(said[1], `"renamed" -> "team-19"`) {
		t.Fatalf("it says %q", said)
	}
	requests := regexp.MustCompile(`(?m)^GET (\S+?)(?:/proj_\w+)?$`).FindAllStringSubmatch(said[1], -1)
	var paths []string
	for _, request := range requests {
		paths = append(paths, request[1])
	}
	// The log takes one or two pages.
	if expected := []string{"/v1/organization/audit_logs", "/v1/organization/projects"}; !slices.Equal(slices.Compact(paths), expected) {
		t.Errorf("the plan sent %q", paths)
	}
}

func TestAccGuideDriftDetection(t *testing.T) {
	if said := follow(t, "drift-detection"); len(said) != 5 {
		t.Errorf("%d blocks were run", len(said))
	}
}

func TestAccGuideOrganizingStates(t *testing.T) {
	if said := follow(t, "organizing-states"); len(said) != 3 || !strings.Contains(said[1], "shop | checkout | created") {
		t.Errorf("it says %q", said)
	}
}

func TestAccGuideLeastPrivilege(t *testing.T) {
	if said := follow(t, "least-privilege-admin-key"); len(said) != 3 || !strings.Contains(said[2], "Project without a hard limit") {
		t.Errorf("it says %q", said)
	}
}

// The guide has every rule, with its severity, in the order of the reviews.
func TestTheGuideHasEveryRule(t *testing.T) {
	guide := read(t, filepath.Join("..", "templates", "guides", "reviewing-changes.md"))
	last := 0
	for _, rule := range planreview.DefaultRules() {
		at := strings.Index(guide, "| `"+rule.ID+"` | "+string(rule.Severity)+" | ")
		if at < last {
			t.Errorf("rule %s is missing, in another place, or of another severity", rule.ID)
		}
		last = at
	}
}

func TestAccGuideStatusAndGoodPractice(t *testing.T) {
	said := follow(t, "status-and-good-practice")
	for i, words := range []string{
		"│ Organization    │",
		"",
		"HIGH  Organization without a hard limit  [organization-without-limit]",
		"there is a finding of severity high",
		"OpenAI: no findings\n\nChecked 1 project, 0 API keys, 1 admin key and 2 users against 23 rules. The baseline accepts ",
		"(off: organization-without-alert, owner-alone) (changed: organization-without-limit, project-without-limit, key-older-than) (with exceptions: project-without-limit)",
	} {
		if len(said) != 6 || !strings.Contains(said[i], words) {
			t.Fatalf("%q is not said: %q", words, said)
		}
	}
}

// The guide has every rule of the check, with its severity, in the order of the
// reports.
func TestTheGuideHasEveryRuleOfTheCheck(t *testing.T) {
	guide := read(t, filepath.Join("..", "templates", "guides", "status-and-good-practice.md"))
	last := 0
	for _, rule := range orgcheck.DefaultRules() {
		at := strings.Index(guide, "| `"+rule.ID+"` | "+string(rule.Severity)+" | ")
		if at < last {
			t.Errorf("rule %s is missing, in another place, or of another severity", rule.ID)
		}
		last = at
	}
}
