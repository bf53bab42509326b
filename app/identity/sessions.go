package identity

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"socia/app/audit"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

const (
	// sessionLasts is how long a device stays signed in, however often it is used.
	sessionLasts = 30 * 24 * time.Hour
	// seenEvery is how often a session's last use is written down: seldom, for it costs a write.
	seenEvery = time.Hour
)

// SignIn opens a session and returns its token, which only the device keeps. A wrong handle and a wrong passphrase
// get the same answer after the same time.
func (s *Service) SignIn(ctx context.Context, handle, passphrase, address, device string) (token string, err error) {
	handle = normalHandle(handle)
	if err := s.db.Read(ctx, func(tx *db.Tx) error { return maySignInTx(tx, handle, address) }); err != nil {
		return "", err
	}
	account, err := s.accountToSignIn(ctx, handle)
	if err != nil {
		return "", err
	}
	ok, err := s.matches(account, passphrase)
	if err != nil {
		return "", fmt.Errorf("compare a passphrase: %w", err)
	}
	if !ok {
		if err := s.noteFailure(ctx, handle, address); err != nil {
			return "", err
		}
		return "", fault.Invalid("passphrase", "identity.sign_in_wrong")
	}
	token = newToken()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := maySignInTx(tx, handle, address); err != nil {
			return err
		}
		if err := forgiveTx(tx, handle); err != nil {
			return err
		}
		return openTx(ctx, tx, *account, token, device)
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// openTx stores a session, unless the account was disabled or got another passphrase after the old one was compared.
func openTx(ctx context.Context, tx *db.Tx, account models.Account, token, device string) error {
	same := tx.DB.Model(&models.Account{}).Where("id = ? AND passphrase_hash = ? AND disabled_at IS NULL", account.ID, account.PassphraseHash).Update("handle", account.Handle)
	if same.Error != nil {
		return fmt.Errorf("lock account %d: %w", account.ID, same.Error)
	}
	if same.RowsAffected == 0 {
		return fault.Invalid("passphrase", "identity.sign_in_wrong")
	}
	session := models.Session{AccountID: account.ID, TokenHash: tokenHash(token), Device: device, CreatedAt: tx.Now, SeenAt: tx.Now, ExpiresAt: tx.Now.Add(sessionLasts)}
	if err := tx.DB.Create(&session).Error; err != nil {
		return fmt.Errorf("store a session: %w", err)
	}
	return audit.LineTx(ctx, tx, account.ID, "session.opened", "session", int64(session.ID), nil)
}

func (s *Service) accountToSignIn(ctx context.Context, handle string) (*models.Account, error) {
	var found []models.Account
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("handle = ? AND disabled_at IS NULL", handle).Limit(1).Find(&found).Error
	})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Resolve says who a session's token belongs to; the zero Actor when to nobody any more.
func (s *Service) Resolve(ctx context.Context, token string) (Actor, error) {
	if token == "" {
		return Actor{}, nil
	}
	now := s.db.Clock().Now()
	if a, ok := s.recent.get(token, now); ok {
		return a, nil
	}
	known := s.recent.generation()
	a, session, err := s.resolve(ctx, token)
	if err != nil || !a.SignedIn() {
		return Actor{}, err
	}
	if now.Sub(session.SeenAt) >= seenEvery {
		if err := s.touch(ctx, a.Session); err != nil {
			return Actor{}, err
		}
	}
	s.recent.put(token, a, now, known)
	return a, nil
}

func (s *Service) resolve(ctx context.Context, token string) (a Actor, session models.Session, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var sessions []models.Session
		if err := tx.DB.Where("token_hash = ?", tokenHash(token)).Limit(1).Find(&sessions).Error; err != nil {
			return fmt.Errorf("read a session: %w", err)
		}
		if len(sessions) == 0 || !sessions[0].Live(tx.Now) {
			return nil
		}
		session = sessions[0]
		a, err = ActorTx(tx, session.AccountID)
		a.Session = session.ID
		return err
	})
	return a, session, err
}

