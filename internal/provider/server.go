package provider

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
)

// reportedWait is the total waiting time from which a warning reports it.
const reportedWait = time.Minute

// Server is the provider as Terraform talks to it. In addition to the framework's
// server, it reports the time spent waiting for the API's rate limits, and
// generates configuration that is valid.
type Server struct {
	Framework
	provider *openaiProvider
	running  atomic.Int64 // operations
	warned   atomic.Bool
	types    configuredTypes
}

// Framework has the methods of the framework's server, optional parts included:
// Terraform must see them through ours.
type Framework interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// NewServer returns a server of this version of the provider.
func NewServer(version string, clock transport.Clock) *Server {
	p := &openaiProvider{version: version, clock: clock}
	return &Server{Framework: providerserver.NewProtocol6(p)().(Framework), provider: p}
}

// ForgetPaths makes the provider forget which objects were written and planned,
// for tests that run several operations of Terraform in one configuration.
func (s *Server) ForgetPaths() {
	if client := s.provider.client.Load(); client != nil {
		client.Ownership.Reset()
	}
}

// Waited reports the time spent waiting for rate limits so far, nothing when it
// is less than reportedWait.
func (s *Server) Waited() string {
	client := s.provider.client.Load()
	if client == nil {
		return ""
	}
	total, most, endpoint := client.Waited()
	if total < reportedWait {
		return ""
	}
	return "Requests waited " + total.Round(time.Second).String() + " in all for the OpenAI API's rate limits, most of it (" +
		most.Round(time.Second).String() + ") for " + endpoint + "."
}

// ShareTypes lets this process know the types of the configuration that earlier
// ones have validated, and later ones those that this one validates.
func (s *Server) ShareTypes(file string) { s.types.file = file }

// ConfiguredTypes are the types of the configuration's resources, as far as it
// was validated, in their order.
func (s *Server) ConfiguredTypes() (names []string) {
	for _, traits := range s.types.all() {
		names = append(names, traits.Type)
	}
	slices.Sort(names)
	return names
}

// expectReads lets the client know what a refresh will read of each project:
// what the types of the configuration have there, and the audit log does not
// cover.
func (s *Server) expectReads() {
	client := s.provider.client.Load()
	if client == nil {
		return
	}
	client.ExpectReads(func() (paths []string) {
		for _, traits := range s.types.all() {
			if path := cmp.Or(traits.Collection(), traits.Path()); !traits.Audited || !client.ChangeLog.Followed() {
				paths = append(paths, path)
			}
		}
		return paths
	})
}

// ReadAhead reports how many requests were read ahead, nothing when none was.
func (s *Server) ReadAhead() string {
	client := s.provider.client.Load()
	if client == nil {
		return ""
	}
	requests, unused := client.ReadAhead()
	if requests == 0 {
		return ""
	}
	return fmt.Sprintf("read ahead in all: requests=%d unused=%d", requests, unused)
}

// begin begins an operation, which must be finished.
func (s *Server) begin(request context.Context) *operationContext {
	s.running.Add(1)
	return newOperationContext(request)
}

// finish ends an operation. The warning comes once, when nothing else is
// running: near the end of a plan or apply, as far as a provider can know.
func (s *Server) finish(operation *operationContext, diags *[]*tfprotov6.Diagnostic) {
	operation.end()
	if s.running.Add(-1) > 0 {
		return
	}
	waited := s.Waited()
	if waited == "" || s.warned.Swap(true) {
		return
	}
	*diags = append(*diags, &tfprotov6.Diagnostic{
		Severity: tfprotov6.DiagnosticSeverityWarning,
		Summary:  "Requests waited for the API's rate limits",
		Detail: waited + " Waits overlap, so Terraform itself waited for less.\n\n" +
			"To send fewer requests, set refresh_mode = \"audit_log\", divide the projects among several states, or plan with -refresh=false. " +
			"TF_LOG=INFO logs each wait.",
	})
}

// ReadResource reads a resource.
func (s *Server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.expectReads()
	operation := s.begin(transport.WithoutWrites(ctx))
	resp, err := s.Framework.ReadResource(operation, req)
	s.finish(operation, &resp.Diagnostics)
	return resp, err
}

