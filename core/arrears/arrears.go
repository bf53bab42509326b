// Package arrears is the formal case that a cooperative's statutes require
// before unpaid fees cost a member the vote (rules.PolicyCase): opening,
// hearing, decision, appeal, end. It is a pure state machine: a Case is the
// dated facts, State says what they amount to on a day.
//
// The clocks (Llei 12/2015 art. 36; Ley 27/1999 art. 18.3), in calendar days
// and months, the day that starts a clock not counted and the last day whole:
//
//   - hearing: the member may answer until ToldOn + HearingDays. The decision
//     may come the day after that, or on any day once the member has answered.
//   - appeal: until NotifiedOn + AppealMonths.
//   - answer to the appeal: until AppealedOn + AppealAnswerMonths. The day after,
//     silence upholds the appeal.
//
// A suspension takes effect when it is decided, and an appeal does not stop it;
// an appeal that is upheld, by an answer or by silence, ends it. Payment ends
// it at once, in any state (Llei 12/2015 art. 38.4-5).
//
// No clock runs against a member who has not been told: until ToldOn is known
// the hearing does not end, until NotifiedOn is known the appeal may come.
//
// Facts out of time have no effect: a decision before the hearing is over does
// not suspend, an appeal after its month is none, an answer after the deadline
// does not undo the silence. A case that is decided again, because the first
// decision came too early, starts from there without the old appeal.
//
// Equations, for every case c and days d <= e:
//
//	c.State(d) depends on no fact dated after d
//	c.State(d).Closed()  =>  c.State(e) == c.State(d)
//	c.Suspends(d)        =>  a decision to suspend is in force and PaidOn is not before or on d
package arrears

import (
	"socia/core/civil"
	"socia/core/rules"
)

// Decision is how the case was decided; a closed type, empty while it is not.
type Decision string

// The two decisions.
const (
	DecisionSuspend Decision = "suspend"
	DecisionDismiss Decision = "dismiss"
)

// Answer is how the appeal was answered; a closed type, empty while it is not.
type Answer string

// The two answers to an appeal.
const (
	AnswerUphold Answer = "uphold" // the member is right, the suspension ends
	AnswerReject Answer = "reject" // the suspension stays
)

// Case is the dated facts. A zero date is something that has not happened.
type Case struct {
	OpenedOn         civil.Date
	ToldOn           civil.Date // the member was told that a case is open; until then the hearing does not end
	AnsweredOn       civil.Date // the member answered in the hearing
	DecidedOn        civil.Date
	Decision         Decision
	NotifiedOn       civil.Date // the member was told of the decision; until then the appeal's months do not run
	AppealedOn       civil.Date
	AppealAnsweredOn civil.Date
	AppealAnswer     Answer
	PaidOn           civil.Date // everything that the case is about was paid
}

// State is where the case stands; a closed type.
type State string

// The states, in the order in which a case may pass them.
const (
	StateNotOpened   State = "not_opened"
	StateHearing     State = "hearing"      // the member may answer
	StateToDecide    State = "to_decide"    // the hearing is over or answered
	StateSuspended   State = "suspended"    // decided; the member may appeal
	StateUnderAppeal State = "under_appeal" // suspended meanwhile
	StateFinal       State = "final"        // suspended, and no appeal is left
	StatePaid        State = "paid"
	StateDismissed   State = "dismissed"
	StateUpheld      State = "upheld"            // the appeal was upheld
	StateUpheldQuiet State = "upheld_by_silence" // nobody answered the appeal in time
)

// Closed says whether the case has ended, for good.
func (s State) Closed() bool {
	switch s {
	case StatePaid, StateDismissed, StateUpheld, StateUpheldQuiet:
		return true
	case StateNotOpened, StateHearing, StateToDecide, StateSuspended, StateUnderAppeal, StateFinal:
		return false
	}
	return false
}

