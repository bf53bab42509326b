package irv

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
	"socia/core/stv"
)

type bundle struct {
	weight int64
	marks  []ballots.Mark
}

type draft struct {
	names   []string
	bundles []bundle
	o       Options
}

func (d draft) count(t *rapid.T) count.Result {
	got, err := Count(d.rankings(t), d.names, d.o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func (d draft) rankings(t *rapid.T) *ballots.Rankings {
	r := new(ballots.Rankings)
	for _, b := range d.bundles {
		if err := r.Take(b.weight, b.marks); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// draw draws a small election; whole says that papers have no mistakes.
func draw(t *rapid.T, whole bool) draft {
	n := rapid.IntRange(1, 6).Draw(t, "options")
	d := draft{o: Options{
		Lots:     lot.Breaker{Seed: lot.Seed(rapid.StringMatching("[a-z]{1,3}").Draw(t, "seed"))},
		Overvote: rapid.SampledFrom([]Overvote{OvervotePasses, OvervoteEnds, OvervoteEndsIfSeveral}).Draw(t, "overvote"),
		Skipped:  rapid.SampledFrom([]Skipped{SkippedOne, SkippedAny, SkippedNone}).Draw(t, "skipped"),
		Repeated: rapid.SampledFrom([]Repeated{RepeatedPasses, RepeatedEnds}).Draw(t, "repeated"),
	}}
	all := make([]int, n)
	for i := range all {
		all[i], d.names = i, append(d.names, fmt.Sprint("option ", i))
	}
	for range rapid.IntRange(0, 12).Draw(t, "bundles") {
		b := bundle{weight: rapid.Int64Range(1, 9).Draw(t, "weight")}
		order := rapid.Permutation(all).Draw(t, "order")
		for i, option := range order[:rapid.IntRange(1, n).Draw(t, "ranked")] {
			m := ballots.Mark(option)
			switch {
			case whole:
			case i > 0 && rapid.IntRange(0, 7).Draw(t, "tied") == 0:
				m |= ballots.Equal
			case rapid.IntRange(0, 5).Draw(t, "gap") == 0:
				for range rapid.IntRange(1, 2).Draw(t, "gaps") {
					b.marks = append(b.marks, ballots.Skipped)
				}
			case rapid.IntRange(0, 9).Draw(t, "over") == 0:
				m = ballots.Overvoted
			case rapid.IntRange(0, 7).Draw(t, "again") == 0:
				m = ballots.Mark(order[0])
			}
			b.marks = append(b.marks, m)
		}
		d.bundles = append(d.bundles, b)
	}
	if rapid.IntRange(0, 3).Draw(t, "withdrawals") == 0 {
		d.o.Withdrawn = []int{rapid.IntRange(0, n-1).Draw(t, "withdrawn")}
	}
	return d
}

// choice reads one paper anew from its first rank, as if all who are out had
// never been in: what it counts for, or -1 and why.
func (d draft) choice(marks []ballots.Mark, in map[int]bool) (int, string) {
	var ranks [][]int // -1 is an option that cannot be told
	for _, m := range marks {
		option, named := m.Option()
		var here []int
		switch {
		case m == ballots.Overvoted:
			here = []int{-1, -1}
		case named && !slices.Contains(d.o.Withdrawn, option):
			here = []int{option}
		case named:
			here = []int{}
		}
		if m.Tied() && len(ranks) > 0 {
			ranks[len(ranks)-1] = append(ranks[len(ranks)-1], here...)
		} else {
			ranks = append(ranks, here)
		}
	}
	met, gaps := map[int]bool{}, 0
	for _, rank := range ranks {
		if rank == nil {
			if gaps++; d.o.Skipped == SkippedNone || (d.o.Skipped == SkippedOne && gaps == 2) {
				return -1, "skipped"
			}
			continue
		}
		gaps = 0
		var left []int
		for _, option := range rank {
			if met[option] && d.o.Repeated == RepeatedEnds {
				return -1, "repeated"
			}
			if option < 0 || in[option] {
				left = append(left, option)
			}
		}
		for _, option := range rank {
			met[option] = option >= 0
		}
		if len(rank) > 1 {
			switch d.o.Overvote {
			case OvervotePasses:
				continue
			case OvervoteEnds:
				return -1, "overvoted"
			case OvervoteEndsIfSeveral:
				if len(left) > 1 {
					return -1, "overvoted"
				}
			}
		}
		if len(left) == 1 {
			return left[0], ""
		}
	}
	return -1, "ended"
}

// byHand counts every round from all papers.
func (d draft) byHand() (winners []int, rounds []map[int]int64, lost []map[string]int64) {
	in, ended := map[int]bool{}, map[int]string{}
	for i := range d.names {
		in[i] = !slices.Contains(d.o.Withdrawn, i)
	}
	for {
		votes, why, active := map[int]int64{}, map[string]int64{}, int64(0)
		var left []int
		for i := range d.names {
			if in[i] {
				left = append(left, i)
			}
		}
		for i, b := range d.bundles {
			if d.blank(b.marks) {
				ended[i] = "blank"
			}
			choice, reason := d.choice(b.marks, in)
			if ended[i] == "" && choice < 0 {
				ended[i] = reason
			}
			if ended[i] != "" {
				why[ended[i]] += b.weight
				continue
			}
			votes[choice] += b.weight
			active += b.weight
		}
		rounds, lost = append(rounds, votes), append(lost, why)
		if len(rounds) == 1 && active == 0 {
			return nil, rounds, lost
		}
		for _, i := range left {
			if 2*votes[i] > active || len(left) == 1 {
				return []int{i}, rounds, lost
			}
		}
		if len(left) == 0 {
			return nil, rounds, lost
		}
		for at := len(rounds) - 1; at >= 0; at-- {
			low := rounds[at][left[0]]
			for _, i := range left {
				low = min(low, rounds[at][i])
			}
			left = slices.DeleteFunc(left, func(i int) bool { return rounds[at][i] != low })
		}
		in[d.o.Lots.Unfavoured(fmt.Sprintf("round %d, defeat", len(rounds)+1), left)] = false
	}
}

// blank says whether a paper names nobody who stands.
func (d draft) blank(marks []ballots.Mark) bool {
	return !slices.ContainsFunc(marks, func(m ballots.Mark) bool {
		option, named := m.Option()
		return m&^ballots.Equal == ballots.Overvoted || (named && !slices.Contains(d.o.Withdrawn, option))
	})
}

func TestCount_AgreesWithACountByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, false)
		got := d.count(t)
		winners, rounds, lost := d.byHand()
		if !slices.Equal(got.Winners, winners) && len(winners)+len(got.Winners) > 0 {
			t.Fatalf("elected %v, by hand %v", got.Winners, winners)
		}
		if len(got.Rounds) != len(rounds) {
			t.Fatalf("%d rounds, by hand %d", len(got.Rounds), len(rounds))
		}
		for at, round := range got.Rounds {
			for i, line := range round.Tally {
				if line.Votes != count.Whole(rounds[at][i]) {
					t.Fatalf("round %d: %d has %s, by hand %d", at+1, i, line.Votes, rounds[at][i])
				}
			}
			in, why := round.Inactive, lost[at]
			if in.Skipped != count.Whole(why["skipped"]) || in.Overvoted != count.Whole(why["overvoted"]) ||
				in.Repeated != count.Whole(why["repeated"]) || in.Ended != count.Whole(why["ended"]) {
				t.Fatalf("round %d: inactive %+v, by hand %v", at+1, in, why)
			}
		}
	})
}

