package fees

import (
	"context"
	"fmt"
	"slices"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

// Account is a member's fees at a glance: what they pay, what they owe, what they have paid, and their case.
type Account struct {
	Member       models.Member
	Class        models.MemberClass
	Currency     string
	Bank         BankAccount // where to pay; empty when the cooperative has not said
	Today        civil.Date
	Location     *time.Location
	Rules        rules.Arrears
	Subscription *Subscription // the one that covers today, or the one to come when none does
	Next         *Subscription // the one that will take over, when that is agreed
	Offers       []PlanPrices  // the plans of the member's class and kind that take new subscriptions
	Fee          standing.Fee
	OwedCents    int64 // everything that is open, due or not
	OverdueCents int64 // what of it is past its due day
	AdvanceCents int64
	Charges      []ChargeLine  // newest first
	Payments     []PaymentLine // newest first
	Waivers      []models.Waiver
	Case         *Case // the one that is open, or was open last
}

// VoteRests says whether unpaid fees keep the member from voting today.
func (a Account) VoteRests() bool {
	return a.Rules.Policy == rules.PolicyAutomatic && a.Fee == standing.FeeOverdue || a.Case != nil && a.Case.State.Suspends()
}

// Subscription is a subscription with its plan and the price in force.
type Subscription struct {
	models.Subscription
	Plan  models.FeePlan
	Price models.Price
	// ChargedCents is what a period costs at this price; more or less than the amount chosen when the price's
	// range has moved.
	ChargedCents int64
	NextPeriodOn civil.Date // the first day of the next period; zero when the subscription ends before
}

// ChargeLine is a charge with what was paid of it and how it stands today.
type ChargeLine struct {
	models.Charge
	PaidCents int64
	State     dues.State
}

// OwedCents is what the charge still lacks.
func (c ChargeLine) OwedCents() int64 {
	if c.SettledAt != nil {
		return 0
	}
	return c.AmountCents - c.PaidCents
}

// LinesTx adds to charges what was paid of each.
func LinesTx(tx *db.Tx, charges []models.Charge) ([]ChargeLine, error) {
	var paid []struct {
		ChargeID models.ChargeID
		Cents    int64
	}
	which := ids(charges, func(c models.Charge) models.ChargeID { return c.ID })
	err := tx.DB.Model(&models.Allocation{}).Select("charge_id, SUM(amount_cents) AS cents").Where("charge_id IN ?", which).Group("charge_id").Order("charge_id").Scan(&paid).Error
	if err != nil {
		return nil, fmt.Errorf("read what was paid of charges: %w", err)
	}
	lines := make([]ChargeLine, len(charges))
	for i, c := range charges {
		lines[i].Charge = c
		for _, p := range paid {
			if p.ChargeID == c.ID {
				lines[i].PaidCents = p.Cents
			}
		}
	}
	return lines, nil
}

// PaymentLine is a payment and its reversal, if it was taken back.
type PaymentLine struct {
	models.Payment
	Reversal *models.PaymentReversal
}

// linesMost is how many charges and payments a member's page lists: eight years of months.
const linesMost = 100

// MemberFees is a member's account, for the member, also one who has left, who represents it, and those who read the finances.
func (s *Service) MemberFees(ctx context.Context, by identity.Actor, member models.MemberID) (a Account, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) (err error) {
		if err := by.RequireOwnTx(tx, member, readers...); err != nil {
			return err
		}
		a, err = accountTx(tx, member)
		return err
	})
	return a, err
}

func accountTx(tx *db.Tx, id models.MemberID) (a Account, err error) {
	if a.Member, err = takeTx[models.Member](tx, id, "fees.no_such_member"); err != nil {
		return a, err
	}
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return a, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return a, err
	}
	a.Today, a.Currency, a.Bank, a.Location, a.Rules = today, coop.Currency, bankOf(coop), coop.Location(), statutes.Body.Arrears
	for _, read := range []func(*db.Tx) error{a.readPlans, a.readCharges, a.readPayments, a.readCase} {
		if err := read(tx); err != nil {
			return a, err
		}
	}
	if err := tx.DB.Where("member_id = ?", id).Order("from_on DESC, id DESC").Limit(linesMost).Find(&a.Waivers).Error; err != nil {
		return a, fmt.Errorf("read waivers: %w", err)
	}
	return a, nil
}

func (a *Account) readPlans(tx *db.Tx) error {
	var subs []models.Subscription
	if err := tx.DB.Where("member_id = ? AND (ends_on IS NULL OR ends_on >= ?)", a.Member.ID, a.Today).
		Order("starts_on, id").Limit(10).Find(&subs).Error; err != nil {
		return fmt.Errorf("read subscriptions: %w", err)
	}
	taken := ids(subs, func(s models.Subscription) models.FeePlanID { return s.PlanID })
	plans, err := plansTx(tx, tx.DB.Where("(class_id = ? AND archived_at IS NULL) OR id IN ?", a.Member.ClassID, taken))
	if err != nil {
		return err
	}
	of := map[models.FeePlanID]PlanPrices{}
	for _, p := range plans {
		of[p.Plan.ID] = p
		if p.Plan.ArchivedAt == nil && p.Plan.ClassID == a.Member.ClassID && p.Plan.Fits(a.Member.Kind) {
			a.Offers = append(a.Offers, p)
		}
	}
	for i, s := range subs {
		view := view(s, of[s.PlanID], a.Today)
		if i == 0 {
			a.Subscription = &view
		} else {
			a.Next = &view
		}
	}
	classes, err := classesTx(tx)
	a.Class = classes[a.Member.ClassID]
	return err
}

