package stv

import (
	"slices"

	"socia/core/count"
	"socia/core/fault"
)

// Parity is a rule on who is elected together: at least so many of a group, as
// the candidates themselves declared for this purpose. It is kept by the usual
// means of constrained STV (I. D. Hill, "STV with constraints", Voting matters 9;
// J. Otten, "STV with multiple constraints", Voting matters 13): as soon as the
// group has only as many elected and hopeful as it needs, its hopefuls are
// guarded, and may not be defeated; as soon as the group needs all seats that
// are left, the hopefuls of outside are doomed: they may not be elected, even
// with a quota. The doomed are the next to be defeated, from the fewest votes to
// the most, when each rule comes to defeat somebody: surpluses pass on before.
//
// It holds after every act that
//
//	elected of the group + hopeful of the group >= AtLeast
//	seats left >= AtLeast - elected of the group
type Parity struct {
	Group   []bool // for each option, whether it belongs to the group
	AtLeast int    // how many of the group must be elected
}

// check refuses a rule that no result could keep.
func (p *Parity) check(seats int, withdrawn []bool) error {
	if p == nil {
		return nil
	}
	there := 0
	for i, in := range p.Group {
		if in && i < len(withdrawn) && !withdrawn[i] {
			there++
		}
	}
	switch {
	case len(p.Group) != len(withdrawn):
		return fault.Invalid("parity", "stv.parity_unknown")
	case p.AtLeast > seats:
		return fault.Invalid("parity", "stv.parity_seats", map[string]any{"needed": p.AtLeast, "seats": seats})
	case p.AtLeast > there:
		return fault.Invalid("parity", "stv.parity_candidates", map[string]any{"needed": p.AtLeast, "there": there})
	}
	return nil
}

// constrain guards and dooms where the rule has come to need it.
func (e *election) constrain() {
	need := e.groupNeeds()
	if need <= 0 {
		return
	}
	var inside, outside []int
	for _, i := range e.hopefuls() {
		if e.o.Parity.Group[i] {
			inside = append(inside, i)
		} else {
			outside = append(outside, i)
		}
	}
	if len(inside) == need {
		e.declare(inside, e.guarded, count.ActGuard)
	}
	if e.seatsLeft() == need {
		e.declare(outside, e.doomed, count.ActDoom)
	}
}

// groupNeeds is how many more of the group must be elected; 0 without a rule.
func (e *election) groupNeeds() int {
	if e.o.Parity == nil {
		return 0
	}
	need := e.o.Parity.AtLeast
	for _, i := range e.result.Winners {
		if e.o.Parity.Group[i] {
			need--
		}
	}
	return max(need, 0)
}

func (e *election) declare(who []int, marks []bool, kind count.ActKind) {
	for _, i := range who {
		if !marks[i] {
			marks[i] = true
			e.act(count.Act{Kind: kind, Option: i})
		}
	}
}

// defeatable lists the doomed, or when there are none the hopefuls that are not guarded.
func (e *election) defeatable() []int {
	all := e.hopefuls()
	if slices.ContainsFunc(all, func(i int) bool { return e.doomed[i] }) {
		return slices.DeleteFunc(all, func(i int) bool { return !e.doomed[i] })
	}
	return slices.DeleteFunc(all, func(i int) bool { return e.guarded[i] })
}

// firstOf says which of several with the same votes is elected first. It only
// matters when parity leaves fewer seats than there are of them outside the
// group: then it is decided as ties are, otherwise their order decides.
func (e *election) firstOf(tied []int) int {
	if e.o.Parity == nil || len(tied) == 1 {
		return tied[0]
	}
	outside := slices.DeleteFunc(slices.Clone(tied), func(i int) bool { return e.o.Parity.Group[i] })
	if free := e.seatsLeft() - e.groupNeeds(); len(outside) <= free {
		return tied[0]
	}
	return e.byPast(outside, forElection)
}

// Effect compares a count under a parity rule with the count of the same papers
// without it: who was elected because of the rule, and who was not, each in the
// order of the options.
func Effect(with, without count.Result) (entered, left []int) {
	return missing(with.Winners, without.Winners), missing(without.Winners, with.Winners)
}

// missing lists those that are in the one and not in the other.
func missing(from, other []int) []int {
	var all []int
	for _, i := range from {
		if !slices.Contains(other, i) {
			all = append(all, i)
		}
	}
	slices.Sort(all)
	return all
}
