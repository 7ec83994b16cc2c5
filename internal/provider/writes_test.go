package provider_test

import (
	"context"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

// permissions is a framework that only records whether an operation may write.
type permissions struct {
	provider.Framework
	may map[string]bool
}

func (p permissions) note(ctx context.Context, operation string) {
	p.may[operation] = transport.MayWrite(ctx)
}

func (p permissions) ValidateResourceConfig(ctx context.Context, _ *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	p.note(ctx, "validate")
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (p permissions) ValidateDataResourceConfig(ctx context.Context, _ *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	p.note(ctx, "validate data source")
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (p permissions) UpgradeResourceState(ctx context.Context, _ *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	p.note(ctx, "upgrade state")
	return &tfprotov6.UpgradeResourceStateResponse{}, nil
}

func (p permissions) UpgradeResourceIdentity(ctx context.Context, _ *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	p.note(ctx, "upgrade identity")
	return &tfprotov6.UpgradeResourceIdentityResponse{}, nil
}

func (p permissions) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	p.note(ctx, "refresh")
	return &tfprotov6.ReadResourceResponse{}, nil
}

func (p permissions) PlanResourceChange(ctx context.Context, _ *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	p.note(ctx, "plan")
	return &tfprotov6.PlanResourceChangeResponse{}, nil
}

func (p permissions) ApplyResourceChange(ctx context.Context, _ *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	p.note(ctx, "apply")
	return &tfprotov6.ApplyResourceChangeResponse{}, nil
}

func (p permissions) ImportResourceState(ctx context.Context, _ *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	p.note(ctx, "import")
	return &tfprotov6.ImportResourceStateResponse{}, nil
}

func (p permissions) MoveResourceState(ctx context.Context, _ *tfprotov6.MoveResourceStateRequest) (*tfprotov6.MoveResourceStateResponse, error) {
	p.note(ctx, "move")
	return &tfprotov6.MoveResourceStateResponse{}, nil
}

func (p permissions) ListResource(ctx context.Context, _ *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	p.note(ctx, "list")
	return &tfprotov6.ListResourceServerStream{}, nil
}

func (p permissions) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	p.note(ctx, "data source")
	return &tfprotov6.ReadDataSourceResponse{}, nil
}

func (p permissions) OpenEphemeralResource(ctx context.Context, _ *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	p.note(ctx, "open")
	return &tfprotov6.OpenEphemeralResourceResponse{}, nil
}

func (p permissions) RenewEphemeralResource(ctx context.Context, _ *tfprotov6.RenewEphemeralResourceRequest) (*tfprotov6.RenewEphemeralResourceResponse, error) {
	p.note(ctx, "renew")
	return &tfprotov6.RenewEphemeralResourceResponse{}, nil
}

func (p permissions) CloseEphemeralResource(ctx context.Context, _ *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	p.note(ctx, "close")
	return &tfprotov6.CloseEphemeralResourceResponse{}, nil
}

func (p permissions) InvokeAction(ctx context.Context, _ *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	p.note(ctx, "invoke")
	return &tfprotov6.InvokeActionServerStream{}, nil
}

// Only an apply, an ephemeral resource and an action may write, even when the
// caller permits it.
func TestOperationsThatMayWrite(t *testing.T) {
	seen := permissions{may: map[string]bool{}}
	server := provider.NewServer("test", transport.SystemClock{})
	server.Framework = seen
	ctx := transport.WithWrites(t.Context())
	kind := "openai_project"
	for _, call := range []func(context.Context) error{
		func(ctx context.Context) error {
			_, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{TargetTypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.RenewEphemeralResource(ctx, &tfprotov6.RenewEphemeralResourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: kind})
			return err
		},
		func(ctx context.Context) error {
			_, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: kind})
			return err
		},
	} {
		if err := call(ctx); err != nil {
			t.Error(err)
		}
	}
	for operation, permitted := range map[string]bool{
		"validate": false, "validate data source": false, "upgrade state": false, "upgrade identity": false, "refresh": false, "plan": false,
		"import": false, "move": false, "list": false, "data source": false,
		"apply": true, "open": true, "renew": true, "close": true, "invoke": true,
	} {
		may, called := seen.may[operation]
		if !called || may != permitted {
			t.Errorf("%s: called is %t, it may write: %t", operation, called, may)
		}
	}
}
