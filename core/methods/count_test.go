package methods

import (
	"slices"
	"testing"

	"socia/core/count"
	"socia/core/lot"
	"socia/core/paper"
	"socia/core/ratio"
)

const blank = paper.Blank

// held are options A, B, C… of whom those of some letters are in the group.
func held(n int, group string) []Option {
	all := make([]Option, n)
	for i := range all {
		letter := string(rune('A' + i))
		all[i] = Option{Label: letter, InGroup: slices.Contains([]rune(group), rune('A'+i))}
	}
	return all
}

// chosen are papers with one mark each: so many for A, for B…
func chosen(votes ...int64) (papers []paper.Bundle) {
	for i, n := range votes {
		p := slices.Repeat(paper.Paper{blank}, len(votes))
		p[i] = 1
		papers = append(papers, paper.Bundle{Paper: p, Weight: n})
	}
	return papers
}

func counts(t *testing.T, name Name, s Setup, options []Option, papers []paper.Bundle, scale int64, seed lot.Seed) (count.Result, *count.Result) {
	t.Helper()
	m, _ := ByName(name)
	r, plain, err := m.Count(s, options, papers, scale, seed)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r, plain
}

// TestCount_ParityTellsWhoWouldHaveWonWithoutIt: of A 4, B 3, C 2 and D 1 two are elected, one at least of the group.
func TestCount_ParityTellsWhoWouldHaveWonWithoutIt(t *testing.T) {
	s := Setup{Seats: 2, ParityAtLeast: 1}
	r, plain := counts(t, Approval, s, held(4, "CD"), chosen(4, 3, 2, 1), 7, "x")
	if !slices.Equal(r.Winners, []int{0, 2}) || plain == nil || !slices.Equal(plain.Winners, []int{0, 1}) || r.Scale != 7 || plain.Scale != 7 {
		t.Errorf("%+v, without the rule %+v", r, plain)
	}
	if r, plain = counts(t, Approval, s, held(4, "BC"), chosen(4, 3, 2, 1), 1, "x"); !slices.Equal(r.Winners, []int{0, 1}) || plain != nil {
		t.Errorf("%v, and without a need of the rule %+v", r.Winners, plain)
	}
	if r, plain = counts(t, Approval, Setup{Seats: 2}, held(4, "CD"), chosen(4, 3, 2, 1), 1, "x"); !slices.Equal(r.Winners, []int{0, 1}) || plain != nil {
		t.Errorf("%v, and without a rule %+v", r.Winners, plain)
	}
}

// TestCount_ParityAsksNothingOfAMethodThatCannotKeepIt, whatever a setup says.
func TestCount_ParityAsksNothingOfAMethodThatCannotKeepIt(t *testing.T) {
	s := Setup{Seats: 1, Dots: 3, ParityAtLeast: 1}
	m, _ := ByName(Dots)
	if err := m.Check(Setup{Seats: 1, Dots: 3, ParityAtLeast: 9}, held(2, "B")); err != nil {
		t.Error(err)
	}
	r, plain := counts(t, Dots, s, held(2, "B"), []paper.Bundle{{Paper: paper.Paper{2, 1}, Weight: 1}}, 1, "x")
	if !slices.Equal(r.Winners, []int{0}) || plain != nil {
		t.Errorf("%v wins, without the rule %+v", r.Winners, plain)
	}
}

