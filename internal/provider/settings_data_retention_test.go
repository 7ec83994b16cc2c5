package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/seed"
)

// retentionScope is the organization or a project: the tests run for both.
type retentionScope struct {
	kind, path, argument, importBy string
	// initial is the retention before each test.
	initial string
}

type dataRetention struct {
	Type string `json:"type"`
}

func forBothRetentionScopes(t *testing.T, test func(t *testing.T, b *acctest.Backend, s retentionScope)) {
	for _, kind := range []string{"organization", "project"} {
		t.Run(kind, func(t *testing.T) {
			agreed := seed.Default()
			agreed.Organization.DataRetention = "enhanced_zero_data_retention"
			b := acctest.Start(t, func(o *emulator.Options) { o.Seed = agreed })
			s := retentionScope{kind: kind, path: "/organization/data_retention", importBy: "singleton_id", initial: "enhanced_zero_data_retention"}
			if kind == "project" {
				id := b.Project(t, "dev")
				s = retentionScope{kind: kind, path: "/organization/projects/" + id + "/data_retention", importBy: "project_id",
					argument: fmt.Sprintf("project_id = %q", id), initial: "organization_default"}
			}
			test(t, b, s)
		})
	}
}

func (s retentionScope) address() string { return "openai_" + s.kind + "_data_retention.test" }

func (s retentionScope) retention(kind string) string {
	return fmt.Sprintf("resource \"openai_%s_data_retention\" \"test\" {\n  %s\n  type = %q\n}\n", s.kind, s.argument, kind)
}

func TestAccDataRetention_lifecycle(t *testing.T) {
	forBothRetentionScopes(t, func(t *testing.T, b *acctest.Backend, s retentionScope) {
		is := func(kind string) resource.TestCheckFunc { return settingIs(t, b, s.path, dataRetention{kind}) }
		acctest.Test(t,
			resource.TestStep{
				PreConfig: func() { b.Mark(t) },
				Config:    b.Config(s.retention("zero_data_retention")),
				Check: resource.ComposeAggregateTestCheckFunc(
					func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
					is("zero_data_retention"),
					resource.TestCheckResourceAttr(s.address(), "object", s.kind+".data_retention"),
				),
			},
			resource.TestStep{
				Config:           b.Config(s.retention("modified_abuse_monitoring")),
				ConfigPlanChecks: acctest.Action(s.address(), plancheck.ResourceActionUpdate),
				Check:            is("modified_abuse_monitoring"),
			},
			acctest.Import(s.address(), []string{s.importBy}, "restore_values"),
			resource.TestStep{
				PreConfig:        func() { b.Do(t, "POST", s.path, map[string]string{"retention_type": "zero_data_retention"}, nil) },
				Config:           b.Config(s.retention("modified_abuse_monitoring")),
				ConfigPlanChecks: acctest.Action(s.address(), plancheck.ResourceActionUpdate),
				Check:            is("modified_abuse_monitoring"),
			},
		)
		if err := is(s.initial)(nil); err != nil {
			t.Errorf("after destroy: %v", err)
		}
	})
}

// A missing previous value must never lead to another retention.
func TestAccDataRetention_importedStays(t *testing.T) {
	forBothRetentionScopes(t, func(t *testing.T, b *acctest.Backend, s retentionScope) {
		b.Do(t, "POST", s.path, map[string]string{"retention_type": "zero_data_retention"}, nil)
		id := "organization"
		if s.kind == "project" {
			_, _ = fmt.Sscanf(s.argument, "project_id = %q", &id)
		}
		acctest.Test(t,
			resource.TestStep{
				Config: b.Config(s.retention("zero_data_retention")), ResourceName: s.address(),
				ImportState: true, ImportStateId: id, ImportStatePersist: true,
			},
			resource.TestStep{
				Config:           b.Config(s.retention("zero_data_retention")),
				ConfigPlanChecks: acctest.Action(s.address(), plancheck.ResourceActionNoop),
			},
		)
		if err := settingIs(t, b, s.path, dataRetention{"zero_data_retention"})(nil); err != nil {
			t.Errorf("after destroy: %v", err)
		}
	})
}

// The API has no way to go back to where nothing was agreed.
func TestAccOrganizationDataRetention_nothingAgreedBefore(t *testing.T) {
	b := acctest.Start(t)
	s := retentionScope{kind: "organization", path: "/organization/data_retention"}
	acctest.Test(t, resource.TestStep{Config: b.Config(s.retention("zero_data_retention")), Check: settingIs(t, b, s.path, dataRetention{"zero_data_retention"})})
	if err := settingIs(t, b, s.path, dataRetention{"zero_data_retention"})(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccDataRetention_invalidConfiguration(t *testing.T) {
	forBothRetentionScopes(t, func(t *testing.T, b *acctest.Backend, s retentionScope) {
		acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
			"empty":   {s.retention(""), "type must not be empty"},
			"no type": {fmt.Sprintf("resource \"openai_%s_data_retention\" \"test\" {\n  %s\n}\n", s.kind, s.argument), `"type" is required`},
		})
		acctest.Test(t,
			resource.TestStep{Config: b.Config(s.retention("for_ever")), ExpectError: acctest.Message(`Invalid value: "for_ever"`)},
		)
		// The failed change is undone completely.
		if err := settingIs(t, b, s.path, dataRetention{s.initial})(nil); err != nil {
			t.Errorf("after the refusal: %v", err)
		}
	})
}

func TestAccOrganizationDataRetention_wrongImportID(t *testing.T) {
	b := acctest.Start(t)
	s := retentionScope{kind: "organization"}
	acctest.Test(t, resource.TestStep{
		Config: b.Config(s.retention("zero_data_retention")), ResourceName: s.address(), ImportState: true, ImportStateId: "org-1",
		ExpectError: acctest.Message("Its singleton_id is \"organization\""),
	})
}

func TestAccDataRetentionDataSource(t *testing.T) {
	forBothRetentionScopes(t, func(t *testing.T, b *acctest.Backend, s retentionScope) {
		address := "data." + s.address()
		acctest.Test(t, resource.TestStep{
			Config: b.Config(fmt.Sprintf("data \"openai_%s_data_retention\" \"test\" {\n  %s\n}\n", s.kind, s.argument)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrSet(address, "id"),
				resource.TestCheckResourceAttr(address, "type", s.initial),
				resource.TestCheckResourceAttr(address, "object", s.kind+".data_retention"),
			),
		})
	})
}