// Suspends says whether the vote rests in this state.
func (s State) Suspends() bool {
	switch s {
	case StateSuspended, StateUnderAppeal, StateFinal:
		return true
	case StateNotOpened, StateHearing, StateToDecide, StatePaid, StateDismissed, StateUpheld, StateUpheldQuiet:
		return false
	}
	return false
}

// State says where the case stands at the end of a day.
func (c Case) State(today civil.Date, r rules.Arrears) State {
	if !happened(c.OpenedOn, today) {
		return StateNotOpened
	}
	if end, ok := c.end(today, r); ok {
		return end.state
	}
	if !c.decided(today, r) {
		if happened(c.AnsweredOn, today) || past(today, c.HearingUntil(r)) {
			return StateToDecide
		}
		return StateHearing
	}
	switch {
	case c.appealed(today, r) && c.appealAnswered(today, r):
		return StateFinal
	case c.appealed(today, r):
		return StateUnderAppeal
	case past(today, c.AppealUntil(r)):
		return StateFinal
	}
	return StateSuspended
}

// Suspends says whether the vote rests at the end of a day.
func (c Case) Suspends(today civil.Date, r rules.Arrears) bool { return c.State(today, r).Suspends() }

// ClosedOn gives the day on which the case ended; zero while it is open.
func (c Case) ClosedOn(today civil.Date, r rules.Arrears) civil.Date {
	if !happened(c.OpenedOn, today) {
		return civil.Date{}
	}
	end, _ := c.end(today, r)
	return end.on
}

// MayAnswer says whether the member may answer in the hearing: until it is
// over, and also later while nothing has been decided.
func (c Case) MayAnswer(today civil.Date, r rules.Arrears) bool {
	s := c.State(today, r)
	return s == StateHearing || (s == StateToDecide && !happened(c.AnsweredOn, today))
}

// MayDecide says whether the case may be decided on a day: the hearing is over,
// or the member has answered (Llei 12/2015 art. 36).
func (c Case) MayDecide(today civil.Date, r rules.Arrears) bool {
	return c.State(today, r) == StateToDecide
}

// MayAppeal says whether the member may appeal on a day: suspended, and within
// AppealMonths of being told (Llei 12/2015 art. 36).
func (c Case) MayAppeal(today civil.Date, r rules.Arrears) bool {
	return c.State(today, r) == StateSuspended
}

// MayAnswerAppeal says whether the appeal may still be answered on a day.
func (c Case) MayAnswerAppeal(today civil.Date, r rules.Arrears) bool {
	return c.State(today, r) == StateUnderAppeal
}

// HearingUntil is the last day of the hearing; zero when the case is not open,
// or the member has not been told of it.
func (c Case) HearingUntil(r rules.Arrears) civil.Date {
	if c.OpenedOn.IsZero() || c.ToldOn.IsZero() {
		return civil.Date{}
	}
	return latest(c.OpenedOn, c.ToldOn).AddDays(r.HearingDays)
}

// AppealUntil is the last day to appeal; zero when nothing was suspended, or
// the member has not been told of it.
func (c Case) AppealUntil(r rules.Arrears) civil.Date {
	if c.DecidedOn.IsZero() || c.Decision != DecisionSuspend || c.NotifiedOn.IsZero() {
		return civil.Date{}
	}
	return latest(c.DecidedOn, c.NotifiedOn).AddMonths(r.AppealMonths)
}

// AppealAnswerUntil is the last day to answer the appeal; after it silence
// upholds. It is zero when there is no appeal.
func (c Case) AppealAnswerUntil(r rules.Arrears) civil.Date {
	if c.AppealedOn.IsZero() {
		return civil.Date{}
	}
	return c.AppealedOn.AddMonths(r.AppealAnswerMonths)
}

// Clock is what a deadline is for; a closed type.
type Clock string

// The clocks of a case.
const (
	ClockHearing      Clock = "hearing"
	ClockAppeal       Clock = "appeal"
	ClockAppealAnswer Clock = "appeal_answer"
)

// Deadline is the last day of a clock, and the article that sets it.
type Deadline struct {
	Clock   Clock
	On      civil.Date
	Article string
}

