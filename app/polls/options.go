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
}

// optionsTx lists a poll's options in their order.
func optionsTx(tx *db.Tx, id models.PollID) ([]Option, error) {
	var rows []models.PollOption
	if err := tx.DB.Where("poll_id = ?", id).Order("position").Limit(1000).Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the options of poll %d: %w", id, err)
	}
	var declared []models.PollDeclaration
	if err := tx.DB.Where("poll_id = ?", id).Order("id").Limit(10_000).Find(&declared).Error; err != nil {
		return nil, fmt.Errorf("read the declarations of poll %d: %w", id, err)
	}
	said := make(map[int64]bool, len(declared))
	for _, d := range declared {
		said[d.Position] = d.InGroup // the last holds
	}
	options := make([]Option, len(rows))
	for i, o := range rows {
		options[i] = Option{PollOption: o, InGroup: said[o.Position]}
	}
	return options, nil
}
