package tally

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ratio"
	"socia/core/rules"
)

// capped is a way of counting with a cap on collaborators.
func capped(c rules.Counting, k rules.ClassCap) rules.Counting {
	k.Classes = []string{"collaborator"}
	c.Cap = k
	return c
}

var (
	art48 = rules.ClassCap{Num: 2, Den: 5, Base: rules.BaseRoll, UnderNum: 1, UnderDen: 2, Article: "Llei 12/2015, art. 48.3"}
	art14 = rules.ClassCap{Num: 3, Den: 10, Base: rules.BasePresent, Article: "Ley 27/1999, art. 14"}
)

// 7 workers and 11 collaborators, all there. Of the roll: 2/3 × 7 = 14/3 at most. Under half of 7 is under 3.5: 3.49.
func TestCap_SevenWorkersElevenCollaborators_ByHand(t *testing.T) {
	classes := []ClassCount{{"worker", 7, 7, 1, 6, 0}, {"collaborator", 11, 11, 11, 0, 0}}
	r := count(t, classes, simple, capped(perPerson, art48))
	if r.Cap.Most.String() != "14/3" || r.Cap.Under.String() != "7/2" || r.Cap.UnderMost.String() != "349/100" || r.Cap.Factor.String() != "349/1100" {
		t.Fatalf("most %v, under %v: %v, factor %v", r.Cap.Most, r.Cap.Under, r.Cap.UnderMost, r.Cap.Factor)
	}
	if r.Approved || r.For.String() != "449/100" || r.Against.String() != "6" || r.Needed.String() != "1049/200" {
		t.Errorf("%s: %v", r.Outcome, numbers(r))
	}
	if !count(t, classes, simple, perPerson).Approved {
		t.Error("without the cap the collaborators decide alone")
	}
	want := []Step{
		{StepCapAll, map[string]string{"num": "2", "rest": "3", "den": "5", "common": "7", "most": "14/3", "capped": "11", "article": art48.Article}},
		{StepCapUnder, map[string]string{"num": "1", "den": "2", "common": "7", "under": "7/2", "most": "3.49", "capped": "11", "article": art48.Article}},
		{StepCappedWeight, map[string]string{"class": "collaborator", "weight": "1", "factor": "349/1100", "capped": "349/1100"}},
		{StepClassVotes, map[string]string{"class": "worker", "weight": "1", "for": "1", "against": "6", "abstain": "0", "for_weight": "1", "against_weight": "6", "abstain_weight": "0"}},
		{StepClassVotes, map[string]string{"class": "collaborator", "weight": "349/1100", "for": "11", "against": "0", "abstain": "0", "for_weight": "349/100", "against_weight": "0", "abstain_weight": "0"}},
	}
	if !reflect.DeepEqual(r.Steps[:5], want) {
		t.Errorf("steps %+v", r.Steps)
	}
}

// Just below, at and just above both bounds: of 10 common members half is 5, and the weight changes at 5, not at 4; of
// 12 common and 8 collaborators on the roll, 8 is exactly 40 %, and 9 are more.
func TestCap_JustBelowAtAndAbove(t *testing.T) {
	for _, c := range []struct {
		name                             string
		workers, here, others, othersNow int64
		factor                           string
	}{
		{"four of ten", 10, 10, 4, 4, "1"},
		{"five of ten are not under half", 10, 10, 5, 5, "499/500"},
		{"six of ten", 10, 10, 6, 6, "499/600"},
		{"of nine, four are under half", 9, 9, 4, 4, "1"},
		{"8 of 20 on the roll are 40 %", 12, 12, 8, 5, "1"},
		{"9 of 21 on the roll are more", 12, 12, 9, 5, "8/9"},
		{"with fewer common members there", 12, 8, 8, 5, "399/500"},
		{"one common member", 1, 1, 1, 1, "49/100"},
		{"no common member is there", 12, 0, 8, 5, "0"},
	} {
		classes := []ClassCount{{"worker", c.workers, c.here, 0, 0, 0}, {"collaborator", c.others, c.othersNow, c.othersNow, 0, 0}}
		r := count(t, classes, simple, capped(perPerson, art48))
		if r.Cap.Factor.String() != c.factor || r.Cap.Bites() != (c.factor != "1") {
			t.Errorf("%s: %v, want %s", c.name, r.Cap.Factor, c.factor)
		}
	}
}

