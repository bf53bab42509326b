package consent

import (
	"slices"
	"strings"

	"socia/core/fault"
)

// Voter is a member who can be asked, and the account that answers for them; 0
// if they have none.
type Voter struct{ MemberID, AccountID int64 }

// Given is the answer of one member, in words; whoever has no advice to give
// says so.
type Given struct {
	MemberID int64
	Text     string
}

// Advice is an advice process: the account ByID asks everybody who can be asked,
// listens, and decides. The advice binds nobody, but nobody may decide without
// having heard it.
type Advice struct {
	ByID   int64
	Sought []int64 // the members asked: see Seek
	Given  []Given
	Over   bool // the time for giving advice has passed
}

// Seek lists whom an account asks that wants to decide, in ascending order:
// everybody but the members for whom it would answer itself. The error is a
// *fault.Fault: advice.nobody_affected if nobody is left to ask.
func Seek(byID int64, all []Voter) (sought []int64, err error) {
	for _, v := range all {
		if v.AccountID != byID {
			sought = append(sought, v.MemberID)
		}
	}
	if len(sought) == 0 {
		return nil, fault.Conflict("advice.nobody_affected")
	}
	slices.Sort(sought)
	return sought, nil
}

// Stage is how far an advice process is; a closed type.
type Stage string

// The stages.
const (
	Listening Stage = "listening" // answers are missing and there is time
	Complete  Stage = "complete"  // everybody asked has answered
	TimeOver  Stage = "time_over" // the time is over and some answers are missing
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

// Missing lists the members who were asked and have not answered, in ascending
// order.
func (a Advice) Missing() []int64 {
	var gave []int64
	for _, g := range a.Given {
		if strings.TrimSpace(g.Text) != "" {
			gave = append(gave, g.MemberID)
		}
	}
	return without(a.Sought, gave)
}

// Heard says whether enough was heard to decide. The error is nil or a
// *fault.Fault: advice.incomplete if answers are missing and there is time, Args
// missing (how many).
func (a Advice) Heard() error {
	switch a.Stage() {
	case Listening:
		return fault.Conflict("advice.incomplete", map[string]any{"missing": len(a.Missing())})
	case Complete, TimeOver:
	}
	return nil
}

// Decide says whether an account may write down the decision. The error is nil,
// that of Heard, or a *fault.Fault: advice.not_yours, as only who asked decides.
func (a Advice) Decide(byID int64) error {
	if byID != a.ByID {
		return fault.Forbidden("advice.not_yours")
	}
	return a.Heard()
}
