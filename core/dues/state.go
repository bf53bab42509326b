package dues

import (
	"socia/core/civil"
	"socia/core/money"
)

// State is how a fee stands on a day. It is one of three separate things: what
// the statutes say of the member and what a payment provider says are others.
type State string

// The states of a fee, from good to bad.
const (
	// Current: nothing is owed, or the due day has not passed.
	Current State = "current"
	// InGrace: the due day has passed, the days of grace have not.
	InGrace State = "in_grace"
	// Overdue: the days of grace have passed too.
	Overdue State = "overdue"
)

// StateOf says how a charge stands at the end of the day today. The due day itself
// is in time; the days of grace follow it, all included:
//
//	today ≤ dueOn                → Current
//	today ≤ dueOn + graceDays    → InGrace
//	later                        → Overdue
//
// Nothing owed is Current on every day. graceDays below zero counts as zero.
func StateOf(dueOn civil.Date, owed money.Cents, graceDays int, today civil.Date) State {
	if owed <= 0 || !today.After(dueOn) {
		return Current
	}
	if !today.After(dueOn.AddDays(max(graceDays, 0))) {
		return InGrace
	}
	return Overdue
}

// StateOfMember is the worst state among a member's open charges; Current when
// there are none.
func StateOfMember(open []OpenCharge, graceDays int, today civil.Date) State {
	worst := Current
	for _, charge := range open {
		switch StateOf(charge.DueOn, charge.OwedCents, graceDays, today) {
		case Overdue:
			return Overdue
		case InGrace:
			worst = InGrace
		case Current:
		}
	}
	return worst
}
