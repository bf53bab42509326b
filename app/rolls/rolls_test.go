package rolls

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/fault"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

func codes(l Line) (out []standing.Code) {
	for _, r := range l.Reasons {
		out = append(out, r.Code)
	}
	return out
}

func TestStanding_AutomaticArrears_LostAtTheStartOfTheDayAfterGrace_BackAtTheInstantOfPaying(t *testing.T) {
	c := clock.At(start("2026-02-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		c.Move(start("2026-02-01"))
		m, by := h.member("Aina", "2025-01-01")
		charge := h.owes(m, "2026-02-28") // + 30 days of grace: until 30 March, the clocks change on the 29th
		lost := start("2026-03-31")
		ask := func() standing.Verdict {
			a, err := h.rolls.Standing(t.Context(), by, m.ID)
			if err != nil {
				t.Fatal(err)
			}
			glance, member, err := h.rolls.Glance(t.Context(), by)
			if err != nil || !member || glance != a.Verdict.MayVote {
				t.Errorf("glance %+v, %v, %v", glance, member, err)
			}
			return a.Verdict
		}
		c.Move(lost.Add(-time.Microsecond))
		if v := ask(); !v.MayVote || v.Fee != standing.FeeInGrace {
			t.Errorf("the last instant of grace: %+v", v)
		}
		c.Move(lost)
		if v := ask(); v.MayVote || !v.Has(standing.CodeArrearsAutomatic) || v.Reasons[0].Since != day("2026-03-31") {
			t.Errorf("the first instant after grace: %+v", v)
		}
		c.Move(lost.Add(36 * time.Hour))
		if v := ask(); v.MayVote {
			t.Errorf("before paying: %+v", v)
		}
		h.pays(charge)
		if v := ask(); !v.MayVote {
			t.Errorf("at the instant of paying: %+v", v)
		}
	})
}

func TestStanding_CasePolicy_OnlyTheDecisionOfACaseTakesTheVote(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyCase)
		m, by := h.member("Berta", "2025-01-01")
		charge := h.owes(m, "2026-01-31")
		roll := h.freeze(h.assembly(start("2026-07-01")))
		if !h.eligible(roll, m) {
			t.Error("four months late and no case: the vote must stay")
		}
		decided := c.Now().Add(time.Hour)
		kase := models.ArrearsCase{MemberID: m.ID, RuleSetID: h.statutes.ID, OpenedOn: day("2026-05-01"), OpenedBy: by.Account, OpenedAt: start("2026-05-01"),
			HearingUntil: day("2026-05-11"), Decision: models.Suspend, DecidedAt: &decided}
		h.act(func(tx *db.Tx) {
			h.create(tx, &kase)
			h.create(tx, &models.ArrearsCaseCharge{CaseID: kase.ID, ChargeID: charge.ID})
		})
		for _, x := range []struct {
			at  time.Time
			may bool
		}{{decided.Add(-time.Microsecond), true}, {decided, false}} {
			c.Move(x.at)
			a, err := h.rolls.Standing(t.Context(), by, m.ID)
			if err != nil || a.Verdict.MayVote != x.may {
				t.Errorf("at %v: %+v, %v", x.at, a.Verdict, err)
			}
		}
		second := h.freeze(h.assembly(start("2026-07-02")))
		if l, _ := h.line(second, m); l.Eligible || !slices.Equal(codes(l), []standing.Code{standing.CodeSuspendedByCase}) {
			t.Errorf("suspended before the record date: %+v", l)
		}
		if !h.eligible(roll, m) {
			t.Error("suspended after the record date: the frozen roll must not change")
		}
		h.pays(charge)
		if l, _ := h.line(second, m); !l.Eligible || len(l.Corrections) != 1 || l.Corrections[0].Cause != models.CausePayment {
			t.Errorf("paid: %+v", l)
		}
	})
}

