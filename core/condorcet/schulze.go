package condorcet

import "socia/core/count"

// Schulze elects by strongest paths (M. Schulze, A new monotonic, clone-independent,
// reversal symmetric, and Condorcet-consistent single-winner election method, 2011).
//
// An option beats another when more papers prefer it; the strength of that is the
// number of those papers (winning votes). A path is as strong as its weakest step:
//
//	P(i, j) = max over paths i = a1, a2 … an = j of min over k of strength(a(k), a(k+1))
//
// i is over j when P(i, j) > P(j, i), which never makes a cycle. In Order each
// place holds the options that none still unplaced is over; the seats go to the
// first of it, ties for the last seats by lot. Equal strengths are equal here,
// whatever the votes against.
//
// Rounds: the pairs, each line the number of others that the option beats; then
// the paths, each line the number of others that it is over.
func Schulze(m *Matrix, options []string, o Options) (count.Result, error) {
	c, err := newContest(m, options, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	paths := c.strongestPaths()
	over := func(i, j int) bool { return paths[i][j] > paths[j][i] }
	r := c.result("schulze", max(o.Seats, 1))
	r.Paths = figures(paths)
	r.Order = layers(c.stand, over)
	r.Rounds = []count.Round{
		{Number: 1, Tally: c.tally(c.stand, c.beats)},
		{Number: 2, Tally: c.tally(c.stand, over)},
	}
	c.seat(&r, r.Order, o)
	return r, nil
}

// strongestPaths is the algorithm of Floyd and Warshall for the widest path,
// among those who stand.
func (c *contest) strongestPaths() [][]int64 {
	p := make([][]int64, len(c.names))
	for i := range p {
		p[i] = make([]int64, len(c.names))
	}
	for _, i := range c.stand {
		for _, j := range c.stand {
			p[i][j] = c.strength(i, j)
		}
	}
	for _, via := range c.stand {
		for _, i := range c.stand {
			for _, j := range c.stand {
				p[i][j] = max(p[i][j], min(p[i][via], p[via][j]))
			}
		}
	}
	return p
}
