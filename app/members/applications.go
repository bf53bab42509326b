package members

import (
	"context"
	"fmt"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// ApplicationForm is what somebody types to become a member. An organisation names who represents it; a person may
// write a pseudonym.
type ApplicationForm struct {
	Kind           models.MemberKind
	Name           string
	Representative string
	ClassID        models.MemberClassID
	CollectiveID   models.CollectiveID
	Motivation     string
}

func (f *ApplicationForm) check() error {
	f.Name, f.Representative = tidy(f.Name), tidy(f.Representative)
	var kind, class, collective *fault.Fault
	switch f.Kind {
	case models.Person:
		f.Representative = ""
	case models.Organisation:
	default: // what a form sent is not yet one of the closed type
		kind = fault.Invalid("kind", "ui.error.choose")
	}
	if f.ClassID == 0 {
		class = fault.Invalid("class", "ui.error.choose")
	}
	if f.CollectiveID == 0 {
		collective = fault.Invalid("collective", "ui.error.choose")
	}
	return fault.All(kind, checkLine("name", f.Name, true), checkLine("representative", f.Representative, f.Kind == models.Organisation),
		class, collective, checkText("motivation", f.Motivation, false))
}

// Request is an application with what its pages say beside it. Until Deadline, that day included, the collective may
// answer; then, if SilenceAdmits, the applicant is admitted. Number is the member's, once admitted.
type Request struct {
	models.Application
	Class         models.MemberClass
	Collective    string
	Handle        string
	Deadline      civil.Date
	SilenceAdmits bool
	Article       string
	Number        int64
}

// Deadline is the last day on which an application is answered (Llei 12/2015 art. 29.2: three months).
func Deadline(a models.Application, rule rules.Admission, coop models.Cooperative) civil.Date {
	return rule.DueOn(civil.Of(a.AppliedAt, coop.Location()))
}

// Apply asks for membership and tells those who validate for the collective. An account has one application at a time.
func (s *Service) Apply(ctx context.Context, by identity.Actor, f ApplicationForm, once string) (models.ApplicationID, error) {
	if !by.SignedIn() {
		return 0, fault.Forbidden("identity.sign_in_needed")
	}
	if err := f.check(); err != nil {
		return 0, err
	}
	var answer string
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		answer, err = tx.Once(once, func() (string, error) {
			id, err := applyTx(ctx, tx, by, f)
			return ref(id), err
		})
		return err
	})
	return refID[models.ApplicationID](answer, err)
}

func applyTx(ctx context.Context, tx *db.Tx, by identity.Actor, f ApplicationForm) (models.ApplicationID, error) {
	if err := checkChoicesTx(tx, f); err != nil {
		return 0, err
	}
	if f.Kind == models.Person {
		if err := requireNoPersonTx(tx, by.Account); err != nil {
			return 0, err
		}
	}
	row := models.Application{
		AccountID: by.Account, Kind: f.Kind, Name: f.Name, Representative: f.Representative, ClassID: f.ClassID, CollectiveID: f.CollectiveID,
		Motivation: f.Motivation, AppliedAt: tx.Now, Outcome: models.ApplicationWaiting,
	}
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil {
		return 0, fmt.Errorf("store an application: %w", made.Error)
	}
	if made.RowsAffected == 0 {
		return 0, fault.Conflict("members.application_waiting")
	}
	if err := tellValidatorsTx(ctx, tx, row); err != nil {
		return 0, err
	}
	return row.ID, audit.LineTx(ctx, tx, by.Account, "application.made", "application", int64(row.ID), audit.Detail{"collective": row.CollectiveID})
}

// checkChoicesTx also keeps the collective open until the act ends.
func checkChoicesTx(tx *db.Tx, f ApplicationForm) error {
	var classes int64
	if err := tx.DB.Model(&models.MemberClass{}).Where("id = ?", f.ClassID).Count(&classes).Error; err != nil {
		return fmt.Errorf("read class %d: %w", f.ClassID, err)
	}
	var class, collective *fault.Fault
	if classes == 0 {
		class = fault.Invalid("class", "ui.error.choice")
	}
	var collectives []models.Collective
	if err := tx.DB.Clauses(clause.Locking{Strength: "SHARE"}).Where("id = ? AND closed_at IS NULL", f.CollectiveID).Limit(1).Find(&collectives).Error; err != nil {
		return fmt.Errorf("read collective %d: %w", f.CollectiveID, err)
	}
	if len(collectives) == 0 {
		collective = fault.Invalid("collective", "ui.error.choice")
	}
	return fault.All(class, collective)
}

