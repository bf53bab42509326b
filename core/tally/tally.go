// Package tally counts a yes/no/abstain vote, per person or by class, in exact
// fractions, and writes down its arithmetic so that a page can print it and
// anybody can do it again.
//
// Per person each vote weighs 1 (Llei 12/2015 art. 48.1, Ley 27/1999 art. 26.1).
// By class (Ley 27/1999 art. 26.3) each class has a share that is split equally
// among its votes:
//
//   - Base valid or present: among those present and represented, so one vote
//     of class c weighs share_c / present_c, and a class of which nobody is
//     there is out of the count with its share. Who is there and abstains, or
//     casts nothing, does not make the votes of others in the class heavier.
//   - Base roll: among all on the roll, so one vote weighs share_c / roll_c; the
//     share of a class that stays away still counts in the base, as each
//     absent person does when counting per person.
//
// The base of the majority is For + Against (valid), these and Abstain (cast), the
// weight of all votes present and represented (present), or that of the roll
// (roll); the cap lowers what its classes bring to any of them. It is approved
// when For >= Base × Num/Den, or For > Base × Num/Den when the majority is
// strict. A tie is not approved. A base of 0 is not approved, for its own reason.
//
// Two rules come on top where the statutes have them: a cap on what some classes
// weigh together (see Cap), and a majority of the classes besides that of all
// votes (see Classes). Decide adds the quorum of a vote.
//
// Equations, for every valid input:
//
//	Count does not depend on the order of the classes, nor on the scale of the shares
//	shares in proportion to present_c (roll_c for base roll): Approved is as per person
//	strict majority of 1/2 of the valid votes: swapping For and Against flips
//	    Approved, unless For == Against, which is never approved
//	For + Against + Abstain + not cast = weight of all present
package tally

import (
	"fmt"

	"socia/core/fault"
	"socia/core/quorum"
	"socia/core/ratio"
	"socia/core/rules"
)

// ClassCount is what one class did, in votes (one for each member, or as many
// as the roll gives them, mandates included): 0 <= For + Against + Abstain <= Present <= Roll. Who was present
// or represented and cast nothing is in Present only.
type ClassCount struct {
	Class   string
	Roll    int64 // entitled to vote
	Present int64 // present and represented
	For     int64
	Against int64
	Abstain int64
}

// NotCast is how many were present or represented and cast nothing.
func (c ClassCount) NotCast() int64 { return c.Present - c.For - c.Against - c.Abstain }

// Outcome is how the vote ended; a closed type.
type Outcome string

// The outcomes.
const (
	OutcomeApproved  Outcome = "approved"
	OutcomeNotEnough Outcome = "not_enough" // fewer in favour than the majority needs
	OutcomeTied      Outcome = "tied"       // as many for as against, where half is asked for
	OutcomeNoVotes   Outcome = "no_votes"   // nothing in the base to take a part of
	// Enough of all votes, and not of the classes.
	OutcomeNotEnoughClasses Outcome = "not_enough_classes"
	// Void: the quorum of a vote was not reached, whatever the votes say.
	OutcomeNoQuorum Outcome = "no_quorum"
)

// Line is one class with its arithmetic.
type Line struct {
	Count   ClassCount
	Counted bool        // false: nobody there, so the class is out of the count
	Share   int64       // its share; 0 when counting per person
	Weight  ratio.Ratio // of one vote
	// Uncapped is what one vote would weigh without the cap.
	Uncapped ratio.Ratio
	For      ratio.Ratio // votes × weight, and so on
	Against  ratio.Ratio
	Abstain  ratio.Ratio
	Base     ratio.Ratio // what the class adds to the base
}

// Result is the outcome with everything that led to it.
type Result struct {
	Approved bool
	Outcome  Outcome
	Method   rules.Method
	For      ratio.Ratio
	Against  ratio.Ratio
	Abstain  ratio.Ratio
	Base     ratio.Ratio
	Bound    ratio.Ratio // Base × Num/Den exactly: For is compared with this
	// Needed is what to tell people. Per person it is the least number of votes
	// that is enough. By class it is Bound, which For must reach, or pass when
	// the majority is strict.
	Needed          ratio.Ratio
	Total           ClassCount // votes of all classes, unweighted; Class is empty
	Lines           []Line     // in the order given
	Steps           []Step
	Majority        rules.Majority
	Article         string // of the majority
	CountingArticle string // of the way of counting
	// Cap is nil where no cap is on any class that is there.
	Cap *Cap `json:",omitempty"`
	// Classes is the second half of a double majority; nil where there is none.
	Classes *Classes `json:",omitempty"`
	// Quorum is that of the vote; nil where the statutes have none.
	Quorum *quorum.Verdict `json:",omitempty"`
}

