package fees

import (
	"sync"
	"testing"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

func TestCharges_CatchUpAfterDowntimeAndNeverTwice(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1500)
		if got := h.count(&models.Charge{}); got != 1 {
			t.Fatalf("subscribing charged %d periods, want the one that has begun", got)
		}
		h.moveTo("2026-04-01")
		if made := h.generate(); made != 3 {
			t.Fatalf("caught up %d periods, want February, March and April", made)
		}
		if made := h.generate(); made != 0 {
			t.Fatalf("charged %d periods twice", made)
		}
		a := h.accountOf(h.ada)
		newest := a.Charges[0]
		// Only January, charged in time, is late: February and March were charged just now, and nobody could have paid before.
		if newest.PeriodStart != on("2026-04-01") || newest.PeriodEnd != on("2026-04-30") || newest.DueOn != on("2026-04-06") ||
			newest.AmountCents != 1500 || newest.SolidarityCents != 500 || a.OwedCents != 6000 || a.OverdueCents != 1500 {
			t.Errorf("the account is %+v, its newest charge %+v", a, newest)
		}
		h.invariants()
	})
}

func TestCharges_MadeLateAreNotDueBeforeTheyWereMadeAndTakeNoVote(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.pay(h.ada, 1000)
		h.moveTo("2026-06-15") // the server stood still for months
		h.generate()
		a := h.accountOf(h.ada)
		for _, c := range a.Charges[:5] {
			if c.DueOn != on("2026-06-20") {
				t.Errorf("the charge of %s, made on 15 June, is due on %s", c.PeriodStart, c.DueOn)
			}
		}
		if a.OverdueCents != 0 || !h.verdict(h.ada).MayVote {
			t.Errorf("%d are overdue on the day on which they were charged", a.OverdueCents)
		}
		h.invariants()
	})
}

func TestCharges_TellEachMemberOnceForEachRun(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		notices := func() (all []models.InboxNotice) {
			h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Where("kind = 'fees.notice.charged'").Order("id").Find(&all).Error
			}))
			return all
		}
		h.subscribe(h.ada, 1000) // Ada sees it on the page that answers
		_, err := h.fees.Subscribe(t.Context(), h.treasurer, Choice{Member: id(h.bru), Plan: h.plan, AmountCents: 1000}, "")
		h.ok(err)
		if all := notices(); len(all) != 1 || all[0].AccountID != h.bru.Account || all[0].Args["member"] != "bru" || all[0].Href != memberHref(id(h.bru)) {
			t.Fatalf("who was charged by the treasurer was told %+v", all)
		}
		_, err = h.fees.Waive(t.Context(), h.treasurer, WaiverForm{Member: id(h.bru), FromOn: on("2026-02-01"), UntilOn: on("2026-12-31"), Reason: "Atur"}, "")
		h.ok(err)
		h.moveTo("2026-04-01")
		h.generate() // three periods of each, and Bru's are waived
		if all := notices(); len(all) != 2 || all[1].AccountID != h.ada.Account {
			t.Errorf("notices: %+v", all)
		}
	})
}

func TestCharges_TwoNodesAtOnceChargeOnce(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.subscribe(h.bru, 1000)
		h.moveTo("2026-06-15")
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if _, err := h.fees.GenerateCharges(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := h.count(&models.Charge{}); got != 12 {
			t.Errorf("%d charges, want 6 for each of two", got)
		}
		h.invariants()
	})
}

func TestCharges_BeginAtMidnightOfTheCooperative(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.clock.Move(at("2026-01-31 23:59:59"))
		if h.generate() != 0 {
			t.Error("February was charged in January")
		}
		h.clock.Move(at("2026-02-01 00:00:00"))
		if h.generate() != 1 {
			t.Error("February was not charged on its first instant")
		}
	})
}

func TestCharges_NothingAfterLeaving(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.write(func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("id = ?", id(h.ada)).Update("left_on", on("2026-03-01")).Error
		})
		h.moveTo("2026-06-15")
		if made := h.generate(); made != 1 {
			t.Errorf("charged %d periods, want February only", made)
		}
		if made := h.generate(); made != 0 {
			t.Errorf("charged %d periods more", made)
		}
		_, err := h.fees.Subscribe(t.Context(), h.ada, Choice{Member: id(h.ada), Plan: h.plan, AmountCents: 900}, "")
		h.refused(err, "fees.member_has_left")
	})
}

