package condorcet

import (
	"cmp"
	"slices"

	"socia/core/count"
)

// pair is a pair with a winner.
type pair struct{ winner, loser int }

// RankedPairs elects by Tideman's method (N. Tideman, Independence of clones as
// a criterion for voting rules, 1987).
//
// Pairs with a winner are taken one after another: those with more papers for
// the winner first, of these those with fewer for the loser. A pair stands
// (ActLock) unless the pairs that stand already put its loser over its winner
// (ActSkip). A pair in which both have as many decides nothing.
//
// Equal pairs: T. Zavist and N. Tideman, Complete independence of clones in the
// ranked pairs rule, 1989, take them in the order of their winners in one ranking
// of all options. Theirs comes from a paper drawn at random, ours is drawn by lot
// as "equal pairs"; the order among pairs of the same winner changes nothing. The
// lot is recorded only when it mattered: when one of several equal pairs is
// skipped because of another of them.
//
// In Order each place holds the options that none still unplaced is over by the
// pairs that stand; the seats go to the first of it, ties for the last by lot.
//
// Rounds: the pairs with how many others each option beats, and what was done
// with them; then how many each is over, and who is elected.
func RankedPairs(m *Matrix, options []string, o Options) (count.Result, error) {
	c, err := newContest(m, options, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	r := c.result("ranked-pairs", max(o.Seats, 1))
	ranking := o.Lots.Order(equalPairs, c.stand)
	l := &locking{contest: c, over: make([]set, len(options))}
	for i := range l.over {
		l.over[i] = make(set, (len(options)+63)/64)
	}
	if l.lockAll(c.sorted(ranking)) {
		r.Lots = append(r.Lots, count.Lot{What: equalPairs, Among: c.stand, Chosen: ranking})
	}
	over := func(i, j int) bool { return l.over[i].has(j) }
	r.Order = layers(c.stand, over)
	r.Rounds = []count.Round{
		{Number: 1, Acts: l.acts, Tally: c.tally(c.stand, c.beats)},
		{Number: 2, Tally: c.tally(c.stand, over)},
	}
	c.seat(&r, r.Order, o)
	return r, nil
}

const equalPairs = "equal pairs"

// sorted lists the pairs with a winner in the order in which they are taken.
func (c *contest) sorted(ranking []int) (pairs []pair) {
	for _, i := range ranking {
		for _, j := range ranking {
			if c.beats(i, j) {
				pairs = append(pairs, pair{i, j})
			}
		}
	}
	// Stable: equal pairs stay in the order of their winners in the ranking.
	slices.SortStableFunc(pairs, c.compare)
	return pairs
}

// compare: the stronger pair comes first.
func (c *contest) compare(a, b pair) int {
	return cmp.Or(
		cmp.Compare(c.over[b.winner][b.loser], c.over[a.winner][a.loser]),
		cmp.Compare(c.over[a.loser][a.winner], c.over[b.loser][b.winner]))
}

// locking is what stands so far.
type locking struct {
	*contest
	over []set // over[i]: the options that i is over, directly or by others
	acts []count.Act
}

// lockAll takes the pairs one after another and says whether the order of equal ones mattered.
func (l *locking) lockAll(pairs []pair) (mattered bool) {
	for len(pairs) > 0 {
		n := 1
		for n < len(pairs) && l.compare(pairs[0], pairs[n]) == 0 {
			n++
		}
		// Those that could stand if they came first of their equals.
		able := make([]bool, n)
		for k, p := range pairs[:n] {
			able[k] = !l.over[p.loser].has(p.winner)
		}
		for k, p := range pairs[:n] {
			if !l.lock(p) && able[k] {
				mattered = true
			}
		}
		pairs = pairs[n:]
	}
	return mattered
}

func (l *locking) lock(p pair) (stands bool) {
	act := count.Act{Kind: count.ActLock, Option: p.winner, Against: &p.loser, Votes: count.Whole(l.contest.over[p.winner][p.loser])}
	if l.over[p.loser].has(p.winner) {
		act.Kind = count.ActSkip
	}
	l.acts = append(l.acts, act)
	if act.Kind == count.ActSkip {
		return false
	}
	if !l.over[p.winner].has(p.loser) {
		for _, i := range l.stand {
			if i == p.winner || l.over[i].has(p.winner) {
				l.over[i].add(p.loser)
				l.over[i].join(l.over[p.loser])
			}
		}
	}
	return true
}

// set is a set of options.
type set []uint64

func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 == 1 }

func (s set) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s set) join(other set) {
	for w := range s {
		s[w] |= other[w]
	}
}
