package equality

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/disclosure"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/seal"
)

// releasesMost bounds the days that a page lists and the releases looked through for one's own rows: ten years.
const releasesMost = 20

// Edition is a release as published: three protected tables and what their row keys mean. A row of Membership is keyed
// by a class's code, one of Administration by RowDecisions or RowTechnical, one of Attendance by an assembly's id.
type Edition struct {
	AsOf           civil.Date
	Membership     disclosure.Protected
	Administration disclosure.Protected
	Attendance     disclosure.Protected
	Classes        []models.MemberClass
	Assemblies     []models.Assembly
}

// Class finds the class that a row of Membership is about.
func (e Edition) Class(key string) models.MemberClass {
	for _, c := range e.Classes {
		if c.Code == key {
			return c
		}
	}
	return models.MemberClass{Code: key, NameCA: key}
}

// Assembly finds the assembly that a row of Attendance is about.
func (e Edition) Assembly(key string) models.Assembly {
	for _, a := range e.Assemblies {
		if strconv.FormatInt(int64(a.ID), 10) == key {
			return a
		}
	}
	return models.Assembly{}
}

// Releases is what has been published: the days, newest first, and one edition of them. Published is false, and Edition
// empty, before the first release.
type Releases struct {
	Days      []civil.Date
	Next      civil.Date
	Published bool
	Edition   Edition
}

// Releases gives the edition of a day, or the newest for the zero day. Anybody may read it.
func (s *Service) Releases(ctx context.Context, asOf civil.Date) (r Releases, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		r.Next = next(today)
		var days []models.GenderRelease
		if err := tx.DB.Select("as_of").Where("report = ?", ReportMembership).Order("as_of DESC").Limit(releasesMost).Find(&days).Error; err != nil {
			return fmt.Errorf("read release days: %w", err)
		}
		for _, d := range days {
			r.Days = append(r.Days, d.AsOf)
		}
		if asOf.IsZero() && len(r.Days) > 0 {
			asOf = r.Days[0]
		}
		if asOf.IsZero() {
			return nil
		}
		r.Published = true
		r.Edition, err = editionTx(tx, asOf)
		return err
	})
	return r, err
}

func editionTx(tx *db.Tx, asOf civil.Date) (e Edition, err error) {
	var rows []models.GenderRelease
	if err := tx.DB.Select("report", "as_of", "body").Where("as_of = ?", asOf).Order("id").Find(&rows).Error; err != nil {
		return e, fmt.Errorf("read the release of %s: %w", asOf, err)
	}
	if len(rows) == 0 {
		return e, fault.NotFound("equality.no_release")
	}
	e.AsOf = asOf
	tables := map[string]*disclosure.Protected{ReportMembership: &e.Membership, ReportAdministration: &e.Administration, ReportAttendance: &e.Attendance}
	for _, row := range rows {
		if err := json.Unmarshal([]byte(row.Body), tables[row.Report]); err != nil {
			return e, fmt.Errorf("read report %s of %s: %w", row.Report, asOf, err)
		}
	}
	var keys []string
	for _, row := range e.Attendance.Rows() {
		keys = append(keys, row.Key())
	}
	e.Classes, e.Assemblies, err = subjectsTx(tx, keys)
	return e, err
}

// subjectsTx reads what row keys may be about: every class, and the assemblies whose ids are among the keys.
func subjectsTx(tx *db.Tx, keys []string) (classes []models.MemberClass, assemblies []models.Assembly, err error) {
	if err := tx.DB.Order("position, id").Find(&classes).Error; err != nil {
		return nil, nil, fmt.Errorf("read member classes: %w", err)
	}
	var ids []int64
	for _, key := range keys {
		if id, err := strconv.ParseInt(key, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return classes, nil, nil
	}
	if err := tx.DB.Select("id", "kind", "first_call_at").Where("id IN ?", ids).Order("id").Find(&assemblies).Error; err != nil {
		return nil, nil, fmt.Errorf("read assemblies: %w", err)
	}
	return classes, assemblies, nil
}

// MyRow is a published row that counted the actor: in the group they chose if Stated, else as not stated. Key is empty
// for a table's total.
type MyRow struct {
	AsOf   civil.Date
	Report string
	Key    string
	Stated bool
	// Level is how much the row shows to everybody.
	Level disclosure.Level
}

// Mine are the rows that counted somebody, newest first, with an edition that knows what their keys mean. Unread says
// that there are lists that this installation's key does not open.
type Mine struct {
	Rows    []MyRow
	Meaning Edition
	Unread  bool
}

// MyRows are the rows that counted the actor.
func (s *Service) MyRows(ctx context.Context, by identity.Actor) (mine Mine, err error) {
	if !by.SignedIn() {
		return mine, fault.Forbidden("identity.sign_in_needed")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var releases []models.GenderRelease
		if err := tx.DB.Order("as_of DESC, id").Limit(3 * releasesMost).Find(&releases).Error; err != nil {
			return fmt.Errorf("read releases: %w", err)
		}
		var keys []string
		for _, release := range releases {
			rows, err := s.rowsOf(release, by.Account)
			if errors.Is(err, seal.ErrOpen) {
				mine.Unread = true
				continue
			}
			if err != nil {
				return err
			}
			for _, row := range rows {
				mine.Rows = append(mine.Rows, row)
				if row.Report == ReportAttendance {
					keys = append(keys, row.Key)
				}
			}
		}
		mine.Meaning.Classes, mine.Meaning.Assemblies, err = subjectsTx(tx, keys)
		return err
	})
	return mine, err
}

// rowsOf opens the list of one release and keeps one account's rows.
func (s *Service) rowsOf(release models.GenderRelease, account models.AccountID) (mine []MyRow, err error) {
	raw, err := s.seal.Open(release.CountedSealed, countedPlace(release))
	if err != nil {
		return nil, fmt.Errorf("open who release %d counts: %w", release.ID, err)
	}
	var list []countedRow
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, fmt.Errorf("read who release %d counts: %w", release.ID, err)
	}
	var table disclosure.Protected
	if err := json.Unmarshal([]byte(release.Body), &table); err != nil {
		return nil, fmt.Errorf("read release %d: %w", release.ID, err)
	}
	for _, row := range list {
		for _, person := range row.People {
			if person[0] == int64(account) {
				shown, _ := table.Row(row.Key)
				one := MyRow{AsOf: release.AsOf, Report: release.Report, Key: row.Key, Stated: person[1] == 1, Level: shown.Level()}
				mine = append(mine, one)
				if total, has := table.Total(); has {
					one.Key, one.Level = "", total.Level()
					mine = append(mine, one)
				}
			}
		}
	}
	return mine, nil
}
