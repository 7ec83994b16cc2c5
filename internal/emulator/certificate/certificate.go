// Package certificate serves client certificates for mutual TLS.
package certificate

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"

	"github.com/allthingsai/terraform-provider-openai/internal/emulator/api"
	"github.com/allthingsai/terraform-provider-openai/internal/emulator/store"
)

const (
	maxCertificates = 50
	// maxActivations is how many certificates one request may activate.
	maxActivations = 10
	// shortestValidity is how long a certificate must be valid, in seconds.
	shortestValidity = 24 * 60 * 60
)

// refusal is a bad request with a code.
func refusal(code, param, format string, args ...any) *api.Error {
	answer := api.BadRequest(param, format, args...)
	answer.Code = code
	return answer
}

// Routes registers the endpoints of certificates.
func Routes(router api.Router) {
	const certificates = "/organization/certificates"
	router.Handle("GET "+certificates, organizationCertificates.list)
	router.Handle("POST "+certificates, uploadCertificate)
	router.Handle("GET "+certificates+"/{certificate_id}", getCertificate)
	router.Handle("POST "+certificates+"/{certificate_id}", renameCertificate)
	router.Handle("DELETE "+certificates+"/{certificate_id}", removeCertificate)
	router.Handle("POST "+certificates+"/activate", organizationCertificates.activate)
	router.Handle("POST "+certificates+"/deactivate", organizationCertificates.deactivate)

	const ofProject = "/organization/projects/{project_id}/certificates"
	router.Handle("GET "+ofProject, projectCertificates.list)
	router.Handle("POST "+ofProject+"/activate", projectCertificates.activate)
	router.Handle("POST "+ofProject+"/deactivate", projectCertificates.deactivate)
}

type certificateReply struct {
	ID        string             `json:"id"`
	Object    string             `json:"object"`
	Name      *string            `json:"name"`
	CreatedAt int64              `json:"created_at"`
	Active    *bool              `json:"active,omitempty"`
	Details   certificateDetails `json:"certificate_details"`
}

type certificateDetails struct {
	ValidAt   int64   `json:"valid_at"`
	ExpiresAt int64   `json:"expires_at"`
	Content   *string `json:"content,omitempty"`
}

func newCertificateReply(c store.Certificate) certificateReply {
	return certificateReply{ID: c.ID, Object: "certificate", Name: c.Name, CreatedAt: c.CreatedAt,
		Details: certificateDetails{ValidAt: c.ValidAt, ExpiresAt: c.ExpiresAt}}
}

// auditCertificate has the fields of a certificate in the audit log.
type auditCertificate struct {
	ID          string `json:"id"`
	Name        string `json:"name,omitempty"`
	Certificate string `json:"certificate,omitempty"`
}

func newAuditCertificate(c store.Certificate) auditCertificate {
	entry := auditCertificate{ID: c.ID}
	if c.Name != nil {
		entry.Name = *c.Name
	}
	return entry
}

func pathCertificate(r *api.Request) (store.Certificate, error) {
	id := r.PathValue("certificate_id")
	certificate, err := r.Tx.Certificate(id)
	return certificate, api.Or(err, api.NotFound("certificate", id))
}

