-- What a project may use. A project without a row has no policy of its own.
CREATE TABLE model_permissions (
  project_id TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  mode       TEXT NOT NULL,
  model_ids  TEXT NOT NULL
) STRICT;

CREATE TABLE hosted_tools (
  project_id       TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  code_interpreter INTEGER NOT NULL,
  file_search      INTEGER NOT NULL,
  image_generation INTEGER NOT NULL,
  mcp              INTEGER NOT NULL,
  web_search       INTEGER NOT NULL
) STRICT;

-- The enabled tiers are a JSON list, or null for all of them.
CREATE TABLE service_tiers (
  project_id   TEXT PRIMARY KEY REFERENCES projects (id) ON DELETE CASCADE,
  default_tier TEXT NOT NULL,
  enabled      TEXT NOT NULL
) STRICT;

-- The scope is a project's id, or empty for the organization.
CREATE TABLE data_retention (
  scope TEXT PRIMARY KEY,
  type  TEXT NOT NULL
) STRICT;
