// Package ballots holds ranked papers and reads them from files. Alike papers
// are kept once with their weight, so that memory grows with distinct papers,
// not with papers.
package ballots

import (
	"fmt"
	"math"

	"socia/core/paper"
)

// Mark is one place of a ranked paper, from the first preference on: an option's
// number from 0, with the bit Equal when it shares the rank of the mark before
// it, or one of Skipped and Overvoted.
type Mark uint16

// What a mark may be beside an option.
const (
	Equal     Mark = 0x8000 // or-ed: the same rank as the mark before
	Skipped   Mark = 0x7fff // a rank left empty before a later one
	Overvoted Mark = 0x7ffe // a rank with several options that cannot be told apart from a mistake

	// MostOptions is how many options a ranked vote can have.
	MostOptions = 0x7ff0
)

// Option is the option's number, and whether the mark names one.
func (m Mark) Option() (int, bool) {
	n := m &^ Equal
	return int(n), n < Overvoted
}

// Tied says whether the mark shares the rank of the one before.
func (m Mark) Tied() bool { return m&Equal != 0 }

// Taker takes papers one after another: Rankings keeps them, condorcet.Matrix
// only compares pairs. The marks belong to the caller and are reused.
type Taker interface {
	Take(weight int64, marks []Mark) error
}

// Rankings keeps ranked papers, alike ones together, in the order in which each
// was first seen. The zero value is ready for use.
type Rankings struct {
	marks   []Mark   // of all distinct papers, one after another
	ends    []uint32 // where each paper's marks end
	weights []int64
	table   []uint32 // open addressing: 1 + number of a distinct paper, 0 is free
	total   int64
}

// Len is how many distinct papers there are.
func (r *Rankings) Len() int { return len(r.ends) }

// Total is the weight of all papers.
func (r *Rankings) Total() int64 { return r.total }

// Paper gives a distinct paper: its weight, and its marks, which must not be changed.
func (r *Rankings) Paper(i int) (weight int64, marks []Mark) {
	return r.weights[i], r.marks[r.start(i):r.ends[i]:r.ends[i]]
}

func (r *Rankings) start(i int) uint32 {
	if i == 0 {
		return 0
	}
	return r.ends[i-1]
}

// Take adds a paper. A weight below 1, or a sum of weights above 2^62, is refused.
func (r *Rankings) Take(weight int64, marks []Mark) error {
	if weight < 1 || r.total > math.MaxInt64/2-weight {
		return fmt.Errorf("ballots: a weight of %d cannot be counted", weight)
	}
	r.total += weight
	if 2*len(r.ends) >= len(r.table) {
		r.grow()
	}
	at := r.find(marks)
	if found := r.table[at]; found != 0 {
		r.weights[found-1] += weight
		return nil
	}
	if len(r.marks)+len(marks) > math.MaxUint32 {
		return fmt.Errorf("ballots: too many distinct papers")
	}
	r.marks = append(r.marks, marks...)
	r.ends, r.weights = append(r.ends, uint32(len(r.marks))), append(r.weights, weight)
	r.table[at] = uint32(len(r.ends))
	return nil
}

// find gives the place of a paper in the table, or the free place for it.
func (r *Rankings) find(marks []Mark) uint32 {
	mask := uint32(len(r.table) - 1)
	for at := hash(marks) & mask; ; at = (at + 1) & mask {
		n := r.table[at]
		if n == 0 || same(r.marks[r.start(int(n-1)):r.ends[n-1]], marks) {
			return at
		}
	}
}

func (r *Rankings) grow() {
	r.table = make([]uint32, max(64, 2*len(r.table)))
	mask := uint32(len(r.table) - 1)
	for i := range r.ends {
		_, marks := r.Paper(i)
		at := hash(marks) & mask
		for r.table[at] != 0 {
			at = (at + 1) & mask
		}
		r.table[at] = uint32(i + 1)
	}
}

// hash mixes the marks (FNV-1a over marks, then a final avalanche): it decides only where a
// paper is kept, never what it counts.
func hash(marks []Mark) uint32 {
	h := uint64(14695981039346656037)
	for _, m := range marks {
		h = (h ^ uint64(m)) * 1099511628211
	}
	h ^= h >> 32
	return uint32(h * 0x9e3779b97f4a7c15 >> 32)
}

func same(a, b []Mark) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// OfPapers gathers filled-in papers of the form paper.Rank. Blank papers are left out.
func OfPapers(bundles []paper.Bundle) (*Rankings, error) {
	r := new(Rankings)
	for _, b := range bundles {
		var marks []Mark
		for _, rank := range b.Paper.Ranks() {
			for i, option := range rank {
				m := Mark(option)
				if i > 0 {
					m |= Equal
				}
				marks = append(marks, m)
			}
		}
		if len(marks) == 0 {
			continue
		}
		if err := r.Take(b.Weight, marks); err != nil {
			return nil, err
		}
	}
	return r, nil
}
