-- +goose Up
CREATE TABLE proposals (
  id INTEGER PRIMARY KEY,
  author_id INTEGER NOT NULL REFERENCES members (id),
  state TEXT NOT NULL CHECK (state IN ('draft', 'published', 'scheduled', 'approved', 'rejected', 'withdrawn')),
  created_at DATETIME NOT NULL,
  published_at DATETIME,
  withdrawn_at DATETIME
);
CREATE INDEX proposals_state ON proposals (state, id);

CREATE TABLE proposal_versions (
  id INTEGER PRIMARY KEY,
  proposal_id INTEGER NOT NULL REFERENCES proposals (id),
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  created_at DATETIME NOT NULL,
  UNIQUE (proposal_id, number)
);
-- +goose StatementBegin
CREATE TRIGGER proposal_versions_immutable_update BEFORE UPDATE ON proposal_versions
BEGIN SELECT RAISE(ABORT, 'rows of proposal_versions are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER proposal_versions_immutable_delete BEFORE DELETE ON proposal_versions
BEGIN SELECT RAISE(ABORT, 'rows of proposal_versions are never changed'); END;
-- +goose StatementEnd

CREATE TABLE proposal_supports (
  proposal_id INTEGER NOT NULL REFERENCES proposals (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  at DATETIME NOT NULL,
  PRIMARY KEY (proposal_id, member_id)
);

CREATE TABLE assemblies (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ordinary', 'extraordinary')),
  place TEXT NOT NULL,
  online_url TEXT NOT NULL,
  first_call_at DATETIME NOT NULL,
  second_call_at DATETIME NOT NULL,
  created_by INTEGER NOT NULL REFERENCES accounts (id),
  created_at DATETIME NOT NULL,
  convened_at DATETIME,
  convened_by INTEGER REFERENCES accounts (id),
  opened_at DATETIME,
  open_call INTEGER NOT NULL CHECK (open_call IN (0, 1, 2)),
  opened_by INTEGER REFERENCES accounts (id),
  opening TEXT,
  closed_at DATETIME,
  closed_by INTEGER REFERENCES accounts (id),
  CHECK (second_call_at >= first_call_at)
);

CREATE TABLE agenda_items (
  id INTEGER PRIMARY KEY,
  assembly_id INTEGER NOT NULL REFERENCES assemblies (id),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('', 'ordinary', 'statutes', 'merger', 'capital')),
  proposal_id INTEGER REFERENCES proposals (id),
  proposal_version_id INTEGER REFERENCES proposal_versions (id),
  UNIQUE (assembly_id, position)
);
CREATE UNIQUE INDEX agenda_items_proposal ON agenda_items (assembly_id, proposal_id) WHERE proposal_id IS NOT NULL;

CREATE TABLE rolls (
  id INTEGER PRIMARY KEY,
  assembly_id INTEGER NOT NULL UNIQUE REFERENCES assemblies (id),
  rule_set_id INTEGER NOT NULL REFERENCES rule_sets (id),
  record_at DATETIME NOT NULL,
  corrections_until DATETIME NOT NULL,
  frozen_at DATETIME NOT NULL
);
CREATE TABLE roll_entries (
  roll_id INTEGER NOT NULL REFERENCES rolls (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  class_code TEXT NOT NULL,
  eligible BOOLEAN NOT NULL,
  reasons TEXT NOT NULL,
  PRIMARY KEY (roll_id, member_id)
);
CREATE TABLE roll_corrections (
  id INTEGER PRIMARY KEY,
  roll_id INTEGER NOT NULL REFERENCES rolls (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  class_code TEXT NOT NULL,
  eligible BOOLEAN NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('claim', 'payment', 'appeal')),
  reason TEXT NOT NULL,
  by_id INTEGER REFERENCES accounts (id),
  at DATETIME NOT NULL
);
CREATE INDEX roll_corrections_roll ON roll_corrections (roll_id, member_id, id);
-- +goose StatementBegin
CREATE TRIGGER rolls_immutable_update BEFORE UPDATE ON rolls
BEGIN SELECT RAISE(ABORT, 'rows of rolls are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER rolls_immutable_delete BEFORE DELETE ON rolls
BEGIN SELECT RAISE(ABORT, 'rows of rolls are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roll_entries_immutable_update BEFORE UPDATE ON roll_entries
BEGIN SELECT RAISE(ABORT, 'rows of roll_entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roll_entries_immutable_delete BEFORE DELETE ON roll_entries
BEGIN SELECT RAISE(ABORT, 'rows of roll_entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roll_corrections_immutable_update BEFORE UPDATE ON roll_corrections
BEGIN SELECT RAISE(ABORT, 'rows of roll_corrections are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER roll_corrections_immutable_delete BEFORE DELETE ON roll_corrections
BEGIN SELECT RAISE(ABORT, 'rows of roll_corrections are never changed'); END;
-- +goose StatementEnd

CREATE TABLE attendances (
  assembly_id INTEGER NOT NULL REFERENCES assemblies (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  mode TEXT NOT NULL CHECK (mode IN ('in_person', 'remote')),
  arrived_at DATETIME NOT NULL,
  left_at DATETIME,
  checked_in_by INTEGER NOT NULL REFERENCES accounts (id),
  PRIMARY KEY (assembly_id, member_id)
);

CREATE TABLE proxies (
  id INTEGER PRIMARY KEY,
  assembly_id INTEGER NOT NULL REFERENCES assemblies (id),
  giver_id INTEGER NOT NULL REFERENCES members (id),
  holder_id INTEGER NOT NULL REFERENCES members (id),
  declared_by INTEGER NOT NULL REFERENCES accounts (id),
  declared_at DATETIME NOT NULL,
  revoked_by INTEGER REFERENCES accounts (id),
  revoked_at DATETIME,
  CHECK (giver_id <> holder_id)
);
CREATE UNIQUE INDEX proxies_giver ON proxies (assembly_id, giver_id) WHERE revoked_at IS NULL;
CREATE INDEX proxies_holder ON proxies (assembly_id, holder_id);

CREATE TABLE assembly_officers (
  assembly_id INTEGER NOT NULL REFERENCES assemblies (id),
  part TEXT NOT NULL CHECK (part IN ('chair', 'secretary', 'teller')),
  member_id INTEGER NOT NULL REFERENCES members (id),
  named_by INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL,
  PRIMARY KEY (assembly_id, part, member_id)
);

CREATE TABLE polls (
  id INTEGER PRIMARY KEY,
  assembly_id INTEGER NOT NULL REFERENCES assemblies (id),
  agenda_item_id INTEGER NOT NULL REFERENCES agenda_items (id),
  rule_set_id INTEGER NOT NULL REFERENCES rule_sets (id),
  question TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('ordinary', 'statutes', 'merger', 'capital')),
  roll_counts TEXT NOT NULL,
  opened_at DATETIME NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES accounts (id),
  closes_at DATETIME,
  closed_at DATETIME,
  closed_by INTEGER REFERENCES accounts (id),
  result TEXT
);
CREATE INDEX polls_assembly ON polls (assembly_id);
-- One vote at a time on one item.
CREATE UNIQUE INDEX polls_running ON polls (agenda_item_id) WHERE closed_at IS NULL;

-- Who is present or represented when the vote opens, and whose account casts for them.
CREATE TABLE poll_electors (
  poll_id INTEGER NOT NULL REFERENCES polls (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  class_code TEXT NOT NULL,
  voter_id INTEGER NOT NULL REFERENCES members (id),
  account_id INTEGER REFERENCES accounts (id),
  PRIMARY KEY (poll_id, member_id)
);
CREATE INDEX poll_electors_account ON poll_electors (account_id, poll_id);
-- +goose StatementBegin
CREATE TRIGGER poll_electors_immutable_update BEFORE UPDATE ON poll_electors
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_electors_immutable_delete BEFORE DELETE ON poll_electors
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed'); END;
-- +goose StatementEnd

CREATE TABLE votes (
  poll_id INTEGER NOT NULL,
  member_id INTEGER NOT NULL,
  choice TEXT NOT NULL CHECK (choice IN ('for', 'against', 'abstain')),
  cast_by INTEGER NOT NULL REFERENCES accounts (id),
  cast_at DATETIME NOT NULL,
  changes INTEGER NOT NULL,
  PRIMARY KEY (poll_id, member_id),
  FOREIGN KEY (poll_id, member_id) REFERENCES poll_electors (poll_id, member_id)
);
-- +goose StatementBegin
CREATE TRIGGER votes_kept BEFORE DELETE ON votes
BEGIN SELECT RAISE(ABORT, 'rows of votes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER votes_frozen BEFORE UPDATE ON votes
  WHEN EXISTS (SELECT 1 FROM polls WHERE id = NEW.poll_id AND closed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'votes of a closed poll are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER polls_frozen BEFORE UPDATE ON polls
  WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a closed poll is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER polls_kept BEFORE DELETE ON polls
BEGIN SELECT RAISE(ABORT, 'rows of polls are never changed'); END;
-- +goose StatementEnd

CREATE TABLE minutes (
  id INTEGER PRIMARY KEY,
  assembly_id INTEGER NOT NULL UNIQUE REFERENCES assemblies (id),
  language TEXT NOT NULL,
  body TEXT NOT NULL,
  revision INTEGER NOT NULL,
  drafted_at DATETIME NOT NULL,
  edited_by INTEGER REFERENCES accounts (id),
  edited_at DATETIME NOT NULL,
  finalised_at DATETIME
);
-- +goose StatementBegin
CREATE TRIGGER minutes_frozen_update BEFORE UPDATE ON minutes
  WHEN OLD.finalised_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'approved minutes are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER minutes_frozen_delete BEFORE DELETE ON minutes
  WHEN OLD.finalised_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'approved minutes are never changed'); END;
-- +goose StatementEnd

CREATE TABLE minutes_approvals (
  minutes_id INTEGER NOT NULL REFERENCES minutes (id),
  revision INTEGER NOT NULL,
  part TEXT NOT NULL CHECK (part IN ('chair', 'teller')),
  member_id INTEGER NOT NULL REFERENCES members (id),
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL,
  PRIMARY KEY (minutes_id, revision, member_id)
);
-- +goose StatementBegin
CREATE TRIGGER minutes_approvals_immutable_update BEFORE UPDATE ON minutes_approvals
BEGIN SELECT RAISE(ABORT, 'rows of minutes_approvals are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER minutes_approvals_immutable_delete BEFORE DELETE ON minutes_approvals
BEGIN SELECT RAISE(ABORT, 'rows of minutes_approvals are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE minutes_approvals;
DROP TABLE minutes;
DROP TABLE votes;
DROP TABLE poll_electors;
DROP TABLE polls;
DROP TABLE assembly_officers;
DROP TABLE proxies;
DROP TABLE attendances;
DROP TABLE roll_corrections;
DROP TABLE roll_entries;
DROP TABLE rolls;
DROP TABLE agenda_items;
DROP TABLE assemblies;
DROP TABLE proposal_supports;
DROP TABLE proposal_versions;
DROP TABLE proposals;
