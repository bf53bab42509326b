package audit

import (
	"bytes"
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

// Check hashes every sealed line again, in order, and compares the roots with all heads that were sealed.
func (l *Log) Check(ctx context.Context) (r Report, err error) {
	err = l.db.Snapshot(ctx, func(tx *db.Tx) error {
		var heads []models.AuditSeal
		if err := tx.DB.Order("size").Find(&heads).Error; err != nil {
			return err
		}
		if len(heads) > 0 {
			r.Sealed = heads[len(heads)-1].Size
		}
		var lines, leaves int64
		if err := tx.DB.Model(&models.AuditLine{}).Count(&lines).Error; err != nil {
			return err
		}
		if err := tx.DB.Model(&models.AuditLeaf{}).Count(&leaves).Error; err != nil {
			return err
		}
		r.Loose = max(0, lines-r.Sealed)
		if leaves != r.Sealed {
			r.Problem = fmt.Sprintf("%d lines have a leaf and %d are sealed: heads or leaves were taken out", leaves, r.Sealed)
			return nil
		}
		root, err := recompute(tx, heads)
		if err != nil {
			r.Problem = err.Error()
		} else if r.Sealed > 0 {
			r.Root = root.String()
		}
		return nil
	})
	return r, err
}

// recompute builds the tree from the lines alone, keeps its hashes in memory, and compares it with each head as it
// grows. It returns the last root.
func recompute(tx *db.Tx, heads []models.AuditSeal) (root tlog.Hash, err error) {
	known := map[int64]tlog.Hash{}
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) { return pick(indexes, known) })
	rows, err := tx.DB.Model(&models.AuditLine{}).Joins("JOIN audit_leaves ON audit_leaves.line_id = audit_lines.id").
		Order("audit_leaves.leaf").Rows()
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
		if len(heads) > 0 && heads[0].Size == n {
			if root, err = tlog.TreeHash(n, reader); err != nil {
				return tlog.Hash{}, err
			}
			if !bytes.Equal(root[:], heads[0].Root) {
				return tlog.Hash{}, fmt.Errorf("the first %d lines no longer give the root that was sealed on %s", n, heads[0].SealedAt.Format("2006-01-02 15:04"))
			}
			heads = heads[1:]
		}
	}
	if err := rows.Err(); err != nil {
		return tlog.Hash{}, err
	}
	if len(heads) > 0 {
		return tlog.Hash{}, fmt.Errorf("%d lines were sealed and %d are there", heads[len(heads)-1].Size, n)
	}
	return root, nil
}
