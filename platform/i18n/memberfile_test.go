package i18n

import (
	"slices"
	"testing"

	"socia/core/memberfile"
)

func TestTexts_EveryFaultOfAMembersFileHasASentenceWithItsValues(t *testing.T) {
	texts := all(t)[Default]
	for key, args := range memberfile.Keys() {
		said, ok := texts[key]
		if !ok {
			t.Errorf("%s has no sentence", key)
			continue
		}
		want := ""
		for i, name := range slices.Sorted(slices.Values(args)) {
			if i > 0 {
				want += " "
			}
			want += "{{." + name + "}}"
		}
		if got := placeholders(said); got != want {
			t.Errorf("%s uses %q, but gets %q", key, got, want)
		}
	}
}
