// Package count is what every way of counting answers with: who won, in which
// order, and every round that led there, so that a page can tell the story and
// anybody can check it. It holds no rule; the rules are in the packages of the
// methods (core/stv, core/irv, core/condorcet, core/marks, core/budget…).
//
// Options are named by their place in Result.Options, from 0.
package count

import (
	"fmt"
	"math/big"
	"strings"

	"socia/core/ratio"
)

// Figure is an exact quantity of votes as text: "12", with the fixed decimals
// of the method ("1315.66424", truncated as the method says), or a fraction
// ("61/90"). The empty text is none.
type Figure string

// Whole writes a whole number.
func Whole(n int64) Figure { return Figure(fmt.Sprint(n)) }

// Of writes an exact fraction.
func Of(r ratio.Ratio) Figure { return Figure(r.String()) }

// Fixed writes units of the last of so many decimal places: Fixed(131566424, 5)
// is "1315.66424". No rounding takes place.
func Fixed(units *big.Int, places int) Figure {
	if places <= 0 {
		return Figure(units.String())
	}
	digits := fmt.Sprintf("%0*s", places+1, new(big.Int).Abs(units).String())
	sign := ""
	if units.Sign() < 0 {
		sign = "-"
	}
	return Figure(sign + digits[:len(digits)-places] + "." + digits[len(digits)-places:])
}

// Ratio is the figure as a number; a text that is none is 0.
func (f Figure) Ratio() ratio.Ratio {
	whole, decimals, _ := strings.Cut(string(f), ".")
	r, err := ratio.Parse(whole + decimals)
	if err != nil {
		return ratio.Ratio{}
	}
	for range decimals {
		r = r.Div(ratio.Int(10))
	}
	return r
}

// Result is the outcome of a count with everything that led to it.
type Result struct {
	Method  string   `json:"method"`  // "stv-scottish"
	Version string   `json:"version"` // of the method as implemented
	Seats   int      `json:"seats"`
	Options []string `json:"options"`
	// A vote of weight one counts Scale/Unit in the figures: figure × Unit / Scale
	// is in votes, or, when votes weigh by class, in shares as the statutes write
	// them. Both are 1 where every vote weighs one; a Unit of 0 is 1.
	Scale   int64   `json:"scale"`
	Unit    int64   `json:"unit,omitempty"`
	Papers  Figure  `json:"papers"`          // the weight of all papers
	Valid   Figure  `json:"valid"`           // of those that say something
	Quota   Figure  `json:"quota,omitempty"` // where the method has one
	Winners []int   `json:"winners"`         // in the order of election
	Order   [][]int `json:"order,omitempty"` // from best to worst, tied ones together, where the method ranks all
	Rounds  []Round `json:"rounds"`
	// Votes[i] is the weight of papers that approve option i, where the first round's Tally has something else.
	Votes []Figure `json:"votes,omitempty"`
	// Step is by how many cents the share of one voter was raised at a time, where a budget is counted by equal shares.
	Step Figure `json:"step,omitempty"`
	// Default is the option "none of these", where a method has one: if it wins, nothing is approved.
	Default *int `json:"default,omitempty"`
	// Pairs[i][j] is the weight of papers that prefer i to j; methods that compare pairs have it.
	Pairs [][]Figure `json:"pairs,omitempty"`
	// Paths[i][j] is the strength of the strongest path from i to j; Schulze's method has it.
	Paths [][]Figure `json:"paths,omitempty"`
	Lots  []Lot      `json:"lots,omitempty"`
}

// NothingApproved says whether the option "none of these" won.
func (r Result) NothingApproved() bool {
	return r.Default != nil && len(r.Winners) == 1 && r.Winners[0] == *r.Default
}

// State is what an option is at the end of a round; a closed type.
type State string

// The states of an option.
const (
	Hopeful   State = "hopeful"
	Elected   State = "elected"
	Pending   State = "pending" // elected, with a surplus to transfer
	Defeated  State = "defeated"
	Withdrawn State = "withdrawn"
)

