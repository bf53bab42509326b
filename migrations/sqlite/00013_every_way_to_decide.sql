-- Polls of every kind, in assemblies and outside them: what is chosen from, what candidates declare, how objections are
-- answered, what follows, standing delegations.

-- +goose Up
-- SQLite's own way to take a constraint from a table without writing its rows again: https://www.sqlite.org/lang_altertable.html#otheralter
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
  'assembly_id INTEGER NOT NULL REFERENCES', 'assembly_id INTEGER REFERENCES'),
  'agenda_item_id INTEGER NOT NULL REFERENCES', 'agenda_item_id INTEGER REFERENCES'),
  'decision IN (''ordinary''', 'decision IN ('''', ''ordinary''')
WHERE type = 'table' AND name = 'polls';
UPDATE sqlite_schema SET sql = replace(sql, ' CHECK (choice IN (''for'', ''against'', ''abstain''))', '')
WHERE type = 'table' AND name = 'votes';
PRAGMA writable_schema = RESET;
ALTER TABLE polls ADD COLUMN method TEXT NOT NULL DEFAULT 'motion';
ALTER TABLE polls ADD COLUMN body TEXT NOT NULL DEFAULT '';
ALTER TABLE polls ADD COLUMN setup TEXT NOT NULL DEFAULT '{}';
ALTER TABLE polls ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE polls ADD COLUMN count TEXT;
ALTER TABLE polls ADD COLUMN seed TEXT NOT NULL DEFAULT '';
ALTER TABLE polls ADD COLUMN reminded_at DATETIME;
ALTER TABLE polls ADD COLUMN rerun_of INTEGER REFERENCES polls (id);
ALTER TABLE votes ADD COLUMN reason TEXT NOT NULL DEFAULT '';
-- Who voted for the member by standing delegation, counted when the poll closed.
ALTER TABLE votes ADD COLUMN delegate_id INTEGER REFERENCES members (id);
CREATE TABLE poll_options (
  poll_id INTEGER NOT NULL REFERENCES polls (id),
  position INTEGER NOT NULL,
  label TEXT NOT NULL,
  detail TEXT NOT NULL,
  cost_cents INTEGER NOT NULL CHECK (cost_cents >= 0),
  member_id INTEGER REFERENCES members (id),
  PRIMARY KEY (poll_id, position)
);
-- What candidates say of themselves for the parity rule of one election; the last row for an option holds.
CREATE TABLE poll_declarations (
  id INTEGER PRIMARY KEY,
  poll_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  in_group BOOLEAN NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL,
  FOREIGN KEY (poll_id, position) REFERENCES poll_options (poll_id, position)
);
CREATE INDEX poll_declarations_option ON poll_declarations (poll_id, position, id);
-- How an objection or a block was answered; the last row for a member holds.
CREATE TABLE poll_resolutions (
  id INTEGER PRIMARY KEY,
  poll_id INTEGER NOT NULL,
  member_id INTEGER NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('amended', 'withdrawn', 'upheld')),
  words TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL,
  FOREIGN KEY (poll_id, member_id) REFERENCES poll_electors (poll_id, member_id)
);
CREATE INDEX poll_resolutions_member ON poll_resolutions (poll_id, member_id, id);
-- What follows from a closed poll, who carries it out, and by when; the last row holds.
CREATE TABLE poll_outcomes (
  id INTEGER PRIMARY KEY,
  poll_id INTEGER NOT NULL REFERENCES polls (id),
  words TEXT NOT NULL,
  carried_by TEXT NOT NULL,
  due_on TEXT,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);
CREATE INDEX poll_outcomes_poll ON poll_outcomes (poll_id, id);
CREATE TABLE poll_voidings (
  poll_id INTEGER PRIMARY KEY REFERENCES polls (id),
  reason TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);
-- Standing mandates for consultations outside assemblies; an empty topic is every topic.
CREATE TABLE delegations (
  id INTEGER PRIMARY KEY,
  giver_id INTEGER NOT NULL REFERENCES members (id),
  holder_id INTEGER NOT NULL REFERENCES members (id),
  topic TEXT NOT NULL,
  expires_on TEXT NOT NULL,
  given_by INTEGER NOT NULL REFERENCES accounts (id),
  given_at DATETIME NOT NULL,
  revoked_by INTEGER REFERENCES accounts (id),
  revoked_at DATETIME,
  CHECK (giver_id <> holder_id)
);
CREATE UNIQUE INDEX delegations_giver ON delegations (giver_id, topic) WHERE revoked_at IS NULL;
CREATE INDEX delegations_holder ON delegations (holder_id);
-- +goose StatementBegin
CREATE TRIGGER poll_options_immutable_update BEFORE UPDATE ON poll_options
BEGIN SELECT RAISE(ABORT, 'rows of poll_options are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_options_immutable_delete BEFORE DELETE ON poll_options
BEGIN SELECT RAISE(ABORT, 'rows of poll_options are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_declarations_immutable_update BEFORE UPDATE ON poll_declarations
BEGIN SELECT RAISE(ABORT, 'rows of poll_declarations are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_declarations_immutable_delete BEFORE DELETE ON poll_declarations
BEGIN SELECT RAISE(ABORT, 'rows of poll_declarations are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_resolutions_immutable_update BEFORE UPDATE ON poll_resolutions
BEGIN SELECT RAISE(ABORT, 'rows of poll_resolutions are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_resolutions_immutable_delete BEFORE DELETE ON poll_resolutions
BEGIN SELECT RAISE(ABORT, 'rows of poll_resolutions are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_outcomes_immutable_update BEFORE UPDATE ON poll_outcomes
BEGIN SELECT RAISE(ABORT, 'rows of poll_outcomes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_outcomes_immutable_delete BEFORE DELETE ON poll_outcomes
BEGIN SELECT RAISE(ABORT, 'rows of poll_outcomes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_voidings_immutable_update BEFORE UPDATE ON poll_voidings
BEGIN SELECT RAISE(ABORT, 'rows of poll_voidings are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_voidings_immutable_delete BEFORE DELETE ON poll_voidings
BEGIN SELECT RAISE(ABORT, 'rows of poll_voidings are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE delegations;
DROP TABLE poll_voidings;
DROP TABLE poll_outcomes;
DROP TABLE poll_resolutions;
DROP TABLE poll_declarations;
DROP TABLE poll_options;
ALTER TABLE votes DROP COLUMN delegate_id;
ALTER TABLE votes DROP COLUMN reason;
ALTER TABLE polls DROP COLUMN rerun_of;
ALTER TABLE polls DROP COLUMN reminded_at;
ALTER TABLE polls DROP COLUMN seed;
ALTER TABLE polls DROP COLUMN count;
ALTER TABLE polls DROP COLUMN waits;
ALTER TABLE polls DROP COLUMN setup;
ALTER TABLE polls DROP COLUMN body;
ALTER TABLE polls DROP COLUMN method;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(replace(sql,
  'assembly_id INTEGER REFERENCES', 'assembly_id INTEGER NOT NULL REFERENCES'),
  'agenda_item_id INTEGER REFERENCES', 'agenda_item_id INTEGER NOT NULL REFERENCES'),
  'decision IN ('''', ''ordinary''', 'decision IN (''ordinary''')
WHERE type = 'table' AND name = 'polls';
UPDATE sqlite_schema SET sql = replace(sql, 'choice TEXT NOT NULL,', 'choice TEXT NOT NULL CHECK (choice IN (''for'', ''against'', ''abstain'')),')
WHERE type = 'table' AND name = 'votes';
PRAGMA writable_schema = RESET;
