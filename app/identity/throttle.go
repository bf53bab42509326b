package identity

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"gorm.io/gorm/clause"

	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

const (
	// freeTries is how many failures cost nothing: people mistype.
	freeTries = 5
	// freeTriesAddress is the same for an address, behind which a whole household or office may sit.
	freeTriesAddress = 30
	// freeTriesBeside is how many failures a handle may have of its own while its address waits for what others failed.
	freeTriesBeside = 2
	// waitMost bounds the wait that failures add up to.
	waitMost = 15 * time.Minute
	// throttleForgets is after how long without a failure the count starts again.
	throttleForgets = 24 * time.Hour
)

const tooMany = "identity.too_many_tries"

// throttleKey hides what is counted: the table tells neither handles nor addresses.
func throttleKey(kind, value string) []byte {
	h := sha256.Sum256([]byte("throttle/" + kind + "/" + value))
	return h[:]
}

// mayTry refuses whoever has to wait after too many failures. The table is shared by all nodes.
func (s *Service) mayTry(ctx context.Context, kind, value string) error {
	return s.db.Read(ctx, func(tx *db.Tx) error { return mayTryTx(tx, kind, value) })
}

func mayTryTx(tx *db.Tx, kind, value string) error {
	var rows []models.Throttle
	if err := tx.DB.Where("key = ?", throttleKey(kind, value)).Limit(1).Find(&rows).Error; err != nil {
		return fmt.Errorf("read throttle: %w", err)
	}
	if len(rows) == 0 || rows[0].BlockedUntil == nil || !tx.Now.Before(*rows[0].BlockedUntil) {
		return nil
	}
	wait := rows[0].BlockedUntil.Sub(tx.Now)
	return fault.TooMany(tooMany, map[string]any{"minutes": int((wait + time.Minute - 1) / time.Minute)})
}

// maySignInTx refuses a handle that has to wait, and an address that has to, unless the handle itself has hardly failed:
// who shares a network with somebody who guesses, as in a hall on the day of the assembly, still gets in. It asks only
// what was counted, never whether there is such an account.
func maySignInTx(tx *db.Tx, handle, address string) error {
	if err := mayTryTx(tx, "handle", handle); err != nil {
		return err
	}
	wait := mayTryTx(tx, "address", address)
	if !fault.Has(wait, tooMany) {
		return wait
	}
	failures, err := failuresTx(tx, handle)
	if err != nil || failures < freeTriesBeside {
		return err
	}
	return wait
}

// failuresTx is how often a handle failed of late.
func failuresTx(tx *db.Tx, handle string) (int64, error) {
	var rows []models.Throttle
	if err := tx.DB.Where("key = ? AND last_at >= ?", throttleKey("handle", handle), tx.Now.Add(-throttleForgets)).Limit(1).Find(&rows).Error; err != nil {
		return 0, fmt.Errorf("read throttle: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	return rows[0].Failures, nil
}

// noteFailure counts a failure of a handle and of its address. While the address waits, it is the handle's alone.
func (s *Service) noteFailure(ctx context.Context, handle, address string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := noteTryTx(tx, "handle", handle); err != nil {
			return err
		}
		wait := noteTryTx(tx, "address", address)
		if !fault.Has(wait, tooMany) {
			return wait
		}
		failures, err := failuresTx(tx, handle)
		if err != nil || failures <= freeTriesBeside {
			return err
		}
		return wait // more than were let in one after another: sent all at once, and refused like those that came later
	})
}

// noteTryTx counts a failure in one statement, so that parallel ones are all counted, and sets the wait. A try that
// began before the wait and ends within it is told to wait like every other: guesses sent all at once gain nothing.
func noteTryTx(tx *db.Tx, kind, value string) error {
	free := int64(freeTries)
	if kind != "handle" {
		free = freeTriesAddress
	}
	key := throttleKey(kind, value)
	if err := tx.DB.Where("key = ? AND last_at < ?", key, tx.Now.Add(-throttleForgets)).Delete(&models.Throttle{}).Error; err != nil {
		return fmt.Errorf("forget a throttle: %w", err)
	}
	row := models.Throttle{Key: key, Failures: 1, LastAt: tx.Now}
	counted := tx.DB.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "key"}},
		DoUpdates: clause.Assignments(map[string]any{"failures": clause.Expr{SQL: "throttles.failures + 1"}, "last_at": tx.Now}),
		Where:     clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "throttles.blocked_until IS NULL OR throttles.blocked_until <= ?", Vars: []any{tx.Now}}}},
	}).Create(&row)
	if counted.Error != nil {
		return fmt.Errorf("count a failure: %w", counted.Error)
	}
	if counted.RowsAffected == 0 {
		return mayTryTx(tx, kind, value)
	}
	if err := tx.DB.Where("key = ?", key).Take(&row).Error; err != nil {
		return fmt.Errorf("read throttle: %w", err)
	}
	if row.Failures <= free {
		return nil
	}
	until := tx.Now.Add(waitAfter(row.Failures - free - 1))
	return tx.DB.Model(&models.Throttle{}).Where("key = ?", key).Update("blocked_until", until).Error
}

// waitAfter doubles from thirty seconds with each failure past the free ones.
func waitAfter(past int64) time.Duration {
	if past > 5 {
		return waitMost
	}
	return min(30*time.Second<<past, waitMost)
}

// forgiveTx forgets a handle's failures once its owner got in. A right guess that comes out while the handle waits, sent
// at once with many wrong ones, gets the same answer as those.
func forgiveTx(tx *db.Tx, handle string) error {
	over := tx.DB.Where("key = ? AND (blocked_until IS NULL OR blocked_until <= ?)", throttleKey("handle", handle), tx.Now).Delete(&models.Throttle{})
	if over.Error != nil {
		return fmt.Errorf("forgive failures: %w", over.Error)
	}
	return mayTryTx(tx, "handle", handle)
}
