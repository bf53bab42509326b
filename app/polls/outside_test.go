package polls_test

import (
	"encoding/json"
	"strings"
	"testing"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/disclosure"
	"socia/core/methods"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// workers makes the last so many people of the hall workers; the others are users.
func (h *hall) workers(t *testing.T, n int) {
	t.Helper()
	for i := len(h.members) - n; i < len(h.members); i++ {
		h.changes(t, i, "class_id", 2)
	}
}

// voted holds a consultation in which people say something in their order; "" is nothing.
func (h *hall) voted(t *testing.T, q polls.Question, says ...models.Choice) models.PollID {
	t.Helper()
	poll := h.plan(t, q, nil, noon.AddDate(0, 0, 5))
	for i, choice := range says {
		if choice != "" {
			b := polls.Ballot{Member: h.members[i].ID, Choice: choice, Reason: "Perquè sí."}
			h.must(t, h.polls.Cast(t.Context(), h.actor(i), poll, []polls.Ballot{b}))
		}
	}
	h.ends(t, poll)
	return poll
}

// seen is what a reader has of how a poll ended, as a file would write it.
func (h *hall) seen(t *testing.T, by identity.Actor, poll models.PollID) (polls.View, string) {
	t.Helper()
	v, err := h.polls.Show(t.Context(), by, poll)
	h.must(t, err)
	text, err := json.Marshal(map[string]any{
		"result": v.Poll.Result, "count": v.Poll.Count, "roll": v.Poll.RollCounts, "outline": v.Outline, "shown": v.Shown, "kept": v.Kept,
		"cast": v.Cast, "electors": v.Electors, "named": v.Named, "drawn": v.Drawn, "objections": v.Objections,
	})
	h.must(t, err)
	return v, string(text)
}

var outsider = identity.Actor{Account: 999} // signed in, and nobody of the cooperative

func people(n int, choice models.Choice) (all []models.Choice) {
	for range n {
		all = append(all, choice)
	}
	return all
}

// byClass weighs users 90 and workers 10 of 100.
func byClass(r *rules.RuleSet) {
	r.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 90}, {Class: "worker", Share: 10}}, Article: "Estatuts, art. 12"}
}

