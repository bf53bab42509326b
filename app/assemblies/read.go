package assemblies

import (
	"context"
	"fmt"
	"slices"

	"socia/app/identity"
	"socia/app/polls"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// listPage is how many assemblies a page lists.
const listPage = 30

// ours lets those in who are members or hold a role.
func ours(by identity.Actor) error {
	if len(by.Members) > 0 || len(by.Roles) > 0 {
		return nil
	}
	return fault.Forbidden("identity.membership_needed")
}

// readableTx is an assembly that the reader may know of: drafts are for facilitators.
func readableTx(tx *db.Tx, by identity.Actor, id models.AssemblyID) (models.Assembly, error) {
	if err := ours(by); err != nil {
		return models.Assembly{}, err
	}
	a, err := byIDTx(tx, id)
	if err == nil && a.State() == models.AssemblyDraft && !by.Has(models.RoleFacilitator) {
		return models.Assembly{}, fault.NotFound("assemblies.unknown")
	}
	return a, err
}

// Listing is one page of assemblies, the newest first. More says that there are older ones.
type Listing struct {
	Assemblies []models.Assembly
	More       bool
}

// List lists assemblies by their day. After is the last one of the page before, or 0.
func (s *Service) List(ctx context.Context, by identity.Actor, after models.AssemblyID) (l Listing, err error) {
	if err := ours(by); err != nil {
		return l, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q := tx.DB.Order("first_call_at DESC, id DESC").Limit(listPage + 1)
		if !by.Has(models.RoleFacilitator) {
			q = q.Where("convened_at IS NOT NULL")
		}
		if after != 0 {
			last, err := byIDTx(tx, after)
			if err != nil {
				return err
			}
			q = q.Where("first_call_at < ? OR (first_call_at = ? AND id < ?)", last.FirstCallAt, last.FirstCallAt, last.ID)
		}
		if err := q.Find(&l.Assemblies).Error; err != nil {
			return fmt.Errorf("list assemblies: %w", err)
		}
		if l.More = len(l.Assemblies) > listPage; l.More {
			l.Assemblies = l.Assemblies[:listPage]
		}
		return nil
	})
	return l, err
}

// Point is a point of the agenda with its votes.
type Point struct {
	models.AgendaItem
	Polls []models.Poll
}

// Open is the vote on the point that is running, if there is one.
func (p Point) Open() (models.Poll, bool) {
	for _, poll := range p.Polls {
		if poll.ClosedAt == nil {
			return poll, true
		}
	}
	return models.Poll{}, false
}

// MayVote says whether the point can be put to the vote: it is for deciding, nobody votes on it, and it is not decided.
func (p Point) MayVote() bool {
	if p.Decision == "" {
		return false
	}
	for _, poll := range p.Polls {
		if poll.ClosedAt == nil || poll.Method == methods.Motion && poll.Decided() {
			return false
		}
	}
	return true
}

// MayVoteBy says whether the point can be put to the vote by that method: not where the statutes ask a majority that
// only a motion can reach.
func (p Point) MayVoteBy(m methods.Method) bool {
	return p.MayVote() && m.Decides(rules.DecisionKind(p.Decision))
}

// MayVoteOtherwise says whether it can be put to the vote by any way but the motion.
func (p Point) MayVoteOtherwise() bool {
	return slices.ContainsFunc(methods.All(), func(m methods.Method) bool { return m.Name != methods.Motion && p.MayVoteBy(m) })
}

// Mandate is a proxy in force with the names of both sides.
type Mandate struct {
	ID            models.ProxyID
	Giver, Holder models.Member
}

// Mine is how one of the reader's members stands in an assembly.
type Mine struct {
	Member models.Member
	OnRoll bool
	Line   rolls.Line
	Here   *models.Attendance // nil: not there
	Gave   *Mandate
	Holds  []Mandate
}

// Sheet is what an assembly's page shows.
type Sheet struct {
	Assembly models.Assembly
	Coop     models.Cooperative
	Statutes rules.RuleSet // those it was convened under; those in force for a draft
	Points   []Point
	Officers Officers
	Named    map[models.MemberID]models.Member // who the officers are
	Classes  map[string]models.MemberClass
	Quorum   Quorum // once convened
	Mandates int
	Mine     []Mine
	// MinutesState is "" before there are any, "draft" or "final".
	MinutesState string
	MinutesDueOn civil.Date // zero before the assembly closed
	Now          models.AssemblyState
	End          Unheld // how it ended without having opened; before it is closed, how it could be ended so now
	SelfCheckIn  bool   // members may check in by themselves at this moment
}

// Show reads an assembly for its page.
func (s *Service) Show(ctx context.Context, by identity.Actor, id models.AssemblyID) (v Sheet, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		if v.Assembly, err = readableTx(tx, by, id); err != nil {
			return err
		}
		v.Now, v.SelfCheckIn = v.Assembly.State(), SelfCheckIn(v.Assembly, tx.Now)
		if v.End = UnheldAt(v.Assembly, tx.Now); v.Now == models.AssemblyClosed {
			v.End = unheld(v.Assembly)
		}
		return v.readTx(ctx, tx, by)
	})
	return v, err
}

