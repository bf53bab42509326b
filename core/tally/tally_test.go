package tally

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/ratio"
	"socia/core/rules"
)

var (
	simple    = rules.Majority{Decision: rules.DecisionOrdinary, Num: 1, Den: 2, Strict: true, Base: rules.BaseValid, Article: "Llei 12/2015, art. 47.1"}
	twoThirds = rules.Majority{Decision: rules.DecisionStatutes, Num: 2, Den: 3, Base: rules.BasePresent, Article: "Llei 12/2015, art. 47.2"}
	ofAll     = rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BaseRoll, Article: "Llei 12/2015, art. 47.3"}
	perPerson = rules.Counting{Method: rules.MethodPerson, Article: "Llei 12/2015, art. 48.1"}
)

func byClass(shares ...rules.ClassShare) rules.Counting {
	return rules.Counting{Method: rules.MethodClass, Shares: shares, Article: "Ley 27/1999, art. 26.3"}
}

var fortyTwentyForty = byClass(rules.ClassShare{Class: "worker", Share: 40}, rules.ClassShare{Class: "collaborator", Share: 20}, rules.ClassShare{Class: "user", Share: 40})

func count(t *testing.T, classes []ClassCount, m rules.Majority, c rules.Counting) Result {
	t.Helper()
	r, err := Count(classes, m, c)
	if err != nil {
		f, _ := fault.As(err)
		t.Fatalf("refused: %+v", f)
	}
	return r
}

func numbers(r Result) map[string]string {
	return map[string]string{
		"for": r.For.String(), "against": r.Against.String(), "abstain": r.Abstain.String(),
		"base": r.Base.String(), "bound": r.Bound.String(), "needed": r.Needed.String(),
	}
}

func TestCount_TwoThirdsOfNinetyPresent(t *testing.T) {
	for _, c := range []struct {
		yes, no, abstain int64
		want             Outcome
	}{
		{61, 20, 9, OutcomeApproved}, {60, 20, 10, OutcomeApproved}, {60, 0, 0, OutcomeApproved},
		{59, 20, 11, OutcomeNotEnough}, {59, 0, 0, OutcomeNotEnough}, {45, 45, 0, OutcomeNotEnough},
	} {
		r := count(t, []ClassCount{{"all", 104, 90, c.yes, c.no, c.abstain}}, twoThirds, perPerson)
		if r.Outcome != c.want || r.Approved != (c.want == OutcomeApproved) || r.Needed.String() != "60" || r.Base.String() != "90" {
			t.Errorf("%d/%d/%d: %s, needed %v of %v", c.yes, c.no, c.abstain, r.Outcome, r.Needed, r.Base)
		}
		if r.Article != "Llei 12/2015, art. 47.2" || r.CountingArticle != "Llei 12/2015, art. 48.1" {
			t.Errorf("articles %q, %q", r.Article, r.CountingArticle)
		}
	}
}

func TestCount_TwoThirdsThatIsNoWholeNumber(t *testing.T) {
	r := count(t, []ClassCount{{"all", 100, 91, 61, 30, 0}}, twoThirds, perPerson)
	if r.Bound.String() != "182/3" || r.Needed.String() != "61" || !r.Approved {
		t.Fatalf("%v, %v, %v", r.Bound, r.Needed, r.Outcome)
	}
}

func TestCount_SimpleMajorityAndTies(t *testing.T) {
	for _, c := range []struct {
		yes, no, abstain int64
		want             Outcome
		needed           string
	}{
		{41, 40, 80, OutcomeApproved, "41"}, {40, 40, 0, OutcomeTied, "41"}, {40, 41, 0, OutcomeNotEnough, "41"},
		{1, 0, 89, OutcomeApproved, "1"}, {0, 1, 0, OutcomeNotEnough, "1"}, {0, 0, 90, OutcomeNoVotes, "1"}, {0, 0, 0, OutcomeNoVotes, "1"},
	} {
		r := count(t, []ClassCount{{"all", 200, 161, c.yes, c.no, c.abstain}}, simple, perPerson)
		if r.Outcome != c.want || r.Needed.String() != c.needed {
			t.Errorf("%d/%d/%d: %s, needed %v", c.yes, c.no, c.abstain, r.Outcome, r.Needed)
		}
	}
}

