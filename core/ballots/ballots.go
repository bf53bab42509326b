// Package ballots holds ranked papers and reads them from files. Alike papers
// are kept once with their weight, so that memory grows with distinct papers,
// not with papers.
package ballots

import (
	"errors"
	"fmt"
	"math"
	"slices"

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
	// table is open addressing: 1 + the number of a distinct paper in the lower half, 0 is free, and the
	// paper's hash in the upper half, so that neither a search nor growing reads other papers' marks.
	table   []uint64
	total   int64
	touched uint64 // what takeAll read ahead; kept so that the reading is not left out
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
	return r.take(weight, marks, hash(marks))
}

func (r *Rankings) take(weight int64, marks []Mark, h uint32) error {
	if weight < 1 || r.total > math.MaxInt64/2-weight {
		return fmt.Errorf("ballots: a weight of %d cannot be counted", weight)
	}
	if 2*len(r.ends) >= len(r.table) {
		r.grow()
	}
	at := r.find(marks, h)
	if found := uint32(r.table[at]); found != 0 { //nolint:gosec // G115: the lower half is meant
		r.total += weight
		r.weights[found-1] += weight
		return nil
	}
	if len(r.marks)+len(marks) > math.MaxUint32 || len(r.ends) == math.MaxInt32 {
		return errors.New("ballots: too many distinct papers")
	}
	r.total += weight
	if len(r.marks)+len(marks) > cap(r.marks) { // doubled: append would copy a large slice again at every quarter
		r.marks = slices.Grow(r.marks, len(r.marks)+len(marks))
	}
	r.marks = append(r.marks, marks...)
	r.ends, r.weights = append(r.ends, uint32(len(r.marks))), append(r.weights, weight) //nolint:gosec // G115: checked above
	r.table[at] = uint64(h)<<32 | uint64(len(r.ends))
	return nil
}

// takeAll adds a batch. The table is far larger than a processor's cache, so the
// places that the next papers will need are asked for some papers ahead.
func (r *Rankings) takeAll(b *batch) error {
	const ahead = 16
	start, touched := uint32(0), uint64(0)
	for i, end := range b.ends {
		if i%ahead == 0 && len(r.table) > 0 {
			for _, h := range b.hashes[i:min(i+ahead, len(b.hashes))] {
				touched |= r.table[int(h)&(len(r.table)-1)]
			}
		}
		if err := r.take(b.weights[i], b.marks[start:end], b.hashes[i]); err != nil {
			return err
		}
		start = end
	}
	r.touched = touched
	return nil
}

// find gives the place of a paper in the table, or the free place for it.
func (r *Rankings) find(marks []Mark, h uint32) int {
	mask := len(r.table) - 1
	for at := int(h) & mask; ; at = (at + 1) & mask {
		entry := r.table[at]
		if entry == 0 {
			return at
		}
		n := int(entry & math.MaxUint32)
		if entry>>32 == uint64(h) && same(r.marks[r.start(n-1):r.ends[n-1]], marks) {
			return at
		}
	}
}

func (r *Rankings) grow() {
	old := r.table
	r.table = make([]uint64, max(64, 4*len(old)))
	mask := len(r.table) - 1
	for _, entry := range old {
		if entry == 0 {
			continue
		}
		at := int(entry>>32) & mask
		for r.table[at] != 0 {
			at = (at + 1) & mask
		}
		r.table[at] = entry
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
		marks := rankMarks(b.Paper, nil)
		if len(marks) == 0 {
			continue
		}
		if err := r.Take(b.Weight, marks); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// rankMarks adds the options of a paper of the form paper.Rank, from its first preference on.
func rankMarks(p paper.Paper, marks []Mark) []Mark {
	for _, rank := range p.Ranks() {
		for i, option := range rank {
			m := Mark(option) //nolint:gosec // G115: a poll and a file have fewer than MostOptions
			if i > 0 {
				m |= Equal
			}
			marks = append(marks, m)
		}
	}
	return marks
}
