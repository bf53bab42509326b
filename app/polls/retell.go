package polls

import (
	"context"
	"fmt"
	"slices"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/quorum"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// Retold is a closed vote of an assembly, and how it would have ended under other statutes with the same votes.
type Retold struct {
	Poll     models.Poll
	Assembly models.Assembly
	Is       tally.Result      // of a motion; Poll.Result is how it ended
	Count    *models.PollCount // of any other method; Poll.Count is how it ended
	// Uncounted says that those statutes give a class that voted no share.
	Uncounted bool
	// NotOpen says that the assembly would not have had the quorum to open at the call at which it did.
	NotOpen bool
}

// Differs says whether the vote would have ended otherwise.
func (r Retold) Differs() bool {
	if r.NotOpen || r.Uncounted {
		return true
	}
	if r.Poll.Result != nil {
		return r.Is.Outcome != r.Poll.Result.Outcome
	}
	is := models.Poll{Count: r.Count}
	return is.Outcome() != r.Poll.Outcome() || !slices.Equal(winnersOf(r.Count), winnersOf(r.Poll.Count))
}

// winnersOf are the winners of a count that decided.
func winnersOf(c *models.PollCount) []int {
	if c == nil || c.Result == nil || !c.Decided() {
		return nil
	}
	return c.Result.Winners
}

// retoldMost is how many votes are told again, retoldMonths how long ago they closed at most: the assembly of last year
// is in them when the one of this year is prepared, a little later than then.
const (
	retoldMost   = 20
	retoldMonths = 18
)

// Retell counts the last votes of the assemblies that were held, up to twenty of the last eighteen months, again by a
// rule set: motions with the counts of each class that their results have, other methods from their papers. Draws, in
// which nobody votes, are left out. It changes nothing. Newest first.
//
// Under the statutes that a vote was counted by it gives the outcome that the vote had.
func (s *Service) Retell(ctx context.Context, by identity.Actor, r rules.RuleSet) (all []Retold, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return nil, err
	}
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		var polls []models.Poll
		err := tx.DB.Joins("JOIN assemblies ON assemblies.id = polls.assembly_id").
			Where("assemblies.opened_at IS NOT NULL AND assemblies.closed_at IS NOT NULL").
			Where("polls.closed_at > ? AND (polls.result IS NOT NULL OR polls.count IS NOT NULL) AND polls.method <> ?", tx.Now.AddDate(0, -retoldMonths, 0), methods.Sortition).
			Order("polls.id DESC").Limit(retoldMost).Find(&polls).Error
		if err != nil {
			return fmt.Errorf("read the votes of the last year: %w", err)
		}
		held, err := heldTx(tx, polls)
		if err != nil {
			return err
		}
		for _, p := range polls {
			if p.Count == nil && (p.Result == nil || len(p.Result.Lines) == 0) {
				continue // nothing was counted by class
			}
			told, err := retoldTx(tx, p, held[*p.AssemblyID], r)
			if err != nil {
				return err
			}
			all = append(all, told)
		}
		return nil
	})
	return all, err
}

func heldTx(tx *db.Tx, polls []models.Poll) (map[models.AssemblyID]models.Assembly, error) {
	var ids []models.AssemblyID
	for _, p := range polls {
		ids = append(ids, *p.AssemblyID) // the query joins them
	}
	var assemblies []models.Assembly
	if err := tx.DB.Where("id IN ?", ids).Order("id").Find(&assemblies).Error; err != nil {
		return nil, fmt.Errorf("read the assemblies of the last year: %w", err)
	}
	held := make(map[models.AssemblyID]models.Assembly, len(assemblies))
	for _, a := range assemblies {
		held[a.ID] = a
	}
	return held, nil
}

func retoldTx(tx *db.Tx, p models.Poll, a models.Assembly, r rules.RuleSet) (Retold, error) {
	told := Retold{Poll: p, Assembly: a, NotOpen: !opens(a, r)}
	if p.Result != nil {
		counts := make([]tally.ClassCount, len(p.Result.Lines))
		for i, l := range p.Result.Lines {
			counts[i] = l.Count
		}
		is, err := tally.Decide(counts, rules.DecisionKind(p.Decision), r)
		told.Is, told.Uncounted = is, err != nil
		return told, nil
	}
	count, err := methodTx(tx, p, r)
	if _, ours := fault.As(err); err != nil && !ours {
		return told, err
	}
	told.Count, told.Uncounted = &count, err != nil
	return told, nil
}

// opens says whether who was there when an assembly opened is a quorum at that call. A class without a share is said
// by its votes; an assembly of before presences were kept opens.
func opens(a models.Assembly, r rules.RuleSet) bool {
	if len(a.Opening) == 0 {
		return true
	}
	threshold := r.Quorum.First
	if a.OpenCall == 2 {
		threshold = r.Quorum.Second
	}
	classes := make([]quorum.Class, len(a.Opening))
	for i, c := range a.Opening {
		classes[i] = quorum.Class{Class: c.Class, Roll: c.Roll, Present: c.Votes()}
	}
	v, err := quorum.Check(classes, r.Counting, threshold)
	return err != nil || v.OK
}
