package equality

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm/clause"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/civil"
	"socia/core/disclosure"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// The reports of a release.
const (
	ReportMembership     = "membership"
	ReportAdministration = "administration"
	ReportAttendance     = "attendance"
)

// Publish makes the release of the latest release day unless it is out already. It is safe to call at any time, from
// several nodes at once, and is meant to be called every hour.
//
// A release shows the state when its day began: the members and terms of that day, and what had been declared by then.
// It is made whole or not at all and never changes. A day that was missed for half a year is not made up for, since
// nobody knows any more what was declared then; nor is there a release for a day before the cooperative was set up here.
func (s *Service) Publish(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		today, coop, err := identity.TodayTx(tx)
		if fault.Has(err, "identity.no_cooperative") {
			return nil
		}
		if err != nil {
			return err
		}
		asOf := disclosure.ReleaseDay(today)
		begins := asOf.In(coop.Location()).UTC()
		if !coop.CreatedAt.Before(begins) {
			return nil
		}
		last, err := lastReleaseTx(tx)
		if err != nil || !last.Before(asOf) {
			return err
		}
		if last.IsZero() {
			// The first release looks a year back, for that is how often an ordinary assembly meets at least.
			last = asOf.AddMonths(-12)
		}
		return s.publishTx(ctx, tx, moment{asOf: asOf, begins: begins, since: last.In(coop.Location()).UTC()})
	})
}

// moment is what a release is about: the day, the instant at which it begins, and where the release before it ended.
type moment struct {
	asOf          civil.Date
	begins, since time.Time
}

// publishTx stores all reports. The first one stored keeps other nodes out: the database lets a report of a day in once.
func (s *Service) publishTx(ctx context.Context, tx *db.Tx, m moment) error {
	said, err := s.declaredTx(tx, m.begins)
	if err != nil {
		return err
	}
	reports := []struct {
		name string
		kind disclosure.TableKind
		use  Use
		rows func(*db.Tx, moment) ([]people, error)
	}{
		{ReportMembership, disclosure.Membership, UseMembership, membersTx},
		{ReportAdministration, disclosure.Administration, UseAdministration, holdersTx},
		{ReportAttendance, disclosure.Use, UseParticipation, attendantsTx},
	}
	for _, r := range reports {
		rows, err := r.rows(tx, m)
		if err != nil {
			return err
		}
		raw, counted := count(rows, said.agreeing(r.use))
		stored, err := s.storeTx(tx, r.name, m.asOf, disclosure.Protect(r.kind, raw), counted)
		if err != nil || !stored {
			return err
		}
	}
	return audit.LineTx(ctx, tx, identity.System.Account, "gender.published", "gender_release", 0, audit.Detail{"as_of": m.asOf.String()})
}

// storeTx stores one report, and says whether it was not there before.
func (s *Service) storeTx(tx *db.Tx, report string, asOf civil.Date, table disclosure.Protected, counted []countedRow) (bool, error) {
	body, err := json.Marshal(table)
	if err != nil {
		return false, fmt.Errorf("write report %s of %s: %w", report, asOf, err)
	}
	list, err := json.Marshal(counted)
	if err != nil {
		return false, fmt.Errorf("write who report %s of %s counts: %w", report, asOf, err)
	}
	row := models.GenderRelease{Report: report, AsOf: asOf, Body: string(body), PublishedAt: tx.Now}
	if row.CountedSealed, err = s.seal.Seal(list, countedPlace(row)); err != nil {
		return false, err
	}
	made := tx.DB.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if made.Error != nil {
		return false, fmt.Errorf("store report %s of %s: %w", report, asOf, made.Error)
	}
	return made.RowsAffected == 1, nil
}

func countedPlace(r models.GenderRelease) string {
	return "gender_releases/" + r.Report + "/" + strconv.FormatInt(r.SubjectID, 10) + "/" + r.AsOf.String()
}

// lastReleaseTx is the day of the newest release; the zero day when there is none.
func lastReleaseTx(tx *db.Tx) (civil.Date, error) {
	var row models.GenderRelease
	err := tx.DB.Select("as_of").Order("as_of DESC").Take(&row).Error
	if err != nil && !db.Missing(err) {
		return civil.Date{}, fmt.Errorf("read the last release: %w", err)
	}
	return row.AsOf, nil
}
