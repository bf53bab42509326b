package budget

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
)

type method func([]Project, []paper.Bundle, money.Cents, Options) (count.Result, error)

var methods = map[string]method{"greedy": Greedy, "equal shares": EqualShares}

// The town of equalshares.net's explanation: eleven voters, 1100, five projects.
var town = []Project{{"bike path", 70000}, {"outdoor gym", 40000}, {"new park", 25000}, {"new playground", 20000}, {"library for kids", 10000}}

// papers reads a row of crosses for each project, a column for each voter.
func papers(rows ...string) []paper.Bundle {
	all := make([]paper.Bundle, len(rows[0]))
	for v := range all {
		all[v].Weight = 1
		for _, row := range rows {
			mark := 0
			if row[v] == 'x' {
				mark = 1
			}
			all[v].Paper = append(all[v].Paper, mark)
		}
	}
	return all
}

var (
	example1 = papers("xxxxxx....x", "xxxxxx.....", ".x.xx.x..x.", "......xxxx.", "......x.xx.")
	example2 = papers("xxxxxx.....", "xxxxxx....x", ".x.xx.x..x.", "......xxxx.", "......x.xx.")
)

func TestGreedy_TheTownGetsTwoProjectsForTheSameVoters(t *testing.T) {
	r := counted(t, Greedy, town, example1, 110000, Options{})
	if !slices.Equal(r.Winners, []int{0, 1}) {
		t.Errorf("funded %v", r.Winners)
	}
	if got := acts(r); got != "fund 0 70000 by_votes, fund 1 40000 by_votes, pass 2 25000 does_not_fit, pass 3 20000 does_not_fit, pass 4 10000 does_not_fit" {
		t.Errorf("acts: %s", got)
	}
}

// Published at equalshares.net/explanation, example 1: bike path, playground, library.
func TestEqualShares_TheTownsFirstExample(t *testing.T) {
	r := counted(t, EqualShares, town, example1, 110000, Options{})
	if !slices.Equal(r.Winners, []int{0, 3, 4}) {
		t.Errorf("funded %v", r.Winners)
	}
	if r.Quota != "10000" || r.Rounds[0].Quota != "10000" || r.Step != "100" {
		t.Errorf("a share of %s, used %s, raised by %s", r.Quota, r.Rounds[0].Quota, r.Step)
	}
	// 100.00 from each of 7, then 50.00 from each of 4, then 33.33⅓ from each of 3.
	want := "fund 0 70000 equal_shares 10000, " +
		"pass 1 40000 supporters_have_less 0, pass 2 25000 supporters_have_less 20000, fund 3 20000 equal_shares 5000, " +
		"fund 4 10000 equal_shares 10000/3, pass 1 40000 does_not_fit, pass 2 25000 does_not_fit"
	if got := acts(r); got != want {
		t.Errorf("acts:\n%s\nwant\n%s", got, want)
	}
	if votes := r.Rounds[0].Tally; votes[0].Votes != "7" || votes[1].Votes != "6" || votes[4].Votes != "3" {
		t.Errorf("effective votes at the start: %v", votes)
	}
}

// Example 2: gym, park, playground. The page rounds: the park has 4.1 effective votes because two voters
// pay 60.71 and three the 42.86 that they have left; the playground has 3.2.
func TestEqualShares_TheTownsSecondExample(t *testing.T) {
	b, err := open(EqualSharesMethod, town, example2, 110000, Options{})
	if err != nil {
		t.Fatal(err)
	}
	share := ratio.New(110000, 11)
	b.tellRun(b.runWhole(share), share)
	r := b.result
	if !slices.Equal(r.Winners, []int{1, 2, 3}) {
		t.Fatalf("funded %v", r.Winners)
	}
	// The bike path's six supporters have 600 at the start, and it costs 700.
	if got := acts(r); !strings.HasPrefix(got, "pass 0 70000 supporters_have_less 60000, fund 1 40000 equal_shares 40000/7, ") {
		t.Errorf("acts: %s", got)
	}
	// (25000 − 3·30000/7)/2 = 42500/7 = 60.71; 25000/(42500/7) = 70/17 = 4.12.
	park := r.Rounds[1]
	if fund := park.Acts[len(park.Acts)-1]; fund.Option != 2 || fund.Pays != "42500/7" || park.Tally[2].Votes != "70/17" {
		t.Errorf("the park: %+v with %s effective votes", fund, park.Tally[2].Votes)
	}
	// 20000/(42500/7) = 56/17 = 3.29.
	if votes := r.Rounds[2].Tally[3].Votes; votes != "56/17" {
		t.Errorf("the playground has %s effective votes", votes)
	}
}

