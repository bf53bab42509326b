// Package notice checks how long before an assembly its notice was given
// (Llei 12/2015 art. 44.1: 15 to 30 days; Ley 27/1999 art. 24.1: 15 days, the
// first and the last not counted, to two months).
//
// Equations, for every notice day c, assembly day h and rule r:
//
//	Check(c, h, r).OK  <=>  EarliestDay(c, r) <= h and (no LatestDay or h <= LatestDay(c, r))
//	Days(c, EarliestDay(c, r), r) == r.MinDays
package notice

import (
	"socia/core/civil"
	"socia/core/rules"
)

// Problem is what is wrong with a notice; a closed type, empty when nothing is.
type Problem string

// What can be wrong.
const (
	ProblemTooShort Problem = "too_short"
	ProblemTooLong  Problem = "too_long"
)

// Verdict says whether the notice is long enough and not too long. Latest is
// zero when the rule sets no latest day.
type Verdict struct {
	OK        bool
	Problem   Problem
	Days      int // days of notice, counted as the rule counts them
	MinDays   int
	MaxDays   int // 0: not bounded in days
	MaxMonths int // 0: not bounded in months
	Earliest  civil.Date
	Latest    civil.Date
	Article   string
}

// Check says whether an assembly convened on one day may be held on another.
func Check(convened, held civil.Date, r rules.Notice) Verdict {
	v := Verdict{
		Days: Days(convened, held, r), MinDays: r.MinDays, MaxDays: r.MaxDays, MaxMonths: r.MaxMonths,
		Earliest: EarliestDay(convened, r), Latest: LatestDay(convened, r), Article: r.Article,
	}
	switch {
	case held.Before(v.Earliest):
		v.Problem = ProblemTooShort
	case !v.Latest.IsZero() && held.After(v.Latest):
		v.Problem = ProblemTooLong
	}
	v.OK = v.Problem == ""
	return v
}

// Days counts the days of notice: from one day to the other, less one when
// neither end counts. It is never below 0.
func Days(convened, held civil.Date, r rules.Notice) int {
	return max(0, held.DaysSince(convened)-uncounted(r))
}

// EarliestDay is the first day on which the assembly may be held.
func EarliestDay(convened civil.Date, r rules.Notice) civil.Date {
	return convened.AddDays(r.MinDays + uncounted(r))
}

// LatestDay is the last day on which the assembly may be held, or zero when the
// rule sets none. Months are whole calendar months from the day of the notice;
// only days are counted without their ends.
func LatestDay(convened civil.Date, r rules.Notice) civil.Date {
	var latest civil.Date
	if r.MaxDays > 0 {
		latest = convened.AddDays(r.MaxDays + uncounted(r))
	}
	if r.MaxMonths > 0 {
		if by := convened.AddMonths(r.MaxMonths); latest.IsZero() || by.Before(latest) {
			latest = by
		}
	}
	return latest
}

// uncounted is what is taken off the difference of two days when neither the
// first nor the last counts.
func uncounted(r rules.Notice) int {
	if r.EndsCounted {
		return 0
	}
	return 1
}
