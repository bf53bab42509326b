package polls_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/count"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

// asks is a question by a method, about three options where it has any.
func asks(name methods.Name, s methods.Setup) polls.Question {
	method, _ := methods.ByName(name)
	q := polls.Question{Question: "Què fem?", Method: name, Setup: models.PollSetup{Setup: s, Reasons: models.ReasonsNone}}
	if method.Offers() {
		for _, label := range []string{"Anna", "Berta", "Carla"} {
			o := polls.NewOption{Label: label}
			if method.Group == methods.Money {
				o.CostCents = 500_00
			}
			q.Options = append(q.Options, o)
		}
	}
	return q
}

func chooseOne() polls.Question { return asks(methods.Choose, methods.Setup{Seats: 1, Most: 1}) }

// plan holds a consultation from now, or from an hour, until another.
func (h *hall) plan(t *testing.T, q polls.Question, opens *time.Time, closes time.Time) models.PollID {
	t.Helper()
	id, err := h.polls.Plan(t.Context(), h.facilitator, polls.Plan{Question: q, OpensAt: opens, ClosesAt: &closes}, "")
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func (h *hall) poll(t *testing.T, id models.PollID) (p models.Poll) {
	t.Helper()
	if err := h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&p, id).Error }); err != nil {
		t.Fatal(err)
	}
	return p
}

// ends closes a consultation, and gives it with its result, which counted again is the same.
func (h *hall) ends(t *testing.T, id models.PollID) models.Poll {
	t.Helper()
	if err := h.polls.Close(t.Context(), h.facilitator, id); err != nil {
		t.Fatal(err)
	}
	if same, err := h.polls.Recount(t.Context(), id); err != nil || !same {
		t.Errorf("poll %d counted again is the same: %v, %v", id, same, err)
	}
	return h.poll(t, id)
}

func (h *hall) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// stand is the figure of each option at the end.
func stand(p models.Poll) string {
	last, text := p.Count.Result.Rounds[len(p.Count.Result.Rounds)-1], ""
	for _, l := range last.Tally {
		text += fmt.Sprint(p.Count.Result.Options[l.Option], " ", l.Votes, "; ")
	}
	return text
}

func TestDelegation_OnlyOneThatStandsCounts_AndTheGiversOwnVoteComesFirst(t *testing.T) {
	each(t, 7, func(t *testing.T, h *hall) {
		gives := func(giver int, topic string, until civil.Date) {
			t.Helper()
			h.must(t, h.polls.Delegate(t.Context(), h.actor(giver), h.members[giver].ID, h.members[2].Number, topic, until))
		}
		closes := noon.AddDate(0, 0, 10)
		later, sooner := civil.New(2026, 12, 31), civil.New(2026, 11, 30)
		gives(1, "", later)        // counts
		gives(3, "compres", later) // is about something else
		gives(4, "", later)        // is revoked
		gives(5, "", later)        // votes for themself
		gives(6, "", sooner)       // ends before the poll does
		q := chooseOne()
		q.Setup.Topic = "obres"
		poll := h.plan(t, q, nil, closes)
		all, err := h.polls.Delegations(t.Context(), h.actor(4))
		h.must(t, err)
		wantFault(t, h.polls.Revoke(t.Context(), h.actor(1), all[0].ID), "polls.delegation.unknown")
		h.must(t, h.polls.Revoke(t.Context(), h.actor(4), all[0].ID))
		h.must(t, h.cast(2, poll, ",1,"))
		h.must(t, h.cast(5, poll, "1,,"))
		h.clock.Move(closes)
		h.must(t, h.polls.Tend(t.Context()))
		if got := stand(h.poll(t, poll)); got != "Anna 1; Berta 2; Carla 0; " {
			t.Errorf("the result is %s", got)
		}
		votes, err := h.polls.Votes(t.Context(), h.actor(0), poll)
		h.must(t, err)
		for i, v := range votes {
			if (v.Delegate == "Persona 2") != (i == 1) {
				t.Errorf("vote %d was cast by the delegate %q", i, v.Delegate)
			}
		}
	})
}

