package fees

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

const (
	// referenceMost is what a SEPA remittance text may have, so that a bank's text always fits.
	referenceMost = 140
	// paymentMostCents catches an amount typed without its decimal mark: a million in the currency.
	paymentMostCents = 100_000_000
)

// PaymentForm is money that the treasurer saw arrive.
type PaymentForm struct {
	Member      models.MemberID
	AmountCents int64
	Method      models.PaymentMethod
	ReceivedOn  civil.Date
	Reference   string
}

func (f PaymentForm) check(today civil.Date) error {
	var faults []*fault.Fault
	if f.AmountCents <= 0 {
		faults = append(faults, fault.Invalid("amount", "fees.amount_not_above_zero"))
	}
	if f.AmountCents > paymentMostCents {
		faults = append(faults, fault.Invalid("amount", "fees.amount_too_large", map[string]any{"Limit": money.Cents(paymentMostCents)}))
	}
	if _, ok := till(f.Method); !ok {
		faults = append(faults, fault.Invalid("method", "fees.method_unknown"))
	}
	switch {
	case f.ReceivedOn.IsZero():
		faults = append(faults, fault.Invalid("received_on", "ui.error.required"))
	case f.ReceivedOn.After(today):
		faults = append(faults, fault.Invalid("received_on", "fees.received_in_the_future"))
	case f.ReceivedOn.Before(today.AddMonths(-12 * receivedYears)):
		faults = append(faults, fault.Invalid("received_on", "fees.received_too_long_ago"))
	}
	if utf8.RuneCountInString(f.Reference) > referenceMost {
		faults = append(faults, fault.Invalid("reference", "fees.reference_too_long", map[string]any{"Most": referenceMost}))
	}
	return fault.All(faults...)
}

// receivedYears is how far back a payment may be recorded: what accounting law makes one keep, six years.
const receivedYears = 6

func till(m models.PaymentMethod) (books.Till, bool) {
	switch m {
	case models.Transfer:
		return books.Bank, true
	case models.Cash:
		return books.Cash, true
	}
	return "", false
}

// Settles is what of a payment goes to one charge.
type Settles struct {
	Charge      models.Charge
	AmountCents int64
	LacksCents  int64 // what the charge still lacks afterwards; 0: settled
}

// Receipt is a payment with what it settles. What no charge needs is an advance for those to come.
type Receipt struct {
	Payment      models.Payment
	Member       models.Member
	Settles      []Settles
	AdvanceCents int64
}

// RecordPayment records money that arrived by transfer or in cash. It settles the oldest charges first, each in
// full before the next; the rest waits as an advance. A vote that rested for these charges is back with the act.
func (s *Service) RecordPayment(ctx context.Context, by identity.Actor, f PaymentForm, once string) (id models.PaymentID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	f.Reference = strings.TrimSpace(f.Reference)
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.PaymentID, error) { return s.recordTx(ctx, tx, by, f) })
		return err
	})
	return id, err
}

func (s *Service) recordTx(ctx context.Context, tx *db.Tx, by identity.Actor, f PaymentForm) (models.PaymentID, error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return 0, err
	}
	if err := f.check(today); err != nil {
		return 0, err
	}
	member, err := lockOneTx(tx, f.Member)
	if err != nil {
		return 0, err
	}
	payment := models.Payment{
		MemberID: f.Member, AmountCents: f.AmountCents, Method: f.Method, ReceivedOn: f.ReceivedOn, Reference: f.Reference,
		RecordedBy: accountID(by.Account), CreatedAt: tx.Now,
	}
	if err := tx.DB.Create(&payment).Error; err != nil {
		return 0, fmt.Errorf("store a payment: %w", err)
	}
	open, err := openChargesTx(tx, []models.MemberID{f.Member})
	if err != nil {
		return 0, err
	}
	charges := open[f.Member]
	parts, rest := spread(f.AmountCents, charges)
	if err := s.allocateTx(ctx, tx, by.Account, today, payment, charges, parts, rest); err != nil {
		return 0, err
	}
	settled, err := settleTx(tx, charges)
	if err != nil {
		return 0, err
	}
	if err := audit.LineTx(ctx, tx, by.Account, "payment.recorded", "payment", int64(payment.ID), audit.Detail{"member": f.Member, "method": f.Method, "charges": len(parts)}); err != nil {
		return 0, err
	}
	if err := tellTx(ctx, tx, member, "fees.notice.payment_recorded", memberHref(member.ID)); err != nil {
		return 0, err
	}
	if len(settled) == 0 {
		return payment.ID, nil
	}
	return payment.ID, s.settledTx(ctx, tx, by.Account, member, models.CausePayment)
}

