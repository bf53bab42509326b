package stv

import (
	"math/big"

	"socia/core/ballots"
	"socia/core/count"
)

// Scottish counts by the Scottish Local Government Elections Order 2007 (SSI
// 2007/42), schedule 1, rules 45 to 52. Votes have five decimals:
//
//	quota          = floor(valid / (seats + 1)) + 1                         (rule 46)
//	transfer value = surplus × value when received / votes, truncated        (rule 48(3))
//
// One act of transfer is a round. When an exclusion leaves as many candidates
// as seats, the papers of the excluded one are still passed on before those
// left are elected, as the electronic counts of 2007 did; that changes nobody's
// election. Options with exactly the quota have no surplus (rule 48(1)).
func Scottish(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	e, err := begin("stv-scottish", 5, r, options, o)
	if err != nil {
		return count.Result{}, err
	}
	e.pends = func(compared int) bool { return compared > 0 } // rule 48(1): exceeds
	g := newGregory(e)
	g.nextRound()
	g.deal() // rule 45
	g.quota = g.units(g.papers.total/int64(o.Seats+1) + 1)
	g.electWithQuota() // rule 47
	for !g.complete() {
		g.nextRound()
		if high := g.highestSurplus(); len(high) > 0 {
			g.surplus(g.byPast(high, forSurplus), scottishValue) // rules 48, 49
			g.electWithQuota()                                   // rule 47
			continue
		}
		low := g.byPast(g.lowest(g.level), forDefeat) // rules 50, 51
		g.defeat(low)
		g.passOn(low)
		if !g.complete() { // those who are left when it is are elected by rule 52
			g.electWithQuota() // rule 47
		}
	}
	return g.finish(), nil // rule 52
}

// scottishValue is A divided by B of rule 48(3), any remainder being ignored.
func scottishValue(value, surplus, votes *big.Int) *big.Int {
	return value.Quo(value.Mul(value, surplus), votes)
}
