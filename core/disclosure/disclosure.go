// Package disclosure decides which figures about gender may be seen; and, with
// OfVote, which figures of a vote people outside see. Raw counts go
// in, a Protected table comes out, and only Protected may reach a page, an export
// or the API.
//
// The reader to guard against is a member who knows by name who belongs to each
// row, and so knows how many people are in it, and who has read this source. Four
// rules are applied, of which the first three to every table:
//
//  1. The ladder, row by row. At least 20 people and at least 5 in every cell: the
//     counts. Else at least 10 people of whom at least 60 % have stated a group: only
//     whether women are below, inside or above 40 to 60 %. Else nothing. A zero is as
//     sensitive as a one ("all six are women" exposes six people) and never passes.
//  2. Another and not stated are shown apart only in the membership table, and only
//     if each is at least 5 in every row shown; otherwise they are one cell.
//  3. The share of women is women ÷ (women + men), everywhere: it is the one share
//     that can be computed whether or not the other two cells are shown apart, and
//     it makes the 40–60 zone symmetric.
//  4. Rows that belong together, see Protect.
//
// Two-way tables, links between tables and differences between releases are not
// decided here yet; until they are, tables are one-way and appear on ReleaseDay
// only.
package disclosure

import "socia/core/civil"

// The thresholds of the ladder.
const (
	minCell       = 5
	minCountsBase = 20
	minBandBase   = 10
	// minCoverage is in per cent of the row's people.
	minCoverage = 60
)

// Group is the group in which a person's own choice counts them.
type Group string

// The groups. NotStated holds everyone who did not answer, did not consent to this
// use, or chose not to be counted.
const (
	Women     Group = "women"
	Men       Group = "men"
	Another   Group = "another"
	NotStated Group = "not_stated"
)

// Groups lists the groups in the order of columns.
func Groups() []Group { return []Group{Women, Men, Another, NotStated} }

// TableKind says which table of the report it is, and so how its rows relate.
type TableKind string

// The tables. They count natural persons, not acts.
const (
	// Membership (T1) has a row per member class. Each person is in exactly one row,
	// so the table has a total.
	Membership TableKind = "membership"
	// Use (T2): who attended, spoke, proposed, voted. Rows share people, as they do in
	// every table below, so there is no total over rows.
	Use TableKind = "use"
	// Administration (T3): decision posts and technical roles.
	Administration TableKind = "administration"
	// Development (T4): code, review, documentation, translation.
	Development TableKind = "development"
	// Care (T5): minutes, facilitation, support, onboarding.
	Care TableKind = "care"
)

// valid says whether the kind is one of the five.
func (k TableKind) valid() bool {
	switch k {
	case Membership, Use, Administration, Development, Care:
		return true
	}
	return false
}

// Counts is how many people of a row are in each group. It is raw: it must not be
// shown.
type Counts struct {
	Women, Men, Another, NotStated int
}

// Base is the number of people in the row.
func (c Counts) Base() int { return c.Women + c.Men + c.Another + c.NotStated }

// Add counts n people more in a group.
func (c *Counts) Add(g Group, n int) {
	switch g {
	case Women:
		c.Women += n
	case Men:
		c.Men += n
	case Another:
		c.Another += n
	case NotStated:
		c.NotStated += n
	}
}

func (c Counts) plus(o Counts) Counts {
	return Counts{c.Women + o.Women, c.Men + o.Men, c.Another + o.Another, c.NotStated + o.NotStated}
}

func (c Counts) minus(o Counts) Counts {
	return Counts{c.Women - o.Women, c.Men - o.Men, c.Another - o.Another, c.NotStated - o.NotStated}
}

func (c Counts) negative() bool { return min(c.Women, c.Men, c.Another, c.NotStated) < 0 }

// RawRow is a row before protection. Key names it to the caller, such as a class's
// code; it comes out unchanged.
type RawRow struct {
	Key string
	Counts
}

// Level is how much of a row may be seen.
type Level string

// The levels, from most to least.
const (
	ShowCounts  Level = "counts"
	ShowBand    Level = "band"
	ShowNothing Level = "nothing"
)

// Band says where the share of women lies. 40 and 60 % themselves are inside: the
// balanced composition of Ley orgánica 3/2007, first additional provision.
type Band string

// The bands.
const (
	Below  Band = "below"
	Inside Band = "inside"
	Above  Band = "above"
)

// bandOf gives the band, and false if there are neither women nor men.
func bandOf(women, men int) (Band, bool) {
	switch {
	case women+men == 0:
		return "", false
	case 100*women < 40*(women+men):
		return Below, true
	case 100*women > 60*(women+men):
		return Above, true
	}
	return Inside, true
}

// ladder is the first rule: what a row may show if it stands alone.
func ladder(c Counts) Level {
	if c.Base() >= minCountsBase && cellsShowable(c) {
		return ShowCounts
	}
	return lowerRungs(c)
}

// cellsShowable says whether each of women, men and another-or-not-stated has
// enough people. Nobody is not enough.
func cellsShowable(c Counts) bool { return min(c.Women, c.Men, c.Another+c.NotStated) >= minCell }

// lowerRungs is the ladder without its first rung: a row that may not show counts.
func lowerRungs(c Counts) Level {
	_, hasBand := bandOf(c.Women, c.Men)
	covered := 100*(c.Base()-c.NotStated) >= minCoverage*c.Base()
	if hasBand && covered && c.Base() >= minBandBase {
		return ShowBand
	}
	return ShowNothing
}

// ReleaseDay is the day whose figures are published on a given day: the latest
// 1 January or 1 July, that day included. Fixed days keep readers from asking again
// after each person who joins or leaves.
func ReleaseDay(today civil.Date) civil.Date {
	if today.Month >= 7 {
		return civil.Date{Year: today.Year, Month: 7, Day: 1}
	}
	return civil.Date{Year: today.Year, Month: 1, Day: 1}
}