// TestCount_AListTakesTurnsByPlace_AndTiesByLot: A 5, B 4, C 3, D and E 2, F 1, with D, E and F in the group. The list is
// A, the favoured of D and E, B, the other one; without it the fourth seat would be drawn among D and E.
func TestCount_AListTakesTurnsByPlace_AndTiesByLot(t *testing.T) {
	favoured := map[int]bool{}
	for _, seed := range []lot.Seed{"a", "b", "c", "d", "e", "f"} {
		tied := lot.Breaker{Seed: seed}.Order("place 4", []int{3, 4})
		favoured[tied[0]] = true
		r, plain := counts(t, Choose, Setup{Seats: 4, Most: 1, Alternate: true}, held(6, "DEF"), chosen(5, 4, 3, 2, 2, 1), 1, seed)
		if want := []int{0, tied[0], 1, tied[1]}; !slices.Equal(r.Winners, want) {
			t.Errorf("seed %s: %v, want %v", seed, r.Winners, want)
		}
		if plain == nil || !slices.Equal(plain.Winners[:3], []int{0, 1, 2}) || len(plain.Winners) != 4 {
			t.Errorf("without the list %+v", plain)
		}
		if lots := r.Lots; len(lots) != 1 || lots[0].What != "place 4" || !slices.Equal(lots[0].Among, []int{3, 4}) || !slices.Equal(lots[0].Chosen, tied) {
			t.Errorf("seed %s: lots %+v", seed, r.Lots)
		}
	}
	if len(favoured) != 2 {
		t.Error("no seed favours E")
	}
}

// TestCount_AListBreaksATieByOneLot: where nobody is of the group, the list changes nothing, and whom the lot favours is elected.
func TestCount_AListBreaksATieByOneLot(t *testing.T) {
	for _, m := range All() {
		if !m.Ranks() {
			continue
		}
		for _, seed := range []lot.Seed{"a", "b", "c", "d", "e", "f"} {
			papers := chosen(1, 1)
			if m.Form == paper.Rank {
				papers = []paper.Bundle{{Paper: paper.Paper{1, 2}, Weight: 1}, {Paper: paper.Paper{2, 1}, Weight: 1}}
			}
			s := Setup{Seats: 1, Most: 1, Top: 5, Dots: 5, Alternate: true}
			r, plain := counts(t, m.Name, s, held(2, ""), papers, 1, seed)
			s.Alternate = false
			without, _ := counts(t, m.Name, s, held(2, ""), papers, 1, seed)
			if plain != nil || !slices.Equal(r.Winners, without.Winners) || len(r.Lots) > 1 {
				t.Errorf("%s, seed %s: %v by %+v, without the list %v", m.Name, seed, r.Winners, r.Lots, without.Winners)
			}
		}
	}
}

func TestCount_AListThatChangesNothingOrHasNobody(t *testing.T) {
	s := Setup{Seats: 2, Most: 1, Alternate: true}
	if r, plain := counts(t, Choose, s, held(3, "BC"), chosen(3, 2, 1), 1, "x"); !slices.Equal(r.Winners, []int{0, 1}) || plain != nil {
		t.Errorf("%v, without the list %+v", r.Winners, plain)
	}
	if r, plain := counts(t, Choose, s, held(3, "BC"), nil, 1, "x"); len(r.Winners) != 0 || len(r.Lots) != 0 || plain != nil {
		t.Errorf("%v without a paper, lots %v, without the list %+v", r.Winners, r.Lots, plain)
	}
}

// TestCount_SeatsAreFromOneToAllWhoStand, however many are said.
func TestCount_SeatsAreFromOneToAllWhoStand(t *testing.T) {
	for said, want := range map[int]int{0: 1, 1: 1, 2: 2, 5: 3} {
		for _, name := range []Name{Approval, Scottish} {
			if r, _ := counts(t, name, Setup{Seats: said}, held(3, ""), chosen(3, 2, 1), 1, "x"); r.Seats != want || len(r.Winners) != want {
				t.Errorf("%s for %d seats: %v of %d, want %d", name, said, r.Winners, r.Seats, want)
			}
		}
		if r, _ := counts(t, Choose, Setup{Seats: said, Most: 1, Alternate: true}, held(3, "C"), chosen(3, 2, 1), 1, "x"); len(r.Winners) != want {
			t.Errorf("a list for %d seats: %v, want %d", said, r.Winners, want)
		}
	}
}

