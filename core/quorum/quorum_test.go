package quorum

import (
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/ratio"
	"socia/core/rules"
)

var (
	half   = rules.Threshold{Num: 1, Den: 2, Strict: true, Article: "Llei 12/2015, art. 46.1"}
	anyone = rules.Threshold{Any: true, Article: "Llei 12/2015, art. 46.1"}
	tenth  = rules.Threshold{Num: 1, Den: 10, MinVotes: 100, Article: "Ley 27/1999, art. 25.1"}
	third  = rules.Threshold{Num: 1, Den: 3, Article: "Estatuts"}
)

func TestReached_Persons(t *testing.T) {
	for _, c := range []struct {
		name          string
		present, roll int
		t             rules.Threshold
		ok            bool
		needed        string
	}{
		{"half of an odd roll", 80, 161, half, false, "81"},
		{"more than half of an odd roll", 81, 161, half, true, "81"},
		{"exactly half", 80, 160, half, false, "81"},
		{"one more than half", 81, 160, half, true, "81"},
		{"a third, exactly", 3, 9, third, true, "3"},
		{"a third, rounded up", 3, 10, third, false, "4"},
		{"any: one", 1, 161, anyone, true, "0"},
		{"any: none", 0, 161, anyone, true, "0"},
		{"a tenth", 17, 161, tenth, true, "17"},
		{"below a tenth", 16, 161, tenth, false, "17"},
		{"a hundred votes of many", 100, 5000, tenth, true, "100"},
		{"99 votes of many", 99, 5000, tenth, false, "100"},
		{"nobody of nobody", 0, 0, half, false, "1"},
		{"nobody of nobody, not strict", 0, 0, third, false, "1"},
	} {
		v := Reached(c.present, c.roll, c.t)
		if v.OK != c.ok || v.Needed.String() != c.needed || v.Article != c.t.Article || v.ByVotes != (c.needed == "100") {
			t.Errorf("%s: %+v, want %v with %s", c.name, v, c.ok, c.needed)
		}
		if v.Present.String() != ratio.Int(int64(c.present)).String() || v.Of.String() != ratio.Int(int64(c.roll)).String() {
			t.Errorf("%s: %v of %v", c.name, v.Present, v.Of)
		}
	}
}

func TestReached_NeededIsTheLeast(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 12).Draw(t, "den")
		r := rules.Threshold{Num: rapid.Int64Range(1, den).Draw(t, "num"), Den: den, Strict: rapid.Bool().Draw(t, "strict"), MinVotes: rapid.IntRange(0, 40).Draw(t, "min")}
		roll, n := rapid.Int64Range(1, 400).Draw(t, "roll"), rapid.Int64Range(0, 400).Draw(t, "present")
		v := Reached(n, roll, r)
		if v.OK != (ratio.Int(n).Cmp(v.Needed) >= 0) {
			t.Fatalf("%d of %d: %+v", n, roll, v)
		}
		if v.OK && !Reached(n+1, roll, r).OK {
			t.Fatal("one more lost the quorum")
		}
		part := n*r.Den - roll*r.Num
		byFraction := part > 0 || (part == 0 && !r.Strict)
		byVotes := r.MinVotes > 0 && n >= int64(r.MinVotes)
		if v.OK != (byFraction || byVotes) {
			t.Fatalf("%d of %d with %+v: %v", n, roll, r, v.OK)
		}
	})
}

func shares(s ...rules.ClassShare) rules.Counting {
	return rules.Counting{Method: rules.MethodClass, Shares: s}
}

var fortyTwentyForty = shares(rules.ClassShare{Class: "worker", Share: 40}, rules.ClassShare{Class: "collaborator", Share: 20}, rules.ClassShare{Class: "user", Share: 40})

func TestByClass_Weights(t *testing.T) {
	for _, c := range []struct {
		name              string
		worker, collab, u int64
		t                 rules.Threshold
		ok                bool
		present           string
	}{
		// 40·7/7 + 20·6/11 + 40·0/135 = 40 + 120/11
		{"all workers and six collaborators", 7, 6, 0, half, true, "560/11"},
		{"all workers and five collaborators", 7, 5, 0, half, false, "540/11"},
		// 40·0 + 20·11/11 + 40·101/135 = 20 + 808/27
		{"no worker, users by the hundred", 0, 11, 101, half, false, "1348/27"},
		{"one user more", 0, 11, 102, half, true, "452/9"},
		{"nobody, any", 0, 0, 0, anyone, true, "0"},
		{"below a tenth of the weight", 0, 1, 27, tenth, false, "108/11"},
		{"a hundred members are enough", 0, 0, 100, tenth, true, "800/27"},
	} {
		classes := []Class{{"worker", 7, c.worker}, {"collaborator", 11, c.collab}, {"user", 135, c.u}}
		v, err := ByClass(classes, fortyTwentyForty, c.t)
		if err != nil || v.OK != c.ok || v.Present.String() != c.present || v.Of.String() != "100" {
			t.Errorf("%s: %+v, %v", c.name, v, err)
		}
	}
}

