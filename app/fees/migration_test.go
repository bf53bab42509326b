package fees

import (
	"strings"
	"testing"

	"socia/core/arrears"
	"socia/core/rules"
	"socia/migrations"
	"socia/models"
	"socia/platform/db"
)

// again takes a migration back and makes it again, on the rows that are there; between changes them meanwhile.
func (h *house) again(name string, between func(tx *db.Tx) error) {
	h.Helper()
	file, err := migrations.Files.ReadFile(string(h.db.Flavor()) + "/" + name)
	h.ok(err)
	up, down, found := strings.Cut(string(file), "-- +goose Down\n")
	if !found {
		h.Fatal("no way down")
	}
	_, up, _ = strings.Cut(up, "-- +goose Up\n")
	run := func(tx *db.Tx, script string) error {
		for statement := range strings.SplitSeq(script, ";\n") {
			if strings.TrimSpace(statement) == "" {
				continue
			}
			if err := tx.DB.Exec(statement).Error; err != nil {
				return err
			}
		}
		return nil
	}
	h.write(func(tx *db.Tx) error { return run(tx, down) })
	h.write(between)
	h.write(func(tx *db.Tx) error { return run(tx, up) })
}

func TestMigration_CasesGetTheStatutesInForceWhenTheyWereOpened(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.subscribe(h.bru, 1000)
		h.overdue()
		first := h.openCase()
		h.moveTo("2026-02-11")
		h.change(func(r *rules.RuleSet) { r.Arrears.HearingDays = 15 })
		h.moveTo("2026-02-12")
		second, err := h.fees.OpenCase(t.Context(), h.treasurer, id(h.bru), "")
		h.ok(err)
		h.moveTo("2026-02-13")
		h.change(func(r *rules.RuleSet) { r.Arrears.HearingDays = 12 })
		h.again("00010_cases.sql", func(*db.Tx) error { return nil })
		for c, want := range map[models.ArrearsCaseID]int64{first: 1, second: 2} {
			var version int64
			h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Raw("SELECT r.version FROM arrears_cases c JOIN rule_sets r ON r.id = c.rule_set_id WHERE c.id = ?", c).Scan(&version).Error
			}))
			if version != want {
				t.Errorf("case %d was opened under version %d, want %d", c, version, want)
			}
		}
		if n := h.count(&models.ArrearsCaseCharge{}); n != 2 { // January of both
			t.Errorf("%d charges of cases", n)
		}
	})
}

func TestMigration_OnlyClocksThatRunAgainstWhomNobodyToldStop(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.subscribe(h.bru, 1000)
		h.overdue()
		h.imported(h.bru, "bru@example.org")
		told := h.openCase()
		untold, err := h.fees.OpenCase(t.Context(), h.treasurer, id(h.bru), "")
		h.ok(err)
		h.again("00010_cases.sql", func(tx *db.Tx) error { return nil })
		h.moveTo("2026-02-21")
		if got := h.stateFor(h.second, told); got != arrears.StateToDecide {
			t.Errorf("the case of which the inbox told is %s", got)
		}
		if got := h.stateFor(h.second, untold); got != arrears.StateHearing {
			t.Errorf("the case of which nobody told is %s", got)
		}
		h.ok(h.fees.Decide(t.Context(), h.second, told, models.Suspend, "No ha respost", ""))
		h.again("00010_cases.sql", func(tx *db.Tx) error { // one that was decided before anybody asked
			return tx.DB.Exec("UPDATE arrears_cases SET decision = 'suspend', decision_reason = 'x', decided_by = opened_by, decided_at = ? WHERE id = ?", tx.Now, untold).Error
		})
		h.moveTo("2026-06-21")
		if got := h.stateFor(h.second, told); got != arrears.StateFinal {
			t.Errorf("the case of which the inbox told is %s", got)
		}
		if got := h.stateFor(h.second, untold); got != arrears.StateSuspended {
			t.Errorf("the case of which nobody told is %s: its member may still appeal", got)
		}
	})
}
