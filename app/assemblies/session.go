package assemblies

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/ratio"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Open opens an assembly at its first or second call: not before the hour of the call, and not without the quorum
// that the statutes ask at it. Who was there is kept, for the minutes.
func (s *Service) Open(ctx context.Context, by identity.Actor, id models.AssemblyID, call int64) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	if call != 1 && call != 2 {
		return fault.Invalid("call", "ui.error.choose")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := lockTx(tx, id)
		if err != nil {
			return err
		}
		if err := mayOpen(a, call, tx.Now); err != nil {
			return err
		}
		f, err := floorTx(ctx, tx, id)
		if err != nil {
			return err
		}
		q, err := quorumOf(f.presence(), f.statutes.Body)
		if err != nil {
			return err
		}
		if v := q.At(call); !v.OK {
			if len(v.Classes) > 0 {
				return fault.Conflict("assemblies.no_quorum_in_each", map[string]any{"Article": v.Article})
			}
			key := "assemblies.no_quorum"
			if v.Strict {
				key = "assemblies.no_quorum_more"
			}
			return fault.Conflict(key, map[string]any{
				"Present": legible(v.Present), "Of": legible(v.Of), "Needed": legible(v.Needed), "Article": v.Article,
			})
		}
		return openedTx(ctx, tx, by, a, call, q)
	})
}

// legible is a whole number, or one with two decimals for people to read: what decides is the exact fraction.
func legible(r ratio.Ratio) string {
	if r.IsInt() {
		return r.String()
	}
	return r.Decimal(2)
}

func mayOpen(a models.Assembly, call int64, now time.Time) error {
	switch a.State() {
	case models.AssemblyDraft:
		return fault.Conflict("assemblies.not_convened")
	case models.AssemblyOpen:
		return fault.Conflict("assemblies.already_open")
	case models.AssemblyClosed:
		return fault.Conflict("assemblies.closed")
	case models.AssemblyConvened:
	}
	hour, key := a.FirstCallAt, "assemblies.first_call_early"
	if call == 2 {
		hour, key = a.SecondCallAt, "assemblies.second_call_early"
	}
	if now.Before(hour) {
		return fault.Conflict(key)
	}
	return nil
}

func openedTx(ctx context.Context, tx *db.Tx, by identity.Actor, a models.Assembly, call int64, q Quorum) error {
	done := tx.DB.Model(&models.Assembly{}).Where("id = ? AND opened_at IS NULL", a.ID).Select("opened_at", "opened_by", "open_call", "opening").
		Updates(models.Assembly{OpenedAt: &tx.Now, OpenedBy: &by.Account, OpenCall: call, Opening: q.Classes})
	if done.Error != nil {
		return fmt.Errorf("open assembly %d: %w", a.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("assemblies.already_open")
	}
	return audit.LineTx(ctx, tx, by.Account, "assembly.opened", "assembly", int64(a.ID),
		audit.Detail{"call": call, "votes": q.Total.Votes(), "roll": q.Total.RollVotes()})
}

// In is the instant so long from now, for OpenPoll; nil for no time at all.
func (s *Service) In(lasts time.Duration) *time.Time {
	if lasts <= 0 {
		return nil
	}
	at := s.db.Clock().Now().UTC().Add(lasts)
	return &at
}

// OpenPoll puts a point of the agenda to the vote. Its electors are the members on the roll who are present or
// represented at this instant; who is there without the vote keeps the voice. closesAt may be
// nil.
func (s *Service) OpenPoll(ctx context.Context, by identity.Actor, item models.AgendaItemID, closesAt *time.Time, once string) (id models.PollID, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := tx.Once(once, func() (string, error) {
			p, err := openPollTx(ctx, tx, by, item, closesAt, nil)
			return ref(p.ID), err
		})
		if err != nil {
			return err
		}
		id, err = idOf[models.PollID](made)
		return err
	})
	return id, err
}

// openPollTx asks a question on a point; nil is the motion itself.
func openPollTx(ctx context.Context, tx *db.Tx, by identity.Actor, item models.AgendaItemID, closesAt *time.Time, q *polls.Question) (p models.Poll, err error) {
	i, err := itemTx(tx, item)
	if err != nil {
		return p, err
	}
	if _, err := openTx(tx, i.AssemblyID); err != nil {
		return p, err
	}
	way := methods.Motion
	if q != nil {
		way = q.Method
	}
	void, err := mayPollTx(tx, i, way)
	if err != nil {
		return p, err
	}
	f, err := floorTx(ctx, tx, i.AssemblyID)
	if err != nil {
		return p, err
	}
	electors := f.electors()
	if len(electors) == 0 {
		return p, fault.Conflict("assemblies.nobody_to_vote")
	}
	o := polls.Opening{Assembly: i.AssemblyID, Item: i.ID, Statutes: f.statutes, ClosesAt: closesAt, Electors: electors, RollCounts: f.rollCounts()}
	if q != nil {
		o.Question = *q
	} else {
		o.Decision, o.Question = rules.DecisionKind(i.Decision), polls.Question{Question: i.Title, Method: methods.Motion, Setup: models.PollSetup{Reasons: models.ReasonsNone}, RerunOf: void}
	}
	p, err = polls.OpenTx(ctx, tx, by, o)
	if err != nil {
		return p, err
	}
	return p, audit.LineTx(ctx, tx, by.Account, "assembly.poll_opened", "assembly", int64(i.AssemblyID), audit.Detail{"poll": p.ID, "item": i.ID, "electors": len(electors)})
}

