// Package equality lets people say, if they like, in which group figures about gender count them, and publishes those
// figures twice a year. One person's answer is read by that person and by the count, and by nobody else: no method
// here gives another's, whatever role asks. Figures leave this package as disclosure.Protected only.
package equality

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/disclosure"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

// Identity is a box that a person may tick about their gender; no figure is made of it.
type Identity string

// The boxes. Whatever else somebody is goes into their own words.
const (
	Woman       Identity = "woman"
	Man         Identity = "man"
	NonBinary   Identity = "non_binary"
	GenderFluid Identity = "gender_fluid"
	Agender     Identity = "agender"
	Trans       Identity = "trans"
)

// Identities lists the boxes in the order of the form.
func Identities() []Identity { return []Identity{Woman, Man, NonBinary, GenderFluid, Agender, Trans} }

// CountIn is the group in which figures count a person, by that person's choice alone.
type CountIn string

// The groups that may be chosen. Whom CountNot leaves out is in the tables as not stated, as if they had not answered.
const (
	CountWomen   CountIn = "women"
	CountMen     CountIn = "men"
	CountAnother CountIn = "another"
	CountNot     CountIn = "none"
)

// CountsIn lists the groups in the order of the form.
func CountsIn() []CountIn { return []CountIn{CountWomen, CountMen, CountAnother, CountNot} }

// Use is a kind of figure; each needs a consent of its own.
type Use string

// The uses. Nothing is published yet of the last two.
const (
	UseMembership     Use = "membership"
	UseParticipation  Use = "participation"
	UseAdministration Use = "administration"
	UseDevelopment    Use = "development"
	UseSpeaking       Use = "speaking"
)

// Uses lists the uses in the order of the form.
func Uses() []Use {
	return []Use{UseMembership, UseParticipation, UseAdministration, UseDevelopment, UseSpeaking}
}

// WordsMost is how many characters a person's own words may have.
const WordsMost = 200

// declarationBytes is the length of every declaration before it is sealed. Were it as long as its text, the length of
// the sealed value would tell women from men. It holds 200 characters of six bytes and all the boxes.
const declarationBytes = 2048

// Declaration is what a person says. CountIn is the one part that figures are made of, for the uses in Consents.
type Declaration struct {
	Identities     []Identity `json:"identities"`
	Words          string     `json:"words"`
	PreferNotToSay bool       `json:"prefer_not_to_say"`
	CountIn        CountIn    `json:"count_in"`
	Consents       []Use      `json:"consents"`
}

// Own is one's own declaration. Stored is false for who has none.
type Own struct {
	Declaration
	Stored bool
	// Unread is a declaration that this installation's key does not open: the key was lost or changed.
	Unread bool
	At     time.Time
	// CountsFrom is the first release that a declaration made now is counted in.
	CountsFrom civil.Date
}

// Service keeps declarations and publishes figures.
type Service struct {
	db   *db.DB
	seal *seal.Sealer
}

// New prepares the service.
func New(d *db.DB, s *seal.Sealer) *Service { return &Service{db: d, seal: s} }

// Declare stores the actor's own declaration in the place of an earlier one. It counts from the next release on.
func (s *Service) Declare(ctx context.Context, by identity.Actor, d Declaration, once string) error {
	if !by.SignedIn() {
		return fault.Forbidden("identity.sign_in_needed")
	}
	d.Words = strings.TrimSpace(d.Words)
	if err := d.check(); err != nil {
		return err
	}
	sealed, err := s.sealDeclaration(by.Account, d)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			row := models.GenderDeclaration{AccountID: by.Account, Sealed: sealed, UpdatedAt: tx.Now}
			replace := clause.OnConflict{Columns: []clause.Column{{Name: "account_id"}}, DoUpdates: clause.AssignmentColumns([]string{"sealed", "updated_at"})}
			if err := tx.DB.Clauses(replace).Create(&row).Error; err != nil {
				return "", fmt.Errorf("store the declaration of account %d: %w", by.Account, err)
			}
			return "", audit.LineTx(ctx, tx, by.Account, "gender.declared", "account", int64(by.Account), nil)
		})
		return err
	})
}

