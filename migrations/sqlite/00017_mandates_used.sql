-- A mandate that is revoked after its vote was cast was used there: the vote stands as it is, and whoever held the
-- mandate changes it no more. Such an elector keeps its voter, and is absent: nobody casts that vote.

-- +goose Up
DROP TRIGGER poll_electors_frozen;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE ON poll_electors
  WHEN NEW.poll_id <> OLD.poll_id OR NEW.member_id <> OLD.member_id OR NEW.class_code <> OLD.class_code OR NEW.votes <> OLD.votes
    OR EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    OR CASE WHEN EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id)
      THEN NOT NEW.absent OR OLD.voter_id = OLD.member_id OR NEW.voter_id <> OLD.voter_id OR NEW.account_id IS NOT OLD.account_id
      ELSE NEW.voter_id <> NEW.member_id END
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed but to give a vote back to its member, or to end a mandate'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER poll_electors_frozen;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE ON poll_electors
  WHEN NEW.poll_id <> OLD.poll_id OR NEW.member_id <> OLD.member_id OR NEW.class_code <> OLD.class_code OR NEW.votes <> OLD.votes
    OR NEW.voter_id <> NEW.member_id
    OR EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed but to give a vote back to its member'); END;
-- +goose StatementEnd
