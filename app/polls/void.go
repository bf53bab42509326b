package polls

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Void says that a consultation does not count, with the reason; it can then be held again. What was cast is kept.
func (s *Service) Void(ctx context.Context, by identity.Actor, id models.PollID, reason string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		poll, err := VoidTx(ctx, tx, by, id, reason)
		if err == nil && !poll.Consultation() {
			err = fault.Conflict("polls.of_an_assembly")
		}
		return err
	})
}

// VoidTx says that a poll does not count, with the reason, and gives the poll as it was: whoever calls it undoes what
// its result had changed. What was cast and counted is kept; an open poll closes without being counted.
func VoidTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID, reason string) (poll models.Poll, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return poll, err
	}
	if reason == "" {
		return poll, fault.Invalid("reason", "ui.error.required")
	}
	if err := fault.All(long("reason", reason, mostBody)); err != nil {
		return poll, err
	}
	if poll, err = lockTx(tx, id); err != nil {
		return poll, err
	}
	row := models.PollVoiding{PollID: id, Reason: reason, ByID: by.Account, At: tx.Now}
	if err := tx.DB.Create(&row).Error; db.Duplicate(err) {
		return poll, fault.Conflict("polls.void_already")
	} else if err != nil {
		return poll, fmt.Errorf("void poll %d: %w", id, err)
	}
	if poll.ClosedAt == nil { // nobody may vote any more; the count is not made
		done := tx.DB.Model(&models.Poll{}).Where("id = ? AND closed_at IS NULL", id).Updates(map[string]any{"closed_at": tx.Now, "closed_by": by.Account, "waits": false})
		if done.Error != nil {
			return poll, fmt.Errorf("close poll %d: %w", id, done.Error)
		}
	}
	return poll, audit.LineTx(ctx, tx, by.Account, "poll.voided", "poll", int64(id), nil)
}
