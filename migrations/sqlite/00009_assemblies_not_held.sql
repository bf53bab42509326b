-- An assembly that is called off, or that nobody could open, is closed with the reason for which it was not held.

-- +goose Up
ALTER TABLE assemblies ADD COLUMN not_held_reason TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE assemblies DROP COLUMN not_held_reason;