func TestFreeze_RecordDate(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		old, _ := h.member("Old", "2020-01-01")
		future, futureActor := h.member("Future", "2026-06-02")
		leaving, _ := h.member("Leaving", "2020-01-01")
		left, _ := h.member("Left", "2020-01-01")
		longGone, _ := h.member("Long gone", "2020-01-01")
		lastDay, _ := h.member("Last day", "2020-01-01")
		h.leaves(lastDay, "2026-06-01")
		h.leaves(left, "2026-05-31")
		h.leaves(longGone, "2025-05-31")
		a := h.assembly(start("2026-07-01"))
		roll := h.freeze(a)
		later, _ := h.member("Later", "2026-06-01")

		if !roll.RecordAt.Equal(c.Now()) || !roll.CorrectionsUntil.Equal(start("2026-07-01").Add(-24*time.Hour)) {
			t.Errorf("roll %+v", roll)
		}
		for _, x := range []struct {
			m      models.Member
			listed bool
			codes  []standing.Code
		}{
			{old, true, nil},
			{future, true, []standing.Code{standing.CodeNotYetMember}},
			{leaving, true, nil},
			{lastDay, true, nil},
			{left, true, []standing.Code{standing.CodeLeft}},
			{longGone, false, nil},
			{later, false, nil},
		} {
			l, listed := h.line(roll, x.m)
			if listed != x.listed || !slices.Equal(codes(l), x.codes) || l.Eligible != (listed && x.codes == nil) {
				t.Errorf("%s: listed %v, %+v", x.m.Name, listed, l)
			}
		}
		// The day comes on which one joins and one leaves: the roll gives no vote to the first, and none to the second any more.
		h.leaves(leaving, "2026-06-19")
		c.Move(start("2026-06-20").Add(-time.Microsecond))
		if !h.eligible(roll, leaving) || h.eligible(roll, future) {
			t.Error("the last instant of the day of leaving")
		}
		c.Move(start("2026-06-20"))
		if l, _ := h.line(roll, leaving); l.Eligible || !slices.Equal(codes(l), []standing.Code{standing.CodeLeft}) {
			t.Errorf("the day after leaving: %+v", l)
		} else if l.Reasons[0].Article == "" {
			t.Error("no article says why who left does not vote")
		}
		if ans, err := h.rolls.Standing(t.Context(), futureActor, future.ID); err != nil || !ans.Verdict.MayVote || len(ans.Places) != 1 || ans.Places[0].Line.Eligible {
			t.Errorf("joined after the record date: %+v, %v", ans, err)
		}
		futureActor.Members = nil // as the session knows them: no membership is in force
		if ans, err := h.rolls.Standing(t.Context(), futureActor, future.ID); err != nil || ans.Member.ID != future.ID {
			t.Errorf("who is not yet a member asks: %v", err)
		}
		if own, err := h.rolls.Own(t.Context(), futureActor); err != nil || len(own) != 1 {
			t.Errorf("own members: %v, %v", own, err)
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := FreezeTx(t.Context(), tx, a.ID, h.statutes, a.FirstCallAt)
			return err
		})
		if !fault.Has(err, "rolls.already_frozen") {
			t.Errorf("a second roll: %v", err)
		}
	})
}

func TestRoll_AfterTheAssemblyClosed_DeparturesChangeNothing(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		m, _ := h.member("Old", "2020-01-01")
		a := h.assembly(start("2026-07-01"))
		roll := h.freeze(a)
		closed := start("2026-07-01").Add(4 * time.Hour)
		h.act(func(tx *db.Tx) {
			if err := tx.DB.Model(&a).Update("closed_at", closed).Error; err != nil {
				panic(err)
			}
		})
		h.leaves(m, "2026-07-01")
		c.Move(start("2026-08-01"))
		if !h.eligible(roll, m) {
			t.Error("a closed roll changed")
		}
	})
}

func TestRoll_FrozenRowsCannotBeChanged(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		m, _ := h.member("Old", "2020-01-01")
		facilitator := h.account("fac", models.RoleFacilitator)
		roll := h.freeze(h.assembly(start("2026-07-01")))
		if err := h.rolls.Correct(t.Context(), facilitator, Correction{Roll: roll.ID, Number: m.Number, Reason: "error"}); err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			"UPDATE rolls SET record_at = frozen_at", "DELETE FROM rolls",
			"UPDATE roll_entries SET eligible = NOT eligible", "DELETE FROM roll_entries",
			"UPDATE roll_corrections SET eligible = NOT eligible", "DELETE FROM roll_corrections",
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(sql).Error })
			if err == nil || !strings.Contains(err.Error(), "never changed") {
				t.Errorf("%s: %v", sql, err)
			}
		}
		if h.eligible(roll, m) {
			t.Error("the correction is gone")
		}
	})
}

