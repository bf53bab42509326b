package polls

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// forUpdate locks the rows that a query reads.
var forUpdate = clause.Locking{Strength: "UPDATE"}

// Ballot is one vote: whose it is and what it says.
type Ballot struct {
	Member models.MemberID
	Choice models.Choice
}

// request is what one reader casts at once: their own vote and those of their mandates. All count or none.
type request struct {
	poll    models.PollID
	account models.AccountID
	by      models.AccountID
	ballots []Ballot
	at      time.Time
}

// Cast takes the votes that an account may cast in a poll. Until the poll closes, casting again replaces the earlier
// vote; casting the same again changes nothing. When Cast returns without error the votes are durable and counted.
func (s *Service) Cast(ctx context.Context, by identity.Actor, poll models.PollID, ballots []Ballot) error {
	if !by.SignedIn() {
		return fault.Forbidden("identity.sign_in_needed")
	}
	return s.cast(ctx, request{poll: poll, account: by.Account, by: by.Account, ballots: ballots})
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
		switch b.Choice {
		case models.For, models.Against, models.Abstain:
		default:
			return fault.Invalid("choice", "polls.choose")
		}
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
		if !poll.Open(r.at) {
			return fault.Conflict("polls.closed")
		}
		return fault.Forbidden("polls.not_elector")
	})
}
