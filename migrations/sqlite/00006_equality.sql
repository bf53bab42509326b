-- +goose Up
-- What a person says about their gender: one sealed value, readable by nobody else.
CREATE TABLE gender_declarations (
  account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
  sealed BLOB NOT NULL,
  updated_at DATETIME NOT NULL
);

CREATE TABLE gender_releases (
  id INTEGER PRIMARY KEY,
  report TEXT NOT NULL CHECK (report IN ('membership', 'administration', 'attendance')),
  subject_id INTEGER NOT NULL,
  as_of TEXT NOT NULL,
  body TEXT NOT NULL,
  counted_sealed BLOB NOT NULL,
  published_at DATETIME NOT NULL,
  UNIQUE (report, subject_id, as_of)
);
-- +goose StatementBegin
CREATE TRIGGER gender_releases_immutable_update BEFORE UPDATE ON gender_releases
BEGIN SELECT RAISE(ABORT, 'rows of gender_releases are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER gender_releases_immutable_delete BEFORE DELETE ON gender_releases
BEGIN SELECT RAISE(ABORT, 'rows of gender_releases are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE gender_releases;
DROP TABLE gender_declarations;