func TestCorrect_UntilSoManyHoursBeforeTheFirstCall(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		facilitator := h.account("fac", models.RoleFacilitator)
		a, byA := h.member("A", "2026-06-02") // joined too late, by a mistake of the office
		b, _ := h.member("B", "2020-01-01")
		roll := h.freeze(h.assembly(start("2026-07-01")))
		late, _ := h.member("Late", "2026-06-01")
		do := func(m models.Member, eligible bool) error {
			return h.rolls.Correct(t.Context(), facilitator, Correction{Roll: roll.ID, Number: m.Number, Eligible: eligible, Reason: "L’oficina es va equivocar."})
		}
		for role, by := range map[string]identity.Actor{"member": byA, "treasurer": h.account("tre", models.RoleTreasurer), "administrator": h.account("adm", models.RoleAdministrator), "nobody": {}} {
			err := h.rolls.Correct(t.Context(), by, Correction{Roll: roll.ID, Number: a.Number, Eligible: true, Reason: "x"})
			if f, ok := fault.As(err); !ok || f.Kind != fault.KindForbidden {
				t.Errorf("%s corrects: %v", role, err)
			}
		}
		if err := h.rolls.Correct(t.Context(), facilitator, Correction{Roll: roll.ID, Number: a.Number, Eligible: true, Reason: " "}); !fault.Has(err, "ui.error.required") {
			t.Errorf("without a reason: %v", err)
		}
		if err := do(b, true); !fault.Has(err, "rolls.correction_changes_nothing") {
			t.Errorf("to what already holds: %v", err)
		}
		gone, _ := h.member("Gone", "2020-01-01")
		h.leaves(gone, "2026-05-31")
		if err := do(gone, true); !fault.Has(err, "rolls.has_left") {
			t.Errorf("who has left: %v", err)
		}
		if err := do(models.Member{Number: 999}, true); !fault.Has(err, "rolls.member_not_found") {
			t.Errorf("a number that nobody has: %v", err)
		}
		c.Move(roll.CorrectionsUntil)
		if err := do(a, true); err != nil {
			t.Fatalf("at the last instant: %v", err)
		}
		if err := do(late, true); err != nil {
			t.Fatalf("who has no line: %v", err)
		}
		c.Move(roll.CorrectionsUntil.Add(time.Microsecond))
		err := do(b, false)
		f, ok := fault.As(err)
		if !ok || f.Key != "rolls.corrections_closed" || f.Args["Article"] != "Llei 12/2015, art. 48.2" || f.Args["Time"] != "00:00" {
			t.Errorf("an instant later: %v %+v", err, f)
		}
		if !h.eligible(roll, a) || !h.eligible(roll, b) || !h.eligible(roll, late) {
			t.Error("the roll does not hold what was corrected in time, or holds what was not")
		}
		var notices []models.InboxNotice
		if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Order("id").Find(&notices).Error }); err != nil {
			t.Fatal(err)
		}
		if len(notices) != 2 || notices[0].AccountID != *a.AccountID || notices[0].Kind != "rolls.notice_put_on" {
			t.Errorf("notices %+v", notices)
		}
	})
}

func TestCorrect_TwiceSentAndParallel_OneCorrection(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		facilitator := h.account("fac", models.RoleFacilitator)
		m, _ := h.member("A", "2020-01-01")
		roll := h.freeze(h.assembly(start("2026-07-01")))
		var wg sync.WaitGroup
		done := make(chan error, 16)
		for i := range 16 {
			once := ""
			if i%2 == 0 {
				once = "same form"
			}
			wg.Go(func() {
				done <- h.rolls.Correct(t.Context(), facilitator, Correction{Roll: roll.ID, Number: m.Number, Reason: "x", Once: once})
			})
		}
		wg.Wait()
		close(done)
		for err := range done {
			if err != nil && !fault.Has(err, "rolls.correction_changes_nothing") {
				t.Error(err)
			}
		}
		if l, _ := h.line(roll, m); l.Eligible || len(l.Corrections) != 1 {
			t.Errorf("line %+v", l)
		}
	})
}

