package adminapi

import (
	"slices"
	"strings"
	"sync"
)

// ObjectPaths are the API paths of one object.
type ObjectPaths struct {
	// Names address the object itself. Each position is one way to name it,
	// such as by id and by e-mail address, and is empty while that is not known.
	Names []string
	// Members are the paths of the members of a set or an assignment.
	Members []string
	// MembersUnknown says that there may be more members.
	MembersUnknown bool
	// Within is the path below which a set manages everything, if it does.
	Within string
}

// Known returns every path that is known, with those of the members.
func (p ObjectPaths) Known() []string {
	return slices.DeleteFunc(slices.Concat(p.Names, p.Members), func(path string) bool { return path == "" })
}

// IsOther reports whether the paths are of two different objects.
func (p ObjectPaths) IsOther(previous ObjectPaths) bool {
	same := false
	for i, name := range p.Names {
		if i >= len(previous.Names) || name == "" || previous.Names[i] == "" {
			continue
		}
		if name != previous.Names[i] {
			return true
		}
		same = true
	}
	return !same
}

// PlannedPaths are the paths in the plan of one address of a configuration.
type PlannedPaths struct {
	// Previous are the paths in the prior state.
	Previous ObjectPaths
	// Owns are the paths that the address has after apply, Destroys those that
	// it removes.
	Owns, Destroys []string
	Within         string
}

// verb is the action of the plan on a path, in one word.
func (p PlannedPaths) verb(path string) string {
	switch {
	case slices.Contains(p.Destroys, path):
		return "destroys"
	case slices.Contains(p.Previous.Names, path), slices.Contains(p.Previous.Members, path):
		return "manages"
	default:
		return "creates"
	}
}

// PathConflict is a path that two addresses of one configuration plan for.
type PathConflict struct {
	Path string
	// Verbs are the actions of the two, in alphabetical order.
	Verbs [2]string
	// Destroyed says that one of them destroys an object that the other has after
	// apply.
	Destroyed bool
}

// plannedPaths are the plans of a configuration so far. A provider does not
// know the address of a resource, so each plan has a key.
type plannedPaths struct {
	mu       sync.Mutex
	plans    map[string]PlannedPaths
	reported map[conflictKey]bool
}

type conflictKey struct {
	key, other string
	conflict   PathConflict
}

// Planned returns the plan that was recorded under a key.
func (o *Ownership) Planned(key string) (plan PlannedPaths, known bool) {
	o.planned.mu.Lock()
	defer o.planned.mu.Unlock()
	plan, known = o.planned.plans[key]
	return plan, known
}

// Plan records the plan of an address, and returns its conflicts with other
// addresses that were not returned before.
func (o *Ownership) Plan(key string, plan PlannedPaths) []PathConflict {
	o.planned.mu.Lock()
	defer o.planned.mu.Unlock()
	o.planned.plans[key] = plan
	var conflicts []PathConflict
	for otherKey, other := range o.planned.plans {
		if otherKey == key {
			continue
		}
		conflict, found := conflictOf(plan, other)
		reported := conflictKey{min(key, otherKey), max(key, otherKey), conflict}
		if found && !o.planned.reported[reported] {
			o.planned.reported[reported] = true
			conflicts = append(conflicts, conflict)
		}
	}
	slices.SortFunc(conflicts, func(a, b PathConflict) int { return strings.Compare(a.Path, b.Path) })
	return conflicts
}

// conflictOf compares two plans. It does not depend on their order.
func conflictOf(a, b PlannedPaths) (conflict PathConflict, found bool) {
	path := smallest(common(a.Destroys, b.Owns), common(b.Destroys, a.Owns))
	conflict.Destroyed = path != ""
	if path == "" {
		path = smallest(common(a.Owns, b.Owns))
	}
	if path == "" {
		path = smallest(below(a, b), below(b, a))
	}
	verbs := []string{a.verb(path), b.verb(path)}
	slices.Sort(verbs)
	conflict.Path, conflict.Verbs = path, [2]string(verbs)
	return conflict, path != ""
}

func common(some, others []string) []string {
	return slices.DeleteFunc(slices.Clone(some), func(path string) bool { return path == "" || !slices.Contains(others, path) })
}

// below are the paths of single objects that a set manages as a whole.
func below(set, single PlannedPaths) []string {
	if set.Within == "" || single.Within != "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(single.Owns), func(path string) bool { return !strings.HasPrefix(path, set.Within) })
}

func smallest(lists ...[]string) string {
	all := slices.Concat(lists...)
	if len(all) == 0 {
		return ""
	}
	return slices.Min(all)
}
