package dues

import (
	"fmt"

	"socia/core/money"
)

// Price is what a plan asks per period. MaxCents 0 means that there is no upper
// limit. A price never changes; a new one takes its place from a day on, by a
// resolution of the assembly (Llei 12/2015 art. 43.2.d).
type Price struct {
	MinCents       money.Cents
	SuggestedCents money.Cents
	MaxCents       money.Cents
}

// AmountFault says which rule of a price an amount breaks.
type AmountFault string

// The faults of an amount or of a price.
const (
	// BelowMinimum: less than the price allows.
	BelowMinimum AmountFault = "dues.below_minimum"
	// AboveMaximum: more than the price allows.
	AboveMaximum AmountFault = "dues.above_maximum"
	// PriceNegative: a price below zero.
	PriceNegative AmountFault = "dues.price_negative"
	// PriceOrder: not minimum ≤ suggested ≤ maximum.
	PriceOrder AmountFault = "dues.price_order"
)

// Error is the message key; people read its translation.
func (f AmountFault) Error() string { return string(f) }

// AmountError is an amount outside a price's range: the limit is the one passed.
// errors.Is(err, BelowMinimum) and the like look through it.
type AmountError struct {
	Fault       AmountFault
	AmountCents money.Cents
	LimitCents  money.Cents
}

// Error names the fault, the amount and the limit.
func (e *AmountError) Error() string {
	return fmt.Sprintf("%s: %s against %s", string(e.Fault), e.AmountCents, e.LimitCents)
}

// Unwrap gives the fault, so that errors.Is finds it.
func (e *AmountError) Unwrap() error { return e.Fault }

// Check says whether a member may choose the amount: nil, or an *AmountError with
// BelowMinimum or AboveMaximum.
func (p Price) Check(amount money.Cents) error {
	if amount < max(p.MinCents, 0) {
		return &AmountError{Fault: BelowMinimum, AmountCents: amount, LimitCents: max(p.MinCents, 0)}
	}
	if p.MaxCents != 0 && amount > p.MaxCents {
		return &AmountError{Fault: AboveMaximum, AmountCents: amount, LimitCents: p.MaxCents}
	}
	return nil
}

// Valid says whether the price itself makes sense: nil, PriceNegative or
// PriceOrder. A valid price accepts its own suggestion.
func (p Price) Valid() error {
	if p.MinCents < 0 || p.SuggestedCents < 0 || p.MaxCents < 0 {
		return PriceNegative
	}
	if p.SuggestedCents < p.MinCents || (p.MaxCents != 0 && p.SuggestedCents > p.MaxCents) {
		return PriceOrder
	}
	return nil
}

// Solidarity is the part of an amount above the suggestion, which the books show
// as solidarity income; never below zero.
func (p Price) Solidarity(amount money.Cents) money.Cents {
	return max(amount-p.SuggestedCents, 0)
}
