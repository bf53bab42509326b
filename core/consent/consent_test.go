package consent

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
)

var everybody = []int64{5, 4, 3, 2, 1}

func TestDecide_Table(t *testing.T) {
	object := func(id int64) Voice { return Voice{id, Objects, "it costs too much"} }
	for _, c := range []struct {
		name    string
		voices  []Voice
		answers []Resolution
		want    Result
	}{
		{"nobody", nil, nil, Result{Outcome: NobodyAnswered, Silent: []int64{1, 2, 3, 4, 5}}},
		{"all consent", []Voice{{1, Consents, ""}, {2, Consents, ""}}, nil, Result{Outcome: Consented, Silent: []int64{3, 4, 5}}},
		{"a concern is kept", []Voice{{1, Consents, ""}, {2, Concern, "noise"}}, nil,
			Result{Outcome: WithConcerns, Concerns: []int64{2}, Silent: []int64{3, 4, 5}}},
		{"one objection stops four", []Voice{{1, Consents, ""}, {2, Consents, ""}, {3, Consents, ""}, {4, Consents, ""}, object(5)}, nil,
			Result{Outcome: ObjectionsOpen, Answer: []int64{5}}},
		{"one of two answered", []Voice{object(5), object(3)}, []Resolution{{5, ByAmendment}},
			Result{Outcome: ObjectionsOpen, Answer: []int64{3}, Amended: []int64{5}, Silent: []int64{1, 2, 4}}},
		{"both answered", []Voice{object(5), object(3)}, []Resolution{{5, ByAmendment}, {3, Withdrawn}},
			Result{Outcome: Consented, Amended: []int64{5}, Withdrawn: []int64{3}, Silent: []int64{1, 2, 4}}},
		{"found to be a concern", []Voice{{1, Concern, "x"}, object(3)}, []Resolution{{3, AsConcern}},
			Result{Outcome: WithConcerns, Concerns: []int64{1, 3}, Eased: []int64{3}, Silent: []int64{2, 4, 5}}},
		{"upheld beside an open one", []Voice{object(2), object(3), {1, Consents, ""}}, []Resolution{{3, Upheld}},
			Result{Outcome: Blocked, Answer: []int64{3}, Silent: []int64{4, 5}}},
	} {
		got, err := Decide(everybody, c.voices, c.answers)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: got %+v, %v, want %+v", c.name, got, err, c.want)
		}
	}
}

func TestAgree_Table(t *testing.T) {
	agree, aside, abstain := Stand{1, Agrees, ""}, Stand{2, StandsAside, ""}, Stand{3, Abstains, ""}
	block, block2 := Stand{4, Blocks, "against the statutes"}, Stand{5, Blocks, "unsafe"}
	for _, c := range []struct {
		name   string
		stands []Stand
		rule   ConsensusRule
		want   Outcome
	}{
		{"nobody", nil, ConsensusRule{}, NobodyAnswered},
		{"all abstain", []Stand{abstain}, ConsensusRule{}, NobodyAnswered},
		{"all who take part agree", []Stand{agree, abstain}, ConsensusRule{}, Consented},
		{"one aside, none allowed", []Stand{agree, aside}, ConsensusRule{}, TooManyAside},
		{"one aside, one allowed", []Stand{agree, aside}, ConsensusRule{Asides: 1}, WithConcerns},
		{"nobody to carry it", []Stand{aside, abstain}, ConsensusRule{Asides: AnyAside}, TooManyAside},
		{"one block", []Stand{agree, block}, ConsensusRule{Asides: AnyAside}, Blocked},
		{"one block of two needed stands aside", []Stand{agree, block}, ConsensusRule{Asides: 1, Blocks: 2}, WithConcerns},
		{"and counts as one", []Stand{agree, aside, block}, ConsensusRule{Asides: 1, Blocks: 2}, TooManyAside},
		{"two blocks of two needed", []Stand{agree, block, block2}, ConsensusRule{Asides: AnyAside, Blocks: 2}, Blocked},
		{"a block when nobody agrees", []Stand{block}, ConsensusRule{}, Blocked},
	} {
		got, err := Agree(everybody, c.stands, c.rule)
		if err != nil || got.Outcome != c.want {
			t.Errorf("%s: %s, %v, want %s", c.name, got.Outcome, err, c.want)
		}
	}
	got, err := Agree(everybody, []Stand{block2, agree, block}, ConsensusRule{Blocks: 3})
	if err != nil || !slices.Equal(got.Answer, []int64{4, 5}) || !slices.Equal(got.Silent, []int64{2, 3}) {
		t.Errorf("who must be answered: %+v, %v", got, err)
	}
}

func TestDecide_NoMajorityOutweighsAnObjection_AndOrderNeverMatters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "voters")
		var asked []int64
		var voices []Voice
		var answers []Resolution
		open := 0
		for id := range int64(n) {
			asked = append(asked, id)
			position := rapid.SampledFrom(append(Positions(), "silent")).Draw(t, "position")
			if position == "silent" {
				continue
			}
			voices = append(voices, Voice{id, position, "why"})
			if position != Objects {
				continue
			}
			if way := rapid.SampledFrom([]Way{ByAmendment, AsConcern, Withdrawn, Upheld, ""}).Draw(t, "way"); way != "" {
				answers = append(answers, Resolution{id, way})
				if way != Upheld {
					continue
				}
			}
			open++
		}
		got, err := Decide(asked, voices, answers)
		if err != nil {
			t.Fatal(err)
		}
		if want := len(voices) > 0 && open == 0; got.Outcome.Adopted() != want {
			t.Fatalf("%s with %d objections open or upheld of %d voices", got.Outcome, open, len(voices))
		}
		if len(got.Silent)+len(voices) != n {
			t.Fatalf("%d silent and %d voices of %d", len(got.Silent), len(voices), n)
		}
		again, err := Decide(rapid.Permutation(asked).Draw(t, "asked"), rapid.Permutation(voices).Draw(t, "voices"), rapid.Permutation(answers).Draw(t, "answers"))
		if err != nil || fmt.Sprint(got) != fmt.Sprint(again) {
			t.Fatalf("%+v in another order %+v, %v", got, again, err)
		}
	})
}

