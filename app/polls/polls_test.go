package polls_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// hall is an assembly with people in it, each with an account of the same number.
type hall struct {
	db          *db.DB
	clock       *clock.Set
	polls       *polls.Service
	statutes    models.RuleSet
	assembly    models.Assembly
	item        models.AgendaItem
	members     []models.Member
	facilitator identity.Actor
}

func newHall(t *testing.T, d *db.DB, c *clock.Set, people int, body rules.RuleSet) *hall {
	t.Helper()
	h := &hall{db: d, clock: c, polls: polls.New(d)}
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		rows := []any{
			&models.Cooperative{ID: 1, Name: "Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: tx.Now},
			&models.MemberClass{Code: "user", Position: 1}, &models.MemberClass{Code: "worker", Position: 2},
		}
		for _, r := range rows {
			if err := tx.DB.Create(r).Error; err != nil {
				return err
			}
		}
		h.statutes = models.RuleSet{Version: 1, Preset: body.Preset, Body: body, Reason: "prova", CreatedAt: tx.Now}
		if err := tx.DB.Create(&h.statutes).Error; err != nil {
			return err
		}
		var accounts []models.Account
		for i := range people {
			accounts = append(accounts, models.Account{Handle: fmt.Sprintf("p%d", i), PassphraseHash: "x", Language: "ca", CreatedAt: tx.Now})
		}
		if err := tx.DB.CreateInBatches(accounts, 500).Error; err != nil {
			return err
		}
		for i := range people {
			h.members = append(h.members, models.Member{Number: int64(i + 1), Kind: models.Person, Name: fmt.Sprintf("Persona %d", i), ClassID: 1, AccountID: &accounts[i].ID, Language: "ca", JoinedOn: civil.New(2020, 1, 1), CreatedAt: tx.Now})
		}
		if err := tx.DB.CreateInBatches(h.members, 500).Error; err != nil {
			return err
		}
		h.facilitator = identity.Actor{Account: accounts[0].ID, Roles: []models.RoleTerm{{Role: models.RoleFacilitator}}}
		h.assembly = models.Assembly{Title: "A", Kind: "ordinary", FirstCallAt: noon, SecondCallAt: noon, CreatedBy: 1, CreatedAt: tx.Now}
		if err := tx.DB.Create(&h.assembly).Error; err != nil {
			return err
		}
		h.item = models.AgendaItem{AssemblyID: h.assembly.ID, Position: 1, Title: "Punt", Decision: "ordinary"}
		return tx.DB.Create(&h.item).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// motion is the question of a yes or no.
func motion(text string) polls.Question {
	return polls.Question{Question: text, Method: methods.Motion, Setup: models.PollSetup{Reasons: models.ReasonsNone}}
}

func (h *hall) open(t *testing.T, closes *time.Time, electors ...models.PollElector) models.Poll {
	t.Helper()
	counts := map[string]int64{}
	for _, e := range electors {
		counts[e.ClassCode]++
	}
	var poll models.Poll
	err := h.db.Write(t.Context(), func(tx *db.Tx) (err error) {
		poll, err = polls.OpenTx(t.Context(), tx, h.facilitator, polls.Opening{Assembly: h.assembly.ID, Item: h.item.ID, Statutes: h.statutes, Question: motion("?"), Decision: rules.DecisionOrdinary, ClosesAt: closes, Electors: electors, RollCounts: counts})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return poll
}

func (h *hall) elector(i int, class string) models.PollElector {
	return models.PollElector{MemberID: h.members[i].ID, ClassCode: class, VoterID: h.members[i].ID, AccountID: h.members[i].AccountID}
}

func (h *hall) everybody() []models.PollElector {
	all := make([]models.PollElector, len(h.members))
	for i := range h.members {
		all[i] = h.elector(i, "user")
	}
	return all
}

func (h *hall) actor(i int) identity.Actor {
	return identity.Actor{Account: *h.members[i].AccountID, Members: []models.Member{h.members[i]}}
}

func (h *hall) cast(i int, poll models.PollID, choice models.Choice) error {
	return h.polls.Cast(context.Background(), h.actor(i), poll, []polls.Ballot{{Member: h.members[i].ID, Choice: choice}})
}

func (h *hall) close(t *testing.T, poll models.PollID) models.Poll {
	t.Helper()
	var closed models.Poll
	err := h.db.Write(t.Context(), func(tx *db.Tx) (err error) {
		closed, err = polls.CloseTx(t.Context(), tx, h.facilitator, poll)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return closed
}

func catalan() rules.RuleSet { r, _ := rules.Preset("catalan-cooperative"); return r }

func each(t *testing.T, people int, test func(t *testing.T, h *hall)) {
	t.Helper()
	under(t, people, func(*rules.RuleSet) {}, test)
}

// under runs a test on both databases in a hall of so many people whose statutes are changed.
func under(t *testing.T, people int, edit func(*rules.RuleSet), test func(t *testing.T, h *hall)) {
	t.Helper()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			c, body := clock.At(noon), catalan()
			edit(&body)
			test(t, newHall(t, dbtest.Open(t, flavor, c), c, people, body))
		})
	}
}

func wantFault(t *testing.T, err error, key string) {
	t.Helper()
	if !fault.Has(err, key) {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestPoll_VotesAreCountedAndMayChangeUntilItCloses(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.everybody()...)
		for i, choice := range []models.Choice{models.For, models.Against, models.Against, models.Abstain} {
			if err := h.cast(i, poll.ID, choice); err != nil {
				t.Fatal(err)
			}
		}
		if err := h.cast(1, poll.ID, models.For); err != nil { // a change of mind
			t.Fatal(err)
		}
		closed := h.close(t, poll.ID)
		if r := closed.Result; !r.Approved || r.Total.For != 2 || r.Total.Against != 1 || r.Total.Abstain != 1 {
			t.Fatalf("result %+v", r)
		}
		wantFault(t, h.cast(2, poll.ID, models.For), "polls.closed")
		again := h.close(t, poll.ID) // a second click answers the same
		if again.Result == nil || again.Result.Outcome != closed.Result.Outcome || !again.ClosedAt.Equal(*closed.ClosedAt) {
			t.Errorf("closing twice: %+v", again)
		}
		if same, err := h.polls.Recount(t.Context(), poll.ID); err != nil || !same {
			t.Errorf("recount: %v %v", same, err)
		}
		err := h.db.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec("UPDATE votes SET choice = 'for'").Error })
		if err == nil {
			t.Error("votes of a closed poll were changed")
		}
	})
}

