// Package quorum says whether enough votes are present and represented for an
// assembly to begin (Llei 12/2015 art. 46.1: more than half at the first call,
// any number at the second; Ley 27/1999 art. 25.1: more than half, then 10 % or
// 100 votes).
//
// Equations, for every threshold t and n of a roll:
//
//	Reached(n, roll, t).OK  =>  Reached(n+1, roll, t).OK
//	Reached(n, roll, t).OK  <=> n >= Needed, for whole numbers
package quorum

import (
	"socia/core/fault"
	"socia/core/ratio"
	"socia/core/rules"
)

// Number is what whole votes are counted in.
type Number interface{ int | int64 }

// Verdict says whether the quorum is reached, with the numbers to print.
type Verdict struct {
	OK      bool
	Present ratio.Ratio // votes present and represented
	Of      ratio.Ratio // all votes of the roll
	// Needed is the least number of votes that is enough when votes are whole.
	// By class it is the part of the roll's weight that must be reached, or
	// passed when Strict.
	Needed  ratio.Ratio
	Strict  bool // more than Needed, not Needed itself
	Any     bool // any number is enough, Needed is 0
	Article string

	Votes    int64 // members present and represented
	MinVotes int64 // the number of votes that is enough as well; 0: there is none
	ByVotes  bool  // MinVotes is easier than the fraction, and decided

	// Weighed says that Present, Of and Needed are weights of the classes, not heads.
	Weighed bool
	// Classes is what each class has and needs, where each must reach its own part.
	Classes []ClassPart `json:",omitempty"`
}

// OfClasses says whether the numbers tell the classes apart: weights, or what each class has.
func (v Verdict) OfClasses() bool { return v.Weighed || len(v.Classes) > 0 }

// ClassPart is one class of a quorum that each must reach: Needed is the least
// number of votes that is enough in it.
type ClassPart struct {
	Class   string
	Roll    int64
	Present int64
	Needed  ratio.Ratio
	OK      bool
}

// Check says whether a threshold is reached, counting what it says: heads, the
// weight of the classes, or heads in each class. Errors are those of ByClass.
func Check(classes []Class, c rules.Counting, t rules.Threshold) (Verdict, error) {
	unit := t.By
	if unit == rules.UnitAsVotes {
		unit = rules.UnitPersons
		if c.Method == rules.MethodClass {
			unit = rules.UnitWeight
		}
	}
	switch unit {
	case rules.UnitWeight:
		return ByClass(classes, c, t)
	case rules.UnitClass:
		return EachClass(classes, t)
	case rules.UnitPersons, rules.UnitAsVotes:
	}
	if err := possible(classes); err != nil {
		return Verdict{}, err
	}
	var present, roll int64
	for _, k := range classes {
		present, roll = present+k.Present, roll+k.Roll
	}
	return Reached(present, roll, t), nil
}

// EachClass says whether every class with members on the roll reaches the
// threshold by itself, one vote for each member. Needed is the sum of what the
// classes need: fewer are never enough, as many may be badly spread.
// Threshold.MinVotes counts the votes of all classes together, and is enough as
// well. With no class at all nothing is reached, but by Any.
//
// Equation: with a single class it is Reached.
func EachClass(classes []Class, t rules.Threshold) (Verdict, error) {
	if err := possible(classes); err != nil {
		return Verdict{}, err
	}
	v := Verdict{Any: t.Any, Article: t.Article, MinVotes: int64(t.MinVotes), OK: true}
	alone := t
	alone.MinVotes = 0
	for _, k := range classes {
		if k.Roll == 0 {
			continue
		}
		own := Reached(k.Present, k.Roll, alone)
		v.Classes = append(v.Classes, ClassPart{Class: k.Class, Roll: k.Roll, Present: k.Present, Needed: own.Needed, OK: own.OK})
		v.Votes, v.Present, v.Of, v.Needed = v.Votes+k.Present, v.Present.Add(own.Present), v.Of.Add(own.Of), v.Needed.Add(own.Needed)
		v.OK = v.OK && own.OK
	}
	v.OK = t.Any || (v.OK && len(v.Classes) > 0)
	if !v.OK && v.MinVotes > 0 && v.Votes >= v.MinVotes {
		v.ByVotes, v.OK = true, true
	}
	return v, nil
}

