package polls

import (
	"testing"

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