// Deadline gives the clock that is running on a day, and false when none is:
// nothing bounds the days to decide, a final or closed case waits for none, and
// against a member who has not been told no clock runs.
func (c Case) Deadline(today civil.Date, r rules.Arrears) (d Deadline, runs bool) {
	d.Article = r.HearingArticle
	switch c.State(today, r) {
	case StateHearing:
		d.Clock, d.On = ClockHearing, c.HearingUntil(r)
	case StateSuspended:
		d.Clock, d.On = ClockAppeal, c.AppealUntil(r)
	case StateUnderAppeal:
		d.Clock, d.On = ClockAppealAnswer, c.AppealAnswerUntil(r)
	case StateNotOpened, StateToDecide, StateFinal, StatePaid, StateDismissed, StateUpheld, StateUpheldQuiet:
	}
	if d.On.IsZero() {
		return Deadline{}, false
	}
	return d, true
}

// ending is one way in which a case ended, and the day.
type ending struct {
	on    civil.Date
	state State
}

// end gives what ended the case by a day: the earliest of all endings, and of
// two on the same day the payment.
func (c Case) end(today civil.Date, r rules.Arrears) (ending, bool) {
	var first ending
	for _, e := range c.endings(r) {
		if happened(e.on, today) && (first.on.IsZero() || e.on.Before(first.on)) {
			first = e
		}
	}
	return first, !first.on.IsZero()
}

func (c Case) endings(r rules.Arrears) []ending {
	all := []ending{{c.PaidOn, StatePaid}}
	if c.inTimeToDecide(r) && c.Decision == DecisionDismiss {
		all = append(all, ending{c.DecidedOn, StateDismissed})
	}
	if c.inTimeToAppeal(r) {
		switch {
		case !c.inTimeToAnswerAppeal(r):
			all = append(all, ending{c.AppealAnswerUntil(r).AddDays(1), StateUpheldQuiet})
		case c.AppealAnswer == AnswerUphold:
			all = append(all, ending{c.AppealAnsweredOn, StateUpheld})
		}
	}
	return all
}

func (c Case) decided(today civil.Date, r rules.Arrears) bool {
	return happened(c.DecidedOn, today) && c.inTimeToDecide(r)
}

func (c Case) appealed(today civil.Date, r rules.Arrears) bool {
	return happened(c.AppealedOn, today) && c.inTimeToAppeal(r)
}

func (c Case) appealAnswered(today civil.Date, r rules.Arrears) bool {
	return happened(c.AppealAnsweredOn, today) && c.inTimeToAnswerAppeal(r)
}

// inTimeToDecide: after the hearing, or once the member has answered in it.
func (c Case) inTimeToDecide(r rules.Arrears) bool {
	if c.DecidedOn.IsZero() || c.Decision == "" || c.DecidedOn.Before(c.OpenedOn) {
		return false
	}
	return happened(c.AnsweredOn, c.DecidedOn) || past(c.DecidedOn, c.HearingUntil(r))
}

func (c Case) inTimeToAppeal(r rules.Arrears) bool {
	return c.inTimeToDecide(r) && c.Decision == DecisionSuspend &&
		!c.AppealedOn.IsZero() && !c.AppealedOn.Before(c.DecidedOn) && !past(c.AppealedOn, c.AppealUntil(r))
}

func (c Case) inTimeToAnswerAppeal(r rules.Arrears) bool {
	return c.inTimeToAppeal(r) && c.AppealAnswer != "" && !c.AppealAnsweredOn.IsZero() &&
		!c.AppealAnsweredOn.Before(c.AppealedOn) && !c.AppealAnsweredOn.After(c.AppealAnswerUntil(r))
}

// past says whether a day is after the last one of a clock; a clock that does not run is never over.
func past(day, until civil.Date) bool { return !until.IsZero() && day.After(until) }

func latest(a, b civil.Date) civil.Date {
	if b.After(a) {
		return b
	}
	return a
}

func happened(on, today civil.Date) bool { return !on.IsZero() && !on.After(today) }