// Nobody is signed up, nor said to be free on a day, by what a delegate answers.
func TestDelegation_NobodyIsSignedUpByAnother(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		h.must(t, h.polls.Delegate(t.Context(), h.actor(1), h.members[1].ID, h.members[2].Number, "", civil.New(2026, 12, 31)))
		closes := noon.AddDate(0, 0, 10)
		joins := h.plan(t, asks(methods.OptIn, methods.Setup{}), nil, closes)
		days := h.plan(t, asks(methods.Times, methods.Setup{}), nil, closes)
		approves := h.plan(t, asks(methods.Approval, methods.Setup{Seats: 1}), nil, closes)
		h.must(t, h.cast(2, joins, "1,,"))
		h.must(t, h.cast(2, days, "2,0,0"))
		h.must(t, h.cast(2, approves, "1,,"))
		h.clock.Move(closes)
		h.must(t, h.polls.Tend(t.Context()))
		for poll, want := range map[models.PollID]count.Figure{joins: "1", days: "1", approves: "2"} {
			if p := h.poll(t, poll); p.Count.Result.Papers != want {
				t.Errorf("%s: %s answers, want %s", p.Method, p.Count.Result.Papers, want)
			}
		}
	})
}

func TestRemind_WhoHasNotVoted_Once(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		q, closes := chooseOne(), noon.AddDate(0, 0, 5)
		q.Setup.RemindHours = 24
		poll := h.plan(t, q, nil, closes)
		h.must(t, h.cast(1, poll, "1,,"))
		reminded := func() (accounts []models.AccountID) {
			t.Helper()
			h.must(t, h.polls.Tend(t.Context()))
			h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.InboxNotice{}).Where("kind = ?", "polls.told.closes_soon").Order("account_id").Pluck("account_id", &accounts).Error
			}))
			return accounts
		}
		h.clock.Move(closes.Add(-24*time.Hour - time.Second))
		if got := reminded(); len(got) != 0 {
			t.Errorf("reminded too early: %v", got)
		}
		for range 2 {
			h.clock.Move(h.clock.Now().Add(time.Hour))
			if got, want := fmt.Sprint(reminded()), fmt.Sprint([]models.AccountID{*h.members[0].AccountID, *h.members[2].AccountID, *h.members[3].AccountID}); got != want {
				t.Errorf("reminded %s, want %s", got, want)
			}
		}
	})
}

// On the days on which the clocks change a poll opens at its hour in Madrid, and then its electors are frozen.
func TestPlan_OpensAtItsHour_WhenTheClocksChange(t *testing.T) {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	for day, opens := range map[string]time.Time{
		"the clocks go back":    time.Date(2026, 10, 25, 3, 0, 0, 0, madrid),
		"the clocks go forward": time.Date(2027, 3, 28, 3, 0, 0, 0, madrid),
	} {
		t.Run(day, func(t *testing.T) {
			each(t, 3, func(t *testing.T, h *hall) {
				h.clock.Move(opens.Add(-48 * time.Hour))
				poll := h.plan(t, chooseOne(), &opens, opens.AddDate(0, 0, 3))
				wantFault(t, h.cast(1, poll, "1,,"), "polls.not_open_yet")
				wantFault(t, h.polls.Close(t.Context(), h.facilitator, poll), "polls.not_open_yet")
				leaves := func(i int, on civil.Date) {
					h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
						return tx.DB.Model(&models.Member{}).Where("id = ?", h.members[i].ID).Update("left_on", on).Error
					}))
				}
				leaves(2, civil.Of(opens.Add(-24*time.Hour), madrid)) // before it opens: no elector
				h.clock.Move(opens.Add(-time.Second))
				h.must(t, h.polls.Tend(t.Context()))
				if !h.poll(t, poll).Waits {
					t.Fatal("it opened before its hour")
				}
				h.clock.Move(opens)
				h.must(t, h.polls.Tend(t.Context()))
				leaves(1, civil.Of(opens, madrid)) // after: still one
				h.must(t, h.cast(1, poll, "1,,"))
				wantFault(t, h.cast(2, poll, "1,,"), "polls.not_entitled")
				if v, err := h.polls.Show(t.Context(), h.actor(0), poll); err != nil || v.Electors != 2 {
					t.Errorf("%d electors, %v", v.Electors, err)
				}
			})
		})
	}
}

