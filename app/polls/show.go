package polls

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"socia/app/identity"
	"socia/core/disclosure"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// Paper is one vote that a reader may cast: whose it is, whether by mandate, and what it says so far.
type Paper struct {
	Member  models.MemberID
	Number  int64
	Name    string
	Mandate bool
	Votes   int64 // how many it counts as
	Choice  models.Choice
	Reason  string
	// Delegate is who voted for the member by standing delegation.
	Delegate string
	// Stands says that nobody casts it any more: its mandate was revoked after it was used.
	Stands bool
}

// View is a poll as a reader sees it.
type View struct {
	// Poll has no more of its result than the reader may see: to people outside models.Poll Outside says how much.
	Poll models.Poll
	// Shown is how much of its figures that is, once it is closed; Outline, how it ended where no figure is shown.
	Shown   disclosure.Extent
	Outline *models.Outline
	// Kept says that something by class, or who was drawn, is kept from the reader.
	Kept bool

	Assembly models.Assembly
	Item     models.AgendaItem
	Statutes models.RuleSet
	Classes  []models.MemberClass
	Papers   []Paper // what the reader may cast
	// Carried are the reader's members whose vote here somebody else casts, and the votes that the reader has cast by a mandate
	// revoked since.
	Carried  []Carried
	Electors int64
	Cast     int64
	// Named is a page of the open votes by member: only for the cooperative's own people, and only once the poll is
	// closed.
	Named []NamedVote
	// Table is a page of the electors present without account, for the facilitator to enter.
	Table []Paper
	// Listed says which part of its long list, Named or Table, a page shows.
	Listed Listed
	// Missed says that the poll's hours passed before it could open.
	Missed bool
	// Options are what the poll chooses from.
	Options []Option
	Void    *models.PollVoiding
	// RepeatedBy is the poll that repeats this one, and counts.
	RepeatedBy *models.Poll
	// Outcomes say what follows, the last word first.
	Outcomes []models.PollOutcome
	// Objections are the objections and blocks of a poll with their answers, once it is closed also whatever else was
	// said with a reason, where a poll is never a tally: only for insiders. Whoever asks for advice reads it as it comes.
	Objections []Objection
	// SoFar is the count as it stands, for insiders, where the poll shows it before the close.
	SoFar *models.PollCount
	// SoFarMotion is the same for a motion.
	SoFarMotion *tally.Result
	// MaySettle says that the reader may write what follows; Decides, that they opened an advice process, and decide it.
	MaySettle, Decides bool
	// AskedBy is the name of who opened an advice process, reads the advice as it comes, and decides: only for insiders.
	AskedBy string
	// Drawn are the members whom a draw named, by number: only for insiders.
	Drawn map[int64]string
}

// Carried is a vote in a poll that its member's proxy casts. Stands says that the mandate was revoked after it was used:
// the vote stays as it is; Held, that the reader held it.
type Carried struct {
	Member models.MemberID
	Name   string
	Holder string
	Stands bool
	Held   bool
}

// NamedVote is one member's open vote; Choice is empty for those who cast none.
type NamedVote struct {
	Number  int64         `json:"number"`
	Name    string        `json:"name"`
	Class   string        `json:"class"`
	Votes   int64         `json:"votes"` // how many the member's vote counts as
	Choice  models.Choice `json:"choice"`
	Reason  string        `json:"reason,omitempty"`
	Voter   string        `json:"represented_by,omitempty"` // the holder's name if cast by mandate
	AtTable bool          `json:"entered_at_the_table,omitempty"`
	// Delegate is who voted for the member by standing delegation.
	Delegate string `json:"by_delegation_to,omitempty"`
}

// ownMost bounds the votes that one account casts: its own and those of its mandates and organisations.
const ownMost = 500

// Show is a poll with what the reader may cast in it. Once it is closed people outside see as much of its numbers as tells
// nobody's vote; while it is open nobody sees how others vote, only how many did.
func (s *Service) Show(ctx context.Context, by identity.Actor, id models.PollID) (View, error) {
	return s.ShowAt(ctx, by, id, Place{})
}

