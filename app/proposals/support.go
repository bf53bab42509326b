package proposals

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Support records that a member supports a published proposal. Supporting twice is supporting once.
func (s *Service) Support(ctx context.Context, by identity.Actor, id models.ProposalID, member models.MemberID, once string) error {
	return s.act(ctx, once, func(tx *db.Tx) error {
		if err := openForSupportTx(tx, by, id); err != nil {
			return err
		}
		if _, err := inForceTx(tx, by, member); err != nil {
			return err
		}
		row := models.ProposalSupport{ProposalID: id, MemberID: member, At: tx.Now}
		made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if made.Error != nil {
			return fmt.Errorf("store support of proposal %d: %w", id, made.Error)
		}
		if made.RowsAffected == 0 {
			return nil
		}
		return audit.LineTx(ctx, tx, by.Account, "proposal.supported", "proposal", int64(id), audit.Detail{"member": member})
	})
}

// TakeBack takes a member's support back, until the proposal is on an agenda.
func (s *Service) TakeBack(ctx context.Context, by identity.Actor, id models.ProposalID, member models.MemberID, once string) error {
	return s.act(ctx, once, func(tx *db.Tx) error {
		if err := openForSupportTx(tx, by, id); err != nil {
			return err
		}
		if err := by.RequireActsFor(member); err != nil {
			return err
		}
		gone := tx.DB.Where("proposal_id = ? AND member_id = ?", id, member).Delete(&models.ProposalSupport{})
		if gone.Error != nil {
			return fmt.Errorf("take back support of proposal %d: %w", id, gone.Error)
		}
		if gone.RowsAffected == 0 {
			return nil
		}
		return audit.LineTx(ctx, tx, by.Account, "proposal.support_taken_back", "proposal", int64(id), audit.Detail{"member": member})
	})
}

// openForSupportTx keeps the proposal published until the act is over.
func openForSupportTx(tx *db.Tx, by identity.Actor, id models.ProposalID) error {
	p, err := takeTx(tx, by, id, "SHARE")
	if err != nil {
		return err
	}
	if p.State != models.ProposalPublished {
		return fault.Conflict("proposals.not_open_for_support")
	}
	return nil
}

// Threshold is how much support puts an item on the agenda whether the board wants it or not
// (Llei 12/2015 art. 44.5, Ley 27/1999 art. 24.2).
type Threshold struct {
	Needed  int // supporters
	Members int // members today, of whom the rule takes its part
	Rule    rules.Support
}

// Reached says whether so many supporters oblige the board to put the proposal on an agenda.
func (t Threshold) Reached(supporters int) bool { return supporters >= t.Needed }

func thresholdTx(tx *db.Tx) (t Threshold, today civil.Date, err error) {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return t, today, err
	}
	today, _, err = identity.TodayTx(tx)
	if err != nil {
		return t, today, err
	}
	var n int64
	err = tx.DB.Model(&models.Member{}).Where(models.ActiveOn, today, today).Count(&n).Error
	if err != nil {
		return t, today, fmt.Errorf("count members: %w", err)
	}
	return Threshold{Needed: statutes.Body.Support.NeededSupporters(int(n)), Members: int(n), Rule: statutes.Body.Support}, today, nil
}

// supportersTx counts, for each proposal, the supporters who are members today.
func supportersTx(tx *db.Tx, ids []models.ProposalID, today civil.Date) (map[models.ProposalID]int, error) {
	var rows []struct {
		ProposalID models.ProposalID
		N          int
	}
	err := tx.DB.Raw(`SELECT s.proposal_id, COUNT(*) AS n FROM proposal_supports s JOIN members m ON m.id = s.member_id
		WHERE s.proposal_id IN ? AND m.joined_on <= ? AND (m.left_on IS NULL OR m.left_on >= ?) GROUP BY s.proposal_id`,
		ids, today, today).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("count supporters: %w", err)
	}
	counts := make(map[models.ProposalID]int, len(rows))
	for _, r := range rows {
		counts[r.ProposalID] = r.N
	}
	return counts, nil
}
