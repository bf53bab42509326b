-- An arrears case keeps the statutes that it was opened under. SQLite takes a new column that must have a value only
-- with a new table, and with it the table that refers to it.

-- +goose Up
CREATE TABLE cases_next (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  rule_set_id INTEGER NOT NULL REFERENCES rule_sets (id),
  opened_on TEXT NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES accounts (id),
  opened_at DATETIME NOT NULL,
  hearing_until TEXT NOT NULL,
  statement TEXT NOT NULL,
  statement_at DATETIME,
  decision TEXT NOT NULL CHECK (decision IN ('', 'suspend', 'dismiss')),
  decision_reason TEXT NOT NULL,
  decided_by INTEGER REFERENCES accounts (id),
  decided_at DATETIME,
  appeal TEXT NOT NULL,
  appealed_at DATETIME,
  appeal_outcome TEXT NOT NULL CHECK (appeal_outcome IN ('', 'upheld', 'rejected')),
  appeal_reason TEXT NOT NULL,
  appeal_decided_by INTEGER REFERENCES accounts (id),
  appeal_decided_at DATETIME,
  closed_at DATETIME
);
-- Those there are were opened under the version in force at that moment.
INSERT INTO cases_next
SELECT c.id, c.member_id,
  COALESCE((SELECT r.id FROM rule_sets r WHERE r.created_at <= c.opened_at ORDER BY r.version DESC LIMIT 1), (SELECT r.id FROM rule_sets r ORDER BY r.version LIMIT 1)),
  c.opened_on, c.opened_by, c.opened_at, c.hearing_until, c.statement, c.statement_at, c.decision, c.decision_reason, c.decided_by, c.decided_at,
  c.appeal, c.appealed_at, c.appeal_outcome, c.appeal_reason, c.appeal_decided_by, c.appeal_decided_at, c.closed_at
FROM arrears_cases c;
CREATE TABLE case_charges_next (
  case_id INTEGER NOT NULL REFERENCES cases_next (id),
  charge_id INTEGER NOT NULL REFERENCES charges (id),
  PRIMARY KEY (case_id, charge_id)
);
INSERT INTO case_charges_next SELECT case_id, charge_id FROM arrears_case_charges;
DROP TABLE arrears_case_charges;
DROP TABLE arrears_cases;
ALTER TABLE cases_next RENAME TO arrears_cases;
ALTER TABLE case_charges_next RENAME TO arrears_case_charges;
CREATE UNIQUE INDEX arrears_cases_open ON arrears_cases (member_id) WHERE closed_at IS NULL;

-- +goose Down
CREATE TABLE cases_before (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  opened_on TEXT NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES accounts (id),
  opened_at DATETIME NOT NULL,
  hearing_until TEXT NOT NULL,
  statement TEXT NOT NULL,
  statement_at DATETIME,
  decision TEXT NOT NULL CHECK (decision IN ('', 'suspend', 'dismiss')),
  decision_reason TEXT NOT NULL,
  decided_by INTEGER REFERENCES accounts (id),
  decided_at DATETIME,
  appeal TEXT NOT NULL,
  appealed_at DATETIME,
  appeal_outcome TEXT NOT NULL CHECK (appeal_outcome IN ('', 'upheld', 'rejected')),
  appeal_reason TEXT NOT NULL,
  appeal_decided_by INTEGER REFERENCES accounts (id),
  appeal_decided_at DATETIME,
  closed_at DATETIME
);
INSERT INTO cases_before
SELECT id, member_id, opened_on, opened_by, opened_at, hearing_until, statement, statement_at, decision, decision_reason, decided_by, decided_at,
  appeal, appealed_at, appeal_outcome, appeal_reason, appeal_decided_by, appeal_decided_at, closed_at
FROM arrears_cases;
CREATE TABLE case_charges_before (
  case_id INTEGER NOT NULL REFERENCES cases_before (id),
  charge_id INTEGER NOT NULL REFERENCES charges (id),
  PRIMARY KEY (case_id, charge_id)
);
INSERT INTO case_charges_before SELECT case_id, charge_id FROM arrears_case_charges;
DROP TABLE arrears_case_charges;
DROP TABLE arrears_cases;
ALTER TABLE cases_before RENAME TO arrears_cases;
ALTER TABLE case_charges_before RENAME TO arrears_case_charges;
CREATE UNIQUE INDEX arrears_cases_open ON arrears_cases (member_id) WHERE closed_at IS NULL;
