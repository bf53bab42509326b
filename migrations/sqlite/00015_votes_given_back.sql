-- A mandate that is revoked while a vote is open gives that vote back to its member, unless it was cast: the electors
-- stay who they are, and only who casts the vote changes.

-- +goose Up
-- The mandate was revoked and the member has not come yet: nobody casts the vote.
ALTER TABLE poll_electors ADD COLUMN absent BOOLEAN NOT NULL DEFAULT FALSE;
DROP TRIGGER poll_electors_immutable_update;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE ON poll_electors
  WHEN NEW.poll_id <> OLD.poll_id OR NEW.member_id <> OLD.member_id OR NEW.class_code <> OLD.class_code
    OR NEW.voter_id <> NEW.member_id
    OR EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed but to give a vote back to its member'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER poll_electors_frozen;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_immutable_update BEFORE UPDATE ON poll_electors
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed'); END;
-- +goose StatementEnd
ALTER TABLE poll_electors DROP COLUMN absent;
