-- A mandate that is revoked while a vote is open gives that vote back to its member, unless it was cast: the electors
-- stay who they are, and only who casts the vote changes.

-- +goose Up
-- The mandate was revoked and the member has not come yet: nobody casts the vote.
ALTER TABLE poll_electors ADD COLUMN absent boolean NOT NULL DEFAULT FALSE;
DROP TRIGGER poll_electors_immutable ON poll_electors;
-- +goose StatementBegin
CREATE FUNCTION socia_elector_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER poll_electors_frozen BEFORE UPDATE OR DELETE ON poll_electors FOR EACH ROW EXECUTE FUNCTION socia_elector_frozen();

-- +goose Down
DROP TRIGGER poll_electors_frozen ON poll_electors;
DROP FUNCTION socia_elector_frozen();
CREATE TRIGGER poll_electors_immutable BEFORE UPDATE OR DELETE ON poll_electors FOR EACH ROW EXECUTE FUNCTION socia_refuse();
ALTER TABLE poll_electors DROP COLUMN absent;
