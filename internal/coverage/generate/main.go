// Command generate writes the parts of docs/ that tfplugindocs does not: the
// table of covered operations of the API, the open questions about it, a page
// for each list resource and each action, which tfplugindocs sees only where
// Terraform is new enough, and the subcategories of all pages.
//
// With -identities it prints the identity schemas of the resources instead, as
// Terraform 1.12 and later add them to the schemas of a provider.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/list"
	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/allthingsai/terraform-provider-openai/internal/assumptions"
	"github.com/allthingsai/terraform-provider-openai/internal/coverage"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: generate FOLDER | -identities")
	}
	if os.Args[1] == "-identities" {
		if err := json.NewEncoder(os.Stdout).Encode(identitySchemas(provider.New("docs")())); err != nil {
			log.Fatal(err)
		}
		return
	}
	folder, err := os.OpenRoot(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	p := provider.New("docs")()
	if err := errors.Join(writeCoverage(p, folder), writeAssumptions(folder), writeLists(p, folder), writeActions(p, folder), writeSubcategories(folder)); err != nil {
		log.Fatal(err)
	}
}

func writeCoverage(p frameworkprovider.Provider, folder *os.Root) error {
	operations, err := coverage.Operations()
	if err != nil {
		return err
	}
	files, err := filepath.Glob("cmd/openai-admin/*.go")
	if err != nil {
		return err
	}
	var commands []string
	for _, file := range files {
		commands = append(commands, strings.TrimSuffix(filepath.Base(file), ".go"))
	}
	text := coverage.Markdown(operations, coverage.Served(context.Background(), p), commands)
	return folder.WriteFile("coverage.md", []byte(text), 0o600)
}

func writeAssumptions(folder *os.Root) error {
	return folder.WriteFile("assumptions.md", []byte(assumptions.Markdown()), 0o600)
}

