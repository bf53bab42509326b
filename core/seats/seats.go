// Package seats fills seats from an order of options: from the best down, ties
// for the last seats by lot, and then, where the statutes want it, parity by
// putting the best of a group in the place of the last of the others.
//
// Who belongs to a group is what candidates themselves declared for this purpose.
package seats

import (
	"cmp"
	"fmt"
	"slices"

	"socia/core/count"
	"socia/core/lot"
)

// Parity asks for at least so many of a group among those elected.
type Parity struct {
	Group []int // options
	Least int
}

// Filling is who has a seat and how it came about.
type Filling struct {
	Winners []int // the best placed first
	Acts    []count.Act
	Lots    []count.Lot
}

// Fill gives n seats to the first of an order, in which tied options stand
// together. A tie for the last seats is drawn by lot as "place 3", the number of
// the first place that is tied for; so is one that matters for parity. Then,
// while too few of the group are elected and one is left, the best placed of
// the group that is not elected takes the place of the last elected outside it.
// Winners stand in the order given, whatever was swapped.
//
// Equations, with k = min(Least, n, how many of the group are in the order):
//
//	at least k of the group are among Fill(order, n, lots, p).Winners
//	Fill(order, n, lots, p) = Fill(order, n, lots, nil) when k of the group are among the latter
//	swaps = max(0, k - those of the group among Fill(order, n, lots, nil).Winners)
func Fill(order [][]int, n int, lots lot.Breaker, p *Parity) Filling {
	f := &filling{order: order, lots: lots}
	for at, tier := range order {
		room := n - len(f.Winners)
		if room <= 0 {
			break
		}
		if len(tier) > room {
			tier = f.draw(at, tier, room)
		}
		for _, option := range tier {
			f.Winners = append(f.Winners, option)
			f.Acts = append(f.Acts, count.Act{Kind: count.ActElect, Option: option})
		}
	}
	if p != nil {
		f.swap(*p)
	}
	return f.Filling
}

type filling struct {
	Filling
	order [][]int
	lots  lot.Breaker
}

// draw puts some of those of one tier in the order of the lot, and keeps the first so many.
func (f *filling) draw(at int, tied []int, room int) []int {
	place := 1
	for _, tier := range f.order[:at] {
		place += len(tier)
	}
	what := fmt.Sprintf("place %d", place)
	chosen := f.lots.Order(what, tied)[:room]
	f.Lots = append(f.Lots, count.Lot{What: what, Among: slices.Clone(tied), Chosen: chosen})
	for _, option := range chosen {
		f.Acts = append(f.Acts, count.Act{Kind: count.ActLot, Option: option, Among: slices.Clone(tied), Rule: "lot"})
	}
	return chosen
}

func (f *filling) swap(p Parity) {
	group := func(option int) bool { return slices.Contains(p.Group, option) }
	elected := func(option int) bool { return slices.Contains(f.Winners, option) }
	for n := f.elected(group); n < p.Least; n++ {
		in, found := f.best(func(option int) bool { return group(option) && !elected(option) })
		if !found {
			break
		}
		out, found := f.last(func(option int) bool { return !group(option) && elected(option) })
		if !found {
			break
		}
		f.Winners[slices.Index(f.Winners, out)] = in
		slices.SortStableFunc(f.Winners, func(a, b int) int { return cmp.Compare(f.tier(a), f.tier(b)) })
		f.Acts = append(f.Acts, count.Act{Kind: count.ActSwap, Option: in, Against: &out, Rule: "parity"})
	}
}

func (f *filling) elected(group func(int) bool) (n int) {
	for _, option := range f.Winners {
		if group(option) {
			n++
		}
	}
	return n
}

// best is the first in the order of those meant, by lot among tied ones.
func (f *filling) best(meant func(int) bool) (option int, found bool) {
	for at, tier := range f.order {
		switch among := those(tier, meant); len(among) {
		case 0:
			continue
		case 1:
			return among[0], true
		default:
			return f.draw(at, among, 1)[0], true
		}
	}
	return 0, false
}

// last is the last in the order of those meant; among tied ones all but one are drawn to stay.
func (f *filling) last(meant func(int) bool) (option int, found bool) {
	for at := len(f.order) - 1; at >= 0; at-- {
		switch among := those(f.order[at], meant); len(among) {
		case 0:
			continue
		case 1:
			return among[0], true
		default:
			stay := f.draw(at, among, len(among)-1)
			return those(among, func(option int) bool { return !slices.Contains(stay, option) })[0], true
		}
	}
	return 0, false
}

func (f *filling) tier(option int) int {
	return slices.IndexFunc(f.order, func(tier []int) bool { return slices.Contains(tier, option) })
}

func those(options []int, meant func(int) bool) (some []int) {
	for _, option := range options {
		if meant(option) {
			some = append(some, option)
		}
	}
	return some
}

// AlternatingList puts an order of options into a list that alternates between
// those of a group and the others, as far as there are any of both: the first
// stays first, and each of the two keeps its own order ("zipper").
//
// Equation: AlternatingList(AlternatingList(order, group), group) = AlternatingList(order, group).
func AlternatingList(order, group []int) []int {
	inside := func(option int) bool { return slices.Contains(group, option) }
	next := those(order, inside)
	other := those(order, func(option int) bool { return !inside(option) })
	if len(order) > 0 && !inside(order[0]) {
		next, other = other, next
	}
	list := make([]int, 0, len(order))
	for len(next) > 0 {
		list = append(list, next[0])
		next, other = other, next[1:]
	}
	return append(list, other...)
}
