package assemblies

import (
	"testing"
	"time"

	"socia/app/polls"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
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
