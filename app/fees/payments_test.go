package fees

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

func TestPayment_SettlesTheOldestFirstAndTheRestIsAnAdvance(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-02-10")
		h.generate()
		form := h.payForm(h.ada, 2500)
		form.Reference = "  quota de gener "
		preview, err := h.fees.PreviewPayment(t.Context(), h.treasurer, form)
		h.ok(err)
		if len(preview.Settles) != 2 || preview.AdvanceCents != 500 || preview.Settles[0].Charge.PeriodStart != on("2026-01-01") || len(preview.Alike) != 0 {
			t.Fatalf("preview %+v", preview)
		}
		payment, err := h.fees.RecordPayment(t.Context(), h.treasurer, form, "")
		h.ok(err)
		d, err := h.fees.Payment(t.Context(), h.ada, payment)
		h.ok(err)
		if len(d.Settles) != 2 || d.AdvanceCents != 500 || d.Payment.Reference != "quota de gener" || len(d.Entries) != 1 {
			t.Errorf("payment %+v", d)
		}
		if again, err := h.fees.PreviewPayment(t.Context(), h.treasurer, form); err != nil || len(again.Alike) != 1 || again.AdvanceCents != 2500 {
			t.Errorf("a second look: %+v, %v", again, err)
		}
		h.moveTo("2026-03-01")
		h.generate() // the advance settles half of March by itself
		a := h.accountOf(h.ada)
		if a.OwedCents != 500 || a.AdvanceCents != 0 || a.Charges[0].PaidCents != 500 {
			t.Errorf("owed %d, advance %d, %+v", a.OwedCents, a.AdvanceCents, a.Charges[0])
		}
		h.invariants()
	})
}

func TestPayment_ReceivedBeforeThePeriodIsBookedAsAnAdvance(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-02-03")
		h.generate()
		form := h.payForm(h.ada, 2000)
		form.ReceivedOn = on("2026-01-31")
		_, err := h.fees.RecordPayment(t.Context(), h.treasurer, form, "")
		h.ok(err)
		var debt int64
		h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Raw("SELECT CAST(SUM(p.amount_cents) AS BIGINT) FROM postings p JOIN ledger_entries e ON e.id = p.entry_id WHERE p.account_code = '447' AND e.booked_on <= ?", on("2026-01-31")).Scan(&debt).Error
		}))
		if debt != 0 {
			t.Errorf("at the end of January the books say %d on 447, want 0", debt)
		}
		h.invariants()
	})
}

func TestPayment_SentTwiceOrInParallelIsOne(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		form := h.payForm(h.ada, 1000)
		answers := make([]models.PaymentID, 8)
		var all sync.WaitGroup
		for n := range answers {
			all.Go(func() {
				var err error
				if answers[n], err = h.fees.RecordPayment(t.Context(), h.treasurer, form, "token"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for _, a := range answers {
			if a != answers[0] {
				t.Fatalf("different answers %v", answers)
			}
		}
		if n := h.count(&models.Payment{}); n != 1 {
			t.Errorf("%d payments", n)
		}
		h.invariants()
	})
}

func TestPayment_ManyAtOnceNeverPayAChargeTwice(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-05-01")
		h.generate()
		form := h.payForm(h.ada, 700)
		var all sync.WaitGroup
		for range 9 {
			all.Go(func() {
				if _, err := h.fees.RecordPayment(t.Context(), h.treasurer, form, ""); err != nil {
					t.Error(err)
				}
			})
		}
		all.Go(func() { // charging at the same time must not deadlock with them
			if _, err := h.fees.GenerateCharges(t.Context()); err != nil {
				t.Error(err)
			}
		})
		all.Wait()
		if a := h.accountOf(h.ada); a.OwedCents != 0 || a.AdvanceCents != 9*700-5000 {
			t.Errorf("owed %d, advance %d", a.OwedCents, a.AdvanceCents)
		}
		h.invariants()
	})
}