// Weighted says whether votes weigh differently, so that they cannot be told as heads.
func (r Result) Weighted() bool { return r.Method == rules.MethodClass || r.Cap.Bites() }

// Count counts a vote. Each class is given once. The error is a fault.All about
// the field "classes", "majority" or "counting" with one of the keys
// tally.class_twice, tally.counts_impossible, tally.class_without_share,
// tally.unknown_method, tally.unknown_base and tally.majority_impossible; it
// means that the caller's data is wrong, not that a vote was lost.
func Count(classes []ClassCount, m rules.Majority, c rules.Counting) (Result, error) {
	if err := check(classes, m, c); err != nil {
		return Result{}, err
	}
	r := Result{Method: c.Method, Majority: m, Article: m.Article, CountingArticle: c.Article}
	lines := make([]Line, len(classes))
	for i, k := range classes {
		lines[i] = weigh(k, m.Base, c)
	}
	r.Cap = capOf(lines, c, m.Base)
	for _, l := range lines {
		if r.Cap.Bites() && c.Cap.Caps(l.Count.Class) {
			l.Weight = l.Weight.Mul(r.Cap.Factor)
		}
		r.add(l.votes(m.Base))
	}
	r.Bound = r.Base.Mul(ratio.New(m.Num, m.Den))
	r.Needed = r.Bound
	if !r.Weighted() {
		r.Needed = least(r.Bound, m.Strict)
	}
	r.Classes = classesOf(classes, m)
	r.Outcome = r.outcome()
	r.Approved = r.Outcome == OutcomeApproved
	r.Steps = r.steps()
	return r, nil
}

// weigh finds what one vote of a class weighs before any cap.
func weigh(k ClassCount, base rules.Base, c rules.Counting) Line {
	n := among(k, base)
	line := Line{Count: k, Counted: n > 0}
	if c.Method == rules.MethodClass {
		line.Share, _ = c.ShareOf(k.Class)
	}
	if !line.Counted {
		return line
	}
	line.Weight = ratio.Int(1)
	if c.Method == rules.MethodClass {
		line.Weight = ratio.New(line.Share, n)
	}
	line.Uncapped = line.Weight
	return line
}

// votes weighs what a class voted, and what it adds to the base.
func (l Line) votes(base rules.Base) Line {
	times := func(votes int64) ratio.Ratio { return l.Weight.Mul(ratio.Int(votes)) }
	l.For, l.Against, l.Abstain = times(l.Count.For), times(l.Count.Against), times(l.Count.Abstain)
	l.Base = times(baseVotes(l.Count, base))
	return l
}

// baseVotes is how many votes of a class are in the base of a majority.
func baseVotes(k ClassCount, base rules.Base) int64 {
	switch base {
	case rules.BaseValid:
		return k.For + k.Against
	case rules.BaseCast:
		return k.For + k.Against + k.Abstain
	case rules.BasePresent:
		return k.Present
	case rules.BaseRoll:
		return k.Roll
	}
	return 0
}

func (r *Result) add(l Line) {
	r.Lines = append(r.Lines, l)
	r.For, r.Against, r.Abstain = r.For.Add(l.For), r.Against.Add(l.Against), r.Abstain.Add(l.Abstain)
	r.Base = r.Base.Add(l.Base)
	r.Total.Roll += l.Count.Roll
	r.Total.Present += l.Count.Present
	r.Total.For += l.Count.For
	r.Total.Against += l.Count.Against
	r.Total.Abstain += l.Count.Abstain
}

func (r *Result) outcome() Outcome {
	over := r.For.Cmp(r.Bound)
	m := r.Majority
	simple := m.Strict && m.Base == rules.BaseValid && 2*m.Num == m.Den
	switch {
	case r.Base.IsZero():
		return OutcomeNoVotes
	case (over > 0 || (over == 0 && !m.Strict)) && r.Classes.reached():
		return OutcomeApproved
	case over > 0 || (over == 0 && !m.Strict):
		return OutcomeNotEnoughClasses
	case simple && over == 0:
		return OutcomeTied
	}
	return OutcomeNotEnough
}

