package ballots

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"socia/core/paper"
)

// ranksOf makes a ranking of marks: the highest first, equal ones equal, blank
// options unranked. It appends to marks.
func ranksOf(p paper.Paper, marks []Mark) []Mark {
	for option, m := range p {
		if m != paper.Blank {
			marks = append(marks, Mark(option))
		}
	}
	slices.SortStableFunc(marks, func(a, b Mark) int { return p[b] - p[a] })
	for i := len(marks) - 1; i > 0; i-- {
		if p[marks[i]] == p[marks[i-1]] {
			marks[i] |= Equal
		}
	}
	return marks
}

// Papers keeps papers with a mark for each option, alike ones together, in the
// order in which each was first seen. The zero value is ready for use. Given to
// Read it takes the marks of a file as they are; what a file ranks is kept in
// Ranked.
type Papers struct {
	Ranked  Rankings
	Asked   Asked // of the file, beforehand
	bundles []paper.Bundle
	places  map[string]int
	key     []byte
	total   int64
}

// Asks is what a file must keep to.
func (p *Papers) Asks() Asked { return p.Asked }

// Take keeps a ranked paper in Ranked.
func (p *Papers) Take(weight int64, marks []Mark) error { return p.Ranked.Take(weight, marks) }

// TakeMarks adds a paper. A weight below 1, or a sum of weights of 2^62 or more, is refused.
func (p *Papers) TakeMarks(weight int64, marks paper.Paper) error {
	if weight < 1 || p.total > math.MaxInt64/2-weight {
		return errors.New("ballots: a weight cannot be counted")
	}
	p.total += weight
	for len(marks) > 0 && marks[len(marks)-1] == paper.Blank {
		marks = marks[:len(marks)-1]
	}
	p.key = p.key[:0]
	for _, m := range marks {
		p.key = binary.AppendVarint(p.key, int64(m))
	}
	if at, known := p.places[string(p.key)]; known {
		p.bundles[at].Weight += weight
		return nil
	}
	if p.places == nil {
		p.places = map[string]int{}
	}
	p.places[string(p.key)] = len(p.bundles)
	p.bundles = append(p.bundles, paper.Bundle{Paper: slices.Clone(marks), Weight: weight})
	return nil
}

// Bundles gives the papers with marks for so many options, as many as the file has.
func (p *Papers) Bundles(options int) []paper.Bundle {
	for i, b := range p.bundles {
		for len(b.Paper) < options {
			b.Paper = append(b.Paper, paper.Blank)
		}
		p.bundles[i].Paper = b.Paper
	}
	return p.bundles
}
