package polls_test

import (
	"fmt"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// Nothing ran while the poll should have been open: it is neither opened nor counted, says so, and can be held again.
func TestTend_WindowThatPassedWhileNothingRan_IsNotOpened(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		opens, closes := noon.Add(time.Hour), noon.Add(25*time.Hour)
		poll := h.plan(t, chooseOne(), &opens, closes)
		missed := func() bool {
			v, err := h.polls.Show(t.Context(), h.actor(0), poll)
			h.must(t, err)
			l, err := h.polls.Consultations(t.Context(), h.actor(0), 0)
			h.must(t, err)
			if len(l.Rows) != 1 || l.Rows[0].Missed != v.Missed {
				t.Errorf("the list says %+v", l.Rows)
			}
			return v.Missed
		}
		h.clock.Move(closes.Add(-time.Second))
		if missed() {
			t.Error("missed while it may still open")
		}
		h.clock.Move(closes)
		h.must(t, h.polls.Tend(t.Context()))
		if p := h.poll(t, poll); !p.Waits || p.ClosedAt != nil || !missed() {
			t.Errorf("waits %v, closed at %v", p.Waits, p.ClosedAt)
		}
		h.must(t, h.polls.Void(t.Context(), h.facilitator, poll, "El servidor era aturat."))
		again, later := chooseOne(), closes.AddDate(0, 0, 1)
		again.RerunOf = poll
		_, err := h.polls.Plan(t.Context(), h.facilitator, polls.Plan{Question: again, ClosesAt: &later}, "")
		h.must(t, err)
	})
}

// A poll for which nobody has the vote at its hour opens when somebody has it.
func TestTend_NobodyEntitledAtItsHour_OpensWhenSomebodyIs(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		opens := noon.Add(time.Hour)
		poll := h.plan(t, chooseOne(), &opens, noon.AddDate(0, 0, 5))
		left := func(on *civil.Date) {
			h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("id > 0").Update("left_on", on).Error
			}))
		}
		past := civil.New(2026, 1, 1)
		left(&past)
		h.clock.Move(opens)
		h.must(t, h.polls.Tend(t.Context()))
		if !h.poll(t, poll).Waits {
			t.Error("it opened for nobody")
		}
		left(nil)
		h.must(t, h.polls.Tend(t.Context()))
		if p := h.poll(t, poll); p.Waits || p.RollCounts["user"]+p.RollCounts["worker"] != 2 {
			t.Errorf("waits %v, %v", p.Waits, p.RollCounts)
		}
	})
}

// A window of less than twice the hours reminds too: a reminder is sent whenever its instant is after the opening.
func TestRemind_ShortWindow_IsRemindedOfAtItsInstant(t *testing.T) {
	each(t, 1, func(t *testing.T, h *hall) {
		q := chooseOne()
		q.Setup.RemindHours = 24
		soon, opens := noon.Add(40*time.Hour), noon.Add(2*time.Hour)
		now, later := h.plan(t, q, nil, soon), h.plan(t, q, &opens, soon)
		for _, step := range []struct {
			at   time.Time
			told bool
		}{{noon.Add(3 * time.Hour), false}, {noon.Add(16*time.Hour - time.Second), false}, {noon.Add(16 * time.Hour), true}} {
			h.clock.Move(step.at)
			h.must(t, h.polls.Tend(t.Context()))
			for _, id := range []models.PollID{now, later} {
				if told := h.poll(t, id).RemindedAt != nil; told != step.told {
					t.Errorf("poll %d at %s: reminded %v, want %v", id, step.at, told, step.told)
				}
			}
		}
	})
}

