package orgcheck

import (
	"fmt"

	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
)

// checkPeople checks owners, and people without a project.
func (c *checker) checkPeople() {
	inProject := map[string]bool{}
	for _, p := range c.Projects {
		for _, user := range p.Users {
			inProject[user.ID] = true
		}
		for _, group := range p.GroupIDs {
			for _, id := range c.GroupUsers[group] {
				inProject[id] = true
			}
		}
	}
	var owners []openai.OrganizationUser
	for _, user := range c.Users {
		if user.IsServiceAccount {
			continue
		}
		c.report.Checked.People++
		switch {
		case user.Role == adminapi.RoleOwner:
			owners = append(owners, user)
		case !inProject[user.ID]:
			c.find(rulePersonWithoutAccess, person(user), "")
		}
	}
	if len(owners) == 1 {
		c.find(ruleOwnerAlone, organization(), person(owners[0]).label)
	}
	if most := c.rules[ruleOwners].Most; len(owners) > most {
		c.find(ruleOwners, organization(), fmt.Sprintf("%d owners, at most %d expected", len(owners), most))
	}
}

func person(user openai.OrganizationUser) object {
	name := user.Email
	if name == "" {
		name = user.ID
	}
	return organization().in("users", user.ID, name)
}
