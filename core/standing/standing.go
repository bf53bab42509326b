// Package standing decides whether a member may vote at an instant, and says
// why not. Standing is computed from dated facts every time it is asked; it is
// never stored.
//
// The boundaries, all in the cooperative's time zone:
//
//   - Joined on day J: a member from the start of J. With S days of seniority
//     the vote comes at the start of J+S.
//   - Left on day L: may vote until the end of L; the vote is lost at the start
//     of L+1.
//   - Policy automatic: a charge due on D may be paid all of D, and for G days
//     of grace after it; unpaid, the vote rests from the start of D+G+1 and is
//     back at the very instant SettledAt, that instant included.
//   - Policy case: arrears alone take nothing. The vote rests from the instant
//     at which a decision to suspend takes effect, that instant included, until
//     the last charge of the case is settled or the case is closed (the appeal
//     upheld, say), that instant included.
//   - Policy never: fees and votes have nothing to do with each other.
//
// Properties: settling every charge lifts every reason that comes from fees,
// and settling one more charge, or one earlier, never takes the vote away.
// Arrears never touch voice, attendance or information (Llei 12/2015
// art. 38.4-5), so this package decides about nothing but the vote.
package standing

import (
	"slices"
	"time"

	"socia/core/civil"
	"socia/core/rules"
)

// Facts are what is known about a member.
type Facts struct {
	JoinedOn civil.Date // first day of membership; zero: not a member yet
	LeftOn   civil.Date // last day of membership; zero: has not left
	Class    string     // the member's class, for who reads the facts; no rule looks at it
	Owed     []Owed     // charges, settled or not; a cancelled or waived one is not owed and is left out
	Case     *CaseFacts // the arrears case that is open or was open last; nil: none
}

// Owed is one charge.
type Owed struct {
	ChargeID  int64
	DueOn     civil.Date // last day to pay in time
	SettledAt *time.Time // nil: still owed
}

func (o Owed) settled(at time.Time) bool { return o.SettledAt != nil && !at.Before(*o.SettledAt) }

// CaseFacts are what an arrears case has decided (see package arrears).
type CaseFacts struct {
	Article     string     // of the statutes that the case was opened under, on which a suspension rests; empty: of those given to Decide
	DecidedAt   *time.Time // nil: not decided
	EffectiveAt *time.Time // when the suspension takes effect; nil: when it is decided
	Suspends    bool       // the decision is to suspend the vote
	ChargeIDs   []int64    // the charges that the case is about; without any it suspends nothing
	ClosedAt    *time.Time // paid, dismissed or appeal upheld; nil: open
}

// Code is why a member may not vote; a closed type.
type Code string

// The reasons for not having the vote.
const (
	CodeNotYetMember     Code = "not_yet_member"
	CodeLeft             Code = "left"
	CodeTooNew           Code = "too_new"
	CodeArrearsAutomatic Code = "arrears_automatic"
	CodeSuspendedByCase  Code = "suspended_by_case"
)

// Fee is how a member stands with the fees; a closed type. It informs, and
// never blocks by itself: Reasons do.
type Fee string

// The three fee states; the worst charge decides.
const (
	FeeCurrent Fee = "current"  // nothing is past its due day
	FeeInGrace Fee = "in_grace" // past its due day, still in the days of grace
	FeeOverdue Fee = "overdue"  // past the days of grace
)

// Reason is one reason for not having the vote. Since is the first day on which
// it holds, zero when it always did. Until is the first day on which it no
// longer holds by itself, zero when that takes an act, such as paying.
type Reason struct {
	Code      Code
	Article   string
	Since     civil.Date
	Until     civil.Date
	ChargeIDs []int64        // the unpaid charges behind it, ascending
	Args      map[string]any // numbers for the message: "days" of seniority or grace
}

// Verdict is the answer. MayVote holds exactly when there is no reason against.
type Verdict struct {
	MayVote     bool
	Reasons     []Reason
	Fee         Fee
	FeeCharges  []int64    // unpaid charges past their due day, ascending
	GraceEndsOn civil.Date // last day of grace of the charge that runs out first; zero unless in grace
}

// Has says whether a reason is among those of the verdict.
func (v Verdict) Has(code Code) bool {
	return slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Code == code })
}