// requireNoPersonTx refuses an account that is a member as a person already: one person, one membership.
func requireNoPersonTx(tx *db.Tx, account models.AccountID) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var n int64
	if err := tx.DB.Model(&models.Member{}).Where("account_id = ? AND kind = ? AND (left_on IS NULL OR left_on >= ?)", account, models.Person, today).
		Count(&n).Error; err != nil {
		return fmt.Errorf("read members of account %d: %w", account, err)
	}
	if n > 0 {
		return fault.Conflict("members.account_has_person")
	}
	return nil
}

// tellValidatorsTx puts the application in the inbox of everyone who validates for its collective today; of the
// administrators when nobody does, so that they appoint somebody.
func tellValidatorsTx(ctx context.Context, tx *db.Tx, a models.Application) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	var terms []models.RoleTerm
	if err := tx.DB.Where("((role = ? AND collective_id = ?) OR role = ?) AND "+termRuns, models.RoleValidator, a.CollectiveID, models.RoleAdministrator, today, today).
		Order("id").Find(&terms).Error; err != nil {
		return fmt.Errorf("read validators of collective %d: %w", a.CollectiveID, err)
	}
	validators, administrators := accountsIn(terms, models.RoleValidator), accountsIn(terms, models.RoleAdministrator)
	args, err := noticeArgsTx(tx, a)
	if err != nil {
		return err
	}
	if len(validators) == 0 {
		return identity.NotifyAllTx(ctx, tx, administrators, "members.notice.nobody_validates", args, fmt.Sprintf("/collectives/%d", a.CollectiveID))
	}
	return identity.NotifyAllTx(ctx, tx, validators, "members.notice.waiting", args, fmt.Sprintf("/applications/%d", a.ID))
}

// accountsIn lists the accounts that hold a role, each once.
func accountsIn(terms []models.RoleTerm, role models.Role) (accounts []models.AccountID) {
	seen := map[models.AccountID]bool{}
	for _, t := range terms {
		if t.Role == role && !seen[t.AccountID] {
			seen[t.AccountID] = true
			accounts = append(accounts, t.AccountID)
		}
	}
	return accounts
}

// noticeArgsTx says which collective; a notice names no applicant.
func noticeArgsTx(tx *db.Tx, a models.Application) (map[string]string, error) {
	c, err := collectiveTx(tx, a.CollectiveID)
	return map[string]string{"collective": c.Name}, err
}

// WithdrawApplication takes one's own application back. Doing it twice is no fault.
func (s *Service) WithdrawApplication(ctx context.Context, by identity.Actor, id models.ApplicationID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := applicationTx(tx, by, id)
		if err != nil {
			return err
		}
		if a.AccountID != by.Account {
			return fault.Forbidden("identity.not_yours")
		}
		if a.Outcome == models.ApplicationWithdrawn {
			return nil
		}
		if err := decideTx(tx, id, map[string]any{"outcome": models.ApplicationWithdrawn, "decided_at": tx.Now, "decided_by": by.Account}); err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "application.withdrawn", "application", int64(id), nil)
	})
}

// decideTx gives a waiting application its outcome; it is a conflict when it has one.
func decideTx(tx *db.Tx, id models.ApplicationID, outcome map[string]any) error {
	done := tx.DB.Model(&models.Application{}).Where("id = ? AND outcome = ?", id, models.ApplicationWaiting).Updates(outcome)
	if done.Error != nil {
		return fmt.Errorf("decide application %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("members.application_decided")
	}
	return nil
}

// applicationTx is an application that the actor may see: their own, one to a collective they validate for, or any for
// an administrator. Others are refused without being told whether it exists.
func applicationTx(tx *db.Tx, by identity.Actor, id models.ApplicationID) (a models.Application, err error) {
	err = tx.DB.Take(&a, id).Error
	switch {
	case db.Missing(err) && by.Has(models.RoleAdministrator):
		return a, fault.NotFound("members.no_application")
	case db.Missing(err):
		return a, fault.Forbidden("identity.not_yours")
	case err != nil:
		return a, fmt.Errorf("read application %d: %w", id, err)
	case !by.SignedIn() || a.AccountID != by.Account && !by.Validates(a.CollectiveID) && !by.Has(models.RoleAdministrator):
		return models.Application{}, fault.Forbidden("identity.not_yours")
	}
	return a, nil
}

// Application is one application, for its applicant, those who validate for its collective, and administrators.
func (s *Service) Application(ctx context.Context, by identity.Actor, id models.ApplicationID) (r Request, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err := applicationTx(tx, by, id)
		if err != nil {
			return err
		}
		all, err := requestsTx(tx, []models.Application{a})
		if err == nil {
			r = all[0]
		}
		return err
	})
	return r, err
}

