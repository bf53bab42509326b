package tally

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/rules"
)

func double(m rules.Majority, d rules.Double) rules.Majority { m.Double = d; return m }

func TestDouble_MembersAndClasses(t *testing.T) {
	three := func(worker, collaborator, user int64) []ClassCount {
		return []ClassCount{{"worker", 3, 3, worker, 3 - worker, 0}, {"collaborator", 3, 3, collaborator, 3 - collaborator, 0}, {"user", 20, 20, user, 20 - user, 0}}
	}
	for _, c := range []struct {
		name    string
		d       rules.Double
		classes []ClassCount
		want    Outcome
	}{
		{"every class agrees", rules.DoubleEach, three(2, 2, 15), OutcomeApproved},
		{"one class is against", rules.DoubleEach, three(1, 2, 15), OutcomeNotEnoughClasses},
		{"two of three are more than half", rules.DoubleMost, three(1, 2, 15), OutcomeApproved},
		{"one of three is not", rules.DoubleMost, three(1, 1, 15), OutcomeNotEnoughClasses},
		{"the classes without the members", rules.DoubleMost, three(2, 2, 3), OutcomeNotEnough},
		{"nobody of a class is there", rules.DoubleEach, append(three(2, 2, 15), ClassCount{Class: "guest", Roll: 4}), OutcomeApproved},
		{"a class that is there and casts nothing", rules.DoubleEach, append(three(2, 2, 15), ClassCount{Class: "guest", Roll: 4, Present: 1}), OutcomeNotEnoughClasses},
		{"half of two classes is not more than half", rules.DoubleMost, three(1, 2, 15)[1:], OutcomeApproved},
	} {
		r := count(t, c.classes, double(simple, c.d), perPerson)
		if r.Outcome != c.want || r.Approved != (c.want == OutcomeApproved) {
			t.Errorf("%s: %s, %+v", c.name, r.Outcome, r.Classes)
		}
	}
}

func TestDouble_HalfOfTheClassesIsNotEnough(t *testing.T) {
	r := count(t, []ClassCount{{"worker", 3, 3, 1, 2, 0}, {"user", 20, 20, 15, 5, 0}}, double(simple, rules.DoubleMost), perPerson)
	if r.Outcome != OutcomeNotEnoughClasses || r.Classes.InFavour != 1 || r.Classes.Needed != 2 {
		t.Fatalf("%s, %+v", r.Outcome, r.Classes)
	}
	var keys []string
	for _, s := range r.Steps {
		keys = append(keys, s.Key)
	}
	if n := len(keys); n != 8 || keys[4] != StepClassHalf || keys[5] != StepClassHalf || keys[6] != StepClassesMost || r.Steps[4].Args["relation"] != "≤" || r.Steps[4].Args["bound"] != "3/2" {
		t.Errorf("steps %+v", r.Steps)
	}
}

// In each class as in all: exactly the bound is enough unless the rule asks for more than it, and who casts nothing agrees to nothing.
func TestDouble_AClassExactlyAtItsBound(t *testing.T) {
	half := rules.Majority{Num: 1, Den: 2, Base: rules.BaseValid}
	for _, c := range []struct {
		name   string
		m      rules.Majority
		worker ClassCount
		agrees bool
	}{
		{"two of four are half", half, ClassCount{"worker", 4, 4, 2, 2, 0}, true},
		{"two of four are not more than half", simple, ClassCount{"worker", 4, 4, 2, 2, 0}, false},
		{"one of four", half, ClassCount{"worker", 4, 4, 1, 3, 0}, false},
		{"three of four", simple, ClassCount{"worker", 4, 4, 3, 1, 0}, true},
		{"there, and nothing cast", half, ClassCount{"worker", 4, 4, 0, 0, 0}, false},
		{"there, and all abstain", half, ClassCount{"worker", 4, 4, 0, 0, 4}, false},
	} {
		r := count(t, []ClassCount{c.worker, {"user", 20, 20, 20, 0, 0}}, double(c.m, rules.DoubleEach), perPerson)
		if r.Classes.Lines[0].InFavour != c.agrees || r.Approved != c.agrees {
			t.Errorf("%s: %+v, %s", c.name, r.Classes.Lines[0], r.Outcome)
		}
	}
	if r := count(t, nil, double(half, rules.DoubleEach), perPerson); r.Classes.Reached {
		t.Error("no class at all agrees")
	}
}