func TestCount_NobodyThere(t *testing.T) {
	for _, m := range []rules.Majority{simple, twoThirds} {
		for _, c := range []rules.Counting{perPerson, fortyTwentyForty} {
			for _, classes := range [][]ClassCount{nil, {{"worker", 7, 0, 0, 0, 0}}} {
				if r := count(t, classes, m, c); r.Outcome != OutcomeNoVotes || r.Approved {
					t.Errorf("%s of %s: %s", m.Article, c.Method, r.Outcome)
				}
			}
		}
	}
}

func TestCount_MoreThanHalfOfTheWholeRoll(t *testing.T) {
	for yes, want := range map[int64]Outcome{80: OutcomeNotEnough, 81: OutcomeApproved} {
		r := count(t, []ClassCount{{"all", 161, 90, yes, 0, 0}}, ofAll, perPerson)
		if r.Outcome != want || r.Base.String() != "161" || r.Needed.String() != "81" {
			t.Errorf("%d of 161: %s", yes, r.Outcome)
		}
	}
}

// The real cooperative of 2023 at 40/20/40, counted by hand. Everybody is there:
//
//	for     = 5·40/7 + 4·20/11 + 60·40/135 = 200/7 + 80/11 + 160/9 = 37160/693
//	against = 2·40/7 + 5·20/11 + 50·40/135 = 80/7 + 100/11 + 400/27 = 73460/2079
//	abstain = 0      + 2·20/11 + 25·40/135 = 40/11 + 200/27         = 3280/297
func TestCount_ByClass_FortyTwentyForty_ByHand(t *testing.T) {
	classes := []ClassCount{{"worker", 7, 7, 5, 2, 0}, {"collaborator", 11, 11, 4, 5, 2}, {"user", 135, 135, 60, 50, 25}}
	r := count(t, classes, simple, fortyTwentyForty)
	// base = 37160/693 + 73460/2079 = 184940/2079 = 26420/297; half of it = 13210/297
	want := map[string]string{
		"for": "37160/693", "against": "73460/2079", "abstain": "3280/297",
		"base": "26420/297", "bound": "13210/297", "needed": "13210/297",
	}
	if got := numbers(r); !reflect.DeepEqual(got, want) || !r.Approved {
		t.Errorf("simple majority: %s, %v", r.Outcome, got)
	}
	for i, weight := range []string{"40/7", "20/11", "8/27"} {
		if got := r.Lines[i].Weight.String(); got != weight {
			t.Errorf("one vote of %s weighs %s, want %s", classes[i].Class, got, weight)
		}
	}
	if total := r.For.Add(r.Against).Add(r.Abstain); total.String() != "100" {
		t.Errorf("everybody voted, and the weights sum to %v", total)
	}
	// Two thirds of present: 100 · 2/3 = 200/3 = 46200/693 > 37160/693.
	r = count(t, classes, twoThirds, fortyTwentyForty)
	if r.Approved || r.Base.String() != "100" || r.Bound.String() != "200/3" || r.For.String() != "37160/693" {
		t.Errorf("two thirds: %s, %v", r.Outcome, numbers(r))
	}
}

// Classes pull against each other: 93 heads for and 60 against, and yet not
// approved: for = 2·40/7 + 3·20/11 + 88·40/135 = 80/7 + 60/11 + 704/27 = 89308/2079,
// against = 5·40/7 + 8·20/11 + 47·40/135 = 200/7 + 160/11 + 376/27 = 118592/2079.
func TestCount_ByClass_MoreHeadsIsNotMoreWeight(t *testing.T) {
	classes := []ClassCount{{"worker", 7, 7, 2, 5, 0}, {"collaborator", 11, 11, 3, 8, 0}, {"user", 135, 135, 88, 47, 0}}
	r := count(t, classes, simple, fortyTwentyForty)
	if r.Approved || r.For.String() != "89308/2079" || r.Against.String() != "118592/2079" || r.Total.For != 93 || r.Total.Against != 60 {
		t.Fatalf("%s, %v, %+v", r.Outcome, numbers(r), r.Total)
	}
	if !count(t, classes, simple, perPerson).Approved {
		t.Fatal("per person it is approved")
	}
}

