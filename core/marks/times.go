package marks

import (
	"cmp"

	"socia/core/count"
	"socia/core/paper"
)

// Times counts a meeting poll: Yes, IfNeedBe or No for each time, a blank is No.
// The best time is the one at which the most can come (yes and if need be); of
// several the one with the most yes. Times that are equal in both are all
// winners, whatever the seats: people choose among them, no lot does. No time
// wins when nobody can come to any.
//
// Rounds: how many can come, and of these how many said yes.
func Times(options []string, papers []paper.Bundle) (count.Result, error) {
	p, err := gather(options, papers, paper.Rule{Form: paper.Times}, notBlank, nil)
	if err != nil {
		return count.Result{}, err
	}
	come, yes := make([]int64, len(options)), make([]int64, len(options))
	for _, b := range papers {
		for i, mark := range b.Paper {
			if mark == paper.Yes {
				yes[i] += b.Weight
			}
			if mark == paper.Yes || mark == paper.IfNeedBe {
				come[i] += b.Weight
			}
		}
	}
	r := p.result("times", p.totals(), 1)
	r.Order = order(len(options), nil, func(i, j int) int { return cmp.Or(cmp.Compare(come[i], come[j]), cmp.Compare(yes[i], yes[j])) })
	r.Rounds = []count.Round{{Number: 1, Tally: whole(come)}, {Number: 2, Tally: whole(yes)}}
	r.Winners = []int{}
	if len(r.Order) > 0 && come[r.Order[0][0]] > 0 {
		r.Winners = r.Order[0]
	}
	last := &r.Rounds[1]
	for _, option := range r.Winners {
		last.Acts = append(last.Acts, count.Act{Kind: count.ActElect, Option: option, Votes: count.Whole(come[option])})
	}
	conclude(last, r.Winners)
	return r, nil
}

func whole(figures []int64) []count.Line {
	lines := make([]count.Line, len(figures))
	for i, n := range figures {
		lines[i] = count.Line{Option: i, Votes: count.Whole(n), State: count.Hopeful}
	}
	return lines
}
