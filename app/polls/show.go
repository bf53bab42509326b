package polls

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Paper is one vote that a reader may cast: whose it is, whether by mandate, and what it says so far.
type Paper struct {
	Member  models.MemberID
	Name    string
	Mandate bool
	Choice  models.Choice
}

// View is a poll as a reader sees it.
type View struct {
	Poll     models.Poll
	Assembly models.Assembly
	Item     models.AgendaItem
	Statutes models.RuleSet
	Classes  []models.MemberClass
	Papers   []Paper // what the reader may cast
	Electors int64
	Cast     int64
	// Named is a page of the open votes by member: only for the cooperative's own people, and only once the poll is
	// closed.
	Named []NamedVote
	// Table is a page of the electors present without account, for the facilitator to enter.
	Table []Paper
	// Next is the member's number with which the page of Named or Table ended, if there is another; else 0.
	Next int64
}

// NamedVote is one member's open vote; Choice is empty for those who cast none.
type NamedVote struct {
	Number  int64         `json:"number"`
	Name    string        `json:"name"`
	Class   string        `json:"class"`
	Choice  models.Choice `json:"choice"`
	Voter   string        `json:"represented_by,omitempty"` // the holder's name if cast by mandate
	AtTable bool          `json:"entered_at_the_table,omitempty"`
}

const (
	// namedPage is how many named votes one page lists, tablePage how many papers the table enters on one; the data
	// file has every vote.
	namedPage = 200
	tablePage = 100
	// ownMost bounds the votes that one account casts: its own and those of its mandates and organisations.
	ownMost = 500
)

// Show is a poll with what the reader may cast in it. Numbers are shown to anybody once it is closed; while it is
// open nobody sees how others vote, only how many did.
func (s *Service) Show(ctx context.Context, by identity.Actor, id models.PollID) (View, error) {
	return s.ShowAfter(ctx, by, id, 0)
}

// ShowAfter is Show with the page of its long list that begins after a member's number.
func (s *Service) ShowAfter(ctx context.Context, by identity.Actor, id models.PollID, after int64) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.DB.Take(&v.Poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if v.Poll.ClosedAt == nil && !ours(by) {
			return fault.NotFound("polls.not_found")
		}
		if err := v.read(tx); err != nil {
			return err
		}
		if v.Papers, err = ownTx(tx, id, by.Account); err != nil {
			return err
		}
		if v.Poll.ClosedAt == nil && by.Has(models.RoleFacilitator) {
			v.Table, v.Next, err = tableTx(tx, id, after)
			return err
		}
		if v.Poll.ClosedAt != nil && ours(by) {
			v.Named, v.Next, err = namedTx(tx, id, after, namedPage)
		}
		return err
	})
	return v, err
}

// ours says whether an actor belongs to the cooperative: as a member or with a role.
func ours(by identity.Actor) bool { return len(by.Members) > 0 || len(by.Roles) > 0 }

// Votes are the open votes of every elector of a closed poll, by number, with which anybody inside can count it
// again. People outside get none: to them the vote is secret, and the totals are the result.
func (s *Service) Votes(ctx context.Context, by identity.Actor, id models.PollID) (all []NamedVote, err error) {
	if !ours(by) {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Select("id").Where("closed_at IS NOT NULL").Take(&poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		for after := int64(0); ; {
			page, next, err := namedTx(tx, id, after, votesBatch)
			if err != nil {
				return err
			}
			if all = append(all, page...); next == 0 {
				return nil
			}
			after = next
		}
	})
	return all, err
}

// votesBatch is how many votes one query reads for the data file.
const votesBatch = 2000