func TestRestored_ParallelPayments_OneCorrection_NeverOnAClosedAssemblyOrAgainstAClaim(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		facilitator := h.account("fac", models.RoleFacilitator)
		m, _ := h.member("A", "2020-01-01")
		charge := h.owes(m, "2026-01-31")
		closed, now, claimed := h.assembly(start("2026-06-28")), h.assembly(start("2026-07-01")), h.assembly(start("2026-07-02"))
		rollClosed, rollNow, rollClaimed := h.freeze(closed), h.freeze(now), h.freeze(claimed)
		h.act(func(tx *db.Tx) {
			if err := tx.DB.Model(&closed).Update("closed_at", tx.Now).Error; err != nil {
				panic(err)
			}
		})
		for _, eligible := range []bool{true, false} {
			if err := h.rolls.Correct(t.Context(), facilitator, Correction{Roll: rollClaimed.ID, Number: m.Number, Eligible: eligible, Reason: "x"}); err != nil {
				t.Fatal(err)
			}
		}
		c.Move(now.FirstCallAt.Add(time.Hour)) // the assembly is on: paying still restores
		h.act(func(tx *db.Tx) {
			if err := tx.DB.Model(&charge).Update("settled_at", tx.Now).Error; err != nil {
				panic(err)
			}
		})
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := d.Write(t.Context(), func(tx *db.Tx) error {
					return h.rolls.RestoredTx(t.Context(), tx, m.ID, models.CausePayment)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if l, _ := h.line(rollNow, m); !l.Eligible || len(l.Corrections) != 1 {
			t.Errorf("the assembly that is on: %+v", l)
		}
		if l, _ := h.line(rollClosed, m); l.Eligible || len(l.Corrections) != 0 {
			t.Errorf("the closed one: %+v", l)
		}
		if l, _ := h.line(rollClaimed, m); l.Eligible || len(l.Corrections) != 2 {
			t.Errorf("the one with a claim: %+v", l)
		}
	})
}

func TestStanding_IsTold_OnlyToTheMemberAndThoseWhoMayKnow(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		poor, byPoor := h.member("Poor", "2020-01-01")
		_, other := h.member("Other", "2020-01-01")
		h.owes(poor, "2026-01-31")
		a := h.assembly(start("2026-07-01"))
		h.freeze(a)
		for name, x := range map[string]struct {
			by     identity.Actor
			may    bool // ask for the standing
			read   bool // read the roll
			others bool // see who is excluded
		}{
			"itself":        {byPoor, true, true, false},
			"other member":  {other, false, true, false},
			"facilitator":   {h.account("f", models.RoleFacilitator), true, true, true},
			"treasurer":     {h.account("t", models.RoleTreasurer), true, true, true},
			"administrator": {h.account("a", models.RoleAdministrator), true, true, true},
			"auditor":       {h.account("u", models.RoleAuditor), false, true, true},
			"validator":     {h.account("v", models.RoleValidator), false, false, false},
			"nobody":        {identity.Actor{}, false, false, false},
		} {
			if _, err := h.rolls.Standing(t.Context(), x.by, poor.ID); (err == nil) != x.may {
				t.Errorf("%s asks: %v", name, err)
			}
			v, err := h.rolls.Show(t.Context(), x.by, a.ID)
			if (err == nil) != x.read {
				t.Errorf("%s reads the roll: %v", name, err)
			}
			for _, vote := range []Vote{VoteAny, VoteYes, VoteNo} {
				p, err := h.rolls.Lines(t.Context(), x.by, a.ID, Filter{Vote: vote})
				if (err == nil) != x.read {
					t.Errorf("%s reads lines: %v", name, err)
				}
				seen := slices.ContainsFunc(p.Lines, func(l Line) bool { return l.Member.ID == poor.ID })
				if seen != (x.others && vote != VoteYes) {
					t.Errorf("%s, %q: sees the excluded member: %v", name, vote, seen)
				}
			}
			excluded := len(v.Counts) > 0 && v.Counts[0].Excluded > 0
			if excluded != x.others {
				t.Errorf("%s: counts %+v", name, v.Counts)
			}
			if mine := len(v.Mine) == 1 && len(v.Mine[0].Reasons) == 1; mine != (name == "itself") {
				t.Errorf("%s: own lines %+v", name, v.Mine)
			}
		}
	})
}