func TestCast_OnlyTheElectorsAccountMayCast(t *testing.T) {
	each(t, 4, func(t *testing.T, h *hall) {
		mandate := h.elector(2, "user")
		mandate.VoterID, mandate.AccountID = h.members[1].ID, h.members[1].AccountID
		poll := h.open(t, nil, h.elector(1, "user"), mandate)
		wantFault(t, h.cast(3, poll.ID, models.For), "polls.not_elector")
		wantFault(t, h.cast(2, poll.ID, models.For), "polls.not_elector") // gave the vote away
		both := []polls.Ballot{{Member: h.members[1].ID, Choice: models.For}, {Member: h.members[2].ID, Choice: models.Against}}
		if err := h.polls.Cast(t.Context(), h.actor(1), poll.ID, both); err != nil {
			t.Fatal(err)
		}
		// One of the two is not theirs: neither is taken.
		wrong := []polls.Ballot{{Member: h.members[1].ID, Choice: models.Abstain}, {Member: h.members[3].ID, Choice: models.Abstain}}
		wantFault(t, h.polls.Cast(t.Context(), h.actor(1), poll.ID, wrong), "polls.not_elector")
		wantFault(t, h.polls.Cast(t.Context(), h.actor(1), poll.ID+99, both), "polls.not_found")
		wantFault(t, h.polls.Cast(t.Context(), h.actor(1), poll.ID, []polls.Ballot{{Member: h.members[1].ID, Choice: "maybe"}}), "polls.choose")
		if r := h.close(t, poll.ID).Result; r.Total.For != 1 || r.Total.Against != 1 || r.Total.Abstain != 0 || r.Outcome != tally.OutcomeTied {
			t.Errorf("result %+v", r.Total)
		}
	})
}