// 60/40 with proxies: 30 consumers and 6 collaborators present or represented.
//
//	for     = 14·60/30 + 5·40/6 = 28 + 100/3 = 184/3
//	against = 16·60/30 + 1·40/6 = 32 + 20/3  = 116/3
func TestCount_ByClass_SixtyForty_ByHand(t *testing.T) {
	c := byClass(rules.ClassShare{Class: "consumer", Share: 60}, rules.ClassShare{Class: "collaborator", Share: 40})
	classes := []ClassCount{{"consumer", 80, 30, 14, 16, 0}, {"collaborator", 9, 6, 5, 1, 0}}
	r := count(t, classes, simple, c)
	want := map[string]string{"for": "184/3", "against": "116/3", "abstain": "0", "base": "100", "bound": "50", "needed": "50"}
	if got := numbers(r); !reflect.DeepEqual(got, want) || !r.Approved {
		t.Errorf("simple: %s, %v", r.Outcome, got)
	}
	// Two thirds of 100 = 200/3 > 184/3.
	if r = count(t, classes, twoThirds, c); r.Approved {
		t.Errorf("two thirds: %s, %v", r.Outcome, numbers(r))
	}
	// Four consumers change sides: 18·2 + 100/3 = 208/3 ≥ 200/3.
	classes[0].For, classes[0].Against = 18, 12
	if r = count(t, classes, twoThirds, c); !r.Approved || r.For.String() != "208/3" {
		t.Errorf("two thirds: %s, %v", r.Outcome, numbers(r))
	}
	// Of the whole roll: 18·60/80 + 5·40/9 = 27/2 + 200/9 = 643/18, and more than 50 is needed.
	if r = count(t, classes, ofAll, c); r.Approved || r.For.String() != "643/18" || r.Base.String() != "100" {
		t.Errorf("of the roll: %s, %v", r.Outcome, numbers(r))
	}
}

func TestCount_ByClass_TieToTheLastFraction(t *testing.T) {
	c := byClass(rules.ClassShare{Class: "a", Share: 50}, rules.ClassShare{Class: "b", Share: 50})
	// 1/3 + 2/3 of fifty each: 50/3 + 100/3 on both sides, where floats differ.
	r := count(t, []ClassCount{{"a", 3, 3, 1, 2, 0}, {"b", 3, 3, 2, 1, 0}}, simple, c)
	if r.Outcome != OutcomeTied || r.Approved || r.For.String() != "50" {
		t.Fatalf("%s, %v", r.Outcome, numbers(r))
	}
	// Exactly two thirds by class is enough: 50·1/3 + 50·3/3 = 200/3.
	r = count(t, []ClassCount{{"a", 3, 3, 1, 2, 0}, {"b", 3, 3, 3, 0, 0}}, twoThirds, c)
	if !r.Approved || !r.For.Equal(r.Bound) {
		t.Fatalf("%s, %v", r.Outcome, numbers(r))
	}
}

func TestCount_ByClass_WhoStaysAway(t *testing.T) {
	classes := []ClassCount{{"worker", 7, 4, 3, 1, 0}, {"collaborator", 11, 0, 0, 0, 0}, {"user", 135, 20, 8, 12, 0}}
	r := count(t, classes, twoThirds, fortyTwentyForty)
	if r.Base.String() != "80" || r.Lines[1].Counted || !r.Lines[1].Weight.IsZero() || r.Lines[1].Share != 20 {
		t.Errorf("base %v, line %+v", r.Base, r.Lines[1])
	}
	if r = count(t, classes, ofAll, fortyTwentyForty); r.Base.String() != "100" || !r.Lines[1].Counted {
		t.Errorf("of the roll, the absent class stays in the base: %v", r.Base)
	}
	// Not casting is not handed to the rest of the class: 1 of 4 workers there votes.
	r = count(t, []ClassCount{{"worker", 7, 4, 1, 0, 0}, {"user", 135, 20, 0, 20, 0}}, simple, fortyTwentyForty)
	if r.For.String() != "10" || r.Against.String() != "40" || r.Approved {
		t.Errorf("%v", numbers(r))
	}
}

func TestCount_StepsPerPerson(t *testing.T) {
	r := count(t, []ClassCount{{"all", 104, 90, 61, 20, 9}}, twoThirds, perPerson)
	want := []Step{
		{StepSum, map[string]string{"for": "61", "against": "20", "abstain": "9"}},
		{StepBasePresent, map[string]string{"base": "90"}},
		{StepAtLeast, map[string]string{"num": "2", "den": "3", "base": "90", "bound": "60", "needed": "60"}},
		{StepCompare, map[string]string{"for": "61", "relation": "≥", "bound": "60"}},
		{StepOutcome, map[string]string{"outcome": "approved"}},
	}
	if !reflect.DeepEqual(r.Steps, want) {
		t.Fatalf("steps %+v", r.Steps)
	}
}