// TestCount_AveragesAreInScores, points in what a vote weighs: two votes of weight 7 score A 5 and 1, and one of them B 4.
func TestCount_AveragesAreInScores(t *testing.T) {
	papers := []paper.Bundle{{Paper: paper.Paper{5, blank}, Weight: 7}, {Paper: paper.Paper{1, 4}, Weight: 7}}
	for _, c := range []struct {
		blanks string
		scale  int64
		votes  [2]count.Figure
		winner int
	}{{BlanksZero, 7, [2]count.Figure{"42", "28"}, 0}, {BlanksAverage, 1, [2]count.Figure{"3", "4"}, 1}} {
		r, _ := counts(t, Score, Setup{Seats: 1, Top: 5, Blanks: c.blanks}, held(2, ""), papers, 7, "x")
		if got := r.Rounds[0].Tally; r.Scale != c.scale || got[0].Votes != c.votes[0] || got[1].Votes != c.votes[1] || !slices.Equal(r.Winners, []int{c.winner}) {
			t.Errorf("blanks %s: %+v", c.blanks, r)
		}
	}
	if r, _ := counts(t, Approval, Setup{Seats: 1, Blanks: BlanksAverage}, held(2, ""), chosen(7, 14), 7, "x"); r.Scale != 7 {
		t.Errorf("votes of weight 7 are told as %d", r.Scale)
	}
	if r, _ := counts(t, Approval, Setup{Seats: 1}, held(2, ""), chosen(1, 2), 0, "x"); r.Scale != 1 {
		t.Errorf("where no scale is told it is %d", r.Scale)
	}
}

// TestCount_WhatIsNoPaperOfThePollIsAnError, and no vote that is lost in silence.
func TestCount_WhatIsNoPaperOfThePollIsAnError(t *testing.T) {
	for _, name := range []Name{Choose, IRV, Greedy} {
		m, _ := ByName(name)
		for what, b := range map[string]paper.Bundle{"no weight": {Paper: paper.Paper{1, blank}}, "three options of two": {Paper: paper.Paper{blank, blank, 1}, Weight: 1}} {
			if _, _, err := m.Count(Setup{Seats: 1, Most: 1, AmountCents: 1}, some(2), []paper.Bundle{b}, 1, "x"); err == nil {
				t.Errorf("%s counts a paper with %s", name, what)
			}
		}
	}
	motion, _ := ByName(Motion)
	if _, _, err := motion.Count(Setup{}, nil, nil, 1, "x"); err == nil {
		t.Error("a motion has no papers")
	}
}

// TestCount_DebiansFirstOptionCanBeTheDefault, from 1; 0 is none, also where votes weigh by class.
func TestCount_DebiansFirstOptionCanBeTheDefault(t *testing.T) {
	papers := []paper.Bundle{{Paper: paper.Paper{1, 2}, Weight: 14, Voters: 2}, {Paper: paper.Paper{2, 1}, Weight: 7, Voters: 1}}
	for _, scale := range []int64{1, 7} {
		if r, _ := counts(t, Debian, Setup{Default: 1}, held(2, ""), papers, scale, "x"); r.Default == nil || *r.Default != 0 || !r.NothingApproved() {
			t.Errorf("scale %d: %+v", scale, r)
		}
		if r, _ := counts(t, Debian, Setup{}, held(2, ""), papers, scale, "x"); r.Default != nil || !slices.Equal(r.Winners, []int{0}) {
			t.Errorf("scale %d without a default: %+v", scale, r)
		}
	}
}

// TestCount_DebiansMajorityOfThreeToOne: 6 to 2 is three to one, 5 to 2 is not.
func TestCount_DebiansMajorityOfThreeToOne(t *testing.T) {
	for votes, want := range map[int64]int{5: 1, 6: 0} {
		papers := []paper.Bundle{{Paper: paper.Paper{1, 2}, Weight: votes}, {Paper: paper.Paper{2, 1}, Weight: 2}}
		if r, _ := counts(t, Debian, Setup{Default: 2, DefaultMajority: 3}, held(2, ""), papers, 1, "x"); !slices.Equal(r.Winners, []int{want}) {
			t.Errorf("%d to 2: %v wins", votes, r.Winners)
		}
	}
}

