package fees

import (
	"context"
	"fmt"
	"time"

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

// Outcome is how an appeal is answered; a closed type.
type Outcome string

// The outcomes of an appeal: the suspension ends, or it stays.
const (
	Upheld   Outcome = "upheld"
	Rejected Outcome = "rejected"
)

// Dated gives the dated facts of a case, as core/arrears judges them, and the rules with the hearing that the case
// was opened with: statutes that change meanwhile do not shorten it.
func Dated(c models.ArrearsCase, loc *time.Location, r rules.Arrears) (arrears.Case, rules.Arrears) {
	r.HearingDays = c.HearingUntil.DaysSince(c.OpenedOn)
	dated := arrears.Case{
		OpenedOn: c.OpenedOn, AnsweredOn: dayOf(c.StatementAt, loc), DecidedOn: dayOf(c.DecidedAt, loc), Decision: arrears.Decision(c.Decision),
		AppealedOn: dayOf(c.AppealedAt, loc), AppealAnsweredOn: dayOf(c.AppealDecidedAt, loc),
	}
	switch Outcome(c.AppealOutcome) {
	case Upheld:
		dated.AppealAnswer = arrears.AnswerUphold
	case Rejected:
		dated.AppealAnswer = arrears.AnswerReject
	}
	if paid(c, dated, loc, r) {
		dated.PaidOn = dayOf(c.ClosedAt, loc)
	}
	return dated, r
}

// paid says whether a closed case was closed by payment: none of the other endings explains it.
func paid(c models.ArrearsCase, dated arrears.Case, loc *time.Location, r rules.Arrears) bool {
	if c.ClosedAt == nil {
		return false
	}
	return !dated.State(dayOf(c.ClosedAt, loc), r).Closed()
}

func dayOf(at *time.Time, loc *time.Location) civil.Date {
	if at == nil {
		return civil.Date{}
	}
	return civil.Of(*at, loc)
}

// silentAt is the instant at which silence upholds an appeal, once it has come; nil before, or without an appeal.
func silentAt(c models.ArrearsCase, now time.Time, loc *time.Location, r rules.Arrears) *time.Time {
	dated, r := Dated(c, loc, r)
	if c.ClosedAt != nil || c.AppealedAt == nil || dated.State(civil.Of(now, loc), r) != arrears.StateUpheldQuiet {
		return nil
	}
	at := dated.AppealAnswerUntil(r).AddDays(1).In(loc).UTC()
	return &at
}

// hearing is a case under its lock, with what decides how far it is.
type hearing struct {
	row    models.ArrearsCase
	member models.Member
	today  civil.Date
	dated  arrears.Case
	rules  rules.Arrears
}

func hearingTx(tx *db.Tx, id models.ArrearsCaseID) (h hearing, err error) {
	if h.row, err = takeTx[models.ArrearsCase](tx, id, "fees.no_such_case"); err != nil {
		return h, err
	}
	if h.member, err = lockOneTx(tx, h.row.MemberID); err != nil {
		return h, err
	}
	// Read again: what the row says holds only now that nobody else can change it.
	if h.row, err = takeTx[models.ArrearsCase](tx, id, "fees.no_such_case"); err != nil {
		return h, err
	}
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return h, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return h, err
	}
	h.today = today
	h.dated, h.rules = Dated(h.row, coop.Location(), statutes.Body.Arrears)
	return h, nil
}

// OpenCase opens a case about everything that a member owes past the days of grace. The member is told and has
// the hearing's days to answer. The statutes must ask for cases at all.
func (s *Service) OpenCase(ctx context.Context, by identity.Actor, member models.MemberID, once string) (id models.ArrearsCaseID, err error) {
	if err := by.Require(models.RoleTreasurer); err != nil {
		return 0, err
	}
	if err := notOneself(by, member); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		id, err = onceTx(tx, once, func() (models.ArrearsCaseID, error) { return openCaseTx(ctx, tx, by, member) })
		return err
	})
	return id, err
}

func openCaseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.MemberID) (models.ArrearsCaseID, error) {
	member, err := lockOneTx(tx, id)
	if err != nil {
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
	return storeCaseTx(ctx, tx, by, member, about, today, rule)
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

func storeCaseTx(ctx context.Context, tx *db.Tx, by identity.Actor, member models.Member, about []models.ChargeID, today civil.Date, rule rules.Arrears) (models.ArrearsCaseID, error) {
	var open int64
	if err := tx.DB.Model(&models.ArrearsCase{}).Where("member_id = ? AND closed_at IS NULL", member.ID).Count(&open).Error; err != nil {
		return 0, fmt.Errorf("look for an open case: %w", err)
	}
	if open > 0 {
		return 0, fault.Conflict("fees.case_is_open")
	}
	row := models.ArrearsCase{
		MemberID: member.ID, OpenedOn: today, OpenedBy: by.Account, OpenedAt: tx.Now, HearingUntil: today.AddDays(rule.HearingDays),
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
	if err := tellTx(ctx, tx, member, "fees.notice.case_opened", caseHref(row.ID)); err != nil {
		return 0, err
	}
	return row.ID, audit.LineTx(ctx, tx, by.Account, "case.opened", "arrears_case", int64(row.ID), audit.Detail{"member": member.ID, "charges": about})
}

func caseHref(id models.ArrearsCaseID) string { return fmt.Sprintf("/fees/cases/%d", id) }

// State records the member's statement in the hearing. It may be made until the case is decided, once.
func (s *Service) State(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text, once string) error {
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := by.RequireActsFor(h.member.ID); err != nil {
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
		if err := notOneself(by, h.member.ID); err != nil {
			return err
		}
		if err := checkDecision(decision, reason); err != nil {
			return err
		}
		if !h.dated.MayDecide(h.today, h.rules) {
			if h.dated.State(h.today, h.rules) == arrears.StateHearing {
				return fault.Conflict("fees.case_still_heard", map[string]any{"Day": h.row.HearingUntil, "Article": h.rules.HearingArticle})
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
		if err := tellTx(ctx, tx, h.member, "fees.notice.decision."+string(decision), caseHref(id)); err != nil {
			return err
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

// Appeal records the member's appeal against a suspension, within the statutes' months.
func (s *Service) Appeal(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text, once string) error {
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := by.RequireActsFor(h.member.ID); err != nil {
			return err
		}
		if err := fault.All(checkText("appeal", text)); err != nil {
			return err
		}
		if !h.dated.MayAppeal(h.today, h.rules) {
			return fault.Conflict("fees.case_no_appeal_now")
		}
		if err := h.changeTx(tx, map[string]any{"appeal": text, "appealed_at": tx.Now}); err != nil {
			return err
		}
		if err := tellOfficersTx(ctx, tx, h.today, "fees.notice.case_appeal", caseHref(id), deciders...); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "case.appealed", "arrears_case", int64(id), nil)
	})
}

// AnswerAppeal answers an appeal: upholding it ends the suspension at once, otherwise it stays. Whoever decided the case
// does not answer for it.
func (s *Service) AnswerAppeal(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, outcome Outcome, reason, once string) error {
	if err := by.Require(deciders...); err != nil {
		return err
	}
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := notOneself(by, h.member.ID); err != nil {
			return err
		}
		if err := checkOutcome(outcome, reason); err != nil {
			return err
		}
		if !h.dated.MayAnswerAppeal(h.today, h.rules) {
			return fault.Conflict("fees.case_no_answer_now")
		}
		if h.row.DecidedBy != nil && *h.row.DecidedBy == by.Account {
			return fault.Forbidden("fees.appeal_needs_somebody_else")
		}
		change := map[string]any{"appeal_outcome": outcome, "appeal_reason": reason, "appeal_decided_by": by.Account, "appeal_decided_at": tx.Now}
		if outcome == Upheld {
			change["closed_at"] = tx.Now
		}
		if err := h.changeTx(tx, change); err != nil {
			return err
		}
		if err := tellTx(ctx, tx, h.member, "fees.notice.appeal."+string(outcome), caseHref(id)); err != nil {
			return err
		}
		if err := audit.LineTx(ctx, tx, by.Account, "case.appeal_answered", "arrears_case", int64(id), audit.Detail{"outcome": outcome}); err != nil {
			return err
		}
		if outcome != Upheld {
			return nil
		}
		return s.restoredTx(ctx, tx, h.member.ID, models.CauseAppeal)
	})
}

func checkOutcome(outcome Outcome, reason string) error {
	faults := []*fault.Fault{checkText("reason", reason)}
	switch outcome {
	case Upheld, Rejected:
	case "":
		faults = append(faults, fault.Invalid("outcome", "ui.error.required"))
	default:
		faults = append(faults, fault.Invalid("outcome", "fees.outcome_unknown"))
	}
	return fault.All(faults...)
}

// step does one step of a case under its lock, once for each token.
func (s *Service) step(ctx context.Context, id models.ArrearsCaseID, once string, do func(tx *db.Tx, h hearing) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := onceTx(tx, once, func() (models.ArrearsCaseID, error) {
			h, err := hearingTx(tx, id)
			if err != nil {
				return 0, err
			}
			return id, do(tx, h)
		})
		return err
	})
}

// changeTx stores a step, unless the case has ended meanwhile.
func (h hearing) changeTx(tx *db.Tx, change map[string]any) error {
	done := tx.DB.Model(&models.ArrearsCase{}).Where("id = ? AND closed_at IS NULL AND decision = ?", h.row.ID, h.row.Decision).Updates(change)
	if done.Error != nil {
		return fmt.Errorf("change case %d: %w", h.row.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("fees.case_is_closed")
	}
	return nil
}

// closePaidCaseTx closes a member's case when nothing that it is about is owed any more.
func closePaidCaseTx(ctx context.Context, tx *db.Tx, by models.AccountID, member models.Member) error {
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
	if err := tellTx(ctx, tx, member, "fees.notice.case_paid", caseHref(id)); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by, "case.closed", "arrears_case", int64(id), audit.Detail{"because": "paid"})
}

// CloseSilentAppeals ends the cases whose appeal nobody answered in time: silence upholds it, from the first
// instant of the day after. It may run at any time and twice. It says how many it ended.
func (s *Service) CloseSilentAppeals(ctx context.Context) (closed int, err error) {
	var waiting []models.ArrearsCaseID
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.ArrearsCase{}).Where("closed_at IS NULL AND appealed_at IS NOT NULL AND appeal_outcome = ''").
			Order("id").Limit(1000).Pluck("id", &waiting).Error
	})
	if err != nil {
		return 0, fmt.Errorf("read appeals: %w", err)
	}
	for _, id := range waiting {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			done, err := s.closeSilentTx(ctx, tx, id)
			if done {
				closed++
			}
			return err
		})
		if err != nil {
			return closed, err
		}
	}
	return closed, nil
}

func (s *Service) closeSilentTx(ctx context.Context, tx *db.Tx, id models.ArrearsCaseID) (bool, error) {
	h, err := hearingTx(tx, id)
	if err != nil {
		return false, err
	}
	_, coop, err := identity.TodayTx(tx)
	if err != nil {
		return false, err
	}
	at := silentAt(h.row, tx.Now, coop.Location(), h.rules)
	if at == nil {
		return false, nil
	}
	if err := h.changeTx(tx, map[string]any{"closed_at": *at}); err != nil {
		return false, err
	}
	if err := tellTx(ctx, tx, h.member, "fees.notice.appeal.silence", caseHref(id)); err != nil {
		return false, err
	}
	if err := audit.LineTx(ctx, tx, 0, "case.closed", "arrears_case", int64(id), audit.Detail{"because": "silence"}); err != nil {
		return false, err
	}
	return true, s.restoredTx(ctx, tx, h.member.ID, models.CauseAppeal)
}
