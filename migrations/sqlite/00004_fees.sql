-- +goose Up
CREATE TABLE fee_plans (
  id INTEGER PRIMARY KEY,
  class_id INTEGER NOT NULL REFERENCES member_classes (id),
  name TEXT NOT NULL UNIQUE,
  every TEXT NOT NULL CHECK (every IN ('month', 'quarter', 'year')),
  vat_treatment TEXT NOT NULL,
  due_days INTEGER NOT NULL CHECK (due_days >= 0),
  created_at DATETIME NOT NULL,
  archived_at DATETIME
);

CREATE TABLE prices (
  id INTEGER PRIMARY KEY,
  plan_id INTEGER NOT NULL REFERENCES fee_plans (id),
  valid_from TEXT NOT NULL,
  min_cents INTEGER NOT NULL CHECK (min_cents >= 0),
  suggested_cents INTEGER NOT NULL,
  max_cents INTEGER NOT NULL,
  resolution TEXT NOT NULL,
  set_by INTEGER REFERENCES accounts (id),
  created_at DATETIME NOT NULL,
  UNIQUE (plan_id, valid_from),
  CHECK (suggested_cents >= min_cents AND (max_cents = 0 OR max_cents >= suggested_cents))
);
-- +goose StatementBegin
CREATE TRIGGER prices_immutable_update BEFORE UPDATE ON prices
BEGIN SELECT RAISE(ABORT, 'rows of prices are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER prices_immutable_delete BEFORE DELETE ON prices
BEGIN SELECT RAISE(ABORT, 'rows of prices are never changed'); END;
-- +goose StatementEnd

CREATE TABLE subscriptions (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  plan_id INTEGER NOT NULL REFERENCES fee_plans (id),
  amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
  starts_on TEXT NOT NULL,
  ends_on TEXT,
  created_by INTEGER REFERENCES accounts (id),
  created_at DATETIME NOT NULL,
  CHECK (ends_on IS NULL OR ends_on >= starts_on)
);
CREATE UNIQUE INDEX subscriptions_running ON subscriptions (member_id) WHERE ends_on IS NULL;
CREATE INDEX subscriptions_member ON subscriptions (member_id);

CREATE TABLE waivers (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  reason TEXT NOT NULL,
  approved_by INTEGER REFERENCES accounts (id),
  created_at DATETIME NOT NULL,
  CHECK (until_on >= from_on)
);
CREATE INDEX waivers_member ON waivers (member_id);

CREATE TABLE charges (
  id INTEGER PRIMARY KEY,
  subscription_id INTEGER NOT NULL REFERENCES subscriptions (id),
  member_id INTEGER NOT NULL REFERENCES members (id),
  price_id INTEGER NOT NULL REFERENCES prices (id),
  waiver_id INTEGER REFERENCES waivers (id),
  period_start TEXT NOT NULL,
  period_end TEXT NOT NULL,
  due_on TEXT NOT NULL,
  amount_cents INTEGER NOT NULL CHECK (amount_cents >= 0),
  solidarity_cents INTEGER NOT NULL CHECK (solidarity_cents >= 0 AND solidarity_cents <= amount_cents),
  created_at DATETIME NOT NULL,
  settled_at DATETIME,
  UNIQUE (subscription_id, period_start)
);
CREATE INDEX charges_member ON charges (member_id, due_on);
CREATE INDEX charges_open ON charges (due_on) WHERE settled_at IS NULL;

CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  member_id INTEGER NOT NULL REFERENCES members (id),
  amount_cents INTEGER NOT NULL CHECK (amount_cents > 0),
  method TEXT NOT NULL CHECK (method IN ('transfer', 'cash')),
  received_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  recorded_by INTEGER REFERENCES accounts (id),
  created_at DATETIME NOT NULL
);
CREATE INDEX payments_member ON payments (member_id, received_on);

CREATE TABLE payment_reversals (
  payment_id INTEGER PRIMARY KEY REFERENCES payments (id),
  reason TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);

-- Which payment settles which charge; taking it back is a second row with the sign turned.
CREATE TABLE allocations (
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payments (id),
  charge_id INTEGER NOT NULL REFERENCES charges (id),
  amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
  at DATETIME NOT NULL
);
CREATE INDEX allocations_payment ON allocations (payment_id);
CREATE INDEX allocations_charge ON allocations (charge_id);
-- +goose StatementBegin
CREATE TRIGGER payments_immutable_update BEFORE UPDATE ON payments
BEGIN SELECT RAISE(ABORT, 'rows of payments are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payments_immutable_delete BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'rows of payments are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payment_reversals_immutable_update BEFORE UPDATE ON payment_reversals
BEGIN SELECT RAISE(ABORT, 'rows of payment_reversals are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER payment_reversals_immutable_delete BEFORE DELETE ON payment_reversals
BEGIN SELECT RAISE(ABORT, 'rows of payment_reversals are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER allocations_immutable_update BEFORE UPDATE ON allocations
BEGIN SELECT RAISE(ABORT, 'rows of allocations are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER allocations_immutable_delete BEFORE DELETE ON allocations
BEGIN SELECT RAISE(ABORT, 'rows of allocations are never changed'); END;
-- +goose StatementEnd

CREATE TABLE arrears_cases (
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
CREATE UNIQUE INDEX arrears_cases_open ON arrears_cases (member_id) WHERE closed_at IS NULL;

CREATE TABLE arrears_case_charges (
  case_id INTEGER NOT NULL REFERENCES arrears_cases (id),
  charge_id INTEGER NOT NULL REFERENCES charges (id),
  PRIMARY KEY (case_id, charge_id)
);

-- +goose Down
DROP TABLE arrears_case_charges;
DROP TABLE arrears_cases;
DROP TABLE allocations;
DROP TABLE payment_reversals;
DROP TABLE payments;
DROP TABLE charges;
DROP TABLE waivers;
DROP TABLE subscriptions;
DROP TABLE prices;
DROP TABLE fee_plans;
