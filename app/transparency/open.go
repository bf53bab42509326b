package transparency

import (
	"context"
	"fmt"
	"time"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// Decision is a closed poll: what was asked, how it ended, and where.
type Decision struct {
	ID       models.PollID
	Question string
	ClosedAt time.Time
	Assembly string
	Method   methods.Name
	Outcome  string // models.Poll PublicOutcome
}

// DecisionsPage is a page of decisions, the newest first. Older is the id to go on from, 0 at the end.
type DecisionsPage struct {
	Decisions []Decision
	Older     models.PollID
}

// Decisions lists closed polls, the newest first; before is 0 for the first page. A void poll has decided nothing and is
// left out.
func (s *Service) Decisions(ctx context.Context, before models.PollID, most int) (page DecisionsPage, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		page, err = decisionsTx(tx, before, most)
		return err
	})
	return page, err
}

func decisionsTx(tx *db.Tx, before models.PollID, most int) (page DecisionsPage, err error) {
	q := tx.DB.Where("closed_at IS NOT NULL AND id NOT IN (SELECT poll_id FROM poll_voidings)").Order("closed_at DESC, id DESC").Limit(most + 1)
	if before > 0 {
		q = q.Where("(closed_at, id) < (SELECT closed_at, id FROM polls WHERE id = ?)", before)
	}
	var polls []models.Poll
	if err := q.Find(&polls).Error; err != nil {
		return page, fmt.Errorf("read decisions: %w", err)
	}
	if len(polls) > most {
		polls = polls[:most]
		page.Older = polls[most-1].ID
	}
	var ids []models.AssemblyID
	for _, p := range polls {
		if !p.Consultation() {
			ids = append(ids, *p.AssemblyID)
		}
	}
	titles, err := assemblyTitles(tx, ids)
	if err != nil {
		return page, err
	}
	for _, p := range polls {
		d := Decision{ID: p.ID, Question: p.Question, ClosedAt: *p.ClosedAt, Method: p.Method, Outcome: p.PublicOutcome()}
		if !p.Consultation() {
			d.Assembly = titles[*p.AssemblyID]
		}
		page.Decisions = append(page.Decisions, d)
	}
	return page, nil
}

func assemblyTitles(tx *db.Tx, ids []models.AssemblyID) (map[models.AssemblyID]string, error) {
	titles := map[models.AssemblyID]string{}
	if len(ids) == 0 {
		return titles, nil
	}
	var all []models.Assembly
	if err := tx.DB.Select("id", "title").Where("id IN ?", ids).Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read assemblies: %w", err)
	}
	for _, a := range all {
		titles[a.ID] = a.Title
	}
	return titles, nil
}

// ApprovedMinutes are minutes that nobody can change any more.
type ApprovedMinutes struct {
	AssemblyID  models.AssemblyID
	Title       string
	HeldAt      time.Time
	FinalisedAt time.Time
}

// PublicProposal is a proposal that its author has published, with its newest title.
type PublicProposal struct {
	ID          models.ProposalID
	State       models.ProposalState
	PublishedAt time.Time
	Title       string
}

// NextAssembly is the next convened assembly.
type NextAssembly struct {
	ID     models.AssemblyID
	Title  string
	Place  string
	Online bool
	At     time.Time
}

// Open is what the cooperative shows to everybody. The lists hold the newest ones only.
type Open struct {
	Coop        models.Cooperative
	Statutes    models.RuleSet
	Decisions   DecisionsPage
	Minutes     []ApprovedMinutes
	Proposals   []PublicProposal
	Collectives []models.Collective
	Next        *NextAssembly
	Members     int64
}

const (
	openMost        = 10
	collectivesMost = 200
)

// Open reads the public overview in one consistent view.
func (s *Service) Open(ctx context.Context) (o Open, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if fault.Has(err, "identity.no_cooperative") {
			return nil // nothing was set up yet, and the page says so
		}
		if err != nil {
			return err
		}
		o.Coop = coop
		if o.Statutes, err = identity.StatutesTx(tx); err != nil {
			return err
		}
		if o.Decisions, err = decisionsTx(tx, 0, openMost); err != nil {
			return err
		}
		if o.Minutes, err = minutesTx(tx, openMost); err != nil {
			return err
		}
		if o.Proposals, err = proposalsTx(tx, openMost); err != nil {
			return err
		}
		if o.Next, err = nextAssemblyTx(tx); err != nil {
			return err
		}
		if err := tx.DB.Where("closed_at IS NULL").Order("name, id").Limit(collectivesMost).Find(&o.Collectives).Error; err != nil {
			return fmt.Errorf("read collectives: %w", err)
		}
		members := tx.DB.Model(&models.Member{}).Where(models.ActiveOn, today, today)
		if err := members.Count(&o.Members).Error; err != nil {
			return fmt.Errorf("count members: %w", err)
		}
		return nil
	})
	return o, err
}

func minutesTx(tx *db.Tx, most int) (all []ApprovedMinutes, err error) {
	err = tx.DB.Model(&models.Minutes{}).
		Select("minutes.assembly_id, assemblies.title, assemblies.first_call_at AS held_at, minutes.finalised_at").
		Joins("JOIN assemblies ON assemblies.id = minutes.assembly_id").
		Where("minutes.finalised_at IS NOT NULL").Order("assemblies.first_call_at DESC, minutes.id DESC").Limit(most).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read approved minutes: %w", err)
	}
	return all, nil
}

// public are the states in which a proposal is shown: all but a draft and one taken back.
var public = []models.ProposalState{models.ProposalPublished, models.ProposalScheduled, models.ProposalApproved, models.ProposalRejected}

func proposalsTx(tx *db.Tx, most int) (all []PublicProposal, err error) {
	err = tx.DB.Model(&models.Proposal{}).
		Select("proposals.id, proposals.state, proposals.published_at, proposal_versions.title").
		Joins("JOIN proposal_versions ON proposal_versions.proposal_id = proposals.id").
		Where("proposal_versions.number = (SELECT MAX(number) FROM proposal_versions AS v WHERE v.proposal_id = proposals.id)").
		Where("proposals.state IN ? AND proposals.published_at IS NOT NULL", public).
		Order("proposals.published_at DESC, proposals.id DESC").Limit(most).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read published proposals: %w", err)
	}
	return all, nil
}

// nextAssemblyTx is the first convened assembly that is not over; nil when there is none.
func nextAssemblyTx(tx *db.Tx) (*NextAssembly, error) {
	var found []models.Assembly
	err := tx.DB.Where("convened_at IS NOT NULL AND closed_at IS NULL").Order("first_call_at, id").Limit(1).Find(&found).Error
	if err != nil {
		return nil, fmt.Errorf("read the next assembly: %w", err)
	}
	if len(found) == 0 {
		return nil, nil //nolint:nilnil // no assembly to come is an ordinary state, not a fault
	}
	a := found[0]
	return &NextAssembly{ID: a.ID, Title: a.Title, Place: a.Place, Online: a.OnlineURL != "", At: a.FirstCallAt}, nil
}

// Classes lists the member classes in the order in which pages show them.
func (s *Service) Classes(ctx context.Context) (all []models.MemberClass, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Order("position, id").Limit(100).Find(&all).Error
	})
	return all, err
}
