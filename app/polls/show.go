package polls

import (
	"context"
	"fmt"

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
	// Named are the open votes by member: only for the cooperative's own people, and only once the poll is closed.
	Named []NamedVote
	// Table are the electors present without account, for the facilitator to enter.
	Table []Paper
}

// NamedVote is one member's open vote; Choice is empty for those who cast none.
type NamedVote struct {
	Number  int64
	Name    string
	Class   string
	Choice  models.Choice
	Voter   string // the holder's name if cast by mandate
	AtTable bool
}

// namedMost bounds the list of named votes on a page; the export has all.
const namedMost = 500

// Show is a poll with what the reader may cast in it. Numbers are shown to anybody once it is closed; while it is
// open nobody sees how others vote, only how many did.
func (s *Service) Show(ctx context.Context, by identity.Actor, id models.PollID) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.DB.Take(&v.Poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		ours := len(by.Members) > 0 || len(by.Roles) > 0
		if v.Poll.ClosedAt == nil && !ours {
			return fault.NotFound("polls.not_found")
		}
		if err := v.read(tx); err != nil {
			return err
		}
		if v.Papers, err = papersTx(tx, id, by.Account); err != nil {
			return err
		}
		if v.Poll.ClosedAt == nil && by.Has(models.RoleFacilitator) {
			v.Table, err = papersTx(tx, id, 0)
			return err
		}
		if v.Poll.ClosedAt != nil && ours {
			v.Named, err = namedTx(tx, id)
		}
		return err
	})
	return v, err
}

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

// papersTx lists the votes that an account may cast; account 0 lists those that the table enters.
func papersTx(tx *db.Tx, id models.PollID, account models.AccountID) ([]Paper, error) {
	var rows []struct {
		MemberID models.MemberID
		VoterID  models.MemberID
		Name     string
		Choice   *models.Choice
	}
	err := tx.DB.Model(&models.PollElector{}).
		Select("poll_electors.member_id AS member_id, poll_electors.voter_id AS voter_id, members.name AS name, votes.choice AS choice").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ? AND COALESCE(poll_electors.account_id, 0) = ?", id, account).
		Order("CASE WHEN poll_electors.voter_id = poll_electors.member_id THEN 0 ELSE 1 END, members.number").Limit(namedMost).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read papers of poll %d: %w", id, err)
	}
	papers := make([]Paper, len(rows))
	for i, r := range rows {
		papers[i] = Paper{Member: r.MemberID, Name: r.Name, Mandate: r.VoterID != r.MemberID}
		if r.Choice != nil {
			papers[i].Choice = *r.Choice
		}
	}
	return papers, nil
}

func namedTx(tx *db.Tx, id models.PollID) (named []NamedVote, err error) {
	err = tx.DB.Model(&models.PollElector{}).
		Select("members.number AS number, members.name AS name, poll_electors.class_code AS class, COALESCE(votes.choice, '') AS choice, CASE WHEN holders.id <> members.id THEN holders.name ELSE '' END AS voter, CASE WHEN poll_electors.account_id IS NULL AND votes.choice IS NOT NULL THEN TRUE ELSE FALSE END AS at_table").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("JOIN members AS holders ON holders.id = poll_electors.voter_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Where("poll_electors.poll_id = ?", id).Order("members.number").Limit(namedMost).Scan(&named).Error
	if err != nil {
		return nil, fmt.Errorf("read the votes of poll %d: %w", id, err)
	}
	return named, nil
}
