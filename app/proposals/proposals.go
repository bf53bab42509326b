// Package proposals keeps the texts that members put to the cooperative: drafts, versions, support, and what became
// of them.
//
// A proposal is a draft until its author publishes it; support is gathered while it is published; an assembly's
// agenda takes it (scheduled) in the version of that moment, and the vote decides it. The author may withdraw it
// until it is on an agenda. Every saved text is a version that is never changed.
//
// Who sees what: a draft exists for its author only; others are told that there is no such thing. What was once
// published is readable by anyone, signed in or not, and stays readable. Who wrote it is told to people who are
// signed in, by the name the member chose to be seen under, never by the account's handle. How many support it is
// public; who they are is told to facilitators, who must check that they are members, and to the supporters themselves.
package proposals

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

const (
	// TitleMost is how long a title may be, in characters.
	TitleMost = 160
	// BodyMost is how long a text may be, in characters.
	BodyMost = 40_000
)

// Service answers for proposals.
type Service struct {
	db *db.DB
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Text is what an author writes. Base is the number of the version it was written on, so that nobody's changes are
// lost; it is 0 for a new proposal.
type Text struct {
	Author models.MemberID
	Title  string
	Body   string
	Base   int64
	Once   string
}

func (t Text) cleaned() Text {
	t.Title = strings.Join(strings.Fields(printable(t.Title)), " ")
	t.Body = strings.TrimSpace(printable(t.Body))
	return t
}

// printable drops what cannot be seen and could mislead: control characters and marks that turn the reading order.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
}

func (t Text) check() error {
	return fault.All(checkLength("title", t.Title, TitleMost), checkLength("body", t.Body, BodyMost))
}

func checkLength(field, s string, most int) *fault.Fault {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return fault.Invalid(field, "ui.error.required")
	case n > most:
		return fault.Invalid(field, "proposals.too_long", map[string]any{"Most": most, "Now": n})
	}
	return nil
}

// notFound is what strangers are told of a draft, and everybody of what does not exist.
func notFound() error { return fault.NotFound("proposals.not_found") }

// readable says whether an actor may know that a proposal exists.
func readable(by identity.Actor, p models.Proposal) bool {
	return p.PublishedAt != nil || by.ActsFor(p.AuthorID)
}

// takeTx reads a proposal that the actor may know of. lock is "" to read, "SHARE" to keep its state as it is during
// the act, "NO KEY UPDATE" to let one act at a time change it.
func takeTx(tx *db.Tx, by identity.Actor, id models.ProposalID, lock string) (p models.Proposal, err error) {
	g := tx.DB
	if lock != "" {
		g = g.Clauses(clause.Locking{Strength: lock})
	}
	err = g.Take(&p, id).Error
	if db.Missing(err) || (err == nil && !readable(by, p)) {
		return p, notFound()
	}
	if err != nil {
		return p, fmt.Errorf("read proposal %d: %w", id, err)
	}
	return p, nil
}

// ownTx is takeTx for acts that only the author may do.
func ownTx(tx *db.Tx, by identity.Actor, id models.ProposalID) (models.Proposal, error) {
	p, err := takeTx(tx, by, id, "NO KEY UPDATE")
	if err != nil {
		return p, err
	}
	return p, by.RequireActsFor(p.AuthorID)
}

// inForceTx is a member that the actor acts for and whose membership is in force today. No fee and no suspension
// stands in the way: they never touch voice (Llei 12/2015 art. 38.4-5).
func inForceTx(tx *db.Tx, by identity.Actor, id models.MemberID) (m models.Member, err error) {
	if err := by.RequireActsFor(id); err != nil {
		return m, err
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return m, err
	}
	if err := tx.DB.Take(&m, id).Error; err != nil {
		return m, fmt.Errorf("read member %d: %w", id, err)
	}
	if !m.Active(today) {
		return m, fault.Forbidden("proposals.membership_needed")
	}
	return m, nil
}

func currentTx(tx *db.Tx, id models.ProposalID) (v models.ProposalVersion, err error) {
	if err = tx.DB.Where("proposal_id = ?", id).Order("number DESC").Take(&v).Error; err != nil {
		return v, fmt.Errorf("read the text of proposal %d: %w", id, err)
	}
	return v, nil
}
