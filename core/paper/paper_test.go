package paper

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
)

func TestCheck_WhatEachFormRefuses(t *testing.T) {
	const b = Blank
	for _, c := range []struct {
		name string
		rule Rule
		p    Paper
		key  string
	}{
		{"nothing at all", Rule{Form: Choose, Options: 3}, Paper{b, b, b}, ""},
		{"one of three", Rule{Form: Choose, Options: 3}, Paper{1, b, 0}, ""},
		{"two where one is allowed", Rule{Form: Choose, Options: 3}, Paper{1, 1, b}, "paper.overvote"},
		{"two of up to two", Rule{Form: Choose, Options: 3, Most: 2}, Paper{1, 1, b}, ""},
		{"three of up to two", Rule{Form: Choose, Options: 3, Most: 2}, Paper{1, 1, 1}, "paper.overvote"},
		{"paper of another poll", Rule{Form: Choose, Options: 3}, Paper{1}, "paper.other_length"},
		{"approving all", Rule{Form: Approve, Options: 2}, Paper{1, 1}, ""},
		{"approving twice", Rule{Form: Approve, Options: 2}, Paper{2, 1}, "paper.out_of_range"},
		{"score above the top", Rule{Form: Score, Options: 2, Top: 5}, Paper{6, b}, "paper.out_of_range"},
		{"score of the top and of nothing", Rule{Form: Score, Options: 2, Top: 5}, Paper{5, 0}, ""},
		{"as many dots as there are", Rule{Form: Dots, Options: 2, Dots: 5}, Paper{3, 2}, ""},
		{"one dot too many", Rule{Form: Dots, Options: 2, Dots: 5}, Paper{3, 3}, "paper.too_many_dots"},
		{"one dot too many beside a blank", Rule{Form: Dots, Options: 3, Dots: 5}, Paper{b, 3, 3}, "paper.too_many_dots"},
		{"if need be", Rule{Form: Times, Options: 3}, Paper{Yes, IfNeedBe, No}, ""},
		{"a time's third answer", Rule{Form: Times, Options: 1}, Paper{3}, "paper.out_of_range"},
		{"in for two shifts", Rule{Form: OptIn, Options: 2}, Paper{1, 1}, "paper.overvote"},
		{"for and against", Rule{Form: Motion, Options: 3}, Paper{1, 1, b}, "paper.overvote"},
		{"block and stand aside", Rule{Form: Consensus, Options: 4}, Paper{b, 1, 1, b}, "paper.overvote"},
		{"all ranked", Rule{Form: Rank, Options: 3}, Paper{2, 1, 3}, ""},
		{"one ranked", Rule{Form: Rank, Options: 3}, Paper{b, 1, b}, ""},
		{"first rank missing", Rule{Form: Rank, Options: 3}, Paper{2, b, 3}, "paper.gap"},
		{"second rank missing", Rule{Form: Rank, Options: 3}, Paper{1, b, 3}, "paper.gap"},
		{"two firsts", Rule{Form: Rank, Options: 3}, Paper{1, 1, 2}, "paper.duplicate"},
		{"the rank before the last missing, the last given first", Rule{Form: Rank, Options: 3}, Paper{3, b, 1}, "paper.gap"},
		{"two lasts", Rule{Form: Rank, Options: 3}, Paper{1, 2, 2}, "paper.duplicate"},
		{"two firsts where they may", Rule{Form: Rank, Options: 3, Ties: true}, Paper{1, 1, 2}, ""},
		{"rank 0", Rule{Form: Rank, Options: 3}, Paper{0, 1, 2}, "paper.out_of_range"},
		{"rank above the options", Rule{Form: Rank, Options: 2}, Paper{1, 3}, "paper.out_of_range"},
		{"third rank of two", Rule{Form: Rank, Options: 3, Most: 2}, Paper{1, 2, 3}, "paper.too_many_ranks"},
	} {
		err := c.rule.Check(c.p)
		if c.key == "" && err != nil {
			t.Errorf("%s: refused: %v", c.name, err)
		}
		if f, ok := fault.As(err); c.key != "" && (!ok || f.Key != c.key || f.Field != "paper") {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
}

func TestCheck_SaysWhichOptionFromOne(t *testing.T) {
	f, _ := fault.As(Rule{Form: Rank, Options: 3}.Check(Paper{1, 4, 2}))
	if f == nil || f.Args["option"] != 2 {
		t.Errorf("%+v", f)
	}
}

func TestIsBlank_AMarkOfNothingIsAMark(t *testing.T) {
	if !(Paper{Blank, Blank}).IsBlank() || (Paper{Blank, 0}).IsBlank() || (Paper{1, Blank}).IsBlank() {
		t.Error("a blank paper is not told from another")
	}
}

func TestParse_ReadsWhatStringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Paper(rapid.SliceOfN(rapid.IntRange(Blank, mostMark), 1, 20).Draw(t, "paper"))
		again, err := Parse(p.String())
		if err != nil || !slices.Equal(again, p) {
			t.Fatalf("%v read back as %v, %v", p, again, err)
		}
	})
	for _, wrong := range []string{"x", "1,+2", "01", "-1", "1,,a", "1000001", " 1"} {
		if p, err := Parse(wrong); err == nil {
			t.Errorf("%q was read as %v", wrong, p)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2,1,,3")
	f.Add(",")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err == nil && p.String() != text {
			t.Fatalf("%q read as %v, written as %q", text, p, p.String())
		}
	})
}

func TestRanks_GroupsWhoSharesARank(t *testing.T) {
	if all := (Paper{2, 1}).Ranks(); len(all) != 2 || !slices.Equal(all[1], []int{0}) {
		t.Errorf("%v", all)
	}
	got := Paper{2, 1, Blank, 2}.Ranks()
	if len(got) != 2 || !slices.Equal(got[0], []int{1}) || !slices.Equal(got[1], []int{0, 3}) {
		t.Errorf("%v", got)
	}
}
