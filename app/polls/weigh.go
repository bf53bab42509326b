package polls

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"socia/core/ratio"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
)

// weighed is what one vote of each class weighs.
type weighed struct {
	weights []models.PollWeight // none when every vote weighs one
	scale   int64               // by which a figure is divided to have it in shares or votes, after it was multiplied by unit
	unit    int64
	rounded bool
	why     *models.PollWeighing
}

// weigh gives each class the whole number that one of its votes weighs, and the unit and scale by which a figure is
// multiplied and divided to have it in shares or votes; no weights when every vote weighs one. What a vote weighs is the rule of core/tally, with
// the cap that some classes have together: among so many votes of the class (those present and represented; in a
// consultation those cast). Weights are the least whole numbers in proportion, so that a method whose rule asks for “one more” elects the
// same whether shares are written as 40, 40 and 20 or as 2, 2 and 1. No vote is rounded, unless those numbers are too large
// to count with; then weights are cut after the tenth digit or later, and rounded says so.
// Where all votes that are there weigh the same, they are counted as votes: a quota that asks for “one more” means a vote.
func weigh(roll, among map[string]int64, counting rules.Counting) (w weighed, err error) {
	counts := make([]tally.ClassCount, 0, len(roll))
	for class, n := range roll {
		counts = append(counts, tally.ClassCount{Class: class, Roll: n, Present: among[class]})
	}
	slices.SortFunc(counts, func(a, b tally.ClassCount) int { return strings.Compare(a.Class, b.Class) })
	r, err := tally.Count(counts, rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BasePresent}, counting)
	if err != nil {
		return w, fmt.Errorf("weigh the classes: %w", err)
	}
	if steps := r.Weighing(); len(steps) > 0 {
		w.why = &models.PollWeighing{Method: r.Method, Article: r.CountingArticle, Steps: steps}
	}
	if w.scale, w.unit = 1, 1; !r.Weighted() {
		return w, nil
	}
	if alikeWeights(r.Lines) {
		for _, l := range r.Lines {
			if l.Count.Present > 0 {
				w.weights = append(w.weights, models.PollWeight{Class: l.Count.Class, Votes: l.Count.Present, Weight: 1})
			}
		}
		return w, nil
	}
	common, sum := big.NewInt(1), new(big.Rat)
	for _, l := range r.Lines {
		den := l.Weight.Rat().Denom()
		common.Mul(common, new(big.Int).Quo(den, new(big.Int).GCD(nil, nil, common, den)))
		sum.Add(sum, new(big.Rat).Mul(l.Weight.Rat(), new(big.Rat).SetInt64(l.Count.Present)))
	}
	if most := heaviest(sum); common.Cmp(most) > 0 {
		common, w.rounded = most, true
	}
	for _, l := range r.Lines {
		if l.Count.Present > 0 {
			w.weights = append(w.weights, models.PollWeight{Class: l.Count.Class, Votes: l.Count.Present, Weight: times(l.Weight, common)})
		}
	}
	w.scale = common.Int64()
	w.least()
	return w, nil
}

// least brings the weights to the least whole numbers in proportion.
func (w *weighed) least() {
	shared, scale := new(big.Int), big.NewInt(w.scale)
	for _, of := range w.weights {
		shared.GCD(nil, nil, shared, big.NewInt(of.Weight))
	}
	if shared.Sign() == 0 {
		return // a cap leaves them nothing
	}
	for i := range w.weights {
		w.weights[i].Weight /= shared.Int64()
	}
	both := new(big.Int).GCD(nil, nil, shared, scale)
	w.unit, w.scale = new(big.Int).Quo(shared, both).Int64(), scale.Quo(scale, both).Int64()
}

// alikeWeights says whether every vote that is there weighs the same, and something.
func alikeWeights(lines []tally.Line) bool {
	var first *tally.Line
	for i, l := range lines {
		switch {
		case l.Count.Present == 0:
		case first == nil:
			first = &lines[i]
		case !l.Weight.Equal(first.Weight):
			return false
		}
	}
	return first != nil && !first.Weight.IsZero()
}

// heaviest is the greatest scale with which the weight of all votes stays below 2^61, so that every method can count.
func heaviest(sum *big.Rat) *big.Int {
	most := new(big.Int).Lsh(big.NewInt(1), 60)
	if sum.Cmp(new(big.Rat).SetInt64(1)) <= 0 {
		return most
	}
	scaled := new(big.Rat).Quo(new(big.Rat).SetInt(most), sum)
	return new(big.Int).Quo(scaled.Num(), scaled.Denom())
}

// times is weight × scale as a whole number, cut if it is none.
func times(weight ratio.Ratio, scale *big.Int) int64 {
	product := new(big.Rat).Mul(weight.Rat(), new(big.Rat).SetInt(scale))
	return new(big.Int).Quo(product.Num(), product.Denom()).Int64()
}
