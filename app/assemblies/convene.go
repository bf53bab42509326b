package assemblies

import (
	"context"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/notice"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Summons is what convening would do now: for the review before it, and for the refusal.
type Summons struct {
	Assembly models.Assembly
	Items    []models.AgendaItem
	Notice   notice.Verdict
	Article  string // of the record date
	Second   rules.SecondCall
	Remote   rules.Remote
	Members  int64 // members who are told
	Letters  int64 // of these, by mail as well
	// WithoutShare are the classes that the statutes, which count by class, give no share of the vote.
	WithoutShare identity.Classes
}

// Review says what convening would do now, and whether the notice is long enough.
func (s *Service) Review(ctx context.Context, by identity.Actor, id models.AssemblyID) (v Summons, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return v, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if v.Assembly, err = byIDTx(tx, id); err != nil {
			return err
		}
		if v.Items, err = agendaTx(tx, id); err != nil {
			return err
		}
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		today, coop, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		v.Notice = notice.Check(today, civil.Of(v.Assembly.FirstCallAt, coop.Location()), statutes.Body.Notice)
		v.Article, v.Second, v.Remote = statutes.Body.RecordDate.Article, statutes.Body.SecondCall, statutes.Body.Remote
		if v.WithoutShare, err = identity.WithoutShareTx(tx, statutes.Body.Shared()); err != nil {
			return err
		}
		return countMembersTx(tx, today, &v)
	})
	return v, err
}

func countMembersTx(tx *db.Tx, today civil.Date, v *Summons) error {
	if err := activeTx(tx, today).Count(&v.Members).Error; err != nil {
		return fmt.Errorf("count members: %w", err)
	}
	if err := withEmailTx(tx, today).Count(&v.Letters).Error; err != nil {
		return fmt.Errorf("count members with mail: %w", err)
	}
	return nil
}

// Convene calls an assembly: its notice must be long enough, its agenda is closed, its proposals are scheduled as
// they stand, its roll is frozen at this instant, and every member is told.
func (s *Service) Convene(ctx context.Context, by identity.Actor, id models.AssemblyID, once string) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) { return ref(id), s.conveneTx(ctx, tx, by, id) })
		return err
	})
}

func (s *Service) conveneTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.AssemblyID) error {
	a, err := draftTx(tx, id)
	if err != nil {
		return err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	if err := noticeLongEnoughTx(tx, a, statutes); err != nil {
		return err
	}
	if f := remoteFault(a.OnlineURL, statutes.Body.Remote); f != nil {
		return f
	}
	without, err := identity.WithoutShareTx(tx, statutes.Body.Shared())
	if err != nil {
		return err
	}
	if f := shareFault(without); f != nil {
		return f
	}
	if err := scheduleTx(ctx, tx, id); err != nil {
		return err
	}
	done := tx.DB.Model(&models.Assembly{}).Where("id = ? AND convened_at IS NULL", id).
		Updates(map[string]any{"convened_at": tx.Now, "convened_by": by.Account})
	if done.Error != nil {
		return fmt.Errorf("convene assembly %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("assemblies.already_convened")
	}
	roll, err := rolls.FreezeTx(ctx, tx, id, statutes, a.FirstCallAt)
	if err != nil {
		return err
	}
	if err := s.tellAllTx(ctx, tx, a); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by.Account, "assembly.convened", "assembly", int64(id), audit.Detail{"roll": roll.ID, "statutes": statutes.Version})
}

// noticeLongEnoughTx refuses a notice that the statutes find too short or too long, with the article and the days
// between which the assembly may be held, and a second call too near the first.
func noticeLongEnoughTx(tx *db.Tx, a models.Assembly, statutes models.RuleSet) error {
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	if !a.FirstCallAt.After(tx.Now) {
		return fault.Invalid("first_call", "assemblies.in_the_past")
	}
	if f := noticeFault(notice.Check(today, civil.Of(a.FirstCallAt, coop.Location()), statutes.Body.Notice)); f != nil {
		return f
	}
	if f := secondCallFault(a.FirstCallAt, a.SecondCallAt, statutes.Body.SecondCall); f != nil {
		return f
	}
	return nil
}

func noticeFault(v notice.Verdict) *fault.Fault {
	switch v.Problem {
	case notice.ProblemTooShort:
		return fault.Invalid("first_call", "assemblies.notice_too_short",
			map[string]any{"Days": v.Days, "Least": v.MinDays, "Earliest": v.Earliest, "Article": v.Article})
	case notice.ProblemTooLong:
		return fault.Invalid("first_call", "assemblies.notice_too_long", map[string]any{"Latest": v.Latest, "Article": v.Article})
	}
	return nil
}

// shareFault refuses to convene under statutes by which a class could not be counted: the roll would keep them.
func shareFault(without identity.Classes) *fault.Fault {
	if len(without) == 0 {
		return nil
	}
	return fault.Conflict("assemblies.class_without_share", map[string]any{"Classes": without})
}

// Problem is why the assembly cannot be convened now, or nil.
func (v Summons) Problem() *fault.Fault {
	switch {
	case v.Assembly.State() != models.AssemblyDraft:
		return fault.Conflict("assemblies.already_convened")
	case len(v.Items) == 0:
		return fault.Invalid("agenda", "assemblies.agenda_empty")
	}
	if f := shareFault(v.WithoutShare); f != nil {
		return f
	}
	if f := remoteFault(v.Assembly.OnlineURL, v.Remote); f != nil {
		return f
	}
	if f := secondCallFault(v.Assembly.FirstCallAt, v.Assembly.SecondCallAt, v.Second); f != nil {
		return f
	}
	return noticeFault(v.Notice)
}

// scheduleTx binds each proposal on the agenda to its text of this moment.
func scheduleTx(ctx context.Context, tx *db.Tx, id models.AssemblyID) error {
	items, err := agendaTx(tx, id)
	if err != nil {
		return err
	}
	if len(items) == 0 {
		return fault.Invalid("agenda", "assemblies.agenda_empty")
	}
	for _, i := range items { // few, and each a change of state of its own
		if i.ProposalID == nil {
			continue
		}
		v, err := proposals.ScheduleTx(ctx, tx, *i.ProposalID)
		if err != nil {
			return err
		}
		done := tx.DB.Model(&models.AgendaItem{}).Where("id = ?", i.ID).
			Updates(map[string]any{"title": v.Title, "body": v.Body, "proposal_version_id": v.ID})
		if done.Error != nil {
			return fmt.Errorf("bind point %d to its proposal: %w", i.ID, done.Error)
		}
	}
	return nil
}
