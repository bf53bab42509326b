package methods

import (
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
	"socia/core/paper"
)

// counted are the methods that count papers.
func counted() (all []Method) {
	for _, m := range All() {
		if m.Answer == Papers {
			all = append(all, m)
		}
	}
	return all
}

// election draws a poll that Check accepts, and papers that its rule accepts.
type election struct {
	method  Method
	setup   Setup
	options []Option
	papers  []paper.Bundle
	seed    lot.Seed
}

func draw(t *rapid.T, m Method) election {
	e := election{method: m, seed: lot.Seed(rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, "seed"))}
	n := rapid.IntRange(2, 7).Draw(t, "options")
	dearest := int64(1)
	for i := range n {
		e.options = append(e.options, Option{Label: fmt.Sprint("Option ", i), CostCents: rapid.Int64Range(1, 9_000).Draw(t, "cost"), InGroup: rapid.Bool().Draw(t, "in group")})
		dearest = max(dearest, e.options[i].CostCents) // a poll has no project that it could never fund
	}
	e.setup = Setup{
		Seats: rapid.IntRange(1, n).Draw(t, "seats"), Most: rapid.IntRange(1, n).Draw(t, "most"), Top: 5 * rapid.IntRange(1, 2).Draw(t, "top"), Dots: rapid.IntRange(1, 6).Draw(t, "dots"),
		Blanks: rapid.SampledFrom([]string{BlanksZero, BlanksAverage}).Draw(t, "blanks"), AmountCents: rapid.Int64Range(dearest, 20_000).Draw(t, "amount"),
	}
	if m.Ranks() {
		e.setup.Alternate = rapid.Bool().Draw(t, "alternate")
	}
	if m.Name == Debian {
		if e.setup.Default = rapid.IntRange(0, n).Draw(t, "default"); e.setup.Default > 0 {
			e.setup.DefaultQuorum, e.setup.DefaultMajority = rapid.IntRange(0, 4).Draw(t, "quorum"), rapid.IntRange(0, 3).Draw(t, "majority")
		}
	}
	if m.Parity() && !e.setup.Alternate {
		e.setup.ParityAtLeast = rapid.IntRange(0, e.setup.Seats).Draw(t, "at least")
	}
	for range rapid.IntRange(0, 12).Draw(t, "papers") {
		if p := fill(t, m.Rule(e.setup, n)); m.Rule(e.setup, n).Check(p) == nil {
			e.papers = append(e.papers, paper.Bundle{Paper: p, Weight: rapid.Int64Range(1, 5).Draw(t, "weight")})
		}
	}
	return e
}

// fill marks a paper so that it is often valid.
func fill(t *rapid.T, r paper.Rule) paper.Paper {
	p := make(paper.Paper, r.Options)
	for i := range p {
		p[i] = paper.Blank
	}
	if r.Form == paper.Rank {
		order := rapid.Permutation(slices.Collect(func(yield func(int) bool) {
			for i := range r.Options {
				if !yield(i) {
					return
				}
			}
		})).Draw(t, "order")
		for rank, option := range order[:rapid.IntRange(0, r.Options).Draw(t, "ranked")] {
			p[option] = rank + 1
		}
		return p
	}
	for i := range p {
		p[i] = rapid.IntRange(paper.Blank, 2).Draw(t, "mark")
	}
	return p
}

func (e election) count(t *rapid.T, papers []paper.Bundle) (count.Result, *count.Result) {
	t.Helper()
	if err := e.method.Check(e.setup, e.options); err != nil {
		t.Fatalf("%s cannot be held: %v", e.method.Name, err)
	}
	r, plain, err := e.method.Count(e.setup, e.options, papers, 1, e.seed)
	if err != nil {
		t.Fatalf("%s does not count what its rule accepts: %v", e.method.Name, err)
	}
	return r, plain
}

func text(t *rapid.T, r count.Result) string {
	t.Helper()
	out, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestCount_WhatChecksAcceptIsCounted: a poll that could be made and papers that could be cast never keep it from closing.
func TestCount_WhatChecksAcceptIsCounted(t *testing.T) {
	for _, m := range counted() {
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				r, _ := e.count(t, e.papers)
				most := e.setup.Seats
				switch {
				case m.Group == Money, m.Name == Times:
					most = len(e.options)
				case !m.Seats:
					most = 1
				}
				if len(r.Winners) > most {
					t.Fatalf("%d winners for %d seats", len(r.Winners), most)
				}
				if len(slices.Compact(slices.Sorted(slices.Values(r.Winners)))) != len(r.Winners) {
					t.Fatalf("somebody wins twice: %v", r.Winners)
				}
				if r.Method != string(m.Name) || r.Version != m.Version {
					t.Fatalf("the result says it is %s version %s", r.Method, r.Version)
				}
			})
		})
	}
}

