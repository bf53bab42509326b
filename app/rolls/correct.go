package rolls

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

// reasonMost is how long the reason for a correction may be, in characters.
const reasonMost = 1000

// Correction is a claim that a facilitator accepts: this member should (or should not) be able to vote.
type Correction struct {
	Roll     models.RollID
	Number   int64 // the member's number, as the list shows it
	Eligible bool
	Reason   string
	Once     string
}

func (c Correction) check() error {
	var faults []*fault.Fault
	if c.Number == 0 {
		faults = append(faults, fault.Invalid("number", "ui.error.required"))
	}
	switch n := utf8.RuneCountInString(strings.TrimSpace(c.Reason)); {
	case n == 0:
		faults = append(faults, fault.Invalid("reason", "ui.error.required"))
	case n > reasonMost:
		faults = append(faults, fault.Invalid("reason", "rolls.reason_too_long", map[string]any{"Most": reasonMost}))
	}
	return fault.All(faults...)
}

// Correct logs a correction to a frozen roll, until so many hours before the first call as the statutes say
// (Llei 12/2015 art. 48.2: 24); that very instant is still in time. The member is told.
func (s *Service) Correct(ctx context.Context, by identity.Actor, c Correction) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(c.Once, func() (string, error) { return "", correctTx(ctx, tx, by, c) })
		return err
	})
}

func correctTx(ctx context.Context, tx *db.Tx, by identity.Actor, c Correction) error {
	o, err := openTx(ctx, tx, c.Roll)
	if err != nil {
		return err
	}
	if err := o.mayCorrectTx(tx); err != nil {
		return err
	}
	member, err := lockTx(tx, "number = ?", c.Number)
	if err != nil {
		return err
	}
	if c.Eligible && !member.LeftOn.IsZero() && member.LeftOn.Before(o.day) {
		return fault.Conflict("rolls.has_left")
	}
	row := models.RollCorrection{Eligible: c.Eligible, Cause: models.CauseClaim, Reason: strings.TrimSpace(c.Reason), ByID: &by.Account}
	lines, err := o.linesTx(tx, query{members: []models.MemberID{member.ID}, limit: 1})
	if err != nil {
		return err
	}
	if len(lines) > 0 {
		row.ClassCode, row.Votes = lines[0].ClassCode, lines[0].Votes
	} else if err := o.newcomerTx(tx, member, &row); err != nil {
		return err
	}
	if now := len(lines) > 0 && lines[0].Eligible; now == c.Eligible {
		return fault.Conflict("rolls.correction_changes_nothing")
	}
	return o.appendTx(ctx, tx, member, row)
}

// mayCorrectTx refuses a correction that comes too late, with the article.
func (o open) mayCorrectTx(tx *db.Tx) error {
	if !tx.Now.After(o.CorrectionsUntil) && o.assembly.ClosedAt == nil {
		return nil
	}
	statutes, err := identity.StatutesByIDTx(tx, o.RuleSetID)
	if err != nil {
		return err
	}
	until := o.CorrectionsUntil.In(o.loc)
	return fault.Conflict("rolls.corrections_closed", map[string]any{
		"Day": civil.Of(until, o.loc), "Time": until.Format("15:04"), "Article": statutes.Body.Corrections.Article})
}

// lockTx reads a member and lets one correction at a time be decided for them.
func lockTx(tx *db.Tx, where string, key any) (m models.Member, err error) {
	err = tx.DB.Clauses(clause.Locking{Strength: "NO KEY UPDATE"}).Where(where, key).Take(&m).Error
	if db.Missing(err) {
		return m, fault.Invalid("number", "rolls.member_not_found")
	}
	if err != nil {
		return m, fmt.Errorf("read a member for the roll: %w", err)
	}
	return m, nil
}

// newcomerTx gives a correction that makes a line the member's class, and their votes under the roll's own statutes.
func (o open) newcomerTx(tx *db.Tx, m models.Member, c *models.RollCorrection) (err error) {
	if c.ClassCode, err = classCodeTx(tx, m); err != nil {
		return err
	}
	statutes, err := identity.StatutesByIDTx(tx, o.RuleSetID)
	c.Votes = statutes.Body.Counting.VotesOf(m.Votes)
	return err
}

