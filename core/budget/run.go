package budget

import (
	"math/big"
	"slices"

	"socia/core/money"
	"socia/core/ratio"
)

// run is the method with one share. It reckons with lines, not numbers, and remembers from
// which raise on any of its comparisons may turn out otherwise: up to there the outcome is
// the same, and the steps up to there need not be counted one by one.
//
// All its lines are whole numbers over one denominator, which grows with each payment. A
// thousand voters end with a thousand purses, and fractions in lowest terms would be brought
// there millions of times.
type run struct {
	b      *book
	left   money.Cents
	over   bool // it would spend more than the amount; it was not followed further
	den    *big.Int
	purses []*line  // what voters have left, distinct, from the least on
	of     []int    // the purse of each group
	out    []bool   // projects that are funded or cannot be paid any more
	last   []*price // of each project as it last was; purses only shrink, so that no price ever falls
	whole  bool     // every price of every step is wanted, not only who is funded
	steps  []step
	holds  *fraction // nothing changes for raises below it; nil is ever
	// nextCounts says that the very next step must be counted: there is nothing more to remember, and slopes are not kept.
	nextCounts bool
	weights    []int64
	room
}

// room is for numbers that are not kept.
type room struct {
	one, other                     line
	factor, gap, closing, by1, by2 big.Int
}

// line is a quantity that changes with the share, both over the denominator of the run: at is what it is, and slope what
// it gains for each unit by which the share of a weight of 1 is raised.
type line struct{ at, slope big.Int }

// price is what those pay who pay most for a project: left/voters.
type price struct {
	left   line
	voters int64
}

// fraction is not negative, and not always in lowest terms.
type fraction struct{ num, den big.Int }

// step is one funded project, or with option -1 the end, when none could be.
type step struct {
	option int
	cannot []int // those that no longer could be paid
	how    choice
	// prices of each project that could be paid, and what supporters had of those of cannot: of a whole run.
	prices map[int]ratio.Ratio
	have   []ratio.Ratio
}

func (b *book) run(share ratio.Ratio) *run {
	r := b.startRun(share)
	r.follow()
	return r
}

// runWhole is a run that tells every price, and not up to which raise it would be the same.
func (b *book) runWhole(share ratio.Ratio) *run {
	r := b.startRun(share)
	r.whole, r.nextCounts = true, true
	r.follow()
	return r
}

func (b *book) startRun(share ratio.Ratio) *run {
	start := share.Rat()
	all := &line{}
	all.at.Set(start.Num())
	all.slope.Set(start.Denom())
	return &run{b: b, left: b.amount, of: make([]int, len(b.groups)), out: make([]bool, len(b.projects)),
		last: make([]*price, len(b.projects)), den: new(big.Int).Set(start.Denom()), purses: []*line{all}}
}

func (r *run) follow() {
	for {
		s, pays := r.next()
		r.steps = append(r.steps, s)
		if s.option < 0 {
			return
		}
		cost := r.b.projects[s.option].Cost
		if r.over = cost > r.left; r.over {
			return
		}
		r.left -= cost
		r.pay(s.option, pays)
	}
}

func (r *run) funded(option int) bool {
	return slices.ContainsFunc(r.steps, func(s step) bool { return s.option == option })
}

// next prices what is left and picks the project with most effective votes.
func (r *run) next() (step, *price) {
	s := step{option: -1, prices: make(map[int]ratio.Ratio)}
	var best []int
	for _, i := range r.inTurn() {
		if len(best) > 0 && !r.whole && r.last[i] != nil && r.fewer(i, best[0]) {
			continue
		}
		if !r.price(i) {
			r.out[i] = true
			s.cannot = append(s.cannot, i)
			if r.whole {
				s.have = append(s.have, r.has(i))
			}
			continue
		}
		if r.whole {
			s.prices[i] = r.ratioOf(r.last[i])
		}
		best = r.better(best, i)
	}
	if len(best) == 0 {
		return s, nil
	}
	slices.Sort(best)
	s.option, s.how = r.b.choose(best, lowerCost, moreVotes)
	r.out[s.option] = true
	return s, r.last[s.option]
}

