package fees

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Cases lists the cases that are open, the oldest first, and those that were closed last, at most 200 of each.
func (s *Service) Cases(ctx context.Context, by identity.Actor) (open, closed []Case, err error) {
	if err := by.Require(append(slices.Clone(readers), models.RoleFacilitator)...); err != nil {
		return nil, nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		if open, err = openCasesTx(tx); err != nil {
			return err
		}
		var rows []models.ArrearsCase
		if err := tx.DB.Where("closed_at IS NOT NULL").Order("closed_at DESC, id DESC").Limit(casesMost).Find(&rows).Error; err != nil {
			return fmt.Errorf("read closed cases: %w", err)
		}
		closed, err = caseViewsTx(tx, rows)
		return err
	})
	return open, closed, err
}

const casesMost = 200

func openCasesTx(tx *db.Tx) ([]Case, error) {
	var rows []models.ArrearsCase
	if err := tx.DB.Where("closed_at IS NULL").Order("opened_on, id").Limit(casesMost).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read open cases: %w", err)
	}
	return caseViewsTx(tx, rows)
}

func caseViewsTx(tx *db.Tx, rows []models.ArrearsCase) ([]Case, error) {
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	dossiers, err := dossiersTx(tx, rows)
	if err != nil {
		return nil, err
	}
	members, err := membersTx(tx, ids(rows, func(c models.ArrearsCase) models.MemberID { return c.MemberID }))
	if err != nil {
		return nil, err
	}
	all := make([]Case, len(rows))
	for i, d := range dossiers {
		all[i] = caseView(d, today)
		all[i].Member, all[i].Currency = members[d.row.MemberID], coop.Currency
	}
	return all, nil
}

func membersTx(tx *db.Tx, which []models.MemberID) (map[models.MemberID]models.Member, error) {
	var rows []models.Member
	if err := tx.DB.Where("id IN ?", which).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	of := make(map[models.MemberID]models.Member, len(rows))
	for _, m := range rows {
		of[m.ID] = m
	}
	return of, nil
}

// WaiverLine is a waiver with its member.
type WaiverLine struct {
	models.Waiver
	Member models.Member
	Runs   bool // today
	Coming bool // it begins after today
}

// Waivers lists the waivers, those that end last first, at most 200.
func (s *Service) Waivers(ctx context.Context, by identity.Actor) (all []WaiverLine, err error) {
	if err := by.Require(readers...); err != nil {
		return nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		var rows []models.Waiver
		if err := tx.DB.Order("until_on DESC, id DESC").Limit(200).Find(&rows).Error; err != nil {
			return fmt.Errorf("read waivers: %w", err)
		}
		members, err := membersTx(tx, ids(rows, func(w models.Waiver) models.MemberID { return w.MemberID }))
		if err != nil {
			return err
		}
		for _, w := range rows {
			all = append(all, WaiverLine{Waiver: w, Member: members[w.MemberID], Runs: w.Covers(today), Coming: today.Before(w.FromOn)})
		}
		return nil
	})
	return all, err
}

// FindMembers finds members by number or a part of the name, by name, at most 20: for whom a payment is.
func (s *Service) FindMembers(ctx context.Context, by identity.Actor, search string) (all []models.Member, err error) {
	if err := by.Require(readers...); err != nil {
		return nil, err
	}
	search = strings.TrimSpace(search)
	if search == "" {
		return nil, nil
	}
	condition, value := matches(search)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Table("members AS m").Where(condition, value).Order("m.sort_name, m.id").Limit(20).Find(&all).Error
	})
	return all, err
}

// PaymentPage is a part of the list of payments, newest first. Next is the id to go on before, 0 at the end.
type PaymentPage struct {
	Rows     []PaymentRow
	Next     models.PaymentID
	Currency string
}

// PaymentRow is a payment with its member and its reversal.
type PaymentRow struct {
	PaymentLine
	Member models.Member
}

// Payments lists the payments, the one recorded last first, below an id (0: from the top).
func (s *Service) Payments(ctx context.Context, by identity.Actor, before models.PaymentID, limit int) (page PaymentPage, err error) {
	if err := by.Require(readers...); err != nil {
		return page, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		coop, err := identity.CooperativeTx(tx)
		if err != nil {
			return err
		}
		page.Currency = coop.Currency
		query := tx.DB
		if before > 0 {
			query = query.Where("id < ?", before)
		}
		var rows []models.Payment
		if err := query.Order("id DESC").Limit(limit + 1).Find(&rows).Error; err != nil {
			return fmt.Errorf("read payments: %w", err)
		}
		if len(rows) > limit {
			rows = rows[:limit]
			page.Next = rows[limit-1].ID
		}
		page.Rows, err = paymentRowsTx(tx, rows)
		return err
	})
	return page, err
}

