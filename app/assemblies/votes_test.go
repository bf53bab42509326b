package assemblies

import (
	"testing"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// Llei 12/2015 art. 46.1 asks for more than half of the votes, present and represented: with five votes of thirteen
// members are many and votes too few, and one who has five of them makes the quorum.
func TestQuorum_Llei12_2015_Art46_1_CountsVotes(t *testing.T) {
	each(t, func(r *rules.RuleSet) { r.Counting.MostVotes = 5 }, func(w *town) {
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(1)).Update("votes", 9).Error // 5 count
		}))
		id, item := w.convened()
		_, err := w.svc.DeclareProxy(w.ctx(), w.as(1), id, w.id(1), w.id(2), "")
		must(t, err)
		w.clock.Move(firstCall)
		w.arrive(id, 3, 4, 5, 6, 7)
		if q := w.quorum(id); q.Total.Roll != 9 || q.Total.RollVotes() != 13 || q.Total.Votes() != 5 || q.First.OK || q.First.Needed.String() != "7" {
			t.Errorf("%+v: five of thirteen votes", q)
		}
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.no_quorum")
		w.arrive(id, 2)
		if q := w.quorum(id); q.Total.InPerson != 6 || q.Total.Represented != 1 || q.Total.Votes() != 11 || !q.First.OK {
			t.Errorf("%+v: eleven of thirteen votes", q)
		}
		must(t, w.svc.Open(w.ctx(), w.leader, id, 1))
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		var p models.Poll
		var electors []models.PollElector
		must(t, w.db.Read(w.ctx(), func(tx *db.Tx) error {
			if err := tx.DB.Where("poll_id = ?", poll).Order("member_id").Find(&electors).Error; err != nil {
				return err
			}
			return tx.DB.Take(&p, poll).Error
		}))
		if p.RollCounts["worker"] != 6 || p.RollCounts["user"] != 7 || len(electors) != 7 || electors[0].Votes != 5 || electors[0].VoterID != w.id(2) || electors[1].Votes != 1 {
			t.Errorf("%v, %+v", p.RollCounts, electors)
		}
	})
}
