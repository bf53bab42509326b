package fees

import (
	"fmt"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// imported takes the account from a member who owes, as from one whom an import made, and gives them an address.
func (h *house) imported(who identity.Actor, address string) {
	h.Helper()
	sealed, err := h.seal.Seal([]byte(address), fmt.Sprintf("members.email/%d", id(who)))
	h.ok(err)
	h.write(func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", id(who)).Updates(map[string]any{"account_id": nil, "email_sealed": sealed}).Error
	})
}

// letters does the jobs that wait, and gives the letters sent so far, the first one first.
func (h *house) letters() (all []models.LocalMail) {
	h.Helper()
	for did := true; did; {
		var err error
		did, err = h.queue.Step(h.Context())
		h.ok(err)
	}
	all, err := h.mail.Kept(h.Context())
	h.ok(err)
	return all
}

func (h *house) stateFor(officer identity.Actor, c models.ArrearsCaseID) arrears.State {
	h.Helper()
	view, err := h.fees.Case(h.Context(), officer, c)
	h.ok(err)
	return view.State
}

func TestCase_OfAMemberWithoutAnAccountWaitsUntilTheyAreTold(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		h.imported(h.ada, "ada@example.org")
		c := h.openCase()
		letters := h.letters()
		if len(letters) != 1 || letters[0].Recipient != "ada@example.org" || !strings.Contains(letters[0].Body, "10 dies") || !strings.Contains(letters[0].Body, "10,00") {
			t.Fatalf("letters: %+v", letters)
		}
		h.moveTo("2026-04-10")
		h.refused(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""), "fees.case_member_not_told")

		told := Delivery{On: on("2026-04-02"), How: "en mà, signat"}
		h.refused(h.fees.RecordNotification(t.Context(), h.bru, c, models.DeliveredOpening, told, ""), "identity.role_needed")
		own := h.treasurer
		own.Members = h.ada.Members
		h.refused(h.fees.RecordNotification(t.Context(), own, c, models.DeliveredOpening, told, ""), "fees.own_case")
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, Delivery{On: on("2026-04-11"), How: "x"}, ""), "fees.received_in_the_future")
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, Delivery{On: on("2026-02-09"), How: "x"}, ""), "fees.delivery_before_its_cause")
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, Delivery{On: on("2026-04-02")}, ""), "ui.error.required")
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredDecision, told, ""), "fees.delivered_already")
		h.ok(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, told, ""))
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, told, ""), "fees.delivered_already")

		h.moveTo("2026-04-12") // the tenth day after they were told
		h.refused(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""), "fees.case_still_heard")
		h.moveTo("2026-04-13")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""))
		if last := h.letters(); !strings.Contains(last[0].Body+last[len(last)-1].Body, "No ha respost") {
			t.Errorf("no letter gives the reason: %+v", last)
		}
		h.moveTo("2026-08-01") // nobody told them: the month to appeal has not begun
		if got := h.stateFor(h.second, c); got != arrears.StateSuspended {
			t.Fatalf("the case is %s", got)
		}
		h.ok(h.fees.RecordNotification(t.Context(), h.second, c, models.DeliveredDecision, Delivery{On: on("2026-07-20"), How: "burofax"}, ""))
		h.moveTo("2026-08-21") // the day after the month
		if got := h.stateFor(h.second, c); got != arrears.StateFinal {
			t.Fatalf("the case is %s", got)
		}
		late := Delivery{On: on("2026-08-21"), How: "carta"}
		h.refused(h.fees.ReceiveAppeal(t.Context(), h.second, c, "Recorro", late, ""), "fees.appeal_came_late")
		h.ok(h.fees.ReceiveAppeal(t.Context(), h.second, c, "Recorro", Delivery{On: on("2026-08-20"), How: "carta"}, ""))
		if got := h.stateFor(h.second, c); got != arrears.StateUnderAppeal {
			t.Fatalf("an appeal that came in time is %s", got)
		}
		h.moveTo("2026-10-21") // two months after it came
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 1 || err != nil {
			t.Fatalf("silence closed %d, %v", n, err)
		}
		if err := h.db.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Exec("UPDATE arrears_case_deliveries SET on_day = '2026-01-01'").Error
		}); err == nil {
			t.Error("the day of a notification was changed")
		}
	})
}

func TestCase_AnAnswerOnPaperLetsItBeDecided(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		h.imported(h.ada, "ada@example.org")
		c := h.openCase()
		h.moveTo("2026-02-15")
		came := Delivery{On: on("2026-02-12"), How: "carta lliurada a l’oficina"}
		h.refused(h.fees.ReceiveStatement(t.Context(), h.treasurer, c, "", came, ""), "ui.error.required")
		h.ok(h.fees.ReceiveStatement(t.Context(), h.treasurer, c, "Vaig pagar en mà.", came, ""))
		h.refused(h.fees.ReceiveStatement(t.Context(), h.treasurer, c, "Una altra.", came, ""), "fees.case_not_in_hearing")
		view, err := h.fees.Case(t.Context(), h.second, c)
		h.ok(err)
		if view.State != arrears.StateToDecide || view.Dated.AnsweredOn != came.On || view.Statement != "Vaig pagar en mà." {
			t.Errorf("the case is %s, answered on %s", view.State, view.Dated.AnsweredOn)
		}
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Dismiss, "Té raó", ""))
	})
}

func TestCase_LettersOfAMemberWithAnAccountOnlyLeadToThePage(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		account := h.ada.Account
		h.imported(h.ada, "ada@example.org")
		h.write(func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("id = ?", id(h.ada)).Update("account_id", account).Error
		})
		c := h.openCase()
		letters := h.letters()
		if len(letters) != 1 || !strings.Contains(letters[0].Body, "https://coop.example"+caseHref(c)) || strings.Contains(letters[0].Body, "10,00") {
			t.Errorf("letters: %+v", letters)
		}
		h.refused(h.fees.RecordNotification(t.Context(), h.treasurer, c, models.DeliveredOpening, Delivery{On: on("2026-02-10"), How: "x"}, ""), "fees.delivered_already")
	})
}