func TestDouble_BothHalvesAreNecessary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyCounting(t)
		d := rapid.SampledFrom([]rules.Double{rules.DoubleEach, rules.DoubleMost}).Draw(t, "double")
		one, both := mustCount(t, classes, m, c), mustCount(t, classes, double(m, d), c)
		if both.Approved != (one.Approved && both.Classes.Reached) {
			t.Fatalf("members %v, classes %v, both %v", one.Approved, both.Classes.Reached, both.Approved)
		}
	})
}

// Of the votes cast, abstentions are in the base and those who cast nothing are not: 50 of 100 is not more than half.
func TestCount_BaseCast_HasAbstentionsIn(t *testing.T) {
	cast := rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BaseCast}
	for yes, want := range map[int64]Outcome{49: OutcomeNotEnough, 50: OutcomeNotEnough, 51: OutcomeApproved} {
		r := count(t, []ClassCount{{"all", 200, 150, yes, 80 - yes, 20}}, cast, perPerson)
		if r.Outcome != want || r.Base.String() != "100" || r.Steps[1].Key != StepBaseCast {
			t.Errorf("%d: %s of %v", yes, r.Outcome, r.Base)
		}
	}
}

// Qualified majorities of each base, just below and at the bound.
func TestCount_QualifiedMajoritiesOfEveryBase(t *testing.T) {
	// 120 on the roll, 90 there, 60 for and against, 15 abstained.
	for _, c := range []struct {
		num, den int64
		base     rules.Base
		needed   int64
	}{
		{2, 3, rules.BaseValid, 40}, {3, 5, rules.BaseValid, 36}, {4, 5, rules.BaseValid, 48},
		{2, 3, rules.BaseCast, 50}, {3, 5, rules.BaseCast, 45}, {4, 5, rules.BaseCast, 60},
		{2, 3, rules.BasePresent, 60}, {3, 5, rules.BasePresent, 54},
		{1, 2, rules.BaseRoll, 60},
	} {
		m := rules.Majority{Num: c.num, Den: c.den, Base: c.base}
		at := count(t, []ClassCount{{"all", 120, 90, c.needed, 60 - c.needed, 15}}, m, perPerson)
		below := count(t, []ClassCount{{"all", 120, 90, c.needed - 1, 61 - c.needed, 15}}, m, perPerson)
		if !at.Approved || below.Approved || at.Needed.String() != below.Needed.String() {
			t.Errorf("%d/%d of %s: %s with %d, %s with one less", c.num, c.den, c.base, at.Outcome, c.needed, below.Outcome)
		}
	}
}

// All of them: unanimity is a majority too.
func TestCount_Unanimity(t *testing.T) {
	all := rules.Majority{Num: 1, Den: 1, Base: rules.BasePresent}
	for yes, want := range map[int64]Outcome{90: OutcomeApproved, 89: OutcomeNotEnough} {
		if r := count(t, []ClassCount{{"all", 120, 90, yes, 0, 90 - yes}}, all, perPerson); r.Outcome != want {
			t.Errorf("%d of 90: %s", yes, r.Outcome)
		}
	}
}

func withAtVote(t rules.Threshold) rules.RuleSet {
	r, _ := rules.Preset(rules.PresetCatalan)
	r.Counting.Shares = []rules.ClassShare{{Class: "worker", Share: 50}, {Class: "user", Share: 50}}
	r.Quorum.AtVote = t
	return r
}