// Ley 27/1999 art. 14: 30 % of the votes. Of 7 common votes present, 3 more are exactly 30 %.
func TestCap_ThirtyPerCentOfThosePresent(t *testing.T) {
	for here, factor := range map[int64]string{2: "1", 3: "1", 4: "3/4"} {
		r := count(t, []ClassCount{{"worker", 70, 7, 7, 0, 0}, {"collaborator", 9, here, 0, here, 0}}, simple, capped(perPerson, art14))
		if r.Cap.Factor.String() != factor {
			t.Errorf("%d of %d: %v", here, 7+here, r.Cap.Factor)
		}
	}
}

// By class: worker 40, collaborator 60. Of the roll: 2/3 × 40 = 80/3; under half of 40 is under 20, in hundredths of a
// vote of 40/4: 19.9. Each of 6 collaborators weighs 10 × 199/600 = 199/60.
func TestCap_ByClass_ByHand(t *testing.T) {
	c := byClass(rules.ClassShare{Class: "worker", Share: 40}, rules.ClassShare{Class: "collaborator", Share: 60})
	r := count(t, []ClassCount{{"worker", 9, 4, 3, 1, 0}, {"collaborator", 9, 6, 0, 6, 0}}, twoThirds, capped(c, art48))
	if r.Cap.Most.String() != "80/3" || r.Cap.UnderMost.String() != "199/10" || r.Lines[1].Weight.String() != "199/60" || r.Lines[0].Weight.String() != "10" {
		t.Errorf("most %v, under %v, weights %v and %v", r.Cap.Most, r.Cap.UnderMost, r.Lines[0].Weight, r.Lines[1].Weight)
	}
	if r.Base.String() != "599/10" || r.For.String() != "30" || r.Against.String() != "299/10" {
		t.Errorf("%v", numbers(r))
	}
}

func TestCap_IsSilentWhereNobodyIsUnderIt(t *testing.T) {
	r := count(t, []ClassCount{{"worker", 9, 4, 3, 1, 0}, {"collaborator", 9, 0, 0, 0, 0}}, simple, capped(perPerson, art48))
	if r.Cap != nil || len(r.Steps) != 5 {
		t.Errorf("%+v", r.Cap)
	}
	r = count(t, []ClassCount{{"worker", 9, 4, 3, 1, 0}, {"collaborator", 2, 1, 0, 1, 0}}, simple, capped(perPerson, art48))
	if r.Cap.Bites() || r.Steps[2].Key != StepInsideCap || r.Weighted() || r.Needed.String() != "3" {
		t.Errorf("within: %+v", r.Steps)
	}
}

// Either bound stands alone too, and only it is told.
func TestCap_OneBoundAlone(t *testing.T) {
	classes := []ClassCount{{"worker", 10, 10, 10, 0, 0}, {"collaborator", 10, 10, 0, 10, 0}}
	for _, c := range []struct {
		name, factor string
		k            rules.ClassCap
		told         []string
	}{
		{"of all votes", "2/3", rules.ClassCap{Num: 2, Den: 5, Base: rules.BaseRoll}, []string{StepCapAll, StepCappedWeight}},
		{"under the common votes", "499/1000", rules.ClassCap{UnderNum: 1, UnderDen: 2, Base: rules.BaseRoll}, []string{StepCapUnder, StepCappedWeight}},
		{"all of all is no bound", "499/1000", rules.ClassCap{Num: 1, Den: 1, UnderNum: 1, UnderDen: 2, Base: rules.BaseRoll}, []string{StepCapUnder, StepCappedWeight}},
	} {
		r := count(t, classes, simple, capped(perPerson, c.k))
		var told []string
		for _, s := range r.Steps[:len(c.told)] {
			told = append(told, s.Key)
		}
		if r.Cap.Factor.String() != c.factor || !slices.Equal(told, c.told) || r.Steps[len(c.told)].Key != StepClassVotes {
			t.Errorf("%s: %v, %v", c.name, r.Cap.Factor, told)
		}
	}
	if r := count(t, classes, simple, capped(perPerson, rules.ClassCap{Base: rules.BaseRoll})); r.Cap != nil {
		t.Errorf("no bound at all: %+v", r.Cap)
	}
}

