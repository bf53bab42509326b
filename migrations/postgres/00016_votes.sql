-- How many votes a member has: one, unless statutes grant more (second-degree cooperatives). Rolls and electors keep what
-- a member had when they were frozen.

-- +goose Up
ALTER TABLE members ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_entries ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_corrections ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE poll_electors ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
-- How many votes an elector has is frozen as the rest.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION socia_elector_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.poll_id = OLD.poll_id AND NEW.member_id = OLD.member_id AND NEW.class_code = OLD.class_code AND NEW.votes = OLD.votes
    AND NEW.voter_id = NEW.member_id
    AND NOT EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of poll_electors are never changed but to give a vote back to its member' USING ERRCODE = '23001';
END $$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION socia_elector_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.poll_id = OLD.poll_id AND NEW.member_id = OLD.member_id AND NEW.class_code = OLD.class_code
    AND NEW.voter_id = NEW.member_id
    AND NOT EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of poll_electors are never changed but to give a vote back to its member' USING ERRCODE = '23001';
END $$;
-- +goose StatementEnd
ALTER TABLE poll_electors DROP COLUMN votes;
ALTER TABLE roll_corrections DROP COLUMN votes;
ALTER TABLE roll_entries DROP COLUMN votes;
ALTER TABLE members DROP COLUMN votes;
