package fees

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
)

// openCharge is a charge that is not settled, and what payments have put to it so far.
type openCharge struct {
	models.Charge
	PaidCents int64
}

func (c openCharge) owedCents() int64 { return c.AmountCents - c.PaidCents }

// openChargesTx reads what members owe, the oldest first.
func openChargesTx(tx *db.Tx, members []models.MemberID) (map[models.MemberID][]openCharge, error) {
	var rows []openCharge
	if err := tx.DB.Raw(`
		SELECT c.*, COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id), 0) AS paid_cents
		FROM charges c WHERE c.member_id IN ? AND c.settled_at IS NULL
		ORDER BY c.member_id, c.due_on, c.id`, members).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read open charges: %w", err)
	}
	of := map[models.MemberID][]openCharge{}
	for _, c := range rows {
		of[c.MemberID] = append(of[c.MemberID], c)
	}
	return of, nil
}

// advance is a payment, not reversed, that no charge has needed in full.
type advance struct {
	PaymentID models.PaymentID
	MemberID  models.MemberID
	RestCents int64
}

// advancesTx reads members' advances, the oldest first.
func advancesTx(tx *db.Tx, members []models.MemberID) (all []advance, err error) {
	if err := tx.DB.Raw(`
		SELECT * FROM (
		  SELECT p.id AS payment_id, p.member_id, p.received_on,
		         p.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.payment_id = p.id), 0) AS rest_cents
		  FROM payments p
		  WHERE p.member_id IN ? AND NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = p.id)) paid
		WHERE rest_cents > 0 ORDER BY member_id, received_on, payment_id`, members).Scan(&all).Error; err != nil {
		return nil, fmt.Errorf("read advances: %w", err)
	}
	return all, nil
}

// spread puts an amount to open charges, the oldest first, and counts it as paid in them.
func spread(cents int64, open []openCharge) (parts []dues.Part, rest int64) {
	owed := make([]dues.OpenCharge, len(open))
	for i, c := range open {
		owed[i] = dues.OpenCharge{ID: int64(c.ID), DueOn: c.DueOn, OwedCents: money.Cents(c.owedCents())}
	}
	parts, left := dues.Allocate(money.Cents(cents), owed)
	for _, p := range parts {
		for i := range open {
			if int64(open[i].ID) == p.ChargeID {
				open[i].PaidCents += int64(p.AmountCents)
			}
		}
	}
	return parts, int64(left)
}

// applyAdvancesTx lets what members have paid in advance settle what they owe by now: a few queries for any number
// of members, and nothing where nobody has an advance. It gives the members of whom something was settled in full.
func (s *Service) applyAdvancesTx(ctx context.Context, tx *db.Tx, by models.AccountID, today civil.Date, members []models.MemberID) ([]models.MemberID, error) {
	advances, err := advancesTx(tx, members)
	if err != nil || len(advances) == 0 {
		return nil, err
	}
	who := ids(advances, func(a advance) models.MemberID { return a.MemberID })
	open, err := openChargesTx(tx, slices.Compact(who))
	if err != nil {
		return nil, err
	}
	var rows []models.Allocation
	of := map[models.PaymentID]models.MemberID{}
	for _, a := range advances {
		parts, _ := spread(a.RestCents, open[a.MemberID])
		of[a.PaymentID] = a.MemberID
		for _, p := range parts {
			rows = append(rows, models.Allocation{PaymentID: a.PaymentID, ChargeID: models.ChargeID(p.ChargeID), AmountCents: int64(p.AmountCents), At: tx.Now})
		}
	}
	if len(rows) == 0 {
		return nil, nil
	}
	if err := storeAllocationsTx(tx, rows); err != nil {
		return nil, err
	}
	if err := s.bookApplicationsTx(ctx, tx, by, today, rows, of); err != nil {
		return nil, err
	}
	var charges []openCharge
	for _, of := range open {
		charges = append(charges, of...)
	}
	return settleTx(tx, charges)
}

func storeAllocationsTx(tx *db.Tx, rows []models.Allocation) error {
	if len(rows) == 0 {
		return nil
	}
	if err := tx.DB.CreateInBatches(&rows, rowsAtOnce).Error; err != nil {
		return fmt.Errorf("store allocations: %w", err)
	}
	return nil
}

// bookApplicationsTx books allocations of advances: from what the member has paid in advance to what they owe, and
// back where the allocation has its sign turned.
func (s *Service) bookApplicationsTx(ctx context.Context, tx *db.Tx, by models.AccountID, on civil.Date, rows []models.Allocation, of map[models.PaymentID]models.MemberID) error {
	words, err := s.wordsTx(tx)
	if err != nil {
		return err
	}
	var movements []ledger.Movement
	for _, a := range rows {
		head := books.Head{On: on, Source: sourceAllocation, SourceID: strconv.FormatInt(a.ID, 10), Description: words.T("fees.ledger.applied", "Payment", a.PaymentID, "Charge", a.ChargeID)}
		entry, err := books.ApplicationEntry(head, money.Cents(max(a.AmountCents, -a.AmountCents)))
		if err != nil {
			return fmt.Errorf("allocation %d: %w", a.ID, err)
		}
		if a.AmountCents < 0 {
			for i := range entry.Postings {
				entry.Postings[i].AmountCents = -entry.Postings[i].AmountCents
			}
		}
		movements = append(movements, ledger.Movement{Entry: entry, Member: of[a.PaymentID]})
	}
	_, err = ledger.BookAllTx(ctx, tx, by, movements)
	return err
}

// settleTx marks the charges that are paid in full as settled at the instant of the act, and gives their members.
func settleTx(tx *db.Tx, charges []openCharge) ([]models.MemberID, error) {
	var full []models.ChargeID
	var members []models.MemberID
	for _, c := range charges {
		if c.owedCents() == 0 {
			full = append(full, c.ID)
			members = append(members, c.MemberID)
		}
	}
	for some := range slices.Chunk(full, rowsAtOnce) {
		done := tx.DB.Model(&models.Charge{}).Where("id IN ? AND settled_at IS NULL", some).Update("settled_at", tx.Now)
		if done.Error != nil {
			return nil, fmt.Errorf("settle charges: %w", done.Error)
		}
		if done.RowsAffected != int64(len(some)) {
			return nil, fmt.Errorf("settle charges: %d of %d were open", done.RowsAffected, len(some))
		}
	}
	slices.Sort(members)
	return slices.Compact(members), nil
}

// settledTx is what follows when charges of a member were settled: an arrears case about them closes by itself,
// and who keeps rolls is told that the vote may be back, all at the same instant.
func (s *Service) settledTx(ctx context.Context, tx *db.Tx, by models.AccountID, member models.Member, cause models.CorrectionCause) error {
	if err := s.closePaidCaseTx(ctx, tx, by, member); err != nil {
		return err
	}
	if err := s.restoredTx(ctx, tx, member.ID, cause); err != nil {
		return fmt.Errorf("restore the vote of member %d: %w", member.ID, err)
	}
	return nil
}

// wordsTx are the texts of what entries say of themselves, in the cooperative's language. They name no person.
func (s *Service) wordsTx(tx *db.Tx) (*i18n.Texts, error) {
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return nil, err
	}
	return s.texts.For(coop.Language), nil
}
