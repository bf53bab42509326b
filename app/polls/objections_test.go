package polls_test

import (
	"fmt"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

func (h *hall) says(t *testing.T, i int, poll models.PollID, choice models.Choice, why string) {
	t.Helper()
	h.must(t, h.polls.Cast(t.Context(), h.actor(i), poll, []polls.Ballot{{Member: h.members[i].ID, Choice: choice, Reason: why}}))
}

// answer proposes an answer to the objection of a member, and gives its number.
func (h *hall) answer(t *testing.T, poll models.PollID, i int, how models.ResolutionHow) int64 {
	t.Helper()
	h.clock.Move(h.clock.Now().Add(time.Second))
	h.must(t, h.polls.Resolve(t.Context(), h.facilitator, poll, models.PollResolution{MemberID: h.members[i].ID, How: how, Words: "Només els matins."}))
	return h.objection(t, h.facilitator, poll, i).Resolution.ID
}

// objection is a member's objection as a reader sees it.
func (h *hall) objection(t *testing.T, by identity.Actor, poll models.PollID, i int) polls.Objection {
	t.Helper()
	v, err := h.polls.Show(t.Context(), by, poll)
	h.must(t, err)
	for _, o := range v.Objections {
		if o.Member == h.members[i].ID {
			return o
		}
	}
	t.Fatalf("no objection of %d among %+v", i, v.Objections)
	return polls.Objection{}
}

// objected is a poll by consent in which some members object and the last one consents.
func (h *hall) objected(t *testing.T, who ...int) models.PollID {
	t.Helper()
	poll := h.plan(t, asks(methods.Consent, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
	for _, i := range who {
		h.says(t, i, poll, "objection", "No hi cabem.")
	}
	h.says(t, len(h.members)-1, poll, "consent", "")
	return poll
}

func TestResolve_WithoutTheWordOfWhoObjects_TheObjectionStands(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		for how, want := range map[models.ResolutionHow]string{models.ResolvedByAmendment: "objections_open", models.ObjectionWithdrawn: "objections_open", models.ObjectionEased: "objections_open", models.ObjectionUpheld: "blocked"} {
			poll := h.objected(t, 1)
			h.answer(t, poll, 1, how)
			if p := h.ends(t, poll); p.Outcome() != want || len(p.Count.Answers.Open) != 1 || p.Count.Answers.Resolved() != 0 {
				t.Errorf("%s by who facilitates alone: %+v", how, p.Count.Answers)
			}
		}
	})
}

func TestConfirm_EachAnswerThatWasAgreedTo_IsCountedAsWhatItIs(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		poll := h.objected(t, 1, 2, 3)
		for i, how := range []models.ResolutionHow{models.ResolvedByAmendment, models.ObjectionWithdrawn, models.ObjectionEased} {
			h.must(t, h.polls.Confirm(t.Context(), h.actor(i+1), poll, h.answer(t, poll, i+1, how), true))
		}
		a := h.ends(t, poll).Count.Answers
		if a.Outcome != "adopted_with_concerns" || a.Amended != 1 || a.Withdrawn != 1 || a.Eased != 1 || *a.Silent != 1 || len(a.Open) != 0 {
			t.Errorf("%+v", a)
		}
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), poll, 1, false), "polls.closed")
	})
}

func TestConfirm_OnlyWhoMayCastThatVote_AndOnlyTheLastAnswer(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		poll, other := h.objected(t, 1), h.objected(t, 1)
		first := h.answer(t, poll, 1, models.ResolvedByAmendment)
		for _, by := range []identity.Actor{h.facilitator, h.actor(2), {}} {
			wantFault(t, h.polls.Confirm(t.Context(), by, poll, first, true), "polls.no_objection")
		}
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), other, first, true), "polls.no_objection")
		if o := h.objection(t, h.actor(1), poll, 1); !o.Yours || o.Agreed != nil || h.objection(t, h.actor(2), poll, 1).Yours {
			t.Errorf("%+v", o)
		}
		second := h.answer(t, poll, 1, models.ObjectionWithdrawn)
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), poll, first, true), "polls.objection_changed")
		h.must(t, h.polls.Confirm(t.Context(), h.actor(1), poll, second, true))
		err := h.polls.Resolve(t.Context(), h.facilitator, poll, models.PollResolution{MemberID: h.members[1].ID, How: models.ObjectionUpheld, Words: "No."})
		wantFault(t, err, "polls.objection_agreed")
		h.must(t, h.polls.Confirm(t.Context(), h.actor(1), poll, second, false)) // thought again
		if p := h.ends(t, poll); p.Outcome() != "objections_open" {
			t.Errorf("it still stands, and the poll is %s", p.Outcome())
		}
		upheld := h.answer(t, other, 1, models.ObjectionUpheld)
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), other, upheld, true), "polls.objection_changed")
	})
}

