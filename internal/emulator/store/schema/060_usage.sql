-- What happened, one row for each event. A dimension that an event does not
-- have is null; a measure is zero.
CREATE TABLE usage_events (
  kind            TEXT NOT NULL,
  at              INTEGER NOT NULL,
  project_id      TEXT,
  user_id         TEXT,
  api_key_id      TEXT,
  model           TEXT,
  batch           INTEGER,
  service_tier    TEXT,
  api_source      TEXT,
  size            TEXT,
  source          TEXT,
  vector_store_id TEXT,
  context_level   TEXT,
  num_model_requests           INTEGER NOT NULL DEFAULT 0,
  num_requests                 INTEGER NOT NULL DEFAULT 0,
  num_sessions                 INTEGER NOT NULL DEFAULT 0,
  input_tokens                 INTEGER NOT NULL DEFAULT 0,
  input_uncached_tokens        INTEGER NOT NULL DEFAULT 0,
  input_cached_tokens          INTEGER NOT NULL DEFAULT 0,
  input_cached_text_tokens     INTEGER NOT NULL DEFAULT 0,
  input_cached_audio_tokens    INTEGER NOT NULL DEFAULT 0,
  input_cached_image_tokens    INTEGER NOT NULL DEFAULT 0,
  input_cache_write_tokens     INTEGER NOT NULL DEFAULT 0,
  input_cache_write_30m_tokens INTEGER NOT NULL DEFAULT 0,
  input_cache_write_12h_tokens INTEGER NOT NULL DEFAULT 0,
  input_text_tokens            INTEGER NOT NULL DEFAULT 0,
  input_audio_tokens           INTEGER NOT NULL DEFAULT 0,
  input_image_tokens           INTEGER NOT NULL DEFAULT 0,
  output_tokens                INTEGER NOT NULL DEFAULT 0,
  output_text_tokens           INTEGER NOT NULL DEFAULT 0,
  output_audio_tokens          INTEGER NOT NULL DEFAULT 0,
  output_image_tokens          INTEGER NOT NULL DEFAULT 0,
  images                       INTEGER NOT NULL DEFAULT 0,
  characters                   INTEGER NOT NULL DEFAULT 0,
  seconds                      INTEGER NOT NULL DEFAULT 0,
  usage_bytes                  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX usage_events_at ON usage_events (kind, at);

-- Money is kept in billionths of a dollar and quantities in millionths of a
-- unit, so that sums are exact.
CREATE TABLE cost_events (
  at             INTEGER NOT NULL,
  project_id     TEXT,
  user_id        TEXT,
  api_key_id     TEXT,
  line_item      TEXT,
  api_source     TEXT,
  nano_usd       INTEGER NOT NULL,
  quantity_micro INTEGER,
  quantity_unit  TEXT
) STRICT;
CREATE INDEX cost_events_at ON cost_events (at);
