package disclosure

import (
	"math/rand/v2"
	"testing"
)

// This file knows nothing of the audit: it works out by enumeration what a reader
// can infer, and compares that with what Protect promises.

// compositions lists every way to put base people into the cells.
func compositions(base, width int) []cells {
	var all []cells
	for w := 0; w <= base; w++ {
		for m := 0; w+m <= base; m++ {
			if width == 3 {
				all = append(all, cells{w, m, base - w - m})
				continue
			}
			for a := 0; w+m+a <= base; a++ {
				all = append(all, cells{w, m, a, base - w - m - a})
			}
		}
	}
	return all
}

// agrees says whether a row of these cells could show this band; "" is no band.
func agrees(c cells, shown Band) bool {
	if shown == "" {
		return true
	}
	w, m := c[0], c[1]
	switch shown {
	case Below:
		return w+m > 0 && 5*w < 2*(w+m)
	case Above:
		return w+m > 0 && 5*w > 3*(w+m)
	case Inside:
		return w+m > 0 && 5*w >= 2*(w+m) && 5*w <= 3*(w+m)
	}
	return false
}

// couldStandWhere says whether a reader who knows the ladder can think that a row of
// these cells is one that truly has these counts.
func couldStandWhere(c cells, truth Counts, width int) bool {
	for silent := 0; silent <= c[2]; silent++ {
		guess := Counts{c[0], c[1], c[2] - silent, silent}
		if width == 4 {
			guess = Counts{c[0], c[1], c[2], c[3]}
		}
		if ladder(guess) == ladder(truth) {
			return true
		}
	}
	return false
}

func sum(a, b cells) cells {
	for i := range a {
		a[i] += b[i]
	}
	return a
}

// candidates lists what each row could be, judged by its own size and what it shows.
func candidates(raw []RawRow, p Protected, width int) [][]cells {
	var all [][]cells
	for i, row := range p.Rows() {
		var fits []cells
		band, _ := row.Band()
		for _, c := range compositions(raw[i].Base(), width) {
			if agrees(c, band) && couldStandWhere(c, raw[i].Counts, width) {
				fits = append(fits, c)
			}
		}
		if _, shown := row.Counts(); shown {
			fits = []cells{cellsOf(raw[i].Counts, width == 4)}
		}
		all = append(all, fits)
	}
	return all
}

// consistent keeps of row i's candidates those that some choice of the other rows
// completes to the total that is shown.
func consistent(all [][]cells, i int, total Row, target cells) []cells {
	sums := map[cells]bool{{}: true}
	for j, fits := range all {
		if j == i {
			continue
		}
		next := map[cells]bool{}
		for s := range sums {
			for _, c := range fits {
				next[sum(s, c)] = true
			}
		}
		sums = next
	}
	var kept []cells
	for _, c := range all[i] {
		for s := range sums {
			whole := sum(s, c)
			if total.Level() == ShowNothing || total.Level() == ShowCounts && whole == target || total.Level() == ShowBand && agrees(whole, total.band) {
				kept = append(kept, c)
				break
			}
		}
	}
	return kept
}

func widthOf(list []cells, cell int) int {
	low, high := list[0][cell], list[0][cell]
	for _, c := range list {
		low, high = min(low, c[cell]), max(high, c[cell])
	}
	return high - low
}

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// checkMembership fails if a reader can pin a hidden cell down further than the
// row's own size and band do, to less than 5.
func checkMembership(t fataler, raw []RawRow) Protected {
	t.Helper()
	p := Protect(Membership, raw)
	total, _ := p.Total()
	width := 3
	for _, row := range append(p.Rows(), total) {
		if s, ok := row.Counts(); ok && s.Apart {
			width = 4
		}
	}
	var target cells
	for _, r := range raw {
		target = sum(target, cellsOf(r.Counts, width == 4))
	}
	all := candidates(raw, p, width)
	for i, row := range p.Rows() {
		if row.Level() == ShowCounts {
			continue
		}
		left := consistent(all, i, total, target)
		for c := range width {
			if got, own := widthOf(left, c), widthOf(all[i], c); got < min(minCell, own) {
				t.Fatalf("%v shows %+v total %+v: cell %d of row %d is known to %d, by itself to %d", raw, p.Rows(), total, c, i, got, own)
			}
		}
	}
	return p
}

// TestProtect_NoHiddenCellOfTheMembershipTableCanBeWorkedOut draws from a fixed seed
// and not with rapid, which prefers small numbers: those tables show nothing.
func TestProtect_NoHiddenCellOfTheMembershipTableCanBeWorkedOut(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 5))
	seen := map[string]int{}
	for range 250 {
		var raw []RawRow
		for range 1 + random.IntN(4) {
			most := []int{2, 4, 8, 12}[random.IntN(4)]
			raw = append(raw, RawRow{Counts: Counts{random.IntN(most), random.IntN(most), random.IntN(most / 2), random.IntN(most)}})
		}
		p := checkMembership(t, raw)
		total, _ := p.Total()
		for _, row := range p.Rows() {
			seen[string(row.Level()+" under "+total.Level())]++
		}
	}
	for _, reached := range []string{
		"counts under counts", "band under counts", "nothing under counts", "band under band", "nothing under band",
		"counts under nothing", "band under nothing",
	} {
		if seen[reached] < 3 {
			t.Errorf("%s: %d times in %v", reached, seen[reached], seen)
		}
	}
}

func TestProtect_TablesOfTwoSmallRows(t *testing.T) {
	levels := map[Level]int{}
	for _, a := range compositions(20, 3) {
		if a[0]%2 == 1 {
			continue // every other one is enough, and twice as fast
		}
		for _, b := range compositions(8, 3) {
			p := checkMembership(t, []RawRow{{"a", Counts{a[0], a[1], 0, a[2]}}, {"b", Counts{b[0], b[1], b[2], 0}}})
			total, _ := p.Total()
			levels[total.Level()]++
			if row := p.Rows()[1]; row.Level() != ShowNothing {
				t.Fatalf("eight people show %v", row)
			}
		}
	}
	for _, level := range []Level{ShowCounts, ShowBand, ShowNothing} {
		if levels[level] == 0 {
			t.Errorf("no total shows %s: the test does not reach it", level)
		}
	}
}

func TestProtect_NoHiddenCellCanBeWorkedOutWhereAnotherStandsApart(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 15))
	count := func(least, most int) int { return least + random.IntN(most-least+1) }
	apart := 0
	for range 300 {
		raw := []RawRow{{Counts: Counts{count(5, 9), count(5, 9), count(4, 8), count(4, 8)}}}
		for range count(0, 2) {
			raw = append(raw, RawRow{Counts: Counts{count(0, 2), count(0, 2), count(0, 1), count(0, 2)}})
		}
		if total, _ := checkMembership(t, raw).Total(); total.counts.Apart {
			apart++
		}
	}
	if apart < 30 {
		t.Errorf("only %d tables stood apart: the test does not reach its case", apart)
	}
}
