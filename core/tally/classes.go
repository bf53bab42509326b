package tally

import (
	"socia/core/ratio"
	"socia/core/rules"
)

// Classes is the second half of a double majority: what each class decided by
// itself, one vote for each of its members, and how many of them must agree. A
// class takes part when it has members on the roll and, unless the base is the
// roll, somebody of it is present or represented; a class that is there and in
// whose base nothing is does not agree.
//
// Equations: a majority of the classes and one of the votes are each necessary;
// with one class and one vote each, both are the same.
type Classes struct {
	Rule     rules.Double
	Lines    []ClassHalf // of those that take part, in the order given
	InFavour int64
	Needed   int64 // of them: all, or more than half
	Reached  bool
}

// ClassHalf is what one class decided by itself.
type ClassHalf struct {
	Class    string
	For      int64
	Base     int64
	Bound    ratio.Ratio // Base × Num/Den
	InFavour bool
}

// reached is true where no class has to be asked.
func (c *Classes) reached() bool { return c == nil || c.Reached }

func classesOf(all []ClassCount, m rules.Majority) *Classes {
	if m.Double == rules.DoubleNone {
		return nil
	}
	c := &Classes{Rule: m.Double}
	for _, k := range all {
		if among(k, m.Base) == 0 {
			continue
		}
		h := ClassHalf{Class: k.Class, For: k.For, Base: baseVotes(k, m.Base)}
		h.Bound = ratio.Int(h.Base).Mul(ratio.New(m.Num, m.Den))
		over := ratio.Int(h.For).Cmp(h.Bound)
		h.InFavour = h.Base > 0 && (over > 0 || (over == 0 && !m.Strict))
		if h.InFavour {
			c.InFavour++
		}
		c.Lines = append(c.Lines, h)
	}
	n := int64(len(c.Lines))
	switch m.Double {
	case rules.DoubleEach:
		c.Needed = n
	case rules.DoubleMost:
		c.Needed = n/2 + 1
	case rules.DoubleNone:
	}
	c.Reached = n > 0 && c.InFavour >= c.Needed
	return c
}

// The steps of a double majority, after the comparison of all votes.
const (
	// One line per class that takes part: class, num, den, base, for, relation, bound.
	StepClassHalf = "tally.step.class_half"
	// How many agree, one of two: in_favour, of, needed.
	StepClassesEach = "tally.step.classes_each"
	StepClassesMost = "tally.step.classes_most"
)

func (c *Classes) steps(m rules.Majority) []Step {
	if c == nil {
		return nil
	}
	var all []Step
	for _, h := range c.Lines {
		all = append(all, Step{StepClassHalf, map[string]string{
			"class": h.Class, "num": whole(m.Num), "den": whole(m.Den), "base": whole(h.Base), "for": whole(h.For),
			"relation": relation(ratio.Int(h.For), h.Bound, m.Strict), "bound": h.Bound.String(),
		}})
	}
	key := StepClassesEach
	if c.Rule == rules.DoubleMost {
		key = StepClassesMost
	}
	return append(all, Step{key, map[string]string{"in_favour": whole(c.InFavour), "of": whole(int64(len(c.Lines))), "needed": whole(c.Needed)}})
}
