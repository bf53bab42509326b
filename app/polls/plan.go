package polls

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/rolls"
	"socia/core/fault"
	"socia/core/lot"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Question is what is asked, and how it is answered and counted.
type Question struct {
	Question string
	Body     string
	Method   methods.Name
	Setup    models.PollSetup
	Options  []NewOption
	RerunOf  models.PollID
}

// NewOption is one of the things to choose from. Number, if not 0, is the member's who is the candidate: who alone can
// declare for the parity rule.
type NewOption struct {
	Label     string
	Detail    string
	CostCents int64
	Number    int64
}

// Plan is a consultation: a question put to every member who may vote, outside assemblies. OpensAt nil is now.
type Plan struct {
	Question
	OpensAt  *time.Time
	ClosesAt *time.Time
}

// The longest texts of a poll.
const (
	mostQuestion = 300
	mostBody     = 20_000
	mostTopic    = 60
	mostWindow   = 400 * 24 * time.Hour
)

func (q Question) check() error {
	method, ok := methods.ByName(q.Method)
	if !ok {
		return fault.Invalid("method", "ui.error.choose")
	}
	var wrong []*fault.Fault
	if q.Question == "" {
		wrong = append(wrong, fault.Invalid("question", "ui.error.required"))
	}
	wrong = append(wrong, long("question", q.Question, mostQuestion), long("body", q.Body, mostBody), long("topic", q.Setup.Topic, mostTopic), long("parity_group", q.Setup.ParityGroup, mostTopic))
	switch q.Setup.Reasons {
	case models.ReasonsNone, models.ReasonsOptional, models.ReasonsRequired:
	default:
		wrong = append(wrong, fault.Invalid("reasons", "ui.error.choose"))
	}
	if q.Setup.QuorumPercent < 0 || q.Setup.QuorumPercent > 100 {
		wrong = append(wrong, fault.Invalid("quorum", "polls.setup.range", map[string]any{"Least": 0, "Most": 100}))
	}
	if q.Setup.RemindHours < 0 || q.Setup.RemindHours > 24*60 {
		wrong = append(wrong, fault.Invalid("remind", "polls.setup.range", map[string]any{"Least": 0, "Most": 24 * 60}))
	}
	if (q.Setup.ParityAtLeast > 0 || q.Setup.Alternate) && q.Setup.ParityGroup == "" {
		wrong = append(wrong, fault.Invalid("parity_group", "ui.error.required"))
	}
	if q.Setup.Live && method.Answer == methods.None {
		wrong = append(wrong, fault.Invalid("live", "polls.nobody_answers"))
	}
	for _, o := range q.Options {
		wrong = append(wrong, long("options", o.Label, mostQuestion), long("options", o.Detail, mostBody))
	}
	wrong = append(wrong, standsTwice(q.Options))
	options := make([]methods.Option, len(q.Options))
	for i, o := range q.Options {
		options[i] = methods.Option{Label: o.Label, CostCents: o.CostCents}
	}
	if !method.Offers() && len(options) > 0 {
		wrong = append(wrong, fault.Invalid("options", "polls.setup.no_options"))
	}
	return fault.Join(fault.All(wrong...), method.Check(q.Setup.Setup, options))
}

func long(field, text string, most int) *fault.Fault {
	if len([]rune(text)) > most {
		return fault.Invalid(field, "ui.error.too_long", map[string]any{"Max": most})
	}
	return nil
}

// Plan puts a question to every member who may vote when it opens. It is closed at its hour.
func (s *Service) Plan(ctx context.Context, by identity.Actor, p Plan, once string) (id models.PollID, err error) {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		made, err := tx.Once(once, func() (string, error) {
			poll, err := planTx(ctx, tx, by, p)
			return strconv.FormatInt(int64(poll.ID), 10), err
		})
		if err != nil {
			return err
		}
		n, err := strconv.ParseInt(made, 10, 64)
		id = models.PollID(n)
		return err
	})
	return id, err
}

