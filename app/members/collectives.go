package members

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// CollectiveLine is a collective with how many members it has today.
type CollectiveLine struct {
	models.Collective
	Members int64
}

// CollectivePage is a collective with its members counted by class and the handles of who validates for it.
type CollectivePage struct {
	models.Collective
	Members    int64
	Classes    []ClassCount
	Validators []string
	Waiting    int64 // applications that wait; 0 for those who may not see them
}

// ClassCount is how many members of a class there are.
type ClassCount struct {
	Class   models.MemberClass
	Members int64
}

// Collectives lists every collective by name, the open ones first, at most 1,000. Anybody may read it.
func (s *Service) Collectives(ctx context.Context) (all []CollectiveLine, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		return tx.DB.Model(&models.Collective{}).
			Select("collectives.*, (SELECT COUNT(*) FROM members WHERE members.collective_id = collectives.id AND "+models.ActiveOn+") AS members", today, today).
			Order("CASE WHEN collectives.closed_at IS NULL THEN 0 ELSE 1 END, collectives.name, collectives.id").
			Limit(1000).Scan(&all).Error
	})
	return all, err
}

// Collective is one collective with its counts, for members and those who hold a role.
func (s *Service) Collective(ctx context.Context, by identity.Actor, id models.CollectiveID) (page CollectivePage, err error) {
	if err := requireInside(by); err != nil {
		return page, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if page.Collective, err = collectiveTx(tx, id); err != nil {
			return err
		}
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		if page.Classes, page.Members, err = countClassesTx(tx, id, today); err != nil {
			return err
		}
		if err := tx.DB.Model(&models.RoleTerm{}).Joins("JOIN accounts ON accounts.id = role_terms.account_id").
			Where("role_terms.collective_id = ? AND role_terms.role = ? AND "+termRuns, id, models.RoleValidator, today, today).
			Distinct().Order("accounts.handle").Limit(200).Pluck("accounts.handle", &page.Validators).Error; err != nil {
			return fmt.Errorf("read validators of collective %d: %w", id, err)
		}
		if !by.Validates(id) && !by.Has(models.RoleAdministrator) {
			return nil
		}
		return tx.DB.Model(&models.Application{}).Where("collective_id = ? AND outcome = ?", id, models.ApplicationWaiting).Count(&page.Waiting).Error
	})
	return page, err
}

// termRuns is models.RoleTerm.Runs in SQL, for a day that it takes twice.
const termRuns = "role_terms.ended_at IS NULL AND role_terms.starts_on <= ? AND (role_terms.ends_on IS NULL OR role_terms.ends_on >= ?)"

func countClassesTx(tx *db.Tx, id models.CollectiveID, today civil.Date) (counts []ClassCount, total int64, err error) {
	classes, err := ClassesTx(tx)
	if err != nil {
		return nil, 0, err
	}
	var found []struct {
		ClassID models.MemberClassID
		N       int64
	}
	if err := tx.DB.Model(&models.Member{}).Select("class_id, COUNT(*) AS n").
		Where("collective_id = ? AND "+models.ActiveOn, id, today, today).Group("class_id").Scan(&found).Error; err != nil {
		return nil, 0, fmt.Errorf("count members of collective %d: %w", id, err)
	}
	byClass := map[models.MemberClassID]int64{}
	for _, f := range found {
		byClass[f.ClassID] = f.N
		total += f.N
	}
	for _, c := range classes {
		counts = append(counts, ClassCount{Class: c, Members: byClass[c.ID]})
	}
	return counts, total, nil
}

// CollectiveForm is what a collective says of itself.
type CollectiveForm struct {
	Name, Description string
}

func (f *CollectiveForm) check() error {
	f.Name = tidy(f.Name)
	return fault.All(checkLine("name", f.Name, true), checkText("description", f.Description, false))
}

// CreateCollective founds a collective. Administrators do it.
func (s *Service) CreateCollective(ctx context.Context, by identity.Actor, f CollectiveForm, once string) (models.CollectiveID, error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return 0, err
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	var answer string
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		answer, err = tx.Once(once, func() (string, error) {
			row := models.Collective{Name: f.Name, Description: f.Description, CreatedAt: tx.Now}
			made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
			if made.Error != nil {
				return "", fmt.Errorf("store a collective: %w", made.Error)
			}
			if made.RowsAffected == 0 {
				return "", fault.Invalid("name", "members.collective_name_taken")
			}
			return ref(row.ID), audit.LineTx(ctx, tx, by.Account, "collective.created", "collective", int64(row.ID), nil)
		})
		return err
	})
	return refID[models.CollectiveID](answer, err)
}

// RenameCollective changes a collective's name and description. Administrators do it.
func (s *Service) RenameCollective(ctx context.Context, by identity.Actor, id models.CollectiveID, f CollectiveForm) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := collectiveTx(tx, id); err != nil {
			return err
		}
		err := tx.DB.Model(&models.Collective{}).Where("id = ?", id).Updates(map[string]any{"name": f.Name, "description": f.Description}).Error
		if db.Duplicate(err) {
			return fault.Invalid("name", "members.collective_name_taken")
		}
		if err != nil {
			return fmt.Errorf("rename collective %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "collective.renamed", "collective", int64(id), nil)
	})
}

// CloseCollective makes a collective take no more applications; its members stay. Administrators do it, once nobody
// waits for its answer. Closing it twice is no fault.
func (s *Service) CloseCollective(ctx context.Context, by identity.Actor, id models.CollectiveID) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var row models.Collective
		if err := tx.DB.Clauses(clause.Locking{Strength: "UPDATE"}).Take(&row, id).Error; db.Missing(err) {
			return fault.NotFound("members.no_collective")
		} else if err != nil {
			return fmt.Errorf("read collective %d: %w", id, err)
		}
		if row.ClosedAt != nil {
			return nil
		}
		var waiting int64
		if err := tx.DB.Model(&models.Application{}).Where("collective_id = ? AND outcome = ?", id, models.ApplicationWaiting).Count(&waiting).Error; err != nil {
			return fmt.Errorf("count applications to collective %d: %w", id, err)
		}
		if waiting > 0 {
			return fault.Conflict("members.collective_has_waiting")
		}
		if err := tx.DB.Model(&models.Collective{}).Where("id = ?", id).Update("closed_at", tx.Now).Error; err != nil {
			return fmt.Errorf("close collective %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "collective.closed", "collective", int64(id), nil)
	})
}

func collectiveTx(tx *db.Tx, id models.CollectiveID) (c models.Collective, err error) {
	if err := tx.DB.Take(&c, id).Error; db.Missing(err) {
		return c, fault.NotFound("members.no_collective")
	} else if err != nil {
		return c, fmt.Errorf("read collective %d: %w", id, err)
	}
	return c, nil
}

// requireInside refuses whoever neither is a member nor holds a role.
func requireInside(by identity.Actor) error {
	if len(by.Members) > 0 || len(by.Roles) > 0 {
		return nil
	}
	return fault.Forbidden("identity.membership_needed")
}
