package identity

import (
	"context"
	"fmt"
	"strings"

	"socia/app/audit"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// accountsPage is how many accounts one page lists.
const accountsPage = 50

// Accounts is one page of the list of accounts, by handle. Next is where the page after begins, "" at the end.
type Accounts struct {
	Accounts []models.Account
	Total    int64
	Next     string
}

// Accounts lists the accounts whose handle contains a text, from the one behind the handle after. For administrators.
func (s *Service) Accounts(ctx context.Context, by Actor, search, after string) (all Accounts, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return all, err
	}
	part := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(normalHandle(search)) + "%"
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := tx.DB.Model(&models.Account{}).Where("handle LIKE ? ESCAPE '!'", part).Count(&all.Total).Error; err != nil {
			return fmt.Errorf("count accounts: %w", err)
		}
		if err := tx.DB.Where("handle LIKE ? ESCAPE '!' AND handle > ?", part, after).Order("handle").Limit(accountsPage + 1).Find(&all.Accounts).Error; err != nil {
			return fmt.Errorf("list accounts: %w", err)
		}
		if len(all.Accounts) > accountsPage {
			all.Accounts = all.Accounts[:accountsPage]
			all.Next = all.Accounts[accountsPage-1].Handle
		}
		return nil
	})
	return all, err
}

// AccountAct is a disabling or an enabling with the handle of who did it.
type AccountAct struct {
	models.AccountAct
	Handle string
}

// AccountFile is what administrators see of an account: what it may do today, and what was done to it, newest first.
type AccountFile struct {
	models.Account
	Roles   []models.RoleTerm
	Members []models.Member
	Acts    []AccountAct
}

// AccountFile reads it.
func (s *Service) AccountFile(ctx context.Context, by Actor, id models.AccountID) (f AccountFile, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return f, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if f.Account, err = accountTx(tx, id); err != nil {
			return err
		}
		today, _, err := TodayTx(tx)
		if err != nil {
			return err
		}
		may := Actor{}
		if err := may.readTx(tx, id, today); err != nil {
			return err
		}
		f.Roles, f.Members = may.Roles, may.Members
		return tx.DB.Model(&models.AccountAct{}).Select("account_acts.*, accounts.handle AS handle").
			Joins("JOIN accounts ON accounts.id = account_acts.by_id").
			Where("account_acts.account_id = ?", id).Order("account_acts.id DESC").Limit(100).Scan(&f.Acts).Error
	})
	return f, err
}

func accountTx(tx *db.Tx, id models.AccountID) (a models.Account, err error) {
	if err := tx.DB.Take(&a, id).Error; db.Missing(err) {
		return a, fault.NotFound("identity.no_account")
	} else if err != nil {
		return a, fmt.Errorf("read account %d: %w", id, err)
	}
	return a, nil
}

// Disable keeps an account from signing in and signs it out everywhere. Its memberships and terms stay as they are.
// Nobody disables their own account, and an administrator always remains. Doing it twice is no fault.
func (s *Service) Disable(ctx context.Context, by Actor, id models.AccountID, reason string) error {
	if by.Account == id {
		return fault.Conflict("identity.own_account")
	}
	return s.actOn(ctx, by, id, models.AccountDisabled, reason, func(tx *db.Tx) error {
		if err := keepsAnAdministratorTx(tx, "account_id <> ?", id); err != nil {
			return err
		}
		return endSessionsTx(tx, id, 0)
	})
}

// Enable lets a disabled account sign in again, with the passphrase that it had; the account is told. Doing it twice is
// no fault.
func (s *Service) Enable(ctx context.Context, by Actor, id models.AccountID, reason string) error {
	return s.actOn(ctx, by, id, models.AccountEnabled, reason, func(tx *db.Tx) error {
		return NotifyTx(ctx, tx, id, "identity.notice.account_enabled", nil, "/account")
	})
}

func (s *Service) actOn(ctx context.Context, by Actor, id models.AccountID, act models.AccountActKind, reason string, also func(*db.Tx) error) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "ui.error.required")
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := accountTx(tx, id); err != nil {
			return err
		}
		set, now := tx.DB.Model(&models.Account{}).Where("id = ? AND disabled_at IS NULL", id), any(tx.Now)
		if act == models.AccountEnabled {
			set, now = tx.DB.Model(&models.Account{}).Where("id = ? AND disabled_at IS NOT NULL", id), nil
		}
		if done := set.Update("disabled_at", now); done.Error != nil {
			return fmt.Errorf("change account %d: %w", id, done.Error)
		} else if done.RowsAffected == 0 {
			return nil // it is so already: the same answer
		}
		if err := also(tx); err != nil {
			return err
		}
		row := models.AccountAct{AccountID: id, Act: act, Reason: reason, ByID: by.Account, At: tx.Now}
		if err := tx.DB.Create(&row).Error; err != nil {
			return fmt.Errorf("store what was done to account %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "account."+string(act), "account", int64(id), nil)
	})
}
