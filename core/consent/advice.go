package consent

import (
	"slices"
	"strings"

	"socia/core/fault"
)

// Why says why somebody's advice is sought; a closed type.
type Why string

// The reasons.
const (
	Affected Why = "affected" // the decision has consequences for them
	Expert   Why = "expert"   // they know about it
)

// Sought is one member whose advice is sought.
type Sought struct {
	MemberID int64
	Why      Why
}

// Given is the advice of one member, in words.
type Given struct {
	MemberID int64
	Text     string
}

// Advice is an advice process: the member ByID asks those whom the decision
// affects and those who know about it, listens, and decides. The advice binds
// nobody, but nobody may decide without having heard it.
type Advice struct {
	ByID   int64
	Sought []Sought
	Given  []Given // anybody may give advice, sought or not
	Over   bool    // the time for giving advice has passed
}

// Stage is how far an advice process is; a closed type.
type Stage string

// The stages.
const (
	Listening Stage = "listening" // advice is missing and there is time
	Complete  Stage = "complete"  // everybody asked has given theirs
	TimeOver  Stage = "time_over" // the time is over and some advice is missing
)

// Stage says how far it is. Complete and TimeOver let who asked decide.
func (a Advice) Stage() Stage {
	switch {
	case len(a.Missing()) == 0 && len(a.Sought) > 0:
		return Complete
	case a.Over:
		return TimeOver
	}
	return Listening
}

// Missing lists the members who were asked and have not given advice, in
// ascending order.
func (a Advice) Missing() []int64 {
	var sought, gave []int64
	for _, s := range a.Sought {
		sought = append(sought, s.MemberID)
	}
	for _, g := range a.Given {
		if strings.TrimSpace(g.Text) != "" {
			gave = append(gave, g.MemberID)
		}
	}
	return without(sought, gave)
}

// Check says whether the process can begin. The error is a *fault.Fault about
// the field "sought":
//
//	advice.nobody_affected  nobody whom the decision affects is asked
//	advice.self             who asks is among those asked
//	advice.twice            somebody is asked twice
func (a Advice) Check() error {
	var seen []int64
	affected := false
	for _, s := range a.Sought {
		switch {
		case s.MemberID == a.ByID:
			return fault.Invalid("sought", "advice.self")
		case slices.Contains(seen, s.MemberID):
			return fault.Invalid("sought", "advice.twice")
		}
		seen = append(seen, s.MemberID)
		switch s.Why {
		case Affected:
			affected = true
		case Expert:
		}
	}
	if !affected {
		return fault.Invalid("sought", "advice.nobody_affected")
	}
	return nil
}

// Decide says whether a member may close the process with a decision in words.
// The error is nil or a *fault.Fault:
//
//	advice.not_yours   only who asked for advice decides
//	advice.incomplete  advice is missing and there is time: Args missing (how many)
//	advice.no_text     the decision is not written down
func (a Advice) Decide(byID int64, text string) error {
	if byID != a.ByID {
		return fault.Forbidden("advice.not_yours")
	}
	switch a.Stage() {
	case Listening:
		return fault.Conflict("advice.incomplete", map[string]any{"missing": len(a.Missing())})
	case Complete, TimeOver:
	}
	if strings.TrimSpace(text) == "" {
		return fault.Invalid("text", "advice.no_text")
	}
	return nil
}
