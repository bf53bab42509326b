// Package methods is the one table of the ways in which a cooperative can
// decide: what each asks on paper, what it must be told, and how it counts.
// The rules themselves are in core/tally, core/marks, core/irv, core/stv,
// core/condorcet, core/budget, core/consent and core/sortition.
package methods

import (
	"slices"

	"socia/core/paper"
)

// Name names a method; a closed type.
type Name string

// The methods.
const (
	Motion      Name = "motion"
	Choose      Name = "choose"
	Approval    Name = "approval"
	Score       Name = "score"
	Dots        Name = "dots"
	OptIn       Name = "opt-in"
	Times       Name = "times"
	IRV         Name = "irv"
	Scottish    Name = "stv-scottish"
	WIGM        Name = "stv-wigm"
	Meek        Name = "stv-meek"
	Schulze     Name = "schulze"
	RankedPairs Name = "ranked-pairs"
	Borda       Name = "borda"
	Debian      Name = "debian"
	Greedy      Name = "budget-greedy"
	EqualShares Name = "budget-equal-shares"
	Consent     Name = "consent"
	Consensus   Name = "consensus"
	Advice      Name = "advice"
	Sortition   Name = "sortition"
)

// Group is the question that a method answers, as pages group them; a closed type.
type Group string

// The groups.
const (
	Text     Group = "text"     // is this text approved
	Together Group = "together" // does anybody object
	One      Group = "one"      // which one of several
	Several  Group = "several"  // who fills the seats
	Money    Group = "money"    // what is the money spent on
	Agenda   Group = "agenda"   // when, or who joins in
	Lot      Group = "lot"      // whom the lot draws
)

// Groups lists the groups in the order in which pages show them.
func Groups() []Group { return []Group{Text, Together, One, Several, Money, Agenda, Lot} }

// Answer is how a vote is written; a closed type.
type Answer string

// The ways of answering.
const (
	Words  Answer = "words"  // one word of a list: for, consent, block…
	Papers Answer = "papers" // marks for each option, as core/paper checks them
	None   Answer = "none"   // nobody answers: the lot does
)

// Method is a way of deciding.
type Method struct {
	Name    Name
	Version string // of its implementation here; part of every result
	Group   Group
	Answer  Answer
	Words   []string   // of Answer Words
	Form    paper.Form // of Answer Papers
	Seats   bool       // whether several can win
	Lots    bool       // whether it may need a lot
}

var all = []Method{
	{Name: Motion, Version: "1", Group: Text, Answer: Words, Words: []string{"for", "against", "abstain"}},
	{Name: Consent, Version: "1", Group: Together, Answer: Words, Words: []string{"consent", "concern", "objection"}},
	{Name: Consensus, Version: "1", Group: Together, Answer: Words, Words: []string{"agree", "stand_aside", "block", "abstain"}},
	{Name: Advice, Version: "1", Group: Together, Answer: Words, Words: []string{"advice", "no_advice"}},
	{Name: Choose, Version: "1", Group: One, Answer: Papers, Form: paper.Choose, Seats: true, Lots: true},
	{Name: Approval, Version: "1", Group: One, Answer: Papers, Form: paper.Approve, Seats: true, Lots: true},
	{Name: Score, Version: "1", Group: One, Answer: Papers, Form: paper.Score, Seats: true, Lots: true},
	{Name: Dots, Version: "1", Group: One, Answer: Papers, Form: paper.Dots, Seats: true, Lots: true},
	{Name: IRV, Version: "1", Group: One, Answer: Papers, Form: paper.Rank, Lots: true},
	{Name: Schulze, Version: "1", Group: One, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: RankedPairs, Version: "1", Group: One, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: Borda, Version: "1", Group: One, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: Debian, Version: "1", Group: One, Answer: Papers, Form: paper.Rank, Lots: true},
	{Name: Scottish, Version: "1", Group: Several, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: WIGM, Version: "1", Group: Several, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: Meek, Version: "1", Group: Several, Answer: Papers, Form: paper.Rank, Seats: true, Lots: true},
	{Name: Greedy, Version: "1", Group: Money, Answer: Papers, Form: paper.Approve, Lots: true},
	{Name: EqualShares, Version: "1", Group: Money, Answer: Papers, Form: paper.Approve, Lots: true},
	{Name: Times, Version: "1", Group: Agenda, Answer: Papers, Form: paper.Times},
	{Name: OptIn, Version: "1", Group: Agenda, Answer: Papers, Form: paper.OptIn},
	{Name: Sortition, Version: "1", Group: Lot, Answer: None, Seats: true, Lots: true},
}

// All lists the methods, those of a group together, in the order in which pages show them.
func All() []Method { return slices.Clone(all) }

// ByName finds a method.
func ByName(name Name) (Method, bool) {
	at := slices.IndexFunc(all, func(m Method) bool { return m.Name == name })
	if at < 0 {
		return Method{}, false
	}
	return all[at], true
}

// HasTies says whether options may share a rank on a paper: where only pairs are compared.
func (m Method) HasTies() bool {
	return m.Name == Schulze || m.Name == RankedPairs || m.Name == Debian
}

// Heads says whether people are counted whatever votes they have: nobody is two people on the day when most can come,
// nor joins in or gives advice twice, and the lot knows people only.
func (m Method) Heads() bool {
	return m.Name == Times || m.Name == OptIn || m.Name == Advice || m.Answer == None
}

// Delegable says whether somebody else can answer for a member. Nobody joins in, or can come on a day, because another
// member does; and of a draw nothing is asked.
func (m Method) Delegable() bool { return m.Name != Times && m.Name != OptIn && m.Answer != None }

// Plural says whether a member of two votes counts as two on a paper. Consent and consensus have no tally.
func (m Method) Plural() bool { return !m.Heads() && m.Group != Together }

// Offers says whether the method chooses from options of its own making.
func (m Method) Offers() bool { return m.Answer == Papers }
