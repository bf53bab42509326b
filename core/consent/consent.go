// Package consent decides without a tally: by consent, by consensus, and by the
// advice process. No number of people who are in favour ever outweighs one
// objection or block; what counts is whether each was answered.
//
// Outcomes do not depend on the order of the voices, and lists of members are in
// ascending order of their numbers.
//
// Sources: Sociocracy 3.0, patterns "Consent Decision-Making", "Test Arguments
// Qualify as Objections" and "Resolve Objections"; Seeds for Change, "Consensus
// Decision Making"; Loomio, guides "Consent process", "Consensus" and "Advice
// process"; F. Laloux, "Reinventing Organizations" (2014), for advice.
package consent

import (
	"slices"
	"strings"

	"socia/core/fault"
)

// Outcome is how a question stands; a closed type.
type Outcome string

// The outcomes.
const (
	Consented      Outcome = "consented"             // nobody objects, blocks, stands aside or has a concern
	WithConcerns   Outcome = "adopted_with_concerns" // adopted; concerns, or those who stand aside, are on record
	ObjectionsOpen Outcome = "objections_open"       // objections wait for an answer: not decided
	Blocked        Outcome = "blocked"               // an objection was upheld, or there are enough blocks: not adopted
	TooManyAside   Outcome = "too_many_aside"        // so many stand aside that it is no consensus: not adopted
	NobodyAnswered Outcome = "nobody_answered"       // nobody said anything but to abstain: not decided
)

// Adopted says whether the proposal may be carried out.
func (o Outcome) Adopted() bool {
	switch o {
	case Consented, WithConcerns:
		return true
	case ObjectionsOpen, Blocked, TooManyAside, NobodyAnswered:
	}
	return false
}

// Result is an outcome and the members that it is about.
type Result struct {
	Outcome  Outcome
	Answer   []int64 // whose objection or block must be answered, or was upheld
	Concerns []int64 // who has a concern, to be looked at when the decision is reviewed
	Aside    []int64 // who stands aside
	Silent   []int64 // who was asked and has not answered; silence is no consent and no objection
	// Whose objection was met by an amendment (what is adopted is then the proposal as amended, not as it was put), was
	// withdrawn, or became a concern (and is among Concerns too).
	Amended, Withdrawn, Eased []int64
}

// Position is what a voter says in a question of consent; a closed type.
type Position string

// The positions, in the order of the options of paper.Consent.
const (
	Consents Position = "consent"   // good enough for now and safe enough to try
	Concern  Position = "concern"   // it can go ahead; this should be kept in mind
	Objects  Position = "objection" // a reason why going ahead does harm or misses something worthwhile
)

// Positions lists every position.
func Positions() []Position { return []Position{Consents, Concern, Objects} }

// Voice is one voter's position and why.
type Voice struct {
	VoterID  int64
	Position Position
	Reason   string
}

// Way is how an objection was answered; a closed type.
type Way string

// The ways.
const (
	ByAmendment Way = "amendment" // the proposal was changed so that the objection is met
	AsConcern   Way = "concern"   // who objects agrees that it is a concern and no objection
	Withdrawn   Way = "withdrawn" // who objected consents
	Upheld      Way = "upheld"    // it could not be met: the proposal falls
)

// Resolution is the answer to one voter's objection. Each way but Upheld needs
// that voter's word: an answer that they have not agreed to is none, and is not
// given to Decide.
type Resolution struct {
	VoterID int64
	Way     Way
}

// Check says whether a voice is complete. An objection is an argument (Sociocracy
// 3.0), and a concern is of use only in words. The error is a *fault.Fault about
// the field "reason": consent.reason_missing.
func (v Voice) Check() error {
	switch v.Position {
	case Consents:
		return nil
	case Concern, Objects:
		return needsReason(v.Reason)
	}
	return fault.Invalid("position", "consent.unknown_answer")
}

func needsReason(reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "consent.reason_missing")
	}
	return nil
}

// Decide finds the outcome of a question of consent. Asked are all who may
// answer. Blocked if an objection was upheld; otherwise ObjectionsOpen if one
// has no answer; otherwise adopted. The error is a *fault.Fault:
//
//	consent.reason_missing  a concern or an objection without a reason
//	consent.unknown_answer  a position or a way that there is not
//	consent.not_asked       a voice of somebody who was not asked
//	consent.twice           two voices of one voter, or two answers to one objection
//	consent.no_objection    an answer to somebody who did not object
func Decide(asked []int64, voices []Voice, answers []Resolution) (Result, error) {
	var heard []int64
	objects := make(map[int64]bool)
	r := Result{}
	for _, v := range voices {
		if err := v.Check(); err != nil {
			return Result{}, err
		}
		heard = append(heard, v.VoterID)
		switch v.Position {
		case Consents:
		case Concern:
			r.Concerns = append(r.Concerns, v.VoterID)
		case Objects:
			objects[v.VoterID] = true
		}
	}
	if err := once(asked, heard); err != nil {
		return Result{}, err
	}
	upheld, err := r.answer(objects, answers)
	if err != nil {
		return Result{}, err
	}
	r.Silent = without(asked, heard)
	switch {
	case len(voices) == 0:
		r.Outcome = NobodyAnswered
	case len(upheld) > 0:
		r.Outcome, r.Answer = Blocked, upheld
	case len(objects) > 0:
		r.Outcome = ObjectionsOpen
		for id := range objects {
			r.Answer = append(r.Answer, id)
		}
	case len(r.Concerns) > 0:
		r.Outcome = WithConcerns
	default:
		r.Outcome = Consented
	}
	for _, members := range [][]int64{r.Answer, r.Concerns, r.Amended, r.Withdrawn, r.Eased} {
		slices.Sort(members)
	}
	return r, nil
}

// answer takes the objections that were answered out of those open, and gives those upheld.
func (r *Result) answer(objects map[int64]bool, answers []Resolution) (upheld []int64, err error) {
	answered := make(map[int64]bool)
	for _, a := range answers {
		if answered[a.VoterID] {
			return nil, fault.Conflict("consent.twice")
		}
		if !objects[a.VoterID] {
			return nil, fault.Invalid("voter", "consent.no_objection")
		}
		switch a.Way {
		case ByAmendment:
			r.Amended = append(r.Amended, a.VoterID)
		case AsConcern:
			r.Concerns, r.Eased = append(r.Concerns, a.VoterID), append(r.Eased, a.VoterID)
		case Withdrawn:
			r.Withdrawn = append(r.Withdrawn, a.VoterID)
		case Upheld:
			upheld = append(upheld, a.VoterID)
		default:
			return nil, fault.Invalid("way", "consent.unknown_answer")
		}
		answered[a.VoterID] = true
	}
	for id := range answered {
		delete(objects, id)
	}
	slices.Sort(upheld)
	return upheld, nil
}

// once says whether everybody heard was asked, and has one voice.
func once(asked, heard []int64) error {
	left := make(map[int64]bool, len(asked))
	for _, id := range asked {
		left[id] = true
	}
	seen := make(map[int64]bool, len(heard))
	for _, id := range heard {
		switch {
		case seen[id]:
			return fault.Conflict("consent.twice")
		case !left[id]:
			return fault.Forbidden("consent.not_asked")
		}
		seen[id] = true
	}
	return nil
}

// without lists, in ascending order and once each, those of all who are not among some.
func without(all, some []int64) []int64 {
	not := make(map[int64]bool, len(some))
	for _, id := range some {
		not[id] = true
	}
	var left []int64
	for _, id := range all {
		if !not[id] {
			left = append(left, id)
			not[id] = true
		}
	}
	slices.Sort(left)
	return left
}
