package faults_test

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// routes are the writes that a change of a resource may take. A segment * stands
// for an id that the change must know.
type routes struct {
	create, update, remove []string
	// object are the paths that show the object in an inventory.
	object []string
}

// plain are the routes of an object in a list.
func plain(list string) routes {
	return routes{create: []string{"POST " + list}, update: []string{"POST " + list + "/*"}, remove: []string{"DELETE " + list + "/*"}, object: []string{list + "/*"}}
}

// written are the routes of a setting that is written as a whole.
func written(path string) routes {
	return routes{create: []string{"POST " + path}, update: []string{"POST " + path}, remove: []string{"POST " + path, "DELETE " + path}, object: []string{path}}
}

func (r routes) updating(more ...string) routes {
	r.update = append(r.update, more...)
	return r
}

func (r routes) removing(more ...string) routes {
	r.remove = append(r.remove, more...)
	return r
}

// writing adds writes of creates and of updates.
func (r routes) writing(more ...string) routes {
	r.create = append(r.create, more...)
	return r.updating(more...)
}

const inProject = "/organization/projects/*"

// routesOf follow from the paths of an object, and from its entry in special.
func routesOf(object lifecycle.Traits) routes {
	r := written(object.Path())
	if !object.Restores && object.Collection() != "" {
		r = plain(object.Collection())
	}
	r.object = append(r.object, object.Paths[1:]...)
	if special := specialOf(object.Type).routes; special != nil {
		r = special(r)
	}
	return r
}

// resourceRoutes are those of every resource.
var resourceRoutes = func() map[string]routes {
	all := map[string]routes{}
	for name, object := range registered {
		all[name] = routesOf(object)
	}
	return all
}()

// bag are the texts that a change knows of an object.
type bag map[string]bool

// stateTexts finds texts and the keys of maps: a key that was rotated twice is
// one of those.
var stateTexts = regexp.MustCompile(`tftypes\.String<"([^"]*)">|"([^"]*)":`)

func (b bag) addText(text string) {
	b[text] = true
	for part := range strings.SplitSeq(text, "/") {
		b[part] = true
	}
}

func (b bag) addObject(o *acctest.Object) {
	for _, found := range stateTexts.FindAllStringSubmatch(o.String(), -1) {
		b.addText(found[1] + found[2])
	}
}

func (b bag) addConfig(value any) {
	switch value := value.(type) {
	case string:
		b.addText(value)
	case []string:
		for _, text := range value {
			b.addText(text)
		}
	case map[string]any:
		for _, item := range value {
			b.addConfig(item)
		}
	}
}

// change is the action of a plan for an address, and its outcome.
type change struct {
	address, typeName string
	action            acctest.PlanAction
	// prior is known of the object before, own of it at any time, and deposed of
	// the objects that an earlier replacement has left.
	prior, own, deposed bag
}

// operationRecord is a plan with its apply.
type operationRecord struct {
	origin
	changes []change
	// shown are the diagnostics of the plan.
	shown string
	// unsearched says that the apply was killed and that the next one said that
	// its search for orphans of this one was cut short.
	unsearched bool
}

// verdicts checks writes from outside.
type verdicts struct {
	// people are the ids of people by e-mail address.
	people  map[string]string
	records map[origin]*operationRecord
	// said are all diagnostics, saidTo those of each state.
	said   string
	saidTo map[string]string
	// creators are the operations that created objects, by id, as the journal has
	// it. Only the diagnostics of their own state name an object to it.
	creators map[string]origin
}

// match returns the ids in a path at the stars of a pattern.
func match(pattern, path string) (ids []string, ok bool) {
	want, given := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(given) {
		return nil, false
	}
	for i, segment := range want {
		switch {
		case segment == "*":
			ids = append(ids, given[i])
		case segment != given[i]:
			return nil, false
		}
	}
	return ids, true
}

func (v *verdicts) knows(b bag, id string) bool {
	if b[id] || b[adminapi.BaseRole(id)] || b[strings.TrimPrefix(id, "rl-")] {
		return true
	}
	for email, person := range v.people {
		if person == id && b[email] {
			return true
		}
	}
	return false
}

func (v *verdicts) covers(patterns []string, b bag, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ids, ok := match(pattern, path)
		return ok && !slices.ContainsFunc(ids, func(id string) bool { return !v.knows(b, id) })
	})
}