func TestCount_TheOrderOfPapersChangesNothing_AndAWeightOfTwoIsTwoPapers(t *testing.T) {
	for _, m := range counted() {
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				r, _ := e.count(t, e.papers)
				shuffled, _ := e.count(t, rapid.Permutation(e.papers).Draw(t, "shuffled"))
				if text(t, r) != text(t, shuffled) {
					t.Fatalf("%s\nin another order:\n%s", text(t, r), text(t, shuffled))
				}
				var single []paper.Bundle
				for _, b := range e.papers {
					for range b.Weight {
						single = append(single, paper.Bundle{Paper: b.Paper, Weight: 1})
					}
				}
				if one, _ := e.count(t, single); text(t, r) != text(t, one) {
					t.Fatalf("%s\none by one:\n%s", text(t, r), text(t, one))
				}
			})
		})
	}
}

// TestCount_ParityHoldsWhereItCan: as many of the group are elected as the rule asks, or as stand, if anybody is elected.
func TestCount_ParityHoldsWhereItCan(t *testing.T) {
	for _, m := range counted() {
		if !m.Parity() {
			continue
		}
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				if e.setup.Alternate {
					e.setup.Alternate, e.setup.ParityAtLeast = false, rapid.IntRange(0, e.setup.Seats).Draw(t, "at least")
				}
				r, plain := e.count(t, e.papers)
				stand, elected := 0, 0
				for i, o := range e.options {
					if o.InGroup {
						stand++
						if slices.Contains(r.Winners, i) {
							elected++
						}
					}
				}
				if want := min(e.setup.ParityAtLeast, stand, e.setup.Seats); len(r.Winners) > 0 && elected < want {
					t.Fatalf("%d of the group elected, want %d: %v", elected, want, r.Winners)
				}
				if plain != nil && slices.Equal(plain.Winners, r.Winners) {
					t.Fatal("said to have changed what it did not")
				}
			})
		})
	}
}

// TestCount_AListThatAlternates: as long as there are of both, no two neighbours are of one side.
func TestCount_AListThatAlternates(t *testing.T) {
	for _, m := range counted() {
		if !m.Ranks() {
			continue
		}
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				e.setup.Alternate, e.setup.ParityAtLeast, e.setup.Seats = true, 0, len(e.options)
				r, _ := e.count(t, e.papers)
				left := map[bool]int{}
				for _, w := range r.Winners {
					left[e.options[w].InGroup]++
				}
				for i, w := range r.Winners {
					in := e.options[w].InGroup
					if i > 0 && left[!in] > 0 && e.options[r.Winners[i-1]].InGroup == in {
						t.Fatalf("place %d is of the side of the place before while others are left: %v", i+1, r.Winners)
					}
					left[in]--
				}
			})
		})
	}
}

// TestCount_ScaledWeightsGiveScaledFigures: choosing by class is the fraction that one finds by hand. Two classes of
// shares 60 and 40 with 3 and 7 votes: one vote weighs 20 and 40/7, by 7: 140 and 40.
func TestCount_ScaledWeightsGiveScaledFigures(t *testing.T) {
	m, _ := ByName(Choose)
	options := []Option{{Label: "A"}, {Label: "B"}}
	papers := []paper.Bundle{{Paper: paper.Paper{1, paper.Blank}, Weight: 1*140 + 5*40}, {Paper: paper.Paper{paper.Blank, 1}, Weight: 2*140 + 2*40}}
	r, _, err := m.Count(Setup{Seats: 1, Most: 1}, options, papers, 7, "x")
	if err != nil {
		t.Fatal(err)
	}
	// By hand: A has 60/3 + 5×40/7 = 340/7, B has 2×60/3 + 2×40/7 = 360/7.
	for option, want := range []*big.Rat{big.NewRat(340, 7), big.NewRat(360, 7)} {
		got := r.Rounds[0].Tally[option].Votes.Ratio().Rat()
		if got.Quo(got, new(big.Rat).SetInt64(r.Scale)).Cmp(want) != 0 {
			t.Errorf("option %d has %s, want %s", option, got, want)
		}
	}
	if !slices.Equal(r.Winners, []int{1}) {
		t.Errorf("winners %v", r.Winners)
	}
}

// TestCount_DebiansQuorumIsOfVoters: by hand, two classes of 60 and 40 parts with 2 and 10 voters; votes weigh 30 and 4.
// A has 9 voters of the second class over D, in weight 36 against 4 and the 60 of the first, who rank nothing of the two.
func TestCount_DebiansQuorumIsOfVoters(t *testing.T) {
	m, _ := ByName(Debian)
	options := []Option{{Label: "A"}, {Label: "B"}, {Label: "D"}}
	papers := []paper.Bundle{{Paper: paper.Paper{1, paper.Blank, 2}, Weight: 36, Voters: 9}, {Paper: paper.Paper{paper.Blank, paper.Blank, 1}, Weight: 4, Voters: 1}, {Paper: paper.Paper{paper.Blank, 1, paper.Blank}, Weight: 60, Voters: 2}}
	for quorum, want := range map[int][]int{2: {1}, 3: {0}, 9: {0}, 10: {2}} {
		r, _, err := m.Count(Setup{Default: 3, DefaultQuorum: quorum}, options, papers, 30, "x")
		if err != nil || !slices.Equal(r.Winners, want) {
			t.Errorf("with a quorum of %d: %v win, want %v (%v)", quorum, r.Winners, want, err)
		}
	}
}

