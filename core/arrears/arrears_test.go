package arrears

import (
	"testing"

	"pgregory.net/rapid"

	"socia/core/civil"
	"socia/core/rules"
)

var statutes = rules.Arrears{
	Policy: rules.PolicyCase, HearingDays: 10, AppealMonths: 1, AppealAnswerMonths: 2,
	Article: "Llei 12/2015, art. 38.4-5", HearingArticle: "Llei 12/2015, art. 36",
}

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// suspended is opened on 1 March and decided on 12 March, the day after the
// hearing; its appeal may come until 12 April.
func suspended() Case {
	return Case{OpenedOn: day("2026-03-01"), ToldOn: day("2026-03-01"), DecidedOn: day("2026-03-12"), Decision: DecisionSuspend, NotifiedOn: day("2026-03-12")}
}

func with(c Case, edit func(*Case)) Case {
	edit(&c)
	return c
}

func TestState_EachDay(t *testing.T) {
	opened := Case{OpenedOn: day("2026-03-01"), ToldOn: day("2026-03-01")}
	untold := Case{OpenedOn: day("2026-03-01")}
	unnotified := with(suspended(), func(c *Case) { c.NotifiedOn = civil.Date{} })
	answered := with(opened, func(c *Case) { c.AnsweredOn = day("2026-03-04") })
	appealed := with(suspended(), func(c *Case) { c.AppealedOn = day("2026-04-12") })
	for _, c := range []struct {
		name  string
		c     Case
		today string
		want  State
	}{
		{"nothing happened", Case{}, "2026-03-01", StateNotOpened},
		{"the day before", opened, "2026-02-28", StateNotOpened},
		{"first day", opened, "2026-03-01", StateHearing},
		{"tenth day of the hearing", opened, "2026-03-11", StateHearing},
		{"hearing is over", opened, "2026-03-12", StateToDecide},
		{"before the answer", answered, "2026-03-03", StateHearing},
		{"answered", answered, "2026-03-04", StateToDecide},
		{"not decided yet", suspended(), "2026-03-11", StateHearing},
		{"decided", suspended(), "2026-03-12", StateSuspended},
		{"last day to appeal", suspended(), "2026-04-12", StateSuspended},
		{"too late to appeal", suspended(), "2026-04-13", StateFinal},
		{"appealed on the last day", appealed, "2026-04-12", StateUnderAppeal},
		{"last day to answer", appealed, "2026-06-12", StateUnderAppeal},
		{"silence", appealed, "2026-06-13", StateUpheldQuiet},
		{"dismissed", with(suspended(), func(c *Case) { c.Decision = DecisionDismiss }), "2026-03-12", StateDismissed},
		{"rejected", with(appealed, func(c *Case) { c.AppealAnsweredOn, c.AppealAnswer = day("2026-06-12"), AnswerReject }), "2026-07-01", StateFinal},
		{"upheld", with(appealed, func(c *Case) { c.AppealAnsweredOn, c.AppealAnswer = day("2026-05-01"), AnswerUphold }), "2026-05-01", StateUpheld},
		{"paid in the hearing", with(opened, func(c *Case) { c.PaidOn = day("2026-03-05") }), "2026-03-05", StatePaid},
		{"paid when suspended", with(suspended(), func(c *Case) { c.PaidOn = day("2026-05-05") }), "2026-05-05", StatePaid},
		{"paid tomorrow", with(suspended(), func(c *Case) { c.PaidOn = day("2026-05-05") }), "2026-05-04", StateFinal},
		{"paid on the day it was dismissed", with(suspended(), func(c *Case) { c.Decision, c.PaidOn = DecisionDismiss, c.DecidedOn }), "2026-03-12", StatePaid},
		{"paid after it was dismissed", with(suspended(), func(c *Case) { c.Decision, c.PaidOn = DecisionDismiss, day("2026-03-20") }), "2026-04-01", StateDismissed},
		{"never told of the case", untold, "2027-03-01", StateHearing},
		{"never told, and decided all the same", with(untold, func(c *Case) { c.DecidedOn, c.Decision = day("2026-08-01"), DecisionSuspend }), "2026-08-02", StateHearing},
		{"told a week later, last day", with(untold, func(c *Case) { c.ToldOn = day("2026-03-08") }), "2026-03-18", StateHearing},
		{"told a week later, heard", with(untold, func(c *Case) { c.ToldOn = day("2026-03-08") }), "2026-03-19", StateToDecide},
		{"never told, and answered", with(untold, func(c *Case) { c.AnsweredOn = day("2026-03-04") }), "2026-03-04", StateToDecide},
		{"never told of the decision", unnotified, "2027-03-12", StateSuspended},
		{"never told of the decision, and appealed", with(unnotified, func(c *Case) { c.AppealedOn = day("2026-12-12") }), "2026-12-13", StateUnderAppeal},
		{"told later", with(suspended(), func(c *Case) { c.NotifiedOn = day("2026-03-20") }), "2026-04-20", StateSuspended},
	} {
		if got := c.c.State(day(c.today), statutes); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestState_FactsOutOfTimeHaveNoEffect(t *testing.T) {
	appealed := with(suspended(), func(c *Case) { c.AppealedOn = day("2026-04-12") })
	for _, c := range []struct {
		name  string
		c     Case
		today string
		want  State
	}{
		{"decided within the hearing", with(suspended(), func(c *Case) { c.DecidedOn = day("2026-03-11") }), "2026-03-11", StateHearing},
		{"and still not valid later", with(suspended(), func(c *Case) { c.DecidedOn = day("2026-03-11") }), "2026-05-11", StateToDecide},
		{"decided before the answer came", with(suspended(), func(c *Case) { c.DecidedOn, c.AnsweredOn = day("2026-03-05"), day("2026-03-06") }), "2026-03-07", StateToDecide},
		{"decided on the day of the answer", with(suspended(), func(c *Case) { c.DecidedOn, c.AnsweredOn = day("2026-03-05"), day("2026-03-05") }), "2026-03-05", StateSuspended},
		{"appealed a day late", with(suspended(), func(c *Case) { c.AppealedOn = day("2026-04-13") }), "2026-04-13", StateFinal},
		{"answered a day late", with(appealed, func(c *Case) { c.AppealAnsweredOn, c.AppealAnswer = day("2026-06-13"), AnswerReject }), "2026-06-13", StateUpheldQuiet},
		{"appeal to a dismissal", with(appealed, func(c *Case) { c.Decision = DecisionDismiss }), "2026-09-01", StateDismissed},
	} {
		if got := c.c.State(day(c.today), statutes); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestDeadline_WithItsArticle(t *testing.T) {
	appealed := with(suspended(), func(c *Case) { c.AppealedOn = day("2026-03-31") })
	for _, c := range []struct {
		c     Case
		today string
		want  Deadline
	}{
		{Case{OpenedOn: day("2026-03-01")}, "2026-03-02", Deadline{}},
		{with(suspended(), func(c *Case) { c.NotifiedOn = civil.Date{} }), "2026-03-12", Deadline{}},
		{Case{OpenedOn: day("2026-03-01"), ToldOn: day("2026-03-01")}, "2026-03-02", Deadline{ClockHearing, day("2026-03-11"), "Llei 12/2015, art. 36"}},
		{suspended(), "2026-03-12", Deadline{ClockAppeal, day("2026-04-12"), "Llei 12/2015, art. 36"}},
		{appealed, "2026-04-01", Deadline{ClockAppealAnswer, day("2026-05-31"), "Llei 12/2015, art. 36"}},
		{Case{OpenedOn: day("2026-03-01")}, "2026-03-12", Deadline{}},
		{suspended(), "2026-06-01", Deadline{}},
	} {
		got, ok := c.c.Deadline(day(c.today), statutes)
		if got != c.want || ok != (c.want != Deadline{}) {
			t.Errorf("on %s: %+v, want %+v", c.today, got, c.want)
		}
	}
	var none Case
	if !none.HearingUntil(statutes).IsZero() || !none.AppealUntil(statutes).IsZero() || !none.AppealAnswerUntil(statutes).IsZero() {
		t.Error("a case that is not open has deadlines")
	}
}

func TestMay_OnlyInTheRightState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t), anyDay(t, "today")
		state := c.State(today, statutes)
		for name, x := range map[string]struct {
			may  bool
			want State
		}{
			"decide": {c.MayDecide(today, statutes), StateToDecide}, "appeal": {c.MayAppeal(today, statutes), StateSuspended},
			"answer the appeal": {c.MayAnswerAppeal(today, statutes), StateUnderAppeal},
		} {
			if x.may != (state == x.want) {
				t.Fatalf("in state %s: may %s is %v", state, name, x.may)
			}
		}
		if c.MayAnswer(today, statutes) && state != StateHearing && state != StateToDecide {
			t.Fatalf("may answer in state %s", state)
		}
	})
}

