-- place is what the registration says of the storage, which differs from cloud
-- to cloud, as JSON; name is that of the bucket or container in it.
CREATE TABLE external_storage (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  name       TEXT NOT NULL,
  place      TEXT NOT NULL,
  geography  TEXT NOT NULL,
  status     TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Problems of buckets and containers in a customer's cloud. Those that are not
-- here have none.
CREATE TABLE storage_troubles (
  name    TEXT PRIMARY KEY,
  status  TEXT NOT NULL,
  code    TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
