package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// All objects with a name or an e-mail address can be listed by a pattern of it.
func TestEveryListFiltersByPattern(t *testing.T) {
	b := acctest.StartAt(t, acctest.NewClock())
	acctest.Populate(t, b, "shop", "lab")
	driver := newDriver(t, b)
	filtered := 0
	for _, object := range provider.Registry() {
		name := object.Type
		for attribute, filter := range map[string]string{"name": "name_pattern", "role_name": "name_pattern", "email": "email_pattern"} {
			if _, ok := object.Schema.Attributes[attribute]; !ok {
				continue
			}
			filtered++
			t.Run(name+" "+filter, func(t *testing.T) {
				list := func(pattern string) (values []string) {
					t.Helper()
					found, diags := driver.List(t, name, map[string]any{filter: pattern}, true, 0)
					expectNone(t, pattern, diags)
					for _, listed := range found {
						values = append(values, listed.Object.Attribute(attribute))
					}
					return values
				}
				all := list("*")
				if unfiltered, _ := driver.List(t, name, nil, true, 0); len(all) != len(unfiltered) || len(all) == 0 {
					t.Fatalf("%d of %d match *", len(all), len(unfiltered))
				}
				first := all[0]
				same := slices.DeleteFunc(slices.Clone(all), func(value string) bool { return value != first })
				for _, pattern := range []string{first, strings.ToUpper(first), first[:1] + "*" + first[len(first)-1:]} {
					got := list(pattern)
					if !slices.Contains(got, first) {
						t.Errorf("%q finds %q, not %q", pattern, got, first)
					}
					if !strings.Contains(pattern, "*") && len(got) != len(same) {
						t.Errorf("%q finds %q, expected %q", pattern, got, same)
					}
				}
				if got := list(first + "?"); len(got) > 0 {
					t.Errorf("a pattern that matches nothing finds %q", got)
				}
			})
		}
	}
	if filtered < 10 {
		t.Errorf("%d lists have a pattern", filtered)
	}
}

// The filters of keys, one by one and together.
func TestListOfKeysFilters(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	tm := newTeam(t, b)
	search := team{tm.project, newServiceAccount(t, b, tm.project, "search")}
	create := func(tm team, name string, lifetime int) (secret string) {
		var key struct{ Value string }
		body := map[string]any{"name": name}
		if lifetime > 0 {
			body["expires_in_seconds"] = lifetime
		}
		b.Do(t, "POST", "/organization/projects/"+tm.project+"/service_accounts/"+tm.account+"/api_keys", body, &key)
		return key.Value
	}
	used := create(tm, "used", 0)
	create(tm, "idle", 0)
	create(search, "expiring", 31536000)
	clock.Advance(70 * day)
	create(tm, "new", 0)
	if !b.Works(t, used) {
		t.Fatal("the key does not work")
	}
	clock.Advance(time.Hour)
	driver := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	for _, test := range []struct {
		filters map[string]any
		want    string
	}{
		{nil, "expiring idle new used"},
		{map[string]any{"unused_for": "60d"}, "expiring idle"},
		{map[string]any{"unused_for": "30m"}, "expiring idle new used"},
		{map[string]any{"unused_for": "80d"}, ""},
		{map[string]any{"never_expires": true}, "idle new used"},
		{map[string]any{"never_expires": false}, "expiring"},
		{map[string]any{"service_account_id": search.account}, "expiring"},
		{map[string]any{"unused_for": "60d", "never_expires": true, "project_id": tm.project}, "idle"},
		{map[string]any{"unused_for": "60d", "name_pattern": "e*"}, "expiring"},
	} {
		found, diags := driver.List(t, "openai_project_api_key", test.filters, true, 0)
		expectNone(t, "list", diags)
		var names []string
		for _, listed := range found {
			names = append(names, listed.Object.Attribute("name"))
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != test.want {
			t.Errorf("%v lists %q, expected %q", test.filters, got, test.want)
		}
	}
	// A limit counts what passes the filters.
	if found, _ := driver.List(t, "openai_project_api_key", map[string]any{"unused_for": "60d"}, false, 1); len(found) != 1 {
		t.Errorf("with a limit of 1, %d keys are listed", len(found))
	}
	// The filters send no request of their own.
	b.Mark(t)
	acctest.NewDriver(t, b.URL, b.AdminKey, clock).List(t, "openai_project_api_key", map[string]any{"unused_for": "60d", "project_id": tm.project}, true, 0)
	if n := b.CountAll(t); n != 2 {
		t.Errorf("%d requests: %q", n, b.Requests(t))
	}
	_, diags := driver.List(t, "openai_project_api_key", map[string]any{"unused_for": "soon"}, true, 0)
	expectRefusal(t, "no duration", diags, "Invalid value", `got "soon"`)
	found, diags := driver.List(t, "openai_admin_api_key", map[string]any{"unused_for": "1d", "never_expires": true}, true, 0)
	expectNone(t, "admin keys", diags)
	if len(found) != 0 {
		t.Errorf("the admin key in use is unused: %d", len(found))
	}
}
