package fees

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/dues"
	"socia/core/fault"
	"socia/core/money"
	"socia/models"
	"socia/platform/db"
)

// The ways in which a plan treats value added tax. It is a statement of the plan, for receipts and the adviser;
// the books show fees as they are paid.
const (
	VATOutside  = "outside"  // not subject to VAT
	VATExempt   = "exempt"   // subject and exempt
	VATIncluded = "included" // subject; the price includes it
)

// VATTreatments lists them in the order in which pages show them.
var VATTreatments = []string{VATOutside, VATExempt, VATIncluded}

// PriceForm is what a new price says. Resolution cites the decision of the assembly that set it
// (Llei 12/2015 art. 43.2.d and 43.3: fees are set by the assembly, and this is not delegable).
type PriceForm struct {
	ValidFrom      civil.Date
	MinCents       int64
	SuggestedCents int64
	MaxCents       int64 // 0: no maximum
	Resolution     string
}

// PlanForm is what a new plan says, with its first price.
type PlanForm struct {
	ClassID      models.MemberClassID
	ForKind      models.MemberKind // empty: people and organisations
	Name         string
	Every        string
	VATTreatment string
	DueDays      int64
	Price        PriceForm
}

// dueDaysMost keeps a charge from being due after its period is long over.
const dueDaysMost = 365

func (f PlanForm) check() error {
	var faults []*fault.Fault
	faults = append(faults, checkText("name", f.Name))
	if _, err := dues.ParseInterval(f.Every); err != nil {
		faults = append(faults, fault.Invalid("every", "fees.interval_unknown"))
	}
	if !slices.Contains([]models.MemberKind{"", models.Person, models.Organisation}, f.ForKind) {
		faults = append(faults, fault.Invalid("for_kind", "fees.kind_unknown"))
	}
	if !slices.Contains(VATTreatments, f.VATTreatment) {
		faults = append(faults, fault.Invalid("vat_treatment", "fees.vat_unknown"))
	}
	if f.DueDays < 0 || f.DueDays > dueDaysMost {
		faults = append(faults, fault.Invalid("due_days", "fees.due_days_out_of_range", map[string]any{"Most": dueDaysMost}))
	}
	return fault.All(append(faults, f.Price.faults()...)...)
}

func (f PriceForm) faults() []*fault.Fault {
	faults := []*fault.Fault{checkText("resolution", f.Resolution)}
	if f.ValidFrom.IsZero() {
		faults = append(faults, fault.Invalid("valid_from", "ui.error.required"))
	}
	switch err := f.rule().Valid(); {
	case errors.Is(err, dues.PriceNegative):
		faults = append(faults, fault.Invalid("min", "fees.price_negative"))
	case errors.Is(err, dues.PriceOrder):
		faults = append(faults, fault.Invalid("suggested", "fees.price_order"))
	}
	return faults
}

func (f PriceForm) rule() dues.Price {
	return dues.Price{MinCents: money.Cents(f.MinCents), SuggestedCents: money.Cents(f.SuggestedCents), MaxCents: money.Cents(f.MaxCents)}
}

// CreatePlan makes a plan and its first price.
func (s *Service) CreatePlan(ctx context.Context, by identity.Actor, f PlanForm, once string) (id models.FeePlanID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.FeePlanID, error) { return createPlanTx(ctx, tx, by, f) })
		return err
	})
	return id, err
}

func createPlanTx(ctx context.Context, tx *db.Tx, by identity.Actor, f PlanForm) (models.FeePlanID, error) {
	if _, err := takeTx[models.MemberClass](tx, f.ClassID, "fees.no_such_class"); err != nil {
		return 0, err
	}
	plan := models.FeePlan{ClassID: f.ClassID, ForKind: f.ForKind, Name: f.Name, Every: f.Every, VATTreatment: f.VATTreatment, DueDays: f.DueDays, CreatedAt: tx.Now}
	if err := tx.DB.Create(&plan).Error; db.Duplicate(err) {
		return 0, fault.Invalid("name", "fees.plan_name_taken")
	} else if err != nil {
		return 0, fmt.Errorf("store a plan: %w", err)
	}
	if _, err := storePriceTx(ctx, tx, by, plan.ID, f.Price); err != nil {
		return 0, err
	}
	return plan.ID, audit.LineTx(ctx, tx, by.Account, "plan.created", "fee_plan", int64(plan.ID), audit.Detail{"class": f.ClassID, "every": f.Every})
}

