// Package budget shares an amount out among projects that have a cost, from
// papers on which each voter approves as many projects as they like.
//
// Greedy goes by votes: the project with most votes first; one that no longer
// fits is passed over and the next one is tried. Ties go to the lower cost, then
// by lot.
//
// EqualShares is the Method of Equal Shares of Peters, Pierczyński and Skowron,
// "Proportional Participatory Budgeting with Additive Utilities" (2021), for
// approvals, with the utility of a project taken to be its cost, as
// equalshares.net recommends. Its rule is in the comment of that function.
//
// Equations, for both and for all papers:
//
//	the costs of Winners add up to the amount at the most
//	a project that nobody approves is not among Winners
//	the order of the papers, and writing two alike as one of weight 2, changes nothing
//	every weight and Options.Scale times n gives the same Winners
//	no project that somebody approves still fits in what is left
//
// and for EqualShares: voters who make up at least cost/amount of all voters
// and who approve that one project and no other get it.
//
// Amounts are whole cents. In the Result, figures of votes are weights and
// figures of money are cents.
package budget

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
)

// The names and versions of the methods in count.Result.
const (
	GreedyMethod      = "budget-greedy"
	EqualSharesMethod = "budget-equal-shares"
	Version           = "1"
)

// Project is one thing that can be funded, whole or not at all.
type Project struct {
	Name string
	Cost money.Cents // 1 or more
}

// Options are what a count needs beside the papers.
type Options struct {
	Breaker lot.Breaker
	// Scale is the weight of one voter in the papers' weights; 0 is 1.
	Scale int64
	// Step is by how many cents EqualShares raises each voter's share at a time; not above 0 is DefaultStep.
	Step ratio.Ratio
}

// DefaultStep is one unit of the currency, as equalshares.net has it.
const DefaultStep money.Cents = 100

// Why a project was funded or passed over: the Rule of ActFund and ActPass.
const (
	RuleByVotes      = "by_votes"             // it had most votes of those left
	RuleEqualShares  = "equal_shares"         // its supporters paid for it with their shares
	RuleDoesNotFit   = "does_not_fit"         // it costs more than what is left of the amount
	RuleNoVotes      = "no_votes"             // nobody approves it
	RuleCannotBePaid = "supporters_have_less" // it costs more than its supporters have left
)

// How a tie was decided: the Rule of ActTie and ActLot.
const (
	RuleLowerCost = "lower_cost"
	RuleMoreVotes = "more_votes" // of the votes at the start
	RuleLot       = "lot"
)

// drawn names the lot. It is the same in every tie, so that one drawn order decides all of
// them: the shares are raised in many steps, and a tie must not fall differently in each.
const drawn = "budget"

// Greedy funds projects by votes. Projects are told apart by their place; marks
// above 0 approve. The Result has a round for each project considered: its Tally
// are the votes, and its acts are ActFund (Votes is the cost) or ActPass.
//
// The error is a *fault.Fault when a person can have caused it:
//
//	budget.no_projects  there is nothing to fund
//	budget.no_cost      a project costs nothing or less: Args project (its name)
//	budget.no_amount    the amount is not above 0
func Greedy(projects []Project, papers []paper.Bundle, amount money.Cents, o Options) (count.Result, error) {
	b, err := open(GreedyMethod, projects, papers, amount, o)
	if err != nil {
		return count.Result{}, err
	}
	b.byVotes()
	return b.result, nil
}

// group is all papers that approve the same projects.
type group struct {
	approves []bool
	weight   int64
}

// book is a count under way.
type book struct {
	projects []Project
	groups   []group
	votes    []int64 // of each project
	voters   int64   // the weight of all groups
	amount   money.Cents
	left     money.Cents
	o        Options
	states   []count.State
	result   count.Result
}

func open(method string, projects []Project, papers []paper.Bundle, amount money.Cents, o Options) (*book, error) {
	if err := check(projects, amount); err != nil {
		return nil, err
	}
	o.Scale = max(o.Scale, 1)
	if o.Step.Sign() <= 0 {
		o.Step = ratio.Int(int64(DefaultStep))
	}
	b := &book{projects: projects, amount: amount, left: amount, o: o, votes: make([]int64, len(projects))}
	b.result = count.Result{Method: method, Version: Version, Scale: o.Scale}
	for _, p := range projects {
		b.states = append(b.states, count.Hopeful)
		b.result.Options = append(b.result.Options, p.Name)
	}
	if err := b.gather(papers); err != nil {
		return nil, err
	}
	return b, nil
}

func check(projects []Project, amount money.Cents) error {
	if len(projects) == 0 {
		return fault.Invalid("projects", "budget.no_projects")
	}
	for _, p := range projects {
		if p.Cost < 1 {
			return fault.Invalid("cost", "budget.no_cost", map[string]any{"project": p.Name})
		}
	}
	if amount < 1 {
		return fault.Invalid("amount", "budget.no_amount")
	}
	return nil
}

