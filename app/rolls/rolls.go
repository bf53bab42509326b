// Package rolls decides who may vote: it computes a member's standing from dated facts, and freezes the roll of an
// assembly when it is convened.
//
// Who is on a roll:
//
//   - The record date is the instant of convening (Llei 12/2015 art. 46.7). Everybody who is a member, will be one,
//     or stopped being one in the year before, gets a line; without the vote it has every reason. The line is frozen.
//   - What changes afterwards is a correction, logged beside the line: a claim that a facilitator accepts in time
//     (art. 48.2), or the vote that comes back by paying or by an appeal (art. 38.4-5), at any time before the
//     assembly is closed. Nothing that is decided after the record date takes the vote away, with one exception:
//     who is no longer a member does not vote.
//
// Who sees what: whoever is a member sees who may vote. That somebody may not, and why, is told only to that member
// and to facilitators, treasurers and administrators, because arrears are a personal matter. Corrections follow the
// same line. Auditors read what facilitators read.
package rolls

import (
	"context"
	"fmt"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Service answers who may vote.
type Service struct {
	db *db.DB
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// told are the roles that may know why somebody else has no vote.
var told = []models.Role{models.RoleFacilitator, models.RoleTreasurer, models.RoleAdministrator}

// readers are the roles that see every line of a roll.
var readers = append([]models.Role{models.RoleAuditor}, told...)

// ByAssemblyTx is the roll of an assembly; fault.NotFound before it is convened.
func ByAssemblyTx(tx *db.Tx, assembly models.AssemblyID) (r models.Roll, err error) {
	err = tx.DB.Where("assembly_id = ?", assembly).Take(&r).Error
	if db.Missing(err) {
		return r, fault.NotFound("rolls.not_found")
	}
	if err != nil {
		return r, fmt.Errorf("read the roll of assembly %d: %w", assembly, err)
	}
	return r, nil
}

// open is a roll with what its lines depend on.
type open struct {
	models.Roll
	assembly models.Assembly
	loc      *time.Location
	day      civil.Date // the day on which membership must be in force: today, or the day on which the assembly closed
}

func openTx(ctx context.Context, tx *db.Tx, id models.RollID) (o open, err error) {
	err = tx.DB.WithContext(ctx).Take(&o.Roll, id).Error
	if db.Missing(err) {
		return o, fault.NotFound("rolls.not_found")
	}
	if err != nil {
		return o, fmt.Errorf("read roll %d: %w", id, err)
	}
	if err := tx.DB.WithContext(ctx).Take(&o.assembly, o.AssemblyID).Error; err != nil {
		return o, fmt.Errorf("read assembly %d: %w", o.AssemblyID, err)
	}
	coop, err := identity.CooperativeTx(tx)
	if err != nil {
		return o, err
	}
	o.loc = coop.Location()
	o.day = civil.Of(tx.Now, o.loc)
	if o.assembly.ClosedAt != nil {
		o.day = civil.Of(*o.assembly.ClosedAt, o.loc)
	}
	return o, nil
}
