package polls

import (
	"context"
	"fmt"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// Objection is a vote that must be answered, with its reason and the last answer to it.
type Objection struct {
	Member     models.MemberID
	Name       string
	Choice     models.Choice
	Reason     string
	Delegate   models.MemberID        // who wrote it, where it was cast by standing delegation; else 0
	By         string                 // the name of Delegate
	Resolution *models.PollResolution `gorm:"-"` // nil while this objection has none
	// Agreed is what whoever may cast the member's vote says of the answer; nil while they have said nothing.
	Agreed *bool `gorm:"-"`
	// Yours says that the reader is who may.
	Yours bool `gorm:"-"`
	// Speaks is the member whose vote this is, or who cast it by standing delegation; SpokeAt is when they did.
	Speaks    models.MemberID
	SpokeAt   time.Time
	AccountID *models.AccountID
	VoterID   models.MemberID
}

// reply is the last answer to a member's objection, and what was said of it.
type reply struct {
	models.PollResolution
	agreed *bool
}

// holds says whether the answer counts: one that was agreed to does, and an objection can be upheld without anybody's word.
func (r reply) holds() bool {
	return r.How == models.ObjectionUpheld || r.agreed != nil && *r.agreed
}

// to says whether the answer is to an objection of an instant: who objects anew is answered anew.
func (r reply) to(cast time.Time) bool { return !r.At.Before(cast) }

// repliesTx gives the last answer to each member's objection.
func repliesTx(tx *db.Tx, id models.PollID) (map[models.MemberID]reply, error) {
	var rows []models.PollResolution
	if err := tx.DB.Where("id IN (SELECT MAX(id) FROM poll_resolutions WHERE poll_id = ? GROUP BY member_id)", id).Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the answers to objections in poll %d: %w", id, err)
	}
	var said []models.PollConfirmation
	if err := tx.DB.Where("resolution_id IN (SELECT id FROM poll_resolutions WHERE poll_id = ?)", id).Order("id").Find(&said).Error; err != nil {
		return nil, fmt.Errorf("read what was said of the answers in poll %d: %w", id, err)
	}
	agreed := make(map[int64]*bool, len(said))
	for _, c := range said {
		agreed[c.ResolutionID] = &c.Agrees
	}
	last := make(map[models.MemberID]reply, len(rows))
	for _, r := range rows {
		last[r.MemberID] = reply{r, agreed[r.ID]}
	}
	return last, nil
}

// objectionsTx lists the objections and blocks of a poll with the last answer to each; once it is closed, whatever else
// was said with a reason too: concerns, advice, who stands aside. Whoever asks for advice reads it as it comes: they are to
// hear it before they decide.
func objectionsTx(tx *db.Tx, by identity.Actor, poll models.Poll) ([]Objection, error) {
	var all []Objection
	id, which := poll.ID, "votes.choice IN ('objection', 'block')"
	if told(poll) || poll.ClosedAt == nil && decides(by, poll) {
		which = "(" + which + " OR votes.reason <> '')"
	}
	err := tx.DB.Model(&models.Vote{}).
		Select("members.id AS member, members.name AS name, votes.choice AS choice, votes.reason AS reason, spoken.member_id AS speaks, spoken.cast_at AS spoke_at, CASE WHEN poll_electors.absent THEN members.account_id ELSE poll_electors.account_id END AS account_id, CASE WHEN poll_electors.absent THEN members.id ELSE poll_electors.voter_id END AS voter_id, COALESCE(votes.delegate_id, 0) AS delegate, COALESCE(delegates.name, '') AS by").
		Joins("JOIN members ON members.id = votes.member_id").
		Joins("JOIN poll_electors ON poll_electors.poll_id = votes.poll_id AND poll_electors.member_id = votes.member_id").
		Joins("JOIN votes AS spoken ON spoken.poll_id = votes.poll_id AND spoken.member_id = COALESCE(votes.delegate_id, votes.member_id)").
		Joins("LEFT JOIN members AS delegates ON delegates.id = votes.delegate_id").
		Where("votes.poll_id = ? AND "+which, id).
		Order("CASE WHEN votes.choice IN ('objection', 'block') THEN 0 ELSE 1 END, CASE WHEN votes.delegate_id IS NULL THEN 0 ELSE 1 END, votes.cast_at, members.id").Limit(500).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read the objections of poll %d: %w", id, err)
	}
	replies, err := repliesTx(tx, id)
	if err != nil {
		return nil, err
	}
	for i, o := range all {
		all[i].Yours = speaksFor(by, o.AccountID, o.VoterID)
		if r, ok := replies[o.Speaks]; ok && stands(o.Choice) && r.to(o.SpokeAt) {
			all[i].Resolution, all[i].Agreed = &r.PollResolution, r.agreed
		}
	}
	return all, nil
}

// stands says whether an answer is one that must be resolved.
func stands(c models.Choice) bool { return c == "objection" || c == "block" }

// speaksFor says whether an actor speaks for the vote of an elector: whoever acts for who casts it, or, where the elector
// had no account as the poll opened, the table. Where a mandate was revoked after it was used, the vote stands and the
// giver speaks for it: else who held it could undo it by agreeing to an answer.
func speaksFor(by identity.Actor, account *models.AccountID, voter models.MemberID) bool {
	if account == nil {
		return by.Has(models.RoleFacilitator)
	}
	return by.ActsFor(voter)
}

