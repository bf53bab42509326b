-- Addresses belong to members; an account never had one.

-- +goose Up
ALTER TABLE accounts DROP COLUMN email_sealed;

-- +goose Down
ALTER TABLE accounts ADD COLUMN email_sealed BLOB;