func anyCap(t *rapid.T) rules.ClassCap {
	k := rules.ClassCap{Classes: rapid.SampledFrom([][]string{{"collaborator"}, {"collaborator", "user"}, {"worker"}}).Draw(t, "capped"), Base: rapid.SampledFrom([]rules.Base{rules.BaseRoll, rules.BasePresent}).Draw(t, "cap base")}
	k.Den = rapid.Int64Range(2, 10).Draw(t, "cap den")
	k.Num = rapid.Int64Range(1, k.Den-1).Draw(t, "cap num")
	if rapid.Bool().Draw(t, "under too") {
		k.UnderDen = rapid.Int64Range(1, 6).Draw(t, "under den")
		k.UnderNum = rapid.Int64Range(1, k.UnderDen).Draw(t, "under num")
	}
	return k
}

func anyCounting(t *rapid.T) rules.Counting {
	if rapid.Bool().Draw(t, "per person") {
		return perPerson
	}
	return anyShares(t, 1)
}

// bounds are the two parts of a cap as the doc comment writes them.
func boundsHold(k *Cap, f ratio.Ratio) bool {
	lowered := f.Mul(k.AllCapped)
	all := lowered.Cmp(ratio.New(k.Rule.Num, k.Rule.Den).Mul(k.AllCommon.Add(lowered))) <= 0
	here := f.Mul(k.Capped)
	under := k.Rule.UnderDen == 0 || here.Cmp(ratio.New(k.Rule.UnderNum, k.Rule.UnderDen).Mul(k.Common)) < 0 || (here.IsZero() && k.Common.IsZero()) || k.Capped.IsZero()
	return all && under
}

func TestCap_BoundsHold_AndWhoIsUnderThemIsLeftAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyCounting(t)
		free := mustCount(t, classes, m, c)
		c.Cap = anyCap(t)
		r := mustCount(t, classes, m, c)
		if r.Cap == nil {
			return
		}
		one := ratio.Int(1)
		if !boundsHold(r.Cap, r.Cap.Factor) || r.Cap.Factor.Cmp(one) > 0 || r.Cap.Factor.Sign() < 0 {
			t.Fatalf("factor %v: %+v", r.Cap.Factor, r.Cap)
		}
		if boundsHold(r.Cap, one) == r.Cap.Bites() {
			t.Fatalf("both bounds hold without it: %v, and the factor is %v", boundsHold(r.Cap, one), r.Cap.Factor)
		}
		for i, l := range r.Lines {
			want := free.Lines[i].Weight
			if slices.Contains(c.Cap.Classes, l.Count.Class) {
				want = want.Mul(r.Cap.Factor)
			}
			if !l.Weight.Equal(want) {
				t.Fatalf("%s weighs %v, want %v", l.Count.Class, l.Weight, want)
			}
		}
	})
}

// Little is lost to "under": a hundredth of a common vote more would reach the bound.
func TestCap_TakesAlmostAllThatItMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyCounting(t)
		c.Cap = anyCap(t)
		r := mustCount(t, classes, m, c)
		if !r.Cap.Bites() || r.Cap.Common.IsZero() {
			return
		}
		var votes int64
		for _, k := range classes {
			if !c.Cap.Caps(k.Class) {
				votes += k.Present
			}
		}
		more := r.Cap.Factor.Add(r.Cap.Common.Div(ratio.Int(100 * votes)).Div(ratio.Max(r.Cap.Capped, r.Cap.AllCapped)))
		atAll := r.Cap.Factor.Mul(r.Cap.AllCapped).Equal(r.Cap.Most)
		if !atAll && r.Cap.Capped.Cmp(r.Cap.AllCapped) >= 0 && boundsHold(r.Cap, more) {
			t.Fatalf("%v would hold as well as %v", more, r.Cap.Factor)
		}
	})
}

func TestCap_OrderAndScaleDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyCounting(t)
		c.Cap = anyCap(t)
		a := mustCount(t, classes, m, c)
		b := mustCount(t, rapid.Permutation(classes).Draw(t, "order"), m, c)
		scaled := c
		scaled.Shares = nil
		for _, s := range c.Shares {
			scaled.Shares = append(scaled.Shares, rules.ClassShare{Class: s.Class, Share: 7 * s.Share})
		}
		d := mustCount(t, classes, m, scaled)
		if !same(a, b) || a.Outcome != d.Outcome {
			t.Fatalf("%v, %v, %v", numbers(a), numbers(b), numbers(d))
		}
		if a.Cap != nil && (!a.Cap.Factor.Equal(b.Cap.Factor) || !a.Cap.Factor.Equal(d.Cap.Factor)) {
			t.Fatalf("factors %v, %v, %v", a.Cap.Factor, b.Cap.Factor, d.Cap.Factor)
		}
	})
}
