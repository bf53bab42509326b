-- How many votes a member has: one, unless statutes grant more (second-degree cooperatives). Rolls and electors keep what
-- a member had when they were frozen.

-- +goose Up
ALTER TABLE members ADD COLUMN votes INTEGER NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_entries ADD COLUMN votes INTEGER NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_corrections ADD COLUMN votes INTEGER NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE poll_electors ADD COLUMN votes INTEGER NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
-- How many votes an elector has is frozen as the rest.
DROP TRIGGER poll_electors_frozen;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE ON poll_electors
  WHEN NEW.poll_id <> OLD.poll_id OR NEW.member_id <> OLD.member_id OR NEW.class_code <> OLD.class_code OR NEW.votes <> OLD.votes
    OR NEW.voter_id <> NEW.member_id
    OR EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed but to give a vote back to its member'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER poll_electors_frozen;
ALTER TABLE poll_electors DROP COLUMN votes;
ALTER TABLE roll_corrections DROP COLUMN votes;
ALTER TABLE roll_entries DROP COLUMN votes;
ALTER TABLE members DROP COLUMN votes;
-- +goose StatementBegin
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE ON poll_electors
  WHEN NEW.poll_id <> OLD.poll_id OR NEW.member_id <> OLD.member_id OR NEW.class_code <> OLD.class_code
    OR NEW.voter_id <> NEW.member_id
    OR EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id)
BEGIN SELECT RAISE(ABORT, 'rows of poll_electors are never changed but to give a vote back to its member'); END;
-- +goose StatementEnd
