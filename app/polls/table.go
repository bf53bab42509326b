package polls

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Entry is a vote that the table enters. Was is what the form showed before it was filled in.
type Entry struct {
	Ballot
	Was models.Choice
}

// atTableTx are the votes that the table enters: of people who had no account when the electors were frozen.
func atTableTx(tx *db.Tx, id models.PollID) *gorm.DB {
	return papersTx(tx, id).Where("poll_electors.account_id IS NULL")
}

// Record enters, for the table, the votes of people in the room who have no account. Who entered them is kept. Papers
// that say what the form showed are left alone; if any other has been entered by somebody else since, nothing is
// stored and the fault names whose it is: a form that was open for a while overwrites no newer vote.
func (s *Service) Record(ctx context.Context, by identity.Actor, poll models.PollID, entries []Entry) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	ballots := make([]Ballot, len(entries))
	for i, e := range entries {
		ballots[i] = e.Ballot
	}
	if err := checkBallots(ballots); err != nil {
		return err
	}
	if err := s.check(ctx, poll, ballots); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return recordTx(ctx, tx, by, poll, entries) })
}

// recordTx holds the poll, so that of two tables one enters first and the other sees it.
func recordTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID, entries []Entry) error {
	poll, err := lockTx(tx, id)
	if err != nil {
		return err
	}
	if !poll.Open(tx.Now) {
		return fault.Conflict("polls.closed")
	}
	now, here, err := enteredTx(tx, id, entries)
	if err != nil {
		return err
	}
	var newer, left, ended []string
	var changed []Entry
	for _, e := range entries {
		paper, ok := now[e.Member]
		switch {
		case !ok:
			return fault.Forbidden("polls.not_elector")
		case (e.Choice == e.Was || e.Choice == paper.Choice) && e.Reason == paper.Reason:
		case paper.Stands:
			ended = append(ended, paper.Name)
		case !here[e.Member]:
			left = append(left, paper.Name)
		case paper.Choice != e.Was:
			newer = append(newer, paper.Name)
		default:
			changed = append(changed, e)
		}
	}
	if len(ended) > 0 {
		return fault.Conflict("polls.mandate_ended", map[string]any{"Who": strings.Join(ended, ", ")})
	}
	if len(left) > 0 {
		return fault.Conflict("polls.left", map[string]any{"Who": strings.Join(left, ", ")})
	}
	if len(newer) > 0 {
		return fault.Conflict("polls.entered_meanwhile", map[string]any{"Who": strings.Join(newer, ", ")})
	}
	return enterTx(ctx, tx, by, id, changed)
}

// enteredTx are the papers of the table's entries as they stand, and which of them may be cast today.
func enteredTx(tx *db.Tx, id models.PollID, entries []Entry) (now map[models.MemberID]Paper, here map[models.MemberID]bool, err error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, nil, err
	}
	now, here = make(map[models.MemberID]Paper, len(entries)), make(map[models.MemberID]bool, len(entries))
	for start := 0; start < len(entries); start += votesBatch {
		var ids []models.MemberID
		for _, e := range entries[start:min(start+votesBatch, len(entries))] {
			ids = append(ids, e.Member)
		}
		var rows []paperRow
		// Also those that stand: a form that was open for a while may bring them as they are.
		q := sheetsOfTx(tx, id).Where("poll_electors.account_id IS NULL AND (NOT poll_electors.absent OR poll_electors.voter_id <> poll_electors.member_id)")
		if err := q.Where("poll_electors.member_id IN ?", ids).Order("members.number").Scan(&rows).Error; err != nil {
			return nil, nil, fmt.Errorf("read the table's papers of poll %d: %w", id, err)
		}
		voters := make([]models.MemberID, len(rows))
		for i, r := range rows {
			now[r.MemberID], voters[i] = r.paper(), r.VoterID
		}
		var active []models.MemberID
		if err := tx.DB.Model(&models.Member{}).Where("id IN ?", voters).Where(models.ActiveOn, today, today).Pluck("id", &active).Error; err != nil {
			return nil, nil, fmt.Errorf("read who of the table has left in poll %d: %w", id, err)
		}
		for _, r := range rows {
			here[r.MemberID] = slices.Contains(active, r.VoterID)
		}
	}
	return now, here, nil
}

func enterTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID, changed []Entry) error {
	replace := clause.OnConflict{
		Columns: []clause.Column{{Name: "poll_id"}, {Name: "member_id"}},
		DoUpdates: append(clause.AssignmentColumns([]string{"choice", "reason", "cast_by", "cast_at"}),
			clause.Assignments(map[string]any{"changes": clause.Expr{SQL: "votes.changes + 1"}})...),
	}
	for _, e := range changed { // few: what one person typed since the page was drawn
		v := models.Vote{PollID: id, MemberID: e.Member, Choice: e.Choice, Reason: e.Reason, CastBy: by.Account, CastAt: tx.Now}
		if err := tx.DB.Clauses(replace).Create(&v).Error; err != nil {
			return fmt.Errorf("enter the vote of member %d in poll %d: %w", e.Member, id, err)
		}
		if err := audit.LineTx(ctx, tx, by.Account, "vote.cast", "poll", int64(id), audit.Detail{"member": e.Member}); err != nil {
			return err
		}
	}
	return nil
}
