package methods

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"socia/core/fault"
	"socia/core/paper"
)

// Setup is what a method is told; which fields count depends on the method.
type Setup struct {
	Seats       int    `json:"seats,omitempty"`
	Most        int    `json:"most,omitempty"`         // Choose: options that one paper may choose; methods that rank: ranks that one may use, 0 is all
	Top         int    `json:"top,omitempty"`          // Score: the highest score
	Blanks      string `json:"blanks,omitempty"`       // Score: how an option left blank counts, core/marks
	Dots        int    `json:"dots,omitempty"`         // Dots: how many a paper has
	AmountCents int64  `json:"amount_cents,omitempty"` // Money: what there is to spend
	StandAsides int    `json:"stand_asides,omitempty"` // Consensus: with how many it still is one
	Strata      bool   `json:"strata,omitempty"`       // Sortition: keep the proportions of the classes
	// Default is the option "none of these" of Debian's procedure, from 1; 0 is none. Against it every other option
	// needs DefaultQuorum votes and a majority of DefaultMajority to one.
	Default         int `json:"default,omitempty"`
	DefaultQuorum   int `json:"default_quorum,omitempty"`
	DefaultMajority int `json:"default_majority,omitempty"`
	// Alternate makes a list of the elected in which the group and the others take turns. It is another rule than
	// ParityAtLeast: a list is made of the order of all, so that who would be elected by the other one plays no part.
	Alternate bool `json:"alternate,omitempty"`
	// ParityAtLeast of the elected are of the group that candidates declared themselves to be of; 0 is no rule.
	ParityAtLeast int `json:"parity_at_least,omitempty"`
}

// The rules for options that a score leaves blank: Setup.Blanks.
const (
	BlanksZero    = "zero"    // they count as 0, and the most points win
	BlanksAverage = "average" // they do not count: the best average wins
)

// Option is what can be chosen.
type Option struct {
	Label     string
	CostCents int64 // Money
	InGroup   bool  // declared by the candidate, for the parity rule
}

// The most that a poll may have.
const (
	MostOptions = 60
	MostSeats   = 50
	MostDots    = 100
	MostCents   = 1_000_000_000_00
)

// Parity says whether the method can keep a parity rule.
func (m Method) Parity() bool {
	switch m.Name {
	case Scottish, WIGM, Meek, Approval, Choose, Score:
		return true
	case Motion, Consent, Consensus, Advice, Dots, IRV, Schulze, RankedPairs, Borda, Debian, Greedy, EqualShares, Times, OptIn, Sortition:
	}
	return false
}

// Ranks says whether the method puts all options in an order, from which a list can be made that alternates.
func (m Method) Ranks() bool {
	switch m.Name {
	case Choose, Approval, Score, Schulze, RankedPairs, Borda:
		return true
	case Motion, Consent, Consensus, Advice, Dots, IRV, Scottish, WIGM, Meek, Debian, Greedy, EqualShares, Times, OptIn, Sortition:
	}
	return false
}