// A class of one, and a user who says the contrary: had each said what the other did, people outside would see the same of
// the result, whatever the statutes and the method, and members would not.
func TestShow_ToPeopleOutside_WhatAClassOfOneSaidCannotBeTold(t *testing.T) {
	for name, edit := range map[string]func(*rules.RuleSet){
		"per person": func(*rules.RuleSet) {},
		"by class":   byClass,
		"capped": func(r *rules.RuleSet) {
			r.Counting.Cap = rules.ClassCap{Classes: []string{"worker"}, UnderNum: 1, UnderDen: 20, Article: "Estatuts, art. 13"}
		},
		"within the cap": func(r *rules.RuleSet) {
			r.Counting.Cap = rules.ClassCap{Classes: []string{"worker"}, Num: 1, Den: 3, Base: rules.BasePresent, Article: "Estatuts, art. 13"}
		},
		"a quorum of weight": func(r *rules.RuleSet) {
			byClass(r)
			r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 10, By: rules.UnitWeight}
		},
		"a quorum of each class": func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 10, By: rules.UnitClass} },
	} {
		t.Run(name, func(t *testing.T) {
			under(t, 10, edit, func(t *testing.T, h *hall) {
				h.workers(t, 1)
				for _, c := range []struct {
					q         polls.Question
					one, rest models.Choice
				}{
					{motion("Ho fem?"), models.For, models.Against}, {chooseOne(), "1,,", ",1,"}, {asks(methods.Approval, methods.Setup{Seats: 1}), "1,,", ",1,1"},
					{asks(methods.IRV, methods.Setup{Seats: 1}), "1,2,", "3,1,2"}, {asks(methods.Schulze, methods.Setup{Seats: 1}), "1,2,", "3,1,2"},
					{asks(methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}), "5,,1", ",4,"},
					{asks(methods.EqualShares, methods.Setup{AmountCents: 700_00}), "1,,", ",1,"}, {asks(methods.Consent, methods.Setup{}), "consent", "concern"},
				} {
					says := append(people(6, c.one), c.rest, c.rest, c.rest, c.one)
					changed := append(people(7, c.one), c.rest, c.rest, c.rest)
					is, was := h.voted(t, c.q, says...), h.voted(t, c.q, changed...)
					v, outside := h.seen(t, outsider, is)
					if _, other := h.seen(t, outsider, was); outside != other {
						t.Errorf("%s: the worker's vote makes a difference outside:\n%s\n%s", c.q.Method, outside, other)
					}
					for _, class := range []string{"worker", "user", "Persona"} {
						if strings.Contains(outside, class) {
							t.Errorf("%s: people outside read %q in %s", c.q.Method, class, outside)
						}
					}
					if count := v.Poll.Count; count != nil && (count.Weights != nil || count.Weighing != nil || count.AtVote != nil && count.AtVote.OfClasses()) {
						t.Errorf("%s: people outside have the arithmetic of the classes: %s", c.q.Method, outside)
					}
					if v.Shown == disclosure.Everything || v.Cast != 10 || v.Electors != 10 {
						t.Errorf("%s: shown %s, %d of %d", c.q.Method, v.Shown, v.Cast, v.Electors)
					}
					inside, _ := h.seen(t, h.actor(2), is)
					if inside.Shown != disclosure.Everything || inside.Kept || inside.Outline != nil || len(inside.Poll.RollCounts) != 2 || len(inside.Named) != 10 {
						t.Errorf("%s: a member is not shown everything: %+v", c.q.Method, inside)
					}
				}
			})
		})
	}
}

// Three votes of a total can only be hers who has three: where few have so many, or all of them are of one mind, people
// outside have no figure.
func TestShow_ToPeopleOutside_WhatAMemberOfThreeVotesSaidCannotBeTold(t *testing.T) {
	under(t, 10, plural, func(t *testing.T, h *hall) {
		says := []models.Choice{"for", "for", "for", "against", "against", "for", "for", "for", "against", "against"}
		shown := func() disclosure.Extent {
			t.Helper()
			v, _ := h.seen(t, outsider, h.voted(t, motion("Ho fem?"), says...))
			return v.Shown
		}
		if got := shown(); got != disclosure.Everything {
			t.Errorf("of ten of one vote each: %s", got)
		}
		h.has(t, 0, 3)
		if got := shown(); got != disclosure.OutcomeOnly {
			t.Errorf("of one of three votes and nine of one: %s", got)
		}
		for i := range 5 {
			h.has(t, i, 3)
		}
		if got := shown(); got != disclosure.Everything {
			t.Errorf("of five of three votes who disagree: %s", got)
		}
		says[3], says[4] = "for", "for"
		if got := shown(); got != disclosure.OutcomeOnly {
			t.Errorf("of five of three votes who agree: %s", got)
		}
	})
}