// Decide says whether a member may vote at an instant, in a cooperative of that
// time zone and with those statutes, and gives every reason against with the
// article that it rests on.
func Decide(f Facts, at time.Time, loc *time.Location, r rules.RuleSet) Verdict {
	today := civil.Of(at, loc)
	reasons := membership(f, today, r)
	switch r.Arrears.Policy {
	case rules.PolicyAutomatic:
		reasons = append(reasons, automatic(f.Owed, at, today, r.Arrears)...)
	case rules.PolicyCase:
		reasons = append(reasons, byCase(f, at, loc, r.Arrears)...)
	case rules.PolicyNever:
	}
	v := Verdict{MayVote: len(reasons) == 0, Reasons: reasons}
	v.Fee, v.FeeCharges, v.GraceEndsOn = fee(f.Owed, at, today, r.Arrears)
	return v
}

func membership(f Facts, today civil.Date, r rules.RuleSet) []Reason {
	if f.JoinedOn.IsZero() || today.Before(f.JoinedOn) {
		return []Reason{{Code: CodeNotYetMember, Article: r.RecordDate.Article, Until: f.JoinedOn}}
	}
	if !f.LeftOn.IsZero() && today.After(f.LeftOn) {
		return []Reason{{Code: CodeLeft, Article: r.RecordDate.Article, Since: f.LeftOn.AddDays(1)}}
	}
	if senior := f.JoinedOn.AddDays(r.Seniority.Days); today.Before(senior) {
		return []Reason{{
			Code: CodeTooNew, Article: r.Seniority.Article, Since: f.JoinedOn, Until: senior,
			Args: map[string]any{"days": r.Seniority.Days},
		}}
	}
	return nil
}

// lostOn is the first day without the vote for a charge due on a day.
func lostOn(due civil.Date, a rules.Arrears) civil.Date { return due.AddDays(a.GraceDays + 1) }

func automatic(owed []Owed, at time.Time, today civil.Date, a rules.Arrears) []Reason {
	var since civil.Date
	var ids []int64
	for _, o := range owed {
		lost := lostOn(o.DueOn, a)
		if o.settled(at) || today.Before(lost) {
			continue
		}
		ids = append(ids, o.ChargeID)
		if since.IsZero() || lost.Before(since) {
			since = lost
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return []Reason{{
		Code: CodeArrearsAutomatic, Article: a.Article, Since: since, ChargeIDs: ids,
		Args: map[string]any{"days": a.GraceDays},
	}}
}

func byCase(f Facts, at time.Time, loc *time.Location, a rules.Arrears) []Reason {
	c := f.Case
	if c == nil || c.DecidedAt == nil || !c.Suspends {
		return nil
	}
	effective := c.DecidedAt
	if c.EffectiveAt != nil {
		effective = c.EffectiveAt
	}
	if at.Before(*effective) || (c.ClosedAt != nil && !at.Before(*c.ClosedAt)) {
		return nil
	}
	var unpaid []int64
	for _, o := range f.Owed {
		if slices.Contains(c.ChargeIDs, o.ChargeID) && !o.settled(at) {
			unpaid = append(unpaid, o.ChargeID)
		}
	}
	if len(unpaid) == 0 {
		return nil
	}
	slices.Sort(unpaid)
	article := a.Article
	if c.Article != "" {
		article = c.Article
	}
	return []Reason{{Code: CodeSuspendedByCase, Article: article, Since: civil.Of(*effective, loc), ChargeIDs: unpaid}}
}

func fee(owed []Owed, at time.Time, today civil.Date, a rules.Arrears) (Fee, []int64, civil.Date) {
	var ids []int64
	var lost civil.Date // the earliest day on which grace is over
	for _, o := range owed {
		if o.settled(at) || !today.After(o.DueOn) {
			continue
		}
		ids = append(ids, o.ChargeID)
		if day := lostOn(o.DueOn, a); lost.IsZero() || day.Before(lost) {
			lost = day
		}
	}
	slices.Sort(ids)
	switch {
	case len(ids) == 0:
		return FeeCurrent, nil, civil.Date{}
	case today.Before(lost):
		return FeeInGrace, ids, lost.AddDays(-1)
	}
	return FeeOverdue, ids, civil.Date{}
}
