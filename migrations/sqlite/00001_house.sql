-- +goose Up

CREATE TABLE cooperatives (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  handle TEXT NOT NULL UNIQUE,
  passphrase_hash TEXT NOT NULL,
  language TEXT NOT NULL,
  email_sealed BLOB,
  created_at DATETIME NOT NULL,
  disabled_at DATETIME
);

CREATE TABLE sessions (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  token_hash BLOB NOT NULL UNIQUE,
  device TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  seen_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  revoked_at DATETIME
);
CREATE INDEX sessions_account ON sessions (account_id);

CREATE TABLE throttles (
  key BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at DATETIME NOT NULL,
  blocked_until DATETIME
);

CREATE TABLE rule_sets (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL UNIQUE,
  preset TEXT NOT NULL,
  body TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_by INTEGER REFERENCES accounts (id),
  created_at DATETIME NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER rule_sets_immutable_update BEFORE UPDATE ON rule_sets
BEGIN SELECT RAISE(ABORT, 'rows of rule_sets are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rule_sets_immutable_delete BEFORE DELETE ON rule_sets
BEGIN SELECT RAISE(ABORT, 'rows of rule_sets are never changed'); END;
-- +goose StatementEnd

-- What a form sent twice answers the second time: the reference its first sending made.
CREATE TABLE once_tokens (
  token TEXT PRIMARY KEY,
  ref TEXT NOT NULL,
  at DATETIME NOT NULL
);
CREATE INDEX once_tokens_at ON once_tokens (at);

CREATE TABLE inbox_notices (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  kind TEXT NOT NULL,
  args TEXT NOT NULL,
  href TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  read_at DATETIME
);
CREATE INDEX inbox_notices_account ON inbox_notices (account_id, id);

CREATE TABLE audit_lines (
  id INTEGER PRIMARY KEY,
  at DATETIME NOT NULL,
  account_id INTEGER,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id INTEGER NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_lines_subject ON audit_lines (subject, subject_id);
-- +goose StatementBegin
CREATE TRIGGER audit_lines_immutable_update BEFORE UPDATE ON audit_lines
BEGIN SELECT RAISE(ABORT, 'rows of audit_lines are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_lines_immutable_delete BEFORE DELETE ON audit_lines
BEGIN SELECT RAISE(ABORT, 'rows of audit_lines are never changed'); END;
-- +goose StatementEnd

-- The Merkle log over the audit lines: which line is which leaf, the stored hashes, the heads.
CREATE TABLE audit_leaves (
  leaf INTEGER PRIMARY KEY,
  line_id INTEGER NOT NULL UNIQUE REFERENCES audit_lines (id)
);
CREATE TABLE audit_hashes (
  position INTEGER PRIMARY KEY,
  hash BLOB NOT NULL
);
CREATE TABLE audit_seals (
  size INTEGER PRIMARY KEY,
  root BLOB NOT NULL,
  sealed_at DATETIME NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER audit_leaves_immutable_update BEFORE UPDATE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'rows of audit_leaves are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_leaves_immutable_delete BEFORE DELETE ON audit_leaves
BEGIN SELECT RAISE(ABORT, 'rows of audit_leaves are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_hashes_immutable_update BEFORE UPDATE ON audit_hashes
BEGIN SELECT RAISE(ABORT, 'rows of audit_hashes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_hashes_immutable_delete BEFORE DELETE ON audit_hashes
BEGIN SELECT RAISE(ABORT, 'rows of audit_hashes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_immutable_update BEFORE UPDATE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'rows of audit_seals are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_seals_immutable_delete BEFORE DELETE ON audit_seals
BEGIN SELECT RAISE(ABORT, 'rows of audit_seals are never changed'); END;
-- +goose StatementEnd

CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until DATETIME NOT NULL
);

CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,
  job TEXT NOT NULL,
  body BLOB NOT NULL,
  error TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  failed_at DATETIME NOT NULL,
  rerun_at DATETIME
);

-- +goose Down
DROP TABLE dead_letters;
DROP TABLE leases;
DROP TABLE audit_seals;
DROP TABLE audit_hashes;
DROP TABLE audit_leaves;
DROP TABLE audit_lines;
DROP TABLE inbox_notices;
DROP TABLE once_tokens;
DROP TABLE rule_sets;
DROP TABLE throttles;
DROP TABLE sessions;
DROP TABLE accounts;
DROP TABLE cooperatives;
