package handlers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"socia/app/transparency"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/seeds"
	"socia/seeds/seedtest"
)

func TestFees_TheAccountToPayTo_IsSetByTheTreasuryAndShownToWhoOwes(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		h := openTreasury(t, s)
		nuria, debtor := h.signedIn("nuria"), h.signedIn("oriol")
		page := debtor.page("/fees")
		for _, want := range []string{"ES78 9999 0001 4101 2345 6789", "Núvol Comú, SCCL", "Membre 24, 4 quotes"} {
			if !strings.Contains(page, want) {
				t.Errorf("the debtor's page lacks %q", want)
			}
		}
		if status, _, _ := debtor.ask("GET", "/fees/account", nil); status != http.StatusForbidden {
			t.Errorf("a member is answered %d", status)
		}
		form := nuria.page("/fees/account")
		status, _, body := nuria.send(form, "/fees/account", map[string]string{"iban": "ES79 9999 0001 4101 2345 6789", "holder": "Núvol"})
		if status != http.StatusUnprocessableEntity || !strings.Contains(body, "no quadren") || !strings.Contains(body, "ES79 9999") {
			t.Errorf("wrong check digits answer %d", status)
		}
		if status, _, body = nuria.send(form, "/fees/account", map[string]string{"iban": "gb82west12345698765432", "holder": "Núvol"}); status != http.StatusSeeOther {
			t.Fatalf("a right account answers %d: %s", status, body)
		}
		if page = debtor.page("/fees"); !strings.Contains(page, "GB82 WEST 1234 5698 7654 32") {
			t.Error("the new account is not shown")
		}
		nuria.send(form, "/fees/account", map[string]string{"iban": "", "holder": ""})
		if page = debtor.page("/fees"); !strings.Contains(page, "Pregunta a la tresoreria a quin compte") {
			t.Error("without an account the page does not say whom to ask")
		}
		h.done()
	})
}

func TestFees_AChoice_FitsTheKindOfMember_AndIsReviewedBeforeItCharges(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		h := openTreasury(t, s)
		nuria, m := h.signedIn("nuria"), h.member(oriol)
		at := fmt.Sprintf("/fees/members/%d/subscription", m.ID)
		page := nuria.page(at)
		if strings.Contains(page, "entitat usuària") || !strings.Contains(page, "30,00") {
			t.Error("a person is offered the organisations’ fee, or no suggestion")
		}
		if status, _, body := nuria.send(page, at, map[string]string{"plan": "2"}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "mena de membre") {
			t.Errorf("the organisations’ plan answers %d to a person", status)
		}
		before := h.subscriptions(m)
		status, _, review := nuria.send(page, at, map[string]string{"plan": "1", "amount": ""})
		if status != http.StatusOK || !strings.Contains(review, "Quota de persona usuària") || !strings.Contains(review, `name="amount" value="30"`) && !strings.Contains(review, `name="amount" value="30,00"`) {
			t.Fatalf("the review answers %d: %s", status, review)
		}
		if h.subscriptions(m) != before {
			t.Error("the review has stored something")
		}
		status, to, _ := nuria.send(review, at, map[string]string{"amount": "45,00"})
		if status != http.StatusSeeOther || !strings.Contains(to, "fees.done.subscribed") || h.subscriptions(m) != before+1 {
			t.Errorf("confirming answers %d, %s", status, to)
		}
		h.done()
	})
}

func (h *treasury) subscriptions(m models.Member) (n int64) {
	h.Helper()
	if err := h.DB.Read(h.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Subscription{}).Where("member_id = ?", m.ID).Count(&n).Error
	}); err != nil {
		h.Fatal(err)
	}
	return n
}

func TestFees_TheTreasurySeesWhoHasNoFee(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria, m := h.signedIn("nuria"), h.member(oriol)
	if !strings.Contains(nuria.page("/fees/overview"), `href="/fees/unsubscribed"`) {
		t.Error("the count does not lead to the list")
	}
	if strings.Contains(nuria.page("/fees/unsubscribed"), m.Name) {
		t.Error("somebody with a fee is listed")
	}
	if err := h.DB.Write(h.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Subscription{}).Where("member_id = ?", m.ID).Update("ends_on", "2026-12-31").Error
	}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(nuria.page("/fees/unsubscribed"), m.Name) {
		t.Error("somebody without a fee is not listed")
	}
	h.done()
}

func TestHome_SeveralFees_SayWhenTheFirstWasDue(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	need := transparency.Need{Kind: transparency.NeedOverdue, Count: 4, Cents: 12000, On: civil.New(2026, 2, 1), Urgent: true}
	if got := todo(texts.For("ca"), models.Cooperative{Currency: "EUR"}, need).When; !strings.HasPrefix(got, "La primera va vèncer") {
		t.Error(got)
	}
	need = transparency.Need{Kind: transparency.NeedSuspended, Final: true}
	if got := todo(texts.For("ca"), models.Cooperative{}, need).When; strings.Contains(got, "recórrer") {
		t.Error(got)
	}
}

func TestFees_AfterAPayment_TheAnswerSaysWhetherTheVoteIsBack(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria, m := h.signedIn("nuria"), h.member(oriol)
	pay := func(amount string) (to string) {
		form := nuria.page(fmt.Sprintf("/payments/new?member=%d", m.ID))
		_, _, review := nuria.send(form, "/payments/review", map[string]string{"amount": amount, "method": "transfer", "received_on": "2026-11-20"})
		_, to, _ = nuria.send(review, "/payments", nil)
		return to
	}
	part := pay("50,00")
	if !strings.Contains(part, "payment_vote_rests") || !strings.Contains(nuria.page(part), "70,00") {
		t.Errorf("a part leads to %s", part)
	}
	if rest := pay("70,00"); !strings.Contains(rest, "payment_vote_back") {
		t.Errorf("the rest leads to %s", rest)
	}
	if more := pay("5,00"); !strings.Contains(more, "payment_recorded") {
		t.Errorf("an advance leads to %s", more)
	}
	h.done()
}

func TestFees_ClosingAPlan_HasAReviewStep(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria := h.signedIn("nuria")
	if page := nuria.page("/fees/plans/1"); strings.Contains(page, `action="/fees/plans/1/archive"`) || !strings.Contains(page, `href="/fees/plans/1/archive"`) {
		t.Error("a plan is closed with one click")
	}
	review := nuria.page("/fees/plans/1/archive")
	if status, _, _ := nuria.send(review, "/fees/plans/1/archive", nil); status != http.StatusSeeOther || !strings.Contains(review, "Quota de persona usuària") {
		t.Errorf("confirming answers %d", status)
	}
	h.done()
}
