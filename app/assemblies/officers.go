package assemblies

import (
	"context"
	"fmt"
	"slices"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Officers are who chairs, writes and counts in an assembly.
type Officers struct {
	Chair, Secretary models.MemberID
	Tellers          []models.MemberID
}

// NameOfficers records who plays which part, from the call until the assembly closes; it replaces who was named before.
// Chair, secretary and tellers are different members, so that the minutes are approved by several people.
func (s *Service) NameOfficers(ctx context.Context, by identity.Actor, id models.AssemblyID, o Officers) error {
	if err := by.Require(models.RoleFacilitator); err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	o.Tellers = slices.DeleteFunc(slices.Clone(o.Tellers), func(m models.MemberID) bool { return m == 0 })
	return s.db.Write(ctx, func(tx *db.Tx) error {
		a, err := lockTx(tx, id)
		if err != nil {
			return err
		}
		if st := a.State(); st != models.AssemblyConvened && st != models.AssemblyOpen {
			return fault.Conflict("assemblies.officers_not_now")
		}
		if err := o.membersTx(tx); err != nil {
			return err
		}
		if err := tx.DB.Where("assembly_id = ?", id).Delete(&models.AssemblyOfficer{}).Error; err != nil {
			return fmt.Errorf("replace the officers of assembly %d: %w", id, err)
		}
		if err := tx.DB.Create(o.rows(id, by.Account, tx)).Error; err != nil {
			return fmt.Errorf("store the officers of assembly %d: %w", id, err)
		}
		return audit.LineTx(ctx, tx, by.Account, "assembly.officers_named", "assembly", int64(id),
			audit.Detail{"chair": o.Chair, "secretary": o.Secretary, "tellers": o.Tellers})
	})
}

// TellerField is the field of the teller at a place among Officers.Tellers.
func TellerField(i int) string { return fmt.Sprintf("tellers-%d", i+1) }

// check wants a chair and a secretary, and everybody once. Tellers may come later, when the assembly chooses them.
func (o Officers) check() error {
	var faults []*fault.Fault
	seen := map[models.MemberID]bool{}
	one := func(field string, m models.MemberID) {
		switch {
		case m == 0:
			faults = append(faults, fault.Invalid(field, "ui.error.choose"))
		case seen[m]:
			faults = append(faults, fault.Invalid(field, "assemblies.officer_twice"))
		}
		seen[m] = true
	}
	one("chair", o.Chair)
	one("secretary", o.Secretary)
	for i, t := range o.Tellers {
		if t != 0 { // a line that was left empty
			one(TellerField(i), t)
		}
	}
	return fault.All(faults...)
}

// membersTx refuses officers who are not members today.
func (o Officers) membersTx(tx *db.Tx) error {
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return err
	}
	all := append([]models.MemberID{o.Chair, o.Secretary}, o.Tellers...)
	var n int64
	if err := activeTx(tx, today).Where("id IN ?", all).Count(&n).Error; err != nil {
		return fmt.Errorf("look officers up: %w", err)
	}
	if n != int64(len(all)) {
		return fault.Invalid("chair", "assemblies.officer_no_member")
	}
	return nil
}

func (o Officers) rows(id models.AssemblyID, by models.AccountID, tx *db.Tx) []models.AssemblyOfficer {
	row := func(part models.OfficerPart, m models.MemberID) models.AssemblyOfficer {
		return models.AssemblyOfficer{AssemblyID: id, Part: part, MemberID: m, NamedBy: by, At: tx.Now}
	}
	all := []models.AssemblyOfficer{row(models.Chair, o.Chair), row(models.Secretary, o.Secretary)}
	for _, t := range o.Tellers {
		all = append(all, row(models.Teller, t))
	}
	return all
}

// officersTx reads who plays which part.
func officersTx(tx *db.Tx, id models.AssemblyID) (o Officers, err error) {
	var rows []models.AssemblyOfficer
	if err := tx.DB.Where("assembly_id = ?", id).Order("part, member_id").Find(&rows).Error; err != nil {
		return o, fmt.Errorf("read the officers of assembly %d: %w", id, err)
	}
	for _, r := range rows {
		switch r.Part {
		case models.Chair:
			o.Chair = r.MemberID
		case models.Secretary:
			o.Secretary = r.MemberID
		case models.Teller:
			o.Tellers = append(o.Tellers, r.MemberID)
		}
	}
	return o, nil
}

// Complete says whether everybody is named whom the minutes need.
func (o Officers) Complete(tellers int) bool {
	return o.Chair != 0 && o.Secretary != 0 && len(o.Tellers) >= tellers
}
