-- Which key sent a request, for which project, how it was refused, and how long
-- it took. The key is an id, empty where the request had none that is known.
ALTER TABLE journal ADD COLUMN key_id TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN project_id TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN error_code TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN duration_us INTEGER NOT NULL DEFAULT 0;

-- The project that a change belongs to, empty for the organization. The entry
-- itself names the default project, as those of the API do.
ALTER TABLE audit_log ADD COLUMN scope TEXT NOT NULL DEFAULT '';
