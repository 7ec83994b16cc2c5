package provider_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
	"github.com/allthingsai/terraform-provider-openai/internal/provider"
)

type keyOfTest struct{}

// contextReader is a framework that only reads the context of ReadResource.
type contextReader struct {
	provider.Framework
	read func(context.Context)
}

func (r contextReader) ReadResource(ctx context.Context, _ *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	r.read(ctx)
	return &tfprotov6.ReadResourceResponse{}, nil
}

// readContext reads the context of an operation that has this request.
func readContext(t *testing.T, request context.Context, read func(operation context.Context)) {
	t.Helper()
	server := provider.NewServer("test", transport.SystemClock{})
	server.Framework = contextReader{server.Framework, read}
	if _, err := server.ReadResource(request, &tfprotov6.ReadResourceRequest{}); err != nil {
		t.Error(err)
	}
}

func TestOperationContextFollowsTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		request, cancel := context.WithCancelCause(context.WithValue(t.Context(), keyOfTest{}, "value"))
		readContext(t, request, func(operation context.Context) {
			child, stop := context.WithCancel(operation)
			defer stop()
			if operation.Value(keyOfTest{}) != "value" || child.Err() != nil {
				t.Error("the operation does not have what the request has")
			}
			cancel(nil)
			synctest.Wait()
			if !errors.Is(operation.Err(), context.Canceled) || !errors.Is(child.Err(), context.Canceled) {
				t.Error("the request was canceled, the operation was not")
			}
		})
	})
}

// A kept context of an operation does not keep its request in memory.
func TestOperationContextReleasesRequest(t *testing.T) {
	collected := make(chan struct{})
	kept := func() (child context.Context) {
		held := new([1 << 20]byte)
		runtime.AddCleanup(held, func(struct{}) { close(collected) }, struct{}{})
		readContext(t, context.WithValue(t.Context(), keyOfTest{}, held), func(operation context.Context) {
			var cancel context.CancelFunc
			child, cancel = context.WithCancel(operation)
			t.Cleanup(cancel)
		})
		return child
	}()
	if <-kept.Done(); kept.Err() == nil {
		t.Error("the operation is not over")
	}
	runtime.GC()
	<-collected
	runtime.KeepAlive(kept)
}

// The requests of Terraform for each object do not stay in memory: for 10,000
// objects, they took 300 megabytes.
func TestServerLetsGoOfRequests(t *testing.T) {
	server := provider.NewServer("test", transport.SystemClock{})
	kind, data := "openai_project", "openai_projects"
	for name, ask := range map[string]func(ctx context.Context) error{
		"ApplyResourceChange": func(ctx context.Context) error {
			_, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: kind})
			return err
		},
		"ImportResourceState": func(ctx context.Context) error {
			_, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: kind})
			return err
		},
		"MoveResourceState": func(ctx context.Context) error {
			_, err := server.MoveResourceState(ctx, &tfprotov6.MoveResourceStateRequest{TargetTypeName: kind})
			return err
		},
		"PlanResourceChange": func(ctx context.Context) error {
			_, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: kind})
			return err
		},
		"ReadDataSource": func(ctx context.Context) error {
			_, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: data})
			return err
		},
		"ReadResource": func(ctx context.Context) error {
			_, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: kind})
			return err
		},
		"UpgradeResourceIdentity": func(ctx context.Context) error {
			_, err := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: kind})
			return err
		},
		"UpgradeResourceState": func(ctx context.Context) error {
			_, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: kind})
			return err
		},
		"ValidateDataResourceConfig": func(ctx context.Context) error {
			_, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: data})
			return err
		},
		"ValidateResourceConfig": func(ctx context.Context) error {
			_, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: kind})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			collected := make(chan struct{})
			func() {
				held := new([1 << 20]byte)
				runtime.AddCleanup(held, func(struct{}) { close(collected) }, struct{}{})
				request, cancel := context.WithCancel(context.WithValue(context.Background(), keyOfTest{}, held))
				defer cancel() // as gRPC does
				if err := ask(request); err != nil {
					t.Fatal(err)
				}
			}()
			runtime.GC()
			select {
			case <-collected:
			case <-time.After(time.Minute):
				t.Error("the server keeps what came with the request")
			}
		})
	}
	runtime.KeepAlive(server)
}
