// Package audit keeps a line for every act, and seals the lines into a Merkle log after the commit, in batches:
// whoever changes an old line, or takes one out, no longer gets the root that was sealed.
package audit

import (
	"context"
	"encoding/json"
	"fmt"

	"socia/models"
	"socia/platform/db"
)

// Detail is what a line says besides who, what and when: ids and words of ours, never personal data.
type Detail map[string]any

// LineTx writes the line of an act inside the act. by is 0 when the software itself acts.
func LineTx(_ context.Context, tx *db.Tx, by models.AccountID, act, subject string, subjectID int64, detail Detail) error {
	if detail == nil {
		detail = Detail{}
	}
	raw, err := json.Marshal(detail)
	if err != nil {
		return fmt.Errorf("audit %s: %w", act, err)
	}
	line := models.AuditLine{At: tx.Now, Act: act, Subject: subject, SubjectID: subjectID, Detail: string(raw)}
	if by != 0 {
		line.AccountID = &by
	}
	if err := tx.DB.Create(&line).Error; err != nil {
		return fmt.Errorf("audit %s: %w", act, err)
	}
	return nil
}