func union(bags ...bag) bag {
	all := bag{}
	for _, b := range bags {
		maps.Copy(all, b)
	}
	return all
}

// explains says whether a planned change explains a write. made are the ids of
// objects that the same apply has created.
func (v *verdicts) explains(c change, e entry, made bag, shown string) bool {
	r, request := resourceRoutes[c.typeName], e.method+" "+e.path
	if len(c.deposed) > 0 && v.covers(r.remove, c.deposed, request) {
		return true
	}
	creates := c.action == acctest.ActionCreate || c.action.Replaces()
	removes := c.action == acctest.ActionDelete || c.action.Replaces()
	switch known := union(c.own, made); {
	case creates && (v.covers(r.create, known, request) || e.method != http.MethodDelete && v.covers(r.update, known, request)):
		return true
	case e.unchanged && c.action != acctest.ActionNoOp && v.covers(specialOf(c.typeName).rewrites, known, request):
		return true
	case creates && e.method == http.MethodDelete && strings.Contains(shown, path.Base(e.path)) && v.covers(r.update, bag{path.Base(e.path): true}, request):
		return true // the plan has named the object that it replaces
	case creates && v.covers(r.remove, made, request): // deletes the object that it has just created
		return true
	case removes && v.covers(r.remove, union(c.prior, made), request):
		return true
	case c.action.Replaces() && e.method == http.MethodDelete && v.covers(r.update, union(c.prior, made), request):
		return true // created first: the parts of the same object that the replacement does not have
	case c.action == acctest.ActionUpdate && e.method == http.MethodDelete:
		return v.covers(r.update, union(c.prior, made), request)
	case c.action == acctest.ActionUpdate:
		return v.covers(r.update, known, request)
	}
	return false
}

// writes checks a journal, and returns the writes that no plan explains.
func (v *verdicts) writes(entries []entry) (violations []string) {
	made := map[origin]bag{}
	v.creators = map[string]origin{}
	for _, e := range entries {
		if e.phase != applying {
			violations = append(violations, fmt.Sprintf("a write while planning: %s %s answers %d (%s, operation %d)", e.method, e.path, e.status, e.state, e.run))
			continue
		}
		if e.status >= 300 {
			continue
		}
		record := v.records[e.origin]
		if made[e.origin] == nil {
			made[e.origin] = bag{}
		}
		if record == nil || !slices.ContainsFunc(record.changes, func(c change) bool { return v.explains(c, e, made[e.origin], record.shown) }) {
			violations = append(violations, fmt.Sprintf("no planned change explains %s %s (%s, operation %d)%s", e.method, e.path, e.state, e.run, record.describe()))
			continue
		}
		if e.method == http.MethodPost && e.id != "" && !strings.Contains(e.path, e.id) {
			made[e.origin][e.id] = true
			v.creators[e.id] = e.origin
		}
	}
	return violations
}

func (r *operationRecord) describe() string {
	if r == nil {
		return ", without a planned change"
	}
	text := ", planned were"
	for _, c := range r.changes {
		if c.action != acctest.ActionNoOp {
			text += fmt.Sprintf(" %s %s;", c.action, c.address)
		}
	}
	return text
}

// ownedBy says whether an object in a state is the one at a path.
func (v *verdicts) ownedBy(o *acctest.Object, path string) bool {
	if o == nil {
		return false
	}
	b := bag{}
	b.addObject(o)
	for _, deposed := range o.Deposed {
		b.addObject(deposed)
	}
	return v.covers(resourceRoutes[o.Type].object, b, path)
}

// named says whether a diagnostic names the object of a path, or a new one that
// it belongs to.
func (v *verdicts) named(path string, before, after inventory) bool {
	if rest, ok := strings.CutPrefix(path, "/fine_tuning/checkpoints/"); ok {
		// Plans name the projects of permissions, whose ids only the API knows.
		checkpoint, _, _ := strings.Cut(rest, "/")
		return strings.Contains(v.said, "permissions of checkpoint "+checkpoint)
	}
	for part := path; part != ""; part = part[:strings.LastIndexByte(part, '/')] {
		id := part[strings.LastIndexByte(part, '/')+1:]
		kind, isSetting := removableSettings[id]
		said := v.said
		if creator, known := v.creators[id]; known {
			said = v.saidTo[creator.state]
			if record := v.records[creator]; record != nil && record.unsearched {
				return true
			}
		}
		if !after[part] && strings.HasPrefix(part, "/projects/") {
			part = inProjects(part) // roles are listed below another path than the group that has them
		}
		if after[part] && !before[part] && !isSetting && slices.ContainsFunc(namesOf(id), func(name string) bool { return strings.Contains(said, name) }) {
			return true
		}
		if isSetting && v.failedToSet(kind, part) {
			return true
		}
	}
	return false
}