// Resolve proposes how an objection is answered while the poll is open; an upheld one is answered by that. Whoever may
// cast the vote of who objects is told, and says whether they agree: until then the objection stands.
func (s *Service) Resolve(ctx context.Context, by identity.Actor, id models.PollID, r models.PollResolution) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	if r.Words == "" {
		return fault.Invalid("words", "ui.error.required")
	}
	switch r.How {
	case models.ResolvedByAmendment, models.ObjectionWithdrawn, models.ObjectionEased, models.ObjectionUpheld:
	default:
		return fault.Invalid("how", "ui.error.choose")
	}
	if err := fault.All(long("words", r.Words, mostBody)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		poll, o, err := objectionTx(tx, id, r.MemberID)
		if err != nil {
			return err
		}
		if o.reply != nil && o.reply.agreed != nil && *o.reply.agreed {
			return fault.Conflict("polls.objection_agreed") // who agreed can still think again
		}
		r.PollID, r.ByID, r.At = id, by.Account, tx.Now
		if err := tx.DB.Create(&r).Error; err != nil {
			return fmt.Errorf("store a resolution: %w", err)
		}
		var voter models.Member
		if err := tx.DB.Select("id", "account_id").Take(&voter, o.elector.VoterID).Error; err != nil {
			return fmt.Errorf("read who casts the vote of member %d: %w", r.MemberID, err)
		}
		if a := voter.AccountID; a != nil && *a != by.Account && r.How != models.ObjectionUpheld {
			if err := identity.NotifyTx(ctx, tx, *a, "polls.told.answered", map[string]string{"Question": poll.Question}, path(id)); err != nil {
				return err
			}
		}
		return audit.LineTx(ctx, tx, by.Account, "poll.objection_answered", "poll", int64(id), audit.Detail{"how": r.How})
	})
}

// Confirm says whether who objected agrees with the answer to their objection. It is for whoever may cast that vote, and
// only about the last answer; they may think again until the poll closes.
func (s *Service) Confirm(ctx context.Context, by identity.Actor, id models.PollID, resolution int64, agrees bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var about models.PollResolution
		err := tx.DB.Where("id = ? AND poll_id = ?", resolution, id).Take(&about).Error
		if db.Missing(err) {
			return fault.NotFound("polls.no_objection")
		}
		if err != nil {
			return fmt.Errorf("read resolution %d: %w", resolution, err)
		}
		_, o, err := objectionTx(tx, id, about.MemberID)
		if err != nil {
			return err
		}
		switch {
		case !by.SignedIn() || !speaksFor(by, o.elector.AccountID, o.elector.VoterID):
			return fault.NotFound("polls.no_objection")
		case o.reply == nil || o.reply.ID != about.ID || about.How == models.ObjectionUpheld:
			return fault.Conflict("polls.objection_changed")
		case o.reply.agreed != nil && *o.reply.agreed == agrees:
			return nil
		}
		if err := tx.DB.Create(&models.PollConfirmation{ResolutionID: about.ID, Agrees: agrees, ByID: by.Account, At: tx.Now}).Error; err != nil {
			return fmt.Errorf("store a confirmation: %w", err)
		}
		return audit.LineTx(ctx, tx, by.Account, "poll.answer_confirmed", "poll", int64(id), audit.Detail{"member": about.MemberID, "agrees": agrees})
	})
}

// open is an objection in an open poll by consent; reply is the last answer to it, if it has one.
type open struct {
	elector models.PollElector
	reply   *reply
}

// objectionTx reads the objection of a member, and keeps votes from being cast until the act ends.
func objectionTx(tx *db.Tx, id models.PollID, member models.MemberID) (poll models.Poll, o open, err error) {
	if poll, err = lockTx(tx, id); err != nil {
		return poll, o, err
	}
	if !poll.Open(tx.Now) {
		return poll, o, fault.Conflict("polls.closed")
	}
	if poll.Method != methods.Consent {
		return poll, o, fault.NotFound("polls.no_objection") // who blocks lifts the block by voting otherwise
	}
	var vote models.Vote
	err = tx.DB.Where("poll_id = ? AND member_id = ?", id, member).Take(&vote).Error
	if db.Missing(err) || err == nil && !stands(vote.Choice) {
		return poll, o, fault.NotFound("polls.no_objection")
	}
	if err == nil {
		err = tx.DB.Where("poll_id = ? AND member_id = ?", id, member).Take(&o.elector).Error
	}
	if err != nil {
		return poll, o, fmt.Errorf("read the objection of member %d in poll %d: %w", member, id, err)
	}
	if o.elector.Absent { // the mandate was revoked since: the giver speaks
		var giver models.Member
		if err := tx.DB.Select("id", "account_id").Take(&giver, member).Error; err != nil {
			return poll, o, fmt.Errorf("read member %d: %w", member, err)
		}
		o.elector.VoterID, o.elector.AccountID = giver.ID, giver.AccountID
	}
	replies, err := repliesTx(tx, id)
	if r, ok := replies[member]; ok && r.to(vote.CastAt) {
		o.reply = &r
	}
	return poll, o, err
}