// inTurn lists the projects that may still be funded. A run that need not tell all begins with those that lately had most
// effective votes, so that the others need not be looked at.
func (r *run) inTurn() []int {
	var all []int
	for i, out := range r.out {
		if !out {
			all = append(all, i)
		}
	}
	if !r.whole && len(r.steps) > 0 {
		slices.SortStableFunc(all, func(i, j int) int {
			a, b := r.against(i, j)
			return a.at.Cmp(&b.at)
		})
	}
	return all
}

// fewer says that a project had fewer effective votes than another has already when its price was last asked.
func (r *run) fewer(option, best int) bool {
	a, b := r.against(option, best)
	return r.compare(a, b) > 0
}

// better keeps the projects with most effective votes.
func (r *run) better(best []int, i int) []int {
	if len(best) == 0 {
		return []int{i}
	}
	switch a, b := r.against(i, best[0]); r.compare(a, b) {
	case -1:
		return []int{i}
	case 0:
		return append(best, i)
	}
	return best
}

// against gives two lines of which the first is less where project i has more effective votes than j: cost/price of one
// is above that of another where its price × the other's cost is below the other's price × its own cost.
func (r *run) against(i, j int) (a, b *line) {
	r.cross(&r.one, i, j)
	r.cross(&r.other, j, i)
	return &r.one, &r.other
}

// cross makes l the price of project i × the cost of j, times the voters who pay for either.
func (r *run) cross(l *line, i, j int) {
	r.factor.Mul(big.NewInt(int64(r.b.projects[j].Cost)), big.NewInt(r.last[j].voters))
	l.at.Mul(&r.last[i].left.at, &r.factor)
	if !r.nextCounts {
		l.slope.Mul(&r.last[i].left.slope, &r.factor)
	}
}

// price splits a project's cost among its supporters, and says whether they have enough together.
func (r *run) price(option int) bool {
	weights, voters := r.supporters(option)
	p := &price{}
	p.left.at.Mul(r.den, r.factor.SetInt64(int64(r.b.projects[option].Cost)))
	for i, weight := range weights {
		if weight == 0 {
			continue
		}
		r.times(&r.one, r.purses[i], voters)
		if r.compare(&p.left, &r.one) <= 0 {
			p.voters = voters
			r.last[option] = p
			return true
		}
		r.times(&r.one, r.purses[i], weight)
		r.minus(&p.left, &r.one)
		voters -= weight
	}
	return false
}

// supporters gives the weight of a project's supporters in each purse, until it is asked again, and all of it.
func (r *run) supporters(option int) (weights []int64, all int64) {
	r.weights = append(r.weights[:0], make([]int64, len(r.purses))...)
	for g, purse := range r.of {
		if r.b.groups[g].approves[option] {
			r.weights[purse] += r.b.groups[g].weight
			all += r.b.groups[g].weight
		}
	}
	return r.weights, all
}

// has is what a project's supporters have together.
func (r *run) has(option int) ratio.Ratio {
	weights, _ := r.supporters(option)
	sum := new(big.Int)
	for i, weight := range weights {
		sum.Add(sum, r.factor.Mul(big.NewInt(weight), &r.purses[i].at))
	}
	return ratio.Of(new(big.Rat).SetFrac(sum, r.den))
}

func (r *run) ratioOf(p *price) ratio.Ratio {
	return ratio.Of(new(big.Rat).SetFrac(&p.left.at, new(big.Int).Mul(r.den, big.NewInt(p.voters))))
}

