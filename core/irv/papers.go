package irv

import (
	"slices"

	"socia/core/ballots"
)

// place gives a paper to the option that it ranks next, from a mark on, or to
// nobody.
func (c *counting) place(paper, from uint32) {
	weight, marks := c.r.Paper(int(paper))
	at, option, why := c.next(marks, from)
	if option < 0 {
		c.ended[why] += weight
		return
	}
	c.at[paper] = at
	c.piles[option] = append(c.piles[option], paper)
	c.votes[option] += weight
}

// after is the mark that begins the rank after the one that begins at a mark.
func after(marks []ballots.Mark, at uint32) uint32 {
	at++
	for int(at) < len(marks) && marks[at].Tied() {
		at++
	}
	return at
}

// next finds the first rank, from a mark on, that counts for an option which is
// left; the option is -1 when there is none, and why says for what reason.
func (c *counting) next(marks []ballots.Mark, from uint32) (at uint32, option int, why reason) {
	empty := 0 // ranks in a row
	for at = from; int(at) < len(marks); at = after(marks, at) {
		if marks[at] == ballots.Skipped {
			empty++
			if c.tooMany(empty) {
				return at, -1, bySkips
			}
			continue
		}
		empty = 0
		rank := marks[at:after(marks, at)]
		if c.o.Repeated == RepeatedEnds && c.repeats(marks[:at], rank) {
			return at, -1, byRepetition
		}
		option, ends := c.counts(rank)
		if ends {
			return at, -1, byOvervote
		}
		if option >= 0 {
			return at, option, byEnd
		}
	}
	return at, -1, byEnd
}

func (c *counting) tooMany(empty int) bool {
	switch c.o.Skipped {
	case SkippedOne:
		return empty > 1
	case SkippedAny:
		return false
	case SkippedNone:
		return true
	}
	return false
}

// repeats says whether a rank holds an option that was ranked before.
func (c *counting) repeats(before, rank []ballots.Mark) bool {
	for _, m := range rank {
		n, named := m.Option()
		if named && !c.removed[n] && slices.ContainsFunc(before, func(b ballots.Mark) bool { return b&^ballots.Equal == m&^ballots.Equal }) {
			return true
		}
	}
	return false
}

// counts is the option that a rank counts for, -1 when there is none that is
// left, and whether the paper ends here.
func (c *counting) counts(rank []ballots.Mark) (option int, ends bool) {
	option = -1
	several, left := 0, 0
	for _, m := range rank {
		n, named := m.Option()
		switch {
		case m&^ballots.Equal == ballots.Overvoted:
			several, left = 2, 2 // it is not told which: they may all be left
		case !named || c.removed[n]:
		case c.open[n]:
			several, left, option = several+1, left+1, n
		default:
			several++
		}
	}
	if several < 2 {
		return option, false
	}
	switch c.o.Overvote {
	case OvervotePasses:
		return -1, false
	case OvervoteEnds:
		return -1, true
	case OvervoteEndsIfSeveral:
		if left > 1 {
			return -1, true
		}
	}
	return option, false
}
