-- What keys may be made. The policy without a project is the organization's.
CREATE TABLE key_policies (
  project_id           TEXT PRIMARY KEY,
  max_lifetime_seconds INTEGER,
  creation             TEXT NOT NULL
) STRICT;
