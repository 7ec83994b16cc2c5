-- Transformations, verification, matchers and scopes are JSON as the API returns
-- them; a rule without scopes gives all that its account may do.
CREATE TABLE workload_identity_providers (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  issuer          TEXT NOT NULL,
  audience        TEXT NOT NULL,
  description     TEXT,
  enabled         INTEGER NOT NULL,
  transformations TEXT NOT NULL,
  verification    TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE federation_rules (
  seq                INTEGER PRIMARY KEY AUTOINCREMENT,
  id                 TEXT NOT NULL UNIQUE,
  provider_id        TEXT NOT NULL REFERENCES workload_identity_providers (id),
  project_id         TEXT NOT NULL,
  service_account_id TEXT NOT NULL REFERENCES service_accounts (id) ON DELETE CASCADE,
  matchers           TEXT NOT NULL,
  name               TEXT,
  description        TEXT,
  enabled            INTEGER NOT NULL,
  scopes             TEXT,
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL
) STRICT;