// ShowAt is Show with the page of its long list that begins at a place.
func (s *Service) ShowAt(ctx context.Context, by identity.Actor, id models.PollID, at Place) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.DB.Take(&v.Poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if v.Poll.ClosedAt == nil && !ours(by) {
			return fault.NotFound("polls.not_found")
		}
		v.Missed = v.Poll.Missed(tx.Now)
		v.MaySettle = v.Poll.ClosedAt != nil && maySettle(by, v.Poll) == nil
		v.Decides = decides(by, v.Poll)
		if err := v.read(tx); err != nil {
			return err
		}
		if v.Papers, err = ownTx(tx, id, by); err != nil {
			return err
		}
		if v.Carried, err = carriedTx(tx, id, by); err != nil {
			return err
		}
		if !ours(by) {
			return s.outsideTx(tx, &v)
		}
		v.Shown = disclosure.Everything
		if err := v.insideTx(tx, by); err != nil {
			return err
		}
		if v.Poll.ClosedAt == nil && by.Has(models.RoleFacilitator) {
			v.Table, v.Listed, err = tableTx(tx, id, at)
			return err
		}
		if told(v.Poll) {
			v.Named, v.Listed, err = namedPageTx(tx, id, at)
		}
		return err
	})
	if v.Poll.ClosedAt != nil {
		s.soFar.Forget(id)
	}
	if err == nil && ours(by) && v.Poll.Setup.Live && v.Poll.ClosedAt == nil && !v.Poll.Waits {
		var now soFar
		now, err = s.countSoFar(ctx, v.Poll)
		v.SoFarMotion, v.SoFar = now.motion, now.count
	}
	return v, err
}

// soFar is the count of a poll that is still open, as insiders see it where the poll shows it before the close.
type soFar struct {
	motion *tally.Result
	count  *models.PollCount
}

// soFarLasts is for how long one such count serves everybody: it reads every vote, and many watch.
const soFarLasts = 2 * time.Second

// countSoFar counts an open poll; the count may be soFarLasts old, or as old as it took to make.
func (s *Service) countSoFar(ctx context.Context, poll models.Poll) (soFar, error) {
	poll.Seed = "" // a tie's lot is drawn at the close, and not known before
	return s.soFar.Get(poll.ID, s.db.Clock().Now, func() (now soFar, err error) {
		err = s.db.Read(ctx, func(tx *db.Tx) error {
			now.motion, now.count, err = countTx(tx, poll)
			return err
		})
		return now, err
	})
}

// insideTx adds what only the cooperative's own people see: objections and their answers, and the names behind the numbers of a draw.
func (v *View) insideTx(tx *db.Tx, by identity.Actor) (err error) {
	if method, _ := methods.ByName(v.Poll.Method); method.Group == methods.Together {
		if v.Objections, err = objectionsTx(tx, by, v.Poll); err != nil {
			return err
		}
	}
	if v.Poll.Method == methods.Advice {
		v.AskedBy, err = openerTx(tx, v.Poll)
		return err
	}
	if v.Poll.Method != methods.Sortition || v.Poll.Count == nil || v.Poll.Count.Result == nil {
		return nil
	}
	v.Drawn, err = drawnTx(tx, v.Poll.Count.Result.Options)
	return err
}

// decides says whether an actor opened an advice process, and decides it.
func decides(by identity.Actor, p models.Poll) bool {
	return p.Method == methods.Advice && p.OpenedBy == by.Account
}

// openerTx is the name of whoever opened a poll: the person's, or their account's where they are no member.
func openerTx(tx *db.Tx, p models.Poll) (name string, err error) {
	err = tx.DB.Model(&models.Account{}).Select("COALESCE(members.name, accounts.handle)").
		Joins("LEFT JOIN members ON members.account_id = accounts.id AND members.kind = ?", models.Person).
		Where("accounts.id = ?", p.OpenedBy).Order("members.number").Limit(1).Scan(&name).Error
	if err != nil {
		return "", fmt.Errorf("read who opened poll %d: %w", p.ID, err)
	}
	return name, nil
}