// namesOf are the names by which a diagnostic may call an object: people have
// addresses, too.
func namesOf(id string) []string {
	names := []string{adminapi.BaseRole(id)}
	if name, ok := strings.CutPrefix(id, "user-"); ok {
		names = append(names, name+"-member@example.com")
	}
	return names
}

// inProjects is the path under which the members of projects are listed.
func inProjects(path string) string { return "/organization" + path }

// removableSettings are the settings that an inventory has, as errors name them.
var removableSettings = func() map[string]string {
	all := map[string]string{}
	for name, k := range kinds {
		if k == removable {
			_, setting, _ := cutLast(registered[name].Path())
			all[setting] = strings.ReplaceAll(setting, "_", " ")
		}
	}
	return all
}()

// failedToSet reports whether an error says that a setting of this path could
// not be set, after which it may be.
func (v *verdicts) failedToSet(kind, path string) bool {
	owner := "organi"
	if _, project, found := strings.Cut(path, "/projects/"); found {
		owner, _, _ = strings.Cut(project, "/")
	}
	for _, part := range strings.Split(v.said, "Could not set "+kind+": Object: ")[1:] {
		if object, _, _ := strings.Cut(part, "\n"); strings.Contains(object, owner) {
			return true
		}
	}
	return false
}

// objects checks the objects at the end: each one must be in a state, have
// existed before, or be named in a diagnostic.
func (v *verdicts) objects(before, after inventory, states ...[]*acctest.Object) (violations []string) {
	for _, path := range after.added(before) {
		owners := 0
		for _, objects := range states {
			if slices.ContainsFunc(objects, func(o *acctest.Object) bool { return v.ownedBy(o, path) }) {
				owners++
			}
		}
		if owners == 0 && !v.named(path, before, after) {
			violations = append(violations, path+" is in no state, and no diagnostic names it")
		}
		if owners > 1 && !v.named(path, before, after) {
			violations = append(violations, path+" is in two states, and no diagnostic names it")
		}
	}
	slices.Sort(violations)
	return v.withoutLostKeys(violations)
}

// lostKey is the warning of a key whose type alone is known.
var lostKey = regexp.MustCompile("A (?:key|webhook endpoint) may exist whose secret is lost: The response to the first request that creates the openai_(admin_api_key|project_api_key|webhook_endpoint) was lost")

// moreLostKeys says in an error how many keys of a type the list did not show.
var moreLostKeys = regexp.MustCompile(`(\d) more openai_(admin_api_key|project_api_key|webhook_endpoint) may exist whose secret is lost`)

// withoutLostKeys takes out one key for each warning that one may exist.
func (v *verdicts) withoutLostKeys(violations []string) []string {
	allowed := map[string]int{}
	for _, found := range lostKey.FindAllStringSubmatch(v.said, -1) {
		allowed[found[1]]++
	}
	for _, found := range moreLostKeys.FindAllStringSubmatch(v.said, -1) {
		allowed[found[2]] += int(found[1][0] - '0')
	}
	return slices.DeleteFunc(violations, func(violation string) bool {
		kind := "project_api_key"
		switch path := strings.Fields(violation)[0]; {
		case strings.HasPrefix(path, "/organization/admin_api_keys/"):
			kind = "admin_api_key"
		case strings.HasPrefix(path, "/webhook_endpoints/"):
			kind = "webhook_endpoint"
		case !strings.Contains(path, "/api_keys/"):
			return false
		}
		allowed[kind]--
		return allowed[kind] >= 0
	})
}

