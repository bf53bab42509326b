// Package irv counts ranked papers by instant-runoff voting: the option with the
// fewest votes goes out and its papers go to who comes next on each, until one
// has more than half of the votes that still count.
//
// How a paper with a mistake is read is said by Options. The zero values are the
// rules of Minneapolis (Code of Ordinances, chapter 167, as RCTab counts 2017 by
// it): a rank with several options is passed over, one rank left empty is
// passed over and two in a row end the paper, and a rank that repeats an option
// is passed over.
//
// Equations, for every count:
//
//	votes of all options + exhausted = valid, in every round
//	the result does not depend on the order of the papers
//	a paper of weight 2 = two papers
//	the winner = the winner of one seat by Scottish STV, when no paper has a mistake
package irv

import (
	"cmp"
	"fmt"
	"slices"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
)

// version is of this implementation of the rule.
const version = "1"

// Overvote says what happens to a paper where a rank holds several options; a closed type.
type Overvote uint8

// What a rank with several options may do.
const (
	OvervotePasses        Overvote = iota // the rank is passed over: the default
	OvervoteEnds                          // the paper ends there
	OvervoteEndsIfSeveral                 // it counts for the option in it that is left, and ends the paper while several are
)

// Skipped says how many ranks in a row may be left empty; a closed type.
type Skipped uint8

// How empty ranks are read.
const (
	SkippedOne  Skipped = iota // one is passed over, a second in a row ends the paper: the default
	SkippedAny                 // all are passed over
	SkippedNone                // the first ends the paper
)

// Repeated says what happens where a paper ranks an option again; a closed type.
type Repeated uint8

// What a rank that repeats an option may do.
const (
	RepeatedPasses Repeated = iota // it is passed over: the default
	RepeatedEnds                   // the paper ends there
)

// Options is what the organisers of an election decide beforehand.
type Options struct {
	// Withdrawn options stand no longer. Their marks are removed from the papers;
	// a rank that held one is not an empty rank.
	Withdrawn []int
	Lots      lot.Breaker
	Overvote  Overvote
	Skipped   Skipped
	Repeated  Repeated
	// Batch defeats together all who cannot catch up even with each other's votes.
	Batch bool
	// First are defeated together before anybody else, whatever their votes, as
	// write-in votes for people who do not stand are.
	First []int
}

// counting is a count under way.
type counting struct {
	result  count.Result
	o       Options
	r       *ballots.Rankings
	at      []uint32 // for each paper, the mark that begins the rank that counts
	piles   [][]uint32
	votes   []int64
	state   []count.State
	open    []bool // state is Hopeful
	removed []bool // withdrawn
	ended   [reasons]int64
	past    [][]int64
	round   count.Round
}

// reason is why a paper no longer counts; a closed type.
type reason int

const (
	byEnd reason = iota
	byOvervote
	byRepetition
	bySkips
	reasons int = iota
)

// Count counts the papers. Papers without any option or overvote are not valid.
// A round is a defeat and what became of its papers; its Quota is more than half
// of the votes that count in it. Ties for the fewest votes go to who had fewer
// in the most recent round before at which they were unequal, then to the lot,
// whose favoured option stays. Where no paper counts for anybody in
// the first round, nobody is elected.
func Count(r *ballots.Rankings, options []string, o Options) (count.Result, error) {
	c, err := begin(r, options, o)
	if err != nil {
		return count.Result{}, err
	}
	if len(c.votes) > 0 && slices.Max(c.votes) == 0 {
		c.closeRound()
		return c.result, nil
	}
	for {
		if winner, kind, found := c.winner(); found {
			c.finish(winner, kind)
			return c.result, nil
		}
		if len(c.hopefuls()) == 0 {
			c.closeRound()
			return c.result, nil
		}
		c.nextRound()
		c.dismiss(c.losers())
	}
}

// begin checks what was asked and gives each paper to its first preference.
func begin(r *ballots.Rankings, options []string, o Options) (*counting, error) {
	n := len(options)
	c := &counting{
		o: o, r: r, at: make([]uint32, r.Len()), piles: make([][]uint32, n), votes: make([]int64, n),
		state: make([]count.State, n), open: make([]bool, n), removed: make([]bool, n), round: count.Round{Number: 1},
	}
	for _, i := range slices.Concat(o.Withdrawn, o.First) {
		if i < 0 || i >= n {
			return nil, fmt.Errorf("irv: there is no option %d", i)
		}
	}
	for _, i := range o.Withdrawn {
		c.removed[i] = true
	}
	for i := range options {
		c.open[i], c.state[i] = !c.removed[i], count.Hopeful
		if c.removed[i] {
			c.state[i] = count.Withdrawn
		}
	}
	valid := int64(0)
	for i := range r.Len() {
		weight, marks := r.Paper(i)
		says, err := c.says(marks)
		if err != nil {
			return nil, err
		}
		if says {
			valid += weight
			c.place(uint32(i), 0) // #nosec G115 -- Rankings keeps fewer papers than that
		}
	}
	c.result = count.Result{
		Method: "irv", Version: version, Seats: 1, Options: options, Scale: 1,
		Papers: count.Whole(r.Total()), Valid: count.Whole(valid), Winners: []int{},
	}
	return c, nil
}

// says whether a paper says anything.
func (c *counting) says(marks []ballots.Mark) (bool, error) {
	says := false
	for _, m := range marks {
		n, named := m.Option()
		if named && n >= len(c.open) {
			return false, fmt.Errorf("irv: a paper ranks option %d of %d", n, len(c.open))
		}
		says = says || (named && !c.removed[n]) || m&^ballots.Equal == ballots.Overvoted
	}
	return says, nil
}