// OwnApplications lists what the actor applied for, the newest first, at most 20.
func (s *Service) OwnApplications(ctx context.Context, by identity.Actor) (all []Request, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var rows []models.Application
		if err := tx.DB.Where("account_id = ?", by.Account).Order("id DESC").Limit(20).Find(&rows).Error; err != nil {
			return fmt.Errorf("read own applications: %w", err)
		}
		all, err = requestsTx(tx, rows)
		return err
	})
	return all, err
}

// Waiting lists the applications that wait for the collectives the actor validates for, all of them for an
// administrator, the oldest first, at most 200.
func (s *Service) Waiting(ctx context.Context, by identity.Actor) (all []Request, err error) {
	if err := by.Require(models.RoleValidator, models.RoleAdministrator); err != nil {
		return nil, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q := tx.DB.Where("outcome = ?", models.ApplicationWaiting)
		if !by.Has(models.RoleAdministrator) {
			q = q.Where("collective_id IN ?", validatedBy(by))
		}
		var rows []models.Application
		if err := q.Order("applied_at, id").Limit(200).Find(&rows).Error; err != nil {
			return fmt.Errorf("read waiting applications: %w", err)
		}
		all, err = requestsTx(tx, rows)
		return err
	})
	return all, err
}

// validatedBy lists the collectives that the actor validates for today.
func validatedBy(by identity.Actor) (ids []models.CollectiveID) {
	for _, t := range by.Roles {
		if t.Role == models.RoleValidator && t.CollectiveID != nil {
			ids = append(ids, *t.CollectiveID)
		}
	}
	return ids
}

// requestsTx adds to applications what their pages say beside them.
func requestsTx(tx *db.Tx, rows []models.Application) ([]Request, error) {
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return nil, err
	}
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return nil, err
	}
	ids := make([]models.ApplicationID, len(rows))
	for i, a := range rows {
		ids[i] = a.ID
	}
	var beside []struct {
		ID                 models.ApplicationID
		Collective, Handle string
		Number             int64
	}
	if err := tx.DB.Model(&models.Application{}).
		Select("applications.id, collectives.name AS collective, accounts.handle AS handle, COALESCE(members.number, 0) AS number").
		Joins("JOIN collectives ON collectives.id = applications.collective_id").
		Joins("JOIN accounts ON accounts.id = applications.account_id").
		Joins("LEFT JOIN members ON members.id = applications.member_id").
		Where("applications.id IN ?", ids).Scan(&beside).Error; err != nil {
		return nil, fmt.Errorf("read beside applications: %w", err)
	}
	classes, err := classesByIDTx(tx)
	if err != nil {
		return nil, err
	}
	at := map[models.ApplicationID]int{}
	all := make([]Request, len(rows))
	rule := statutes.Body.Admission
	for i, a := range rows {
		at[a.ID] = i
		all[i] = Request{Application: a, Class: classes[a.ClassID], Deadline: Deadline(a, rule, coop), SilenceAdmits: rule.SilenceAdmits, Article: rule.Article}
	}
	for _, b := range beside {
		r := &all[at[b.ID]]
		r.Collective, r.Handle, r.Number = b.Collective, b.Handle, b.Number
	}
	return all, nil
}

func classesByIDTx(tx *db.Tx) (map[models.MemberClassID]models.MemberClass, error) {
	classes, err := ClassesTx(tx)
	byID := make(map[models.MemberClassID]models.MemberClass, len(classes))
	for _, c := range classes {
		byID[c.ID] = c
	}
	return byID, err
}
