package polls

import (
	"fmt"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// standsTwice refuses two options with one member's number: elected on both, one person would hold two seats, and meet
// a parity rule alone. Nil where nobody stands twice.
func standsTwice(options []NewOption) *fault.Fault {
	first := make(map[int64]string, len(options))
	for _, o := range options {
		other, again := first[o.Number]
		if o.Number != 0 && again {
			return fault.Invalid("options", "polls.setup.candidate_twice", map[string]any{"Option": o.Label, "Other": other, "Number": o.Number})
		}
		first[o.Number] = o.Label
	}
	return nil
}

// candidatesTx finds the members whose numbers the options name. Whoever has left the cooperative does not stand, not
// even where a void poll is repeated in which they stood; on their last day they still do.
func candidatesTx(tx *db.Tx, options []NewOption) (map[int64]models.MemberID, error) {
	var numbers []int64
	for _, o := range options {
		if o.Number != 0 {
			numbers = append(numbers, o.Number)
		}
	}
	found := make(map[int64]models.MemberID, len(numbers))
	if len(numbers) == 0 {
		return found, nil
	}
	today, _, err := identity.TodayTx(tx)
	if err != nil {
		return nil, err
	}
	var members []models.Member
	if err := tx.DB.Select("id", "number", "left_on").Where("number IN ?", numbers).Order("id").Find(&members).Error; err != nil {
		return nil, fmt.Errorf("find the candidates: %w", err)
	}
	left := make(map[int64]bool, len(members))
	for _, m := range members {
		found[m.Number], left[m.Number] = m.ID, !m.LeftOn.IsZero() && m.LeftOn.Before(today)
	}
	var wrong []*fault.Fault
	for _, o := range options {
		switch _, known := found[o.Number]; {
		case o.Number == 0:
		case !known:
			wrong = append(wrong, fault.Invalid("options", "polls.setup.candidate", map[string]any{"Option": o.Label}))
		case left[o.Number]:
			wrong = append(wrong, fault.Invalid("options", "polls.setup.candidate_left", map[string]any{"Option": o.Label, "Number": o.Number}))
		}
	}
	return found, fault.All(wrong...)
}