// Who objects again after they agreed, or consents after all, has answered for themself.
func TestConfirm_ALaterVoteComesFirst(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		for choice, want := range map[models.Choice]string{"objection": "objections_open", "consent": "consented"} {
			poll := h.objected(t, 1)
			answer := h.answer(t, poll, 1, models.ResolvedByAmendment)
			h.must(t, h.polls.Confirm(t.Context(), h.actor(1), poll, answer, true))
			h.clock.Move(h.clock.Now().Add(time.Second))
			h.says(t, 1, poll, choice, "Als matins tampoc.")
			if choice == "objection" {
				if o := h.objection(t, h.actor(1), poll, 1); o.Resolution != nil {
					t.Errorf("a new objection has the old answer: %+v", o)
				}
				wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), poll, answer, true), "polls.objection_changed")
			}
			if p := h.ends(t, poll); p.Outcome() != want || p.Count.Answers.Resolved() != 0 {
				t.Errorf("after a later %s: %+v", choice, p.Count.Answers)
			}
		}
	})
}

// In an assembly a proxy's holder casts for the giver, and the table for those without account: they confirm as well.
func TestConfirm_HolderOfAProxy_AndTheTable(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		electors := h.everybody()
		electors[1].VoterID, electors[1].AccountID = h.members[2].ID, h.members[2].AccountID
		electors[3].AccountID = nil
		var poll models.Poll
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) (err error) {
			poll, err = polls.OpenTx(t.Context(), tx, h.facilitator, polls.Opening{Assembly: h.assembly.ID, Item: h.item.ID, Statutes: h.statutes, Question: asks(methods.Consent, methods.Setup{}), Electors: electors, RollCounts: map[string]int64{"user": 4}})
			return err
		}))
		h.must(t, h.polls.Cast(t.Context(), h.actor(2), poll.ID, []polls.Ballot{{Member: h.members[1].ID, Choice: "objection", Reason: "No."}}))
		h.must(t, h.polls.Record(t.Context(), h.facilitator, poll.ID, []polls.Entry{{Ballot: polls.Ballot{Member: h.members[3].ID, Choice: "objection", Reason: "No."}}}))
		given, table := h.answer(t, poll.ID, 1, models.ObjectionWithdrawn), h.answer(t, poll.ID, 3, models.ObjectionWithdrawn)
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(1), poll.ID, given, true), "polls.no_objection")
		wantFault(t, h.polls.Confirm(t.Context(), h.actor(3), poll.ID, table, true), "polls.no_objection")
		h.must(t, h.polls.Confirm(t.Context(), h.actor(2), poll.ID, given, true))
		h.must(t, h.polls.Confirm(t.Context(), h.facilitator, poll.ID, table, true))
		if p := h.close(t, poll.ID); p.Outcome() != "consented" || p.Count.Answers.Withdrawn != 2 {
			t.Errorf("%+v", p.Count.Answers)
		}
	})
}

func TestResolve_WhoObjects_IsToldInTheInbox(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		poll := h.objected(t, 1)
		h.answer(t, poll, 1, models.ResolvedByAmendment)
		h.answer(t, poll, 1, models.ObjectionUpheld) // asks for nobody's word
		var told []models.InboxNotice
		h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Where("kind = ?", "polls.told.answered").Find(&told).Error }))
		if len(told) != 1 || told[0].AccountID != *h.members[1].AccountID || told[0].Href != fmt.Sprint("/polls/", poll) || told[0].Args["Question"] != "Què fem?" {
			t.Errorf("told %+v", told)
		}
	})
}

// A delegated objection is agreed to by who cast it.
func TestConfirm_DelegatedObjections_FollowWhoCastThem(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		h.must(t, h.polls.Delegate(t.Context(), h.actor(2), h.members[2].ID, h.members[1].Number, "", noonDay(60)))
		poll := h.objected(t, 1)
		h.must(t, h.polls.Confirm(t.Context(), h.actor(1), poll, h.answer(t, poll, 1, models.ResolvedByAmendment), true))
		h.clock.Move(h.clock.Now().Add(time.Hour))
		if p := h.ends(t, poll); p.Outcome() != "consented" || p.Count.Answers.Amended != 2 {
			t.Errorf("%+v", p.Count.Answers)
		}
		if o := h.objection(t, h.actor(0), poll, 2); o.Resolution == nil || o.Agreed == nil || !*o.Agreed {
			t.Errorf("the delegated objection shows %+v", o)
		}
	})
}
