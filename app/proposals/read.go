package proposals

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

const (
	// pageMost is how many proposals a page lists.
	pageMost = 30
	// versionsMost and namesMost bound the lists on a proposal's page.
	versionsMost = 500
	namesMost    = 500
)

// Sheet is a proposal as a reader may see it.
type Sheet struct {
	Proposal   models.Proposal
	Text       models.ProposalVersion // the current text; on an agenda, the version that is voted on
	Versions   []Version              // newest first
	AuthorName string                 // empty for readers who are not signed in
	Supporters int
	Threshold  Threshold
	Names      []Supporter // for facilitators
	Mine       []Own       // the members that the reader acts for
	Agendas    []Agenda    // oldest first
	IsAuthor   bool
	Changed    bool // the text changed after one of Mine supported it
}

// Version is a version without its body.
type Version struct {
	Number    int64
	Title     string
	CreatedAt time.Time
}

// Supporter is a member who supports a proposal.
type Supporter struct {
	Name    string
	Number  int64
	At      time.Time
	Current bool // a member today, and so one who counts
}

// Own is a member that the reader acts for, and since when it supports the proposal; nil when it does not.
type Own struct {
	Member models.Member
	Since  *time.Time
}

// Agenda is a convened assembly that has the proposal on its agenda; an agenda in the making is nobody's to see.
type Agenda struct {
	Assembly   models.AssemblyID
	Title      string
	At         time.Time
	ConvenedAt time.Time
	Poll       models.PollID // 0 until a vote on it is closed that is not void
	DecidedAt  *time.Time
}

// Editable says whether the author can still change the text.
func (s Sheet) Editable() bool { return s.IsAuthor && editable(s.Proposal) }

// Show gives a proposal to whoever may read it.
func (s *Service) Show(ctx context.Context, by identity.Actor, id models.ProposalID) (v Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = showTx(tx, by, id)
		return err
	})
	return v, err
}

func showTx(tx *db.Tx, by identity.Actor, id models.ProposalID) (v Sheet, err error) {
	if v.Proposal, err = takeTx(tx, by, id, ""); err != nil {
		return v, err
	}
	v.IsAuthor = by.ActsFor(v.Proposal.AuthorID)
	if v.Text, err = currentTx(tx, id); err != nil {
		return v, err
	}
	err = tx.DB.Model(&models.ProposalVersion{}).Where("proposal_id = ?", id).Order("number DESC").Limit(versionsMost).Find(&v.Versions).Error
	if err != nil {
		return v, fmt.Errorf("read the versions of proposal %d: %w", id, err)
	}
	threshold, today, err := thresholdTx(tx)
	if err != nil {
		return v, err
	}
	v.Threshold = threshold
	counts, err := supportersTx(tx, []models.ProposalID{id}, today)
	if err != nil {
		return v, err
	}
	v.Supporters = counts[id]
	if v.Agendas, err = agendasTx(tx, id); err != nil || !by.SignedIn() {
		return v, err
	}
	names, err := authorNamesTx(tx, []models.MemberID{v.Proposal.AuthorID})
	if err != nil {
		return v, err
	}
	v.AuthorName = names[v.Proposal.AuthorID]
	if by.Has(models.RoleFacilitator) {
		if v.Names, err = namesTx(tx, id); err != nil {
			return v, err
		}
	}
	return v, v.mineTx(tx, by)
}

func (s *Sheet) mineTx(tx *db.Tx, by identity.Actor) error {
	if len(by.Members) == 0 {
		return nil
	}
	own := make([]models.MemberID, len(by.Members))
	for i, m := range by.Members {
		own[i] = m.ID
	}
	var supports []models.ProposalSupport
	if err := tx.DB.Where("proposal_id = ? AND member_id IN ?", s.Proposal.ID, own).Find(&supports).Error; err != nil {
		return fmt.Errorf("read own support: %w", err)
	}
	since := map[models.MemberID]time.Time{}
	for _, x := range supports {
		since[x.MemberID] = x.At
	}
	for _, m := range by.Members {
		o := Own{Member: m}
		if at, ok := since[m.ID]; ok {
			o.Since = &at
			s.Changed = s.Changed || at.Before(s.Text.CreatedAt)
		}
		s.Mine = append(s.Mine, o)
	}
	return nil
}

func authorNamesTx(tx *db.Tx, ids []models.MemberID) (map[models.MemberID]string, error) {
	var members []models.Member
	if err := tx.DB.Select("id", "name").Where("id IN ?", ids).Find(&members).Error; err != nil {
		return nil, fmt.Errorf("read authors: %w", err)
	}
	names := make(map[models.MemberID]string, len(members))
	for _, m := range members {
		names[m.ID] = m.Name
	}
	return names, nil
}

func namesTx(tx *db.Tx, id models.ProposalID) (names []Supporter, err error) {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	err = tx.DB.Raw(`SELECT m.name, m.number, s.at, (m.joined_on <= ? AND (m.left_on IS NULL OR m.left_on >= ?)) AS current
		FROM proposal_supports s JOIN members m ON m.id = s.member_id
		WHERE s.proposal_id = ? ORDER BY s.at, m.id LIMIT ?`, today, today, id, namesMost).Scan(&names).Error
	if err != nil {
		return nil, fmt.Errorf("read the supporters of proposal %d: %w", id, err)
	}
	return names, nil
}

