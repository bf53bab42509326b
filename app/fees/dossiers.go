package fees

import (
	"fmt"
	"time"

	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// dossier is a case with what its clocks depend on. They are those of the statutes that it was opened under: a version
// that was agreed later neither shortens nor prolongs them. They begin when the member is told.
type dossier struct {
	row        models.ArrearsCase
	dated      arrears.Case
	rules      rules.Arrears
	deliveries []models.ArrearsCaseDelivery // in the order of their days
	owedAgain  bool                         // closed by a payment that was reversed since
	loc        *time.Location
}

// dossiersTx reads what belongs to cases, in their order: a few queries for any number.
func dossiersTx(tx *db.Tx, cases []models.ArrearsCase) ([]dossier, error) {
	if len(cases) == 0 {
		return nil, nil
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return nil, err
	}
	statutes, err := openedUnderTx(tx, cases)
	if err != nil {
		return nil, err
	}
	delivered, err := deliveriesTx(tx, cases)
	if err != nil {
		return nil, err
	}
	owed, err := owedOfClosedTx(tx, cases)
	if err != nil {
		return nil, err
	}
	all := make([]dossier, len(cases))
	for i, c := range cases {
		all[i] = dossier{row: c, rules: statutes[c.RuleSetID], deliveries: delivered[c.ID], loc: coop.Location()}
		all[i].date()
		all[i].owedAgain = owed[c.ID] && !all[i].dated.PaidOn.IsZero()
	}
	return all, nil
}

func dossierTx(tx *db.Tx, c models.ArrearsCase) (dossier, error) {
	all, err := dossiersTx(tx, []models.ArrearsCase{c})
	if err != nil {
		return dossier{}, err
	}
	return all[0], nil
}

// openedUnderTx reads what the statutes that cases were opened under say about arrears.
func openedUnderTx(tx *db.Tx, cases []models.ArrearsCase) (map[models.RuleSetID]rules.Arrears, error) {
	of := map[models.RuleSetID]rules.Arrears{}
	for _, c := range cases {
		of[c.RuleSetID] = rules.Arrears{}
	}
	var which []models.RuleSetID
	for id := range of {
		which = append(which, id)
	}
	var versions []models.RuleSet
	if err := tx.DB.Where("id IN ?", which).Order("id").Find(&versions).Error; err != nil {
		return nil, fmt.Errorf("read the statutes of cases: %w", err)
	}
	if len(versions) != len(which) {
		return nil, fmt.Errorf("read the statutes of cases: %d of %d are there", len(versions), len(which))
	}
	for _, v := range versions {
		of[v.ID] = v.Body.Arrears
	}
	return of, nil
}

// owedOfClosedTx finds the closed cases that are about something that is not settled.
func owedOfClosedTx(tx *db.Tx, cases []models.ArrearsCase) (map[models.ArrearsCaseID]bool, error) {
	var closed, found []models.ArrearsCaseID
	for _, c := range cases {
		if c.ClosedAt != nil {
			closed = append(closed, c.ID)
		}
	}
	of := map[models.ArrearsCaseID]bool{}
	if len(closed) == 0 {
		return of, nil
	}
	query := tx.DB.Table("arrears_case_charges k").Joins("JOIN charges c ON c.id = k.charge_id").Where("c.settled_at IS NULL")
	if len(closed) <= listedMost {
		query = query.Where("k.case_id IN ?", closed)
	}
	if err := query.Distinct().Order("k.case_id").Pluck("k.case_id", &found).Error; err != nil {
		return nil, fmt.Errorf("read what closed cases are about: %w", err)
	}
	for _, id := range found {
		of[id] = true
	}
	return of, nil
}

// deliveriesTx reads what of cases was handed over.
func deliveriesTx(tx *db.Tx, cases []models.ArrearsCase) (map[models.ArrearsCaseID][]models.ArrearsCaseDelivery, error) {
	query := tx.DB
	if len(cases) <= listedMost {
		query = query.Where("case_id IN ?", ids(cases, func(c models.ArrearsCase) models.ArrearsCaseID { return c.ID }))
	}
	var rows []models.ArrearsCaseDelivery
	if err := query.Order("case_id, on_day, recorded_at, kind").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read what was delivered of cases: %w", err)
	}
	of := map[models.ArrearsCaseID][]models.ArrearsCaseDelivery{}
	for _, d := range rows {
		of[d.CaseID] = append(of[d.CaseID], d)
	}
	return of, nil
}

// date puts a case into dated facts, as core/arrears judges them.
func (d *dossier) date() {
	c := d.row
	d.dated = arrears.Case{
		OpenedOn: c.OpenedOn, AnsweredOn: d.day(c.StatementAt), DecidedOn: d.day(c.DecidedAt), Decision: arrears.Decision(c.Decision),
		AppealedOn: d.day(c.AppealedAt), AppealAnsweredOn: d.day(c.AppealDecidedAt),
	}
	for _, x := range d.deliveries {
		switch x.Kind {
		case models.DeliveredOpening:
			d.dated.ToldOn = x.OnDay
		case models.DeliveredDecision:
			d.dated.NotifiedOn = x.OnDay
		case models.DeliveredStatement: // on paper: what counts is the day on which it came
			d.dated.AnsweredOn = x.OnDay
		case models.DeliveredAppeal:
			d.dated.AppealedOn = x.OnDay
		}
	}
	switch Outcome(c.AppealOutcome) {
	case Upheld:
		d.dated.AppealAnswer = arrears.AnswerUphold
	case Rejected:
		d.dated.AppealAnswer = arrears.AnswerReject
	}
	if d.paid() {
		d.dated.PaidOn = d.day(c.ClosedAt)
	}
}

// paid says whether a closed case was closed by payment: none of the other endings explains it.
func (d *dossier) paid() bool {
	if d.row.ClosedAt == nil {
		return false
	}
	return !d.dated.State(d.day(d.row.ClosedAt), d.rules).Closed()
}

func (d *dossier) day(at *time.Time) civil.Date {
	if at == nil {
		return civil.Date{}
	}
	return civil.Of(*at, d.loc)
}

// silentAt is the instant at which silence upholds an appeal, once it has come; nil before, or without an appeal.
func (d *dossier) silentAt(now time.Time) *time.Time {
	if d.row.ClosedAt != nil || d.row.AppealedAt == nil || d.dated.State(civil.Of(now, d.loc), d.rules) != arrears.StateUpheldQuiet {
		return nil
	}
	at := d.dated.AppealAnswerUntil(d.rules).AddDays(1).In(d.loc).UTC()
	return &at
}
