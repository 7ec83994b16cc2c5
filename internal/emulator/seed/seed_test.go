package seed_test

import (
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

func TestParse(t *testing.T) {
	s, err := seed.Parse(strings.NewReader(`
owner:
  email: boss@example.com
members:
  - email: ada@example.com
    role: reader
projects:
  - name: shop
    members: [{ email: ada@example.com, role: member }]
`))
	if err != nil {
		t.Fatal(err)
	}
	if s.Owner.Email != "boss@example.com" || s.Projects[0].Members[0].Role != "member" {
		t.Errorf("the seed is %+v", s)
	}
	if len(s.Models) == 0 || s.Organization.ID == "" {
		t.Error("what is left out is not taken from the built-in seed")
	}
	if s.Usage != nil {
		t.Error("usage is made up")
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, text := range []string{"member:\n  - email: a@example.com\n", "members: yes\n", "usage:\n  - kind: completions\n    measures: {tokens: 5}\n"} {
		if _, err := seed.Parse(strings.NewReader(text)); err == nil {
			t.Errorf("accepted: %s", text)
		}
	}
}
