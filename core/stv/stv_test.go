package stv

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
)

// papersOf writes papers: letters are options from A on, = joins them to one rank, - is an empty rank.
func papersOf(t testing.TB, bundles map[string]int64) *ballots.Rankings {
	t.Helper()
	r := new(ballots.Rankings)
	for text, weight := range bundles {
		var marks []ballots.Mark
		tied := ballots.Mark(0)
		for _, letter := range text {
			switch letter {
			case '=':
				tied = ballots.Equal
				continue
			case '-':
				marks = append(marks, ballots.Skipped)
			case '!':
				marks = append(marks, ballots.Overvoted)
			default:
				marks = append(marks, ballots.Mark(letter-'A')|tied)
			}
			tied = 0
		}
		if err := r.Take(weight, marks); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func letters(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = string(rune('A' + i))
	}
	return all
}

// acts lists the acts of a kind, as "round:option".
func acts(r count.Result, kind count.ActKind) []string {
	var all []string
	for _, round := range r.Rounds {
		for _, a := range round.Acts {
			if a.Kind == kind {
				all = append(all, fmt.Sprint(round.Number, ":", r.Options[a.Option]))
			}
		}
	}
	return all
}

func votes(r count.Result, round int) []string {
	var all []string
	for _, line := range r.Rounds[round-1].Tally {
		all = append(all, string(line.Votes))
	}
	return all
}

// The published example of the tie among the lowest: B had fewer than C in the
// round before, so B goes, and no lot is drawn.
func TestScottish_ConformanceWhoHadFewerInTheRoundBeforeIsDefeated(t *testing.T) {
	r, names, seats := ballotFile(t, "edge/weak-defeat.blt")
	got := run(t, "stv-scottish", r, names, Options{Seats: seats})
	if want := []string{"2:A", "3:B", "4:C"}; !slices.Equal(acts(got, count.ActDefeat), want) {
		t.Errorf("defeated %v, want %v", acts(got, count.ActDefeat), want)
	}
	if want := []string{"3:B"}; !slices.Equal(acts(got, count.ActTie), want) || len(got.Lots) != 0 {
		t.Errorf("ties %v, lots %v", acts(got, count.ActTie), got.Lots)
	}
}

func TestScottish_EqualSurplusesGoByTheRoundBefore(t *testing.T) {
	// A passes on half of each paper: B and C are then level at 13, above the quota of 11.
	r := papersOf(t, map[string]int64{"AB": 14, "AC": 8, "B": 6, "C": 9, "D": 10, "E": 5})
	got := run(t, "stv-scottish", r, letters(5), Options{Seats: 4})
	if want := []string{"2:A", "3:C", "4:B"}; got.Quota != "11.00000" || !slices.Equal(acts(got, count.ActSurplus), want) {
		t.Errorf("quota %s, surpluses %v, want %v", got.Quota, acts(got, count.ActSurplus), want)
	}
	if want := []string{"3:C"}; !slices.Equal(acts(got, count.ActTie), want) || len(got.Lots) != 0 {
		t.Errorf("ties %v, lots %v", acts(got, count.ActTie), got.Lots)
	}
}

func TestScottish_ConformanceExactlyTheQuotaIsNoSurplus(t *testing.T) {
	r, names, seats := ballotFile(t, "edge/weak-surplus.blt")
	got := run(t, "stv-scottish", r, names, Options{Seats: seats})
	if want := []string{"2:A"}; !slices.Equal(acts(got, count.ActSurplus), want) {
		t.Errorf("surpluses of %v, want %v", acts(got, count.ActSurplus), want)
	}
	if want := []int{0, 1, 2, 3}; !slices.Equal(got.Winners, want) {
		t.Errorf("elected %v", got.Winners)
	}
	if len(got.Lots) != 1 || !slices.Equal(got.Lots[0].Among, []int{4, 5}) {
		t.Errorf("E and F have been level throughout: %v", got.Lots)
	}
}

func TestWIGM_ConformancePublishedFiguresOfSC(t *testing.T) {
	// Figures as published by Droop 0.11 for the same election and rule.
	r, names, seats := ballotFile(t, "edge/SC.blt")
	o := Options{Seats: seats, Lots: lot.Breaker{Fixed: []int{12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}}}
	got := run(t, "stv-wigm", r, names, o)
	last := got.Rounds[len(got.Rounds)-1]
	if got.Quota != "18.8001" || last.Tally[2].Votes != "16.8969" || last.Tally[7].Votes != "16.8292" ||
		last.Exhausted != "3.8707" || last.Residual != "0.0029" {
		t.Errorf("quota %s, last round %+v", got.Quota, last)
	}
	if want := []int{6, 3, 12, 2}; !slices.Equal(got.Winners, want) {
		t.Errorf("elected %v, want %v", got.Winners, want)
	}
	o.SureLosers = true
	got = run(t, "stv-wigm", r, names, o)
	last = got.Rounds[len(got.Rounds)-1]
	if last.Tally[2].Votes != "17.6349" || last.Tally[7].Votes != "16.9099" || last.Exhausted != "3.0517" || last.Residual != "0.0032" {
		t.Errorf("with sure losers together: %+v", last)
	}
	if defeats := acts(got, count.ActDefeat); len(defeats) != 9 || len(got.Lots) != 0 {
		t.Errorf("defeated %v, lots %v", defeats, got.Lots)
	}
}

// B and C together reach A: each could still catch up, so they are not sure losers.
func TestWIGM_WhoCouldDrawLevelIsNoSureLoser(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 6, "B": 3, "C": 3})
	got := run(t, "stv-wigm", r, letters(3), Options{Seats: 1, SureLosers: true})
	if len(got.Lots) != 1 || len(acts(got, count.ActDefeat)) != 2 || len(got.Rounds) != 3 {
		t.Errorf("lots %v, defeated %v", got.Lots, acts(got, count.ActDefeat))
	}
}

