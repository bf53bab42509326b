package identity

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

const (
	// passphraseLeast follows NIST SP 800-63B rev. 4: length, not kinds of characters.
	passphraseLeast = 12
	// passphraseMost bounds the work of hashing.
	passphraseMost = 256
)

var handleForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,31}$`)

// NewAccount is what somebody types to get an account.
type NewAccount struct {
	Handle, Passphrase, Again, Language string
}

// SignUp makes an account. It needs neither a legal name nor an email.
func (s *Service) SignUp(ctx context.Context, n NewAccount, address string) (models.AccountID, error) {
	if err := s.mayTry(ctx, "signup", address); err != nil {
		return 0, err
	}
	faults := []*fault.Fault{checkHandle(n.Handle), checkPassphrase(n.Handle, n.Passphrase)}
	if n.Again != n.Passphrase {
		faults = append(faults, fault.Invalid("again", "identity.passphrases_differ"))
	}
	if err := fault.All(faults...); err != nil {
		return 0, err
	}
	hash, err := s.hash(n.Passphrase)
	if err != nil {
		return 0, err
	}
	account := models.Account{Handle: normalHandle(n.Handle), PassphraseHash: hash, Language: n.Language}
	taken := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		// A handle that is taken counts too: asking for one after the other would list all accounts.
		if err := noteTryTx(tx, "signup", address); err != nil {
			return err
		}
		account.CreatedAt = tx.Now
		made := tx.DB.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "handle"}}, DoNothing: true}).Create(&account)
		if made.Error != nil {
			return fmt.Errorf("store an account: %w", made.Error)
		}
		if taken = made.RowsAffected == 0; taken {
			return nil
		}
		return audit.LineTx(ctx, tx, account.ID, "account.created", "account", int64(account.ID), nil)
	})
	if err == nil && taken {
		err = fault.Invalid("handle", "identity.handle_taken")
	}
	if err != nil {
		return 0, err
	}
	return account.ID, nil
}

// Account is one's own account.
func (s *Service) Account(ctx context.Context, by Actor) (a models.Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error { return tx.DB.Take(&a, by.Account).Error })
	if db.Missing(err) {
		return a, fault.Forbidden("identity.sign_in_needed")
	}
	return a, err
}

// ChangePassphrase sets a new passphrase and signs every other device out.
func (s *Service) ChangePassphrase(ctx context.Context, by Actor, now, next, again, address string) error {
	account, err := s.Account(ctx, by)
	if err != nil {
		return err
	}
	if err := s.mayTry(ctx, "handle", account.Handle); err != nil {
		return err
	}
	ok, err := s.matches(&account, now)
	if err != nil {
		return err
	}
	if !ok {
		if err := s.noteFailure(ctx, account.Handle, address); err != nil {
			return err
		}
		return fault.Invalid("now", "identity.passphrase_wrong")
	}
	faults := []*fault.Fault{checkPassphrase(account.Handle, next)}
	if next != again {
		faults = append(faults, fault.Invalid("again", "identity.passphrases_differ"))
	}
	if err := fault.All(faults...); err != nil {
		return err
	}
	hash, err := s.hash(next)
	if err != nil {
		return err
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgiveTx(tx, account.Handle); err != nil {
			return err
		}
		if err := tx.DB.Model(&models.Account{}).Where("id = ?", by.Account).Update("passphrase_hash", hash).Error; err != nil {
			return fmt.Errorf("store a passphrase: %w", err)
		}
		if err := endSessionsTx(tx, by.Account, by.Session); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "account.passphrase_changed", "account", int64(by.Account), nil)
	})
}

// ResetPassphrase gives an account another passphrase when its owner has lost theirs. Whoever runs the server does it,
// from the command line. Every device is signed out, the waits of wrong guesses end, and the owner reads of it.
func (s *Service) ResetPassphrase(ctx context.Context, handle, next string) error {
	account, err := s.AccountByHandle(ctx, handle)
	if err != nil {
		return err
	}
	if wrong := checkPassphrase(account.Handle, next); wrong != nil {
		return wrong
	}
	hash, err := s.hash(next)
	if err != nil {
		return err
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		set := tx.DB.Model(&models.Account{}).Where("id = ? AND disabled_at IS NULL", account.ID).Update("passphrase_hash", hash)
		if set.Error != nil {
			return fmt.Errorf("store a passphrase: %w", set.Error)
		}
		if set.RowsAffected == 0 {
			return fault.Conflict("identity.account_disabled")
		}
		if err := endSessionsTx(tx, account.ID, 0); err != nil {
			return err
		}
		if err := tx.DB.Where("key = ?", throttleKey("handle", account.Handle)).Delete(&models.Throttle{}).Error; err != nil {
			return fmt.Errorf("forgive failures: %w", err)
		}
		if err := NotifyTx(ctx, tx, account.ID, "identity.notice.passphrase_reset", nil, "/account"); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, 0, "account.passphrase_reset", "account", int64(account.ID), nil)
	})
}

// SetLanguage sets the language in which the account reads pages and letters.
func (s *Service) SetLanguage(ctx context.Context, by Actor, language string) error {
	if language != "ca" && language != "es" && language != "en" {
		return fault.Invalid("language", "identity.language_unknown")
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.Account{}).Where("id = ?", by.Account).Update("language", language).Error
	})
}

// AccountByHandle finds the account that a handle names.
func (s *Service) AccountByHandle(ctx context.Context, handle string) (a models.Account, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("handle = ?", normalHandle(handle)).Take(&a).Error
	})
	if db.Missing(err) {
		return a, fault.Invalid("handle", "identity.handle_unknown")
	}
	return a, err
}

func normalHandle(h string) string { return strings.ToLower(strings.TrimSpace(h)) }

func checkHandle(h string) *fault.Fault {
	switch {
	case strings.TrimSpace(h) == "":
		return fault.Invalid("handle", "ui.error.required")
	case !handleForm.MatchString(normalHandle(h)):
		return fault.Invalid("handle", "identity.handle_form")
	}
	return nil
}

func checkPassphrase(handle, p string) *fault.Fault {
	length := utf8.RuneCountInString(p)
	switch {
	case length == 0:
		return fault.Invalid("passphrase", "ui.error.required")
	case length < passphraseLeast:
		return fault.Invalid("passphrase", "identity.passphrase_short", map[string]any{"least": passphraseLeast})
	case length > passphraseMost:
		return fault.Invalid("passphrase", "identity.passphrase_long", map[string]any{"most": passphraseMost})
	case strings.Contains(strings.ToLower(p), normalHandle(handle)) && len(normalHandle(handle)) > 3, sameRune(p):
		return fault.Invalid("passphrase", "identity.passphrase_guessable")
	}
	return nil
}

func sameRune(p string) bool {
	first, _ := utf8.DecodeRuneInString(p)
	return strings.Trim(p, string(first)) == ""
}
