package faults_test

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

// importBlock is how diagnostics name an object that a create with unknown
// outcome may have left.
var importBlock = regexp.MustCompile(`to = (\w+)\.NAME\n\s+id = "([^"]+)"`)

// holds reports whether an object in state has this id.
func holds(object *acctest.Object, id string) bool {
	return slices.ContainsFunc([]string{"id", "external_key_id", "external_storage_id", "previous_id"}, func(name string) bool {
		return object.Attribute(name) == id
	})
}

// followAdvice imports the objects that diagnostics have named: as the object
// when there is none, otherwise to destroy them.
func (w *world) followAdvice(t testing.TB, s subject, object *acctest.Object) (*acctest.Object, error) {
	t.Helper()
	if kinds[s.typeName] != serverNamed && kinds[s.typeName] != secret {
		w.said = ""
		return object, nil // its import blocks are for objects that a create overwrites
	}
	blocks := importBlock.FindAllStringSubmatch(w.said, -1)
	w.said = ""
	for _, block := range blocks {
		typeName, id := block[1], block[2]
		if typeName != s.typeName || holds(object, path.Base(id)) {
			continue
		}
		found, diags := w.driver(t).ImportID(t, typeName, id)
		switch {
		case found == nil:
			continue // it does not exist any more
		case hasError(diags):
			return object, errors.New("import: " + diags[0].Summary + ": " + diags[0].Detail)
		case object == nil:
			object = found
			continue
		}
		if _, diags = w.driver(t).Apply(t, typeName, found, nil); hasError(diags) {
			return object, errors.New("destroy: " + diags[0].Summary + ": " + diags[0].Detail)
		}
	}
	return object, nil
}
