package identity

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Appointment gives an account a role for a term. CollectiveID is for validators only; a zero EndsOn is an open end.
type Appointment struct {
	Handle       string
	Role         models.Role
	CollectiveID models.CollectiveID
	StartsOn     civil.Date
	EndsOn       civil.Date
	Reason       string
}

// Holder is a term of a role with the handle of who holds it. Past says that it is over, early or on its last day.
type Holder struct {
	models.RoleTerm
	Handle     string
	Collective string
	Past       bool
}

// Appoint begins a term. Administrators appoint; the reason names the resolution that they carry out. Whoever is
// appointed is signed out, so that a session that was stolen before gains nothing; who appoints themselves keeps the
// session they act in, under the new token that is returned.
func (s *Service) Appoint(ctx context.Context, by Actor, a Appointment, once string) (token string, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return "", err
	}
	if err := a.check(); err != nil {
		return "", err
	}
	account, err := s.AccountByHandle(ctx, a.Handle)
	if err != nil {
		return "", err
	}
	if account.DisabledAt != nil {
		return "", fault.Invalid("handle", "identity.account_disabled")
	}
	defer s.Forget()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		token = ""
		_, err := tx.Once(once, func() (string, error) {
			term := models.RoleTerm{AccountID: account.ID, Role: a.Role, StartsOn: a.StartsOn, EndsOn: a.EndsOn, Reason: a.Reason, AppointedBy: &by.Account, AppointedAt: tx.Now}
			if a.Role == models.RoleValidator {
				if err := openCollectiveTx(tx, a.CollectiveID); err != nil {
					return "", err
				}
				term.CollectiveID = &a.CollectiveID
			}
			if err := tx.DB.Create(&term).Error; err != nil {
				return "", fmt.Errorf("store a term: %w", err)
			}
			if err := endSessionsTx(tx, account.ID, by.Session); err != nil {
				return "", err
			}
			if account.ID == by.Account {
				if token, err = renewTx(tx, by.Session); err != nil {
					return "", err
				}
			}
			if err := NotifyTx(ctx, tx, account.ID, "identity.notice.appointed", map[string]string{"role": string(a.Role)}, "/account"); err != nil {
				return "", err
			}
			return strconv.FormatInt(int64(term.ID), 10), audit.LineTx(ctx, tx, by.Account, "role.appointed", "role_term", int64(term.ID), audit.Detail{"account": account.ID, "role": a.Role})
		})
		return err
	})
	return token, err
}

// Recover makes an account administrator from today on, when nobody else can appoint one: the last term has run out, or
// its holder is gone. Whoever runs the server does it, from the command line; the reason names the resolution.
func (s *Service) Recover(ctx context.Context, handle, reason string) error {
	if strings.TrimSpace(reason) == "" {
		return fault.Invalid("reason", "ui.error.required")
	}
	account, err := s.AccountByHandle(ctx, handle)
	if err != nil {
		return err
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		today, _, err := TodayTx(tx)
		if err != nil {
			return err
		}
		if account.DisabledAt != nil {
			return fault.Conflict("identity.account_disabled")
		}
		term := models.RoleTerm{AccountID: account.ID, Role: models.RoleAdministrator, StartsOn: today, Reason: reason, AppointedAt: tx.Now}
		if err := tx.DB.Create(&term).Error; err != nil {
			return fmt.Errorf("store a term: %w", err)
		}
		if err := endSessionsTx(tx, account.ID, 0); err != nil {
			return err
		}
		if err := NotifyTx(ctx, tx, account.ID, "identity.notice.appointed", map[string]string{"role": string(term.Role)}, "/account"); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, 0, "role.appointed", "role_term", int64(term.ID), audit.Detail{"account": account.ID, "role": term.Role})
	})
}

func (a Appointment) check() error {
	var faults []*fault.Fault
	if !slices.Contains(models.Roles, a.Role) {
		faults = append(faults, fault.Invalid("role", "identity.role_unknown"))
	}
	if (a.Role == models.RoleValidator) != (a.CollectiveID != 0) {
		faults = append(faults, fault.Invalid("collective", "identity.collective_for_validator"))
	}
	if a.StartsOn.IsZero() {
		faults = append(faults, fault.Invalid("starts_on", "ui.error.required"))
	}
	if !a.EndsOn.IsZero() && a.EndsOn.Before(a.StartsOn) {
		faults = append(faults, fault.Invalid("ends_on", "identity.term_ends_before_it_starts"))
	}
	if strings.TrimSpace(a.Reason) == "" {
		faults = append(faults, fault.Invalid("reason", "ui.error.required"))
	}
	return fault.All(faults...)
}

