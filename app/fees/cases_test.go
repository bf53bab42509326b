package fees

import (
	"sync"
	"testing"

	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// overdue makes Ada owe January past the days of grace: due on the 6th, 30 days, and it is the 10th of February.
func (h *house) overdue() {
	h.Helper()
	h.subscribe(h.ada, 1000)
	h.moveTo("2026-02-10")
	h.generate()
}

func (h *house) openCase() models.ArrearsCaseID {
	h.Helper()
	c, err := h.fees.OpenCase(h.Context(), h.treasurer, id(h.ada), "")
	h.ok(err)
	return c
}

func (h *house) caseState(c models.ArrearsCaseID) arrears.State {
	h.Helper()
	view, err := h.fees.Case(h.Context(), h.ada, c)
	h.ok(err)
	return view.State
}

func TestCase_HearingDecisionPaymentAndTheVote(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		if v := h.verdict(h.ada); !v.MayVote || h.caseState(c) != arrears.StateHearing {
			t.Fatal("an open case took the vote before its decision")
		}
		h.refused(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""), "fees.case_still_heard")
		h.clock.Move(at("2026-02-20 23:59:59")) // the last day of ten
		h.refused(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""), "fees.case_still_heard")
		h.clock.Move(at("2026-02-21 00:00:00"))
		h.refused(h.fees.Decide(t.Context(), h.second, c, "", "", ""), "ui.error.required")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""))
		if h.verdict(h.ada).MayVote || h.caseState(c) != arrears.StateSuspended {
			t.Fatal("the decision did not take effect")
		}
		h.refused(h.fees.Decide(t.Context(), h.second, c, models.Dismiss, "x", ""), "fees.case_decided_already")
		h.pay(h.ada, 1000) // January, what the case is about; February stays open
		if !h.verdict(h.ada).MayVote || h.caseState(c) != arrears.StatePaid {
			t.Errorf("paid, and the case is %s", h.caseState(c))
		}
		if len(h.restored.all) != 1 || h.restored.all[0] != models.CausePayment {
			t.Errorf("the rolls were told %v", h.restored.all)
		}
		if n := h.count(&models.InboxNotice{}); n != 5 { // charged, opened, suspended, payment recorded, case paid
			t.Errorf("%d notices", n)
		}
		h.invariants()
	})
}

func TestCase_StatementLetsItBeDecidedAndAppealEndsIt(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		h.refused(h.fees.State(t.Context(), h.bru, c, "Jo!", ""), "identity.not_yours")
		h.refused(h.fees.State(t.Context(), h.ada, c, "", ""), "ui.error.required")
		h.ok(h.fees.State(t.Context(), h.ada, c, "Vaig pagar en mà.", ""))
		h.refused(h.fees.State(t.Context(), h.ada, c, "I una altra cosa.", ""), "fees.case_not_in_hearing")
		h.refused(h.fees.Appeal(t.Context(), h.ada, c, "Recorro", ""), "fees.case_no_appeal_now")
		h.ok(h.fees.Decide(t.Context(), h.treasurer, c, models.Suspend, "No consta", ""))
		h.ok(h.fees.Appeal(t.Context(), h.ada, c, "Recorro", ""))
		if h.verdict(h.ada).MayVote {
			t.Error("an appeal must not stop the suspension by itself")
		}
		other := h.second
		h.refused(h.fees.AnswerAppeal(t.Context(), h.treasurer, c, Upheld, "Té raó", ""), "fees.appeal_needs_somebody_else")
		h.ok(h.fees.AnswerAppeal(t.Context(), other, c, Upheld, "Té raó", ""))
		if !h.verdict(h.ada).MayVote || h.caseState(c) != arrears.StateUpheld {
			t.Errorf("upheld, and the case is %s", h.caseState(c))
		}
		if len(h.restored.all) != 1 || h.restored.all[0] != models.CauseAppeal {
			t.Errorf("the rolls were told %v", h.restored.all)
		}
	})
}

