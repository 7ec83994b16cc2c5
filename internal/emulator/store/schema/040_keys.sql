CREATE TABLE service_accounts (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Secrets are kept as hashes only. A key belongs to a user or to a service
-- account.
CREATE TABLE api_keys (
  seq                INTEGER PRIMARY KEY AUTOINCREMENT,
  id                 TEXT NOT NULL UNIQUE,
  project_id         TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  service_account_id TEXT REFERENCES service_accounts (id) ON DELETE CASCADE,
  user_id            TEXT REFERENCES users (id) ON DELETE CASCADE,
  name               TEXT NOT NULL,
  secret_hash        TEXT NOT NULL UNIQUE,
  redacted_value     TEXT NOT NULL,
  scopes             TEXT NOT NULL,
  created_at         INTEGER NOT NULL,
  expires_at         INTEGER,
  last_used_at       INTEGER,
  CHECK ((service_account_id IS NULL) <> (user_id IS NULL))
) STRICT;

CREATE TABLE admin_keys (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT NOT NULL UNIQUE,
  user_id        TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name           TEXT NOT NULL,
  secret_hash    TEXT NOT NULL UNIQUE,
  redacted_value TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER,
  last_used_at   INTEGER
) STRICT;
