// Package members keeps who belongs to the cooperative: collectives, applications and their validation, the directory,
// departures, and the import of a members' file.
package members

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/memberfile"
	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

// The longest texts that people type, in characters.
const (
	// MaxName is the longest name of a member, representative or collective; a members' file allows the same.
	MaxName = memberfile.MaxRunes
	// MaxText is the longest motivation, reason or description.
	MaxText = 2000
)

// Service answers who the members are, and changes it.
type Service struct {
	db   *db.DB
	seal *seal.Sealer
	who  *identity.Service
}

// New prepares the service. who is told when memberships change, so that it reads actors again.
func New(d *db.DB, s *seal.Sealer, who *identity.Service) *Service {
	return &Service{db: d, seal: s, who: who}
}

// Classes lists the member classes in the order in which pages show them.
func (s *Service) Classes(ctx context.Context) (all []models.MemberClass, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		all, err = ClassesTx(tx)
		return err
	})
	return all, err
}

// ClassesTx is Classes inside an act.
func ClassesTx(tx *db.Tx) (all []models.MemberClass, err error) {
	if err := tx.DB.Order("position, id").Limit(200).Find(&all).Error; err != nil {
		return nil, fmt.Errorf("read member classes: %w", err)
	}
	return all, nil
}

// lockNumbersTx lets one act at a time give out member numbers. On SQLite there is only one writer anyway.
func lockNumbersTx(tx *db.Tx) error {
	if tx.Flavor() != db.Postgres {
		return nil
	}
	if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(hashtext('socia/member-numbers'))").Error; err != nil {
		return fmt.Errorf("lock member numbers: %w", err)
	}
	return nil
}

// nextNumberTx is one more than the highest number. The act must hold the lock.
func nextNumberTx(tx *db.Tx) (n int64, err error) {
	if err := tx.DB.Model(&models.Member{}).Select("COALESCE(MAX(number), 0) + 1").Scan(&n).Error; err != nil {
		return 0, fmt.Errorf("read the highest member number: %w", err)
	}
	return n, nil
}

// SortName is a name in lower case, without accents, and with single spaces: "Àngels  Roca" is "angels roca".
func SortName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == '·' {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return strings.Join(strings.Fields(plain), " ")
}

// tidy trims a line that somebody typed and makes its spaces single ones.
func tidy(line string) string { return strings.Join(strings.Fields(line), " ") }

func checkLine(field, line string, required bool) *fault.Fault {
	switch {
	case line == "" && required:
		return fault.Invalid(field, "ui.error.required")
	case utf8.RuneCountInString(line) > MaxName:
		return fault.Invalid(field, "ui.error.too_long", map[string]any{"Max": MaxName})
	case memberfile.Unsafe(line):
		return fault.Invalid(field, "ui.error.characters")
	}
	return nil
}

func checkText(field, text string, required bool) *fault.Fault {
	switch {
	case strings.TrimSpace(text) == "" && required:
		return fault.Invalid(field, "ui.error.required")
	case utf8.RuneCountInString(text) > MaxText:
		return fault.Invalid(field, "ui.error.too_long", map[string]any{"Max": MaxText})
	case strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\r' && r != '\t' && memberfile.Unsafe(string(r)) }):
		return fault.Invalid(field, "ui.error.characters")
	}
	return nil
}

// ref writes an id as the answer that a twice-sent form gets.
func ref[ID ~int64](id ID) string { return strconv.FormatInt(int64(id), 10) }

// refID reads what ref wrote.
func refID[ID ~int64](text string, err error) (ID, error) {
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("read a form's answer: %w", err)
	}
	return ID(n), nil
}

// Today is the civil day in the cooperative's time zone.
func (s *Service) Today(ctx context.Context) (day civil.Date, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		day, _, err = identity.TodayTx(tx)
		return err
	})
	return day, err
}
