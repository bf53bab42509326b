package assemblies

import (
	"strings"
	"testing"
	"time"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// eachPreset runs a test under the statutes of each preset, on both databases.
func eachPreset(t *testing.T, change func(*rules.RuleSet), test func(w *town)) {
	t.Helper()
	for _, preset := range rules.Presets() {
		t.Run(preset.Preset, func(t *testing.T) {
			each(t, func(r *rules.RuleSet) {
				*r, _ = rules.Preset(preset.Preset)
				if change != nil {
					change(r)
				}
			}, test)
		})
	}
}

// What was not on the agenda is not decided. The agenda ends with the notice, and a vote is held on a point of it.
func TestLaw_Llei12_2015_Art47_5_And_Ley27_1999_Art28_4_NothingIsAddedAfterTheNotice(t *testing.T) {
	eachPreset(t, nil, func(w *town) {
		id := w.draft()
		late := Item{Title: "Un punt d’última hora", Decision: string(rules.DecisionOrdinary)}
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, late, "")
		must(t, err)
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		_, err = w.svc.AddItem(w.ctx(), w.leader, id, late, "")
		refused(t, err, "assemblies.already_convened")
	})
}

// poll reads a poll.
func (w *town) poll(id models.PollID) (p models.Poll) {
	w.t.Helper()
	must(w.t, w.db.Read(w.ctx(), func(tx *db.Tx) error { return tx.DB.Take(&p, id).Error }))
	return p
}

// capped holds collaborators of the town, its users, under half of the workers' votes.
func capped(r *rules.RuleSet) {
	r.Counting.Cap.Classes = []string{"user"}
}

// Llei 12/2015 art. 48.3: of 2 workers and 7 users on the roll, the users may have 2/3 × 2 votes, 4/21 each, which is less
// than the 0.99 of those present; the minutes show how.
func TestLaw_Llei12_2015_Art48_3_TheMinutesShowTheArithmetic(t *testing.T) {
	each(t, capped, func(w *town) {
		id := w.held()
		must(t, w.svc.DraftMinutes(w.ctx(), w.as(2), id, "", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		for _, want := range []string{"Límit del vot d’algunes classes (Llei 12/2015, art. 48.3)", "0,99 com a màxim", "Usuàries: cada vot pesa 1 × 4/21 = 4/21.", "S’aprova."} {
			if !strings.Contains(r.Minutes.Body, want) {
				t.Errorf("the minutes do not say %q", want)
			}
		}
		if t.Failed() {
			t.Log(r.Minutes.Body)
		}
	})
}

// The cap is taken from who is there when the electors of the vote are frozen: a worker who leaves lowers it.
func TestLaw_Llei12_2015_Art48_3_IsTakenWhenTheElectorsAreFrozen(t *testing.T) {
	each(t, capped, func(w *town) {
		id, item := w.convened()
		w.open(id, 1, 2, 3, 4, 5)
		must(t, w.svc.CheckOut(w.ctx(), w.leader, id, w.id(2)))
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		w.arrive(id, 2)
		w.vote(poll, map[int]models.Choice{1: models.Against, 3: models.For, 4: models.For, 5: models.For})
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		p := w.poll(poll)
		if p.Result.For.String() != "49/100" || p.Result.Against.String() != "1" || p.Result.Approved {
			t.Errorf("%v to %v", p.Result.For, p.Result.Against)
		}
	})
}

// A quorum of each class: the workers all, the users not, and no assembly; a vote without its quorum decides nothing and
// may be held again.
func TestQuorum_EachClassAndAtTheVote(t *testing.T) {
	change := func(r *rules.RuleSet) {
		r.Quorum.First = rules.Threshold{Num: 1, Den: 2, By: rules.UnitClass, Article: "Estatuts, art. 7"}
		r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 2, Of: rules.BasePresent, Article: "Estatuts, art. 8"}
	}
	each(t, change, func(w *town) {
		id, item := w.convened()
		w.clock.Move(firstCall)
		w.arrive(id, 1, 2, 3, 4, 5)
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.no_quorum_in_each")
		w.arrive(id, 6)
		must(t, w.svc.Open(w.ctx(), w.leader, id, 1))
		for round, votes := range []map[int]models.Choice{{1: models.For, 2: models.For}, {1: models.For, 2: models.For, 3: models.Against}} {
			poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
			must(t, err)
			w.vote(poll, votes)
			w.clock.Advance(time.Minute)
			must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
			p := w.poll(poll)
			if want := []string{"no_quorum", "approved"}[round]; string(p.Result.Outcome) != want {
				t.Errorf("round %d: %s", round+1, p.Result.Outcome)
			}
		}
		_, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		refused(t, err, "assemblies.item_decided")
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		must(t, w.svc.DraftMinutes(w.ctx(), w.as(2), id, "", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		for _, want := range []string{"cada classe arriba a la seva part (Estatuts, art. 7)", "Usuàries: 4 de 7 vots; en calien 4.", "La votació és nul·la: no hi ha quòrum.", "Quòrum de la votació: 2 de 6; cal arribar a 3 (Estatuts, art. 8)."} {
			if !strings.Contains(r.Minutes.Body, want) {
				t.Errorf("the minutes do not say %q", want)
			}
		}
		if t.Failed() {
			t.Log(r.Minutes.Body)
		}
	})
}