// What is left: of votes that are all worth the same the totals, of weighed ones how it ended.
func TestShow_ToPeopleOutside_TotalsByHeadOrTheOutcome(t *testing.T) {
	says := append(people(7, models.For), models.Against, models.Against, models.For)
	each(t, 10, func(t *testing.T, h *hall) {
		h.workers(t, 1)
		v, _ := h.seen(t, outsider, h.voted(t, motion("Ho fem?"), says...))
		r := v.Poll.Result
		if v.Shown != disclosure.ByHead || !v.Kept || v.Outline != nil || r == nil || r.Total.For != 8 || r.Total.Against != 2 || !r.Approved || r.Lines != nil {
			t.Errorf("shown %s, kept %v, %+v", v.Shown, v.Kept, r)
		}
		chosen, _ := h.seen(t, outsider, h.voted(t, chooseOne(), append(people(7, "1,,"), ",1,", ",1,", "1,,")...))
		if chosen.Shown != disclosure.ByHead || chosen.Kept || chosen.Poll.Count == nil || stand(chosen.Poll) != "Anna 8; Berta 2; Carla 0; " {
			t.Errorf("a choice among persons: %+v", chosen.Poll.Count)
		}
	})
	under(t, 10, byClass, func(t *testing.T, h *hall) {
		h.workers(t, 1)
		v, _ := h.seen(t, outsider, h.voted(t, motion("Ho fem?"), says...))
		if v.Shown != disclosure.OutcomeOnly || !v.Kept || v.Poll.Result != nil || v.Outline == nil || v.Outline.Outcome != string(tally.OutcomeApproved) {
			t.Errorf("shown %s, kept %v, %+v, %+v", v.Shown, v.Kept, v.Poll.Result, v.Outline)
		}
		chosen, _ := h.seen(t, outsider, h.voted(t, chooseOne(), append(people(7, "1,,"), ",1,", ",1,", "1,,")...))
		if o := chosen.Outline; o == nil || o.Outcome != "decided" || len(o.Chosen) != 1 || o.Chosen[0] != "Anna" || chosen.Poll.Count != nil {
			t.Errorf("a choice by class: %+v", o)
		}
		blank, _ := h.seen(t, outsider, h.voted(t, chooseOne(), people(10, ",,")...))
		if o := blank.Outline; o == nil || o.Outcome != "undecided" || len(o.Chosen) != 0 {
			t.Errorf("all are blank: %+v", o)
		}
	})
}

// Five of each class voted and neither class was of one mind: everything is shown. Four, or five of one mind, and it is not.
func TestShow_ToPeopleOutside_EverythingWhereEveryClassIsLargeAndDivided(t *testing.T) {
	under(t, 12, byClass, func(t *testing.T, h *hall) {
		h.workers(t, 5)
		users := append(people(4, models.For), models.Against, models.Against, "")
		for _, c := range []struct {
			what    string
			workers []models.Choice
			want    disclosure.Extent
		}{
			{"divided", []models.Choice{models.For, models.For, models.For, models.Abstain, models.For}, disclosure.Everything},
			{"four", []models.Choice{"", models.For, models.For, models.Abstain, models.For}, disclosure.OutcomeOnly},
			{"of one mind", people(5, models.For), disclosure.OutcomeOnly},
			{"silent", people(5, ""), disclosure.OutcomeOnly},
		} {
			v, _ := h.seen(t, outsider, h.voted(t, motion("Ho fem?"), append(users[:7:7], c.workers...)...))
			if v.Shown != c.want || v.Kept != (c.want != disclosure.Everything) || (v.Poll.Result != nil && len(v.Poll.Result.Lines) == 2 && len(v.Poll.RollCounts) == 2) != (c.want == disclosure.Everything) {
				t.Errorf("%s: %s, want %s", c.what, v.Shown, c.want)
			}
		}
	})
}

// Of a draw people outside see how many were drawn, and what it was drawn from: no member's number.
func TestShow_ADrawToPeopleOutside_IsANumberOfMembers(t *testing.T) {
	each(t, 12, func(t *testing.T, h *hall) {
		for i := range h.members { // numbers that are found nowhere else
			h.changes(t, i, "number", 7000+i)
		}
		poll := h.voted(t, asks(methods.Sortition, methods.Setup{Seats: 3, Strata: true}))
		v, outside := h.seen(t, outsider, poll)
		if v.Outline == nil || v.Outline.Drawn != 3 || !v.Kept || v.Poll.Seed == "" || strings.Contains(outside, "70") {
			t.Errorf("people outside see %+v of the draw, %s", v.Outline, outside)
		}
		if _, inside := h.seen(t, h.actor(1), poll); !strings.Contains(inside, "70") {
			t.Error("members do not see who was drawn")
		}
		_, err := h.polls.DrawFile(t.Context(), outsider, poll)
		wantFault(t, err, "polls.not_found")
	})
}

