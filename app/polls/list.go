package polls

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// Row is a poll of a list.
type Row struct {
	Poll models.Poll
	Cast int64
	Mine bool // whether the reader has a vote in it that is not cast
	Void bool
	// Missed says that its hours passed before it could open.
	Missed bool
}

// List is the consultations after one of them: those that are not closed, the newest first, then the others, the last that
// was closed first; More says whether there are more. Who is outside sees those that are closed.
type List struct {
	Rows []Row
	More bool
}

const listPage = 50

// afterPoll is what comes after a poll in the order of the list.
const afterPoll = `CASE WHEN (SELECT closed_at FROM polls WHERE id = ?) IS NULL THEN closed_at IS NOT NULL ELSE FALSE END
	OR EXISTS (SELECT 1 FROM polls b WHERE b.id = ? AND (polls.closed_at < b.closed_at OR polls.id < b.id
		AND (polls.closed_at = b.closed_at OR polls.closed_at IS NULL AND b.closed_at IS NULL)))`

// Consultations lists the polls outside assemblies.
func (s *Service) Consultations(ctx context.Context, by identity.Actor, before models.PollID) (l List, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q := tx.DB.Omit("count", "result", "roll_counts").Where("assembly_id IS NULL")
		if before > 0 {
			q = q.Where(afterPoll, before, before)
		}
		if !ours(by) {
			q = q.Where("closed_at IS NOT NULL")
		}
		var polls []models.Poll
		if err := q.Order("CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END, closed_at DESC, id DESC").Limit(listPage + 1).Find(&polls).Error; err != nil {
			return fmt.Errorf("list consultations: %w", err)
		}
		if l.More = len(polls) > listPage; l.More {
			polls = polls[:listPage]
		}
		return l.readTx(tx, by, polls)
	})
	return l, err
}

func (l *List) readTx(tx *db.Tx, by identity.Actor, polls []models.Poll) error {
	ids := make([]models.PollID, len(polls))
	for i, p := range polls {
		ids[i] = p.ID
	}
	var cast []struct {
		PollID models.PollID
		N      int64
	}
	if err := tx.DB.Model(&models.Vote{}).Select("poll_id, COUNT(*) AS n").Where("poll_id IN ?", ids).Group("poll_id").Scan(&cast).Error; err != nil {
		return fmt.Errorf("count votes: %w", err)
	}
	var mine, void []models.PollID
	if len(by.Members) > 0 {
		err := tx.DB.Model(&models.PollElector{}).Distinct("poll_id").Where(models.CastBy, membersOf(by)).Where("poll_id IN ?", ids).
			Where("NOT EXISTS (SELECT 1 FROM votes WHERE votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id)").Pluck("poll_id", &mine).Error
		if err != nil {
			return fmt.Errorf("find votes that wait: %w", err)
		}
	}
	if err := tx.DB.Model(&models.PollVoiding{}).Where("poll_id IN ?", ids).Pluck("poll_id", &void).Error; err != nil {
		return fmt.Errorf("find void polls: %w", err)
	}
	at := make(map[models.PollID]*Row, len(polls))
	l.Rows = make([]Row, len(polls))
	for i, p := range polls {
		l.Rows[i] = Row{Poll: p, Missed: p.Missed(tx.Now)}
		at[p.ID] = &l.Rows[i]
	}
	for _, c := range cast {
		at[c.PollID].Cast = c.N
	}
	for _, id := range mine {
		at[id].Mine = at[id].Poll.Open(tx.Now) && at[id].Poll.Method != methods.Sortition
	}
	for _, id := range void {
		at[id].Void = true
	}
	return nil
}
