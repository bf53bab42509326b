package audit

import (
	"context"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"socia/models"
	"socia/platform/db"
)

// Report is what a check of the log found. Problem is empty when the lines give the sealed root.
type Report struct {
	Sealed  int64
	Loose   int64
	Root    string
	Problem string
}

// Check hashes every sealed line again, in order, and compares the root with the newest head.
func (l *Log) Check(ctx context.Context) (r Report, err error) {
	err = l.db.Snapshot(ctx, func(tx *db.Tx) error {
		var head models.AuditSeal
		if err := tx.DB.Order("size DESC").Limit(1).Find(&head).Error; err != nil {
			return err
		}
		r.Sealed = head.Size
		var lines int64
		if err := tx.DB.Model(&models.AuditLine{}).Count(&lines).Error; err != nil {
			return err
		}
		r.Loose = lines - head.Size
		if head.Size == 0 {
			return nil
		}
		root, err := recompute(tx, head.Size)
		if err != nil {
			r.Problem = err.Error()
			return nil
		}
		r.Root = root.String()
		if root != tlog.Hash(head.Root) {
			r.Problem = fmt.Sprintf("the %d sealed lines no longer give the root that was sealed on %s", head.Size, head.SealedAt.Format("2006-01-02 15:04"))
		}
		return nil
	})
	return r, err
}

// recompute builds the tree from the lines alone and keeps its hashes in memory.
func recompute(tx *db.Tx, size int64) (tlog.Hash, error) {
	known := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return pick(indexes, known) })
	rows, err := tx.DB.Model(&models.AuditLine{}).Joins("JOIN audit_leaves ON audit_leaves.line_id = audit_lines.id").
		Where("audit_leaves.leaf < ?", size).Order("audit_leaves.leaf").Rows()
	if err != nil {
		return tlog.Hash{}, err
	}
	defer func() { _ = rows.Close() }()
	n := int64(0)
	for rows.Next() {
		var line models.AuditLine
		if err := tx.DB.ScanRows(rows, &line); err != nil {
			return tlog.Hash{}, err
		}
		made, err := tlog.StoredHashes(n, leafData(line), reader)
		if err != nil {
			return tlog.Hash{}, err
		}
		for j, h := range made {
			known[tlog.StoredHashIndex(0, n)+int64(j)] = h
		}
		n++
	}
	if err := rows.Err(); err != nil {
		return tlog.Hash{}, err
	}
	if n != size {
		return tlog.Hash{}, fmt.Errorf("%d lines were sealed and %d are there", size, n)
	}
	return tlog.TreeHash(size, reader)
}
