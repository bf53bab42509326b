package disclosure

import (
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/core/civil"
)

func TestLadder_AtItsEdges(t *testing.T) {
	for _, c := range []struct {
		counts Counts
		want   Level
	}{
		{Counts{10, 5, 0, 5}, ShowCounts},
		{Counts{5, 10, 3, 2}, ShowCounts},
		{Counts{9, 5, 0, 5}, ShowBand},     // 19 people
		{Counts{11, 4, 0, 5}, ShowBand},    // a cell of four
		{Counts{15, 0, 0, 5}, ShowBand},    // a cell of nobody
		{Counts{10, 10, 0, 0}, ShowBand},   // nobody is silent: a zero too
		{Counts{30, 30, 0, 4}, ShowBand},   // a large row with a small cell
		{Counts{6, 0, 0, 4}, ShowBand},     // ten people, 60 %
		{Counts{5, 0, 0, 5}, ShowNothing},  // ten people, 50 %
		{Counts{6, 0, 0, 0}, ShowNothing},  // all six are women
		{Counts{5, 4, 0, 0}, ShowNothing},  // nine people
		{Counts{0, 0, 12, 0}, ShowNothing}, // no share to place
		{Counts{}, ShowNothing},
		{Counts{5, 5, 0, 90}, ShowCounts}, // counts need no coverage; indicators do
	} {
		if got := ladder(c.counts); got != c.want {
			t.Errorf("%+v: %s, want %s", c.counts, got, c.want)
		}
	}
}

func TestBand_FortyAndSixtyAreInside(t *testing.T) {
	for _, c := range []struct {
		women, men int
		want       Band
	}{{4, 6, Inside}, {6, 4, Inside}, {39, 61, Below}, {61, 39, Above}, {0, 1, Below}, {1, 0, Above}, {1, 1, Inside}} {
		if got, ok := bandOf(c.women, c.men); !ok || got != c.want {
			t.Errorf("%d of %d: %s, want %s", c.women, c.women+c.men, got, c.want)
		}
	}
	if _, ok := bandOf(0, 0); ok {
		t.Error("nobody has no share")
	}
}

func TestProtect_ShowsWhatMayBeShown(t *testing.T) {
	p := Protect(Membership, []RawRow{{"worker", Counts{20, 10, 5, 6}}, {"user", Counts{35, 30, 8, 12}}})
	row, _ := p.Row("worker")
	got, ok := row.Counts()
	if want := (Shown{20, 10, true, 5, 6, 11, 41}); !ok || got != want {
		t.Errorf("worker shows %+v, want %+v", got, want)
	}
	total, has := p.Total()
	if got, ok := total.Counts(); !has || !ok || got.Total != 126 || got.Another != 13 || p.Table() != Membership {
		t.Errorf("the total shows %+v", got)
	}
	if _, found := p.Row("collaborator"); found {
		t.Error("a row that is not there")
	}
}

func TestProtect_AnotherStaysMergedEverywhereIfSmallAnywhere(t *testing.T) {
	p := Protect(Membership, []RawRow{{"a", Counts{20, 10, 4, 6}}, {"b", Counts{35, 30, 8, 12}}})
	total, _ := p.Total()
	for _, row := range append(p.Rows(), total) {
		if s, ok := row.Counts(); !ok || s.Apart || s.Another != 0 || s.NotStated != 0 || s.AnotherOrNotStated < 10 {
			t.Errorf("%+v", row)
		}
	}
	for _, kind := range []TableKind{Use, Administration, Development, Care} {
		p := Protect(kind, []RawRow{{"a", Counts{20, 10, 14, 16}}})
		if s, ok := p.Rows()[0].Counts(); !ok || s.Apart || s.AnotherOrNotStated != 30 {
			t.Errorf("%s: %+v", kind, s)
		}
		if _, has := p.Total(); has {
			t.Errorf("%s has a total", kind)
		}
	}
}

