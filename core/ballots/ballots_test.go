package ballots

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
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

func TestRankings_PapersLongerThanABlockAndAtItsEdge(t *testing.T) {
	var r Rankings
	lengths := []int{3, blockMarks - 3, 0, 1, 2*blockMarks + 1, 0, 5, blockMarks - 5, blockMarks, 7}
	paper := func(i int) []Mark {
		marks := make([]Mark, lengths[i])
		for k := range marks {
			marks[k] = Mark(i)
		}
		return marks
	}
	for round := range 2 {
		for i := range lengths {
			if err := r.Take(int64(i+1), paper(i)); err != nil {
				t.Fatalf("round %d, paper %d: %v", round, i, err)
			}
		}
	}
	seen := 0
	for i := range lengths {
		if i == 5 {
			continue // the second empty paper is the third's like
		}
		weight, marks := r.Paper(seen)
		want := int64(2 * (i + 1))
		if i == 2 {
			want += 2 * 6
		}
		if weight != want || !slices.Equal(marks, paper(i)) {
			t.Errorf("paper %d weighs %d and has %d marks", i, weight, len(marks))
		}
		seen++
	}
	if r.Len() != seen {
		t.Errorf("%d papers, want %d", r.Len(), seen)
	}
}

// The same papers, with every single space doubled, are read with care.
func TestRead_BLT_UsualLinesSayWhatAnyOthersDo(t *testing.T) {
	for _, candidates := range []int{1, 9, 10, 12, 64, 65} {
		random := rand.New(rand.NewPCG(64, uint64(candidates)))
		var file strings.Builder
		fmt.Fprintln(&file, candidates, "1")
		for range 30_000 {
			fmt.Fprint(&file, 1+random.IntN(3)*random.IntN(2_000_000_000))
			for _, option := range random.Perm(candidates)[:random.IntN(candidates+1)] {
				fmt.Fprint(&file, " ", option+1)
			}
			file.WriteString([]string{" 0\n", " 0\r\n", " 0 # so\n", " 0 "}[max(random.IntN(60)-56, 0)])
		}
		file.WriteString("0\n")
		for option := range candidates {
			fmt.Fprintf(&file, "\"%d\"\n", option+1)
		}
		var usual, careful Rankings
		e1, err1 := Read(strings.NewReader(file.String()), BLT, &usual)
		e2, err2 := Read(strings.NewReader(strings.ReplaceAll(file.String(), " ", "  ")), BLT, &careful)
		if err1 != nil || err2 != nil || !reflect.DeepEqual(e1, e2) || !slices.Equal(papersOf(&usual), papersOf(&careful)) {
			t.Errorf("%d candidates: %v and %v, %d and %d papers", candidates, err1, err2, usual.Len(), careful.Len())
		}
	}
}

func TestRead_BLT_AMistakeFarDownAmongUsualLinesIsFound(t *testing.T) {
	for wrong, want := range map[string]string{
		"1 3 3 0": "5002:5: candidate 3 is preferred a second time", "1 13 0": "5002:3: there is no candidate 13, only 12 candidates",
		"1 2 : 0": `5002:5: ":" is not a candidate's number`, "1 2 00": "5002:5: 0 cannot share a rank: a candidate's number is missing beside =", "x": `5002:1: "x" is not a number of papers, a whole number from 1`,
		"4611686018427387903 1 0": "5002:1: the papers weigh more than can be counted",
	} {
		text := "12 1\n" + strings.Repeat("1 12 3 10 0\n", 5000) + wrong + "\n" + strings.Repeat("1 2 0\n", 1000)
		if _, err := Read(strings.NewReader(text), BLT, new(Rankings)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", wrong, err, want)
		}
	}
}
