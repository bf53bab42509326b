-- +goose Up
CREATE TABLE member_classes (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name_ca TEXT NOT NULL,
  name_es TEXT NOT NULL,
  name_en TEXT NOT NULL,
  position INTEGER NOT NULL
);

CREATE TABLE collectives (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  closed_at DATETIME
);

CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
  name TEXT NOT NULL,
  sort_name TEXT NOT NULL,
  representative TEXT NOT NULL,
  class_id INTEGER NOT NULL REFERENCES member_classes (id),
  collective_id INTEGER REFERENCES collectives (id),
  account_id INTEGER REFERENCES accounts (id),
  email_sealed BLOB,
  language TEXT NOT NULL,
  joined_on TEXT NOT NULL,
  left_on TEXT,
  created_at DATETIME NOT NULL,
  CHECK (left_on IS NULL OR left_on >= joined_on)
);
CREATE INDEX members_account ON members (account_id);
-- sort_name is the name in lower case without accents, so that both databases sort and find alike.
CREATE INDEX members_sort_name ON members (sort_name, id);
-- An account is one person; it may represent many organisations.
CREATE UNIQUE INDEX members_one_person ON members (account_id) WHERE kind = 'person' AND left_on IS NULL;
CREATE INDEX members_collective ON members (collective_id);

CREATE TABLE applications (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL CHECK (kind IN ('person', 'organisation')),
  name TEXT NOT NULL,
  representative TEXT NOT NULL,
  class_id INTEGER NOT NULL REFERENCES member_classes (id),
  collective_id INTEGER NOT NULL REFERENCES collectives (id),
  motivation TEXT NOT NULL,
  applied_at DATETIME NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('waiting', 'admitted', 'refused', 'withdrawn')),
  decided_at DATETIME,
  decided_by INTEGER REFERENCES accounts (id),
  reason TEXT NOT NULL,
  member_id INTEGER REFERENCES members (id)
);
CREATE INDEX applications_collective ON applications (collective_id, outcome);
-- One application at a time for one account.
CREATE UNIQUE INDEX applications_waiting ON applications (account_id) WHERE outcome = 'waiting';

CREATE TABLE departures (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  effective_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);
CREATE INDEX departures_member ON departures (member_id);

CREATE TABLE role_terms (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  role TEXT NOT NULL CHECK (role IN ('facilitator', 'treasurer', 'validator', 'auditor', 'administrator')),
  collective_id INTEGER REFERENCES collectives (id),
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  reason TEXT NOT NULL,
  appointed_by INTEGER REFERENCES accounts (id),
  appointed_at DATETIME NOT NULL,
  ended_by INTEGER REFERENCES accounts (id),
  ended_at DATETIME,
  CHECK ((role = 'validator') = (collective_id IS NOT NULL))
);
CREATE INDEX role_terms_account ON role_terms (account_id);

-- +goose Down
DROP TABLE role_terms;
DROP TABLE departures;
DROP TABLE applications;
DROP TABLE members;
DROP TABLE collectives;
DROP TABLE member_classes;
