-- An arrears case keeps the statutes that it was opened under, and when its member was told of what. SQLite takes a new column that must have a value only
-- with a new table, and with it the table that refers to it.

-- +goose Up
CREATE TABLE cases_next (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  rule_set_id INTEGER NOT NULL REFERENCES rule_sets (id),
  opened_on TEXT NOT NULL,
  opened_by INTEGER NOT NULL REFERENCES accounts (id),
  opened_at DATETIME NOT NULL,
  hearing_until TEXT,
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

-- What of a case was handed over on which day: to the member, who was told, or by the member, on paper. An empty how is
-- the inbox of the member's account.
CREATE TABLE arrears_case_deliveries (
  case_id INTEGER NOT NULL REFERENCES arrears_cases (id),
  kind TEXT NOT NULL CHECK (kind IN ('opening', 'decision', 'statement', 'appeal')),
  on_day TEXT NOT NULL,
  how TEXT NOT NULL,
  recorded_by INTEGER NOT NULL REFERENCES accounts (id),
  recorded_at DATETIME NOT NULL,
  PRIMARY KEY (case_id, kind)
);
-- Who had an account found the notice in the inbox. Nothing that was decided, or is over, is called in question; but the
-- clocks that still run against a member whom nobody told stop until somebody does.
INSERT INTO arrears_case_deliveries
SELECT c.id, 'opening', c.opened_on, '', c.opened_by, c.opened_at FROM arrears_cases c
WHERE c.decision <> '' OR c.closed_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM inbox_notices n WHERE n.kind = 'fees.notice.case_opened' AND n.href = '/fees/cases/' || c.id);
INSERT INTO arrears_case_deliveries
SELECT c.id, 'decision', substr(c.decided_at, 1, 10), '', c.decided_by, c.decided_at FROM arrears_cases c
WHERE c.decision = 'suspend' AND (c.closed_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM inbox_notices n WHERE n.kind = 'fees.notice.decision.suspend' AND n.href = '/fees/cases/' || c.id));
UPDATE arrears_cases SET hearing_until = NULL
WHERE NOT EXISTS (SELECT 1 FROM arrears_case_deliveries d WHERE d.case_id = arrears_cases.id AND d.kind = 'opening');
-- +goose StatementBegin
CREATE TRIGGER arrears_case_deliveries_immutable_update BEFORE UPDATE ON arrears_case_deliveries
BEGIN SELECT RAISE(ABORT, 'rows of arrears_case_deliveries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER arrears_case_deliveries_immutable_delete BEFORE DELETE ON arrears_case_deliveries
BEGIN SELECT RAISE(ABORT, 'rows of arrears_case_deliveries are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE arrears_case_deliveries;
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
SELECT id, member_id, opened_on, opened_by, opened_at, COALESCE(hearing_until, opened_on), statement, statement_at, decision, decision_reason, decided_by, decided_at,
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
