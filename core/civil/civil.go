// Package civil holds the day of the calendar: what a due day, a notice period
// and a seniority rule are counted in. A Date has no hour and no time zone; it
// becomes an instant only when a zone is named with In.
//
// Equations that hold for every valid date d and whole numbers n, m:
//
//	Parse(d.String()) == d
//	d.AddDays(n).DaysSince(d) == n
//	d.AddDays(n).AddDays(m) == d.AddDays(n+m)
//	Of(d.In(loc), loc) == d            (for every day that exists in loc)
package civil

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// layout is the one written form of a date, ISO 8601: 2026-01-31.
const layout = "2006-01-02"

// Date is a day of the Gregorian calendar. Dates can be compared with == and
// used as map keys. The zero Date means "no day".
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// New gives the date for a year, month and day. Values out of range carry over
// as in time.Date: New(2026, time.February, 31) is 3 March 2026.
func New(year int, month time.Month, day int) Date {
	return from(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// Of gives the day that an instant falls on in a time zone.
func Of(t time.Time, loc *time.Location) Date { return from(t.In(loc)) }

// Parse reads a date written as 2026-01-31. A day that does not exist
// (2026-02-30) is an error.
func Parse(s string) (Date, error) {
	t, err := time.Parse(layout, s)
	if err != nil {
		return Date{}, fmt.Errorf("civil: %q is not a date of the form 2026-01-31", s)
	}
	return from(t), nil
}

// String writes the date as 2026-01-31; the zero date is the empty string.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(layout)
}

// IsZero says whether there is no day.
func (d Date) IsZero() bool { return d == Date{} }

// AddDays gives the date n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return New(d.Year, d.Month, d.Day+n) }

// AddMonths gives the same day n months later, or the last day of that month
// when it is shorter: 31 January plus one month is 28 or 29 February.
//
// Because of that clamp, adding months twice is not adding them at once:
// 31 January + 1 + 1 is 28 March, 31 January + 2 is 31 March. A schedule must
// therefore always add to its anchor (anchor.AddMonths(k)), never to the date
// before.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return Date{Year: first.Year(), Month: first.Month(), Day: min(d.Day, last)}
}

// Compare is -1, 0 or +1 as d is before, the same as or after other.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Before says whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }

// After says whether d is a later day than other.
func (d Date) After(other Date) bool { return d.Compare(other) > 0 }

// Equal says whether both are the same day; it is d == other.
func (d Date) Equal(other Date) bool { return d == other }

// DaysSince counts the days from other to d: 1 when d is the day after other.
func (d Date) DaysSince(other Date) int {
	const day = 24 * 60 * 60
	return int((d.utc().Unix() - other.utc().Unix()) / day)
}

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

// In gives the instant at which the day starts in a time zone: the first
// instant t with Of(t, loc) == d. Where clocks change at midnight this is not
// always 00:00, and where 00:00 happens twice it is the first of them. A day
// that a zone skipped altogether gives the start of the next one.
func (d Date) In(loc *time.Location) time.Time {
	t := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
	if Of(t, loc).Before(d) { // 00:00 was skipped and time.Date fell short of the change
		_, t = t.ZoneBounds()
	}
	for {
		before := t.Add(-1)
		if Of(before, loc) != d {
			return t
		}
		t = before.Add(-sinceMidnight(before))
		if changed, _ := before.ZoneBounds(); t.Before(changed) {
			t = changed
		}
	}
}

// sinceMidnight is what the clock on the wall shows.
func sinceMidnight(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute +
		time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
}

// MarshalText writes the date as String does, for JSON and forms.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; empty text is the zero date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Value stores the date as its text, and the zero date as NULL.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads a stored date: text with or without a time of day, or the time
// that a driver makes of a date column, whose own calendar day is taken.
// NULL and empty text are the zero date.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.scanText(v)
	case []byte:
		return d.scanText(string(v))
	case time.Time:
		*d = from(v)
		return nil
	}
	return fmt.Errorf("civil: cannot read a date from %T", src)
}

// scanText drops a time of day ("2026-01-31 00:00:00", "2026-01-31T00:00:00Z").
func (d *Date) scanText(s string) error {
	if len(s) > len(layout) && (s[len(layout)] == ' ' || s[len(layout)] == 'T') {
		s = s[:len(layout)]
	}
	return d.UnmarshalText([]byte(s))
}

func from(t time.Time) Date {
	y, m, day := t.Date()
	return Date{Year: y, Month: m, Day: day}
}

func (d Date) utc() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
}
