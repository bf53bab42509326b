package condorcet

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ballots"
)

// naive compares every pair on every paper, from the ranks that a person would read.
type naive struct {
	options int
	papers  []weighed
}

type weighed struct {
	weight int64
	marks  []ballots.Mark
}

// ranks gives each option its rank on a paper, from 1; 0 is unranked.
func ranks(marks []ballots.Mark, options int) []int {
	at, rank := make([]int, options), 0
	for i, mark := range marks {
		if mark&^ballots.Equal == ballots.Overvoted {
			break
		}
		option, ok := mark.Option()
		if !ok {
			continue
		}
		if _, follows := before(marks, i); !mark.Tied() || !follows {
			rank++
		}
		if at[option] == 0 {
			at[option] = rank
		}
	}
	return at
}

func before(marks []ballots.Mark, i int) (int, bool) {
	if i == 0 {
		return 0, false
	}
	return marks[i-1].Option()
}

func (n naive) over(i, j int) (sum int64) {
	for _, p := range n.papers {
		at := ranks(p.marks, n.options)
		if at[i] > 0 && (at[j] == 0 || at[i] < at[j]) {
			sum += p.weight
		}
	}
	return sum
}

// wildMarks draws papers with equal ranks, empty ones, mistakes and repeated options.
func wildMarks(t *rapid.T, options int) []ballots.Mark {
	var marks []ballots.Mark
	for range rapid.IntRange(0, 2*min(options, 12)).Draw(t, "length") {
		switch rapid.IntRange(0, 11).Draw(t, "kind") {
		case 0:
			marks = append(marks, ballots.Skipped)
		case 1:
			marks = append(marks, ballots.Overvoted)
		case 2, 3, 4:
			marks = append(marks, ballots.Mark(rapid.IntRange(0, options-1).Draw(t, "option"))|ballots.Equal)
		default:
			marks = append(marks, ballots.Mark(rapid.IntRange(0, options-1).Draw(t, "option")))
		}
	}
	return marks
}

func sameAsNaive(t *rapid.T, m *Matrix, n naive) {
	want := make([]int64, n.options*n.options)
	for _, p := range n.papers {
		at := ranks(p.marks, n.options)
		for k := range want {
			if i, j := at[k/n.options], at[k%n.options]; i > 0 && (j == 0 || i < j) {
				want[k] += p.weight
			}
		}
	}
	for i := range n.options {
		for j := range n.options {
			if got, want := m.Over(i, j), want[i*n.options+j]; i != j && got != want {
				t.Fatalf("%d over %d: %d, want %d", i, j, got, want)
			}
		}
	}
}

func TestMatrix_IsWhatComparingEveryPairOnEveryPaperGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := rapid.SampledFrom([]int{1, 3, 6, 63, 64, 65, 130}).Draw(t, "options")
		m, n := NewMatrix(rapid.SampledFrom([]int{0, options}).Draw(t, "known")), naive{options: options}
		var total int64
		for range rapid.IntRange(0, 40).Draw(t, "papers") {
			p := weighed{rapid.OneOf(rapid.Just(int64(1)), rapid.Int64Range(1, 40), rapid.Int64Range(1, 1<<55)).Draw(t, "weight"), wildMarks(t, options)}
			if err := m.Take(p.weight, p.marks); err != nil {
				t.Fatal(err)
			}
			total += p.weight
			n.papers = append(n.papers, p)
			if rapid.IntRange(0, 9).Draw(t, "looks") == 0 {
				m.Over(0, 0)
				m.Over(0, 1)
			}
		}
		sameAsNaive(t, m, n)
		if all, _ := m.Papers(); all != total {
			t.Fatalf("papers weigh %d, want %d", all, total)
		}
	})
}

func TestMatrix_MergedHalvesAreTheWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := rapid.SampledFrom([]int{3, 70}).Draw(t, "options")
		halves, n := []*Matrix{NewMatrix(0), NewMatrix(0)}, naive{options: options}
		for range rapid.IntRange(0, 30).Draw(t, "papers") {
			p := weighed{rapid.Int64Range(1, 5).Draw(t, "weight"), wildMarks(t, options)}
			if err := halves[rapid.IntRange(0, 1).Draw(t, "half")].Take(p.weight, p.marks); err != nil {
				t.Fatal(err)
			}
			n.papers = append(n.papers, p)
		}
		if err := halves[0].Merge(halves[1]); err != nil {
			t.Fatal(err)
		}
		sameAsNaive(t, halves[0], n)
	})
}

// Counters have sixteen digits: the sums must outlive many rounds of them.
func TestMatrix_CountersThatFillUpLoseNothing(t *testing.T) {
	m := NewMatrix(3)
	for range 200_000 {
		if err := m.Take(3, []ballots.Mark{2, 0}); err != nil {
			t.Fatal(err)
		}
	}
	if m.Over(2, 0) != 600_000 || m.Over(0, 1) != 600_000 || m.Over(1, 2) != 0 || m.Over(2, 7) != 600_000 {
		t.Errorf("2>0 %d, 0>1 %d, 1>2 %d", m.Over(2, 0), m.Over(0, 1), m.Over(1, 2))
	}
}

