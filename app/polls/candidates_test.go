package polls_test

import (
	"testing"
	"time"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// leaves notes that a member's last day is, or was, a day.
func (h *hall) leaves(t *testing.T, i int, day civil.Date) {
	t.Helper()
	h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", h.members[i].ID).Update("left_on", day).Error
	}))
}

// refusesToStand looks for one fault about the options, with what it names, both in the review and as the poll is made;
// and sees that nothing was made.
func (h *hall) refusesToStand(t *testing.T, q polls.Question, key string, names map[string]any) {
	t.Helper()
	polled := func() (n int64) {
		h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&models.Poll{}).Count(&n).Error }))
		return n
	}
	before, closes := polled(), noon.AddDate(0, 0, 5)
	p := polls.Plan{Question: q, ClosesAt: &closes}
	_, made := h.polls.Plan(t.Context(), h.facilitator, p, "")
	for what, err := range map[string]error{"plan": made, "check": h.polls.CheckPlan(t.Context(), p, true), "check on an item": h.polls.CheckPlan(t.Context(), p, false)} {
		f, is := fault.As(err)
		if !is || len(f.Details()) != 1 || f.Details()[0].Key != key || f.Details()[0].Field != "options" || f.Kind != fault.KindInvalid {
			t.Errorf("%s: %v, want %s beside the options", what, err, key)
			continue
		}
		for name, want := range names {
			if got := f.Details()[0].Args[name]; got != want {
				t.Errorf("%s: %s is %v, want %v", what, name, got, want)
			}
		}
	}
	if n := polled(); n != before {
		t.Errorf("%d polls were made", n-before)
	}
}

// One person who stood on two lines would hold two seats.
func TestCandidates_OneMemberOnTwoLines_IsRefused(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		for _, name := range []methods.Name{methods.Scottish, methods.Approval, methods.Schulze} {
			q := asks(name, methods.Setup{Seats: 2})
			q.Options[0].Number, q.Options[2].Number = h.members[1].Number, h.members[1].Number
			h.refusesToStand(t, q, "polls.setup.candidate_twice", map[string]any{"Option": "Carla", "Other": "Anna", "Number": h.members[1].Number})
			q.Options[2].Number = h.members[2].Number // Berta has no number: who has none stands as often as they are named
			h.plan(t, q, nil, noon.AddDate(0, 0, 5))
		}
	})
}

// Who has left does not stand; on the last day one still belongs. A void poll is repeated without whoever left since.
func TestCandidates_WhoHasLeft_IsRefused_AlsoInARepetition(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q := asks(methods.Scottish, methods.Setup{Seats: 1})
		q.Options[0].Number, q.Options[1].Number = h.members[1].Number, h.members[2].Number
		today := civil.Of(noon, time.UTC)
		h.leaves(t, 1, today)
		poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
		h.must(t, h.polls.Void(t.Context(), h.facilitator, poll, "Hi faltava una candidatura."))
		q.RerunOf = poll
		h.leaves(t, 1, today.AddDays(-1))
		gone := map[string]any{"Option": "Anna", "Number": h.members[1].Number}
		h.refusesToStand(t, q, "polls.setup.candidate_left", gone)
		first := q
		first.RerunOf = 0
		h.refusesToStand(t, first, "polls.setup.candidate_left", gone)
		q.Options = q.Options[1:]
		h.plan(t, q, nil, noon.AddDate(0, 0, 5))
	})
}
