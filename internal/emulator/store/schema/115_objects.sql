-- Objects that only their own endpoints use, as JSON. The parent is
-- the id of the object that they belong to, or empty for the organization.
CREATE TABLE objects (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  collection TEXT NOT NULL,
  parent     TEXT NOT NULL,
  id         TEXT NOT NULL,
  object     TEXT NOT NULL,
  UNIQUE (collection, parent, id)
) STRICT;

-- External keys are such objects. Their previous table stays, because files of
-- earlier versions have it.
INSERT INTO objects (collection, parent, id, object)
  SELECT 'external_keys', '', id, json_object('ID', id, 'Type', type, 'Name', name, 'Purpose', purpose, 'Fields', json(fields), 'CreatedAt', created_at)
  FROM external_keys ORDER BY created_at, seq;
DELETE FROM external_keys;