func TestCount_StepsByClass(t *testing.T) {
	c := byClass(rules.ClassShare{Class: "consumer", Share: 60}, rules.ClassShare{Class: "collaborator", Share: 40}, rules.ClassShare{Class: "worker", Share: 10})
	r := count(t, []ClassCount{{"consumer", 80, 30, 14, 16, 0}, {"worker", 2, 0, 0, 0, 0}, {"collaborator", 9, 6, 5, 1, 0}}, simple, c)
	want := []Step{
		{StepWeight, map[string]string{"class": "consumer", "share": "60", "among": "30", "weight": "2"}},
		{StepClassOut, map[string]string{"class": "worker", "share": "10"}},
		{StepWeight, map[string]string{"class": "collaborator", "share": "40", "among": "6", "weight": "20/3"}},
		{StepClassVotes, map[string]string{"class": "consumer", "weight": "2", "for": "14", "against": "16", "abstain": "0", "for_weight": "28", "against_weight": "32", "abstain_weight": "0"}},
		{StepClassVotes, map[string]string{"class": "collaborator", "weight": "20/3", "for": "5", "against": "1", "abstain": "0", "for_weight": "100/3", "against_weight": "20/3", "abstain_weight": "0"}},
		{StepSum, map[string]string{"for": "184/3", "against": "116/3", "abstain": "0"}},
		{StepBaseValid, map[string]string{"for": "184/3", "against": "116/3", "base": "100"}},
		{StepMoreThan, map[string]string{"num": "1", "den": "2", "base": "100", "bound": "50", "needed": "50"}},
		{StepCompare, map[string]string{"for": "184/3", "relation": ">", "bound": "50"}},
		{StepOutcome, map[string]string{"outcome": "approved"}},
	}
	if !reflect.DeepEqual(r.Steps, want) {
		t.Fatalf("steps %+v", r.Steps)
	}
}

func TestCount_StepsSayWhatHolds(t *testing.T) {
	for _, c := range []struct {
		yes, no int64
		m       rules.Majority
		want    string
	}{{2, 1, simple, ">"}, {1, 1, simple, "≤"}, {1, 2, simple, "≤"}, {2, 1, twoThirds, "≥"}, {1, 2, twoThirds, "<"}} {
		r := count(t, []ClassCount{{"all", 3, 3, c.yes, c.no, 0}}, c.m, perPerson)
		if got := r.Steps[3].Args["relation"]; got != c.want {
			t.Errorf("%d/%d: %s, want %s", c.yes, c.no, got, c.want)
		}
	}
	r := count(t, nil, ofAll, perPerson)
	if len(r.Steps) != 3 || r.Steps[1].Key != StepBaseRoll || r.Steps[2].Args["outcome"] != "no_votes" {
		t.Errorf("no votes: %+v", r.Steps)
	}
}

func TestCount_ImpossibleInput(t *testing.T) {
	good := ClassCount{"worker", 7, 7, 5, 2, 0}
	bad := func(edit func(*rules.Majority)) rules.Majority {
		m := simple
		edit(&m)
		return m
	}
	for _, c := range []struct {
		key     string
		classes []ClassCount
		m       rules.Majority
		c       rules.Counting
	}{
		{"tally.class_twice", []ClassCount{good, good}, simple, perPerson},
		{"tally.counts_impossible", []ClassCount{{"worker", 7, 8, 5, 2, 0}}, simple, perPerson},
		{"tally.counts_impossible", []ClassCount{{"worker", 7, 7, 5, 2, 1}}, simple, perPerson},
		{"tally.counts_impossible", []ClassCount{{"worker", 7, 7, -1, 2, 0}}, simple, perPerson},
		{"tally.counts_impossible", []ClassCount{{"worker", 1 << 62, 1 << 62, 1 << 62, 1 << 62, 1 << 62}}, simple, perPerson},
		{"tally.class_without_share", []ClassCount{{"guest", 1, 1, 1, 0, 0}}, simple, fortyTwentyForty},
		{"tally.class_without_share", []ClassCount{good}, simple, byClass(rules.ClassShare{Class: "worker", Share: 0})},
		{"tally.unknown_method", []ClassCount{good}, simple, rules.Counting{Method: "capital"}},
		{"tally.unknown_base", []ClassCount{good}, bad(func(m *rules.Majority) { m.Base = "" }), perPerson},
		{"tally.majority_impossible", []ClassCount{good}, bad(func(m *rules.Majority) { m.Den = 0 }), perPerson},
		{"tally.majority_impossible", []ClassCount{good}, bad(func(m *rules.Majority) { m.Num = 0 }), perPerson},
		{"tally.majority_impossible", []ClassCount{good}, bad(func(m *rules.Majority) { m.Num = 3 }), perPerson},
		{"tally.majority_impossible", []ClassCount{good}, bad(func(m *rules.Majority) { m.Num = 2 }), perPerson},
	} {
		if r, err := Count(c.classes, c.m, c.c); !fault.Has(err, c.key) || r.Approved {
			t.Errorf("%v, want %s", err, c.key)
		}
	}
}

