package fees

import (
	"context"
	"fmt"
	"strconv"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/core/books"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

const (
	// membersAtOnce is how many members one act charges: few queries for each, and no act that others wait for long.
	membersAtOnce = 500
	// rowsAtOnce is how many rows one INSERT carries; SQLite takes 32,766 values at the most.
	rowsAtOnce = 1000
)

// toCharge selects the subscriptions that may have a period without a charge. It takes today four times.
// A subscription is done when its charges reach today, its own end, or the day on which the member left.
const toCharge = `
	FROM subscriptions s JOIN members m ON m.id = s.member_id
	WHERE s.starts_on <= ? AND (m.left_on IS NULL OR s.starts_on < m.left_on)
	  AND NOT EXISTS (
	    SELECT 1 FROM charges c WHERE c.subscription_id = s.id
	    AND (c.period_end >= ? OR c.period_end >= s.ends_on OR c.period_end >= m.left_on))`

// GenerateCharges charges every period that has begun and was not charged, for every member, and says how many
// charges it made. It may run at any time, twice and on several nodes at once: after days of standstill it catches
// up, and what is charged already stays as it is.
func (s *Service) GenerateCharges(ctx context.Context) (made int, err error) {
	for after := models.MemberID(0); ; {
		var members []models.MemberID
		var today civil.Date
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			if today, _, err = identity.TodayTx(tx); err != nil {
				return err
			}
			return tx.DB.Raw("SELECT DISTINCT s.member_id"+toCharge+" AND s.member_id > ? ORDER BY s.member_id LIMIT ?",
				today, today, after, membersAtOnce).Scan(&members).Error
		})
		if err != nil {
			return made, fmt.Errorf("find what to charge: %w", err)
		}
		if len(members) == 0 {
			return made, nil
		}
		n, err := s.generateSome(ctx, today, members)
		if made += n; err != nil {
			return made, err
		}
		after = members[len(members)-1]
	}
}

func (s *Service) generateSome(ctx context.Context, today civil.Date, members []models.MemberID) (made int, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if made, err = s.chargeTx(ctx, tx, identity.System, today, members); err != nil || made == 0 {
			return err
		}
		return audit.LineTx(ctx, tx, 0, "charges.generated", "member", int64(members[0]), audit.Detail{
			"charges": made, "members": len(members), "on": today.String(),
		})
	})
	return made, err
}

// chargeTx charges what is due to be charged of some members, lets their advances settle it, and tells them.
func (s *Service) chargeTx(ctx context.Context, tx *db.Tx, by identity.Actor, today civil.Date, members []models.MemberID) (made int, err error) {
	rows, err := lockTx(tx, members...)
	if err != nil {
		return 0, err
	}
	facts, err := chargingTx(tx, today, rows)
	if err != nil || len(facts.subscriptions) == 0 {
		return 0, err
	}
	var charges []models.Charge
	for _, sub := range facts.subscriptions {
		charges = append(charges, facts.charges(sub, today, tx)...)
	}
	if len(charges) == 0 {
		return 0, nil
	}
	if err := tx.DB.CreateInBatches(&charges, rowsAtOnce).Error; err != nil {
		return 0, fmt.Errorf("store charges: %w", err)
	}
	if err := bookChargesTx(ctx, tx, facts, charges); err != nil {
		return 0, err
	}
	if err := tellChargedTx(ctx, tx, by, facts, charges); err != nil {
		return 0, err
	}
	// Whoever has an advance owed nothing before, so nobody's vote comes back by this.
	_, err = s.applyAdvancesTx(ctx, tx, 0, today, members)
	return len(charges), err
}

// tellChargedTx tells each member who owes something new, once, however many periods were charged; but not whoever made
// it happen just now.
func tellChargedTx(ctx context.Context, tx *db.Tx, by identity.Actor, facts charging, charges []models.Charge) error {
	var told []identity.Notice
	done := map[models.MemberID]bool{}
	for _, c := range charges {
		member := facts.members[c.MemberID]
		if c.AmountCents == 0 || done[c.MemberID] || member.AccountID == nil || *member.AccountID == by.Account {
			continue
		}
		done[c.MemberID] = true
		told = append(told, identity.Notice{Account: *member.AccountID, Args: map[string]string{"member": member.Name}, Href: memberHref(member.ID)})
	}
	return identity.NotifyEachTx(ctx, tx, "fees.notice.charged", told)
}

// charging is what one batch needs to know, read in a handful of queries.
type charging struct {
	subscriptions []models.Subscription
	members       map[models.MemberID]models.Member
	plans         map[models.FeePlanID]models.FeePlan
	prices        map[models.FeePlanID][]models.Price
	waivers       map[models.MemberID][]models.Waiver
	charged       map[models.SubscriptionID]civil.Date // the first day of the last period that was charged
}

