package faults_test

import (
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// lives are the subjects, and the person that openai_organization_member finds
// in the organization, so that there is no invitation.
func lives() []subject {
	person := func(role string) func(*world) map[string]any {
		return func(*world) map[string]any { return map[string]any{"email": "member@example.com", "role": role} }
	}
	return append(subjectsOf(), subject{typeName: "openai_organization_member", first: person("owner"), second: person("reader")})
}

// resourceOf returns a resource that has a client of its own, as each operation
// of Terraform has.
func (w *world) resourceOf(t *testing.T, typeName string) lifecycle.Resource {
	t.Helper()
	client, err := adminapi.New(adminapi.Config{AdminAPIKey: transport.NewSecret(w.server.AdminKey()), APIKey: transport.NewSecret(w.apiKey), BaseURL: w.direct.URL + "/v1", Clock: w.clock})
	if err != nil {
		t.Fatal(err)
	}
	for _, construct := range provider.New("test")().Resources(t.Context()) {
		r := construct()
		var meta resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: "openai"}, &meta)
		if meta.TypeName != typeName {
			continue
		}
		var configured resource.ConfigureResponse
		r.(resource.ResourceWithConfigure).Configure(t.Context(), resource.ConfigureRequest{ProviderData: client}, &configured)
		if defined, ok := r.(lifecycle.Resource); ok && !configured.Diagnostics.HasError() {
			return defined
		}
	}
	t.Fatalf("%s does not say which path of the API it has", typeName)
	return nil
}

// declared are the paths that a resource declares for an object, without those
// by which it is only searched.
func declared(t *testing.T, r lifecycle.Resource, object *acctest.Object) (paths []string) {
	t.Helper()
	if object == nil {
		return nil
	}
	for _, known := range r.Paths(t.Context(), object.Raw(t)).Known() {
		collection, _, isSearch := strings.Cut(known, "?")
		if !isSearch {
			paths = append(paths, known)
		} else if !strings.HasPrefix(collection, "/organization/") {
			t.Errorf("%s is no path of the API", known)
		}
	}
	return paths
}

// ownPath is the path of the declared ones that a write is about, empty when
// there is none.
func ownPath(typeName string, write entry, paths []string) string {
	target := write.path
	if at := strings.LastIndex(target, "/roles/"); at >= 0 {
		target = target[:at+len("/roles/")] + adminapi.BaseRole(target[at+len("/roles/"):])
	}
	for _, verb := range specialOf(typeName).verbs {
		target = strings.TrimSuffix(target, verb)
	}
	switch k := kinds[typeName]; {
	case slices.Contains(paths, target):
		return target
	case write.method == http.MethodDelete || k == removable || k == permanent:
		return ""
	}
	// A POST to a collection is about the object that the answer names, or the
	// body where the answer has no id of its own.
	other := specialOf(typeName).createdIn
	for _, own := range paths {
		isNamed := write.id == "" || kinds[typeName] == membership || path.Base(own) == adminapi.BaseRole(write.id)
		if _, isOther := match(other, target); isNamed && (path.Dir(own) == target || isOther) {
			return own
		}
	}
	return ""
}

// The API paths that a resource declares, by which changes of one configuration
// know that they are about the same object, are those that it writes: each write
// is about a declared path, and each declared path is written.
func TestDeclaredPathsAreThoseThatAreWritten(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range lives() {
		covered[s.typeName] = true
		t.Run(s.typeName, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var object *acctest.Object
			var known []string // declared so far
			written := map[string]bool{}
			seen := len(w.journal.writes())
			for step, configured := range []map[string]any{s.first(w), s.second(w), nil} {
				object, _ = mustApply(t, w, s, object, configured)
				known = append(known, declared(t, w.resourceOf(t, s.typeName), object)...)
				writes := w.journal.writes()[seen:]
				seen += len(writes)
				if len(writes) == 0 {
					t.Errorf("step %d writes nothing", step+1)
				}
				for _, write := range writes {
					own := ownPath(s.typeName, write, known)
					if own == "" {
						t.Errorf("step %d: %s %s is not about a declared path: %q", step+1, write.method, write.path, known)
					}
					written[own] = true
				}
			}
			if len(known) == 0 {
				t.Fatal("no path is declared")
			}
			for _, own := range known {
				if shared := specialOf(s.typeName).neverWritten; !written[own] && (shared == "" || !strings.Contains(own, shared)) {
					t.Errorf("%s is declared and never written", own)
				}
			}
		})
	}
	for _, name := range resourceTypes(t) {
		if !covered[name] {
			t.Errorf("%s is not covered", name)
		}
	}
}
