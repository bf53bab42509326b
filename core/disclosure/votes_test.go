package disclosure

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// said is people of a class who voted alike, of whom each thing is told.
func said(class string, people int64, says ...string) Sheet {
	return Sheet{Class: class, People: people, Says: says}
}

func TestOfVote_ClassesThatTellNobodysVote(t *testing.T) {
	for _, c := range []struct {
		what  string
		votes []Sheet
		want  Extent // where figures weigh
	}{
		{"nobody could vote", nil, Everything},
		{"two large classes that differ", []Sheet{said("a", 4, "for"), said("a", 1, "against"), said("b", 3, "for"), said("b", 3, "abstain")}, Everything},
		{"a class of one", []Sheet{said("a", 4, "for"), said("a", 9, "against"), said("b", 1, "for")}, OutcomeOnly},
		{"four voted", []Sheet{said("a", 3, "for"), said("a", 1, "against")}, OutcomeOnly},
		{"four voted, more could", []Sheet{said("a", 3, "for"), said("a", 1, "against"), said("a", 90)}, OutcomeOnly},
		{"five voted", []Sheet{said("a", 4, "for"), said("a", 1, "against")}, Everything},
		{"a class that could vote and did not", []Sheet{said("a", 4, "for"), said("a", 4, "against"), said("b", 7)}, OutcomeOnly},
		{"a large class of one mind", []Sheet{said("a", 90, "for"), said("b", 4, "for"), said("b", 4, "against")}, OutcomeOnly},
		{"of one mind, in two sheets", []Sheet{said("a", 4, "for"), said("a", 4, "for")}, OutcomeOnly},
		{"of one mind among those who voted", []Sheet{said("a", 9, "for"), said("a", 9)}, OutcomeOnly},
		{"papers that differ, and all give one option the same mark", []Sheet{said("a", 4, "1:1", "2:2"), said("a", 4, "1:1", "3:2")}, OutcomeOnly},
		{"papers that differ in every option", []Sheet{said("a", 4, "1:1", "2:2"), said("a", 4, "1:2", "2:1")}, Everything},
		{"a sheet of nobody", []Sheet{said("a", 4, "for"), said("a", 4, "against"), said("b", 0, "for")}, Everything},
	} {
		if got := OfVote(c.votes, true); got != c.want {
			t.Errorf("%s: weighed %s, want %s", c.what, got, c.want)
		}
		want := c.want
		if want == OutcomeOnly {
			want = ByHead
		}
		if got := OfVote(c.votes, false); got != want {
			t.Errorf("%s: by head %s, want %s", c.what, got, want)
		}
	}
}

// person is somebody who could vote, and the answer.
type person struct{ class, says string }

var answers = []string{"", "for", "against", "abstain"} // the first is none

// sheets writes people down alike ones together, or each on a sheet of their own.
func sheets(people []person, together bool) (all []Sheet) {
	for _, p := range people {
		s := Sheet{Class: p.class, People: 1}
		if p.says != "" {
			s.Says = []string{p.says}
		}
		at := slices.IndexFunc(all, func(o Sheet) bool { return o.Class == s.Class && slices.Equal(o.Says, s.Says) })
		if together && at >= 0 {
			all[at].People++
			continue
		}
		all = append(all, s)
	}
	return all
}

// certain says whether some voter's answer is the same however the answers of a class are dealt to those of it who
// voted: each voter could have given any answer that another gave.
func certain(people []person) bool {
	for _, p := range people {
		if p.says == "" {
			continue
		}
		other := slices.ContainsFunc(people, func(o person) bool { return o.class == p.class && o.says != "" && o.says != p.says })
		if !other {
			return true
		}
	}
	return false
}

func TestOfVote_WhatIsShownMakesNobodysAnswerCertain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) person {
			return person{rapid.SampledFrom([]string{"a", "b"}).Draw(t, "class"), rapid.SampledFrom(answers).Draw(t, "says")}
		})
		people := rapid.SliceOfN(one, 0, 24).Draw(t, "people")
		extent := OfVote(sheets(people, true), true)
		if extent == Everything && certain(people) {
			t.Fatalf("shown, and somebody's answer follows: %v", people)
		}
		for _, class := range []string{"a", "b"} {
			could, voted := 0, 0
			for _, p := range people {
				if p.class == class {
					could++
				}
				if p.class == class && p.says != "" {
					voted++
				}
			}
			if extent == Everything && could > 0 && voted < 5 {
				t.Fatalf("shown, and only %d of a class voted: %v", voted, people)
			}
		}
		mixed := rapid.Permutation(people).Draw(t, "mixed")
		if got := OfVote(sheets(mixed, false), true); got != extent {
			t.Fatalf("in another order, each alone: %s, want %s", got, extent)
		}
		if byHead := OfVote(sheets(people, true), false); (byHead == Everything) != (extent == Everything) {
			t.Fatalf("by head %s, weighed %s", byHead, extent)
		}
	})
}

// The rule is not so careful that nothing is ever shown.
func TestOfVote_LargeClassesThatDiffer_AreShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []Sheet
		for i := range rapid.IntRange(1, 4).Draw(t, "classes") {
			class, n := string(rune('a'+i)), rapid.Int64Range(LeastInClass, 99).Draw(t, "voted")
			against := rapid.Int64Range(1, n-1).Draw(t, "against")
			all = append(all, said(class, n-against, "for"), said(class, against, "against"), said(class, rapid.Int64Range(0, 9).Draw(t, "silent")))
		}
		if got := OfVote(all, rapid.Bool().Draw(t, "weighed")); got != Everything {
			t.Fatalf("%v: %s", all, got)
		}
	})
}
