package disclosure

// cells is a row as the reader reasons about it: women, men, and either
// another-or-not-stated with a last cell that stays empty, or the two apart.
type cells [4]int

func (c cells) base() int { return c[0] + c[1] + c[2] + c[3] }

func cellsOf(c Counts, apart bool) cells {
	if apart {
		return cells{c.Women, c.Men, c.Another, c.NotStated}
	}
	return cells{c.Women, c.Men, c.Another + c.NotStated, 0}
}

// puzzle is what a plan leaves for the reader to work out: rows whose counts are
// not shown, what is known of each, and what is known of their sum. It starts at the
// true answer and walks to others that look the same from outside. A row's size
// never changes, nor, when the total shows counts, the sum of a column. The reader is
// taken to know the ladder, and so which of its rungs a row stood on.
type puzzle struct {
	rows []cells
	// rungs holds what the ladder says of each row, bands the band shown of it, "" for
	// none.
	rungs []Level
	bands []Band
	// width is the number of cells in use, 3 or 4.
	width int
	// sumsKnown: the total shows counts. Otherwise sumBand is the total's band.
	sumsKnown bool
	sumBand   Band
	sumRung   Level
}

// holds says whether a plan that shows the total leaves every hidden cell as wide
// as Protect promises.
func holds(rows []RawRow, p plan, apart bool) bool {
	if p.total == ShowNothing {
		// Nothing ties the rows together: each shows what its own rung allows.
		return true
	}
	start := newPuzzle(rows, p, apart)
	for i := range start.rows {
		for c := range start.width {
			up := start.walk(i, c, +1)
			if up+start.walk(i, c, -1) < start.ownWidth(i, c) {
				return false
			}
		}
	}
	return true
}

func newPuzzle(rows []RawRow, p plan, apart bool) puzzle {
	z := puzzle{width: 3, sumsKnown: p.total == ShowCounts}
	if apart {
		z.width = 4
	}
	var sum Counts
	for i, raw := range rows {
		sum = sum.plus(raw.Counts)
		if p.rows[i] == ShowCounts {
			continue
		}
		var band Band
		if p.rows[i] == ShowBand {
			band, _ = bandOf(raw.Women, raw.Men)
		}
		z.rows, z.bands = append(z.rows, cellsOf(raw.Counts, apart)), append(z.bands, band)
		z.rungs = append(z.rungs, ladder(raw.Counts))
	}
	z.sumRung = ladder(sum)
	// A total with a band only has no row with counts: were there one, the total's
	// cells would be large enough too. So the sum of the hidden rows is the total.
	if !z.sumsKnown {
		z.sumBand, _ = bandOf(sum.Women, sum.Men)
	}
	return z
}

// ownWidth is how far a cell must be able to vary: 5, or less if what the reader
// knows of the row alone leaves less already. From 13 people on it never does: even
// the scarcer side of a band Below or Above can then vary by (2×13−1)/5 = 5.
func (z puzzle) ownWidth(i, c int) int {
	base := z.rows[i].base()
	if base >= 13 {
		return minCell
	}
	low, high := base, 0
	for w := range base + 1 {
		for m := range base + 1 - w {
			for a := range base + 1 - w - m {
				row := cells{w, m, a, base - w - m - a}
				if z.width == 3 {
					row = cells{w, m, base - w - m, 0}
				}
				if z.possible(row, i) {
					low, high = min(low, row[c]), max(high, row[c])
				}
			}
		}
	}
	return min(minCell, high-low)
}

// walk changes cell c of row i one person at a time, up or down, through answers
// that look the same from outside, and says how many steps it could take, 5 at most.
// Every step is a table that a reader cannot exclude, so the count is never too
// high. It may be too low where two bands block each other; then more is withheld
// than need be. Without bands it is exact: a step up fails only when the row or the
// column is used up.
func (z puzzle) walk(i, c, direction int) int {
	rows := append([]cells(nil), z.rows...)
	steps := 0
	for steps < minCell && z.step(rows, i, c, direction) {
		steps++
	}
	return steps
}

// step makes the first move that keeps up appearances: one person of row i between
// cells c and d and, when the sums are known, one person of another row the opposite
// way.
func (z puzzle) step(rows []cells, i, c, direction int) bool {
	for d := range z.width {
		if d == c {
			continue
		}
		if !z.sumsKnown && z.try(rows, i, i, c, d, direction) {
			return true
		}
		for j := range rows {
			if j != i && z.try(rows, i, j, c, d, direction) {
				return true
			}
		}
	}
	return false
}

// try moves a person of row i from cell d to c (direction +1; −1 the other way) and
// one of row j back, or only the first when j is i. It undoes what would be noticed.
func (z puzzle) try(rows []cells, i, j, c, d, direction int) bool {
	beforeI, beforeJ := rows[i], rows[j]
	rows[i][c] += direction
	rows[i][d] -= direction
	if j != i {
		rows[j][c] -= direction
		rows[j][d] += direction
	}
	if z.looksRight(rows, i) && z.looksRight(rows, j) && z.sumLooksRight(rows) {
		return true
	}
	rows[j], rows[i] = beforeJ, beforeI
	return false
}

func (z puzzle) looksRight(rows []cells, i int) bool { return z.possible(rows[i], i) }

// possible says whether row i could be these cells, judged by what is shown of it.
func (z puzzle) possible(row cells, i int) bool {
	if min(row[0], row[1], row[2], row[3]) < 0 || !z.onRung(row, z.rungs[i]) {
		return false
	}
	if z.bands[i] == "" {
		return true
	}
	band, found := bandOf(row[0], row[1])
	return found && band == z.bands[i]
}

// onRung says whether the ladder could put a row of these cells on a rung. Where
// another and not stated are one cell, some division of it is enough.
func (z puzzle) onRung(row cells, rung Level) bool {
	fewest, most := Counts{row[0], row[1], row[2], 0}, Counts{row[0], row[1], 0, row[2]}
	if z.width == 4 {
		fewest = Counts{row[0], row[1], row[2], row[3]}
		most = fewest
	}
	return ladder(fewest) == rung || ladder(most) == rung
}

func (z puzzle) sumLooksRight(rows []cells) bool {
	if z.sumsKnown {
		return true
	}
	var sum cells
	for _, row := range rows {
		for c := range row {
			sum[c] += row[c]
		}
	}
	band, found := bandOf(sum[0], sum[1])
	return found && band == z.sumBand && z.onRung(sum, z.sumRung)
}
