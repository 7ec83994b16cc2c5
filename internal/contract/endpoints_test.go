package contract_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
)

func (b *backend) members(t *testing.T) {
	ctx := t.Context()
	invite := must[openai.Invite](t)(b.sdk.Invites.New(ctx, openai.AdminOrganizationInviteNewParams{Email: "ada@example.com", Role: openai.AdminOrganizationInviteNewParamsRoleReader}))
	must[openai.Invite](t)(b.sdk.Invites.Get(ctx, invite.ID))
	must[pagination.ConversationCursorPage[openai.Invite]](t)(b.sdk.Invites.List(ctx, openai.AdminOrganizationInviteListParams{}))
	must[openai.AdminOrganizationInviteDeleteResponse](t)(b.sdk.Invites.Delete(ctx, invite.ID))

	users := must[pagination.ConversationCursorPage[openai.OrganizationUser]](t)(b.sdk.Users.List(ctx, openai.AdminOrganizationUserListParams{Emails: []string{"member@example.com"}}))
	if len(users.Data) != 1 {
		t.Fatalf("%d users by their address", len(users.Data))
	}
	user := must[openai.OrganizationUser](t)(b.sdk.Users.Get(ctx, users.Data[0].ID))
	must[openai.OrganizationUser](t)(b.sdk.Users.Update(ctx, user.ID, openai.AdminOrganizationUserUpdateParams{Role: openai.String("owner")}))

	project := must[openai.Project](t)(b.sdk.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "members"}))
	must[openai.ProjectUser](t)(b.sdk.Projects.Users.New(ctx, project.ID, openai.AdminOrganizationProjectUserNewParams{Role: "member", UserID: openai.String(user.ID)}))
	must[openai.ProjectUser](t)(b.sdk.Projects.Users.Get(ctx, project.ID, user.ID))
	must[openai.ProjectUser](t)(b.sdk.Projects.Users.Update(ctx, project.ID, user.ID, openai.AdminOrganizationProjectUserUpdateParams{Role: openai.String("owner")}))
	must[pagination.ConversationCursorPage[openai.ProjectUser]](t)(b.sdk.Projects.Users.List(ctx, project.ID, openai.AdminOrganizationProjectUserListParams{}))
	must[openai.AdminOrganizationProjectUserDeleteResponse](t)(b.sdk.Projects.Users.Delete(ctx, project.ID, user.ID))
	must[openai.AdminOrganizationUserDeleteResponse](t)(b.sdk.Users.Delete(ctx, user.ID))
}

func (b *backend) projects(t *testing.T) string {
	ctx := t.Context()
	project := must[openai.Project](t)(b.sdk.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "dev", Residency: openai.ProjectResidencyEuStorageProcessing}))
	must[openai.Project](t)(b.sdk.Projects.Get(ctx, project.ID))
	must[openai.Project](t)(b.sdk.Projects.Update(ctx, project.ID, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("development")}))
	must[pagination.ConversationCursorPage[openai.Project]](t)(b.sdk.Projects.List(ctx, openai.AdminOrganizationProjectListParams{IncludeArchived: openai.Bool(true)}))
	return project.ID
}

func (b *backend) archive(t *testing.T, project string) {
	archived := must[openai.Project](t)(b.sdk.Projects.Archive(t.Context(), project))
	if archived.Status != "archived" || archived.ArchivedAt == 0 {
		t.Errorf("the project is %q, archived at %d", archived.Status, archived.ArchivedAt)
	}
}

