package adminapi

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/pagination"

	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/cache"
	"github.com/allthingsai/terraform-provider-openai/internal/adminapi/transport"
)

const (
	organizationCertificatesPath = "/organization/certificates"
	certificatePath              = organizationCertificatesPath + "/{certificate_id}"
	projectCertificatesPath      = projectPath + "/certificates"
)

// activationSize is how many certificates one request may activate.
const activationSize = 10

// Certificate is a certificate for mutual TLS.
type Certificate struct {
	ID string
	// Name is nil when the certificate has none.
	Name *string
	// CreatedAt, ValidAt and ExpiresAt are Unix seconds.
	CreatedAt, ValidAt, ExpiresAt int64
	// Active says whether the certificate counts in the scope it was read from,
	// nil when the API did not return it.
	Active *bool
}

var certificate = converted(func(c *openai.Certificate) (*Certificate, error) {
	if !isText(c.JSON.ID) || !validID(c.ID) || !c.JSON.CreatedAt.Valid() || !c.CertificateDetails.JSON.ExpiresAt.Valid() {
		return nil, errIncomplete
	}
	out := &Certificate{ID: c.ID, CreatedAt: c.CreatedAt, ValidAt: c.CertificateDetails.ValidAt, ExpiresAt: c.CertificateDetails.ExpiresAt}
	if c.JSON.Name.Valid() {
		out.Name = &c.Name
	}
	if c.JSON.Active.Valid() {
		out.Active = &c.Active
	}
	return out, nil
})

// Certificates are the organization's certificates, and in which scopes they
// are active: WholeOrganization, or a project's id.
type Certificates struct {
	client       *Client
	organization openai.AdminOrganizationCertificateService
	project      openai.AdminOrganizationProjectCertificateService
	shared       *cache.ByParent[Certificate]
}

func newCertificates(c *Client, organization openai.AdminOrganizationCertificateService, project openai.AdminOrganizationProjectCertificateService) *Certificates {
	s := &Certificates{client: c, organization: organization, project: project}
	s.shared = cache.NewByParent(func(scope string) *cache.Collection[Certificate] {
		return newCollection(func(c Certificate) string { return c.ID }, s.page(scope))
	})
	listsAhead(c, s.list(projectParameter), s.shared)
	return s
}

func (s *Certificates) list(scope string) transport.Operation {
	return transport.Read("list certificates", certificatesPath(scope))
}

func certificatesPath(scope string) string {
	if scope == WholeOrganization {
		return organizationCertificatesPath
	}
	return projectCertificatesPath
}

// page reads a page of a scope. The SDK has a type for the certificates of each
// endpoint; openai.Certificate has the fields of all others.
func (s *Certificates) page(scope string) func(ctx context.Context, after string) (cache.Page[Certificate], error) {
	return func(ctx context.Context, after string) (cache.Page[Certificate], error) {
		return convertPage(certificate)(cursorPage(call(ctx, s.client, s.list(scope),
			func(ctx context.Context, opts ...option.RequestOption) (*pagination.ConversationCursorPage[openai.Certificate], error) {
				var got pagination.ConversationCursorPage[openai.Certificate]
				opts = append(opts, option.WithResponseBodyInto(&got))
				var err error
				if scope == WholeOrganization {
					params := openai.AdminOrganizationCertificateListParams{Limit: openai.Int(pageSize)}
					if after != "" {
						params.After = openai.String(after)
					}
					_, err = s.organization.List(ctx, params, opts...)
				} else {
					params := openai.AdminOrganizationProjectCertificateListParams{Limit: openai.Int(pageSize)}
					if after != "" {
						params.After = openai.String(after)
					}
					_, err = s.project.List(ctx, scope, params, opts...)
				}
				return &got, err
			})))
	}
}

// NewCertificate is a certificate to upload. Its validity distinguishes it from
// others of the same name when the answer is lost.
type NewCertificate struct {
	PEM                string
	Name               *string
	ValidAt, ExpiresAt int64
}

// Create uploads a certificate, exactly once. It is active nowhere.
func (s *Certificates) Create(ctx context.Context, want NewCertificate) (*Certificate, error) {
	return s.creation(want).run(ctx, s.client)
}

func (s *Certificates) creation(want NewCertificate) creation[Certificate, Certificate] {
	shared := s.shared.Of(WholeOrganization)
	return creation[Certificate, Certificate]{
		operation: "upload certificate",
		object:    "certificate",
		alike:     orNothing(want.Name),
		send: func(ctx context.Context) (*Certificate, error) {
			made, err := call(ctx, s.client, transport.Create("upload certificate", organizationCertificatesPath),
				func(ctx context.Context, opts ...option.RequestOption) (*Certificate, error) {
					return certificate(s.organization.New(ctx, openai.AdminOrganizationCertificateNewParams{Certificate: want.PEM, Name: optional(want.Name)}, opts...))
				})
			if err == nil {
				made.Active = new(false)
			}
			return made, err
		},
		record: func(c Certificate) {
			s.client.recent.Add(c.ID)
			shared.Put(c)
		},
		list: shared,
		equal: func(c Certificate) bool {
			return sameName(orNothing(c.Name), orNothing(want.Name)) && c.ValidAt == want.ValidAt && c.ExpiresAt == want.ExpiresAt
		},
		createdAt: func(c Certificate) int64 { return c.CreatedAt },
		adopt:     func(c Certificate) Certificate { return c },
	}
}