// The checks find violations.
func TestJudge(t *testing.T) {
	apply := origin{"a", 1, applying}
	own := bag{"proj_a": true, "svc_a": true, "key_old": true}
	key := change{address: "key", typeName: "openai_project_api_key", prior: own, own: own}
	judged := func(action acctest.PlanAction) *verdicts {
		c := key
		c.action = action
		return &verdicts{records: map[origin]*operationRecord{apply: {origin: apply, changes: []change{c}}}, said: "Adopted key_named"}
	}
	const keys = "/organization/projects/proj_a/api_keys"
	create := entry{origin: apply, method: "POST", path: "/organization/projects/proj_a/service_accounts/svc_a/api_keys", status: 200, id: "key_new"}
	remove := func(id string) entry {
		return entry{origin: apply, method: "DELETE", path: keys + "/" + id, status: 200}
	}
	early := create
	early.phase = planning
	otherProject := create
	otherProject.path = "/organization/projects/proj_b/service_accounts/svc_a/api_keys"
	invited := &verdicts{records: map[origin]*operationRecord{apply: {origin: apply, shown: "invite_shown is withdrawn",
		changes: []change{{typeName: "openai_organization_member", action: acctest.ActionCreate}}}}}
	for id, wants := range map[string]int{"invite_shown": 0, "invite_hidden": 1} {
		withdrawn := entry{origin: apply, method: "DELETE", path: "/organization/invites/" + id, status: 200}
		if got := invited.writes([]entry{withdrawn}); len(got) != wants {
			t.Errorf("a create withdraws %s: %q", id, got)
		}
	}
	later := create
	later.run = 2
	other := create
	other.state = "b"
	for name, test := range map[string]struct {
		action  acctest.PlanAction
		entries []entry
		want    string
	}{
		"a planned create":              {acctest.ActionCreate, []entry{create}, ""},
		"a planned removal":             {acctest.ActionDelete, []entry{remove("key_old")}, ""},
		"a rotation":                    {acctest.ActionUpdate, []entry{create, remove("key_old")}, ""},
		"a replacement":                 {acctest.ActionReplace, []entry{remove("key_old"), create}, ""},
		"a refused write":               {acctest.ActionNoOp, []entry{{origin: apply, method: "DELETE", path: keys + "/key_old", status: 404}}, ""},
		"a write while planning":        {acctest.ActionCreate, []entry{early}, "a write while planning"},
		"a create without a plan":       {acctest.ActionNoOp, []entry{create}, "no planned change"},
		"a create in another project":   {acctest.ActionCreate, []entry{otherProject}, "no planned change"},
		"a create in another operation": {acctest.ActionCreate, []entry{later}, "no planned change"},
		"a create of another state":     {acctest.ActionCreate, []entry{other}, "no planned change"},
		"a key of another state":        {acctest.ActionDelete, []entry{remove("key_other")}, "no planned change"},
		"a revocation by a create":      {acctest.ActionCreate, []entry{remove("key_old")}, "no planned change"},
		"a key revoked by a match":      {acctest.ActionUpdate, []entry{remove("key_other")}, "no planned change"},
	} {
		got := strings.Join(judged(test.action).writes(test.entries), "\n")
		if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, expected %q", name, got, test.want)
		}
	}
	before := inventory{keys + "/key_old": true}
	after := inventory{keys + "/key_old": true, keys + "/key_named": true, keys + "/key_orphan": true}
	if got := judged(acctest.ActionCreate).objects(before, after); len(got) != 1 || !strings.Contains(got[0], "key_orphan is in no state") {
		t.Errorf("orphans: %q", got)
	}
	for state, wants := range map[string]int{"a": 0, "b": 1} {
		// Only a diagnostic to the state that lost its key counts.
		v := judged(acctest.ActionCreate)
		v.said, v.saidTo = "Possible orphan key_new", map[string]string{state: "Possible orphan key_new"}
		if got := append(v.writes([]entry{create}), v.objects(before, inventory{keys + "/key_new": true})...); len(got) != wants {
			t.Errorf("an orphan of state a that is named to %s: %q", state, got)
		}
	}
	v := judged(acctest.ActionCreate)
	v.writes([]entry{create})
	v.records[apply].unsearched = true
	if got := v.objects(before, after); len(got) != 1 || !strings.Contains(got[0], "key_orphan") {
		t.Errorf("a search cut short after a kill explains what that apply has created, and nothing else: %q", got)
	}
	if got := v.objects(before, inventory{keys + "/key_new": true}); len(got) != 0 {
		t.Errorf("a search cut short after a kill does not explain %q", got)
	}
	judgeReplacedGroups(t, apply)
	judgeRolesOfNamedGroups(t)
	judgeRewrites(t, apply)
	judgeLostKeys(t)
}

