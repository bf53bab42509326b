package rules

import (
	"slices"

	"socia/core/fault"
)

// ClassCap bounds what some classes weigh together: collaborating members, say,
// who take no part in the activity, and members for a fixed term. Its zero value
// caps nothing. Both bounds are about the classes' votes once they are reduced:
//
//   - at most Num/Den of all votes, those of the cooperative (BaseRoll, Llei
//     12/2015 art. 48.3: 40 %) or those present and represented (BasePresent, Ley
//     27/1999 art. 14: 30 % of the votes in its organs). Den 0: no such bound.
//   - under UnderNum/UnderDen of the other ("common") members' votes present and
//     represented (Llei 12/2015 art. 48.3: half). UnderDen 0: no such bound.
//
// Package tally does the arithmetic.
type ClassCap struct {
	Classes  []string `json:"classes,omitempty"` // the codes of the capped classes; none: no cap
	Num      int64    `json:"num"`
	Den      int64    `json:"den"`
	Base     Base     `json:"base,omitempty"` // of Num/Den: BaseRoll or BasePresent
	UnderNum int64    `json:"under_num"`
	UnderDen int64    `json:"under_den"`
	Article  string   `json:"article"`
}

// Caps says whether a class is under the cap.
func (c ClassCap) Caps(class string) bool { return slices.Contains(c.Classes, class) }

// On says whether there is a cap at all.
func (c ClassCap) On() bool { return len(c.Classes) > 0 && (c.Den != 0 || c.UnderDen != 0) }

// LeavesOut says whether one of the cooperative's classes, by their codes, stays
// outside the cap: both bounds are about votes that it does not reduce, so capping
// every class would bound them all by nothing. A cap that is off leaves out whatever there is.
func (c ClassCap) LeavesOut(classes []string) bool {
	return !c.On() || slices.ContainsFunc(classes, func(class string) bool { return !c.Caps(class) })
}

// CapsEverybody is the fault of a cap that leaves no class out, beside the classes.
func CapsEverybody() *fault.Fault {
	const field = "counting.class_cap.classes"
	return fault.Invalid(field, "rules.cap_everybody")
}

// Double is what a majority asks of the classes besides what it asks of all
// votes together; a closed type. Within a class every vote weighs one, and the
// part, its base and whether it must be passed are those of the majority.
type Double string

// What a majority may ask of the classes.
const (
	DoubleNone Double = ""          // nothing: all votes together decide
	DoubleEach Double = "each"      // the same part in every class
	DoubleMost Double = "more_half" // the same part in more than half of the classes
)

// Weighs says whether anything is counted by the weight of the classes, so that each needs a share.
func (r RuleSet) Weighs() bool {
	q := r.Quorum
	return r.Counting.Method == MethodClass || q.First.By == UnitWeight || q.Second.By == UnitWeight || q.AtVote.By == UnitWeight
}

// Shared is the way of counting as it is for whoever needs a share in each class: by class as soon as anything weighs.
func (r RuleSet) Shared() Counting {
	c := r.Counting
	if r.Weighs() {
		c.Method = MethodClass
	}
	return c
}

// Unit is what a quorum counts; a closed type.
type Unit string

// What a quorum may count.
const (
	UnitAsVotes Unit = ""           // as votes are counted: heads, or the weight of the classes
	UnitPersons Unit = "persons"    // heads
	UnitWeight  Unit = "weight"     // the weight of the classes' shares
	UnitClass   Unit = "each_class" // heads, in every class by itself
)
