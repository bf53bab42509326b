package assemblies

import (
	"testing"

	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

func TestCheckIn_LastDayOfMembership_StillComesAndVotes(t *testing.T) {
	each(t, nil, func(w *town) {
		id, item := w.convened()
		today := civil.Of(firstCall, madrid)
		leaves := func(n int, on civil.Date) {
			must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(n)).Update("left_on", on).Error
			}))
		}
		leaves(1, today)
		leaves(2, today.AddDays(-1))
		w.open(id, 1, 3, 4, 5, 6)
		refused(t, w.svc.CheckIn(w.ctx(), w.leader, id, w.id(2), models.InPerson), "assemblies.member_unknown")
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		if n := w.count(&models.PollElector{}, "poll_id = ? AND member_id = ?", poll, w.id(1)); n != 1 {
			t.Error("who leaves at the end of the day has no vote on it")
		}
	})
}
