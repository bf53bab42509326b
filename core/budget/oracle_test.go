package budget

import (
	"cmp"
	"math/big"
	"slices"

	"socia/core/lot"
)

// voter is one person with money left and the projects they approve. The oracle knows no
// papers, weights, groups or lines: it gives every person their share and raises it one
// step after the other.
type voter struct {
	approves map[int]bool
	money    *big.Rat
}

// slowEqualShares gives what is funded, and the share with which equal shares alone ended.
func slowEqualShares(costs []int64, people []map[int]bool, amount, step int64, seed lot.Seed) (chosen []int, share *big.Rat) {
	lots := lot.Breaker{Seed: seed}.Order("budget", upTo(len(costs)))
	share = big.NewRat(amount, max(int64(len(people)), 1))
	chosen = slowRun(costs, people, share, lots)
	for len(affordable(costs, people, chosen, amount)) > 0 {
		raised := new(big.Rat).Add(share, big.NewRat(step, 1))
		next := slowRun(costs, people, raised, lots)
		if total(costs, next) > amount {
			break
		}
		chosen, share = next, raised
	}
	for {
		fits := affordable(costs, people, chosen, amount)
		if len(fits) == 0 {
			return chosen, share
		}
		chosen = append(chosen, slices.MinFunc(fits, byVotesThenCost(costs, people, lots)))
	}
}

func slowGreedy(costs []int64, people []map[int]bool, amount int64, seed lot.Seed) []int {
	var chosen []int
	all := upTo(len(costs))
	slices.SortFunc(all, byVotesThenCost(costs, people, lot.Breaker{Seed: seed}.Order("budget", all)))
	for _, p := range all {
		if slices.Contains(affordable(costs, people, chosen, amount), p) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

func byVotesThenCost(costs []int64, people []map[int]bool, lots []int) func(a, b int) int {
	return func(a, b int) int {
		return cmp.Or(cmp.Compare(supporters(people, b), supporters(people, a)), cmp.Compare(costs[a], costs[b]),
			cmp.Compare(slices.Index(lots, a), slices.Index(lots, b)))
	}
}

func slowRun(costs []int64, people []map[int]bool, share *big.Rat, lots []int) []int {
	var voters []*voter
	for _, a := range people {
		voters = append(voters, &voter{a, new(big.Rat).Set(share)})
	}
	var chosen []int
	for {
		best, bestPays := -1, new(big.Rat)
		for p, cost := range costs {
			if slices.Contains(chosen, p) {
				continue
			}
			pays := slowPrice(cost, p, voters)
			if pays == nil {
				continue
			}
			// Effective votes are cost/pays: more are better.
			sign := 1
			if best >= 0 {
				ours, theirs := new(big.Rat).Quo(big.NewRat(cost, 1), pays), new(big.Rat).Quo(big.NewRat(costs[best], 1), bestPays)
				sign = cmp.Or(ours.Cmp(theirs), cmp.Compare(costs[best], cost), cmp.Compare(supporters(people, p), supporters(people, best)),
					cmp.Compare(slices.Index(lots, best), slices.Index(lots, p)))
			}
			if sign > 0 {
				best, bestPays = p, pays
			}
		}
		if best < 0 {
			return chosen
		}
		chosen = append(chosen, best)
		for _, v := range voters {
			if v.approves[best] {
				v.money.Sub(v.money, least(v.money, bestPays))
			}
		}
	}
}

// slowPrice finds the payment q with sum(min(money, q)) = cost, by trying who pays all they have.
func slowPrice(cost int64, p int, voters []*voter) *big.Rat {
	var money []*big.Rat
	for _, v := range voters {
		if v.approves[p] {
			money = append(money, v.money)
		}
	}
	slices.SortFunc(money, func(a, b *big.Rat) int { return a.Cmp(b) })
	for poor := range money {
		left := big.NewRat(cost, 1)
		for _, m := range money[:poor] {
			left.Sub(left, m)
		}
		q := left.Quo(left, big.NewRat(int64(len(money)-poor), 1))
		if q.Cmp(money[poor]) <= 0 {
			return q
		}
	}
	return nil
}

func affordable(costs []int64, people []map[int]bool, chosen []int, amount int64) []int {
	var fits []int
	for p, cost := range costs {
		if !slices.Contains(chosen, p) && supporters(people, p) > 0 && total(costs, chosen)+cost <= amount {
			fits = append(fits, p)
		}
	}
	return fits
}

func supporters(people []map[int]bool, p int) int {
	n := 0
	for _, a := range people {
		if a[p] {
			n++
		}
	}
	return n
}

func total(costs []int64, chosen []int) (sum int64) {
	for _, p := range chosen {
		sum += costs[p]
	}
	return sum
}

func upTo(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func least(a, b *big.Rat) *big.Rat {
	if a.Cmp(b) < 0 {
		return new(big.Rat).Set(a)
	}
	return new(big.Rat).Set(b)
}
