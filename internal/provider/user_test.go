package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

const (
	usersRoute        = "/v1/organization/users"
	userRoute         = usersRoute + "/{user_id}"
	invitesRoute      = "/v1/organization/invites"
	inviteRoute       = invitesRoute + "/{invite_id}"
	projectUsersRoute = "/v1/organization/projects/{project_id}/users"
)

type listedUser struct{ ID, Email, Role string }

// startWithSCIM starts an organization with a person that the identity provider
// manages.
func startWithSCIM(t *testing.T) *acctest.Backend {
	t.Helper()
	organization := seed.Default()
	organization.Members = append(organization.Members, seed.Member{Email: "scim@example.com", Role: "reader", SCIMManaged: true})
	return acctest.Start(t, func(o *emulator.Options) { o.Seed = organization })
}

// joinOrganization adds a person to the organization outside Terraform.
func joinOrganization(t *testing.T, b *acctest.Backend, email, role string) string {
	t.Helper()
	var invite, joined struct{ ID string }
	b.Do(t, "POST", "/organization/invites", map[string]string{"email": email, "role": role}, &invite)
	b.Do(t, "POST", "/_emulator/invites/"+invite.ID+"/accept", nil, &joined)
	return joined.ID
}

// findUser finds a member of the organization, nil when there is none.
func findUser(t *testing.T, b *acctest.Backend, email string) *listedUser {
	t.Helper()
	var users struct{ Data []listedUser }
	b.Do(t, "GET", "/organization/users?emails[]="+email, nil, &users)
	if len(users.Data) == 0 {
		return nil
	}
	return &users.Data[0]
}

// userHasRole asserts the role of a person in the organization.
func userHasRole(t *testing.T, b *acctest.Backend, email, role string) error {
	t.Helper()
	switch u := findUser(t, b, email); {
	case u == nil:
		return fmt.Errorf("%s is not in the organization", email)
	case u.Role != role:
		return fmt.Errorf("%s is %s, expected %s", email, u.Role, role)
	default:
		return nil
	}
}

// Both attributes that name a person may be configured for one person, as
// generated configuration does, and not for two.
func TestOnePersonIsNamedTwice(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "shop")
	first := driver(t, b, nil)
	member := made(t, first, "openai_organization_user", attributes{"email": "member@example.com"})
	id := member.Attribute("user_id")
	for typeName, config := range map[string]attributes{
		"openai_organization_user": {"role": "reader"},
		"openai_project_user":      {"project_id": project, "role": "member"},
	} {
		both := with(config, attributes{"user_id": id, "email": "Member@example.com"})
		object, diags := driver(t, b, nil).Apply(t, typeName, nil, both)
		if object == nil || len(diags) > 1 { // the adoption is reported
			t.Fatalf("%s: %v", typeName, diags)
		}
		if pending, err := driver(t, b, nil).Pending(t, typeName, object, both); err != nil || pending {
			t.Errorf("%s: the next plan is not empty: %v", typeName, err)
		}
		for _, prior := range []*acctest.Object{nil, object} {
			p := driver(t, b, nil).Plan(t, typeName, prior, with(config, attributes{"user_id": id, "email": "owner@example.com"}))
			if !p.Failed() || !strings.Contains(p.Diagnostics[0].Detail, "has the address member@example.com, and email is owner@example.com") {
				t.Errorf("%s: two people are answered with %v", typeName, p.Diagnostics)
			}
		}
	}
}
