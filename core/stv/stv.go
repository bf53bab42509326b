// Package stv counts ranked papers by the single transferable vote, by three
// published rules, each with its own arithmetic:
//
//   - Scottish: The Scottish Local Government Elections Order 2007 (SSI 2007/42),
//     schedule 1, rules 45 to 52; weighted inclusive Gregory, five decimals, truncated.
//   - WIGM: the reference WIGM rule of the Proportional Representation Foundation
//     (prfound.org/resources/reference/reference-wigm-rule), four decimals, truncated.
//   - Meek: its reference Meek rule (…/reference-meek-rule), nine decimals.
//
// What a paper says is read alike for the three. Ranks left empty are passed
// over. Where a rank holds several options, or was overvoted, it cannot be told
// who comes next, and the paper ends before that rank; a paper that ends before
// its first preference is not valid. An option ranked twice counts where it
// comes first. Options that have withdrawn are removed from all papers before
// anything else is read, so that a rank of two options of which one withdrew is a
// rank of one.
//
// Ties are broken by the rule's own means, then by Options.Lots: the option
// that the lot favours has its surplus passed on first, or stays when another
// must go. An order that states who is chosen first, as ballot files have it, is
// given to lot.Breaker.Fixed reversed: who is named first in the file goes out
// first, and also has the surplus passed on first (WIGM D.1).
//
// Equations, for every count:
//
//	votes of all options + exhausted + residual = valid, in every round, exactly
//	the result does not depend on the order of the papers
//	a paper of weight 2 = two papers
//	withdrawn options = the same papers without them
package stv

import (
	"fmt"
	"math/big"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
)

// Options is what the organisers of an election decide beforehand.
type Options struct {
	Seats     int
	Withdrawn []int // options that stand no longer
	Lots      lot.Breaker
	Parity    *Parity // nil when no rule on the composition applies
	// SureLosers turns on WIGM's optional step B.2, which defeats together those
	// who can no longer catch up. It does nothing in the other rules, nor with Parity.
	SureLosers bool
}

// version is of this implementation of the three rules.
const version = "1"

// election is the state that the three rules share. Votes are in units of the
// last decimal of the rule.
type election struct {
	result count.Result
	o      Options
	papers papers
	places int
	state  []count.State
	open   []bool // state is Hopeful
	// pends says, for how votes compare with the quota, whether one who is
	// elected so has a surplus to pass on.
	pends               func(compared int) bool
	votes               []*big.Int
	quota               *big.Int
	exhausted, residual *big.Int
	keep                []uint64 // Meek only
	guarded, doomed     []bool
	past                [][]*big.Int // votes at the end of each round before
	round               count.Round  // the one that is being made
}

// begin checks what was asked and reads the papers.
func begin(method string, places int, r *ballots.Rankings, options []string, o Options) (*election, error) {
	if o.Seats < 1 {
		return nil, fault.Invalid("seats", "stv.seats")
	}
	withdrawn, err := marked(o.Withdrawn, len(options))
	if err != nil {
		return nil, err
	}
	if err := o.Parity.check(o.Seats, withdrawn); err != nil {
		return nil, err
	}
	p, err := read(r, withdrawn)
	if err != nil {
		return nil, err
	}
	n := len(options)
	e := &election{
		o: o, papers: p, places: places,
		state: make([]count.State, n), open: make([]bool, n), votes: make([]*big.Int, n),
		quota: new(big.Int), exhausted: new(big.Int), residual: new(big.Int),
		guarded: make([]bool, n), doomed: make([]bool, n),
	}
	for i := range options {
		e.state[i], e.open[i], e.votes[i] = count.Hopeful, !withdrawn[i], new(big.Int)
		if withdrawn[i] {
			e.state[i] = count.Withdrawn
		}
	}
	e.result = count.Result{
		Method: method, Version: version, Seats: o.Seats, Options: options, Scale: 1,
		Papers: count.Whole(r.Total()), Valid: count.Whole(p.total), Winners: []int{},
	}
	return e, nil
}

// marked turns a list of options into a mark for each.
func marked(list []int, options int) ([]bool, error) {
	all := make([]bool, options)
	for _, i := range list {
		if i < 0 || i >= options {
			return nil, fmt.Errorf("stv: there is no option %d", i)
		}
		all[i] = true
	}
	return all, nil
}