func TestCharges_PriceOfThePeriodMovesTheAmountIntoItsRange(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 600)
		_, err := h.fees.SetPrice(t.Context(), h.treasurer, h.plan, PriceForm{ValidFrom: on("2026-03-01"), MinCents: 800, SuggestedCents: 800, Resolution: "Assemblea 2026/1"}, "")
		h.ok(err)
		h.moveTo("2026-03-01")
		h.generate()
		a := h.accountOf(h.ada)
		if a.Charges[0].AmountCents != 800 || a.Charges[1].AmountCents != 600 || a.Subscription.ChargedCents != 800 {
			t.Errorf("charged %d then %d; says %d", a.Charges[1].AmountCents, a.Charges[0].AmountCents, a.Subscription.ChargedCents)
		}
		_, err = h.fees.SetPrice(t.Context(), h.treasurer, h.plan, PriceForm{ValidFrom: on("2026-03-01"), SuggestedCents: 1, Resolution: "x"}, "")
		h.refused(err, "fees.price_not_newer")
		h.moveTo("2026-05-02")
		h.generate()
		_, err = h.fees.SetPrice(t.Context(), h.treasurer, h.plan, PriceForm{ValidFrom: on("2026-05-01"), SuggestedCents: 1, Resolution: "x"}, "")
		h.refused(err, "fees.price_already_charged")
	})
}

func TestPrice_NeedsAResolutionAndIsNeverChanged(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		_, err := h.fees.SetPrice(t.Context(), h.treasurer, h.plan, PriceForm{ValidFrom: on("2027-01-01"), MinCents: 9, SuggestedCents: 5}, "")
		h.refused(err, "ui.error.required")
		h.refused(err, "fees.price_order")
		if err := h.db.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec("UPDATE prices SET min_cents = 0").Error }); err == nil {
			t.Error("a price was changed")
		}
		_, err = h.fees.CreatePlan(t.Context(), h.treasurer, PlanForm{ClassID: h.class, Name: "Quota mensual", Every: "month", VATTreatment: VATOutside, Price: PriceForm{ValidFrom: on("2026-01-01"), Resolution: "r"}}, "")
		h.refused(err, "fees.plan_name_taken")
	})
}

func TestSubscription_AmountStaysInsideTheRangeOfTheOwnClass(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		var worker models.MemberClass
		h.ok(h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Where("code = 'worker'").Take(&worker).Error }))
		other := h.makePlan("De treball", worker.ID, "year", PriceForm{ValidFrom: on("2020-01-01"), SuggestedCents: 1, Resolution: "r"})
		for _, c := range []struct {
			plan  models.FeePlanID
			cents int64
			key   string
		}{
			{h.plan, 499, "fees.amount_below_minimum"}, {h.plan, 5001, "fees.amount_above_maximum"},
			{other, 100, "fees.plan_of_other_class"}, {9999, 100, "fees.no_such_plan"},
		} {
			_, err := h.fees.Subscribe(t.Context(), h.ada, Choice{Member: id(h.ada), Plan: c.plan, AmountCents: c.cents}, "")
			h.refused(err, c.key)
		}
		_, err := h.fees.Subscribe(t.Context(), h.bru, Choice{Member: id(h.ada), Plan: h.plan, AmountCents: 500}, "")
		h.refused(err, "identity.not_yours")
		if h.count(&models.Subscription{}) != 0 {
			t.Error("a refused choice was stored")
		}
		h.ok(h.fees.ArchivePlan(t.Context(), h.treasurer, h.plan))
		_, err = h.fees.Subscribe(t.Context(), h.ada, Choice{Member: id(h.ada), Plan: h.plan, AmountCents: 500}, "")
		h.refused(err, "fees.plan_archived")
	})
}