// TestMay_LeadsThere: what one may do today has its effect today.
func TestMay_LeadsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := until(anyCase(t), anyDay(t, "today"))
		if c.MayDecide(today, statutes) {
			d := Case{OpenedOn: c.OpenedOn, ToldOn: c.ToldOn, AnsweredOn: c.AnsweredOn, DecidedOn: today, Decision: DecisionSuspend}
			if got := d.State(today, statutes); got != StateSuspended {
				t.Fatalf("decided, and %s", got)
			}
		}
		if c.MayAppeal(today, statutes) {
			d := with(c, func(c *Case) { c.AppealedOn = today })
			if got := d.State(today, statutes); got != StateUnderAppeal {
				t.Fatalf("appealed, and %s", got)
			}
		}
		if c.MayAnswerAppeal(today, statutes) {
			d := with(c, func(c *Case) { c.AppealAnsweredOn, c.AppealAnswer = today, AnswerUphold })
			if got := d.State(today, statutes); got != StateUpheld {
				t.Fatalf("upheld, and %s", got)
			}
		}
		if s := c.State(today, statutes); s != StateNotOpened && !s.Closed() {
			d := with(c, func(c *Case) { c.PaidOn = today })
			if got := d.State(today, statutes); got != StatePaid || d.ClosedOn(today, statutes) != today {
				t.Fatalf("paid, and %s", got)
			}
		}
	})
}

