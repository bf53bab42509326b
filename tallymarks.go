package main

import (
	"cmp"
	"errors"
	"fmt"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/marks"
	ballotpaper "socia/core/paper"
)

// marked keeps distinct papers of both kinds: those that rank and those that mark each option.
func marked() ballots.Taker { return new(ballots.Papers) }

func byMarks(counts func(*tallyCommand, *ballots.Election, *ballots.Papers, marks.Options) (count.Result, error)) func(*tallyCommand, *ballots.Election, ballots.Taker) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, papers ballots.Taker) (count.Result, error) {
		p, ok := papers.(*ballots.Papers)
		seats, err := t.seats(e)
		switch {
		case err != nil:
			return count.Result{}, err
		case !ok:
			return count.Result{}, fmt.Errorf("%s needs marks", t.Method)
		case e.Marked && p.Ranked.Len() > 0:
			return count.Result{}, errors.New("some papers of the file have marks and others only ranks; one count cannot add them up")
		}
		r, err := counts(t, e, p, marks.Options{Seats: seats, Lots: t.lots(e), Withdrawn: e.Withdrawn})
		r.Method = t.Method
		return r, err
	}
}

// countPlurality counts first preferences, or the option that a paper marks: one
// that marks several is not valid.
func countPlurality(t *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	if !e.Marked {
		return marks.Plurality(&p.Ranked, e.Options, o)
	}
	bundles, err := crosses(t, e, p)
	for _, b := range bundles {
		if b.Paper.Given() > 1 {
			for i := range b.Paper {
				b.Paper[i] = ballotpaper.Blank
			}
		}
	}
	if err != nil {
		return count.Result{}, err
	}
	return marks.Choose(e.Options, bundles, o)
}

// countApproval counts marks of 1, or every option that a paper ranks.
func countApproval(t *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	if !e.Marked {
		return marks.ApprovalOfRankings(&p.Ranked, e.Options, o)
	}
	bundles, err := crosses(t, e, p)
	if err != nil {
		return count.Result{}, err
	}
	return marks.Approval(e.Options, bundles, o)
}

// crosses are papers with no other marks than 1 and 0.
func crosses(t *tallyCommand, e *ballots.Election, p *ballots.Papers) ([]ballotpaper.Bundle, error) {
	bundles := p.Bundles(len(e.Options))
	for _, b := range bundles {
		for i, m := range b.Paper {
			if m > 1 {
				return nil, fmt.Errorf("%s counts papers with crosses (x, 1 or 0), and a paper gives %q the mark %d", t.Method, e.Options[i], m)
			}
		}
	}
	return bundles, nil
}

// countScore adds up scores.
func countScore(t *tallyCommand, e *ballots.Election, p *ballots.Papers, o marks.Options) (count.Result, error) {
	if !e.Marked {
		return count.Result{}, errors.New("score counts scores, and the papers of the file only rank options")
	}
	bundles := p.Bundles(len(e.Options))
	highest := 0
	for _, b := range bundles {
		for i, m := range b.Paper {
			if t.Top > 0 && m > t.Top {
				return count.Result{}, fmt.Errorf("a paper gives %q the score %d, above --top %d", e.Options[i], m, t.Top)
			}
			highest = max(highest, m)
		}
	}
	o.Top = cmp.Or(t.Top, highest)
	if t.Blanks == "left-out" {
		o.Blanks = marks.BlankLeftOut
	}
	return marks.Score(e.Options, bundles, o)
}
