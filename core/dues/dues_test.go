package dues

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/core/civil"
	"socia/core/money"
)

func day(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestPeriods_FollowTheAnchorThroughShortMonths(t *testing.T) {
	got := Periods(day(t, "2026-01-31"), Month, day(t, "2026-04-30"))
	want := [][2]string{
		{"2026-01-31", "2026-02-27"}, {"2026-02-28", "2026-03-30"}, {"2026-03-31", "2026-04-29"}, {"2026-04-30", "2026-05-30"},
	}
	if len(got) != len(want) {
		t.Fatalf("%d periods, want %d: %v", len(got), len(want), got)
	}
	for n, p := range got {
		if p.Start.String() != want[n][0] || p.End.String() != want[n][1] || p.DueOn != p.Start {
			t.Errorf("period %d is %v to %v due %v, want %v", n, p.Start, p.End, p.DueOn, want[n])
		}
	}
}

func TestPeriods_Table(t *testing.T) {
	for _, c := range []struct {
		anchor    string
		interval  Interval
		until     string
		count     int
		lastStart string
		lastEnd   string
	}{
		{"2026-02-01", Month, "2026-02-28", 1, "2026-02-01", "2026-02-28"},
		{"2024-02-01", Month, "2024-02-29", 1, "2024-02-01", "2024-02-29"},
		{"2024-01-01", Quarter, "2024-12-31", 4, "2024-10-01", "2024-12-31"},
		{"2024-02-29", Year, "2028-02-29", 5, "2028-02-29", "2029-02-27"},
		{"2024-02-29", Year, "2025-02-28", 2, "2025-02-28", "2026-02-27"},
		{"2026-05-10", Month, "2026-05-10", 1, "2026-05-10", "2026-06-09"},
	} {
		got := Periods(day(t, c.anchor), c.interval, day(t, c.until))
		if len(got) != c.count {
			t.Errorf("%v: %d periods, want %d", c, len(got), c.count)
			continue
		}
		if last := got[len(got)-1]; last.Start.String() != c.lastStart || last.End.String() != c.lastEnd {
			t.Errorf("%v: the last is %v to %v", c, last.Start, last.End)
		}
	}
	if Periods(day(t, "2026-05-10"), Month, day(t, "2026-05-09")) != nil {
		t.Error("a subscription that has not begun has no period")
	}
	if Periods(day(t, "2026-05-10"), "week", day(t, "2027-05-09")) != nil {
		t.Error("an unknown interval has no period")
	}
}

func drawDate(t *rapid.T, name string) civil.Date {
	return civil.New(2000, time.January, 1).AddDays(rapid.IntRange(0, 20000).Draw(t, name))
}

func TestPeriods_AreContiguousPrefixStableAndCoverUntil(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		anchor := drawDate(t, "anchor")
		interval := rapid.SampledFrom([]Interval{Month, Quarter, Year}).Draw(t, "interval")
		until := anchor.AddDays(rapid.IntRange(-50, 3000).Draw(t, "days"))
		periods := Periods(anchor, interval, until)
		if !slices.Equal(periods, Periods(anchor, interval, until)) {
			t.Fatal("asked twice, answered differently")
		}
		later := Periods(anchor, interval, until.AddDays(rapid.IntRange(0, 800).Draw(t, "more")))
		if len(later) < len(periods) || !slices.Equal(later[:len(periods)], periods) {
			t.Fatalf("a later day changed the periods: %v, then %v", periods, later)
		}
		for n, p := range periods {
			if p.Start != anchor.AddMonths(n*interval.Months()) || p.End.Before(p.Start) {
				t.Fatalf("period %d of %v is %v", n, anchor, p)
			}
			if n > 0 && periods[n-1].End.AddDays(1) != p.Start {
				t.Fatalf("gap or overlap before %v", p.Start)
			}
		}
		if until.Before(anchor) {
			if len(periods) != 0 {
				t.Fatal("a period before the subscription")
			}
			return
		}
		if last := periods[len(periods)-1]; last.Start.After(until) || last.End.Before(until) {
			t.Fatalf("%v is not in the last period %v", until, last)
		}
	})
}

func TestParseInterval_KnowsThree(t *testing.T) {
	for _, i := range []Interval{Month, Quarter, Year} {
		if got, err := ParseInterval(string(i)); err != nil || got != i {
			t.Errorf("%q: %q, %v", i, got, err)
		}
	}
	if _, err := ParseInterval("week"); !errors.Is(err, ErrInterval) {
		t.Errorf("week: %v", err)
	}
}

func TestAllocate_OldestDueFirstThenLowestID(t *testing.T) {
	open := []OpenCharge{
		{ID: 9, DueOn: day(t, "2026-02-01"), OwedCents: 500},
		{ID: 7, DueOn: day(t, "2026-03-01"), OwedCents: 500},
		{ID: 8, DueOn: day(t, "2026-02-01"), OwedCents: 300},
		{ID: 1, DueOn: day(t, "2025-01-01"), OwedCents: 0},
	}
	for _, c := range []struct {
		available money.Cents
		parts     []Part
		rest      money.Cents
	}{
		{1000, []Part{{8, 300}, {9, 500}, {7, 200}}, 0},
		{300, []Part{{8, 300}}, 0},
		{2000, []Part{{8, 300}, {9, 500}, {7, 500}}, 700},
		{0, nil, 0},
		{-5, nil, -5},
	} {
		parts, rest := Allocate(c.available, open)
		if !slices.Equal(parts, c.parts) || rest != c.rest {
			t.Errorf("Allocate(%d) = %v, %d; want %v, %d", c.available, parts, rest, c.parts, c.rest)
		}
	}
}

