package provider_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	externalKeyAddress = "openai_external_key.test"
	externalKeysPath   = "/organization/external_keys"
	keyARN             = "kms_arn = \"arn:aws:kms:eu-central-1:123456789012:key/abc\"\n"
	roleARN            = "role_arn = \"arn:aws:iam::123456789012:role/openai\"\n"
)

func externalKeyConfig(name, body string) string {
	return fmt.Sprintf("resource \"openai_external_key\" \"test\" {\n  name = %q\n  %s\n}\n", name, body)
}

func awsExternalKey(project string) string {
	return keyARN + roleARN + fmt.Sprintf("external_id = %q\n", project)
}

func gcpExternalKey(project string) string {
	return fmt.Sprintf("audience = %q\nkms_project_id = \"acme\"\nkms_key_location = \"eu\"\nkms_key_ring_name = \"ring\"\nkms_key_name = \"org-emulator--key\"\n"+
		"workload_identity_pool_id = \"pool\"\nworkload_identity_project_number = \"123\"\nworkload_identity_provider_id = \"openai\"\n", project)
}

const ociExternalKey = "region = \"eu-frankfurt-1\"\nvault_ocid = \"ocid1.vault.oc1.eu-frankfurt-1.aaa.bbb\"\nkey_ocid = \"ocid1.key.oc1.eu-frankfurt-1.aaa.bbb\"\n"

const azureExternalKey = "tenant_id = \"t\"\nvault_uri = \"https://acme.vault.azure.net\"\nkey_name = \"org-emulator--key\"\n"

func TestAccExternalKey_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	var first, second string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    b.Config(externalKeyConfig("aws", awsExternalKey(project))),
			Check: resource.ComposeAggregateTestCheckFunc(
				func(s *terraform.State) error {
					first = acctest.Value(s, externalKeyAddress, "external_key_id")
					b.ExpectWrites(t, 2)
					b.Expect(t, 1, "POST", "/v1/organization/external_keys/{external_key_id}/validate")
					return nil
				},
				resource.TestCheckResourceAttr(externalKeyAddress, "type", "aws"),
				resource.TestCheckResourceAttr(externalKeyAddress, "purpose", "ekm"),
				resource.TestCheckResourceAttr(externalKeyAddress, "validation_status", "success"),
				resource.TestCheckResourceAttr(externalKeyAddress, "api_project_ids.#", "0"),
			),
		},
		acctest.Import(externalKeyAddress, []string{"external_key_id"}, "validation_status"),
		// That a project uses the key is no difference.
		resource.TestStep{
			PreConfig: func() {
				b.Do(t, "POST", "/organization/projects/"+project, map[string]string{"external_key_id": first}, nil)
			},
			Config:           b.Config(externalKeyConfig("aws", awsExternalKey(project))),
			ConfigPlanChecks: acctest.Action(externalKeyAddress, plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: b.Config(""), ExpectError: acctest.Message("is used by project " + project)},
		resource.TestStep{
			PreConfig: func() { b.Do(t, "POST", "/organization/projects/"+project+"/archive", nil, nil) },
			Config:    b.Config(externalKeyConfig("gcp", gcpExternalKey(project))), ConfigPlanChecks: acctest.Action(externalKeyAddress, plancheck.ResourceActionReplace),
			Check: func(s *terraform.State) error {
				second = acctest.Value(s, externalKeyAddress, "external_key_id")
				if status, _ := b.Try(t, "GET", externalKeysPath+"/"+first, nil); status != 404 {
					return fmt.Errorf("the first key answers %d", status)
				}
				return resource.TestCheckResourceAttr(externalKeyAddress, "type", "gcp")(s)
			},
		},
		resource.TestStep{
			PreConfig:        func() { b.Do(t, "DELETE", externalKeysPath+"/"+second, nil, nil) },
			Config:           b.Config(externalKeyConfig("azure", azureExternalKey+"purpose = \"psp_decryption\"\nkey_version = \"1\"")),
			ConfigPlanChecks: acctest.Action(externalKeyAddress, plancheck.ResourceActionCreate),
			Check:            resource.TestCheckResourceAttr(externalKeyAddress, "type", "azure"),
		},
		acctest.Import(externalKeyAddress, []string{"external_key_id"}, "validation_status"),
		resource.TestStep{
			Config: b.Config(externalKeyConfig("oci", ociExternalKey+"purpose = \"psp_decryption\"\nkey_version_ocid = \"ocid1.keyversion.oc1.eu-frankfurt-1.aaa.bbb\"")),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(externalKeyAddress, "type", "oci"),
				resource.TestCheckResourceAttr(externalKeyAddress, "region", "eu-frankfurt-1"),
				resource.TestCheckNoResourceAttr(externalKeyAddress, "key_name"),
			),
		},
		acctest.Import(externalKeyAddress, []string{"external_key_id"}, "validation_status"),
		resource.TestStep{
			Config: b.Config(externalKeyConfig("oci", ociExternalKey)), ConfigPlanChecks: acctest.Action(externalKeyAddress, plancheck.ResourceActionReplace),
			Check: resource.TestCheckNoResourceAttr(externalKeyAddress, "key_version_ocid"),
		},
	)
}

func TestAccExternalKey_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no cloud":           {externalKeyConfig("k", ""), "Configure the key of exactly one cloud"},
		"two clouds":         {externalKeyConfig("k", awsExternalKey(project)+azureExternalKey), "Configure the key of exactly one cloud"},
		"half a cloud":       {externalKeyConfig("k", keyARN+roleARN), "external_id is required for a key in aws"},
		"no ARN":             {externalKeyConfig("k", keyARN+"role_arn = \"openai\"\nexternal_id = \"org-1\""), "must be the ARN of an IAM role"},
		"no number":          {externalKeyConfig("k", "workload_identity_project_number = \"acme\""), "must be a project number"},
		"no HTTPS":           {externalKeyConfig("k", "vault_uri = \"http://acme.vault.azure.net\""), "vault_uri must be an HTTPS URL"},
		"a version too many": {externalKeyConfig("k", azureExternalKey+"key_version = \"1\""), "key_version is only accepted when the purpose is psp_decryption"},
		"a version too few":  {externalKeyConfig("k", gcpExternalKey(project)+"purpose = \"psp_decryption\""), "kms_key_version is required when the purpose is psp_decryption"},
		"two of four":        {externalKeyConfig("k", ociExternalKey+azureExternalKey), "Configure the key of exactly one cloud"},
		"half of Oracle":     {externalKeyConfig("k", "region = \"eu-frankfurt-1\""), "vault_ocid is required for a key in oci"},
		"no OCID":            {externalKeyConfig("k", "key_ocid = \"ocid1.vault.oc1.eu.a\""), "must be an OCID such as ocid1.key."},
		"no OCI version":     {externalKeyConfig("k", ociExternalKey+"purpose = \"psp_decryption\""), "key_version_ocid is required when the purpose is psp_decryption"},
		"a name of nothing":  {externalKeyConfig("", awsExternalKey(project)), "name must not be empty"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(externalKeyConfig("k", awsExternalKey("org-of-another-customer"))), ExpectError: acctest.Message("'external_id' must be the id of the organization or of one of its projects")})
}