// PlanResourceChange plans a change of a resource.
func (s *Server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	replacement := &lifecycle.Replacement{}
	operation := s.begin(lifecycle.WithReplacement(transport.WithoutWrites(ctx), replacement))
	resp, err := s.Framework.PlanResourceChange(operation, req)
	if err == nil {
		s.planReplacement(operation, replacement, req, resp)
	}
	s.finish(operation, &resp.Diagnostics)
	return resp, err
}

// ApplyResourceChange makes a planned change.
func (s *Server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	operation := s.begin(transport.WithWrites(ctx))
	resp, err := s.Framework.ApplyResourceChange(operation, req)
	s.finish(operation, &resp.Diagnostics)
	return resp, err
}

// ReadDataSource reads a data source.
func (s *Server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	operation := s.begin(transport.WithoutWrites(ctx))
	resp, err := s.Framework.ReadDataSource(operation, req)
	s.finish(operation, &resp.Diagnostics)
	return resp, err
}

// The methods below are called for every object, too, and only release the
// request.

// ValidateResourceConfig checks the configuration of a resource.
func (s *Server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	s.types.add(req.TypeName, s.provider.client.Load() == nil)
	resp, err := withOperation(transport.WithoutWrites(ctx), req, s.Framework.ValidateResourceConfig)
	if err == nil {
		if object, known := registry()[req.TypeName]; known && hasError(resp.Diagnostics) {
			resp.Diagnostics = explainNumbers(ctx, object.Schema.Type(), req.Config, resp.Diagnostics)
		}
		nameElements(resp.Diagnostics)
	}
	return resp, err
}

// ValidateDataResourceConfig checks the configuration of a data source.
func (s *Server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	resp, err := withOperation(transport.WithoutWrites(ctx), req, s.Framework.ValidateDataResourceConfig)
	if err == nil {
		if hasError(resp.Diagnostics) {
			resp.Diagnostics = explainNumbers(ctx, dataSourceTypes()[req.TypeName], req.Config, resp.Diagnostics)
		}
		nameElements(resp.Diagnostics)
	}
	return resp, err
}

// ValidateEphemeralResourceConfig checks the configuration of an ephemeral
// resource.
func (s *Server) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	resp, err := withOperation(transport.WithoutWrites(ctx), req, s.Framework.ValidateEphemeralResourceConfig)
	if err == nil {
		nameElements(resp.Diagnostics)
	}
	return resp, err
}

// ValidateProviderConfig checks the configuration of the provider.
func (s *Server) ValidateProviderConfig(ctx context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	resp, err := withOperation(transport.WithoutWrites(ctx), req, s.Framework.ValidateProviderConfig)
	if err == nil {
		nameElements(resp.Diagnostics)
	}
	return resp, err
}

// UpgradeResourceIdentity reads an identity of an earlier version.
func (s *Server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return withOperation(transport.WithoutWrites(ctx), req, s.Framework.UpgradeResourceIdentity)
}

// ImportResourceState begins the import of an object.
func (s *Server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return withOperation(transport.WithoutWrites(ctx), req, s.Framework.ImportResourceState)
}

// MoveResourceState migrates the state of another provider's resource.
func (s *Server) MoveResourceState(ctx context.Context, req *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	return withOperation(transport.WithoutWrites(ctx), req, s.Framework.MoveResourceState)
}

// ListResource lists the objects of a type.
func (s *Server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return s.Framework.ListResource(transport.WithoutWrites(ctx), req)
}

// The following calls may write, although Terraform makes some of them while it
// plans.

// OpenEphemeralResource creates an ephemeral object.
func (s *Server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return withOperation(transport.WithWrites(ctx), req, s.Framework.OpenEphemeralResource)
}

// RenewEphemeralResource extends the validity of an ephemeral object.
func (s *Server) RenewEphemeralResource(ctx context.Context, req *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	return withOperation(transport.WithWrites(ctx), req, s.Framework.RenewEphemeralResource)
}

// CloseEphemeralResource removes an ephemeral object.
func (s *Server) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return withOperation(transport.WithWrites(ctx), req, s.Framework.CloseEphemeralResource)
}

// InvokeAction runs an action.
func (s *Server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return s.Framework.InvokeAction(transport.WithWrites(ctx), req)
}