func TestProtect_ASingleSmallRowIsNotLeftToSubtraction(t *testing.T) {
	// Three workers: the rows beside them and the total together would tell who they are.
	p := Protect(Membership, []RawRow{{"worker", Counts{3, 0, 0, 0}}, {"user", Counts{30, 30, 6, 10}}, {"friend", Counts{20, 20, 6, 6}}})
	total, _ := p.Total()
	_, shown := total.Counts()
	hidden := 0
	for _, row := range p.Rows() {
		if row.Level() != ShowCounts {
			hidden++
		}
	}
	if shown && hidden < 2 {
		t.Errorf("%+v with the total %+v", p.Rows(), total)
	}
	if hidden == len(p.Rows()) && !shown {
		t.Error("everything was withheld")
	}
}

func TestProtect_RowsThatShareAlmostAllPeopleDoNotBothShowCounts(t *testing.T) {
	p := Protect(Use, []RawRow{{"spoke", Counts{19, 15, 0, 10}}, {"attended", Counts{20, 15, 0, 10}}, {"voted", Counts{10, 8, 0, 5}}})
	want := []Level{ShowBand, ShowCounts, ShowCounts}
	for i, row := range p.Rows() {
		if row.Level() != want[i] {
			t.Errorf("%s shows %s, want %s", row.Key(), row.Level(), want[i])
		}
	}
}

func TestProtect_RefusesWhatIsNoTable(t *testing.T) {
	good := RawRow{"a", Counts{30, 30, 10, 10}}
	for label, p := range map[string]Protected{
		"negative": Protect(Membership, []RawRow{good, {"b", Counts{-1, 30, 0, 10}}}),
		"unknown":  Protect("shoes", []RawRow{good}),
	} {
		for _, row := range p.Rows() {
			if row.Level() != ShowNothing {
				t.Errorf("%s shows %+v", label, row)
			}
		}
		if _, has := p.Total(); has {
			t.Errorf("%s has a total", label)
		}
	}
	if p := Protect(Membership, nil); len(p.Rows()) != 0 {
		t.Error("rows out of nothing")
	}
	if (Row{}).Level() != ShowNothing {
		t.Error("the zero row shows something")
	}
}

func TestCounts_AddAndBase(t *testing.T) {
	var c Counts
	for n, g := range Groups() {
		c.Add(g, n+1)
	}
	c.Add("nobody", 9)
	if want := (Counts{1, 2, 3, 4}); c != want || c.Base() != 10 {
		t.Errorf("%+v", c)
	}
}

func drawCounts(t *rapid.T, most int) Counts {
	draw := func(name string) int { return rapid.IntRange(0, most).Draw(t, name) }
	return Counts{draw("women"), draw("men"), draw("another"), draw("not stated")}
}

func drawTable(t *rapid.T) (TableKind, []RawRow) {
	kind := rapid.SampledFrom([]TableKind{Membership, Use, Administration, Development, Care}).Draw(t, "table")
	var raw []RawRow
	for range rapid.IntRange(0, 5).Draw(t, "rows") {
		raw = append(raw, RawRow{rapid.StringMatching(`[a-z]{1,6}`).Draw(t, "key"), drawCounts(t, rapid.SampledFrom([]int{4, 12, 60}).Draw(t, "most"))})
	}
	return kind, raw
}

func TestProtect_NeverShowsASmallCellAndSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind, raw := drawTable(t)
		p := Protect(kind, raw)
		rows := p.Rows()
		if total, has := p.Total(); has {
			rows = append(rows, total)
		}
		for i, row := range rows {
			s, ok := row.Counts()
			if !ok {
				if s != (Shown{}) {
					t.Fatalf("hidden counts are kept: %+v", s)
				}
				continue
			}
			if min(s.Women, s.Men, s.AnotherOrNotStated) < minCell || s.Total < minCountsBase || (s.Apart && min(s.Another, s.NotStated) < minCell) {
				t.Fatalf("%+v", s)
			}
			if i < len(raw) && (s.Women != raw[i].Women || s.Men != raw[i].Men || s.Total != raw[i].Base()) {
				t.Fatalf("%+v is not %+v", s, raw[i])
			}
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again Protected
		if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(again, p) {
			t.Fatalf("%s reads back %+v, %v", text, again, err)
		}
	})
}

func TestProtected_JSONHoldsOnlyWhatMayBeSeen(t *testing.T) {
	p := Protect(Administration, []RawRow{{"posts", Counts{7, 1, 1, 2}}, {"roles", Counts{3, 3, 0, 0}}})
	text, err := json.Marshal(p)
	want := `{"table":"administration","rows":[{"key":"posts","level":"band","band":"above"},{"key":"roles","level":"nothing"}]}`
	if err != nil || string(text) != want {
		t.Errorf("%s, %v; want %s", text, err, want)
	}
}

