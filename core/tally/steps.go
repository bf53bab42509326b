package tally

import (
	"socia/core/ratio"
	"socia/core/rules"
)

// Step is one line of the arithmetic in no language: a message key and what
// fills it. Every number in Args is a decimal text, fractions as ratio.String
// writes them, so that a page only puts words around it.
type Step struct {
	Key  string
	Args map[string]string
}

// The keys of the steps, in the order in which they appear, and their Args.
const (
	// One line per class that counts, by class only: class, share, among
	// (votes that share it), weight (= share / among).
	StepWeight = "tally.step.weight"
	// A class of which nobody is there, by class only: class, share.
	StepClassOut = "tally.step.class_out"
	// One line per class that counts, by class or with a cap that bites: class, weight, and for,
	// against, abstain (votes) with for_weight, against_weight, abstain_weight
	// (= votes × weight).
	StepClassVotes = "tally.step.class_votes"
	// The sums: for, against, abstain; by class they are sums of weights.
	StepSum = "tally.step.sum"
	// The base, one of four: base; and for, against for valid and cast, abstain for cast.
	StepBaseValid   = "tally.step.base_valid"
	StepBaseCast    = "tally.step.base_cast"
	StepBasePresent = "tally.step.base_present"
	StepBaseRoll    = "tally.step.base_roll"
	// What is needed, one of two: num, den, base, bound (= base × num / den),
	// needed. StepAtLeast is reached at the bound, StepMoreThan above it.
	StepAtLeast  = "tally.step.at_least"
	StepMoreThan = "tally.step.more_than"
	// The comparison: for, relation, bound. The relation is what holds between
	// them: ≥ or < for at least, > or ≤ for more than.
	StepCompare = "tally.step.compare"
	// The end: outcome. It is the only step when the base is 0, after the sums and the base.
	StepOutcome = "tally.step.outcome"
)

func (r *Result) steps() []Step {
	all := r.Weighing()
	if r.Weighted() {
		all = append(all, r.voteSteps()...)
	}
	all = append(all,
		Step{StepSum, map[string]string{"for": r.For.String(), "against": r.Against.String(), "abstain": r.Abstain.String()}},
		r.baseStep(),
	)
	if !r.Base.IsZero() {
		all = append(all, r.neededStep(), r.compareStep())
		all = append(all, r.Classes.steps(r.Majority)...)
	}
	return append(all, r.outcomeStep())
}

func (r *Result) outcomeStep() Step {
	return Step{StepOutcome, map[string]string{"outcome": string(r.Outcome)}}
}

// Weighing is the arithmetic of what one vote of each class weighs: its share, and the cap. It is empty where every
// vote weighs one and the statutes have no cap on anybody who is there.
func (r *Result) Weighing() []Step {
	var all []Step
	if r.Method == rules.MethodClass {
		all = r.weightSteps()
	}
	return append(all, r.capSteps()...)
}

func (r *Result) weightSteps() []Step {
	var all []Step
	for _, l := range r.Lines {
		share := whole(l.Share)
		if !l.Counted {
			all = append(all, Step{StepClassOut, map[string]string{"class": l.Count.Class, "share": share}})
			continue
		}
		all = append(all, Step{StepWeight, map[string]string{
			"class": l.Count.Class, "share": share, "among": whole(among(l.Count, r.Majority.Base)), "weight": l.Uncapped.String(),
		}})
	}
	return all
}

func (r *Result) voteSteps() []Step {
	var all []Step
	for _, l := range r.Lines {
		k := l.Count
		if !l.Counted {
			continue
		}
		all = append(all, Step{StepClassVotes, map[string]string{
			"class": k.Class, "weight": l.Weight.String(),
			"for": whole(k.For), "against": whole(k.Against), "abstain": whole(k.Abstain),
			"for_weight": l.For.String(), "against_weight": l.Against.String(), "abstain_weight": l.Abstain.String(),
		}})
	}
	return all
}

func (r *Result) baseStep() Step {
	args := map[string]string{"base": r.Base.String()}
	switch r.Majority.Base {
	case rules.BasePresent:
		return Step{StepBasePresent, args}
	case rules.BaseRoll:
		return Step{StepBaseRoll, args}
	case rules.BaseCast:
		args["for"], args["against"], args["abstain"] = r.For.String(), r.Against.String(), r.Abstain.String()
		return Step{StepBaseCast, args}
	case rules.BaseValid:
		args["for"], args["against"] = r.For.String(), r.Against.String()
	}
	return Step{StepBaseValid, args}
}

func (r *Result) neededStep() Step {
	key := StepAtLeast
	if r.Majority.Strict {
		key = StepMoreThan
	}
	return Step{key, map[string]string{
		"num": whole(r.Majority.Num), "den": whole(r.Majority.Den),
		"base": r.Base.String(), "bound": r.Bound.String(), "needed": r.Needed.String(),
	}}
}

func (r *Result) compareStep() Step {
	return Step{StepCompare, map[string]string{"for": r.For.String(), "relation": relation(r.For, r.Bound, r.Majority.Strict), "bound": r.Bound.String()}}
}

// relation is what holds between the votes in favour and the bound.
func relation(votes, bound ratio.Ratio, strict bool) string {
	over := votes.Cmp(bound)
	switch {
	case strict && over > 0:
		return ">"
	case strict:
		return "≤"
	case over >= 0:
		return "≥"
	}
	return "<"
}

func whole(n int64) string { return ratio.Int(n).String() }
