package polls

import (
	"context"
	"fmt"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// forUpdate locks the rows that a query reads.
var forUpdate = clause.Locking{Strength: "UPDATE"}

// Ballot is one vote: whose it is, what it says, and perhaps why.
type Ballot struct {
	Member models.MemberID
	Choice models.Choice
	Reason string
}

// request is what one reader casts at once: their own vote and those of their mandates. All count or none. Electors are
// frozen as members: acts are the members for whom the reader acts as they cast, so that whom an organisation has
// replaced, or who has left, casts nothing.
type request struct {
	poll    models.PollID
	by      models.AccountID
	acts    []models.MemberID
	ballots []Ballot
	at      time.Time
}

// Cast takes the votes that an account may cast in a poll. Until the poll closes, casting again replaces the earlier
// vote; casting the same again changes nothing. When Cast returns without error the votes are durable and counted.
func (s *Service) Cast(ctx context.Context, by identity.Actor, poll models.PollID, ballots []Ballot) error {
	if !by.SignedIn() {
		return fault.Forbidden("identity.sign_in_needed")
	}
	if err := s.check(ctx, poll, ballots); err != nil {
		return err
	}
	ballots, err := s.withoutOldReasons(ctx, poll, ballots)
	if err != nil {
		return err
	}
	return s.cast(ctx, request{poll: poll, by: by.Account, acts: membersOf(by), ballots: ballots})
}

// membersOf are the members for whom an actor acts today.
func membersOf(by identity.Actor) []models.MemberID {
	ids := make([]models.MemberID, len(by.Members))
	for i, m := range by.Members {
		ids[i] = m.ID
	}
	return ids
}

// asked is what a poll's votes are held against; it never changes.
type asked struct {
	poll    models.Poll
	options []string // their labels
}

// check holds votes against their poll's method.
func (s *Service) check(ctx context.Context, id models.PollID, ballots []Ballot) error {
	a, err := s.ask(ctx, id)
	if err != nil {
		return err
	}
	return checkPapers(a.poll, a.options, ballots)
}

// ask reads once what a poll asks, and remembers it.
func (s *Service) ask(ctx context.Context, id models.PollID) (a asked, err error) {
	if known, ok := s.asked.Load(id); ok {
		a, _ = known.(asked)
		return a, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, err = askedTx(tx, id)
		return err
	})
	if err == nil {
		s.asked.Store(id, a)
	}
	return a, err
}

func askedTx(tx *db.Tx, id models.PollID) (a asked, err error) {
	err = tx.DB.Select("id", "method", "setup").Take(&a.poll, id).Error
	if db.Missing(err) {
		return a, fault.NotFound("polls.not_found")
	}
	if err == nil {
		err = tx.DB.Model(&models.PollOption{}).Where("poll_id = ?", id).Order("position").Pluck("label", &a.options).Error
	}
	if err != nil {
		return a, fmt.Errorf("read poll %d: %w", id, err)
	}
	return a, nil
}

func (s *Service) cast(ctx context.Context, r request) error {
	if err := checkBallots(r.ballots); err != nil {
		return err
	}
	r.at = s.db.Clock().Now().UTC().Truncate(time.Microsecond)
	taken, err := s.box.put(ctx, r)
	if err != nil || taken {
		return err
	}
	return s.whyRefused(ctx, r)
}

func checkBallots(ballots []Ballot) error {
	if len(ballots) == 0 {
		return fault.Invalid("choice", "polls.choose")
	}
	seen := map[models.MemberID]bool{}
	for _, b := range ballots {
		if seen[b.Member] {
			return fault.Invalid("choice", "polls.twice")
		}
		seen[b.Member] = true
	}
	return nil
}

// whyRefused finds the reason for which votes were not taken.
func (s *Service) whyRefused(ctx context.Context, r request) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Take(&poll, r.poll).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", r.poll, err)
		}
		if poll.Waits {
			return fault.Conflict("polls.not_open_yet")
		}
		if !poll.Open(r.at) {
			return fault.Conflict("polls.closed")
		}
		if poll.Consultation() {
			return fault.Forbidden("polls.not_entitled")
		}
		return whyNotElectorTx(tx, poll, r)
	})
}

// withoutOldReasons drops the reason of a vote that says another word than before where the reason is still the one
// of the earlier word and the new word needs none: an objection's words are not a consent's.
func (s *Service) withoutOldReasons(ctx context.Context, id models.PollID, ballots []Ballot) ([]Ballot, error) {
	a, err := s.ask(ctx, id)
	if err != nil {
		return nil, err
	}
	method, _ := methods.ByName(a.poll.Method)
	var changed []models.MemberID
	for _, b := range ballots {
		if method.Answer == methods.Words && b.Reason != "" && !needsReason(a.poll, b) {
			changed = append(changed, b.Member)
		}
	}
	if len(changed) == 0 {
		return ballots, nil
	}
	var before []models.Vote
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("poll_id = ? AND member_id IN ?", id, changed).Order("member_id").Find(&before).Error
	})
	if err != nil {
		return nil, fmt.Errorf("read the earlier votes in poll %d: %w", id, err)
	}
	ballots = slices.Clone(ballots)
	for i, b := range ballots {
		stale := func(v models.Vote) bool {
			return v.MemberID == b.Member && v.Choice != b.Choice && v.Reason == b.Reason
		}
		if slices.Contains(changed, b.Member) && slices.ContainsFunc(before, stale) {
			ballots[i].Reason = ""
		}
	}
	return ballots, nil
}
