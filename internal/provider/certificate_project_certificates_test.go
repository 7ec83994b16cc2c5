package provider_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const projectCertificatesAddress = "openai_project_certificates.test"

// uploadCertificates makes certificates outside Terraform.
func uploadCertificates(t *testing.T, b *acctest.Backend, count int) []string {
	t.Helper()
	content := acctest.Certificate(t, "ca", acctest.NextYear())
	ids := make([]string, count)
	for i := range ids {
		var made struct{ ID string }
		b.Do(t, "POST", "/organization/certificates", map[string]string{"certificate": content, "name": fmt.Sprintf("ca-%02d", i)}, &made)
		ids[i] = made.ID
	}
	return ids
}

func projectCertificatesConfig(project string, ids []string) string {
	return fmt.Sprintf("resource \"openai_project_certificates\" \"test\" {\n  project_id = %q\n  certificate_ids = [%s]\n}\n", project, quoted(ids))
}

// activeCertificates asserts which certificates are active in a project.
func activeCertificates(t *testing.T, b *acctest.Backend, project string, want []string) resource.TestCheckFunc {
	return func(*terraform.State) error {
		var got []string
		for _, c := range listCertificates(t, b, "/organization/projects/"+project) {
			if c.Active {
				got = append(got, c.ID)
			}
		}
		if !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			return fmt.Errorf("%v are active, expected %v", got, want)
		}
		return nil
	}
}

func TestAccProjectCertificates_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	route := "/v1/organization/projects/{project_id}/certificates"
	ids := uploadCertificates(t, b, 13)
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/organization/projects/"+project+"/certificates/activate", map[string][]string{"certificate_ids": {ids[12]}}, nil)
				b.Mark(t)
			},
			Config:             b.Config(projectCertificatesConfig(project, ids[:12])),
			ExpectNonEmptyPlan: true,
			Check: resource.ComposeAggregateTestCheckFunc(
				activeCertificates(t, b, project, ids),
				func(*terraform.State) error {
					// Ten at a time. The other one is in the next plan.
					b.Expect(t, 2, "POST", route+"/activate")
					b.ExpectWrites(t, 2)
					return nil
				},
			),
		},
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(projectCertificatesConfig(project, ids[:12])),
			Check: resource.ComposeAggregateTestCheckFunc(
				activeCertificates(t, b, project, ids[:12]),
				func(*terraform.State) error { b.Expect(t, 1, "POST", route+"/deactivate"); return nil },
			),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(projectCertificatesConfig(project, []string{ids[1], ids[12], ids[0]})),
			ConfigPlanChecks: acctest.Action(projectCertificatesAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				activeCertificates(t, b, project, []string{ids[0], ids[1], ids[12]}),
				func(*terraform.State) error { b.ExpectWrites(t, 2); return nil },
			),
		},
		acctest.Import(projectCertificatesAddress, []string{"project_id"}),
		// Another order is no change.
		resource.TestStep{
			Config:           b.Config(projectCertificatesConfig(project, []string{ids[0], ids[1], ids[12]})),
			ConfigPlanChecks: acctest.Action(projectCertificatesAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			PreConfig: func() {
				for action, id := range map[string]string{"activate": ids[5], "deactivate": ids[0]} {
					b.Do(t, "POST", "/organization/projects/"+project+"/certificates/"+action, map[string][]string{"certificate_ids": {id}}, nil)
				}
			},
			Config:           b.Config(projectCertificatesConfig(project, []string{ids[0], ids[1], ids[12]})),
			ConfigPlanChecks: acctest.Action(projectCertificatesAddress, plancheck.ResourceActionUpdate),
			Check:            activeCertificates(t, b, project, []string{ids[0], ids[1], ids[12]}),
		},
	)
	if err := activeCertificates(t, b, project, nil)(nil); err != nil {
		t.Errorf("after destroy: %v", err)
	}
}

func TestAccProjectCertificates_otherProjectAndArchive(t *testing.T) {
	b := acctest.Start(t)
	dev, prod := b.Project(t, "dev"), b.Project(t, "prod")
	ids := uploadCertificates(t, b, 1)
	acctest.Test(t,
		resource.TestStep{Config: b.Config(projectCertificatesConfig(dev, ids)), Check: activeCertificates(t, b, dev, ids)},
		resource.TestStep{
			Config:           b.Config(projectCertificatesConfig(prod, ids)),
			ConfigPlanChecks: acctest.Action(projectCertificatesAddress, plancheck.ResourceActionReplace),
			Check:            resource.ComposeAggregateTestCheckFunc(activeCertificates(t, b, dev, nil), activeCertificates(t, b, prod, ids)),
		},
		resource.TestStep{
			PreConfig:          func() { b.Do(t, "POST", "/organization/projects/"+prod+"/archive", nil, nil) },
			Config:             b.Config(projectCertificatesConfig(prod, ids)),
			PlanOnly:           true,
			ExpectNonEmptyPlan: true,
		},
	)
}

func TestAccProjectCertificates_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no valid id":      {projectCertificatesConfig(project, []string{"a/b"}), "is no valid id"},
		"no valid project": {projectCertificatesConfig("a/b", nil), "project_id is no valid id"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(projectCertificatesConfig(project, []string{"cert_none"})), ExpectError: acctest.Message("No such certificate: cert_none")})
}

func TestAccCertificateDataSources(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	ids := uploadCertificates(t, b, 25)
	b.Do(t, "POST", "/organization/certificates/activate", map[string][]string{"certificate_ids": ids[:1]}, nil)
	b.Do(t, "POST", "/organization/projects/"+project+"/certificates/activate", map[string][]string{"certificate_ids": ids[1:2]}, nil)
	const one, all, own = "data.openai_certificate.test", "data.openai_certificates.test", "data.openai_project_certificates.test"
	read := func(id string) string {
		return fmt.Sprintf("data \"openai_certificate\" \"test\" {\n  certificate_id = %q\n}\n", id)
	}
	acctest.Test(t,
		resource.TestStep{
			Config: b.Config(read(ids[0]) + "data \"openai_certificates\" \"test\" {}\n" +
				fmt.Sprintf("data \"openai_project_certificates\" \"test\" {\n  project_id = %q\n}\n", project)),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(one, "name", "ca-00"),
				resource.TestCheckResourceAttr(one, "active", "true"),
				resource.TestCheckResourceAttrSet(one, "expires_at"),
				resource.TestCheckResourceAttr(all, "certificates.#", "25"),
				resource.TestCheckTypeSetElemNestedAttrs(all, "certificates.*", map[string]string{"id": ids[0], "active": "true"}),
				resource.TestCheckTypeSetElemNestedAttrs(all, "certificates.*", map[string]string{"id": ids[1], "active": "false"}),
				resource.TestCheckResourceAttr(own, "certificates.#", "25"),
				resource.TestCheckTypeSetElemNestedAttrs(own, "certificates.*", map[string]string{"id": ids[0], "active": "false"}),
				resource.TestCheckTypeSetElemNestedAttrs(own, "certificates.*", map[string]string{"id": ids[1], "active": "true"}),
			),
		},
		resource.TestStep{Config: b.Config(read("cert_none")), ExpectError: acctest.Message("No such certificate: cert_none")},
	)
}
