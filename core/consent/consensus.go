package consent

import (
	"slices"

	"socia/core/fault"
)

// Stance is what a voter says in a question of consensus; a closed type.
type Stance string

// The stances, in the order of the options of paper.Consensus.
const (
	Agrees      Stance = "agree"
	StandsAside Stance = "stand_aside" // does not support it and will not carry it out, but lets it go ahead
	Blocks      Stance = "block"       // a fundamental disagreement: it must not go ahead
	Abstains    Stance = "abstain"     // takes no part in the decision
)

// Stances lists every stance.
func Stances() []Stance { return []Stance{Agrees, StandsAside, Blocks, Abstains} }

// Stand is one voter's stance and why.
type Stand struct {
	VoterID int64
	Stance  Stance
	Reason  string
}

// Check says whether a stand is complete: a block needs its reason, so that it
// can be answered. The faults are those of Voice.Check.
func (s Stand) Check() error {
	switch s.Stance {
	case Agrees, StandsAside, Abstains:
		return nil
	case Blocks:
		return needsReason(s.Reason)
	}
	return fault.Invalid("stance", "consent.unknown_answer")
}

// AnyAside as ConsensusRule.Asides sets no limit.
const AnyAside = -1

// ConsensusRule is what the cooperative takes for consensus. The zero rule is
// the strictest: one block stops it, and so does one who stands aside.
type ConsensusRule struct {
	// Asides is how many may stand aside; with more, support is too lukewarm and the group
	// looks for another proposal (Seeds for Change). AnyAside is no limit.
	Asides int
	// Blocks is how many blocks stop it; 0 is 1.
	Blocks int
}

// Agree finds the outcome of a question of consensus. Blocked with as many
// blocks as the rule needs; fewer do not stop it, and are on record as standing
// aside, within the limit for that. When nobody agrees there is no consensus:
// TooManyAside if somebody stands aside, NobodyAnswered if all abstain. Answer
// lists who blocks, whatever the outcome: the reasons are to be answered. The
// faults are those of Decide.
func Agree(asked []int64, stands []Stand, rule ConsensusRule) (Result, error) {
	var heard []int64
	r, agrees := Result{}, 0
	for _, s := range stands {
		if err := s.Check(); err != nil {
			return Result{}, err
		}
		heard = append(heard, s.VoterID)
		switch s.Stance {
		case Agrees:
			agrees++
		case StandsAside:
			r.Aside = append(r.Aside, s.VoterID)
		case Blocks:
			r.Answer = append(r.Answer, s.VoterID)
		case Abstains:
		}
	}
	if err := once(asked, heard); err != nil {
		return Result{}, err
	}
	slices.Sort(r.Answer)
	slices.Sort(r.Aside)
	r.Silent = without(asked, heard)
	r.Outcome = rule.outcome(agrees, len(r.Aside), len(r.Answer))
	return r, nil
}

func (rule ConsensusRule) outcome(agrees, asides, blocks int) Outcome {
	all := asides + blocks
	switch {
	case blocks >= max(rule.Blocks, 1):
		return Blocked
	case agrees == 0 && all == 0:
		return NobodyAnswered
	case agrees == 0 || rule.Asides >= 0 && all > rule.Asides:
		return TooManyAside
	case all > 0:
		return WithConcerns
	}
	return Consented
}
