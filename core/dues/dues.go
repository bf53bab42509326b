// Package dues holds the rules of recurring fees: which periods a subscription
// has, what a price allows, which charge a payment settles, and when an unpaid
// charge is late. It keeps no clock: the day is an argument.
//
// What late fees mean for a vote is not decided here. Non-payment never expels
// anybody (Llei 12/2015 art. 38.4-5); see the rule sets.
package dues

import (
	"errors"

	"socia/core/civil"
)

// Interval is how often a fee is charged.
type Interval string

// The intervals of a fee plan.
const (
	Month   Interval = "month"
	Quarter Interval = "quarter"
	Year    Interval = "year"
)

// ErrInterval is the error for a text that is no interval.
var ErrInterval = errors.New("dues: no such interval")

// ParseInterval reads an interval: ParseInterval(string(i)) == i for each of the
// three, and ErrInterval for anything else.
func ParseInterval(s string) (Interval, error) {
	if i := Interval(s); i.Months() > 0 {
		return i, nil
	}
	return "", ErrInterval
}

// Months is the length of the interval in calendar months, 0 for a value that is
// no interval.
func (i Interval) Months() int {
	switch i {
	case Month:
		return 1
	case Quarter:
		return 3
	case Year:
		return 12
	}
	return 0
}

// Period is a stretch of days that one charge covers; both days belong to it.
type Period struct {
	Start civil.Date
	End   civil.Date
	// DueOn is the first day of the period: fees are paid in advance. A later
	// tolerance is the grace period, see StateOf.
	DueOn civil.Date
}

// Periods lists the periods of a subscription that have begun by until (that day
// included), in order. They are counted from the anchor, the subscription's first
// day, and follow one another without gap or overlap:
//
//	Periods(...)[n].Start     == anchor.AddMonths(n × interval.Months())
//	Periods(...)[n+1].Start   == Periods(...)[n].End.AddDays(1)
//	Periods(a, i, earlier)    is a prefix of Periods(a, i, later)
//
// Each start is reckoned from the anchor and not from the start before, so a
// subscription of 31 January renews on 28 February and again on 31 March. The same
// input always gives the same periods, so that charging again after downtime adds
// only what is missing. An unknown interval has no periods.
func Periods(anchor civil.Date, interval Interval, until civil.Date) []Period {
	months := interval.Months()
	if months == 0 {
		return nil
	}
	var periods []Period
	for start, n := anchor, 1; !start.After(until); n++ {
		next := anchor.AddMonths(n * months)
		periods = append(periods, Period{Start: start, End: next.AddDays(-1), DueOn: start})
		start = next
	}
	return periods
}
