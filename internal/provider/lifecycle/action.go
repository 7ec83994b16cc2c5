package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

// Action defines an action: an operation that leaves no state in Terraform. A is
// its model, a pointer to a struct with exactly the attributes of the schema.
type Action[A any] struct {
	// Type is the type name without the provider's, such as
	// project_api_key_revoke.
	Type   string
	Schema schema.Schema
	// ProjectKey says that the action needs the key of a project, not the admin
	// key.
	ProjectKey bool
	// Label returns the name in diagnostics of the object of the action.
	Label func(a A) string
	// Invoke runs the action. It returns errors of the API as they are.
	Invoke func(ctx context.Context, call *ActionCall[A]) error
}

// ActionCall is one invocation of an action.
type ActionCall[A any] struct {
	Client *adminapi.Client
	Config A
	Diags  *diag.Diagnostics

	send func(event action.InvokeProgressEvent)
}

// Progress shows the user what has been done so far.
func (c *ActionCall[A]) Progress(format string, values ...any) {
	c.send(action.InvokeProgressEvent{Message: fmt.Sprintf(format, values...)})
}

// Action returns the action, for the provider's list.
func (a Action[A]) Action() action.Action { return &actionKernel[A]{action: a} }

type actionKernel[A any] struct {
	client *adminapi.Client
	action Action[A]
}

var _ action.ActionWithConfigure = (*actionKernel[*struct{}])(nil)

// Configure takes the client from the provider.
func (k *actionKernel[A]) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	k.client = tfkit.ClientOf(req.ProviderData, k.action.ProjectKey, &resp.Diagnostics)
}

func (k *actionKernel[A]) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + k.action.Type
}

func (k *actionKernel[A]) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = k.action.Schema
}

func (k *actionKernel[A]) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := configured[A](ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, warnOfLostAnswers := tfkit.WarnOfLostAnswers(ctx)
	defer warnOfLostAnswers(&resp.Diagnostics)
	call := &ActionCall[A]{Client: k.client, Config: config, Diags: &resp.Diagnostics, send: resp.SendProgress}
	if err := k.action.Invoke(ctx, call); err != nil {
		tfkit.AddAPIError(&resp.Diagnostics, k.action.Label(config), err)
	}
}

// ActionParameter is an id that an action takes.
func ActionParameter(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Required: true, Validators: []validator.String{tfkit.ID()}}
}