// least is the smallest whole number that reaches a bound, or passes it.
func least(bound ratio.Ratio, strict bool) ratio.Ratio {
	if strict {
		return bound.Floor().Add(ratio.Int(1))
	}
	return bound.Ceil()
}

// mostVotes bounds a class, so that no sum of classes can overflow.
const mostVotes = 1 << 40

func check(classes []ClassCount, m rules.Majority, c rules.Counting) error {
	var wrong []*fault.Fault
	if m.Num <= 0 || m.Den <= 0 || m.Num > m.Den || m.Den > mostVotes || (m.Strict && m.Num == m.Den) {
		wrong = append(wrong, fault.Invalid("majority", "tally.majority_impossible"))
	}
	switch m.Base {
	case rules.BaseValid, rules.BaseCast, rules.BasePresent, rules.BaseRoll:
	default:
		wrong = append(wrong, fault.Invalid("majority", "tally.unknown_base"))
	}
	switch c.Method {
	case rules.MethodPerson, rules.MethodClass:
	default:
		wrong = append(wrong, fault.Invalid("counting", "tally.unknown_method"))
	}
	seen := make(map[string]bool)
	for _, k := range classes {
		args := map[string]any{"class": k.Class}
		if seen[k.Class] {
			wrong = append(wrong, fault.Invalid("classes", "tally.class_twice", args))
		}
		seen[k.Class] = true
		if !possible(k) {
			wrong = append(wrong, fault.Invalid("classes", "tally.counts_impossible", args))
		}
		if share, ok := c.ShareOf(k.Class); c.Method == rules.MethodClass && k.Roll > 0 && (!ok || share <= 0) {
			wrong = append(wrong, fault.Invalid("classes", "tally.class_without_share", args))
		}
	}
	return fault.All(wrong...)
}

// possible says whether 0 <= For + Against + Abstain <= Present <= Roll.
func possible(k ClassCount) bool {
	for _, n := range []int64{k.Roll, k.Present, k.For, k.Against, k.Abstain} {
		if n < 0 || n > mostVotes {
			return false
		}
	}
	return k.NotCast() >= 0 && k.Present <= k.Roll
}

// Elector is one line of a roll: a member, the class and the votes it was
// frozen with. 0 votes are one, as every member has who was given no more.
type Elector struct {
	Member int64
	Class  string
	Votes  int64
}

// Choice is what a vote says; a closed type.
type Choice string

// The choices.
const (
	ChoiceFor     Choice = "for"
	ChoiceAgainst Choice = "against"
	ChoiceAbstain Choice = "abstain"
)

// Gather makes the counts of Count out of lists: the roll, the members present
// or represented, and what each voted. Classes come in the order in which the
// roll first names them. It is how a result is counted again from what was
// published. A member twice on a list, present but not on the roll, voting but
// not present, or with an unknown choice is an error that names the number.
//
// Equation: an elector of n votes counts as n electors of one who do the same.
func Gather(roll []Elector, present []int64, votes map[int64]Choice) ([]ClassCount, error) {
	var counts []ClassCount
	at := make(map[string]int)    // class: index in counts
	class := make(map[int64]int)  // member on the roll: index in counts
	has := make(map[int64]int64)  // member on the roll: votes
	there := make(map[int64]bool) // member present or represented
	for _, e := range roll {
		if _, twice := class[e.Member]; twice {
			return nil, fmt.Errorf("tally: member %d is twice on the roll", e.Member)
		}
		if _, known := at[e.Class]; !known {
			at[e.Class] = len(counts)
			counts = append(counts, ClassCount{Class: e.Class})
		}
		class[e.Member], has[e.Member] = at[e.Class], max(1, e.Votes)
		counts[at[e.Class]].Roll += has[e.Member]
	}
	for _, member := range present {
		i, known := class[member]
		if !known || there[member] {
			return nil, fmt.Errorf("tally: member %d is present twice or not on the roll", member)
		}
		there[member] = true
		counts[i].Present += has[member]
	}
	for member, choice := range votes {
		if !there[member] {
			return nil, fmt.Errorf("tally: member %d voted and was not present", member)
		}
		switch k := &counts[class[member]]; choice {
		case ChoiceFor:
			k.For += has[member]
		case ChoiceAgainst:
			k.Against += has[member]
		case ChoiceAbstain:
			k.Abstain += has[member]
		default:
			return nil, fmt.Errorf("tally: member %d has an unknown choice", member)
		}
	}
	return counts, nil
}
