package certificate

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/openai/openai-go/v3"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/lifecycle"
	"github.com/allthingsai/terraform-provider-openai/internal/provider/tfkit"
)

func projectCertificates() lifecycle.Setting[*projectCertificatesModel] {
	return lifecycle.Setting[*projectCertificatesModel]{
		Core: lifecycle.Core[*projectCertificatesModel]{
			Type:          "project_certificates",
			Schema:        projectCertificatesSchema,
			Identity:      []lifecycle.Identifier{{Name: "project_id", Description: "Id of the project."}},
			Paths:         projectCertificatesPaths,
			Label:         (*projectCertificatesModel).label,
			Unaudited:     "certificates.activated names no project.",
			Legacy:        lifecycle.AsOfficial("openai_project_certificates"),
			Read:          readProjectCertificates,
			Delete:        deleteProjectCertificates,
			DeleteMembers: deleteProjectCertificates,
			List: lifecycle.ListProjectSettings("The active certificates of one project, or of all projects with active certificates: one object for each project.", "the certificates",
				func(ctx context.Context, client *adminapi.Client, projectID string) (*[]string, error) {
					active, err := activeCertificates(ctx, client, projectID)
					return &active, err
				}, listedProjectCertificates),
		},
		Write:    writeProjectCertificates,
		Existing: existingProjectCertificates,
	}
}

func projectCertificatesSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "**All** active certificates of a project. Use one such resource for a project.\n\n" +
			"Creating the resource only activates certificates. Other active certificates appear in state with the next refresh, and the next plan shows their deactivation. " +
			"An update activates certificates before it deactivates others, and deactivates only those that the plan shows. " +
			"Destroying the resource deactivates the certificates in its state. Certificates activated since the last refresh stay active.",
		Attributes: map[string]schema.Attribute{
			"project_id": tfkit.ParentID("Id of the project (`proj_…`)."),
			"certificate_ids": schema.SetAttribute{
				MarkdownDescription: "Ids of the certificates (`cert_…`). An empty set deactivates all. Changed in place.",
				ElementType:         types.StringType,
				Required:            true,
				Validators:          []validator.Set{setvalidator.ValueStringsAre(tfkit.ID())},
			},
		},
	}
}

type projectCertificatesModel struct {
	ProjectID      types.String `tfsdk:"project_id"`
	CertificateIDs types.Set    `tfsdk:"certificate_ids"`
}

// projectCertificatesPaths name each certificate of the set besides.
func projectCertificatesPaths(object lifecycle.Values) lifecycle.Paths {
	certificates := object.Path("/organization/projects/{project_id}/certificates")
	if certificates == "" {
		return lifecycle.Paths{}
	}
	ids, unknown := object.Texts("certificate_ids")
	paths := lifecycle.Named(certificates)
	paths.MembersUnknown = unknown
	for _, id := range ids {
		paths.Members = append(paths.Members, certificates+"/"+id)
	}
	return paths
}

// label names the certificates in diagnostics.
func (m *projectCertificatesModel) label() string {
	return "the certificates of project " + m.ProjectID.ValueString()
}

// ids are the certificates of the set.
func (m *projectCertificatesModel) ids(ctx context.Context, diags *diag.Diagnostics) []string {
	return tfkit.Strings(ctx, m.CertificateIDs, diags)
}

// activeCertificates lists the certificates that are active in a project.
func activeCertificates(ctx context.Context, client *adminapi.Client, projectID string) ([]string, error) {
	all, err := client.Certificates.List(ctx, projectID)
	active := []string{}
	for _, c := range all {
		if c.Active != nil && *c.Active {
			active = append(active, c.ID)
		}
	}
	return active, err
}

// without returns the ids that are not among the others.
func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}