// SetPrice gives a plan a new price from a day on. It must begin after every price the plan has, and after every
// period that was charged already: what was charged does not change.
func (s *Service) SetPrice(ctx context.Context, by identity.Actor, plan models.FeePlanID, f PriceForm, once string) (id models.PriceID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	if err := fault.All(f.faults()...); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.PriceID, error) {
			if err := priceFollowsTx(tx, plan, f.ValidFrom); err != nil {
				return 0, err
			}
			return storePriceTx(ctx, tx, by, plan, f)
		})
		return err
	})
	return id, err
}

// priceFollowsTx refuses a price that would begin before another one, or in a period that was charged.
func priceFollowsTx(tx *db.Tx, plan models.FeePlanID, from civil.Date) error {
	if err := lockPlansTx(tx, []models.FeePlanID{plan}); err != nil {
		return err
	}
	row, err := takeTx[models.FeePlan](tx, plan, "fees.no_such_plan")
	if err != nil {
		return err
	}
	if row.ArchivedAt != nil {
		return fault.Conflict("fees.plan_archived")
	}
	prices, err := pricesTx(tx, []models.FeePlanID{plan})
	if err != nil {
		return err
	}
	for _, p := range prices[plan] {
		if !from.After(p.ValidFrom) {
			return fault.Invalid("valid_from", "fees.price_not_newer", map[string]any{"Day": p.ValidFrom})
		}
	}
	var charged []civil.Date
	if err := tx.DB.Model(&models.Charge{}).Joins("JOIN prices ON prices.id = charges.price_id").
		Where("prices.plan_id = ?", plan).Order("charges.period_start DESC").Limit(1).Pluck("charges.period_start", &charged).Error; err != nil {
		return fmt.Errorf("read the last charge of plan %d: %w", plan, err)
	}
	if len(charged) > 0 && !from.After(charged[0]) {
		return fault.Invalid("valid_from", "fees.price_already_charged", map[string]any{"Day": charged[0]})
	}
	return nil
}

func storePriceTx(ctx context.Context, tx *db.Tx, by identity.Actor, plan models.FeePlanID, f PriceForm) (models.PriceID, error) {
	price := models.Price{
		PlanID: plan, ValidFrom: f.ValidFrom, MinCents: f.MinCents, SuggestedCents: f.SuggestedCents, MaxCents: f.MaxCents,
		Resolution: f.Resolution, SetBy: accountID(by.Account), CreatedAt: tx.Now,
	}
	if err := tx.DB.Create(&price).Error; err != nil {
		return 0, fmt.Errorf("store a price: %w", err)
	}
	return price.ID, audit.LineTx(ctx, tx, by.Account, "price.set", "price", int64(price.ID), audit.Detail{
		"plan": plan, "from": f.ValidFrom.String(), "min": f.MinCents, "suggested": f.SuggestedCents, "max": f.MaxCents,
	})
}

// ArchivePlan closes a plan to new subscriptions; those that run go on.
func (s *Service) ArchivePlan(ctx context.Context, by identity.Actor, id models.FeePlanID) error {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := takeTx[models.FeePlan](tx, id, "fees.no_such_plan"); err != nil {
			return err
		}
		done := tx.DB.Model(&models.FeePlan{}).Where("id = ? AND archived_at IS NULL", id).Update("archived_at", tx.Now)
		if done.Error != nil {
			return fmt.Errorf("archive plan %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return nil // archived already: the same answer
		}
		return audit.LineTx(ctx, tx, by.Account, "plan.archived", "fee_plan", int64(id), nil)
	})
}

// PlanPrices is a plan with its class and its prices, the newest first.
type PlanPrices struct {
	Plan   models.FeePlan
	Class  models.MemberClass
	Prices []models.Price
	Today  civil.Date
}

// Current is the price in force today, and false where there is none yet.
func (p PlanPrices) Current() (models.Price, bool) { return p.On(p.Today) }

// On is the price in force on a day, and false where there is none yet.
func (p PlanPrices) On(day civil.Date) (models.Price, bool) { return priceOn(p.Prices, day) }

// Plans lists every plan, those in use first, then by class and name. Everybody who is signed in may see what
// the assembly has set.
func (s *Service) Plans(ctx context.Context, by identity.Actor) (all []PlanPrices, err error) {
	if !by.SignedIn() {
		return nil, fault.Forbidden("identity.sign_in_needed")
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		all, err = plansTx(tx, tx.DB)
		return err
	})
	return all, err
}

// Plan is one plan with its prices.
func (s *Service) Plan(ctx context.Context, by identity.Actor, id models.FeePlanID) (p PlanPrices, err error) {
	if !by.SignedIn() {
		return p, fault.Forbidden("identity.sign_in_needed")
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		found, err := plansTx(tx, tx.DB.Where("id = ?", id))
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return fault.NotFound("fees.no_such_plan")
		}
		p = found[0]
		return nil
	})
	return p, err
}