func (b *backend) audit(t *testing.T, project string) {
	log := must[pagination.ConversationCursorPage[openai.AdminOrganizationAuditLogListResponse]](t)(b.sdk.AuditLogs.List(t.Context(), openai.AdminOrganizationAuditLogListParams{
		EventTypes: []string{"project.archived"}, ResourceIDs: []string{project}}))
	if len(log.Data) != 1 || log.Data[0].ProjectArchived.ID != project {
		t.Errorf("the audit log has %d archived projects", len(log.Data))
	}
	// The events of all calls before, each with fields of its own.
	pager := b.sdk.AuditLogs.ListAutoPaging(t.Context(), openai.AdminOrganizationAuditLogListParams{Limit: openai.Int(100)})
	kinds := map[string]bool{}
	for pager.Next() {
		kinds[string(pager.Current().Type)] = true
	}
	if err := pager.Err(); err != nil || len(kinds) < 30 {
		t.Errorf("%d kinds of events, %v", len(kinds), err)
	}
}

func (b *backend) keys(t *testing.T, project string) {
	ctx := t.Context()
	accounts, keys := b.sdk.Projects.ServiceAccounts, b.sdk.Projects.APIKeys
	account := must[openai.AdminOrganizationProjectServiceAccountNewResponse](t)(accounts.New(ctx, project, openai.AdminOrganizationProjectServiceAccountNewParams{Name: "a"}))
	if !account.JSON.APIKey.Valid() || account.APIKey.Value == "" {
		t.Error("the account came without its key")
	}
	only := must[openai.AdminOrganizationProjectServiceAccountNewResponse](t)(accounts.New(ctx, project,
		openai.AdminOrganizationProjectServiceAccountNewParams{Name: "b", CreateServiceAccountOnly: openai.Bool(true)}))
	if only.JSON.APIKey.Valid() {
		t.Error("the account came with a key")
	}
	must[openai.ProjectServiceAccount](t)(accounts.Get(ctx, project, account.ID))
	must[openai.ProjectServiceAccount](t)(accounts.Update(ctx, project, account.ID, openai.AdminOrganizationProjectServiceAccountUpdateParams{Name: openai.String("c")}))
	must[pagination.ConversationCursorPage[openai.ProjectServiceAccount]](t)(accounts.List(ctx, project, openai.AdminOrganizationProjectServiceAccountListParams{}))

	key := must[openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse](t)(accounts.APIKeys.New(ctx, project, account.ID,
		openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("k"), Scopes: []string{"api.all.read"}, ExpiresInSeconds: openai.Int(60)}))
	if key.Value == "" || key.ExpiresAt == 0 {
		t.Error("the new key has no secret or no expiry")
	}
	read := must[openai.ProjectAPIKey](t)(keys.Get(ctx, project, key.ID))
	if read.Owner.ServiceAccount.ID != account.ID {
		t.Errorf("the key is owned by %q", read.Owner.ServiceAccount.ID)
	}
	must[openai.ProjectAPIKey](t)(keys.Update(ctx, project, key.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{Scopes: []string{}}))
	must[pagination.ConversationCursorPage[openai.ProjectAPIKey]](t)(keys.List(ctx, project, openai.AdminOrganizationProjectAPIKeyListParams{
		OwnerProjectAccess: openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccessAny}))
	must[openai.AdminOrganizationProjectAPIKeyDeleteResponse](t)(keys.Delete(ctx, project, key.ID))
	must[openai.AdminOrganizationProjectServiceAccountDeleteResponse](t)(accounts.Delete(ctx, project, account.ID))

	admin := must[openai.AdminOrganizationAdminAPIKeyNewResponse](t)(b.sdk.AdminAPIKeys.New(ctx, openai.AdminOrganizationAdminAPIKeyNewParams{Name: "ci"}))
	must[openai.AdminAPIKey](t)(b.sdk.AdminAPIKeys.Get(ctx, admin.ID))
	must[pagination.CursorPage[openai.AdminAPIKey]](t)(b.sdk.AdminAPIKeys.List(ctx, openai.AdminOrganizationAdminAPIKeyListParams{}))
	must[openai.AdminOrganizationAdminAPIKeyDeleteResponse](t)(b.sdk.AdminAPIKeys.Delete(ctx, admin.ID))
}

