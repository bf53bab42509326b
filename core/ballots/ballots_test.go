package ballots

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/paper"
)

func TestRankings_KeepAlikePapersOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		papers := rapid.SliceOf(rapid.SliceOfN(rapid.Uint16Range(0, 3), 0, 3)).Draw(t, "papers")
		var r Rankings
		want := map[string]int64{}
		text := func(marks []Mark) (s string) {
			for _, m := range marks {
				s += string(rune('a' + m))
			}
			return s
		}
		for i, p := range papers {
			var marks []Mark
			for _, m := range p {
				marks = append(marks, Mark(m))
			}
			if err := r.Take(int64(i+1), marks); err != nil {
				t.Fatal(err)
			}
			want[text(marks)] += int64(i + 1)
		}
		if r.Len() != len(want) {
			t.Fatalf("%d distinct papers, want %d", r.Len(), len(want))
		}
		var total int64
		for i := range r.Len() {
			weight, marks := r.Paper(i)
			if want[text(marks)] != weight {
				t.Fatalf("%v weighs %d, want %d", marks, weight, want[text(marks)])
			}
			total += weight
		}
		if total != r.Total() {
			t.Fatalf("total %d, sum %d", r.Total(), total)
		}
	})
}

func TestTake_RefusesAWeightThatCannotBeCounted(t *testing.T) {
	var r Rankings
	if r.Take(0, []Mark{1}) == nil || r.Take(-1, []Mark{1}) == nil {
		t.Error("a weight below 1 was taken")
	}
	if err := r.Take(1<<61, []Mark{1}); err != nil {
		t.Fatal(err)
	}
	if r.Take(1<<62, []Mark{1}) == nil || r.Total() != 1<<61 {
		t.Error("the sum of weights overflows")
	}
}

func TestOfPapers_KeepsTheOrderOfPreferences(t *testing.T) {
	r, err := OfPapers([]paper.Bundle{{Paper: paper.Paper{2, 1, paper.Blank, 2}, Weight: 3}, {Paper: paper.Paper{paper.Blank, paper.Blank, paper.Blank, paper.Blank}, Weight: 1}})
	if err != nil || r.Len() != 1 || r.Total() != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, marks := r.Paper(0); !slices.Equal(marks, []Mark{1, 0, 3 | Equal}) {
		t.Errorf("marks %v", marks)
	}
}