var classNames = []string{"worker", "collaborator", "user"}

func anyCounts(t *rapid.T) []ClassCount {
	var all []ClassCount
	for _, name := range classNames {
		k := ClassCount{Class: name, Roll: rapid.Int64Range(0, 60).Draw(t, name)}
		k.Present = rapid.Int64Range(0, k.Roll).Draw(t, name+" present")
		k.For = rapid.Int64Range(0, k.Present).Draw(t, name+" for")
		k.Against = rapid.Int64Range(0, k.Present-k.For).Draw(t, name+" against")
		k.Abstain = rapid.Int64Range(0, k.Present-k.For-k.Against).Draw(t, name+" abstain")
		all = append(all, k)
	}
	return all
}

func anyMajority(t *rapid.T) rules.Majority {
	den := rapid.Int64Range(2, 5).Draw(t, "den")
	return rules.Majority{
		Num: rapid.Int64Range(1, den-1).Draw(t, "num"), Den: den, Strict: rapid.Bool().Draw(t, "strict"),
		Base: rapid.SampledFrom([]rules.Base{rules.BaseValid, rules.BasePresent, rules.BaseRoll}).Draw(t, "base"),
	}
}

func anyShares(t *rapid.T, scale int64) rules.Counting {
	var shares []rules.ClassShare
	for _, name := range classNames {
		shares = append(shares, rules.ClassShare{Class: name, Share: scale * rapid.Int64Range(1, 60).Draw(t, name+" share")})
	}
	return byClass(shares...)
}

func mustCount(t *rapid.T, classes []ClassCount, m rules.Majority, c rules.Counting) Result {
	t.Helper()
	r, err := Count(classes, m, c)
	if err != nil {
		t.Fatalf("refused: %v", err)
	}
	return r
}

func same(a, b Result) bool {
	return a.Outcome == b.Outcome && reflect.DeepEqual(numbers(a), numbers(b))
}

func TestCount_OrderOfClassesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyShares(t, 1)
		if rapid.Bool().Draw(t, "per person") {
			c = perPerson
		}
		a, b := mustCount(t, classes, m, c), mustCount(t, rapid.Permutation(classes).Draw(t, "order"), m, c)
		if !same(a, b) || a.Total != b.Total {
			t.Fatalf("%v, %v", numbers(a), numbers(b))
		}
	})
}

func TestCount_ScaleOfSharesDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyShares(t, 1)
		k := rapid.Int64Range(2, 100).Draw(t, "k")
		scaled := byClass()
		for _, s := range c.Shares {
			scaled.Shares = append(scaled.Shares, rules.ClassShare{Class: s.Class, Share: k * s.Share})
		}
		a, b := mustCount(t, classes, m, c), mustCount(t, classes, m, scaled)
		if a.Outcome != b.Outcome || !a.For.Mul(ratio.Int(k)).Equal(b.For) || !a.Bound.Mul(ratio.Int(k)).Equal(b.Bound) {
			t.Fatalf("%v, %v", numbers(a), numbers(b))
		}
	})
}

func TestCount_SharesLikeTheSizes_AreOneVoteEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m := anyCounts(t), anyMajority(t)
		k := rapid.Int64Range(1, 7).Draw(t, "k")
		var shares []rules.ClassShare
		for _, n := range classes {
			size := n.Present
			if m.Base == rules.BaseRoll {
				size = n.Roll
			}
			// A class of nobody adds nothing, whatever its share.
			shares = append(shares, rules.ClassShare{Class: n.Class, Share: k * max(1, size)})
		}
		a, b := mustCount(t, classes, m, perPerson), mustCount(t, classes, m, byClass(shares...))
		if a.Outcome != b.Outcome || !a.For.Mul(ratio.Int(k)).Equal(b.For) || !a.Base.Mul(ratio.Int(k)).Equal(b.Base) {
			t.Fatalf("%s %v, by class %s %v", a.Outcome, numbers(a), b.Outcome, numbers(b))
		}
	})
}

