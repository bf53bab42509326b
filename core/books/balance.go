package books

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"socia/core/money"
)

// Balance is the sum of one account's postings. Both sums are zero or above.
type Balance struct {
	Account     string
	DebitCents  money.Cents
	CreditCents money.Cents
}

// NetCents is debits less credits: above zero on a debit balance.
func (b Balance) NetCents() money.Cents { return b.DebitCents - b.CreditCents }

// TrialBalance sums the journal by account, ordered by code:
//
//	Σ DebitCents == Σ CreditCents
//
// It keeps one line per account in memory, whatever the number of entries. It
// stops at the first error of the entries, at an entry that is not Balanced, and
// with ErrTooLarge where a sum passes 64 bits.
func TrialBalance(entries iter.Seq2[Entry, error]) ([]Balance, error) {
	sums := map[string]Balance{}
	for e, err := range entries {
		if err != nil {
			return nil, err
		}
		if err := Balanced(e); err != nil {
			return nil, entryError(e, err)
		}
		for _, p := range e.Postings {
			sum, ok := sums[p.Account].with(p)
			if !ok {
				return nil, entryError(e, ErrTooLarge)
			}
			sums[p.Account] = sum
		}
	}
	return slices.SortedFunc(maps.Values(sums), func(a, b Balance) int { return cmp.Compare(a.Account, b.Account) }), nil
}

func (b Balance) with(p Posting) (sum Balance, ok bool) {
	b.Account = p.Account
	if p.AmountCents > 0 {
		b.DebitCents, ok = add(b.DebitCents, p.AmountCents)
	} else {
		b.CreditCents, ok = add(b.CreditCents, -p.AmountCents)
	}
	return b, ok
}

// Each gives entries that are in memory as the sequence that the writers read.
func Each(entries []Entry) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}