func chargingTx(tx *db.Tx, today civil.Date, members []models.Member) (c charging, err error) {
	c.members = map[models.MemberID]models.Member{}
	for _, m := range members {
		c.members[m.ID] = m
	}
	who := ids(members, func(m models.Member) models.MemberID { return m.ID })
	if err := tx.DB.Raw("SELECT s.*"+toCharge+" AND s.member_id IN ? ORDER BY s.member_id, s.id", today, today, who).Scan(&c.subscriptions).Error; err != nil {
		return c, fmt.Errorf("read subscriptions to charge: %w", err)
	}
	if len(c.subscriptions) == 0 {
		return c, nil
	}
	if c.charged, err = lastPeriodsTx(tx, c.subscriptions); err != nil {
		return c, err
	}
	var waivers []models.Waiver
	if err := tx.DB.Where("member_id IN ?", who).Order("id").Find(&waivers).Error; err != nil {
		return c, fmt.Errorf("read waivers: %w", err)
	}
	c.waivers = map[models.MemberID][]models.Waiver{}
	for _, w := range waivers {
		c.waivers[w.MemberID] = append(c.waivers[w.MemberID], w)
	}
	return c, c.readPlansTx(tx)
}

func (c *charging) readPlansTx(tx *db.Tx) error {
	c.plans = map[models.FeePlanID]models.FeePlan{}
	for _, s := range c.subscriptions {
		c.plans[s.PlanID] = models.FeePlan{}
	}
	var which []models.FeePlanID
	for id := range c.plans {
		which = append(which, id)
	}
	if err := lockPlansTx(tx, which); err != nil {
		return err
	}
	var plans []models.FeePlan
	if err := tx.DB.Where("id IN ?", which).Order("id").Find(&plans).Error; err != nil {
		return fmt.Errorf("read plans: %w", err)
	}
	for _, p := range plans {
		c.plans[p.ID] = p
	}
	var err error
	c.prices, err = pricesTx(tx, which)
	return err
}

func lastPeriodsTx(tx *db.Tx, subs []models.Subscription) (map[models.SubscriptionID]civil.Date, error) {
	var rows []struct {
		SubscriptionID models.SubscriptionID
		Last           civil.Date
	}
	which := ids(subs, func(s models.Subscription) models.SubscriptionID { return s.ID })
	if err := tx.DB.Raw("SELECT subscription_id, MAX(period_start) AS last FROM charges WHERE subscription_id IN ? GROUP BY subscription_id", which).
		Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the last periods charged: %w", err)
	}
	last := make(map[models.SubscriptionID]civil.Date, len(rows))
	for _, r := range rows {
		last[r.SubscriptionID] = r.Last
	}
	return last, nil
}

// charges gives what a subscription is still to be charged. Periods that begin once the member has left, or for
// which no price was in force, are passed over; a waived one is a charge of zero that is settled from the start.
// Nothing is due before it was charged: who is charged late has as many days to pay as who is charged in time.
func (c charging) charges(sub models.Subscription, today civil.Date, tx *db.Tx) []models.Charge {
	plan, member := c.plans[sub.PlanID], c.members[sub.MemberID]
	until := today
	if !sub.EndsOn.IsZero() && sub.EndsOn.Before(until) {
		until = sub.EndsOn
	}
	var all []models.Charge
	for _, p := range dues.Periods(sub.StartsOn, dues.Interval(plan.Every), until) {
		if last := c.charged[sub.ID]; !last.IsZero() && !p.Start.After(last) {
			continue
		}
		if !member.LeftOn.IsZero() && !p.Start.Before(member.LeftOn) {
			break
		}
		price, ok := priceOn(c.prices[plan.ID], p.Start)
		if !ok {
			continue
		}
		charge := models.Charge{
			SubscriptionID: sub.ID, MemberID: sub.MemberID, PriceID: price.ID, WaiverID: c.waiver(sub.MemberID, p.Start),
			PeriodStart: p.Start, PeriodEnd: p.End, DueOn: later(p.DueOn, today).AddDays(int(plan.DueDays)), CreatedAt: tx.Now,
		}
		if charge.WaiverID == nil {
			charge.AmountCents = within(price, sub.AmountCents)
			charge.SolidarityCents = int64(rule(price).Solidarity(money.Cents(charge.AmountCents)))
		}
		if charge.AmountCents == 0 {
			charge.SettledAt = &tx.Now
		}
		all = append(all, charge)
	}
	return all
}

func (c charging) waiver(member models.MemberID, day civil.Date) *models.WaiverID {
	for _, w := range c.waivers[member] {
		if w.Covers(day) {
			return &w.ID
		}
	}
	return nil
}

// bookChargesTx books what is owed on the first day of its period. A charge of zero is no entry.
func bookChargesTx(ctx context.Context, tx *db.Tx, facts charging, charges []models.Charge) error {
	plan := map[models.SubscriptionID]string{}
	for _, s := range facts.subscriptions {
		plan[s.ID] = facts.plans[s.PlanID].Name
	}
	var movements []ledger.Movement
	for _, c := range charges {
		if c.AmountCents == 0 {
			continue
		}
		entry, err := books.ChargeEntry(books.Head{
			On: c.PeriodStart, Source: sourceCharge, SourceID: strconv.FormatInt(int64(c.ID), 10),
			Description: fmt.Sprintf("%s, %s – %s", plan[c.SubscriptionID], c.PeriodStart, c.PeriodEnd),
		}, money.Cents(c.AmountCents), money.Cents(c.SolidarityCents))
		if err != nil {
			return fmt.Errorf("charge %d: %w", c.ID, err)
		}
		movements = append(movements, ledger.Movement{Entry: entry, Member: c.MemberID})
	}
	_, err := ledger.BookAllTx(ctx, tx, 0, movements)
	return err
}

// What entries of the ledger come from.
const (
	sourceCharge     = "charge"
	sourcePayment    = "payment"
	sourceAllocation = "allocation"
)
