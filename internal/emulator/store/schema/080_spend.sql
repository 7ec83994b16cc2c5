-- What each scope has spent in each month, so that a call does not add up the
-- month to know whether it may be served. A month is its first second.
CREATE TABLE month_spend (
  scope    TEXT NOT NULL,
  month    INTEGER NOT NULL,
  nano_usd INTEGER NOT NULL,
  PRIMARY KEY (scope, month)
) STRICT;
INSERT INTO month_spend (scope, month, nano_usd)
  SELECT scope, month, SUM(nano_usd) FROM (
    SELECT '' AS scope, unixepoch(at, 'unixepoch', 'start of month') AS month, nano_usd FROM cost_events
    UNION ALL
    SELECT project_id, unixepoch(at, 'unixepoch', 'start of month'), nano_usd FROM cost_events WHERE project_id IS NOT NULL
  ) GROUP BY scope, month;

-- The alerts that were sent, by threshold and month.
CREATE TABLE alert_notices (
  alert_id         TEXT NOT NULL REFERENCES spend_alerts (id) ON DELETE CASCADE,
  threshold_amount INTEGER NOT NULL,
  month            INTEGER NOT NULL,
  PRIMARY KEY (alert_id, threshold_amount, month)
) STRICT;

-- The messages of alerts. They stay when the alert is removed.
CREATE TABLE outbox (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  alert_id   TEXT NOT NULL,
  scope      TEXT NOT NULL,
  recipients TEXT NOT NULL,
  subject    TEXT NOT NULL,
  body       TEXT NOT NULL,
  delivery   TEXT NOT NULL,
  failure    TEXT
) STRICT;
