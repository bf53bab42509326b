package fees

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// ReversePayment takes a payment back that was recorded wrongly, with the reason. Everything it booked is booked
// in reverse, the charges it settled are owed again, and other advances of the member settle them if they can.
// A reversal cannot be undone; the payment is recorded again instead.
func (s *Service) ReversePayment(ctx context.Context, by identity.Actor, id models.PaymentID, reason, once string) error {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return err
	}
	if err := fault.All(checkText("reason", reason)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := onceTx(tx, once, func() (models.PaymentID, error) { return id, s.reverseTx(ctx, tx, by, id, reason) })
		return err
	})
}

func (s *Service) reverseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PaymentID, reason string) error {
	payment, err := takeTx[models.Payment](tx, id, "fees.no_such_payment")
	if err != nil {
		return err
	}
	member, err := lockOneTx(tx, payment.MemberID)
	if err != nil {
		return err
	}
	row := models.PaymentReversal{PaymentID: id, Reason: reason, ByID: by.Account, At: tx.Now}
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil {
		return fmt.Errorf("store a reversal: %w", made.Error)
	}
	if made.RowsAffected == 0 {
		return fault.Conflict("fees.payment_reversed_already")
	}
	if err := unbookPaymentTx(ctx, tx, by.Account, id); err != nil {
		return err
	}
	if err := reopenTx(tx, id); err != nil {
		return err
	}
	if err := audit.LineTx(ctx, tx, by.Account, "payment.reversed", "payment", int64(id), audit.Detail{"member": payment.MemberID}); err != nil {
		return err
	}
	if err := tellTx(ctx, tx, member, "fees.notice.payment_reversed", memberHref(member.ID)); err != nil {
		return err
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	settled, err := s.applyAdvancesTx(ctx, tx, by.Account, today, []models.MemberID{payment.MemberID})
	if err != nil || len(settled) == 0 {
		return err
	}
	return s.settledTx(ctx, tx, by.Account, member, models.CausePayment)
}

// unbookPaymentTx reverses the entry of a payment and those of its allocations, on the day of the act.
func unbookPaymentTx(ctx context.Context, tx *db.Tx, by models.AccountID, id models.PaymentID) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var allocations []int64
	if err := tx.DB.Model(&models.Allocation{}).Where("payment_id = ?", id).Order("id").Pluck("id", &allocations).Error; err != nil {
		return fmt.Errorf("read allocations of payment %d: %w", id, err)
	}
	entries, err := ledger.OfSourceTx(tx, sourcePayment, books.KindPayment, []int64{int64(id)})
	if err != nil {
		return err
	}
	applied, err := ledger.OfSourceTx(tx, sourceAllocation, books.KindApplication, allocations)
	if err != nil {
		return err
	}
	_, err = ledger.ReverseTx(ctx, tx, by, ids(append(entries, applied...), entryID), today)
	return err
}

func entryID(e models.LedgerEntry) models.LedgerEntryID { return e.ID }

// reopenTx takes back what a payment put to charges, and opens those that it had settled.
func reopenTx(tx *db.Tx, id models.PaymentID) error {
	var sums []models.Allocation
	if err := tx.DB.Raw(`
		SELECT payment_id, charge_id, CAST(SUM(amount_cents) AS BIGINT) AS amount_cents FROM allocations
		WHERE payment_id = ? GROUP BY payment_id, charge_id HAVING SUM(amount_cents) <> 0 ORDER BY charge_id`, id).Scan(&sums).Error; err != nil {
		return fmt.Errorf("sum the allocations of payment %d: %w", id, err)
	}
	if len(sums) == 0 {
		return nil
	}
	for i := range sums {
		sums[i].AmountCents, sums[i].At = -sums[i].AmountCents, tx.Now
	}
	if err := storeAllocationsTx(tx, sums); err != nil {
		return err
	}
	which := ids(sums, func(a models.Allocation) models.ChargeID { return a.ChargeID })
	if err := tx.DB.Model(&models.Charge{}).Where("id IN ? AND settled_at IS NOT NULL", which).Update("settled_at", nil).Error; err != nil {
		return fmt.Errorf("open charges again: %w", err)
	}
	return nil
}
