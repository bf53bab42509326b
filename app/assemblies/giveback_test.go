package assemblies

import (
	"testing"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

// represented is an open vote in an open assembly: one to five are there, and one holds the mandates of six and seven.
func (w *town) represented() (id models.AssemblyID, proxies [2]models.ProxyID, poll models.PollID) {
	w.t.Helper()
	id, item := w.convened()
	for i, giver := range []int{6, 7} {
		var err error
		proxies[i], err = w.svc.DeclareProxy(w.ctx(), w.as(giver), id, w.id(giver), w.id(1), "")
		must(w.t, err)
	}
	w.open(id, 1, 2, 3, 4, 5)
	poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
	must(w.t, err)
	return id, proxies, poll
}

// castsFor casts the n-th member's account's votes for members, a choice each.
func (w *town) castsFor(poll models.PollID, n int, choices map[int]models.Choice) error {
	var ballots []polls.Ballot
	for member, choice := range choices {
		ballots = append(ballots, polls.Ballot{Member: w.id(member), Choice: choice})
	}
	return polls.New(w.db).Cast(w.ctx(), w.as(n), poll, ballots)
}

// sees is whose papers the n-th member has before them.
func (w *town) sees(poll models.PollID, n int) (members []models.MemberID) {
	w.t.Helper()
	v, err := polls.New(w.db).Show(w.ctx(), w.as(n), poll)
	must(w.t, err)
	for _, p := range v.Papers {
		members = append(members, p.Member)
	}
	return members
}

func (w *town) elector(poll models.PollID, n int) (e models.PollElector) {
	w.t.Helper()
	must(w.t, w.db.Read(w.ctx(), func(tx *db.Tx) error {
		return tx.DB.Where("poll_id = ? AND member_id = ?", poll, w.id(n)).Take(&e).Error
	}))
	return e
}

// A mandate is revocable until used: the holder loses the vote at once in a poll that is open, the giver has it once
// they come, and the electors stay who they are. The holder's other mandate and own vote are as before.
func TestProxy_RevokedUnusedWhileAVoteIsOpen_IsTheGiversOnceTheyCome(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proxies, poll := w.represented()
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxies[0]))
		refused(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For}), "polls.mandate_revoked")
		refused(t, w.castsFor(poll, 1, map[int]models.Choice{1: models.For, 6: models.For, 7: models.Against}), "polls.mandate_revoked")
		if n := w.count(&models.Vote{}, "poll_id = ?", poll); n != 0 {
			t.Errorf("%d votes of a refused form are stored", n)
		}
		refused(t, w.castsFor(poll, 6, map[int]models.Choice{6: models.Against}), "polls.not_elector") // not there yet
		if len(w.sees(poll, 1)) != 2 || len(w.sees(poll, 6)) != 0 {
			t.Errorf("the holder has papers of %v, the giver of %v", w.sees(poll, 1), w.sees(poll, 6))
		}
		must(t, w.castsFor(poll, 1, map[int]models.Choice{1: models.For, 7: models.Against})) // split
		w.arrive(id, 6)
		if len(w.sees(poll, 6)) != 1 {
			t.Errorf("the giver, who has come, has papers of %v", w.sees(poll, 6))
		}
		refused(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For}), "polls.mandate_revoked")
		must(t, w.castsFor(poll, 6, map[int]models.Choice{6: models.Against}))
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		r := w.poll(poll).Result
		if r.Total.For != 1 || r.Total.Against != 2 || r.Total.Present != 7 {
			t.Errorf("the result counts %+v", r.Total)
		}
		if n := w.count(&models.AuditLine{}, "act = 'poll.vote_given_back'"); n != 2 {
			t.Errorf("%d lines say that the vote was given back, want one for the revocation and one for the arrival", n)
		}
	})
}

// Whoever comes while a vote is open takes the mandate back at the door, and votes in it.
func TestProxy_GiverWhoComesWhileAVoteIsOpen_CastsTheirOwn(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _, poll := w.represented()
		w.arrive(id, 6)
		refused(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For}), "polls.mandate_revoked")
		must(t, w.castsFor(poll, 6, map[int]models.Choice{6: models.For}))
		if e := w.elector(poll, 6); e.VoterID != w.id(6) || e.Absent || e.ClassCode != "user" {
			t.Errorf("the elector is %+v", e)
		}
	})
}

