package budget

import (
	"cmp"
	"slices"

	"socia/core/count"
	"socia/core/money"
	"socia/core/paper"
	"socia/core/ratio"
)

// EqualShares funds projects by the Method of Equal Shares.
//
//  1. The amount is divided equally among the voters who approve something.
//     A paper of weight w is w/Scale voters.
//  2. A project that costs more than its supporters have left together is out.
//  3. The cost of each other project is split among its supporters as equally as
//     possible: who has less left pays all of it, and the rest pay alike. What
//     those pay is the project's price q; cost/q is its effective votes.
//  4. The project with most effective votes (least payment for each unit of cost)
//     is funded and paid for. Ties: the lower cost, then more votes at the start,
//     then by lot. Again from 2 until no project is left.
//
// That seldom spends the whole amount. It is completed as equalshares.net
// recommends (Add1U): every voter's share is raised by Options.Step and
// everything counted anew, again and again, until no project that somebody
// approves fits in what is left, or until the next raise would spend more than
// the amount, which is not taken. What then still fits is funded by votes.
//
// In the Result, Quota is the share before it is raised, Step by how much it is
// raised at a time, and each round of the method has the raised share; all are
// cents of one voter. The Tally is effective
// votes. ActFund has in Pays what one voter paid at the most; ActPass of rule 2
// has in Pays what the supporters had left together. The rounds of the end, by
// votes, have no Quota. Votes are the approvals of each project. The errors are
// those of Greedy.
//
// A share that had to be raised to many times Result.Quota is a warning: some
// voters had money for wishes of their own that others did not have.
func EqualShares(projects []Project, papers []paper.Bundle, amount money.Cents, o Options) (count.Result, error) {
	b, err := open(EqualSharesMethod, projects, papers, amount, o)
	if err != nil {
		return count.Result{}, err
	}
	for i := range projects {
		b.result.Votes = append(b.result.Votes, b.votesOf(i))
	}
	if b.voters > 0 {
		b.result.Step = count.Whole(int64(b.o.Step))
		b.byShares()
	}
	b.byVotes()
	return b.result, nil
}

// byShares finds the share that is to be used and tells its run.
func (b *book) byShares() {
	step := b.step()
	share := ratio.New(int64(b.amount), b.voters)
	b.result.Quota = count.Of(b.ofVoter(share))
	used := b.run(share)
	for !b.exhausts(used) {
		steps, ok := used.sameFor(step)
		if !ok {
			break
		}
		next := b.run(share.Add(steps.Mul(step)))
		if next.over {
			// Up to the step before, nothing else would have been funded: the share is that one.
			share = share.Add(steps.Sub(ratio.Int(1)).Mul(step))
			used = b.run(share)
			break
		}
		share, used = share.Add(steps.Mul(step)), next
	}
	b.tellRun(used, share)
}

// ofVoter turns what a weight of 1 has or pays into what a voter does.
func (b *book) ofVoter(one ratio.Ratio) ratio.Ratio { return one.Mul(ratio.Int(b.o.Scale)) }

// step is by how much the share of a weight of 1 is raised at a time.
func (b *book) step() ratio.Ratio { return ratio.New(int64(b.o.Step), b.o.Scale) }

// exhausts says whether no project that somebody approves fits beside those of a run.
func (b *book) exhausts(r *run) bool {
	for i, p := range b.projects {
		if !r.funded(i) && b.votes[i] > 0 && p.Cost <= r.left {
			return false
		}
	}
	return true
}

// run is the method with one share. It reckons with lines, not numbers, and remembers from
// which raise on any of its comparisons may turn out otherwise: up to there the outcome is
// the same, and the steps up to there need not be counted one by one.
type run struct {
	b          *book
	left       money.Cents
	over       bool   // it would spend more than the amount; it was not followed further
	purses     []line // what voters have left, distinct, from the least on
	of         []int  // the purse of each group
	out        []bool // projects that are funded or cannot be paid any more
	steps      []step
	holds      *ratio.Ratio // nothing changes for raises below it; nil is ever
	nextCounts bool         // it is known that the very next step must be counted: nothing more to remember
}

// step is one funded project, or with option -1 the end, when none could be.
type step struct {
	option int
	prices map[int]line // of each project that could be paid
	cannot []int        // those that no longer could
	have   []ratio.Ratio
	how    choice
}

func (b *book) run(share ratio.Ratio) *run {
	r := &run{b: b, left: b.amount, of: make([]int, len(b.groups)), out: make([]bool, len(b.projects))}
	r.purses = []line{{at: share, slope: ratio.Int(1)}}
	for {
		s := r.next()
		r.steps = append(r.steps, s)
		if s.option < 0 {
			return r
		}
		if cost := b.projects[s.option].Cost; cost <= r.left {
			r.left -= cost
		} else {
			r.over = true
			return r
		}
		r.pay(s.option, s.prices[s.option])
	}
}

func (r *run) funded(option int) bool {
	return slices.ContainsFunc(r.steps, func(s step) bool { return s.option == option })
}

// next prices what is left and picks the project with most effective votes.
func (r *run) next() step {
	s := step{option: -1, prices: make(map[int]line)}
	var best []int
	for i := range r.out {
		if r.out[i] {
			continue
		}
		price, have, ok := r.price(i)
		if !ok {
			r.out[i] = true
			s.cannot, s.have = append(s.cannot, i), append(s.have, have)
			continue
		}
		s.prices[i] = price
		best = r.better(best, i, s.prices)
	}
	if len(best) > 0 {
		s.option, s.how = r.b.choose(best, lowerCost, moreVotes)
		r.out[s.option] = true
	}
	return s
}

