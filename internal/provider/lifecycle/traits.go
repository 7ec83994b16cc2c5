package lifecycle

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Definition is the definition of an object without its model, so that the
// provider and its tests can walk all of them.
type Definition interface {
	// Resource returns the resource.
	Resource() resource.Resource
	// ListResource returns the list resource, nil where there is none.
	ListResource() list.ListResource
	// Traits returns the traits of the definition.
	Traits() Traits
}

// Traits are the differences between objects. They are computed from the
// definition, so that none can be wrong or missing.
type Traits struct {
	// Type is the type as configuration has it, such as openai_project.
	Type string
	// HasOwnID says that the API gives the object its id. The caller names all
	// others.
	HasOwnID bool
	// Secret says that the object has a secret, which the API shows once.
	Secret bool
	// Restores says that the object always exists, so that destroying the
	// resource restores the values from before its creation.
	Restores bool
	// Set says that the resource manages all members of a set.
	Set bool
	// Existing says that a create reads an object that exists already.
	Existing bool
	// Audited says that the audit log reports changes of the object.
	Audited bool
	// Unaudited is why the audit log is not followed, if a definition says so.
	Unaudited string
	// Listed says that there is a list resource.
	Listed bool
	// Identity are the attributes that identify an object, in the order of its
	// import id.
	Identity []string
	// Paths are the API paths of the object with * for each id, its own first.
	Paths []string
	// Schema is the schema of the resource.
	Schema schema.Schema
	// Migrate returns the state of an object in a state that this or another
	// provider with the same type name has written.
	Migrate func(ctx context.Context, raw *tfprotov6.RawState, diags *diag.Diagnostics) tftypes.Value
	// Generated lists the attributes that generated configuration omits.
	Generated tfkit.GeneratedConfig
}

// Path is the API path of the object, with * for each id.
func (t Traits) Path() string { return t.Paths[0] }

// Collection is the API path of the list that has the object, or the members of
// a set, with * for each id. It is empty for a setting that its parent has once.
func (t Traits) Collection() string {
	if t.Set {
		return t.Path()
	}
	collection, isMember := strings.CutSuffix(t.Path(), "/*")
	if !isMember {
		return ""
	}
	return collection
}

// Traits returns the traits of the definition.
func (o Object[M]) Traits() Traits { return o.kernel().traits() }

// Traits returns the traits of the definition.
func (s Setting[M]) Traits() Traits { return s.kernel().traits() }

func (k *kernel[M]) traits() Traits {
	ctx, described := context.Background(), k.schema()
	traits := Traits{
		Type: k.typeName(), HasOwnID: k.hasOwnID, Existing: k.existing != nil, Audited: k.core.Audit != nil, Listed: k.core.List.walk != nil,
		Schema: described, Generated: k.core.Generated, Unaudited: k.core.Unaudited,
	}
	traits.Migrate = func(ctx context.Context, raw *tfprotov6.RawState, diags *diag.Diagnostics) tftypes.Value {
		return k.core.Legacy.migrate(ctx, described, raw, diags)
	}
	_, traits.Restores = described.Attributes[tfkit.RestoreName]
	for _, part := range k.core.Identity {
		traits.Identity = append(traits.Identity, part.Name)
	}
	// An object whose texts are all stars, and whose other values are unknown.
	object := map[string]tftypes.Value{}
	for name, attribute := range described.Attributes {
		traits.Secret = traits.Secret || attribute.IsComputed() && attribute.IsSensitive()
		kind := attribute.GetType().TerraformType(ctx)
		object[name] = tftypes.NewValue(kind, tftypes.UnknownValue)
		if kind.Is(tftypes.String) {
			object[name] = tftypes.NewValue(kind, "*")
		}
	}
	kind := described.Type().TerraformType(ctx)
	object[timeoutsName] = timeoutsOf(tftypes.Value{}, kind)
	paths := k.Paths(ctx, tftypes.NewValue(kind, object))
	traits.Set = paths.MembersUnknown
	// Other names than paths, such as e-mail addresses, are no patterns.
	traits.Paths = slices.DeleteFunc(paths.Known(), func(path string) bool { return strings.Contains(path, "?") })
	return traits
}
