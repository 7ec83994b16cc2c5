package user

import (
	"errors"
	"net/mail"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// inviteLifetime is how long an invitation can be accepted, in seconds.
// Assumption: a week.
const inviteLifetime = 7 * 24 * 60 * 60

type inviteReply struct {
	ID         string          `json:"id"`
	Object     string          `json:"object"`
	Email      string          `json:"email"`
	Role       string          `json:"role"`
	Status     string          `json:"status"`
	CreatedAt  int64           `json:"created_at"`
	ExpiresAt  *int64          `json:"expires_at"`
	AcceptedAt *int64          `json:"accepted_at"`
	Projects   []inviteProject `json:"projects"`
}

// auditInvite has the fields of an invitation in the audit log.
type auditInvite struct {
	Email string `json:"email"`
	Role  string `json:"role"`
}

type inviteProject struct {
	ID   string `json:"id"`
	Role string `json:"role"`
}

func newInviteReply(i store.Invite, now int64) inviteReply {
	reply := inviteReply{
		ID: i.ID, Object: "organization.invite", Email: i.Email, Role: i.Role, Status: i.Status(now), CreatedAt: i.CreatedAt,
		ExpiresAt: &i.ExpiresAt, AcceptedAt: i.AcceptedAt, Projects: []inviteProject{},
	}
	for _, p := range i.Projects {
		reply.Projects = append(reply.Projects, inviteProject(p))
	}
	return reply
}

func pathInvite(r *api.Request) (store.Invite, error) {
	id := r.PathValue("invite_id")
	invite, err := r.Tx.Invite(id)
	return invite, api.Or(err, api.NotFound("invite", id))
}

func listInvites(r *api.Request) (any, error) {
	invites, err := r.Tx.Invites()
	if err != nil {
		return nil, err
	}
	replies := make([]inviteReply, len(invites))
	for i, invite := range invites {
		replies[i] = newInviteReply(invite, r.Now())
	}
	return api.Paginate(r, replies, func(i inviteReply) string { return i.ID }, api.Usual, api.Unordered)
}

func getInvite(r *api.Request) (any, error) {
	invite, err := pathInvite(r)
	return newInviteReply(invite, r.Now()), err
}

func createInvite(r *api.Request) (any, error) {
	var body struct {
		Email    string                        `json:"email"`
		Role     string                        `json:"role"`
		Projects api.Optional[[]inviteProject] `json:"projects"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if address, err := mail.ParseAddress(body.Email); err != nil || address.Address != body.Email {
		return nil, api.BadRequest("email", "Invalid 'email': %q.", body.Email)
	}
	if !slices.Contains(organizationRoles, body.Role) {
		return nil, api.BadRequest("role", "Invalid value: %q. Supported values are: 'owner', 'reader'.", body.Role)
	}
	if _, err := r.Tx.UserByEmail(body.Email); err == nil {
		return nil, api.BadRequest("email", "User %s already exists in organization.", body.Email)
	} else if !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	invites, err := r.Tx.Invites()
	if err != nil {
		return nil, err
	}
	for _, i := range invites {
		// Assumption A-18.
		if strings.EqualFold(i.Email, body.Email) && i.Status(r.Now()) == "pending" && !r.Behavior.CreatesSecondInvite {
			if r.Behavior.ReturnsFirstInvite {
				return newInviteReply(i, r.Now()), nil
			}
			return nil, api.BadRequest("email", "An invite for %s already exists in organization.", body.Email)
		}
	}
	invite := store.Invite{Email: body.Email, Role: body.Role, CreatedAt: r.Now(), ExpiresAt: r.Now() + inviteLifetime}
	if invite.Projects, err = invitedTo(r, body.Projects); err != nil {
		return nil, err
	}
	if invite, err = r.Tx.AddInvite(invite); err != nil {
		return nil, err
	}
	return newInviteReply(invite, r.Now()), r.Log("invite.sent", api.Change{ID: invite.ID, Data: auditInvite{invite.Email, invite.Role}})
}

// invitedTo reads the projects of an invitation: left out means the default
// project, an empty list none.
func invitedTo(r *api.Request, projects api.Optional[[]inviteProject]) ([]store.InviteProject, error) {
	if !projects.Set() {
		standard, err := r.Tx.DefaultProject()
		return []store.InviteProject{{ID: standard.ID, Role: "member"}}, err
	}
	var invited []store.InviteProject
	for _, p := range projects.Value {
		project, err := r.Tx.Project(p.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			return nil, api.BadRequest("projects", "No such project: %s", p.ID)
		case err != nil:
			return nil, err
		case project.ArchivedAt != nil:
			return nil, api.ProjectArchived(project.ID)
		case !slices.Contains(projectRoles, p.Role):
			return nil, api.BadRequest("projects", "Invalid role %q for project %s. Supported values are: 'member', 'owner'.", p.Role, p.ID)
		}
		invited = append(invited, store.InviteProject(p))
	}
	return invited, nil
}

func removeInvite(r *api.Request) (any, error) {
	invite, err := pathInvite(r)
	if err != nil {
		return nil, err
	}
	if invite.AcceptedAt != nil {
		return nil, api.BadRequest("", "Invite %s has been accepted and cannot be deleted.", invite.ID)
	}
	if err := r.Tx.RemoveInvite(invite.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: invite.ID, Object: "organization.invite.deleted", Deleted: true}, r.Log("invite.deleted", api.Change{ID: invite.ID})
}

// acceptInvite plays the invited person.
func acceptInvite(r *api.Request) (any, error) {
	invite, err := pathInvite(r)
	if err != nil {
		return nil, err
	}
	if status := invite.Status(r.Now()); status != "pending" {
		return nil, api.BadRequest("", "Invite %s is %s.", invite.ID, status)
	}
	name, _, _ := strings.Cut(invite.Email, "@")
	user, err := r.Tx.AddUser(store.User{Email: invite.Email, Name: name, Role: invite.Role, AddedAt: r.Now()})
	if err != nil {
		return nil, err
	}
	for _, p := range invite.Projects {
		if err := r.Tx.PutProjectUser(store.ProjectUser{ProjectID: p.ID, UserID: user.ID, Role: p.Role, AddedAt: r.Now()}); err != nil {
			return nil, err
		}
	}
	now := r.Now()
	invite.AcceptedAt = &now
	if err := r.Tx.UpdateInvite(invite); err != nil {
		return nil, err
	}
	r.Caller, r.AdminKeyID = user, ""
	if err := r.Log("invite.accepted", api.Change{ID: invite.ID}); err != nil {
		return nil, err
	}
	return newUserReply(user), r.Log("user.added", api.Change{ID: user.ID, Data: auditRole{user.Role}})
}

// expireInvite lets the time of an invitation run out.
func expireInvite(r *api.Request) (any, error) {
	invite, err := pathInvite(r)
	if err != nil {
		return nil, err
	}
	invite.ExpiresAt = r.Now()
	return newInviteReply(invite, r.Now()), r.Tx.UpdateInvite(invite)
}
