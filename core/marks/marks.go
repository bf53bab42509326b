// Package marks counts papers on which each option has a mark of its own:
// choosing one or several, approval, scores, dots, who is in, and which time
// suits most. Alike papers come together with their weight; the sum of weights
// is below 2^62, and figures are exact.
//
// Whoever makes the papers checks them (core/paper) and tells the person what is
// wrong; here a paper that breaks the rule of its form is an error of the caller.
//
// Equations, for every count f and papers p, q of whole weights:
//
//	f(p, q) = f(q, p)
//	f(a paper of weight 2) = f(that paper of weight 1, twice)
//	figures of f(weights times k) = k × figures of f(weights), averages excepted, which stay
package marks

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"socia/core/count"
	"socia/core/lot"
	"socia/core/paper"
	"socia/core/ratio"
	"socia/core/seats"
)

// BlankRule says what an option counts that a paper leaves without a score; a closed type.
type BlankRule uint8

// The rules for blanks.
const (
	BlankIsZero  BlankRule = iota // as the score 0: the most points win
	BlankLeftOut                  // not at all: the best average of those who scored the option wins
)

// Options are what a count needs beside the papers.
type Options struct {
	Seats  int           // how many are elected; 0 is one
	Most   int           // Choose: how many options a paper may choose; 0 is one
	Top    int           // Score: the highest score
	Dots   int           // Dots: how many a paper has
	Blanks BlankRule     // Score
	Lots   lot.Breaker   // for ties
	Parity *seats.Parity // where the statutes want it
	// Withdrawn options are out of the count: papers are read as if they did not mark them, and what is left is
	// checked and counted.
	Withdrawn []int
}

// Choose counts papers that choose one option, or up to Most: the most chosen
// are elected, ties for the last seats by lot. A paper that chooses none is not valid.
func Choose(options []string, papers []paper.Bundle, o Options) (count.Result, error) {
	return given("choose", options, papers, paper.Rule{Form: paper.Choose, Most: o.Most}, o)
}

// Approval counts papers that approve any number of options: the most approved
// are elected, ties for the last seats by lot. A paper that approves none is not valid.
func Approval(options []string, papers []paper.Bundle, o Options) (count.Result, error) {
	return given("approval", options, papers, paper.Rule{Form: paper.Approve}, o)
}

// Dots counts papers that share out up to o.Dots dots: the options with the most
// dots are elected, ties for the last seats by lot. A paper without dots is not valid.
func Dots(options []string, papers []paper.Bundle, o Options) (count.Result, error) {
	return given("dots", options, papers, paper.Rule{Form: paper.Dots, Dots: o.Dots}, o)
}

// OptIn counts who is in for what. Nobody is elected: the figures are the answer.
func OptIn(options []string, papers []paper.Bundle) (count.Result, error) {
	p, err := gather(options, papers, paper.Rule{Form: paper.OptIn}, anyGiven, nil)
	if err != nil {
		return count.Result{}, err
	}
	r := p.result("opt-in", p.totals(), 0)
	r.Winners = []int{}
	return r, nil
}