func classCodeTx(tx *db.Tx, m models.Member) (string, error) {
	var class models.MemberClass
	if err := tx.DB.Take(&class, m.ClassID).Error; err != nil {
		return "", fmt.Errorf("read the class of member %d: %w", m.ID, err)
	}
	return class.Code, nil
}

// appendTx stores a correction, its audit line and the notice to the member.
func (o open) appendTx(ctx context.Context, tx *db.Tx, m models.Member, c models.RollCorrection) error {
	c.RollID, c.MemberID, c.At = o.ID, m.ID, tx.Now
	if err := tx.DB.Create(&c).Error; err != nil {
		return fmt.Errorf("store a correction of roll %d: %w", o.ID, err)
	}
	by := models.AccountID(0)
	if c.ByID != nil {
		by = *c.ByID
	}
	err := audit.LineTx(ctx, tx, by, "roll.corrected", "roll", int64(o.ID),
		audit.Detail{"member": m.ID, "eligible": c.Eligible, "cause": c.Cause, "correction": c.ID})
	if err != nil || m.AccountID == nil {
		return err
	}
	return identity.NotifyTx(ctx, tx, *m.AccountID, noticeKind(c), map[string]string{"Assembly": o.assembly.Title, "Member": m.Name},
		"/standing?member="+strconv.FormatInt(int64(m.ID), 10))
}

func noticeKind(c models.RollCorrection) string {
	switch {
	case !c.Eligible:
		return "rolls.notice_taken_off"
	case c.Cause == models.CauseClaim:
		return "rolls.notice_put_on"
	}
	return "rolls.notice_restored"
}

// RestoredTx gives the vote back on every roll of an assembly that is not closed, to a member who lost it only by
// arrears and whose standing now allows it (Llei 12/2015 art. 38.4-5: payment ends the suspension at once). What a
// facilitator corrected on a claim stays as it is.
func (s *Service) RestoredTx(ctx context.Context, tx *db.Tx, member models.MemberID, cause models.CorrectionCause) error {
	if err := apartTx(tx, restores); err != nil {
		return err
	}
	var rolls []models.RollID
	err := tx.DB.Model(&models.RollEntry{}).Where(`member_id = ? AND NOT eligible AND roll_id IN
		(SELECT r.id FROM rolls r JOIN assemblies a ON a.id = r.assembly_id WHERE a.closed_at IS NULL)`, member).
		Order("roll_id").Pluck("roll_id", &rolls).Error
	if err != nil {
		return fmt.Errorf("read the rolls of member %d: %w", member, err)
	}
	if len(rolls) == 0 {
		return nil
	}
	m, err := lockTx(tx, "id = ?", member)
	if err != nil {
		return err
	}
	for _, id := range rolls {
		if err := restoreTx(ctx, tx, id, m, cause); err != nil {
			return err
		}
	}
	return nil
}

func restoreTx(ctx context.Context, tx *db.Tx, id models.RollID, m models.Member, cause models.CorrectionCause) error {
	o, err := openTx(ctx, tx, id)
	if err != nil {
		return err
	}
	lines, err := o.linesTx(tx, query{members: []models.MemberID{m.ID}, limit: 1})
	if err != nil || len(lines) == 0 || !onlyArrears(lines[0]) {
		return err
	}
	statutes, err := identity.StatutesByIDTx(tx, o.RuleSetID)
	if err != nil {
		return err
	}
	verdicts, err := verdictsTx(ctx, tx, []models.Member{m}, tx.Now, statutes.Body, dated)
	if err != nil || !verdicts[m.ID].MayVote {
		return err
	}
	return o.appendTx(ctx, tx, m, models.RollCorrection{ClassCode: lines[0].ClassCode, Votes: lines[0].Votes, Eligible: true, Cause: cause})
}

// onlyArrears says whether nothing but unpaid fees keeps a member from voting, and nobody has corrected it yet.
func onlyArrears(l Line) bool {
	if l.Eligible || len(l.Reasons) == 0 || len(l.Corrections) > 0 {
		return false
	}
	for _, r := range l.Reasons {
		switch r.Code {
		case standing.CodeArrearsAutomatic, standing.CodeSuspendedByCase:
		case standing.CodeNotYetMember, standing.CodeLeft, standing.CodeTooNew:
			return false
		}
	}
	return true
}