func TestPayment_WrongInputChangesNothing(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		good := h.payForm(h.ada, 1000)
		for key, spoil := range map[string]func(f *PaymentForm){
			"fees.amount_not_above_zero":  func(f *PaymentForm) { f.AmountCents = 0 },
			"fees.amount_too_large":       func(f *PaymentForm) { f.AmountCents = paymentMostCents + 1 },
			"fees.method_unknown":         func(f *PaymentForm) { f.Method = "shells" },
			"fees.received_in_the_future": func(f *PaymentForm) { f.ReceivedOn = on("2026-01-02") },
			"fees.received_too_long_ago":  func(f *PaymentForm) { f.ReceivedOn = on("2019-01-02") },
			"ui.error.required":           func(f *PaymentForm) { f.ReceivedOn = civil.Date{} },
			"fees.reference_too_long":     func(f *PaymentForm) { f.Reference = strings.Repeat("à", referenceMost+1) },
			"fees.no_such_member":         func(f *PaymentForm) { f.Member = 9999 },
		} {
			form := good
			spoil(&form)
			_, err := h.fees.RecordPayment(t.Context(), h.treasurer, form, "t")
			h.refused(err, key)
			_, err = h.fees.PreviewPayment(t.Context(), h.treasurer, form)
			h.refused(err, key)
		}
		if h.count(&models.Payment{}) != 0 || h.count(&models.OnceToken{}) != 0 {
			t.Error("a refused payment left something")
		}
	})
}

func TestReversal_OpensTheChargesAgainOnceUnderParallelRequests(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		first := h.pay(h.ada, 2500) // 15.00 in advance
		h.moveTo("2026-02-02")
		h.generate() // uses 10.00 of it
		errs := make([]error, 5)
		var all sync.WaitGroup
		for n := range errs {
			all.Go(func() { errs[n] = h.fees.ReversePayment(t.Context(), h.treasurer, first, "Retornat pel banc", "") })
		}
		all.Wait()
		done := 0
		for _, err := range errs {
			if err == nil {
				done++
			} else {
				h.refused(err, "fees.payment_reversed_already")
			}
		}
		a := h.accountOf(h.ada)
		if done != 1 || a.OwedCents != 2000 || a.AdvanceCents != 0 || a.Payments[0].Reversal == nil {
			t.Errorf("reversed %d times; owed %d, advance %d", done, a.OwedCents, a.AdvanceCents)
		}
		h.invariants()
		h.ok(h.fees.ReversePayment(t.Context(), h.treasurer, h.pay(h.ada, 300), "Error", "twice"))
		var last models.Payment
		h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Order("id DESC").Take(&last).Error }))
		h.ok(h.fees.ReversePayment(t.Context(), h.treasurer, last.ID, "Error", "twice")) // the form sent again
		h.invariants()
	})
}

func TestReversal_OtherAdvancesPayInstead(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		first := h.pay(h.ada, 1000)
		h.pay(h.ada, 1000)
		h.ok(h.fees.ReversePayment(t.Context(), h.treasurer, first, "Error", ""))
		if a := h.accountOf(h.ada); a.OwedCents != 0 || a.AdvanceCents != 0 {
			t.Errorf("owed %d, advance %d", a.OwedCents, a.AdvanceCents)
		}
		h.invariants()
	})
}

func TestMoney_OnlyTheTreasurerMovesIt(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		for _, who := range []identity.Actor{h.ada, h.second, {}, {Account: h.ada.Account, Roles: []models.RoleTerm{{Role: models.RoleAuditor}, {Role: models.RoleAdministrator}}}} {
			_, err := h.fees.RecordPayment(t.Context(), who, h.payForm(h.ada, 100), "")
			_, err2 := h.fees.Waive(t.Context(), who, WaiverForm{Member: id(h.bru)}, "")
			_, err3 := h.fees.SetPrice(t.Context(), who, h.plan, PriceForm{}, "")
			_, err4 := h.fees.OpenCase(t.Context(), who, id(h.bru), "")
			_, err5 := h.fees.CreatePlan(t.Context(), who, PlanForm{}, "")
			_, err6 := h.fees.PreviewPayment(t.Context(), who, h.payForm(h.ada, 100))
			for n, err := range []error{err, err2, err3, err4, err5, err6, h.fees.ReversePayment(t.Context(), who, 1, "x", ""), h.fees.ArchivePlan(t.Context(), who, h.plan)} {
				if !fault.Has(err, "identity.role_needed") {
					t.Errorf("%s, act %d: %v", who.Handle, n, err)
				}
			}
		}
		_, err := h.fees.MemberFees(t.Context(), h.bru, id(h.ada))
		h.refused(err, "identity.not_yours")
		_, err = h.fees.Overdue(t.Context(), h.ada, Filter{}, Cursor{}, 10)
		h.refused(err, "identity.role_needed")
	})
}