// A group of a project that a diagnostic names is named with its roles, and
// none of another group.
func judgeRolesOfNamedGroups(t *testing.T) {
	t.Helper()
	v := &verdicts{said: "Could not add project group: Object: group group_a of project proj_a"}
	after := inventory{}
	for _, group := range []string{"group_a", "group_b"} {
		after["/organization/projects/proj_a/groups/"+group] = true
		after["/projects/proj_a/groups/"+group+"/roles/role-api-project-owner"] = true
	}
	if got := v.objects(inventory{}, after); len(got) != 2 || !strings.Contains(got[0], "group_b") || !strings.Contains(got[1], "group_b/roles") {
		t.Errorf("groups and their roles: %q", got)
	}
}

// The replacement of a group in a project, created first, removes the role that
// the plan shows, and no other; a create removes none.
func judgeReplacedGroups(t *testing.T, apply origin) {
	t.Helper()
	prior := bag{"proj_a": true, "group_a": true, "role-api-project-member": true}
	for role, wants := range map[string]map[acctest.PlanAction]bool{
		"role-api-project-member": {acctest.ActionReplaceCreateFirst: true, acctest.ActionReplace: true, acctest.ActionUpdate: true, acctest.ActionCreate: false, acctest.ActionDelete: false},
		"role-api-project-viewer": {acctest.ActionReplaceCreateFirst: false, acctest.ActionReplace: false, acctest.ActionUpdate: false},
	} {
		for action, want := range wants {
			c := change{address: "group", typeName: "openai_project_group", action: action, prior: prior, own: prior}
			v := &verdicts{records: map[origin]*operationRecord{apply: {origin: apply, changes: []change{c}}}}
			removed := entry{origin: apply, method: http.MethodDelete, path: "/projects/proj_a/groups/group_a/roles/" + role, status: 200}
			if explained := len(v.writes([]entry{removed})) == 0; explained != want {
				t.Errorf("%s of a group removes %s: explained %t, expected %t", action, role, explained, want)
			}
		}
	}
}

// A change of an alert may write the limit of its own project again, with the
// same value.
func judgeRewrites(t *testing.T, apply origin) {
	t.Helper()
	for name, test := range map[string]struct {
		path      string
		action    acctest.PlanAction
		unchanged bool
		want      int
	}{
		"same value":      {"/organization/projects/proj_a/spend_limit", acctest.ActionUpdate, true, 0},
		"another value":   {"/organization/projects/proj_a/spend_limit", acctest.ActionUpdate, false, 1},
		"another project": {"/organization/projects/proj_b/spend_limit", acctest.ActionUpdate, true, 1},
		"without a plan":  {"/organization/projects/proj_a/spend_limit", acctest.ActionNoOp, true, 1},
	} {
		own := bag{"proj_a": true, "alert_a": true}
		c := change{address: "alert", typeName: "openai_project_spend_alert", action: test.action, prior: own, own: own}
		v := &verdicts{records: map[origin]*operationRecord{apply: {origin: apply, changes: []change{c}}}}
		if got := v.writes([]entry{{origin: apply, method: http.MethodPost, path: test.path, status: 200, unchanged: test.unchanged}}); len(got) != test.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A warning that a key may exist without an id explains one key of its kind, and
// an assignment is named by the id of its role.
func judgeLostKeys(t *testing.T) {
	t.Helper()
	after := inventory{
		"/organization/admin_api_keys/key_1": true, "/organization/projects/proj_a/api_keys/key_2": true, "/organization/projects/proj_a/api_keys/key_3": true,
		"/organization/projects/proj_a/spend_limit": true, "/organization/projects/proj_b/spend_limit": true,
		"/organization/users/user_a/roles/role_b__api-project__c": true, "/organization/users/user_a/roles/role_c__api-project__c": true,
	}
	v := &verdicts{said: "A key may exist whose secret is lost: The response to the first request that creates the openai_project_api_key was lost\nCould not assign role: role_b\nCould not set spend limit: Object: spend limit of project proj_a\nproj_b"}
	want := []string{"key_1", "key_3", "proj_b/spend_limit", "role_c__api-project__c"}
	got := v.objects(inventory{}, after)
	if len(got) != len(want) {
		t.Fatalf("condemned are %q, expected %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], "/"+want[i]+" is in no state") {
			t.Errorf("condemned is %q, expected %q", got[i], want[i])
		}
	}
	v.said += "\n2 more openai_admin_api_key may exist whose secret is lost"
	if got := v.objects(inventory{}, after); len(got) != len(want)-1 || strings.Contains(got[0], "key_1") {
		t.Errorf("an error that counts lost admin keys leaves %q", got)
	}
}
