package models

import (
	"socia/core/count"
	"socia/core/disclosure"
	"socia/core/methods"
)

// Outline is how a poll ended without any figure: its outcome as Poll.Outcome names it, who or what was chosen, in the order of
// the result, and, of a draw, how many were drawn.
type Outline struct {
	Outcome string   `json:"outcome"`
	Chosen  []string `json:"chosen,omitempty"`
	Drawn   int      `json:"drawn,omitempty"`
}

// TellsClasses says whether the figures of a closed poll tell the classes apart even without lines by class.
func (p Poll) TellsClasses() bool {
	if p.Result != nil {
		return p.Result.TellsClasses()
	}
	c := p.Count
	return c != nil && (len(c.Weights) > 0 || c.AtVote != nil && c.AtVote.OfClasses() && !c.AtVote.OK)
}

// ByClass says whether the result of a closed poll has lines or arithmetic by class.
func (p Poll) ByClass() bool {
	if c := p.Count; c != nil {
		return len(c.Weights) > 0 || c.Weighing != nil || c.AtVote != nil && c.AtVote.OfClasses()
	}
	return p.Result != nil
}

// Outside is the poll as people outside see it, to whom so much of its figures is shown (core/disclosure OfVote); and, where no
// figure is, its outline. Whose objection stands, and who was drawn, is told to nobody outside.
func (p Poll) Outside(shown disclosure.Extent) (Poll, *Outline) {
	if p.Result == nil && p.Count == nil {
		p.RollCounts = nil // it was not counted
		return p, nil
	}
	if p.Method == methods.Sortition {
		shown = disclosure.OutcomeOnly // the result is members
	}
	switch shown {
	case disclosure.Everything:
		if p.Count != nil {
			open := p.Count.unnamed()
			p.Count = &open
		}
		return p, nil
	case disclosure.ByHead:
		return p.byHead(), nil
	case disclosure.OutcomeOnly:
	}
	outline := p.outline()
	p.Result, p.Count, p.RollCounts = nil, nil, nil
	return p, &outline
}

// byHead is a poll without lines and arithmetic by class.
func (p Poll) byHead() Poll {
	p.RollCounts = nil
	if p.Result != nil {
		result := p.Result.ByHead()
		p.Result = &result
	}
	if p.Count != nil {
		c := p.Count.unnamed()
		c.Weights, c.Weighing, c.Rounded, c.Strata = nil, nil, false, nil
		if c.AtVote != nil && c.AtVote.OfClasses() {
			c.AtVote = nil
		}
		p.Count = &c
	}
	return p
}

// unnamed is a count without the numbers of members.
func (c PollCount) unnamed() PollCount {
	if c.Answers != nil {
		answers := *c.Answers
		answers.Open = nil
		c.Answers = &answers
	}
	return c
}

// PublicOutcome is Outcome without what would tell the classes apart.
func (p Poll) PublicOutcome() string {
	if p.Result != nil {
		return string(p.Result.PlainOutcome())
	}
	return p.Outcome()
}

func (p Poll) outline() Outline {
	o := Outline{Outcome: p.PublicOutcome()}
	if p.Count == nil || p.Count.Result == nil || !p.Count.Decided() {
		return o
	}
	if p.Method == methods.Sortition {
		o.Drawn = len(p.Count.Result.Winners)
		return o
	}
	o.Chosen = winners(*p.Count.Result)
	return o
}

func winners(r count.Result) []string {
	names := make([]string, len(r.Winners))
	for i, w := range r.Winners {
		names[i] = r.Options[w]
	}
	return names
}
