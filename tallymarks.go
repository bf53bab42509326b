package main

import (
	"cmp"
	"fmt"
	"slices"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/marks"
	ballotpaper "socia/core/paper"
)

// crossed keeps distinct papers of crosses, or papers that rank.
func crossed(t *tallyCommand) ballots.Taker {
	return &ballots.Papers{Asked: ballots.Asked{OneKind: true, Refuses: func(option string, mark int) string {
		if mark <= 1 {
			return ""
		}
		return fmt.Sprintf("%s counts papers with crosses (x, 1 or 0), and the paper gives %q the mark %d", t.Method, option, mark)
	}}}
}

// scored keeps distinct papers with scores.
func scored(t *tallyCommand) ballots.Taker {
	return &ballots.Papers{Asked: ballots.Asked{Marks: true, Refuses: func(option string, mark int) string {
		if t.Top == 0 || mark <= t.Top {
			return ""
		}
		return fmt.Sprintf("the paper gives %q the score %d, above --top %d", option, mark, t.Top)
	}}}
}

func byMarks(counts func(*tallyCommand, *ballots.Election, *ballots.Papers, marks.Options) (count.Result, error)) func(*tallyCommand, *ballots.Election, ballots.Taker) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, papers ballots.Taker) (count.Result, error) {
		p, ok := papers.(*ballots.Papers)
		if !ok {
			return count.Result{}, fmt.Errorf("%s needs marks", t.Method)
		}
		r, err := counts(t, e, p, marks.Options{Seats: t.seats(e), Lots: t.lots(e), Withdrawn: e.Withdrawn})
		r.Method = t.Method
		return r, err
	}
}

// countPlurality counts first preferences, or the option that a paper marks: one
// that marks several is not valid.
func countPlurality(_ *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	if !e.Marked {
		return marks.Plurality(&p.Ranked, e.Options, o)
	}
	bundles := p.Bundles(len(e.Options))
	for _, b := range bundles {
		if b.Paper.Given() > 1 {
			for i := range b.Paper {
				b.Paper[i] = ballotpaper.Blank
			}
		}
	}
	return marks.Choose(e.Options, bundles, o)
}

// countApproval counts marks of 1, or every option that a paper ranks.
func countApproval(_ *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	if !e.Marked {
		return marks.ApprovalOfRankings(&p.Ranked, e.Options, o)
	}
	return marks.Approval(e.Options, p.Bundles(len(e.Options)), o)
}

// countScore adds up scores.
func countScore(t *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	bundles := p.Bundles(len(e.Options))
	highest := 0
	for _, b := range bundles {
		highest = max(highest, slices.Max(b.Paper))
	}
	o.Top = cmp.Or(t.Top, highest)
	if t.Blanks == "left-out" {
		o.Blanks = marks.BlankLeftOut
	}
	return marks.Score(e.Options, bundles, o)
}
