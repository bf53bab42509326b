package fees

import (
	"testing"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// leave ends a membership; the actor acts for no member any more.
func (h *house) leave(day string) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", id(h.ada)).Update("left_on", on(day)).Error
	})
}

func TestFormerMember_SeesWhatTheyOweAndIsHeardInTheirCase(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		payment := h.pay(h.ada, 300)
		c := h.openCase()
		member := id(h.ada)
		h.leave("2026-02-10")
		h.moveTo("2026-02-12")
		former, stranger := h.ada, h.bru
		former.Members, stranger.Members = nil, nil
		a, err := h.fees.MemberFees(t.Context(), former, member)
		h.ok(err)
		if a.OwedCents != 1700 || a.Case == nil {
			t.Errorf("owes %d, with case %v", a.OwedCents, a.Case)
		}
		_, err = h.fees.Payment(t.Context(), former, payment)
		h.ok(err)
		_, err = h.fees.Case(t.Context(), former, c)
		h.ok(err)
		h.ok(h.fees.State(t.Context(), former, c, "He plegat, i pagaré.", ""))

		_, err = h.fees.MemberFees(t.Context(), stranger, member)
		h.refused(err, "identity.not_yours")
		_, err = h.fees.Payment(t.Context(), stranger, payment)
		h.refused(err, "identity.not_yours")
		_, err = h.fees.Case(t.Context(), stranger, c)
		h.refused(err, "identity.not_yours")

		officer := former // who left, and holds an office, does not decide on what they owe either
		officer.Roles = h.second.Roles
		h.refused(h.fees.Decide(t.Context(), officer, c, models.Dismiss, "x", ""), "fees.own_case")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha pagat", ""))
		h.refused(h.fees.Appeal(t.Context(), stranger, c, "Recorro", ""), "identity.not_yours")
		h.ok(h.fees.Appeal(t.Context(), former, c, "Recorro", ""))
	})
}
