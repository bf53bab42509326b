// Package polls puts questions to the vote: a poll opens with the list of who may cast which vote, takes one vote
// for each until it closes, and closes with a result that anybody can count again.
package polls

import (
	"context"
	"fmt"
	"sort"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// Service opens, takes votes, closes and shows.
type Service struct {
	db  *db.DB
	box *box
}

// New prepares the service of a database.
func New(d *db.DB) *Service {
	return &Service{db: d, box: newBox(d)}
}

// Opening is what a poll begins with. Electors name who is present or represented and who casts for them;
// RollCounts is how many of each class the roll has.
type Opening struct {
	Assembly   models.AssemblyID
	Item       models.AgendaItemID
	Statutes   models.RuleSet
	Question   string
	Decision   rules.DecisionKind
	ClosesAt   *time.Time
	Electors   []models.PollElector
	RollCounts map[string]int64
}

// OpenTx opens a poll on an agenda item. Its electors are frozen at this instant: whoever arrives later votes in the next poll.
func OpenTx(ctx context.Context, tx *db.Tx, by identity.Actor, o Opening) (models.Poll, error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return models.Poll{}, err
	}
	if len(o.Electors) == 0 {
		return models.Poll{}, fault.Conflict("polls.nobody_present")
	}
	if _, ok := o.Statutes.Body.MajorityFor(o.Decision); !ok {
		return models.Poll{}, fault.Invalid("decision", "polls.decision_unknown")
	}
	if o.ClosesAt != nil && !o.ClosesAt.After(tx.Now) {
		return models.Poll{}, fault.Invalid("closes_at", "polls.closes_in_the_past")
	}
	poll := models.Poll{
		AssemblyID: o.Assembly, AgendaItemID: o.Item, RuleSetID: o.Statutes.ID, Question: o.Question, Decision: string(o.Decision),
		RollCounts: o.RollCounts, OpenedAt: tx.Now, OpenedBy: by.Account, ClosesAt: o.ClosesAt,
	}
	if err := tx.DB.Create(&poll).Error; err != nil {
		if db.Duplicate(err) {
			return models.Poll{}, fault.Conflict("polls.already_open")
		}
		return models.Poll{}, fmt.Errorf("open a poll: %w", err)
	}
	electors := make([]models.PollElector, len(o.Electors))
	for i, e := range o.Electors {
		e.PollID = poll.ID
		electors[i] = e
	}
	if err := tx.DB.CreateInBatches(electors, 1000).Error; err != nil {
		return models.Poll{}, fmt.Errorf("store the electors of poll %d: %w", poll.ID, err)
	}
	return poll, audit.LineTx(ctx, tx, by.Account, "poll.opened", "poll", int64(poll.ID), audit.Detail{"electors": len(electors)})
}

// CloseTx closes a poll and counts it. A vote is counted or refused: those in flight are waited for, later ones
// find the poll closed. Closing twice answers the same.
func CloseTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID) (models.Poll, error) {
	poll, err := lockTx(tx, id)
	if err != nil || poll.ClosedAt != nil {
		return poll, err
	}
	due := poll.ClosesAt != nil && !tx.Now.Before(*poll.ClosesAt)
	if by.Account != 0 || !due {
		// Without an actor only the poll's own hour closes it.
		if err := by.Require(models.RoleFacilitator); err != nil {
			return poll, err
		}
	}
	result, err := countTx(tx, poll)
	if err != nil {
		return poll, err
	}
	poll.ClosedAt, poll.Result = &tx.Now, &result
	if by.Account != 0 {
		poll.ClosedBy = &by.Account
	}
	done := tx.DB.Model(&models.Poll{}).Where("id = ? AND closed_at IS NULL", id).Select("closed_at", "closed_by", "result").Updates(&poll)
	if done.Error != nil {
		return poll, fmt.Errorf("close poll %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return poll, fault.Conflict("polls.closed")
	}
	return poll, audit.LineTx(ctx, tx, by.Account, "poll.closed", "poll", int64(id), audit.Detail{"outcome": result.Outcome})
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

// countTx counts the votes of a poll from their rows, by the statutes that it was opened under.
func countTx(tx *db.Tx, poll models.Poll) (tally.Result, error) {
	statutes, err := identity.StatutesByIDTx(tx, poll.RuleSetID)
	if err != nil {
		return tally.Result{}, err
	}
	var rows []struct {
		ClassCode string
		Choice    *models.Choice
		N         int64
	}
	err = tx.DB.Model(&models.PollElector{}).
		Select("poll_electors.class_code AS class_code, votes.choice AS choice, COUNT(*) AS n").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ?", poll.ID).Group("poll_electors.class_code, votes.choice").Scan(&rows).Error
	if err != nil {
		return tally.Result{}, fmt.Errorf("count poll %d: %w", poll.ID, err)
	}
	counts := map[string]*tally.ClassCount{}
	for class, roll := range poll.RollCounts {
		counts[class] = &tally.ClassCount{Class: class, Roll: roll}
	}
	for _, r := range rows {
		k := counts[r.ClassCode]
		if k == nil {
			return tally.Result{}, fmt.Errorf("poll %d has electors of class %s, its roll has none", poll.ID, r.ClassCode)
		}
		k.Present += r.N
		if r.Choice == nil {
			continue
		}
		switch *r.Choice {
		case models.For:
			k.For += r.N
		case models.Against:
			k.Against += r.N
		case models.Abstain:
			k.Abstain += r.N
		}
	}
	return tally.Decide(inOrder(counts), rules.DecisionKind(poll.Decision), statutes.Body)
}

func inOrder(counts map[string]*tally.ClassCount) []tally.ClassCount {
	all := make([]tally.ClassCount, 0, len(counts))
	for _, k := range counts {
		all = append(all, *k)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Class < all[j].Class })
	return all
}

// ByAssemblyTx lists an assembly's polls in the order in which they were opened.
func ByAssemblyTx(tx *db.Tx, assembly models.AssemblyID) (all []models.Poll, err error) {
	err = tx.DB.Where("assembly_id = ?", assembly).Order("id").Limit(500).Find(&all).Error
	return all, err
}

// DueTx lists polls whose hour has passed and that nobody has closed.
func DueTx(tx *db.Tx) (due []models.PollID, err error) {
	err = tx.DB.Model(&models.Poll{}).Where("closed_at IS NULL AND closes_at <= ?", tx.Now).Order("id").Limit(100).Pluck("id", &due).Error
	return due, err
}

// Recount counts a closed poll again from its votes, and says whether the result is the one that was announced.
func (s *Service) Recount(ctx context.Context, id models.PollID) (same bool, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Take(&poll, id).Error; err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if poll.Result == nil {
			return fault.Conflict("polls.still_open")
		}
		again, err := countTx(tx, poll)
		if err != nil {
			return err
		}
		same = again.Outcome == poll.Result.Outcome && again.For.Equal(poll.Result.For) && again.Against.Equal(poll.Result.Against) && again.Abstain.Equal(poll.Result.Abstain) && again.Base.Equal(poll.Result.Base)
		return nil
	})
	return same, err
}

// RecountAll counts every closed poll again, and names those whose announced result differs.
func (s *Service) RecountAll(ctx context.Context) (counted int, wrong []models.PollID, err error) {
	var all []models.PollID
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.Poll{}).Where("closed_at IS NOT NULL").Order("id").Pluck("id", &all).Error
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