// The share grows by whole steps until what is funded exhausts the amount; the rest goes by votes.
func TestEqualShares_SharesAreRaisedUntilTheAmountIsExhausted(t *testing.T) {
	// Two voters have 5.00 each; the only project of each costs 6.00 and 3.00.
	r := counted(t, EqualShares, []Project{{"a", 600}, {"b", 300}}, papers("x.", ".x"), 1000, Options{})
	if !slices.Equal(r.Winners, []int{1, 0}) && !slices.Equal(r.Winners, []int{0, 1}) {
		t.Errorf("funded %v", r.Winners)
	}
	if r.Quota != "500" || r.Rounds[0].Quota != "600" {
		t.Errorf("the share of %s was raised to %s, want 600", r.Quota, r.Rounds[0].Quota)
	}
	// One of 7.00 would be too much with the other: it is never reached.
	r = counted(t, EqualShares, []Project{{"a", 800}, {"b", 300}, {"c", 700}}, papers("x..", ".xx", "xx."), 1000, Options{})
	if total := spent(r); total > 1000 {
		t.Errorf("spent %d", total)
	}
}

func TestTies_LowerCostThenVotesThenTheSameLotEverywhere(t *testing.T) {
	r := counted(t, Greedy, []Project{{"a", 500}, {"b", 400}}, papers("x", "x"), 1000, Options{})
	if !slices.Equal(r.Winners, []int{1, 0}) || r.Rounds[0].Acts[0].Rule != RuleLowerCost || len(r.Lots) != 0 {
		t.Errorf("the lower cost does not come first: %v, %v", r.Winners, r.Rounds[0].Acts)
	}
	alike := []Project{{"a", 500}, {"b", 500}, {"c", 500}}
	for name, m := range methods {
		for _, seed := range []lot.Seed{"abc", "abd", "abe"} {
			r := counted(t, m, alike, papers("xx", "xx", "xx"), 1000, Options{Breaker: lot.Breaker{Seed: seed}})
			order := lot.Breaker{Seed: seed}.Order("budget", []int{0, 1, 2})
			if !slices.Equal(r.Winners, order[:2]) || len(r.Lots) == 0 || !slices.Equal(r.Lots[0].Chosen, order) {
				t.Errorf("%s: funded %v, drawn %v, lots %v", name, r.Winners, order, r.Lots)
			}
		}
	}
}

// Voter 1 has nothing left after "x", so that "a" and "b" both have 2 effective votes; "a" had 3 at the start.
func TestEqualShares_AmongEqualCostsMoreVotesAtTheStartComeFirst(t *testing.T) {
	for _, seed := range []lot.Seed{"a", "b", "c", "d", "e"} {
		r := counted(t, EqualShares, []Project{{"x", 400}, {"b", 100}, {"a", 100}}, papers("x....xxx", "...xx...", "xxx....."), 800,
			Options{Breaker: lot.Breaker{Seed: seed}})
		if !slices.Equal(r.Winners, []int{0, 2, 1}) || r.Rounds[1].Acts[0].Rule != RuleMoreVotes || len(r.Lots) != 0 {
			t.Fatalf("funded %v, round 2 %+v, lots %v", r.Winners, r.Rounds[1].Acts, r.Lots)
		}
	}
}

func TestFaults_WhatCannotBeCountedIsRefused(t *testing.T) {
	one := []Project{{"a", 1}}
	for name, m := range methods {
		for key, try := range map[string]func() error{
			"budget.no_projects": func() error { _, err := m(nil, nil, 1, Options{}); return err },
			"budget.no_cost":     func() error { _, err := m([]Project{{"a", 0}}, nil, 1, Options{}); return err },
			"budget.no_amount":   func() error { _, err := m(one, nil, 0, Options{}); return err },
		} {
			if err := try(); !fault.Has(err, key) {
				t.Errorf("%s: %v, want %s", name, err, key)
			}
		}
		for _, bad := range []paper.Bundle{{Paper: paper.Paper{1, 0}, Weight: 1}, {Paper: paper.Paper{1}, Weight: 0}, {Paper: paper.Paper{1}, Weight: 1<<62 + 1}} {
			if _, err := m(one, []paper.Bundle{bad}, 1, Options{}); err == nil {
				t.Errorf("%s counted %v", name, bad)
			}
		}
		r := counted(t, m, one, []paper.Bundle{{Paper: paper.Paper{0}, Weight: 3}, {Paper: paper.Paper{paper.Blank}, Weight: 1}}, 5, Options{})
		if len(r.Winners) != 0 || r.Papers != "4" || r.Valid != "0" {
			t.Errorf("%s: nobody approves, and yet %+v", name, r)
		}
	}
}

