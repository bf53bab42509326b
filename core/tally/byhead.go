package tally

import "strings"

// TellsClasses says whether the figures of a result tell the classes apart even
// without its lines: votes weigh by class, each class was asked, or it failed a
// quorum that is reckoned by class.
func (r Result) TellsClasses() bool {
	return r.Weighted() || r.Classes != nil || r.Quorum != nil && r.Quorum.OfClasses() && !r.Quorum.OK
}

// ByHead is a result without any line or arithmetic by class. Its figures are
// those of all, so that it is only for a result that does not tell the classes
// apart (TellsClasses).
//
// Equation: with the votes of two classes' members exchanged, ByHead is the same.
func (r Result) ByHead() Result {
	r.Lines, r.Cap, r.Classes = nil, nil, nil
	if r.Quorum != nil && r.Quorum.OfClasses() {
		r.Quorum = nil
	}
	var steps []Step
	for _, s := range r.Steps {
		if byHead(s) && (r.Quorum != nil || !strings.HasPrefix(s.Key, StepQuorum)) {
			steps = append(steps, s)
		}
	}
	r.Steps = steps
	return r
}

// byHead says whether a step of the arithmetic is the same whatever class a vote is of.
func byHead(s Step) bool {
	switch s.Key {
	case StepSum, StepBaseValid, StepBaseCast, StepBasePresent, StepBaseRoll, StepAtLeast, StepMoreThan, StepCompare,
		StepQuorum, StepQuorumMore, StepQuorumVotes, StepTurnout, StepOutcome:
		return true
	}
	return false // by class, by weight or by the cap
}

// PlainOutcome is the outcome with no more detail than whether it was approved,
// where more would tell the classes apart: why not follows from the weights.
func (r Result) PlainOutcome() Outcome {
	switch r.Outcome {
	case OutcomeApproved, OutcomeNotEnough, OutcomeNoQuorum:
		return r.Outcome
	case OutcomeTied, OutcomeNotEnoughClasses, OutcomeNoVotes:
	}
	if !r.TellsClasses() || r.Outcome == OutcomeNoVotes && r.Total.Abstain == 0 {
		return r.Outcome
	}
	return OutcomeNotEnough
}
