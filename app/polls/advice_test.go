package polls_test

import (
	"context"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

func noonDay(days int) civil.Date { return civil.Of(noon.AddDate(0, 0, days), time.UTC) }

func (h *hall) settle(by identity.Actor, poll models.PollID) error {
	return h.polls.Settle(context.Background(), by, poll, "Comprem el forn petit.", "", nil, "")
}

func TestAdvice_NobodyAsksThemself(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		poll := h.plan(t, asks(methods.Advice, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
		v, err := h.polls.Show(t.Context(), h.actor(0), poll)
		h.must(t, err)
		if v.Electors != 2 || len(v.Papers) != 0 || !v.Decides {
			t.Errorf("%d are asked, whoever asks has %d papers, decides %v", v.Electors, len(v.Papers), v.Decides)
		}
		wantFault(t, h.cast(0, poll, "no_advice"), "polls.not_entitled")
		var told []models.AccountID
		h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.InboxNotice{}).Where("kind = ?", "polls.told.open").Order("account_id").Pluck("account_id", &told).Error
		}))
		if len(told) != 2 || told[0] == h.facilitator.Account {
			t.Errorf("told %v", told)
		}
	})
}

func TestAdvice_NobodyElseMayAnswer_IsRefused(t *testing.T) {
	each(t, 1, func(t *testing.T, h *hall) {
		closes := noon.AddDate(0, 0, 5)
		_, err := h.polls.Plan(t.Context(), h.facilitator, polls.Plan{Question: asks(methods.Advice, methods.Setup{}), ClosesAt: &closes}, "")
		wantFault(t, err, "advice.nobody_affected")
		opens := noon.Add(time.Hour)
		poll := h.plan(t, asks(methods.Advice, methods.Setup{}), &opens, closes)
		h.clock.Move(opens)
		h.must(t, h.polls.Tend(t.Context()))
		if !h.poll(t, poll).Waits {
			t.Error("it opened for nobody")
		}
	})
}

func TestAdvice_EndsWhenAllHaveAnsweredOrTheTimeIsOver(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		all, some := h.plan(t, asks(methods.Advice, methods.Setup{}), nil, noon.AddDate(0, 0, 5)), h.plan(t, asks(methods.Advice, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
		for _, poll := range []models.PollID{all, some} {
			h.says(t, 1, poll, "advice", "Mireu la potència.")
			wantFault(t, h.polls.Close(t.Context(), h.facilitator, poll), "advice.incomplete")
			if h.poll(t, poll).ClosedAt != nil {
				t.Error("it closed")
			}
		}
		h.says(t, 2, all, "no_advice", "")
		if p := h.ends(t, all); p.Outcome() != "complete" || *p.Count.Answers.Silent != 0 {
			t.Errorf("%+v", p.Count.Answers)
		}
		h.clock.Move(noon.AddDate(0, 0, 5))
		h.must(t, h.polls.Tend(t.Context()))
		if p := h.ends(t, some); p.Outcome() != "time_over" || *p.Count.Answers.Silent != 1 {
			t.Errorf("%+v", p.Count.Answers)
		}
	})
}

func TestAdvice_InAnAssembly_WhoFacilitatesSaysWhenTheTimeIsOver(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		var poll models.Poll
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) (err error) {
			poll, err = polls.OpenTx(t.Context(), tx, h.facilitator, polls.Opening{Assembly: h.assembly.ID, Item: h.item.ID, Statutes: h.statutes, Question: asks(methods.Advice, methods.Setup{}), Electors: h.everybody(), RollCounts: map[string]int64{"user": 3}})
			return err
		}))
		h.says(t, 1, poll.ID, "advice", "Mireu la potència.")
		wantFault(t, h.cast(0, poll.ID, "no_advice"), "polls.not_elector")
		if p := h.close(t, poll.ID); p.Outcome() != "time_over" || *p.Count.Answers.Silent != 1 {
			t.Errorf("%+v", p.Count.Answers)
		}
	})
}

// Another facilitator may write what follows from any poll but an advice process.
func TestSettle_Advice_OnlyWhoOpenedItDecides(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		other := h.actor(2)
		other.Roles = h.facilitator.Roles
		opener := h.actor(0) // who is no facilitator any more
		for name, want := range map[methods.Name][3]string{methods.Advice: {"advice.not_yours", "advice.not_yours", ""}, methods.Consent: {"", "identity.role_needed", "identity.role_needed"}} {
			poll := h.plan(t, asks(name, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
			open := "polls.still_open"
			wantFault(t, h.settle(h.facilitator, poll), open)
			h.must(t, h.polls.Cast(t.Context(), h.actor(1), poll, []polls.Ballot{{Member: h.members[1].ID, Choice: map[methods.Name]models.Choice{methods.Advice: "no_advice", methods.Consent: "consent"}[name]}}))
			h.must(t, h.polls.Cast(t.Context(), other, poll, []polls.Ballot{{Member: h.members[2].ID, Choice: map[methods.Name]models.Choice{methods.Advice: "no_advice", methods.Consent: "consent"}[name]}}))
			h.ends(t, poll)
			for i, by := range []identity.Actor{other, h.actor(1), opener} {
				v, err := h.polls.Show(t.Context(), by, poll)
				h.must(t, err)
				if v.MaySettle != (want[i] == "") {
					t.Errorf("%s: the page of %d offers it: %v", name, i, v.MaySettle)
				}
				if want[i] == "" {
					h.must(t, h.settle(by, poll))
				} else {
					wantFault(t, h.settle(by, poll), want[i])
				}
			}
		}
	})
}

// Whoever asks for advice reads it as it comes; nobody else does before the close, whoever facilitates neither.
func TestAdvice_WhoAsksReadsItWhileItIsOpen_OthersAfterTheClose(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		poll := h.plan(t, asks(methods.Advice, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
		h.says(t, 1, poll, "advice", "Mireu la potència.")
		h.says(t, 2, poll, "no_advice", "")
		other := h.actor(3)
		other.Roles = h.facilitator.Roles
		reads := func(by identity.Actor) (words []string) {
			v, err := h.polls.Show(t.Context(), by, poll)
			h.must(t, err)
			if v.AskedBy != "Persona 0" {
				t.Errorf("it was asked by %q", v.AskedBy)
			}
			for _, o := range v.Objections {
				words = append(words, o.Name+": "+o.Reason)
			}
			return words
		}
		want := "Persona 1: Mireu la potència."
		if got := reads(h.actor(0)); len(got) != 1 || got[0] != want {
			t.Errorf("who asks reads %q", got)
		}
		for _, by := range []identity.Actor{h.actor(1), h.actor(2), other} {
			if got := reads(by); len(got) != 0 {
				t.Errorf("%d reads %q while it is open", by.Account, got)
			}
		}
		h.says(t, 3, poll, "no_advice", "")
		h.ends(t, poll)
		for i := range 4 {
			if got := reads(h.actor(i)); len(got) != 1 || got[0] != want {
				t.Errorf("after the close %d reads %q", i, got)
			}
		}
	})
}

// An advice process that was declared void before it was counted tells nobody what was said.
func TestAdvice_VoidBeforeTheClose_TellsNobodyMore(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		poll := h.plan(t, asks(methods.Advice, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
		h.says(t, 1, poll, "advice", "Mireu la potència.")
		h.must(t, h.polls.Void(t.Context(), h.facilitator, poll, "M’he equivocat."))
		for i := range 3 {
			v, err := h.polls.Show(t.Context(), h.actor(i), poll)
			h.must(t, err)
			if len(v.Objections) != 0 {
				t.Errorf("%d reads %+v", i, v.Objections)
			}
		}
	})
}
