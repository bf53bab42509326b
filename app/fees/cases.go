package fees

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Who does what in an arrears case: the treasurer opens it, the treasurer or the facilitator decides it, and
// somebody else who holds one of these offices answers an appeal. Nobody acts on their own case.
var deciders = []models.Role{models.RoleTreasurer, models.RoleFacilitator}

// OpenCase opens a case about everything that a member owes past the days of grace. The member is told and has
// the hearing's days to answer. The statutes must ask for cases at all.
func (s *Service) OpenCase(ctx context.Context, by identity.Actor, member models.MemberID, once string) (id models.ArrearsCaseID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.ArrearsCaseID, error) { return s.openCaseTx(ctx, tx, by, member) })
		return err
	})
	return id, err
}

func (s *Service) openCaseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.MemberID) (models.ArrearsCaseID, error) {
	member, err := lockOneTx(tx, id)
	if err != nil {
		return 0, err
	}
	if err := notOneself(by, member); err != nil {
		return 0, err
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return 0, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return 0, err
	}
	rule := statutes.Body.Arrears
	if rule.Policy != rules.PolicyCase {
		return 0, fault.Conflict("fees.statutes_without_cases")
	}
	about, err := overdueTx(tx, id, today, rule)
	if err != nil {
		return 0, err
	}
	if len(about) == 0 {
		return 0, fault.Conflict("fees.nothing_overdue", map[string]any{"Days": rule.GraceDays})
	}
	return s.storeCaseTx(ctx, tx, by, member, about, today, statutes)
}

// overdueTx is what a member owes past the days of grace.
func overdueTx(tx *db.Tx, member models.MemberID, today civil.Date, rule rules.Arrears) (about []models.ChargeID, err error) {
	open, err := openChargesTx(tx, []models.MemberID{member})
	if err != nil {
		return nil, err
	}
	for _, c := range open[member] {
		if today.After(c.DueOn.AddDays(rule.GraceDays)) {
			about = append(about, c.ID)
		}
	}
	return about, nil
}

func (s *Service) storeCaseTx(ctx context.Context, tx *db.Tx, by identity.Actor, member models.Member, about []models.ChargeID, today civil.Date, statutes models.RuleSet) (models.ArrearsCaseID, error) {
	var open int64
	if err := tx.DB.Model(&models.ArrearsCase{}).Where("member_id = ? AND closed_at IS NULL", member.ID).Count(&open).Error; err != nil {
		return 0, fmt.Errorf("look for an open case: %w", err)
	}
	if open > 0 {
		return 0, fault.Conflict("fees.case_is_open")
	}
	row := models.ArrearsCase{
		MemberID: member.ID, RuleSetID: statutes.ID, OpenedOn: today, OpenedBy: by.Account, OpenedAt: tx.Now,
	}
	if member.AccountID != nil {
		row.HearingUntil = today.AddDays(statutes.Body.Arrears.HearingDays)
	}
	if err := tx.DB.Create(&row).Error; db.Duplicate(err) {
		return 0, fault.Conflict("fees.case_is_open")
	} else if err != nil {
		return 0, fmt.Errorf("store a case: %w", err)
	}
	charges := make([]models.ArrearsCaseCharge, len(about))
	for i, c := range about {
		charges[i] = models.ArrearsCaseCharge{CaseID: row.ID, ChargeID: c}
	}
	if err := tx.DB.Create(&charges).Error; err != nil {
		return 0, fmt.Errorf("store a case's charges: %w", err)
	}
	if err := s.tellOfCaseTx(ctx, tx, member, row.ID, "fees.notice.case_opened"); err != nil {
		return 0, err
	}
	if err := inInboxTx(tx, by, member, row.ID, models.DeliveredOpening, today); err != nil {
		return 0, err
	}
	return row.ID, audit.LineTx(ctx, tx, by.Account, "case.opened", "arrears_case", int64(row.ID), audit.Detail{"member": member.ID, "charges": about})
}

func caseHref(id models.ArrearsCaseID) string { return fmt.Sprintf("/fees/cases/%d", id) }

