package store

// Certificate is a client certificate, or the authority of some, that the
// organization trusts.
type Certificate struct {
	ID                            string
	Name                          *string
	Content                       string
	CreatedAt, ValidAt, ExpiresAt int64
}

const certificateColumns = "SELECT id, name, content, created_at, valid_at, expires_at FROM certificates "

func scanCertificate(row scanner) (c Certificate, err error) {
	err = row.Scan(&c.ID, &c.Name, &c.Content, &c.CreatedAt, &c.ValidAt, &c.ExpiresAt)
	return c, err
}

// AddCertificate stores a new certificate.
func (tx *Tx) AddCertificate(c Certificate) (_ Certificate, err error) {
	if c.ID, err = tx.NewID("cert_"); err != nil {
		return c, err
	}
	return c, tx.exec("INSERT INTO certificates (id, name, content, created_at, valid_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
		c.ID, c.Name, c.Content, c.CreatedAt, c.ValidAt, c.ExpiresAt)
}

// Certificate returns a certificate by id.
func (tx *Tx) Certificate(id string) (Certificate, error) {
	return queryOne(tx, scanCertificate, certificateColumns+"WHERE id = ?", id)
}

// Certificates lists the certificates, oldest first.
func (tx *Tx) Certificates() ([]Certificate, error) {
	return query(tx, scanCertificate, certificateColumns+"ORDER BY created_at, seq")
}

// RenameCertificate changes the name of a certificate, its only mutable field.
func (tx *Tx) RenameCertificate(id, name string) error {
	return tx.execOne("UPDATE certificates SET name = ? WHERE id = ?", name, id)
}

// RemoveCertificate removes a certificate.
func (tx *Tx) RemoveCertificate(id string) error {
	return tx.execOne("DELETE FROM certificates WHERE id = ?", id)
}

// CertificateScopes lists where a certificate is active.
func (tx *Tx) CertificateScopes(id string) ([]string, error) {
	return query(tx, func(row scanner) (scope string, err error) {
		err = row.Scan(&scope)
		return scope, err
	}, "SELECT scope FROM active_certificates WHERE certificate_id = ? ORDER BY scope", id)
}

// ActivateCertificate makes a certificate count in a scope.
func (tx *Tx) ActivateCertificate(id, scope string) error {
	return tx.exec("INSERT OR IGNORE INTO active_certificates (certificate_id, scope) VALUES (?, ?)", id, scope)
}

// DeactivateCertificate ends that.
func (tx *Tx) DeactivateCertificate(id, scope string) error {
	return tx.exec("DELETE FROM active_certificates WHERE certificate_id = ? AND scope = ?", id, scope)
}
