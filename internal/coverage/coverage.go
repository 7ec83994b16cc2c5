// Package coverage lists the operations that manage an organization with the
// objects that use them, or the reason why none does.
package coverage

import (
	"context"
	_ "embed" // the table
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

//go:embed coverage.txt
var table string

// Operation is an operation of the API.
type Operation struct {
	Method, Path string
	// Outside says that the operation is not one of the Administration API.
	Outside bool
	// Uses are objects and commands, Reason why there are none.
	Uses   []string
	Reason string
}

// outsideLine precedes the operations outside the Administration API.
const outsideLine = "outside"

// Operations reads the table.
func Operations() (operations []Operation, err error) {
	outside := false
	for line := range strings.Lines(table) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if line == outsideLine {
			outside = true
			continue
		}
		operation, uses, used := strings.Cut(line, " = ")
		operation, reason, unused := strings.Cut(operation, " - ")
		method, path, ok := strings.Cut(operation, " ")
		if !ok || used == unused {
			return nil, fmt.Errorf("coverage.txt: %q is neither METHOD PATH = USES nor METHOD PATH - REASON", line)
		}
		o := Operation{Method: method, Path: path, Outside: outside, Reason: reason}
		if used {
			o.Uses = strings.Split(uses, ", ")
		}
		operations = append(operations, o)
	}
	return operations, nil
}

// Served lists the objects that a provider serves, by their names in the table.
func Served(ctx context.Context, p provider.Provider) []string {
	var names []string
	for _, factory := range p.Resources(ctx) {
		var meta resource.MetadataResponse
		factory().Metadata(ctx, resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		names = append(names, meta.TypeName)
	}
	for _, factory := range p.DataSources(ctx) {
		var meta datasource.MetadataResponse
		factory().Metadata(ctx, datasource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		names = append(names, "data."+meta.TypeName)
	}
	if p, ok := p.(provider.ProviderWithEphemeralResources); ok {
		for _, factory := range p.EphemeralResources(ctx) {
			var meta ephemeral.MetadataResponse
			factory().Metadata(ctx, ephemeral.MetadataRequest{ProviderTypeName: "openai"}, &meta)
			names = append(names, "ephemeral."+meta.TypeName)
		}
	}
	if p, ok := p.(provider.ProviderWithActions); ok {
		for _, factory := range p.Actions(ctx) {
			var meta action.MetadataResponse
			factory().Metadata(ctx, action.MetadataRequest{ProviderTypeName: "openai"}, &meta)
			names = append(names, "action."+meta.TypeName)
		}
	}
	return names
}

const commandPrefix = "openai-admin "

// isObject says whether a use is an object of the provider, which is there only
// when it is served.
func isObject(use string) bool { return use != "provider" && !strings.HasPrefix(use, commandPrefix) }

// split divides the uses of an operation into those that are there and those
// that are planned. commands are those of openai-admin.
func (o Operation) split(served, commands []string) (there, planned []string) {
	for _, use := range o.Uses {
		command, isCommand := strings.CutPrefix(use, commandPrefix)
		if use == "provider" || isCommand && slices.Contains(commands, command) || slices.Contains(served, use) {
			there = append(there, use)
		} else {
			planned = append(planned, use)
		}
	}
	return there, planned
}

// Markdown writes the tables for people.
func Markdown(operations []Operation, served, commands []string) string {
	outside := slices.DeleteFunc(slices.Clone(operations), func(o Operation) bool { return !o.Outside })
	inside := slices.DeleteFunc(slices.Clone(operations), func(o Operation) bool { return o.Outside })
	used, total := 0, len(operations)
	table := func(operations []Operation) string {
		rows, count := rowsOf(operations, served, commands)
		used += count
		return fmt.Sprintf("%d operations, %d of them used:\n\n| Operation | Used by |\n|---|---|\n%s", len(operations), count, rows)
	}
	text := "\n## Administration API\n\nThe Administration API of OpenAI's SDKs has " + table(inside)
	if len(outside) > 0 {
		text += "\n## Other operations that manage an organization\n\nOutside the Administration API there are " + table(outside)
	}
	return fmt.Sprintf("# Coverage of the API\n\nThe API has %d operations that manage an organization. %d are used. The tables have the reason for each of the others.\n", total, used) + text
}

// rowsOf writes a table of operations, and counts those that are used.
func rowsOf(operations []Operation, served, commands []string) (rows string, used int) {
	var text strings.Builder
	for _, o := range operations {
		there, planned := o.split(served, commands)
		cell := make([]string, 0, len(there)+1)
		for _, use := range there {
			cell = append(cell, link(use))
		}
		switch {
		case len(there) > 0:
			used++
		case len(planned) > 0:
			cell = append(cell, "planned: `"+strings.Join(planned, "`, `")+"`")
		default:
			cell = append(cell, "— "+o.Reason)
		}
		fmt.Fprintf(&text, "| `%s %s` | %s |\n", o.Method, o.Path, strings.Join(cell, ", "))
	}
	return text.String(), used
}

// link shows a use, with the way to its page.
func link(use string) string {
	if !isObject(use) {
		if use == "provider" {
			return "[provider](index.md) (`refresh_mode = \"audit_log\"`)"
		}
		return "`" + use + "`"
	}
	folder, name := "resources", use
	if kind, typeName, ok := strings.Cut(use, "."); ok {
		folder, name = map[string]string{"data": "data-sources", "ephemeral": "ephemeral-resources", "action": "actions"}[kind], typeName
	}
	label := map[string]string{"resources": "", "data-sources": "data ", "ephemeral-resources": "ephemeral ", "actions": "action "}[folder]
	return fmt.Sprintf("%s[`%s`](%s/%s.md)", label, name, folder, strings.TrimPrefix(name, "openai_"))
}