func writeLists(p frameworkprovider.Provider, folder *os.Root) error {
	lists, ok := p.(frameworkprovider.ProviderWithListResources)
	if !ok {
		return nil
	}
	if err := folder.MkdirAll("list-resources", 0o750); err != nil {
		return err
	}
	ctx := context.Background()
	for _, factory := range lists.ListResources(ctx) {
		l := factory()
		var meta resource.MetadataResponse
		l.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described list.ListResourceSchemaResponse
		l.ListResourceConfigSchema(ctx, list.ListResourceSchemaRequest{}, &described)
		name := strings.TrimPrefix(meta.TypeName, "openai_")
		if err := folder.WriteFile("list-resources/"+name+".md", []byte(page(meta.TypeName, described)), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func writeActions(p frameworkprovider.Provider, folder *os.Root) error {
	actions, ok := p.(frameworkprovider.ProviderWithActions)
	if !ok {
		return nil
	}
	if err := folder.MkdirAll("actions", 0o750); err != nil {
		return err
	}
	ctx := context.Background()
	for _, factory := range actions.Actions(ctx) {
		a := factory()
		var meta action.MetadataResponse
		a.Metadata(ctx, action.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described action.SchemaResponse
		a.Schema(ctx, action.SchemaRequest{}, &described)
		example, err := os.ReadFile(filepath.Join("examples", "actions", meta.TypeName, "action.tf"))
		if err != nil {
			return err
		}
		text := actionPage(meta.TypeName, described.Schema, string(example))
		if err := folder.WriteFile("actions/"+strings.TrimPrefix(meta.TypeName, "openai_")+".md", []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// actionPage describes an action.
func actionPage(typeName string, described schema.Schema, example string) string {
	var text strings.Builder
	summary, _, _ := strings.Cut(described.MarkdownDescription, "\n")
	fmt.Fprintf(&text, "---\npage_title: \"%s Action - OpenAI\"\nsubcategory: \"\"\ndescription: |-\n  %s\n---\n\n# %s (Action)\n\n%s\n\n",
		typeName, summary, typeName, described.MarkdownDescription)
	fmt.Fprintf(&text, "Needs Terraform 1.14 or later. OpenTofu has no actions.\n\n## Example Usage\n\n```terraform\n%s```\n\n## Schema\n", example)
	for _, part := range []struct {
		heading  string
		required bool
	}{{"Required", true}, {"Optional", false}} {
		var lines []string
		for _, name := range slices.Sorted(maps.Keys(described.Attributes)) {
			if a := described.Attributes[name]; a.IsRequired() == part.required {
				lines = append(lines, fmt.Sprintf("- `%s` (%s) %s\n", name, typeLabel(a.GetType()), a.GetMarkdownDescription()))
			}
		}
		if len(lines) > 0 {
			fmt.Fprintf(&text, "\n### %s\n\n%s", part.heading, strings.Join(lines, ""))
		}
	}
	return text.String()
}

// typeLabel names a type as tfplugindocs does.
func typeLabel(t attr.Type) string {
	switch t := t.(type) {
	case types.SetType:
		return "Set of " + typeLabel(t.ElemType)
	case basetypes.BoolType:
		return "Boolean"
	default:
		return "String"
	}
}

// writeSubcategories writes the subcategory of each page into its front matter.
func writeSubcategories(folder *os.Root) error {
	for page, subcategory := range provider.Subcategories(context.Background()) {
		content, err := folder.ReadFile(page + ".md")
		if err != nil {
			return err
		}
		const empty = "\nsubcategory: \"\"\n"
		if !strings.Contains(string(content), empty) {
			return fmt.Errorf("%s.md has no line for its subcategory", page)
		}
		text := strings.Replace(string(content), empty, fmt.Sprintf("\nsubcategory: %q\n", subcategory), 1)
		if err := folder.WriteFile(page+".md", []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// identitySchema is that of a resource, in Terraform's JSON.
type identitySchema struct {
	Version    int64                        `json:"version"`
	Attributes map[string]identityAttribute `json:"attributes"`
}

type identityAttribute struct {
	Type        string `json:"type"`
	Description string `json:"description"`
	Required    bool   `json:"required_for_import,omitempty"`
	Optional    bool   `json:"optional_for_import,omitempty"`
}

func identitySchemas(p frameworkprovider.Provider) map[string]identitySchema {
	ctx, all := context.Background(), map[string]identitySchema{}
	for _, factory := range p.Resources(ctx) {
		r, ok := factory().(resource.ResourceWithIdentity)
		if !ok {
			continue
		}
		var meta resource.MetadataResponse
		r.Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		var described resource.IdentitySchemaResponse
		r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &described)
		schema := identitySchema{Version: described.IdentitySchema.Version, Attributes: map[string]identityAttribute{}}
		for name, a := range described.IdentitySchema.Attributes {
			schema.Attributes[name] = identityAttribute{Type: "string", Description: a.GetDescription(), Required: a.IsRequiredForImport(), Optional: a.IsOptionalForImport()}
		}
		all[meta.TypeName] = schema
	}
	return all
}

// page describes a list resource.
func page(typeName string, described list.ListResourceSchemaResponse) string {
	var text strings.Builder
	fmt.Fprintf(&text, "---\npage_title: \"%s List Resource - OpenAI\"\nsubcategory: \"\"\ndescription: |-\n  %s\n---\n\n# %s (List Resource)\n\n%s\n\n",
		typeName, described.Schema.MarkdownDescription, typeName, described.Schema.MarkdownDescription)
	fmt.Fprintf(&text, "For `terraform query`, from Terraform 1.14. See the guide [Adopting an organization](../guides/adopting-an-organization.md).\n\n"+
		"## Example Usage\n\n```terraform\nlist \"%s\" \"all\" {\n  provider = openai\n  limit    = 1000\n", typeName)
	if _, ok := described.Schema.Attributes["project_id"]; ok {
		text.WriteString("\n  config {\n    project_id = \"proj_123\"\n  }\n")
	}
	text.WriteString("}\n```\n\n## Schema\n\n")
	if len(described.Schema.Attributes) == 0 {
		text.WriteString("It takes no arguments.\n")
		return text.String()
	}
	text.WriteString("### Optional\n\n")
	for _, name := range slices.Sorted(maps.Keys(described.Schema.Attributes)) {
		a := described.Schema.Attributes[name]
		fmt.Fprintf(&text, "- `%s` (%s) %s\n", name, typeLabel(a.GetType()), a.GetMarkdownDescription())
	}
	return text.String()
}
