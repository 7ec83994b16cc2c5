package store

// IdentityProvider issues the tokens that workloads identify themselves with.
type IdentityProvider struct {
	ID, Name, Issuer, Audience string
	Description                *string
	Enabled                    bool
	// Transformations and Verification are JSON.
	Transformations, Verification string
	CreatedAt, UpdatedAt          int64
}

const identityProviderColumns = "SELECT id, name, issuer, audience, description, enabled, transformations, verification, created_at, updated_at FROM workload_identity_providers "

func scanIdentityProvider(row scanner) (p IdentityProvider, err error) {
	err = row.Scan(&p.ID, &p.Name, &p.Issuer, &p.Audience, &p.Description, &p.Enabled, &p.Transformations, &p.Verification, &p.CreatedAt, &p.UpdatedAt)
	return p, err
}

// AddIdentityProvider stores a new provider.
func (tx *Tx) AddIdentityProvider(p IdentityProvider) (_ IdentityProvider, err error) {
	if p.ID, err = tx.newID("wip_", prefixed("idp_")); err != nil {
		return p, err
	}
	return p, tx.exec(`INSERT INTO workload_identity_providers (id, name, issuer, audience, description, enabled, transformations, verification, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.Name, p.Issuer, p.Audience, p.Description, p.Enabled, p.Transformations, p.Verification, p.CreatedAt, p.UpdatedAt)
}

// IdentityProvider returns a provider by id.
func (tx *Tx) IdentityProvider(id string) (IdentityProvider, error) {
	return queryOne(tx, scanIdentityProvider, identityProviderColumns+"WHERE id = ?", id)
}

// IdentityProviders lists the providers, oldest first.
func (tx *Tx) IdentityProviders() ([]IdentityProvider, error) {
	return query(tx, scanIdentityProvider, identityProviderColumns+"ORDER BY created_at, seq")
}

// UpdateIdentityProvider writes the mutable fields of a provider.
func (tx *Tx) UpdateIdentityProvider(p IdentityProvider) error {
	return tx.execOne(`UPDATE workload_identity_providers SET name = ?, issuer = ?, audience = ?, description = ?, enabled = ?,
		transformations = ?, verification = ?, updated_at = ? WHERE id = ?`,
		p.Name, p.Issuer, p.Audience, p.Description, p.Enabled, p.Transformations, p.Verification, p.UpdatedAt, p.ID)
}

// RemoveIdentityProvider removes a provider, which must have no rules.
func (tx *Tx) RemoveIdentityProvider(id string) error {
	return tx.execOne("DELETE FROM workload_identity_providers WHERE id = ?", id)
}

// FederationRule lets the holders of certain tokens act as a service account.
type FederationRule struct {
	ID, ProviderID, ProjectID, ServiceAccountID string
	// Matchers is JSON.
	Matchers          string
	Name, Description *string
	Enabled           bool
	// Scopes is JSON, or nil for all that the account may do.
	Scopes               *string
	CreatedAt, UpdatedAt int64
}

const federationRuleColumns = "SELECT id, provider_id, project_id, service_account_id, matchers, name, description, enabled, scopes, created_at, updated_at FROM federation_rules "

func scanFederationRule(row scanner) (r FederationRule, err error) {
	err = row.Scan(&r.ID, &r.ProviderID, &r.ProjectID, &r.ServiceAccountID, &r.Matchers, &r.Name, &r.Description, &r.Enabled, &r.Scopes, &r.CreatedAt, &r.UpdatedAt)
	return r, err
}

// AddFederationRule stores a new rule.
func (tx *Tx) AddFederationRule(r FederationRule) (_ FederationRule, err error) {
	if r.ID, err = tx.NewID("wifr_"); err != nil {
		return r, err
	}
	return r, tx.exec(`INSERT INTO federation_rules (id, provider_id, project_id, service_account_id, matchers, name, description, enabled, scopes, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.ProviderID, r.ProjectID, r.ServiceAccountID, r.Matchers, r.Name, r.Description, r.Enabled, r.Scopes, r.CreatedAt, r.UpdatedAt)
}

// FederationRule returns a rule of a provider.
func (tx *Tx) FederationRule(providerID, id string) (FederationRule, error) {
	return queryOne(tx, scanFederationRule, federationRuleColumns+"WHERE provider_id = ? AND id = ?", providerID, id)
}

// FederationRules lists the rules of a provider, oldest first.
func (tx *Tx) FederationRules(providerID string) ([]FederationRule, error) {
	return query(tx, scanFederationRule, federationRuleColumns+"WHERE provider_id = ? ORDER BY created_at, seq", providerID)
}

// UpdateFederationRule writes the mutable fields of a rule.
func (tx *Tx) UpdateFederationRule(r FederationRule) error {
	return tx.execOne("UPDATE federation_rules SET matchers = ?, name = ?, description = ?, enabled = ?, scopes = ?, updated_at = ? WHERE id = ?",
		r.Matchers, r.Name, r.Description, r.Enabled, r.Scopes, r.UpdatedAt, r.ID)
}

// RemoveFederationRule removes a rule.
func (tx *Tx) RemoveFederationRule(id string) error {
	return tx.execOne("DELETE FROM federation_rules WHERE id = ?", id)
}
