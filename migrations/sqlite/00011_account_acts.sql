-- An account is disabled, and enabled again, by an administrator who gives a reason.

-- +goose Up
CREATE TABLE account_acts (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  act TEXT NOT NULL CHECK (act IN ('disabled', 'enabled')),
  reason TEXT NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);
CREATE INDEX account_acts_account ON account_acts (account_id, id);

-- +goose Down
DROP TABLE account_acts;
