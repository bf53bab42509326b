package assemblies

import (
	"testing"
	"time"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

func TestCloseDue_OneThatFails_DoesNotHoldUpTheOthers(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		var items [2]models.AgendaItemID
		for i := range items {
			var err error
			items[i], err = w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "Punt", Decision: string(rules.DecisionOrdinary)}, "")
			must(t, err)
		}
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		w.open(id, 1, 2, 3, 4, 5)
		var both [2]models.PollID
		for i, item := range items {
			var err error
			both[i], err = w.svc.OpenPoll(w.ctx(), w.leader, item, w.svc.In(time.Minute), "")
			must(t, err)
		}
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.Poll{}).Where("id = ?", both[0]).Update("roll_counts", "{}").Error // cannot be counted
		}))
		w.clock.Advance(time.Hour)
		if err := w.svc.CloseDue(w.ctx()); err == nil {
			t.Error("the failure is not told")
		}
		if n := w.count(&models.Poll{}, "closed_at IS NOT NULL AND id = ?", both[1]); n != 1 {
			t.Error("the other poll did not close at its hour")
		}
	})
}
