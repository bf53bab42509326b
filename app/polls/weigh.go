package polls

import (
	"fmt"
	"math/big"
	"slices"
	"strings"

	"socia/core/ratio"
	"socia/core/rules"
	"socia/models"
)

// weigh gives each class the whole number that one of its votes weighs, and the scale by which a figure is divided to
// have it in shares. Per person every vote weighs 1. By class the share is split among so many votes of the class (those
// present and represented; in a consultation those cast), and all weights are multiplied by the least number that
// makes them whole: no vote is rounded.
func weigh(among map[string]int64, counting rules.Counting) (weights []models.PollWeight, scale int64, err error) {
	for class, votes := range among {
		weights = append(weights, models.PollWeight{Class: class, Votes: votes, Weight: 1})
	}
	slices.SortFunc(weights, func(a, b models.PollWeight) int { return strings.Compare(a.Class, b.Class) })
	if counting.Method == rules.MethodPerson {
		return weights, 1, nil
	}
	exact := make([]*big.Rat, len(weights))
	common := big.NewInt(1)
	for i, w := range weights {
		share, ok := counting.ShareOf(w.Class)
		if !ok {
			return nil, 0, fmt.Errorf("class %s has no share", w.Class)
		}
		exact[i] = ratio.New(share, w.Votes).Rat()
		den := exact[i].Denom()
		common.Mul(common, new(big.Int).Quo(den, new(big.Int).GCD(nil, nil, common, den)))
	}
	total := new(big.Int)
	for i := range weights {
		whole := new(big.Rat).Mul(exact[i], new(big.Rat).SetInt(common))
		total.Add(total, new(big.Int).Mul(whole.Num(), big.NewInt(weights[i].Votes)))
		if !whole.Num().IsInt64() {
			return nil, 0, fmt.Errorf("the classes' votes cannot be brought to whole weights")
		}
		weights[i].Weight = whole.Num().Int64()
	}
	if !total.IsInt64() || !common.IsInt64() || total.BitLen() > 62 {
		return nil, 0, fmt.Errorf("the classes' votes cannot be brought to whole weights")
	}
	return weights, common.Int64(), nil
}