// possible refuses a class given twice and counts that cannot be.
func possible(classes []Class) error {
	seen := make(map[string]bool)
	for _, k := range classes {
		if err := k.possible(seen); err != nil {
			return err
		}
	}
	return nil
}

func (k Class) possible(seen map[string]bool) error {
	args := map[string]any{"class": k.Class}
	if seen[k.Class] {
		return fault.Invalid("classes", "quorum.class_twice", args)
	}
	seen[k.Class] = true
	if k.Present < 0 || k.Present > k.Roll {
		return fault.Invalid("classes", "quorum.counts_impossible", args)
	}
	return nil
}

// Reached says whether so many votes of the roll reach a threshold, one vote
// for each member. Zero votes reach only a threshold of Any, and an empty roll
// likewise: nobody is not half of nobody. Present beyond the roll, which the
// app never has, counts as it is.
func Reached[N Number](present, roll N, t rules.Threshold) Verdict {
	v := Verdict{
		Present: ratio.Int(int64(present)), Of: ratio.Int(int64(roll)), Votes: int64(present),
		MinVotes: int64(t.MinVotes), Any: t.Any, Article: t.Article,
	}
	if t.Any {
		v.OK = true
		return v
	}
	v.Needed = ratio.Max(least(part(v.Of, t), t.Strict), ratio.Int(1))
	if fixed := ratio.Int(v.MinVotes); fixed.Sign() > 0 && fixed.Cmp(v.Needed) < 0 {
		v.ByVotes, v.Needed = true, fixed
	}
	v.OK = v.Present.Cmp(v.Needed) >= 0
	return v
}

// Class is one member class at the door: how many are on the roll, and how many
// of those are present or represented.
type Class struct {
	Class   string
	Roll    int64
	Present int64
}

// ByClass says whether the quorum is reached when votes are counted by class:
// a member of class c weighs share_c / roll_c, so that a class that is all there
// brings its whole share. Classes without members on the roll are out of it.
// Threshold.MinVotes counts members, not weights.
//
// A class without a share, a class given twice, and counts that are negative or
// above the roll are a fault.Invalid.
func ByClass(classes []Class, c rules.Counting, t rules.Threshold) (Verdict, error) {
	v := Verdict{Any: t.Any, Article: t.Article, Weighed: true}
	seen := make(map[string]bool)
	for _, k := range classes {
		share, err := check(k, c, seen)
		if err != nil {
			return Verdict{}, err
		}
		v.Votes += k.Present
		if k.Roll > 0 {
			v.Of = v.Of.Add(ratio.Int(share))
			v.Present = v.Present.Add(ratio.Int(share).Mul(ratio.New(k.Present, k.Roll)))
		}
	}
	if t.Any {
		v.OK = true
		return v, nil
	}
	v.Needed, v.Strict = part(v.Of, t), t.Strict
	over := v.Present.Cmp(v.Needed)
	v.OK = v.Votes > 0 && (over > 0 || (over == 0 && !t.Strict))
	if v.MinVotes = int64(t.MinVotes); !v.OK && v.MinVotes > 0 && v.Votes >= v.MinVotes {
		v.ByVotes, v.OK = true, true
	}
	return v, nil
}

func check(k Class, c rules.Counting, seen map[string]bool) (share int64, err error) {
	if err := k.possible(seen); err != nil {
		return 0, err
	}
	share, ok := c.ShareOf(k.Class)
	if (!ok && k.Roll > 0) || (ok && share <= 0) {
		return 0, fault.Invalid("classes", "quorum.class_without_share", map[string]any{"class": k.Class})
	}
	return share, nil
}

// part is Num/Den of all votes; nothing when Den is not a denominator.
func part(of ratio.Ratio, t rules.Threshold) ratio.Ratio {
	if t.Den <= 0 {
		return of
	}
	return of.Mul(ratio.New(t.Num, t.Den))
}

// least is the smallest whole number that reaches a bound, or passes it.
func least(bound ratio.Ratio, strict bool) ratio.Ratio {
	if strict {
		return bound.Floor().Add(ratio.Int(1))
	}
	return bound.Ceil()
}
