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
	// Marks and rows lie in blocks, because a slice that grows is copied again and again, and garbage meanwhile.
	marks [][]Mark // blocks of blockMarks; a longer paper has a block for itself, followed by nil for what it is longer
	free  uint32   // the place in marks where the next paper may begin
	rows  [][]row  // blocks of blockRows
	len   int
	// table is open addressing: 1 + the number of a distinct paper in the lower half, 0 is free, and the
	// paper's hash in the upper half, so that neither a search nor growing reads other papers' marks.
	table   []uint64
	total   int64
	touched uint32 // what touch read ahead; kept so that the reading is not left out
}

// row is a distinct paper: its weight, and where its marks are: in which block, and where in it.
type row struct {
	weight int64
	at     uint32
	marks  uint32 // how many
}

const (
	blockMarks = 1 << 16
	blockRows  = 1 << 13
)

// Len is how many distinct papers there are.
func (r *Rankings) Len() int { return r.len }

// Total is the weight of all papers.
func (r *Rankings) Total() int64 { return r.total }

// Paper gives a distinct paper: its weight, and its marks, which must not be changed.
func (r *Rankings) Paper(i int) (weight int64, marks []Mark) {
	row := r.row(i)
	return row.weight, r.marksOf(row)
}

func (r *Rankings) row(i int) *row { return &r.rows[i/blockRows][i%blockRows] }

func (r *Rankings) marksOf(p *row) []Mark {
	at := p.at % blockMarks
	return r.marks[p.at/blockMarks][at : at+p.marks : at+p.marks]
}

// Take adds a paper. A weight below 1, or a sum of weights of 2^62 or more, is refused.
func (r *Rankings) Take(weight int64, marks []Mark) error {
	return r.take(weight, marks, hash(marks))
}

func (r *Rankings) take(weight int64, marks []Mark, h uint32) error {
	if weight < 1 || r.total > math.MaxInt64/2-weight {
		return fmt.Errorf("ballots: a weight of %d cannot be counted", weight)
	}
	if r.len >= len(r.table)/4*3 {
		r.grow()
	}
	at := r.find(marks, h)
	if found := uint32(r.table[at]); found != 0 { //nolint:gosec // G115: the lower half is meant
		r.total += weight
		r.row(int(found - 1)).weight += weight
		return nil
	}
	if r.len == math.MaxInt32 || len(marks) > math.MaxInt32 || !r.room(len(marks)) {
		return errors.New("ballots: too many distinct papers")
	}
	r.total += weight
	r.add(weight, marks)
	r.table[at] = uint64(h)<<32 | uint64(r.len) //nolint:gosec // G115: checked above
	return nil
}

// room sees to it that so many marks fit at free; it says whether they do.
func (r *Rankings) room(marks int) bool {
	if last := len(r.marks) - 1; last >= 0 && r.marks[last] != nil && int(r.free-uint32(last)*blockMarks)+max(marks, 1) <= blockMarks { //nolint:gosec // G115: blocks are fewer than 2^16
		return true
	}
	blocks := max((marks+blockMarks-1)/blockMarks, 1)
	if len(r.marks)+blocks >= math.MaxUint32/blockMarks {
		return false
	}
	r.free = uint32(len(r.marks) * blockMarks) //nolint:gosec // G115: checked above
	r.marks = append(r.marks, make([]Mark, blocks*blockMarks))
	r.marks = append(r.marks, make([][]Mark, blocks-1)...)
	return true
}

// add keeps a new paper at free.
func (r *Rankings) add(weight int64, marks []Mark) {
	if r.len%blockRows == 0 {
		r.rows = append(r.rows, make([]row, blockRows))
	}
	p := r.row(r.len)
	*p = row{weight: weight, at: r.free, marks: uint32(len(marks))} //nolint:gosec // G115: take has checked it
	copy(r.marksOf(p), marks)
	r.free += p.marks
	r.len++
}

// takeAll adds a batch. The table, the rows and the marks are far larger than a
// processor's cache, so what the next papers will need is asked for some papers ahead.
func (r *Rankings) takeAll(b *batch) error {
	start := uint32(0)
	for i, end := range b.ends {
		if i%ahead == 0 && len(r.table) > 0 {
			r.touch(b.hashes[i:min(i+ahead, len(b.hashes))])
		}
		if err := r.take(b.weights[i], b.marks[start:end], b.hashes[i]); err != nil {
			return err
		}
		start = end
	}
	return nil
}

const ahead = 32

// touch reads, without waiting for one before the next, the places in the table of papers with these hashes, then
// the rows and then the marks of those that are probably there already.
func (r *Rankings) touch(hashes []uint32) {
	var found [ahead]uint32
	n, touched := 0, uint32(0)
	for _, h := range hashes {
		entry := r.table[int(h)&(len(r.table)-1)]
		found[n] = uint32(entry) //nolint:gosec // G115: the lower half is meant
		if entry>>32 == uint64(h) && entry != 0 {
			n++
		}
	}
	for i, number := range found[:n] {
		found[i] = r.row(int(number - 1)).at
	}
	for _, at := range found[:n] {
		touched += uint32(r.marks[at/blockMarks][at%blockMarks])
	}
	r.touched = touched
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
		if entry>>32 == uint64(h) && slices.Equal(r.marksOf(r.row(n-1)), marks) {
			return at
		}
	}
}

func (r *Rankings) grow() {
	old := r.table
	r.table = make([]uint64, max(64, 2*len(old)))
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
	h := hashBegin
	for _, m := range marks {
		h = hashMark(h, m)
	}
	return hashEnd(h)
}

const hashBegin = uint64(14695981039346656037)

func hashMark(h uint64, m Mark) uint64 { return (h ^ uint64(m)) * 1099511628211 }

func hashEnd(h uint64) uint32 {
	h ^= h >> 32
	return uint32(h * 0x9e3779b97f4a7c15 >> 32)
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