func TestCount_PapersAreConservedInEveryRound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, false)
		d.o.Batch = rapid.Bool().Draw(t, "batch")
		got := d.count(t)
		for _, round := range got.Rounds {
			sum := round.Exhausted.Ratio()
			for _, line := range round.Tally {
				sum = sum.Add(line.Votes.Ratio())
			}
			if !sum.Equal(got.Valid.Ratio()) {
				t.Fatalf("round %d: %s votes of %s", round.Number, sum, got.Valid)
			}
		}
	})
}

func TestCount_TheOrderOfPapersAndHowTheyAreBundledNeverMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, false)
		other := d
		other.bundles = nil
		for _, b := range rapid.Permutation(d.bundles).Draw(t, "permuted") {
			for range b.weight {
				other.bundles = append(other.bundles, bundle{1, b.marks})
			}
		}
		if a, b := text(d.count(t)), text(other.count(t)); a != b {
			t.Fatalf("%s\n\nand\n\n%s", a, b)
		}
	})
}

// text writes out what Inactive points to as well.
func text(r count.Result) string {
	s := fmt.Sprintf("%v %v %v %v", r.Valid, r.Winners, r.Lots, r.Quota)
	for _, round := range r.Rounds {
		s += fmt.Sprintf("\n%v %v %v %+v", round.Tally, round.Acts, round.Quota, *round.Inactive)
	}
	return s
}

func TestCount_WithdrawnIsRemovedFromAllPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, true)
		gone := rapid.IntRange(0, len(d.names)-1).Draw(t, "gone")
		d.o.Withdrawn = []int{gone}
		before := text(d.count(t))
		for i, b := range d.bundles {
			d.bundles[i].marks = slices.DeleteFunc(slices.Clone(b.marks), func(m ballots.Mark) bool { return m == ballots.Mark(gone) })
		}
		if after := text(d.count(t)); after != before {
			t.Fatalf("%s\n\nand\n\n%s", before, after)
		}
	})
}