// Withdraw deletes the actor's own declaration. Releases that are out stay as they are; the next does not count it.
func (s *Service) Withdraw(ctx context.Context, by identity.Actor) error {
	if !by.SignedIn() {
		return fault.Forbidden("identity.sign_in_needed")
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		gone := tx.DB.Where("account_id = ?", by.Account).Delete(&models.GenderDeclaration{})
		if gone.Error != nil {
			return fmt.Errorf("delete the declaration of account %d: %w", by.Account, gone.Error)
		}
		if gone.RowsAffected == 0 {
			return nil // there is none, which is what was asked for
		}
		return audit.LineTx(ctx, tx, by.Account, "gender.withdrawn", "account", int64(by.Account), nil)
	})
}

// Own gives the actor's own declaration.
func (s *Service) Own(ctx context.Context, by identity.Actor) (o Own, err error) {
	if !by.SignedIn() {
		return o, fault.Forbidden("identity.sign_in_needed")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		o.CountsFrom = next(today)
		var row models.GenderDeclaration
		if err := tx.DB.Take(&row, "account_id = ?", by.Account).Error; db.Missing(err) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read the declaration of account %d: %w", by.Account, err)
		}
		o.Stored, o.At = true, row.UpdatedAt
		o.Declaration, err = s.open(row)
		o.Unread = err != nil
		return nil
	})
	return o, err
}

// sealsTried is how many declarations CheckSeals opens: enough to know that the key fits.
const sealsTried = 50

// CheckSeals tries to open the newest declarations, and says how many opened and how many did not. It tells nothing of
// what they say.
func (s *Service) CheckSeals(ctx context.Context) (opened, failed int, err error) {
	var rows []models.GenderDeclaration
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Order("updated_at DESC, account_id").Limit(sealsTried).Find(&rows).Error
	})
	for _, row := range rows {
		if _, err := s.open(row); err != nil {
			failed++
		} else {
			opened++
		}
	}
	return opened, failed, err
}

// next is the release day after those that are past or today: what is declared today was not there when today began.
func next(today civil.Date) civil.Date { return disclosure.ReleaseDay(today).AddMonths(6) }

func (d Declaration) check() error {
	var faults []*fault.Fault
	said := len(d.Identities) > 0 || d.Words != ""
	switch {
	case !among(d.Identities, Identities()):
		faults = append(faults, fault.Invalid("identities", "ui.error.choice"))
	case d.PreferNotToSay && said:
		faults = append(faults, fault.Invalid("prefer_not", "equality.prefer_not_alone"))
	}
	if utf8.RuneCountInString(d.Words) > WordsMost {
		faults = append(faults, fault.Invalid("words", "ui.error.too_long", map[string]any{"Max": WordsMost}))
	}
	if !slices.Contains(CountsIn(), d.CountIn) {
		faults = append(faults, fault.Invalid("count_in", "ui.error.choose"))
	}
	if !among(d.Consents, Uses()) {
		faults = append(faults, fault.Invalid("consents", "ui.error.choice"))
	}
	return fault.All(faults...)
}

// among says whether every one chosen is an option, and none is chosen twice.
func among[T comparable](chosen, options []T) bool {
	for i, c := range chosen {
		if !slices.Contains(options, c) || slices.Contains(chosen[:i], c) {
			return false
		}
	}
	return true
}

func (s *Service) sealDeclaration(account models.AccountID, d Declaration) ([]byte, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write the declaration of account %d: %w", account, err)
	}
	if len(raw) > declarationBytes {
		return nil, fmt.Errorf("the declaration of account %d is longer than checked declarations are", account)
	}
	raw = append(raw, bytes.Repeat([]byte(" "), declarationBytes-len(raw))...)
	return s.seal.Seal(raw, declarationPlace(account))
}

func (s *Service) open(row models.GenderDeclaration) (d Declaration, err error) {
	raw, err := s.seal.Open(row.Sealed, declarationPlace(row.AccountID))
	if err == nil {
		err = json.Unmarshal(raw, &d)
	}
	if err != nil {
		return d, fmt.Errorf("open the declaration of account %d: %w", row.AccountID, err)
	}
	return d, nil
}

func declarationPlace(account models.AccountID) string {
	return "gender_declarations/" + strconv.FormatInt(int64(account), 10)
}
