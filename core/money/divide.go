package money

import (
	"math/big"
	"slices"
)

// SplitEvenly divides total into n parts that differ by at most one cent and sum
// to total. The first parts get the odd cents. With n < 1 there are no parts.
func SplitEvenly(total Cents, n int) []Cents {
	if n < 1 {
		return nil
	}
	return Prorate(total, make([]int64, n))
}

// Prorate divides total in proportion to weights by the largest remainder:
// every part is its exact share rounded down or up to a cent, and the parts sum
// to total. Equal remainders are served in the order given, so the same input
// always gives the same parts. A negative total gives the negated parts of the
// positive one. A weight below zero counts as zero; if no weight is above zero,
// all count alike. With no weights there are no parts.
func Prorate(total Cents, weights []int64) []Cents {
	if len(weights) == 0 {
		return nil
	}
	shares, sum := usable(weights)
	whole := new(big.Int).SetUint64(total.magnitude())
	parts := make([]uint64, len(shares))
	remainders := make([]*big.Int, len(shares))
	left := total.magnitude()
	for i, share := range shares {
		quotient, remainder := new(big.Int), new(big.Int)
		quotient.QuoRem(new(big.Int).Mul(whole, share), sum, remainder)
		parts[i], remainders[i] = quotient.Uint64(), remainder
		left -= parts[i]
	}
	for _, i := range byRemainder(remainders)[:left] {
		parts[i]++
	}
	return signed(parts, total < 0)
}

// usable gives the weights as big integers, because total × weight and the sum
// of the weights can pass 64 bits.
func usable(weights []int64) (shares []*big.Int, sum *big.Int) {
	sum = new(big.Int)
	for _, w := range weights {
		share := big.NewInt(max(w, 0))
		shares = append(shares, share)
		sum.Add(sum, share)
	}
	if sum.Sign() == 0 {
		for _, share := range shares {
			share.SetInt64(1)
		}
		sum.SetInt64(int64(len(shares)))
	}
	return shares, sum
}

// byRemainder orders the indexes from the largest remainder to the smallest. The
// cents left over are fewer than the remainders above zero, so a part with
// weight zero never gets one.
func byRemainder(remainders []*big.Int) []int {
	order := make([]int, len(remainders))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return remainders[b].Cmp(remainders[a]) })
	return order
}

func signed(parts []uint64, negative bool) []Cents {
	cents := make([]Cents, len(parts))
	for i, part := range parts {
		if negative {
			part = -part
		}
		cents[i] = Cents(part) //nolint:gosec // the parts add up to an amount; a negated one wraps round to its negative
	}
	return cents
}