// openCollectiveTx refuses a collective that is not there, or is closed.
func openCollectiveTx(tx *db.Tx, id models.CollectiveID) error {
	var open int64
	if err := tx.DB.Model(&models.Collective{}).Where("id = ? AND closed_at IS NULL", id).Count(&open).Error; err != nil {
		return fmt.Errorf("read collective %d: %w", id, err)
	}
	if open == 0 {
		return fault.Invalid("collective", "identity.collective_for_validator")
	}
	return nil
}

// EndTerm ends a term early; one that is over stays as it is. The last administrator cannot end their own: nobody could appoint another.
func (s *Service) EndTerm(ctx context.Context, by Actor, id models.RoleTermID) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	defer s.Forget()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var term models.RoleTerm
		if err := tx.DB.Take(&term, id).Error; db.Missing(err) {
			return fault.NotFound("identity.no_term")
		} else if err != nil {
			return fmt.Errorf("read term %d: %w", id, err)
		}
		today, _, err := TodayTx(tx)
		if err != nil {
			return err
		}
		if term.Over(today) {
			return nil // ended already: the same answer
		}
		if term.Role == models.RoleAdministrator {
			if err := keepsAnAdministratorTx(tx, "id <> ?", term.ID); err != nil {
				return err
			}
		}
		done := tx.DB.Model(&models.RoleTerm{}).Where("id = ? AND ended_at IS NULL", id).Updates(map[string]any{"ended_at": tx.Now, "ended_by": by.Account})
		if done.Error != nil {
			return fmt.Errorf("end term %d: %w", id, done.Error)
		}
		if done.RowsAffected == 0 {
			return nil // meanwhile
		}
		return audit.LineTx(ctx, tx, by.Account, "role.ended", "role_term", int64(id), nil)
	})
}

// keepsAnAdministratorTx refuses to go on when none of the terms that are left makes anybody an administrator today.
func keepsAnAdministratorTx(tx *db.Tx, left string, gone any) error {
	today, _, err := TodayTx(tx)
	if err != nil {
		return err
	}
	q := tx.DB.Where("role = ? AND ended_at IS NULL", models.RoleAdministrator).Where(left, gone).
		Where("account_id NOT IN (SELECT id FROM accounts WHERE disabled_at IS NOT NULL)")
	if tx.Flavor() == db.Postgres {
		// Two administrators who end each other's term, or disable each other, at the same time must not both succeed.
		if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(hashtext('socia/administrators'))").Error; err != nil {
			return fmt.Errorf("lock administrators: %w", err)
		}
	}
	var others []models.RoleTerm
	if err := q.Find(&others).Error; err != nil {
		return fmt.Errorf("read administrators: %w", err)
	}
	for _, t := range others {
		if t.Runs(today) {
			return nil
		}
	}
	return fault.Conflict("identity.last_administrator")
}

// Holders lists the terms, running ones first, at most 500.
func (s *Service) Holders(ctx context.Context, by Actor) (all []Holder, err error) {
	if !by.SignedIn() {
		return nil, fault.Forbidden("identity.sign_in_needed")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := TodayTx(tx)
		if err != nil {
			return err
		}
		err = tx.DB.Model(&models.RoleTerm{}).
			Select("role_terms.*, accounts.handle AS handle, COALESCE(collectives.name, '') AS collective").
			Joins("JOIN accounts ON accounts.id = role_terms.account_id").
			Joins("LEFT JOIN collectives ON collectives.id = role_terms.collective_id").
			Order(clause.OrderBy{Expression: clause.Expr{SQL: "CASE WHEN role_terms.ended_at IS NULL AND (role_terms.ends_on IS NULL OR role_terms.ends_on >= ?) THEN 0 ELSE 1 END, role_terms.role, role_terms.starts_on DESC, role_terms.id DESC", Vars: []any{today}}}).
			Limit(500).Scan(&all).Error
		for i := range all {
			all[i].Past = all[i].Over(today)
		}
		return err
	})
	return all, err
}

// Collectives lists the collectives there are, by name: a validator's term names one.
func (s *Service) Collectives(ctx context.Context) (all []models.Collective, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("closed_at IS NULL").Order("name").Limit(1000).Find(&all).Error
	})
	return all, err
}