// units is a whole number of votes in units of the last decimal.
func (e *election) units(votes int64) *big.Int {
	return new(big.Int).Mul(big.NewInt(votes), power10(e.places))
}

func power10(places int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
}

func (e *election) figure(units *big.Int) count.Figure { return count.Fixed(units, e.places) }

// hopefuls lists those who are neither elected nor out, in their order.
func (e *election) hopefuls() []int {
	var all []int
	for i, open := range e.open {
		if open {
			all = append(all, i)
		}
	}
	return all
}

func (e *election) seatsLeft() int { return e.o.Seats - len(e.result.Winners) }

// complete says whether nothing is left to decide: every seat is filled, no
// more hopefuls are left than seats (rule 52; WIGM D.3; Meek B.1), or there is no
// valid paper, by which nobody is elected.
func (e *election) complete() bool {
	return len(e.hopefuls()) <= e.seatsLeft() || e.seatsLeft() == 0 || e.papers.total == 0
}

// electWithQuota elects those who have the quota, those with more votes first
// (rule 47; WIGM B.1; Meek B.2.c). It says whether there was any.
func (e *election) electWithQuota() bool {
	any := false
	for {
		e.constrain()
		var top []int
		for _, i := range e.hopefuls() {
			if e.doomed[i] || e.votes[i].Cmp(e.quota) < 0 {
				continue
			}
			if len(top) > 0 && e.votes[i].Cmp(e.votes[top[0]]) > 0 {
				top = top[:0]
			}
			if len(top) == 0 || e.votes[i].Cmp(e.votes[top[0]]) == 0 {
				top = append(top, i)
			}
		}
		if len(top) == 0 {
			return any
		}
		e.elect(e.firstOf(top), count.ActElect)
		any = true
	}
}

func (e *election) elect(i int, kind count.ActKind) {
	e.open[i], e.state[i] = false, count.Elected
	if kind == count.ActElect && e.pends(e.votes[i].Cmp(e.quota)) {
		e.state[i] = count.Pending
	}
	e.result.Winners = append(e.result.Winners, i)
	e.act(count.Act{Kind: kind, Option: i, Votes: e.figure(e.votes[i])})
}

func (e *election) defeat(i int) {
	e.open[i], e.state[i] = false, count.Defeated
	e.act(count.Act{Kind: count.ActDefeat, Option: i, Votes: e.figure(e.votes[i])})
}

func (e *election) act(a count.Act) { e.round.Acts = append(e.round.Acts, a) }

// nextRound writes down the round that was being made and begins another.
func (e *election) nextRound() {
	if e.round.Number > 0 {
		e.closeRound()
	}
	e.round = count.Round{Number: e.round.Number + 1}
}

func (e *election) closeRound() {
	votes := make([]*big.Int, len(e.votes))
	for i, v := range e.votes {
		votes[i] = new(big.Int).Set(v)
		line := count.Line{Option: i, Votes: e.figure(v), State: e.state[i]}
		if e.keep != nil {
			line.Keep = e.figure(new(big.Int).SetUint64(e.keep[i]))
		}
		e.round.Tally = append(e.round.Tally, line)
	}
	e.past = append(e.past, votes)
	e.round.Exhausted, e.round.Residual = e.figure(e.exhausted), e.figure(e.residual)
	e.round.Quota = e.figure(e.quota)
	e.result.Rounds = append(e.result.Rounds, e.round)
}

// finish fills what seats are left with those who are left, in their order, and
// ends the count (rule 52; WIGM C; Meek C).
func (e *election) finish() count.Result {
	for i := range e.state {
		if e.state[i] == count.Pending {
			e.state[i] = count.Elected
		}
	}
	for _, i := range e.hopefuls() {
		if e.papers.total == 0 {
			continue // hopeful to the end
		}
		if e.seatsLeft() > 0 {
			e.elect(i, count.ActRemaining)
		} else {
			e.open[i], e.state[i] = false, count.Defeated
		}
	}
	e.closeRound()
	e.result.Quota = e.figure(e.quota)
	return e.result
}