func TestMeek_ConformancePublishedFiguresOfSC(t *testing.T) {
	// Figures as published by Droop 0.11 for the same election and rule.
	r, names, seats := ballotFile(t, "edge/SC.blt")
	got := run(t, "stv-meek", r, names, Options{Seats: seats})
	last := got.Rounds[len(got.Rounds)-1]
	for option, want := range map[int]count.Figure{
		2: "16.482212783", 3: "19.087429756", 6: "19.073682122", 7: "19.085721549", 12: "19.202438090",
	} {
		if last.Tally[option].Votes != want {
			t.Errorf("%s has %s, want %s", names[option], last.Tally[option].Votes, want)
		}
	}
	if last.Exhausted != "1.068515700" || last.Quota != "18.586296861" || len(got.Rounds) != 11 {
		t.Errorf("%d rounds, %s exhausted, quota %s", len(got.Rounds), last.Exhausted, last.Quota)
	}
	if votes := votes(got, 10)[0]; votes != "10.204118384" {
		t.Errorf("round 10: %s", votes)
	}
}

// B has less than D by 0.000000612, but the surplus still to be shared is more than that (B.3).
func TestMeek_WithinTheSurplusIsTied(t *testing.T) {
	r := papersOf(t, map[string]int64{"C": 8, "AC": 8, "CB": 12, "DAB": 6})
	for _, favoured := range []int{1, 3} {
		got := run(t, "stv-meek", r, letters(4), Options{Seats: 2, Lots: lot.Breaker{Fixed: []int{favoured}}})
		if want := []string{"8.000000000", "5.999999388", "10.000001020", "6.000000000"}; !slices.Equal(votes(got, 2), want) {
			t.Fatalf("votes %v, want %v", votes(got, 2), want)
		}
		if len(got.Lots) == 0 || !slices.Equal(got.Lots[0].Among, []int{1, 3}) || got.Rounds[1].Tally[favoured].State == count.Defeated {
			t.Errorf("drawn %+v, want %d to stay", got.Lots, favoured)
		}
	}
}

func TestTies_AFixedOrderComesBeforeTheLot(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 4, "B": 2, "C": 2})
	for method := range counts {
		for _, favoured := range []int{1, 2} {
			got := run(t, method, r, letters(3), Options{Seats: 2, Lots: lot.Breaker{Fixed: []int{favoured}}})
			if want := []int{0, favoured}; !slices.Equal(got.Winners, want) {
				t.Errorf("%s elects %v, want %v", method, got.Winners, want)
			}
			if len(got.Lots) != 1 || !slices.Equal(got.Lots[0].Among, []int{1, 2}) || got.Lots[0].Chosen[0] != favoured {
				t.Errorf("%s draws %+v", method, got.Lots)
			}
		}
	}
}