func TestProtected_JSONThatWasNotProtectedIsRefused(t *testing.T) {
	row := `{"key":"a","level":"counts","band":"inside","women":10,"men":10,"another_or_not_stated":10,"total":30}`
	table := func(rows string) string { return `{"table":"membership","rows":[` + rows + `]}` }
	nothing := `{"key":"b","level":"nothing"}`
	total := strings.Replace(row, `"key":"a",`, "", 1)
	larger := strings.NewReplacer(`"women":10`, `"women":12`, `"total":30`, `"total":32`).Replace(total)
	var p Protected
	for label, text := range map[string]string{"rows": table(row), "hidden pair": table(row + "," + nothing + "," + nothing), "empty": table("")} {
		if err := json.Unmarshal([]byte(text), &p); err != nil {
			t.Errorf("%s: %v", label, err)
		}
	}
	for label, text := range map[string]string{
		"small cell":        table(strings.NewReplacer(`"women":10`, `"women":4`, `"total":30`, `"total":24`, "inside", "below").Replace(row)),
		"wrong total":       table(strings.Replace(row, `"total":30`, `"total":31`, 1)),
		"wrong band":        table(strings.Replace(row, "inside", "above", 1)),
		"counts in a band":  table(strings.Replace(row, `"counts"`, `"band"`, 1)),
		"counts in nothing": table(`{"key":"a","level":"nothing","women":3}`),
		"band in nothing":   table(`{"key":"a","level":"nothing","band":"above"}`),
		"no level":          table(`{"key":"a"}`),
		"no band":           table(`{"key":"a","level":"band"}`),
		"apart and small":   table(strings.Replace(row, `"another_or_not_stated"`, `"another":1,"not_stated":9,"another_or_not_stated"`, 1)),
		"apart elsewhere":   strings.Replace(table(strings.Replace(row, `"another_or_not_stated"`, `"another":5,"not_stated":5,"another_or_not_stated"`, 1)), "membership", "care", 1),
		"unknown field":     table(strings.Replace(row, `"key"`, `"raw":1,"key"`, 1)),
		"unknown table":     `{"table":"shoes","rows":[]}`,
		"total elsewhere":   `{"table":"care","rows":[` + row + `],"total":` + total + `}`,
		"subtraction":       `{"table":"membership","rows":[` + row + `,` + nothing + `],"total":` + larger + `}`,
		"more than all":     `{"table":"membership","rows":[` + row + `,` + row + `,` + nothing + `,` + nothing + `],"total":` + larger + `}`,
		"not an object":     `7`,
	} {
		before := p
		err := json.Unmarshal([]byte(text), &p)
		if err == nil || !reflect.DeepEqual(p, before) {
			t.Errorf("%s was read as %+v", label, p)
		}
		if !errors.Is(err, ErrNotProtected) && label != "unknown field" && label != "not an object" {
			t.Errorf("%s: %v", label, err)
		}
	}
}

func near(a, b, within float64) bool { return math.Abs(a-b) <= within }

func TestWilson_ReferenceValues(t *testing.T) {
	for _, c := range []struct {
		successes, n int
		low, high    float64
	}{{9, 30, 0.17, 0.48}, {20, 60, 0.23, 0.46}, {3, 12, 0.09, 0.53}, {0, 0, 0, 1}, {0, 10, 0, 0.28}, {10, 10, 0.72, 1}} {
		low, high := Wilson(c.successes, c.n)
		if !near(low, c.low, 0.005) || !near(high, c.high, 0.005) {
			t.Errorf("%d of %d: [%.4f, %.4f], want [%.2f, %.2f]", c.successes, c.n, low, high, c.low, c.high)
		}
	}
}

func TestWilson_ContainsTheShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 2000).Draw(t, "n")
		k := rapid.IntRange(0, n).Draw(t, "k")
		low, high := Wilson(k, n)
		mirrorLow, mirrorHigh := Wilson(n-k, n)
		if p := float64(k) / float64(n); low < 0 || high > 1 || low > p+1e-12 || high < p-1e-12 {
			t.Fatalf("%d of %d: [%v, %v]", k, n, low, high)
		}
		if !near(low, 1-mirrorHigh, 1e-9) || !near(high, 1-mirrorLow, 1e-9) {
			t.Fatal("women and men are not treated alike")
		}
	})
}