func TestVote_AutomaticPolicyAtTheBoundaryInstants(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) { // due on the 6th of January, 30 days of grace
		h.subscribe(h.ada, 1000)
		for _, c := range []struct {
			instant string
			may     bool
			fee     standing.Fee
		}{
			{"2026-01-06 23:59:59", true, standing.FeeCurrent}, {"2026-01-07 00:00:00", true, standing.FeeInGrace},
			{"2026-02-05 23:59:59", true, standing.FeeInGrace}, {"2026-02-06 00:00:00", false, standing.FeeOverdue},
		} {
			h.clock.Move(at(c.instant))
			if v := h.verdict(h.ada); v.MayVote != c.may || v.Fee != c.fee {
				t.Errorf("at %s: %+v", c.instant, v)
			}
		}
		payment := h.pay(h.ada, 1000) // the same instant
		if v := h.verdict(h.ada); !v.MayVote || v.Fee != standing.FeeCurrent {
			t.Errorf("paid, and %+v", v)
		}
		if len(h.restored.all) != 1 || h.restored.all[0] != models.CausePayment {
			t.Errorf("the rolls were told %v", h.restored.all)
		}
		h.ok(h.fees.ReversePayment(t.Context(), h.treasurer, payment, "Retornat", ""))
		if v := h.verdict(h.ada); v.MayVote {
			t.Error("the payment was reversed and the vote stayed")
		}
	})
}

func TestFacts_OfAnEarlierInstantKnowWhatWasOpenThen(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-01-20")
		h.pay(h.ada, 1000)
		h.moveTo("2026-01-25")
		h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error {
			now, err := FactsTx(t.Context(), tx, []models.MemberID{id(h.ada), id(h.bru)})
			h.ok(err)
			before, err := FactsSinceTx(t.Context(), tx, []models.MemberID{id(h.ada)}, at("2026-01-19 00:00:00"))
			h.ok(err)
			if len(now) != 0 || len(before[id(h.ada)].Owed) != 1 {
				t.Errorf("now %+v, before %+v", now, before)
			}
			return nil
		}))
	})
}

func TestOverdue_PagesFiltersAndExportsTheSame(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.bru, 500)
		h.moveTo("2026-02-07")
		h.write(func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("id = ?", id(h.ada)).Updates(map[string]any{"name": "=Àda", "sort_name": members.SortName("=Àda")}).Error
		})
		h.subscribe(h.ada, 1000)
		h.generate()
		h.moveTo("2026-02-13")
		first, err := h.fees.Overdue(t.Context(), h.treasurer, Filter{}, Cursor{}, 1)
		h.ok(err)
		if len(first.Rows) != 1 || first.Rows[0].MemberID != id(h.bru) || first.Rows[0].OwedCents != 1000 || first.Rows[0].State != dues.Overdue || first.Members != 2 || first.Cents != 2000 {
			t.Fatalf("first page %+v", first)
		}
		cursor, err := ParseCursor(first.Next.String())
		h.ok(err)
		second, err := h.fees.Overdue(t.Context(), h.treasurer, Filter{}, cursor, 1)
		h.ok(err)
		if len(second.Rows) != 1 || second.Rows[0].Name != "=Àda" || second.Rows[0].State != dues.InGrace || !second.Next.IsZero() {
			t.Fatalf("second page %+v", second)
		}
		for filter, want := range map[Filter]int{
			{Who: DebtorsOverdue}: 1, {Who: DebtorsAll}: 2, {Search: "BRU"}: 1, {Search: "ÀDA"}: 1, {Search: "ada"}: 1, {Search: "1"}: 1, {Search: "%"}: 0, {Search: "' OR 1=1 --"}: 0, {ClassID: 999}: 0,
		} {
			page, err := h.fees.Overdue(t.Context(), h.treasurer, filter, Cursor{}, 10)
			h.ok(err)
			if len(page.Rows) != want || page.Members != int64(want) {
				t.Errorf("%+v finds %d of %d, want %d", filter, len(page.Rows), page.Members, want)
			}
		}
		var out bytes.Buffer
		h.ok(h.fees.ExportOverdue(t.Context(), h.treasurer, Filter{}, &out, nil))
		if want := "member,name,charges,owed,currency,oldest_due,state\r\n2,bru,2,10.00,EUR,2026-01-06,overdue\r\n1,'=Àda,1,10.00,EUR,2026-02-12,in_grace\r\n"; out.String() != want {
			t.Errorf("exported\n%s", out.String())
		}
		totals, err := h.fees.Totals(t.Context(), h.treasurer)
		h.ok(err)
		if totals.OpenCents != 2000 || totals.LateCents != 2000 || totals.LateMembers != 2 || totals.Unsubscribed != 0 || totals.Today != on("2026-02-13") || totals.Currency != "EUR" {
			t.Errorf("totals %+v", totals)
		}
	})
}

