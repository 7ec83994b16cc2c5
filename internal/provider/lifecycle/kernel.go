// Package lifecycle is the life of an object, written once: a definition says
// what is its own, and the kernel adds the rest, with the safety rules.
package lifecycle

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Resource is what a definition makes of an object. No resource of the provider
// is anything else, so that none is without the safety rules.
type Resource interface {
	resource.Resource
	Paths(ctx context.Context, raw tftypes.Value) Paths
}

// SchemaVersion is the version of every resource schema. It is not 0, so that
// states of other providers for the same type names can be taken over.
const SchemaVersion = 1

// kernel is the resource that a definition describes.
type kernel[M any] struct {
	client         *adminapi.Client
	core           Core[M]
	create, update func(ctx context.Context, call *Call[M]) error
	orphans        func(ctx context.Context, call *Call[M]) *OrphanSearch
	updateOrphans  func(ctx context.Context, call *Call[M]) *OrphanSearch
	existing       func(ctx context.Context, call *Call[M]) (Found, error)
	// hasOwnID says that the API gave the object its id.
	hasOwnID bool
}

var (
	_ Resource                            = (*kernel[struct{}])(nil)
	_ resource.ResourceWithConfigure      = (*kernel[struct{}])(nil)
	_ resource.ResourceWithValidateConfig = (*kernel[struct{}])(nil)
	_ resource.ResourceWithModifyPlan     = (*kernel[struct{}])(nil)
	_ resource.ResourceWithImportState    = (*kernel[struct{}])(nil)
	_ resource.ResourceWithIdentity       = (*kernel[struct{}])(nil)
	_ resource.ResourceWithUpgradeState   = (*kernel[struct{}])(nil)
	_ resource.ResourceWithMoveState      = (*kernel[struct{}])(nil)
)

func (k *kernel[M]) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + k.core.Type
	resp.ResourceBehavior.MutableIdentity = k.core.MutableIdentity
}

// Configure takes the client from the provider.
func (k *kernel[M]) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	k.client = tfkit.ClientOf(req.ProviderData, &resp.Diagnostics)
}

// typeName is the type of the resource as configuration has it.
func (k *kernel[M]) typeName() string { return "openai_" + k.core.Type }

func (k *kernel[M]) schema() schema.Schema {
	described := k.core.Schema()
	described.Version = SchemaVersion
	described.Blocks = map[string]schema.Block{timeoutsName: timeoutsBlock()}
	return described
}

func (k *kernel[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = k.schema()
}

func (k *kernel[M]) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema.Attributes = map[string]identityschema.Attribute{}
	for _, part := range k.core.Identity {
		resp.IdentitySchema.Attributes[part.Name] = identityschema.StringAttribute{RequiredForImport: true, Description: part.Description}
	}
}

// raw is an object as a state would have it, without timeouts.
func (k *kernel[M]) raw(ctx context.Context, m *M, diags *diag.Diagnostics) tftypes.Value {
	described := k.schema()
	state := tfsdk.State{Schema: described, Raw: tftypes.NewValue(described.Type().TerraformType(ctx), nil)}
	put(ctx, m, &state, state.Raw, diags)
	return state.Raw
}

// identity is the identity of an object in a plan or a state, the same for all
// spellings.
func (k *kernel[M]) identity(raw tftypes.Value) map[string]types.String {
	values, identity := valuesOf(raw), map[string]types.String{}
	for _, part := range k.core.Identity {
		text := values.Text(part.Name)
		if fold := folds[part.Name]; fold != nil {
			text = fold(text)
		}
		identity[part.Name] = types.StringValue(text)
	}
	return identity
}

// save writes an object and its identity, with the timeouts of another: of the
// plan, or of the state in a read.
func (k *kernel[M]) save(ctx context.Context, m *M, before tftypes.Value, state *tfsdk.State, identity *tfsdk.ResourceIdentity, diags *diag.Diagnostics) {
	put(ctx, m, state, before, diags)
	for _, part := range k.core.Identity {
		if part.Value != "" {
			diags.Append(state.SetAttribute(ctx, path.Root(part.Name), part.Value)...)
		}
	}
	setIdentity(ctx, identity, diags, k.identity(state.Raw))
}

