package tally

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"socia/core/rules"
)

// A member of two votes counts as two members of one who vote alike: in every number, by person and by class.
func TestGather_AMemberOfManyVotesIsAsManyMembers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var few, many []Elector
		var fewHere, manyHere []int64
		fewVotes, manyVotes := map[int64]Choice{}, map[int64]Choice{}
		for i := range rapid.IntRange(1, 8).Draw(t, "members") {
			e := Elector{Member: int64(i), Class: rapid.SampledFrom([]string{"worker", "user"}).Draw(t, "class"), Votes: rapid.Int64Range(0, 5).Draw(t, "votes")}
			here := rapid.Bool().Draw(t, "here")
			choice := rapid.SampledFrom([]Choice{"", ChoiceFor, ChoiceAgainst, ChoiceAbstain}).Draw(t, "choice")
			few = append(few, e)
			if here {
				fewHere = append(fewHere, e.Member)
			}
			if here && choice != "" {
				fewVotes[e.Member] = choice
			}
			for n := range max(1, e.Votes) {
				one := e.Member + 100*(n+1)
				many = append(many, Elector{Member: one, Class: e.Class})
				if here {
					manyHere = append(manyHere, one)
				}
				if here && choice != "" {
					manyVotes[one] = choice
				}
			}
		}
		a, err := Gather(few, fewHere, fewVotes)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Gather(many, manyHere, manyVotes)
		if err != nil || !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\n%+v, %v", a, b, err)
		}
	})
}

// A class's share is split among its votes, not its heads: 40 among 1 + 3 votes are 10 each, 60 among 2 + 1 are 20.
func TestCount_ByClass_SharesAreSplitAmongVotes_ByHand(t *testing.T) {
	roll := []Elector{{Member: 1, Class: "worker"}, {Member: 2, Class: "worker", Votes: 3}, {Member: 3, Class: "user", Votes: 2}, {Member: 4, Class: "user"}}
	classes, err := Gather(roll, []int64{1, 2, 3, 4}, map[int64]Choice{1: ChoiceAgainst, 2: ChoiceFor, 3: ChoiceAgainst, 4: ChoiceFor})
	if err != nil {
		t.Fatal(err)
	}
	m := rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BaseValid}
	counting := rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "worker", Share: 40}, {Class: "user", Share: 60}}}
	r := count(t, classes, m, counting)
	if r.For.String() != "50" || r.Against.String() != "50" || r.Outcome != OutcomeTied {
		t.Errorf("for %s, against %s: %s", r.For, r.Against, r.Outcome)
	}
	if r = count(t, classes, m, rules.Counting{Method: rules.MethodPerson, MostVotes: 3}); r.For.String() != "4" || r.Against.String() != "3" || !r.Approved {
		t.Errorf("for %s, against %s: %s", r.For, r.Against, r.Outcome)
	}
}
