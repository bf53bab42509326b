package fees

import (
	"cmp"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

// plansTx reads the plans that a query selects with their classes and prices, in three queries.
func plansTx(tx *db.Tx, query *gorm.DB) ([]PlanPrices, error) {
	var plans []models.FeePlan
	if err := query.Order("CASE WHEN archived_at IS NULL THEN 0 ELSE 1 END, class_id, name, id").Limit(500).Find(&plans).Error; err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	classes, err := classesTx(tx)
	if err != nil {
		return nil, err
	}
	prices, err := pricesTx(tx, ids(plans, func(p models.FeePlan) models.FeePlanID { return p.ID }))
	if err != nil {
		return nil, err
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	all := make([]PlanPrices, len(plans))
	for i, p := range plans {
		all[i] = PlanPrices{Plan: p, Class: classes[p.ClassID], Prices: prices[p.ID], Today: today}
	}
	slices.SortStableFunc(all, func(a, b PlanPrices) int {
		return cmp.Or(cmp.Compare(archived(a), archived(b)), cmp.Compare(a.Class.Position, b.Class.Position))
	})
	return all, nil
}

func archived(p PlanPrices) int {
	if p.Plan.ArchivedAt != nil {
		return 1
	}
	return 0
}

func classesTx(tx *db.Tx) (map[models.MemberClassID]models.MemberClass, error) {
	var rows []models.MemberClass
	if err := tx.DB.Order("position, id").Limit(500).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read classes: %w", err)
	}
	of := make(map[models.MemberClassID]models.MemberClass, len(rows))
	for _, c := range rows {
		of[c.ID] = c
	}
	return of, nil
}

// pricesTx reads the prices of plans, each plan's newest first.
func pricesTx(tx *db.Tx, plans []models.FeePlanID) (map[models.FeePlanID][]models.Price, error) {
	var rows []models.Price
	if err := tx.DB.Where("plan_id IN ?", plans).Order("plan_id, valid_from DESC").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	of := map[models.FeePlanID][]models.Price{}
	for _, p := range rows {
		of[p.PlanID] = append(of[p.PlanID], p)
	}
	return of, nil
}

// lockPlansTx keeps a price from being set while its plan is charged, and the other way round.
func lockPlansTx(tx *db.Tx, plans []models.FeePlanID) error {
	if tx.Flavor() != db.Postgres || len(plans) == 0 {
		return nil
	}
	if err := tx.DB.Exec("SELECT id FROM fee_plans WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", plans).Error; err != nil {
		return fmt.Errorf("lock plans: %w", err)
	}
	return nil
}

// priceOn is the price in force on a day. The prices come newest first.
func priceOn(prices []models.Price, day civil.Date) (models.Price, bool) {
	for _, p := range prices {
		if !p.ValidFrom.After(day) {
			return p, true
		}
	}
	return models.Price{}, false
}

func rule(p models.Price) dues.Price {
	return dues.Price{MinCents: money.Cents(p.MinCents), SuggestedCents: money.Cents(p.SuggestedCents), MaxCents: money.Cents(p.MaxCents)}
}

// within moves an amount that was chosen under an older price into the range of the price in force: the assembly
// sets fees, so a new minimum binds everybody from the day it holds.
func within(p models.Price, cents int64) int64 {
	cents = max(cents, p.MinCents)
	if p.MaxCents != 0 {
		cents = min(cents, p.MaxCents)
	}
	return cents
}
