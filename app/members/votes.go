package members

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// GiveVotes says how many votes a member has from now on: from 1 to what the statutes in force grant. Rolls and polls that
// are frozen keep what they have. Administrators do it, as they admit and import.
func (s *Service) GiveVotes(ctx context.Context, by identity.Actor, id models.MemberID, votes int64, once string) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) { return ref(id), giveVotesTx(ctx, tx, by, id, votes) })
		return err
	})
}

func giveVotesTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.MemberID, votes int64) error {
	m, err := memberTx(tx, id)
	if err != nil {
		return err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	counting := statutes.Body.Counting
	if counting.VotesOf(votes) != votes {
		return fault.Invalid("votes", "members.votes_range", map[string]any{"Most": counting.Most(), "Article": counting.Article})
	}
	if m.Votes == votes {
		return nil
	}
	if err := tx.DB.Model(&models.Member{}).Where("id = ?", id).Update("votes", votes).Error; err != nil {
		return fmt.Errorf("give member %d their votes: %w", id, err)
	}
	return audit.LineTx(ctx, tx, by.Account, "member.votes_given", "member", int64(id), audit.Detail{"votes": votes, "was": m.Votes})
}
