package stv

import (
	"fmt"

	"socia/core/ballots"
)

// papers are the valid papers.
type papers struct {
	marks []uint16 // of all papers, one after another: the options that each ranks, once each
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

// read reads the papers as the package's comment says.
func read(r *ballots.Rankings, withdrawn []bool) (papers, error) {
	size := 0
	for i := range r.Len() {
		_, marks := r.Paper(i)
		size += len(marks)
	}
	p := papers{marks: make([]uint16, 0, size), all: make([]paper, 0, r.Len())}
	seen := make([]int, len(withdrawn)) // 1 + the last paper on which the option was met
	for i := range r.Len() {
		weight, marks := r.Paper(i)
		start := len(p.marks)
		if err := p.append(marks, withdrawn, seen, i+1); err != nil {
			return papers{}, err
		}
		if len(p.marks) > start {
			// #nosec G115 -- Rankings keeps fewer marks than that
			p.all = append(p.all, paper{at: uint32(start), end: uint32(len(p.marks)), weight: weight})
			p.total += weight
		}
	}
	return p.together(len(withdrawn)), nil
}

// mostKinds is into how many kinds papers are sorted at most.
const mostKinds = 1 << 14

// together puts papers that begin alike one after another, as far as sorting them
// into mostKinds goes. It changes nothing but the time that a count takes:
// papers that move together then lie together.
func (p papers) together(options int) papers {
	kinds, deep := 1, 0
	for kinds*(options+1) <= mostKinds && deep < 8 {
		kinds, deep = kinds*(options+1), deep+1
	}
	begins, kind := make([]struct{ papers, marks uint32 }, kinds+1), make([]uint16, len(p.all))
	for i, own := range p.all {
		k := 0
		for d := range uint32(deep) { // #nosec G115 -- at most 8
			k *= options + 1
			if own.at+d < own.end {
				k += int(p.marks[own.at+d]) + 1
			}
		}
		kind[i] = uint16(k) // #nosec G115 -- below mostKinds
		begins[k+1].papers++
		begins[k+1].marks += own.end - own.at
	}
	for k := range kinds {
		begins[k+1].papers += begins[k].papers
		begins[k+1].marks += begins[k].marks
	}
	sorted := papers{marks: make([]uint16, len(p.marks)), all: make([]paper, len(p.all)), total: p.total}
	for i, own := range p.all {
		at := &begins[kind[i]]
		n := uint32(copy(sorted.marks[at.marks:], p.marks[own.at:own.end])) // #nosec G115 -- as many as there are
		sorted.all[at.papers] = paper{at: at.marks, end: at.marks + n, weight: own.weight}
		at.papers++
		at.marks += n
	}
	return sorted
}

// append reads one paper; its number is one that no paper before had.
func (p *papers) append(marks []ballots.Mark, withdrawn []bool, seen []int, number int) error {
	for len(marks) > 0 {
		// Nearly every rank is this one: an option that stands and was not met before, alone.
		if m := int(marks[0]); m < len(withdrawn) && !withdrawn[m] && seen[m] != number && (len(marks) == 1 || !marks[1].Tied()) {
			p.marks = append(p.marks, uint16(marks[0]))
			seen[m] = number
			marks = marks[1:]
			continue
		}
		rank := marks[:1]
		for len(rank) < len(marks) && marks[len(rank)].Tied() {
			rank = marks[:len(rank)+1]
		}
		option, ends, err := one(rank, withdrawn, seen, number)
		if err != nil || ends {
			return err
		}
		if option >= 0 {
			p.marks = append(p.marks, uint16(option)) // #nosec G115 -- an option's number is below ballots.MostOptions
			seen[option] = number
		}
		marks = marks[len(rank):]
	}
	return nil
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
