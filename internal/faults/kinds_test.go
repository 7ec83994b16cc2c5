package faults_test

import (
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/provider"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// kind says who names an object, which decides the rules that apply to it.
type kind string

const (
	// serverNamed objects get their id from the API and hold no secret.
	serverNamed kind = "server-named"
	// secret objects get their id from the API, with a secret shown once.
	secret kind = "secret"
	// removable settings are named by the caller and can be removed.
	removable kind = "removable setting"
	// permanent settings always exist; destroying one restores its previous value.
	permanent kind = "permanent setting"
	// membership objects connect two objects that exist.
	membership kind = "membership"
	// set objects manage all members of a set.
	set kind = "set"
)

// registered has the traits of every object by type.
var registered = func() map[string]lifecycle.Traits {
	all := map[string]lifecycle.Traits{}
	for _, object := range provider.Registry() {
		all[object.Type] = object
	}
	return all
}()

// kinds has the kind of every resource.
var kinds = func() map[string]kind {
	all := map[string]kind{}
	for name, object := range registered {
		switch {
		case object.Secret:
			all[name] = secret
		case object.HasOwnID:
			all[name] = serverNamed
		case object.Restores:
			all[name] = permanent
		case object.Set:
			all[name] = set
		case object.Collection() == "":
			all[name] = removable
		default:
			all[name] = membership
		}
	}
	return all
}()

// refusesSecond reports whether the API gives objects their ids and yet refuses
// a second one while the first exists, so that a create first reads the
// existing one: an address has one pending invitation at most.
func refusesSecond(typeName string) bool {
	return registered[typeName].HasOwnID && registered[typeName].Existing
}

// subjectsOf returns the subjects of these kinds, all when none is given.
func subjectsOf(want ...kind) []subject {
	var found []subject
	for _, s := range subjects {
		matches := len(want) == 0
		for _, k := range want {
			matches = matches || kinds[s.typeName] == k
		}
		if matches {
			found = append(found, s)
		}
	}
	return found
}

func TestEveryResourceHasAKind(t *testing.T) {
	counts := map[kind]int{}
	for _, name := range resourceTypes(t) {
		counts[kinds[name]]++
		if kinds[name] == "" {
			t.Errorf("%s has no kind", name)
		}
	}
	if len(kinds) != len(resourceTypes(t)) {
		t.Errorf("%d kinds for %d resources", len(kinds), len(resourceTypes(t)))
	}
	for _, s := range subjects {
		if kinds[s.typeName] == "" {
			t.Errorf("subject %s has no kind", s.typeName)
		}
	}
	// Kinds follow from definitions. Rules that apply to no object are no rules.
	for k, least := range map[kind]int{serverNamed: 13, secret: 3, removable: 3, permanent: 5, membership: 9, set: 2} {
		if counts[k] < least {
			t.Errorf("%d resources are a %s, expected at least %d", counts[k], k, least)
		}
	}
}
