package condorcet

import (
	"fmt"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/ratio"
)

// Unranked says what options get that a paper does not rank; a closed type.
type Unranked uint8

// What unranked options get. The zero value is the rule of the rest of this
// package: they are tied for the last places.
const (
	UnrankedShare   Unranked = iota // each the average of the points that are left
	UnrankedNothing                 // no points
)

// Borda elects by points: of n options that stand, a paper gives n-1 points to
// its first, n-2 to its second and so on to 0. Options of equal rank get each
// the average of the points of the places that they take up together; unranked
// ones what the rule says. Figures are exact, in whole points or halves.
//
// Equation, with UnrankedShare and T the weight of papers that rank an option:
//
//	points(i) = Σ over j of (T + Over(i, j) - Over(j, i)) / 2
func Borda(r *ballots.Rankings, options []string, unranked Unranked, o Options) (count.Result, error) {
	b, err := newPoints(r, options, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	for k := range r.Len() {
		b.take(r, k, unranked)
	}
	result := b.result("borda", max(o.Seats, 1))
	result.Pairs = nil
	sums := make([]ratio.Ratio, len(options))
	round := count.Round{Number: 1, Tally: b.tally(b.stand, func(int, int) bool { return false })}
	for _, i := range b.stand {
		sums[i] = b.sum(i)
		round.Tally[i].Votes = count.Of(sums[i])
	}
	result.Order = layers(b.stand, func(i, j int) bool { return sums[i].Cmp(sums[j]) > 0 })
	result.Rounds = []count.Round{round}
	b.seat(&result, result.Order, o)
	return result, nil
}

// points holds for each option the weight of papers that give it so many half points.
type points struct {
	contest
	halves [][]int64
	out    []bool // options that are withdrawn
	seen   []bool // scratch: those, and the ones ranked so far
}

func newPoints(r *ballots.Rankings, names []string, withdrawn []int) (*points, error) {
	m := NewMatrix(0)
	c, err := newContest(m, names, withdrawn)
	if err != nil {
		return nil, err
	}
	b := &points{contest: *c, halves: make([][]int64, len(names)), out: make([]bool, len(names)), seen: make([]bool, len(names))}
	for _, option := range withdrawn {
		b.out[option] = true
	}
	for i := range b.halves {
		b.halves[i] = make([]int64, 2*len(c.stand))
	}
	for k := range r.Len() {
		weight, marks := r.Paper(k)
		b.all += weight
		if says(marks) {
			b.valid += weight
		}
		for _, mark := range marks {
			if option, ok := mark.Option(); ok && option >= len(names) {
				return nil, fmt.Errorf("condorcet: a paper names option %d of %d", option+1, len(names))
			}
		}
	}
	return b, nil
}

// take adds one distinct paper.
func (b *points) take(r *ballots.Rankings, k int, unranked Unranked) {
	weight, marks := r.Paper(k)
	if !says(marks) {
		return
	}
	copy(b.seen, b.out)
	place, group := 0, []int(nil)
	for i, mark := range marks {
		option, ok := mark.Option()
		if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
		if ok && !b.seen[option] {
			group = append(group, option)
			b.seen[option] = true
		}
		if i+1 == len(marks) || !tied(marks[i+1]) {
			place = b.give(group, place, weight)
			group = group[:0]
		}
	}
	switch unranked {
	case UnrankedShare:
		for _, option := range b.stand {
			if !b.seen[option] {
				group = append(group, option)
			}
		}
		b.give(group, place, weight)
	case UnrankedNothing:
	}
}

// give shares the points of the next places among a group: with n standing,
// the places from p on for g options are worth on average n-1-p - (g-1)/2.
func (b *points) give(group []int, place int, weight int64) (next int) {
	halves := 2*(len(b.stand)-1-place) - (len(group) - 1)
	for _, option := range group {
		b.halves[option][halves] += weight
	}
	return place + len(group)
}

func (b *points) sum(option int) ratio.Ratio {
	total := ratio.Int(0)
	for halves, weight := range b.halves[option] {
		if weight > 0 {
			total = total.Add(ratio.Int(weight).Mul(ratio.New(int64(halves), 2)))
		}
	}
	return total
}
