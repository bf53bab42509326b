package fees

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// WaiverForm frees a member from the fees of the periods that begin between two days, both included.
type WaiverForm struct {
	Member  models.MemberID
	FromOn  civil.Date
	UntilOn civil.Date
	Reason  string
}

// waiverYears is the longest that one waiver may last: who needs it longer is asked again.
const waiverYears = 2

func (f WaiverForm) check() error {
	faults := []*fault.Fault{checkText("reason", f.Reason)}
	if f.FromOn.IsZero() {
		faults = append(faults, fault.Invalid("from_on", "ui.error.required"))
	}
	switch {
	case f.UntilOn.IsZero():
		faults = append(faults, fault.Invalid("until_on", "ui.error.required"))
	case f.UntilOn.Before(f.FromOn):
		faults = append(faults, fault.Invalid("until_on", "fees.waiver_ends_before_it_begins"))
	case f.UntilOn.After(f.FromOn.AddMonths(12 * waiverYears)):
		faults = append(faults, fault.Invalid("until_on", "fees.waiver_too_long", map[string]any{"Years": waiverYears}))
	}
	return fault.All(faults...)
}

// Waive frees a member from fees. Charges of these periods that are still open are taken back: their entries are
// reversed, what was paid on them becomes an advance, and they count as settled. What was paid in full stays paid.
// The waiver ends by itself. The treasurer approves it, but never their own.
func (s *Service) Waive(ctx context.Context, by identity.Actor, f WaiverForm, once string) (id models.WaiverID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.WaiverID, error) { return s.waiveTx(ctx, tx, by, f) })
		return err
	})
	return id, err
}

func (s *Service) waiveTx(ctx context.Context, tx *db.Tx, by identity.Actor, f WaiverForm) (models.WaiverID, error) {
	member, err := lockOneTx(tx, f.Member)
	if err != nil {
		return 0, err
	}
	if err := notOneself(by, member); err != nil {
		return 0, err
	}
	w := models.Waiver{MemberID: f.Member, FromOn: f.FromOn, UntilOn: f.UntilOn, Reason: f.Reason, ApprovedBy: accountID(by.Account), CreatedAt: tx.Now}
	if err := tx.DB.Create(&w).Error; err != nil {
		return 0, fmt.Errorf("store a waiver: %w", err)
	}
	if err := audit.LineTx(ctx, tx, by.Account, "waiver.approved", "waiver", int64(w.ID), audit.Detail{
		"member": f.Member, "from": f.FromOn.String(), "until": f.UntilOn.String(),
	}); err != nil {
		return 0, err
	}
	if err := tellTx(ctx, tx, member, "fees.notice.waiver_approved", memberHref(member.ID)); err != nil {
		return 0, err
	}
	open, err := openChargesTx(tx, []models.MemberID{f.Member})
	if err != nil {
		return 0, err
	}
	var covered []openCharge
	for _, c := range open[f.Member] {
		if w.Covers(c.PeriodStart) {
			covered = append(covered, c)
		}
	}
	if len(covered) == 0 {
		return w.ID, nil
	}
	return w.ID, s.waiveChargesTx(ctx, tx, by, w, member, covered)
}

// waiveChargesTx takes open charges back because of a waiver.
func (s *Service) waiveChargesTx(ctx context.Context, tx *db.Tx, by identity.Actor, w models.Waiver, member models.Member, charges []openCharge) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	which := ids(charges, func(c openCharge) models.ChargeID { return c.ID })
	if err := s.releaseTx(ctx, tx, by.Account, today, member.ID, which); err != nil {
		return err
	}
	sources := ids(charges, func(c openCharge) int64 { return int64(c.ID) })
	entries, err := ledger.OfSourceTx(tx, sourceCharge, books.KindCharge, sources)
	if err != nil {
		return err
	}
	if _, err := ledger.ReverseTx(ctx, tx, by.Account, ids(entries, entryID), today); err != nil {
		return err
	}
	done := tx.DB.Model(&models.Charge{}).Where("id IN ? AND settled_at IS NULL", which).Updates(map[string]any{
		"waiver_id": w.ID, "amount_cents": 0, "solidarity_cents": 0, "settled_at": tx.Now,
	})
	if done.Error != nil {
		return fmt.Errorf("waive charges: %w", done.Error)
	}
	if done.RowsAffected != int64(len(which)) {
		return fmt.Errorf("waive charges: %d of %d were open", done.RowsAffected, len(which))
	}
	if err := audit.LineTx(ctx, tx, by.Account, "charges.waived", "waiver", int64(w.ID), audit.Detail{"charges": which}); err != nil {
		return err
	}
	if _, err := s.applyAdvancesTx(ctx, tx, by.Account, today, []models.MemberID{member.ID}); err != nil {
		return err
	}
	return s.settledTx(ctx, tx, by.Account, member, models.CausePayment)
}

// releaseTx turns what was paid on charges back into advances.
func (s *Service) releaseTx(ctx context.Context, tx *db.Tx, by models.AccountID, today civil.Date, member models.MemberID, charges []models.ChargeID) error {
	var sums []models.Allocation
	if err := tx.DB.Raw(`
		SELECT payment_id, charge_id, CAST(SUM(amount_cents) AS BIGINT) AS amount_cents FROM allocations
		WHERE charge_id IN ? GROUP BY payment_id, charge_id HAVING SUM(amount_cents) <> 0 ORDER BY payment_id, charge_id`, charges).Scan(&sums).Error; err != nil {
		return fmt.Errorf("sum the allocations of charges: %w", err)
	}
	of := map[models.PaymentID]models.MemberID{}
	for i := range sums {
		sums[i].AmountCents, sums[i].At = -sums[i].AmountCents, tx.Now
		of[sums[i].PaymentID] = member
	}
	if err := storeAllocationsTx(tx, sums); err != nil {
		return err
	}
	return s.bookApplicationsTx(ctx, tx, by, today, sums, of)
}
