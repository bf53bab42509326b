// Package condorcet counts ranked papers by comparing options in pairs:
// Schulze's method, Ranked Pairs, Debian's procedure, and points after Borda.
//
// What a paper says of two options: an option ranked before another is
// preferred to it; every ranked option is preferred to every unranked one;
// options of equal rank, and unranked ones among themselves, are not preferred
// to each other. An empty rank (ballots.Skipped) is ignored. A rank that cannot
// be told apart from a mistake (ballots.Overvoted) ends the paper: what follows
// counts as unranked. An option named twice counts where it is named first.
package condorcet

import (
	"fmt"
	"math"
	"math/bits"

	"socia/core/ballots"
)

// MostOptions is how many options a Matrix compares at the most.
const MostOptions = 1024

// Matrix is a ballots.Taker that only keeps how many papers prefer each option
// to each other one: its memory does not grow with papers. Options may be met
// on the way; earlier papers count them as unranked.
//
// Equations, for papers p and q and any options i and j:
//
//	Over(i, j) after Take(w, p) = Over(i, j) before + w if p prefers i to j, else + 0
//	Take(2, p) = Take(1, p); Take(1, p)
//	Take(1, p); Take(1, q) = Take(1, q); Take(1, p)
//
// It holds for each ranked option the papers that rank a set of options at
// least as high, itself among them; so Over(i, j) = level(i, i) - level(i, j),
// and an option that nobody has met yet needs no place in it.
type Matrix struct {
	options int
	words   int      // of a set of options
	sheaves []*sheaf // by bit of the weight: sheaf b holds papers that weigh 2^b
	levels  []int64  // [option][option]: papers that rank the second at least as high as the first, which they rank
	total   int64
	valid   int64
	above   []uint64 // scratch: the options met so far on a paper
	group   []int    // scratch: those that share a rank
}

// NewMatrix makes a matrix for so many options; more may come.
func NewMatrix(options int) *Matrix {
	m := &Matrix{}
	m.widen(min(options, MostOptions))
	return m
}

// widen makes room for so many options.
func (m *Matrix) widen(options int) {
	words := max((options+63)/64, 1)
	if words > m.words {
		m.drain()
		levels := make([]int64, words*words*64*64)
		for i := range m.options {
			copy(levels[i*words*64:], m.levels[i*m.words*64:(i+1)*m.words*64])
		}
		m.levels, m.words, m.sheaves, m.above = levels, words, nil, make([]uint64, words)
	}
	m.options = max(m.options, options)
}

// Asks says to who reads a file how many options can be compared.
func (m *Matrix) Asks() ballots.Asked { return ballots.Asked{Options: MostOptions} }

// Len is how many options there are.
func (m *Matrix) Len() int { return m.options }

// Papers is the weight of all papers, and of those that rank an option.
func (m *Matrix) Papers() (all, valid int64) { return m.total, m.valid }

// Over is the weight of the papers that prefer option i to option j. It may
// bring sums up to date, so that it must not be called by two at once.
func (m *Matrix) Over(i, j int) int64 {
	if i >= m.options {
		return 0
	}
	m.drain()
	row := m.levels[i*m.words*64:]
	if j >= m.options {
		return row[i]
	}
	return row[i] - row[j]
}

// Take adds a paper. A weight below 1, a sum of weights of 2^62, and an
// option beyond MostOptions are refused and leave everything as it was.
func (m *Matrix) Take(weight int64, marks []ballots.Mark) error {
	if weight < 1 || m.total > math.MaxInt64/2-weight {
		return fmt.Errorf("condorcet: a weight of %d cannot be counted", weight)
	}
	for rest := uint64(weight); rest != 0; rest &= rest - 1 {
		s := m.sheaf(bits.TrailingZeros64(rest))
		if !m.place(s, marks) {
			s.undo()
			if err := m.meet(marks); err != nil {
				return err
			}
			// Nothing of this paper has been kept: the first sheaf already met the new option.
			s = m.sheaf(bits.TrailingZeros64(rest))
			m.place(s, marks)
		}
		s.close(m.options * m.words)
	}
	m.total += weight
	if says(marks) {
		m.valid += weight
	}
	return nil
}