func TestSubscription_ChangeBeginsWithTheNextPeriodAndTheLastChoiceHolds(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-02-10")
		h.subscribe(h.ada, 2000)
		h.subscribe(h.ada, 3000)
		a := h.accountOf(h.ada)
		if a.Subscription.AmountCents != 1000 || a.Subscription.EndsOn != on("2026-02-28") || a.Next == nil || a.Next.AmountCents != 3000 || a.Next.StartsOn != on("2026-03-01") {
			t.Fatalf("running %+v, next %+v", a.Subscription, a.Next)
		}
		h.moveTo("2026-03-05")
		h.generate()
		a = h.accountOf(h.ada)
		if len(a.Charges) != 3 || a.Charges[0].AmountCents != 3000 || a.Charges[1].AmountCents != 1000 || a.Next != nil {
			t.Errorf("charges %+v", a.Charges)
		}
		h.invariants()
	})
}

func TestSubscription_SentTwiceOrInParallelIsOne(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		var all sync.WaitGroup
		for _, token := range []string{"a", "a", "a", "", ""} {
			all.Go(func() {
				if _, err := h.fees.Subscribe(t.Context(), h.ada, Choice{Member: id(h.ada), Plan: h.plan, AmountCents: 700}, token); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n, c := h.count(&models.Subscription{}), h.count(&models.Charge{}); n != 1 || c != 1 {
			t.Errorf("%d subscriptions, %d charges", n, c)
		}
	})
}

func TestWaiver_MakesSettledChargesOfZeroAndEndsByItself(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		_, err := h.fees.Waive(t.Context(), h.treasurer, WaiverForm{Member: id(h.ada), FromOn: on("2026-02-01"), UntilOn: on("2026-03-31"), Reason: "Atur"}, "")
		h.ok(err)
		h.moveTo("2026-04-01")
		h.generate()
		a := h.accountOf(h.ada)
		for i, want := range []int64{1000, 0, 0, 1000} {
			c := a.Charges[i]
			if c.AmountCents != want || (want == 0) != (c.WaiverID != nil && c.SettledAt != nil) {
				t.Errorf("charge of %s: %+v", c.PeriodStart, c)
			}
		}
		if n := h.count(&models.LedgerEntry{}); n != 2 {
			t.Errorf("%d entries, want one for each charge that is owed", n)
		}
		h.invariants()
	})
}

func TestWaiver_TakesOpenChargesBackAndFreesWhatWasPaidOnThem(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		h.subscribe(h.ada, 1000)
		h.moveTo("2026-03-01")
		h.generate()
		h.pay(h.ada, 1400) // January in full, 4.00 of February
		form := WaiverForm{Member: id(h.ada), FromOn: on("2026-02-01"), UntilOn: on("2026-02-28"), Reason: "Atur"}
		own := h.treasurer
		own.Members = h.ada.Members
		_, err := h.fees.Waive(t.Context(), own, form, "")
		h.refused(err, "fees.own_case")
		_, err = h.fees.Waive(t.Context(), h.treasurer, form, "")
		h.ok(err)
		a := h.accountOf(h.ada)
		if a.OwedCents != 600 || a.Charges[1].AmountCents != 0 || a.Charges[0].PaidCents != 400 || a.Charges[2].SettledAt == nil {
			t.Errorf("owed %d, charges %+v", a.OwedCents, a.Charges)
		}
		h.invariants()
	})
}

func TestCharges_OfManyMembersInFewQueries(t *testing.T) {
	each(t, rules.PresetAssociation, func(h *house) {
		const many = membersAtOnce + 20
		h.write(func(tx *db.Tx) error {
			members := make([]models.Member, many)
			for i := range members {
				members[i] = models.Member{Number: int64(100 + i), Kind: models.Person, Name: "m", ClassID: h.class, Language: "ca", JoinedOn: on("2020-01-01"), CreatedAt: tx.Now}
			}
			if err := tx.DB.CreateInBatches(&members, 500).Error; err != nil {
				return err
			}
			subs := make([]models.Subscription, many)
			for i, m := range members {
				subs[i] = models.Subscription{MemberID: m.ID, PlanID: h.plan, AmountCents: 1000, StartsOn: on("2025-11-01"), CreatedAt: tx.Now}
			}
			return tx.DB.CreateInBatches(&subs, 500).Error
		})
		if made := h.generate(); made != 3*many {
			t.Errorf("%d charges, want %d", made, 3*many)
		}
		h.invariants()
	})
}
