package standing

import (
	"reflect"
	"testing"
	"time"
	_ "time/tzdata" // Europe/Madrid must exist on every machine

	"pgregory.net/rapid"

	"socia/core/civil"
	"socia/core/rules"
)

var madrid = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return loc
}()

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func start(s string) time.Time { return day(s).In(madrid) }

func ptr(t time.Time) *time.Time { return &t }

func statutes(policy rules.Policy, grace, seniority int) rules.RuleSet {
	r, _ := rules.Preset(rules.PresetCatalan)
	r.Arrears.Policy, r.Arrears.GraceDays, r.Seniority.Days = policy, grace, seniority
	return r
}

func TestDecide_SeniorityBoundary(t *testing.T) {
	r := statutes(rules.PolicyNever, 0, 90)
	r.Seniority.Article = "Estatuts, art. 12"
	f := Facts{JoinedOn: day("2026-01-15")}
	for _, c := range []struct {
		at   time.Time
		want []Reason
	}{
		{start("2026-01-15").Add(-1), []Reason{{Code: CodeNotYetMember, Article: "Llei 12/2015, art. 46.7", Until: day("2026-01-15")}}},
		{start("2026-01-15"), []Reason{{Code: CodeTooNew, Article: "Estatuts, art. 12", Since: day("2026-01-15"), Until: day("2026-04-15"), Args: map[string]any{"days": 90}}}},
		{start("2026-04-15").Add(-1), []Reason{{Code: CodeTooNew, Article: "Estatuts, art. 12", Since: day("2026-01-15"), Until: day("2026-04-15"), Args: map[string]any{"days": 90}}}},
		{start("2026-04-15"), nil},
	} {
		v := Decide(f, c.at, madrid, r)
		if !reflect.DeepEqual(v.Reasons, c.want) || v.MayVote != (c.want == nil) {
			t.Errorf("at %v: %+v, want %+v", c.at, v, c.want)
		}
	}
}

func TestDecide_NoSeniority_VotesFromTheFirstInstant(t *testing.T) {
	f := Facts{JoinedOn: day("2026-01-15")}
	if v := Decide(f, start("2026-01-15"), madrid, statutes(rules.PolicyNever, 0, 0)); !v.MayVote {
		t.Fatalf("%+v", v)
	}
}

func TestDecide_NeverJoined(t *testing.T) {
	v := Decide(Facts{}, start("2026-01-15"), madrid, statutes(rules.PolicyNever, 0, 0))
	if v.MayVote || !v.Has(CodeNotYetMember) || !v.Reasons[0].Until.IsZero() {
		t.Fatalf("%+v", v)
	}
}

func TestDecide_Left_VotesUntilTheEndOfThatDay(t *testing.T) {
	f := Facts{JoinedOn: day("2025-01-01"), LeftOn: day("2026-03-29")} // a day of 23 hours
	r := statutes(rules.PolicyNever, 0, 0)
	if v := Decide(f, start("2026-03-30").Add(-1), madrid, r); !v.MayVote {
		t.Errorf("last instant of the day: %+v", v)
	}
	v := Decide(f, start("2026-03-30"), madrid, r)
	if v.MayVote || !v.Has(CodeLeft) || v.Reasons[0].Since != day("2026-03-30") {
		t.Errorf("the day after: %+v", v)
	}
}