func TestCase_SilenceUpholdsTheAppealAtItsInstant(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		h.moveTo("2026-02-21")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""))
		h.moveTo("2026-03-01")
		h.ok(h.fees.Appeal(t.Context(), h.ada, c, "Recorro", "")) // two months to answer: until 1 May
		h.clock.Move(at("2026-05-01 23:59:59"))
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 0 || err != nil || h.verdict(h.ada).MayVote {
			t.Fatalf("silence came early: %d, %v", n, err)
		}
		h.clock.Move(at("2026-05-02 00:00:00"))
		if !h.verdict(h.ada).MayVote {
			t.Error("the vote waits for the daily work")
		}
		h.refused(h.fees.AnswerAppeal(t.Context(), h.treasurer, c, Rejected, "Tard", ""), "fees.case_no_answer_now")
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 1 || err != nil {
			t.Fatalf("closed %d, %v", n, err)
		}
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 0 || err != nil {
			t.Fatalf("closed again %d, %v", n, err)
		}
		if h.caseState(c) != arrears.StateUpheldQuiet || !h.verdict(h.ada).MayVote || len(h.restored.all) != 1 {
			t.Errorf("the case is %s, the rolls were told %v", h.caseState(c), h.restored.all)
		}
	})
}

func TestCase_DismissedEndsIt(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		h.moveTo("2026-02-21")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Dismiss, "Error nostre", ""))
		if h.caseState(c) != arrears.StateDismissed || !h.verdict(h.ada).MayVote {
			t.Errorf("dismissed, and the case is %s", h.caseState(c))
		}
		h.refused(h.fees.Appeal(t.Context(), h.ada, c, "Recorro", ""), "fees.case_no_appeal_now")
		open, closed, err := h.fees.Cases(t.Context(), h.second)
		h.ok(err)
		if len(open) != 0 || len(closed) != 1 || closed[0].Member.Number != 1 {
			t.Errorf("open %+v, closed %+v", open, closed)
		}
	})
}

func TestCase_OneAtATimeUnderParallelRequests(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		errs := make([]error, 6)
		var all sync.WaitGroup
		for n := range errs {
			all.Go(func() { _, errs[n] = h.fees.OpenCase(t.Context(), h.treasurer, id(h.ada), "") })
		}
		all.Wait()
		opened := 0
		for _, err := range errs {
			if err == nil {
				opened++
			} else {
				h.refused(err, "fees.case_is_open")
			}
		}
		if opened != 1 || h.count(&models.ArrearsCase{}) != 1 {
			t.Errorf("opened %d", opened)
		}
	})
}

func TestCase_NobodyActsOnTheirOwnAndRolesAreAsked(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		own := h.treasurer
		own.Members = h.ada.Members
		_, err := h.fees.OpenCase(t.Context(), own, id(h.ada), "")
		h.refused(err, "fees.own_case")
		c := h.openCase()
		h.moveTo("2026-02-21")
		h.refused(h.fees.Decide(t.Context(), own, c, models.Dismiss, "x", ""), "fees.own_case")
		for _, who := range []identity.Actor{h.ada, h.bru, {}} {
			h.refused(h.fees.Decide(t.Context(), who, c, models.Dismiss, "x", ""), "identity.role_needed")
			h.refused(h.fees.AnswerAppeal(t.Context(), who, c, Upheld, "x", ""), "identity.role_needed")
		}
		_, err = h.fees.Case(t.Context(), h.bru, c)
		h.refused(err, "identity.not_yours")
		h.refused(h.fees.Decide(t.Context(), h.second, 999, models.Dismiss, "x", ""), "fees.no_such_case")
	})
}

func TestCase_OnlyWhereTheStatutesAskForItAndSomethingIsOverdue(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.overdue()
		_, err := h.fees.OpenCase(t.Context(), h.treasurer, id(h.ada), "")
		h.refused(err, "fees.statutes_without_cases")
	})
	each(t, rules.PresetCatalan, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.clock.Move(at("2026-02-05 23:59:59"))
		_, err := h.fees.OpenCase(t.Context(), h.treasurer, id(h.ada), "")
		h.refused(err, "fees.nothing_overdue")
		h.clock.Move(at("2026-02-06 00:00:00"))
		h.openCase()
	})
}

func TestCase_AWaiverOfItsChargesClosesIt(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		_, err := h.fees.Waive(t.Context(), h.treasurer, WaiverForm{Member: id(h.ada), FromOn: on("2026-01-01"), UntilOn: on("2026-06-30"), Reason: "Atur"}, "")
		h.ok(err)
		if h.caseState(c) != arrears.StatePaid {
			t.Errorf("the case is %s", h.caseState(c))
		}
		h.invariants()
	})
}

