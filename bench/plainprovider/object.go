package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/openai/openai-go/v3"
)

// client sends requests, and keeps the lists that several objects are read from.
type client struct {
	sdk        openai.Client
	projects   lists[project]
	rateLimits lists[rateLimit]
}

// ignored is an answer without use. The SDK closes only what it decodes.
type ignored struct{}

// call is one operation of Terraform on an object with the model M.
type call[M any] func(ctx context.Context, c *client, m *M) error

// object is a resource type with the model M. Its calls change the model to
// what the API returns.
type object[M any] struct {
	name                 string
	attributes           map[string]schema.Attribute
	create, read, remove call[M]
	client               *client
}

func (o *object[M]) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = o.name
}

func (o *object[M]) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: o.attributes}
}

func (o *object[M]) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	o.client, _ = req.ProviderData.(*client) // nil until the provider is configured
}

func (o *object[M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() || failed(o.create(ctx, o.client, &m), &resp.Diagnostics) {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (o *object[M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m M
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	err := o.read(ctx, o.client, &m)
	switch {
	case notFound(err):
		resp.State.RemoveResource(ctx)
	case !failed(err, &resp.Diagnostics):
		resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
	}
}

func (o *object[M]) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("Update not supported", "This provider only creates, reads and deletes.")
}

func (o *object[M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m M
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if err := o.remove(ctx, o.client, &m); !notFound(err) {
		failed(err, &resp.Diagnostics)
	}
}

func failed(err error, diags *diag.Diagnostics) bool {
	if err != nil {
		diags.AddError("Request failed", err.Error())
	}
	return err != nil
}

var errNotInList = errors.New("the object is not in the list")

func notFound(err error) bool {
	var answer *openai.Error
	return errors.Is(err, errNotInList) || errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound
}

// listed is an object of a list.
type listed interface{ key() string }

// find returns the object with this id of a list.
func find[T listed](id string, list func() ([]T, error)) (found T, err error) {
	all, err := list()
	if err != nil {
		return found, err
	}
	i := slices.IndexFunc(all, func(one T) bool { return one.key() == id })
	if i < 0 {
		return found, errNotInList
	}
	return all[i], nil
}

// pages reads all pages of the list at this path, which ends with a parameter.
func pages[T listed](ctx context.Context, c *client, path string) (all []T, err error) {
	for after := ""; ; {
		var page struct {
			Data    []T  `json:"data"`
			HasMore bool `json:"has_more"`
		}
		if err := c.sdk.Get(ctx, path+after, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Data...)
		if !page.HasMore || len(page.Data) == 0 {
			return all, nil
		}
		after = "&after=" + page.Data[len(page.Data)-1].key()
	}
}

// lists keeps what was read from each path until it is invalidated. Reads of one
// path share a request. openai/openai keeps 32 lists and reads evicted ones
// again; this keeps all, which is less.
type lists[T listed] struct {
	mu    sync.Mutex
	reads map[string]func() ([]T, error)
}

func (l *lists[T]) read(ctx context.Context, c *client, path string) ([]T, error) {
	l.mu.Lock()
	read, ok := l.reads[path]
	if !ok {
		if l.reads == nil {
			l.reads = map[string]func() ([]T, error){}
		}
		read = sync.OnceValues(func() ([]T, error) { return pages[T](ctx, c, path) })
		l.reads[path] = read
	}
	l.mu.Unlock()
	return read()
}

func (l *lists[T]) invalidate(path string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.reads, path)
}