// poll is a small vote with its people, for the oracle.
type poll struct {
	projects []Project
	costs    []int64
	people   []map[int]bool
	papers   []paper.Bundle
	amount   int64
	step     int64
	seed     lot.Seed
}

func anyPoll(t *rapid.T) poll {
	p := poll{amount: rapid.Int64Range(1, 60).Draw(t, "amount"), step: rapid.Int64Range(1, 5).Draw(t, "step"),
		seed: lot.Seed(rapid.StringMatching(`[a-f]{2}`).Draw(t, "seed"))}
	n := rapid.IntRange(1, 6).Draw(t, "projects")
	for i := range n {
		cost := rapid.Int64Range(1, 40).Draw(t, "cost")
		p.costs, p.projects = append(p.costs, cost), append(p.projects, Project{fmt.Sprint("p", i), money.Cents(cost)})
	}
	for range rapid.IntRange(0, 7).Draw(t, "papers") {
		b := paper.Bundle{Weight: rapid.Int64Range(1, 3).Draw(t, "weight")}
		approves := map[int]bool{}
		for i := range n {
			mark := rapid.SampledFrom([]int{paper.Blank, 0, 1, 1}).Draw(t, "mark")
			b.Paper = append(b.Paper, mark)
			approves[i] = mark == 1
		}
		p.papers = append(p.papers, b)
		for range b.Weight {
			if b.Paper.Given() > 0 {
				p.people = append(p.people, approves)
			}
		}
	}
	return p
}

func (p poll) options() Options {
	return Options{Breaker: lot.Breaker{Seed: p.seed}, Step: ratio.Int(p.step)}
}

func TestBothMethods_AgreeWithASlowCountOfEachPerson(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoll(t)
		amount := money.Cents(p.amount)
		if got, want := counted(t, Greedy, p.projects, p.papers, amount, p.options()).Winners, slowGreedy(p.costs, p.people, p.amount, p.seed); !slices.Equal(got, want) {
			t.Fatalf("greedy funds %v, slowly %v", got, want)
		}
		r := counted(t, EqualShares, p.projects, p.papers, amount, p.options())
		want, share := slowEqualShares(p.costs, p.people, p.amount, p.step, p.seed)
		if !slices.Equal(r.Winners, want) {
			t.Fatalf("equal shares funds %v, slowly %v", r.Winners, want)
		}
		for _, round := range r.Rounds {
			if round.Quota != "" && string(round.Quota) != share.RatString() {
				t.Fatalf("round %d: a share of %s, slowly %s", round.Number, round.Quota, share.RatString())
			}
			if round.Quota == "" {
				continue
			}
			if raises := round.Quota.Ratio().Sub(r.Quota.Ratio()).Div(r.Step.Ratio()); !raises.IsInt() || raises.Sign() < 0 {
				t.Fatalf("from %s to %s are %s steps of %s", r.Quota, round.Quota, raises, r.Step)
			}
		}
	})
}

func TestBothMethods_KeepTheEquations(t *testing.T) {
	for name, m := range methods {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				p := anyPoll(t)
				r := counted(t, m, p.projects, p.papers, money.Cents(p.amount), p.options())
				if spent(r) > p.amount || spent(r) != total(p.costs, r.Winners) {
					t.Fatalf("spends %d of %d, the funded cost %d", spent(r), p.amount, total(p.costs, r.Winners))
				}
				for _, w := range r.Winners {
					if supporters(p.people, w) == 0 {
						t.Fatalf("%d is funded and nobody approves it", w)
					}
				}
				if fits := affordable(p.costs, p.people, r.Winners, p.amount); len(fits) > 0 {
					t.Fatalf("%v still fit", fits)
				}
				same(t, "papers in another order", r, counted(t, m, p.projects, rapid.Permutation(p.papers).Draw(t, "order"), money.Cents(p.amount), p.options()))
				same(t, "each of weight 1", r, counted(t, m, p.projects, apart(p.papers), money.Cents(p.amount), p.options()))
				o := p.options()
				o.Scale = 3
				if heavier := counted(t, m, p.projects, heavier(p.papers, 3), money.Cents(p.amount), o); !slices.Equal(heavier.Winners, r.Winners) || heavier.Quota != r.Quota {
					t.Fatalf("with every weight thrice %v, share %s; before %v, %s", heavier.Winners, heavier.Quota, r.Winners, r.Quota)
				}
			})
		})
	}
}

