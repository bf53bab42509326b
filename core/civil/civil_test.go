package civil

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata" // the zones below must exist on every machine

	"pgregory.net/rapid"
)

func anyDate(t *rapid.T) Date {
	return New(1970, time.January, 1).AddDays(rapid.IntRange(-200_000, 200_000).Draw(t, "day"))
}

func must(t *testing.T, s string) Date {
	t.Helper()
	d, err := Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func TestParse_WhatIsNotADay_IsRefused(t *testing.T) {
	for _, s := range []string{"", "2026-02-30", "2025-02-29", "2026-1-31", "31/01/2026", "2026-01-31x", "2026-13-01", "2026-01-31T00:00:00Z"} {
		if d, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, d)
		}
	}
}

func TestParse_StringInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t)
		if got, err := Parse(d.String()); err != nil || got != d {
			t.Fatalf("Parse(%q) = %v, %v", d.String(), got, err)
		}
	})
}

func TestNew_OutOfRange_CarriesOver(t *testing.T) {
	if got := New(2026, time.February, 31); got != (Date{2026, time.March, 3}) {
		t.Fatalf("got %v", got)
	}
}

func TestAddMonths_ClampsToTheLastDay(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2028-01-31", 1, "2028-02-29"},
		{"2026-01-31", 2, "2026-03-31"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2026-01-15", -1, "2025-12-15"},
		{"2026-01-15", -13, "2024-12-15"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-05-10", 0, "2026-05-10"},
	} {
		if got := must(t, c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestAddMonths_ScheduleAddsToItsAnchor(t *testing.T) {
	anchor := must(t, "2026-01-31")
	if anchor.AddMonths(1).AddMonths(1) == anchor.AddMonths(2) {
		t.Fatal("the documented trap has gone; so must the warning")
	}
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate(t), rapid.IntRange(-600, 600).Draw(t, "n")
		got := d.AddMonths(n)
		if got.Day > d.Day || (got.Day < d.Day && got.AddDays(1).Day != 1) {
			t.Fatalf("%v + %d months = %v: neither the same day nor the last", d, n, got)
		}
		if months := (got.Year-d.Year)*12 + int(got.Month-d.Month); months != n {
			t.Fatalf("%v + %d months is %d months away", d, n, months)
		}
		if n > 0 && !got.After(d) {
			t.Fatalf("%v + %d months = %v is not later", d, n, got)
		}
	})
}

func TestAddDays_Equations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate(t)
		n, m := rapid.IntRange(-5000, 5000).Draw(t, "n"), rapid.IntRange(-5000, 5000).Draw(t, "m")
		if got := d.AddDays(n).DaysSince(d); got != n {
			t.Fatalf("DaysSince = %d, want %d", got, n)
		}
		if d.AddDays(n).AddDays(m) != d.AddDays(n+m) {
			t.Fatal("adding twice is not adding at once")
		}
		if got, want := d.AddDays(n).Compare(d), sign(n); got != want {
			t.Fatalf("Compare = %d, want %d", got, want)
		}
		if d.AddDays(n).Before(d) != (n < 0) || d.AddDays(n).After(d) != (n > 0) || d.AddDays(n).Equal(d) != (n == 0) {
			t.Fatal("Before, After and Equal disagree with Compare")
		}
		if got, want := d.AddDays(n).Weekday(), (int(d.Weekday())+n%7+7)%7; int(got) != want {
			t.Fatalf("weekday %v, want %d", got, want)
		}
	})
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func TestIn_StartOfTheDay_AlsoWhereClocksChangeAtMidnight(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"Europe/Madrid", "2026-01-31", "2026-01-30T23:00:00Z"},
		{"Europe/Madrid", "2026-03-29", "2026-03-28T23:00:00Z"},     // change at 2:00, not at midnight
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // 00:00 skipped, the day starts at 01:00
		{"Asia/Beirut", "2022-03-27", "2022-03-26T22:00:00Z"},       // 00:00 skipped
		{"America/Havana", "2022-11-06", "2022-11-06T04:00:00Z"},    // 01:00 back to 00:00: the first of two midnights
		{"Africa/Cairo", "2010-10-01", "2010-09-30T22:00:00Z"},      // 24:00 back to 23:00 the evening before
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},      // the day after the one that was skipped
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"},      // skipped altogether
	} {
		if got := must(t, c.day).In(zone(t, c.zone)).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("start of %s in %s = %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

func TestIn_IsTheFirstInstantOfTheDay(t *testing.T) {
	zones := []string{"Europe/Madrid", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Africa/Cairo", "America/Asuncion", "Asia/Kolkata"}
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d := New(1980, time.January, 1).AddDays(rapid.IntRange(0, 18_000).Draw(t, "day"))
		start := d.In(loc)
		if Of(start, loc) != d || !Of(start.Add(-1), loc).Before(d) {
			t.Fatalf("%v in %v does not start at %v", d, loc, start)
		}
	})
}

func TestOf_TheDayDependsOnTheZone(t *testing.T) {
	at := time.Date(2026, time.June, 30, 22, 30, 0, 0, time.UTC)
	if got := Of(at, zone(t, "Europe/Madrid")); got != must(t, "2026-07-01") {
		t.Fatalf("got %v", got)
	}
	if got := Of(at, time.UTC); got != must(t, "2026-06-30") {
		t.Fatalf("got %v", got)
	}
}

func TestScan_WhatDriversGive(t *testing.T) {
	madrid := zone(t, "Europe/Madrid")
	want := must(t, "2026-01-31")
	for _, src := range []any{
		"2026-01-31", []byte("2026-01-31"), "2026-01-31 00:00:00", "2026-01-31T00:00:00Z", "2026-01-31 00:00:00+00:00",
		time.Date(2026, time.January, 31, 0, 0, 0, 0, time.UTC), time.Date(2026, time.January, 31, 0, 0, 0, 0, madrid),
	} {
		var got Date
		if err := got.Scan(src); err != nil || got != want {
			t.Errorf("Scan(%#v) = %v, %v", src, got, err)
		}
	}
	for _, src := range []any{"2026-02-30", "tomorrow", "2026-01-311", 20260131} {
		got := want
		if err := got.Scan(src); err == nil {
			t.Errorf("Scan(%#v) = %v, want an error", src, got)
		}
	}
}

func TestZero_IsNullAndEmpty(t *testing.T) {
	if v, err := (Date{}).Value(); v != nil || err != nil {
		t.Fatalf("Value of no day = %v, %v", v, err)
	}
	got := New(2026, time.May, 1)
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Fatalf("Scan(nil) = %v, %v", got, err)
	}
	if s := (Date{}).String(); s != "" {
		t.Fatalf("no day prints %q", s)
	}
}

func TestStored_Inverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyDate(t)
		if rapid.Bool().Draw(t, "none") {
			want = Date{}
		}
		v, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var got, fromJSON Date
		if err := got.Scan(v); err != nil || got != want {
			t.Fatalf("Scan(Value()) = %v, %v, want %v", got, err, want)
		}
		text, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &fromJSON); err != nil || fromJSON != want {
			t.Fatalf("JSON inverse = %v, %v, want %v", fromJSON, err, want)
		}
	})
}
