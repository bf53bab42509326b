package disclosure

import (
	"cmp"
	"slices"
)

// Protect applies the rules of this package to a table. Rows keep their order and
// keys. A count below zero, or a table kind that does not exist, shows nothing.
//
// Membership. Its rows sum to the total, so a row that is withheld alone could be
// had by subtraction. Rows are therefore withheld beside it, the smallest first,
// until for every row without counts, and every cell of it, there are tables in which
// the cell differs by 5 or more and that agree with all that is shown, with the number
// of people in each row, and with the rung of the ladder on which each row stood.
// Exactly: by min(5, w), where w is how much the cell can vary as far as is known of
// the row alone; a row of three people can never vary by more than three, and the
// table must not take even that away. If no choice of rows achieves it, the total is
// withheld, and every row stands alone.
//
// The other tables. Their rows share people, so the difference of two rows can be a
// handful whom everybody can name. Two rows show counts together only if they differ
// by at least 5 in every cell; otherwise the smaller falls to the lower rungs.
//
// What is not covered. A reader who replays this procedure on every possible table
// learns a little more from which rows it chose: enumerated over the tables of two
// rows, of 20 and of 5, 8, 10 and 12 people, such a reader gets a hidden cell to less
// than 3 in 0 to 2.3 % of them. People shared by three rows or more, or between tables, are not looked at.
func Protect(table TableKind, rows []RawRow) Protected {
	p := Protected{table: table, rows: make([]Row, len(rows))}
	for i, raw := range rows {
		p.rows[i] = Row{key: raw.Key, level: ShowNothing}
	}
	refused := slices.ContainsFunc(rows, func(r RawRow) bool { return r.negative() })
	if refused || !table.valid() || len(rows) == 0 {
		return p
	}
	if table == Membership {
		return protectPartition(p, rows)
	}
	levels := overlapping(rows)
	for i, raw := range rows {
		p.rows[i] = shown(raw, levels[i], false)
	}
	return p
}

// protectPartition takes the first plan that holds.
func protectPartition(p Protected, rows []RawRow) Protected {
	var sum Counts
	for _, raw := range rows {
		sum = sum.plus(raw.Counts)
	}
	chosen := plan{rows: ladders(rows), total: ShowNothing}
	for _, candidate := range plans(rows, ladder(sum)) {
		if holds(rows, candidate, false) {
			chosen = candidate
			break
		}
	}
	apart := mayShowApart(rows, sum, chosen) && holds(rows, chosen, true)
	for i, raw := range rows {
		p.rows[i] = shown(raw, chosen.rows[i], apart)
	}
	total := shown(RawRow{Counts: sum}, chosen.total, apart)
	p.total = &total
	return p
}

func ladders(rows []RawRow) []Level {
	levels := make([]Level, len(rows))
	for i, raw := range rows {
		levels[i] = ladder(raw.Counts)
	}
	return levels
}

// plan says what each row and the total would show.
type plan struct {
	rows  []Level
	total Level
}

// plans lists the plans that keep the total, the best first: no row's counts
// withheld beyond the ladder, then the smallest row's, then the two smallest …; and
// within each of these with all bands, then without the smallest row's, and so on.
func plans(rows []RawRow, total Level) []plan {
	if total == ShowNothing {
		return nil
	}
	levels := ladders(rows)
	var list []plan
	for {
		list = append(list, bandPlans(rows, levels, total)...)
		i, found := smallest(rows, levels, ShowCounts)
		if !found {
			return list
		}
		levels[i] = lowerRungs(rows[i].Counts)
	}
}

func bandPlans(rows []RawRow, levels []Level, total Level) []plan {
	levels = slices.Clone(levels)
	var list []plan
	for {
		list = append(list, plan{slices.Clone(levels), total})
		i, found := smallest(rows, levels, ShowBand)
		if !found {
			return list
		}
		levels[i] = ShowNothing
	}
}

// smallest finds the row of a level with the fewest people, the first among equals.
func smallest(rows []RawRow, levels []Level, level Level) (at int, found bool) {
	for i, raw := range rows {
		if levels[i] == level && (!found || raw.Base() < rows[at].Base()) {
			at, found = i, true
		}
	}
	return at, found
}

// mayShowApart says whether another and not stated are each large enough wherever
// counts are shown. It is one answer for the table: were one row apart and another
// merged, the total would give the second away.
func mayShowApart(rows []RawRow, sum Counts, chosen plan) bool {
	large := func(c Counts) bool { return min(c.Another, c.NotStated) >= minCell }
	some := chosen.total == ShowCounts
	if some && !large(sum) {
		return false
	}
	for i, level := range chosen.rows {
		if level == ShowCounts {
			if !large(rows[i].Counts) {
				return false
			}
			some = true
		}
	}
	return some
}

// overlapping gives the levels of rows that share people. Larger rows come first.
func overlapping(rows []RawRow) []Level {
	levels := ladders(rows)
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rows[b].Base(), rows[a].Base()) })
	var accepted []Counts
	for _, i := range order {
		if levels[i] != ShowCounts {
			continue
		}
		tooClose := func(larger Counts) bool { return !cellsShowable(larger.minus(rows[i].Counts)) }
		if slices.ContainsFunc(accepted, tooClose) {
			levels[i] = lowerRungs(rows[i].Counts)
			continue
		}
		accepted = append(accepted, rows[i].Counts)
	}
	return levels
}
