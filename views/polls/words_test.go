package polls

import (
	"regexp"
	"strings"
	"testing"

	"socia/core/quorum"
	"socia/core/rules"
	"socia/core/tally"
	"socia/platform/i18n"
)

// Reaching a part and passing it are told apart, in a verb that goes with «la meitat» and with «dos terços».
func TestSentence_SaysWhetherAPartIsReachedOrPassed(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	half := rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BasePresent, Article: "art. 1"}
	thirds := rules.Majority{Num: 2, Den: 3, Base: rules.BasePresent, Article: "art. 1"}
	for _, c := range []struct {
		language string
		majority rules.Majority
		want     string
	}{
		{"en", half, "61 for, 20 against, 9 abstained. Needed: more than half of the votes present and represented (90): 46 or more."},
		{"ca", half, "61 a favor, 20 en contra, 9 abstencions. Calia passar de la meitat dels vots presents i representats (90): 46 o més."},
		{"es", half, "61 a favor, 20 en contra, 9 abstenciones. Había que pasar de la mitad de los votos presentes y representados (90): 46 o más."},
		{"en", thirds, "61 for, 20 against, 9 abstained. Needed: two thirds of the votes present and represented (90): 60."},
		{"ca", thirds, "61 a favor, 20 en contra, 9 abstencions. Calia arribar a dos terços dels vots presents i representats (90): 60."},
		{"es", thirds, "61 a favor, 20 en contra, 9 abstenciones. Había que llegar a dos tercios de los votos presentes y representados (90): 60."},
	} {
		count := tally.ClassCount{Class: "user", For: 61, Against: 20, Abstain: 9, Present: 90, Roll: 130}
		r, err := tally.Count([]tally.ClassCount{count}, c.majority, rules.Counting{Method: rules.MethodPerson, Article: "art. 2"})
		if err != nil {
			t.Fatal(err)
		}
		if got := Sentence(texts.For(c.language), r); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// A number that is one has no plural beside it, in any step of the arithmetic.
func TestArithmetic_OfOneVote_IsNotInThePlural(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	majority := rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BasePresent, Article: "art. 1"}
	counting := rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 1}}, Article: "art. 2"}
	r, err := tally.Count([]tally.ClassCount{{Class: "user", Abstain: 1, Present: 1, Roll: 1}}, majority, counting)
	if err != nil {
		t.Fatal(err)
	}
	each, err := quorum.EachClass([]quorum.Class{{Class: "user", Roll: 1, Present: 1}}, rules.Threshold{Num: 1, Den: 2, Article: "art. 3"})
	if err != nil {
		t.Fatal(err)
	}
	few, err := quorum.EachClass([]quorum.Class{{Class: "user", Roll: 10, Present: 1}}, rules.Threshold{Num: 1, Den: 2, MinVotes: 1, Article: "art. 3"})
	if err != nil || !few.ByVotes {
		t.Fatal(few, err)
	}
	r.AskTurnout(50)
	r.Steps = append(append(r.Steps, tally.QuorumSteps(each)...), tally.QuorumSteps(few)...)
	plural := regexp.MustCompile(`(^|[^0-9/])1 (vots|votos|votes|abstencions|abstenciones|are|were)\b|(calen|calien|hacen falta|hacían falta) (\(?)1\b`)
	for language, sum := range map[string]string{
		"ca": "En total: a favor 0; en contra 0; abstenció 1.",
		"es": "En total: a favor 0; en contra 0; abstención 1.",
		"en": "In all: for 0; against 0; abstained 1.",
	} {
		lines := Arithmetic(texts.For(language), r, map[string]string{"user": "Usuària"})
		for _, line := range lines {
			if plural.MatchString(line) {
				t.Errorf("%s: %q", language, line)
			}
		}
		says(t, lines, sum)
	}
}

// A share that is too large is refused with the bound that it passes.
func TestShareOutOfRange_SaysTheBound(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range i18n.Languages() {
		words := texts.For(language)
		if said, bound := words.T("rules.share_out_of_range"), words.Number(rules.MostShare); !strings.Contains(said, bound) {
			t.Errorf("%q does not say %s", said, bound)
		}
	}
}