// Get returns a certificate of the organization. The list is read first, as it
// alone says whether a certificate is active.
func (s *Certificates) Get(ctx context.Context, id string) (*Certificate, error) {
	found, err := s.shared.Of(WholeOrganization).Find(ctx, func(c Certificate) bool { return c.ID == id }, nil)
	if found != nil || err != nil {
		return found, err
	}
	return call(ctx, s.client, transport.Read("read certificate", certificatePath),
		func(ctx context.Context, opts ...option.RequestOption) (*Certificate, error) {
			return certificate(s.organization.Get(ctx, id, openai.AdminOrganizationCertificateGetParams{}, opts...))
		})
}

// Content returns the PEM of a certificate.
func (s *Certificates) Content(ctx context.Context, id string) (string, error) {
	got, err := call(ctx, s.client, transport.Read("read certificate", certificatePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.Certificate, error) {
			got, err := s.organization.Get(ctx, id, openai.AdminOrganizationCertificateGetParams{Include: []string{"content"}}, opts...)
			if err == nil && (got == nil || !isText(got.CertificateDetails.JSON.Content)) {
				return nil, errIncomplete
			}
			return got, err
		})
	if err != nil {
		return "", err
	}
	return got.CertificateDetails.Content, nil
}

// List returns the certificates of a scope.
func (s *Certificates) List(ctx context.Context, scope string) ([]Certificate, error) {
	return s.shared.Of(scope).All(ctx)
}

// Rename changes the name of a certificate.
func (s *Certificates) Rename(ctx context.Context, id, name string) (*Certificate, error) {
	renamed, err := call(ctx, s.client, transport.Update("rename certificate", certificatePath),
		func(ctx context.Context, opts ...option.RequestOption) (*Certificate, error) {
			return certificate(s.organization.Update(ctx, id, openai.AdminOrganizationCertificateUpdateParams{Name: openai.String(name)}, opts...))
		})
	if err != nil {
		return nil, err
	}
	shared := s.shared.Of(WholeOrganization)
	if known := shared.Peek(id); known != nil {
		// The answer does not say whether it is active.
		renamed.Active = known.Active
		shared.Put(*renamed)
	}
	return renamed, nil
}

// Activate makes certificates count in a scope, or count no more.
func (s *Certificates) Activate(ctx context.Context, scope string, ids []string, active bool) error {
	op := transport.Update("activate certificates", certificatesPath(scope)+"/activate")
	if !active {
		op = transport.Update("deactivate certificates", certificatesPath(scope)+"/deactivate")
	}
	for some := range slices.Chunk(ids, activationSize) {
		changed, err := call(ctx, s.client, op, func(ctx context.Context, opts ...option.RequestOption) (*[]Certificate, error) {
			return s.activate(ctx, scope, some, active, opts...)
		})
		if err != nil {
			return err
		}
		for _, c := range *changed {
			s.shared.Of(scope).Put(c)
		}
	}
	return nil
}

func (s *Certificates) activate(ctx context.Context, scope string, ids []string, active bool, opts ...option.RequestOption) (*[]Certificate, error) {
	var got pagination.Page[openai.Certificate]
	opts = append(opts, option.WithResponseBodyInto(&got))
	var err error
	switch {
	case scope == WholeOrganization && active:
		_, err = s.organization.Activate(ctx, openai.AdminOrganizationCertificateActivateParams{CertificateIDs: ids}, opts...)
	case scope == WholeOrganization:
		_, err = s.organization.Deactivate(ctx, openai.AdminOrganizationCertificateDeactivateParams{CertificateIDs: ids}, opts...)
	case active:
		_, err = s.project.Activate(ctx, scope, openai.AdminOrganizationProjectCertificateActivateParams{CertificateIDs: ids}, opts...)
	default:
		_, err = s.project.Deactivate(ctx, scope, openai.AdminOrganizationProjectCertificateDeactivateParams{CertificateIDs: ids}, opts...)
	}
	if err != nil {
		return nil, err
	}
	if !got.JSON.Data.Valid() {
		return nil, errIncomplete
	}
	changed := make([]Certificate, len(got.Data))
	for i := range got.Data {
		c, err := certificate(&got.Data[i], nil)
		if err != nil {
			return nil, err
		}
		changed[i] = *c
	}
	return &changed, nil
}

// Delete removes a certificate, which must be active nowhere. One that is not
// there is a success.
func (s *Certificates) Delete(ctx context.Context, id string) error {
	return deleteListed(ctx, s.client, s.shared.Of(WholeOrganization), id, transport.Remove("remove certificate", certificatePath),
		func(ctx context.Context, opts ...option.RequestOption) (*openai.AdminOrganizationCertificateDeleteResponse, error) {
			return s.organization.Delete(ctx, id, opts...)
		})
}

// orNothing is a text that may be missing.
func orNothing(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