// watchedID is the id under which the audit log knows an object, empty where
// the log is not followed for it.
func (k *kernel[M]) watchedID(m *M) string {
	if k.core.Audit == nil {
		return ""
	}
	return k.core.Audit(m).ID
}

func (k *kernel[M]) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if k.core.Validate == nil {
		return
	}
	call := &Call[M]{Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics), Diags: &resp.Diagnostics}
	if !resp.Diagnostics.HasError() {
		k.core.Validate(ctx, call)
	}
}

func (k *kernel[M]) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch replacement := replacementOf(ctx); {
	case replacement.isCreate(req):
		k.planCreate(ctx, replacement, req, resp)
		return
	case replacement.isDestroy(req):
		k.planDestroy(ctx, replacement, req, resp)
		return
	case replacement != nil:
		replacement.begin(k.Paths(ctx, req.State.Raw))
	}
	keepRestoreValues(&req, resp)
	keepSpelling(&req, resp)
	planTimeouts(&req, resp)
	if !k.checkPlannedOrganization(ctx, req, &resp.Diagnostics) {
		return
	}
	if req.Plan.Raw.IsNull() && k.client != nil && k.client.Ownership.IsOwned(k.Paths(ctx, req.State.Raw).Names...) {
		return // Terraform plans the destruction again while it applies: the object stays, as Delete will say
	}
	k.plan(ctx, req, resp)
	k.checkOrphans(ctx, req, resp.Plan, &resp.Diagnostics)
	k.recordPlan(ctx, req, resp)
	k.warnOfExisting(ctx, req, resp)
}

// plan calls the hook of a plan.
func (k *kernel[M]) plan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if k.core.Plan == nil {
		return
	}
	call := &Call[M]{
		Client:    k.client,
		Config:    model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:      model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		State:     model[M](ctx, req.State, &resp.Diagnostics),
		Diags:     &resp.Diagnostics,
		planned:   req.Plan.Raw,
		unchanged: sameObject(req.Plan.Raw, req.State.Raw),
		replaces:  &resp.RequiresReplace,
	}
	if resp.Diagnostics.HasError() {
		return
	}
	object := req.Plan.Raw
	if object.IsNull() {
		object = req.State.Raw
	}
	call.suppressed, _ = valuesOf(object).Texts("suppress_warnings")
	k.core.Plan(ctx, call)
	if call.Plan != nil && !resp.Diagnostics.HasError() {
		planned := tfsdk.State(resp.Plan)
		put(ctx, call.Plan, &planned, resp.Plan.Raw, &resp.Diagnostics)
		resp.Plan = tfsdk.Plan(planned)
	}
}

