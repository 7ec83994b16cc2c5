CREATE TABLE users (
  seq                 INTEGER PRIMARY KEY AUTOINCREMENT,
  id                  TEXT NOT NULL UNIQUE,
  email               TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name                TEXT NOT NULL,
  role                TEXT NOT NULL,
  added_at            INTEGER NOT NULL,
  technical_level     TEXT,
  developer_persona   TEXT,
  is_scim_managed     INTEGER NOT NULL DEFAULT 0,
  api_key_last_used_at INTEGER
) STRICT;

CREATE TABLE project_users (
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  user_id    TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role       TEXT NOT NULL,
  added_at   INTEGER NOT NULL,
  PRIMARY KEY (project_id, user_id)
) STRICT;

CREATE TABLE invites (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  email       TEXT NOT NULL COLLATE NOCASE,
  role        TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  expires_at  INTEGER NOT NULL,
  accepted_at INTEGER
) STRICT;

CREATE TABLE invite_projects (
  invite_id  TEXT NOT NULL REFERENCES invites (id) ON DELETE CASCADE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  role       TEXT NOT NULL,
  PRIMARY KEY (invite_id, project_id)
) STRICT;
