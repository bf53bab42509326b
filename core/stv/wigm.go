package stv

import (
	"math/big"

	"socia/core/ballots"
	"socia/core/count"
)

// WIGM counts by the reference WIGM rule of the Proportional Representation
// Foundation. Votes have four decimals, and every product and quotient is
// truncated to them (D.4):
//
//	quota  = valid / (seats + 1) + 0.0001                      (A.1)
//	weight = (weight × surplus) / votes                        (B.3)
//
// Step B.2 is taken when Options.SureLosers says so.
func WIGM(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	e, err := begin("stv-wigm", 4, r, options, o)
	if err != nil {
		return count.Result{}, err
	}
	e.pends = func(compared int) bool { return compared >= 0 } // B.3: possibly zero
	g := newGregory(e)
	g.quota = new(big.Int).Quo(g.units(g.papers.total), big.NewInt(int64(o.Seats)+1)) // A.1
	g.quota.Add(g.quota, big.NewInt(1))
	g.nextRound()
	g.deal()           // A.4, A.5
	if !g.complete() { // A.3
		g.electWithQuota() // B.1
	}
	for !g.complete() {
		g.nextRound()
		if losers := g.sureLosers(); len(losers) > 0 { // B.2
			g.dismiss(losers)
		} else if high := g.highestSurplus(); len(high) > 0 { // B.3
			g.surplus(g.byLot(high, forSurplus), g.wigmWeight)
		} else { // B.4
			g.dismiss([]int{g.byLot(g.lowest(g.level), forDefeat)})
		}
		if !g.complete() {
			g.electWithQuota() // B.1
		}
	}
	return g.finish(), nil // C
}

// dismiss defeats options and passes on their papers, unless that ends the count (B.2, B.4).
func (g *gregory) dismiss(losers []int) {
	for _, i := range losers {
		g.defeat(i)
	}
	if g.complete() {
		return
	}
	for _, i := range losers {
		g.passOn(i)
	}
}

// wigmWeight is the new weight of a paper: multiplied, then divided, each
// truncated to four decimals (B.3, D.4).
func (g *gregory) wigmWeight(weight, surplus, votes *big.Int) *big.Int {
	one := power10(g.places)
	weight.Quo(weight.Mul(weight, surplus), one)
	return weight.Quo(weight.Mul(weight, one), votes)
}

// sureLosers is the largest set of hopefuls who can no longer catch up (B.2):
// those outside it are enough for the seats that are left (B.2.a), nobody
// outside it has as few votes as one inside (B.2.b), and all their votes and all
// surpluses together are fewer than anybody outside has (B.2.c).
func (g *gregory) sureLosers() []int {
	if !g.o.SureLosers || g.o.Parity != nil {
		return nil
	}
	order := g.byVotes()
	sum := new(big.Int)
	for _, i := range g.result.Winners {
		if g.state[i] == count.Pending {
			sum.Add(sum, new(big.Int).Sub(g.votes[i], g.quota))
		}
	}
	size := 0
	for n := 1; n < len(order) && len(order)-n >= g.seatsLeft(); n++ {
		sum.Add(sum, g.votes[order[n-1]])
		if sum.Cmp(g.votes[order[n]]) < 0 {
			size = n
		}
	}
	return order[:size]
}