// only protects one row of a table that shares people, which then stands alone.
func only(c Counts) Row { return Protect(Use, []RawRow{{"row", c}}).Rows()[0] }

func TestIndicators_FromWhatIsShown(t *testing.T) {
	got, ok := only(Counts{20, 40, 2, 8}).Indicators()
	if !ok || !near(got.Share, 1.0/3, 1e-12) || got.Parity != 0.5 || got.Zone != Below ||
		!near(got.LowestShare, 20.0/70, 1e-12) || !near(got.HighestShare, 30.0/70, 1e-12) {
		t.Errorf("merged: %+v %v", got, ok)
	}
	apart := Protect(Membership, []RawRow{{"row", Counts{20, 40, 5, 10}}}).Rows()[0]
	if got, ok := apart.Indicators(); !ok || !near(got.HighestShare, 30.0/70, 1e-12) {
		t.Errorf("apart: %+v %v", got, ok)
	}
	for label, row := range map[string]Row{
		"coverage under 60 %": only(Counts{10, 10, 0, 14}), "band only": only(Counts{10, 4, 0, 0}), "nothing": only(Counts{3, 3, 0, 0}),
	} {
		if _, ok := row.Indicators(); ok {
			t.Errorf("%s has indicators", label)
		}
	}
	if _, ok := only(Counts{9, 9, 0, 12}).Indicators(); !ok {
		t.Error("60 % is enough")
	}
}

func TestRepresent_SaysWhenThereAreTooFewToTell(t *testing.T) {
	members := Protect(Membership, []RawRow{{"all", Counts{50, 50, 0, 20}}}).Rows()[0]
	few, ok := Represent(only(Counts{9, 21, 0, 5}), members)
	if !ok || few.TooFewToTell || !near(few.Ratio, 0.6, 1e-12) || !near(few.ShareLow, 0.17, 0.005) || !near(few.RatioHigh, 0.958, 0.01) {
		t.Errorf("9 of 30 against half: %+v", few)
	}
	if got, ok := Represent(only(Counts{12, 18, 0, 5}), members); !ok || !got.TooFewToTell {
		t.Errorf("12 of 30 against half: %+v", got)
	}
	if _, ok := Represent(only(Counts{3, 9, 0, 0}), members); ok {
		t.Error("a row without counts was compared")
	}
	if _, ok := Represent(members, Row{}); ok {
		t.Error("compared with nothing")
	}
}

func TestReleaseDay_IsTheLatestHalfYear(t *testing.T) {
	for _, c := range []struct{ today, want civil.Date }{
		{civil.New(2026, time.January, 1), civil.New(2026, time.January, 1)},
		{civil.New(2026, time.June, 30), civil.New(2026, time.January, 1)},
		{civil.New(2026, time.July, 1), civil.New(2026, time.July, 1)},
		{civil.New(2026, time.December, 31), civil.New(2026, time.July, 1)},
	} {
		if got := ReleaseDay(c.today); got != c.want {
			t.Errorf("%v: %v, want %v", c.today, got, c.want)
		}
	}
}

func FuzzProtectedJSON(f *testing.F) {
	f.Add([]byte(`{"table":"membership","rows":[{"key":"a","level":"counts","band":"inside","women":10,"men":10,"another":5,"not_stated":5,"another_or_not_stated":10,"total":30},{"level":"nothing"}]}`))
	f.Add([]byte(`{"table":"care","rows":[{"level":"band","band":"below"}]}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var p, again Protected
		if json.Unmarshal(text, &p) != nil || p.Table() == "" {
			return
		}
		for _, row := range p.Rows() {
			if s, ok := row.Counts(); ok && min(s.Women, s.Men, s.AnotherOrNotStated) < minCell {
				t.Fatalf("%s shows %+v", text, s)
			}
		}
		written, err := json.Marshal(p)
		if err != nil || json.Unmarshal(written, &again) != nil || !reflect.DeepEqual(p, again) {
			t.Fatalf("%s is written %s, %v", text, written, err)
		}
	})
}
