package fees

import (
	"context"
	"fmt"
	"time"

	"socia/core/standing"
	"socia/models"
	"socia/platform/db"
)

// Facts are what fees contribute to a member's standing.
type Facts struct {
	Owed []standing.Owed
	Case *standing.CaseFacts
}

// listedMost is how many members a query names; more are read without naming them.
const listedMost = 5000

// FactsTx gives the facts that decide standing now or later: what is owed, and the arrears case that is open or
// was open last. Charges that are settled by now are left out, for they decide nothing any more; use FactsSinceTx
// to judge an earlier instant. A few queries for any number of members; a member without facts is not in the map.
func FactsTx(ctx context.Context, tx *db.Tx, members []models.MemberID) (map[models.MemberID]Facts, error) {
	return FactsSinceTx(ctx, tx, members, tx.Now)
}

// FactsSinceTx is FactsTx for every instant from since on: it has the charges settled after it, too.
func FactsSinceTx(_ context.Context, tx *db.Tx, members []models.MemberID, since time.Time) (map[models.MemberID]Facts, error) {
	all := map[models.MemberID]Facts{}
	wanted := map[models.MemberID]bool{}
	for _, m := range members {
		wanted[m] = true
	}
	if err := owedTx(tx, members, since, func(c models.Charge) {
		if wanted[c.MemberID] {
			f := all[c.MemberID]
			f.Owed = append(f.Owed, standing.Owed{ChargeID: int64(c.ID), DueOn: c.DueOn, SettledAt: c.SettledAt})
			all[c.MemberID] = f
		}
	}); err != nil {
		return nil, err
	}
	cases, err := caseFactsTx(tx, members)
	if err != nil {
		return nil, err
	}
	for m, c := range cases {
		if wanted[m] {
			f := all[m]
			f.Case = c
			all[m] = f
		}
	}
	return all, nil
}

// owedTx reads the charges that were open at some moment since an instant. A waived one is not owed.
func owedTx(tx *db.Tx, members []models.MemberID, since time.Time, each func(models.Charge)) error {
	query := tx.DB.Select("id", "member_id", "due_on", "settled_at").
		Where("(settled_at IS NULL OR settled_at > ?) AND waiver_id IS NULL", since)
	if len(members) <= listedMost {
		query = query.Where("member_id IN ?", members)
	}
	var rows []models.Charge
	if err := query.Order("member_id, due_on, id").Find(&rows).Error; err != nil {
		return fmt.Errorf("read what is owed: %w", err)
	}
	for _, c := range rows {
		each(c)
	}
	return nil
}

// caseFactsTx reads each member's newest case and the charges it is about.
func caseFactsTx(tx *db.Tx, members []models.MemberID) (map[models.MemberID]*standing.CaseFacts, error) {
	query := tx.DB.Where("NOT EXISTS (SELECT 1 FROM arrears_cases newer WHERE newer.member_id = arrears_cases.member_id AND newer.id > arrears_cases.id)")
	if len(members) <= listedMost {
		query = query.Where("member_id IN ?", members)
	}
	var rows []models.ArrearsCase
	if err := query.Order("id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read cases: %w", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	charges, err := caseChargesTx(tx, ids(rows, func(c models.ArrearsCase) models.ArrearsCaseID { return c.ID }))
	if err != nil {
		return nil, err
	}
	dossiers, err := dossiersTx(tx, rows)
	if err != nil {
		return nil, err
	}
	of := make(map[models.MemberID]*standing.CaseFacts, len(rows))
	for _, d := range dossiers {
		c := d.row
		facts := standing.CaseFacts{Article: d.rules.Article, DecidedAt: c.DecidedAt, Suspends: c.Decision == models.Suspend, ChargeIDs: charges[c.ID], ClosedAt: c.ClosedAt}
		// Silence ends a case at its instant, whether or not the daily work has written it down yet.
		if at := d.silentAt(tx.Now); at != nil {
			facts.ClosedAt = at
		}
		of[c.MemberID] = &facts
	}
	return of, nil
}

func caseChargesTx(tx *db.Tx, cases []models.ArrearsCaseID) (map[models.ArrearsCaseID][]int64, error) {
	var rows []models.ArrearsCaseCharge
	query := tx.DB
	if len(cases) <= listedMost {
		query = query.Where("case_id IN ?", cases)
	}
	if err := query.Order("case_id, charge_id").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read cases' charges: %w", err)
	}
	of := map[models.ArrearsCaseID][]int64{}
	for _, r := range rows {
		of[r.CaseID] = append(of[r.CaseID], int64(r.ChargeID))
	}
	return of, nil
}
