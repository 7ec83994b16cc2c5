-- The scope of a limit or an alert is a project's id, or empty for the
-- organization. Amounts are cents.
CREATE TABLE spend_limits (
  scope            TEXT PRIMARY KEY,
  threshold_amount INTEGER NOT NULL,
  currency         TEXT NOT NULL,
  interval         TEXT NOT NULL,
  disabled         INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE spend_alerts (
  seq              INTEGER PRIMARY KEY AUTOINCREMENT,
  id               TEXT NOT NULL UNIQUE,
  scope            TEXT NOT NULL,
  threshold_amount INTEGER NOT NULL,
  currency         TEXT NOT NULL,
  interval         TEXT NOT NULL,
  recipients       TEXT NOT NULL,
  subject_prefix   TEXT
) STRICT;

-- What the organization may request of each model; null where a model has no
-- such limit.
CREATE TABLE models (
  seq                              INTEGER PRIMARY KEY AUTOINCREMENT,
  model                            TEXT NOT NULL UNIQUE,
  max_requests_per_1_minute        INTEGER NOT NULL,
  max_tokens_per_1_minute          INTEGER NOT NULL,
  max_images_per_1_minute          INTEGER,
  max_audio_megabytes_per_1_minute INTEGER,
  max_requests_per_1_day           INTEGER,
  batch_1_day_max_input_tokens     INTEGER
) STRICT;

-- What a project has changed of that.
CREATE TABLE rate_limits (
  project_id                       TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  model                            TEXT NOT NULL REFERENCES models (model) ON DELETE CASCADE,
  max_requests_per_1_minute        INTEGER NOT NULL,
  max_tokens_per_1_minute          INTEGER NOT NULL,
  max_images_per_1_minute          INTEGER,
  max_audio_megabytes_per_1_minute INTEGER,
  max_requests_per_1_day           INTEGER,
  batch_1_day_max_input_tokens     INTEGER,
  PRIMARY KEY (project_id, model)
) STRICT;
