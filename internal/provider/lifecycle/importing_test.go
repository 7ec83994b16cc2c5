package lifecycle

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// imported imports an id of the form project_id/key_id.
func imported(id string) (project, key string, failed bool) {
	ctx := context.Background()
	s := schema.Schema{Attributes: map[string]schema.Attribute{
		"project_id": schema.StringAttribute{Optional: true},
		"key_id":     schema.StringAttribute{Optional: true},
	}}
	resp := resource.ImportStateResponse{State: tfsdk.State{Schema: s, Raw: tftypes.NewValue(s.Type().TerraformType(ctx), nil)}}
	importParts(ctx, resource.ImportStateRequest{ID: id}, &resp, nil, "project_id", "key_id")
	if resp.Diagnostics.HasError() {
		return "", "", true
	}
	var p, k types.String
	resp.State.GetAttribute(ctx, path.Root("project_id"), &p)
	resp.State.GetAttribute(ctx, path.Root("key_id"), &k)
	return p.ValueString(), k.ValueString(), false
}

func TestImport(t *testing.T) {
	if project, key, failed := imported("proj_1/key_1"); failed || project != "proj_1" || key != "key_1" {
		t.Errorf("%q, %q, %v", project, key, failed)
	}
	for _, id := range []string{"proj_1", "proj_1/", "/key_1", "proj_1/key_1/", "a/b/c", "../key_1", "proj_1/..", "proj_1/%2f", "proj 1/key_1", "proj_1/key\n1"} {
		if _, _, failed := imported(id); !failed {
			t.Errorf("%q is accepted", id)
		}
	}
}

// No part of an import id can reach another path of the API.
func FuzzImportID(f *testing.F) {
	for _, seed := range []string{"proj_1/key_1", "..//", "a/%2e%2e", "proj_1/rl-ft:gpt-4o:x", "\x00/\x7f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		project, key, failed := imported(id)
		if failed {
			return
		}
		for _, part := range []string{project, key} {
			if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "/\\%?#\n\r\t ") {
				t.Errorf("%q of %q is accepted", part, id)
			}
		}
		if project+"/"+key != id {
			t.Errorf("%q was taken apart into %q and %q", id, project, key)
		}
	})
}
