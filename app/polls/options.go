package polls

import (
	"fmt"

	"socia/models"
	"socia/platform/db"
)

// Option is one of the things to choose from, with what its candidate has declared for the parity rule.
type Option struct {
	models.PollOption
	InGroup bool
	Number  int64 // of the member who is the candidate, if any
}

// optionsTx lists a poll's options in their order.
func optionsTx(tx *db.Tx, id models.PollID) ([]Option, error) {
	var rows []models.PollOption
	if err := tx.DB.Where("poll_id = ?", id).Order("position").Limit(1000).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the options of poll %d: %w", id, err)
	}
	var declared []models.PollDeclaration // the last of each option holds, however many there are
	err := tx.DB.Where("id IN (SELECT MAX(id) FROM poll_declarations WHERE poll_id = ? GROUP BY position)", id).Order("position").Limit(1000).Find(&declared).Error
	if err != nil {
		return nil, fmt.Errorf("read the declarations of poll %d: %w", id, err)
	}
	said := make(map[int64]bool, len(declared))
	for _, d := range declared {
		said[d.Position] = d.InGroup
	}
	options := make([]Option, len(rows))
	for i, o := range rows {
		options[i] = Option{PollOption: o, InGroup: said[o.Position]}
	}
	return options, numbersTx(tx, options)
}

// numbersTx adds the numbers of candidates.
func numbersTx(tx *db.Tx, options []Option) error {
	var ids []models.MemberID
	for _, o := range options {
		if o.MemberID != nil {
			ids = append(ids, *o.MemberID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var members []models.Member
	if err := tx.DB.Select("id", "number").Where("id IN ?", ids).Order("id").Find(&members).Error; err != nil {
		return fmt.Errorf("read the candidates' numbers: %w", err)
	}
	for i, o := range options {
		for _, m := range members {
			if o.MemberID != nil && *o.MemberID == m.ID {
				options[i].Number = m.Number
			}
		}
	}
	return nil
}