// view adds plan and price to a subscription, as they hold today or when it begins.
func view(s models.Subscription, plan PlanPrices, today civil.Date) Subscription {
	v := Subscription{Subscription: s, Plan: plan.Plan, ChargedCents: s.AmountCents}
	if price, ok := plan.On(later(today, s.StartsOn)); ok {
		v.Price, v.ChargedCents = price, within(price, s.AmountCents)
	}
	periods := dues.Periods(s.StartsOn, dues.Interval(plan.Plan.Every), today)
	next := s.StartsOn
	if len(periods) > 0 {
		next = periods[len(periods)-1].End.AddDays(1)
	}
	if s.EndsOn.IsZero() || !next.After(s.EndsOn) {
		v.NextPeriodOn = next
	}
	return v
}

func (a *Account) readCharges(tx *db.Tx) error {
	var rows []openCharge
	if err := tx.DB.Raw(`
		SELECT c.*, COALESCE((SELECT SUM(x.amount_cents) FROM allocations x WHERE x.charge_id = c.id), 0) AS paid_cents
		FROM charges c WHERE c.member_id = ? ORDER BY CASE WHEN c.settled_at IS NULL THEN 0 ELSE 1 END, c.period_start DESC, c.id DESC LIMIT ?`,
		a.Member.ID, linesMost).Scan(&rows).Error; err != nil {
		return fmt.Errorf("read charges: %w", err)
	}
	var open []dues.OpenCharge
	for _, c := range rows {
		line := a.line(c)
		a.Charges = append(a.Charges, line)
		a.OwedCents += line.OwedCents()
		if line.State != dues.Current {
			a.OverdueCents += line.OwedCents()
		}
		if line.OwedCents() > 0 {
			open = append(open, dueCharge(c))
		}
	}
	slices.SortStableFunc(a.Charges, func(x, y ChargeLine) int { return y.PeriodStart.Compare(x.PeriodStart) })
	a.Fee = feeState(dues.StateOfMember(open, a.Rules.GraceDays, a.Today))
	return nil
}

func (a *Account) line(c openCharge) ChargeLine {
	line := ChargeLine{Charge: c.Charge, PaidCents: c.PaidCents}
	line.State = dues.StateOf(c.DueOn, dueCharge(c).OwedCents, a.Rules.GraceDays, a.Today)
	return line
}

func (a *Account) readPayments(tx *db.Tx) error {
	var payments []models.Payment
	if err := tx.DB.Where("member_id = ?", a.Member.ID).Order("received_on DESC, id DESC").Limit(linesMost).Find(&payments).Error; err != nil {
		return fmt.Errorf("read payments: %w", err)
	}
	lines, err := paymentLinesTx(tx, payments)
	if err != nil {
		return err
	}
	a.Payments = lines
	advances, err := advancesTx(tx, []models.MemberID{a.Member.ID})
	for _, adv := range advances {
		a.AdvanceCents += adv.RestCents
	}
	return err
}

func paymentLinesTx(tx *db.Tx, payments []models.Payment) ([]PaymentLine, error) {
	var reversals []models.PaymentReversal
	which := ids(payments, func(p models.Payment) models.PaymentID { return p.ID })
	if err := tx.DB.Where("payment_id IN ?", which).Find(&reversals).Error; err != nil {
		return nil, fmt.Errorf("read reversals: %w", err)
	}
	lines := make([]PaymentLine, len(payments))
	for i, p := range payments {
		lines[i].Payment = p
		for j, r := range reversals {
			if r.PaymentID == p.ID {
				lines[i].Reversal = &reversals[j]
			}
		}
	}
	return lines, nil
}

func (a *Account) readCase(tx *db.Tx) error {
	var last models.ArrearsCase
	err := tx.DB.Where("member_id = ?", a.Member.ID).Order("id DESC").Take(&last).Error
	if db.Missing(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the case of member %d: %w", a.Member.ID, err)
	}
	d, err := dossierTx(tx, last)
	if err != nil {
		return err
	}
	view := caseView(d, a.Today)
	view.Member, view.Currency = a.Member, a.Currency
	a.Case = &view
	return nil
}

func dueCharge(c openCharge) dues.OpenCharge {
	owed := c.owedCents()
	if c.SettledAt != nil {
		owed = 0
	}
	return dues.OpenCharge{ID: int64(c.ID), DueOn: c.DueOn, OwedCents: cents(owed)}
}

// feeState says the state of fees in the words of standing.
func feeState(s dues.State) standing.Fee {
	switch s {
	case dues.InGrace:
		return standing.FeeInGrace
	case dues.Overdue:
		return standing.FeeOverdue
	case dues.Current:
	}
	return standing.FeeCurrent
}
