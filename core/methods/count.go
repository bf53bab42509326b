package methods

import (
	"fmt"
	"slices"

	"socia/core/ballots"
	"socia/core/budget"
	"socia/core/condorcet"
	"socia/core/count"
	"socia/core/irv"
	"socia/core/lot"
	"socia/core/marks"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
	"socia/core/seats"
	"socia/core/stv"
)

// Count counts the papers of a method that has any. Weights are whole; lots are
// drawn from the seed. When a parity rule holds and changed who won, plain is the
// count without it; else it is nil. A rule that asks for more of the group than
// stand asks for all who do: nobody is elected who does not stand.
//
// The error means that the caller's data is wrong, not that a vote was lost.
func (m Method) Count(s Setup, options []Option, papers []paper.Bundle, scale int64, seed lot.Seed) (result count.Result, plain *count.Result, err error) {
	j := job{method: m, setup: s, options: options, papers: papers, scale: max(scale, 1), lots: lot.Breaker{Seed: seed}}
	atLeast := j.atLeast()
	if result, err = j.run(atLeast); err != nil {
		return result, nil, err
	}
	result.Scale = j.scale
	if j.method.Name == Score && s.Blanks == BlanksAverage {
		result.Scale = 1 // an average is in scores, whatever a vote weighs
	}
	if s.Alternate && m.Ranks() {
		return j.alternated(result)
	}
	if atLeast == 0 {
		return result, nil, nil
	}
	without, err := j.run(0)
	if err != nil {
		return result, nil, err
	}
	if entered, _ := stv.Effect(result, without); len(entered) > 0 {
		without.Scale = result.Scale
		plain = &without
	}
	return result, plain, nil
}

// alternated makes of the order of all options a list in which the group and the others take turns, the better placed of
// each first, as far as there are of both; it begins with whoever is first. Tied options stand in the order of one lot, whose
// name is that of core/seats: where it has decided who is elected already, it decides the list alike.
func (j job) alternated(plain count.Result) (result count.Result, without *count.Result, err error) {
	if len(plain.Winners) == 0 {
		return plain, nil, nil
	}
	var order []int
	for _, tied := range plain.Order {
		if len(tied) > 1 {
			what := fmt.Sprintf("place %d", len(order)+1)
			drawn := count.Lot{What: what, Among: tied, Chosen: j.lots.Order(what, tied)}
			if at := slices.IndexFunc(plain.Lots, func(l count.Lot) bool { return l.What == what }); at >= 0 {
				plain.Lots[at] = drawn
			} else {
				plain.Lots = append(plain.Lots, drawn)
			}
			tied = drawn.Chosen
		}
		order = append(order, tied...)
	}
	plain.Winners = order[:j.seats()]
	result = plain
	list := seats.AlternatingList(order, members(j.group()))
	result.Winners = list[:j.seats()]
	if slices.Equal(result.Winners, plain.Winners) {
		return result, nil, nil
	}
	return result, &plain, nil
}

// job is one count.
type job struct {
	method  Method
	setup   Setup
	options []Option
	papers  []paper.Bundle
	scale   int64 // what a vote of weight one weighs
	lots    lot.Breaker
}

// atLeast is how many of the group the parity rule can ask for: no more than stand.
func (j job) atLeast() int {
	if !j.method.Parity() {
		return 0
	}
	stand := 0
	for _, o := range j.options {
		if o.InGroup {
			stand++
		}
	}
	return min(j.setup.ParityAtLeast, stand, j.seats())
}

func (j job) seats() int { return min(max(j.setup.Seats, 1), len(j.options)) }

func (j job) names() []string {
	names := make([]string, len(j.options))
	for i, o := range j.options {
		names[i] = o.Label
	}
	return names
}

func (j job) group() []bool {
	group := make([]bool, len(j.options))
	for i, o := range j.options {
		group[i] = o.InGroup
	}
	return group
}

// members lists the options of a group.
func members(group []bool) (all []int) {
	for i, in := range group {
		if in {
			all = append(all, i)
		}
	}
	return all
}

func (j job) run(atLeast int) (count.Result, error) {
	switch j.method.Form {
	case paper.Rank:
		return j.ranked(atLeast)
	case paper.Approve:
		if j.method.Group == Money {
			return j.budget()
		}
		return j.marked(atLeast)
	case paper.Choose, paper.Score, paper.Dots, paper.OptIn, paper.Times:
		return j.marked(atLeast)
	case paper.Motion, paper.Consent, paper.Consensus, paper.Advice:
	}
	return count.Result{}, fmt.Errorf("methods: %s has no papers to count", j.method.Name)
}

// ranked counts ranked papers.
func (j job) ranked(atLeast int) (count.Result, error) {
	r, err := ballots.OfPapers(j.papers)
	if err != nil {
		return count.Result{}, err
	}
	transferable := stv.Options{Seats: j.seats(), Lots: j.lots}
	if atLeast > 0 {
		transferable.Parity = &stv.Parity{Group: j.group(), AtLeast: atLeast}
	}
	switch j.method.Name {
	case IRV:
		return irv.Count(r, j.names(), irv.Options{Lots: j.lots})
	case Scottish:
		return stv.Scottish(r, j.names(), transferable)
	case WIGM:
		return stv.WIGM(r, j.names(), transferable)
	case Meek:
		return stv.Meek(r, j.names(), transferable)
	case Borda:
		return condorcet.Borda(r, j.names(), condorcet.UnrankedShare, condorcet.Options{Seats: j.seats(), Lots: j.lots})
	case Schulze, RankedPairs, Debian:
		return j.paired(r)
	case Motion, Choose, Approval, Score, Dots, OptIn, Times, Greedy, EqualShares, Consent, Consensus, Advice, Sortition:
	}
	return count.Result{}, fmt.Errorf("methods: %s does not rank", j.method.Name)
}

