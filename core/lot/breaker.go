package lot

import (
	"slices"
	"strconv"
)

// Breaker decides ties between numbered options that a method's own rule
// leaves. A fixed order, as some ballot files state one, comes before the seed.
type Breaker struct {
	Seed  Seed
	Fixed []int // option numbers from 0, the favoured one first; may be empty
}

// Order puts tied options in the order in which they are favoured. What says
// which tie it is ("round 3, defeat"), so that each tie has a draw of its own.
// Option i is drawn under the name of its number counted from 1.
func (b Breaker) Order(what string, tied []int) []int {
	items := make([]string, len(tied))
	for i, option := range tied {
		items[i] = strconv.Itoa(option + 1)
	}
	drawn := make([]int, len(tied))
	for i, at := range b.Seed.Order(what, items) {
		drawn[i] = tied[at]
	}
	slices.SortStableFunc(drawn, func(x, y int) int { return b.place(x) - b.place(y) })
	return drawn
}

// place is where the fixed order has an option; those it does not name come last.
func (b Breaker) place(option int) int {
	if at := slices.Index(b.Fixed, option); at >= 0 {
		return at
	}
	return len(b.Fixed)
}

// Settles says whether the fixed order alone put the chosen before the others of those tied, or a lot was drawn too:
// it was not when all of the chosen are fixed, or no more than one of the tied is not.
func (b Breaker) Settles(tied, chosen []int) bool {
	open := func(options []int) (n int) {
		for _, option := range options {
			if !slices.Contains(b.Fixed, option) {
				n++
			}
		}
		return n
	}
	return open(tied) < 2 || open(chosen) == 0
}

// Favoured is the first of Order.
func (b Breaker) Favoured(what string, tied []int) int { return b.Order(what, tied)[0] }

// Unfavoured is the last of Order.
func (b Breaker) Unfavoured(what string, tied []int) int {
	all := b.Order(what, tied)
	return all[len(all)-1]
}