// gather puts alike papers together, in an order of its own, and counts the votes. A paper
// that approves nothing is counted among the papers and takes no part.
func (b *book) gather(papers []paper.Bundle) error {
	weights := make(map[string]int64)
	var all, valid int64
	for i, p := range papers {
		if len(p.Paper) != len(b.projects) || p.Weight < 1 || p.Weight > math.MaxInt64/2-all {
			return fmt.Errorf("budget: paper %d has %d marks for %d projects, or a weight of %d cannot be counted",
				i+1, len(p.Paper), len(b.projects), p.Weight)
		}
		all += p.Weight
		if key := approvals(p.Paper); strings.Contains(key, "1") {
			weights[key] += p.Weight
			valid += p.Weight
		}
	}
	for _, key := range slices.Sorted(maps.Keys(weights)) {
		g := group{approves: make([]bool, len(key)), weight: weights[key]}
		for i := range key {
			if g.approves[i] = key[i] == '1'; g.approves[i] {
				b.votes[i] += g.weight
			}
		}
		b.groups = append(b.groups, g)
	}
	b.voters = valid
	b.result.Papers, b.result.Valid = count.Whole(all), count.Whole(valid)
	return nil
}

// approvals writes what a paper approves: a digit for each project.
func approvals(p paper.Paper) string {
	key := make([]byte, len(p))
	for i, mark := range p {
		key[i] = '0'
		if mark > 0 {
			key[i] = '1'
		}
	}
	return string(key)
}

// byVotes considers every project that is still hopeful, by votes.
func (b *book) byVotes() {
	for {
		best := b.mostVotes()
		if len(best) == 0 {
			break
		}
		round := count.Round{Number: len(b.result.Rounds) + 1}
		chosen, how := b.choose(best, lowerCost)
		b.tell(&round, how)
		if b.projects[chosen].Cost <= b.left {
			b.fund(&round, chosen, count.Act{Rule: RuleByVotes})
		} else {
			b.pass(&round, chosen, RuleDoesNotFit)
		}
		b.close(round, b.votesOf)
	}
	b.passUnwanted()
}

// mostVotes lists the hopeful projects that have most votes, and at least one.
func (b *book) mostVotes() []int {
	var best []int
	most := int64(1)
	for i, n := range b.votes {
		switch {
		case b.states[i] != count.Hopeful || n < most:
		case n > most:
			best, most = []int{i}, n
		default:
			best = append(best, i)
		}
	}
	return best
}

func (b *book) passUnwanted() {
	round := count.Round{Number: len(b.result.Rounds) + 1}
	for i := range b.projects {
		if b.states[i] == count.Hopeful {
			b.pass(&round, i, RuleNoVotes)
		}
	}
	if len(round.Acts) > 0 {
		b.close(round, b.votesOf)
	}
}

func (b *book) fund(round *count.Round, option int, act count.Act) {
	act.Kind, act.Option, act.Votes = count.ActFund, option, b.cost(option)
	round.Acts = append(round.Acts, act)
	b.left -= b.projects[option].Cost
	b.states[option] = count.Elected
	b.result.Winners = append(b.result.Winners, option)
}

func (b *book) pass(round *count.Round, option int, rule string) {
	round.Acts = append(round.Acts, count.Act{Kind: count.ActPass, Option: option, Rule: rule, Votes: b.cost(option)})
	b.states[option] = count.Defeated
}

func (b *book) cost(option int) count.Figure { return count.Whole(int64(b.projects[option].Cost)) }

func (b *book) votesOf(option int) count.Figure { return count.Whole(b.votes[option]) }

// close ends a round with a line for each project.
func (b *book) close(round count.Round, votes func(option int) count.Figure) {
	for i, state := range b.states {
		round.Tally = append(round.Tally, count.Line{Option: i, Votes: votes(i), State: state})
	}
	b.result.Rounds = append(b.result.Rounds, round)
}

// preference is one rule for ties: the lowest value is favoured.
type preference struct {
	rule  string
	value func(b *book, option int) int64
}

var (
	lowerCost = preference{RuleLowerCost, func(b *book, option int) int64 { return int64(b.projects[option].Cost) }}
	moreVotes = preference{RuleMoreVotes, func(b *book, option int) int64 { return -b.votes[option] }}
)

// choice is how a tie was decided: by nothing, by one act, or by an act and the lot it tells of.
type choice struct {
	act *count.Act
	lot *count.Lot
}

// choose picks one of the tied projects by the preferences in turn, then by lot.
func (b *book) choose(tied []int, by ...preference) (option int, how choice) {
	if len(tied) == 1 {
		return tied[0], choice{}
	}
	for _, p := range by {
		favoured := b.favoured(tied, p)
		if len(favoured) == 1 {
			return favoured[0], choice{act: &count.Act{Kind: count.ActTie, Option: favoured[0], Among: tied, Rule: p.rule}}
		}
		tied = favoured
	}
	order := b.o.Breaker.Order(drawn, tied)
	return order[0], choice{
		act: &count.Act{Kind: count.ActLot, Option: order[0], Among: tied, Rule: RuleLot},
		lot: &count.Lot{What: drawn, Among: tied, Chosen: order},
	}
}

// tell writes a decided tie into the round, and a lot into the result.
func (b *book) tell(round *count.Round, how choice) {
	if how.act != nil {
		round.Acts = append(round.Acts, *how.act)
	}
	if how.lot != nil {
		b.result.Lots = append(b.result.Lots, *how.lot)
	}
}

func (b *book) favoured(tied []int, by preference) []int {
	least := int64(math.MaxInt64)
	for _, i := range tied {
		least = min(least, by.value(b, i))
	}
	return slices.DeleteFunc(slices.Clone(tied), func(i int) bool { return by.value(b, i) != least })
}
