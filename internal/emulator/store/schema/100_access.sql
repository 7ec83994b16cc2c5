CREATE TABLE user_groups (
  seq             INTEGER PRIMARY KEY AUTOINCREMENT,
  id              TEXT NOT NULL UNIQUE,
  name            TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  group_type      TEXT NOT NULL,
  is_scim_managed INTEGER NOT NULL
) STRICT;

-- Members are people and service accounts.
CREATE TABLE group_users (
  seq      INTEGER PRIMARY KEY AUTOINCREMENT,
  group_id TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
  user_id  TEXT NOT NULL,
  UNIQUE (group_id, user_id)
) STRICT;

CREATE TABLE project_groups (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
  group_id   TEXT NOT NULL REFERENCES user_groups (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  UNIQUE (project_id, group_id)
) STRICT;

-- Custom roles; project_id is empty for those of the organization.
CREATE TABLE roles (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  project_id  TEXT NOT NULL,
  name        TEXT NOT NULL,
  description TEXT,
  permissions TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  created_by  TEXT NOT NULL,
  UNIQUE (project_id, name)
) STRICT;

-- Who has which role, custom or predefined, in the organization (an empty
-- project_id) or in a project.
CREATE TABLE role_assignments (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  project_id   TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  role_id      TEXT NOT NULL,
  UNIQUE (project_id, principal_id, role_id)
) STRICT;

CREATE TRIGGER user_gone AFTER DELETE ON users BEGIN
  DELETE FROM group_users WHERE user_id = OLD.id;
  DELETE FROM role_assignments WHERE principal_id = OLD.id;
END;

CREATE TRIGGER service_account_gone AFTER DELETE ON service_accounts BEGIN
  DELETE FROM group_users WHERE user_id = OLD.id;
  DELETE FROM role_assignments WHERE principal_id = OLD.id;
END;

CREATE TRIGGER group_gone AFTER DELETE ON user_groups BEGIN
  DELETE FROM role_assignments WHERE principal_id = OLD.id;
END;

CREATE TRIGGER role_gone AFTER DELETE ON roles BEGIN
  DELETE FROM role_assignments WHERE role_id = OLD.id;
END;

-- A group that leaves a project leaves its roles there.
CREATE TRIGGER project_group_gone AFTER DELETE ON project_groups BEGIN
  DELETE FROM role_assignments WHERE project_id = OLD.project_id AND principal_id = OLD.group_id;
END;
