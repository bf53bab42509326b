package members

import (
	"context"
	"errors"
	"fmt"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Admit makes an applicant a member, from today. Those who validate for the collective do it, but not for themselves.
func (s *Service) Admit(ctx context.Context, by identity.Actor, id models.ApplicationID, once string) (models.MemberID, error) {
	defer s.who.Forget()
	var answer string
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		answer, err = tx.Once(once, func() (string, error) {
			a, err := validatedTx(tx, by, id)
			if err != nil {
				return "", err
			}
			if err := identity.VotingClassTx(tx, "", a.ClassID); err != nil {
				return "", err
			}
			today, coop, err := identity.TodayTx(tx)
			if err != nil {
				return "", err
			}
			member, err := admitTx(ctx, tx, by.Account, a, today, coop)
			return ref(member), err
		})
		return err
	})
	return refID[models.MemberID](answer, err)
}

// Refuse turns an application down and tells the applicant why. Those who validate for the collective do it.
func (s *Service) Refuse(ctx context.Context, by identity.Actor, id models.ApplicationID, reason, once string) error {
	if err := fault.All(checkText("reason", reason, true)); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Once(once, func() (string, error) {
			a, err := validatedTx(tx, by, id)
			if err != nil {
				return "", err
			}
			if err := decideTx(tx, id, map[string]any{"outcome": models.ApplicationRefused, "decided_at": tx.Now, "decided_by": by.Account, "reason": reason}); err != nil {
				return "", err
			}
			args, err := noticeArgsTx(tx, a)
			if err != nil {
				return "", err
			}
			if err := identity.NotifyTx(ctx, tx, a.AccountID, "members.notice.refused", args, fmt.Sprintf("/applications/%d", id)); err != nil {
				return "", err
			}
			return ref(id), audit.LineTx(ctx, tx, by.Account, "application.refused", "application", int64(id), nil)
		})
		return err
	})
}

// validatedTx is an application that the actor may decide: one to a collective they validate for, and not their own.
func validatedTx(tx *db.Tx, by identity.Actor, id models.ApplicationID) (models.Application, error) {
	a, err := applicationTx(tx, by, id)
	switch {
	case err != nil:
		return a, err
	case !by.Validates(a.CollectiveID):
		return a, fault.Forbidden("identity.role_needed")
	case a.AccountID == by.Account:
		return a, fault.Forbidden("members.own_application")
	}
	return a, nil
}

// admitTx makes the member with the next number, links the account and tells the applicant. by is 0 for silence.
func admitTx(ctx context.Context, tx *db.Tx, by models.AccountID, a models.Application, joined civil.Date, coop models.Cooperative) (models.MemberID, error) {
	outcome := map[string]any{"outcome": models.ApplicationAdmitted, "decided_at": tx.Now}
	if by != 0 {
		outcome["decided_by"] = by
	}
	if err := decideTx(tx, a.ID, outcome); err != nil {
		return 0, err
	}
	if err := lockNumbersTx(tx); err != nil {
		return 0, err
	}
	member, err := newMemberTx(tx, a, joined, coop)
	if err != nil {
		return 0, err
	}
	if err := tx.DB.Model(&models.Application{}).Where("id = ?", a.ID).Update("member_id", member.ID).Error; err != nil {
		return 0, fmt.Errorf("link application %d: %w", a.ID, err)
	}
	args, err := noticeArgsTx(tx, a)
	if err != nil {
		return 0, err
	}
	if err := identity.NotifyTx(ctx, tx, a.AccountID, "members.notice.admitted", args, fmt.Sprintf("/members/%d", member.ID)); err != nil {
		return 0, err
	}
	act := "application.admitted"
	if by == 0 {
		act = "application.admitted_by_silence"
	}
	return member.ID, audit.LineTx(ctx, tx, by, act, "application", int64(a.ID), audit.Detail{"member": member.ID})
}

func newMemberTx(tx *db.Tx, a models.Application, joined civil.Date, coop models.Cooperative) (models.Member, error) {
	number, err := nextNumberTx(tx)
	if err != nil {
		return models.Member{}, err
	}
	var account models.Account
	if err := tx.DB.Take(&account, a.AccountID).Error; err != nil {
		return models.Member{}, fmt.Errorf("read account %d: %w", a.AccountID, err)
	}
	language := account.Language
	if language == "" {
		language = coop.Language
	}
	m := models.Member{
		Number: number, Kind: a.Kind, Name: a.Name, SortName: SortName(a.Name), Representative: a.Representative, ClassID: a.ClassID,
		CollectiveID: &a.CollectiveID, AccountID: &a.AccountID, Language: language, JoinedOn: joined, CreatedAt: tx.Now,
	}
	if err := tx.DB.Create(&m).Error; db.Duplicate(err) {
		return m, fault.Conflict("members.account_has_person") // the number is under lock
	} else if err != nil {
		return m, fmt.Errorf("store a member: %w", err)
	}
	return m, nil
}

// silentMost is how many applications one run of AdmitSilent looks at.
const silentMost = 500

// AdmitSilent admits the applicants whom nobody answered until the statutes' deadline, if silence admits; they are
// members from the day after it (Llei 12/2015 art. 29.2). It is periodic work, and says how many it admitted.
func (s *Service) AdmitSilent(ctx context.Context) (admitted int, err error) {
	var overdue []models.Application
	var coop models.Cooperative
	var months int
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		statutes, err := identity.StatutesTx(tx)
		if err != nil || !statutes.Body.Admission.SilenceAdmits {
			return err
		}
		rule := statutes.Body.Admission
		months = rule.Months
		today, c, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		coop = c
		var waiting []models.Application
		if err := tx.DB.Where("outcome = ?", models.ApplicationWaiting).Order("applied_at, id").Limit(silentMost).Find(&waiting).Error; err != nil {
			return fmt.Errorf("read waiting applications: %w", err)
		}
		for _, a := range waiting {
			if today.After(Deadline(a, rule, coop)) {
				overdue = append(overdue, a)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return s.admitEach(ctx, overdue, coop, months)
}

// admitEach admits each application in an act of its own, so that one that cannot be admitted holds no other up.
func (s *Service) admitEach(ctx context.Context, overdue []models.Application, coop models.Cooperative, months int) (admitted int, err error) {
	var failed []error
	for _, a := range overdue {
		joined := civil.Of(a.AppliedAt, coop.Location()).AddMonths(months).AddDays(1)
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := admitTx(ctx, tx, 0, a, joined, coop)
			return err
		})
		switch {
		case err == nil:
			admitted++
		case fault.Has(err, "members.application_decided"): // somebody answered meanwhile
		default:
			failed = append(failed, fmt.Errorf("admit application %d: %w", a.ID, err))
		}
	}
	if admitted > 0 {
		s.who.Forget()
	}
	return admitted, errors.Join(failed...)
}
