package tally

import (
	"socia/core/ratio"
	"socia/core/rules"
)

// Cap is how the cap on some classes (rules.ClassCap; Llei 12/2015 art. 48.3,
// Ley 27/1999 art. 14) came out with those present and represented when the
// electors of a vote were frozen. Every vote of a capped class weighs Factor
// times what it would without the cap; the others weigh the same as ever.
//
// Let K be the weight of the capped classes and C that of the common ones. With
// a factor f the classes weigh f×K, so that
//
//	f×K <= n/d × (C + f×K)   <=>   f×K <= n/(d−n) × C      (at most n/d of all votes)
//	f×K <  u/v × C'                                         (under u/v of the common votes present)
//
// AllCapped and AllCommon are K and C of the first: of the roll or of those
// present, as the cap says. Capped and Common are K and C' of those present and
// represented. Of the whole roll, a member weighs one, or by class the class its
// whole share.
//
// "Under" has no greatest number. The cap takes the greatest whole number of
// hundredths of one common vote that is under it (by class, of the mean common
// vote): of 10 common votes half is 5, and 4.99 is left to the others. A weight
// that is under the bound by itself is never touched. Where no common vote is
// there, nothing is under a part of nothing: the capped votes then weigh 0.
//
// Equations, for every valid input with a cap:
//
//	a common vote weighs what it weighs without the cap
//	Factor <= 1, and == 1 when both bounds hold without it
//	Factor×AllCapped <= n/d × (AllCommon + Factor×AllCapped)
//	Factor×Capped < u/v × Common, or both are 0
type Cap struct {
	Rule      rules.ClassCap
	AllCapped ratio.Ratio
	AllCommon ratio.Ratio
	Most      ratio.Ratio // n/(d−n) × AllCommon, which Factor×AllCapped does not pass
	Capped    ratio.Ratio
	Common    ratio.Ratio
	Under     ratio.Ratio // u/v × Common
	UnderMost ratio.Ratio // the greatest that is taken for under it
	Factor    ratio.Ratio
}

// Bites says whether the cap makes a vote weigh less.
func (c *Cap) Bites() bool { return c != nil && c.Factor.Cmp(ratio.Int(1)) < 0 }

// capOf is nil where the statutes have no cap, and where nobody of a capped class is there.
func capOf(lines []Line, c rules.Counting, base rules.Base) *Cap {
	if !c.Cap.On() {
		return nil
	}
	k := &Cap{Rule: c.Cap, Factor: ratio.Int(1)}
	var commonVotes, cappedVotes int64
	for _, l := range lines {
		here, all := l.Weight.Mul(ratio.Int(l.Count.Present)), ofRoll(l, c.Method)
		if c.Cap.Base == rules.BasePresent {
			all = here
		}
		if c.Cap.Caps(l.Count.Class) {
			k.Capped, k.AllCapped = k.Capped.Add(here), k.AllCapped.Add(all)
			cappedVotes += among(l.Count, base)
			continue
		}
		k.Common, k.AllCommon = k.Common.Add(here), k.AllCommon.Add(all)
		commonVotes += l.Count.Present
	}
	if cappedVotes == 0 {
		return nil
	}
	k.ofAll()
	k.underCommon(commonVotes)
	return k
}

// ofRoll is what a class weighs when all of it is there.
func ofRoll(l Line, method rules.Method) ratio.Ratio {
	if method == rules.MethodClass && l.Count.Roll > 0 {
		return ratio.Int(l.Share)
	}
	return ratio.Int(l.Count.Roll)
}

// ofAll lowers the factor to the bound of all votes.
func (c *Cap) ofAll() {
	n, d := c.Rule.Num, c.Rule.Den
	if d == 0 || n >= d {
		return
	}
	c.Most = ratio.New(n, d-n).Mul(c.AllCommon)
	if c.AllCapped.Cmp(c.Most) > 0 {
		c.Factor = c.Most.Div(c.AllCapped)
	}
}

// underCommon lowers the factor until the capped votes present are under their part of the common ones.
func (c *Cap) underCommon(votes int64) {
	if c.Rule.UnderDen == 0 {
		return
	}
	c.Under = c.Common.Mul(ratio.New(c.Rule.UnderNum, c.Rule.UnderDen))
	if votes > 0 && !c.Common.IsZero() {
		hundredth := c.Common.Div(ratio.Int(100 * votes))
		c.UnderMost = c.Under.Div(hundredth).Ceil().Sub(ratio.Int(1)).Mul(hundredth)
	}
	if c.Capped.IsZero() || c.Factor.Mul(c.Capped).Cmp(c.Under) < 0 {
		return
	}
	c.Factor = c.UnderMost.Div(c.Capped)
}

// among is how many votes share what a class weighs.
func among(k ClassCount, base rules.Base) int64 {
	if base == rules.BaseRoll {
		return k.Roll
	}
	return k.Present
}

// The steps of the cap, in their order, between the weights and the votes of the classes.
const (
	// The bound of all votes: num, den, common, most, capped, article.
	StepCapAll = "tally.step.cap_all"
	// The bound of the common votes present: num, den, common, under, most (a decimal number, exactly), capped, article.
	StepCapUnder = "tally.step.cap_under"
	// No vote weighs less: article.
	StepInsideCap = "tally.step.cap_within"
	// One line per capped class that counts: class, weight (before), factor, capped (= weight × factor).
	StepCappedWeight = "tally.step.cap_weight"
)

// hundredths writes a number of hundredths of a vote as people read it: 39.92, not 998/25.
func hundredths(r ratio.Ratio) string {
	if r.IsInt() {
		return r.String()
	}
	return r.Decimal(2)
}

func (r *Result) capSteps() []Step {
	c := r.Cap
	if c == nil {
		return nil
	}
	var all []Step
	if c.Rule.Den > c.Rule.Num {
		all = append(all, Step{StepCapAll, map[string]string{
			"num": whole(c.Rule.Num), "rest": whole(c.Rule.Den - c.Rule.Num), "den": whole(c.Rule.Den), "common": c.AllCommon.String(),
			"most": c.Most.String(), "capped": c.AllCapped.String(), "article": c.Rule.Article,
		}})
	}
	if c.Rule.UnderDen > 0 {
		all = append(all, Step{StepCapUnder, map[string]string{
			"num": whole(c.Rule.UnderNum), "den": whole(c.Rule.UnderDen), "common": c.Common.String(), "under": c.Under.String(),
			"most": hundredths(c.UnderMost), "capped": c.Capped.String(), "article": c.Rule.Article,
		}})
	}
	if !c.Bites() {
		return append(all, Step{StepInsideCap, map[string]string{"article": c.Rule.Article}})
	}
	for _, l := range r.Lines {
		if l.Counted && c.Rule.Caps(l.Count.Class) {
			all = append(all, Step{StepCappedWeight, map[string]string{
				"class": l.Count.Class, "weight": l.Uncapped.String(), "factor": c.Factor.String(), "capped": l.Weight.String(),
			}})
		}
	}
	return all
}
