package orgcheck

import (
	"fmt"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/findings"
	"github.com/allthingsai/terraform-provider-openai/internal/keyrules"
	"github.com/allthingsai/terraform-provider-openai/internal/snapshot"
)

// checkKeys checks the API keys of all projects.
func (c *checker) checkKeys(active []*snapshot.Project) {
	var lists []keyrules.Project
	for _, p := range active {
		lists = append(lists, keyrules.Project{ID: p.ID, Keys: p.Keys})
	}
	rules := keyrules.New(lists, keyrules.Limits{
		OlderThan:     c.age(keyRule(keyrules.OlderThan)),
		UnusedFor:     c.age(keyRule(keyrules.UnusedFor)),
		ExpiresWithin: c.age(keyRule(keyrules.ExpiresWithoutRotation)),
	}, c.At)
	for _, p := range active {
		for i := range p.Keys {
			key := &p.Keys[i]
			for _, rule := range rules.Broken(p.ID, key) {
				c.find(keyRule(rule), project(p).in("keys", key.ID, key.Name), c.keyDetails(rule, key))
			}
		}
	}
}

func (c *checker) keyDetails(rule keyrules.Rule, key *openai.ProjectAPIKey) string {
	switch rule {
	case keyrules.OlderThan:
		return findings.Plural(c.days(time.Unix(key.CreatedAt, 0)), "day") + " old"
	case keyrules.UnusedFor:
		if !key.JSON.LastUsedAt.Valid() {
			return "never used, " + findings.Plural(c.days(time.Unix(key.CreatedAt, 0)), "day") + " old"
		}
		return "last used " + findings.Plural(c.days(keyrules.LastUse(key)), "day") + " ago"
	case keyrules.OwnedByUser, keyrules.OwnerInactive:
		return "of " + findings.Clean(ownerName(key))
	case keyrules.AccountShared:
		return "service account " + findings.Clean(ownerName(key))
	case keyrules.ExpiresWithoutRotation:
		return "expires " + time.Unix(key.ExpiresAt, 0).UTC().Format(time.DateOnly)
	case keyrules.NameShared, keyrules.NameInSeveralProjects:
		return key.ID
	default:
		return ""
	}
}

func ownerName(key *openai.ProjectAPIKey) string {
	for _, name := range []string{key.Owner.ServiceAccount.Name, key.Owner.User.Name, keyrules.OwnerID(key)} {
		if name != "" {
			return name
		}
	}
	return "an unknown owner"
}

func (c *checker) checkAdminKeys() {
	valid := 0
	for _, key := range c.AdminKeys {
		if key.JSON.ExpiresAt.Valid() && key.ExpiresAt <= c.At.Unix() {
			continue
		}
		valid++
		if created := time.Unix(key.CreatedAt, 0); key.JSON.CreatedAt.Valid() && c.At.Sub(created) > c.age(ruleAdminKeyOld) {
			c.find(ruleAdminKeyOld, organization().in("admin_keys", key.ID, key.Name), findings.Plural(c.days(created), "day")+" old")
		}
	}
	if most := c.rules[ruleAdminKeys].Most; valid > most {
		c.find(ruleAdminKeys, organization(), fmt.Sprintf("%d admin keys, at most %d expected", valid, most))
	}
}
