// Package fees knows what members owe and what they have paid: plans and their prices, subscriptions, the charges
// of each period, payments and what they settle, waivers, and the formal case that unpaid fees need before they
// can cost a member the vote. Every movement of money is an entry of the ledger, in the same act.
//
// Invariants, which the tests recompute after any sequence of acts:
//
//	0 ≤ Σ allocations of a charge ≤ its amount, and equal exactly when it is settled
//	0 ≤ Σ allocations of a payment ≤ its amount, and 0 when it is reversed
//	a member's balance on 447 == what the open charges still lack
//	a member's balance on 438 == −(what no charge has needed yet)
//	a member has an open charge or an advance, never both
package fees

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"unicode/utf8"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

// VoteRestorer is told, inside the act, that something that may have kept a member from voting is gone: charges
// were settled, or an arrears case ended. It decides for itself whether the vote is back.
type VoteRestorer interface {
	RestoredTx(ctx context.Context, tx *db.Tx, member models.MemberID, cause models.CorrectionCause) error
}

// Service is the subject's use cases.
type Service struct {
	db       *db.DB
	queue    *jobs.Queue
	texts    *i18n.Bundle
	seal     *seal.Sealer
	mail     mail.Sender
	restorer VoteRestorer
	opts     Options
}

// Options are the settings of the service.
type Options struct {
	// BaseURL is the installation's own address, for the links in letters: "https://coop.example".
	BaseURL string
}

// New makes the service, and registers the job that sends its letters. The restorer may be nil, where nobody keeps rolls.
func New(d *db.DB, q *jobs.Queue, texts *i18n.Bundle, s *seal.Sealer, m mail.Sender, restorer VoteRestorer, o Options) *Service {
	svc := &Service{db: d, queue: q, texts: texts, seal: s, mail: m, restorer: restorer, opts: o}
	q.Handle(jobLetter, svc.sendLetter)
	return svc
}

// readers may see every member's fees; only the treasurer acts on them.
var readers = []models.Role{models.RoleTreasurer, models.RoleAuditor, models.RoleAdministrator}

// textMost is how many characters a reason, a statement or an appeal may have.
const textMost = 5000

func (s *Service) restoredTx(ctx context.Context, tx *db.Tx, member models.MemberID, cause models.CorrectionCause) error {
	if s.restorer == nil {
		return nil
	}
	return s.restorer.RestoredTx(ctx, tx, member, cause)
}

// checkText refuses an empty or an endless text.
func checkText(field, text string) *fault.Fault {
	if text == "" {
		return fault.Invalid(field, "ui.error.required")
	}
	if n := utf8.RuneCountInString(text); n > textMost {
		return fault.Invalid(field, "fees.text_too_long", map[string]any{"Most": textMost, "Length": n})
	}
	return nil
}

// notOneself keeps officers from deciding on their own fees.
func notOneself(by identity.Actor, member models.Member) error {
	if by.ActsFor(member.ID) || (member.AccountID != nil && *member.AccountID == by.Account) {
		return fault.Forbidden("fees.own_case")
	}
	return nil
}

// lockTx makes the acts on a member's fees wait for each other, and gives the members, by id. Acts take these
// locks first and the journal's afterwards, in the same order everywhere, so that they cannot block one another.
func lockTx(tx *db.Tx, ids ...models.MemberID) ([]models.Member, error) {
	slices.Sort(ids)
	query := tx.DB.Where("id IN ?", ids).Order("id")
	if tx.Flavor() == db.Postgres {
		if err := tx.DB.Exec("SELECT id FROM members WHERE id IN ? ORDER BY id FOR NO KEY UPDATE", ids).Error; err != nil {
			return nil, fmt.Errorf("lock members' fees: %w", err)
		}
	}
	var members []models.Member
	if err := query.Find(&members).Error; err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return members, nil
}

// lockOneTx is lockTx for one member, who must exist.
func lockOneTx(tx *db.Tx, id models.MemberID) (models.Member, error) {
	members, err := lockTx(tx, id)
	if err != nil {
		return models.Member{}, err
	}
	if len(members) == 0 {
		return models.Member{}, fault.NotFound("fees.no_such_member")
	}
	return members[0], nil
}

// takeTx reads one row by its id, or is a fault.NotFound with the key.
func takeTx[T any, ID ~int64](tx *db.Tx, id ID, missing string) (row T, err error) {
	if err := tx.DB.Take(&row, int64(id)).Error; db.Missing(err) {
		return row, fault.NotFound(missing)
	} else if err != nil {
		return row, fmt.Errorf("read %T %d: %w", row, id, err)
	}
	return row, nil
}

// onceTx does an act that makes a row, once for each token, and gives the row's id both times.
func onceTx[ID ~int64](tx *db.Tx, token string, act func() (ID, error)) (ID, error) {
	ref, err := tx.Once(token, func() (string, error) {
		id, err := act()
		return strconv.FormatInt(int64(id), 10), err
	})
	if err != nil {
		return 0, err
	}
	id, err := strconv.ParseInt(ref, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("a form's answer %q is not an id", ref)
	}
	return ID(id), nil
}

// tellTx puts a notice into the inbox of a member's account, if there is one.
func tellTx(ctx context.Context, tx *db.Tx, member models.Member, kind, href string) error {
	if member.AccountID == nil {
		return nil
	}
	return identity.NotifyTx(ctx, tx, *member.AccountID, kind, map[string]string{"member": member.Name}, href)
}

// tellOfficersTx puts a notice into the inboxes of those who hold one of the roles today.
func tellOfficersTx(ctx context.Context, tx *db.Tx, today civil.Date, kind, href string, roles ...models.Role) error {
	var terms []models.RoleTerm
	if err := tx.DB.Where("role IN ? AND ended_at IS NULL", roles).Order("id").Limit(1000).Find(&terms).Error; err != nil {
		return fmt.Errorf("read officers: %w", err)
	}
	var accounts []models.AccountID
	for _, t := range terms {
		if t.Runs(today) && !slices.Contains(accounts, t.AccountID) {
			accounts = append(accounts, t.AccountID)
		}
	}
	return identity.NotifyAllTx(ctx, tx, accounts, kind, nil, href)
}

func accountID(by models.AccountID) *models.AccountID {
	if by == 0 {
		return nil
	}
	return &by
}

// ids gives the identifiers of rows, in their order.
func ids[T any, ID comparable](rows []T, id func(T) ID) []ID {
	all := make([]ID, len(rows))
	for i, row := range rows {
		all[i] = id(row)
	}
	return all
}
