package acctest

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// diagnostic is an error or a warning, with where it comes from.
type diagnostic struct {
	isError                  bool
	summary, detail, address string
	where                    *hcl.Range
	within                   *block
}

type diagnostics []diagnostic

func (d diagnostics) failed() bool {
	for _, one := range d {
		if one.isError {
			return true
		}
	}
	return false
}

// asWarnings makes warnings of errors.
func (d diagnostics) asWarnings() (warnings diagnostics) {
	for _, one := range d {
		one.isError = false
		warnings = append(warnings, one)
	}
	return warnings
}

func failure(b *block, address, summary, format string, args ...any) diagnostics {
	one := diagnostic{isError: true, summary: summary, detail: fmt.Sprintf(format, args...), address: address, within: b}
	if b != nil {
		one.where = &b.where
	}
	return diagnostics{one}
}

// ofHCL are the diagnostics of expressions in a block.
func ofHCL(b *block, address string, all hcl.Diagnostics) (converted diagnostics) {
	for _, one := range all {
		converted = append(converted, diagnostic{isError: one.Severity == hcl.DiagError, summary: one.Summary, detail: one.Detail, address: address, where: one.Subject, within: b})
	}
	return converted
}

// ofProvider are the diagnostics of a provider about an object, whose block is
// nil when it is no longer in the configuration.
func ofProvider(b *block, address string, all []*tfprotov6.Diagnostic) (converted diagnostics) {
	for _, one := range all {
		d := diagnostic{isError: one.Severity == tfprotov6.DiagnosticSeverityError, summary: one.Summary, detail: one.Detail, address: address, within: b}
		if b != nil {
			d.where = b.find(one.Attribute)
		}
		converted = append(converted, d)
	}
	return converted
}

// find is where an attribute is configured, or the block.
func (b *block) find(path *tftypes.AttributePath) *hcl.Range {
	steps := path.Steps()
	if len(steps) == 0 {
		return &b.where
	}
	name, ok := steps[0].(tftypes.AttributeName)
	if !ok {
		return &b.where
	}
	if a, ok := b.body.Attributes[string(name)]; ok {
		where := a.SrcRange
		return &where
	}
	for _, inner := range b.body.Blocks {
		if inner.Type == string(name) {
			where := inner.DefRange()
			return &where
		}
	}
	return &b.where
}

// text is how Terraform prints the errors.
func (d diagnostics) text(source []byte) string {
	var text strings.Builder
	for _, one := range d {
		if one.isError {
			one.print(&text, source)
		}
	}
	return text.String()
}

func (d *diagnostic) print(text *strings.Builder, source []byte) {
	fmt.Fprintf(text, "\nError: %s\n\n", d.summary)
	if d.address != "" {
		fmt.Fprintf(text, "  with %s,\n", d.address)
	}
	if d.where != nil {
		fmt.Fprintf(text, "  on %s line %d", configFile, d.where.Start.Line)
		if d.within != nil {
			fmt.Fprintf(text, ", in %s", d.within.described)
		}
		text.WriteString(":\n")
		lines := strings.Split(string(source), "\n")
		for number := d.where.Start.Line; number <= d.where.End.Line && number <= len(lines) && number > 0; number++ {
			fmt.Fprintf(text, "%4d: %s\n", number, lines[number-1])
		}
		text.WriteString("\n")
	}
	fmt.Fprintf(text, "%s\n", d.detail)
}

// terraformError is the error of the test framework for a command that fails.
type terraformError struct{ text string }

func (e *terraformError) Error() string { return "exit status 1\n" + e.text }
