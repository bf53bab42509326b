package notice

import (
	"testing"

	"pgregory.net/rapid"

	"socia/core/civil"
	"socia/core/rules"
)

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

func of(preset string) rules.Notice {
	r, ok := rules.Preset(preset)
	if !ok {
		panic(preset)
	}
	return r.Notice
}

func TestCheck_BoundaryDays(t *testing.T) {
	for _, c := range []struct {
		name, preset, convened, held string
		days                         int
		want                         Problem
	}{
		{"Catalan, 14 days", rules.PresetCatalan, "2026-03-01", "2026-03-15", 14, ProblemTooShort},
		{"Catalan, 15 days", rules.PresetCatalan, "2026-03-01", "2026-03-16", 15, ""},
		{"Catalan, 30 days", rules.PresetCatalan, "2026-03-01", "2026-03-31", 30, ""},
		{"Catalan, 31 days", rules.PresetCatalan, "2026-03-01", "2026-04-01", 31, ProblemTooLong},
		{"Spanish, 14 whole days between", rules.PresetSpanish, "2026-03-01", "2026-03-16", 14, ProblemTooShort},
		{"Spanish, 15 whole days between", rules.PresetSpanish, "2026-03-01", "2026-03-17", 15, ""},
		{"Spanish, two months", rules.PresetSpanish, "2026-03-01", "2026-05-01", 60, ""},
		{"Spanish, two months and a day", rules.PresetSpanish, "2026-03-01", "2026-05-02", 61, ProblemTooLong},
		{"Spanish, two months from the 31st", rules.PresetSpanish, "2025-12-31", "2026-02-28", 58, ""},
		{"Spanish, past the end of February", rules.PresetSpanish, "2025-12-31", "2026-03-01", 59, ProblemTooLong},
		{"held before it was convened", rules.PresetCatalan, "2026-03-01", "2026-02-01", 0, ProblemTooShort},
		{"association, a year ahead", rules.PresetAssociation, "2026-03-01", "2027-03-01", 365, ""},
	} {
		v := Check(day(c.convened), day(c.held), of(c.preset))
		if v.OK != (c.want == "") || v.Problem != c.want || v.Days != c.days {
			t.Errorf("%s: %+v, want %q and %d days", c.name, v, c.want, c.days)
		}
	}
}

func TestCheck_GivesTheRuleAndItsArticle(t *testing.T) {
	v := Check(day("2026-03-01"), day("2026-03-05"), of(rules.PresetCatalan))
	if v.Article != "Llei 12/2015, art. 44.1" || v.MinDays != 15 || v.MaxDays != 30 || v.Earliest != day("2026-03-16") || v.Latest != day("2026-03-31") {
		t.Errorf("%+v", v)
	}
	v = Check(day("2026-03-01"), day("2026-03-05"), of(rules.PresetSpanish))
	if v.Article != "Ley 27/1999, art. 24.1" || v.MaxMonths != 2 || v.Earliest != day("2026-03-17") || v.Latest != day("2026-05-01") {
		t.Errorf("%+v", v)
	}
}

func TestLatestDay_TheNarrowerBoundCounts(t *testing.T) {
	r := rules.Notice{MinDays: 5, MaxDays: 40, MaxMonths: 1, EndsCounted: true}
	if got := LatestDay(day("2026-03-01"), r); got != day("2026-04-01") {
		t.Errorf("month first: %v", got)
	}
	r.MaxMonths = 2
	if got := LatestDay(day("2026-03-01"), r); got != day("2026-04-10") {
		t.Errorf("days first: %v", got)
	}
	if got := LatestDay(day("2026-03-01"), rules.Notice{MinDays: 5}); !got.IsZero() {
		t.Errorf("no bound: %v", got)
	}
}

// The 30 days from 2 to 31 March lie between: 1 April is the last day, as neither end counts.
func TestLatestDay_NeitherEndCountsAmongTheMostDays(t *testing.T) {
	r := rules.Notice{MinDays: 15, MaxDays: 30}
	if got := LatestDay(day("2026-03-01"), r); got != day("2026-04-01") {
		t.Errorf("latest %v", got)
	}
	if v := Check(day("2026-03-01"), day("2026-04-01"), r); !v.OK || v.Days != 30 {
		t.Errorf("%+v", v)
	}
}

func TestCheck_Equations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		convened := day("2024-01-01").AddDays(rapid.IntRange(0, 1500).Draw(t, "convened"))
		held := convened.AddDays(rapid.IntRange(-10, 130).Draw(t, "held"))
		r := rules.Notice{
			MinDays: rapid.IntRange(0, 40).Draw(t, "min"), MaxDays: rapid.IntRange(0, 90).Draw(t, "max"),
			MaxMonths: rapid.IntRange(0, 3).Draw(t, "months"), EndsCounted: rapid.Bool().Draw(t, "ends"),
		}
		earliest, latest := EarliestDay(convened, r), LatestDay(convened, r)
		want := !held.Before(earliest) && (latest.IsZero() || !held.After(latest))
		if got := Check(convened, held, r).OK; got != want {
			t.Fatalf("OK is %v between %v and %v on %v", got, earliest, latest, held)
		}
		if got := Days(convened, earliest, r); got != r.MinDays {
			t.Fatalf("the earliest day has %d days of notice, want %d", got, r.MinDays)
		}
		if Check(convened, earliest.AddDays(-1), r).Problem != ProblemTooShort {
			t.Fatal("a day earlier is not too short")
		}
	})
}

// TestPresets_LeaveADayToMeet: whatever the day of the notice, some day is allowed.
func TestPresets_LeaveADayToMeet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		convened := day("2024-01-01").AddDays(rapid.IntRange(0, 3000).Draw(t, "convened"))
		for _, r := range rules.Presets() {
			latest := LatestDay(convened, r.Notice)
			if !latest.IsZero() && latest.Before(EarliestDay(convened, r.Notice)) {
				t.Fatalf("%s leaves no day after %v", r.Preset, convened)
			}
		}
	})
}