// By exact arithmetic Pollux and Helen would be level; what Castor's keep factor
// is rounded up by is taken from Pollux, and is more than the surplus left.
func TestMeek_ConformanceRoundingMayDecideWhatWouldBeATie(t *testing.T) {
	r, names, seats := ballotFile(t, "edge/42t.blt")
	got := run(t, "stv-meek", r, names, Options{Seats: seats})
	if want := []string{"2.000000004", "1.999999996", "2.000000000"}; !slices.Equal(votes(got, 2), want) || len(got.Lots) != 0 {
		t.Errorf("votes %v, want %v; lots %v", votes(got, 2), want, got.Lots)
	}
	if !slices.Equal(got.Winners, []int{0, 2}) {
		t.Errorf("elected %v", got.Winners)
	}
}

func TestLots_CanBeDrawnAgain(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 3, "B": 3, "C": 3})
	for _, seed := range []lot.Seed{"a", "b", "c", "d"} {
		lots := lot.Breaker{Seed: seed}
		got := run(t, "stv-scottish", r, letters(3), Options{Seats: 1, Lots: lots})
		if len(got.Lots) != 2 || len(acts(got, count.ActLot)) != 2 {
			t.Fatalf("lots %v", got.Lots)
		}
		for _, drawn := range got.Lots {
			if !slices.Equal(drawn.Chosen, lots.Order(drawn.What, drawn.Among)) {
				t.Errorf("%+v is not what the seed draws", drawn)
			}
		}
		if got.Winners[0] != got.Lots[1].Chosen[0] || got.Lots[0].What != "round 2, defeat" {
			t.Errorf("elected %v after %v", got.Winners, got.Lots)
		}
	}
}

func TestPapers_EndBeforeARankOfSeveral_AndPassOverEmptyOnes(t *testing.T) {
	for text, want := range map[string]string{
		"AB": "AB", "-A--B": "AB", "AB=CD": "A", "A=BC": "", "A!B": "A", "!A": "", "ABA": "AB", "AA=B": "AB", "AW=B": "AB", "WA": "A", "W": "", "A=WB": "AB",
	} {
		text := []rune(text)
		for i, letter := range text { // W withdraws: it is option 4
			if letter == 'W' {
				text[i] = 'E'
			}
		}
		p, err := read(papersOf(t, map[string]int64{string(text): 5}), []bool{4: true})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, option := range p.marks {
			got += string(rune('A' + option))
		}
		if got != want || (p.total == 5) != (want != "") {
			t.Errorf("%s reads as %q of %d, want %q", string(text), got, p.total, want)
		}
	}
}

func TestOptions_WhatCannotBeCountedIsRefused(t *testing.T) {
	r := papersOf(t, map[string]int64{"AB": 1})
	for key, o := range map[string]Options{
		"stv.seats":             {},
		"stv.parity_unknown":    {Seats: 1, Parity: &Parity{Group: []bool{true}}},
		"stv.parity_seats":      {Seats: 1, Parity: &Parity{Group: []bool{true, true}, AtLeast: 2}},
		"stv.parity_candidates": {Seats: 2, Withdrawn: []int{0}, Parity: &Parity{Group: []bool{true, true}, AtLeast: 2}},
	} {
		for method, counted := range counts {
			if _, err := counted(r, letters(2), o); !fault.Has(err, key) {
				t.Errorf("%s: %v, want %s", method, err, key)
			}
		}
	}
	if _, err := Scottish(r, letters(1), Options{Seats: 1}); err == nil {
		t.Error("a paper that ranks an unknown option was counted")
	}
	if _, err := Scottish(r, letters(2), Options{Seats: 1, Withdrawn: []int{2}}); err == nil {
		t.Error("an unknown option could withdraw")
	}
}