func paymentRowsTx(tx *db.Tx, rows []models.Payment) ([]PaymentRow, error) {
	lines, err := paymentLinesTx(tx, rows)
	if err != nil {
		return nil, err
	}
	members, err := membersTx(tx, ids(rows, func(p models.Payment) models.MemberID { return p.MemberID }))
	if err != nil {
		return nil, err
	}
	all := make([]PaymentRow, len(lines))
	for i, l := range lines {
		all[i] = PaymentRow{PaymentLine: l, Member: members[l.MemberID]}
	}
	return all, nil
}

// PaymentDetail is a payment with everything it did.
type PaymentDetail struct {
	Receipt
	Reversal *models.PaymentReversal
	Entries  []ledger.Line
	Currency string
	Policy   rules.Policy // what unpaid fees may do to the vote today
	Ended    bool         // an arrears case about what it settles is closed as paid, and stays closed if it is reversed
}

// Payment is one payment, for its member and those who read the finances.
func (s *Service) Payment(ctx context.Context, by identity.Actor, id models.PaymentID) (d PaymentDetail, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		payment, err := takeTx[models.Payment](tx, id, "fees.no_such_payment")
		if err != nil {
			return err
		}
		if err := by.RequireOwnTx(tx, payment.MemberID, readers...); err != nil {
			return err
		}
		coop, err := identity.CooperativeTx(tx)
		if err != nil {
			return err
		}
		rows, err := paymentRowsTx(tx, []models.Payment{payment})
		if err != nil {
			return err
		}
		d.Payment, d.Member, d.Reversal, d.Currency = payment, rows[0].Member, rows[0].Reversal, coop.Currency
		if d.Settles, err = settledByTx(tx, id); err != nil {
			return err
		}
		if d.Reversal == nil {
			d.AdvanceCents = payment.AmountCents
			for _, s := range d.Settles {
				d.AdvanceCents -= s.AmountCents
			}
		}
		if d.Entries, err = ledger.OfThingTx(tx, sourcePayment, int64(id)); err != nil {
			return err
		}
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		d.Policy = statutes.Body.Arrears.Policy
		d.Ended, err = endedTx(tx, id)
		return err
	})
	return d, err
}

// endedTx says whether a closed case is about a charge to which a payment was put, and was closed because all was paid.
func endedTx(tx *db.Tx, id models.PaymentID) (bool, error) {
	var cases []models.ArrearsCase
	if err := tx.DB.Where(`closed_at IS NOT NULL AND id IN (SELECT k.case_id FROM arrears_case_charges k
		JOIN allocations a ON a.charge_id = k.charge_id WHERE a.payment_id = ?)`, id).Order("id").Find(&cases).Error; err != nil {
		return false, fmt.Errorf("read the cases that payment %d ended: %w", id, err)
	}
	dossiers, err := dossiersTx(tx, cases)
	return slices.ContainsFunc(dossiers, func(d dossier) bool { return !d.dated.PaidOn.IsZero() }), err
}

// settledByTx is what a payment has put to which charges, as it stands now.
func settledByTx(tx *db.Tx, id models.PaymentID) (all []Settles, err error) {
	var rows []struct {
		models.Charge
		PaidCents int64
		PartCents int64
	}
	if err := tx.DB.Raw(`
		SELECT c.*, CAST((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id) AS BIGINT) AS paid_cents, parts.cents AS part_cents
		FROM (SELECT charge_id, CAST(SUM(amount_cents) AS BIGINT) AS cents FROM allocations WHERE payment_id = ? GROUP BY charge_id HAVING SUM(amount_cents) > 0) parts
		JOIN charges c ON c.id = parts.charge_id ORDER BY c.due_on, c.id`, id).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what payment %d settles: %w", id, err)
	}
	for _, r := range rows {
		all = append(all, Settles{Charge: r.Charge, AmountCents: r.PartCents, LacksCents: r.AmountCents - r.PaidCents})
	}
	return all, nil
}
