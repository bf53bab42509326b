package stv

import (
	"fmt"

	"socia/core/ballots"
)

// papers are the valid papers.
type papers struct {
	marks []ballots.Mark // of all papers, one after another: the options that each ranks, once each
	all   []paper
	total int64 // the weight of all
}

// paper is one distinct paper. What is needed of it at once lies together.
type paper struct {
	at, end uint32 // in marks: the option with which it lies, and where it ends
	weight  int64
}

// next moves a paper to the next mark that may receive it, from a mark on. It
// gives nobody when there is none.
func (p *papers) next(which, further uint32, may []bool) int32 {
	own := &p.all[which]
	for at := own.at + further; at < own.end; at++ {
		if option := p.marks[at]; may[option] {
			own.at = at
			return int32(option)
		}
	}
	return nobody
}

// mostKinds is into how many kinds papers are sorted at most.
const mostKinds = 1 << 14

// read reads the papers as the package's comment says. Papers that begin alike
// come one after another, as far as sorting them into mostKinds goes: it changes
// nothing but the time that a count takes, as papers that move together then lie
// together. They are read twice, first to know how much room each kind needs,
// because that takes less time and memory than keeping them meanwhile.
func read(r *ballots.Rankings, withdrawn []bool) (papers, error) {
	kinds, deep := 1, 0
	for kinds*(len(withdrawn)+1) <= mostKinds && deep < 8 {
		kinds, deep = kinds*(len(withdrawn)+1), deep+1
	}
	reading := newReader(withdrawn)
	begins, kind, total := make([]struct{ papers, marks uint32 }, kinds+1), make([]uint16, r.Len()), int64(0)
	for i := range kind {
		weight, marks := r.Paper(i)
		valid, err := reading.options(marks)
		if err != nil {
			return papers{}, err
		}
		if len(valid) > 0 {
			k := beginning(valid, deep, len(withdrawn))
			kind[i] = uint16(k) // #nosec G115 -- below mostKinds
			begins[k+1].papers++
			begins[k+1].marks += uint32(len(valid)) // #nosec G115 -- Rankings keeps fewer marks than that
			total += weight
		}
	}
	for k := range kinds {
		begins[k+1].papers += begins[k].papers
		begins[k+1].marks += begins[k].marks
	}
	sorted := papers{marks: make([]ballots.Mark, begins[kinds].marks), all: make([]paper, begins[kinds].papers), total: total}
	for i, k := range kind {
		weight, marks := r.Paper(i)
		valid, err := reading.options(marks)
		if err != nil {
			return papers{}, err
		}
		if len(valid) > 0 {
			at := &begins[k]
			n := uint32(copy(sorted.marks[at.marks:], valid)) // #nosec G115 -- as many as there are
			sorted.all[at.papers] = paper{at: at.marks, end: at.marks + n, weight: weight}
			at.papers++
			at.marks += n
		}
	}
	return sorted, nil
}

// beginning is the number of the first options of a paper, so deep.
func beginning(marks []ballots.Mark, deep, options int) (k int) {
	for d := range deep {
		k *= options + 1
		if d < len(marks) {
			k += int(marks[d]) + 1
		}
	}
	return k
}

// reader reads one paper after another.
type reader struct {
	withdrawn []bool
	standing  uint64 // of the first 64 options, those that are not withdrawn
	seen      []int  // the last paper on which the option was met
	number    int    // of the paper, from 1
	valid     []ballots.Mark
}

func newReader(withdrawn []bool) *reader {
	d := &reader{withdrawn: withdrawn, seen: make([]int, len(withdrawn))}
	for i, gone := range withdrawn[:min(64, len(withdrawn))] {
		if !gone {
			d.standing |= 1 << i
		}
	}
	return d
}

// options gives the options that a paper ranks, once each; they are the caller's until the next call.
func (d *reader) options(marks []ballots.Mark) ([]ballots.Mark, error) {
	// Nearly every paper is this one: options that stand, each once and alone at its rank.
	left := d.standing
	for _, m := range marks {
		if m >= 64 || left>>(m%64)&1 == 0 {
			return d.careful(marks)
		}
		left &^= 1 << (m % 64)
	}
	return marks, nil
}

// careful is options for every paper.
func (d *reader) careful(marks []ballots.Mark) ([]ballots.Mark, error) {
	d.number++
	d.valid = d.valid[:0]
	for len(marks) > 0 {
		rank := marks[:1]
		for len(rank) < len(marks) && marks[len(rank)].Tied() {
			rank = marks[:len(rank)+1]
		}
		option, ends, err := one(rank, d.withdrawn, d.seen, d.number)
		if err != nil {
			return nil, err
		}
		if ends {
			break
		}
		if option >= 0 {
			d.valid = append(d.valid, ballots.Mark(option)) // #nosec G115 -- an option's number is below ballots.MostOptions
			d.seen[option] = d.number
		}
		marks = marks[len(rank):]
	}
	return d.valid, nil
}

// one gives the option of a rank, -1 when it is empty, and whether the paper
// ends here because it holds several.
func one(rank []ballots.Mark, withdrawn []bool, seen []int, paper int) (option int, ends bool, err error) {
	option = -1
	for _, m := range rank {
		n, named := m.Option()
		switch {
		case !named:
			if m&^ballots.Equal == ballots.Overvoted {
				return -1, true, nil
			}
		case n >= len(withdrawn):
			return -1, false, fmt.Errorf("stv: a paper ranks option %d of %d", n, len(withdrawn))
		case withdrawn[n] || seen[n] == paper || n == option:
		case option >= 0:
			return -1, true, nil
		default:
			option = n
		}
	}
	return option, false, nil
}