func TestByClass_HundredMembers_WhereTheFractionIsNotReached(t *testing.T) {
	classes := []Class{{"worker", 7, 0}, {"collaborator", 11, 0}, {"user", 5000, 100}}
	v, err := ByClass(classes, fortyTwentyForty, tenth)
	if err != nil || !v.OK || !v.ByVotes || v.Votes != 100 {
		t.Fatalf("%+v, %v", v, err)
	}
	classes[2].Present = 99
	if v, err = ByClass(classes, fortyTwentyForty, tenth); err != nil || v.OK || v.ByVotes {
		t.Fatalf("%+v, %v", v, err)
	}
}

func TestByClass_ExactlyHalfIsNotMoreThanHalf(t *testing.T) {
	c := shares(rules.ClassShare{Class: "a", Share: 60}, rules.ClassShare{Class: "b", Share: 40})
	classes := []Class{{"a", 3, 1}, {"b", 4, 3}} // 20 + 30
	v, err := ByClass(classes, c, half)
	if err != nil || v.OK || !v.Strict || v.Needed.String() != "50" || v.Present.String() != "50" {
		t.Fatalf("%+v, %v", v, err)
	}
	if v, err = ByClass(classes, c, rules.Threshold{Num: 1, Den: 2}); err != nil || !v.OK {
		t.Fatalf("%+v, %v", v, err)
	}
}

func TestByClass_NobodyIsNoQuorum_ButOfAny(t *testing.T) {
	atLeast := rules.Threshold{Num: 1, Den: 2}
	for _, classes := range [][]Class{nil, {{"worker", 0, 0}}, {{"worker", 0, 0}, {"user", 0, 0}}} {
		if v, err := ByClass(classes, fortyTwentyForty, atLeast); err != nil || v.OK {
			t.Errorf("%v: %+v, %v", classes, v, err)
		}
	}
	if v, err := ByClass([]Class{{"guest", 0, 0}, {"worker", 2, 1}}, fortyTwentyForty, atLeast); err != nil || !v.OK {
		t.Errorf("a class without share and without members is in nobody's way: %+v, %v", v, err)
	}
}

func TestReached_AsManyVotesAsTheFractionAsks_AreNotByTheirNumber(t *testing.T) {
	if v := Reached(100, 1000, tenth); !v.OK || v.ByVotes {
		t.Errorf("%+v", v)
	}
	if v := Reached(100, 1001, tenth); !v.OK || !v.ByVotes {
		t.Errorf("%+v", v)
	}
}

func TestByClass_ClassWithoutMembersIsOut(t *testing.T) {
	v, err := ByClass([]Class{{"worker", 7, 7}, {"collaborator", 0, 0}, {"user", 135, 0}}, fortyTwentyForty, half)
	if err != nil || v.Of.String() != "80" || v.OK {
		t.Fatalf("%+v, %v", v, err)
	}
}

func TestByClass_ImpossibleInput(t *testing.T) {
	for key, classes := range map[string][]Class{
		"quorum.class_twice":         {{"worker", 7, 1}, {"worker", 7, 1}},
		"quorum.counts_impossible":   {{"worker", 7, 8}},
		"quorum.class_without_share": {{"guest", 1, 1}},
	} {
		if _, err := ByClass(classes, fortyTwentyForty, half); !fault.Has(err, key) {
			t.Errorf("%v, want %s", err, key)
		}
	}
	if _, err := ByClass([]Class{{"worker", 7, -1}}, fortyTwentyForty, half); !fault.Has(err, "quorum.counts_impossible") {
		t.Errorf("negative: %v", err)
	}
	if _, err := ByClass([]Class{{"w", 1, 1}}, shares(rules.ClassShare{Class: "w", Share: 0}), half); !fault.Has(err, "quorum.class_without_share") {
		t.Errorf("share of nothing: %v", err)
	}
}

// TestByClass_SharesLikeTheRoll_AreOneVoteEach: shares in proportion to the
// classes' sizes give the same answer as counting persons.
func TestByClass_SharesLikeTheRoll_AreOneVoteEach(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.Int64Range(1, 5).Draw(t, "k")
		var c rules.Counting
		var classes []Class
		var present, roll int64
		for _, name := range []string{"a", "b", "c"} {
			n := rapid.Int64Range(1, 50).Draw(t, name)
			p := rapid.Int64Range(0, n).Draw(t, name+" present")
			c.Shares = append(c.Shares, rules.ClassShare{Class: name, Share: k * n})
			classes = append(classes, Class{name, n, p})
			present, roll = present+p, roll+n
		}
		r := rules.Threshold{Num: 1, Den: rapid.Int64Range(2, 4).Draw(t, "den"), Strict: rapid.Bool().Draw(t, "strict"), MinVotes: rapid.IntRange(0, 50).Draw(t, "min")}
		v, err := ByClass(rapid.Permutation(classes).Draw(t, "order"), c, r)
		if err != nil || v.OK != Reached(present, roll, r).OK || !v.Present.Equal(ratio.Int(k*present)) {
			t.Fatalf("%v, %+v, persons %+v", err, v, Reached(present, roll, r))
		}
	})
}