// A vote that the mandate has cast stays: there it was used. In another vote that is open at once it was not.
func TestProxy_RevokedAfterItWasUsed_StandsInThatVoteOnly(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		var items [2]models.AgendaItemID
		for i := range items {
			var err error
			items[i], err = w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "Punt", Decision: "ordinary"}, "")
			must(t, err)
		}
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		proxy, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
		must(t, err)
		w.open(id, 1, 2, 3, 4, 5)
		var open [2]models.PollID
		for i := range items {
			open[i], err = w.svc.OpenPoll(w.ctx(), w.leader, items[i], nil, "")
			must(t, err)
		}
		must(t, w.castsFor(open[0], 1, map[int]models.Choice{6: models.For}))
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxy))
		w.arrive(id, 6)
		refused(t, w.castsFor(open[0], 6, map[int]models.Choice{6: models.Against}), "polls.not_elector")
		if e := w.elector(open[0], 6); e.VoterID != w.id(1) || w.count(&models.Vote{}, "poll_id = ? AND member_id = ? AND choice = 'for'", open[0], w.id(6)) != 1 {
			t.Errorf("the vote that was cast does not stand: %+v", e)
		}
		must(t, w.castsFor(open[1], 6, map[int]models.Choice{6: models.Against}))
	})
}

// What an organisation gave comes back to it: whoever acts for it then casts it. Who has no account votes at the table,
// and not before they have come.
func TestProxy_GivenBack_IsCastByWhoActsForTheGiverThenOrAtTheTable(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _, poll := w.represented()
		accounts := func(n int, account any) {
			must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(n)).Updates(map[string]any{"account_id": account, "kind": models.Organisation}).Error
			}))
		}
		accounts(6, nil)
		accounts(7, w.leader.Account)
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error { // revoked, and not there
			for _, n := range []int{6, 7} {
				if _, err := revokeTx(w.ctx(), tx, w.leader, id, w.id(n)); err != nil {
					return err
				}
				if err := polls.GiveBackTx(w.ctx(), tx, w.leader, id, w.id(n), false); err != nil {
					return err
				}
			}
			return nil
		}))
		table := func() error {
			return polls.New(w.db).Record(w.ctx(), w.leader, poll, []polls.Entry{{Ballot: polls.Ballot{Member: w.id(6), Choice: models.For}}})
		}
		cast := func() error {
			return polls.New(w.db).Cast(w.ctx(), identity.Actor{Account: w.leader.Account, Members: w.members[6:7]}, poll, []polls.Ballot{{Member: w.id(7), Choice: models.For}})
		}
		refused(t, table(), "polls.not_elector")
		refused(t, cast(), "polls.not_elector")
		w.arrive(id, 6, 7)
		must(t, table())
		must(t, cast())
	})
}

// Of revoking and casting at the same moment one comes first: either the mandate was used, and the giver has nothing to
// cast, or it was revoked, and the giver casts.
func TestProxy_RevokedAndCastAtOnce_IsUsedOrRevokedNeverBoth(t *testing.T) {
	each(t, nil, func(w *town) {
		const rounds = 12
		id, item := w.convened()
		w.open(id, 1, 2, 3, 4, 5)
		used := 0
		for range rounds {
			proxy, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(6), w.id(1), "")
			must(t, err)
			poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
			must(t, err)
			box := polls.New(w.db)
			errs := together(8, func(i int) error {
				switch i {
				case 3:
					return w.svc.RevokeProxy(w.ctx(), w.as(6), proxy)
				case 5:
					return w.svc.CheckIn(w.ctx(), w.leader, id, w.id(6), models.InPerson)
				}
				return box.Cast(w.ctx(), w.as(1), poll, []polls.Ballot{{Member: w.id(6), Choice: models.For}})
			})
			cast := 0
			for i, err := range errs {
				switch {
				case err == nil && i != 3 && i != 5:
					cast++
				case err != nil && !fault.Has(err, "polls.mandate_revoked"):
					t.Fatalf("act %d: %v", i, err)
				}
			}
			own := box.Cast(w.ctx(), w.as(6), poll, []polls.Ballot{{Member: w.id(6), Choice: models.Against}})
			if (cast > 0) == (own == nil) {
				t.Fatalf("the mandate cast %d times, and the giver then: %v", cast, own)
			}
			if e := w.elector(poll, 6); (e.VoterID == w.id(1)) != (cast > 0) || e.Absent != (cast > 0) {
				t.Errorf("cast %d times, the elector is %+v", cast, e)
			}
			refused(t, box.Cast(w.ctx(), w.as(1), poll, []polls.Ballot{{Member: w.id(6), Choice: models.Abstain}}), "polls.mandate_revoked")
			if cast > 0 {
				used++
			}
			must(t, w.svc.CheckOut(w.ctx(), w.leader, id, w.id(6)))
			// Nobody decides anything here, so that the point can be voted again.
			must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Poll{}).Where("id = ?", poll).Update("closed_at", tx.Now).Error
			}))
		}
		t.Logf("used first in %d of %d", used, rounds)
	})
}

