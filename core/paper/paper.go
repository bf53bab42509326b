// Package paper says what one ballot paper of each form may hold and checks it.
//
// A paper is a mark for each option, in the order of the options; what a mark
// means depends on the form. It is stored and published as text, the marks
// with commas between them and nothing for an option left blank: "2,1,,3".
//
// Equation: Parse(p.String()) == p, for every paper of at least one option.
package paper

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"socia/core/fault"
)

// Form is how a ballot is filled in; a closed type.
type Form string

// The forms.
const (
	Motion    Form = "motion"    // for, against, abstain: marks of Motion's three options
	Choose    Form = "choose"    // one, or up to Most, options: 1 or 0
	Approve   Form = "approve"   // any number of options: 1 or 0
	Score     Form = "score"     // 0 to Top for each; blank by the method's stated rule
	Dots      Form = "dots"      // Dots in all, shared out at will
	OptIn     Form = "opt-in"    // in: 1 for one option, or for none
	Times     Form = "times"     // Yes, IfNeedBe or No for each time
	Rank      Form = "rank"      // 1 for the first preference and so on; blank is unranked
	Consent   Form = "consent"   // one of consent, concern, objection
	Consensus Form = "consensus" // one of agree, stand aside, block, abstain
	Advice    Form = "advice"    // advice given in words; one option
)

// Forms lists every form.
func Forms() []Form {
	return []Form{Motion, Choose, Approve, Score, Dots, OptIn, Times, Rank, Consent, Consensus, Advice}
}

// Blank is the mark of an option that was left empty.
const Blank = -1

// The marks of Times.
const (
	No       = 0
	IfNeedBe = 1
	Yes      = 2
)

// Paper is a mark for each option.
type Paper []int

// String writes the paper.
func (p Paper) String() string {
	parts := make([]string, len(p))
	for i, m := range p {
		if m != Blank {
			parts[i] = strconv.Itoa(m)
		}
	}
	return strings.Join(parts, ",")
}

// mostMark bounds what Parse takes, so that no sum can overflow.
const mostMark = 1_000_000

// Parse reads what String writes.
func Parse(text string) (Paper, error) {
	parts := strings.Split(text, ",")
	p := make(Paper, len(parts))
	for i, part := range parts {
		p[i] = Blank
		if part == "" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > mostMark || strconv.Itoa(n) != part {
			return nil, fmt.Errorf("paper: %q is no mark", part)
		}
		p[i] = n
	}
	return p, nil
}

// IsBlank says whether nothing was marked.
func (p Paper) IsBlank() bool {
	return !slices.ContainsFunc(p, func(m int) bool { return m != Blank })
}

// Given counts the options with a mark above 0.
func (p Paper) Given() int {
	n := 0
	for _, m := range p {
		if m > 0 {
			n++
		}
	}
	return n
}

// Rule is what a poll's papers must keep to.
type Rule struct {
	Form    Form
	Options int
	Most    int  // Choose: how many options at the most; Rank: how many ranks, 0 is all
	Top     int  // Score: the highest score, the lowest is 0
	Dots    int  // Dots: how many there are to share out
	Ties    bool // Rank: several options may share a rank
}

// Check says whether a paper keeps to the rule. A blank paper is valid: it says
// nothing, and counts as blank. The error is a fault about the field "paper"
// with one of these keys and the Args named:
//
//	paper.other_length   the paper has marks for another number of options: options
//	paper.out_of_range   a mark that the form does not have: option (from 1)
//	paper.overvote       more options chosen than allowed: given, most
//	paper.too_many_dots  more dots than there are: given, most
//	paper.too_many_ranks more ranks than allowed: given, most
//	paper.duplicate      one rank for several options: rank
//	paper.gap            a rank is left out: rank
func (r Rule) Check(p Paper) error {
	if len(p) != r.Options {
		return fault.Invalid("paper", "paper.other_length", counts{"options": r.Options})
	}
	for i, m := range p {
		if m != Blank && (m < r.lowest() || m > r.highest()) {
			return fault.Invalid("paper", "paper.out_of_range", counts{"option": i + 1})
		}
	}
	switch r.Form {
	case Motion, OptIn, Consent, Consensus, Advice:
		return r.atMost(p.Given(), 1, "paper.overvote")
	case Choose:
		return r.atMost(p.Given(), max(r.Most, 1), "paper.overvote")
	case Dots:
		return r.atMost(sum(p), r.Dots, "paper.too_many_dots")
	case Rank:
		return r.checkRanks(p)
	case Approve, Score, Times:
	}
	return nil
}

func (r Rule) lowest() int {
	if r.Form == Rank {
		return 1
	}
	return 0
}

func (r Rule) highest() int {
	switch r.Form {
	case Motion, Choose, Approve, OptIn, Consent, Consensus, Advice:
		return 1
	case Times:
		return Yes
	case Score:
		return r.Top
	case Dots:
		return r.Dots
	case Rank:
		return r.Options
	}
	return 0
}

func (r Rule) atMost(given, most int, key string) error {
	if given > most {
		return fault.Invalid("paper", key, counts{"given": given, "most": most})
	}
	return nil
}

// checkRanks: ranks begin at 1 and leave none out; where options may share a
// rank, the next rank is one more ("1,1,2"), not one more for each of them.
func (r Rule) checkRanks(p Paper) error {
	used := make([]int, r.Options+1)
	last := 0
	for _, m := range p {
		if m != Blank {
			used[m]++
			last = max(last, m)
		}
	}
	for rank := 1; rank <= last; rank++ {
		switch {
		case used[rank] == 0:
			return fault.Invalid("paper", "paper.gap", counts{"rank": rank})
		case used[rank] > 1 && !r.Ties:
			return fault.Invalid("paper", "paper.duplicate", counts{"rank": rank})
		}
	}
	if r.Most > 0 {
		return r.atMost(last, r.Most, "paper.too_many_ranks")
	}
	return nil
}

func sum(p Paper) int {
	n := 0
	for _, m := range p {
		n += max(m, 0)
	}
	return n
}

// counts are the arguments of a message.
type counts = map[string]any

// Ranks lists the options in the order of a ranked paper, those that share a
// rank together; unranked options are left out.
func (p Paper) Ranks() [][]int {
	var ranks [][]int
	for rank := 1; rank <= len(p); rank++ {
		var at []int
		for option, m := range p {
			if m == rank {
				at = append(at, option)
			}
		}
		if len(at) > 0 {
			ranks = append(ranks, at)
		}
	}
	return ranks
}

// Bundle is papers that say the same, with the weight of all of them.
type Bundle struct {
	Paper  Paper
	Weight int64
	Voters int64 // how many papers they are, where they weigh otherwise; 0 is not told
}
