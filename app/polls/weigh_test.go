package polls

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/rules"
)

// TestWeigh_SharesByHand: 40 among 2 votes and 60 among 3 weigh the same; 40 among 3 and 20 among 7 are 280/21 and 60/21.
func TestWeigh_SharesByHand(t *testing.T) {
	counting := rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "a", Share: 40}, {Class: "b", Share: 20}}}
	w, err := weigh(map[string]int64{"a": 9, "b": 9}, map[string]int64{"a": 3, "b": 7}, counting)
	if err != nil || w.rounded || len(w.weights) != 2 || w.scale != 21 || w.unit != 20 || w.weights[0].Weight != 14 || w.weights[1].Weight != 3 {
		t.Fatalf("%+v, %v", w, err)
	}
	if w.why == nil || len(w.why.Steps) != 2 || w.why.Steps[1].Args["weight"] != "20/7" {
		t.Errorf("why: %+v", w.why)
	}
	if w, err = weigh(map[string]int64{"a": 9}, map[string]int64{"a": 3}, rules.Counting{Method: rules.MethodPerson}); err != nil || w.weights != nil || w.scale != 1 || w.why != nil {
		t.Fatalf("per person: %+v, %v", w, err)
	}
}

// TestWeigh_VotesThatAllWeighTheSame_AreVotes: 40 among 4 votes and 60 among 6 weigh 10 each; so does any number of one class.
func TestWeigh_VotesThatAllWeighTheSame_AreVotes(t *testing.T) {
	counting := rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "a", Share: 40}, {Class: "b", Share: 60}}}
	for _, among := range []map[string]int64{{"a": 4, "b": 6}, {"a": 7}, {"b": 7}} {
		w, err := weigh(map[string]int64{"a": 9, "b": 9}, among, counting)
		if err != nil || w.scale != 1 || len(w.weights) != len(among) || w.why == nil {
			t.Fatalf("%v: %+v, %v", among, w, err)
		}
		for _, weight := range w.weights {
			if weight.Weight != 1 || weight.Votes != among[weight.Class] {
				t.Errorf("%v: %+v", among, weight)
			}
		}
	}
	if w, err := weigh(map[string]int64{"a": 9, "b": 9}, map[string]int64{"a": 4, "b": 5}, counting); err != nil || len(w.weights) != 2 || w.weights[0].Weight != 5 || w.weights[1].Weight != 6 || w.unit != 2 || w.scale != 1 {
		t.Errorf("10 and 12: %+v, %v", w, err)
	}
}

// TestWeigh_AnyCooperativeCanBeCounted: whatever the sizes of the classes, the weight of all votes stays below 2^62, and
// every weight is the exact one or within a part in 10^10 of it.
func TestWeigh_AnyCooperativeCanBeCounted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll, among := map[string]int64{}, map[string]int64{}
		counting := rules.Counting{Method: rules.MethodClass}
		for i := range rapid.IntRange(1, 9).Draw(t, "classes") {
			class := string(rune('a' + i))
			roll[class] = 50_000
			among[class] = rapid.Int64Range(1, 50_000).Draw(t, "votes")
			counting.Shares = append(counting.Shares, rules.ClassShare{Class: class, Share: rapid.Int64Range(1, 100).Draw(t, "share")})
		}
		weighs, err := weigh(roll, among, counting)
		if err != nil {
			t.Fatal(err)
		}
		total := new(big.Int)
		for _, w := range weighs.weights {
			total.Add(total, new(big.Int).Mul(big.NewInt(w.Weight), big.NewInt(w.Votes)))
			share, _ := counting.ShareOf(w.Class)
			if weighs.scale == 1 && w.Weight == 1 && oneWeight(counting, among) {
				continue
			}
			exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(share), big.NewInt(weighs.scale)), big.NewInt(w.Votes))
			exact.Quo(exact, new(big.Rat).SetInt64(weighs.unit))
			off := new(big.Rat).Sub(exact, new(big.Rat).SetInt64(w.Weight))
			if !weighs.rounded && off.Sign() != 0 {
				t.Fatalf("%s weighs %d, not %s", w.Class, w.Weight, exact)
			}
			if off.Quo(off, exact).Cmp(big.NewRat(1, 10_000_000_000)) > 0 || off.Sign() < 0 {
				t.Fatalf("%s is off by a part of %s", w.Class, off)
			}
		}
		if total.BitLen() > 61 {
			t.Fatalf("all votes weigh %s", total)
		}
	})
}

// TestWeigh_OnlyTheProportionOfSharesMatters: written as 40, 40 and 20 or as 2, 2 and 1, a vote weighs the same.
func TestWeigh_OnlyTheProportionOfSharesMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		roll, among := map[string]int64{}, map[string]int64{}
		counting, larger := rules.Counting{Method: rules.MethodClass}, rules.Counting{Method: rules.MethodClass}
		times := rapid.Int64Range(2, 40).Draw(t, "times")
		for i := range rapid.IntRange(1, 4).Draw(t, "classes") {
			class := string(rune('a' + i))
			roll[class] = 300
			among[class] = rapid.Int64Range(0, 300).Draw(t, "votes")
			share := rapid.Int64Range(1, 100).Draw(t, "share")
			counting.Shares = append(counting.Shares, rules.ClassShare{Class: class, Share: share})
			larger.Shares = append(larger.Shares, rules.ClassShare{Class: class, Share: share * times})
		}
		one, err := weigh(roll, among, counting)
		if err != nil {
			t.Fatal(err)
		}
		other, err := weigh(roll, among, larger)
		if err != nil || !slices.Equal(one.weights, other.weights) {
			t.Fatalf("%+v and, times %d, %+v (%v)", one, times, other, err)
		}
		if len(one.weights) > 0 && one.unit*times*other.scale != other.unit*one.scale && one.scale*one.unit*other.scale*other.unit != 1 {
			t.Fatalf("figures of %+v and, times %d, of %+v", one, times, other)
		}
	})
}

// oneWeight says, by cross-multiplication, whether a vote of each class weighs the same.
func oneWeight(counting rules.Counting, among map[string]int64) bool {
	first := counting.Shares[0]
	for _, s := range counting.Shares {
		if s.Share*among[first.Class] != first.Share*among[s.Class] {
			return false
		}
	}
	return true
}
