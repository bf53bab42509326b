package fees

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/core/books"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

// UnsubscribedOn is, as a condition on the rows of members, that a plan is there for a member who has not chosen any. It
// takes the day once; the last day of a membership still counts.
const UnsubscribedOn = `(members.left_on IS NULL OR members.left_on >= ?)
	AND EXISTS (SELECT 1 FROM fee_plans f WHERE f.class_id = members.class_id AND f.archived_at IS NULL AND f.for_kind IN ('', members.kind))
	AND NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.member_id = members.id AND s.ends_on IS NULL)`

// Unsubscribed lists the members without a fee whose class has plans, by number, after the one given.
func (s *Service) Unsubscribed(ctx context.Context, by identity.Actor, after int64, limit int) (rows []models.Member, err error) {
	if err := by.Require(readers...); err != nil {
		return nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		return tx.DB.Where(UnsubscribedOn, today).Where("number > ?", after).Order("number, id").Limit(limit).Find(&rows).Error
	})
	return rows, err
}

// Totals are the figures over the treasurer's overview.
type Totals struct {
	Currency         string
	Today            civil.Date
	OpenCents        int64 // everything owed, due or not
	LateCents        int64 // what of it is past its due day
	LateMembers      int64
	AdvanceCents     int64
	ReceivedCents    int64 // payments received this calendar month, not reversed
	Unsubscribed     int64 // members whom a plan is there for, without a subscription
	OpenCases        int64
	CasesToDecide    int64 // the hearing is over, or the member has answered
	AppealsToAnswer  int64
	RunningWaivers   int64
	ChargedThroughOn civil.Date // the latest period begun that was charged; zero: nothing was
}

// Totals sums the treasurer's overview.
func (s *Service) Totals(ctx context.Context, by identity.Actor) (t Totals, err error) {
	if err := by.Require(readers...); err != nil {
		return t, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		t.Today, t.Currency = today, coop.Currency
		if err := t.sumsTx(tx); err != nil {
			return err
		}
		return t.casesTx(tx)
	})
	return t, err
}

func (t *Totals) sumsTx(tx *db.Tx) error {
	month := civil.New(t.Today.Year, t.Today.Month, 1)
	var open struct{ OpenCents, LateCents, LateMembers int64 }
	err := tx.DB.Raw(`
		SELECT CAST(COALESCE(SUM(owed), 0) AS BIGINT) AS open_cents,
		       CAST(COALESCE(SUM(CASE WHEN due_on < ? THEN owed END), 0) AS BIGINT) AS late_cents,
		       COUNT(DISTINCT CASE WHEN due_on < ? THEN member_id END) AS late_members
		FROM (SELECT c.member_id, c.due_on, c.amount_cents - COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id), 0) AS owed
		      FROM charges c WHERE c.settled_at IS NULL) open_charges`, t.Today, t.Today).Scan(&open).Error
	if err != nil {
		return fmt.Errorf("sum what is open: %w", err)
	}
	t.OpenCents, t.LateCents, t.LateMembers = open.OpenCents, open.LateCents, open.LateMembers
	var rest struct {
		AdvanceCents, ReceivedCents, RunningWaivers, Unsubscribed int64
		ChargedThroughOn                                          civil.Date
	}
	err = tx.DB.Raw(`
		SELECT (SELECT CAST(-COALESCE(SUM(amount_cents), 0) AS BIGINT) FROM postings WHERE account_code = ?) AS advance_cents,
		       (SELECT CAST(COALESCE(SUM(p.amount_cents), 0) AS BIGINT) FROM payments p WHERE p.received_on >= ?
		          AND NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = p.id)) AS received_cents,
		       (SELECT COUNT(*) FROM waivers WHERE from_on <= ? AND until_on >= ?) AS running_waivers,
		       (SELECT COUNT(*) FROM members WHERE `+UnsubscribedOn+`) AS unsubscribed,
		       (SELECT MAX(period_start) FROM charges) AS charged_through_on`,
		books.AccountMembersAdvances, month, t.Today, t.Today, t.Today).Scan(&rest).Error
	if err != nil {
		return fmt.Errorf("sum the overview: %w", err)
	}
	t.AdvanceCents, t.ReceivedCents, t.RunningWaivers = rest.AdvanceCents, rest.ReceivedCents, rest.RunningWaivers
	t.Unsubscribed, t.ChargedThroughOn = rest.Unsubscribed, rest.ChargedThroughOn
	return nil
}

func (t *Totals) casesTx(tx *db.Tx) error {
	all, err := openCasesTx(tx)
	if err != nil {
		return err
	}
	t.OpenCases = int64(len(all))
	for _, c := range all {
		if c.MayDecide {
			t.CasesToDecide++
		}
		if c.MayAnswerAppeal {
			t.AppealsToAnswer++
		}
	}
	return nil
}

func classListTx(tx *db.Tx) ([]models.MemberClass, error) {
	var rows []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(500).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	return rows, nil
}
