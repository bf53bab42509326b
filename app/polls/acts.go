package polls

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/consent"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// Close ends a consultation before its hour. Closing again changes nothing.
func (s *Service) Close(ctx context.Context, by identity.Actor, id models.PollID) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return closeConsultationTx(ctx, tx, by, id) })
}

func closeConsultationTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.PollID) error {
	poll, err := lockTx(tx, id)
	if err != nil {
		return err
	}
	if !poll.Consultation() {
		return fault.Conflict("polls.of_an_assembly")
	}
	_, err = CloseTx(ctx, tx, by, id)
	return err
}

// Tend does what the hour asks of consultations: it opens, reminds and closes. It is periodic work. A poll whose hours
// passed while nothing ran is not opened any more: nobody could have voted in it.
func (s *Service) Tend(ctx context.Context) error {
	return errors.Join(
		s.each(ctx, "open", "waits AND closed_at IS NULL AND opened_at <= @now AND closes_at > @now", func(tx *db.Tx, p models.Poll) error {
			err := beginTx(ctx, tx, identity.System, &p)
			if fault.Has(err, "polls.nobody_entitled") || fault.Has(err, "advice.nobody_affected") {
				return nil // somebody may be until it closes
			}
			return err
		}),
		s.remind(ctx),
		s.each(ctx, "close", "NOT waits AND closed_at IS NULL AND assembly_id IS NULL AND closes_at <= @now", func(tx *db.Tx, p models.Poll) error {
			return closeConsultationTx(ctx, tx, identity.System, p.ID)
		}),
	)
}

// eachPage is how many polls one query lists.
const eachPage = 100

// each does an act for every poll that a condition on the hour (@now) finds: an act of its own each, so that one that
// fails does not hold up the others. A poll that is void is left alone.
func (s *Service) each(ctx context.Context, what, due string, act func(*db.Tx, models.Poll) error) error {
	var failed []error
	for after := models.PollID(0); ; {
		var polls []models.Poll
		err := s.db.Read(ctx, func(tx *db.Tx) error {
			return tx.DB.Where(due, map[string]any{"now": tx.Now}).Where("id > ? AND id NOT IN (SELECT poll_id FROM poll_voidings)", after).Order("id").Limit(eachPage).Find(&polls).Error
		})
		if err != nil {
			return errors.Join(append(failed, fmt.Errorf("list the polls to %s: %w", what, err))...)
		}
		for _, p := range polls {
			after = p.ID
			if err := s.db.Write(ctx, func(tx *db.Tx) error { return act(tx, p) }); err != nil {
				failed = append(failed, fmt.Errorf("%s poll %d: %w", what, p.ID, err))
			}
		}
		if len(polls) < eachPage {
			return errors.Join(failed...)
		}
	}
}

// remind tells those who have not voted that a poll closes soon: once, and nobody else learns who they are.
func (s *Service) remind(ctx context.Context) error {
	return s.each(ctx, "remind of", "NOT waits AND closed_at IS NULL AND reminded_at IS NULL AND closes_at > @now", func(tx *db.Tx, p models.Poll) error {
		hours := p.Setup.RemindHours
		due := p.ClosesAt.Add(-time.Duration(hours) * time.Hour)
		if hours == 0 || !due.After(p.OpenedAt) || tx.Now.Before(due) {
			return nil
		}
		done := tx.DB.Model(&models.Poll{}).Where("id = ? AND reminded_at IS NULL AND closed_at IS NULL", p.ID).Update("reminded_at", tx.Now)
		if done.Error != nil || done.RowsAffected == 0 {
			return done.Error
		}
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		var accounts []models.AccountID
		err = tx.DB.Model(&models.PollElector{}).Distinct("members.account_id").Joins("JOIN members ON members.id = voter_id").Where(models.ActiveOn, today, today).
			Where("poll_id = ? AND poll_electors.account_id IS NOT NULL AND NOT absent AND members.account_id IS NOT NULL AND member_id NOT IN (SELECT member_id FROM votes WHERE poll_id = ?)", p.ID, p.ID).
			Order("members.account_id").Pluck("members.account_id", &accounts).Error
		if err != nil {
			return fmt.Errorf("find who has not voted: %w", err)
		}
		return identity.NotifyAllTx(ctx, tx, accounts, "polls.told.closes_soon", map[string]string{"Question": p.Question}, path(p.ID))
	})
}