func TestDecide_AVoteWithoutItsQuorumIsVoid(t *testing.T) {
	half := func(by rules.Unit, of rules.Base) rules.Threshold {
		return rules.Threshold{Num: 1, Den: 2, By: by, Of: of, Article: "Estatuts, art. 9"}
	}
	for _, c := range []struct {
		name         string
		t            rules.Threshold
		worker, user ClassCount
		want         Outcome
	}{
		{"half of the roll is there", half("", ""), ClassCount{Roll: 4, Present: 1, For: 1}, ClassCount{Roll: 16, Present: 9, For: 1}, OutcomeApproved},
		{"one less than half", half("", ""), ClassCount{Roll: 4, Present: 1, For: 1}, ClassCount{Roll: 16, Present: 8, For: 8}, OutcomeNoQuorum},
		{"half of those present cast", half("", rules.BasePresent), ClassCount{Roll: 4, Present: 2, For: 1}, ClassCount{Roll: 16, Present: 8, For: 3, Abstain: 1}, OutcomeApproved},
		{"one less casts", half("", rules.BasePresent), ClassCount{Roll: 4, Present: 2, For: 1}, ClassCount{Roll: 16, Present: 8, For: 2, Abstain: 1}, OutcomeNoQuorum},
		{"each class has half", half(rules.UnitClass, ""), ClassCount{Roll: 4, Present: 2, For: 2}, ClassCount{Roll: 16, Present: 8, For: 3}, OutcomeApproved},
		{"one class has less", half(rules.UnitClass, ""), ClassCount{Roll: 4, Present: 1, For: 1}, ClassCount{Roll: 16, Present: 16, For: 3}, OutcomeNoQuorum},
		{"by weight: few workers weigh much", half(rules.UnitWeight, ""), ClassCount{Roll: 4, Present: 4, For: 1}, ClassCount{Roll: 16, Present: 0}, OutcomeApproved},
		{"by weight: not enough", half(rules.UnitWeight, ""), ClassCount{Roll: 4, Present: 3, For: 3}, ClassCount{Roll: 16, Present: 3, For: 3}, OutcomeNoQuorum},
		{"enough by number", rules.Threshold{Num: 1, Den: 2, MinVotes: 6}, ClassCount{Roll: 4, Present: 3, For: 3}, ClassCount{Roll: 16, Present: 3, For: 3}, OutcomeApproved},
		{"no such rule", rules.Threshold{}, ClassCount{Roll: 4, Present: 1, For: 1}, ClassCount{Roll: 16}, OutcomeApproved},
	} {
		c.worker.Class, c.user.Class = "worker", "user"
		r, err := Decide([]ClassCount{c.worker, c.user}, rules.DecisionOrdinary, withAtVote(c.t))
		if err != nil || r.Outcome != c.want || r.Approved != (c.want == OutcomeApproved) || (r.Quorum == nil) != (c.t == rules.Threshold{}) {
			t.Errorf("%s: %s, %v, %+v", c.name, r.Outcome, err, r.Quorum)
		}
		if last := r.Steps[len(r.Steps)-1]; last.Key != StepOutcome || last.Args["outcome"] != string(c.want) {
			t.Errorf("%s ends with %+v", c.name, last)
		}
	}
	for name, c := range map[string]struct {
		classes []ClassCount
		unit    rules.Unit
		key     string
	}{
		"counts that cannot be":          {[]ClassCount{{Class: "user", Roll: 1, Present: 2}}, "", "tally.counts_impossible"},
		"by weight, of whom has none":    {[]ClassCount{{Class: "guest", Roll: 1, Present: 1}}, rules.UnitWeight, "quorum.class_without_share"},
		"of those present, more cast it": {[]ClassCount{{Class: "user", Roll: 2, Present: 1, For: 2}}, rules.UnitPersons, "tally.counts_impossible"},
	} {
		if _, err := Decide(c.classes, rules.DecisionOrdinary, withAtVote(half(c.unit, ""))); !fault.Has(err, c.key) {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if _, err := Decide(nil, "whim", withAtVote(rules.Threshold{})); !fault.Has(err, "tally.majority_impossible") {
		t.Errorf("an unknown kind: %v", err)
	}
}

// The quorum is told before the outcome, once, in the words of its unit; and the outcome is told once.
func TestDecide_TellsTheQuorumBeforeTheOutcome(t *testing.T) {
	classes := []ClassCount{{Class: "worker", Roll: 4, Present: 3, For: 3}, {Class: "user", Roll: 16, Present: 9, For: 9}}
	for _, c := range []struct {
		t    rules.Threshold
		want []string
	}{
		{rules.Threshold{Num: 1, Den: 2}, []string{StepQuorum}},
		{rules.Threshold{Num: 1, Den: 2, By: rules.UnitWeight, Strict: true}, []string{StepQuorumMore}},
		{rules.Threshold{Num: 1, Den: 2, By: rules.UnitClass}, []string{StepQuorumClass, StepQuorumClass}},
		{rules.Threshold{Num: 3, Den: 4, MinVotes: 12}, []string{StepQuorumVotes}},
	} {
		r, err := Decide(classes, rules.DecisionOrdinary, withAtVote(c.t))
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, s := range r.Steps {
			keys = append(keys, s.Key)
		}
		plain := count(t, classes, simple, perPerson)
		var want []string
		for _, s := range plain.Steps[:len(plain.Steps)-1] {
			want = append(want, s.Key)
		}
		if want = append(append(want, c.want...), StepOutcome); !slices.Equal(keys, want) {
			t.Errorf("%+v: %v, want %v", c.t, keys, want)
		}
	}
}