// Round is one step of a count and how things stood at its end.
type Round struct {
	Number    int    `json:"number"`
	Acts      []Act  `json:"acts,omitempty"`
	Tally     []Line `json:"tally"`               // a line for each option, in their order
	Exhausted Figure `json:"exhausted,omitempty"` // votes that no longer count for anybody
	Residual  Figure `json:"residual,omitempty"`  // lost because a method truncates
	Quota     Figure `json:"quota,omitempty"`     // where it changes from round to round
	// Inactive tells apart why Exhausted votes no longer count, where a method does.
	Inactive *Inactive `json:"inactive,omitempty"`
}

// Inactive is votes that no longer count for anybody, by the reason; the sum is
// the round's Exhausted.
type Inactive struct {
	Ended     Figure `json:"ended"`     // no option that is left is ranked any more
	Overvoted Figure `json:"overvoted"` // a rank with several options
	Repeated  Figure `json:"repeated"`  // a rank with an option ranked before
	Skipped   Figure `json:"skipped"`   // too many ranks in a row left empty
}

// Line is how an option stood.
type Line struct {
	Option int    `json:"option"`
	Votes  Figure `json:"votes"`
	State  State  `json:"state,omitempty"`
	Keep   Figure `json:"keep,omitempty"` // Meek's keep factor
}

// ActKind says what was done; a closed type.
type ActKind string

// What happens in a count.
const (
	ActElect     ActKind = "elect"     // Option reached what was needed
	ActRemaining ActKind = "remaining" // Option elected because no more are left than seats
	ActDefeat    ActKind = "defeat"    // Option went out as the lowest
	ActSurplus   ActKind = "surplus"   // Votes above the quota passed on
	ActTransfer  ActKind = "transfer"  // the votes of a defeated option passed on
	ActTie       ActKind = "tie"       // Among tied; Option chosen by the method's own rule (named in Rule)
	ActLot       ActKind = "lot"       // Among tied; Option chosen by lot
	ActLock      ActKind = "lock"      // Ranked Pairs: Option over Against stands
	ActSkip      ActKind = "skip"      // Ranked Pairs: it would make a cycle; Debian: the weakest defeat is dropped
	ActDrop      ActKind = "drop"      // Debian: Option fails quorum or majority against the default
	ActGuard     ActKind = "guard"     // parity: Option may not be defeated
	ActDoom      ActKind = "doom"      // parity: Option may no longer be elected
	ActSwap      ActKind = "swap"      // parity: Option takes the place of Against
	ActFund      ActKind = "fund"      // budget: Option is funded; Votes is its cost in cents
	ActPass      ActKind = "pass"      // budget: Option, which costs Votes, is passed over; Rule says why
)

// Act is one thing that was done in a round.
type Act struct {
	Kind      ActKind    `json:"kind"`
	Option    int        `json:"option"`
	Against   *int       `json:"against,omitempty"`
	Among     []int      `json:"among,omitempty"`
	Rule      string     `json:"rule,omitempty"`  // a message key's end: "previous_round", "lot"…
	Votes     Figure     `json:"votes,omitempty"` // the surplus, the defeat's strength, the cost…
	Transfers []Transfer `json:"transfers,omitempty"`
	// Pays is the money side of a budget's act, in cents: of ActFund what one vote pays at the
	// most, of ActPass what its supporters have left together.
	Pays Figure `json:"pays,omitempty"`
	// Needed is of ActDrop what Votes are compared with: the quorum or the majority that was asked, or, with the rule
	// "beaten", the votes for Against, which have to be fewer.
	Needed Figure `json:"needed,omitempty"`
}

// ToNobody as the To of a Transfer says that the votes go to nobody.
const ToNobody = -1

// Transfer is what an option received in an act.
type Transfer struct {
	To    int    `json:"to"` // an option, or ToNobody
	Votes Figure `json:"votes"`
}

// Lot is a tie that was decided by lot, with what is needed to draw it again.
type Lot struct {
	What   string `json:"what"`   // as given to lot.Breaker
	Among  []int  `json:"among"`  // the tied options
	Chosen []int  `json:"chosen"` // in the order drawn
}
