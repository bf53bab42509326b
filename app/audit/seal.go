package audit

import (
	"bytes"
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
	"gorm.io/gorm"

	"socia/models"
	"socia/platform/db"
)

const (
	// sealMost is how many lines one sealing takes.
	sealMost = 2000
	// looseWindow is how far below the newest sealed line a sealing still looks for lines: acts that run at the
	// same time may commit in another order than their lines are numbered.
	looseWindow = 20000
)

// Log seals audit lines and checks them.
type Log struct{ db *db.DB }

// New prepares the log of a database.
func New(d *db.DB) *Log { return &Log{db: d} }

// Seal takes the lines that are not in the Merkle log yet into it, and keeps the new head. It returns how many it took.
func (l *Log) Seal(ctx context.Context) (taken int, err error) {
	for {
		n := 0
		err := l.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = sealTx(tx)
			return err
		})
		if err != nil {
			return taken, fmt.Errorf("seal audit lines: %w", err)
		}
		if taken += n; n < sealMost {
			return taken, nil
		}
	}
}

func sealTx(tx *db.Tx) (int, error) {
	if tx.Flavor() == db.Postgres {
		// Two nodes that seal at the same time would give two lines the same leaf.
		if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(hashtext('socia/audit'))").Error; err != nil {
			return 0, fmt.Errorf("lock the log: %w", err)
		}
	}
	lines, err := looseLines(tx)
	if err != nil || len(lines) == 0 {
		return 0, err
	}
	size, err := sealedSize(tx.DB)
	if err != nil {
		return 0, err
	}
	reader := hashReader(tx.DB)
	known := map[int64]tlog.Hash{}
	both := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return readBoth(indexes, known, reader) })
	var hashes []models.AuditHash
	leaves := make([]models.AuditLeaf, len(lines))
	for i, line := range lines {
		n := size + int64(i)
		made, err := tlog.StoredHashes(n, leafData(line), both)
		if err != nil {
			return 0, fmt.Errorf("hash line %d: %w", line.ID, err)
		}
		at := tlog.StoredHashIndex(0, n)
		for j, h := range made {
			known[at+int64(j)] = h
			hashes = append(hashes, models.AuditHash{Position: at + int64(j), Hash: h[:]})
		}
		leaves[i] = models.AuditLeaf{Leaf: n, LineID: line.ID}
	}
	newSize := size + int64(len(lines))
	root, err := tlog.TreeHash(newSize, both)
	if err != nil {
		return 0, fmt.Errorf("root of %d lines: %w", newSize, err)
	}
	if err := tx.DB.CreateInBatches(leaves, 500).Error; err != nil {
		return 0, err
	}
	if err := tx.DB.CreateInBatches(hashes, 500).Error; err != nil {
		return 0, err
	}
	return len(lines), tx.DB.Create(&models.AuditSeal{Size: newSize, Root: root[:], SealedAt: tx.Now}).Error
}

// looseLines are lines that no leaf names, oldest first: those within the window, or where the counts say that it
// does not hold all of them, also those of a long act that was committed late.
func looseLines(tx *db.Tx) (lines []models.AuditLine, err error) {
	unsealed := tx.DB.Where("NOT EXISTS (SELECT 1 FROM audit_leaves WHERE audit_leaves.line_id = audit_lines.id)").Order("id").Limit(sealMost).Session(&gorm.Session{})
	err = unsealed.Where("id > (SELECT COALESCE(MAX(line_id), 0) - ? FROM audit_leaves)", looseWindow).Find(&lines).Error
	if err != nil || len(lines) == sealMost {
		return lines, err
	}
	var written, sealed int64
	if err := tx.DB.Model(&models.AuditLine{}).Count(&written).Error; err != nil {
		return nil, err
	}
	if err := tx.DB.Model(&models.AuditLeaf{}).Count(&sealed).Error; err != nil || written == sealed+int64(len(lines)) {
		return lines, err
	}
	lines = nil
	err = unsealed.Find(&lines).Error
	return lines, err
}

func sealedSize(g *gorm.DB) (size int64, err error) {
	err = g.Model(&models.AuditSeal{}).Select("COALESCE(MAX(size), 0)").Scan(&size).Error
	return size, err
}

// leafData is the byte string whose hash is a leaf: every field, each with its length in front, so that no two lines
// have the same bytes.
func leafData(l models.AuditLine) []byte {
	var b bytes.Buffer
	by := int64(0)
	if l.AccountID != nil {
		by = int64(*l.AccountID)
	}
	for _, field := range []string{fmt.Sprint(l.ID), fmt.Sprint(l.At.UTC().UnixMicro()), fmt.Sprint(by), l.Act, l.Subject, fmt.Sprint(l.SubjectID), l.Detail} {
		fmt.Fprintf(&b, "%d:%s,", len(field), field)
	}
	return b.Bytes()
}

func hashReader(g *gorm.DB) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		var rows []models.AuditHash
		if err := g.Where("position IN ?", indexes).Order("position").Find(&rows).Error; err != nil {
			return nil, err
		}
		found := make(map[int64]tlog.Hash, len(rows))
		for _, r := range rows {
			found[r.Position] = tlog.Hash(r.Hash)
		}
		return pick(indexes, found)
	}
}

func readBoth(indexes []int64, known map[int64]tlog.Hash, stored tlog.HashReader) ([]tlog.Hash, error) {
	found := make(map[int64]tlog.Hash, len(indexes))
	var missing []int64
	for _, i := range indexes {
		if h, ok := known[i]; ok {
			found[i] = h
		} else {
			missing = append(missing, i)
		}
	}
	if len(missing) > 0 {
		hashes, err := stored.ReadHashes(missing)
		if err != nil {
			return nil, err
		}
		for j, i := range missing {
			found[i] = hashes[j]
		}
	}
	return pick(indexes, found)
}

func pick(indexes []int64, found map[int64]tlog.Hash) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for j, i := range indexes {
		h, ok := found[i]
		if !ok {
			return nil, fmt.Errorf("stored hash %d is missing", i)
		}
		out[j] = h
	}
	return out, nil
}