func planTx(ctx context.Context, tx *db.Tx, by identity.Actor, p Plan) (poll models.Poll, err error) {
	if err := fault.Join(p.check(), p.window(tx.Now)); err != nil {
		return poll, err
	}
	if err := repeatsTx(tx, p.RerunOf); err != nil {
		return poll, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return poll, err
	}
	poll = models.Poll{RuleSetID: statutes.ID, OpenedAt: tx.Now, OpenedBy: by.Account, ClosesAt: p.ClosesAt, Waits: true, RollCounts: map[string]int64{}}
	if p.Method == methods.Motion {
		poll.Decision = string(rules.DecisionOrdinary)
	}
	if p.OpensAt != nil {
		poll.OpenedAt = p.OpensAt.UTC()
	}
	if err := storeTx(tx, &poll, p.Question); err != nil {
		return poll, err
	}
	if err := audit.LineTx(ctx, tx, by.Account, "poll.planned", "poll", int64(poll.ID), audit.Detail{"method": poll.Method, "commitment": lot.Seed(poll.Seed).Commitment()}); err != nil {
		return poll, err
	}
	if poll.OpenedAt.After(tx.Now) {
		return poll, nil
	}
	return poll, beginTx(ctx, tx, by, &poll)
}

// CheckPlan says what is wrong with a plan besides what could not be read; windowed says whether it has hours of its own.
func (s *Service) CheckPlan(ctx context.Context, p Plan, windowed bool) error {
	wrong := p.check()
	if windowed {
		wrong = fault.Join(wrong, p.window(s.db.Clock().Now()))
	}
	return fault.Join(wrong, s.db.Read(ctx, func(tx *db.Tx) error {
		_, err := candidatesTx(tx, p.Options)
		return err
	}))
}

// window checks when the poll opens and closes, and that it reminds in between.
func (p Plan) window(now time.Time) error {
	opens := now
	if p.OpensAt != nil {
		opens = *p.OpensAt
	}
	switch {
	case p.OpensAt != nil && p.OpensAt.Before(now.Add(-time.Hour)):
		return fault.Invalid("opens_at", "polls.opens_in_the_past")
	case p.ClosesAt == nil:
		return fault.Invalid("closes_at", "ui.error.required")
	case !p.ClosesAt.After(now):
		return fault.Invalid("closes_at", "polls.closes_in_the_past")
	case !p.ClosesAt.After(opens):
		return fault.Invalid("closes_at", "polls.closes_before_it_opens")
	case p.ClosesAt.Sub(opens) > mostWindow:
		return fault.Invalid("closes_at", "polls.window_too_long")
	case time.Duration(p.Setup.RemindHours)*time.Hour >= p.ClosesAt.Sub(opens):
		return fault.Invalid("remind", "polls.reminds_before_it_opens")
	}
	return nil
}

// repeatsTx refuses to repeat a poll that is not void, or that is being repeated: of two answers neither would hold. The
// lock makes two that come at once wait for each other.
func repeatsTx(tx *db.Tx, id models.PollID) error {
	if id == 0 {
		return nil
	}
	if _, err := lockTx(tx, id); err != nil {
		return err
	}
	if err := tx.DB.Take(&models.PollVoiding{}, "poll_id = ?", id).Error; db.Missing(err) {
		return fault.Conflict("polls.not_void")
	} else if err != nil {
		return fmt.Errorf("read whether poll %d is void: %w", id, err)
	}
	again, err := repetitionTx(tx, id)
	if err == nil && again != nil {
		return fault.Conflict("polls.repeated_already")
	}
	return err
}

// repetitionTx is the poll that repeats a void one and is not void itself; nil without one.
func repetitionTx(tx *db.Tx, id models.PollID) (*models.Poll, error) {
	var again []models.Poll
	err := tx.DB.Select("id", "question").Where("rerun_of = ? AND id NOT IN (SELECT poll_id FROM poll_voidings)", id).Order("id DESC").Limit(1).Find(&again).Error
	if err != nil {
		return nil, fmt.Errorf("read what repeats poll %d: %w", id, err)
	}
	if len(again) == 0 {
		return nil, nil //nolint:nilnil // most polls are repeated by none
	}
	return &again[0], nil
}

