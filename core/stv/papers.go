package stv

import (
	"fmt"

	"socia/core/ballots"
)

// papers are the valid papers, each with the options that it ranks, once each,
// one after another.
type papers struct {
	marks   []uint16
	ends    []uint32
	weights []int64
	total   int64
}

// of is what paper i ranks.
func (p *papers) of(i uint32) []uint16 {
	if i == 0 {
		return p.marks[:p.ends[0]]
	}
	return p.marks[p.ends[i-1]:p.ends[i]]
}

// read reads the papers as the package's comment says.
func read(r *ballots.Rankings, withdrawn []bool) (papers, error) {
	var p papers
	p.weights, p.ends = make([]int64, 0, r.Len()), make([]uint32, 0, r.Len())
	seen := make([]int, len(withdrawn)) // 1 + the last paper on which the option was met
	for i := range r.Len() {
		weight, marks := r.Paper(i)
		start := len(p.marks)
		for len(marks) > 0 {
			rank := marks[:1]
			for len(rank) < len(marks) && marks[len(rank)].Tied() {
				rank = marks[:len(rank)+1]
			}
			option, ends, err := one(rank, withdrawn, seen, i+1)
			if err != nil {
				return papers{}, err
			}
			if ends {
				break
			}
			if option >= 0 {
				p.marks = append(p.marks, uint16(option)) // #nosec G115 -- an option's number is below ballots.MostOptions
				seen[option] = i + 1
			}
			marks = marks[len(rank):]
		}
		if len(p.marks) > start {
			p.ends = append(p.ends, uint32(len(p.marks))) // #nosec G115 -- Rankings keeps fewer marks than that
			p.weights = append(p.weights, weight)
			p.total += weight
		}
	}
	return p, nil
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
