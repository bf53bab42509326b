package fees

import (
	"context"
	"fmt"

	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// hearing is a case under its lock, with what decides how far it is.
type hearing struct {
	dossier
	member models.Member
	today  civil.Date
}

func hearingTx(tx *db.Tx, id models.ArrearsCaseID) (h hearing, err error) {
	if h.row, err = takeTx[models.ArrearsCase](tx, id, "fees.no_such_case"); err != nil {
		return h, err
	}
	if h.member, err = lockOneTx(tx, h.row.MemberID); err != nil {
		return h, err
	}
	// Read again: what the row says holds only now that nobody else can change it.
	if h.row, err = takeTx[models.ArrearsCase](tx, id, "fees.no_such_case"); err != nil {
		return h, err
	}
	if h.dossier, err = dossierTx(tx, h.row); err != nil {
		return h, err
	}
	h.today = civil.Of(tx.Now, h.loc)
	return h, nil
}

// step does one step of a case under its lock, once for each token.
func (s *Service) step(ctx context.Context, id models.ArrearsCaseID, once string, do func(tx *db.Tx, h hearing) error) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := onceTx(tx, once, func() (models.ArrearsCaseID, error) {
			h, err := hearingTx(tx, id)
			if err != nil {
				return 0, err
			}
			return id, do(tx, h)
		})
		return err
	})
}

// changeTx stores a step, unless the case has ended meanwhile.
func (h hearing) changeTx(tx *db.Tx, change map[string]any) error {
	done := tx.DB.Model(&models.ArrearsCase{}).Where("id = ? AND closed_at IS NULL AND decision = ?", h.row.ID, h.row.Decision).Updates(change)
	if done.Error != nil {
		return fmt.Errorf("change case %d: %w", h.row.ID, done.Error)
	}
	if done.RowsAffected == 0 {
		return fault.Conflict("fees.case_is_closed")
	}
	return nil
}
