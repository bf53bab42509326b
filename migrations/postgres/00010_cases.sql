-- An arrears case keeps the statutes that it was opened under.

-- +goose Up
ALTER TABLE arrears_cases ADD COLUMN rule_set_id bigint REFERENCES rule_sets (id);
-- Those there are were opened under the version in force at that moment.
UPDATE arrears_cases c SET rule_set_id = COALESCE(
  (SELECT r.id FROM rule_sets r WHERE r.created_at <= c.opened_at ORDER BY r.version DESC LIMIT 1),
  (SELECT r.id FROM rule_sets r ORDER BY r.version LIMIT 1));
ALTER TABLE arrears_cases ALTER COLUMN rule_set_id SET NOT NULL;

-- +goose Down
ALTER TABLE arrears_cases DROP COLUMN rule_set_id;
