package apikey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/keyrules"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

const (
	defaultOlderThan = 90 * 24 * time.Hour
	defaultUnusedFor = 30 * 24 * time.Hour
)

func keyReportData() lifecycle.DataSource[*keyReportModel] {
	return lifecycle.DataSource[*keyReportModel]{
		Type:   "key_report",
		Schema: keyReportSchema(),
		Label:  lifecycle.Static[*keyReportModel]("the projects"),
		Read:   readKeyReport,
	}
}

func keyReportSchema() schema.Schema {
	fields := apiKeyFields()
	fields["project_id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the project of the key."}
	fields["project_name"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Name of the project of the key."}
	fields["days_since_last_use"] = schema.Int64Attribute{Computed: true, MarkdownDescription: "Whole days since the key was last used; null when it never was."}
	fields["findings"] = schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: "Findings about the key. Empty for a key without findings, and for an expired key."}
	age := []validator.String{tfkit.DurationBetween(0, 3650*24*time.Hour)}
	return schema.Schema{
		MarkdownDescription: "Age, use and findings of all API keys, in all projects or in chosen ones. For use in `check` blocks. A read sends one request for the list of projects, and one for the keys of each project.",
		Attributes: map[string]schema.Attribute{
			"project_ids": schema.SetAttribute{
				MarkdownDescription: "Ids of the projects to report on. Default: all active projects.",
				ElementType:         types.StringType,
				Optional:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.ID())},
			},
			"older_than": schema.StringAttribute{
				MarkdownDescription: "Age from which a key gets the finding `older_than`, as a duration such as `90d`. Default: `90d`.",
				Optional:            true,
				Validators:          age,
			},
			"unused_for": schema.StringAttribute{
				MarkdownDescription: "Time without use after which a key gets the finding `unused_for`, as a duration such as `30d`. Counts from the last use, or from the creation of a key that was never used. Default: `30d`.",
				Optional:            true,
				Validators:          age,
			},
			"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Always `key_report`."},
			"keys": schema.ListNestedAttribute{
				MarkdownDescription: "The keys, oldest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: fields},
			},
			"counts": schema.MapAttribute{
				MarkdownDescription: "Number of keys by finding: `older_than`, `unused_for`, `never_expires`, `owned_by_user` (a person instead of a service account), " +
					"`owner_inactive` (the owner has no access to the project any more), `name_shared` (another key of the project has the same name, as the two keys of a rotation have during the overlap), " +
					"`name_in_several_projects` (keys of several reported projects have the name), " +
					"`account_shared` (keys of other names belong to the same service account), " +
					"`expires_without_rotation` (expires within 14 days, and its owner has no newer key of its name). " +
					"The rules are those of `openai-admin check`.",
				ElementType: types.Int64Type,
				Computed:    true,
			},
		},
	}
}

type keyReportModel struct {
	ProjectIDs types.Set          `tfsdk:"project_ids"`
	OlderThan  types.String       `tfsdk:"older_than"`
	UnusedFor  types.String       `tfsdk:"unused_for"`
	ID         types.String       `tfsdk:"id"`
	Keys       []reportedKeyModel `tfsdk:"keys"`
	Counts     map[string]int64   `tfsdk:"counts"`
}

type reportedKeyModel struct {
	ProjectID        types.String `tfsdk:"project_id"`
	ProjectName      types.String `tfsdk:"project_name"`
	DaysSinceLastUse types.Int64  `tfsdk:"days_since_last_use"`
	Findings         []string     `tfsdk:"findings"`
	apiKeyFieldsModel
}

func readKeyReport(ctx context.Context, call *lifecycle.DataCall[*keyReportModel]) error {
	d := call.Data
	all, err := call.Client.Projects.List(ctx, false)
	if err != nil {
		return err
	}
	projects := chosenProjects(ctx, all, d.ProjectIDs, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	d.ID, d.Keys, d.Counts = types.StringValue("key_report"), []reportedKeyModel{}, map[string]int64{}
	for _, rule := range keyrules.All {
		d.Counts[string(rule)] = 0
	}
	names, lists := map[string]string{}, []keyrules.Project{}
	for _, project := range projects {
		keys, err := call.Client.APIKeys.List(ctx, project.ID)
		if adminapi.IsDeleted(err) {
			continue // archived a moment ago
		}
		if err != nil {
			tfkit.AddAPIError(call.Diags, "the API keys of project "+project.ID, err)
			return nil
		}
		names[project.ID], lists = project.Name, append(lists, keyrules.Project{ID: project.ID, Keys: keys})
	}
	now := call.Client.Now()
	rules := keyrules.New(lists, d.limits(), now)
	for _, project := range lists {
		for i := range project.Keys {
			d.report(project.ID, names[project.ID], &project.Keys[i], rules, now)
		}
	}
	tfkit.SortByAge(d.Keys, func(m reportedKeyModel) (types.Int64, types.String) { return m.CreatedAt, m.ID })
	return nil
}

// chosenProjects returns the chosen projects, all when none is chosen.
func chosenProjects(ctx context.Context, all []openai.Project, chosen types.Set, diags *diag.Diagnostics) []openai.Project {
	if chosen.IsNull() {
		return all
	}
	var projects []openai.Project
	for _, id := range tfkit.Strings(ctx, chosen, diags) {
		at := slices.IndexFunc(all, func(project openai.Project) bool { return project.ID == id })
		if at < 0 {
			diags.AddError("No such project", fmt.Sprintf("project_ids contains %s, which is not an active project of this organization.", id))
			continue
		}
		projects = append(projects, all[at])
	}
	return projects
}

// report adds a key with its findings.
func (m *keyReportModel) report(projectID, projectName string, found *openai.ProjectAPIKey, rules *keyrules.Rules, now time.Time) {
	key := reportedKeyModel{
		ProjectID:         types.StringValue(projectID),
		ProjectName:       types.StringValue(projectName),
		apiKeyFieldsModel: newAPIKeyFields(found, now),
		Findings:          []string{},
	}
	if !key.LastUsedAt.IsNull() {
		key.DaysSinceLastUse = types.Int64Value(max(0, (now.Unix()-key.LastUsedAt.ValueInt64())/86400))
	}
	for _, rule := range rules.Broken(projectID, found) {
		key.Findings = append(key.Findings, string(rule))
		m.Counts[string(rule)]++
	}
	m.Keys = append(m.Keys, key)
}

// limits are the configured ages.
func (m *keyReportModel) limits() keyrules.Limits {
	return keyrules.Limits{
		OlderThan: configuredOr(m.OlderThan, defaultOlderThan), UnusedFor: configuredOr(m.UnusedFor, defaultUnusedFor),
		ExpiresWithin: keyrules.DefaultExpiresWithin,
	}
}

func configuredOr(configured types.String, standard time.Duration) time.Duration {
	limit, err := tfkit.ParseDuration(configured.ValueString())
	if err != nil {
		return standard // not configured
	}
	return limit
}