func TestAllRules_WithoutPapersOrRivals(t *testing.T) {
	for method := range counts {
		got := run(t, method, new(ballots.Rankings), letters(3), Options{Seats: 2})
		if len(got.Winners) != 0 || len(got.Lots) != 0 || len(got.Rounds) != 1 || got.Winners == nil {
			t.Errorf("%s without papers: %v, lots %v", method, got.Winners, got.Lots)
		}
		got = run(t, method, papersOf(t, map[string]int64{"!A": 3}), letters(2), Options{Seats: 2})
		if len(got.Winners) != 0 || got.Papers != "3" {
			t.Errorf("%s without a valid paper: %v", method, got.Winners)
		}
		got = run(t, method, papersOf(t, map[string]int64{"B": 3}), letters(2), Options{Seats: 5})
		if len(got.Winners) != 2 || len(got.Rounds) != 1 {
			t.Errorf("%s with more seats than options: %+v", method, got)
		}
		got = run(t, method, new(ballots.Rankings), nil, Options{Seats: 1})
		if len(got.Winners) != 0 || len(got.Rounds) != 1 {
			t.Errorf("%s without options: %+v", method, got)
		}
	}
}

func everyRule(t *testing.T, property func(t *rapid.T, method string)) {
	t.Helper()
	for method := range counts {
		t.Run(method, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { property(t, method) })
		})
	}
}

// conserved fails when votes were lost or made in a round.
func conserved(t interface{ Fatal(...any) }, r count.Result) {
	for _, round := range r.Rounds {
		sum := new(big.Rat).Add(round.Exhausted.Ratio().Rat(), round.Residual.Ratio().Rat())
		if round.Residual.Ratio().Sign() < 0 || round.Exhausted.Ratio().Sign() < 0 {
			t.Fatal("votes came from nowhere")
		}
		for _, line := range round.Tally {
			sum.Add(sum, line.Votes.Ratio().Rat())
		}
		if sum.Cmp(r.Valid.Ratio().Rat()) != 0 {
			t.Fatal(fmt.Sprintf("round %d: %s votes of %s", round.Number, sum.RatString(), r.Valid))
		}
	}
}

func TestAllRules_PapersAreConservedInEveryRound(t *testing.T) {
	everyRule(t, func(t *rapid.T, method string) {
		d := drawDraft(t, false)
		if rapid.Bool().Draw(t, "huge") {
			for i := range d.bundles {
				d.bundles[i].weight *= math.MaxInt64 / 2 / 9 / int64(len(d.bundles)) / 2
			}
		}
		o := d.options()
		o.SureLosers = rapid.Bool().Draw(t, "sure losers")
		conserved(t, run(t, method, d.rankings(t), d.names, o))
	})
}

func TestAllRules_TheOrderOfPapersAndHowTheyAreBundledNeverMatter(t *testing.T) {
	everyRule(t, func(t *rapid.T, method string) {
		d := drawDraft(t, false)
		want := run(t, method, d.rankings(t), d.names, d.options())
		other := d
		other.bundles = nil
		for _, b := range rapid.Permutation(d.bundles).Draw(t, "permuted") {
			for range b.weight {
				other.bundles = append(other.bundles, bundle{1, b.marks})
			}
		}
		same(t, want, run(t, method, other.rankings(t), d.names, d.options()))
	})
}

func TestAllRules_WithdrawnIsRemovedFromAllPapers(t *testing.T) {
	everyRule(t, func(t *rapid.T, method string) {
		d := drawDraft(t, true)
		gone := rapid.IntRange(0, len(d.names)-1).Draw(t, "gone")
		d.withdrawn = []int{gone}
		got := run(t, method, d.rankings(t), d.names, d.options())
		for i, b := range d.bundles {
			d.bundles[i].marks = slices.DeleteFunc(slices.Clone(b.marks), func(m ballots.Mark) bool { return m == ballots.Mark(gone) })
		}
		same(t, got, run(t, method, d.rankings(t), d.names, d.options()))
	})
}

// same fails when two counts differ in anything but the weight of papers that say nothing.
func same(t interface{ Fatal(...any) }, a, b count.Result) {
	a.Papers, b.Papers = "", ""
	if fmt.Sprintf("%+v", a) != fmt.Sprintf("%+v", b) {
		t.Fatal(fmt.Sprintf("%+v\n\nand\n\n%+v", a, b))
	}
}
