package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// Whoever downloads the papers of a closed poll gets from socia tally who was announced, whatever the method.
func TestPapersFile_TheCommandElectsWhoWasAnnounced(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	jordi, marta := p.visitor(t, "jordi"), p.visitor(t, "marta")
	for _, c := range []struct {
		method  methods.Name
		setup   methods.Setup
		papers  []string
		command string
	}{
		{methods.Choose, methods.Setup{Seats: 1, Most: 1}, []string{"1,,", ",1,", ",1,", ",,1", ",1,"}, "plurality"},
		{methods.Choose, methods.Setup{Seats: 2, Most: 2}, []string{"1,,1", ",1,", ",1,1", ",,1", "1,,"}, "approval --seats 2"},
		{methods.Approval, methods.Setup{Seats: 1}, []string{"1,1,", ",1,", "1,1,1", ",,1", "1,,"}, "approval"},
		{methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}, []string{"5,1,", ",4,5", "1,5,", "3,,5", "2,2,2"}, "score --top 5"},
		{methods.IRV, methods.Setup{}, []string{"1,2,3", ",1,2", "3,2,1", ",,1", "1,,"}, "irv --no-batch"},
		{methods.Scottish, methods.Setup{Seats: 2}, []string{"1,2,3", "1,2,", "1,,2", "2,,1", "1,3,2"}, "stv-scottish --seats 2"},
		{methods.Meek, methods.Setup{Seats: 2}, []string{"1,2,3", "1,2,", "1,,2", "2,,1", "1,3,2"}, "stv-meek --seats 2"},
		{methods.Schulze, methods.Setup{Seats: 1}, []string{"2,1,1", ",1,2", "1,,1", "2,1,3", ",1,"}, "schulze"},
		{methods.RankedPairs, methods.Setup{Seats: 1}, []string{"2,1,1", ",1,2", "1,,1", "2,1,3", ",1,"}, "ranked-pairs"},
		{methods.Borda, methods.Setup{Seats: 2}, []string{"2,1,3", ",1,2", "1,,2", "2,1,3", ",1,"}, "borda --seats 2"},
	} {
		poll := p.decided(t, c.method, c.setup, c.papers, "Ametller", "Bedoll, el petit", "Castanyer")
		_, file := jordi.get(t, fmt.Sprintf("/polls/%d/papers.csv", poll.ID))
		said, err := tallyOf(t, file, append([]string{"--seed", poll.Seed, "--method"}, strings.Fields(c.command)...)...)
		var elected []string
		for _, w := range poll.Count.Result.Winners {
			elected = append(elected, poll.Count.Result.Options[w])
		}
		if want := "Elected, in this order: " + strings.Join(elected, ", ") + ".\n"; err != nil || len(elected) == 0 || !strings.HasSuffix(said, want) {
			t.Errorf("%s: %v\n%s\n%s, want %s", c.method, err, file, said, want)
		}
		if answer, _ := marta.get(t, fmt.Sprintf("/polls/%d", poll.ID)); answer.StatusCode != 200 {
			t.Errorf("%s: its page answers %d", c.method, answer.StatusCode)
		}
	}
}

// What options are called never changes what their file counts to.
func TestPapersFile_NamesThatLookLikeHeads(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	jordi := p.visitor(t, "jordi")
	for _, names := range [][]string{{"Choice 1", "Choice 2", "Choice 3"}, {"rank3", "count", "overvote"}, {"a;b;c;d", "=1+1", "'=1+1"}, {`"Sí"`, "-1", "@x, y"}} {
		for _, c := range []struct {
			method  methods.Name
			setup   methods.Setup
			papers  []string
			command string
		}{
			{methods.IRV, methods.Setup{}, []string{"2,1,3", "2,1,", "3,2,1", ",,1", "1,,"}, "irv --no-batch"},
			{methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}, []string{"5,1,", ",4,5", "1,5,", "3,,5", "2,2,2"}, "score --top 5"},
		} {
			poll := p.decided(t, c.method, c.setup, c.papers, names...)
			_, file := jordi.get(t, fmt.Sprintf("/polls/%d/papers.csv", poll.ID))
			said, err := tallyOf(t, file, append([]string{"--seed", poll.Seed, "--method"}, strings.Fields(c.command)...)...)
			if want := "Elected, in this order: " + names[poll.Count.Result.Winners[0]] + ".\n"; err != nil || !strings.HasSuffix(said, want) {
				t.Errorf("%s: %v\n%s\n%s, want %s", c.method, err, file, said, want)
			}
		}
	}
}

// decided is a consultation about these options that closes with these papers, of members of several classes.
func (p *planted) decided(t *testing.T, method methods.Name, setup methods.Setup, papers []string, names ...string) (poll models.Poll) {
	t.Helper()
	by := func(handle string) (a identity.Actor) {
		account, err := p.identity.AccountByHandle(t.Context(), handle)
		if err == nil {
			err = p.db.Read(t.Context(), func(tx *db.Tx) (err error) {
				a, err = identity.ActorTx(tx, account.ID)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	closes := p.clock.Now().Add(time.Hour)
	var options []polls.NewOption
	for _, name := range names {
		options = append(options, polls.NewOption{Label: name})
	}
	id, err := p.polls.Plan(t.Context(), by("jordi"), polls.Plan{ClosesAt: &closes, Question: polls.Question{
		Question: "Què triem per " + string(method) + "?", Method: method, Setup: models.PollSetup{Setup: setup, Reasons: models.ReasonsNone},
		Options: options,
	}}, "")
	if err != nil {
		t.Fatal(err)
	}
	handles := []string{"jordi", "nuria", "mireia", "marta", "aina"}
	for i, paper := range papers {
		a := by(handles[i])
		at := slices.IndexFunc(a.Members, func(m models.Member) bool { return m.Kind == models.Person })
		if err := p.polls.Cast(t.Context(), a, id, []polls.Ballot{{Member: a.Members[at].ID, Choice: models.Choice(paper)}}); err != nil {
			t.Fatal(handles[i], err)
		}
	}
	if err := p.polls.Close(t.Context(), by("jordi"), id); err != nil {
		t.Fatal(strconv.FormatInt(int64(id), 10), err)
	}
	if err := p.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&poll, id).Error }); err != nil {
		t.Fatal(err)
	}
	return poll
}
