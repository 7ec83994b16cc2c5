package provider

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
)

type keyOfTest struct{}

func TestOperationContextFollowsTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		request, cancel := context.WithCancelCause(context.WithValue(t.Context(), keyOfTest{}, "value"))
		operation := newOperationContext(request)
		child, stop := context.WithCancel(operation)
		defer stop()
		if operation.Value(keyOfTest{}) != "value" || child.Err() != nil {
			t.Error("the operation does not have what the request has")
		}
		cancel(nil)
		synctest.Wait()
		if !errors.Is(operation.Err(), context.Canceled) || !errors.Is(child.Err(), context.Canceled) {
			t.Error("the request was cancelled, the operation was not")
		}
		operation.end()
	})
}

// Whoever keeps a context of an operation does not keep its request.
func TestOperationContextLetsGo(t *testing.T) {
	collected := make(chan struct{})
	kept := func() context.Context {
		held := new([1 << 20]byte)
		runtime.AddCleanup(held, func(struct{}) { close(collected) }, struct{}{})
		operation := newOperationContext(context.WithValue(t.Context(), keyOfTest{}, held))
		child, cancel := context.WithCancel(operation)
		t.Cleanup(cancel)
		operation.end()
		return child
	}()
	if <-kept.Done(); kept.Err() == nil {
		t.Error("the operation is not over")
	}
	runtime.GC()
	<-collected
	runtime.KeepAlive(kept)
}
