package stv

import (
	"fmt"
	"slices"

	"socia/core/count"
)

// purpose is what a tie is broken for; a closed type, and part of the name
// under which a lot is drawn.
type purpose string

const (
	forSurplus  purpose = "surplus"  // whose surplus passes on first: more votes before
	forDefeat   purpose = "defeat"   // who goes out: fewer votes before
	forElection purpose = "election" // who is elected where parity leaves too few seats: more votes before
)

// byPast chooses among tied options by the most recent round before at which
// they were unequal, and among those that remain equal by a still earlier one;
// who were equal at all rounds are chosen among by lot (rules 49(2), 49(3), 51(2)).
func (e *election) byPast(tied []int, why purpose) int {
	if len(tied) == 1 {
		return tied[0]
	}
	left := slices.Clone(tied)
	for at := len(e.past) - 1; at >= 0 && len(left) > 1; at-- {
		best := left[0]
		for _, i := range left {
			c := e.past[at][i].Cmp(e.past[at][best])
			if (why == forDefeat && c < 0) || (why != forDefeat && c > 0) {
				best = i
			}
		}
		left = slices.DeleteFunc(left, func(i int) bool { return e.past[at][i].Cmp(e.past[at][best]) != 0 })
	}
	if len(left) > 1 {
		return e.byLot(left, why)
	}
	e.act(count.Act{Kind: count.ActTie, Option: left[0], Among: tied, Rule: "previous_round"})
	return left[0]
}

// byLot chooses among tied options by lot (WIGM D.1; Meek T). The one that the
// lot favours has the better of it. An order that is fixed beforehand serves
// every tie of B.3 and B.4 from the same end, as D.1 has it and Droop does in
// the Scottish rule too: who must go first passes on first.
func (e *election) byLot(tied []int, why purpose) int {
	if len(tied) == 1 {
		return tied[0]
	}
	tied = slices.Clone(tied)
	slices.Sort(tied)
	what := fmt.Sprintf("round %d, %s", e.round.Number, why)
	drawn := e.o.Lots.Order(what, tied)
	chosen := drawn[0]
	if why == forDefeat || why == forSurplus && len(e.o.Lots.Fixed) > 0 {
		chosen = drawn[len(drawn)-1]
	}
	e.act(count.Act{Kind: count.ActLot, Option: chosen, Among: tied, Rule: "lot"})
	e.result.Lots = append(e.result.Lots, count.Lot{What: what, Among: tied, Chosen: drawn})
	return chosen
}

// lowest lists the options that may be defeated and have no more votes than the
// lowest of them and slack (Meek's total surplus; elsewhere nothing).
func (e *election) lowest(slack func(low, other int) bool) []int {
	e.constrain()
	may := e.defeatable()
	low := may[0]
	for _, i := range may {
		if e.votes[i].Cmp(e.votes[low]) < 0 {
			low = i
		}
	}
	return slices.DeleteFunc(may, func(i int) bool { return !slack(low, i) })
}

// level says that an option has as many votes as the lowest.
func (e *election) level(low, other int) bool { return e.votes[other].Cmp(e.votes[low]) == 0 }

// byVotes lists the hopefuls from the fewest votes to the most.
func (e *election) byVotes() []int {
	all := e.hopefuls()
	slices.SortStableFunc(all, func(i, j int) int { return e.votes[i].Cmp(e.votes[j]) })
	return all
}
