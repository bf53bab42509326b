package fees

import (
	"context"
	"errors"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

// Choice is what a member agrees to pay: a plan of their class, and an amount for each period inside its range.
type Choice struct {
	Member      models.MemberID
	Plan        models.FeePlanID
	AmountCents int64
	Suggested   bool // what the plan suggests, in place of AmountCents
	// StartsOn is the first day of the first subscription; only the treasurer sets it. Zero is today, or the day
	// of joining if that is to come.
	StartsOn civil.Date
}

// Subscribe makes a member's first subscription, or changes the one that runs. A change never touches a period
// that has begun: the old subscription ends with its period and the new one begins on the day after. A change that
// is still to begin is replaced by the next one. The member, who represents it, or the treasurer may do it; the
// period that has begun is charged at once, so that the answer shows what is owed.
func (s *Service) Subscribe(ctx context.Context, by identity.Actor, c Choice, once string) (sub models.Subscription, err error) {
	if err := mayChoose(by, c); err != nil {
		return sub, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		id, err := onceTx(tx, once, func() (models.SubscriptionID, error) { return s.subscribeTx(ctx, tx, by, c) })
		if err != nil {
			return err
		}
		sub, err = takeTx[models.Subscription](tx, id, "fees.no_such_subscription")
		return err
	})
	return sub, err
}

func (s *Service) subscribeTx(ctx context.Context, tx *db.Tx, by identity.Actor, c Choice) (models.SubscriptionID, error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return 0, err
	}
	member, err := lockOneTx(tx, c.Member)
	if err != nil {
		return 0, err
	}
	agreed, err := agreeTx(tx, c, member, today)
	if err != nil {
		return 0, err
	}
	c.AmountCents = agreed.AmountCents
	id, err := storeChoiceTx(ctx, tx, by, c, agreed, today)
	if err != nil {
		return 0, err
	}
	_, err = s.chargeTx(ctx, tx, by, today, []models.MemberID{c.Member})
	return id, err
}

// Agreed is what a choice comes to, before it is stored.
type Agreed struct {
	Plan        PlanPrices
	AmountCents int64
	StartsOn    civil.Date
	BegunBy     int // periods that have begun by today and are charged with the choice
	last        models.Subscription
}

// PreviewChoice says what Subscribe would do now, and changes nothing.
func (s *Service) PreviewChoice(ctx context.Context, by identity.Actor, c Choice) (a Agreed, err error) {
	if err := mayChoose(by, c); err != nil {
		return a, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		member, err := takeTx[models.Member](tx, c.Member, "fees.no_such_member")
		if err != nil {
			return err
		}
		a, err = agreeTx(tx, c, member, today)
		return err
	})
	return a, err
}

func mayChoose(by identity.Actor, c Choice) error {
	if err := by.RequireActsFor(c.Member, models.RoleTreasurer); err != nil {
		return err
	}
	if !c.StartsOn.IsZero() && !by.Has(models.RoleTreasurer) {
		return fault.Forbidden("identity.role_needed")
	}
	return nil
}

// agreeTx checks a choice against the plan, its price and the subscription before.
func agreeTx(tx *db.Tx, c Choice, member models.Member, today civil.Date) (a Agreed, err error) {
	if !member.LeftOn.IsZero() && !today.Before(member.LeftOn) {
		return a, fault.Conflict("fees.member_has_left")
	}
	if a.Plan, err = planForTx(tx, member, c.Plan); err != nil {
		return a, err
	}
	if a.last, err = lastSubscriptionTx(tx, c.Member); err != nil {
		return a, err
	}
	if a.StartsOn, err = startOf(tx, c, a.last, member, today); err != nil {
		return a, err
	}
	a.AmountCents = c.AmountCents
	if c.Suggested {
		price, _ := a.Plan.On(a.StartsOn)
		a.AmountCents = price.SuggestedCents
	}
	a.BegunBy = len(dues.Periods(a.StartsOn, dues.Interval(a.Plan.Plan.Every), today))
	return a, checkAmount(a.Plan, a.StartsOn, a.AmountCents)
}

// planForTx reads a plan that the member may take, with its prices.
func planForTx(tx *db.Tx, member models.Member, id models.FeePlanID) (PlanPrices, error) {
	found, err := plansTx(tx, tx.DB.Where("id = ?", id))
	if err != nil {
		return PlanPrices{}, err
	}
	switch {
	case len(found) == 0:
		return PlanPrices{}, fault.Invalid("plan", "fees.no_such_plan")
	case found[0].Plan.ArchivedAt != nil:
		return PlanPrices{}, fault.Invalid("plan", "fees.plan_archived")
	case found[0].Plan.ClassID != member.ClassID:
		return PlanPrices{}, fault.Invalid("plan", "fees.plan_of_other_class")
	case !found[0].Plan.Fits(member.Kind):
		return PlanPrices{}, fault.Invalid("plan", "fees.plan_of_other_kind")
	}
	return found[0], nil
}

