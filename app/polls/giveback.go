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

// GiveBackTx gives a member back the votes that somebody was to cast for them in the open polls of an assembly, where
// those votes have not been cast. Until the member is there nobody casts them. Where a vote was cast the mandate was used:
// the vote stands, and neither the holder, whose mandate has ended, nor the giver changes it. Electors stay who they are.
//
// It holds the polls first, as closing one does: it waits for the votes in flight, and sees them. A vote that waits for
// it looks at its elector again (putAll). So a vote is either cast by the mandate or given back, never both, and no change
// of one is taken after the mandate has ended. Whoever calls it holds the assembly, so that no poll opens meanwhile.
func GiveBackTx(ctx context.Context, tx *db.Tx, by identity.Actor, assembly models.AssemblyID, member models.MemberID, here bool) error {
	var lent []models.PollID
	err := tx.DB.Model(&models.PollElector{}).Joins("JOIN polls ON polls.id = poll_electors.poll_id").
		Where("polls.assembly_id = ? AND polls.closed_at IS NULL AND poll_electors.member_id = ?", assembly, member).
		Where("(poll_electors.voter_id <> poll_electors.member_id OR poll_electors.absent)").
		Order("polls.id").Pluck("polls.id", &lent).Error
	if err != nil {
		return fmt.Errorf("find the votes that others cast for member %d: %w", member, err)
	}
	for _, id := range lent { // one for each vote that is open at once: as a rule one
		if err := giveBackTx(ctx, tx, by, id, member, here); err != nil {
			return err
		}
	}
	return nil
}

func giveBackTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID, member models.MemberID, here bool) error {
	poll, err := lockTx(tx, id)
	if err != nil || poll.ClosedAt != nil {
		return err
	}
	var m models.Member
	if err := tx.DB.Select("id", "account_id").Take(&m, member).Error; err != nil {
		return fmt.Errorf("read member %d: %w", member, err)
	}
	done := tx.DB.Model(&models.PollElector{}).Where("poll_id = ? AND member_id = ?", id, member).
		Where("NOT EXISTS (SELECT 1 FROM votes WHERE votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id)").
		Updates(map[string]any{"voter_id": member, "account_id": m.AccountID, "absent": !here})
	if done.Error != nil {
		return fmt.Errorf("give member %d the vote back in poll %d: %w", member, id, done.Error)
	}
	if done.RowsAffected == 0 {
		return standsTx(ctx, tx, by, id, member)
	}
	return audit.LineTx(ctx, tx, by.Account, "poll.vote_given_back", "poll", int64(id), audit.Detail{"member": member, "here": here})
}

// standsTx keeps a vote as the mandate has cast it: from now on nobody casts it, and so nobody changes it.
func standsTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID, member models.MemberID) error {
	done := tx.DB.Model(&models.PollElector{}).Where("poll_id = ? AND member_id = ? AND voter_id <> member_id AND NOT absent", id, member).
		Update("absent", true)
	if done.Error != nil {
		return fmt.Errorf("end the mandate of member %d in poll %d: %w", member, id, done.Error)
	}
	if done.RowsAffected == 0 {
		return nil // it has ended before
	}
	return audit.LineTx(ctx, tx, by.Account, "poll.mandate_used", "poll", int64(id), audit.Detail{"member": member})
}

// whyNotElectorTx says why an account may not cast votes in a poll of an assembly: as a rule because it never could; or
// because a mandate was revoked since its page was drawn.
func whyNotElectorTx(tx *db.Tx, poll models.Poll, r request) error {
	members := make([]models.MemberID, len(r.ballots))
	for i, b := range r.ballots {
		members[i] = b.Member
	}
	var revoked int64
	err := tx.DB.Model(&models.Proxy{}).Joins("JOIN members ON members.id = proxies.holder_id").
		Where("proxies.assembly_id = ? AND proxies.revoked_at >= ? AND members.account_id = ?", poll.AssemblyID, poll.OpenedAt, r.by).
		Where("proxies.giver_id IN ?", members).Count(&revoked).Error
	if err != nil {
		return fmt.Errorf("find revoked mandates in poll %d: %w", poll.ID, err)
	}
	if revoked > 0 {
		return fault.Forbidden("polls.mandate_revoked")
	}
	return fault.Forbidden("polls.not_elector")
}