// State records the member's statement in the hearing. It may be made until the case is decided, once.
func (s *Service) State(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text, once string) error {
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := by.RequireOwnTx(tx, h.member.ID); err != nil {
			return err
		}
		if err := fault.All(checkText("statement", text)); err != nil {
			return err
		}
		if !h.dated.MayAnswer(h.today, h.rules) {
			return fault.Conflict("fees.case_not_in_hearing")
		}
		if err := h.changeTx(tx, map[string]any{"statement": text, "statement_at": tx.Now}); err != nil {
			return err
		}
		if err := tellOfficersTx(ctx, tx, h.today, "fees.notice.case_statement", caseHref(id), deciders...); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "case.stated", "arrears_case", int64(id), nil)
	})
}

// Decide decides a case: to suspend the vote, at once, or to dismiss the case. The hearing must be over, or the
// member must have answered (Llei 12/2015 art. 36).
func (s *Service) Decide(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, decision models.ArrearsDecision, reason, once string) error {
	if err := by.Require(deciders...); err != nil {
		return err
	}
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := notOneself(by, h.member); err != nil {
			return err
		}
		if err := checkDecision(decision, reason); err != nil {
			return err
		}
		if !h.dated.MayDecide(h.today, h.rules) {
			if h.dated.State(h.today, h.rules) == arrears.StateHearing && h.dated.ToldOn.IsZero() {
				return fault.Conflict("fees.case_member_not_told", map[string]any{"Article": h.rules.HearingArticle})
			}
			if h.dated.State(h.today, h.rules) == arrears.StateHearing {
				return fault.Conflict("fees.case_still_heard", map[string]any{"Day": h.dated.HearingUntil(h.rules), "Article": h.rules.HearingArticle})
			}
			return fault.Conflict("fees.case_decided_already")
		}
		change := map[string]any{"decision": decision, "decision_reason": reason, "decided_by": by.Account, "decided_at": tx.Now}
		if decision == models.Dismiss {
			change["closed_at"] = tx.Now
		}
		if err := h.changeTx(tx, change); err != nil {
			return err
		}
		if err := s.tellOfCaseTx(ctx, tx, h.member, id, "fees.notice.decision."+string(decision)); err != nil {
			return err
		}
		if decision == models.Suspend {
			if err := inInboxTx(tx, by, h.member, id, models.DeliveredDecision, h.today); err != nil {
				return err
			}
		}
		return audit.LineTx(ctx, tx, by.Account, "case.decided", "arrears_case", int64(id), audit.Detail{"decision": decision})
	})
}

func checkDecision(decision models.ArrearsDecision, reason string) error {
	faults := []*fault.Fault{checkText("reason", reason)}
	switch decision {
	case models.Suspend, models.Dismiss:
	case models.Undecided:
		faults = append(faults, fault.Invalid("decision", "ui.error.required"))
	default:
		faults = append(faults, fault.Invalid("decision", "fees.decision_unknown"))
	}
	return fault.All(faults...)
}

// closePaidCaseTx closes a member's case when nothing that it is about is owed any more.
func (s *Service) closePaidCaseTx(ctx context.Context, tx *db.Tx, by models.AccountID, member models.Member) error {
	var open []models.ArrearsCase
	if err := tx.DB.Where("member_id = ? AND closed_at IS NULL", member.ID).
		Where("NOT EXISTS (SELECT 1 FROM arrears_case_charges k JOIN charges c ON c.id = k.charge_id WHERE k.case_id = arrears_cases.id AND c.settled_at IS NULL)").
		Limit(1).Find(&open).Error; err != nil {
		return fmt.Errorf("read the case of member %d: %w", member.ID, err)
	}
	if len(open) == 0 {
		return nil
	}
	id := open[0].ID
	done := tx.DB.Model(&models.ArrearsCase{}).Where("id = ? AND closed_at IS NULL", id).Update("closed_at", tx.Now)
	if done.Error != nil {
		return fmt.Errorf("close case %d: %w", id, done.Error)
	}
	if err := s.tellOfCaseTx(ctx, tx, member, id, "fees.notice.case_paid"); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by, "case.closed", "arrears_case", int64(id), audit.Detail{"because": "paid"})
}
