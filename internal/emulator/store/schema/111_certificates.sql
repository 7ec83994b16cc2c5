CREATE TABLE certificates (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT,
  content    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  valid_at   INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

-- The scopes in which a certificate is active: projects, or empty for the
-- organization.
CREATE TABLE active_certificates (
  certificate_id TEXT NOT NULL REFERENCES certificates (id) ON DELETE CASCADE,
  scope          TEXT NOT NULL,
  PRIMARY KEY (certificate_id, scope)
) STRICT;