// TestCount_EqualSharesSayTheirStep: one unit of the currency, or half a hundredth of a share where that is more; of 1000.00
// for two voters, 500.00 each, it is 2.50. Votes of weight 7 are the same voters.
func TestCount_EqualSharesSayTheirStep(t *testing.T) {
	m, _ := ByName(EqualShares)
	options := []Option{{Label: "A", CostCents: 100_00}}
	for amount, want := range map[int64]count.Figure{150_00: "100", 400_00: "100", 1000_00: "250"} {
		for _, scale := range []int64{1, 7} {
			r, _, err := m.Count(Setup{AmountCents: amount}, options, []paper.Bundle{{Paper: paper.Paper{1}, Weight: 2 * scale}}, scale, "x")
			if err != nil || r.Step != want {
				t.Errorf("%d for two: a step of %s, want %s (%v)", amount, r.Step, want, err)
			}
		}
	}
	greedy, _ := ByName(Greedy)
	if r, _, err := greedy.Count(Setup{AmountCents: 100_00}, options, nil, 1, "x"); err != nil || r.Step != "" {
		t.Errorf("a count by votes has the step %q (%v)", r.Step, err)
	}
}

func TestCheck_SaysWhatCannotBeHeld(t *testing.T) {
	two := []Option{{Label: "A", CostCents: 100}, {Label: "B", CostCents: 200}}
	for _, c := range []struct {
		name    Name
		setup   Setup
		options []Option
		field   string
	}{
		{Choose, Setup{Seats: 1, Most: 1}, two, ""},
		{Choose, Setup{Seats: 3, Most: 1}, two, "seats"},
		{Choose, Setup{Seats: 1, Most: 0}, two, "most"},
		{IRV, Setup{Most: 3}, two, "most"},
		{IRV, Setup{Most: -1}, two, "most"},
		{Schulze, Setup{Seats: 1, Most: 2}, two, ""},
		{Scottish, Setup{Seats: 1}, two, ""},
		{Choose, Setup{Seats: 1, Most: 1}, two[:1], "options"},
		{Choose, Setup{Seats: 1, Most: 1}, []Option{{Label: "A"}, {Label: ""}}, "options"},
		{Choose, Setup{Seats: 1, Most: 1}, []Option{{Label: "A"}, {Label: "a"}}, "options"},
		{Choose, Setup{Seats: 1, Most: 1}, []Option{{Label: "A"}, {Label: ""}}, "options"},
		{Choose, Setup{Seats: 1, Most: 1}, []Option{{Label: "A"}, {Label: "B\nC"}}, "options"},
		{Choose, Setup{Seats: 1, Most: 1}, []Option{{Label: "A"}, {Label: "A "}}, "options"},
		{Choose, Setup{Seats: 2, Most: 1, ParityAtLeast: 3}, two, "parity_at_least"},
		{Choose, Setup{Seats: 2, Most: 1, ParityAtLeast: 1, Alternate: true}, two, "parity_at_least"},
		{Schulze, Setup{Seats: 2, Alternate: true}, two, ""},
		{Score, Setup{Seats: 1, Top: 7, Blanks: BlanksZero}, two, "top"},
		{Score, Setup{Seats: 1, Top: 5, Blanks: "x"}, two, "blanks"},
		{Dots, Setup{Seats: 1}, two, "dots"},
		{Greedy, Setup{}, two, "amount"},
		{Greedy, Setup{AmountCents: 100}, []Option{{Label: "A"}}, "options"},
		{Greedy, Setup{AmountCents: 199}, two, "options"},
		{EqualShares, Setup{AmountCents: 199}, two, "options"},
		{EqualShares, Setup{AmountCents: 200}, two, ""},
		{Times, Setup{}, two[:1], ""},
		{Sortition, Setup{}, nil, "seats"},
		{Consensus, Setup{StandAsides: -1}, nil, "stand_asides"},
		{Consent, Setup{}, nil, ""},
	} {
		m, _ := ByName(c.name)
		err := m.Check(c.setup, c.options)
		f, _ := fault.As(err)
		if c.field == "" && err != nil || c.field != "" && (f == nil || f.Details()[0].Field != c.field) {
			t.Errorf("%s %+v: %v, want a fault on %q", c.name, c.setup, err, c.field)
		}
	}
}

func TestCheck_WithoutOptions_OnlyTheyAreMissing(t *testing.T) {
	for _, m := range All() {
		if !m.Offers() {
			continue
		}
		s := Setup{Seats: 3, Most: 2, Top: 5, Blanks: BlanksZero, Dots: 5, AmountCents: 100, Default: 2}
		f, _ := fault.As(m.Check(s, nil))
		if f == nil {
			t.Errorf("%s is held without options", m.Name)
			continue
		}
		for _, d := range f.Details() {
			if d.Field != "options" {
				t.Errorf("%s without options: %s is said to be wrong", m.Name, d.Field)
			}
		}
	}
}