func TestAgree_OneMoreWhoAgreesNeverOutweighsABlock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 10).Draw(t, "voters")
		var asked []int64
		var stands []Stand
		blocks := 0
		for id := range int64(n) {
			asked = append(asked, id)
			s := Stand{id, rapid.SampledFrom(Stances()).Draw(t, "stance"), "why"}
			if s.Stance == Blocks {
				blocks++
			}
			stands = append(stands, s)
		}
		rule := ConsensusRule{rapid.IntRange(-1, 4).Draw(t, "asides"), rapid.IntRange(0, 4).Draw(t, "blocks")}
		got, err := Agree(asked, rapid.Permutation(stands).Draw(t, "order"), rule)
		if err != nil {
			t.Fatal(err)
		}
		more, err := Agree(append(asked, 99), append(stands, Stand{99, Agrees, ""}), rule)
		if err != nil || (blocks >= max(1, rule.Blocks)) != (got.Outcome == Blocked) || (got.Outcome == Blocked) != (more.Outcome == Blocked) {
			t.Fatalf("%s, with one more %s, %v: %d blocks, rule %+v", got.Outcome, more.Outcome, err, blocks, rule)
		}
		if got.Outcome.Adopted() && rule.Asides >= 0 && len(got.Aside)+len(got.Answer) > rule.Asides {
			t.Fatalf("adopted with %v aside, rule %+v", got.Aside, rule)
		}
	})
}

func TestVoices_Faults(t *testing.T) {
	for _, c := range []struct {
		key     string
		voices  []Voice
		answers []Resolution
	}{
		{"consent.reason_missing", []Voice{{1, Objects, " "}}, nil},
		{"consent.reason_missing", []Voice{{1, Concern, ""}}, nil},
		{"consent.unknown_answer", []Voice{{1, "maybe", ""}}, nil},
		{"consent.unknown_answer", []Voice{{1, Objects, "x"}}, []Resolution{{1, "outvoted"}}},
		{"consent.twice", []Voice{{1, Consents, ""}, {1, Objects, "x"}}, nil},
		{"consent.twice", []Voice{{1, Objects, "x"}}, []Resolution{{1, Upheld}, {1, Withdrawn}}},
		{"consent.not_asked", []Voice{{9, Consents, ""}}, nil},
		{"consent.no_objection", []Voice{{1, Concern, "x"}}, []Resolution{{1, Withdrawn}}},
	} {
		if _, err := Decide(everybody, c.voices, c.answers); !fault.Has(err, c.key) {
			t.Errorf("%+v: %v, want %s", c.voices, err, c.key)
		}
	}
	for key, stands := range map[string][]Stand{
		"consent.reason_missing": {{1, Blocks, ""}}, "consent.unknown_answer": {{1, "?", ""}},
		"consent.twice": {{1, Agrees, ""}, {1, Agrees, ""}}, "consent.not_asked": {{9, Agrees, ""}},
	} {
		if _, err := Agree(everybody, stands, ConsensusRule{}); !fault.Has(err, key) {
			t.Errorf("%+v: %v, want %s", stands, err, key)
		}
	}
}

func TestAdvice_DecidesOnlyWhoAsks_AndWhenAllWereHeardOrTheTimeIsOver(t *testing.T) {
	a := Advice{ByID: 1, Sought: []int64{3, 2}, Given: []Given{{2, "do"}, {3, " "}}}
	if a.Stage() != Listening || !slices.Equal(a.Missing(), []int64{3}) {
		t.Errorf("%s, missing %v", a.Stage(), a.Missing())
	}
	if err := a.Decide(1); !fault.Has(err, "advice.incomplete") {
		t.Error(err)
	}
	a.Over = true
	if err := a.Decide(1); err != nil || a.Stage() != TimeOver {
		t.Error(err, a.Stage())
	}
	a.Over, a.Given = false, append(a.Given, Given{3, "don’t"})
	if err := a.Decide(1); err != nil || a.Stage() != Complete {
		t.Error(err, a.Stage())
	}
	if err := a.Decide(2); !fault.Has(err, "advice.not_yours") {
		t.Error(err)
	}
	if (Advice{ByID: 1}).Stage() != Listening {
		t.Error("nobody was asked, and it is complete")
	}
}

// Whom the decider answers for as well, such as an organisation, is not asked either.
func TestSeek_NobodyAsksThemself(t *testing.T) {
	got, err := Seek(7, []Voter{{5, 7}, {3, 0}, {2, 8}, {4, 7}})
	if err != nil || !slices.Equal(got, []int64{2, 3}) {
		t.Error(got, err)
	}
	if _, err := Seek(7, []Voter{{5, 7}}); !fault.Has(err, "advice.nobody_affected") {
		t.Error(err)
	}
}
