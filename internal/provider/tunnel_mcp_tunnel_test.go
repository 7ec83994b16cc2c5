package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const tunnelAddress = "openai_mcp_tunnel.test"

func tunnelConfig(name, description string) string {
	return fmt.Sprintf("resource \"openai_mcp_tunnel\" \"test\" {\n  name = %q\n  description = %q\n}\n", name, description)
}

func TestAccMCPTunnel_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(tunnelConfig("crm", "Customers")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(tunnelAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				resource.TestCheckResourceAttr(tunnelAddress, "organization_ids.#", "1"),
				resource.TestCheckTypeSetElemAttr(tunnelAddress, "organization_ids.*", "org-emulator"),
				resource.TestCheckResourceAttr(tunnelAddress, "workspace_ids.#", "0"),
				resource.TestCheckResourceAttr(tunnelAddress, "tenant_ids.#", "0"),
				resource.TestCheckResourceAttrSet(tunnelAddress, "creator"),
			),
		},
		acctest.Import(tunnelAddress, []string{"id"}),
		// An empty description removes it.
		resource.TestStep{
			Config:           b.Config(tunnelConfig("erp", "")),
			ConfigPlanChecks: acctest.Action(tunnelAddress, plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				var tunnel struct{ Name, Description string }
				if b.Do(t, "GET", "/tunnels/"+id, nil, &tunnel); tunnel.Name != "erp" || tunnel.Description != "" {
					return fmt.Errorf("the tunnel is %+v", tunnel)
				}
				return nil
			},
		},
		// A change outside Terraform is reverted.
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/tunnels/"+id, map[string]string{"description": "changed"}, nil)
			},
			Config:           b.Config(tunnelConfig("erp", "")),
			ConfigPlanChecks: acctest.Action(tunnelAddress, plancheck.ResourceActionUpdate),
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", "/tunnels/"+id, nil, nil) },
			Config:           b.Config(tunnelConfig("erp", "")),
			ConfigPlanChecks: acctest.Action(tunnelAddress, plancheck.ResourceActionCreate),
		},
		resource.TestStep{
			Config: b.Config(tunnelConfig("erp", "") + "data \"openai_mcp_tunnel\" \"test\" {\n  id = openai_mcp_tunnel.test.id\n}\n"),
			Check:  resource.TestCheckResourceAttrPair("data.openai_mcp_tunnel.test", "creator", tunnelAddress, "creator"),
		},
	)
	if status, _ := b.Try(t, "GET", "/tunnels/"+id, nil); status != 404 {
		t.Errorf("after the destroy, the tunnel answers %d", status)
	}
}

func TestAccMCPTunnel_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no name":        {tunnelConfig("", "d"), "name must not be empty"},
		"no description": {"resource \"openai_mcp_tunnel\" \"test\" {\n  name = \"a\"\n}\n", `The argument "description" is required`},
	})
	acctest.Test(t, resource.TestStep{
		Config:      b.Config("data \"openai_mcp_tunnel\" \"test\" {\n  id = \"tunnel_none\"\n}\n"),
		ExpectError: acctest.Message("Tunnel not found"),
	})
}

// The API lists the tunnels of an organization that the request names by its
// id. Without the list, tunnels are read one by one.
func TestTunnelsAreReadWithoutTheirList(t *testing.T) {
	b := startRefusing(t)
	driver := func() *acctest.Driver { return acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock()) }
	var objects []*acctest.Object
	for _, name := range []string{"one", "two", "three"} {
		object, diags := driver().Apply(t, "openai_mcp_tunnel", nil, map[string]any{"name": name, "description": ""})
		expectNone(t, name, diags)
		objects = append(objects, object)
	}
	b.refuse(400, "", "GET", "/tunnels")
	d := driver()
	for _, object := range objects {
		read, diags := d.Refresh(t, object)
		expectNone(t, "refresh", diags)
		if read == nil {
			t.Error("a tunnel was taken for deleted")
		}
	}
	if _, diags := d.List(t, "openai_mcp_tunnel", nil, true, 0); len(diags) != 1 || !acctest.Message("Set organization in the provider block").MatchString(diags[0].Detail) {
		t.Errorf("the list says %+v", diags)
	}
}
