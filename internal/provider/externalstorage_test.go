package provider_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

const (
	storageAddress          = "openai_external_storage.test"
	storagePath             = "/organization/external_storage"
	storageValidationsRoute = "/v1/organization/external_storage/{external_storage_id}/validate"

	awsStorage   = "aws = {\n bucket = \"acme-openai\"\n role_arn = \"arn:aws:iam::123456789012:role/openai\"\n}\n"
	azureStorage = "azure = {\n account_name = \"acme\"\n container = \"openai-data\"\n resource_group = \"openai\"\n subscription_id = \"s\"\n tenant_id = \"t\"\n}\n"
	gcpStorage   = "gcp = {\n bucket = \"acme_openai\"\n workload_identity_pool_id = \"pool\"\n workload_identity_project_number = \"123\"\n workload_identity_provider_id = \"openai\"\n}\n"
	ociStorage   = "oci = {\n bucket = \"acme\"\n region = \"eu-frankfurt-1\"\n tenancy_ocid = \"ocid1.tenancy.oc1..aaa\"\n}\n"
)

func storageConfig(project, body string) string {
	return fmt.Sprintf("resource \"openai_external_storage\" \"test\" {\n  project_id = %q\n  %s\n}\n", project, body)
}

// setStorageTrouble puts a bucket out of order, or in order again.
func setStorageTrouble(t *testing.T, b *acctest.Backend, trouble map[string]string) {
	t.Helper()
	b.Do(t, "POST", "/_emulator/external_storage", trouble, nil)
}

func TestAccExternalStorage_lifecycle(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	var id, first string
	record := func(s *terraform.State) error {
		first, id = id, acctest.Value(s, storageAddress, "external_storage_id")
		return nil
	}
	text := func(attribute, value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(storageAddress, attribute, value)
	}
	config := func(body string) string { return b.Config(storageConfig(project, body)) }
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config(awsStorage),
			Check: resource.ComposeAggregateTestCheckFunc(
				record,
				func(*terraform.State) error {
					b.ExpectWrites(t, 2)
					b.Expect(t, 1, "POST", storageValidationsRoute)
					return nil
				},
				text("type", "aws"), text("status", "validated"), text("validate", "true"), text("account_id", "123456789012"),
				text("external_id", project), text("region", "us-east-1"), text("geography", "US"), text("aws.bucket", "acme-openai"),
				resource.TestCheckNoResourceAttr(storageAddress, "audience"),
			),
		},
		acctest.Import(storageAddress, []string{"external_storage_id"}),
		// Storage that falls ill later is no difference, and is seen.
		resource.TestStep{
			PreConfig:        func() { setStorageTrouble(t, b, map[string]string{"name": "acme-openai", "status": "unhealthy"}) },
			Config:           config(awsStorage) + "output \"status\" {\n  value = openai_external_storage.test.status\n}\n",
			ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionNoop),
			Check:            resource.ComposeAggregateTestCheckFunc(text("status", "unhealthy"), resource.TestCheckOutput("status", "unhealthy")),
		},
		resource.TestStep{
			Config: config(gcpStorage), ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(record, text("type", "gcp"), text("audience", project), text("status", "validated"),
				resource.TestCheckNoResourceAttr(storageAddress, "external_id"),
				func(*terraform.State) error {
					if status, _ := b.Try(t, "GET", storagePath+"/"+first, nil); status != 404 {
						return fmt.Errorf("the first registration answers %d", status)
					}
					return nil
				}),
		},
		acctest.Import(storageAddress, []string{"external_storage_id"}),
		resource.TestStep{
			PreConfig: func() { b.Do(t, "DELETE", storagePath+"/"+id, nil, nil) },
			Config:    config(azureStorage), ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionCreate),
			Check: resource.ComposeAggregateTestCheckFunc(text("type", "azure"), text("region", "eastus"), text("azure.container", "openai-data")),
		},
		acctest.Import(storageAddress, []string{"external_storage_id"}),
		resource.TestStep{
			Config: config(ociStorage), ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(record, text("type", "oci"), text("geography", "EU"), text("oci.region", "eu-frankfurt-1")),
		},
		acctest.Import(storageAddress, []string{"external_storage_id"}),
		resource.TestStep{
			Config: config(ociStorage), Destroy: true,
			Check: func(*terraform.State) error {
				if status, _ := b.Try(t, "GET", storagePath+"/"+id, nil); status != 404 {
					return fmt.Errorf("the last registration answers %d", status)
				}
				return nil
			},
		},
	)
}

