package proposals

import (
	"context"
	"fmt"
	"strconv"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Write starts a proposal as a draft, in the name of a member that the actor acts for. A form sent twice gives the
// same proposal.
func (s *Service) Write(ctx context.Context, by identity.Actor, t Text) (id models.ProposalID, err error) {
	if err := by.RequireActsFor(t.Author); err != nil {
		return 0, err
	}
	if t = t.cleaned(); t.check() != nil {
		return 0, t.check()
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ref, err := tx.Once(t.Once, func() (string, error) {
			made, err := writeTx(ctx, tx, by, t)
			return strconv.FormatInt(int64(made), 10), err
		})
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(ref, 10, 64)
		id = models.ProposalID(n)
		return err
	})
	return id, err
}

func writeTx(ctx context.Context, tx *db.Tx, by identity.Actor, t Text) (models.ProposalID, error) {
	author, err := inForceTx(tx, by, t.Author)
	if err != nil {
		return 0, err
	}
	p := models.Proposal{AuthorID: author.ID, State: models.ProposalDraft, CreatedAt: tx.Now}
	if err := tx.DB.Create(&p).Error; err != nil {
		return 0, fmt.Errorf("store a proposal: %w", err)
	}
	if _, err := saveTx(tx, by, p.ID, 1, t); err != nil {
		return 0, err
	}
	return p.ID, audit.LineTx(ctx, tx, by.Account, "proposal.written", "proposal", int64(p.ID), audit.Detail{"member": author.ID})
}

func saveTx(tx *db.Tx, by identity.Actor, id models.ProposalID, number int64, t Text) (models.ProposalVersion, error) {
	v := models.ProposalVersion{ProposalID: id, Number: number, Title: t.Title, Body: t.Body, ByID: by.Account, CreatedAt: tx.Now}
	if err := tx.DB.Create(&v).Error; err != nil {
		return v, fmt.Errorf("store version %d of proposal %d: %w", number, id, err)
	}
	return v, nil
}

// Revise saves a new version of a draft or a published proposal. The same text makes none. Whoever saves a text
// that was written on an older version than the current one is told so, and nothing is lost or overwritten.
func (s *Service) Revise(ctx context.Context, by identity.Actor, id models.ProposalID, t Text) error {
	if t = t.cleaned(); t.check() != nil {
		return t.check()
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(t.Once, func() (string, error) { return "", reviseTx(ctx, tx, by, id, t) })
		return err
	})
}

func reviseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.ProposalID, t Text) error {
	p, err := ownTx(tx, by, id)
	if err != nil {
		return err
	}
	if !editable(p) {
		return fault.Conflict("proposals.not_editable")
	}
	last, err := currentTx(tx, id)
	if err != nil {
		return err
	}
	if last.Title == t.Title && last.Body == t.Body {
		return nil
	}
	if last.Number != t.Base {
		return fault.Conflict("proposals.changed_meanwhile", map[string]any{"Version": last.Number})
	}
	v, err := saveTx(tx, by, id, last.Number+1, t)
	if err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by.Account, "proposal.revised", "proposal", int64(id), audit.Detail{"version": v.Number})
}

func editable(p models.Proposal) bool {
	switch p.State {
	case models.ProposalDraft, models.ProposalPublished:
		return true
	case models.ProposalScheduled, models.ProposalApproved, models.ProposalRejected, models.ProposalWithdrawn:
		return false
	}
	return false
}

// Publish shows a draft to everybody; from then on members can support it.
func (s *Service) Publish(ctx context.Context, by identity.Actor, id models.ProposalID, once string) error {
	return s.act(ctx, once, func(tx *db.Tx) error {
		p, err := ownTx(tx, by, id)
		if err != nil {
			return err
		}
		if _, err := inForceTx(tx, by, p.AuthorID); err != nil {
			return err
		}
		err = moveTx(tx, id, []models.ProposalState{models.ProposalDraft},
			map[string]any{"state": models.ProposalPublished, "published_at": tx.Now})
		if err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "proposal.published", "proposal", int64(id), nil)
	})
}

// Withdraw takes back a draft or a published proposal. On an agenda it is the assembly's, and can no longer be withdrawn.
func (s *Service) Withdraw(ctx context.Context, by identity.Actor, id models.ProposalID, once string) error {
	return s.act(ctx, once, func(tx *db.Tx) error {
		if _, err := ownTx(tx, by, id); err != nil {
			return err
		}
		err := moveTx(tx, id, []models.ProposalState{models.ProposalDraft, models.ProposalPublished},
			map[string]any{"state": models.ProposalWithdrawn, "withdrawn_at": tx.Now})
		if err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "proposal.withdrawn", "proposal", int64(id), nil)
	})
}

// act is one act of a form that may be sent twice.
func (s *Service) act(ctx context.Context, once string, do func(*db.Tx) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) { return "", do(tx) })
		return err
	})
}

// moveTx changes the state if it is one of those that allow it.
func moveTx(tx *db.Tx, id models.ProposalID, from []models.ProposalState, to map[string]any) error {
	done := tx.DB.Model(&models.Proposal{}).Where("id = ? AND state IN ?", id, from).Updates(to)
	if done.Error != nil {
		return fmt.Errorf("change proposal %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("proposals.state_changed")
	}
	return nil
}