func TestLines_PagesAndFilters(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		h.act(func(tx *db.Tx) {
			worker := models.MemberClass{Code: "worker", NameCA: "De treball", Position: 2}
			h.create(tx, &worker)
			var many []models.Member
			for i := range int64(250) {
				class := h.class.ID
				if i%10 == 0 {
					class = worker.ID
				}
				name := []string{"Àina 50%", "Biel_x", "Aina"}[i%3]
				many = append(many, models.Member{Number: 1000 + i, Kind: models.Person, Name: name, SortName: members.SortName(name),
					ClassID: class, Language: "ca", JoinedOn: day("2020-01-01"), CreatedAt: tx.Now})
			}
			h.create(tx, &many)
		})
		a := h.assembly(start("2026-07-01"))
		h.freeze(a)
		by := h.account("f", models.RoleFacilitator)
		count := func(f Filter) (n int) {
			seen := map[models.MemberID]bool{}
			for {
				p, err := h.rolls.Lines(t.Context(), by, a.ID, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range p.Lines {
					if seen[l.Member.ID] {
						t.Errorf("%v twice", l.Member)
					}
					seen[l.Member.ID] = true
				}
				if n += len(p.Lines); p.Next.IsZero() {
					return n
				}
				f.After = p.Next
			}
		}
		for want, f := range map[int]Filter{
			250: {}, 25: {Class: "worker"}, 84: {Name: "AINA 50%"}, 83: {Name: "l_x"}, 1: {Name: "1007"}, 0: {Vote: VoteNo},
		} {
			if got := count(f); got != want {
				t.Errorf("%+v: %d lines, want %d", f, got, want)
			}
		}
		if got := count(Filter{Class: "' OR 1=1 --"}); got != 0 {
			t.Errorf("a hostile class gives %d lines", got)
		}
		if _, err := h.rolls.Lines(t.Context(), by, a.ID, Filter{Vote: "' OR 1=1 --"}); !fault.Has(err, "rolls.filter_unknown") {
			t.Errorf("a hostile filter: %v", err)
		}
		v, err := h.rolls.Show(t.Context(), by, a.ID)
		if err != nil || len(v.Counts) != 2 || v.Counts[0] != (ClassCount{"user", 225, 0, 225}) || v.Counts[1] != (ClassCount{"worker", 25, 0, 25}) {
			t.Errorf("counts %+v, %v", v.Counts, err)
		}
	})
}

func TestFreeze_ManyMembers(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyAutomatic)
		const many = 2_500 // more than one batch
		h.crowd(many)
		a := h.assembly(start("2026-07-01"))
		roll := h.freeze(a)
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			counts, err := CountsTx(t.Context(), tx, roll.ID)
			if err == nil && (len(counts) != 1 || counts[0].Eligible != many) {
				t.Errorf("counts %+v", counts)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		lines, err := h.rolls.Lines(t.Context(), h.account("f", models.RoleFacilitator), a.ID, Filter{After: Cursor{2_499}})
		if err != nil || len(lines.Lines) != 1 {
			t.Errorf("%d lines after the last but one, %v", len(lines.Lines), err)
		}
	})
}

// BenchmarkFreeze50000 freezes the roll of a large cooperative, a roll for each iteration.
func BenchmarkFreeze50000(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		b.Run(string(flavor), func(b *testing.B) {
			c := clock.At(start("2026-06-01"))
			h := newHouse(b, dbtest.Open(b, flavor, c), c, rules.PolicyAutomatic)
			h.crowd(50_000)
			first := start("2026-07-01")
			for b.Loop() {
				b.StopTimer()
				a := h.assembly(first)
				first = first.Add(time.Hour)
				b.StartTimer()
				h.freeze(a)
			}
		})
	}
}

// crowd adds members without accounts, debts or history.
func (h *house) crowd(many int) {
	h.Helper()
	h.act(func(tx *db.Tx) {
		err := tx.DB.Exec(`INSERT INTO members (number, kind, name, sort_name, representative, class_id, language, joined_on, created_at)
			WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			SELECT i, 'person', 'Membre', 'membre', '', ?, 'ca', ?, ? FROM n`, many, h.class.ID, day("2020-01-01"), tx.Now).Error
		if err != nil {
			panic(err)
		}
	})
}