func TestVoid_ThenHeldAgain(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		closes := noon.AddDate(0, 0, 5)
		poll := h.plan(t, chooseOne(), nil, closes)
		h.must(t, h.cast(1, poll, "1,,"))
		again := chooseOne()
		again.RerunOf = poll
		_, err := h.polls.Plan(t.Context(), h.facilitator, polls.Plan{Question: again, ClosesAt: &closes}, "")
		wantFault(t, err, "polls.not_void")
		wantFault(t, h.polls.Void(t.Context(), h.actor(1), poll, "Prova"), "identity.role_needed")
		wantFault(t, h.polls.Void(t.Context(), h.facilitator, poll, ""), "ui.error.required")
		h.must(t, h.polls.Void(t.Context(), h.facilitator, poll, "Hi faltava una opció."))
		wantFault(t, h.polls.Void(t.Context(), h.facilitator, poll, "Prova"), "polls.void_already")
		wantFault(t, h.cast(2, poll, "1,,"), "polls.closed")
		first := h.plan(t, again, nil, closes)
		_, err = h.polls.Plan(t.Context(), h.facilitator, polls.Plan{Question: again, ClosesAt: &closes}, "")
		wantFault(t, err, "polls.repeated_already")
		if v, err := h.polls.Show(t.Context(), h.actor(0), poll); err != nil || v.RepeatedBy == nil || v.RepeatedBy.ID != first {
			t.Errorf("the void poll does not lead to the one that repeats it: %v", err)
		}
		wantFault(t, h.polls.Settle(t.Context(), h.facilitator, poll, "Poma", "", nil, ""), "polls.void_decides_nothing")
		h.must(t, h.polls.Void(t.Context(), h.facilitator, first, "També hi faltava.")) // a repetition that does not count is no repetition
		second := h.plan(t, again, nil, closes)
		h.must(t, h.cast(2, second, ",1,"))
		if p := h.ends(t, second); *p.RerunOf != poll || stand(p) != "Anna 0; Berta 1; Carla 0; " {
			t.Errorf("held again: of %v, %s", p.RerunOf, stand(p))
		}
		h.clock.Move(closes.Add(time.Hour))
		h.must(t, h.polls.Tend(t.Context()))
		if p := h.poll(t, poll); p.Count != nil {
			t.Errorf("a void poll was counted: %+v", p.Count)
		}
		if v, err := h.polls.Show(t.Context(), h.actor(0), poll); err != nil || v.Void == nil || v.Void.Reason != "Hi faltava una opció." || v.Cast != 1 {
			t.Errorf("the void poll shows %+v, %d cast, %v", v.Void, v.Cast, err)
		}
	})
}

// A quorum of 60 % of five is three.
func TestQuorum_NotReached_DecidesNothing(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		for took, want := range map[int]bool{2: false, 3: true} {
			q := chooseOne()
			q.Setup.QuorumPercent = 60
			poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
			for i := range took {
				h.must(t, h.cast(i, poll, "1,,"))
			}
			if p := h.ends(t, poll); p.Count.Quorum.Needed != 3 || p.Count.Decided() != want {
				t.Errorf("with %d of 5: needed %d, decided %v", took, p.Count.Quorum.Needed, p.Count.Decided())
			}
		}
	})
}

// marked are three papers of each form that differ.
func marked(m methods.Method) [3]models.Choice {
	switch {
	case m.Name == methods.Motion:
		return [3]models.Choice{models.For, models.Against, models.Abstain}
	case m.Answer == methods.Words:
		return [3]models.Choice{models.Choice(m.Words[0]), models.Choice(m.Words[0]), models.Choice(m.Words[1])}
	case m.Group == methods.Several, m.HasTies(), m.Name == methods.IRV, m.Name == methods.Borda:
		return [3]models.Choice{"1,2,3", "2,1,", ",2,1"}
	case m.Name == methods.Times:
		return [3]models.Choice{"2,1,0", ",2,1", "0,0,2"}
	}
	return [3]models.Choice{"1,,", ",1,", ",1,"}
}

func TestRecount_EachMethod_GivesWhatWasAnnounced(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		for _, m := range methods.All() {
			s := methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksAverage, Dots: 4, AmountCents: 700_00}
			if m.Name == methods.Choose {
				s.Most = 1
			}
			poll := h.plan(t, asks(m.Name, s), nil, noon.AddDate(0, 0, 5))
			for i, choice := range marked(m) {
				i++ // whoever facilitates asks, and is not asked for advice
				if m.Answer == methods.None {
					wantFault(t, h.cast(i, poll, choice), "polls.nobody_answers")
					continue
				}
				b := polls.Ballot{Member: h.members[i].ID, Choice: choice, Reason: "Perquè sí."}
				h.must(t, h.polls.Cast(t.Context(), h.actor(i), poll, []polls.Ballot{b}))
			}
			p := h.ends(t, poll)
			if m.Name != methods.Motion && !p.Count.Decided() && p.Count.Answers == nil {
				t.Errorf("%s decided nothing: %+v", m.Name, p.Count)
			}
		}
		counted, wrong, err := h.polls.RecountAll(t.Context())
		if err != nil || len(wrong) > 0 || counted != len(methods.All()) {
			t.Errorf("%d polls counted again, different %v, %v", counted, wrong, err)
		}
	})
}