// pay takes the price from every supporter, or all that they have, and puts like purses together.
func (r *run) pay(option int, p *price) {
	fee := r.refine(p)
	stays, pays := r.sides(option)
	kept, paid := newPile(len(r.purses)), newPile(len(r.purses))
	for i, purse := range r.purses {
		if pays[i] {
			paid.add(i, r.rest(purse, fee))
		}
		if stays[i] {
			kept.add(i, purse)
		}
	}
	r.merge(kept, paid)
	for g, old := range r.of {
		if r.b.groups[g].approves[option] {
			r.of[g] = paid.of[old]
		} else {
			r.of[g] = kept.of[old]
		}
	}
}

// refine brings all lines over a denominator by which the price is whole, and gives it.
func (r *run) refine(p *price) *line {
	voters := big.NewInt(p.voters)
	shared := new(big.Int).GCD(nil, nil, voters, &p.left.at)
	if !r.nextCounts {
		shared.GCD(nil, nil, shared, new(big.Int).Abs(&p.left.slope))
	}
	fee := &line{}
	fee.at.Quo(&p.left.at, shared)
	fee.slope.Quo(&p.left.slope, shared)
	by := voters.Quo(voters, shared).Int64()
	r.den.Mul(r.den, voters)
	for _, purse := range r.purses {
		r.times(purse, purse, by)
	}
	for i, out := range r.out {
		if !out && r.last[i] != nil {
			r.times(&r.last[i].left, &r.last[i].left, by)
		}
	}
	return fee
}

// rest is what a supporter keeps of a purse.
func (r *run) rest(purse, fee *line) *line {
	left := &line{}
	if r.compare(purse, fee) > 0 {
		left.at.Set(&purse.at)
		left.slope.Set(&purse.slope)
		r.minus(left, fee)
	}
	return left
}

// sides says of each purse whether it is that of some who do not support a project, and of some who do.
func (r *run) sides(option int) (stays, pays []bool) {
	stays, pays = make([]bool, len(r.purses)), make([]bool, len(r.purses))
	for g, purse := range r.of {
		if r.b.groups[g].approves[option] {
			pays[purse] = true
		} else {
			stays[purse] = true
		}
	}
	return stays, pays
}

// times sets l to a × n.
func (r *run) times(l, a *line, n int64) {
	r.factor.SetInt64(n)
	l.at.Mul(&a.at, &r.factor)
	if !r.nextCounts {
		l.slope.Mul(&a.slope, &r.factor)
	}
}

// minus takes b from l.
func (r *run) minus(l, b *line) {
	l.at.Sub(&l.at, &b.at)
	if !r.nextCounts {
		l.slope.Sub(&l.slope, &b.slope)
	}
}

// compare is -1, 0 or +1 as a is below, equal to or above b at this share, and remembers the
// raise at which that may change: where the two lines meet.
func (r *run) compare(a, b *line) int {
	sign := a.at.Cmp(&b.at)
	if r.nextCounts {
		return sign
	}
	closing := r.closing.Sub(&b.slope, &a.slope)
	if s := closing.Sign(); s != 0 && (s == sign || sign == 0) {
		r.hold(r.gap.Sub(&a.at, &b.at), closing)
	}
	return sign
}

// hold remembers the raise gap/closing if it is the least so far; both have the same sign, or the gap is 0.
func (r *run) hold(gap, closing *big.Int) {
	gap.Abs(gap)
	closing.Abs(closing)
	if r.holds != nil && r.by1.Mul(gap, &r.holds.den).Cmp(r.by2.Mul(&r.holds.num, closing)) >= 0 {
		return
	}
	r.holds = &fraction{}
	r.holds.num.Set(gap)
	r.holds.den.Set(closing)
	r.nextCounts = r.raise().Cmp(r.b.step()) <= 0
}

func (r *run) raise() ratio.Ratio {
	return ratio.Of(new(big.Rat).SetFrac(&r.holds.num, &r.holds.den))
}

// sameFor gives the least number of steps, 1 or more, after which something may be otherwise.
func (r *run) sameFor(step ratio.Ratio) (steps ratio.Ratio, ok bool) {
	if r.holds == nil {
		return ratio.Ratio{}, false
	}
	return ratio.Max(ratio.Int(1), r.raise().Div(step).Ceil()), true
}
