-- An arrears case keeps the statutes that it was opened under, and when its member was told of what.

-- +goose Up
ALTER TABLE arrears_cases ADD COLUMN rule_set_id bigint REFERENCES rule_sets (id);
-- Those there are were opened under the version in force at that moment.
UPDATE arrears_cases c SET rule_set_id = COALESCE(
  (SELECT r.id FROM rule_sets r WHERE r.created_at <= c.opened_at ORDER BY r.version DESC LIMIT 1),
  (SELECT r.id FROM rule_sets r ORDER BY r.version LIMIT 1));
ALTER TABLE arrears_cases ALTER COLUMN rule_set_id SET NOT NULL;
ALTER TABLE arrears_cases ALTER COLUMN hearing_until DROP NOT NULL;

-- What of a case was handed over on which day: to the member, who was told, or by the member, on paper. An empty how is
-- the inbox of the member's account.
CREATE TABLE arrears_case_deliveries (
  case_id bigint NOT NULL REFERENCES arrears_cases (id),
  kind text NOT NULL CHECK (kind IN ('opening', 'decision', 'statement', 'appeal')),
  on_day date NOT NULL,
  how text NOT NULL,
  recorded_by bigint NOT NULL REFERENCES accounts (id),
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (case_id, kind)
);
-- Who had an account found the notice in the inbox. Nothing that was decided, or is over, is called in question; but the
-- clocks that still run against a member whom nobody told stop until somebody does.
INSERT INTO arrears_case_deliveries
SELECT c.id, 'opening', c.opened_on, '', c.opened_by, c.opened_at FROM arrears_cases c
WHERE c.decision <> '' OR c.closed_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM inbox_notices n WHERE n.kind = 'fees.notice.case_opened' AND n.href = '/fees/cases/' || c.id);
INSERT INTO arrears_case_deliveries
SELECT c.id, 'decision', (c.decided_at AT TIME ZONE 'UTC')::date, '', c.decided_by, c.decided_at FROM arrears_cases c
WHERE c.decision = 'suspend' AND (c.closed_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM inbox_notices n WHERE n.kind = 'fees.notice.decision.suspend' AND n.href = '/fees/cases/' || c.id));
UPDATE arrears_cases SET hearing_until = NULL
WHERE NOT EXISTS (SELECT 1 FROM arrears_case_deliveries d WHERE d.case_id = arrears_cases.id AND d.kind = 'opening');
CREATE TRIGGER arrears_case_deliveries_immutable BEFORE UPDATE OR DELETE ON arrears_case_deliveries FOR EACH ROW EXECUTE FUNCTION socia_refuse();

-- +goose Down
DROP TABLE arrears_case_deliveries;
UPDATE arrears_cases SET hearing_until = opened_on WHERE hearing_until IS NULL;
ALTER TABLE arrears_cases ALTER COLUMN hearing_until SET NOT NULL;
ALTER TABLE arrears_cases DROP COLUMN rule_set_id;
