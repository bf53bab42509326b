-- Where fees are paid to, and whom a plan is for: empty is both people and organisations.

-- +goose Up
ALTER TABLE cooperatives ADD COLUMN bank_iban TEXT NOT NULL DEFAULT '';
ALTER TABLE cooperatives ADD COLUMN bank_holder TEXT NOT NULL DEFAULT '';
ALTER TABLE fee_plans ADD COLUMN for_kind TEXT NOT NULL DEFAULT '' CHECK (for_kind IN ('', 'person', 'organisation'));

-- +goose Down
ALTER TABLE fee_plans DROP COLUMN for_kind;
ALTER TABLE cooperatives DROP COLUMN bank_holder;
ALTER TABLE cooperatives DROP COLUMN bank_iban;