// Declare records what a candidate says of themself for the parity rule of an election, until the first vote is cast.
func (s *Service) Declare(ctx context.Context, by identity.Actor, id models.PollID, position int64, inGroup bool) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		poll, err := lockTx(tx, id)
		if err != nil {
			return err
		}
		var option models.PollOption
		err = tx.DB.Where("poll_id = ? AND position = ?", id, position).Take(&option).Error
		if db.Missing(err) || err == nil && (option.MemberID == nil || !by.ActsFor(*option.MemberID)) {
			return fault.NotFound("polls.not_found")
		}
		if err != nil {
			return fmt.Errorf("read option %d of poll %d: %w", position, id, err)
		}
		if poll.Setup.ParityAtLeast == 0 && !poll.Setup.Alternate {
			return fault.Conflict("polls.no_parity")
		}
		if err := undecidedTx(tx, poll); err != nil {
			return err
		}
		row := models.PollDeclaration{PollID: id, Position: position, InGroup: inGroup, ByID: by.Account, At: tx.Now}
		if err := tx.DB.Create(&row).Error; err != nil {
			return fmt.Errorf("store a declaration: %w", err)
		}
		return audit.LineTx(ctx, tx, by.Account, "poll.declared", "poll", int64(id), nil)
	})
}

// undecidedTx refuses declarations once the first vote is cast: who votes knows what was declared.
func undecidedTx(tx *db.Tx, poll models.Poll) error {
	if poll.ClosedAt != nil {
		return fault.Conflict("polls.declared_too_late")
	}
	var cast int64
	if err := tx.DB.Model(&models.Vote{}).Where("poll_id = ?", poll.ID).Count(&cast).Error; err != nil {
		return fmt.Errorf("count the votes of poll %d: %w", poll.ID, err)
	}
	if cast > 0 {
		return fault.Conflict("polls.declared_too_late")
	}
	return nil
}

// Settle says what follows from a closed poll, who carries it out, and by when. The last word holds; earlier ones are
// kept. In an advice process it is the decision: only whoever opened it may write it.
func (s *Service) Settle(ctx context.Context, by identity.Actor, id models.PollID, words, carriedBy string, due *civil.Date, once string) error {
	var required *fault.Fault
	if words == "" {
		required = fault.Invalid("words", "ui.error.required")
	}
	wrong := fault.All(required, long("words", words, mostBody), long("carried_by", carriedBy, mostQuestion))
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			poll, err := lockTx(tx, id)
			if err != nil {
				return "", err
			}
			if err := maySettle(by, poll); err != nil {
				return "", err
			}
			if poll.ClosedAt == nil {
				return "", fault.Conflict("polls.still_open")
			}
			var void int64
			if err := tx.DB.Model(&models.PollVoiding{}).Where("poll_id = ?", id).Count(&void).Error; err != nil {
				return "", fmt.Errorf("read whether poll %d is void: %w", id, err)
			}
			if void > 0 {
				return "", fault.Conflict("polls.void_decides_nothing")
			}
			today, _, err := identity.TodayTx(tx)
			if err != nil {
				return "", err
			}
			if due != nil && due.Before(today) {
				return "", fault.Invalid("due_on", "polls.following.due_past")
			}
			if wrong != nil {
				return "", wrong
			}
			row := models.PollOutcome{PollID: id, Words: words, CarriedBy: carriedBy, DueOn: due, ByID: by.Account, At: tx.Now}
			if err := tx.DB.Create(&row).Error; err != nil {
				return "", fmt.Errorf("store an outcome: %w", err)
			}
			return "", audit.LineTx(ctx, tx, by.Account, "poll.settled", "poll", int64(id), nil)
		})
		return err
	})
}

// maySettle says whether an actor may write what follows from a poll that is closed.
func maySettle(by identity.Actor, poll models.Poll) error {
	if poll.Method == methods.Advice {
		return consent.Advice{ByID: int64(poll.OpenedBy), Over: true}.Decide(int64(by.Account))
	}
	return by.Require(models.RoleFacilitator)
}

// needsReason says whether every vote must carry its reason; an objection and a block always do.
func needsReason(poll models.Poll, b Ballot) bool {
	return poll.Setup.Reasons == models.ReasonsRequired || stands(b.Choice) || b.Choice == "concern" || b.Choice == "advice"
}

// checkPapers refuses votes that their poll's method does not know, before they are put in the box.
func checkPapers(poll models.Poll, options []string, ballots []Ballot) error {
	method, ok := methods.ByName(poll.Method)
	if !ok {
		return fmt.Errorf("poll %d has the unknown method %q", poll.ID, poll.Method)
	}
	for _, b := range ballots {
		id := strconv.FormatInt(int64(b.Member), 10)
		if err := method.CheckVote(poll.Setup.Setup, len(options), string(b.Choice)); err != nil {
			return ofPaper(err, "choice-"+id, options)
		}
		if b.Reason == "" && needsReason(poll, b) {
			return fault.Invalid("reason-"+id, "polls.reason_needed")
		}
		if err := fault.All(long("reason-"+id, b.Reason, mostReason)); err != nil {
			return err
		}
	}
	return nil
}

// ofPaper says which paper a fault is about, and names the option where one is.
func ofPaper(err error, field string, options []string) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.KindInvalid {
		return err
	}
	if at, ok := f.Args["option"].(int); ok && at >= 1 && at <= len(options) {
		return fault.Invalid(field, "polls.mark_not_here", map[string]any{"Option": options[at-1]})
	}
	return fault.Invalid(field, f.Key, f.Args)
}

// mostReason is the longest reason of a vote.
const mostReason = 2000