// paired counts by comparing pairs.
func (j job) paired(r *ballots.Rankings) (count.Result, error) {
	m := condorcet.NewMatrix(len(j.options))
	for i := range r.Len() {
		weight, paper := r.Paper(i)
		if err := m.Take(weight, paper); err != nil {
			return count.Result{}, err
		}
	}
	o := condorcet.Options{Seats: j.seats(), Lots: j.lots}
	switch j.method.Name { //nolint:exhaustive // the others are not counted in pairs
	case Schulze:
		return condorcet.Schulze(m, j.names(), o)
	case RankedPairs:
		return condorcet.RankedPairs(m, j.names(), o)
	}
	return condorcet.Debian(m, j.names(), j.debian())
}

// debian is what Debian's procedure is told. The quorum is of voters, as in A.5.2 of Debian's Constitution: where votes
// weigh by class, whoever prefers an option to the default one is counted once, whatever the vote weighs. The majority
// is of weights. So two classes of 60 and 40 parts with 2 and 10 voters reach a quorum of 9 with 9 voters of the second,
// who weigh 36 of 100.
func (j job) debian() condorcet.DebianOptions {
	o := condorcet.DebianOptions{Default: condorcet.NoDefault, Lots: j.lots}
	if j.setup.Default < 1 || j.setup.Default > len(j.options) {
		return o
	}
	o.Default, o.Quorum = j.setup.Default-1, int64(j.setup.DefaultQuorum)
	if slices.ContainsFunc(j.papers, func(b paper.Bundle) bool { return b.Voters > 0 && b.Voters != b.Weight }) {
		o.Voters = j.voters(o.Default)
	}
	if j.setup.DefaultMajority > 1 {
		o.Supermajority = make(map[int]ratio.Ratio, len(j.options))
		for i := range j.options {
			o.Supermajority[i] = ratio.Int(int64(j.setup.DefaultMajority))
		}
	}
	return o
}

// voters is how many prefer each option to the default one; what is not ranked comes after all that is.
func (j job) voters(standard int) []int64 {
	all := make([]int64, len(j.options))
	for _, b := range j.papers {
		for option, rank := range b.Paper {
			if rank != paper.Blank && (b.Paper[standard] == paper.Blank || rank < b.Paper[standard]) {
				all[option] += j.votersOf(b)
			}
		}
	}
	return all
}

func (j job) budget() (count.Result, error) {
	projects := make([]budget.Project, len(j.options))
	for i, o := range j.options {
		projects[i] = budget.Project{Name: o.Label, Cost: money.Cents(o.CostCents)}
	}
	o := budget.Options{Breaker: j.lots, Scale: j.scale, Step: j.step()}
	if j.method.Name == Greedy {
		return budget.Greedy(projects, j.papers, money.Cents(j.setup.AmountCents), o)
	}
	return budget.EqualShares(projects, j.papers, money.Cents(j.setup.AmountCents), o)
}

// step is by how much equal shares are raised at a time: one unit of the currency for a voter of average weight, or half a
// hundredth of a share where that is more, so that a large budget is counted in seconds. So it does not matter in which
// unit weights are told.
func (j job) step() ratio.Ratio {
	var voters, weight int64
	for _, b := range j.papers {
		if b.Paper.Given() > 0 {
			voters += j.votersOf(b)
			weight += b.Weight
		}
	}
	if voters == 0 || weight <= 0 {
		return ratio.Int(int64(budget.DefaultStep))
	}
	cents := max(int64(budget.DefaultStep), j.setup.AmountCents/voters/200)
	average := ratio.New(weight, voters)
	return ratio.Int(cents).Mul(ratio.Int(j.scale)).Div(average)
}

// votersOf is how many votes a bundle is, whatever they weigh.
func (j job) votersOf(b paper.Bundle) int64 {
	if b.Voters > 0 {
		return b.Voters
	}
	return max(b.Weight/j.scale, 1)
}

// marked counts papers with marks.
func (j job) marked(atLeast int) (count.Result, error) {
	o := marks.Options{Seats: j.seats(), Most: j.setup.Most, Dots: j.setup.Dots, Lots: j.lots, Top: j.setup.Top}
	if j.setup.Blanks == BlanksAverage {
		o.Blanks = marks.BlankLeftOut
	}
	if atLeast > 0 {
		o.Parity = &seats.Parity{Group: members(j.group()), Least: atLeast}
	}
	switch j.method.Name {
	case Choose:
		return marks.Choose(j.names(), j.papers, o)
	case Approval:
		return marks.Approval(j.names(), j.papers, o)
	case Score:
		return marks.Score(j.names(), j.papers, o)
	case Dots:
		return marks.Dots(j.names(), j.papers, o)
	case OptIn:
		return marks.OptIn(j.names(), j.papers)
	case Times:
		return marks.Times(j.names(), j.papers)
	case Motion, IRV, Scottish, WIGM, Meek, Schulze, RankedPairs, Borda, Debian, Greedy, EqualShares, Consent, Consensus, Advice, Sortition:
	}
	return count.Result{}, fmt.Errorf("methods: %s has no marks to count", j.method.Name)
}
