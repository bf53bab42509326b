package members

import (
	"context"
	"fmt"
	"slices"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/memberfile"
	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

// Details are what a member says of themselves and may change. An empty email is none.
type Details struct {
	Name, Representative, Email, Language string
}

func (d *Details) check(kind models.MemberKind) error {
	d.Name, d.Representative, d.Email = tidy(d.Name), tidy(d.Representative), tidy(d.Email)
	if kind == models.Person {
		d.Representative = ""
	}
	var email, language *fault.Fault
	if d.Email != "" && (memberfile.Unsafe(d.Email) || !memberfile.IsAddress(d.Email)) {
		email = fault.Invalid("email", "ui.error.email")
	}
	if !slices.Contains([]string{"ca", "es", "en"}, d.Language) {
		language = fault.Invalid("language", "ui.error.choose")
	}
	return fault.All(checkLine("name", d.Name, true), checkLine("representative", d.Representative, kind == models.Organisation), email, language)
}

// ChangeDetails changes a member's own details: the member does it, or an administrator.
func (s *Service) ChangeDetails(ctx context.Context, by identity.Actor, id models.MemberID, d Details) error {
	if err := by.RequireActsFor(id, models.RoleAdministrator); err != nil {
		return err
	}
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := memberTx(tx, id)
		if err != nil {
			return err
		}
		if err := d.check(m.Kind); err != nil {
			return err
		}
		email, err := s.sealEmail(id, d.Email)
		if err != nil {
			return err
		}
		if err := tx.DB.Model(&models.Member{}).Where("id = ?", id).Updates(map[string]any{
			"name": d.Name, "sort_name": SortName(d.Name), "representative": d.Representative, "email_sealed": email, "language": d.Language,
		}).Error; err != nil {
			return fmt.Errorf("change member %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "member.changed", "member", int64(id), nil)
	})
}

// LinkAccount lets an account act for a member, such as one who was imported. Administrators do it and the account is
// told. A member has one account; an account is one person and may represent many organisations.
func (s *Service) LinkAccount(ctx context.Context, by identity.Actor, id models.MemberID, handle, once string) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	if tidy(handle) == "" {
		return fault.Invalid("handle", "ui.error.required")
	}
	account, err := s.who.AccountByHandle(ctx, handle)
	if err != nil {
		return err
	}
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) { return ref(id), linkTx(ctx, tx, by, id, account) })
		return err
	})
}

func linkTx(ctx context.Context, tx *db.Tx, by identity.Actor, id models.MemberID, account models.Account) error {
	m, err := memberTx(tx, id)
	if err != nil {
		return err
	}
	if account.DisabledAt != nil {
		return fault.Invalid("handle", "identity.handle_unknown")
	}
	if m.Kind == models.Person {
		if err := requireFreeTx(tx, account.ID); err != nil {
			return err
		}
	}
	done := tx.DB.Model(&models.Member{}).Where("id = ? AND account_id IS NULL", id).Update("account_id", account.ID)
	switch {
	case db.Duplicate(done.Error):
		return fault.Invalid("handle", "members.account_has_person")
	case done.Error != nil:
		return fmt.Errorf("link member %d: %w", id, done.Error)
	case done.RowsAffected == 0:
		return fault.Conflict("members.linked_already")
	}
	if err := identity.NotifyTx(ctx, tx, account.ID, "members.notice.linked", nil, fmt.Sprintf("/members/%d", id)); err != nil {
		return err
	}
	return audit.LineTx(ctx, tx, by.Account, "member.linked", "member", int64(id), audit.Detail{"account": account.ID})
}

// requireFreeTx refuses an account that is a person already, or asks to become one.
func requireFreeTx(tx *db.Tx, account models.AccountID) error {
	if err := requireNoPersonTx(tx, account); fault.Has(err, "members.account_has_person") {
		return fault.Invalid("handle", "members.account_has_person")
	} else if err != nil {
		return err
	}
	var waiting int64
	if err := tx.DB.Model(&models.Application{}).Where("account_id = ? AND kind = ? AND outcome = ?", account, models.Person, models.ApplicationWaiting).
		Count(&waiting).Error; err != nil {
		return fmt.Errorf("read applications of account %d: %w", account, err)
	}
	if waiting > 0 {
		return fault.Invalid("handle", "members.account_is_applying")
	}
	return nil
}

// UnlinkAccount takes a member's account away, when it was linked by mistake. Administrators do it and the account is
// told. Doing it twice is no fault.
func (s *Service) UnlinkAccount(ctx context.Context, by identity.Actor, id models.MemberID) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	defer s.who.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := memberTx(tx, id)
		if err != nil || m.AccountID == nil {
			return err
		}
		done := tx.DB.Model(&models.Member{}).Where("id = ? AND account_id = ?", id, *m.AccountID).Update("account_id", nil)
		if done.Error != nil {
			return fmt.Errorf("unlink member %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.Conflict("members.changed_meanwhile")
		}
		if err := identity.NotifyTx(ctx, tx, *m.AccountID, "members.notice.unlinked", nil, "/account"); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "member.unlinked", "member", int64(id), audit.Detail{"account": *m.AccountID})
	})
}

func emailPlace(id models.MemberID) string { return fmt.Sprintf("members.email/%d", id) }

// sealEmail seals an address for its member's row; no address is nil.
func (s *Service) sealEmail(id models.MemberID, email string) ([]byte, error) {
	if email == "" {
		return nil, nil
	}
	sealed, err := s.seal.Seal([]byte(email), emailPlace(id))
	if err != nil {
		return nil, fmt.Errorf("seal the email of member %d: %w", id, err)
	}
	return sealed, nil
}

// openEmail is the address of a member, "" if there is none. One that this installation's key does not open is unread:
// the key was lost or changed, and the address has to be asked for again.
func (s *Service) openEmail(m models.Member) (email string, unread bool) {
	email, err := Address(s.seal, m)
	return email, err != nil
}

// Address opens the address that letters to a member go to; "" without one.
func Address(s *seal.Sealer, m models.Member) (string, error) {
	if len(m.EmailSealed) == 0 {
		return "", nil
	}
	opened, err := s.Open(m.EmailSealed, emailPlace(m.ID))
	return string(opened), err
}

// sealsTried is how many sealed addresses CheckSeals opens: enough to know that the key fits.
const sealsTried = 50

// CheckSeals tries to open the newest sealed addresses, and says how many opened and how many did not.
func (s *Service) CheckSeals(ctx context.Context) (opened, failed int, err error) {
	var rows []models.Member
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("length(email_sealed) > 0").Order("id DESC").Limit(sealsTried).Find(&rows).Error
	})
	for _, m := range rows {
		if _, err := s.seal.Open(m.EmailSealed, emailPlace(m.ID)); err != nil {
			failed++
		} else {
			opened++
		}
	}
	return opened, failed, err
}