func TestCast_HourOfClosing_IsRefusedFromThatInstant(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		closes := noon.Add(time.Hour)
		poll := h.open(t, &closes, h.everybody()...)
		h.clock.Move(closes.Add(-time.Microsecond))
		if err := h.cast(0, poll.ID, models.For); err != nil {
			t.Fatal(err)
		}
		h.clock.Move(closes)
		wantFault(t, h.cast(1, poll.ID, models.For), "polls.closed")
		err := h.db.Write(t.Context(), func(tx *db.Tx) error {
			due, err := polls.DueTx(tx)
			if err != nil || len(due) != 1 {
				return fmt.Errorf("due %v, %w", due, err)
			}
			_, err = polls.CloseTx(t.Context(), tx, identity.System, due[0])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestCast_TwentyAtOnceForOneVote_OneRowAndTheLastHolds(t *testing.T) {
	each(t, 1, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.everybody()...)
		var group sync.WaitGroup
		for range 20 {
			group.Go(func() {
				if err := h.cast(0, poll.ID, models.For); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if r := h.close(t, poll.ID).Result; r.Total.For != 1 {
			t.Errorf("%d votes of one person", r.Total.For)
		}
	})
}

// Whoever is told that the vote was taken finds it in the result, and whoever is refused does not.
func TestCast_WhileThePollCloses_EachVoteIsCountedOrRefused(t *testing.T) {
	const people = 150
	each(t, people, func(t *testing.T, h *hall) {
		poll := h.open(t, nil, h.everybody()...)
		taken := make([]bool, people)
		var group sync.WaitGroup
		for i := range people {
			group.Go(func() {
				switch err := h.cast(i, poll.ID, models.For); {
				case err == nil:
					taken[i] = true
				case !fault.Has(err, "polls.closed"):
					t.Errorf("vote %d: %v", i, err)
				}
			})
			if i == people/2 {
				group.Go(func() { h.close(t, poll.ID) })
			}
		}
		group.Wait()
		want := int64(0)
		for _, ok := range taken {
			if ok {
				want++
			}
		}
		var closed models.Poll
		if err := h.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&closed, poll.ID).Error }); err != nil {
			t.Fatal(err)
		}
		if closed.Result == nil || closed.Result.Total.For != want {
			t.Errorf("%d were told that they voted, the result has %+v", want, closed.Result)
		}
	})
}

func TestPoll_ByClassWithWeights_FollowsTheStatutes(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			body := catalan()
			body.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 60}, {Class: "worker", Share: 40}}, Article: "Estatuts, art. 12"}
			c := clock.At(noon)
			h := newHall(t, dbtest.Open(t, flavor, c), c, 5, body)
			poll := h.open(t, nil, h.elector(0, "user"), h.elector(1, "user"), h.elector(2, "user"), h.elector(3, "worker"), h.elector(4, "worker"))
			for i, choice := range []models.Choice{models.For, models.For, models.Against, models.Against, models.Against} {
				if err := h.cast(i, poll.ID, choice); err != nil {
					t.Fatal(err)
				}
			}
			// Users: 2 of 3 at 20 each; workers: 2 against at 20 each. 40 for, 20 + 40 against.
			r := h.close(t, poll.ID).Result
			if r.For.String() != "40" || r.Against.String() != "60" || r.Approved {
				t.Errorf("for %s, against %s", r.For, r.Against)
			}
		})
	}
}

func TestOpen_OneAtATimeOnAnItem(t *testing.T) {
	each(t, 2, func(t *testing.T, h *hall) {
		h.open(t, nil, h.everybody()...)
		err := h.db.Write(t.Context(), func(tx *db.Tx) error {
			_, err := polls.OpenTx(t.Context(), tx, h.facilitator, polls.Opening{Assembly: h.assembly.ID, Item: h.item.ID, Statutes: h.statutes, Question: motion("?"), Decision: rules.DecisionOrdinary, Electors: h.everybody(), RollCounts: map[string]int64{"user": 2}})
			return err
		})
		wantFault(t, err, "polls.already_open")
	})
}
