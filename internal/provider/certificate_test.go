package provider_test

import (
	"encoding/pem"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	certificateAddress = "openai_certificate.test"
	certificatesRoute  = "/v1/organization/certificates"
)

func certificateConfig(pem, body string) string {
	return fmt.Sprintf("resource \"openai_certificate\" \"test\" {\n  certificate = <<-EOT\n%s\n  EOT\n  %s\n}\n", pem, body)
}

// listedCertificate is a certificate as a list returns it.
type listedCertificate struct {
	ID     string
	Name   string
	Active bool
}

// listCertificates lists them as another client would.
func listCertificates(t *testing.T, b *acctest.Backend, scope string) []listedCertificate {
	t.Helper()
	var list struct{ Data []listedCertificate }
	b.Do(t, "GET", scope+"/certificates?limit=100&order=asc", nil, &list)
	return list.Data
}

// onlyCertificate asserts the one certificate of the organization.
func onlyCertificate(t *testing.T, b *acctest.Backend, name string, active bool) resource.TestCheckFunc {
	return func(*terraform.State) error {
		list := listCertificates(t, b, "/organization")
		if len(list) != 1 || list[0].Name != name || list[0].Active != active {
			return fmt.Errorf("the certificates are %+v", list)
		}
		return nil
	}
}

func TestAccCertificate_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	expires := acctest.NextYear()
	first, second := acctest.Certificate(t, "first", expires), acctest.Certificate(t, "second", expires)
	spread := "  # the same\n" + strings.ReplaceAll(first, "\n", "\r\n") + "\n\n"
	var id string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(certificateConfig(first, "")),
			Check: resource.ComposeAggregateTestCheckFunc(
				acctest.TakeID(certificateAddress, &id),
				func(*terraform.State) error { b.ExpectWrites(t, 1); return nil },
				onlyCertificate(t, b, "", false),
				resource.TestCheckResourceAttr(certificateAddress, "active", "false"),
				resource.TestCheckResourceAttr(certificateAddress, "expires_at", fmt.Sprint(expires.Unix())),
				resource.TestCheckResourceAttrSet(certificateAddress, "valid_at"),
				resource.TestCheckResourceAttrSet(certificateAddress, "created_at"),
			),
		},
		resource.TestStep{
			Config:           b.Config(certificateConfig(spread, "")),
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			Config:           b.Config(certificateConfig(first, "name = \"ca\"\n  active = true")),
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttrPtr(certificateAddress, "certificate_id", &id),
				onlyCertificate(t, b, "ca", true),
			),
		},
		acctest.Import(certificateAddress, []string{"certificate_id"}),
		// An argument that is no longer configured keeps its value.
		resource.TestStep{
			Config:           b.Config(certificateConfig(first, "")),
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{
			Config:           b.Config(certificateConfig(first, "active = false")),
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionUpdate),
			Check:            onlyCertificate(t, b, "ca", false),
		},
		resource.TestStep{
			PreConfig:        func() { b.Mark(t) },
			Config:           b.Config(certificateConfig(second, "name = \"ca2\"\n  active = true")),
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(
				onlyCertificate(t, b, "ca2", true),
				func(*terraform.State) error {
					b.Expect(t, 1, "POST", certificatesRoute)
					b.Expect(t, 1, "POST", certificatesRoute+"/activate")
					b.Expect(t, 0, "POST", certificatesRoute+"/deactivate")
					return nil
				},
			),
		},
	)
	// It was active when it was destroyed.
	if left := listCertificates(t, b, "/organization"); len(left) != 0 {
		t.Errorf("after destroy there are %+v", left)
	}
}

func TestAccCertificate_disappearsAndDrifts(t *testing.T) {
	b := acctest.Start(t)
	config := b.Config(certificateConfig(acctest.Certificate(t, "ca", acctest.NextYear()), "name = \"ca\"\n  active = true"))
	var id string
	act := func(action string) {
		b.Do(t, "POST", "/organization/certificates/"+action, map[string][]string{"certificate_ids": {id}}, nil)
	}
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(certificateAddress, &id)},
		resource.TestStep{
			PreConfig: func() {
				act("deactivate")
				b.Do(t, "POST", "/organization/certificates/"+id, map[string]string{"name": "by hand"}, nil)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionUpdate),
			Check:            onlyCertificate(t, b, "ca", true),
		},
		resource.TestStep{
			PreConfig: func() {
				act("deactivate")
				b.Do(t, "DELETE", "/organization/certificates/"+id, nil, nil)
			},
			Config:           config,
			ConfigPlanChecks: acctest.Action(certificateAddress, plancheck.ResourceActionCreate),
			Check:            onlyCertificate(t, b, "ca", true),
		},
	)
}

// The API keeps a certificate that a project still needs, and says so.
func TestAccCertificate_inUse(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	config := b.Config(certificateConfig(acctest.Certificate(t, "ca", acctest.NextYear()), ""))
	var id string
	act := func(action string) {
		b.Do(t, "POST", "/organization/projects/"+project+"/certificates/"+action, map[string][]string{"certificate_ids": {id}}, nil)
	}
	acctest.Test(t,
		resource.TestStep{Config: config, Check: acctest.TakeID(certificateAddress, &id)},
		resource.TestStep{PreConfig: func() { act("activate") }, Config: b.Config(""), ExpectError: acctest.Message("is active for " + project + " and cannot be deleted")},
		resource.TestStep{PreConfig: func() { act("deactivate") }, Config: b.Config("")},
	)
}

func TestAccCertificate_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	good := acctest.Certificate(t, "ca", acctest.NextYear())
	block := func(kind, content string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: []byte(content)}))
	}
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no PEM":            {certificateConfig("secret", ""), "certificate must be a certificate in PEM"},
		"a private key":     {certificateConfig(block("PRIVATE KEY", "x"), ""), "got a PRIVATE KEY. Do not configure private keys here"},
		"a key behind it":   {certificateConfig(good+block("PRIVATE KEY", "x"), ""), "must contain exactly one certificate"},
		"two certificates":  {certificateConfig(good+good, ""), "must contain exactly one certificate"},
		"nonsense":          {certificateConfig(block("CERTIFICATE", "nonsense"), ""), "is not a valid X.509 certificate"},
		"a name of nothing": {certificateConfig(good, `name = ""`), "name must not be empty"},
	})
}

// A plan shortly before the expiry of a certificate warns.
func TestCertificateExpiryWarns(t *testing.T) {
	clock := acctest.NewClock()
	b := acctest.StartAt(t, clock)
	d := acctest.NewDriver(t, b.URL, b.AdminKey, clock)
	object, diags := d.Apply(t, "openai_certificate", nil, map[string]any{"name": "ca", "certificate": acctest.Certificate(t, "ca", clock.Now().AddDate(0, 0, 60))})
	if len(diags) != 0 {
		t.Fatal(diags)
	}
	for _, test := range []struct {
		days int
		want string
	}{{29, ""}, {2, "Certificate expires soon"}, {30, "Certificate has expired"}} {
		if err := clock.Sleep(t.Context(), time.Duration(test.days)*24*time.Hour); err != nil {
			t.Fatal(err)
		}
		_, diags := d.Refresh(t, object)
		if got := len(diags); test.want == "" && got != 0 || test.want != "" && (got != 1 || diags[0].Summary != test.want || !strings.Contains(diags[0].Detail, `certificate "ca"`)) {
			t.Errorf("after %d more days the plan says %+v", test.days, diags)
		}
	}
}
