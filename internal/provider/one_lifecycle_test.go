package provider_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// ownLifeCycles are the files that still write out the life of an object, or a
// part of it, in methods of the framework. Everything else is defined with
// lifecycle.Object, lifecycle.Setting and lifecycle.DataSource. The list only
// gets shorter.
var ownLifeCycles = []string{
	// The server explains what is wrong with the configuration of a data source.
	"registry.go",
}

// Every registered resource has the safety rules of lifecycle.
func TestEveryResourceIsDefined(t *testing.T) {
	for name, r := range resources(t) {
		if _, ok := r.(lifecycle.Resource); !ok {
			t.Errorf("%s is not defined with lifecycle.Object or lifecycle.Setting", name)
		}
	}
}

// The life of an object is written once: outside lifecycle no request and no
// response of the framework's resources and data sources is handled.
func TestOneLifeCycle(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "lifecycle/") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			selected, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			pkg, ok := selected.X.(*ast.Ident)
			if name := selected.Sel.Name; ok && (pkg.Name == "resource" || pkg.Name == "datasource") && (strings.HasSuffix(name, "Request") || strings.HasSuffix(name, "Response")) {
				found[filepath.ToSlash(path)] = true
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range found {
		if !slices.Contains(ownLifeCycles, path) {
			t.Errorf("%s handles requests of the framework: define the object with lifecycle.Object, lifecycle.Setting or lifecycle.DataSource", path)
		}
	}
	for _, path := range ownLifeCycles {
		if !found[path] {
			t.Errorf("%s is listed, and handles no request of the framework", path)
		}
	}
}
