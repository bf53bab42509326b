// Package books is double entry bookkeeping as values: what an entry is, which
// entries fees and payments make, how one is undone, and how a journal is written
// for other tools. Entries are never changed; a mistake is a reversal.
package books

import (
	"errors"
	"math"
	"slices"
	"strconv"

	"socia/core/civil"
	"socia/core/money"
)

// Posting is one line of an entry: an amount on one account.
type Posting struct {
	// Account is the account's code in the chart, such as "447".
	Account string
	// AmountCents is above zero for a debit and below zero for a credit.
	AmountCents money.Cents
	// Member is the number of the member whose balance this is, 0 for none. Books
	// carry the number and never a name, so that erasing a member keeps them whole.
	Member int64
}

// Entry is one movement in the journal.
type Entry struct {
	// Number is the entry's place in the journal, 0 while it has none.
	Number int64
	// On is the accounting day.
	On civil.Date
	// Kind, Source and SourceID say what happened to which thing; the three together
	// are unique in a journal, so that nothing is booked twice.
	Kind     string
	Source   string
	SourceID string
	// Description is for readers; it must not name a person.
	Description string
	// Reverses is the number of the entry that this one undoes, 0 for none.
	Reverses int64
	Postings []Posting
}

// The faults of an entry.
var (
	ErrTooFewPostings = errors.New("books: an entry needs two postings or more")
	ErrNoAccount      = errors.New("books: a posting names no account")
	ErrZeroPosting    = errors.New("books: a posting of zero")
	ErrUnbalanced     = errors.New("books: debits and credits differ")
	ErrTooLarge       = errors.New("books: the amounts pass what can be counted")
	ErrAmount         = errors.New("books: the amount is not above zero, or its parts do not fit it")
	ErrTill           = errors.New("books: money is received at the bank or in cash")
)

// Balanced says whether an entry may be booked: at least two postings, each with
// an account and an amount other than zero, that sum to zero. The error is one of
// this package's.
func Balanced(e Entry) error {
	if len(e.Postings) < 2 {
		return ErrTooFewPostings
	}
	var sum money.Cents
	for _, p := range e.Postings {
		if p.Account == "" {
			return ErrNoAccount
		}
		if p.AmountCents == 0 {
			return ErrZeroPosting
		}
		next, ok := add(sum, p.AmountCents)
		// The smallest amount has no opposite, so its entry could not be reversed.
		if !ok || p.AmountCents == math.MinInt64 {
			return ErrTooLarge
		}
		sum = next
	}
	if sum != 0 {
		return ErrUnbalanced
	}
	return nil
}

// add is a + b, and false if that passes an int64.
func add(a, b money.Cents) (money.Cents, bool) {
	sum := a + b
	return sum, (sum > a) == (b > 0)
}

// Head is what all entries share beside their amounts. Kind is set by the
// constructor.
type Head struct {
	On          civil.Date
	Source      string
	SourceID    string
	Description string
	Member      int64
}

// The kinds of entry that this package makes.
const (
	KindCharge      = "charge"
	KindPayment     = "payment"
	KindApplication = "application"
	KindReversal    = "reversal"
)

// SourceEntry is the source of a reversal: the entry that it undoes.
const SourceEntry = "entry"

// Till is where money arrives: the code of its account.
type Till string

// The tills.
const (
	Bank Till = AccountBank
	Cash Till = AccountCash
)

// ChargeEntry books a fee that a member owes. Solidarity is the part of the amount
// above what the plan suggests (dues.Price.Solidarity):
//
//	Dr 447 amount;  Cr 756 amount − solidarity;  Cr 7561 solidarity
//
// ErrAmount unless amount > 0 and 0 ≤ solidarity ≤ amount; a charge of nothing is
// no entry.
func ChargeEntry(h Head, amount, solidarity money.Cents) (Entry, error) {
	if amount <= 0 || solidarity < 0 || solidarity > amount {
		return Entry{}, ErrAmount
	}
	return h.entry(KindCharge,
		Posting{AccountMembersDebtors, amount, h.Member},
		Posting{AccountFeeIncome, solidarity - amount, h.Member},
		Posting{AccountSolidarity, -solidarity, h.Member}), nil
}

// PaymentEntry books money received from a member: what settles charges, and the
// rest, which is an advance (dues.Allocate gives both):
//
//	Dr 572 or 570 allocated + rest;  Cr 447 allocated;  Cr 438 rest
//
// What settles charges of periods that begin after the day of receipt is an advance on that day: the caller puts it to
// rest, and books an ApplicationEntry beside this one.
//
// ErrTill for another till; ErrAmount if either part is below zero or both are zero.
func PaymentEntry(h Head, till Till, allocated, rest money.Cents) (Entry, error) {
	if till != Bank && till != Cash {
		return Entry{}, ErrTill
	}
	total, ok := add(allocated, rest)
	if !ok || allocated < 0 || rest < 0 || total <= 0 {
		return Entry{}, ErrAmount
	}
	return h.entry(KindPayment,
		Posting{string(till), total, h.Member},
		Posting{AccountMembersDebtors, -allocated, h.Member},
		Posting{AccountMembersAdvances, -rest, h.Member}), nil
}

// ApplicationEntry books an advance that settles a later charge:
//
//	Dr 438 amount;  Cr 447 amount
//
// ErrAmount unless amount > 0.
func ApplicationEntry(h Head, amount money.Cents) (Entry, error) {
	if amount <= 0 {
		return Entry{}, ErrAmount
	}
	return h.entry(KindApplication,
		Posting{AccountMembersAdvances, amount, h.Member},
		Posting{AccountMembersDebtors, -amount, h.Member}), nil
}

// entry puts the head over the postings that are not zero.
func (h Head) entry(kind string, postings ...Posting) Entry {
	return Entry{
		On: h.On, Kind: kind, Source: h.Source, SourceID: h.SourceID, Description: h.Description,
		Postings: slices.DeleteFunc(postings, func(p Posting) bool { return p.AmountCents == 0 }),
	}
}

// Reverse gives the entry that undoes e: the same accounts with the opposite
// amounts, linked to e's number, itself without a number. It has e's day; set On to
// the day on which the mistake is undone.
//
//	e + Reverse(e) == 0 on every account
//	Reverse(Reverse(e)).Postings == e.Postings
//
// Its source is the entry it undoes, so the uniqueness of (kind, source, id) lets
// an entry be reversed once only.
func Reverse(e Entry) Entry {
	reversal := Entry{
		On: e.On, Kind: KindReversal, Source: SourceEntry, SourceID: strconv.FormatInt(e.Number, 10),
		Description: e.Description, Reverses: e.Number, Postings: slices.Clone(e.Postings),
	}
	for i := range reversal.Postings {
		reversal.Postings[i].AmountCents = -reversal.Postings[i].AmountCents
	}
	return reversal
}
