package contract_test

import (
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/allthingsai/terraform-provider-openai/internal/acctest"
)

func (b *backend) trust(t *testing.T, project string) {
	b.certificates(t, project)
	b.workloadIdentity(t, project)
	b.externalKeys(t, project)
	b.externalStorage(t, project)
	b.checkpoints(t, project)
}

func (b *backend) checkpoints(t *testing.T, project string) {
	ctx := t.Context()
	const name = "ft:gpt-4o:acme::abc:ckpt-step-88"
	created := must[pagination.Page[openai.FineTuningCheckpointPermissionNewResponse]](t)(b.permissions.New(ctx, name, openai.FineTuningCheckpointPermissionNewParams{ProjectIDs: []string{project}}))
	listed := must[pagination.ConversationCursorPage[openai.FineTuningCheckpointPermissionListResponse]](t)(b.permissions.List(ctx, name, openai.FineTuningCheckpointPermissionListParams{
		ProjectID: openai.String(project), Order: openai.FineTuningCheckpointPermissionListParamsOrderAscending}))
	if len(listed.Data) != 1 || listed.Data[0].ID != created.Data[0].ID || listed.Data[0].ProjectID != project {
		t.Errorf("listed are %+v", listed.Data)
	}
	if deleted := must[openai.FineTuningCheckpointPermissionDeleteResponse](t)(b.permissions.Delete(ctx, name, created.Data[0].ID)); !deleted.Deleted {
		t.Error("the permission is not deleted")
	}
}

func (b *backend) externalStorage(t *testing.T, project string) {
	ctx := t.Context()
	storage := b.sdk.ExternalStorage
	register := func(provider openai.AdminOrganizationExternalStorageNewParamsProviderUnion) *openai.ExternalStorageConfiguration {
		return must[openai.ExternalStorageConfiguration](t)(storage.New(ctx, openai.AdminOrganizationExternalStorageNewParams{ProjectID: project, Provider: provider}))
	}
	aws := register(openai.AdminOrganizationExternalStorageNewParamsProviderUnion{OfAws: &openai.AdminOrganizationExternalStorageNewParamsProviderAws{
		Bucket: "acme", RoleArn: "arn:aws:iam::123456789012:role/openai"}})
	register(openai.AdminOrganizationExternalStorageNewParamsProviderUnion{OfAzure: &openai.AdminOrganizationExternalStorageNewParamsProviderAzure{
		AccountName: "acme", Container: "acme", ResourceGroup: "openai", SubscriptionID: "s", TenantID: "t"}})
	register(openai.AdminOrganizationExternalStorageNewParamsProviderUnion{OfGcp: &openai.AdminOrganizationExternalStorageNewParamsProviderGcp{
		Bucket: "acme", WorkloadIdentityPoolID: "pool", WorkloadIdentityProjectNumber: "123456789012", WorkloadIdentityProviderID: "openai"}})
	register(openai.AdminOrganizationExternalStorageNewParamsProviderUnion{OfOci: &openai.AdminOrganizationExternalStorageNewParamsProviderOci{
		Bucket: "acme", Region: "eu-frankfurt-1", TenancyOcid: "ocid1.tenancy.oc1..a"}})
	read := must[openai.ExternalStorageConfiguration](t)(storage.Get(ctx, aws.ID))
	if provider := read.Provider.AsAws(); provider.AccountID != "123456789012" || provider.ExternalID != project || read.Status != openai.ExternalStorageConfigurationStatusPending {
		t.Errorf("the storage is %+v, %s", provider, read.Status)
	}
	list := must[pagination.CursorPage[openai.ExternalStorageConfiguration]](t)(storage.List(ctx, openai.AdminOrganizationExternalStorageListParams{ProjectID: openai.String(project)}))
	var types []string
	for _, s := range list.Data {
		types = append(types, s.Provider.Type)
	}
	if got := strings.Join(types, " "); got != "aws azure gcp oci" {
		t.Errorf("the project has %s", got)
	}
	if validated := must[openai.ExternalStorageConfiguration](t)(storage.Validate(ctx, aws.ID)); validated.Status != openai.ExternalStorageConfigurationStatusValidated {
		t.Errorf("the storage is %s once validated", validated.Status)
	}
	must[openai.ExternalStorageDeleted](t)(storage.Delete(ctx, aws.ID))
}

