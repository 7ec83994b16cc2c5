package emulator

import (
	_ "embed"
	"iter"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed operations.txt
var operationsFile string

// Operation is one operation that manages an organization.
type Operation struct {
	Method string
	// Path is a template below /v1, such as /organization/projects/{project_id}.
	Path string
	// Name is how the operation is called, such as organization.projects.list.
	Name string
	// Emulated says whether this emulator serves it.
	Emulated bool
	// NotInSDK says that the SDK does not have the operation yet.
	NotInSDK bool
}

func (o Operation) route() string { return o.Method + " /v1" + o.Path }

// Operations lists every operation that manages an organization.
func (s *Server) Operations() []Operation {
	served := map[string]bool{}
	for _, route := range s.served {
		served[shape(route)] = true
	}
	var all []Operation
	for operation := range operations() {
		operation.Emulated = served[shape(operation.route())]
		all = append(all, operation)
	}
	return all
}

// KnownOperations lists every operation of the Administration API without a
// server, and so without saying whether each is emulated.
func KnownOperations() []Operation { return slices.Collect(operations()) }

// operations are those of the API, whether this server emulates them or not.
func operations() iter.Seq[Operation] {
	return func(yield func(Operation) bool) {
		for line := range strings.Lines(operationsFile) {
			fields := strings.Fields(line)
			if fields[0] != "#" && !yield(Operation{Method: fields[0], Path: fields[1], Name: fields[2], NotInSDK: len(fields) > 3}) {
				return
			}
		}
	}
}

// OtherRoutes lists the routes of other operations.
func (s *Server) OtherRoutes() []string {
	known := map[string]bool{}
	for _, operation := range s.Operations() {
		known[shape(operation.route())] = true
	}
	return slices.DeleteFunc(s.Routes(), func(route string) bool { return known[shape(route)] })
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

// shape is a route without the names of its parameters, which everybody
// chooses for themselves.
func shape(route string) string { return parameter.ReplaceAllString(route, "{}") }

// operationNames finds the operation that a request is for.
type operationNames struct {
	mux   *http.ServeMux
	named map[string]string
}

var namesOfOperations = sync.OnceValue(func() operationNames {
	n := operationNames{http.NewServeMux(), map[string]string{}}
	for operation := range operations() {
		n.mux.Handle(operation.route(), http.NotFoundHandler())
		n.named[operation.route()] = operation.Name
	}
	return n
})

// of returns the name of the operation, empty when the API has none.
func (n operationNames) of(r *http.Request) string {
	_, pattern := n.mux.Handler(r)
	return n.named[pattern]
}