func (c *counting) hopefuls() []int {
	var all []int
	for i, open := range c.open {
		if open {
			all = append(all, i)
		}
	}
	return all
}

// threshold is more than half of the votes that count.
func (c *counting) threshold() int64 {
	active := int64(0)
	for _, v := range c.votes { // who is out has none
		active += v
	}
	return active/2 + 1
}

// winner is who has more than half, or is the last one left.
func (c *counting) winner() (int, count.ActKind, bool) {
	need, left := c.threshold(), c.hopefuls()
	for _, i := range left {
		if c.votes[i] >= need {
			return i, count.ActElect, true
		}
	}
	if len(left) == 1 {
		return left[0], count.ActRemaining, true
	}
	return 0, "", false
}

// losers is who goes out next.
func (c *counting) losers() []int {
	order := c.hopefuls()
	first := slices.DeleteFunc(slices.Clone(order), func(i int) bool { return !slices.Contains(c.o.First, i) })
	if len(first) > 0 && len(first) < len(order) {
		return first
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(c.votes[i], c.votes[j]) })
	if c.o.Batch {
		sum, size := int64(0), 0
		for n := 1; n < len(order); n++ {
			sum += c.votes[order[n-1]]
			if sum < c.votes[order[n]] {
				size = n
			}
		}
		if size > 0 {
			return order[:size]
		}
	}
	return []int{c.fewest(order)}
}

// fewest is who goes out of those with the fewest votes, from the fewest to the most.
func (c *counting) fewest(order []int) int {
	tied := slices.DeleteFunc(slices.Clone(order), func(i int) bool { return c.votes[i] != c.votes[order[0]] })
	slices.Sort(tied)
	left := slices.Clone(tied)
	for at := len(c.past) - 1; at >= 0 && len(left) > 1; at-- {
		low := c.past[at][left[0]]
		for _, i := range left {
			low = min(low, c.past[at][i])
		}
		left = slices.DeleteFunc(left, func(i int) bool { return c.past[at][i] != low })
	}
	if len(left) == 1 {
		if len(tied) > 1 {
			c.act(count.Act{Kind: count.ActTie, Option: left[0], Among: tied, Rule: "previous_round"})
		}
		return left[0]
	}
	what := fmt.Sprintf("round %d, defeat", c.round.Number)
	drawn := c.o.Lots.Order(what, left)
	loser := drawn[len(drawn)-1]
	c.act(count.Act{Kind: count.ActLot, Option: loser, Among: left, Rule: "lot"})
	c.result.Lots = append(c.result.Lots, count.Lot{What: what, Among: left, Chosen: drawn})
	return loser
}

// dismiss defeats options and passes on their papers.
func (c *counting) dismiss(losers []int) {
	for _, i := range losers {
		c.open[i], c.state[i] = false, count.Defeated
		c.act(count.Act{Kind: count.ActDefeat, Option: i, Votes: count.Whole(c.votes[i])})
	}
	for _, i := range losers {
		before, nobody := slices.Clone(c.votes), c.exhausted()
		papers := c.piles[i]
		c.piles[i], c.votes[i] = nil, 0
		for _, paper := range papers {
			_, marks := c.r.Paper(int(paper))
			c.place(paper, after(marks, c.at[paper]))
		}
		a := count.Act{Kind: count.ActTransfer, Option: i, Votes: count.Whole(before[i])}
		for to, had := range before {
			if c.votes[to] > had {
				a.Transfers = append(a.Transfers, count.Transfer{To: to, Votes: count.Whole(c.votes[to] - had)})
			}
		}
		if lost := c.exhausted() - nobody; lost > 0 {
			a.Transfers = append(a.Transfers, count.Transfer{To: count.ToNobody, Votes: count.Whole(lost)})
		}
		c.act(a)
	}
}

func (c *counting) exhausted() int64 {
	sum := int64(0)
	for _, n := range c.ended {
		sum += n
	}
	return sum
}

func (c *counting) act(a count.Act) { c.round.Acts = append(c.round.Acts, a) }

func (c *counting) nextRound() {
	c.closeRound()
	c.round = count.Round{Number: c.round.Number + 1}
}

func (c *counting) closeRound() {
	for i, v := range c.votes {
		c.round.Tally = append(c.round.Tally, count.Line{Option: i, Votes: count.Whole(v), State: c.state[i]})
	}
	c.past = append(c.past, slices.Clone(c.votes))
	c.round.Exhausted, c.round.Quota = count.Whole(c.exhausted()), count.Whole(c.threshold())
	c.round.Inactive = &count.Inactive{
		Ended: count.Whole(c.ended[byEnd]), Overvoted: count.Whole(c.ended[byOvervote]),
		Repeated: count.Whole(c.ended[byRepetition]), Skipped: count.Whole(c.ended[bySkips]),
	}
	c.result.Quota = c.round.Quota
	c.result.Rounds = append(c.result.Rounds, c.round)
}

func (c *counting) finish(winner int, kind count.ActKind) {
	c.act(count.Act{Kind: kind, Option: winner, Votes: count.Whole(c.votes[winner])})
	c.result.Winners = []int{winner}
	for _, i := range c.hopefuls() {
		c.state[i] = count.Defeated
	}
	c.state[winner] = count.Elected
	c.closeRound()
}