// TestCount_DebiansQuorumIsNotReachedByWhoRanksBothAlike: of three votes two put A before D and one puts them together.
// Where no vote weighs more, nobody needs to say how many voters there are.
func TestCount_DebiansQuorumIsNotReachedByWhoRanksBothAlike(t *testing.T) {
	for quorum, want := range map[int]int{2: 0, 3: 1} {
		s := Setup{Default: 2, DefaultQuorum: quorum}
		weighed := []paper.Bundle{{Paper: paper.Paper{1, 2}, Weight: 14, Voters: 2}, {Paper: paper.Paper{1, 1}, Weight: 7, Voters: 1}}
		if r, _ := counts(t, Debian, s, held(2, ""), weighed, 7, "x"); !slices.Equal(r.Winners, []int{want}) {
			t.Errorf("a quorum of %d: %v wins", quorum, r.Winners)
		}
		if r, _ := counts(t, Debian, s, held(2, ""), []paper.Bundle{{Paper: paper.Paper{1, 2}, Weight: 2}, {Paper: paper.Paper{1, 1}, Weight: 1}}, 1, "x"); !slices.Equal(r.Winners, []int{want}) {
			t.Errorf("a quorum of %d of votes that weigh one: %v wins", quorum, r.Winners)
		}
	}
}

// TestCount_EqualSharesDoNotDependOnTheUnitOfWeights: of 500.00, B and C cost what one voter of twice the weight and two of
// once have; told in halves or in hundredths of a share, the raises are the same.
func TestCount_EqualSharesDoNotDependOnTheUnitOfWeights(t *testing.T) {
	papers := []paper.Bundle{{Paper: paper.Paper{1, 1, paper.Blank}, Weight: 2, Voters: 2}, {Paper: paper.Paper{paper.Blank, 1, 1}, Weight: 2, Voters: 1}, {Paper: paper.Paper{1, paper.Blank, paper.Blank}, Weight: 3, Voters: 1}}
	options := []Option{{Label: "A", CostCents: 300_00}, {Label: "B", CostCents: 150_00}, {Label: "C", CostCents: 100_00}}
	first, _ := counts(t, EqualShares, Setup{AmountCents: 500_00}, options, papers, 1, "x")
	for _, scale := range []int64{2, 3, 7, 100} {
		r, _ := counts(t, EqualShares, Setup{AmountCents: 500_00}, options, papers, scale, "x")
		if !slices.Equal(r.Winners, first.Winners) || !r.Step.Ratio().Equal(first.Step.Ratio().Mul(ratio.Int(scale))) {
			t.Errorf("in parts of %d: %v by steps of %s, want %v by %s times that", scale, r.Winners, r.Step, first.Winners, first.Step)
		}
	}
	if first.Step != "400/7" { // of seven parts that four voters have: 1.00 for 7/4 of a part
		t.Errorf("a step of %s", first.Step)
	}
}

// TestCount_EqualSharesStepIsOfThoseWhoSupportSomething: of 1000.00 for two of a hundred it is 2.50.
func TestCount_EqualSharesStepIsOfThoseWhoSupportSomething(t *testing.T) {
	papers := []paper.Bundle{{Paper: paper.Paper{1}, Weight: 2}, {Paper: paper.Paper{blank}, Weight: 98}}
	if r, _ := counts(t, EqualShares, Setup{AmountCents: 1000_00}, []Option{{Label: "A", CostCents: 100_00}}, papers, 1, "x"); r.Step != "250" {
		t.Errorf("a step of %s", r.Step)
	}
}
