package fees

import (
	"context"
	"fmt"
	"strings"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Delivery is what an officer knows of a member who is told, or answers, outside the program: on which day something was
// handed over, and how.
type Delivery struct {
	On  civil.Date
	How string
}

// howMost is how many characters the way of a delivery may have.
const howMost = 300

// check wants a day that has come, not before the first one on which it can have been. The fields are those of what was
// "told" or "received".
func (d Delivery) check(what string, first, today civil.Date) []*fault.Fault {
	var faults []*fault.Fault
	switch {
	case d.On.IsZero():
		faults = append(faults, fault.Invalid(what+"_on", "ui.error.required"))
	case d.On.After(today):
		faults = append(faults, fault.Invalid(what+"_on", "fees.received_in_the_future"))
	case d.On.Before(first):
		faults = append(faults, fault.Invalid(what+"_on", "fees.delivery_before_its_cause", map[string]any{"Day": first}))
	}
	switch n := len([]rune(d.How)); {
	case n == 0:
		faults = append(faults, fault.Invalid(what+"_how", "ui.error.required"))
	case n > howMost:
		faults = append(faults, fault.Invalid(what+"_how", "fees.text_too_long", map[string]any{"Most": howMost, "Length": n}))
	}
	return faults
}

// inInboxTx keeps that the notice of a step is in the inbox of the member's account: that is how a member with an
// account is told. Against one without, no clock runs until somebody records how they were told.
func inInboxTx(tx *db.Tx, by identity.Actor, member models.Member, id models.ArrearsCaseID, kind models.DeliveryKind, today civil.Date) error {
	if member.AccountID == nil {
		return nil
	}
	return deliverTx(tx, by, id, kind, Delivery{On: today})
}

func deliverTx(tx *db.Tx, by identity.Actor, id models.ArrearsCaseID, kind models.DeliveryKind, d Delivery) error {
	row := models.ArrearsCaseDelivery{CaseID: id, Kind: kind, OnDay: d.On, How: d.How, RecordedBy: by.Account, RecordedAt: tx.Now}
	if err := tx.DB.Create(&row).Error; db.Duplicate(err) {
		return fault.Conflict("fees.delivered_already")
	} else if err != nil {
		return fmt.Errorf("store a delivery of case %d: %w", id, err)
	}
	return nil
}

// RecordNotification records that a member was told that their case is open, or how it was decided, where no notice
// reached the inbox of an account. The hearing, or the months to appeal, begin on that day.
func (s *Service) RecordNotification(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, of models.DeliveryKind, d Delivery, once string) error {
	return s.record(ctx, by, id, of, d, once, func(_ *db.Tx, h hearing) (map[string]any, []*fault.Fault, error) {
		if h.notify(h.today) != of || of == "" {
			return nil, nil, fault.Conflict("fees.delivered_already")
		}
		if of == models.DeliveredDecision {
			return nil, d.check("told", h.dated.DecidedOn, h.today), nil
		}
		return map[string]any{"hearing_until": d.On.AddDays(h.rules.HearingDays)}, d.check("told", h.dated.OpenedOn, h.today), nil
	})
}

// ReceiveStatement records the statement that a member made outside the program, as it came. It counts from the day on
// which it came.
func (s *Service) ReceiveStatement(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text string, d Delivery, once string) error {
	return s.record(ctx, by, id, models.DeliveredStatement, d, once, func(tx *db.Tx, h hearing) (map[string]any, []*fault.Fault, error) {
		if !h.dated.MayAnswer(h.today, h.rules) {
			return nil, nil, fault.Conflict("fees.case_not_in_hearing")
		}
		return map[string]any{"statement": text, "statement_at": tx.Now}, append(d.check("received", h.dated.OpenedOn, h.today), checkText("statement", text)), nil
	})
}

// ReceiveAppeal records the appeal that a member made outside the program. It is in time if it came in time, however late
// it is recorded.
func (s *Service) ReceiveAppeal(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, text string, d Delivery, once string) error {
	return s.record(ctx, by, id, models.DeliveredAppeal, d, once, func(tx *db.Tx, h hearing) (map[string]any, []*fault.Fault, error) {
		if !h.appealable(h.today) {
			return nil, nil, fault.Conflict("fees.case_no_appeal_now")
		}
		faults := append(d.check("received", h.dated.DecidedOn, h.today), checkText("appeal", text))
		if until := h.dated.AppealUntil(h.rules); !until.IsZero() && d.On.After(until) {
			faults = append(faults, fault.Invalid("received_on", "fees.appeal_came_late", map[string]any{"Day": until}))
		}
		return map[string]any{"appeal": text, "appealed_at": tx.Now}, faults, nil
	})
}

// record does what the three have in common: an officer records it, but never in their own case; the member is told.
func (s *Service) record(ctx context.Context, by identity.Actor, id models.ArrearsCaseID, kind models.DeliveryKind, d Delivery, once string,
	ask func(*db.Tx, hearing) (change map[string]any, faults []*fault.Fault, err error),
) error {
	if err := by.Require(deciders...); err != nil {
		return err
	}
	d.How = strings.TrimSpace(d.How)
	return s.step(ctx, id, once, func(tx *db.Tx, h hearing) error {
		if err := notOneself(by, h.member); err != nil {
			return err
		}
		change, faults, err := ask(tx, h)
		if err != nil {
			return err
		}
		if err := fault.All(faults...); err != nil {
			return err
		}
		if len(change) > 0 {
			if err := h.changeTx(tx, change); err != nil {
				return err
			}
		}
		if err := deliverTx(tx, by, id, kind, d); err != nil {
			return err
		}
		if err := s.tellOfCaseTx(ctx, tx, h.member, id, "fees.notice.recorded."+string(kind)); err != nil {
			return err
		}
		if err := tellDecidersTx(ctx, tx, h, id, kind); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "case."+string(kind)+"_recorded", "arrears_case", int64(id), audit.Detail{"on": d.On.String()})
	})
}

// tellDecidersTx tells those who decide that it is their turn.
func tellDecidersTx(ctx context.Context, tx *db.Tx, h hearing, id models.ArrearsCaseID, kind models.DeliveryKind) error {
	switch kind {
	case models.DeliveredStatement:
		return tellOfficersTx(ctx, tx, h.today, "fees.notice.case_statement", caseHref(id), deciders...)
	case models.DeliveredAppeal:
		return tellOfficersTx(ctx, tx, h.today, "fees.notice.case_appeal", caseHref(id), deciders...)
	case models.DeliveredOpening, models.DeliveredDecision:
	}
	return nil
}

// notify is what the member is still to be told, for a clock to run; empty when nothing.
func (d *dossier) notify(today civil.Date) models.DeliveryKind {
	switch d.dated.State(today, d.rules) {
	case arrears.StateHearing:
		if d.dated.ToldOn.IsZero() {
			return models.DeliveredOpening
		}
	case arrears.StateSuspended:
		if d.dated.NotifiedOn.IsZero() {
			return models.DeliveredDecision
		}
	case arrears.StateNotOpened, arrears.StateToDecide, arrears.StateUnderAppeal, arrears.StateFinal,
		arrears.StatePaid, arrears.StateDismissed, arrears.StateUpheld, arrears.StateUpheldQuiet:
	}
	return ""
}

// appealable says whether an appeal that came in time can still be recorded: the vote is suspended, and there is none yet.
func (d *dossier) appealable(today civil.Date) bool {
	state := d.dated.State(today, d.rules)
	return d.row.AppealedAt == nil && (state == arrears.StateSuspended || state == arrears.StateFinal)
}
