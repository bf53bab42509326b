package assemblies

import (
	"context"
	"time"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// countLasts is for how long one count of an assembly serves everybody who asks: pages ask again every few seconds,
// and counting reads the whole roll.
const countLasts = 2 * time.Second

// Count is who is present and represented in an assembly that is convened or open.
type Count struct {
	Assembly models.Assembly
	Classes  map[string]models.MemberClass
	Quorum   Quorum
}

// Quorum counts who is present and represented in an assembly now; it may be two seconds old. Who may ask is who may
// read the assembly's page. Once it is closed nobody comes or goes: that is fault.Conflict.
func (s *Service) Quorum(ctx context.Context, by identity.Actor, id models.AssemblyID) (c Count, err error) {
	var a models.Assembly
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, err = readableTx(tx, by, id)
		return err
	})
	if err != nil {
		return c, err
	}
	switch a.State() {
	case models.AssemblyDraft:
		return c, fault.NotFound("assemblies.unknown")
	case models.AssemblyClosed:
		return c, fault.Conflict("assemblies.closed")
	case models.AssemblyConvened, models.AssemblyOpen:
	}
	c, err = s.counts.Get(id, s.db.Clock().Now, func() (c Count, err error) {
		err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
			c, err = countTx(ctx, tx, id)
			return err
		})
		return c, err
	})
	c.Assembly = a
	return c, err
}

func countTx(ctx context.Context, tx *db.Tx, id models.AssemblyID) (c Count, err error) {
	f, err := floorTx(ctx, tx, id)
	if err != nil {
		return c, err
	}
	if c.Classes, err = classesTx(tx); err != nil {
		return c, err
	}
	c.Quorum, err = quorumOf(f.presence(), f.statutes.Body)
	return c, err
}
