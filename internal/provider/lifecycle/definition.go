package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Core is the part of a definition that every object has. M is its model, a
// pointer to a struct with the attributes of the schema: all pointers share one
// compiled life cycle, which would be compiled for each struct again.
type Core[M any] struct {
	// Type is the type name without the provider's, such as project.
	Type string
	// Schema returns the schema; the version and the timeouts are added.
	Schema func() schema.Schema
	// SchemaVersion is 0, as in other providers, which cannot read states of a
	// later version. Terraform drops the attributes that a schema of the same
	// version does not have, so it is 1 where such an attribute must be migrated.
	SchemaVersion int64
	// Identity are the attributes that identify an object, in the order of its
	// import id. State has the same attributes.
	Identity []Identifier
	// Paths are the API paths of an object, whose values may be unknown.
	Paths func(object Values) Paths
	// Members adds to Paths the members of an object, which other resources may
	// manage as well, where naming them takes the client, which is nil before the
	// provider is configured. It is optional.
	Members func(ctx context.Context, client *adminapi.Client, object Values, paths *Paths)
	// ProjectKey says that the key of a project manages the object, not the admin
	// key.
	ProjectKey bool
	// Label names an object in diagnostics, such as `project "shop" (proj_1)`.
	Label func(m M) string
	// ImportMore are attributes that an import id may name after the identity.
	ImportMore []string
	// Legacy says how other providers write the state of the object.
	Legacy Foreign
	// Generated lists the attributes that generated configuration omits.
	Generated tfkit.GeneratedConfig
	// Audit is set for objects whose changes the audit log reports.
	Audit func(m M) Watched
	// Unaudited is why the audit log is not followed for an object that belongs to
	// another one. Those of the organization are read with one list, so there is
	// nothing to gain.
	Unaudited string
	// MutableIdentity says that an update may change the identity.
	MutableIdentity bool
	// Imports adds diagnostics when an object is imported. object is its type and
	// its identity.
	Imports func(object string, diags *diag.Diagnostics)
	// Validate checks Call.Config, in which much may be unknown. It is optional.
	Validate func(ctx context.Context, call *Call[M])
	// Plan completes Call.Plan and adds warnings. It is optional, and is called
	// without Plan for a destroy, without State for a create.
	Plan func(ctx context.Context, call *Call[M])
	// Read reads the object into Call.State. An object that does not exist
	// (404, ErrAbsent or ErrRemoved) is removed from state.
	Read func(ctx context.Context, call *Call[M]) error
	// Complete sets the values that follow from the rest of Call.State, after a
	// read and where the audit log shows that none is needed. It is optional.
	Complete func(ctx context.Context, call *Call[M])
	// Delete deletes Call.State. It returns nil for an object that does not exist.
	Delete func(ctx context.Context, call *Call[M]) error
	// DeleteMembers deletes the members of Call.State where the object itself
	// stays, because another change of this configuration owns it. Call.AddError
	// passes over members that are owned, too. Where it is set, the kernel keeps
	// when members were written last, for Call.HidesMembers. It is optional.
	DeleteMembers func(ctx context.Context, call *Call[M]) error
	// List lists the objects of the type. It is left out where the API has no list.
	List Listing[M]
}

// Identifier is an attribute that is a part of an object's identity.
type Identifier struct {
	Name, Description string
	// Value is set where there is only one object: the import id.
	Value string
}

// Label names an object in diagnostics: project "shop" (proj_1), without the id
// as long as there is none.
func Label(object, name, id string) string {
	label := fmt.Sprintf("%s %q", object, name)
	if id != "" {
		label += " (" + id + ")"
	}
	return label
}

// Object defines a resource whose object gets its id from the API.
type Object[M any] struct {
	Core[M]
	// Create creates Call.Plan. After a call that an error may follow, it saves
	// the object with Call.Checkpoint.
	Create func(ctx context.Context, call *Call[M]) error
	// Update changes the object from Call.State to Call.Plan.
	Update func(ctx context.Context, call *Call[M]) error
	// Existing reads the object that makes the API refuse the create of Call.Plan,
	// or that the create adopts or overwrites. It is optional.
	Existing func(ctx context.Context, call *Call[M]) (Found, error)
	// Orphans describes how to find objects like the planned one that an
	// interrupted apply may have left. It returns nil while the values that identify
	// objects are unknown.
	Orphans func(ctx context.Context, call *Call[M]) *OrphanSearch
	// UpdateOrphans is Orphans for an update that creates another object, from
	// Call.State. It is optional, and returns nil for one that creates nothing.
	UpdateOrphans func(ctx context.Context, call *Call[M]) *OrphanSearch
}

// Resource returns the resource, for the provider's list of resources.
func (o Object[M]) Resource() resource.Resource { return o.kernel() }

// ListResource returns the list resource, nil where the API has no list.
func (o Object[M]) ListResource() list.ListResource { return o.kernel().listResource() }

func (o Object[M]) kernel() *kernel[M] {
	return &kernel[M]{core: o.Core, create: o.Create, update: o.Update, existing: o.Existing, orphans: o.Orphans, updateOrphans: o.UpdateOrphans, hasOwnID: true}
}

// Setting defines a resource whose object the caller names, so that creating
// and changing it are the same write.
type Setting[M any] struct {
	Core[M]
	// Write writes Call.Plan. In a create, Call.State is nil. A permanent setting
	// is restored by Write as well: with the previous values as Call.Plan, and
	// without Call.Checkpoint.
	Write func(ctx context.Context, call *Call[M]) error
	// Existing reads the values that creating Call.Plan overwrites or adopts.
	Existing func(ctx context.Context, call *Call[M]) (Found, error)
	// Permanent lets the kernel restore the previous values of a setting that
	// cannot be removed. Its Delete is left out.
	Permanent *Permanent[M]
}

// Resource returns the resource, for the provider's list of resources.
func (s Setting[M]) Resource() resource.Resource { return s.kernel() }

// ListResource returns the list resource, nil where the API has no list.
func (s Setting[M]) ListResource() list.ListResource { return s.kernel().listResource() }

func (s Setting[M]) kernel() *kernel[M] {
	k := &kernel[M]{core: s.Core, create: s.Write, update: s.Write, existing: s.Existing}
	if s.Permanent != nil {
		p := permanentSetting[M]{s, k}
		k.create, k.update, k.core.Delete = p.create, p.update, p.restore
	}
	return k
}