// Check says whether a poll can be held so. The error is a fault.All about the
// fields options, seats, most, top, dots, amount and parity_at_least.
func (m Method) Check(s Setup, options []Option) error {
	var wrong []*fault.Fault
	within := func(field string, n, low, high int) {
		if n < low || n > high {
			wrong = append(wrong, fault.Invalid(field, "polls.setup.range", map[string]any{"Least": low, "Most": high}))
		}
	}
	if m.Offers() {
		wrong = append(wrong, m.checkOptions(options)...)
	}
	n := len(options)
	if m.Offers() && n < m.leastOptions() {
		n = MostOptions // that options are missing is said once, beside them
	}
	if m.Seats && m.Name != Sortition {
		within("seats", s.Seats, 1, min(n, MostSeats))
	}
	switch m.Name {
	case Choose:
		within("most", s.Most, 1, n)
	case Score:
		if s.Top != 5 && s.Top != 10 {
			wrong = append(wrong, fault.Invalid("top", "polls.setup.top"))
		}
		if s.Blanks != BlanksZero && s.Blanks != BlanksAverage {
			wrong = append(wrong, fault.Invalid("blanks", "ui.error.choose"))
		}
	case Dots:
		within("dots", s.Dots, 1, MostDots)
	case Greedy, EqualShares:
		if s.AmountCents < 1 || s.AmountCents > MostCents {
			wrong = append(wrong, fault.Invalid("amount", "polls.setup.amount"))
		} else {
			wrong = append(wrong, tooDear(s.AmountCents, options)...)
		}
	case Sortition:
		within("seats", s.Seats, 1, MostSeats)
	case Consensus:
		within("stand_asides", s.StandAsides, 0, 1000)
	case Debian:
		within("default", s.Default, 0, n)
		within("default_quorum", s.DefaultQuorum, 0, 1_000_000)
		within("default_majority", s.DefaultMajority, 0, 100)
		if s.Default == 0 && (s.DefaultQuorum > 0 || s.DefaultMajority > 1) {
			wrong = append(wrong, fault.Invalid("default", "polls.setup.default"))
		}
	case Motion, Consent, Advice, Approval, OptIn, Times, IRV, Scottish, WIGM, Meek, Schulze, RankedPairs, Borda:
	}
	if m.Form == paper.Rank {
		within("most", s.Most, 0, n)
	}
	if m.Parity() {
		within("parity_at_least", s.ParityAtLeast, 0, max(s.Seats, 0))
		if s.Alternate && s.ParityAtLeast > 0 {
			wrong = append(wrong, fault.Invalid("parity_at_least", "polls.setup.one_parity"))
		}
	}
	return fault.All(wrong...)
}

// tooDear refuses projects that cost more than all there is: no vote could fund them.
func tooDear(amountCents int64, options []Option) (wrong []*fault.Fault) {
	for _, o := range options {
		if o.CostCents > amountCents {
			wrong = append(wrong, fault.Invalid("options", "polls.setup.dearer", map[string]any{"Option": o.Label}))
		}
	}
	return wrong
}

// leastOptions is how few there may be to choose from.
func (m Method) leastOptions() int {
	if m.Group == Money || m.Group == Agenda {
		return 1
	}
	return 2
}

func (m Method) checkOptions(options []Option) (wrong []*fault.Fault) {
	least := m.leastOptions()
	if len(options) < least || len(options) > MostOptions {
		wrong = append(wrong, fault.Invalid("options", "polls.setup.options", map[string]any{"Least": least, "Most": MostOptions}))
	}
	seen := make([]string, 0, len(options))
	for _, o := range options {
		if o.Label == "" {
			wrong = append(wrong, fault.Invalid("options", "polls.setup.nameless"))
			continue
		}
		if !isName(o.Label) {
			wrong = append(wrong, fault.Invalid("options", "polls.setup.option_name"))
		}
		name := strings.ToLower(o.Label)
		if slices.Contains(seen, name) {
			wrong = append(wrong, fault.Invalid("options", "polls.setup.option_twice", map[string]any{"Option": o.Label}))
		}
		seen = append(seen, name)
		if m.Group == Money && (o.CostCents < 1 || o.CostCents > MostCents) {
			wrong = append(wrong, fault.Invalid("options", "polls.setup.cost", map[string]any{"Option": o.Label}))
		}
	}
	return wrong
}

// isName says whether an option can be called so: something that stands on one line, in the file of papers too.
func isName(label string) bool {
	return label == strings.TrimSpace(label) && utf8.ValidString(label) && !strings.ContainsFunc(label, unicode.IsControl)
}

// Rule is what the method's papers keep to.
func (m Method) Rule(s Setup, options int) paper.Rule {
	return paper.Rule{Form: m.Form, Options: options, Most: s.Most, Top: s.Top, Dots: s.Dots, Ties: m.HasTies()}
}

// CheckVote says whether the text of a vote is one of the method's: a word of
// its list, or a paper that keeps to its rule. The error is a fault.
func (m Method) CheckVote(s Setup, options int, text string) error {
	switch m.Answer {
	case Words:
		if !slices.Contains(m.Words, text) {
			return fault.Invalid("choice", "polls.choose")
		}
	case Papers:
		p, err := paper.Parse(text)
		if err != nil {
			return fault.Invalid("paper", "polls.choose")
		}
		return m.Rule(s, options).Check(p)
	case None:
		return fault.Conflict("polls.nobody_answers")
	}
	return nil
}