func TestState_DependsOnNoLaterFact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t), anyDay(t, "today")
		known, _ := until(c, today)
		if got, want := c.State(today, statutes), known.State(today, statutes); got != want {
			t.Fatalf("%+v: %s with the later facts, %s without", c, got, want)
		}
	})
}

func TestState_ClosedStaysClosed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t), anyDay(t, "today")
		later := today.AddDays(rapid.IntRange(0, 300).Draw(t, "later"))
		s := c.State(today, statutes)
		if s.Closed() && c.State(later, statutes) != s {
			t.Fatalf("%s became %s", s, c.State(later, statutes))
		}
		if s.Closed() == c.ClosedOn(today, statutes).IsZero() {
			t.Fatalf("%s, closed on %v", s, c.ClosedOn(today, statutes))
		}
		if s.Closed() && c.ClosedOn(later, statutes) != c.ClosedOn(today, statutes) {
			t.Fatal("the day of closing moved")
		}
	})
}

func TestSuspends_OnlyAfterAHearingAndUntilPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, today := anyCase(t), anyDay(t, "today")
		if !c.Suspends(today, statutes) {
			return
		}
		heard := (!c.ToldOn.IsZero() && c.DecidedOn.DaysSince(c.ToldOn) > statutes.HearingDays) || happened(c.AnsweredOn, c.DecidedOn)
		if c.Decision != DecisionSuspend || c.DecidedOn.After(today) || !heard || happened(c.PaidOn, today) {
			t.Fatalf("%+v suspends on %v", c, today)
		}
	})
}

func anyDay(t *rapid.T, name string) civil.Date {
	return day("2026-03-01").AddDays(rapid.IntRange(0, 160).Draw(t, name))
}

// anyCase draws facts near their clocks, in and out of time.
func anyCase(t *rapid.T) Case {
	after := func(d civil.Date, name string, most int) civil.Date {
		if rapid.IntRange(0, 3).Draw(t, name+" never") == 0 {
			return civil.Date{}
		}
		return d.AddDays(rapid.IntRange(0, most).Draw(t, name))
	}
	c := Case{OpenedOn: day("2026-03-01").AddDays(rapid.IntRange(0, 20).Draw(t, "opened"))}
	c.ToldOn = after(c.OpenedOn, "told", 5)
	c.AnsweredOn = after(c.OpenedOn, "answered", 14)
	if c.DecidedOn = after(c.OpenedOn, "decided", 25); !c.DecidedOn.IsZero() {
		c.Decision = rapid.SampledFrom([]Decision{DecisionSuspend, DecisionSuspend, DecisionDismiss}).Draw(t, "decision")
		c.NotifiedOn = after(c.DecidedOn, "notified", 5)
		if c.AppealedOn = after(c.DecidedOn, "appealed", 35); !c.AppealedOn.IsZero() {
			if c.AppealAnsweredOn = after(c.AppealedOn, "appeal answered", 70); !c.AppealAnsweredOn.IsZero() {
				c.AppealAnswer = rapid.SampledFrom([]Answer{AnswerUphold, AnswerReject}).Draw(t, "answer")
			}
		}
	}
	if rapid.IntRange(0, 2).Draw(t, "pays") == 0 {
		c.PaidOn = c.OpenedOn.AddDays(rapid.IntRange(0, 150).Draw(t, "paid"))
	}
	return c
}

// until forgets what happens after a day.
func until(c Case, today civil.Date) (Case, civil.Date) {
	for _, on := range []*civil.Date{&c.OpenedOn, &c.ToldOn, &c.AnsweredOn, &c.NotifiedOn, &c.AppealedOn, &c.PaidOn} {
		if on.After(today) {
			*on = civil.Date{}
		}
	}
	if c.DecidedOn.After(today) {
		c.DecidedOn, c.Decision = civil.Date{}, ""
	}
	if c.AppealAnsweredOn.After(today) {
		c.AppealAnsweredOn, c.AppealAnswer = civil.Date{}, ""
	}
	return c, today
}
