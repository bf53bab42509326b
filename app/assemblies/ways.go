package assemblies

import (
	"context"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// PutToVote asks those present and represented a question on a point of the agenda by any method but the motion:
// an election, a choice among several, a budget. It decides nothing about the point's own text, and is refused where the
// statutes ask a majority that only a motion can reach.
func (s *Service) PutToVote(ctx context.Context, by identity.Actor, item models.AgendaItemID, q polls.Question, closesAt *time.Time, once string) (id models.PollID, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return 0, err
	}
	if q.Method == methods.Motion || q.Method == methods.Sortition {
		return 0, fault.Invalid("method", "ui.error.choose")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := tx.Once(once, func() (string, error) {
			p, err := openPollTx(ctx, tx, by, item, closesAt, &q)
			return ref(p.ID), err
		})
		if err != nil {
			return err
		}
		id, err = idOf[models.PollID](made)
		return err
	})
	return id, err
}

// Otherwise is a point of an agenda that may be put to the vote by another way than the motion, for whoever prepares
// that; it refuses the others with the reason.
func (s *Service) Otherwise(ctx context.Context, by identity.Actor, id models.AgendaItemID) (i models.AgendaItem, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return i, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if i, err = itemTx(tx, id); err != nil {
			return err
		}
		_, err = mayPollTx(tx, i, methods.Approval)
		return err
	})
	return i, err
}