// memberHref is the page of a member's fees.
func memberHref(m models.MemberID) string { return fmt.Sprintf("/fees/members/%d", m) }

// allocateTx stores which charges a payment settles and books it on the day the money came. What goes to a charge
// whose period began later is booked as an advance that settles it today, so that no member's debt is paid in the
// books before it is owed.
func (s *Service) allocateTx(ctx context.Context, tx *db.Tx, by models.AccountID, today civil.Date, p models.Payment, charges []openCharge, parts []dues.Part, rest int64) error {
	start := map[models.ChargeID]civil.Date{}
	for _, c := range charges {
		start[c.ID] = c.PeriodStart
	}
	rows := make([]models.Allocation, len(parts))
	var direct int64
	for i, part := range parts {
		rows[i] = models.Allocation{PaymentID: p.ID, ChargeID: models.ChargeID(part.ChargeID), AmountCents: int64(part.AmountCents), At: tx.Now}
		if !start[rows[i].ChargeID].After(p.ReceivedOn) {
			direct += rows[i].AmountCents
		}
	}
	if err := storeAllocationsTx(tx, rows); err != nil {
		return err
	}
	if err := s.bookPaymentTx(ctx, tx, by, p, direct); err != nil {
		return err
	}
	var early []models.Allocation
	for _, row := range rows {
		if start[row.ChargeID].After(p.ReceivedOn) {
			early = append(early, row)
		}
	}
	return s.bookApplicationsTx(ctx, tx, by, today, early, map[models.PaymentID]models.MemberID{p.ID: p.MemberID})
}

func (s *Service) bookPaymentTx(ctx context.Context, tx *db.Tx, by models.AccountID, p models.Payment, direct int64) error {
	words, err := s.wordsTx(tx)
	if err != nil {
		return err
	}
	to, _ := till(p.Method)
	entry, err := books.PaymentEntry(books.Head{
		On: p.ReceivedOn, Source: sourcePayment, SourceID: strconv.FormatInt(int64(p.ID), 10),
		Description: words.T("fees.ledger."+string(p.Method), "Payment", p.ID),
	}, to, money.Cents(direct), money.Cents(p.AmountCents-direct))
	if err != nil {
		return fmt.Errorf("payment %d: %w", p.ID, err)
	}
	_, err = ledger.BookTx(ctx, tx, by, ledger.Movement{Entry: entry, Member: p.MemberID})
	return err
}

// Preview is what recording a payment would do, and which payments look the same.
type Preview struct {
	Receipt
	Alike []models.Payment // same member, amount, method and day, not reversed
}

// PreviewPayment says what RecordPayment would do now, and changes nothing.
func (s *Service) PreviewPayment(ctx context.Context, by identity.Actor, f PaymentForm) (p Preview, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return p, err
	}
	f.Reference = strings.TrimSpace(f.Reference)
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		if err := f.check(today); err != nil {
			return err
		}
		if p.Member, err = takeTx[models.Member](tx, f.Member, "fees.no_such_member"); err != nil {
			return err
		}
		p.Payment = models.Payment{MemberID: f.Member, AmountCents: f.AmountCents, Method: f.Method, ReceivedOn: f.ReceivedOn, Reference: f.Reference}
		open, err := openChargesTx(tx, []models.MemberID{f.Member})
		if err != nil {
			return err
		}
		charges := open[f.Member]
		parts, rest := spread(f.AmountCents, charges)
		p.Settles, p.AdvanceCents = settles(charges, parts), rest
		return tx.DB.Where("member_id = ? AND amount_cents = ? AND method = ? AND received_on = ?", f.Member, f.AmountCents, f.Method, f.ReceivedOn).
			Where("NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = payments.id)").
			Order("id DESC").Limit(5).Find(&p.Alike).Error
	})
	return p, err
}

func settles(charges []openCharge, parts []dues.Part) []Settles {
	of := map[int64]openCharge{}
	for _, c := range charges {
		of[int64(c.ID)] = c
	}
	var all []Settles
	for _, p := range parts {
		c := of[p.ChargeID]
		all = append(all, Settles{Charge: c.Charge, AmountCents: int64(p.AmountCents), LacksCents: c.owedCents()})
	}
	return all
}
