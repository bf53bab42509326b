package polls

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
)

// weigh gives each class the whole number that one of its votes weighs, and the scale by which a figure is divided to
// have it in shares or votes; no weights when every vote weighs one. What a vote weighs is the rule of core/tally, with
// the cap that some classes have together: among so many votes of the class (those present and represented; in a
// consultation those cast). All weights are multiplied by the least number that makes them whole: no vote is rounded.
func weigh(roll, among map[string]int64, counting rules.Counting) (weights []models.PollWeight, scale int64, err error) {
	counts := make([]tally.ClassCount, 0, len(roll))
	for class, n := range roll {
		counts = append(counts, tally.ClassCount{Class: class, Roll: n, Present: among[class]})
	}
	slices.SortFunc(counts, func(a, b tally.ClassCount) int { return strings.Compare(a.Class, b.Class) })
	r, err := tally.Count(counts, rules.Majority{Num: 1, Den: 2, Strict: true, Base: rules.BasePresent}, counting)
	if err != nil {
		return nil, 0, fmt.Errorf("weigh the classes: %w", err)
	}
	if !r.Weighted() {
		return nil, 1, nil
	}
	common := big.NewInt(1)
	for _, l := range r.Lines {
		den := l.Weight.Rat().Denom()
		common.Mul(common, new(big.Int).Quo(den, new(big.Int).GCD(nil, nil, common, den)))
	}
	total := new(big.Int)
	for _, l := range r.Lines {
		if l.Count.Present == 0 {
			continue
		}
		whole := new(big.Rat).Mul(l.Weight.Rat(), new(big.Rat).SetInt(common)).Num()
		total.Add(total, new(big.Int).Mul(whole, big.NewInt(l.Count.Present)))
		if total.BitLen() > 62 {
			break
		}
		weights = append(weights, models.PollWeight{Class: l.Count.Class, Votes: l.Count.Present, Weight: whole.Int64()})
	}
	if total.BitLen() > 62 || common.BitLen() > 62 {
		return nil, 0, fmt.Errorf("the votes of the classes cannot be brought to whole weights")
	}
	return weights, common.Int64(), nil
}
