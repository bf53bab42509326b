-- +goose Up
CREATE TABLE ledger_accounts (
  code TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('asset', 'liability', 'equity', 'income', 'expense')),
  name_ca TEXT NOT NULL,
  name_es TEXT NOT NULL,
  name_en TEXT NOT NULL
);

CREATE TABLE ledger_entries (
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  booked_on TEXT NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL,
  source_id INTEGER NOT NULL,
  description TEXT NOT NULL,
  reverses_id INTEGER UNIQUE REFERENCES ledger_entries (id),
  by_id INTEGER REFERENCES accounts (id),
  at DATETIME NOT NULL,
  UNIQUE (source, source_id, kind)
);
CREATE INDEX ledger_entries_booked ON ledger_entries (booked_on, number);

CREATE TABLE postings (
  id INTEGER PRIMARY KEY,
  entry_id INTEGER NOT NULL REFERENCES ledger_entries (id),
  account_code TEXT NOT NULL REFERENCES ledger_accounts (code),
  amount_cents INTEGER NOT NULL CHECK (amount_cents <> 0),
  currency TEXT NOT NULL,
  member_id INTEGER REFERENCES members (id)
);
CREATE INDEX postings_entry ON postings (entry_id);
CREATE INDEX postings_account ON postings (account_code, entry_id);
CREATE INDEX postings_member ON postings (member_id) WHERE member_id IS NOT NULL;

-- +goose StatementBegin
CREATE TRIGGER ledger_entries_immutable_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'rows of ledger_entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_entries_immutable_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'rows of ledger_entries are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER postings_immutable_update BEFORE UPDATE ON postings
BEGIN SELECT RAISE(ABORT, 'rows of postings are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER postings_immutable_delete BEFORE DELETE ON postings
BEGIN SELECT RAISE(ABORT, 'rows of postings are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE postings;
DROP TABLE ledger_entries;
DROP TABLE ledger_accounts;