// told says whether who voted what is told to insiders: once the votes were counted. A poll that was declared void while it
// was open may be held again, and nobody is to know before how the others vote.
func told(p models.Poll) bool { return p.ClosedAt != nil && (p.Result != nil || p.Count != nil) }

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
		if err := tx.DB.Where("closed_at IS NOT NULL").Take(&poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if !told(poll) {
			return nil
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
	if !v.Poll.Consultation() {
		if err := tx.DB.Take(&v.Assembly, v.Poll.AssemblyID).Error; err != nil {
			return fmt.Errorf("read assembly %d: %w", v.Poll.AssemblyID, err)
		}
		if err := tx.DB.Take(&v.Item, v.Poll.AgendaItemID).Error; err != nil {
			return fmt.Errorf("read item %d: %w", v.Poll.AgendaItemID, err)
		}
	}
	if v.Options, err = optionsTx(tx, v.Poll.ID); err != nil {
		return err
	}
	var voidings []models.PollVoiding
	if err := tx.DB.Where("poll_id = ?", v.Poll.ID).Limit(1).Find(&voidings).Error; err != nil {
		return fmt.Errorf("read whether poll %d is void: %w", v.Poll.ID, err)
	}
	if len(voidings) > 0 {
		v.Void = &voidings[0]
		again, err := repetitionTx(tx, v.Poll.ID)
		if err != nil {
			return err
		}
		v.RepeatedBy = again
	}
	if err := tx.DB.Where("poll_id = ?", v.Poll.ID).Order("id DESC").Limit(20).Find(&v.Outcomes).Error; err != nil {
		return fmt.Errorf("read what follows from poll %d: %w", v.Poll.ID, err)
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
	Votes    int64
	Choice   *models.Choice
	Reason   *string
	Delegate *string
	Absent   bool
}

func (r paperRow) paper() Paper {
	p := Paper{Member: r.MemberID, Number: r.Number, Name: r.Name, Mandate: r.VoterID != r.MemberID, Votes: r.Votes, Stands: r.Absent && r.VoterID != r.MemberID}
	if r.Choice != nil {
		p.Choice = *r.Choice
	}
	if r.Reason != nil {
		p.Reason = *r.Reason
	}
	if r.Delegate != nil {
		p.Delegate = *r.Delegate
	}
	return p
}

// papersTx are the votes that somebody may cast in a poll.
func papersTx(tx *db.Tx, id models.PollID) *gorm.DB {
	return sheetsOfTx(tx, id).Where("NOT poll_electors.absent")
}

// sheetsOfTx are all votes of a poll, also those that nobody may cast now.
func sheetsOfTx(tx *db.Tx, id models.PollID) *gorm.DB {
	return tx.DB.Model(&models.PollElector{}).
		Select("poll_electors.member_id AS member_id, poll_electors.voter_id AS voter_id, members.number AS number, members.name AS name, poll_electors.votes AS votes, votes.choice AS choice, votes.reason AS reason, delegates.name AS delegate, poll_electors.absent AS absent").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Joins("LEFT JOIN members AS delegates ON delegates.id = votes.delegate_id").
		Where("poll_electors.poll_id = ?", id)
}

// ownTx lists the votes that an actor may cast, their own first.
func ownTx(tx *db.Tx, id models.PollID, by identity.Actor) (papers []Paper, err error) {
	if len(by.Members) == 0 {
		return nil, nil
	}
	var rows []paperRow
	err = papersTx(tx, id).Where(models.CastBy, membersOf(by)).
		Order("CASE WHEN poll_electors.voter_id = poll_electors.member_id THEN 0 ELSE 1 END, members.number").Limit(ownMost).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read papers of poll %d: %w", id, err)
	}
	for _, r := range rows {
		papers = append(papers, r.paper())
	}
	return papers, nil
}

// carriedTx lists the votes of an actor's members that the holder of a proxy casts from another account, and, of both the
// giver and the holder, those that stand as a mandate revoked since has cast them.
func carriedTx(tx *db.Tx, id models.PollID, by identity.Actor) (all []Carried, err error) {
	if len(by.Members) == 0 {
		return nil, nil
	}
	err = tx.DB.Model(&models.PollElector{}).Select("members.id AS member, members.name AS name, holders.name AS holder, poll_electors.absent AS stands, CASE WHEN poll_electors.member_id IN ? THEN FALSE ELSE TRUE END AS held", membersOf(by)).
		Joins("JOIN members ON members.id = poll_electors.member_id").Joins("JOIN members AS holders ON holders.id = poll_electors.voter_id").
		Where("poll_electors.poll_id = ? AND poll_electors.voter_id <> poll_electors.member_id", id).
		Where("(poll_electors.member_id IN ? AND (poll_electors.account_id IS NULL OR poll_electors.voter_id NOT IN ?) OR poll_electors.absent AND (poll_electors.member_id IN ? OR poll_electors.voter_id IN ?))", membersOf(by), membersOf(by), membersOf(by), membersOf(by)).Order("members.number").Limit(ownMost).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read who carries votes in poll %d: %w", id, err)
	}
	return all, nil
}

// namedTx lists named votes after a member's number, and the number where the next page begins; 0 at the end.
func namedTx(tx *db.Tx, id models.PollID, after int64, most int) (named []NamedVote, next int64, err error) {
	err = tx.DB.Model(&models.PollElector{}).
		Select("members.number AS number, members.name AS name, poll_electors.class_code AS class, poll_electors.votes AS votes, COALESCE(votes.choice, '') AS choice, COALESCE(votes.reason, '') AS reason, COALESCE(delegates.name, '') AS delegate, CASE WHEN holders.id <> members.id THEN holders.name ELSE '' END AS voter, CASE WHEN poll_electors.account_id IS NULL AND votes.choice IS NOT NULL AND votes.delegate_id IS NULL THEN TRUE ELSE FALSE END AS at_table").
		Joins("JOIN members ON members.id = poll_electors.member_id").
		Joins("JOIN members AS holders ON holders.id = poll_electors.voter_id").
		Joins("LEFT JOIN votes ON votes.poll_id = poll_electors.poll_id AND votes.member_id = poll_electors.member_id").
		Joins("LEFT JOIN members AS delegates ON delegates.id = votes.delegate_id").
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
