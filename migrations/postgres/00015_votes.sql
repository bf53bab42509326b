-- How many votes a member has: one, unless statutes grant more (second-degree cooperatives). Rolls and electors keep what
-- a member had when they were frozen.

-- +goose Up
ALTER TABLE members ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_entries ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE roll_corrections ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);
ALTER TABLE poll_electors ADD COLUMN votes bigint NOT NULL DEFAULT 1 CHECK (votes BETWEEN 1 AND 100);

-- +goose Down
ALTER TABLE poll_electors DROP COLUMN votes;
ALTER TABLE roll_corrections DROP COLUMN votes;
ALTER TABLE roll_entries DROP COLUMN votes;
ALTER TABLE members DROP COLUMN votes;
