-- The other fields of a registration differ from cloud to cloud, and are JSON.
CREATE TABLE external_keys (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  type       TEXT NOT NULL,
  name       TEXT NOT NULL,
  purpose    TEXT NOT NULL,
  fields     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
