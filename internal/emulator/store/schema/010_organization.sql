CREATE TABLE settings (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT;

-- Requests served. Never a header, a body or a secret.
CREATE TABLE journal (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  at         TEXT NOT NULL,
  method     TEXT NOT NULL,
  path       TEXT NOT NULL,
  route      TEXT NOT NULL,
  query      TEXT NOT NULL,
  status     INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX journal_route ON journal (method, route);