// A validation that fails keeps the registration.
func TestAccExternalStorage_failingValidation(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	config := func(more string) string { return b.Config(storageConfig(project, awsStorage+more)) }
	registered := func() (ids []string) {
		var list struct{ Data []struct{ ID string } }
		b.Do(t, "GET", storagePath, nil, &list)
		for _, storage := range list.Data {
			ids = append(ids, storage.ID)
		}
		return ids
	}
	var before string
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() {
				setStorageTrouble(t, b, map[string]string{"name": "acme-openai", "code": "access_denied", "message": "AssumeRole was refused."})
			},
			Config:      config(""),
			ExpectError: acctest.Message("Message: AssumeRole was refused. Code: access_denied"),
		},
		// It is there once, in state, and tainted.
		resource.TestStep{
			PreConfig: func() {
				ids := registered()
				if len(ids) != 1 {
					t.Fatalf("%v are registered after a failed validation", ids)
				}
				before = ids[0]
				setStorageTrouble(t, b, map[string]string{"name": "acme-openai", "status": "degraded"})
			},
			Config:           config(""),
			ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionReplace),
			Check: resource.ComposeAggregateTestCheckFunc(
				resource.TestCheckResourceAttr(storageAddress, "status", "degraded"),
				resource.TestCheckResourceAttr(storageAddress, "validate", "true"),
				func(s *terraform.State) error {
					ids := registered()
					if len(ids) != 1 || ids[0] == before || ids[0] != acctest.Value(s, storageAddress, "external_storage_id") {
						return fmt.Errorf("%v are registered, first %s", ids, before)
					}
					return nil
				}),
		},
	)
}

// The cloud that has to know the external id first, in two steps: registered,
// then validated in place as often as it takes.
func TestAccExternalStorage_validatedLater(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	config := func(more string) string { return b.Config(storageConfig(project, awsStorage+more)) }
	var id string
	same := func(s *terraform.State) error {
		if now := acctest.Value(s, storageAddress, "external_storage_id"); id != "" && now != id {
			return errors.New("another registration took its place")
		}
		id = acctest.Value(s, storageAddress, "external_storage_id")
		return nil
	}
	status := func(value string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttr(storageAddress, "status", value)
	}
	acctest.Test(t,
		resource.TestStep{
			PreConfig: func() {
				setStorageTrouble(t, b, map[string]string{"name": "acme-openai", "status": "unhealthy"})
				b.Mark(t)
			},
			Config: config("validate = false"),
			Check: resource.ComposeAggregateTestCheckFunc(same, status("pending"), func(*terraform.State) error {
				b.ExpectWrites(t, 1)
				return nil
			}),
		},
		resource.TestStep{
			Config: config(""),
			ExpectError: acctest.Message("may read and write it, and that the role's trust policy lets OpenAI assume it with the external id \"" + project + "\". " +
				"Correct that, then apply again: the storage is validated again, in place."),
		},
		resource.TestStep{
			PreConfig: func() {
				setStorageTrouble(t, b, map[string]string{"name": "acme-openai", "status": "validated"})
				b.Mark(t)
			},
			Config:           config(""),
			ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(same, status("validated"), func(*terraform.State) error {
				b.ExpectWrites(t, 1)
				return nil
			}),
		},
		resource.TestStep{
			PreConfig: func() { b.Mark(t) },
			Config:    config("validate = false"), ConfigPlanChecks: acctest.Action(storageAddress, plancheck.ResourceActionUpdate),
			Check: resource.ComposeAggregateTestCheckFunc(same, status("validated"), func(*terraform.State) error {
				b.ExpectWrites(t, 0)
				return nil
			}),
		},
	)
}

