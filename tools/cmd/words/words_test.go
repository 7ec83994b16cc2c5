package main

import (
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	rules, err := parseRules(`
[text]
nobody | no user
organis\w+ | organiz…
is told | is notified

[names]
judge | a name that says what it does

[builtins]
max | another name

[skip]
docs | generated

[exceptions]
api.json | organisation | a field of the API
`)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		file, content string
		want          []string
	}{
		"a word":             {"README.md", "One\nNobody knows.\n", []string{"README.md:2: Nobody: write no user"}},
		"a part of a word":   {"README.md", "Nobodys\n", nil},
		"an expression":      {"a/main.tf", "# The organisation\n", []string{"a/main.tf:1: organisation: write organiz…"}},
		"two words":          {"a.md", "It is told.\n", []string{"a.md:1: is told: write is notified"}},
		"a comment in Go":    {"a.go", "package a\n\n// nobody\n", []string{"a.go:3: nobody: write no user"}},
		"a text in Go":       {"a.go", "package a\n\nconst text = \"Nobody\"\n", []string{"a.go:3: Nobody: write no user"}},
		"a camel-case name":  {"a.go", "package a\n\nfunc TestUserIsTold() {}\n", []string{"a.go:3: TestUserIsTold: write is notified"}},
		"a name":             {"a.go", "package a\n\ntype t struct{ judge int }\n", []string{"a.go:3: judge: write a name that says what it does"}},
		"a use of a name":    {"a.go", "package a\n\nvar x = other.judge\n", nil},
		"a hidden builtin":   {"a.go", "package a\n\nfunc f() { max := 1; _ = max }\n", []string{"a.go:3: max: write another name"}},
		"a loop":             {"a.go", "package a\n\nfunc f() { for max := range 2 { _ = max } }\n", []string{"a.go:3: max: write another name"}},
		"a field":            {"a.go", "package a\n\ntype t struct{ max int }\n", nil},
		"a method":           {"a.go", "package a\n\nfunc (t) max() {}\n", nil},
		"a skipped folder":   {"docs/index.md", "nobody\n", nil},
		"an exception":       {"api.json", "organisation\n", nil},
		"a file of no text":  {"a.bin", "nobody\x00", nil},
		"the same elsewhere": {"b.json", "organisation\n", []string{"b.json:1: organisation: write organiz…"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := rules.check(test.file, []byte(test.content)); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("found %q, want %q", got, test.want)
			}
		})
	}
	if unused := rules.unusedExceptions(); len(unused) != 0 {
		t.Errorf("unused exceptions: %q", unused)
	}
}

func TestUnusedExceptionsAreFound(t *testing.T) {
	rules, err := parseRules("[exceptions]\n*.json | told | a field\n")
	if err != nil {
		t.Fatal(err)
	}
	if unused := rules.unusedExceptions(); strings.Join(unused, "") != "*.json told" {
		t.Errorf("unused exceptions: %q", unused)
	}
}

// The list that is in force is read, and finds words.
func TestTheListIsValid(t *testing.T) {
	rules, err := parseRules(list)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"behaviour", "somebody else", "is told", "beside it", "the key dies", "take over", "made elsewhere"} {
		if len(rules.check("a.md", []byte(text))) == 0 {
			t.Errorf("%q is not found", text)
		}
	}
	for _, invalid := range []string{"told | reports", "[text]\ntold", "[text]\n( | x"} {
		if _, err := parseRules(invalid); err == nil {
			t.Errorf("the list %q is accepted", invalid)
		}
	}
}
