package polls_test

import (
	"fmt"
	"testing"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/models"
	"socia/platform/db"
)

// changes writes into a member what another page would: an account, a last day.
func (h *hall) changes(t *testing.T, i int, column string, to any) {
	t.Helper()
	h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", h.members[i].ID).Update(column, to).Error
	}))
}

// An organisation that replaces its representative while a poll is open votes through the new one: electors are frozen
// as members, and the account is whoever acts for them as they vote.
func TestCast_RepresentativeReplaced_TheNewOneVotes(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		poll := h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 10))
		h.must(t, h.cast(3, poll, "1,,"))
		organisation := h.members[3]
		h.changes(t, 3, "kind", models.Organisation)
		h.changes(t, 3, "account_id", *h.members[2].AccountID)
		before := identity.Actor{Account: *organisation.AccountID, Members: []models.Member{h.members[1]}} // still acts for somebody else
		now := identity.Actor{Account: *h.members[2].AccountID, Members: []models.Member{h.members[2], organisation}}
		papers := func(by identity.Actor) (names []string) {
			v, err := h.polls.Show(t.Context(), by, poll)
			h.must(t, err)
			for _, p := range v.Papers {
				names = append(names, p.Name+" "+string(p.Choice))
			}
			return names
		}
		wantFault(t, h.polls.Cast(t.Context(), before, poll, []polls.Ballot{{Member: organisation.ID, Choice: ",1,"}}), "polls.not_entitled")
		h.must(t, h.polls.Cast(t.Context(), now, poll, []polls.Ballot{{Member: organisation.ID, Choice: ",,1"}, {Member: h.members[2].ID, Choice: ",1,"}}))
		if got, want := fmt.Sprint(papers(before), papers(now)), "[Persona 1 ] [Persona 2 ,1, Persona 3 ,,1]"; got != want {
			t.Errorf("the papers of before and now are %s, want %s", got, want)
		}
	})
}

// Likewise with the answer to an objection: whom the organisation replaced does not agree to it.
func TestConfirm_RepresentativeReplaced_TheNewOneAgrees(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		poll := h.objected(t, 1)
		organisation := h.members[1]
		h.changes(t, 1, "kind", models.Organisation)
		h.changes(t, 1, "account_id", *h.members[2].AccountID)
		before := identity.Actor{Account: *organisation.AccountID, Members: []models.Member{h.members[3]}}
		now := identity.Actor{Account: *h.members[2].AccountID, Members: []models.Member{h.members[2], organisation}}
		answer := h.answer(t, poll, 1, models.ObjectionWithdrawn)
		wantFault(t, h.polls.Confirm(t.Context(), before, poll, answer, true), "polls.no_objection")
		if h.objection(t, before, poll, 1).Yours || !h.objection(t, now, poll, 1).Yours {
			t.Error("the objection is still the former representative's")
		}
		h.must(t, h.polls.Confirm(t.Context(), now, poll, answer, true))
		var told []models.AccountID
		h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.InboxNotice{}).Where("kind = ?", "polls.told.answered").Pluck("account_id", &told).Error
		}))
		if len(told) != 1 || told[0] != now.Account {
			t.Errorf("told of the answer are %v", told)
		}
	})
}

// Who leaves the cooperative while a poll is open votes no more: neither themself, whatever else their account is for,
// nor through the delegation that they had given.
func TestCast_WhoHasLeft_VotesNoMore(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		for _, giver := range []int{1, 3} {
			h.must(t, h.polls.Delegate(t.Context(), h.actor(giver), h.members[giver].ID, h.members[2].Number, "", civil.New(2027, 12, 31)))
		}
		poll := h.plan(t, chooseOne(), nil, noon.AddDate(0, 6, 0))
		h.changes(t, 3, "left_on", civil.New(2026, 11, 24))
		h.clock.Move(noon.AddDate(0, 5, 0))
		gone := identity.Actor{Account: *h.members[3].AccountID, Members: []models.Member{h.members[0]}} // represents another
		wantFault(t, h.polls.Cast(t.Context(), gone, poll, []polls.Ballot{{Member: h.members[3].ID, Choice: "1,,"}}), "polls.not_entitled")
		h.must(t, h.cast(2, poll, "1,,"))
		if got := stand(h.ends(t, poll)); got != "Anna 2; Berta 0; Carla 0; " {
			t.Errorf("the result is %s", got)
		}
	})
}

// A poll that is declared void while it is open may be held again: nobody learns from it how the others voted.
func TestShow_VoidBeforeItWasCounted_NamesNobodysVote(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		void, counted := h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 10)), h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 10))
		for _, poll := range []models.PollID{void, counted} {
			h.must(t, h.cast(1, poll, "1,,"))
		}
		h.must(t, h.polls.Void(t.Context(), h.facilitator, void, "Hi faltava una opció."))
		h.ends(t, counted)
		for poll, names := range map[models.PollID]int{void: 0, counted: 4} {
			v, err := h.polls.Show(t.Context(), h.actor(2), poll)
			h.must(t, err)
			votes, err := h.polls.Votes(t.Context(), h.actor(2), poll)
			h.must(t, err)
			if len(v.Named) != names || len(votes) != names {
				t.Errorf("%d votes are named on the page and %d in the file, want %d", len(v.Named), len(votes), names)
			}
		}
	})
}
