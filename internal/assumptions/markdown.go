package assumptions

import (
	"fmt"
	"strings"
)

// Markdown is the page of all questions.
func Markdown() string {
	var text strings.Builder
	text.WriteString(`# Open questions about the Administration API

The documentation of the Administration API leaves these questions open. The provider works with each answer: its tests apply, plan, import and destroy configurations with all of them. ` +
		"`openai-admin emulate --assume A-4=sent` starts an emulator with another answer than the assumed one. [Checking an organization](guides/checking-an-organization.md) shows how to find out which answer an organization gives." + `

| Number | Question | Assumed | Other answers | Source of the assumed answer |
|---|---|---|---|---|
`)
	var fixed strings.Builder
	for _, a := range All() {
		if len(a.Answers) == 0 {
			fmt.Fprintf(&fixed, "| %s | %s | %s |\n", a.ID, a.Question, a.Fixed)
			continue
		}
		fmt.Fprintf(&text, "| %s | %s | `%s` | `%s` | %s |\n", a.ID, a.Question, a.Assumed(), strings.Join(a.Answers[1:], "`, `"), a.Source)
	}
	text.WriteString("\nThe emulator has one answer to these:\n\n| Number | Question | Reason |\n|---|---|---|\n" + fixed.String())
	return text.String()
}
