package transparency

import (
	"fmt"
	"time"

	"socia/app/fees"
	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/civil"
	"socia/models"
)

func (r *reader) votes() error {
	var open []struct {
		ID       models.PollID
		Question string
		ClosesAt *time.Time
		Votes    int64
	}
	err := r.tx.DB.Model(&models.PollElector{}).
		Select("polls.id, polls.question, polls.closes_at, COUNT(*) AS votes").
		Joins("JOIN polls ON polls.id = poll_electors.poll_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where(models.CastBy, r.members).Where("votes.member_id IS NULL").
		Where("polls.method <> 'sortition' AND polls.closed_at IS NULL AND (polls.closes_at IS NULL OR polls.closes_at > ?)", r.tx.Now).
		Group("polls.id, polls.question, polls.closes_at").Order("polls.id").Limit(needsMost).Scan(&open).Error
	if err != nil {
		return fmt.Errorf("read open polls: %w", err)
	}
	for _, p := range open {
		r.needs = append(r.needs, Need{Kind: NeedVote, ID: int64(p.ID), Name: p.Question, Count: p.Votes, At: p.ClosesAt, Urgent: true})
	}
	return nil
}

func (r *reader) facilitate() error {
	if !r.by.Has(models.RoleFacilitator) {
		return nil
	}
	var all []models.Assembly
	if err := r.tx.DB.Where("closed_at IS NULL").Order("first_call_at, id").Limit(needsMost).Find(&all).Error; err != nil {
		return fmt.Errorf("read assemblies to facilitate: %w", err)
	}
	for _, a := range all {
		urgent := a.State() == models.AssemblyOpen || r.soon(a.FirstCallAt)
		r.needs = append(r.needs, Need{Kind: NeedFacilitate, ID: int64(a.ID), Name: a.Title, At: &a.FirstCallAt, State: a.State(), Urgent: urgent})
	}
	return nil
}

func (r *reader) cases() error {
	if len(r.members) == 0 {
		return nil
	}
	var all []models.ArrearsCase
	if err := r.tx.DB.Where("member_id IN ? AND closed_at IS NULL", r.members).Order("id").Limit(needsMost).Find(&all).Error; err != nil {
		return fmt.Errorf("read arrears cases: %w", err)
	}
	states, err := fees.CaseStatesTx(r.tx, r.today, all)
	if err != nil {
		return err
	}
	for _, c := range all {
		n := Need{ID: int64(c.ID), Name: r.name(c.MemberID), Several: len(r.members) > 1, On: c.HearingUntil, Urgent: true}
		switch {
		case c.Decision == models.Undecided && c.StatementAt == nil && (c.HearingUntil.IsZero() || !r.today.After(c.HearingUntil)):
			n.Kind = NeedStatement
		case c.Decision == models.Suspend && c.AppealedAt == nil:
			n.Kind, n.On, n.Final = NeedSuspended, civil.Date{}, states[c.ID] == arrears.StateFinal
		default:
			continue // heard, appealed: others have to act now
		}
		r.needs = append(r.needs, n)
	}
	return nil
}

// decide counts the arrears cases that have been heard and the appeals that wait: while nobody answers, clocks run
// (Llei 12/2015 art. 36). The treasurer and the facilitators decide them.
func (r *reader) decide() error {
	if !r.by.Has(models.RoleTreasurer, models.RoleFacilitator) {
		return nil
	}
	var n int64
	err := r.tx.DB.Model(&models.ArrearsCase{}).Where("closed_at IS NULL").
		Where("(decision = ? AND (statement_at IS NOT NULL OR hearing_until < ?)) OR (appealed_at IS NOT NULL AND appeal_decided_at IS NULL)", models.Undecided, r.today).
		Count(&n).Error
	if err != nil {
		return fmt.Errorf("count cases to decide: %w", err)
	}
	if n > 0 {
		r.needs = append(r.needs, Need{Kind: NeedCases, Count: n})
	}
	return nil
}

func (r *reader) name(id models.MemberID) string {
	for _, m := range r.by.Members {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}

// charges makes one need of what each member owes past its due day and one of what is to be paid by a day to come.
func (r *reader) charges() error {
	if len(r.members) == 0 {
		return nil
	}
	var open []struct {
		MemberID models.MemberID
		DueOn    civil.Date
		Unpaid   int64
	}
	err := r.tx.DB.Model(&models.Charge{}).
		Select("charges.member_id, charges.due_on, charges.amount_cents - COALESCE((SELECT SUM(allocations.amount_cents) FROM allocations WHERE allocations.charge_id = charges.id), 0) AS unpaid").
		Where("charges.member_id IN ? AND charges.settled_at IS NULL", r.members).
		Order("charges.due_on, charges.id").Limit(500).Scan(&open).Error
	if err != nil {
		return fmt.Errorf("read charges to pay: %w", err)
	}
	type key struct {
		member models.MemberID
		kind   NeedKind
	}
	at := map[key]int{}
	for _, c := range open {
		if c.Unpaid <= 0 {
			continue
		}
		k := key{c.MemberID, NeedPay}
		if c.DueOn.Before(r.today) {
			k.kind = NeedOverdue
		}
		if _, known := at[k]; !known {
			at[k] = len(r.needs)
			r.needs = append(r.needs, Need{Kind: k.kind, ID: int64(c.MemberID), Name: r.name(c.MemberID), Several: len(r.members) > 1, On: c.DueOn, Urgent: k.kind == NeedOverdue})
		}
		n := &r.needs[at[k]]
		n.Count++
		n.Cents += c.Unpaid
	}
	return nil
}

// choose tells a member whom a plan is there for to choose their fee.
func (r *reader) choose() error {
	if len(r.members) == 0 {
		return nil
	}
	var without []models.Member
	if err := r.tx.DB.Where("id IN ?", r.members).Where("joined_on <= ? AND (left_on IS NULL OR left_on > ?)", r.today, r.today).Where(fees.UnsubscribedOn, r.today).Order("id").Limit(needsMost).Find(&without).Error; err != nil {
		return fmt.Errorf("read members without a fee: %w", err)
	}
	for _, m := range without {
		r.needs = append(r.needs, Need{Kind: NeedChoose, ID: int64(m.ID), Name: m.Name, Several: len(r.members) > 1})
	}
	return nil
}

func (r *reader) assemblies() error {
	if len(r.members) == 0 {
		return nil
	}
	var all []models.Assembly
	if err := r.tx.DB.Where("convened_at IS NOT NULL AND closed_at IS NULL").Order("first_call_at, id").Limit(needsMost).Find(&all).Error; err != nil {
		return fmt.Errorf("read assemblies to come: %w", err)
	}
	on, err := r.onRolls(all)
	if err != nil {
		return err
	}
	for _, a := range all {
		urgent := a.State() == models.AssemblyOpen || r.soon(a.FirstCallAt)
		r.needs = append(r.needs, Need{
			Kind: NeedAssembly, ID: int64(a.ID), Name: a.Title, At: &a.FirstCallAt, State: a.State(),
			Place: a.Place, Online: a.OnlineURL != "", OnRoll: on[a.ID], Urgent: urgent,
		})
	}
	return nil
}

// onRolls says in which assemblies one of the reader's members may vote: the frozen entry, or its last correction.
func (r *reader) onRolls(all []models.Assembly) (map[models.AssemblyID]bool, error) {
	on := map[models.AssemblyID]bool{}
	if len(all) == 0 {
		return on, nil
	}
	ids := make([]models.AssemblyID, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	type line struct {
		AssemblyID models.AssemblyID
		MemberID   models.MemberID
		Eligible   bool
	}
	var frozen, corrected []line
	err := r.tx.DB.Model(&models.RollEntry{}).Select("rolls.assembly_id, roll_entries.member_id, roll_entries.eligible").
		Joins("JOIN rolls ON rolls.id = roll_entries.roll_id").
		Where("rolls.assembly_id IN ? AND roll_entries.member_id IN ?", ids, r.members).Scan(&frozen).Error
	if err != nil {
		return nil, fmt.Errorf("read rolls: %w", err)
	}
	err = r.tx.DB.Model(&models.RollCorrection{}).Select("rolls.assembly_id, roll_corrections.member_id, roll_corrections.eligible").
		Joins("JOIN rolls ON rolls.id = roll_corrections.roll_id").
		Where("rolls.assembly_id IN ? AND roll_corrections.member_id IN ?", ids, r.members).Order("roll_corrections.id").Scan(&corrected).Error
	if err != nil {
		return nil, fmt.Errorf("read corrections of rolls: %w", err)
	}
	type key struct {
		assembly models.AssemblyID
		member   models.MemberID
	}
	last := map[key]bool{}
	for _, l := range append(frozen, corrected...) {
		last[key{l.AssemblyID, l.MemberID}] = l.Eligible
	}
	for k, eligible := range last {
		on[k.assembly] = on[k.assembly] || eligible
	}
	return on, nil
}

// minutes finds minutes of a closed assembly whose present revision the reader, as chair or teller, has not approved.
func (r *reader) minutes() error {
	if len(r.members) == 0 {
		return nil
	}
	var all []struct {
		AssemblyID models.AssemblyID
		Title      string
	}
	err := r.tx.DB.Model(&models.Minutes{}).Distinct("minutes.assembly_id, assemblies.title").
		Joins("JOIN assemblies ON assemblies.id = minutes.assembly_id").
		Joins("JOIN assembly_officers ON assembly_officers.assembly_id = minutes.assembly_id AND assembly_officers.part IN ?", []models.OfficerPart{models.Chair, models.Teller}).
		Joins("LEFT JOIN minutes_approvals ON minutes_approvals.minutes_id = minutes.id AND minutes_approvals.revision = minutes.revision AND minutes_approvals.member_id = assembly_officers.member_id").
		Where("assembly_officers.member_id IN ? AND assemblies.closed_at IS NOT NULL AND minutes.finalised_at IS NULL AND minutes_approvals.member_id IS NULL", r.members).
		Order("minutes.assembly_id").Limit(needsMost).Scan(&all).Error
	if err != nil {
		return fmt.Errorf("read minutes to approve: %w", err)
	}
	for _, m := range all {
		r.needs = append(r.needs, Need{Kind: NeedMinutes, ID: int64(m.AssemblyID), Name: m.Title})
	}
	return nil
}

func (r *reader) applications() error {
	var collectives []models.CollectiveID
	for _, term := range r.by.Roles {
		if term.Role == models.RoleValidator && term.CollectiveID != nil {
			collectives = append(collectives, *term.CollectiveID)
		}
	}
	if len(collectives) == 0 {
		return nil
	}
	statutes, err := identity.StatutesTx(r.tx)
	if err != nil {
		return err
	}
	var waiting []models.Application
	err = r.tx.DB.Select("id", "collective_id", "applied_at").Where("outcome = ? AND collective_id IN ?", models.ApplicationWaiting, collectives).
		Order("applied_at, id").Limit(500).Find(&waiting).Error
	if err != nil {
		return fmt.Errorf("read applications: %w", err)
	}
	var named []models.Collective
	if err := r.tx.DB.Where("id IN ?", collectives).Order("name, id").Find(&named).Error; err != nil {
		return fmt.Errorf("read collectives: %w", err)
	}
	for _, c := range named {
		n := Need{Kind: NeedApplication, ID: int64(c.ID), Name: c.Name}
		for _, a := range waiting {
			if a.CollectiveID != c.ID {
				continue
			}
			if n.Count++; n.Count == 1 {
				n.On = civil.Of(a.AppliedAt, r.loc).AddMonths(statutes.Body.Admission.Months)
				n.Urgent = !r.today.AddDays(soonDays).Before(n.On)
			}
		}
		if n.Count > 0 {
			r.needs = append(r.needs, n)
		}
	}
	return nil
}

// membership finds the application that waits, and tells an account without member how to become one when there is none.
func (r *reader) membership() error {
	var waiting []models.Application
	if err := r.tx.DB.Select("id").Where("account_id = ? AND outcome = ?", r.by.Account, models.ApplicationWaiting).Order("id DESC").Limit(1).Find(&waiting).Error; err != nil {
		return fmt.Errorf("read the reader's application: %w", err)
	}
	if len(waiting) > 0 {
		r.applied = waiting[0].ID
	}
	if r.applied == 0 && len(r.members) == 0 && len(r.by.Roles) == 0 {
		r.needs = append(r.needs, Need{Kind: NeedApply})
	}
	return nil
}

// support counts the published proposals of others that no member of the reader's supports yet.
func (r *reader) support() error {
	if len(r.members) == 0 {
		return nil
	}
	var n int64
	err := r.tx.DB.Model(&models.Proposal{}).
		Where("state = ? AND author_id NOT IN ?", models.ProposalPublished, r.members).
		Where("NOT EXISTS (SELECT 1 FROM proposal_supports WHERE proposal_supports.proposal_id = proposals.id AND proposal_supports.member_id IN ?)", r.members).
		Count(&n).Error
	if err != nil {
		return fmt.Errorf("count proposals to support: %w", err)
	}
	if n > 0 {
		r.needs = append(r.needs, Need{Kind: NeedSupport, Count: n})
	}
	return nil
}

func (r *reader) notices() error {
	var n int64
	if err := r.tx.DB.Model(&models.InboxNotice{}).Where("account_id = ? AND read_at IS NULL", r.by.Account).Count(&n).Error; err != nil {
		return fmt.Errorf("count notices: %w", err)
	}
	if n > 0 {
		r.needs = append(r.needs, Need{Kind: NeedNotices, Count: n})
	}
	return nil
}
