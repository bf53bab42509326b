package methods

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"socia/core/lot"
	"socia/core/methods"
	"socia/platform/i18n"
)

var (
	heading  = regexp.MustCompile(`(?m)^# .+$`)
	numeral  = regexp.MustCompile(`\d+(?:[.,]\d+)*`)
	swapping = strings.NewReplacer(".", ",", ",", ".")
)

// names are the methods, and the explanation of how a lot is repeated.
func names() []methods.Name {
	all := []methods.Name{Draw}
	for _, m := range methods.All() {
		all = append(all, m.Name)
	}
	return all
}

func TestExplanations_EveryMethodHasOneInEveryLanguage(t *testing.T) {
	for _, name := range names() {
		for _, lang := range i18n.Languages() {
			text, found := Explanation(lang, name)
			if !found {
				t.Errorf("%s has no explanation in %s", name, lang)
				continue
			}
			if words := len(strings.Fields(text)); words < 150 {
				t.Errorf("%s in %s has %d words only", name, lang, words)
			}
			if got, want := len(sections(text)), sectionsOf(name); got != want {
				t.Errorf("%s in %s has %d headings, want %d", name, lang, got, want)
			}
			if strings.ContainsRune(text, '!') {
				t.Errorf("%s in %s shouts", name, lang)
			}
		}
	}
}

func TestExplanations_UnknownNamesHaveNone(t *testing.T) {
	for _, name := range []methods.Name{"", "1", "../es/motion", "Motion"} {
		if _, found := Explanation(i18n.Catalan, name); found {
			t.Errorf("%q is explained", name)
		}
	}
}

// The same example with the same numbers stands in every language, each section for itself; the order of numbers
// follows the grammar.
func TestExplanations_NumbersAreTheSameInEveryLanguage(t *testing.T) {
	compared := 0
	for _, name := range names() {
		english, _ := Explanation(i18n.English, name)
		want := sections(english)
		for _, lang := range []string{i18n.Catalan, i18n.Spanish} {
			text, _ := Explanation(lang, name)
			for i, section := range sections(text) {
				last := i == len(want)-1 // sources have numbers of versions and articles, which no language rewrites
				got := numerals(section, !last)
				compared += len(got)
				if in := numerals(want[i], false); !slices.Equal(got, in) {
					t.Errorf("%s in %s, section %d: numbers %v, in English %v", name, lang, i+1, got, in)
				}
			}
		}
	}
	if compared < 500 {
		t.Fatalf("only %d numbers were compared", compared)
	}
}

// What the pages tell people to type gives what the program draws.
func TestExplanations_DrawsAreThoseOfTheProgram(t *testing.T) {
	seed := lot.Seed("abc")
	for _, lang := range i18n.Languages() {
		draw, _ := Explanation(lang, Draw)
		order := ""
		for _, option := range (lot.Breaker{Seed: seed}).Order("round 3, defeat", []int{0, 1, 2}) {
			order += fmt.Sprintf("%d, ", option+1)
		}
		said := []string{seed.Commitment(), strings.TrimSuffix(order, ", ") + "."}
		for _, item := range []string{"1", "2", "3"} {
			said = append(said, fmt.Sprintf(" %s: `%x`", item, seed.Key("round 3, defeat", item)))
		}
		for _, words := range said {
			if !strings.Contains(draw, words) {
				t.Errorf("the draw in %s does not say %q", lang, words)
			}
		}
		people, keys := []string{"Anna", "Berta", "Carla", "Dolors"}, []string{}
		for _, at := range seed.Order("draw", people) {
			keys = append(keys, fmt.Sprintf("%s %x", people[at], seed.Key("draw", people[at]))[:len(people[at])+5])
		}
		if text, _ := Explanation(lang, methods.Sortition); !strings.Contains(text, strings.Join(keys, ", ")) {
			t.Errorf("sortition in %s does not say %v", lang, keys)
		}
	}
}

// sectionsOf: filling in, counting, example, ties, when to use it, sources; the draw has five of its own.
func sectionsOf(name methods.Name) int {
	if name == Draw {
		return 5
	}
	return 6
}

// sections are the texts under each heading.
func sections(text string) []string { return heading.Split(text, -1)[1:] }

// numerals lists the numbers of a text in ascending order of their digits, in English notation if the decimal comma is
// to be read as a point.
func numerals(text string, decimalComma bool) []string {
	all := numeral.FindAllString(text, -1)
	for i, n := range all {
		if decimalComma {
			all[i] = swapping.Replace(n)
		}
	}
	slices.Sort(all)
	return all
}
