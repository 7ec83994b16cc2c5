package rbac

import (
	"strings"
	"unicode/utf8"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

// listedReply is a group in a list and in the answer to a create: as in the
// API's examples, only they have the object field.
type listedReply struct {
	Object string `json:"object"`
	groupReply
}

type groupReply struct {
	renamedReply
	GroupType string `json:"group_type"`
}

// renamedReply is the answer to a change, which leaves the type out.
type renamedReply struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	CreatedAt     int64  `json:"created_at"`
	IsSCIMManaged bool   `json:"is_scim_managed"`
}

// auditGroup has the fields of a group in the audit log.
type auditGroup struct {
	GroupName string `json:"group_name"`
}

func newGroupReply(g store.Group) groupReply {
	return groupReply{renamedReply{ID: g.ID, Name: g.Name, CreatedAt: g.CreatedAt, IsSCIMManaged: g.IsSCIMManaged}, g.Type}
}

func newListedReply(g store.Group) listedReply {
	return listedReply{"group", newGroupReply(g)}
}

// changeable refuses to change a group of the identity provider. Assumption
//
func changeable(r *api.Request, g store.Group) error {
	if g.IsSCIMManaged && !r.Behavior.ChangesSCIMGroups {
		return api.BadRequest("", "Group %s is managed by SCIM and cannot be changed.", g.ID)
	}
	return nil
}

func listGroups(r *api.Request) (any, error) {
	groups, err := r.Tx.Groups()
	if err != nil {
		return nil, err
	}
	replies := make([]listedReply, len(groups))
	for i, g := range groups {
		replies[i] = newListedReply(g)
	}
	return api.PaginateNext(r, replies, func(g listedReply) string { return g.ID }, hundredOfThousand, "asc")
}

// groupName reads the one field that groups are created and changed with.
func groupName(r *api.Request) (string, error) {
	var body struct {
		Name string `json:"name"`
	}
	if err := api.Decode(r, &body); err != nil {
		return "", err
	}
	if strings.TrimSpace(body.Name) == "" || utf8.RuneCountInString(body.Name) > 255 {
		return "", api.BadRequest("name", "'name' must have 1 to 255 characters.")
	}
	return body.Name, nil
}

func createGroup(r *api.Request) (any, error) {
	name, err := groupName(r)
	if err != nil {
		return nil, err
	}
	group, err := r.Tx.AddGroup(store.Group{Name: name, CreatedAt: r.Now(), Type: "group"})
	if err != nil {
		return nil, err
	}
	return newListedReply(group), r.Log("group.created", api.Change{ID: group.ID, Data: auditGroup{name}})
}

func getGroup(r *api.Request) (any, error) {
	group, err := pathGroup(r)
	return newGroupReply(group), err
}

func updateGroup(r *api.Request) (any, error) {
	group, err := pathGroup(r)
	if err != nil {
		return nil, err
	}
	if err := changeable(r, group); err != nil {
		return nil, err
	}
	if group.Name, err = groupName(r); err != nil {
		return nil, err
	}
	if err := r.Tx.RenameGroup(group.ID, group.Name); err != nil {
		return nil, err
	}
	return newGroupReply(group).renamedReply, r.Log("group.updated", api.Change{ID: group.ID, Requested: auditGroup{group.Name}})
}

func removeGroup(r *api.Request) (any, error) {
	group, err := pathGroup(r)
	if err != nil {
		return nil, err
	}
	if err := changeable(r, group); err != nil {
		return nil, err
	}
	if err := r.Tx.RemoveGroup(group.ID); err != nil {
		return nil, err
	}
	return api.Deleted{ID: group.ID, Object: "group.deleted", Deleted: true}, r.Log("group.deleted", api.Change{ID: group.ID})
}