// change makes a new version of the statutes.
func (h *house) change(edit func(*rules.RuleSet)) {
	h.Helper()
	h.write(func(tx *db.Tx) error {
		last, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		edit(&last.Body)
		return tx.DB.Create(&models.RuleSet{Version: last.Version + 1, Preset: last.Preset, Body: last.Body, CreatedAt: tx.Now}).Error
	})
}

func TestCase_KeepsTheClocksAndArticlesOfTheStatutesThatItWasOpenedUnder(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		h.change(func(r *rules.RuleSet) {
			r.Arrears.HearingDays, r.Arrears.AppealMonths, r.Arrears.AppealAnswerMonths, r.Arrears.GraceDays = 15, 6, 1, 90
			r.Arrears.Article, r.Arrears.HearingArticle = "Estatuts nous, art. 1", "Estatuts nous, art. 2"
		})
		h.moveTo("2026-02-20") // the tenth day
		err := h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", "")
		h.refused(err, "fees.case_still_heard")
		if f, _ := fault.As(err); f.Args["Article"] != "Llei 12/2015, art. 36" {
			t.Errorf("refused for %v", f.Args)
		}
		h.moveTo("2026-02-21")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""))
		v := h.verdict(h.ada)
		if len(v.Reasons) != 1 || v.Reasons[0].Article != "Llei 12/2015, art. 38.4-5" {
			t.Errorf("suspended for %+v", v.Reasons)
		}
		view, err := h.fees.Case(t.Context(), h.ada, c)
		h.ok(err)
		if view.Deadline == nil || view.Deadline.On != on("2026-03-21") || view.Deadline.Article != "Llei 12/2015, art. 36" || view.Charges[0].State != dues.Overdue {
			t.Errorf("the appeal's clock is %+v, the charge is %s", view.Deadline, view.Charges[0].State)
		}
		h.moveTo("2026-03-01")
		h.ok(h.fees.Appeal(t.Context(), h.ada, c, "Recorro", "")) // two months to answer, not one
		h.moveTo("2026-05-01")
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 0 || err != nil || h.verdict(h.ada).MayVote {
			t.Fatalf("silence came by the new statutes: %d, %v", n, err)
		}
		h.moveTo("2026-05-02")
		if n, err := h.fees.CloseSilentAppeals(t.Context()); n != 1 || err != nil || !h.verdict(h.ada).MayVote {
			t.Fatalf("silence did not come: %d, %v", n, err)
		}
		h.change(func(r *rules.RuleSet) { r.Arrears.AppealAnswerMonths = 12 })
		if h.caseState(c) != arrears.StateUpheldQuiet {
			t.Errorf("later statutes made the closed case %s", h.caseState(c))
		}
	})
}

func TestCase_StaysClosedWhenThePaymentThatEndedItIsReversed(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		h.overdue()
		c := h.openCase()
		h.moveTo("2026-02-21")
		h.ok(h.fees.Decide(t.Context(), h.second, c, models.Suspend, "No ha respost", ""))
		payment := h.pay(h.ada, 1000)
		before, err := h.fees.Payment(t.Context(), h.treasurer, payment)
		h.ok(err)
		if !before.Ended || before.Policy != rules.PolicyCase {
			t.Errorf("whoever reverses it reads %v, %s", before.Ended, before.Policy)
		}
		h.ok(h.fees.ReversePayment(t.Context(), h.treasurer, payment, "Retornat pel banc", ""))
		view, err := h.fees.Case(t.Context(), h.ada, c)
		h.ok(err)
		if view.State != arrears.StatePaid || !view.OwedAgain || !h.verdict(h.ada).MayVote {
			t.Errorf("the case is %s, owed again %v", view.State, view.OwedAgain)
		}
		second := h.openCase() // with a hearing of its own
		if h.caseState(second) != arrears.StateHearing || !h.verdict(h.ada).MayVote {
			t.Errorf("the new case is %s", h.caseState(second))
		}
		h.pay(h.ada, 1000)
		if view, err = h.fees.Case(t.Context(), h.ada, c); err != nil || view.OwedAgain {
			t.Errorf("paid after all, and the first case says it is owed: %v", err)
		}
	})
}
