-- An answer to an objection is a proposal until who objected agrees to it; an objection can be agreed to be a concern.

-- +goose Up
-- SQLite's own way to change a constraint without writing a table's rows again: https://www.sqlite.org/lang_altertable.html#otheralter
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
  'how IN (''amended'', ''withdrawn'', ''upheld'')',
  'how IN (''amended'', ''withdrawn'', ''concern'', ''upheld'')')
WHERE type = 'table' AND name = 'poll_resolutions';
PRAGMA writable_schema = RESET;
-- What who objected says of the answer; the last row for an answer holds.
CREATE TABLE poll_confirmations (
  id INTEGER PRIMARY KEY,
  resolution_id INTEGER NOT NULL REFERENCES poll_resolutions (id),
  agrees BOOLEAN NOT NULL,
  by_id INTEGER NOT NULL REFERENCES accounts (id),
  at DATETIME NOT NULL
);
CREATE INDEX poll_confirmations_resolution ON poll_confirmations (resolution_id, id);
-- Until now the word of whoever facilitated was taken: polls that are closed keep the result that was announced.
INSERT INTO poll_confirmations (resolution_id, agrees, by_id, at)
  SELECT r.id, TRUE, r.by_id, r.at FROM poll_resolutions r JOIN polls p ON p.id = r.poll_id WHERE p.closed_at IS NOT NULL AND r.how <> 'upheld' ORDER BY r.id;
-- +goose StatementBegin
CREATE TRIGGER poll_confirmations_immutable_update BEFORE UPDATE ON poll_confirmations
BEGIN SELECT RAISE(ABORT, 'rows of poll_confirmations are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER poll_confirmations_immutable_delete BEFORE DELETE ON poll_confirmations
BEGIN SELECT RAISE(ABORT, 'rows of poll_confirmations are never changed'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE poll_confirmations;
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql,
  'how IN (''amended'', ''withdrawn'', ''concern'', ''upheld'')',
  'how IN (''amended'', ''withdrawn'', ''upheld'')')
WHERE type = 'table' AND name = 'poll_resolutions';
PRAGMA writable_schema = RESET;
