-- A mandate that is revoked after its vote was cast was used there: the vote stands as it is, and whoever held the
-- mandate changes it no more. Such an elector keeps its voter, and is absent: nobody casts that vote.

-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION socia_elector_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was_cast boolean := EXISTS (SELECT 1 FROM votes WHERE poll_id = OLD.poll_id AND member_id = OLD.member_id);
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.poll_id = OLD.poll_id AND NEW.member_id = OLD.member_id AND NEW.class_code = OLD.class_code AND NEW.votes = OLD.votes
    AND NOT EXISTS (SELECT 1 FROM polls WHERE id = OLD.poll_id AND closed_at IS NOT NULL)
    AND (NOT was_cast AND NEW.voter_id = NEW.member_id
      OR was_cast AND NEW.absent AND OLD.voter_id <> OLD.member_id AND NEW.voter_id = OLD.voter_id AND NEW.account_id IS NOT DISTINCT FROM OLD.account_id) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'rows of poll_electors are never changed but to give a vote back to its member, or to end a mandate' USING ERRCODE = '23001';
END $$;
-- +goose StatementEnd

-- +goose Down
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
