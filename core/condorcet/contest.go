package condorcet

import (
	"fmt"
	"slices"

	"socia/core/count"
	"socia/core/lot"
	"socia/core/seats"
)

// Options are what a count needs beside the papers.
type Options struct {
	Seats     int           // how many are elected; 0 is one
	Withdrawn []int         // options that are out of the count
	Lots      lot.Breaker   // for ties
	Parity    *seats.Parity // where the statutes want it
}

// contest is the pairs of one election, with those who stand.
type contest struct {
	names []string
	over  [][]int64 // over[i][j]: papers that prefer i to j
	stand []int     // options that are not withdrawn
	all   int64
	valid int64
}

func newContest(m *Matrix, names []string, withdrawn []int) (*contest, error) {
	if m.Len() > len(names) {
		return nil, fmt.Errorf("condorcet: papers name %d options, there are %d", m.Len(), len(names))
	}
	c := &contest{names: names, over: make([][]int64, len(names))}
	c.all, c.valid = m.Papers()
	for i := range names {
		c.over[i] = make([]int64, len(names))
		for j := range names {
			c.over[i][j] = m.Over(i, j)
		}
		if !slices.Contains(withdrawn, i) {
			c.stand = append(c.stand, i)
		}
	}
	for _, option := range withdrawn {
		if option < 0 || option >= len(names) {
			return nil, fmt.Errorf("condorcet: there is no option %d to withdraw", option)
		}
	}
	return c, nil
}

// beats says whether more papers prefer i to j than j to i.
func (c *contest) beats(i, j int) bool { return c.over[i][j] > c.over[j][i] }

// strength is the winning votes of i over j: the papers that prefer i when they are more, or 0.
func (c *contest) strength(i, j int) int64 {
	if c.beats(i, j) {
		return c.over[i][j]
	}
	return 0
}

// CondorcetWinner is the option that beats each other one in their pair, if there is one.
func CondorcetWinner(m *Matrix, withdrawn ...int) (option int, found bool) {
	for i := range m.Len() {
		beaten := func(j int) bool {
			return i == j || slices.Contains(withdrawn, j) || m.Over(i, j) > m.Over(j, i)
		}
		if !slices.Contains(withdrawn, i) && all(m.Len(), beaten) {
			return i, true
		}
	}
	return 0, false
}

func all(n int, holds func(int) bool) bool {
	for i := range n {
		if !holds(i) {
			return false
		}
	}
	return true
}

// layers puts options in an order by a relation without cycles: each place holds
// those that none still to be placed is over.
func layers(options []int, over func(i, j int) bool) (order [][]int) {
	left := slices.Clone(options)
	for len(left) > 0 {
		var first, rest []int
		for _, option := range left {
			if slices.ContainsFunc(left, func(other int) bool { return over(other, option) }) {
				rest = append(rest, option)
			} else {
				first = append(first, option)
			}
		}
		order, left = append(order, first), rest
	}
	return order
}

func (c *contest) result(method string, places int) count.Result {
	return count.Result{
		Method: method, Version: "1", Seats: places, Options: c.names, Scale: 1,
		Papers: count.Whole(c.all), Valid: count.Whole(c.valid), Pairs: figures(c.over),
	}
}

func figures(numbers [][]int64) [][]count.Figure {
	table := make([][]count.Figure, len(numbers))
	for i, row := range numbers {
		table[i] = make([]count.Figure, len(row))
		for j, n := range row {
			if i != j {
				table[i][j] = count.Whole(n)
			}
		}
	}
	return table
}

// tally has a line for each option: for those still in play how many others of
// them they are over. Those that already have a place have no figure.
func (c *contest) tally(play []int, over func(i, j int) bool) []count.Line {
	lines := make([]count.Line, len(c.names))
	for i := range lines {
		lines[i] = count.Line{Option: i, State: count.Withdrawn}
	}
	for _, i := range c.stand {
		lines[i].State = ""
	}
	for _, i := range play {
		wins := int64(0)
		for _, j := range play {
			if over(i, j) {
				wins++
			}
		}
		lines[i] = count.Line{Option: i, Votes: count.Whole(wins), State: count.Hopeful}
	}
	return lines
}

// seat fills the seats from an order and tells so at the end of the last round.
// Nobody is elected when no paper ranks an option.
func (c *contest) seat(r *count.Result, order [][]int, o Options) {
	r.Winners = []int{}
	if c.valid == 0 || len(r.Rounds) == 0 {
		return
	}
	filled := seats.Fill(order, r.Seats, o.Lots, o.Parity)
	r.Winners, r.Lots = filled.Winners, append(r.Lots, filled.Lots...)
	last := &r.Rounds[len(r.Rounds)-1]
	last.Acts = append(last.Acts, filled.Acts...)
	for _, option := range c.stand {
		last.Tally[option].State = count.Defeated
	}
	for _, option := range r.Winners {
		last.Tally[option].State = count.Elected
	}
}