// TestBooks_HoldAfterAnySequenceOfActs walks at random, always the same way, and recomputes the invariants.
func TestBooks_HoldAfterAnySequenceOfActs(t *testing.T) {
	each(t, rules.PresetCatalan, func(h *house) {
		dice := rand.New(rand.NewPCG(7, 41))
		who := []identity.Actor{h.ada, h.bru}
		var payments []models.PaymentID
		for step := range 120 {
			m := who[dice.IntN(2)]
			switch dice.IntN(9) {
			case 0:
				h.subscribe(m, 500+dice.Int64N(4500))
			case 1, 2:
				h.clock.Move(h.clock.Now().AddDate(0, 0, dice.IntN(40)))
				h.generate()
			case 3, 4, 5:
				payments = append(payments, h.pay(m, 1+dice.Int64N(3000)))
			case 6:
				if len(payments) > 0 {
					err := h.fees.ReversePayment(t.Context(), h.treasurer, payments[dice.IntN(len(payments))], "x", "")
					if err != nil && !fault.Has(err, "fees.payment_reversed_already") {
						t.Fatal(err)
					}
				}
			case 7:
				from := on("2026-01-01").AddMonths(dice.IntN(24))
				_, err := h.fees.Waive(t.Context(), h.treasurer, WaiverForm{Member: id(m), FromOn: from, UntilOn: from.AddMonths(1), Reason: "x"}, "")
				h.ok(err)
			case 8:
				_, err := h.fees.OpenCase(t.Context(), h.treasurer, id(m), "")
				if err != nil && !fault.Has(err, "fees.nothing_overdue") && !fault.Has(err, "fees.case_is_open") {
					t.Fatal(err)
				}
			}
			if step%12 == 11 {
				h.invariants()
			}
		}
		h.invariants()
	})
}

func TestEntries_SpeakTheCooperativesLanguage(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		for _, c := range []struct{ language, transfer, cash, applied string }{
			{"ca", "Transferència, pagament 1", "Efectiu, pagament 2", "El pagament 1 salda la quota 1"},
			{"es", "Transferencia, pago 3", "Efectivo, pago 4", "El pago 3 salda la cuota 2"},
			{"en", "Transfer, payment 5", "Cash, payment 6", "Payment 5 settles charge 3"},
		} {
			h.write(func(tx *db.Tx) error {
				return tx.DB.Model(&models.Cooperative{}).Where("id = 1").Update("language", c.language).Error
			})
			h.pay(h.ada, 1000) // an advance, which settles what is charged next
			form := h.payForm(h.bru, 100)
			form.Method = models.Cash
			_, err := h.fees.RecordPayment(t.Context(), h.treasurer, form, "")
			h.ok(err)
			if h.count(&models.Subscription{}) == 0 {
				h.subscribe(h.ada, 1000)
			} else {
				h.moveTo(map[string]string{"es": "2026-02-01", "en": "2026-03-01"}[c.language])
				h.generate()
			}
			for _, text := range []string{c.transfer, c.cash, c.applied} {
				var n int64
				h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error {
					return tx.DB.Model(&models.LedgerEntry{}).Where("description = ?", text).Count(&n).Error
				}))
				if n != 1 {
					t.Errorf("%d entries say %q", n, text)
				}
			}
		}
	})
}
