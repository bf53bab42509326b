package jobs

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"socia/models"
	"socia/platform/db"
)

// Periodic is work that one node does every so often.
type Periodic struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// RunPeriodic does a periodic work until the context ends: at once, then every so often, on one node at a time.
func (q *Queue) RunPeriodic(ctx context.Context, node string, p Periodic) {
	ticker := time.NewTicker(p.Every)
	defer ticker.Stop()
	for {
		if err := q.turn(ctx, node, p); err != nil && ctx.Err() == nil {
			q.log.Error("periodic work", "work", p.Name, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (q *Queue) turn(ctx context.Context, node string, p Periodic) error {
	mine, err := q.Lease(ctx, p.Name, node, p.Every)
	if err != nil || !mine {
		return err
	}
	if err := p.Do(ctx); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	return nil
}

// Lease says whether a node may do a work until a duration from now. The node that holds it may renew it.
func (q *Queue) Lease(ctx context.Context, name, node string, lasts time.Duration) (mine bool, err error) {
	err = q.db.Write(ctx, func(tx *db.Tx) error {
		row := models.Lease{Name: name, Holder: node, Until: tx.Now.Add(lasts)}
		taken := tx.DB.Clauses(clause.OnConflict{
			Columns:   []clause.Column{{Name: "name"}},
			DoUpdates: clause.AssignmentColumns([]string{"holder", "until"}),
			Where:     clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "leases.until <= ? OR leases.holder = ?", Vars: []any{tx.Now, node}}}},
		}).Create(&row)
		mine = taken.RowsAffected == 1
		return taken.Error
	})
	return mine, err
}