// mayPollTx refuses a vote on a point for information, by a way that cannot decide it, on one that is being voted, and
// on one that a motion has decided. A poll in which nobody voted has decided nothing and may be held again, and so may a
// void one: void is the last motion on the point if it is, else 0.
func mayPollTx(tx *db.Tx, i models.AgendaItem, way methods.Name) (void models.PollID, err error) {
	if i.Decision == "" {
		return 0, fault.Conflict("assemblies.item_for_information")
	}
	if method, _ := methods.ByName(way); !method.Decides(rules.DecisionKind(i.Decision)) {
		return 0, fault.Conflict("assemblies.item_needs_motion")
	}
	all, err := polls.ByAssemblyTx(tx, i.AssemblyID)
	if err != nil {
		return 0, err
	}
	for _, p := range all {
		switch {
		case !p.On(i.ID):
		case p.ClosedAt == nil:
			return 0, fault.Conflict("assemblies.poll_running")
		case p.Method != methods.Motion:
		case p.Decided():
			return 0, fault.Conflict("assemblies.item_decided")
		case p.Void != nil:
			void = p.ID
		default:
			void = 0
		}
	}
	return void, nil
}

// ClosePoll ends a vote, has it counted, and tells the proposal what became of it. Closing again changes nothing.
func (s *Service) ClosePoll(ctx context.Context, by identity.Actor, id models.PollID) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return closePollTx(ctx, tx, by, id) })
}

// CloseDue ends the votes whose hour has passed. It is periodic work.
func (s *Service) CloseDue(ctx context.Context) error {
	var due []models.PollID
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = polls.DueTx(tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("list polls that are due: %w", err)
	}
	var failed []error
	for _, id := range due { // an act each: one that fails must not hold up the others
		if err := s.db.Write(ctx, func(tx *db.Tx) error { return closePollTx(ctx, tx, identity.System, id) }); err != nil {
			failed = append(failed, fmt.Errorf("close poll %d at its hour: %w", id, err))
		}
	}
	return errors.Join(failed...)
}

func closePollTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID) error {
	var before models.Poll
	if err := tx.DB.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&before, id).Error; db.Missing(err) {
		return fault.NotFound("polls.not_found")
	} else if err != nil {
		return fmt.Errorf("lock poll %d: %w", id, err)
	}
	if before.ClosedAt != nil {
		return nil
	}
	p, err := polls.CloseTx(ctx, tx, by, id)
	if err != nil {
		return err
	}
	if p.Consultation() {
		return nil
	}
	i, err := itemTx(tx, *p.AgendaItemID)
	if err != nil {
		return err
	}
	if i.ProposalID == nil || p.Method != methods.Motion || !p.Decided() {
		return nil
	}
	return proposals.DecidedTx(ctx, tx, *i.ProposalID, p.Result.Approved)
}

// Close ends an assembly: no poll may be open, and those must be named who will approve its minutes. Proposals on its
// agenda that were not decided are published again.
func (s *Service) Close(ctx context.Context, by identity.Actor, id models.AssemblyID) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := openTx(tx, id); err != nil {
			return err
		}
		voted, err := polls.ByAssemblyTx(tx, id)
		if err != nil {
			return err
		}
		if err := mayCloseTx(tx, id, voted); err != nil {
			return err
		}
		if err := giveBackTx(ctx, tx, id, voted); err != nil {
			return err
		}
		done := tx.DB.Model(&models.Assembly{}).Where("id = ? AND opened_at IS NOT NULL AND closed_at IS NULL", id).
			Updates(map[string]any{"closed_at": tx.Now, "closed_by": by.Account})
		if done.Error != nil {
			return fmt.Errorf("close assembly %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("assemblies.not_open")
		}
		return audit.LineTx(ctx, tx, by.Account, "assembly.closed", "assembly", int64(id), nil)
	})
}

func mayCloseTx(tx *db.Tx, id models.AssemblyID, voted []models.Poll) error {
	for _, p := range voted {
		if p.ClosedAt == nil {
			return fault.Conflict("assemblies.poll_running")
		}
	}
	statutes, err := statutesOfTx(tx, id)
	if err != nil {
		return err
	}
	o, err := officersTx(tx, id)
	if err != nil {
		return err
	}
	if needed := statutes.Body.Minutes.Tellers; !o.Complete(needed) {
		return fault.Conflict("assemblies.officers_missing", map[string]any{"Tellers": needed, "Article": statutes.Body.Minutes.Article})
	}
	return nil
}

// giveBackTx publishes the proposals again that the assembly has not decided.
func giveBackTx(ctx context.Context, tx *db.Tx, id models.AssemblyID, voted []models.Poll) error {
	items, err := agendaTx(tx, id)
	if err != nil {
		return err
	}
	done := map[models.AgendaItemID]bool{}
	for _, p := range voted {
		item := *p.AgendaItemID // they are this assembly's
		done[item] = done[item] || p.Method == methods.Motion && p.Decided()
	}
	for _, i := range items {
		if i.ProposalID == nil || done[i.ID] {
			continue
		}
		if err := proposals.UnscheduleTx(ctx, tx, *i.ProposalID); err != nil {
			return err
		}
	}
	return nil
}