// A reminder that would be due before the poll opens, or as it does, is refused beside its field.
func TestPlan_ReminderThatIsNotInsideTheWindow_IsRefused(t *testing.T) {
	each(t, 1, func(t *testing.T, h *hall) {
		opens, closes := noon.Add(2*time.Hour), noon.Add(26*time.Hour)
		for _, c := range []struct {
			hours   int
			opens   *time.Time
			refused bool
		}{{23, &opens, false}, {24, &opens, true}, {25, &opens, true}, {24, nil, false}, {25, nil, false}, {26, nil, true}, {0, &opens, false}} {
			q := chooseOne()
			q.Setup.RemindHours = c.hours
			p := polls.Plan{Question: q, OpensAt: c.opens, ClosesAt: &closes}
			_, err := h.polls.Plan(t.Context(), h.facilitator, p, "")
			for what, err := range map[string]error{"plan": err, "check": h.polls.CheckPlan(t.Context(), p, true)} {
				f, refused := fault.As(err)
				if refused != c.refused || refused && (len(f.Fields) != 1 || f.Fields[0].Field != "remind" || f.Fields[0].Key != "polls.reminds_before_it_opens") {
					t.Errorf("%s: %d hours, opens at %v: %v", what, c.hours, c.opens, err)
				}
			}
		}
	})
}

// More polls than one query lists, none of which reminds, do not keep the last from reminding.
func TestTend_RemindsBeyondTheFirstPage(t *testing.T) {
	each(t, 1, func(t *testing.T, h *hall) {
		closes := noon.AddDate(0, 0, 5)
		var copies []models.Poll
		first := h.poll(t, h.plan(t, chooseOne(), nil, closes))
		for range 100 {
			p := first
			p.ID = 0
			copies = append(copies, p)
		}
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Create(&copies).Error }))
		q := chooseOne()
		q.Setup.RemindHours = 24
		last := h.plan(t, q, nil, closes)
		h.clock.Move(closes.Add(-time.Hour))
		h.must(t, h.polls.Tend(t.Context()))
		if h.poll(t, last).RemindedAt == nil {
			t.Error("nobody was reminded of the last poll")
		}
	})
}

// The count that an open poll shows serves everybody for two seconds, and never knows the lot of a tie.
func TestShow_CountSoFar_IsAtMostTwoSecondsOldAndForInsiders(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q := chooseOne()
		q.Setup.Live = true
		poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
		sees := func(want int64) {
			t.Helper()
			v, err := h.polls.Show(t.Context(), h.actor(2), poll)
			h.must(t, err)
			if v.SoFar == nil || v.SoFar.Cast != want {
				t.Errorf("so far %+v, want %d votes", v.SoFar, want)
			}
		}
		sees(0)
		h.must(t, h.cast(1, poll, "1,,"))
		h.clock.Advance(2*time.Second - time.Microsecond)
		sees(0)
		h.clock.Advance(time.Microsecond)
		sees(1)
		h.must(t, h.cast(0, poll, ",1,"))
		h.clock.Advance(2 * time.Second)
		sees(2)
		if v, err := h.polls.Show(t.Context(), identity.Actor{}, poll); err == nil || v.SoFar != nil {
			t.Errorf("somebody from outside sees %+v", v.SoFar)
		}
	})
}

// A tie's lot is drawn at the close: what an open poll counts meanwhile is drawn without its seed, alike in every poll.
func TestShow_CountSoFar_KnowsNoSeed(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		q := chooseOne()
		q.Setup.Live = true
		sofar, atClose := map[string]bool{}, map[string]bool{}
		for range 24 { // as many lots of two all alike: once in eight million runs
			poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
			h.must(t, h.cast(0, poll, "1,,"))
			h.must(t, h.cast(1, poll, ",1,"))
			v, err := h.polls.Show(t.Context(), h.actor(0), poll)
			h.must(t, err)
			if len(v.SoFar.Result.Lots) == 0 {
				t.Fatal("no lot")
			}
			sofar[fmt.Sprint(v.SoFar.Result.Winners)] = true
			atClose[fmt.Sprint(h.ends(t, poll).Count.Result.Winners)] = true
		}
		if len(sofar) != 1 || len(atClose) != 2 {
			t.Errorf("so far %v, at the close %v", sofar, atClose)
		}
	})
}