func (b *backend) limits(t *testing.T, project string) {
	ctx := t.Context()
	must[openai.OrganizationSpendLimit](t)(b.sdk.SpendLimit.Update(ctx, openai.AdminOrganizationSpendLimitUpdateParams{
		ThresholdAmount: 100, Currency: openai.AdminOrganizationSpendLimitUpdateParamsCurrencyUsd, Interval: openai.AdminOrganizationSpendLimitUpdateParamsIntervalMonth}))
	must[openai.OrganizationSpendLimit](t)(b.sdk.SpendLimit.Get(ctx))
	must[openai.OrganizationSpendLimitDeleted](t)(b.sdk.SpendLimit.Delete(ctx))
	must[openai.ProjectSpendLimit](t)(b.sdk.Projects.SpendLimit.Update(ctx, project, openai.AdminOrganizationProjectSpendLimitUpdateParams{
		ThresholdAmount: 100, Currency: openai.AdminOrganizationProjectSpendLimitUpdateParamsCurrencyUsd, Interval: openai.AdminOrganizationProjectSpendLimitUpdateParamsIntervalMonth}))
	must[openai.ProjectSpendLimit](t)(b.sdk.Projects.SpendLimit.Get(ctx, project))
	must[openai.ProjectSpendLimitDeleted](t)(b.sdk.Projects.SpendLimit.Delete(ctx, project))

	recipients := []string{"a@example.com"}
	alert := must[openai.OrganizationSpendAlert](t)(b.sdk.SpendAlerts.New(ctx, openai.AdminOrganizationSpendAlertNewParams{
		ThresholdAmount: 100, Currency: "USD", Interval: "month",
		NotificationChannel: openai.AdminOrganizationSpendAlertNewParamsNotificationChannel{Recipients: recipients}}))
	must[openai.OrganizationSpendAlert](t)(b.sdk.SpendAlerts.Get(ctx, alert.ID))
	must[openai.OrganizationSpendAlert](t)(b.sdk.SpendAlerts.Update(ctx, alert.ID, openai.AdminOrganizationSpendAlertUpdateParams{
		ThresholdAmount: 200, Currency: "USD", Interval: "month",
		NotificationChannel: openai.AdminOrganizationSpendAlertUpdateParamsNotificationChannel{Recipients: recipients, SubjectPrefix: openai.String("[x]")}}))
	must[pagination.ConversationCursorPage[openai.OrganizationSpendAlert]](t)(b.sdk.SpendAlerts.List(ctx, openai.AdminOrganizationSpendAlertListParams{}))
	must[openai.OrganizationSpendAlertDeleted](t)(b.sdk.SpendAlerts.Delete(ctx, alert.ID))

	own := must[openai.ProjectSpendAlert](t)(b.sdk.Projects.SpendAlerts.New(ctx, project, openai.AdminOrganizationProjectSpendAlertNewParams{
		ThresholdAmount: 100, Currency: "USD", Interval: "month",
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{Recipients: recipients}}))
	must[openai.ProjectSpendAlert](t)(b.sdk.Projects.SpendAlerts.Get(ctx, project, own.ID))
	must[openai.ProjectSpendAlert](t)(b.sdk.Projects.SpendAlerts.Update(ctx, project, own.ID, openai.AdminOrganizationProjectSpendAlertUpdateParams{
		ThresholdAmount: 200, Currency: "USD", Interval: "month",
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{Recipients: recipients}}))
	must[pagination.ConversationCursorPage[openai.ProjectSpendAlert]](t)(b.sdk.Projects.SpendAlerts.List(ctx, project, openai.AdminOrganizationProjectSpendAlertListParams{}))
	must[openai.ProjectSpendAlertDeleted](t)(b.sdk.Projects.SpendAlerts.Delete(ctx, project, own.ID))

	rates := must[pagination.ConversationCursorPage[openai.ProjectRateLimit]](t)(b.sdk.Projects.RateLimits.ListRateLimits(ctx, project, openai.AdminOrganizationProjectRateLimitListRateLimitsParams{}))
	must[openai.ProjectRateLimit](t)(b.sdk.Projects.RateLimits.UpdateRateLimit(ctx, project, rates.Data[0].ID,
		openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{MaxRequestsPer1Minute: openai.Int(1)}))
}