func TestEqualShares_AGroupLargeEnoughForItsOnlyProjectGetsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoll(t)
		cost := rapid.Int64Range(1, p.amount).Draw(t, "cost")
		p.projects = append(p.projects, Project{"theirs", money.Cents(cost)})
		theirs := make(paper.Paper, len(p.projects))
		theirs[len(p.projects)-1] = 1
		others := int64(0)
		for i := range p.papers {
			p.papers[i].Paper = append(p.papers[i].Paper, rapid.IntRange(0, 1).Draw(t, "too"))
			others += p.papers[i].Weight
		}
		// The least group with group·amount >= (group+others)·cost, where there is one.
		group := int64(1)
		for cost < p.amount && group*p.amount < (group+others)*cost {
			group++
		}
		if cost == p.amount && others > 0 {
			return // nobody else may be there when it takes the whole amount
		}
		r := counted(t, EqualShares, p.projects, append(p.papers, paper.Bundle{Paper: theirs, Weight: group}), money.Cents(p.amount), p.options())
		if !slices.Contains(r.Winners, len(p.projects)-1) {
			t.Fatalf("%d of %d voters do not get their project of %d from %d: %v", group, group+others, cost, p.amount, r.Winners)
		}
	})
}

// What each supporter pays adds up to the cost: the arithmetic in the rounds can be followed by hand.
func TestEqualShares_PaymentsInTheRoundsAddUpToTheCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPoll(t)
		r := counted(t, EqualShares, p.projects, p.papers, money.Cents(p.amount), p.options())
		left := make([]ratio.Ratio, len(p.people))
		for _, round := range r.Rounds {
			for _, act := range round.Acts {
				if act.Kind != count.ActFund || act.Rule != RuleEqualShares {
					continue
				}
				paid := ratio.Ratio{}
				for i, approves := range p.people {
					if len(r.Rounds) > 0 && round.Number == 1 {
						left[i] = round.Quota.Ratio()
					}
					if approves[act.Option] {
						pays := ratio.Min(left[i], act.Pays.Ratio())
						left[i], paid = left[i].Sub(pays), paid.Add(pays)
					}
				}
				if !paid.Equal(act.Votes.Ratio()) {
					t.Fatalf("round %d: %s paid for a cost of %s", round.Number, paid, act.Votes)
				}
			}
		}
	})
}

func counted(t interface{ Fatal(...any) }, m method, projects []Project, papers []paper.Bundle, amount money.Cents, o Options) count.Result {
	r, err := m(projects, papers, amount, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func spent(r count.Result) (cents int64) {
	for _, round := range r.Rounds {
		for _, act := range round.Acts {
			if act.Kind == count.ActFund {
				var n int64
				_, _ = fmt.Sscan(string(act.Votes), &n)
				cents += n
			}
		}
	}
	return cents
}

func acts(r count.Result) string {
	out := ""
	for _, round := range r.Rounds {
		for _, a := range round.Acts {
			out += fmt.Sprintf(", %s %d %s %s", a.Kind, a.Option, a.Votes, a.Rule)
			if a.Pays != "" {
				out += " " + string(a.Pays)
			}
		}
	}
	return out[2:]
}

func same(t *rapid.T, what string, a, b count.Result) {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	if string(x) != string(y) {
		t.Fatalf("%s:\n%s\n%s", what, x, y)
	}
}

func apart(papers []paper.Bundle) (all []paper.Bundle) {
	for _, p := range papers {
		for range p.Weight {
			all = append(all, paper.Bundle{Paper: p.Paper, Weight: 1})
		}
	}
	return all
}

func heavier(papers []paper.Bundle, times int64) (all []paper.Bundle) {
	for _, p := range papers {
		all = append(all, paper.Bundle{Paper: p.Paper, Weight: p.Weight * times})
	}
	return all
}

// A cooperative of 400 with 20 projects, and one project that only one member wants and that
// would take thousands of raises.
func BenchmarkEqualShares(b *testing.B) {
	projects := []Project{{"a dream", 9_000_000}}
	for i := range 20 {
		projects = append(projects, Project{fmt.Sprint("p", i), money.Cents(100_000 + 37_300*i)})
	}
	var all []paper.Bundle
	for v := range 400 {
		p := make(paper.Paper, len(projects))
		for k := range 4 {
			p[1+(v*v+k*k*7+v*k)%20] = 1
		}
		if v == 0 {
			p[0] = 1
		}
		all = append(all, paper.Bundle{Paper: p, Weight: 1})
	}
	for b.Loop() {
		if _, err := EqualShares(projects, all, 19_000_000, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