func (b *backend) externalKeys(t *testing.T, project string) {
	ctx := t.Context()
	keys := b.sdk.ExternalKeys
	key := must[openai.ExternalKey](t)(keys.New(ctx, openai.AdminOrganizationExternalKeyNewParams{OfAws: &openai.AdminOrganizationExternalKeyNewParamsBodyAws{
		Name: "k", ExternalID: project, KmsArn: "arn:aws:kms:eu-central-1:123456789012:key/abc", RoleArn: "arn:aws:iam::123456789012:role/openai"}}))
	if read := must[openai.ExternalKey](t)(keys.Get(ctx, key.ID)); read.RoleArn != "arn:aws:iam::123456789012:role/openai" || read.Purpose != "ekm" {
		t.Errorf("the key is %s for %s", read.RoleArn, read.Purpose)
	}
	must[openai.ExternalKey](t)(keys.New(ctx, openai.AdminOrganizationExternalKeyNewParams{OfGcp: &openai.AdminOrganizationExternalKeyNewParamsBodyGcp{
		Name: "g", Purpose: openai.String("psp_decryption"), Audience: project, KmsKeyLocation: "europe", KmsKeyName: "key", KmsKeyRingName: "ring", KmsProjectID: "acme", KmsKeyVersion: openai.String("1"),
		WorkloadIdentityPoolID: "pool", WorkloadIdentityProjectNumber: "123456789012", WorkloadIdentityProviderID: "openai"}}))
	must[openai.ExternalKey](t)(keys.New(ctx, openai.AdminOrganizationExternalKeyNewParams{OfAzure: &openai.AdminOrganizationExternalKeyNewParamsBodyAzure{
		Name: "a", Purpose: openai.String("psp_decryption"), KeyName: "org-emulator--key", KeyVersion: openai.String("1"), TenantID: "0aaaaaaa-0000-0000-0000-000000000000", VaultURI: "https://acme.vault.azure.net"}}))
	must[openai.ExternalKey](t)(keys.New(ctx, openai.AdminOrganizationExternalKeyNewParams{OfOci: &openai.AdminOrganizationExternalKeyNewParamsBodyOci{
		Name: "o", Purpose: openai.String("psp_decryption"), Region: "eu-frankfurt-1", VaultOcid: "ocid1.vault.oc1.eu.a", KeyOcid: "ocid1.key.oc1.eu.a", KeyVersionOcid: openai.String("ocid1.keyversion.oc1.eu.a")}}))
	must[pagination.CursorPage[openai.ExternalKey]](t)(keys.List(ctx, openai.AdminOrganizationExternalKeyListParams{Purpose: "ekm"}))
	must[openai.AdminOrganizationExternalKeyValidateResponse](t)(keys.Validate(ctx, key.ID))
	must[openai.ExternalKey](t)(keys.Delete(ctx, key.ID))
}

