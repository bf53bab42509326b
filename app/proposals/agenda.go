package proposals

import (
	"context"
	"fmt"
	"strconv"

	"socia/app/audit"
	"socia/app/identity"
	"socia/models"
	"socia/platform/db"
)

// CurrentTx is a proposal with its newest text.
func CurrentTx(_ context.Context, tx *db.Tx, id models.ProposalID) (p models.Proposal, v models.ProposalVersion, err error) {
	if err = tx.DB.Take(&p, id).Error; db.Missing(err) {
		return p, v, notFound()
	} else if err != nil {
		return p, v, fmt.Errorf("read proposal %d: %w", id, err)
	}
	v, err = currentTx(tx, id)
	return p, v, err
}

// ScheduleTx puts a published proposal on an agenda and gives the version that will be voted on. From here on
// its text and its support stand still. With the support that the statutes name it must be put there
// (Llei 12/2015 art. 44.5); without it whoever makes the agenda may.
func ScheduleTx(ctx context.Context, tx *db.Tx, id models.ProposalID) (models.ProposalVersion, error) {
	err := moveTx(tx, id, []models.ProposalState{models.ProposalPublished}, map[string]any{"state": models.ProposalScheduled})
	if err != nil {
		return models.ProposalVersion{}, err
	}
	p, v, err := CurrentTx(ctx, tx, id)
	if err != nil {
		return v, err
	}
	if err := audit.LineTx(ctx, tx, 0, "proposal.scheduled", "proposal", int64(id), audit.Detail{"version": v.Number}); err != nil {
		return v, err
	}
	return v, tellAuthorTx(ctx, tx, p, v, "proposals.notice_scheduled")
}

// UnscheduleTx takes a proposal off an agenda that is not convened yet: it is published again.
func UnscheduleTx(ctx context.Context, tx *db.Tx, id models.ProposalID) error {
	err := moveTx(tx, id, []models.ProposalState{models.ProposalScheduled}, map[string]any{"state": models.ProposalPublished})
	if err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, 0, "proposal.unscheduled", "proposal", int64(id), nil)
}

// DecidedTx records what the assembly decided about a proposal on its agenda.
func DecidedTx(ctx context.Context, tx *db.Tx, id models.ProposalID, approved bool) error {
	state, notice := models.ProposalRejected, "proposals.notice_rejected"
	if approved {
		state, notice = models.ProposalApproved, "proposals.notice_approved"
	}
	if err := moveTx(tx, id, []models.ProposalState{models.ProposalScheduled}, map[string]any{"state": state}); err != nil {
		return err
	}
	if err := audit.LineTx(ctx, tx, 0, "proposal.decided", "proposal", int64(id), audit.Detail{"state": state}); err != nil {
		return err
	}
	p, v, err := CurrentTx(ctx, tx, id)
	if err != nil {
		return err
	}
	return tellAuthorTx(ctx, tx, p, v, notice)
}

// UndecidedTx takes back what a vote had decided about a proposal, because the vote is void: it is on the agenda again.
func UndecidedTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.ProposalID) error {
	err := moveTx(tx, id, []models.ProposalState{models.ProposalApproved, models.ProposalRejected}, map[string]any{"state": models.ProposalScheduled})
	if err != nil {
		return err
	}
	if err := audit.LineTx(ctx, tx, by.Account, "proposal.undecided", "proposal", int64(id), nil); err != nil {
		return err
	}
	p, v, err := CurrentTx(ctx, tx, id)
	if err != nil {
		return err
	}
	return tellAuthorTx(ctx, tx, p, v, "proposals.notice_undecided")
}

func tellAuthorTx(ctx context.Context, tx *db.Tx, p models.Proposal, v models.ProposalVersion, kind string) error {
	var author models.Member
	if err := tx.DB.Take(&author, p.AuthorID).Error; err != nil {
		return fmt.Errorf("read member %d: %w", p.AuthorID, err)
	}
	if author.AccountID == nil {
		return nil
	}
	return identity.NotifyTx(ctx, tx, *author.AccountID, kind, map[string]string{"Title": v.Title}, "/proposals/"+strconv.FormatInt(int64(p.ID), 10))
}
