package fees

import (
	"context"
	"slices"
	"time"

	"socia/app/identity"
	"socia/core/arrears"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Case is an arrears case with where it stands today.
type Case struct {
	models.ArrearsCase
	Member   models.Member
	Currency string
	Today    civil.Date
	Location *time.Location
	Dated    arrears.Case
	Rules    rules.Arrears
	State    arrears.State
	Deadline *arrears.Deadline // the clock that runs, if one does
	Charges  []ChargeLine      // what it is about; only on the case's own page

	// OwedAgain says that the payment that ended the case was reversed. The case stays closed: its member was told that
	// it was over, and no hearing or appeal ran meanwhile. What is owed again takes a case of its own.
	OwedAgain bool

	Deliveries []models.ArrearsCaseDelivery
	Notify     models.DeliveryKind // what the member is still to be told, for a clock to run; empty when nothing

	MayState, MayDecide, MayAppeal, MayAnswerAppeal bool // what the clocks allow today, whoever asks
	MayReceiveAppeal                                bool // one that came in time on paper, even if it is late to make one
}

func caseView(d dossier, today civil.Date) Case {
	dated, r := d.dated, d.rules
	v := Case{
		ArrearsCase: d.row, Today: today, Location: d.loc, Dated: dated, Rules: r, State: dated.State(today, r),
		MayState: dated.MayAnswer(today, r), MayDecide: dated.MayDecide(today, r),
		OwedAgain: d.owedAgain, Deliveries: d.deliveries, Notify: d.notify(today), MayReceiveAppeal: d.appealable(today),
		MayAppeal: dated.MayAppeal(today, r), MayAnswerAppeal: dated.MayAnswerAppeal(today, r),
	}
	if deadline, ok := dated.Deadline(today, r); ok {
		v.Deadline = &deadline
	}
	return v
}

// CaseStatesTx says where cases stand on a day.
func CaseStatesTx(tx *db.Tx, today civil.Date, cases []models.ArrearsCase) (map[models.ArrearsCaseID]arrears.State, error) {
	all, err := dossiersTx(tx, cases)
	states := map[models.ArrearsCaseID]arrears.State{}
	for _, d := range all {
		states[d.row.ID] = d.dated.State(today, d.rules)
	}
	return states, err
}

// Case is one arrears case, for its member, the officers who act on it and those who read the finances.
func (s *Service) Case(ctx context.Context, by identity.Actor, id models.ArrearsCaseID) (c Case, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		row, err := takeTx[models.ArrearsCase](tx, id, "fees.no_such_case")
		if err != nil {
			return err
		}
		if err := by.RequireOwnTx(tx, row.MemberID, append(slices.Clone(readers), models.RoleFacilitator)...); err != nil {
			return err
		}
		c, err = caseTx(tx, row)
		return err
	})
	return c, err
}

// caseTx reads a case with the charges that it is about.
func caseTx(tx *db.Tx, row models.ArrearsCase) (c Case, err error) {
	today, coop, err := identity.TodayTx(tx)
	if err != nil {
		return c, err
	}
	d, err := dossierTx(tx, row)
	if err != nil {
		return c, err
	}
	c = caseView(d, today)
	c.Currency = coop.Currency
	if c.Member, err = takeTx[models.Member](tx, row.MemberID, "fees.no_such_member"); err != nil {
		return c, err
	}
	a := Account{Member: c.Member, Today: today, Rules: d.rules}
	if err := a.readCharges(tx); err != nil {
		return c, err
	}
	about, err := caseChargesTx(tx, []models.ArrearsCaseID{row.ID})
	if err != nil {
		return c, err
	}
	for _, line := range a.Charges {
		if slices.Contains(about[row.ID], int64(line.ID)) {
			c.Charges = append(c.Charges, line)
		}
	}
	return c, nil
}