func (b *backend) certificates(t *testing.T, project string) {
	ctx := t.Context()
	all, own := b.sdk.Certificates, b.sdk.Projects.Certificates
	made := must[openai.Certificate](t)(all.New(ctx, openai.AdminOrganizationCertificateNewParams{
		Certificate: acctest.Certificate(t, "ca", acctest.NextYear()), Name: openai.String("ca")}))
	read := must[openai.Certificate](t)(all.Get(ctx, made.ID, openai.AdminOrganizationCertificateGetParams{Include: []string{"content"}}))
	if read.CertificateDetails.Content == "" || read.CertificateDetails.ExpiresAt == 0 {
		t.Error("the certificate comes without its content or its expiry")
	}
	must[openai.Certificate](t)(all.Update(ctx, made.ID, openai.AdminOrganizationCertificateUpdateParams{Name: openai.String("ca2")}))
	ids := []string{made.ID}
	must[pagination.Page[openai.AdminOrganizationCertificateActivateResponse]](t)(all.Activate(ctx, openai.AdminOrganizationCertificateActivateParams{CertificateIDs: ids}))
	must[pagination.Page[openai.AdminOrganizationProjectCertificateActivateResponse]](t)(own.Activate(ctx, project, openai.AdminOrganizationProjectCertificateActivateParams{CertificateIDs: ids}))
	list := must[pagination.ConversationCursorPage[openai.AdminOrganizationCertificateListResponse]](t)(all.List(ctx, openai.AdminOrganizationCertificateListParams{}))
	owned := must[pagination.ConversationCursorPage[openai.AdminOrganizationProjectCertificateListResponse]](t)(own.List(ctx, project, openai.AdminOrganizationProjectCertificateListParams{}))
	if !list.Data[0].Active || !owned.Data[0].Active {
		t.Error("the certificate is not active")
	}
	must[pagination.Page[openai.AdminOrganizationCertificateDeactivateResponse]](t)(all.Deactivate(ctx, openai.AdminOrganizationCertificateDeactivateParams{CertificateIDs: ids}))
	must[pagination.Page[openai.AdminOrganizationProjectCertificateDeactivateResponse]](t)(own.Deactivate(ctx, project, openai.AdminOrganizationProjectCertificateDeactivateParams{CertificateIDs: ids}))
	must[openai.AdminOrganizationCertificateDeleteResponse](t)(all.Delete(ctx, made.ID))
}

func (b *backend) workloadIdentity(t *testing.T, project string) {
	ctx := t.Context()
	providers, rules := b.sdk.WorkloadIdentityProviders, b.sdk.WorkloadIdentityProviders.FederationRules
	provider := must[openai.WorkloadIdentityProvider](t)(providers.New(ctx, openai.AdminOrganizationWorkloadIdentityProviderNewParams{
		Name: "ci", Issuer: "https://token.actions.githubusercontent.com", Audience: "x",
		Verification: openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationUnion{
			// A zero value would leave out the field, which the API requires.
			OfDiscovery: &openai.AdminOrganizationWorkloadIdentityProviderNewParamsVerificationDiscovery{DiscoveryURL: param.Null[string]()}}}))
	must[openai.WorkloadIdentityProvider](t)(providers.Get(ctx, provider.ID))
	must[openai.WorkloadIdentityProvider](t)(providers.Update(ctx, provider.ID, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{Description: openai.String("d")}))
	must[pagination.CursorPage[openai.WorkloadIdentityProvider]](t)(providers.List(ctx, openai.AdminOrganizationWorkloadIdentityProviderListParams{}))

	account := must[openai.AdminOrganizationProjectServiceAccountNewResponse](t)(b.sdk.Projects.ServiceAccounts.New(ctx, project, openai.AdminOrganizationProjectServiceAccountNewParams{Name: "ci"}))
	type matcher = openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion
	rule := must[openai.FederationRule](t)(rules.New(ctx, provider.ID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
		ProjectID: project, ServiceAccountID: account.ID,
		AttributeMatchers: map[string]matcher{"repository": {OfString: openai.String("acme/shop")}, "runs": {OfInt: openai.Int(7)}, "fork": {OfBool: openai.Bool(false)}}}))
	if got := rule.AttributeMatchers["runs"].AsUnionMember2(); got.OfInt != 7 {
		t.Errorf("the number is %+v", got)
	}
	must[openai.FederationRule](t)(rules.Get(ctx, provider.ID, rule.ID))
	must[openai.FederationRule](t)(rules.Update(ctx, provider.ID, rule.ID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{Enabled: openai.Bool(false)}))
	must[pagination.CursorPage[openai.FederationRule]](t)(rules.List(ctx, provider.ID, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{}))
	must[openai.FederationRuleDeleted](t)(rules.Delete(ctx, provider.ID, rule.ID))
	must[openai.WorkloadIdentityProviderDeleted](t)(providers.Delete(ctx, provider.ID))
}