// says tells whether a paper ranks an option.
func says(marks []ballots.Mark) bool {
	for _, mark := range marks {
		if _, ok := mark.Option(); ok {
			return true
		}
		if mark&^ballots.Equal == ballots.Overvoted {
			return false
		}
	}
	return false
}

// sheaf gives the papers that weigh 2^bit.
func (m *Matrix) sheaf(bit int) *sheaf {
	for len(m.sheaves) <= bit {
		m.sheaves = append(m.sheaves, nil)
	}
	if m.sheaves[bit] == nil {
		m.sheaves[bit] = newSheaf(m.words * m.words * 64)
	}
	s := m.sheaves[bit]
	if s.full() {
		m.empty(bit)
	}
	return s
}

// meet makes room for the options of a paper.
func (m *Matrix) meet(marks []ballots.Mark) error {
	highest := 0
	for _, mark := range marks {
		if option, ok := mark.Option(); ok {
			highest = max(highest, option)
		} else if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
	}
	if highest >= MostOptions {
		return fmt.Errorf("condorcet: more than %d options", MostOptions)
	}
	m.widen(highest + 1)
	return nil
}

// place writes a paper into the sheaf's free place: for each ranked option the
// set of those ranked at least as high. It is false when an option is new.
// Here are the papers of few options that rank one after another, the many;
// every other mark is a greater number than that of a known option.
func (m *Matrix) place(s *sheaf, marks []ballots.Mark) bool {
	if m.words > 1 {
		return m.placeAny(s, marks)
	}
	sets, at, known := (*[64 * sheafPapers]uint64)(s.sets), uint(s.filled), uint(m.options)
	var above uint64
	for _, mark := range marks {
		option := uint(mark)
		if option >= known {
			return m.placeAny(s, marks)
		}
		above |= 1 << (option & 63)
		sets[(option&63)*sheafPapers+at&(sheafPapers-1)] = above
	}
	if bits.OnesCount64(above) < len(marks) { // an option was named twice
		return m.placeAny(s, marks)
	}
	return true
}

// tied says whether a mark names an option of the same rank as the mark before.
func tied(mark ballots.Mark) bool {
	_, ok := mark.Option()
	return ok && mark.Tied()
}

// placeAny is place for every paper and sets of any length.
func (m *Matrix) placeAny(s *sheaf, marks []ballots.Mark) bool {
	clear(m.above)
	sets := s.sets[s.filled:]
	group := m.group[:0]
	for i, mark := range marks {
		option, ok := mark.Option()
		switch {
		case mark&^ballots.Equal == ballots.Overvoted:
			return true
		case ok && option >= m.options:
			return false
		case ok && m.above[option/64]>>(option%64)&1 == 0:
			m.above[option/64] |= 1 << (option % 64)
			group = append(group, option)
		}
		if i+1 < len(marks) && tied(marks[i+1]) {
			continue
		}
		for _, option := range group {
			for w, set := range m.above {
				sets[(option*m.words+w)*sheafPapers] = set
			}
		}
		m.group, group = group, group[:0]
	}
	return true
}

// drain brings the sums up to date with every paper taken.
func (m *Matrix) drain() {
	for bit, s := range m.sheaves {
		if s != nil && s.papers > 0 {
			m.empty(bit)
		}
	}
}

func (m *Matrix) empty(bit int) {
	s := m.sheaves[bit]
	s.add(m.options * m.words)
	for at := range m.options * m.words {
		s.count(at, int64(1)<<bit, m.levels[at*64:at*64+64])
	}
	s.clear()
}

// Merge adds what another matrix has counted, as if its papers had been taken
// here; the other one is left as it was. Two workers can count halves.
func (m *Matrix) Merge(other *Matrix) error {
	if m.total > math.MaxInt64/2-other.total {
		return fmt.Errorf("condorcet: a weight of %d cannot be counted", other.total)
	}
	other.drain()
	m.widen(other.options)
	for i := range other.options {
		for j := range other.options {
			m.levels[i*m.words*64+j] += other.levels[i*other.words*64+j]
		}
	}
	m.total += other.total
	m.valid += other.valid
	return nil
}
