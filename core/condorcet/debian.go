package condorcet

import (
	"fmt"
	"slices"

	"socia/core/count"
	"socia/core/lot"
	"socia/core/ratio"
)

// NoDefault as DebianOptions.Default says that there is no default option.
const NoDefault = -1

// DebianOptions are what Debian's procedure needs beside the papers.
type DebianOptions struct {
	Default int   // the option "none of these", or NoDefault
	Quorum  int64 // R: the weight of papers that must prefer an option to the default
	// Voters is how many voters prefer each option to the default: the Constitution's quorum counts voters, so where votes
	// weigh differently it is compared with these and not with weights. Nil says that every vote weighs one.
	Voters        []int64
	Supermajority map[int]ratio.Ratio // N of N:1, for options that need more than a majority against the default
	Seats         int                 // how many are elected; 0 is one
	Withdrawn     []int
	Lots          lot.Breaker
}

// Debian elects by the Constitution for the Debian Project, version 1.9 of 2022,
// appendix A.5 (A.6 up to version 1.7). The comments name its points.
//
// A.5.1 is what a Matrix does. The elector with the casting vote is replaced by
// a lot. The Constitution elects one; here an Order of all comes from repeating
// the election without those already placed, and those who remain together at
// the end of one stand together. Options that were dropped at the beginning come
// after all others, in an order made in the same way. Seats go to the first of
// the order that come before the default option; if it is the first, it alone
// wins: nobody is elected.
//
// Rounds: the votes over the default and who is dropped, where there is one;
// then one for each place of the order: how many of those who stand each beats,
// which defeats were dropped and, in the last, who is elected.
func Debian(m *Matrix, options []string, o DebianOptions) (count.Result, error) {
	c, err := newContest(m, options, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	if o.Default != NoDefault && !slices.Contains(c.stand, o.Default) {
		return count.Result{}, fmt.Errorf("condorcet: the default option %d does not stand", o.Default)
	}
	r := c.result("debian", max(o.Seats, 1))
	left, dropped := slices.Clone(c.stand), []int(nil)
	if o.Default != NoDefault {
		r.Default = &o.Default
		left, dropped = c.againstDefault(&r, o)
	}
	r.Order = append(c.placeAll(&r, left), c.placeAll(&r, dropped)...)
	c.seat(&r, beforeDefault(r.Order, o.Default), Options{Lots: o.Lots})
	return r, nil
}

// againstDefault drops options by A.5.2 and A.5.3.
func (c *contest) againstDefault(r *count.Result, o DebianOptions) (left, dropped []int) {
	round := count.Round{Number: 1, Tally: c.tally(c.stand, c.beats)}
	for _, option := range c.stand {
		round.Tally[option].Votes = count.Whole(c.over[option][o.Default])
		drop, isDropped := c.falls(option, o)
		if !isDropped {
			left = append(left, option)
			continue
		}
		dropped = append(dropped, option)
		round.Tally[option].State = count.Defeated
		round.Acts = append(round.Acts, drop)
	}
	r.Rounds = append(r.Rounds, round)
	return left, dropped
}

// The Rule of ActDrop: what an option failed.
const (
	RuleQuorum   = "quorum"   // A.5.2
	RuleMajority = "majority" // A.5.3, with an N above 1
	RuleBeaten   = "beaten"   // A.5.3: it does not beat the default option
)

// falls says whether an option falls against the default one, and by what: with the votes it had and those it needed.
func (c *contest) falls(option int, o DebianOptions) (drop count.Act, isDropped bool) {
	if option == o.Default {
		return count.Act{}, false
	}
	drop = count.Act{Kind: count.ActDrop, Option: option, Against: &o.Default, Votes: count.Whole(c.over[option][o.Default])}
	voters := c.over[option][o.Default]
	if o.Voters != nil {
		voters = o.Voters[option]
	}
	if voters < o.Quorum { // A.5.2: less than R papers rank it above the default
		drop.Rule, drop.Votes, drop.Needed = RuleQuorum, count.Whole(voters), count.Whole(o.Quorum)
		return drop, true
	}
	// A.5.3.2: V(A,D) >= N × V(D,A), and V(A,D) > V(D,A).
	needed := ratio.Int(c.over[o.Default][option])
	drop.Rule = RuleBeaten
	if times, special := o.Supermajority[option]; special && times.Mul(needed).Cmp(needed) > 0 {
		drop.Rule, needed = RuleMajority, times.Mul(needed)
	}
	drop.Needed = count.Of(needed)
	return drop, !c.beats(option, o.Default) || ratio.Int(c.over[option][o.Default]).Cmp(needed) < 0
}

// placeAll repeats the election until every option has a place.
func (c *contest) placeAll(r *count.Result, left []int) (order [][]int) {
	for len(left) > 0 {
		first, acts := c.dropWeakest(left)
		r.Rounds = append(r.Rounds, count.Round{Number: len(r.Rounds) + 1, Acts: acts, Tally: c.tally(left, c.beats)})
		order = append(order, first)
		left = slices.DeleteFunc(slices.Clone(left), func(option int) bool { return slices.Contains(first, option) })
	}
	return order
}

// dropWeakest is A.5.4 to A.5.8: who remains, and the defeats that were dropped.
func (c *contest) dropWeakest(options []int) (remain []int, acts []count.Act) {
	var defeats []pair // A.5.4: A defeats B when V(A,B) > V(B,A)
	for _, i := range options {
		for _, j := range options {
			if c.beats(i, j) {
				defeats = append(defeats, pair{i, j})
			}
		}
	}
	for {
		remain = c.schwartz(options, defeats)
		var weakest []pair
		for _, d := range defeats {
			if !slices.Contains(remain, d.winner) || !slices.Contains(remain, d.loser) {
				continue
			}
			// A.5.7: weaker is who has fewer votes for, then who has more against; there may be several.
			if len(weakest) > 0 && c.compare(d, weakest[0]) > 0 {
				weakest = weakest[:0]
			}
			if len(weakest) == 0 || c.compare(d, weakest[0]) == 0 {
				weakest = append(weakest, d)
			}
		}
		if len(weakest) == 0 { // A.5.8: no defeats within the Schwartz set
			return remain, acts
		}
		for _, d := range weakest {
			acts = append(acts, count.Act{Kind: count.ActSkip, Option: d.winner, Against: &d.loser, Votes: count.Whole(c.over[d.winner][d.loser])})
		}
		defeats = slices.DeleteFunc(defeats, func(d pair) bool { return slices.Contains(weakest, d) })
	}
}

// schwartz is A.5.5 and A.5.6: an option is in the set unless one that it does
// not defeat, not even transitively, defeats it transitively.
func (c *contest) schwartz(options []int, defeats []pair) (within []int) {
	reach := make([]set, len(c.names))
	for _, i := range options {
		reach[i] = make(set, (len(c.names)+63)/64)
	}
	for _, d := range defeats {
		reach[d.winner].add(d.loser)
	}
	for _, via := range options {
		for _, i := range options {
			if reach[i].has(via) {
				reach[i].join(reach[via])
			}
		}
	}
	for _, i := range options {
		if !slices.ContainsFunc(options, func(j int) bool { return reach[j].has(i) && !reach[i].has(j) }) {
			within = append(within, i)
		}
	}
	return within
}

// beforeDefault is the part of the order that can have a seat.
func beforeDefault(order [][]int, standard int) [][]int {
	for at, tier := range order {
		if slices.Contains(tier, standard) {
			return order[:max(at, 1)]
		}
	}
	return order
}
