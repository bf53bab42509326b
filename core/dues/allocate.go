package dues

import (
	"cmp"
	"slices"

	"socia/core/civil"
	"socia/core/money"
)

// OpenCharge is a charge of one member that still has something owed.
type OpenCharge struct {
	ID        int64
	DueOn     civil.Date
	OwedCents money.Cents
}

// Part is how much of a payment goes to one charge; always above zero.
type Part struct {
	ChargeID    int64
	AmountCents money.Cents
}

// Allocate spreads what is available over the open charges: the oldest due day
// first, then the lowest id. A charge is paid in full before the next one gets
// anything. What no charge needs is the rest, an advance.
//
//	Σ parts + rest == available
//
// Charges that owe nothing are passed over. With nothing available there are no
// parts and the rest is what was given. The caller's slice keeps its order.
func Allocate(available money.Cents, open []OpenCharge) (parts []Part, rest money.Cents) {
	queue := slices.Clone(open)
	slices.SortFunc(queue, func(a, b OpenCharge) int {
		return cmp.Or(a.DueOn.Compare(b.DueOn), cmp.Compare(a.ID, b.ID))
	})
	rest = available
	for _, charge := range queue {
		amount := min(rest, charge.OwedCents)
		if amount <= 0 {
			continue
		}
		parts = append(parts, Part{ChargeID: charge.ID, AmountCents: amount})
		rest -= amount
	}
	return parts, rest
}
