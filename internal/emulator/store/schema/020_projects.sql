CREATE TABLE projects (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  archived_at     INTEGER,
  external_key_id TEXT,
  residency       TEXT NOT NULL,
  is_default      INTEGER NOT NULL DEFAULT 0
) STRICT;
