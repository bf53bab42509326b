package polls_test

import (
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/db"
)

// held ends the assembly as one that was opened with so many of each class there.
func (h *hall) held(t *testing.T, opening ...models.ClassPresence) {
	t.Helper()
	err := h.db.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Assembly{}).Where("id = ?", h.assembly.ID).Select("opened_at", "open_call", "opening", "opened_by", "closed_at", "closed_by").
			Updates(models.Assembly{OpenedAt: &tx.Now, OpenCall: 1, Opening: opening, OpenedBy: &h.facilitator.Account, ClosedAt: &tx.Now, ClosedBy: &h.facilitator.Account}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRetell_LastYearsVotesUnderOtherStatutes(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		administrator := identity.Actor{Account: h.facilitator.Account, Roles: []models.RoleTerm{{Role: models.RoleAdministrator}}}
		tell := func(edit func(*rules.RuleSet)) []bool {
			t.Helper()
			r := catalan()
			edit(&r)
			all, err := h.polls.Retell(t.Context(), administrator, r)
			if err != nil {
				t.Fatal(err)
			}
			differs := make([]bool, len(all))
			for i, told := range all {
				differs[i] = told.Differs()
				if told.Poll.Result.Outcome != tally.OutcomeApproved || told.Assembly.ID != h.assembly.ID {
					t.Errorf("what was decided is told as %s", told.Poll.Result.Outcome)
				}
			}
			return differs
		}
		nothing := func(*rules.RuleSet) {}
		poll := h.open(t, nil, h.everybody()...)
		for i, choice := range []models.Choice{models.For, models.For, models.For, models.Against} {
			if err := h.cast(i, poll.ID, choice); err != nil {
				t.Fatal(err)
			}
		}
		h.close(t, poll.ID)
		if got := tell(nothing); len(got) != 0 {
			t.Errorf("an assembly that is not over is told: %v", got)
		}
		h.held(t, models.ClassPresence{Class: "user", Roll: 9, InPerson: 5})
		for name, c := range map[string]struct {
			edit func(*rules.RuleSet)
			want bool
		}{
			"the same statutes": {nothing, false},
			"three of five are 3/5": {func(r *rules.RuleSet) {
				r.Majorities[0].Num, r.Majorities[0].Den, r.Majorities[0].Strict, r.Majorities[0].Base = 3, 5, false, rules.BasePresent
			}, false},
			"and no two thirds": {func(r *rules.RuleSet) {
				r.Majorities[0].Num, r.Majorities[0].Den, r.Majorities[0].Base = 2, 3, rules.BasePresent
			}, true},
			"four of five cast something": {func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 4, Den: 5, Of: rules.BasePresent} }, false},
			"and not all":                 {func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 1, Of: rules.BasePresent} }, true},
			"no share for who voted": {func(r *rules.RuleSet) {
				r.Counting.Method, r.Counting.Shares = rules.MethodClass, []rules.ClassShare{{Class: "worker", Share: 1}}
			}, true},
			"five of nine are half":        {func(r *rules.RuleSet) { r.Quorum.First.Num, r.Quorum.First.Den = 5, 10 }, false},
			"the assembly would not open":  {func(r *rules.RuleSet) { r.Quorum.First.Num, r.Quorum.First.Den = 2, 3 }, true},
			"the second call asks nothing": {func(r *rules.RuleSet) { r.Quorum.Second.Num, r.Quorum.Second.Den, r.Quorum.Second.Any = 1, 1, false }, false},
		} {
			if got := tell(c.edit); len(got) != 1 || got[0] != c.want {
				t.Errorf("%s: differs %v, want %v", name, got, c.want)
			}
		}
		h.clock.Advance(366 * 24 * time.Hour)
		if got := tell(nothing); len(got) != 1 {
			t.Errorf("the vote of last year's assembly is not told: %v", got)
		}
		h.clock.Advance(200 * 24 * time.Hour)
		if got := tell(nothing); len(got) != 0 {
			t.Errorf("a vote of more than eighteen months ago is told: %v", got)
		}
		_, err := h.polls.Retell(t.Context(), h.facilitator, catalan())
		wantFault(t, err, "identity.role_needed")
	})
}

// An election is counted again from its papers: per person Berta won three to two, and capped below the two workers the
// three others lose to Anna. A draw is nobody's vote.
func TestRetell_AnElection_IsCountedAgainFromItsPapers(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		poll := h.annaOrBerta(t)
		h.close(t, poll)
		h.held(t, models.ClassPresence{Class: "user", Roll: 3, InPerson: 3}, models.ClassPresence{Class: "worker", Roll: 2, InPerson: 2})
		administrator := identity.Actor{Account: h.facilitator.Account, Roles: []models.RoleTerm{{Role: models.RoleAdministrator}}}
		for name, c := range map[string]struct {
			edit      func(*rules.RuleSet)
			differs   bool
			uncounted bool
			winner    int
		}{
			"the same statutes": {func(*rules.RuleSet) {}, false, false, 1},
			"with a cap": {func(r *rules.RuleSet) {
				r.Counting.Cap = rules.ClassCap{Classes: []string{"user"}, UnderNum: 1, UnderDen: 2, Base: rules.BaseRoll}
			}, true, false, 0},
			"by class": {func(r *rules.RuleSet) {
				r.Counting.Method, r.Counting.Shares = rules.MethodClass, []rules.ClassShare{{Class: "worker", Share: 60}, {Class: "user", Share: 40}}
			}, true, false, 0},
			"a class without a share": {func(r *rules.RuleSet) {
				r.Counting.Method, r.Counting.Shares = rules.MethodClass, []rules.ClassShare{{Class: "worker", Share: 60}}
			}, true, true, 0},
		} {
			body := catalan()
			c.edit(&body)
			all, err := h.polls.Retell(t.Context(), administrator, body)
			if err != nil || len(all) != 1 {
				t.Fatalf("%s: %v, %v", name, all, err)
			}
			told := all[0]
			if told.Differs() != c.differs || told.Uncounted != c.uncounted || !c.uncounted && told.Count.Result.Winners[0] != c.winner {
				t.Errorf("%s: differs %v, uncounted %v, %+v", name, told.Differs(), told.Uncounted, told.Count.Result)
			}
		}
	})
}

// What Retell says of the statutes that a vote was counted by is what the vote decided, with a cap too; and the vote
// counted again from its rows is the same.
func TestClose_CountsWithTheCapAndTheQuorumOfAVote(t *testing.T) {
	each(t, 5, func(t *testing.T, h *hall) {
		electors := h.everybody()
		for i := range electors[2:] {
			electors[2+i].ClassCode = "collaborating"
		}
		poll := h.open(t, nil, electors...)
		for i := range electors {
			choice := models.For
			if i < 2 {
				choice = models.Against
			}
			if err := h.cast(i, poll.ID, choice); err != nil {
				t.Fatal(err)
			}
		}
		r := h.close(t, poll.ID).Result
		// Two common votes: the three collaborators stay under one, at 0.99.
		if r.Outcome != tally.OutcomeNotEnough || r.For.String() != "99/100" || r.Against.String() != "2" || !r.Cap.Bites() {
			t.Errorf("%s: %v to %v", r.Outcome, r.For, r.Against)
		}
		if same, err := h.polls.Recount(t.Context(), poll.ID); err != nil || !same {
			t.Errorf("counted again: %v, %v", same, err)
		}
	})
}
