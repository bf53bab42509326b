package fees

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Outcome is how an appeal is answered; a closed type.
type Outcome string

// The outcomes of an appeal: the suspension ends, or it stays.
const (
	Upheld   Outcome = "upheld"
	Rejected Outcome = "rejected"
)

// Appeal records the member's appeal against a suspension, within the statutes' months.
func (s *Service) Appeal(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text, once string) error {
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := by.RequireOwnTx(tx, h.member.ID); err != nil {
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
		if err := notOneself(by, h.member); err != nil {
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
		if err := s.tellOfCaseTx(ctx, tx, h.member, id, "fees.notice.appeal."+string(outcome)); err != nil {
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
	at := h.silentAt(tx.Now)
	if at == nil {
		return false, nil
	}
	if err := h.changeTx(tx, map[string]any{"closed_at": *at}); err != nil {
		return false, err
	}
	if err := s.tellOfCaseTx(ctx, tx, h.member, id, "fees.notice.appeal.silence"); err != nil {
		return false, err
	}
	if err := audit.LineTx(ctx, tx, 0, "case.closed", "arrears_case", int64(id), audit.Detail{"because": "silence"}); err != nil {
		return false, err
	}
	return true, s.restoredTx(ctx, tx, h.member.ID, models.CauseAppeal)
}