// Score counts papers that score options from 0 to o.Top. What a blank counts is
// o.Blanks: with BlankIsZero the figures are points, with BlankLeftOut exact
// averages over the papers that score the option, 0 where none does. A paper of
// nothing but blanks is not valid. Ties for the last seats are drawn by lot.
func Score(options []string, papers []paper.Bundle, o Options) (count.Result, error) {
	p, err := gather(options, papers, paper.Rule{Form: paper.Score, Top: o.Top}, notBlank, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	figures := p.totals()
	switch o.Blanks {
	case BlankIsZero:
	case BlankLeftOut:
		for i, weight := range p.marked {
			if weight > 0 {
				figures[i] = figures[i].Div(ratio.Int(weight))
			}
		}
	}
	return p.elect("score", figures, o), nil
}

// given counts a form whose figures are the sums of the marks.
func given(method string, options []string, papers []paper.Bundle, rule paper.Rule, o Options) (count.Result, error) {
	p, err := gather(options, papers, rule, anyGiven, o.Withdrawn)
	if err != nil {
		return count.Result{}, err
	}
	return p.elect(method, p.totals(), o), nil
}

func anyGiven(p paper.Paper) bool { return p.Given() > 0 }

func notBlank(p paper.Paper) bool { return !p.IsBlank() }

// poll is what papers add up to.
type poll struct {
	options   []string
	withdrawn []int
	sums      []wide  // of marks, weighed
	marked    []int64 // weight of the papers with a mark for the option
	all       int64
	valid     int64
}

func newPoll(options []string, withdrawn []int) (*poll, error) {
	for _, i := range withdrawn {
		if i < 0 || i >= len(options) {
			return nil, fmt.Errorf("marks: there is no option %d to withdraw", i)
		}
	}
	return &poll{options: options, withdrawn: withdrawn, sums: make([]wide, len(options)), marked: make([]int64, len(options))}, nil
}

// gather checks and adds up papers.
func gather(options []string, papers []paper.Bundle, rule paper.Rule, says func(paper.Paper) bool, withdrawn []int) (*poll, error) {
	p, err := newPoll(options, withdrawn)
	if err != nil {
		return nil, err
	}
	rule.Options = len(options)
	for i, b := range papers {
		b.Paper = p.standing(b.Paper)
		if err := rule.Check(b.Paper); err != nil {
			return nil, fmt.Errorf("marks: paper %d: %w", i+1, err)
		}
		if err := p.weigh(b.Weight, says(b.Paper)); err != nil {
			return nil, err
		}
		for option, mark := range b.Paper {
			if mark != paper.Blank {
				p.add(option, mark, b.Weight)
			}
		}
	}
	return p, nil
}

// standing is a paper without its marks for withdrawn options.
func (p *poll) standing(marks paper.Paper) paper.Paper {
	if len(p.withdrawn) == 0 || len(marks) != len(p.options) {
		return marks
	}
	marks = slices.Clone(marks)
	for _, i := range p.withdrawn {
		marks[i] = paper.Blank
	}
	return marks
}

// weigh counts a paper as such.
func (p *poll) weigh(weight int64, valid bool) error {
	if weight < 1 || p.all > math.MaxInt64/2-weight {
		return fmt.Errorf("marks: a weight of %d cannot be counted", weight)
	}
	p.all += weight
	if valid {
		p.valid += weight
	}
	return nil
}

func (p *poll) add(option, mark int, weight int64) {
	p.sums[option].add(uint64(mark), uint64(weight)) //nolint:gosec // G115: marks and weights have been checked, neither is negative
	p.marked[option] += weight
}

func (p *poll) totals() []ratio.Ratio {
	all := make([]ratio.Ratio, len(p.sums))
	for i, sum := range p.sums {
		all[i] = sum.ratio()
	}
	return all
}

// result has one round with a figure for each option, and the order that they make.
func (p *poll) result(method string, figures []ratio.Ratio, places int) count.Result {
	round := count.Round{Number: 1, Tally: make([]count.Line, len(p.options))}
	for i, figure := range figures {
		round.Tally[i] = count.Line{Option: i, Votes: count.Of(figure), State: count.Hopeful}
	}
	for _, i := range p.withdrawn {
		round.Tally[i].State = count.Withdrawn
	}
	return count.Result{
		Method: method, Version: "1", Seats: places, Options: p.options, Scale: 1,
		Papers: count.Whole(p.all), Valid: count.Whole(p.valid),
		Order:  order(len(p.options), p.withdrawn, func(i, j int) int { return figures[i].Cmp(figures[j]) }),
		Rounds: []count.Round{round},
	}
}

// order puts the options that stand from the greatest down, equal ones together.
func order(options int, withdrawn []int, compare func(i, j int) int) (tiers [][]int) {
	sorted := make([]int, 0, options)
	for i := range options {
		if !slices.Contains(withdrawn, i) {
			sorted = append(sorted, i)
		}
	}
	slices.SortStableFunc(sorted, func(i, j int) int { return compare(j, i) })
	for k, option := range sorted {
		if k > 0 && compare(sorted[k-1], option) == 0 {
			tiers[len(tiers)-1] = append(tiers[len(tiers)-1], option)
			continue
		}
		tiers = append(tiers, []int{option})
	}
	return tiers
}

// elect fills the seats. Nobody is elected when no paper is valid.
func (p *poll) elect(method string, figures []ratio.Ratio, o Options) count.Result {
	r := p.result(method, figures, max(o.Seats, 1))
	r.Winners = []int{}
	if p.valid == 0 {
		return r
	}
	filled := seats.Fill(r.Order, r.Seats, o.Lots, o.Parity)
	r.Winners, r.Lots = filled.Winners, filled.Lots
	round := &r.Rounds[0]
	round.Acts = filled.Acts
	for k, act := range round.Acts {
		if act.Kind == count.ActElect {
			round.Acts[k].Votes = round.Tally[act.Option].Votes
		}
	}
	conclude(round, r.Winners)
	return r
}

// conclude says at the end of the last round who is elected.
func conclude(round *count.Round, winners []int) {
	for i := range round.Tally {
		if round.Tally[i].State != count.Withdrawn {
			round.Tally[i].State = count.Defeated
		}
	}
	for _, option := range winners {
		round.Tally[option].State = count.Elected
	}
}

// wide is a sum of 128 bits: marks of a million with weights up to 2^62 fit.
type wide struct{ high, low uint64 }

func (w *wide) add(a, b uint64) {
	high, low := bits.Mul64(a, b)
	var carry uint64
	w.low, carry = bits.Add64(w.low, low, 0)
	w.high, _ = bits.Add64(w.high, high, carry)
}

func (w wide) ratio() ratio.Ratio {
	n := new(big.Int).SetUint64(w.high)
	n.Lsh(n, 64).Add(n, new(big.Int).SetUint64(w.low))
	r, err := ratio.Parse(n.String())
	if err != nil { // a whole number always is a fraction
		panic(err)
	}
	return r
}