// price splits a project's cost among its supporters. It gives what those pay who pay most,
// or, when they have too little, what they have together.
func (r *run) price(option int) (price line, have ratio.Ratio, ok bool) {
	weights := make([]int64, len(r.purses))
	var voters int64
	for g, purse := range r.of {
		if r.b.groups[g].approves[option] {
			weights[purse] += r.b.groups[g].weight
			voters += r.b.groups[g].weight
		}
	}
	left := line{at: ratio.Int(int64(r.b.projects[option].Cost))}
	for i, weight := range weights {
		if weight == 0 {
			continue
		}
		if r.compare(left, r.purses[i].times(ratio.Int(voters))) <= 0 {
			return left.times(ratio.New(1, voters)), ratio.Ratio{}, true
		}
		all := r.purses[i].times(ratio.Int(weight))
		left, have = left.minus(all), have.Add(all.at)
		voters -= weight
	}
	return line{}, have, false
}

// better keeps the projects with most effective votes: cost/price of one above that of another
// is its price × the other's cost below the other's price × its own cost.
func (r *run) better(best []int, i int, prices map[int]line) []int {
	if len(best) == 0 {
		return []int{i}
	}
	cost := func(option int) ratio.Ratio { return ratio.Int(int64(r.b.projects[option].Cost)) }
	sign := r.compare(prices[i].times(cost(best[0])), prices[best[0]].times(cost(i)))
	switch {
	case sign < 0:
		return []int{i}
	case sign == 0:
		return append(best, i)
	}
	return best
}

// pay takes the price from every supporter, or all that they have, and puts like purses together.
func (r *run) pay(option int, price line) {
	after := make([]line, len(r.purses)) // what is left in each purse for supporters
	for i, purse := range r.purses {
		if r.compare(purse, price) > 0 {
			after[i] = purse.minus(price)
		}
	}
	r.split(option, after)
}

// split gives each group its new purse: an old one becomes two at the most, that of the groups
// that paid and that of those that did not.
func (r *run) split(option int, after []line) {
	var has []line
	kept, paid := make(map[int]int), make(map[int]int) // old purse: place in has
	for g, old := range r.of {
		to, left := kept, r.purses[old]
		if r.b.groups[g].approves[option] {
			to, left = paid, after[old]
		}
		if _, ok := to[old]; !ok {
			to[old] = len(has)
			has = append(has, left)
		}
		r.of[g] = to[old]
	}
	r.sort(has)
}

// sort orders the purses from the least on and puts like ones together.
func (r *run) sort(has []line) {
	order := make([]int, len(has))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(r.compare(has[a], has[b]), has[a].slope.Cmp(has[b].slope))
	})
	r.purses = nil
	place := make([]int, len(has))
	for _, from := range order {
		if n := len(r.purses); n == 0 || !r.purses[n-1].same(has[from]) {
			r.purses = append(r.purses, has[from])
		}
		place[from] = len(r.purses) - 1
	}
	for g := range r.of {
		r.of[g] = place[r.of[g]]
	}
}

// line is a quantity that changes with the share: at is what it is, and slope what it gains
// for each unit by which the share of a weight of 1 is raised.
type line struct{ at, slope ratio.Ratio }

func (a line) minus(b line) line {
	return line{at: a.at.Sub(b.at), slope: a.slope.Sub(b.slope)}
}

func (a line) times(n ratio.Ratio) line { return line{at: a.at.Mul(n), slope: a.slope.Mul(n)} }

func (a line) same(b line) bool { return a.at.Equal(b.at) && a.slope.Equal(b.slope) }

// compare is -1, 0 or +1 as a is below, equal to or above b at this share, and remembers the
// raise at which that may change: where the two lines meet.
func (r *run) compare(a, b line) int {
	if r.nextCounts {
		return a.at.Cmp(b.at)
	}
	gap, closing := a.at.Sub(b.at), b.slope.Sub(a.slope)
	sign := gap.Sign()
	if sign == closing.Sign() || sign == 0 {
		if !closing.IsZero() {
			r.hold(gap.Div(closing))
		}
	}
	return sign
}

func (r *run) hold(raise ratio.Ratio) {
	if r.holds == nil || raise.Cmp(*r.holds) < 0 {
		r.holds = &raise
		r.nextCounts = raise.Cmp(r.b.step()) <= 0
	}
}

// sameFor gives the least number of steps, 1 or more, after which something may be otherwise.
func (r *run) sameFor(step ratio.Ratio) (steps ratio.Ratio, ok bool) {
	if r.holds == nil {
		return ratio.Ratio{}, false
	}
	return ratio.Max(ratio.Int(1), r.holds.Div(step).Ceil()), true
}

// tellRun writes a run into the result.
func (b *book) tellRun(r *run, share ratio.Ratio) {
	votes := make([]count.Figure, len(b.projects))
	for i := range votes {
		votes[i] = "0"
	}
	for _, s := range r.steps {
		round := count.Round{Number: len(b.result.Rounds) + 1, Quota: count.Of(b.ofVoter(share))}
		for i, option := range s.cannot {
			votes[option] = "0"
			round.Acts = append(round.Acts, count.Act{Kind: count.ActPass, Option: option, Rule: RuleCannotBePaid,
				Votes: b.cost(option), Pays: count.Of(s.have[i])})
		}
		for option, price := range s.prices {
			votes[option] = count.Of(ratio.Int(int64(b.projects[option].Cost)).Div(price.at))
		}
		b.tell(&round, s.how)
		if s.option >= 0 {
			pays := count.Of(b.ofVoter(s.prices[s.option].at))
			b.fund(&round, s.option, count.Act{Rule: RuleEqualShares, Pays: pays})
		}
		if len(round.Acts) > 0 {
			b.close(round, func(option int) count.Figure { return votes[option] })
		}
	}
}
