package assemblies

import (
	"strings"
	"testing"

	"socia/app/identity"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// proposed is an open assembly, its proposal and the point that asks for it; one to five are there.
func (w *town) proposed() (id models.AssemblyID, proposal models.ProposalID, item models.AgendaItemID) {
	w.t.Helper()
	id, proposal = w.withProposal()
	w.open(id, 1, 2, 3, 4, 5)
	must(w.t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
	v, err := w.svc.Show(w.ctx(), w.leader, id)
	must(w.t, err)
	return id, proposal, v.Points[0].ID
}

// decides puts a point to the vote, has all five say one thing, and closes.
func (w *town) decides(item models.AgendaItemID, choice models.Choice) models.PollID {
	w.t.Helper()
	poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
	must(w.t, err)
	w.vote(poll, map[int]models.Choice{1: choice, 2: choice, 3: choice, 4: choice, 5: choice})
	must(w.t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
	return poll
}

// is wants a proposal to be in a state.
func (w *town) is(proposal models.ProposalID, state models.ProposalState) {
	w.t.Helper()
	if w.count(&models.Proposal{}, "id = ? AND state = ?", proposal, state) != 1 {
		w.t.Errorf("the proposal is not %s", state)
	}
}

// A void vote decides nothing: its proposal is on the agenda again, follows the vote that counts, and the minutes tell both.
func TestVoidPoll_PointIsVotedAgain_AndTheProposalFollowsTheVoteThatCounts(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal, item := w.proposed()
		first := w.decides(item, models.Against)
		w.is(proposal, models.ProposalRejected)
		refusedPoll(w, item, "assemblies.item_decided")
		must(t, w.svc.VoidPoll(w.ctx(), w.leader, first, "La *pregunta* era una altra."))
		w.is(proposal, models.ProposalScheduled)
		if w.count(&models.InboxNotice{}, "kind = 'proposals.notice_undecided'") != 1 {
			t.Error("the author is not told")
		}
		second := w.decides(item, models.For)
		w.is(proposal, models.ProposalApproved)
		if p := w.poll(second); p.RerunOf == nil || *p.RerunOf != first {
			t.Errorf("the second vote repeats %v", p.RerunOf)
		}
		refusedPoll(w, item, "assemblies.item_decided")
		refused(t, w.svc.VoidPoll(w.ctx(), w.leader, first, "Prova"), "polls.void_already")
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		w.is(proposal, models.ProposalApproved)

		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		void, counts, _ := strings.Cut(r.Minutes.Body, "Aquesta votació no compta: es va fer constar a les 18.00. Motiu: La \\*pregunta\\* era una altra.")
		if !strings.Contains(void, "| Usuàries | 3 | 0 | 3 | 0 | 0 |") || strings.Contains(void, "S’aprova.") || !strings.Contains(counts, "| Usuàries | 3 | 3 | 0 | 0 | 0 |") || !strings.Contains(counts, "S’aprova.") {
			t.Errorf("the minutes say:\n%s", r.Minutes.Body)
		}
		told, err := polls.New(w.db).Retell(w.ctx(), identity.Actor{Account: w.leader.Account, Roles: []models.RoleTerm{{Role: models.RoleAdministrator}}}, rules.RuleSet{})
		must(t, err)
		if len(told) != 1 || told[0].Poll.ID != second {
			t.Errorf("%d votes are told again", len(told))
		}
		v, err := proposals.New(w.db).Show(w.ctx(), w.as(1), proposal)
		must(t, err)
		if v.Agendas[0].Poll != second {
			t.Errorf("the proposal leads to vote %d", v.Agendas[0].Poll)
		}
	})
}

// A vote that is opened by mistake closes without being counted. If the point is not voted again, the proposal comes back.
func TestVoidPoll_OfAnOpenVote_TakesNoMoreVotesAndCountsNothing(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal, item := w.proposed()
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		must(t, w.casts(poll, 1, models.For))
		must(t, w.svc.VoidPoll(w.ctx(), w.leader, poll, "Encara no hi érem totes."))
		refused(t, w.casts(poll, 2, models.For), "polls.closed")
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		if p := w.poll(poll); p.ClosedAt == nil || p.Result != nil {
			t.Errorf("a void vote was counted: %+v", p.Result)
		}
		w.is(proposal, models.ProposalScheduled)
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		w.is(proposal, models.ProposalPublished)
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "en", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		if !strings.Contains(r.Minutes.Body, "This vote is void: it was declared so at 18:00. Reason: Encara no hi érem totes.") {
			t.Errorf("the minutes say:\n%s", r.Minutes.Body)
		}
	})
}