// storeTx stores a poll and what it chooses from, with a seed for lots whose commitment is public at once.
func storeTx(tx *db.Tx, poll *models.Poll, q Question) error {
	poll.Question, poll.Body, poll.Method, poll.Setup = q.Question, q.Body, q.Method, q.Setup
	if q.RerunOf != 0 {
		poll.RerunOf = &q.RerunOf
	}
	var random [32]byte
	if _, err := rand.Read(random[:]); err != nil {
		return fmt.Errorf("make a seed: %w", err)
	}
	poll.Seed = string(lot.SeedOf(random))
	if err := tx.DB.Create(poll).Error; err != nil {
		if db.Duplicate(err) {
			return fault.Conflict("polls.already_open")
		}
		return fmt.Errorf("store a poll: %w", err)
	}
	if len(q.Options) == 0 {
		return nil
	}
	candidates, err := candidatesTx(tx, q.Options)
	if err != nil {
		return err
	}
	options := make([]models.PollOption, len(q.Options))
	for i, o := range q.Options {
		options[i] = models.PollOption{PollID: poll.ID, Position: int64(i + 1), Label: o.Label, Detail: o.Detail, CostCents: o.CostCents}
		if m, ok := candidates[o.Number]; ok {
			options[i].MemberID = &m
		}
	}
	if err := tx.DB.Create(&options).Error; err != nil {
		return fmt.Errorf("store the options of poll %d: %w", poll.ID, err)
	}
	return nil
}

// beginTx freezes the electors of a consultation: every member who may vote at this instant. Those with an account are told.
func beginTx(ctx context.Context, tx *db.Tx, by identity.Actor, poll *models.Poll) error {
	entitled, err := rolls.EntitledTx(ctx, tx)
	if err != nil {
		return err
	}
	if len(entitled) == 0 {
		return fault.Conflict("polls.nobody_entitled")
	}
	if err := underStatutesTx(tx, poll, entitled); err != nil {
		return err
	}
	electors := make([]models.PollElector, len(entitled))
	for i, e := range entitled {
		electors[i] = models.PollElector{MemberID: e.Member, ClassCode: e.Class, VoterID: e.Member, AccountID: e.Account, Votes: e.Votes}
	}
	if electors, err = sought(*poll, electors); err != nil {
		return err
	}
	poll.RollCounts = map[string]int64{}
	told := map[models.AccountID]bool{}
	var accounts []models.AccountID
	for _, e := range electors {
		poll.RollCounts[e.ClassCode] += e.Votes
		if e.AccountID != nil && !told[*e.AccountID] {
			told[*e.AccountID] = true
			accounts = append(accounts, *e.AccountID)
		}
	}
	if err := electTx(tx, poll.ID, electors); err != nil {
		return err
	}
	poll.Waits = false
	done := tx.DB.Model(&models.Poll{}).Where("id = ? AND waits = ? AND closed_at IS NULL", poll.ID, true).Select("waits", "roll_counts", "rule_set_id").Updates(poll)
	if done.Error != nil {
		return fmt.Errorf("open poll %d: %w", poll.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("polls.already_open")
	}
	if method, _ := methods.ByName(poll.Method); method.Answer != methods.None {
		err = identity.NotifyAllTx(ctx, tx, accounts, "polls.told.open", map[string]string{"Question": poll.Question}, path(poll.ID))
		if err != nil {
			return err
		}
	}
	return audit.LineTx(ctx, tx, by.Account, "poll.opened", "poll", int64(poll.ID), audit.Detail{"electors": len(electors), "method": poll.Method})
}

// underStatutesTx holds a poll under the statutes in force as it opens, and refuses it while they give a class of its
// electors no share: it could never be counted.
func underStatutesTx(tx *db.Tx, poll *models.Poll, entitled []rolls.Entitled) error {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	poll.RuleSetID = statutes.ID
	if !statutes.Body.Weighs() {
		return nil
	}
	for _, e := range entitled {
		if share, ok := statutes.Body.Counting.ShareOf(e.Class); !ok || share <= 0 {
			return fault.Conflict("polls.class_without_share")
		}
	}
	return nil
}

func path(id models.PollID) string { return "/polls/" + strconv.FormatInt(int64(id), 10) }

func electTx(tx *db.Tx, id models.PollID, from []models.PollElector) error {
	electors := make([]models.PollElector, len(from))
	for i, e := range from {
		e.PollID = id
		electors[i] = e
	}
	if err := tx.DB.CreateInBatches(electors, 1000).Error; err != nil {
		return fmt.Errorf("store the electors of poll %d: %w", id, err)
	}
	return nil
}
