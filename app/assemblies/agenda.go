package assemblies

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// agendaMost is how many points an agenda may have.
const agendaMost = 100

// Item is a point of the agenda as a person writes it. Decision is empty when it is for information only. A point
// about a proposal takes title and text from it.
type Item struct {
	Title, Body string
	Decision    string
	Proposal    *models.ProposalID
}

// AddItem puts a point at the end of a draft's agenda.
func (s *Service) AddItem(ctx context.Context, by identity.Actor, assembly models.AssemblyID, i Item, once string) (id models.AgendaItemID, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := tx.Once(once, func() (string, error) {
			row, err := addItemTx(ctx, tx, assembly, i)
			if err != nil {
				return "", err
			}
			return ref(row.ID), audit.LineTx(ctx, tx, by.Account, "agenda.added", "assembly", int64(assembly), audit.Detail{"item": row.ID})
		})
		if err != nil {
			return err
		}
		id, err = idOf[models.AgendaItemID](made)
		return err
	})
	return id, err
}

func addItemTx(ctx context.Context, tx *db.Tx, assembly models.AssemblyID, i Item) (row models.AgendaItem, err error) {
	if _, err := draftTx(tx, assembly); err != nil {
		return row, err
	}
	if row, err = i.row(ctx, tx); err != nil {
		return row, err
	}
	var all []models.AgendaItem
	if all, err = agendaTx(tx, assembly); err != nil {
		return row, err
	}
	if len(all) >= agendaMost {
		return row, fault.Conflict("assemblies.agenda_full", map[string]any{"Most": agendaMost})
	}
	row.AssemblyID, row.Position = assembly, 1
	if len(all) > 0 {
		row.Position = all[len(all)-1].Position + 1
	}
	if err := tx.DB.Create(&row).Error; err != nil {
		if db.Duplicate(err) {
			return row, fault.Invalid("proposal", "assemblies.proposal_twice")
		}
		return row, fmt.Errorf("store a point of the agenda: %w", err)
	}
	return row, nil
}

// row checks what was written and makes the row of it, without its place in the agenda.
func (i Item) row(ctx context.Context, tx *db.Tx) (models.AgendaItem, error) {
	row := models.AgendaItem{Title: strings.TrimSpace(i.Title), Body: strings.TrimSpace(i.Body), Decision: i.Decision, ProposalID: i.Proposal}
	if i.Decision != "" && !slices.Contains(rules.DecisionKinds(), rules.DecisionKind(i.Decision)) {
		return row, fault.All(fault.Invalid("decision", "ui.error.choose"))
	}
	if i.Proposal == nil {
		return row, fault.All(text("title", row.Title, titleMost), short("body", row.Body, bodyMost))
	}
	if i.Decision == "" {
		return row, fault.All(fault.Invalid("decision", "assemblies.proposal_needs_decision"))
	}
	v, err := proposedTx(ctx, tx, *i.Proposal)
	row.Title, row.Body = v.Title, v.Body
	return row, err
}

// proposedTx is the text of a proposal that may be put on an agenda: a published one.
func proposedTx(ctx context.Context, tx *db.Tx, id models.ProposalID) (models.ProposalVersion, error) {
	p, v, err := proposals.CurrentTx(ctx, tx, id)
	if _, ours := fault.As(err); err != nil && !ours {
		return v, err
	}
	if p.State != models.ProposalPublished {
		return v, fault.Invalid("proposal", "assemblies.proposal_not_published")
	}
	return v, nil
}

// EditItem changes a point of a draft's agenda.
func (s *Service) EditItem(ctx context.Context, by identity.Actor, id models.AgendaItemID, i Item) error {
	return s.changeItem(ctx, by, id, "agenda.changed", func(tx *db.Tx, now models.AgendaItem) error {
		i.Proposal = now.ProposalID
		row, err := i.row(ctx, tx)
		if err != nil {
			return err
		}
		return tx.DB.Model(&models.AgendaItem{}).Where("id = ?", id).
			Updates(map[string]any{"title": row.Title, "body": row.Body, "decision": row.Decision}).Error
	})
}

// RemoveItem takes a point off a draft's agenda.
func (s *Service) RemoveItem(ctx context.Context, by identity.Actor, id models.AgendaItemID) error {
	return s.changeItem(ctx, by, id, "agenda.removed", func(tx *db.Tx, _ models.AgendaItem) error {
		return tx.DB.Delete(&models.AgendaItem{}, id).Error
	})
}

// MoveItem swaps a point with the one before it (up) or after it. At either end it stays.
func (s *Service) MoveItem(ctx context.Context, by identity.Actor, id models.AgendaItemID, up bool) error {
	return s.changeItem(ctx, by, id, "agenda.moved", func(tx *db.Tx, now models.AgendaItem) error {
		all, err := agendaTx(tx, now.AssemblyID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(all, func(o models.AgendaItem) bool { return o.ID == id })
		to := at + 1
		if up {
			to = at - 1
		}
		if to < 0 || to >= len(all) {
			return nil
		}
		return swapTx(tx, all[at], all[to])
	})
}

// swapTx exchanges two places; a negative one keeps them apart on the way, for a place is unique.
func swapTx(tx *db.Tx, a, b models.AgendaItem) error {
	for _, step := range []struct {
		id models.AgendaItemID
		to int64
	}{{a.ID, -a.Position}, {b.ID, a.Position}, {a.ID, b.Position}} {
		if err := tx.DB.Model(&models.AgendaItem{}).Where("id = ?", step.id).Update("position", step.to).Error; err != nil {
			return err
		}
	}
	return nil
}

// changeItem changes one point while its assembly is a draft.
func (s *Service) changeItem(ctx context.Context, by identity.Actor, id models.AgendaItemID, act string, change func(*db.Tx, models.AgendaItem) error) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now, err := itemTx(tx, id)
		if err != nil {
			return err
		}
		if _, err := draftTx(tx, now.AssemblyID); err != nil {
			return err
		}
		if err := change(tx, now); err != nil {
			if _, ours := fault.As(err); ours {
				return err
			}
			return fmt.Errorf("%s %d: %w", act, id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, act, "assembly", int64(now.AssemblyID), audit.Detail{"item": id})
	})
}

func itemTx(tx *db.Tx, id models.AgendaItemID) (i models.AgendaItem, err error) {
	if err = tx.DB.Take(&i, id).Error; db.Missing(err) {
		return i, fault.NotFound("assemblies.item_unknown")
	}
	if err != nil {
		return i, fmt.Errorf("read point %d: %w", id, err)
	}
	return i, nil
}

// agendaTx lists the points of an assembly in their order.
func agendaTx(tx *db.Tx, assembly models.AssemblyID) (all []models.AgendaItem, err error) {
	err = tx.DB.Where("assembly_id = ?", assembly).Order("position").Limit(agendaMost).Find(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read the agenda of assembly %d: %w", assembly, err)
	}
	return all, nil
}