// A proposal of which every vote was void is published again when the assembly closes.
func TestVoidPoll_NotVotedAgain_TheProposalComesBack(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal, item := w.proposed()
		must(t, w.svc.VoidPoll(w.ctx(), w.leader, w.decides(item, models.For), "Error"))
		v, err := w.svc.Show(w.ctx(), w.leader, id)
		must(t, err)
		if !v.Points[0].MayVote() {
			t.Error("the page does not offer to vote again")
		}
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		w.is(proposal, models.ProposalPublished)
	})
}

// Voting otherwise than on the motion changes no proposal, and neither does voiding it.
func TestVoidPoll_OfAnotherMethod_LeavesTheProposalAlone(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal, item := w.proposed()
		q := polls.Question{Question: "Quin dia?", Method: methods.Choose, Options: []polls.NewOption{{Label: "Dilluns"}, {Label: "Dimarts"}}}
		q.Setup.Seats, q.Setup.Most, q.Setup.Reasons = 1, 1, models.ReasonsNone
		put := func() models.PollID {
			poll, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
			must(t, err)
			must(t, w.casts(poll, 1, "1,"))
			must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
			return poll
		}
		q.RerunOf = put()
		_, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		refused(t, err, "polls.not_void")
		must(t, w.svc.VoidPoll(w.ctx(), w.leader, q.RerunOf, "Hi faltava dimecres."))
		put()
		w.decides(item, models.For)
		w.is(proposal, models.ProposalApproved)
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		if strings.Count(r.Minutes.Body, "**Resultat: Dilluns**") != 1 || !strings.Contains(r.Minutes.Body, "Hi faltava dimecres.") {
			t.Errorf("the minutes say:\n%s", r.Minutes.Body)
		}
	})
}

func TestVoidPoll_WhoAndUntilWhen(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal, item := w.proposed()
		poll := w.decides(item, models.For)
		refused(t, w.svc.VoidPoll(w.ctx(), w.as(1), poll, "Error"), "identity.role_needed")
		refused(t, w.svc.VoidPoll(w.ctx(), w.leader, poll, ""), "ui.error.required")
		refused(t, w.svc.VoidPoll(w.ctx(), w.leader, poll+100, "Error"), "polls.not_found")
		refused(t, polls.New(w.db).Void(w.ctx(), w.leader, poll, "Error"), "polls.of_an_assembly")
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		refused(t, w.svc.VoidPoll(w.ctx(), w.leader, poll, "Error"), "assemblies.void_too_late")
		w.is(proposal, models.ProposalApproved)
		if w.count(&models.PollVoiding{}, "poll_id > 0") != 0 {
			t.Error("a refused act left a void vote")
		}
	})
}

// Of closing and voiding at once, whichever comes first, the vote is void in the end and has decided nothing.
func TestVoidPoll_WhileItIsClosed_DecidesNothing(t *testing.T) {
	each(t, nil, func(w *town) {
		_, proposal, item := w.proposed()
		for range 4 {
			poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
			must(t, err)
			w.vote(poll, map[int]models.Choice{1: models.For, 2: models.For})
			done := 0
			for i, err := range together(6, func(i int) error {
				if i%2 == 0 {
					return w.svc.ClosePoll(w.ctx(), w.leader, poll)
				}
				return w.svc.VoidPoll(w.ctx(), w.leader, poll, "Error")
			}) {
				switch {
				case err == nil && i%2 == 1:
					done++
				case err != nil && !fault.Has(err, "polls.void_already"):
					t.Fatalf("act %d: %v", i, err)
				}
			}
			w.is(proposal, models.ProposalScheduled)
			if done != 1 {
				t.Errorf("it was voided %d times", done)
			}
		}
		must(t, w.db.Read(w.ctx(), func(tx *db.Tx) error {
			all, err := polls.ByAssemblyTx(tx, 1)
			for _, p := range all {
				if p.Void == nil || p.Decided() {
					t.Errorf("vote %d is void: %v", p.ID, p.Void)
				}
			}
			return err
		}))
	})
}