func readProjectCertificates(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel]) error {
	active, err := activeCertificates(ctx, call.Client, call.State.ProjectID.ValueString())
	if err == nil {
		hidden := hiddenCertificates(ctx, call, active)
		call.WarnOfHidden(call.State.label(), hidden)
		call.State.CertificateIDs = tfkit.StringSet(ctx, append(active, hidden...), call.Diags)
	}
	return err
}

// hiddenCertificates are those in state that were activated a moment ago, and
// that the list does not show as active.
func hiddenCertificates(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel], active []string) []string {
	if !call.HidesMembers() {
		return nil
	}
	return without(call.State.ids(ctx, call.Diags), active)
}

// writeProjectCertificates activates the certificates of the plan, and then
// deactivates those that only the prior state names. One that neither of them
// names stays active.
func writeProjectCertificates(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel]) error {
	project, planned, prior := call.Plan.ProjectID.ValueString(), call.Plan.ids(ctx, call.Diags), []string{}
	if call.HasState() {
		prior = call.State.ids(ctx, call.Diags)
	}
	if call.Diags.HasError() {
		return nil
	}
	active, err := activeCertificates(ctx, call.Client, project)
	if err != nil {
		return err
	}
	missing := without(planned, active)
	if err := call.Client.Certificates.Activate(ctx, project, missing, true); err != nil {
		return lifecycle.About("certificates "+strings.Join(missing, ", ")+" of project "+project, advise(err, path.Root("certificate_ids")))
	}
	return deactivate(ctx, call, call.Plan, without(prior, planned), active)
}

// deleteProjectCertificates deactivates the certificates in state. One that was
// activated since the last refresh stays active.
func deleteProjectCertificates(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel]) error {
	ids := call.State.ids(ctx, call.Diags)
	if call.Diags.HasError() {
		return nil
	}
	active, err := activeCertificates(ctx, call.Client, call.State.ProjectID.ValueString())
	if adminapi.IsDeleted(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return deactivate(ctx, call, call.State, ids, active)
}

// deactivate deactivates those of the certificates that are listed as active or
// hidden, unless another change of the configuration has activated them.
func deactivate(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel], m *projectCertificatesModel, ids, active []string) error {
	active = append(active, hiddenCertificates(ctx, call, active)...)
	project, free := m.ProjectID.ValueString(), []string{}
	for _, id := range ids {
		if !slices.Contains(active, id) {
			continue
		}
		end, err := call.Client.Ownership.Deleting(ctx, "/organization/projects/"+project+"/certificates/"+id)
		if err != nil {
			call.AddError(m.label(), err)
			continue
		}
		defer end()
		free = append(free, id)
	}
	err := call.Client.Certificates.Activate(ctx, project, free, false)
	if adminapi.IsDeleted(err) {
		return nil
	}
	return err
}

// existingProjectCertificates reads the active certificates of the project: a
// create adopts those that are configured, and the apply after it deactivates
// the others.
func existingProjectCertificates(ctx context.Context, call *lifecycle.Call[*projectCertificatesModel]) (lifecycle.Found, error) {
	if call.Plan.ProjectID.IsUnknown() {
		return lifecycle.Found{}, nil
	}
	project := call.Plan.ProjectID.ValueString()
	active, err := activeCertificates(ctx, call.Client, project)
	if err != nil || len(active) == 0 {
		return lifecycle.Found{}, err
	}
	found := lifecycle.Found{
		Object: "active certificates of project " + project, ID: []string{project},
		Destroy: "Destroying the resource deactivates the certificates that are in its state.",
	}
	if call.Knows("certificate_ids") {
		found.Removed = without(active, call.Plan.ids(ctx, call.Diags))
	}
	return found, nil
}

func listedProjectCertificates(ctx context.Context, project *openai.Project, active *[]string, diags *diag.Diagnostics) (string, *projectCertificatesModel) {
	if len(*active) == 0 {
		return "", nil
	}
	return "the certificates of " + project.Name, &projectCertificatesModel{types.StringValue(project.ID), tfkit.StringSet(ctx, *active, diags)}
}