// usage reads each kind after something of it has been recorded, so that the
// buckets have results.
func (b *backend) usage(t *testing.T) {
	ctx := t.Context()
	u := b.sdk.Usage
	b.record(t, "decisions", "moderations", "images", "audio_speeches", "audio_transcriptions",
		"vector_stores", "code_interpreter_sessions", "file_search_calls", "web_search_calls")
	start := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, -5).Unix()
	completions := must[openai.AdminOrganizationUsageCompletionsResponse](t)(u.Completions(ctx, openai.AdminOrganizationUsageCompletionsParams{StartTime: start, GroupBy: []string{"model"}}))
	if len(completions.Data) == 0 || len(completions.Data[0].Results) != 2 || completions.Data[0].Results[0].Model == "" {
		t.Error("the seed's usage is missing")
	}
	must[openai.AdminOrganizationUsageDecisionsResponse](t)(u.Decisions(ctx, openai.AdminOrganizationUsageDecisionsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageEmbeddingsResponse](t)(u.Embeddings(ctx, openai.AdminOrganizationUsageEmbeddingsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageModerationsResponse](t)(u.Moderations(ctx, openai.AdminOrganizationUsageModerationsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageImagesResponse](t)(u.Images(ctx, openai.AdminOrganizationUsageImagesParams{StartTime: start}))
	must[openai.AdminOrganizationUsageAudioSpeechesResponse](t)(u.AudioSpeeches(ctx, openai.AdminOrganizationUsageAudioSpeechesParams{StartTime: start}))
	must[openai.AdminOrganizationUsageAudioTranscriptionsResponse](t)(u.AudioTranscriptions(ctx, openai.AdminOrganizationUsageAudioTranscriptionsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageVectorStoresResponse](t)(u.VectorStores(ctx, openai.AdminOrganizationUsageVectorStoresParams{StartTime: start}))
	must[openai.AdminOrganizationUsageCodeInterpreterSessionsResponse](t)(u.CodeInterpreterSessions(ctx, openai.AdminOrganizationUsageCodeInterpreterSessionsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageFileSearchCallsResponse](t)(u.FileSearchCalls(ctx, openai.AdminOrganizationUsageFileSearchCallsParams{StartTime: start}))
	must[openai.AdminOrganizationUsageWebSearchCallsResponse](t)(u.WebSearchCalls(ctx, openai.AdminOrganizationUsageWebSearchCallsParams{StartTime: start}))
	costs := must[openai.AdminOrganizationUsageCostsResponse](t)(u.Costs(ctx, openai.AdminOrganizationUsageCostsParams{StartTime: start, GroupBy: []string{"line_item"}}))
	if len(costs.Data) == 0 || len(costs.Data[0].Results) == 0 || costs.Data[0].Results[0].Amount.Value == 0 {
		t.Error("the seed's costs are missing")
	}
}

// record lets something of each kind happen, two days ago.
func (b *backend) record(t *testing.T, kinds ...string) {
	var events []string
	for _, kind := range kinds {
		events = append(events, fmt.Sprintf(`{"kind":%q,"at":%q}`, kind, time.Now().UTC().AddDate(0, 0, -2).Format(time.RFC3339)))
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/_emulator/usage", strings.NewReader(`{"events":[`+strings.Join(events, ",")+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+b.AdminKey())
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if _ = response.Body.Close(); response.StatusCode != http.StatusOK {
		t.Fatalf("recording answers %d", response.StatusCode)
	}
}
