package fees

import (
	"testing"

	"socia/core/rules"
)

func TestTotals_TheLastDayOfMembershipStillCounts(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.leave("2026-01-01") // today
		for day, want := range map[string]int64{"2026-01-01": 2, "2026-01-02": 1} {
			h.moveTo(day)
			totals, err := h.fees.Totals(t.Context(), h.treasurer)
			h.ok(err)
			if totals.Unsubscribed != want {
				t.Errorf("on %s %d members have no fees chosen, want %d", day, totals.Unsubscribed, want)
			}
		}
	})
}