// Users share 60, workers 40. Two users and three workers vote: a user's vote weighs 30, a worker's 40/3. With one user
// for Anna and one user and one worker for Berta, and two workers for Carla, Berta has 130/3, Anna 30 = 90/3, Carla 80/3;
// in least whole numbers 9, 13 and 8, which times 10 and by 3 are those.
func TestChoose_ByClass_IsTheFractionByHand(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			body := catalan()
			body.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 60}, {Class: "worker", Share: 40}}, Article: "Estatuts, art. 12"}
			c := clock.At(noon)
			h := newHall(t, dbtest.Open(t, flavor, c), c, 6, body)
			h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("number > 3").Update("class_id", 2).Error
			}))
			poll := h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 5))
			for i, choice := range map[int]models.Choice{0: "1,,", 1: ",1,", 3: ",1,", 4: ",,1", 5: ",,1"} { // the third user does not vote
				h.must(t, h.cast(i, poll, choice))
			}
			if p := h.ends(t, poll); stand(p) != "Anna 9; Berta 13; Carla 8; " || p.Count.Result.Scale != 3 || p.Count.Result.Unit != 10 || p.Count.Result.Winners[0] != 1 {
				t.Errorf("scale %d: %s", p.Count.Result.Scale, stand(p))
			}
		})
	}
}

// Where votes weigh by class, those who can come and those who are in are people all the same: each counts for one.
func TestPeople_AreCountedWhateverTheirVotesWeigh(t *testing.T) {
	byClass := func(r *rules.RuleSet) {
		r.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 60}, {Class: "worker", Share: 40}}, Article: "Estatuts, art. 12"}
	}
	under(t, 5, byClass, func(t *testing.T, h *hall) {
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.Member{}).Where("number > 2").Update("class_id", 2).Error
		}))
		for _, q := range []struct {
			name    methods.Name
			choices [5]models.Choice
			stand   string
		}{
			{methods.OptIn, [5]models.Choice{"1,,", ",1,", ",1,", ",1,", ",,"}, "Anna 1; Berta 3; Carla 0; "},
			{methods.Times, [5]models.Choice{"2,0,0", "0,1,0", "0,2,0", "0,2,1", ",,"}, "Anna 1; Berta 2; Carla 0; "},
		} {
			poll := h.plan(t, asks(q.name, methods.Setup{Seats: 1}), nil, noon.AddDate(0, 0, 5))
			for i, choice := range q.choices {
				h.must(t, h.cast(i, poll, choice))
			}
			p := h.ends(t, poll)
			if c := p.Count; stand(p) != q.stand || c.Result.Scale != 1 || c.Weights != nil || c.Weighing != nil || c.Result.Papers != "5" {
				t.Errorf("%s: %s, scale %d, weights %v, papers %s", q.name, stand(p), c.Result.Scale, c.Weights, c.Result.Papers)
			}
			if same, err := h.polls.Recount(t.Context(), poll); err != nil || !same {
				t.Errorf("%s counted again: %v, %v", q.name, same, err)
			}
		}
	})
}

// What is open comes first, the newest first; then what is closed, the last that was closed first, page by page.
func TestConsultations_AreListedByTheirClosing(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		var made []models.PollID
		for i := range 5 {
			made = append(made, h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 5+i)))
		}
		for i, days := range map[int]int{0: 3, 1: 1, 2: 2} {
			at := noon.AddDate(0, 0, days)
			h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Poll{}).Where("id = ?", made[i]).Update("closed_at", at).Error
			}))
		}
		want := []models.PollID{made[4], made[3], made[0], made[2], made[1]}
		for i := range want {
			before := models.PollID(0)
			if i > 0 {
				before = want[i-1]
			}
			l, err := h.polls.Consultations(t.Context(), h.actor(0), before)
			h.must(t, err)
			var got []models.PollID
			for _, r := range l.Rows {
				got = append(got, r.Poll.ID)
			}
			if !slices.Equal(got, want[i:]) {
				t.Errorf("after %d: %v, not %v", before, got, want[i:])
			}
		}
	})
}