func TestDecide_Automatic_BoundaryInstants(t *testing.T) {
	r := statutes(rules.PolicyAutomatic, 30, 0)
	lost := start("2026-03-04") // due 1 February + 30 days of grace + 1
	paid := time.Date(2026, time.March, 10, 11, 22, 33, 444, time.UTC)
	f := Facts{JoinedOn: day("2025-01-01"), Owed: []Owed{{ChargeID: 7, DueOn: day("2026-02-01"), SettledAt: &paid}}}
	for _, c := range []struct {
		name    string
		at      time.Time
		mayVote bool
		fee     Fee
	}{
		{"on the due day", start("2026-02-02").Add(-1), true, FeeCurrent},
		{"first instant of grace", start("2026-02-02"), true, FeeInGrace},
		{"last instant of grace", lost.Add(-1), true, FeeInGrace},
		{"the vote rests", lost, false, FeeOverdue},
		{"one instant before paying", paid.Add(-1), false, FeeOverdue},
		{"at the instant of paying", paid, true, FeeCurrent},
		{"later", paid.Add(time.Hour), true, FeeCurrent},
	} {
		v := Decide(f, c.at, madrid, r)
		if v.MayVote != c.mayVote || v.Fee != c.fee || v.Has(CodeArrearsAutomatic) == c.mayVote {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
	v := Decide(f, lost, madrid, r)
	want := []Reason{{
		Code: CodeArrearsAutomatic, Article: "Llei 12/2015, art. 38.4-5", Since: day("2026-03-04"),
		ChargeIDs: []int64{7}, Args: map[string]any{"days": 30},
	}}
	if !reflect.DeepEqual(v.Reasons, want) {
		t.Errorf("reasons %+v", v.Reasons)
	}
}

func TestDecide_Automatic_TheDayIsTheCooperativesOwn(t *testing.T) {
	r := statutes(rules.PolicyAutomatic, 0, 0)
	f := Facts{JoinedOn: day("2025-01-01"), Owed: []Owed{{ChargeID: 1, DueOn: day("2026-06-30")}}}
	at := time.Date(2026, time.June, 30, 22, 30, 0, 0, time.UTC) // already July in Madrid
	if Decide(f, at, madrid, r).MayVote || !Decide(f, at, time.UTC, r).MayVote {
		t.Fatal("the zone does not decide the day")
	}
}

func TestDecide_GraceEndsOn_IsTheFirstToRunOut(t *testing.T) {
	r := statutes(rules.PolicyAutomatic, 10, 0)
	f := Facts{JoinedOn: day("2025-01-01"), Owed: []Owed{
		{ChargeID: 9, DueOn: day("2026-02-05")}, {ChargeID: 3, DueOn: day("2026-02-01")}, {ChargeID: 4, DueOn: day("2026-05-01")},
	}}
	v := Decide(f, start("2026-02-08"), madrid, r)
	if v.GraceEndsOn != day("2026-02-11") || !reflect.DeepEqual(v.FeeCharges, []int64{3, 9}) {
		t.Fatalf("%+v", v)
	}
	if v := Decide(f, start("2026-02-12"), madrid, r); v.Fee != FeeOverdue || !reflect.DeepEqual(v.Reasons[0].ChargeIDs, []int64{3}) {
		t.Fatalf("only the charge past its grace counts: %+v", v)
	}
}

func TestDecide_Case_ArrearsAloneTakeNothing(t *testing.T) {
	f := Facts{JoinedOn: day("2025-01-01"), Owed: []Owed{{ChargeID: 1, DueOn: day("2025-02-01")}}}
	at := start("2026-02-01")
	for _, c := range []struct {
		name string
		c    *CaseFacts
	}{
		{"no case", nil},
		{"not decided", &CaseFacts{ChargeIDs: []int64{1}}},
		{"dismissed", &CaseFacts{ChargeIDs: []int64{1}, DecidedAt: ptr(at)}},
		{"about no charge", &CaseFacts{DecidedAt: ptr(at), Suspends: true}},
		{"about another charge", &CaseFacts{DecidedAt: ptr(at), Suspends: true, ChargeIDs: []int64{2}}},
	} {
		f.Case = c.c
		v := Decide(f, at, madrid, statutes(rules.PolicyCase, 30, 0))
		if !v.MayVote || v.Fee != FeeOverdue {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

func TestDecide_Case_BoundaryInstants(t *testing.T) {
	decided, effective := start("2026-03-01"), start("2026-03-02").Add(9*time.Hour)
	first, last := start("2026-04-01"), start("2026-04-10").Add(time.Minute)
	f := Facts{
		JoinedOn: day("2025-01-01"),
		Owed: []Owed{
			{ChargeID: 2, DueOn: day("2025-11-01"), SettledAt: &last}, {ChargeID: 1, DueOn: day("2025-10-01"), SettledAt: &first},
			{ChargeID: 3, DueOn: day("2026-03-15")}, // owed, but not of the case
		},
		Case: &CaseFacts{DecidedAt: &decided, EffectiveAt: &effective, Suspends: true, ChargeIDs: []int64{1, 2}},
	}
	r := statutes(rules.PolicyCase, 30, 0)
	for _, c := range []struct {
		name   string
		at     time.Time
		unpaid []int64
	}{
		{"decided, not yet effective", effective.Add(-1), nil},
		{"effective", effective, []int64{1, 2}},
		{"one of two paid", first, []int64{2}},
		{"one instant before the last payment", last.Add(-1), []int64{2}},
		{"at the instant of the last payment", last, nil},
	} {
		v := Decide(f, c.at, madrid, r)
		if v.MayVote != (c.unpaid == nil) {
			t.Errorf("%s: %+v", c.name, v)
		} else if !v.MayVote && (!reflect.DeepEqual(v.Reasons[0].ChargeIDs, c.unpaid) || v.Reasons[0].Since != day("2026-03-02")) {
			t.Errorf("%s: %+v", c.name, v.Reasons)
		}
	}
	f.Case.EffectiveAt = nil
	if Decide(f, decided, madrid, r).MayVote || !Decide(f, decided.Add(-1), madrid, r).MayVote {
		t.Error("without another instant a decision takes effect when it is taken")
	}
	upheld := start("2026-03-20")
	f.Case.ClosedAt = &upheld
	if Decide(f, upheld.Add(-1), madrid, r).MayVote || !Decide(f, upheld, madrid, r).MayVote {
		t.Error("a closed case gives the vote back at that instant")
	}
}

func TestDecide_PoliciesDoNotMix(t *testing.T) {
	at := start("2026-03-01")
	f := Facts{
		JoinedOn: day("2025-01-01"), Owed: []Owed{{ChargeID: 1, DueOn: day("2025-02-01")}},
		Case: &CaseFacts{DecidedAt: &at, Suspends: true, ChargeIDs: []int64{1}},
	}
	for policy, want := range map[rules.Policy][]Code{
		rules.PolicyAutomatic: {CodeArrearsAutomatic},
		rules.PolicyCase:      {CodeSuspendedByCase},
		rules.PolicyNever:     nil,
	} {
		var got []Code
		for _, r := range Decide(f, at, madrid, statutes(policy, 0, 0)).Reasons {
			got = append(got, r.Code)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", policy, got, want)
		}
	}
}

func TestDecide_EveryReasonIsGiven(t *testing.T) {
	f := Facts{JoinedOn: day("2026-02-20"), Owed: []Owed{{ChargeID: 1, DueOn: day("2026-02-21")}}}
	v := Decide(f, start("2026-03-01"), madrid, statutes(rules.PolicyAutomatic, 0, 90))
	if !v.Has(CodeTooNew) || !v.Has(CodeArrearsAutomatic) || v.MayVote {
		t.Fatalf("%+v", v)
	}
}

func anyFacts(t *rapid.T) Facts {
	instant := func(name string) *time.Time {
		if rapid.Bool().Draw(t, name+" nil") {
			return nil
		}
		return ptr(start("2026-01-01").Add(time.Duration(rapid.IntRange(0, 200*24).Draw(t, name)) * time.Hour))
	}
	f := Facts{JoinedOn: day("2026-01-01").AddDays(rapid.IntRange(-400, 100).Draw(t, "joined"))}
	if rapid.IntRange(0, 4).Draw(t, "left") == 0 {
		f.LeftOn = f.JoinedOn.AddDays(rapid.IntRange(0, 500).Draw(t, "stayed"))
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "charges") {
		f.Owed = append(f.Owed, Owed{ChargeID: int64(i + 1), DueOn: day("2026-01-01").AddDays(rapid.IntRange(-60, 120).Draw(t, "due")), SettledAt: instant("settled")})
	}
	if rapid.Bool().Draw(t, "case") {
		f.Case = &CaseFacts{
			DecidedAt: instant("decided"), EffectiveAt: instant("effective"), ClosedAt: instant("closed"), Suspends: rapid.Bool().Draw(t, "suspends"),
			ChargeIDs: rapid.SliceOfN(rapid.Int64Range(1, 6), 0, 6).Draw(t, "ids"),
		}
	}
	return f
}

func anyStatutes(t *rapid.T) rules.RuleSet {
	policy := rapid.SampledFrom([]rules.Policy{rules.PolicyAutomatic, rules.PolicyCase, rules.PolicyNever}).Draw(t, "policy")
	return statutes(policy, rapid.IntRange(0, 40).Draw(t, "grace"), rapid.IntRange(0, 60).Draw(t, "seniority"))
}

func anyInstant(t *rapid.T) time.Time {
	return start("2026-01-01").Add(time.Duration(rapid.IntRange(0, 220*24).Draw(t, "at")) * time.Hour)
}

func fromFees(v Verdict) bool { return v.Has(CodeArrearsAutomatic) || v.Has(CodeSuspendedByCase) }

func TestDecide_PayingEverythingAlwaysRestores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, r, at := anyFacts(t), anyStatutes(t), anyInstant(t)
		for i := range f.Owed {
			f.Owed[i].SettledAt = &at
		}
		if v := Decide(f, at, madrid, r); fromFees(v) || v.Fee != FeeCurrent {
			t.Fatalf("all is paid and still %+v", v)
		}
	})
}

func TestDecide_PayingMoreNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, r, at := anyFacts(t), anyStatutes(t), anyInstant(t)
		before := Decide(f, at, madrid, r)
		for i := range f.Owed {
			if !rapid.Bool().Draw(t, "pay") {
				continue
			}
			paid := at.Add(-time.Duration(rapid.IntRange(0, 1000).Draw(t, "ago")) * time.Hour)
			if s := f.Owed[i].SettledAt; s == nil || paid.Before(*s) {
				f.Owed[i].SettledAt = &paid
			}
		}
		after := Decide(f, at, madrid, r)
		if before.MayVote && !after.MayVote {
			t.Fatalf("paid, and lost the vote: %+v", after)
		}
		for _, reason := range after.Reasons {
			if !before.Has(reason.Code) {
				t.Fatalf("paid, and got a new reason: %+v", reason)
			}
		}
	})
}

func TestDecide_ReasonsAndVerdictAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, r, at := anyFacts(t), anyStatutes(t), anyInstant(t)
		v := Decide(f, at, madrid, r)
		if v.MayVote != (len(v.Reasons) == 0) {
			t.Fatalf("%+v", v)
		}
		today := civil.Of(at, madrid)
		for _, reason := range v.Reasons {
			if reason.Article == "" || reason.Since.After(today) || (!reason.Until.IsZero() && !reason.Until.After(today)) {
				t.Fatalf("on %v the reason %+v", today, reason)
			}
		}
		if (v.Fee == FeeCurrent) != (len(v.FeeCharges) == 0) || (v.Fee == FeeInGrace) == v.GraceEndsOn.IsZero() {
			t.Fatalf("fee state and charges disagree: %+v", v)
		}
		if r.Arrears.Policy == rules.PolicyAutomatic && v.Has(CodeArrearsAutomatic) != (v.Fee == FeeOverdue) {
			t.Fatalf("under the automatic policy overdue is what rests the vote: %+v", v)
		}
	})
}