func (v *View) read(tx *db.Tx) (err error) {
	if err := tx.DB.Take(&v.Assembly, v.Poll.AssemblyID).Error; err != nil {
		return fmt.Errorf("read assembly %d: %w", v.Poll.AssemblyID, err)
	}
	if err := tx.DB.Take(&v.Item, v.Poll.AgendaItemID).Error; err != nil {
		return fmt.Errorf("read item %d: %w", v.Poll.AgendaItemID, err)
	}
	if v.Statutes, err = identity.StatutesByIDTx(tx, v.Poll.RuleSetID); err != nil {
		return err
	}
	if err := tx.DB.Order("position").Limit(100).Find(&v.Classes).Error; err != nil {
		return fmt.Errorf("read classes: %w", err)
	}
	if err := tx.DB.Model(&models.PollElector{}).Where("poll_id = ?", v.Poll.ID).Count(&v.Electors).Error; err != nil {
		return fmt.Errorf("count electors: %w", err)
	}
	if err := tx.DB.Model(&models.Vote{}).Where("poll_id = ?", v.Poll.ID).Count(&v.Cast).Error; err != nil {
		return fmt.Errorf("count votes: %w", err)
	}
	return nil
}

// paperRow is a vote that may be cast, as the database gives it.
type paperRow struct {
	MemberID models.MemberID
	VoterID  models.MemberID
	Number   int64
	Name     string
	Choice   *models.Choice
}

func (r paperRow) paper() Paper {
	p := Paper{Member: r.MemberID, Name: r.Name, Mandate: r.VoterID != r.MemberID}
	if r.Choice != nil {
		p.Choice = *r.Choice
	}
	return p
}

func papersTx(tx *db.Tx, id models.PollID) *gorm.DB {
	return tx.DB.Model(&models.PollElector{}).
		Select("poll_electors.member_id AS member_id, poll_electors.voter_id AS voter_id, members.number AS number, members.name AS name, votes.choice AS choice").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ?", id)
}

// ownTx lists the votes that an account may cast, its own first.
func ownTx(tx *db.Tx, id models.PollID, account models.AccountID) (papers []Paper, err error) {
	if account == 0 {
		return nil, nil
	}
	var rows []paperRow
	err = papersTx(tx, id).Where("poll_electors.account_id = ?", account).
		Order("CASE WHEN poll_electors.voter_id = poll_electors.member_id THEN 0 ELSE 1 END, members.number").Limit(ownMost).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read papers of poll %d: %w", id, err)
	}
	for _, r := range rows {
		papers = append(papers, r.paper())
	}
	return papers, nil
}

// tableTx lists the votes that the table enters, after a member's number, and the number where the next page begins.
func tableTx(tx *db.Tx, id models.PollID, after int64) (papers []Paper, next int64, err error) {
	var rows []paperRow
	err = papersTx(tx, id).Where("poll_electors.account_id IS NULL AND members.number > ?", after).Order("members.number").Limit(tablePage + 1).Scan(&rows).Error
	if err != nil {
		return nil, 0, fmt.Errorf("read the table's papers of poll %d: %w", id, err)
	}
	if len(rows) > tablePage {
		rows = rows[:tablePage]
		next = rows[tablePage-1].Number
	}
	for _, r := range rows {
		papers = append(papers, r.paper())
	}
	return papers, next, nil
}

// namedTx lists named votes after a member's number, and the number where the next page begins; 0 at the end.
func namedTx(tx *db.Tx, id models.PollID, after int64, most int) (named []NamedVote, next int64, err error) {
	err = tx.DB.Model(&models.PollElector{}).
		Select("members.number AS number, members.name AS name, poll_electors.class_code AS class, COALESCE(votes.choice, '') AS choice, CASE WHEN holders.id <> members.id THEN holders.name ELSE '' END AS voter, CASE WHEN poll_electors.account_id IS NULL AND votes.choice IS NOT NULL THEN TRUE ELSE FALSE END AS at_table").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("JOIN members AS holders ON holders.id = poll_electors.voter_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ? AND members.number > ?", id, after).Order("members.number").Limit(most + 1).Scan(&named).Error
	if err != nil {
		return nil, 0, fmt.Errorf("read the votes of poll %d: %w", id, err)
	}
	if len(named) > most {
		named = named[:most]
		next = named[most-1].Number
	}
	return named, next, nil
}