// An object that another resource yields is not known in the first plan.
func TestAccExternalStorage_unknownPlace(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	location := "resource \"terraform_data\" \"place\" {\n input = {\n bucket = \"acme-openai\"\n role_arn = \"arn:aws:iam::123456789012:role/openai\"\n }\n}\n"
	acctest.Test(t, resource.TestStep{
		Config: b.Config(location + storageConfig(project, "aws = terraform_data.place.output")),
		Check:  resource.TestCheckResourceAttr(storageAddress, "aws.bucket", "acme-openai"),
	})
}

func TestAccExternalStorage_invalidConfiguration(t *testing.T) {
	b := acctest.Start(t)
	bucket := func(cloud, name, rest string) string {
		return storageConfig("proj_1", fmt.Sprintf("%s = {\n bucket = %q\n %s\n}\n", cloud, name, rest))
	}
	const role = "role_arn = \"arn:aws:iam::123456789012:role/openai\""
	acctest.Refused(t, b, map[string]struct{ HCL, Message string }{
		"no cloud":       {storageConfig("proj_1", ""), "Exactly one of these attributes must be configured: [aws,azure,gcp,oci]"},
		"two clouds":     {storageConfig("proj_1", awsStorage+gcpStorage), "Exactly one of these attributes must be configured: [aws,azure,gcp,oci]"},
		"half a cloud":   {storageConfig("proj_1", "aws = {\n bucket = \"acme\"\n}\n"), "attribute \"role_arn\" is required"},
		"no project id":  {storageConfig("a/b", awsStorage), "is no valid id"},
		"an ARN":         {bucket("aws", "arn:aws:s3:::acme", role), "must be the name of an S3 bucket, not its ARN or URL"},
		"a URL":          {bucket("gcp", "gs://acme", "workload_identity_pool_id = \"p\"\nworkload_identity_project_number = \"1\"\nworkload_identity_provider_id = \"o\""), "without gs://"},
		"no role":        {bucket("aws", "acme", "role_arn = \"openai\""), "must be the ARN of an IAM role"},
		"a long name":    {bucket("oci", strings.Repeat("a", 257), "region = \"eu-frankfurt-1\"\ntenancy_ocid = \"ocid1.tenancy.oc1..a\""), "string length must be between 1 and 256"},
		"no tenancy":     {bucket("oci", "acme", "region = \"eu-frankfurt-1\"\ntenancy_ocid = \"acme\""), "must be an OCID such as ocid1.tenancy"},
		"no number":      {bucket("gcp", "acme", "workload_identity_pool_id = \"p\"\nworkload_identity_project_number = \"acme\"\nworkload_identity_provider_id = \"o\""), "must be a project number"},
		"a bad account":  {storageConfig("proj_1", "azure = {\n account_name = \"Acme-1\"\n container = \"c-1\"\n resource_group = \"g\"\n subscription_id = \"s\"\n tenant_id = \"t\"\n}\n"), "must be the name of a storage account"},
		"a bad position": {storageConfig("proj_1", "azure = {\n account_name = \"acme\"\n container = \"https://acme\"\n resource_group = \"g\"\n subscription_id = \"s\"\n tenant_id = \"t\"\n}\n"), "must be the name of a blob container"},
	})
	acctest.Test(t, resource.TestStep{Config: b.Config(storageConfig("proj_none", awsStorage)), ExpectError: acctest.Message("No such project: proj_none")})
}

func TestExternalStorageIsListedByProject(t *testing.T) {
	b := acctest.Start(t)
	ids := acctest.Populate(t, b, "one", "two")
	driver := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	b.Mark(t)
	for filter, count := range map[string]int{"": 2, ids[0]: 1, ids[1]: 1, "proj_none": 0} {
		filters := map[string]any{}
		if filter != "" {
			filters["project_id"] = filter
		}
		found, diags := driver.List(t, "openai_external_storage", filters, true, 0)
		if len(diags) > 0 || len(found) != count {
			t.Errorf("%d of project %q are listed, %v", len(found), filter, diags)
		}
		for _, storage := range found {
			if filter != "" && storage.Object.Attribute("project_id") != filter {
				t.Errorf("%s of %s is listed for %s", storage.Name, storage.Object.Attribute("project_id"), filter)
			}
		}
	}
	b.Expect(t, 1, "GET", "/v1/organization/external_storage")
}

