package export

import (
	"path/filepath"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// hostileNames would be something else than text if they were written as they
// are.
var hostileNames = []string{
	`${file("/etc/passwd")}`, `%{ for x in [1] }x%{ endfor }`, "a\"\n}\n\nresource \"terraform_data\" \"x\" {\n  input = \"b", `a" } provider "aws" {}`,
	"<<EOT\nx\nEOT", `/* comment`, `*/`, `# comment`, `// comment`, `\`, `\"`, `$${x}`, `%%{x}`, "tab\there", "a\u2028b", "a\u202eb", `{"a":1}`, `../../x`, `'; rm -rf /`,
	"a\r\nb", "\u200b\u200b", "import {\n  to = x\n}",
}

// Names from the API are text in exported files: they add no block, and are
// read as they were.
func TestHostileNamesAreText(t *testing.T) {
	b := acctest.Start(t)
	expected := map[string]bool{}
	for _, name := range hostileNames {
		status, _ := b.Try(t, "POST", "/organization/projects", map[string]string{"name": name})
		if status == 200 {
			expected[name] = true
		}
	}
	if len(expected) < 15 {
		t.Fatalf("only %d names were accepted", len(expected))
	}
	folder, _, err := run(t, b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	parser := hclparse.NewParser()
	for name, content := range files(t, folder) {
		if filepath.Ext(name) != ".tf" {
			continue
		}
		file, diags := parser.ParseHCL([]byte(content), name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			switch block.Type {
			case "terraform", "provider", "import", "resource", "locals", "variable":
			default:
				t.Errorf("%s has a block %s", name, block.Type)
			}
			if block.Type != "resource" {
				continue
			}
			if len(block.Labels) != 2 || block.Labels[0][:7] != "openai_" || !hclsyntax.ValidIdentifier(block.Labels[1]) {
				t.Errorf("%s has a resource %q", name, block.Labels)
			}
			if block.Labels[0] != "openai_project" {
				continue
			}
			value, diags := block.Body.Attributes["name"].Expr.Value(&hcl.EvalContext{})
			if diags.HasErrors() || value.Type() != cty.String {
				t.Errorf("the name of %q is no text: %v", block.Labels, diags)
				continue
			}
			delete(expected, value.AsString())
		}
	}
	for name := range expected {
		t.Errorf("no project is called %q", name)
	}
}