// A vote that waits while a mandate is revoked looks at its elector again, and is not taken.
func TestProxy_VoteThatWaitedForTheRevocation_IsNotTaken(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _, poll := w.represented()
		box, answer := polls.New(w.db), make(chan error, 1)
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			if _, err := revokeTx(w.ctx(), tx, w.leader, id, w.id(6)); err != nil {
				return err
			}
			if err := polls.GiveBackTx(w.ctx(), tx, w.leader, id, w.id(6), false); err != nil {
				return err
			}
			go func() {
				answer <- box.Cast(w.ctx(), w.as(1), poll, []polls.Ballot{{Member: w.id(6), Choice: models.For}})
			}()
			return waitsTx(tx)
		}))
		refused(t, <-answer, "polls.mandate_revoked")
		if n := w.count(&models.Vote{}, "poll_id = ?", poll); n != 0 {
			t.Errorf("%d votes are stored", n)
		}
	})
}

// The database itself lets nothing of an elector change but the vote's return to its member, in an open poll, uncast.
func TestElector_ChangesOnlyByGivingTheVoteBack(t *testing.T) {
	each(t, nil, func(w *town) {
		_, _, poll := w.represented()
		must(t, w.castsFor(poll, 1, map[int]models.Choice{7: models.For}))
		try := func(set string, n int) error {
			return w.db.Write(w.ctx(), func(tx *db.Tx) error {
				return tx.DB.Exec("UPDATE poll_electors SET "+set+" WHERE poll_id = ? AND member_id = ?", poll, w.id(n)).Error
			})
		}
		for _, set := range []string{"voter_id = 2", "class_code = 'worker', voter_id = member_id", "account_id = 2"} {
			if try(set, 6) == nil {
				t.Errorf("%s is let through", set)
			}
		}
		if try("voter_id = member_id", 7) == nil {
			t.Error("a vote that was cast is given back")
		}
		if try("absent = TRUE", 6) == nil {
			t.Error("a mandate that was not used ends without giving the vote back")
		}
		must(t, try("voter_id = member_id", 6))
		must(t, w.castsFor(poll, 1, map[int]models.Choice{1: models.For}))
		for set, n := range map[string]int{"absent = TRUE": 1, "absent = TRUE, account_id = 3": 7, "absent = TRUE, voter_id = 2": 7, "absent = FALSE": 7} {
			if try(set, n) == nil {
				t.Errorf("of a vote that was cast %s is let through", set)
			}
		}
		must(t, try("absent = TRUE", 7))
		if try("absent = FALSE", 7) == nil || try("voter_id = member_id, absent = FALSE", 7) == nil {
			t.Error("a vote that stands is given to somebody")
		}
		if w.db.Write(w.ctx(), func(tx *db.Tx) error { return tx.DB.Exec("DELETE FROM poll_electors").Error }) == nil {
			t.Error("electors can be deleted")
		}
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		if try("voter_id = member_id, absent = TRUE", 6) == nil {
			t.Error("an elector of a closed poll changes")
		}
	})
}
