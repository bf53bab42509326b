package assemblies

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// VoidPoll says that a vote of an open assembly does not count, with the reason: the point can be put to the vote again
// and the minutes tell both. A proposal that the vote had decided is on the agenda again; nothing else follows from a
// result by itself. Once the assembly is closed its votes stand, until somebody challenges them.
func (s *Service) VoidPoll(ctx context.Context, by identity.Actor, id models.PollID, reason string) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Select("id", "assembly_id").Take(&poll, id).Error; db.Missing(err) || err == nil && poll.Consultation() {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		a, err := lockTx(tx, *poll.AssemblyID)
		if err != nil {
			return err
		}
		if a.State() != models.AssemblyOpen {
			return fault.Conflict("assemblies.void_too_late")
		}
		was, err := polls.VoidTx(ctx, tx, by, id, reason)
		if err != nil {
			return err
		}
		return undecideTx(ctx, tx, by, was)
	})
}

// undecideTx takes back what a vote had decided: closePollTx the other way round.
func undecideTx(ctx context.Context, tx *db.Tx, by identity.Actor, was models.Poll) error {
	if was.Method != methods.Motion || !was.Decided() {
		return nil
	}
	i, err := itemTx(tx, *was.AgendaItemID)
	if err != nil || i.ProposalID == nil {
		return err
	}
	return proposals.UndecidedTx(ctx, tx, by, *i.ProposalID)
}