func TestMatrix_RefusesWhatItCannotCountAndKeepsTheRest(t *testing.T) {
	m := NewMatrix(2)
	if err := m.Take(1<<61, []ballots.Mark{1}); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []weighed{{0, []ballots.Mark{1}}, {-1, []ballots.Mark{1}}, {1 << 61, []ballots.Mark{1}}, {1, []ballots.Mark{0, MostOptions}}} {
		if m.Take(wrong.weight, wrong.marks) == nil {
			t.Errorf("%+v was taken", wrong)
		}
	}
	if m.Merge(m) == nil {
		t.Error("a merge may overflow")
	}
	rest := NewMatrix(2)
	if err := rest.Take(1<<61-1, []ballots.Mark{0}); err != nil || rest.Merge(m) != nil {
		t.Errorf("2^62 - 1 papers are not merged: %v", err)
	}
	if err := rest.Take(1, nil); err == nil || rest.Over(0, 1) != 1<<61-1 || rest.Over(1, 0) != 1<<61 {
		t.Errorf("2^62 papers are counted: %v", err)
	}
	rest = NewMatrix(2)
	if rest.Take(1<<61, nil) != nil || rest.Take(1<<61-1, nil) != nil {
		t.Error("2^62 - 1 papers are not counted")
	}
	if all, valid := m.Papers(); all != 1<<61 || valid != 1<<61 || m.Over(1, 0) != 1<<61 || m.Over(0, 1) != 0 || m.Len() != 2 {
		t.Errorf("%d papers, %d valid, %d options", all, valid, m.Len())
	}
}

func TestMatrix_ComparesMostOptionsAndNoMore(t *testing.T) {
	for asked, want := range map[int]int{-1: 0, 0: 0, MostOptions: MostOptions, MostOptions + 1: MostOptions} {
		if got := NewMatrix(asked).Len(); got != want {
			t.Errorf("a matrix for %d options has %d, want %d", asked, got, want)
		}
	}
	m := NewMatrix(0)
	if err := m.Take(1, []ballots.Mark{0, MostOptions}); m.Asks().Options != 1024 || err == nil || err.Error() != "condorcet: more than 1024 options" {
		t.Errorf("option %d is compared: %v", MostOptions+1, err)
	}
	if err := m.Take(1, []ballots.Mark{0, ballots.Overvoted, MostOptions}); err != nil || m.Len() != 1 {
		t.Errorf("what comes after a mistake is met: %d options, %v", m.Len(), err)
	}
	if err := m.Take(1, []ballots.Mark{0, MostOptions - 1}); err != nil || m.Len() != MostOptions || m.Over(MostOptions-1, 1) != 1 {
		t.Errorf("option %d is not compared: %v", MostOptions, err)
	}
}

// Of 64 options the first are preferred to a 65th that no paper names.
func TestMatrix_AnOptionThatNobodyHasMetIsUnranked(t *testing.T) {
	m := NewMatrix(64)
	if err := m.Take(5, []ballots.Mark{0, 1}); err != nil {
		t.Fatal(err)
	}
	if m.Over(0, 64) != 5 || m.Over(1, 64) != 5 || m.Over(2, 64) != 0 || m.Over(64, 0) != 0 || m.Len() != 64 {
		t.Errorf("%d, %d and %d over the 65th, which is over the first %d times", m.Over(0, 64), m.Over(1, 64), m.Over(2, 64), m.Over(64, 0))
	}
}

func TestMatrix_PapersThatRankNothingAreNotValid(t *testing.T) {
	m := NewMatrix(2)
	for i, marks := range [][]ballots.Mark{nil, {ballots.Skipped}, {ballots.Overvoted, 1}, {ballots.Skipped, 0}} {
		if err := m.Take(1<<i, marks); err != nil {
			t.Fatal(err)
		}
	}
	if all, valid := m.Papers(); all != 1+2+4+8 || valid != 8 {
		t.Errorf("%d papers, %d valid", all, valid)
	}
}

func millionPapers(options int) [][]ballots.Mark {
	source := rand.New(rand.NewPCG(1, 2))
	papers := make([][]ballots.Mark, 128)
	for i := range papers {
		for _, option := range source.Perm(options) {
			papers[i] = append(papers[i], ballots.Mark(option))
		}
	}
	return papers
}

// One operation is a million papers that rank forty options.
func BenchmarkMatrix_Million40(b *testing.B) {
	papers := millionPapers(40)
	for b.Loop() {
		m := NewMatrix(40)
		for i := range 1_000_000 {
			if err := m.Take(1, papers[i%len(papers)]); err != nil {
				b.Fatal(err)
			}
		}
		if m.Over(0, 1)+m.Over(1, 0) != 1_000_000 {
			b.Fatal("papers are missing")
		}
	}
}

// The same with sets of two words.
func BenchmarkMatrix_HundredThousand100(b *testing.B) {
	papers := millionPapers(100)
	for b.Loop() {
		m := NewMatrix(100)
		for i := range 100_000 {
			if err := m.Take(1, papers[i%len(papers)]); err != nil {
				b.Fatal(err)
			}
		}
		if m.Over(0, 1)+m.Over(1, 0) != 100_000 {
			b.Fatal("papers are missing")
		}
	}
}