// Whose objection stands is told to nobody outside, nor what each class was when a poll was void before it was counted.
func TestShow_ToPeopleOutside_NamesNobody(t *testing.T) {
	each(t, 12, func(t *testing.T, h *hall) {
		says := append(people(6, "consent"), "objection")
		v, _ := h.seen(t, outsider, h.voted(t, asks(methods.Consent, methods.Setup{}), says...))
		if a := v.Poll.Count.Answers; a == nil || len(a.Open) != 0 || a.Given["objection"] != 1 {
			t.Errorf("people outside see %+v", a)
		}
		void := h.plan(t, chooseOne(), nil, noon.AddDate(0, 0, 5))
		h.must(t, h.polls.Void(t.Context(), h.facilitator, void, "Hi faltava una opció."))
		if v, _ := h.seen(t, outsider, void); v.Poll.RollCounts != nil || v.Outline != nil || v.Kept {
			t.Errorf("of a void poll: %+v", v)
		}
		if _, err := h.polls.Votes(t.Context(), outsider, void); err != nil {
			t.Error(err)
		}
	})
}

// An organisation replaces its representative while a poll is open: the list tells the new one that a vote waits, and the
// former one nothing, as casting has it. When the hours are over no vote waits, even before the poll is closed.
func TestConsultations_RepresentativeReplaced_TheVoteWaitsForTheNewOne(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		closes := noon.AddDate(0, 0, 10)
		poll := h.plan(t, chooseOne(), nil, closes)
		h.must(t, h.cast(2, poll, "1,,"))
		organisation := h.members[3]
		h.changes(t, 3, "kind", models.Organisation)
		h.changes(t, 3, "account_id", *h.members[2].AccountID)
		before := identity.Actor{Account: *organisation.AccountID, Members: nil, Roles: h.facilitator.Roles}
		now := identity.Actor{Account: *h.members[2].AccountID, Members: []models.Member{h.members[2], organisation}}
		waits := func(by identity.Actor) bool {
			l, err := h.polls.Consultations(t.Context(), by, 0)
			h.must(t, err)
			return l.Rows[0].Mine
		}
		if waits(before) || !waits(now) || !waits(h.actor(1)) {
			t.Errorf("it waits: former %v, new %v, another %v", waits(before), waits(now), waits(h.actor(1)))
		}
		h.must(t, h.polls.Cast(t.Context(), now, poll, []polls.Ballot{{Member: organisation.ID, Choice: "1,,"}}))
		if waits(now) {
			t.Error("it waits though it was cast")
		}
		h.clock.Move(closes)
		if waits(h.actor(1)) {
			t.Error("it waits though nobody can cast it any more")
		}
	})
}

// Reminded is whoever can still cast a vote: the new representative, and nobody who has left.
func TestRemind_WhoActsForTheMemberNow(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		q := chooseOne()
		q.Setup.RemindHours = 24
		poll := h.plan(t, q, nil, noon.AddDate(0, 0, 10))
		h.must(t, h.cast(2, poll, "1,,"))
		h.changes(t, 3, "kind", models.Organisation)
		h.changes(t, 3, "account_id", *h.members[2].AccountID)
		h.changes(t, 4, "left_on", noon.AddDate(0, 0, 2).Format("2006-01-02"))
		h.clock.Move(noon.AddDate(0, 0, 9))
		h.must(t, h.polls.Tend(t.Context()))
		var told []models.AccountID
		h.must(t, h.db.Read(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.InboxNotice{}).Where("kind = ?", "polls.told.closes_soon").Order("account_id").Pluck("account_id", &told).Error
		}))
		want := []models.AccountID{*h.members[0].AccountID, *h.members[1].AccountID, *h.members[2].AccountID}
		if len(told) != 3 || told[0] != want[0] || told[1] != want[1] || told[2] != want[2] {
			t.Errorf("reminded are %v, want %v", told, want)
		}
	})
}
