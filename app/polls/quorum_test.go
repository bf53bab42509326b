package polls_test

import (
	"testing"

	"socia/app/polls"
	"socia/core/methods"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// put opens a vote of the assembly by any method.
func (h *hall) put(t *testing.T, q polls.Question, electors []models.PollElector, roll map[string]int64) models.PollID {
	t.Helper()
	var poll models.Poll
	err := h.db.Write(t.Context(), func(tx *db.Tx) (err error) {
		poll, err = polls.OpenTx(t.Context(), tx, h.facilitator, polls.Opening{Assembly: h.assembly.ID, Item: h.item.ID, Statutes: h.statutes, Question: q, Decision: rules.DecisionOrdinary, Electors: electors, RollCounts: roll})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return poll.ID
}

// The quorum that the statutes ask of a vote holds for each method that decides, in consultations as in assemblies: half
// of ten on the roll took part when five did, and did not when four did.
func TestAtVote_HoldsForEveryMethodThatDecides(t *testing.T) {
	half := func(r *rules.RuleSet) {
		r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 2, By: rules.UnitPersons, Article: "Estatuts, art. 9"}
	}
	under(t, 10, half, func(t *testing.T, h *hall) {
		for _, q := range []polls.Question{
			motion("Ho fem?"), chooseOne(), asks(methods.IRV, methods.Setup{Seats: 1}), asks(methods.Schulze, methods.Setup{Seats: 1}),
			asks(methods.EqualShares, methods.Setup{AmountCents: 700_00}), asks(methods.Consent, methods.Setup{}),
		} {
			m, _ := methods.ByName(q.Method)
			for took, void := range map[int]bool{4: true, 5: false} {
				poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
				for i := range took {
					h.must(t, h.cast(i, poll, marked(m)[0]))
				}
				p := h.ends(t, poll)
				if (p.Outcome() == "no_quorum") != void {
					t.Errorf("%s with %d of 10: %s", q.Method, took, p.Outcome())
				}
				if p.Count != nil && (p.Count.AtVote == nil || p.Count.AtVote.Needed.String() != "5" || p.Count.Decided() == void) {
					t.Errorf("%s with %d of 10: %+v", q.Method, took, p.Count.AtVote)
				}
			}
		}
	})
}

// Of those present, those who cast something: three quarters of four there are three.
func TestAtVote_OfThosePresent_InAnAssembly(t *testing.T) {
	present := func(r *rules.RuleSet) {
		r.Quorum.AtVote = rules.Threshold{Num: 3, Den: 4, By: rules.UnitPersons, Of: rules.BasePresent}
	}
	under(t, 9, present, func(t *testing.T, h *hall) {
		for took, want := range map[int]string{2: "no_quorum", 3: "decided"} {
			poll := h.put(t, chooseOne(), h.everybody()[:4], map[string]int64{"user": 9})
			for i := range took {
				h.must(t, h.cast(i, poll, "1,,"))
			}
			if p := h.close(t, poll); p.Outcome() != want || p.Count.AtVote.Present.String() != []string{"2", "3"}[took-2] || p.Count.AtVote.Of.String() != "4" {
				t.Errorf("%d of 4 cast: %s, %+v", took, p.Outcome(), p.Count.AtVote)
			}
			if same, err := h.polls.Recount(t.Context(), poll); err != nil || !same {
				t.Errorf("counted again: %v, %v", same, err)
			}
		}
	})
}

// Who advises, says when they can meet or joins in decides nothing: no quorum of the statutes is asked.
func TestAtVote_IsNotAskedWhereNothingIsDecided(t *testing.T) {
	all := func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 1} }
	under(t, 3, all, func(t *testing.T, h *hall) {
		for _, name := range []methods.Name{methods.Advice, methods.Times, methods.OptIn} {
			m, _ := methods.ByName(name)
			poll := h.plan(t, asks(name, methods.Setup{Seats: 1}), nil, noon.AddDate(0, 0, 5))
			speak := []int{1}
			if name == methods.Advice {
				speak = []int{1, 2} // it hears everybody whom it asked
			}
			for _, i := range speak {
				h.must(t, h.polls.Cast(t.Context(), h.actor(i), poll, []polls.Ballot{{Member: h.members[i].ID, Choice: marked(m)[0], Reason: "Perquè sí."}}))
			}
			if p := h.ends(t, poll); p.Outcome() == "no_quorum" || p.Count.AtVote != nil {
				t.Errorf("%s: %s, %+v", name, p.Outcome(), p.Count.AtVote)
			}
		}
	})
}

// A motion that asks for more taking part than did is void, and its arithmetic says so to the end.
func TestTurnout_OfAMotion_IsInItsArithmetic(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		for took, want := range map[int]tally.Outcome{2: tally.OutcomeNoQuorum, 3: tally.OutcomeApproved} {
			q := motion("Ho fem?")
			q.Setup.QuorumPercent = 60
			poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
			for i := range took {
				h.must(t, h.cast(i, poll, models.For))
			}
			r := h.ends(t, poll).Result
			turnout, last := r.Steps[len(r.Steps)-2], r.Steps[len(r.Steps)-1]
			if r.Outcome != want || r.Approved != (want == tally.OutcomeApproved) || last.Key != tally.StepOutcome || last.Args["outcome"] != string(want) {
				t.Errorf("%d of 5: %s, ends with %+v", took, r.Outcome, last)
			}
			if turnout.Key != tally.StepTurnout || turnout.Args["needed"] != "3" || turnout.Args["of"] != "5" || turnout.Args["present"] != []string{"2", "3"}[took-2] {
				t.Errorf("%d of 5: %+v", took, turnout)
			}
		}
	})
}

// annaOrBerta is an open election in which two workers voted for Anna and three users for Berta.
func (h *hall) annaOrBerta(t *testing.T) models.PollID {
	t.Helper()
	electors := h.everybody()
	electors[0].ClassCode, electors[1].ClassCode = "worker", "worker"
	poll := h.put(t, chooseOne(), electors, map[string]int64{"worker": 2, "user": 3})
	for i := range electors {
		choice := models.Choice("1,,")
		if i >= 2 {
			choice = ",1,"
		}
		h.must(t, h.cast(i, poll, choice))
	}
	return poll
}

// Two common votes for Anna, three capped ones for Berta: they weigh 0.99 together, and the count says by which article.
func TestCap_DecidesAnElection_AndSaysWhy(t *testing.T) {
	capped := func(r *rules.RuleSet) {
		r.Counting.Cap = rules.ClassCap{Classes: []string{"user"}, UnderNum: 1, UnderDen: 2, Base: rules.BaseRoll, Article: "Llei 12/2015, art. 48.3"}
	}
	under(t, 5, capped, func(t *testing.T, h *hall) {
		poll := h.annaOrBerta(t)
		c := h.close(t, poll).Count
		if len(c.Result.Winners) != 1 || c.Result.Options[c.Result.Winners[0]] != "Anna" {
			t.Errorf("winners %v", c.Result.Winners)
		}
		w := c.Weighing
		if w == nil || w.Method != rules.MethodPerson || len(w.Steps) != 2 || w.Steps[0].Key != tally.StepCapUnder || w.Steps[0].Args["article"] != "Llei 12/2015, art. 48.3" || w.Steps[1].Args["capped"] != "33/100" {
			t.Errorf("why: %+v", w)
		}
	})
}