func TestCount_SwappingForAndAgainst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := anyCounts(t)
		c := anyShares(t, 1)
		if rapid.Bool().Draw(t, "per person") {
			c = perPerson
		}
		var swapped []ClassCount
		for _, k := range classes {
			k.For, k.Against = k.Against, k.For
			swapped = append(swapped, k)
		}
		a, b := mustCount(t, classes, simple, c), mustCount(t, swapped, simple, c)
		if !a.For.Equal(b.Against) || !a.Against.Equal(b.For) {
			t.Fatal("the sums did not swap")
		}
		even := a.For.Equal(a.Against)
		if even && (a.Approved || b.Approved || a.Outcome != b.Outcome) {
			t.Fatalf("even, and %s, %s", a.Outcome, b.Outcome)
		}
		if !even && a.Approved == b.Approved {
			t.Fatalf("%s both ways", a.Outcome)
		}
	})
}

func TestCount_OneMoreInFavourNeverHurts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyShares(t, 1)
		before := mustCount(t, classes, m, c)
		for i, k := range classes {
			switch {
			case k.NotCast() > 0:
				classes[i].For++
			case k.Abstain > 0:
				classes[i].For, classes[i].Abstain = k.For+1, k.Abstain-1
			case k.Against > 0:
				classes[i].For, classes[i].Against = k.For+1, k.Against-1
			}
		}
		if after := mustCount(t, classes, m, c); before.Approved && !after.Approved {
			t.Fatalf("%v, then %v", numbers(before), numbers(after))
		}
	})
}

func TestCount_SumsAndNeeded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes, m, c := anyCounts(t), anyMajority(t), anyShares(t, 1)
		if rapid.Bool().Draw(t, "per person") {
			c = perPerson
		}
		r := mustCount(t, classes, m, c)
		var cast, present ratio.Ratio
		for _, l := range r.Lines {
			cast = cast.Add(l.For).Add(l.Against).Add(l.Abstain).Add(l.Weight.Mul(ratio.Int(l.Count.NotCast())))
			present = present.Add(l.Weight.Mul(ratio.Int(l.Count.Present)))
		}
		if !cast.Equal(present) || (m.Base == rules.BasePresent && !r.Base.Equal(present)) {
			t.Fatalf("cast and not cast %v, present %v, base %v", cast, present, r.Base)
		}
		if c.Method == rules.MethodPerson && !r.Base.IsZero() && r.Approved != (r.For.Cmp(r.Needed) >= 0) {
			t.Fatalf("%s with %v of %v needed", r.Outcome, r.For, r.Needed)
		}
	})
}

func TestGather_CountsLists(t *testing.T) {
	roll := []Elector{{Member: 1, Class: "worker"}, {Member: 2, Class: "user"}, {Member: 3, Class: "worker"}, {Member: 4, Class: "user"}, {Member: 5, Class: "user"}}
	got, err := Gather(roll, []int64{1, 2, 3, 4}, map[int64]Choice{1: ChoiceFor, 2: ChoiceAgainst, 4: ChoiceAbstain})
	want := []ClassCount{{"worker", 2, 2, 1, 0, 0}, {"user", 3, 2, 0, 1, 1}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("%+v, %v", got, err)
	}
}

func TestGather_WhatDoesNotFitTheRoll_IsRefused(t *testing.T) {
	roll := []Elector{{Member: 1, Class: "worker"}, {Member: 2, Class: "user"}}
	for name, c := range map[string]struct {
		roll    []Elector
		present []int64
		votes   map[int64]Choice
	}{
		"twice on the roll": {append(roll[:2:2], Elector{Member: 1, Class: "user"}), nil, nil},
		"present twice":     {roll, []int64{1, 1}, nil},
		"not on the roll":   {roll, []int64{3}, nil},
		"voted from home":   {roll, []int64{1}, map[int64]Choice{2: ChoiceFor}},
		"unknown choice":    {roll, []int64{1}, map[int64]Choice{1: "perhaps"}},
	} {
		if got, err := Gather(c.roll, c.present, c.votes); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