func TestCount_IsScottishForOneSeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, true)
		other, err := stv.Scottish(d.rankings(t), d.names, stv.Options{Seats: 1, Withdrawn: d.o.Withdrawn, Lots: d.o.Lots})
		if err != nil {
			t.Fatal(err)
		}
		if got := d.count(t); !slices.Equal(got.Winners, other.Winners) {
			t.Fatalf("elected %v, by Scottish rules %v", got.Winners, other.Winners)
		}
	})
}

// Weights in other units elect the same, in the same rounds. (For several seats
// this does not hold: the quota's one vote more and the truncated decimals do
// not grow with the weights.)
func TestCount_AllWeightsTimesTheSameElectTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, false)
		d.o.Batch = rapid.Bool().Draw(t, "batch")
		want := d.count(t)
		times := rapid.Int64Range(2, 1<<50).Draw(t, "times")
		d.bundles = slices.Clone(d.bundles)
		for i := range d.bundles {
			d.bundles[i].weight *= times
		}
		got := d.count(t)
		if !slices.Equal(got.Winners, want.Winners) || len(got.Rounds) != len(want.Rounds) {
			t.Fatalf("elected %v in %d rounds, want %v in %d", got.Winners, len(got.Rounds), want.Winners, len(want.Rounds))
		}
	})
}

func TestBatch_ElectsTheSame_WhenNoLotIsDrawn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t, false)
		want := d.count(t)
		d.o.Batch = true
		if got := d.count(t); len(want.Lots) == 0 && !slices.Equal(got.Winners, want.Winners) {
			t.Fatalf("elected %v, want %v", got.Winners, want.Winners)
		}
	})
}

func TestPapers_MistakesAreReadAsTheOptionsSay(t *testing.T) {
	const a, b, c = ballots.Mark(0), ballots.Mark(1), ballots.Mark(2)
	gap, over, tied := ballots.Skipped, ballots.Overvoted, ballots.Equal
	for name, test := range map[string]struct {
		marks []ballots.Mark
		o     Options
		want  int // the option it counts for, or -1
	}{
		"one gap passes":                   {[]ballots.Mark{gap, b}, Options{}, 1},
		"two gaps in a row end":            {[]ballots.Mark{gap, gap, b}, Options{}, -1},
		"two gaps not in a row pass":       {[]ballots.Mark{gap, over, gap, b}, Options{}, 1},
		"any gaps may pass":                {[]ballots.Mark{gap, gap, gap, b}, Options{Skipped: SkippedAny}, 1},
		"one gap may end":                  {[]ballots.Mark{gap, b}, Options{Skipped: SkippedNone}, -1},
		"a rank of several passes":         {[]ballots.Mark{a, b | tied, c}, Options{}, 2},
		"an overvote passes":               {[]ballots.Mark{over, c}, Options{}, 2},
		"an overvote may end":              {[]ballots.Mark{over, c}, Options{Overvote: OvervoteEnds}, -1},
		"several may end":                  {[]ballots.Mark{a, b | tied, c}, Options{Overvote: OvervoteEndsIfSeveral}, -1},
		"one that is left may count":       {[]ballots.Mark{a, b | tied, c}, Options{Overvote: OvervoteEndsIfSeveral, Withdrawn: []int{0}}, 1},
		"a rank of one is no mistake":      {[]ballots.Mark{a, b | tied, c}, Options{Withdrawn: []int{0}}, 1},
		"a repeated rank passes":           {[]ballots.Mark{a, a, c}, Options{Withdrawn: []int{0}}, 2},
		"a rank of who withdrew is no gap": {[]ballots.Mark{gap, a, gap, c}, Options{Withdrawn: []int{0}}, 2},
	} {
		r := new(ballots.Rankings)
		if err := r.Take(7, test.marks); err != nil {
			t.Fatal(err)
		}
		got, err := Count(r, []string{"A", "B", "C"}, test.o)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range got.Rounds[0].Tally {
			if (line.Votes == "7") != (i == test.want) {
				t.Errorf("%s: %+v", name, got.Rounds[0].Tally)
			}
		}
		if got.Valid != "7" {
			t.Errorf("%s: %s valid", name, got.Valid)
		}
	}
}

func TestRepeated_MayEndThePaper(t *testing.T) {
	r := new(ballots.Rankings)
	for _, b := range []bundle{{2, []ballots.Mark{0, 0, 1}}, {4, []ballots.Mark{1}}, {5, []ballots.Mark{2}}} {
		if err := r.Take(b.weight, b.marks); err != nil {
			t.Fatal(err)
		}
	}
	for repeated, want := range map[Repeated]int{RepeatedPasses: 1, RepeatedEnds: 2} {
		got, err := Count(r, []string{"A", "B", "C"}, Options{Repeated: repeated})
		if err != nil {
			t.Fatal(err)
		}
		if got.Winners[0] != want {
			t.Errorf("%d: elected %v, want %d", repeated, got.Winners, want)
		}
	}
}