func TestAllocate_LosesNothingAndPaysInFullBeforeTheNext(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var open []OpenCharge
		for id := range rapid.IntRange(0, 8).Draw(t, "charges") {
			open = append(open, OpenCharge{ID: int64(id), DueOn: drawDate(t, "due"), OwedCents: money.Cents(rapid.IntRange(0, 5000).Draw(t, "owed"))})
		}
		given := slices.Clone(open)
		available := money.Cents(rapid.IntRange(0, 20000).Draw(t, "available"))
		parts, rest := Allocate(available, open)
		if !slices.Equal(open, given) {
			t.Fatal("the caller's charges were reordered")
		}
		paid, sum := map[int64]money.Cents{}, rest
		for _, p := range parts {
			paid[p.ChargeID] += p.AmountCents
			sum += p.AmountCents
		}
		if sum != available || rest < 0 {
			t.Fatalf("%d became %d", available, sum)
		}
		for _, a := range open {
			if paid[a.ID] > a.OwedCents || (rest > 0 && paid[a.ID] != a.OwedCents) {
				t.Fatalf("charge %d owes %d and got %d, rest %d", a.ID, a.OwedCents, paid[a.ID], rest)
			}
			for _, b := range open {
				if a.DueOn.Before(b.DueOn) && paid[b.ID] > 0 && paid[a.ID] < a.OwedCents {
					t.Fatalf("%d was paid before the older %d", b.ID, a.ID)
				}
			}
		}
	})
}

func TestPrice_ChecksAndValidates(t *testing.T) {
	sliding := Price{MinCents: 500, SuggestedCents: 1000, MaxCents: 3000}
	open := Price{MinCents: 0, SuggestedCents: 1000}
	for _, c := range []struct {
		price  Price
		amount money.Cents
		want   error
	}{
		{sliding, 499, BelowMinimum}, {sliding, 500, nil}, {sliding, 3000, nil}, {sliding, 3001, AboveMaximum},
		{open, 0, nil}, {open, 1_000_000, nil}, {open, -1, BelowMinimum}, {Price{}, 0, nil},
	} {
		err := c.price.Check(c.amount)
		if !errors.Is(err, c.want) {
			t.Errorf("%v.Check(%d) = %v, want %v", c.price, c.amount, err, c.want)
		}
		var typed *AmountError
		if c.want != nil && (!errors.As(err, &typed) || typed.AmountCents != c.amount) {
			t.Errorf("%v is not typed", err)
		}
	}
	for price, want := range map[Price]error{
		sliding: nil, open: nil, {}: nil,
		{MinCents: -1}: PriceNegative, {MinCents: 10, SuggestedCents: 5}: PriceOrder, {SuggestedCents: 11, MaxCents: 10}: PriceOrder,
	} {
		if err := price.Valid(); !errors.Is(err, want) {
			t.Errorf("%v.Valid() = %v, want %v", price, err, want)
		}
	}
}

func TestPrice_SolidarityIsWhatIsAboveTheSuggestion(t *testing.T) {
	p := Price{MinCents: 500, SuggestedCents: 1000}
	for amount, want := range map[money.Cents]money.Cents{500: 0, 1000: 0, 1001: 1, 2500: 1500} {
		if got := p.Solidarity(amount); got != want {
			t.Errorf("Solidarity(%d) = %d, want %d", amount, got, want)
		}
	}
}

func TestStateOf_AtTheBoundaryDays(t *testing.T) {
	due := day(t, "2026-02-28")
	for _, c := range []struct {
		today string
		owed  money.Cents
		grace int
		want  State
	}{
		{"2026-02-27", 1, 30, Current}, {"2026-02-28", 1, 30, Current}, {"2026-03-01", 1, 30, InGrace},
		{"2026-03-30", 1, 30, InGrace}, {"2026-03-31", 1, 30, Overdue}, {"2026-03-01", 1, 0, Overdue},
		{"2026-03-01", 1, -9, Overdue}, {"2030-01-01", 0, 30, Current},
	} {
		if got := StateOf(due, c.owed, c.grace, day(t, c.today)); got != c.want {
			t.Errorf("on %s with %d days of grace and %d owed: %s, want %s", c.today, c.grace, c.owed, got, c.want)
		}
	}
}

func TestStateOfMember_IsTheWorstCharge(t *testing.T) {
	today := day(t, "2026-06-01")
	late := OpenCharge{1, day(t, "2026-01-01"), 10}
	recent := OpenCharge{2, day(t, "2026-05-25"), 10}
	future := OpenCharge{3, day(t, "2026-07-01"), 10}
	settled := OpenCharge{4, day(t, "2020-01-01"), 0}
	for _, c := range []struct {
		open []OpenCharge
		want State
	}{
		{nil, Current}, {[]OpenCharge{future, settled}, Current},
		{[]OpenCharge{recent, future}, InGrace}, {[]OpenCharge{recent, late, future}, Overdue},
	} {
		if got := StateOfMember(c.open, 30, today); got != c.want {
			t.Errorf("%v: %s, want %s", c.open, got, c.want)
		}
	}
}

func FuzzParseInterval(f *testing.F) {
	f.Add("month")
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		if i, err := ParseInterval(s); err == nil && (string(i) != s || i.Months() < 1) {
			t.Fatalf("%q reads %q", s, i)
		}
	})
}