func TestDeclare_OnlyTheCandidate_AndOnlyBeforeTheFirstVote(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q, opens := asks(methods.Scottish, methods.Setup{Seats: 2, ParityAtLeast: 1}), noon.Add(time.Hour)
		q.Setup.ParityGroup = "dones"
		q.Options[0].Number, q.Options[1].Number = h.members[1].Number, h.members[2].Number
		poll := h.plan(t, q, &opens, noon.AddDate(0, 0, 5))
		wantFault(t, h.polls.Declare(t.Context(), h.actor(2), poll, 1, true), "polls.not_found")
		wantFault(t, h.polls.Declare(t.Context(), h.facilitator, poll, 1, true), "polls.not_found")
		wantFault(t, h.polls.Declare(t.Context(), h.actor(1), poll, 3, true), "polls.not_found")
		h.must(t, h.polls.Declare(t.Context(), h.actor(1), poll, 1, true))
		h.must(t, h.polls.Declare(t.Context(), h.actor(2), poll, 2, true))
		h.must(t, h.polls.Declare(t.Context(), h.actor(2), poll, 2, false)) // thought again
		h.clock.Move(opens)
		h.must(t, h.polls.Tend(t.Context()))
		h.must(t, h.polls.Declare(t.Context(), h.actor(2), poll, 2, false)) // open, and nobody has voted
		// Without the rule Berta and Carla would have the seats; one of the elected must be of the group: Anna.
		for i, choice := range []models.Choice{",1,2", ",2,1", ",1,2"} {
			h.must(t, h.cast(i, poll, choice))
		}
		wantFault(t, h.polls.Declare(t.Context(), h.actor(2), poll, 2, true), "polls.declared_too_late")
		p := h.ends(t, poll)
		if got := fmt.Sprint(p.Count.Result.Winners, p.Count.Plain.Winners); got != "[1 0] [1 2]" {
			t.Errorf("elected with and without the rule: %s", got)
		}
	})
}

// However often one candidate declares, every other one is heard.
func TestDeclare_VeryOften_TheLastOfEachHolds(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q, opens := asks(methods.Scottish, methods.Setup{Seats: 2, ParityAtLeast: 1}), noon.Add(time.Hour)
		q.Setup.ParityGroup = "dones"
		q.Options[0].Number, q.Options[1].Number = h.members[1].Number, h.members[2].Number
		poll := h.plan(t, q, &opens, noon.AddDate(0, 0, 5))
		h.must(t, h.db.Write(t.Context(), func(tx *db.Tx) error { // what ten thousand forms of Berta store
			rows := make([]models.PollDeclaration, 10_000)
			for i := range rows {
				rows[i] = models.PollDeclaration{PollID: poll, Position: 2, InGroup: true, ByID: *h.members[2].AccountID, At: tx.Now}
			}
			return tx.DB.CreateInBatches(rows, 1000).Error
		}))
		h.must(t, h.polls.Declare(t.Context(), h.actor(1), poll, 1, true))
		h.must(t, h.polls.Declare(t.Context(), h.actor(2), poll, 2, false))
		v, err := h.polls.Show(t.Context(), h.actor(0), poll)
		h.must(t, err)
		if !v.Options[0].InGroup || v.Options[1].InGroup {
			t.Errorf("declared are %+v", v.Options)
		}
	})
}