func agendasTx(tx *db.Tx, id models.ProposalID) (agendas []Agenda, err error) {
	var rows []struct {
		ID           models.AssemblyID
		Title        string
		FirstCallAt  time.Time
		ConvenedAt   time.Time
		AgendaItemID models.AgendaItemID
	}
	err = tx.DB.Raw(`SELECT a.id, a.title, a.first_call_at, a.convened_at, i.id AS agenda_item_id
		FROM agenda_items i JOIN assemblies a ON a.id = i.assembly_id
		WHERE i.proposal_id = ? AND a.convened_at IS NOT NULL ORDER BY a.convened_at, i.id LIMIT 50`, id).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the agendas of proposal %d: %w", id, err)
	}
	items := make([]models.AgendaItemID, len(rows))
	for i, r := range rows {
		items[i] = r.AgendaItemID
	}
	var polls []models.Poll
	err = tx.DB.Select("id", "agenda_item_id", "closed_at").Where("agenda_item_id IN ? AND method = ? AND closed_at IS NOT NULL", items, methods.Motion).
		Where("id NOT IN (SELECT poll_id FROM poll_voidings)").Order("id").Find(&polls).Error
	if err != nil {
		return nil, fmt.Errorf("read the polls on proposal %d: %w", id, err)
	}
	decided := map[models.AgendaItemID]models.Poll{}
	for _, p := range polls {
		decided[*p.AgendaItemID] = p
	}
	for _, r := range rows {
		poll := decided[r.AgendaItemID]
		agendas = append(agendas, Agenda{Assembly: r.ID, Title: r.Title, At: r.FirstCallAt, ConvenedAt: r.ConvenedAt, Poll: poll.ID, DecidedAt: poll.ClosedAt})
	}
	return agendas, nil
}

// Read gives one version of a proposal to whoever may read it.
func (s *Service) Read(ctx context.Context, by identity.Actor, id models.ProposalID, number int64) (p models.Proposal, v models.ProposalVersion, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = takeTx(tx, by, id, ""); err != nil {
			return err
		}
		v, err = versionTx(tx, id, number)
		return err
	})
	return p, v, err
}

// Filter chooses a page of proposals. An empty State is every state but drafts; drafts are the reader's own.
// Before is the last id of the page before.
type Filter struct {
	State  models.ProposalState
	Before models.ProposalID
}

// Summary is a proposal in a list.
type Summary struct {
	Proposal   models.Proposal
	Title      string
	Body       string
	AuthorName string // empty for readers who are not signed in
	Supporters int
}

// Page is a page of proposals; Next is 0 on the last.
type Page struct {
	Proposals []Summary
	Threshold Threshold
	Next      models.ProposalID
}

// States lists every state, in the order in which pages show them.
var States = []models.ProposalState{models.ProposalDraft, models.ProposalPublished, models.ProposalScheduled,
	models.ProposalApproved, models.ProposalRejected, models.ProposalWithdrawn}

// List gives a page of proposals, the newest first.
func (s *Service) List(ctx context.Context, by identity.Actor, f Filter) (p Page, err error) {
	if f.State != "" && !known(f.State) {
		return p, fault.Invalid("state", "proposals.filter_unknown")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = listTx(tx, by, f)
		return err
	})
	return p, err
}

func known(state models.ProposalState) bool {
	for _, s := range States {
		if s == state {
			return true
		}
	}
	return false
}

func listTx(tx *db.Tx, by identity.Actor, f Filter) (p Page, err error) {
	q := tx.DB.Order("id DESC").Limit(pageMost + 1)
	switch {
	case f.State == models.ProposalDraft:
		q = q.Where("state = ? AND author_id IN ?", f.State, ownIDs(by))
	case f.State != "":
		q = q.Where("state = ? AND published_at IS NOT NULL", f.State)
	default:
		q = q.Where("published_at IS NOT NULL")
	}
	if f.Before > 0 {
		q = q.Where("id < ?", f.Before)
	}
	var rows []models.Proposal
	if err := q.Find(&rows).Error; err != nil {
		return p, fmt.Errorf("list proposals: %w", err)
	}
	if len(rows) > pageMost {
		rows = rows[:pageMost]
		p.Next = rows[pageMost-1].ID
	}
	p.Proposals, p.Threshold, err = summariesTx(tx, by, rows)
	return p, err
}

func ownIDs(by identity.Actor) []models.MemberID {
	own := []models.MemberID{0}
	for _, m := range by.Members {
		own = append(own, m.ID)
	}
	return own
}

func summariesTx(tx *db.Tx, by identity.Actor, rows []models.Proposal) ([]Summary, Threshold, error) {
	threshold, today, err := thresholdTx(tx)
	if err != nil || len(rows) == 0 {
		return nil, threshold, err
	}
	ids, authors := make([]models.ProposalID, len(rows)), make([]models.MemberID, len(rows))
	for i, r := range rows {
		ids[i], authors[i] = r.ID, r.AuthorID
	}
	counts, err := supportersTx(tx, ids, today)
	if err != nil {
		return nil, threshold, err
	}
	var texts []models.ProposalVersion
	err = tx.DB.Where(`proposal_id IN ? AND number = (SELECT MAX(x.number) FROM proposal_versions x
		WHERE x.proposal_id = proposal_versions.proposal_id)`, ids).Find(&texts).Error
	if err != nil {
		return nil, threshold, fmt.Errorf("read texts: %w", err)
	}
	current := make(map[models.ProposalID]models.ProposalVersion, len(texts))
	for _, v := range texts {
		current[v.ProposalID] = v
	}
	names := map[models.MemberID]string{}
	if by.SignedIn() {
		if names, err = authorNamesTx(tx, authors); err != nil {
			return nil, threshold, err
		}
	}
	out := make([]Summary, len(rows))
	for i, r := range rows {
		out[i] = Summary{Proposal: r, Title: current[r.ID].Title, Body: current[r.ID].Body, AuthorName: names[r.AuthorID], Supporters: counts[r.ID]}
	}
	return out, threshold, nil
}