// ActorTx is an account with its roles and memberships of today; the zero Actor when the account is disabled.
func ActorTx(tx *db.Tx, id models.AccountID) (Actor, error) {
	var account models.Account
	if err := tx.DB.Take(&account, id).Error; err != nil {
		return Actor{}, fmt.Errorf("read account %d: %w", id, err)
	}
	if account.DisabledAt != nil {
		return Actor{}, nil
	}
	today := civil.Of(tx.Now, time.UTC)
	if day, _, err := TodayTx(tx); err == nil {
		today = day
	}
	a := Actor{Account: account.ID, Handle: account.Handle, Language: account.Language}
	if err := a.readTx(tx, id, today); err != nil {
		return Actor{}, err
	}
	return a, nil
}

// readTx reads the roles and the members that an account has on a day.
func (a *Actor) readTx(tx *db.Tx, id models.AccountID, today civil.Date) error {
	var terms []models.RoleTerm
	if err := tx.DB.Where("account_id = ? AND ended_at IS NULL", id).Order("id").Find(&terms).Error; err != nil {
		return fmt.Errorf("read roles of account %d: %w", id, err)
	}
	for _, t := range terms {
		if t.Runs(today) {
			a.Roles = append(a.Roles, t)
		}
	}
	var members []models.Member
	if err := tx.DB.Where("account_id = ?", id).Order("id").Find(&members).Error; err != nil {
		return fmt.Errorf("read members of account %d: %w", id, err)
	}
	for _, m := range members {
		if m.Active(today) {
			a.Members = append(a.Members, m)
		}
	}
	return nil
}

func (s *Service) touch(ctx context.Context, id models.SessionID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return tx.DB.Model(&models.Session{}).Where("id = ? AND revoked_at IS NULL", id).Update("seen_at", tx.Now).Error
	})
}

// renewTx gives a session another token; the old one is worth nothing any more.
func renewTx(tx *db.Tx, id models.SessionID) (token string, err error) {
	token = newToken()
	if err := tx.DB.Model(&models.Session{}).Where("id = ? AND revoked_at IS NULL", id).Update("token_hash", tokenHash(token)).Error; err != nil {
		return "", fmt.Errorf("renew session %d: %w", id, err)
	}
	return token, nil
}

func newToken() string { return rand.Text() + rand.Text() }

// endSessionsTx signs an account out everywhere, except in one session if it is not 0.
func endSessionsTx(tx *db.Tx, account models.AccountID, except models.SessionID) error {
	ended := tx.DB.Model(&models.Session{}).Where("account_id = ? AND id <> ? AND revoked_at IS NULL", account, except).Update("revoked_at", tx.Now)
	if ended.Error != nil {
		return fmt.Errorf("end the sessions of account %d: %w", account, ended.Error)
	}
	return nil
}

// Sessions lists the devices on which the actor is signed in, the newest first.
func (s *Service) Sessions(ctx context.Context, by Actor) (all []models.Session, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("account_id = ? AND revoked_at IS NULL AND expires_at > ?", by.Account, tx.Now).Order("id DESC").Limit(100).Find(&all).Error
	})
	return all, err
}

// SignOut ends the actor's own session.
func (s *Service) SignOut(ctx context.Context, by Actor) error {
	return s.Revoke(ctx, by, by.Session)
}

// Revoke ends one of the actor's sessions. Ending it twice is no fault.
func (s *Service) Revoke(ctx context.Context, by Actor, id models.SessionID) error {
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var own int64
		if err := tx.DB.Model(&models.Session{}).Where("id = ? AND account_id = ?", id, by.Account).Count(&own).Error; err != nil {
			return fmt.Errorf("read session %d: %w", id, err)
		}
		if own == 0 {
			return fault.NotFound("identity.no_session")
		}
		if err := tx.DB.Model(&models.Session{}).Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", tx.Now).Error; err != nil {
			return fmt.Errorf("end session %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "session.ended", "session", int64(id), nil)
	})
}
