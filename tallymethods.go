package main

import (
	"fmt"
	"slices"

	"socia/core/ballots"
	"socia/core/condorcet"
	"socia/core/count"
	"socia/core/irv"
	"socia/core/ratio"
	"socia/core/stv"
)

// tallyMethod is what keeps a method's papers, and how they are counted.
type tallyMethod struct {
	papers func(t *tallyCommand) ballots.Taker
	count  func(t *tallyCommand, e *ballots.Election, papers ballots.Taker) (count.Result, error)
}

// tallyMethods are the methods of the command line, by name.
var tallyMethods = map[string]tallyMethod{
	"plurality":    {crossed, byMarks(countPlurality)},
	"approval":     {crossed, byMarks(countApproval)},
	"score":        {scored, byMarks(countScore)},
	"borda":        {ranked, byRanks(countBorda)},
	"irv":          {ranked, byRanks(countIRV)},
	"stv-scottish": {ranked, byRanks(countSTV(stv.Scottish))},
	"stv-wigm":     {ranked, byRanks(countSTV(stv.WIGM))},
	"stv-meek":     {ranked, byRanks(countSTV(stv.Meek))},
	"schulze":      {paired, byPairs(countPairs(condorcet.Schulze))},
	"ranked-pairs": {paired, byPairs(countPairs(condorcet.RankedPairs))},
	"debian":       {paired, byPairs(countDebian)},
}

// ranked keeps distinct papers; paired only compares options.
func ranked(*tallyCommand) ballots.Taker { return new(ballots.Rankings) }
func paired(*tallyCommand) ballots.Taker { return condorcet.NewMatrix(0) }

func byRanks(counts func(*tallyCommand, *ballots.Election, *ballots.Rankings) (count.Result, error)) func(*tallyCommand, *ballots.Election, ballots.Taker) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, papers ballots.Taker) (count.Result, error) {
		r, ok := papers.(*ballots.Rankings)
		if !ok {
			return count.Result{}, fmt.Errorf("%s needs rankings", t.Method)
		}
		return counts(t, e, r)
	}
}

func byPairs(counts func(*tallyCommand, *ballots.Election, *condorcet.Matrix) (count.Result, error)) func(*tallyCommand, *ballots.Election, ballots.Taker) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, papers ballots.Taker) (count.Result, error) {
		m, ok := papers.(*condorcet.Matrix)
		if !ok {
			return count.Result{}, fmt.Errorf("%s needs pairs", t.Method)
		}
		return counts(t, e, m)
	}
}

func countSTV(rule func(*ballots.Rankings, []string, stv.Options) (count.Result, error)) func(*tallyCommand, *ballots.Election, *ballots.Rankings) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, r *ballots.Rankings) (count.Result, error) {
		return rule(r, e.Options, stv.Options{Seats: t.seats(e), Withdrawn: e.Withdrawn, Lots: t.lots(e), SureLosers: t.SureLosers})
	}
}

// undeclared is what published ballots call votes for people who do not stand.
const undeclared = "UWI"

func countIRV(t *tallyCommand, e *ballots.Election, r *ballots.Rankings) (count.Result, error) {
	o := irv.Options{
		Withdrawn: e.Withdrawn, Lots: t.lots(e), Batch: t.Batch,
		Overvote: map[string]irv.Overvote{"skip": irv.OvervotePasses, "end": irv.OvervoteEnds, "end-if-several": irv.OvervoteEndsIfSeveral}[t.Overvote],
		Skipped:  map[string]irv.Skipped{"one": irv.SkippedOne, "any": irv.SkippedAny, "none": irv.SkippedNone}[t.Skipped],
		Repeated: map[string]irv.Repeated{"skip": irv.RepeatedPasses, "end": irv.RepeatedEnds}[t.Repeated],
	}
	if at := slices.Index(e.Options, undeclared); len(t.WriteIn) == 0 && at >= 0 {
		o.First = append(o.First, at)
	}
	for _, name := range t.WriteIn {
		first, err := option(e, "--write-in", name)
		if err != nil {
			return count.Result{}, err
		}
		o.First = append(o.First, first)
	}
	return irv.Count(r, e.Options, o)
}

func countBorda(t *tallyCommand, e *ballots.Election, r *ballots.Rankings) (count.Result, error) {
	unranked := condorcet.UnrankedShare
	if t.Unranked == "nothing" {
		unranked = condorcet.UnrankedNothing
	}
	return condorcet.Borda(r, e.Options, unranked, t.pairOptions(e))
}

func (t *tallyCommand) pairOptions(e *ballots.Election) condorcet.Options {
	return condorcet.Options{Seats: t.seats(e), Withdrawn: e.Withdrawn, Lots: t.lots(e)}
}

func countPairs(rule func(*condorcet.Matrix, []string, condorcet.Options) (count.Result, error)) func(*tallyCommand, *ballots.Election, *condorcet.Matrix) (count.Result, error) {
	return func(t *tallyCommand, e *ballots.Election, m *condorcet.Matrix) (count.Result, error) {
		return rule(m, e.Options, t.pairOptions(e))
	}
}

func countDebian(t *tallyCommand, e *ballots.Election, m *condorcet.Matrix) (count.Result, error) {
	var err error
	o := condorcet.DebianOptions{Default: condorcet.NoDefault, Quorum: t.Quorum, Seats: t.seats(e), Withdrawn: e.Withdrawn, Lots: t.lots(e)}
	if t.DebianDefault != "" {
		if o.Default, err = option(e, "--debian-default", t.DebianDefault); err != nil {
			return count.Result{}, err
		}
	}
	if o.Supermajority, err = t.supermajorities(e, o.Default); err != nil {
		return count.Result{}, err
	}
	return condorcet.Debian(m, e.Options, o)
}

func (t *tallyCommand) supermajorities(e *ballots.Election, standard int) (map[int]ratio.Ratio, error) {
	all := map[int]ratio.Ratio{}
	for name, times := range t.Supermajority {
		i, err := option(e, "--supermajority", name)
		if err != nil {
			return nil, err
		}
		if i == standard { // by its other name
			return nil, fmt.Errorf("--supermajority %s=%s: it is the default option, which is not compared with itself", name, times)
		}
		if all[i], err = ratio.Parse(times); err != nil {
			return nil, err
		}
	}
	return all, nil
}