// Whoever is told that a ranked vote was taken finds it among the papers, and whoever is refused does not.
func TestConsultation_CastWhileItCloses_EachVoteIsCountedOrRefused(t *testing.T) {
	const people = 100
	each(t, people, func(t *testing.T, h *hall) {
		poll := h.plan(t, asks(methods.Scottish, methods.Setup{Seats: 1}), nil, noon.AddDate(0, 0, 5))
		taken := make([]bool, people)
		var group sync.WaitGroup
		for i := range people {
			group.Go(func() {
				err := h.cast(i, poll, "1,2,3")
				taken[i] = err == nil
				if err != nil && !fault.Has(err, "polls.closed") {
					t.Errorf("vote %d: %v", i, err)
				}
			})
			if i == people/2 {
				group.Go(func() {
					if err := h.polls.Close(t.Context(), h.facilitator, poll); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		var told int64
		for _, ok := range taken {
			if ok {
				told++
			}
		}
		if p := h.poll(t, poll); fmt.Sprint(told) != string(p.Count.Result.Papers) {
			t.Errorf("%d were told that they voted, %s papers were counted", told, p.Count.Result.Papers)
		}
	})
}

// While a poll is open only what must be answered is shown; what the others said is for when it is closed.
func TestShow_Consent_ConcernsAreReadOnceItIsClosed(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q := asks(methods.Consent, methods.Setup{})
		q.Setup.Reasons = models.ReasonsOptional
		poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
		for i, said := range []polls.Ballot{{Choice: "objection", Reason: "No hi cabem."}, {Choice: "concern", Reason: "És car."}, {Choice: "consent"}} {
			said.Member = h.members[i].ID
			h.must(t, h.polls.Cast(t.Context(), h.actor(i), poll, []polls.Ballot{said}))
		}
		reasons := func(by identity.Actor) (all []string) {
			v, err := h.polls.Show(t.Context(), by, poll)
			h.must(t, err)
			for _, o := range v.Objections {
				all = append(all, o.Reason)
			}
			return all
		}
		if got := reasons(h.actor(2)); len(got) != 1 || got[0] != "No hi cabem." {
			t.Errorf("while it is open members read %q", got)
		}
		h.ends(t, poll)
		if got := reasons(h.actor(2)); len(got) != 2 {
			t.Errorf("once it is closed members read %q", got)
		}
		if got := reasons(identity.Actor{}); len(got) != 0 {
			t.Errorf("people outside read %q", got)
		}
	})
}

func TestCast_AReasonLeftFromAnotherPosition_IsNotKept(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		q := asks(methods.Consent, methods.Setup{})
		q.Setup.Reasons = models.ReasonsOptional
		poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
		for _, step := range []struct{ choice, reason, want string }{
			{"objection", "No hi cabem.", "No hi cabem."},
			{"concern", "No hi cabem.", "No hi cabem."}, // it needs one: these are its words now
			{"consent", "No hi cabem.", ""},
			{"consent", "M’agrada.", "M’agrada."},
			{"consent", "M’agrada.", "M’agrada."}, // sent again, nothing has changed
			{"objection", "Massa soroll.", "Massa soroll."},
			{"consent", "Ja hi cabem.", "Ja hi cabem."}, // written anew
		} {
			b := polls.Ballot{Member: h.members[0].ID, Choice: models.Choice(step.choice), Reason: step.reason}
			h.must(t, h.polls.Cast(t.Context(), h.actor(0), poll, []polls.Ballot{b}))
			v, err := h.polls.Show(t.Context(), h.actor(0), poll)
			h.must(t, err)
			if p := v.Papers[0]; string(p.Choice) != step.choice || p.Reason != step.want {
				t.Errorf("%s with %q is kept as %s with %q", step.choice, step.reason, p.Choice, p.Reason)
			}
		}
	})
}

func TestShow_Consent_ADelegatedObjectionSaysWhoWroteIt(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		h.must(t, h.polls.Delegate(t.Context(), h.actor(1), h.members[1].ID, h.members[0].Number, "", civil.Of(noon.AddDate(0, 1, 0), time.UTC)))
		poll := h.plan(t, asks(methods.Consent, methods.Setup{}), nil, noon.AddDate(0, 0, 5))
		b := polls.Ballot{Member: h.members[0].ID, Choice: "objection", Reason: "No hi cabem."}
		h.must(t, h.polls.Cast(t.Context(), h.actor(0), poll, []polls.Ballot{b}))
		h.ends(t, poll)
		v, err := h.polls.Show(t.Context(), h.actor(2), poll)
		h.must(t, err)
		if len(v.Objections) != 2 || v.Objections[0].Delegate != 0 || v.Objections[1].Member != h.members[1].ID || v.Objections[1].Delegate != h.members[0].ID || v.Objections[1].By == "" {
			t.Errorf("objections %+v", v.Objections)
		}
	})
}

func TestSettle_ADayThatHasPassed_IsRefused(t *testing.T) {
	each(t, 3, func(t *testing.T, h *hall) {
		poll := h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 5))
		h.must(t, h.cast(1, poll, "1,,"))
		h.ends(t, poll)
		today := civil.Of(noon, time.UTC)
		yesterday := today.AddDays(-1)
		wantFault(t, h.polls.Settle(t.Context(), h.facilitator, poll, "Es fa.", "", &yesterday, ""), "polls.following.due_past")
		h.must(t, h.polls.Settle(t.Context(), h.facilitator, poll, "Es fa.", "", &today, ""))
	})
}