// lastSubscriptionTx is the one that runs, else the one that ended last; the zero value when there never was one.
func lastSubscriptionTx(tx *db.Tx, member models.MemberID) (last models.Subscription, err error) {
	err = tx.DB.Where("member_id = ?", member).Order("CASE WHEN ends_on IS NULL THEN 0 ELSE 1 END, ends_on DESC, id DESC").Take(&last).Error
	if err != nil && !db.Missing(err) {
		return last, fmt.Errorf("read the subscription of member %d: %w", member, err)
	}
	return last, nil
}

func storeChoiceTx(ctx context.Context, tx *db.Tx, by identity.Actor, c Choice, agreed Agreed, today civil.Date) (models.SubscriptionID, error) {
	last, start := agreed.last, agreed.StartsOn
	runs := last.ID != 0 && last.EndsOn.IsZero()
	switch {
	case runs && last.PlanID == c.Plan && last.AmountCents == c.AmountCents:
		return last.ID, nil // what they chose already holds
	case runs && last.StartsOn.After(today):
		return last.ID, replaceChoiceTx(ctx, tx, by, c, last)
	case runs:
		if err := tx.DB.Model(&models.Subscription{}).Where("id = ? AND ends_on IS NULL", last.ID).Update("ends_on", start.AddDays(-1)).Error; err != nil {
			return 0, fmt.Errorf("end subscription %d: %w", last.ID, err)
		}
	}
	sub := models.Subscription{
		MemberID: c.Member, PlanID: c.Plan, AmountCents: c.AmountCents, StartsOn: start, CreatedBy: accountID(by.Account), CreatedAt: tx.Now,
	}
	if err := tx.DB.Create(&sub).Error; err != nil {
		return 0, fmt.Errorf("store a subscription: %w", err)
	}
	return sub.ID, audit.LineTx(ctx, tx, by.Account, "subscription.made", "subscription", int64(sub.ID), audit.Detail{
		"member": c.Member, "plan": c.Plan, "from": start.String(), "instead_of": last.ID,
	})
}

// replaceChoiceTx overwrites a subscription that has not begun: it has charged nothing, so nothing is lost but
// the earlier choice, which the audit lines keep.
func replaceChoiceTx(ctx context.Context, tx *db.Tx, by identity.Actor, c Choice, pending models.Subscription) error {
	if err := tx.DB.Model(&models.Subscription{}).Where("id = ?", pending.ID).Updates(map[string]any{
		"plan_id": c.Plan, "amount_cents": c.AmountCents, "created_by": accountID(by.Account), "created_at": tx.Now,
	}).Error; err != nil {
		return fmt.Errorf("change subscription %d: %w", pending.ID, err)
	}
	return audit.LineTx(ctx, tx, by.Account, "subscription.changed", "subscription", int64(pending.ID), audit.Detail{
		"member": c.Member, "plan": c.Plan, "instead_of_plan": pending.PlanID,
	})
}

// startOf is the day on which a choice begins to hold.
func startOf(tx *db.Tx, c Choice, last models.Subscription, member models.Member, today civil.Date) (civil.Date, error) {
	if last.ID != 0 && last.EndsOn.IsZero() {
		if !c.StartsOn.IsZero() {
			return civil.Date{}, fault.Invalid("starts_on", "fees.change_begins_with_a_period")
		}
		if last.StartsOn.After(today) {
			return last.StartsOn, nil
		}
		return nextPeriod(tx, last, today)
	}
	start := c.StartsOn
	if start.IsZero() {
		start = later(today, member.JoinedOn)
	}
	switch {
	case start.Before(member.JoinedOn):
		return start, fault.Invalid("starts_on", "fees.starts_before_joining", map[string]any{"Day": member.JoinedOn})
	case last.ID != 0 && !start.After(last.EndsOn):
		return start, fault.Invalid("starts_on", "fees.starts_in_an_older_subscription", map[string]any{"Day": last.EndsOn})
	case start.After(today.AddMonths(12)):
		return start, fault.Invalid("starts_on", "fees.starts_too_late")
	}
	return start, nil
}

// nextPeriod is the first day of the period after the one that runs today.
func nextPeriod(tx *db.Tx, sub models.Subscription, today civil.Date) (civil.Date, error) {
	plan, err := takeTx[models.FeePlan](tx, sub.PlanID, "fees.no_such_plan")
	if err != nil {
		return civil.Date{}, err
	}
	periods := dues.Periods(sub.StartsOn, dues.Interval(plan.Every), today)
	if len(periods) == 0 {
		return sub.StartsOn, nil
	}
	return periods[len(periods)-1].End.AddDays(1), nil
}

func later(a, b civil.Date) civil.Date {
	if b.After(a) {
		return b
	}
	return a
}

func checkAmount(plan PlanPrices, start civil.Date, cents int64) error {
	price, ok := plan.On(start)
	if !ok {
		return fault.Invalid("plan", "fees.plan_without_price", map[string]any{"Day": start})
	}
	err := rule(price).Check(money.Cents(cents))
	var out *dues.AmountError
	if !errors.As(err, &out) {
		return err
	}
	key := "fees.amount_below_minimum"
	if errors.Is(err, dues.AboveMaximum) {
		key = "fees.amount_above_maximum"
	}
	return fault.Invalid("amount", key, map[string]any{"Limit": out.LimitCents})
}