// The diagnostic of a validation contains what was tried, what to check, and
// what to do next. The registration is in state for any result.
func TestExternalStorageReportsValidation(t *testing.T) {
	b := acctest.Start(t)
	project := b.Project(t, "dev")
	driver := acctest.NewDriver(t, b.URL, b.AdminKey, acctest.NewClock())
	refused := map[string]string{"code": "access_denied", "message": "Access was refused."}
	const (
		failure = tfprotov6.DiagnosticSeverityError
		warning = tfprotov6.DiagnosticSeverityWarning
	)
	for name, test := range map[string]struct {
		cloud     string
		location  map[string]string
		trouble   map[string]string
		severity  tfprotov6.DiagnosticSeverity
		summary   string
		detail    []string
		validated string
	}{
		"an unhealthy bucket in AWS": {
			"aws", map[string]string{"bucket": "one", "role_arn": "arn:aws:iam::123456789012:role/openai"}, map[string]string{"name": "one", "status": "unhealthy"},
			failure, "External storage failed its validation",
			[]string{`bucket "one" in AWS, through the role arn:aws:iam::123456789012:role/openai`, "Status: unhealthy", fmt.Sprintf("with the external id %q", project), "terraform untaint"}, "false",
		},
		"a container in Azure that is refused": {
			"azure", map[string]string{"container": "two-1", "account_name": "acme", "resource_group": "data", "subscription_id": "s-1", "tenant_id": "t-1"}, refused,
			failure, "Could not validate external storage",
			[]string{`container "two-1" of the storage account "acme"`, "Response: 400", "Message: Access was refused.", "Code: access_denied", `resource group "data" of subscription s-1`, "tenant t-1", "terraform untaint"}, "false",
		},
		"a degraded bucket in Google Cloud": {
			"gcp", map[string]string{"bucket": "three", "workload_identity_pool_id": "pool", "workload_identity_project_number": "1", "workload_identity_provider_id": "openai"}, map[string]string{"status": "degraded"},
			warning, "External storage is degraded",
			[]string{`bucket "three" in Google Cloud`, "pool/openai of project 1", fmt.Sprintf("the audience %q", project)}, "true",
		},
		"a bucket in Oracle Cloud that is refused": {
			"oci", map[string]string{"bucket": "four", "region": "eu-frankfurt-1", "tenancy_ocid": "ocid1.tenancy.oc1..a"}, refused,
			failure, "Could not validate external storage",
			[]string{`bucket "four" in region eu-frankfurt-1`, "policy of tenancy ocid1.tenancy.oc1..a"}, "false",
		},
	} {
		t.Run(name, func(t *testing.T) {
			trouble := maps.Clone(test.trouble)
			trouble["name"] = cmp.Or(test.location["bucket"], test.location["container"])
			setStorageTrouble(t, b, trouble)
			made, diags := driver.Apply(t, "openai_external_storage", nil, map[string]any{"project_id": project, "validate": true, test.cloud: test.location})
			if len(diags) != 1 || diags[0].Severity != test.severity || diags[0].Summary != test.summary {
				t.Fatalf("unexpected diagnostics %v", diags)
			}
			id := made.Attribute("external_storage_id")
			if id == "" {
				t.Fatal("the registration is not in state")
			}
			for _, want := range append(test.detail, id, "project "+project, "registered and kept in state") {
				if !strings.Contains(diags[0].Detail, want) {
					t.Errorf("%s is missing in:\n%s", want, diags[0].Detail)
				}
			}
			if !strings.Contains(made.String(), fmt.Sprintf(`"validate":tftypes.Bool<"%s">`, test.validated)) || made.Tainted != (test.severity == failure) {
				t.Errorf("tainted: %v, %s", made.Tainted, made)
			}
		})
	}
}
