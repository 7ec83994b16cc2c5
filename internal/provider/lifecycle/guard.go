// Package lifecycle holds the rules that apply to every resource of the
// provider, in a wrapper around each of them.
package lifecycle

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// guard wraps one resource. What a resource adds to a rule is an optional
// interface that it implements, such as ObjectPath.
type guard struct {
	inner  resource.Resource
	client *adminapi.Client
}

var (
	_ resource.ResourceWithConfigure        = (*guard)(nil)
	_ resource.ResourceWithConfigValidators = (*guard)(nil)
	_ resource.ResourceWithValidateConfig   = (*guard)(nil)
	_ resource.ResourceWithModifyPlan       = (*guard)(nil)
	_ resource.ResourceWithImportState      = (*guard)(nil)
	_ resource.ResourceWithIdentity         = (*guard)(nil)
	_ resource.ResourceWithUpgradeState     = (*guard)(nil)
	_ resource.ResourceWithMoveState        = (*guard)(nil)
)

// Guard returns the resource with the rules for all resources around it.
func Guard(inner resource.Resource) resource.Resource {
	return &guard{inner: inner}
}

// GuardAll guards what the constructors return.
func GuardAll(constructors []func() resource.Resource) []func() resource.Resource {
	guarded := make([]func() resource.Resource, len(constructors))
	for i, construct := range constructors {
		guarded[i] = func() resource.Resource { return Guard(construct()) }
	}
	return guarded
}

// As returns a resource, or the one that is guarded, as a type that it
// implements. The guard itself implements no interface of ours.
func As[T any](r resource.Resource) (T, bool) {
	if g, guarded := r.(*guard); guarded {
		r = g.inner
	}
	typed, ok := r.(T)
	return typed, ok
}

// IsGuarded reports whether a resource is guarded.
func IsGuarded(r resource.Resource) bool {
	_, guarded := r.(*guard)
	return guarded
}

func (g *guard) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	g.inner.Metadata(ctx, req, resp)
}

func (g *guard) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	g.inner.Schema(ctx, req, resp)
}

func (g *guard) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	if inner, ok := g.inner.(resource.ResourceWithIdentity); ok {
		inner.IdentitySchema(ctx, req, resp)
	}
}

func (g *guard) Configure(ctx context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	if client, ok := req.ProviderData.(*adminapi.Client); ok {
		g.client = client
	}
	if inner, ok := g.inner.(resource.ResourceWithConfigure); ok {
		inner.Configure(ctx, req, resp)
	}
}

func (g *guard) ConfigValidators(ctx context.Context) []resource.ConfigValidator {
	if inner, ok := g.inner.(resource.ResourceWithConfigValidators); ok {
		return inner.ConfigValidators(ctx)
	}
	return nil
}

func (g *guard) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	if inner, ok := g.inner.(resource.ResourceWithValidateConfig); ok {
		inner.ValidateConfig(ctx, req, resp)
	}
}

func (g *guard) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	switch replacement := replacementOf(ctx); {
	case replacement.isCreate(req):
		g.planCreate(ctx, replacement, req, resp)
		return
	case replacement.isDestroy(req):
		g.planDestroy(ctx, replacement, req, resp)
		return
	case replacement != nil:
		replacement.begin(g.paths(ctx, req.State.Raw))
	}
	if !g.checkPlannedOrganization(ctx, req, &resp.Diagnostics) {
		return
	}
	g.keepRestoreValues(&req, resp)
	g.keepSpelling(&req, resp)
	if inner, ok := g.inner.(resource.ResourceWithModifyPlan); ok {
		inner.ModifyPlan(ctx, req, resp)
	}
	g.checkOrphans(ctx, req, resp.Plan, &resp.Diagnostics)
	g.recordPlan(ctx, req, resp)
	g.warnOfExisting(ctx, req, resp)
}

// isConfigured reports whether there is a client, and adds an error when there is
// none.
func (g *guard) isConfigured(diags *diag.Diagnostics) bool {
	if g.client == nil {
		diags.AddError("Provider not configured", "The provider was not configured before a change was applied. This is a bug in Terraform or in the provider: please report it.")
	}
	return g.client != nil
}

func (g *guard) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	if !g.isConfigured(&resp.Diagnostics) || !g.checkCreateOrganization(ctx, &resp.Diagnostics) {
		return
	}
	ctx, change := g.client.Ownership.Begin(ctx)
	g.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	g.inner.Create(ctx, req, resp)
	if resp.Private != nil {
		g.keepPlanned(ctx, req.Config.Raw, tftypes.Value{}, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	}
	g.recordCreated(resp.State)
	if resp.Private != nil {
		g.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	}
	g.saveCreated(ctx, resp)
	warnOfLostAnswers(&resp.Diagnostics)
	g.claim(ctx, change, resp.State.Raw, &resp.Diagnostics)
}

func (g *guard) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	if !g.completeIDs(ctx, &req.State, &resp.Diagnostics) {
		return
	}
	ctx, removal := tfkit.WithRemoval(ctx)
	g.inner.Read(ctx, req, resp)
	if !removal.Unread() {
		g.keepSent(ctx, req, resp)
	}
	g.checkReadOrganization(ctx, req, resp)
	g.keepYoung(ctx, req, resp, removal)
}

func (g *guard) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	if !g.isConfigured(&resp.Diagnostics) || !g.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!g.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was changed.", &resp.Diagnostics) {
		return
	}
	ctx, change := g.client.Ownership.Begin(ctx)
	g.claim(ctx, change, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	g.inner.Update(ctx, req, resp)
	if resp.Private != nil {
		g.keepPlanned(ctx, req.Config.Raw, req.State.Raw, req.Plan.Raw, &resp.State, resp.Private, &resp.Diagnostics)
	}
	warnOfLostAnswers(&resp.Diagnostics)
	g.claim(ctx, change, resp.State.Raw, &resp.Diagnostics)
	if resp.Private != nil {
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, planKey, nil)...)
	}
	if g.checkOrganization(ctx, req.State.Raw, req.Private, "The change may have been made there.", &resp.Diagnostics) && resp.Private != nil {
		g.saveOrganization(ctx, resp.State, resp.Private, &resp.Diagnostics)
	}
}

func (g *guard) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if !g.isConfigured(&resp.Diagnostics) || !g.completeIDs(ctx, &req.State, &resp.Diagnostics) ||
		!g.findOrganization(ctx, req.State.Raw, req.Private, "Nothing was deleted.", &resp.Diagnostics) {
		return
	}
	ctx, change := g.client.Ownership.Begin(ctx)
	g.deleteUnlessOwned(ctx, change, req, resp)
	// A key of another organization finds nothing to delete.
	g.checkOrganization(ctx, req.State.Raw, req.Private, "It stays in state.", &resp.Diagnostics)
}

func (g *guard) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	if inner, ok := g.inner.(resource.ResourceWithImportState); ok {
		inner.ImportState(ctx, req, resp)
		return
	}
	resp.Diagnostics.AddError("Cannot import resource", "This resource cannot be imported.")
}

func (g *guard) UpgradeState(ctx context.Context) map[int64]resource.StateUpgrader {
	if inner, ok := g.inner.(resource.ResourceWithUpgradeState); ok {
		return inner.UpgradeState(ctx)
	}
	return nil
}

func (g *guard) MoveState(ctx context.Context) []resource.StateMover {
	if inner, ok := g.inner.(resource.ResourceWithMoveState); ok {
		return inner.MoveState(ctx)
	}
	return nil
}
