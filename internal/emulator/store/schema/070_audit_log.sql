-- The events of the organization, with their actors. The payload has the fields
-- of the change that the API shows: never a secret.
CREATE TABLE audit_log (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  type         TEXT NOT NULL,
  effective_at INTEGER NOT NULL,
  actor_key    TEXT,
  actor_user   TEXT NOT NULL,
  actor_email  TEXT NOT NULL,
  project_id   TEXT NOT NULL,
  project_name TEXT NOT NULL,
  resource_id  TEXT NOT NULL,
  payload      TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_time ON audit_log (effective_at, seq);
