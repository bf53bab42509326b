package assemblies

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// selfCheckIn is how long before the first call members may check in by themselves.
const selfCheckIn = time.Hour

// CheckIn records that a member is there. Facilitators do it for anybody from the morning of the assembly's day;
// members by themselves, remotely, from an hour before the first call. Voice and attendance are every member's, with
// the vote or without. Whoever arrives takes a mandate back that they had given, also in open polls in
// which it has not been used. A second check-in changes nothing but the way of attending.
func (s *Service) CheckIn(ctx context.Context, by identity.Actor, id models.AssemblyID, member models.MemberID, mode models.AttendanceMode) error {
	if err := by.RequireActsFor(member, models.RoleFacilitator); err != nil {
		return err
	}
	if mode != models.InPerson && mode != models.Remote {
		return fault.Invalid("mode", "ui.error.choose")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := shareTx(tx, id)
		if err != nil {
			return err
		}
		if err := doorOpenTx(tx, a, by, mode); err != nil {
			return err
		}
		if err := wayAllowedTx(tx, id, mode); err != nil {
			return err
		}
		if err := activeMemberTx(tx, member); err != nil {
			return err
		}
		changed, err := arriveTx(tx, models.Attendance{AssemblyID: id, MemberID: member, Mode: mode, ArrivedAt: tx.Now, CheckedInBy: by.Account})
		if err != nil || !changed {
			return err
		}
		if _, err := revokeTx(ctx, tx, by, id, member); err != nil {
			return err
		}
		if err := polls.GiveBackTx(ctx, tx, by, id, member, true); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "attendance.checked_in", "assembly", int64(id), audit.Detail{"member": member, "mode": mode})
	})
}

// doorOpenTx says whether who asks may check in now, and in this way.
func doorOpenTx(tx *db.Tx, a models.Assembly, by identity.Actor, mode models.AttendanceMode) error {
	switch a.State() {
	case models.AssemblyDraft:
		return fault.NotFound("assemblies.unknown")
	case models.AssemblyClosed:
		return fault.Conflict("assemblies.closed")
	case models.AssemblyConvened, models.AssemblyOpen:
	}
	if !by.Has(models.RoleFacilitator) {
		if mode != models.Remote {
			return fault.Forbidden("assemblies.desk_only")
		}
		if !SelfCheckIn(a, tx.Now) {
			return fault.Conflict("assemblies.check_in_early")
		}
		return nil
	}
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	if today.Before(civil.Of(a.FirstCallAt, coop.Location())) {
		return fault.Conflict("assemblies.check_in_early")
	}
	return nil
}

// wayAllowedTx refuses attending from afar where the statutes do not let members.
func wayAllowedTx(tx *db.Tx, id models.AssemblyID, mode models.AttendanceMode) error {
	if mode != models.Remote {
		return nil
	}
	statutes, err := statutesOfTx(tx, id)
	if err != nil {
		return err
	}
	if remote := statutes.Body.Remote.OrUsual(); !remote.Allowed {
		return fault.Conflict("assemblies.remote_not_allowed", map[string]any{"Article": remote.Article})
	}
	return nil
}

// SelfCheckIn says whether members may check in by themselves at an instant.
func SelfCheckIn(a models.Assembly, at time.Time) bool {
	switch a.State() {
	case models.AssemblyOpen:
		return true
	case models.AssemblyConvened:
		return !at.Before(a.FirstCallAt.Add(-selfCheckIn))
	case models.AssemblyDraft, models.AssemblyClosed:
	}
	return false
}

func activeMemberTx(tx *db.Tx, id models.MemberID) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var n int64
	if err := activeTx(tx, today).Where("id = ?", id).Count(&n).Error; err != nil {
		return fmt.Errorf("look member %d up: %w", id, err)
	}
	if n == 0 {
		return fault.NotFound("assemblies.member_unknown")
	}
	return nil
}

// arriveTx stores an arrival and says whether it changed anything: a first arrival, one after leaving, or another mode.
func arriveTx(tx *db.Tx, a models.Attendance) (bool, error) {
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&a)
	if made.Error != nil {
		return false, fmt.Errorf("check member %d in: %w", a.MemberID, made.Error)
	}
	if made.RowsAffected > 0 {
		return true, nil
	}
	again := tx.DB.Model(&models.Attendance{}).
		Where("assembly_id = ? AND member_id = ? AND (left_at IS NOT NULL OR mode <> ?)", a.AssemblyID, a.MemberID, a.Mode).
		Updates(map[string]any{"mode": a.Mode, "left_at": nil, "checked_in_by": a.CheckedInBy})
	if again.Error != nil {
		return false, fmt.Errorf("check member %d in again: %w", a.MemberID, again.Error)
	}
	return again.RowsAffected > 0, nil
}

// CheckOut records that a member has left. Whoever has left already stays so.
func (s *Service) CheckOut(ctx context.Context, by identity.Actor, id models.AssemblyID, member models.MemberID) error {
	if err := by.RequireActsFor(member, models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := shareTx(tx, id)
		if err != nil {
			return err
		}
		if a.State() == models.AssemblyClosed {
			return fault.Conflict("assemblies.closed")
		}
		done := tx.DB.Model(&models.Attendance{}).Where("assembly_id = ? AND member_id = ? AND left_at IS NULL", id, member).Update("left_at", tx.Now)
		if done.Error != nil {
			return fmt.Errorf("check member %d out: %w", member, done.Error)
		}
		if done.RowsAffected == 0 {
			return nil
		}
		return audit.LineTx(ctx, tx, by.Account, "attendance.checked_out", "assembly", int64(id), audit.Detail{"member": member})
	})
}
