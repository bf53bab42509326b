package assemblies

import (
	"testing"
	"time"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// yesOrNo asks by approval what a motion would ask.
func yesOrNo() polls.Question {
	q := polls.Question{Question: "Canviem els estatuts?", Method: methods.Approval, Options: []polls.NewOption{{Label: "Sí"}, {Label: "No"}}}
	q.Setup.Reasons, q.Setup.Seats = models.ReasonsNone, 1
	return q
}

func TestPutToVote_AMajorityOfItsOwn_IsNotAvoidedByAnotherWay(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		items := map[string]models.AgendaItemID{}
		for _, kind := range append(rules.DecisionKinds(), "") {
			item, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "Punt " + string(kind), Body: "Text.", Decision: string(kind)}, "")
			must(t, err)
			items[string(kind)] = item
		}
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		w.open(id, 1, 2, 3, 4, 5)
		for kind, key := range map[string]string{
			"statutes": "assemblies.item_needs_motion", "merger": "assemblies.item_needs_motion", "capital": "assemblies.item_needs_motion",
			"": "assemblies.item_for_information",
		} {
			_, err := w.svc.PutToVote(w.ctx(), w.leader, items[kind], yesOrNo(), nil, "")
			refused(t, err, key)
			_, err = w.svc.Otherwise(w.ctx(), w.leader, items[kind])
			refused(t, err, key)
		}
		_, err := w.svc.OpenPoll(w.ctx(), w.leader, items["statutes"], nil, "")
		must(t, err)
		_, err = w.svc.PutToVote(w.ctx(), w.leader, items["ordinary"], yesOrNo(), nil, "")
		must(t, err)
	})
}

func TestPutToVote_WhatAMotionDecided_IsNotPutAgain(t *testing.T) {
	each(t, nil, func(w *town) {
		_, item := w.opened(1, 2, 3, 4, 5)
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		w.vote(poll, map[int]models.Choice{1: models.For})
		w.clock.Advance(time.Minute)
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		_, err = w.svc.PutToVote(w.ctx(), w.leader, item, yesOrNo(), nil, "")
		refused(t, err, "assemblies.item_decided")
	})
}

func TestPoint_OffersAnotherWay_OnlyWhereItMayDecide(t *testing.T) {
	for kind, want := range map[rules.DecisionKind]bool{rules.DecisionOrdinary: true, rules.DecisionStatutes: false, rules.DecisionMerger: false, rules.DecisionCapital: false, "": false} {
		if got := (Point{AgendaItem: models.AgendaItem{Decision: string(kind)}}).MayVoteOtherwise(); got != want {
			t.Errorf("a point of kind %q offers another way: %v, want %v", kind, got, want)
		}
	}
}

// choice is a question about two things to choose from.
func choice() polls.Question {
	return polls.Question{
		Question: "Què fem?", Method: methods.Choose, Options: []polls.NewOption{{Label: "Això"}, {Label: "Allò"}},
		Setup: models.PollSetup{Setup: methods.Setup{Seats: 1, Most: 1}, Reasons: models.ReasonsNone},
	}
}

func TestPutToVote_RepeatsOnlyAPollThatIsVoid(t *testing.T) {
	each(t, nil, func(w *town) {
		_, item := w.opened(1, 2, 3, 4, 5, 6)
		consultations, closes, again := polls.New(w.db), w.clock.Now().Add(48*time.Hour), choice()
		first, err := consultations.Plan(w.ctx(), w.leader, polls.Plan{Question: choice(), ClosesAt: &closes}, "")
		must(w.t, err)
		must(w.t, consultations.Close(w.ctx(), w.leader, first))
		for id, key := range map[models.PollID]string{first: "polls.not_void", 9999: "polls.not_found", -1: "polls.not_found"} {
			again.RerunOf = id
			_, err = w.svc.PutToVote(w.ctx(), w.leader, item, again, nil, "")
			refused(w.t, err, key)
		}
		must(w.t, consultations.Void(w.ctx(), w.leader, first, "La pregunta era confusa."))
		again.RerunOf = first
		_, err = w.svc.PutToVote(w.ctx(), w.leader, item, again, nil, "")
		must(w.t, err)
	})
}

// The address of a vote in an assembly may name a consultation: one that waits for its hour is not closed by it.
func TestClosePoll_ConsultationThatWaits_IsRefused(t *testing.T) {
	each(t, nil, func(w *town) {
		opens, closes := w.clock.Now().Add(24*time.Hour), w.clock.Now().Add(48*time.Hour)
		id, err := polls.New(w.db).Plan(w.ctx(), w.leader, polls.Plan{Question: choice(), OpensAt: &opens, ClosesAt: &closes}, "")
		must(w.t, err)
		refused(w.t, w.svc.ClosePoll(w.ctx(), w.leader, id), "polls.not_open_yet")
		if p := w.poll(id); p.ClosedAt != nil || !p.Waits {
			w.t.Errorf("the poll is %+v", p)
		}
	})
}

// An election on a point holds its candidates to the same as a consultation: each member once, and nobody who has left.
func TestPutToVote_CandidateTwiceOrWhoHasLeft_IsRefused(t *testing.T) {
	each(t, nil, func(w *town) {
		_, item := w.opened(1, 2, 3, 4, 5)
		q := yesOrNo()
		q.Options[0].Number, q.Options[1].Number = w.members[5].Number, w.members[5].Number
		_, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		refused(t, err, "polls.setup.candidate_twice")
		q.Options[1].Number = w.members[6].Number
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(7)).Update("left_on", civil.Of(tx.Now, time.UTC).AddDays(-1)).Error
		}))
		_, err = w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		refused(t, err, "polls.setup.candidate_left")
		if n := w.count(&models.Poll{}, "id > 0"); n != 0 {
			t.Errorf("%d polls were made", n)
		}
		q.Options[1].Number = 0
		_, err = w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		must(t, err)
	})
}