// planCall is the call of a hook while planning. Config and State are nil until
// they are set.
func (k *kernel[M]) planCall(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *Call[M] {
	return &Call[M]{Client: k.client, Plan: model[M](ctx, tfsdk.State(plan), diags), Diags: diags, planned: plan.Raw}
}

// mayChange reports whether there is a client that may change something, and
// adds an error when there is none.
func (k *kernel[M]) mayChange(diags *diag.Diagnostics) bool {
	if k.client == nil {
		diags.AddError("Provider not configured", "The provider was not configured before a change was applied. This is a bug in Terraform or in the provider: please report it.")
	}
	if k.client != nil && k.client.ReadOnly() {
		diags.AddError("The provider only reads", "read_only = true in the provider block permits no change, so nothing was sent for "+k.typeName()+". Remove it, or apply with a provider block that has no read_only.")
	}
	return !diags.HasError()
}

// write calls the hook of a create or an update, and saves the result.
func (k *kernel[M]) write(ctx context.Context, call *Call[M], hook func(ctx context.Context, call *Call[M]) error, labeled *M) {
	if call.Diags.HasError() {
		return
	}
	err := hook(ctx, call)
	if err != nil && adminapi.MayHaveActed(err) && k.isWritten(ctx, call) {
		err = nil
	}
	if err != nil {
		// After the hook, so that a created object is named with its id.
		label := k.core.Label(labeled)
		if part, ok := errors.AsType[*partError](err); ok {
			label = part.label
		}
		tfkit.AddAPIError(call.Diags, label, err)
	}
	if !call.Diags.HasError() {
		call.Checkpoint(ctx, call.Plan)
	}
}

// isWritten reads a setting after a write of which no answer could be used, and
// reports whether it has all that was planned.
func (k *kernel[M]) isWritten(ctx context.Context, call *Call[M]) bool {
	if k.hasOwnID {
		return false // adminapi searches for what a lost create has made
	}
	present := *call.Plan
	var diags diag.Diagnostics
	if k.core.Read(cache.PastSnapshot(ctx), &Call[M]{Client: call.Client, State: &present, Diags: &diags}) != nil {
		return false
	}
	read := valuesOf(k.raw(ctx, &present, &diags))
	if diags.HasError() {
		return false
	}
	for name, value := range valuesOf(call.planned) {
		if name != timeoutsName && value.IsFullyKnown() && !value.Equal(read[name]) && !sameSpelling(name, value, read[name]) {
			return false
		}
	}
	*call.Plan = present
	return true
}

func (k *kernel[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	ctx, end := k.withTimeout(ctx, "create", req.Plan.Raw)
	defer end()
	if !k.checkCreateOrganization(ctx, &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	call := &Call[M]{
		Client: k.client,
		Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:   model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		Diags:  &resp.Diagnostics, planned: req.Plan.Raw,
	}
	call.checkpoint = func(ctx context.Context, m *M) {
		k.save(ctx, m, req.Plan.Raw, &resp.State, resp.Identity, call.Diags)
		if id := k.watchedID(m); id != "" {
			k.saveSeen(ctx, resp.Private, resp.Private, id, call.Diags)
		}
	}
	k.write(ctx, call, k.create, call.Plan)
	k.keepPlanned(ctx, req.Config.Raw, tftypes.Value{}, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	k.recordCreated(resp.State)
	k.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	k.saveCreated(ctx, resp)
	if !resp.State.Raw.IsNull() {
		k.saveMembers(ctx, resp.Private, &resp.Diagnostics)
	}
	warnOfLostAnswers(&resp.Diagnostics)
	_ = change.Claim(ctx, k.Paths(ctx, resp.State.Raw).Known()...) // names known from the answer; nothing is sent after it, so that no wait can fail
}

func (k *kernel[M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	if sameObject(req.Plan.Raw, req.State.Raw) {
		k.saveTimeouts(ctx, req, resp)
		return
	}
	ctx, end := k.withTimeout(ctx, "update", req.Plan.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!k.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was changed.", &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	call := &Call[M]{
		Client: k.client,
		Config: model[M](ctx, tfsdk.State(req.Config), &resp.Diagnostics),
		Plan:   model[M](ctx, tfsdk.State(req.Plan), &resp.Diagnostics),
		State:  model[M](ctx, req.State, &resp.Diagnostics),
		Diags:  &resp.Diagnostics, planned: req.Plan.Raw,
		membersAt: readMembers(ctx, req.Private, &resp.Diagnostics),
	}
	call.checkpoint = func(ctx context.Context, m *M) {
		k.save(ctx, m, req.Plan.Raw, &resp.State, resp.Identity, call.Diags)
		if id := k.watchedID(m); id != "" {
			k.saveChanged(ctx, req.Private, resp.Private, id, call.Diags)
		}
	}
	labeled := call.State
	if !k.hasOwnID {
		labeled = call.Plan // its values say more than a name
	}
	k.write(ctx, call, k.update, labeled)
	k.saveMembers(ctx, resp.Private, &resp.Diagnostics)
	k.keepPlanned(ctx, req.Config.Raw, req.State.Raw, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	warnOfLostAnswers(&resp.Diagnostics)
	_ = change.Claim(ctx, k.Paths(ctx, resp.State.Raw).Known()...) // names known from the answer; nothing is sent after it, so that no wait can fail
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, planKey, nil)...)
	if k.checkOrganization(ctx, req.State.Raw, req.Private, "The change may have been made there.", &resp.Diagnostics) {
		k.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	}
}

func (k *kernel[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	ctx, end := k.withTimeout(ctx, "read", req.State.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) {
		return
	}
	unchanged, ended := k.read(ctx, req, resp)
	if !unchanged {
		k.keepSent(ctx, req, resp)
	}
	k.checkReadOrganization(ctx, req, resp)
	if !ended {
		k.keepYoung(ctx, req, resp)
	}
}

// read calls the hook of a read, unless the audit log shows that the object is
// unchanged. It reports that, and whether the API showed the end of the object,
// rather than answering that it does not exist.
func (k *kernel[M]) read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) (unchanged, ended bool) {
	call := &Call[M]{Client: k.client, State: model[M](ctx, req.State, &resp.Diagnostics), Diags: &resp.Diagnostics}
	if resp.Diagnostics.HasError() {
		return false, false
	}
	identity := k.identity(req.State.Raw)
	if k.core.Audit != nil {
		if call.Changes, unchanged = k.isUnchanged(ctx, req, resp, k.core.Audit(call.State), identity); unchanged {
			if k.core.Complete != nil {
				k.core.Complete(ctx, call)
				k.save(ctx, call.State, req.State.Raw, &resp.State, resp.Identity, &resp.Diagnostics)
			}
			return true, false
		}
	}
	values := valuesOf(req.State.Raw)
	if call.Created = values.Whole("created_at"); call.Created == 0 {
		call.Created = readCreated(ctx, req.Private, &resp.Diagnostics)
	}
	if k.hasOwnID {
		// A 404 for a new object is not believed at once.
		k.client.Expect(values.Text(k.core.Identity[len(k.core.Identity)-1].Name), call.Created)
	}
	call.membersAt = readMembers(ctx, req.Private, &resp.Diagnostics)
	call.Imported, _ = tfkit.ReadPrivate[bool](ctx, req.Private, importedKey, &resp.Diagnostics)
	label := k.core.Label(call.State)
	switch err := k.core.Read(ctx, call); {
	case errors.Is(err, ErrRemoved), adminapi.IsGone(err), errors.Is(err, ErrAbsent):
		// Terraform wants to know the identity all the same.
		setIdentity(ctx, resp.Identity, &resp.Diagnostics, identity)
		resp.State.RemoveResource(ctx)
		// The end of an archived project is certain, whatever the age of the object.
		return false, errors.Is(err, ErrRemoved) || adminapi.HasCode(err, adminapi.CodeProjectArchived)
	case err != nil:
		tfkit.AddAPIError(&resp.Diagnostics, label, err)
	case !resp.Diagnostics.HasError():
		if k.core.Complete != nil {
			k.core.Complete(ctx, call)
		}
		k.save(ctx, call.State, req.State.Raw, &resp.State, resp.Identity, &resp.Diagnostics)
		if call.Imported {
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, importedKey, nil)...)
		}
		if id := k.watchedID(call.State); id != "" {
			k.saveSeen(ctx, req.Private, resp.Private, id, &resp.Diagnostics)
		}
	}
	return false, false
}

func (k *kernel[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if !k.mayChange(&resp.Diagnostics) {
		return
	}
	ctx, end := k.withTimeout(ctx, "delete", req.State.Raw)
	defer end()
	if !k.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!k.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was deleted.", &resp.Diagnostics) {
		return
	}
	ctx, change := k.client.Ownership.Begin(ctx)
	k.deleteUnlessOwned(ctx, change, req, resp)
	// Another organization answers 404, which counts as deleted: this error keeps
	// the object in state.
	k.checkOrganization(ctx, req.State.Raw, req.Private, "It stays in state.", &resp.Diagnostics)
}

// remove calls a hook of a delete.
func (k *kernel[M]) remove(ctx context.Context, call *Call[M], hook func(ctx context.Context, call *Call[M]) error, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	call.Client, call.Diags = k.client, &resp.Diagnostics
	call.State = model[M](ctx, req.State, call.Diags)
	call.membersAt = readMembers(ctx, req.Private, call.Diags)
	if call.Diags.HasError() {
		return
	}
	label := k.core.Label(call.State)
	if err := hook(ctx, call); err != nil {
		call.AddError(label, err)
	}
}