func (v *Sheet) readTx(ctx context.Context, tx *db.Tx, by identity.Actor) (err error) {
	id := v.Assembly.ID
	if v.Coop, err = identity.CooperativeTx(tx); err != nil {
		return err
	}
	if v.Classes, err = classesTx(tx); err != nil {
		return err
	}
	items, err := agendaTx(tx, id)
	if err != nil {
		return err
	}
	all, err := polls.ByAssemblyTx(tx, id)
	if err != nil {
		return err
	}
	for _, i := range items {
		p := Point{AgendaItem: i}
		for _, poll := range all {
			if poll.On(i.ID) {
				p.Polls = append(p.Polls, poll)
			}
		}
		v.Points = append(v.Points, p)
	}
	if v.Now == models.AssemblyDraft {
		statutes, err := identity.StatutesTx(tx)
		v.Statutes = statutes.Body
		return err
	}
	return v.readConvenedTx(ctx, tx, by)
}

// readConvenedTx reads what there is once the roll is frozen.
func (v *Sheet) readConvenedTx(ctx context.Context, tx *db.Tx, by identity.Actor) error {
	f, err := floorTx(ctx, tx, v.Assembly.ID)
	if err != nil {
		return err
	}
	v.Statutes, v.Mandates = f.statutes.Body, len(f.proxies)
	v.SelfCheckIn = v.SelfCheckIn && v.Statutes.Remote.OrUsual().Allowed
	if v.Quorum, err = quorumOf(f.presence(), v.Statutes); err != nil {
		return err
	}
	if v.Officers, err = officersTx(tx, v.Assembly.ID); err != nil {
		return err
	}
	ids := append([]models.MemberID{v.Officers.Chair, v.Officers.Secretary}, v.Officers.Tellers...)
	if v.Named, err = membersTx(tx, ids); err != nil {
		return err
	}
	for _, m := range by.Members {
		v.Mine = append(v.Mine, f.mine(m))
	}
	if v.Assembly.ClosedAt == nil {
		return nil
	}
	v.MinutesDueOn = v.Statutes.Minutes.DueOn(civil.Of(*v.Assembly.ClosedAt, v.Coop.Location()))
	var minutes []models.Minutes
	if err := tx.DB.Select("id", "finalised_at").Where("assembly_id = ?", v.Assembly.ID).Limit(1).Find(&minutes).Error; err != nil {
		return fmt.Errorf("look for minutes of assembly %d: %w", v.Assembly.ID, err)
	}
	for _, m := range minutes {
		v.MinutesState = "draft"
		if m.FinalisedAt != nil {
			v.MinutesState = "final"
		}
	}
	return nil
}

// mine gathers how a member stands.
func (f floor) mine(m models.Member) Mine {
	mine := Mine{Member: m}
	mine.Line, mine.OnRoll = f.line(m.ID)
	if here, ok := f.there[m.ID]; ok {
		mine.Here = &here
	}
	for _, x := range f.named() {
		switch m.ID {
		case x.Giver.ID:
			mine.Gave = &x
		case x.Holder.ID:
			mine.Holds = append(mine.Holds, x)
		}
	}
	return mine
}

// named are the mandates in force with the names of both sides.
func (f floor) named() []Mandate {
	all := make([]Mandate, 0, len(f.proxies))
	for _, p := range f.proxies {
		giver, _ := f.line(p.GiverID)
		all = append(all, Mandate{ID: p.ID, Giver: giver.Member, Holder: f.holder[p.GiverID]})
	}
	return all
}

// MayWriteMinutes says whether an actor may draft and edit the minutes of the assembly.
func (v Sheet) MayWriteMinutes(by identity.Actor) bool {
	return by.Has(models.RoleFacilitator) || (v.Officers.Secretary != 0 && by.ActsFor(v.Officers.Secretary))
}

// WantsMinutes says whether there is something for minutes to say and somebody to approve them: always, but for an
// assembly that was not held and had no officers.
func (v Sheet) WantsMinutes() bool {
	return !v.Assembly.Unheld() || v.Officers.Complete(v.Statutes.Minutes.Tellers)
}

// MayReadDraft says whether an actor may read minutes that are not approved yet.
func (v Sheet) MayReadDraft(by identity.Actor) bool {
	_, officer := v.Officers.vouches(by)
	return officer || v.MayWriteMinutes(by)
}

// Point is one point of the agenda.
func (v Sheet) Point(id models.AgendaItemID) (Point, error) {
	for _, p := range v.Points {
		if p.ID == id {
			return p, nil
		}
	}
	return Point{}, fault.NotFound("assemblies.item_unknown")
}
