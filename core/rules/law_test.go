package rules_test

import (
	"slices"
	"testing"
	"time"

	"socia/core/arrears"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/mandate"
	"socia/core/notice"
	"socia/core/quorum"
	"socia/core/rules"
	"socia/core/standing"
	"socia/core/tally"
)

// The rules of both laws as the presets have them, each at its bound, just below it and just above it, and what the
// plain association has instead. The tests are named by the article that a row of the table of laws cites.

func presets(t *testing.T) (ca, es, as rules.RuleSet) {
	t.Helper()
	all := rules.Presets()
	if len(all) != 3 {
		t.Fatalf("%d presets", len(all))
	}
	return all[0], all[1], all[2]
}

func day(t *testing.T, text string) civil.Date {
	t.Helper()
	d, err := civil.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wantNotice(t *testing.T, r rules.Notice, given string, held map[string]notice.Problem) {
	t.Helper()
	for on, want := range held {
		if v := notice.Check(day(t, given), day(t, on), r); v.Problem != want || v.OK != (want == "") || v.Article != r.Article {
			t.Errorf("given on %s for %s: %+v", given, on, v)
		}
	}
}

func TestLaw_Llei12_2015_Art44_1_NoticeOf15To30Days(t *testing.T) {
	ca, _, _ := presets(t)
	// A month of 28 days, and one in which clocks change: days are days.
	wantNotice(t, ca.Notice, "2027-02-10", map[string]notice.Problem{"2027-02-24": notice.ProblemTooShort, "2027-02-25": "", "2027-03-12": "", "2027-03-13": notice.ProblemTooLong})
	wantNotice(t, ca.Notice, "2027-03-20", map[string]notice.Problem{"2027-04-03": notice.ProblemTooShort, "2027-04-04": "", "2027-04-19": "", "2027-04-20": notice.ProblemTooLong})
	wantNotice(t, ca.Notice, "2026-10-20", map[string]notice.Problem{"2026-11-03": notice.ProblemTooShort, "2026-11-04": "", "2026-11-19": "", "2026-11-20": notice.ProblemTooLong})
}

func TestLaw_Ley27_1999_Art24_1_NoticeOf15DaysTo2Months_EndsNotCounted(t *testing.T) {
	_, es, _ := presets(t)
	wantNotice(t, es.Notice, "2027-02-10", map[string]notice.Problem{"2027-02-25": notice.ProblemTooShort, "2027-02-26": "", "2027-04-10": "", "2027-04-11": notice.ProblemTooLong})
	// Two months of the 31st of December end with February.
	wantNotice(t, es.Notice, "2026-12-31", map[string]notice.Problem{"2027-01-15": notice.ProblemTooShort, "2027-01-16": "", "2027-02-28": "", "2027-03-01": notice.ProblemTooLong})
}

func TestLaw_Association_NoticeOf15Days_WithoutMaximum(t *testing.T) {
	_, _, as := presets(t)
	wantNotice(t, as.Notice, "2027-02-10", map[string]notice.Problem{"2027-02-24": notice.ProblemTooShort, "2027-02-25": "", "2028-02-10": ""})
}

// Who joined on the day on which the call was agreed is on the roll, who joined the day after is not.
func TestLaw_Llei12_2015_Art46_7_MembersWhenTheCallWasAgreed(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	agreed := time.Date(2027, 3, 28, 23, 30, 0, 0, madrid) // the day on which clocks change
	for _, r := range rules.Presets() {
		for joined, want := range map[string]bool{"2027-03-27": true, "2027-03-28": true, "2027-03-29": false} {
			v := standing.Decide(standing.Facts{JoinedOn: day(t, joined)}, agreed, madrid, r)
			if v.MayVote != want || (!want && v.Reasons[0].Article != r.RecordDate.Article) {
				t.Errorf("%s: joined on %s: %+v", r.Preset, joined, v)
			}
		}
	}
}

func wantQuorum(t *testing.T, name string, threshold rules.Threshold, roll int64, reached map[int64]bool) {
	t.Helper()
	for present, want := range reached {
		v, err := quorum.Check([]quorum.Class{{Class: "user", Roll: roll, Present: present}}, rules.Counting{Method: rules.MethodPerson}, threshold)
		if err != nil || v.OK != want || v.Article != threshold.Article {
			t.Errorf("%s: %d of %d: %+v, %v", name, present, roll, v, err)
		}
	}
}

func TestLaw_Llei12_2015_Art46_1_MoreThanHalf_ThenAny(t *testing.T) {
	ca, _, _ := presets(t)
	wantQuorum(t, "first call", ca.Quorum.First, 160, map[int64]bool{79: false, 80: false, 81: true})
	wantQuorum(t, "first call, odd", ca.Quorum.First, 161, map[int64]bool{80: false, 81: true})
	wantQuorum(t, "second call", ca.Quorum.Second, 160, map[int64]bool{1: true})
}

func TestLaw_Ley27_1999_Art25_1_MoreThanHalf_Then10PercentOr100Votes(t *testing.T) {
	_, es, as := presets(t)
	wantQuorum(t, "first call", es.Quorum.First, 160, map[int64]bool{80: false, 81: true})
	wantQuorum(t, "second call", es.Quorum.Second, 160, map[int64]bool{15: false, 16: true})
	wantQuorum(t, "second call of many", es.Quorum.Second, 5000, map[int64]bool{99: false, 100: true})
	wantQuorum(t, "association, first call", as.Quorum.First, 160, map[int64]bool{53: false, 54: true})
	wantQuorum(t, "association, second call", as.Quorum.Second, 160, map[int64]bool{1: true})
}

// No preset asks for a quorum at each vote: one vote of many present decides.
func TestLaw_NoPresetAsksForAQuorumAtEachVote(t *testing.T) {
	for _, r := range rules.Presets() {
		if got := decide(t, r, rules.DecisionOrdinary, tally.ClassCount{Class: "user", Roll: 100, Present: 90, For: 1}); got.Outcome != tally.OutcomeApproved || got.Quorum != nil {
			t.Errorf("%s: %s", r.Preset, got.Outcome)
		}
	}
}

func decide(t *testing.T, r rules.RuleSet, kind rules.DecisionKind, classes ...tally.ClassCount) tally.Result {
	t.Helper()
	result, err := tally.Decide(classes, kind, r)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

func TestLaw_Llei12_2015_Art48_1_And_Ley27_1999_Art26_1_OneVoteEach(t *testing.T) {
	for _, r := range rules.Presets() {
		got := decide(t, r, rules.DecisionOrdinary, tally.ClassCount{Class: "worker", Roll: 7, Present: 7, For: 7}, tally.ClassCount{Class: "user", Roll: 135, Present: 8, Against: 8})
		if got.Outcome != tally.OutcomeNotEnough || got.For.String() != "7" || got.Against.String() != "8" || got.CountingArticle != r.Counting.Article {
			t.Errorf("%s: %s, %v to %v", r.Preset, got.Outcome, got.For, got.Against)
		}
	}
}

// Whoever comes of a class, the classes keep the proportions of the statutes.
func TestLaw_Ley27_1999_Art26_3_ClassesKeepTheirProportions(t *testing.T) {
	_, es, _ := presets(t)
	es.Counting.Method, es.Counting.Shares = rules.MethodClass, []rules.ClassShare{{Class: "worker", Share: 60}, {Class: "user", Share: 40}}
	for _, users := range []int64{1, 40, 135} {
		got := decide(t, es, rules.DecisionOrdinary, tally.ClassCount{Class: "worker", Roll: 7, Present: 3, For: 3}, tally.ClassCount{Class: "user", Roll: 135, Present: users, Against: users})
		if !got.Approved || got.For.String() != "60" || got.Against.String() != "40" {
			t.Errorf("%d users: %v to %v", users, got.For, got.Against)
		}
	}
}

// capFactor is what a collaborator's vote weighs.
func capFactor(t *testing.T, r rules.RuleSet, workers, here, collaborators, there int64) string {
	t.Helper()
	got := decide(t, r, rules.DecisionOrdinary, tally.ClassCount{Class: "worker", Roll: workers, Present: here}, tally.ClassCount{Class: "collaborating", Roll: collaborators, Present: there})
	if got.Lines[0].Weight.String() != "1" {
		t.Errorf("a worker's vote weighs %v", got.Lines[0].Weight)
	}
	return got.Lines[1].Weight.String()
}

func TestLaw_Llei12_2015_Art48_3_CollaboratorsHaveAtMost40PercentAndUnderHalfOfThosePresent(t *testing.T) {
	ca, _, as := presets(t)
	// 12 workers and 8 collaborators are 40 % of the votes; with 9 it is more, and 9 × 8/9 are 40 % again.
	for collaborators, want := range map[int64]string{7: "1", 8: "1", 9: "8/9"} {
		if got := capFactor(t, ca, 12, 12, collaborators, 1); got != want {
			t.Errorf("%d collaborators on the roll: %s, want %s", collaborators, got, want)
		}
	}
	// Of 12 workers there half is 6: 5 collaborators are under it, 6 are not.
	for there, want := range map[int64]string{5: "1", 6: "599/600", 7: "599/700"} {
		if got := capFactor(t, ca, 12, 12, 8, there); got != want {
			t.Errorf("%d collaborators there: %s, want %s", there, got, want)
		}
	}
	if got := capFactor(t, as, 1, 1, 100, 100); got != "1" {
		t.Errorf("the association caps nobody, and a vote weighs %s", got)
	}
}

func TestLaw_Ley27_1999_Art14_CollaboratorsHaveAtMost30Percent(t *testing.T) {
	_, es, _ := presets(t)
	for there, want := range map[int64]string{2: "1", 3: "1", 4: "3/4"} {
		if got := capFactor(t, es, 70, 7, 9, there); got != want {
			t.Errorf("%d collaborators beside 7 workers: %s, want %s", there, got, want)
		}
	}
}

func TestLaw_Llei12_2015_Art49_1_And_Ley27_1999_Art27_TwoProxiesEach(t *testing.T) {
	for _, r := range rules.Presets() {
		var held []mandate.Proxy
		for giver := int64(2); giver <= 4; giver++ {
			p := mandate.Proxy{Giver: giver, Holder: 1}
			err := mandate.Check(held, p, r.Proxies)
			if want := giver == 4; fault.Has(err, "proxies.holder_full") != want || (err != nil) != want {
				t.Errorf("%s: mandate %d: %v", r.Preset, giver-1, err)
			}
			held = append(held, p)
		}
		r.Proxies.Allowed = false // the Catalan law: if the statutes allow it
		if err := mandate.Check(nil, mandate.Proxy{Giver: 2, Holder: 1}, r.Proxies); !fault.Has(err, "proxies.not_allowed") {
			t.Errorf("%s: statutes without mandates: %v", r.Preset, err)
		}
	}
}

func TestLaw_Llei12_2015_Art47_1_MoreForThanAgainst_BlanksOut(t *testing.T) {
	for _, r := range rules.Presets() { // Ley 27/1999 art. 28.1: more than half of the valid votes
		for yes, want := range map[int64]tally.Outcome{3: tally.OutcomeNotEnough, 4: tally.OutcomeTied, 5: tally.OutcomeApproved} {
			got := decide(t, r, rules.DecisionOrdinary, tally.ClassCount{Class: "user", Roll: 200, Present: 100, For: yes, Against: 4, Abstain: 80})
			if got.Outcome != want {
				t.Errorf("%s: %d to 4: %s", r.Preset, yes, got.Outcome)
			}
		}
	}
}

func TestLaw_Llei12_2015_Art47_2_And_Ley27_1999_Art28_2_TwoThirdsOfThosePresentAndRepresented(t *testing.T) {
	ca, es, as := presets(t)
	for _, kind := range []rules.DecisionKind{rules.DecisionStatutes, rules.DecisionMerger, rules.DecisionCapital} {
		for yes, want := range map[int64]bool{59: false, 60: true, 61: true} {
			there := tally.ClassCount{Class: "user", Roll: 200, Present: 90, For: yes}
			for _, r := range []rules.RuleSet{ca, es} {
				if got := decide(t, r, kind, there); got.Approved != want {
					t.Errorf("%s, %s: %d of 90: %s", r.Preset, kind, yes, got.Outcome)
				}
			}
			if got := decide(t, as, kind, there); !got.Approved {
				t.Errorf("the association asks for more than half, and %d of 90 are not enough", yes)
			}
		}
		if got := decide(t, as, kind, tally.ClassCount{Class: "user", Roll: 200, Present: 90, For: 45}); got.Approved {
			t.Errorf("half of 90 is more than half in the association")
		}
	}
}

func TestLaw_Llei12_2015_Art47_1_And_Ley27_1999_Art28_3_TheMostThatStatutesMayAsk(t *testing.T) {
	ca, es, as := presets(t)
	for _, c := range []struct {
		num, den   int64
		strict     bool
		ca, es, as bool
	}{
		{13, 20, false, true, true, true}, {2, 3, false, true, true, true}, {2, 3, true, false, true, true}, {67, 100, false, false, true, true},
		{4, 5, false, false, true, true}, {4, 5, true, false, false, true}, {81, 100, false, false, false, true},
	} {
		for preset, want := range map[*rules.RuleSet]bool{&ca: c.ca, &es: c.es, &as: c.as} {
			r := *preset
			r.Majorities = slices.Clone(r.Majorities)
			r.Majorities[1].Num, r.Majorities[1].Den, r.Majorities[1].Strict = c.num, c.den, c.strict
			if got := r.Validate() == nil; got != want {
				t.Errorf("%s: %d/%d, more than it: %v: accepted %v", r.Preset, c.num, c.den, c.strict, got)
			}
		}
	}
}

func TestLaw_Llei12_2015_Art44_5_And45_3_And_Ley27_1999_Art24_2_AgendaItemsByMembers(t *testing.T) {
	ca, es, as := presets(t)
	for _, c := range []struct{ members, ca, es, as int }{
		{9, 1, 1, 1}, {11, 2, 2, 2}, {1_000, 100, 100, 100}, {1_001, 100, 101, 101}, {2_000, 100, 200, 200}, {2_001, 100, 200, 201},
		{10_000, 100, 200, 1_000}, {10_001, 500, 200, 1_001}, {100_000, 500, 200, 10_000}, {100_001, 1_000, 200, 10_001},
	} {
		if a, b, d := ca.Support.NeededSupporters(c.members), es.Support.NeededSupporters(c.members), as.Support.NeededSupporters(c.members); a != c.ca || b != c.es || d != c.as {
			t.Errorf("%d members: %d, %d and %d", c.members, a, b, d)
		}
	}
}

// How many members have an assembly called: in Catalonia a tenth, with the caps by size; in Spain a fifth, without any.
func TestLaw_Llei12_2015_Art45_3_And_Ley27_1999_Art23_3_AssembliesCalledByMembers(t *testing.T) {
	ca, es, as := presets(t)
	if ca.Calling.Article != "Llei 12/2015, art. 45.3" || es.Calling.Article != "Ley 27/1999, art. 23.3" {
		t.Errorf("%q and %q", ca.Calling.Article, es.Calling.Article)
	}
	for _, c := range []struct{ members, ca, es, as int }{
		{4, 1, 1, 1}, {5, 1, 1, 1}, {6, 1, 2, 1}, {10, 1, 2, 1}, {11, 2, 3, 2}, {150, 15, 30, 15}, {1_001, 100, 201, 101},
		{10_001, 500, 2_001, 1_001}, {100_001, 1_000, 20_001, 10_001},
	} {
		if a, b, d := ca.CallingOrUsual().NeededSupporters(c.members), es.CallingOrUsual().NeededSupporters(c.members), as.CallingOrUsual().NeededSupporters(c.members); a != c.ca || b != c.es || d != c.as {
			t.Errorf("%d members: %d, %d and %d", c.members, a, b, d)
		}
	}
}

// A tenth of the votes present and represented makes a vote secret. The Catalan law leaves it to the statutes, and the
// preset says the same.
func TestLaw_Ley27_1999_Art25_3_SecretWhenATenthAsks(t *testing.T) {
	ca, es, as := presets(t)
	if es.Secrecy.Article != "Ley 27/1999, art. 25.3" || ca.Secrecy.Article != "Estatuts" {
		t.Errorf("%q and %q", es.Secrecy.Article, ca.Secrecy.Article)
	}
	for _, r := range []rules.RuleSet{ca, es, as} {
		for _, c := range []struct {
			asking, present int64
			want            bool
		}{{0, 0, false}, {0, 9, false}, {1, 9, true}, {1, 10, true}, {1, 11, false}, {2, 11, true}, {8, 90, false}, {9, 90, true}, {9, 91, false}, {10, 91, true}} {
			if got := r.Secrecy.Secret(c.asking, c.present); got != c.want {
				t.Errorf("%s: %d of %d ask: %v", r.Preset, c.asking, c.present, got)
			}
		}
	}
}

// Half plus one of those who attend, or of all votes when it was not on the agenda; in secret.
func TestLaw_Llei12_2015_Art47_3_RevokingOffice(t *testing.T) {
	for _, r := range rules.Presets() {
		if !r.Revocation.Secret {
			t.Errorf("%s: not secret", r.Preset)
		}
		for _, c := range []struct {
			onAgenda bool
			yes      int64
			want     bool
		}{{true, 45, false}, {true, 46, true}, {false, 46, false}, {false, 60, false}, {false, 61, true}} {
			got, err := tally.Count([]tally.ClassCount{{Class: "user", Roll: 120, Present: 90, For: c.yes}}, r.Revocation.Majority(c.onAgenda), r.Counting)
			if err != nil || got.Approved != c.want || got.Article != r.Revocation.Article {
				t.Errorf("%s: %d of 90 and of 120, on the agenda %v: %s, %v", r.Preset, c.yes, c.onAgenda, got.Outcome, err)
			}
		}
	}
}

// An open case takes nothing, its decision takes the vote, and payment gives it back at that very instant.
func TestLaw_Llei12_2015_Art38_4_OnlyADecidedCaseSuspends_AndPaymentEndsIt(t *testing.T) {
	ca, es, as := presets(t)
	decided := time.Date(2027, 3, 1, 12, 0, 0, 0, time.UTC)
	paid := decided.AddDate(0, 1, 0)
	facts := standing.Facts{JoinedOn: day(t, "2020-01-01"), Owed: []standing.Owed{{ChargeID: 1, DueOn: day(t, "2026-01-31"), SettledAt: &paid}}}
	suspended := facts
	suspended.Case = &standing.CaseFacts{DecidedAt: &decided, Suspends: true, ChargeIDs: []int64{1}}
	for _, c := range []struct {
		name       string
		facts      standing.Facts
		at         time.Time
		cases, aut bool
	}{
		{"overdue, and no case", facts, decided, true, false}, {"a moment before the decision", suspended, decided.Add(-time.Microsecond), true, false},
		{"decided", suspended, decided, false, false}, {"a moment before paying", suspended, paid.Add(-time.Microsecond), false, false}, {"paid", suspended, paid, true, true},
	} {
		for _, r := range []rules.RuleSet{ca, es, as} {
			want := c.cases
			if r.Arrears.Policy == rules.PolicyAutomatic {
				want = c.aut
			}
			if v := standing.Decide(c.facts, c.at, time.UTC, r); v.MayVote != want {
				t.Errorf("%s: %s: %+v", r.Preset, c.name, v)
			}
		}
	}
}

// The association: a charge may be paid for 30 days after its due day, here through a February of 28.
func TestLaw_Association_ArrearsSuspendAfterTheDaysOfGrace(t *testing.T) {
	_, _, as := presets(t)
	facts := standing.Facts{JoinedOn: day(t, "2020-01-01"), Owed: []standing.Owed{{ChargeID: 1, DueOn: day(t, "2027-01-31")}}}
	for on, want := range map[string]bool{"2027-01-31": true, "2027-03-02": true, "2027-03-03": false} {
		if v := standing.Decide(facts, day(t, on).In(time.UTC), time.UTC, as); v.MayVote != want {
			t.Errorf("%s: %+v", on, v)
		}
	}
}

func TestLaw_Llei12_2015_Art36_And_Ley27_1999_Art18_3_DueProcess(t *testing.T) {
	ca, es, _ := presets(t)
	for _, r := range []rules.RuleSet{ca, es} {
		for days, want := range map[int]bool{9: false, 10: true, 15: true, 16: false} {
			edited := r
			edited.Arrears.HearingDays = days
			if got := edited.Validate() == nil; got != want {
				t.Errorf("%s: a hearing of %d days: accepted %v", r.Preset, days, got)
			}
		}
		c := arrears.Case{OpenedOn: day(t, "2027-02-15"), ToldOn: day(t, "2027-02-20")}
		for on, want := range map[string]bool{"2027-03-01": false, "2027-03-02": false, "2027-03-03": true} { // ten days from the 20th, in a month of 28
			if got := c.MayDecide(day(t, on), r.Arrears); got != want {
				t.Errorf("%s: may decide on %s: %v", r.Preset, on, got)
			}
		}
		c.DecidedOn, c.Decision, c.NotifiedOn = day(t, "2027-03-30"), arrears.DecisionSuspend, day(t, "2027-03-31")
		for on, want := range map[string]bool{"2027-03-31": true, "2027-04-30": true, "2027-05-01": false} {
			if got := c.MayAppeal(day(t, on), r.Arrears); got != want {
				t.Errorf("%s: may appeal on %s: %v", r.Preset, on, got)
			}
		}
		c.AppealedOn = day(t, "2027-04-30")
		for on, want := range map[string]arrears.State{"2027-06-30": arrears.StateUnderAppeal, "2027-07-01": arrears.StateUpheldQuiet} {
			if got := c.State(day(t, on), r.Arrears); got != want {
				t.Errorf("%s: on %s the appeal is %s", r.Preset, on, got)
			}
		}
	}
}