func TestOptions_WhatCannotBeCountedIsRefused(t *testing.T) {
	r := new(ballots.Rankings)
	if err := r.Take(1, []ballots.Mark{1}); err != nil {
		t.Fatal(err)
	}
	if _, err := Count(r, []string{"A"}, Options{}); err == nil {
		t.Error("a paper that ranks an unknown option was counted")
	}
	for _, o := range []Options{{Withdrawn: []int{2}}, {First: []int{-1}}} {
		if _, err := Count(r, []string{"A", "B"}, o); err == nil {
			t.Errorf("%+v was counted", o)
		}
	}
}

// of counts papers of A, B, C and D.
func of(t *testing.T, o Options, bundles ...bundle) count.Result {
	t.Helper()
	r := new(ballots.Rankings)
	for _, b := range bundles {
		if err := r.Take(b.weight, b.marks); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Count(r, []string{"A", "B", "C", "D"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// done are the acts of a round of one kind.
func done(round count.Round, kind count.ActKind) (acts []count.Act) {
	for _, a := range round.Acts {
		if a.Kind == kind {
			acts = append(acts, a)
		}
	}
	return acts
}

// Of 13 votes A has 5, B 4, C 3 and D 1. The vote of D goes to C, who is then level with B and had fewer in the first
// round: C goes out, though the lot would keep C.
func TestCount_ATieForTheFewestGoesBackToTheFirstRound(t *testing.T) {
	got := of(t, Options{Lots: lot.Breaker{Fixed: []int{2, 1}}},
		bundle{5, []ballots.Mark{0}}, bundle{4, []ballots.Mark{1}}, bundle{3, []ballots.Mark{2, 1}}, bundle{1, []ballots.Mark{3, 2, 1}})
	if !slices.Equal(got.Winners, []int{1}) || len(got.Rounds) != 3 || len(got.Lots) != 0 {
		t.Fatalf("%+v", got)
	}
	if ties := done(got.Rounds[1], count.ActTie); len(ties) != 0 {
		t.Errorf("D alone has the fewest, and a tie is told: %+v", ties)
	}
	ties := done(got.Rounds[2], count.ActTie)
	if len(ties) != 1 || ties[0].Option != 2 || !slices.Equal(ties[0].Among, []int{1, 2}) || ties[0].Rule != "previous_round" {
		t.Errorf("%+v", ties)
	}
}

// Of 16 votes C and D have 3 and 2: together the 5 of B, with whom one of them could draw level. Only D goes out.
func TestBatch_WhoCouldDrawLevelStays(t *testing.T) {
	bundles := []bundle{{6, []ballots.Mark{0}}, {5, []ballots.Mark{1}}, {3, []ballots.Mark{2}}, {2, []ballots.Mark{3}}}
	if out := done(of(t, Options{Batch: true}, bundles...).Rounds[1], count.ActDefeat); len(out) != 1 || out[0].Option != 3 {
		t.Errorf("%+v", out)
	}
	bundles[1].weight = 6 // one more, and not even together
	if out := done(of(t, Options{Batch: true}, bundles...).Rounds[1], count.ActDefeat); len(out) != 2 || out[0].Option != 3 || out[1].Option != 2 {
		t.Errorf("%+v", out)
	}
}

// Of 9 votes A has 4, B 3, C 2 and D none. D does not stand.
func TestFirst_GoOutTogetherUnlessNobodyElseIsLeft(t *testing.T) {
	bundles := []bundle{{4, []ballots.Mark{0}}, {3, []ballots.Mark{1}}, {2, []ballots.Mark{2, 1}}}
	got := of(t, Options{First: []int{0, 1}, Withdrawn: []int{3}}, bundles...)
	if out := done(got.Rounds[1], count.ActDefeat); len(out) != 2 || !slices.Equal(got.Winners, []int{2}) {
		t.Errorf("%v wins after %+v", got.Winners, out)
	}
	got = of(t, Options{First: []int{0, 1, 2}, Withdrawn: []int{3}}, bundles...)
	if out := done(got.Rounds[1], count.ActDefeat); len(out) != 1 || out[0].Option != 2 || !slices.Equal(got.Winners, []int{1}) {
		t.Errorf("nobody else is left: %v wins after %+v", got.Winners, out)
	}
	for _, round := range got.Rounds {
		if round.Tally[0].State == count.Withdrawn || round.Tally[3].State != count.Withdrawn {
			t.Errorf("round %d: %+v", round.Number, round.Tally)
		}
	}
}
