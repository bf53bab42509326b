// Package polls puts questions to the vote: a poll opens with the list of who may cast which vote, takes one vote
// for each until it closes, and closes with a result that anybody can count again.
package polls

import (
	"context"
	"fmt"
	"sync"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
	"socia/platform/recent"
)

// Service opens, takes votes, closes and shows.
type Service struct {
	db    *db.DB
	box   *box
	asked sync.Map // models.PollID: asked
	shown sync.Map // models.PollID of a closed poll: disclosure.Extent
	soFar recent.Kept[models.PollID, soFar]
}

// New prepares the service of a database.
func New(d *db.DB) *Service {
	return &Service{db: d, box: newBox(d), soFar: recent.Kept[models.PollID, soFar]{Lasts: soFarLasts}}
}

// Opening is what a poll in an assembly begins with. Electors name who is present or represented and who casts for
// them; RollCounts is how many votes of each class the roll has.
type Opening struct {
	Assembly   models.AssemblyID
	Item       models.AgendaItemID
	Statutes   models.RuleSet
	Decision   rules.DecisionKind // of a motion
	ClosesAt   *time.Time
	Electors   []models.PollElector
	RollCounts map[string]int64
	Question
}

// OpenTx opens a poll on an agenda item. Its electors are frozen at this instant: whoever arrives later votes in the next poll.
func OpenTx(ctx context.Context, tx *db.Tx, by identity.Actor, o Opening) (models.Poll, error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return models.Poll{}, err
	}
	if len(o.Electors) == 0 {
		return models.Poll{}, fault.Conflict("polls.nobody_present")
	}
	if _, ok := o.Statutes.Body.MajorityFor(o.Decision); o.Method == methods.Motion && !ok {
		return models.Poll{}, fault.Invalid("decision", "polls.decision_unknown")
	}
	if o.ClosesAt != nil && !o.ClosesAt.After(tx.Now) {
		return models.Poll{}, fault.Invalid("closes_at", "polls.closes_in_the_past")
	}
	if err := fault.Join(o.check(), repeatsTx(tx, o.RerunOf)); err != nil {
		return models.Poll{}, err
	}
	poll := models.Poll{
		AssemblyID: &o.Assembly, AgendaItemID: &o.Item, RuleSetID: o.Statutes.ID, Decision: string(o.Decision),
		RollCounts: o.RollCounts, OpenedAt: tx.Now, OpenedBy: by.Account, ClosesAt: o.ClosesAt,
	}
	if err := storeTx(tx, &poll, o.Question); err != nil {
		return models.Poll{}, err
	}
	electors, err := sought(poll, o.Electors)
	if err == nil {
		err = electTx(tx, poll.ID, electors)
	}
	if err != nil {
		return models.Poll{}, err
	}
	return poll, audit.LineTx(ctx, tx, by.Account, "poll.opened", "poll", int64(poll.ID), audit.Detail{"electors": len(electors), "method": poll.Method})
}

// CloseTx closes a poll and counts it. A vote is counted or refused: those in flight are waited for, later ones
// find the poll closed. Closing twice answers the same.
func CloseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID) (models.Poll, error) {
	poll, err := lockTx(tx, id)
	if err != nil || poll.ClosedAt != nil {
		return poll, err
	}
	if poll.Waits {
		return poll, fault.Conflict("polls.not_open_yet") // it has no electors
	}
	due := poll.ClosesAt != nil && !tx.Now.Before(*poll.ClosesAt)
	if by.Account != 0 || !due {
		// Without an actor only the poll's own hour closes it.
		if err := by.Require(models.RoleFacilitator); err != nil {
			return poll, err
		}
	}
	if err := delegateTx(ctx, tx, poll); err != nil {
		return poll, err
	}
	if !due {
		if err := heardTx(tx, poll); err != nil {
			return poll, err
		}
	}
	poll.ClosedAt = &tx.Now
	if poll.Result, poll.Count, err = countTx(tx, poll); err != nil {
		return poll, err
	}
	if by.Account != 0 {
		poll.ClosedBy = &by.Account
	}
	done := tx.DB.Model(&models.Poll{}).Where("id = ? AND closed_at IS NULL", id).Select("closed_at", "closed_by", "result", "count").Updates(&poll)
	if done.Error != nil {
		return poll, fmt.Errorf("close poll %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return poll, fault.Conflict("polls.closed")
	}
	return poll, audit.LineTx(ctx, tx, by.Account, "poll.closed", "poll", int64(id), audit.Detail{"outcome": poll.Outcome()})
}

// lockTx reads a poll and keeps votes from being cast until the act ends.
func lockTx(tx *db.Tx, id models.PollID) (poll models.Poll, err error) {
	q := tx.DB
	if tx.Flavor() == db.Postgres {
		q = q.Clauses(forUpdate)
	}
	err = q.Take(&poll, id).Error
	if db.Missing(err) {
		return poll, fault.NotFound("polls.not_found")
	}
	return poll, err
}

// ByAssemblyTx lists an assembly's polls in the order in which they were opened, and says which are void.
func ByAssemblyTx(tx *db.Tx, assembly models.AssemblyID) (all []models.Poll, err error) {
	if err := tx.DB.Where("assembly_id = ?", assembly).Order("id").Limit(500).Find(&all).Error; err != nil {
		return nil, fmt.Errorf("list the polls of assembly %d: %w", assembly, err)
	}
	var voidings []models.PollVoiding
	if err := tx.DB.Where("poll_id IN (SELECT id FROM polls WHERE assembly_id = ?)", assembly).Order("poll_id").Find(&voidings).Error; err != nil {
		return nil, fmt.Errorf("list the void polls of assembly %d: %w", assembly, err)
	}
	void := make(map[models.PollID]models.PollVoiding, len(voidings))
	for _, v := range voidings {
		void[v.PollID] = v
	}
	for i, p := range all {
		if v, ok := void[p.ID]; ok {
			all[i].Void = &v
		}
	}
	return all, nil
}

// DueTx lists polls of assemblies whose hour has passed and that nobody has closed.
func DueTx(tx *db.Tx) (due []models.PollID, err error) {
	err = tx.DB.Model(&models.Poll{}).Where("closed_at IS NULL AND closes_at <= ? AND assembly_id IS NOT NULL", tx.Now).Order("id").Limit(100).Pluck("id", &due).Error
	return due, err
}

// Recount counts a closed poll again from its votes, and says whether the result is the one that was announced.
func (s *Service) Recount(ctx context.Context, id models.PollID) (same bool, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Take(&poll, id).Error; err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if poll.ClosedAt == nil {
			return fault.Conflict("polls.still_open")
		}
		result, count, err := countTx(tx, poll)
		if err != nil {
			return err
		}
		same, err = alike(poll, result, count)
		return err
	})
	return same, err
}

// RecountAll counts every closed poll again, and names those whose announced result differs.
func (s *Service) RecountAll(ctx context.Context) (counted int, wrong []models.PollID, err error) {
	var all []models.PollID
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.Poll{}).Where("result IS NOT NULL OR count IS NOT NULL").Order("id").Pluck("id", &all).Error
	})
	if err != nil {
		return 0, nil, fmt.Errorf("list closed polls: %w", err)
	}
	for _, id := range all {
		same, err := s.Recount(ctx, id)
		if err != nil {
			return counted, wrong, err
		}
		if counted++; !same {
			wrong = append(wrong, id)
		}
	}
	return counted, wrong, nil
}
