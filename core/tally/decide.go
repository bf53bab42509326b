package tally

import (
	"socia/core/fault"
	"socia/core/quorum"
	"socia/core/rules"
)

// Decide counts a vote of a kind by a whole rule set: the majority of the kind,
// the way of counting with its cap, and the quorum of a vote. A vote that does
// not reach the quorum is void: OutcomeNoQuorum, not approved. Errors are those of
// Count and of package quorum, and tally.majority_impossible when the statutes
// have no majority for the kind.
func Decide(classes []ClassCount, kind rules.DecisionKind, r rules.RuleSet) (Result, error) {
	m, ok := r.MajorityFor(kind)
	if !ok {
		return Result{}, fault.Invalid("majority", "tally.majority_impossible")
	}
	result, err := Count(classes, m, r.Counting)
	if err != nil {
		return Result{}, err
	}
	if result.Quorum, err = AtVote(classes, r); err != nil || result.Quorum == nil {
		return result, err
	}
	result.require(result.Quorum.OK, QuorumSteps(*result.Quorum))
	return result, nil
}

// AtVote asks the statutes whether enough took part in a vote, whatever its
// method: of the roll, those present and represented; of those present, those who
// cast something. It is nil where the statutes ask for no such quorum. For other
// methods than for and against, what was cast may all be given as For. Errors are
// those of package quorum.
func AtVote(classes []ClassCount, s rules.RuleSet) (*quorum.Verdict, error) {
	t := s.Quorum.VoteOrNone()
	if t.Any {
		return nil, nil
	}
	all := make([]quorum.Class, len(classes))
	for i, k := range classes {
		all[i] = quorum.Class{Class: k.Class, Roll: k.Roll, Present: k.Present}
		if t.Of == rules.BasePresent {
			all[i].Roll, all[i].Present = k.Present, k.Present-k.NotCast()
		}
	}
	v, err := quorum.Check(all, s.Counting, t)
	if err != nil {
		return nil, err
	}
	return &v, nil
}

// AskTurnout compares how many cast a vote with the least part of the roll, in
// per cent (1 to 100), that this one vote asks beside the statutes. Fewer make it
// void.
func (r *Result) AskTurnout(percent int64) {
	t := Turnout(r.Total.Present-r.Total.NotCast(), r.Total.Roll, percent)
	r.require(t.OK, []Step{{StepTurnout, map[string]string{
		"present": t.Present.String(), "of": t.Of.String(), "percent": whole(percent), "needed": t.Needed.String(),
	}}})
}

// Turnout says whether so many votes cast are at least percent per cent of the electors, and at least one.
func Turnout(cast, electors, percent int64) quorum.Verdict {
	return quorum.Reached(cast, electors, rules.Threshold{Num: percent, Den: 100})
}

// require puts what else a vote needed before its outcome, and makes it void where that is not there.
func (r *Result) require(ok bool, steps []Step) {
	if !ok {
		r.Outcome, r.Approved = OutcomeNoQuorum, false
	}
	last := len(r.Steps) - 1
	r.Steps = append(append(r.Steps[:last:last], steps...), r.outcomeStep())
}

// The steps of the quorum of a vote, before the outcome.
const (
	// One of two: present, of, needed, article. StepQuorum is reached at needed, StepQuorumMore above it.
	StepQuorum     = "tally.step.quorum"
	StepQuorumMore = "tally.step.quorum_more"
	// Enough by their number: votes, needed, article.
	StepQuorumVotes = "tally.step.quorum_votes"
	// One line per class where each must have its own: class, present, of, needed, article.
	StepQuorumClass = "tally.step.quorum_class"
	// What this one vote asks beside the statutes: present (votes cast), of, percent, needed.
	StepTurnout = "tally.step.turnout"
)

// QuorumSteps is the arithmetic of the quorum of a vote.
func QuorumSteps(v quorum.Verdict) []Step {
	var all []Step
	for _, k := range v.Classes {
		all = append(all, Step{StepQuorumClass, map[string]string{
			"class": k.Class, "present": whole(k.Present), "of": whole(k.Roll), "needed": k.Needed.String(), "article": v.Article,
		}})
	}
	args := map[string]string{"present": v.Present.String(), "of": v.Of.String(), "needed": v.Needed.String(), "article": v.Article}
	switch {
	case v.ByVotes:
		all = append(all, Step{StepQuorumVotes, map[string]string{"votes": whole(v.Votes), "needed": whole(v.MinVotes), "article": v.Article}})
	case len(v.Classes) > 0:
	case v.Strict:
		all = append(all, Step{StepQuorumMore, args})
	default:
		all = append(all, Step{StepQuorum, args})
	}
	return all
}
