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

// WithdrawDeparture takes a departure back as long as its last day has not passed: the member does it with what they
// announced themselves, an administrator with any. The announcement stays as a row, the withdrawal is a line of the
// audit log. Doing it twice is no fault.
func (s *Service) WithdrawDeparture(ctx context.Context, by identity.Actor, id models.MemberID) error {
	if err := by.RequireActsFor(id, models.RoleAdministrator); err != nil {
		return err
	}
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := memberTx(tx, id)
		if err != nil || m.LeftOn.IsZero() {
			return err
		}
		may, err := mayStayTx(tx, by, m)
		if err != nil {
			return err
		}
		if !may {
			return fault.Conflict("members.leaving_stands")
		}
		done := tx.DB.Model(&models.Member{}).Where("id = ? AND left_on = ?", id, m.LeftOn).Update("left_on", nil)
		if done.Error != nil {
			return fmt.Errorf("withdraw the departure of member %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("members.changed_meanwhile")
		}
		if m.AccountID != nil {
			if err := identity.NotifyTx(ctx, tx, *m.AccountID, "members.notice.staying", nil, fmt.Sprintf("/members/%d", id)); err != nil {
				return err
			}
		}
		return audit.LineTx(ctx, tx, by.Account, "member.stayed", "member", int64(id), audit.Detail{"left_on": m.LeftOn.String()})
	})
}

// mayStayTx says whether the actor may take a departure back: it has not come, and it is their own announcement. What
// an administrator recorded may be an expulsion; only administrators take it back.
func mayStayTx(tx *db.Tx, by identity.Actor, m models.Member) (bool, error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil || m.LeftOn.IsZero() || m.LeftOn.Before(today) {
		return false, err
	}
	if by.Has(models.RoleAdministrator) {
		return true, nil
	}
	if !by.ActsFor(m.ID) {
		return false, nil
	}
	var last []models.Departure
	if err := tx.DB.Where("member_id = ?", m.ID).Order("id DESC").Limit(1).Find(&last).Error; err != nil {
		return false, fmt.Errorf("read the departure of member %d: %w", m.ID, err)
	}
	return len(last) == 1 && last[0].ByID == by.Account && last[0].EffectiveOn == m.LeftOn, nil
}
