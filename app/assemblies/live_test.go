package assemblies

import (
	"testing"
	"time"

	"socia/app/identity"
	"socia/models"
)

func TestQuorum_LiveCount_IsForInsidersAndAtMostTwoSecondsOld(t *testing.T) {
	each(t, nil, func(w *town) {
		draft := w.draft()
		id, _ := w.convened()
		w.clock.Move(firstCall)
		votes := func() int64 {
			c, err := w.svc.Quorum(w.ctx(), w.as(10), id) // who has no vote sees the count as well
			must(t, err)
			return c.Quorum.Total.Votes()
		}
		if votes() != 0 {
			t.Error("somebody is there already")
		}
		w.arrive(id, 1, 2)
		w.clock.Advance(2*time.Second - time.Microsecond)
		if n := votes(); n != 0 {
			t.Errorf("%d: within two seconds the count serves everybody", n)
		}
		w.clock.Advance(time.Microsecond)
		if n := votes(); n != 2 {
			t.Errorf("%d after two seconds, want 2", n)
		}
		for _, err := range together(4, func(int) error { _, err := w.svc.Quorum(w.ctx(), w.as(1), id); return err }) {
			must(t, err)
		}
		_, err := w.svc.Quorum(w.ctx(), identity.Actor{Account: 1}, id)
		refused(t, err, "identity.membership_needed")
		for _, by := range []identity.Actor{w.as(1), w.leader} {
			_, err = w.svc.Quorum(w.ctx(), by, draft)
			refused(t, err, "assemblies.unknown")
		}
		w.clock.Move(secondCall)
		must(t, w.svc.Open(w.ctx(), w.leader, id, 2))
		c, err := w.svc.Quorum(w.ctx(), w.as(1), id)
		must(t, err)
		if c.Assembly.OpenCall != 2 || c.Assembly.State() != models.AssemblyOpen {
			t.Errorf("the count is of an assembly that is %s", c.Assembly.State())
		}
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		_, err = w.svc.Quorum(w.ctx(), w.leader, id)
		refused(t, err, "assemblies.closed")
	})
}
