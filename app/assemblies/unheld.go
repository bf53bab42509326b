package assemblies

import (
	"context"
	"fmt"
	"strings"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// unheldReasonMost is how long the reason may be for which an assembly is not held.
const unheldReasonMost = 1000

// Unheld is how an assembly ends that never opens; a closed type, empty while it can still be held.
type Unheld string

// The two ways in which an assembly is not held.
const (
	CalledOff Unheld = "called_off" // before the first call
	NotHeld   Unheld = "not_held"   // from the second call on: too few came, or nobody
)

// UnheldAt is how a convened assembly would end, if it were closed at an instant without having opened. Between the
// calls it cannot: who was called may still come to the second.
func UnheldAt(a models.Assembly, at time.Time) Unheld {
	switch {
	case a.ConvenedAt == nil || a.OpenedAt != nil:
		return ""
	case at.Before(a.FirstCallAt):
		return CalledOff
	case at.Before(a.SecondCallAt):
		return ""
	}
	return NotHeld
}

// unheld is how a closed assembly ended that was not held; empty for the others.
func unheld(a models.Assembly) Unheld {
	if !a.Unheld() {
		return ""
	}
	return UnheldAt(a, *a.ClosedAt)
}

// EndUnheld closes a convened assembly that is called off or could not be held, with the reason. Its proposals are
// published again and every member is told. Who had come by the second call is kept, for the minutes.
func (s *Service) EndUnheld(ctx context.Context, by identity.Actor, id models.AssemblyID, reason, once string) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if f := text("reason", reason, unheldReasonMost); f != nil {
		return f
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) { return ref(id), s.endUnheldTx(ctx, tx, by, id, reason) })
		return err
	})
}

func (s *Service) endUnheldTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.AssemblyID, reason string) error {
	a, err := lockTx(tx, id)
	if err != nil {
		return err
	}
	end, err := mayEndUnheld(a, tx.Now)
	if err != nil {
		return err
	}
	if err := giveBackTx(ctx, tx, id, nil); err != nil {
		return err
	}
	a.ClosedAt, a.ClosedBy, a.NotHeldReason = &tx.Now, &by.Account, reason
	if end == NotHeld {
		f, err := floorTx(ctx, tx, id)
		if err != nil {
			return err
		}
		a.Opening = f.presence()
	}
	done := tx.DB.Model(&models.Assembly{}).Where("id = ? AND opened_at IS NULL AND closed_at IS NULL", id).
		Select("closed_at", "closed_by", "not_held_reason", "opening").Updates(a)
	if done.Error != nil {
		return fmt.Errorf("close assembly %d, which was not held: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("assemblies.closed")
	}
	if err := s.tellAllTx(ctx, tx, a); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by.Account, "assembly."+string(end), "assembly", int64(id), nil)
}

func mayEndUnheld(a models.Assembly, now time.Time) (Unheld, error) {
	switch a.State() {
	case models.AssemblyDraft:
		return "", fault.Conflict("assemblies.not_convened")
	case models.AssemblyOpen:
		return "", fault.Conflict("assemblies.already_open")
	case models.AssemblyClosed:
		return "", fault.Conflict("assemblies.closed")
	case models.AssemblyConvened:
	}
	end := UnheldAt(a, now)
	if end == "" {
		return "", fault.Conflict("assemblies.between_calls")
	}
	return end, nil
}