func uploadCertificate(r *api.Request) (any, error) {
	var body struct {
		Certificate string               `json:"certificate"`
		Name        api.Optional[string] `json:"name"`
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	// The first certificate of several counts.
	block, _ := pem.Decode([]byte(body.Certificate))
	if block == nil {
		return nil, refusal("mtls_certificate_invalid", "certificate", "'certificate' must be a certificate in PEM.")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, refusal("mtls_certificate_invalid", "certificate", "'certificate' could not be parsed.")
	}
	if parsed.NotAfter.Unix() <= r.Now()+shortestValidity {
		return nil, refusal("expired_certificate", "certificate", "The certificate must be valid for more than one day.")
	}
	all, err := r.Tx.Certificates()
	if err != nil {
		return nil, err
	}
	if len(all) >= maxCertificates {
		return nil, api.BadRequest("", "An organization can have up to %d certificates.", maxCertificates)
	}
	certificate := store.Certificate{Content: body.Certificate, CreatedAt: r.Now(), ValidAt: parsed.NotBefore.Unix(), ExpiresAt: parsed.NotAfter.Unix()}
	if body.Name.Set() {
		certificate.Name = &body.Name.Value
	}
	if certificate, err = r.Tx.AddCertificate(certificate); err != nil {
		return nil, err
	}
	return newCertificateReply(certificate), r.LogDetails("certificate.created", certificate.ID, newAuditCertificate(certificate))
}

// getCertificate does not say whether the certificate is active, as it may be
// so here and not there.
func getCertificate(r *api.Request) (any, error) {
	certificate, err := pathCertificate(r)
	reply := newCertificateReply(certificate)
	if slices.Contains(api.Strings(r.URL.Query(), "include"), "content") {
		reply.Details.Content = &certificate.Content
	}
	return reply, err
}

func renameCertificate(r *api.Request) (any, error) {
	var body struct {
		Name api.Optional[string] `json:"name"`
	}
	certificate, err := pathCertificate(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if body.Name.Set() {
		certificate.Name = &body.Name.Value
		if err := r.Tx.RenameCertificate(certificate.ID, body.Name.Value); err != nil {
			return nil, err
		}
	}
	return newCertificateReply(certificate), r.LogDetails("certificate.updated", certificate.ID, newAuditCertificate(certificate))
}

func removeCertificate(r *api.Request) (any, error) {
	certificate, err := pathCertificate(r)
	if err != nil {
		return nil, err
	}
	scopes, err := r.Tx.CertificateScopes(certificate.ID)
	if err != nil {
		return nil, err
	}
	if len(scopes) > 0 {
		if scopes[0] == store.Organization {
			scopes[0] = "the organization"
		}
		return nil, refusal("certificate_in_use", "", "Certificate %s is active for %s and cannot be deleted.", certificate.ID, strings.Join(scopes, ", "))
	}
	if err := r.Tx.RemoveCertificate(certificate.ID); err != nil {
		return nil, err
	}
	entry := newAuditCertificate(certificate)
	entry.Certificate = certificate.Content
	return certificateDeleted{ID: certificate.ID, Object: "certificate.deleted"}, r.LogDetails("certificate.deleted", certificate.ID, entry)
}

// certificateDeleted lacks the "deleted" of other answers.
type certificateDeleted struct {
	ID     string `json:"id"`
	Object string `json:"object"`
}

// certificateScope is where certificates count: the organization or a project.
type certificateScope struct {
	// object names the certificates of replies.
	object string
	// of returns the key of the scope in the store.
	of func(r *api.Request) (string, error)
}

var (
	organizationCertificates = certificateScope{"organization.certificate", func(*api.Request) (string, error) { return store.Organization, nil }}
	projectCertificates      = certificateScope{"organization.project.certificate", func(r *api.Request) (string, error) {
		project, err := api.ActiveProject(r)
		return project.ID, err
	}}
)

func (s certificateScope) reply(r *api.Request, c store.Certificate, scope string) (certificateReply, error) {
	scopes, err := r.Tx.CertificateScopes(c.ID)
	reply := newCertificateReply(c)
	reply.Object = s.object
	reply.Active = new(slices.Contains(scopes, scope))
	return reply, err
}

// list gives the newest certificates first, unless the query asks for another
// order. A project sees those of the whole organization.
func (s certificateScope) list(r *api.Request) (any, error) {
	scope, err := s.of(r)
	if err != nil {
		return nil, err
	}
	certificates, err := r.Tx.Certificates()
	if err != nil {
		return nil, err
	}
	replies := make([]certificateReply, len(certificates))
	for i, c := range certificates {
		if replies[i], err = s.reply(r, c, scope); err != nil {
			return nil, err
		}
	}
	return api.Paginate(r, replies, func(c certificateReply) string { return c.ID }, api.Usual, "desc")
}

type activationReply struct {
	Object string             `json:"object"`
	Data   []certificateReply `json:"data"`
}

type auditActivation struct {
	Certificates []auditCertificate `json:"certificates"`
}

func (s certificateScope) activate(r *api.Request) (any, error) {
	return s.change(r, "activat", r.Tx.ActivateCertificate)
}

func (s certificateScope) deactivate(r *api.Request) (any, error) {
	return s.change(r, "deactivat", r.Tx.DeactivateCertificate)
}

// change is done to all certificates of the request or to none.
func (s certificateScope) change(r *api.Request, verb string, apply func(id, scope string) error) (any, error) {
	var body struct {
		CertificateIDs []string `json:"certificate_ids"`
	}
	scope, err := s.of(r)
	if err != nil {
		return nil, err
	}
	if err := api.Decode(r, &body); err != nil {
		return nil, err
	}
	if n := len(body.CertificateIDs); n < 1 || n > maxActivations {
		return nil, api.BadRequest("certificate_ids", "'certificate_ids' must have 1 to %d items, got %d.", maxActivations, n)
	}
	reply := activationReply{Object: fmt.Sprintf("%s.%sion", s.object, verb)}
	var entry auditActivation
	for _, id := range body.CertificateIDs {
		certificate, err := r.Tx.Certificate(id)
		if err != nil {
			return nil, api.Or(err, api.NotFound("certificate", id))
		}
		if err := apply(id, scope); err != nil {
			return nil, err
		}
		item, err := s.reply(r, certificate, scope)
		if err != nil {
			return nil, err
		}
		reply.Data = append(reply.Data, item)
		entry.Certificates = append(entry.Certificates, newAuditCertificate(certificate))
	}
	return reply, r.LogDetails("certificates."+verb+"ed", body.CertificateIDs[0], entry)
}
