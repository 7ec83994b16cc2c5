-- What applications have uploaded, project by project.
CREATE TABLE files (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  filename   TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  bytes      INTEGER NOT NULL,
  content    BLOB NOT NULL
) STRICT;
CREATE INDEX files_project ON files (project_id);

CREATE TABLE vector_stores (
  seq            INTEGER PRIMARY KEY AUTOINCREMENT,
  id             TEXT NOT NULL UNIQUE,
  project_id     TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name           TEXT,
  created_at     INTEGER NOT NULL,
  last_active_at INTEGER NOT NULL,
  expires_days   INTEGER,
  metadata       TEXT NOT NULL
) STRICT;
CREATE INDEX vector_stores_project ON vector_stores (project_id);

CREATE TABLE vector_store_files (
  vector_store_id TEXT NOT NULL REFERENCES vector_stores (id) ON DELETE CASCADE,
  file_id         TEXT NOT NULL REFERENCES files (id) ON DELETE CASCADE,
  PRIMARY KEY (vector_store_id, file_id)
) STRICT;
