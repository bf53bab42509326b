package members

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// leaveMonths is how far ahead a departure may be announced.
const leaveMonths = 12

// Leave ends a membership; effectiveOn is its last day. The member announces it, from today on and without having to
// say why; an administrator records it, perhaps after the day, and says why.
func (s *Service) Leave(ctx context.Context, by identity.Actor, id models.MemberID, effectiveOn civil.Date, reason, once string) error {
	if err := by.RequireActsFor(id, models.RoleAdministrator); err != nil {
		return err
	}
	own := by.ActsFor(id)
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			m, err := memberTx(tx, id)
			if err != nil {
				return "", err
			}
			if err := checkLeavingTx(tx, m, effectiveOn, reason, own); err != nil {
				return "", err
			}
			return ref(id), leaveTx(ctx, tx, by, m, effectiveOn, reason)
		})
		return err
	})
}

// CheckLeaving says what Leave would refuse, before it is confirmed.
func (s *Service) CheckLeaving(ctx context.Context, by identity.Actor, id models.MemberID, effectiveOn civil.Date, reason string) error {
	if err := by.RequireActsFor(id, models.RoleAdministrator); err != nil {
		return err
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		m, err := memberTx(tx, id)
		if err != nil {
			return err
		}
		if !m.LeftOn.IsZero() {
			return fault.Conflict("members.left_already")
		}
		return checkLeavingTx(tx, m, effectiveOn, reason, by.ActsFor(id))
	})
}

func checkLeavingTx(tx *db.Tx, m models.Member, day civil.Date, reason string, own bool) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var on *fault.Fault
	switch {
	case day.IsZero():
		on = fault.Invalid("effective_on", "ui.error.required")
	case day.Before(m.JoinedOn):
		on = fault.Invalid("effective_on", "members.leaves_before_joining")
	case own && day.Before(today):
		on = fault.Invalid("effective_on", "members.leaves_in_the_past")
	case day.After(today.AddMonths(leaveMonths)):
		on = fault.Invalid("effective_on", "members.leaves_too_late")
	}
	return fault.All(on, checkText("reason", reason, !own))
}

func leaveTx(ctx context.Context, tx *db.Tx, by identity.Actor, m models.Member, day civil.Date, reason string) error {
	done := tx.DB.Model(&models.Member{}).Where("id = ? AND left_on IS NULL", m.ID).Update("left_on", day)
	if done.Error != nil {
		return fmt.Errorf("end membership %d: %w", m.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("members.left_already")
	}
	row := models.Departure{MemberID: m.ID, EffectiveOn: day, Reason: reason, ByID: by.Account, At: tx.Now}
	if err := tx.DB.Create(&row).Error; err != nil {
		return fmt.Errorf("store a departure: %w", err)
	}
	if m.AccountID != nil {
		if err := identity.NotifyTx(ctx, tx, *m.AccountID, "members.notice.leaving", nil, fmt.Sprintf("/members/%d", m.ID)); err != nil {
			return err
		}
	}
	return audit.LineTx(ctx, tx, by.Account, "member.left", "member", int64(m.ID), audit.Detail{"effective_on": day.String()})
}
