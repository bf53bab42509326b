package identity

import (
	"context"
	"fmt"
	"time"

	"socia/models"
	"socia/platform/db"
)

const (
	// endedKept is how long an ended session can be seen in the database before nothing is left of it.
	endedKept = 30 * 24 * time.Hour
	// onceKept is longer than any session lasts: a form that is still open somewhere keeps its one effect.
	onceKept = sessionLasts + 24*time.Hour
)

// Tidy deletes what has served its purpose: sessions that are over, counts of wrong guesses, tokens of old forms.
func (s *Service) Tidy(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		over := tx.Now.Add(-endedKept)
		if err := tx.DB.Where("expires_at < ? OR revoked_at < ?", over, over).Delete(&models.Session{}).Error; err != nil {
			return fmt.Errorf("delete old sessions: %w", err)
		}
		old := tx.DB.Where("last_at < ? AND (blocked_until IS NULL OR blocked_until < ?)", tx.Now.Add(-throttleForgets), tx.Now)
		if err := old.Delete(&models.Throttle{}).Error; err != nil {
			return fmt.Errorf("delete old throttles: %w", err)
		}
		if err := tx.DB.Where("at < ?", tx.Now.Add(-onceKept)).Delete(&models.OnceToken{}).Error; err != nil {
			return fmt.Errorf("delete old tokens: %w", err)
		}
		return nil
	})
}
