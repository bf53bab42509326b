package assemblies

import (
	"slices"
	"testing"

	"socia/app/polls"
	"socia/core/methods"
	"socia/models"
	"socia/platform/db"
)

// saysOf is what a member's vote in a poll says, and how often it was changed.
func (w *town) saysOf(poll models.PollID, n int) (v models.Vote) {
	w.t.Helper()
	must(w.t, w.db.Read(w.ctx(), func(tx *db.Tx) error {
		return tx.DB.Where("poll_id = ? AND member_id = ?", poll, w.id(n)).Take(&v).Error
	}))
	return v
}

// carried is what the n-th member reads of votes that others cast, or that stand.
func (w *town) carried(poll models.PollID, n int) []polls.Carried {
	w.t.Helper()
	v, err := polls.New(w.db).Show(w.ctx(), w.as(n), poll)
	must(w.t, err)
	return v.Carried
}

// A mandate that was used and then revoked is over: the vote stands as it was cast, and whoever held the mandate changes
// it no more, alone or with others, nor has the paper before them. The giver has nothing to cast there, come or not.
func TestProxy_UsedAndThenRevoked_TheVoteStandsAndNobodyChangesIt(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proxies, poll := w.represented()
		must(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For, 7: models.For}))
		must(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.Abstain})) // until the revocation it may change
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxies[0]))
		stands := func() {
			t.Helper()
			refused(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.Against}), "polls.mandate_revoked")
			refused(t, w.castsFor(poll, 1, map[int]models.Choice{1: models.For, 6: models.Against, 7: models.Against}), "polls.mandate_revoked")
			refused(t, w.castsFor(poll, 6, map[int]models.Choice{6: models.Against}), "polls.not_elector")
			if v := w.saysOf(poll, 6); v.Choice != models.Abstain || v.Changes != 1 {
				t.Errorf("the vote that stands says %s, changed %d times", v.Choice, v.Changes)
			}
			if mine, theirs := w.sees(poll, 1), w.sees(poll, 6); !slices.Equal(mine, []models.MemberID{w.id(1), w.id(7)}) || len(theirs) != 0 {
				t.Errorf("the holder has papers of %v, the giver of %v", mine, theirs)
			}
		}
		stands()
		w.arrive(id, 6)
		stands()
		for n, held := range map[int]bool{1: true, 6: false} {
			all := w.carried(poll, n)
			if len(all) != 1 || !all[0].Stands || all[0].Held != held || all[0].Member != w.id(6) || all[0].Holder != w.members[0].Name {
				t.Errorf("member %d reads %+v", n, all)
			}
		}
		if all := w.carried(poll, 7); len(all) != 1 || all[0].Stands || all[0].Held {
			t.Errorf("whose mandate holds reads %+v", all)
		}
		must(t, w.castsFor(poll, 1, map[int]models.Choice{1: models.For, 7: models.Against})) // the other mandate is as before
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		if r := w.poll(poll).Result; r.Total.For != 1 || r.Total.Against != 1 || r.Total.Abstain != 1 || r.Total.Present != 7 {
			t.Errorf("the result counts %+v", r.Total)
		}
		if n := w.count(&models.AuditLine{}, "act = 'poll.mandate_used'"); n != 1 {
			t.Errorf("%d lines say that the mandate was used", n)
		}
	})
}

// Giving the same member a mandate again does not open the vote that stands.
func TestProxy_GivenAgainAfterItWasUsed_DoesNotChangeTheVoteThatStands(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proxies, poll := w.represented()
		must(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For}))
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(1), proxies[0])) // the holder refuses it: the same
		_, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(6), w.id(1), "")
		must(t, err)
		refused(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.Against}), "polls.mandate_revoked")
		if v := w.saysOf(poll, 6); v.Choice != models.For {
			t.Errorf("the vote says %s", v.Choice)
		}
	})
}

// A change that waits while the mandate is revoked looks at its elector again, and is not taken.
func TestProxy_ChangeThatWaitedForTheRevocation_IsNotTaken(t *testing.T) {
	each(t, nil, func(w *town) {
		_, proxies, poll := w.represented()
		must(t, w.castsFor(poll, 1, map[int]models.Choice{6: models.For}))
		var p models.Proxy
		must(t, w.db.Read(w.ctx(), func(tx *db.Tx) error { return tx.DB.Take(&p, proxies[0]).Error }))
		box, answer := polls.New(w.db), make(chan error, 1)
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			if _, err := revokeTx(w.ctx(), tx, w.leader, p.AssemblyID, w.id(6)); err != nil {
				return err
			}
			if err := polls.GiveBackTx(w.ctx(), tx, w.leader, p.AssemblyID, w.id(6), false); err != nil {
				return err
			}
			go func() {
				answer <- box.Cast(w.ctx(), w.as(1), poll, []polls.Ballot{{Member: w.id(6), Choice: models.Against}})
			}()
			return waitsTx(tx)
		}))
		refused(t, <-answer, "polls.mandate_revoked")
		if v := w.saysOf(poll, 6); v.Choice != models.For {
			t.Errorf("the vote says %s", v.Choice)
		}
	})
}

// waitsTx returns once another act waits for this one. SQLite has one writer: whoever comes waits anyhow.
func waitsTx(tx *db.Tx) error {
	for waits := int64(0); waits == 0 && tx.Flavor() == db.Postgres; {
		q := "SELECT COUNT(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND pg_stat_activity.datname = current_database()"
		if err := tx.DB.Raw(q).Scan(&waits).Error; err != nil {
			return err
		}
	}
	return nil
}

// An objection that a mandate raised stands when the mandate is revoked. The giver then says whether an answer is agreed
// to: whoever held the mandate would undo the vote by agreeing.
func TestProxy_ObjectionOfARevokedMandate_IsTheGiversToAnswerFor(t *testing.T) {
	each(t, nil, func(w *town) {
		id, item := w.convened()
		proxy, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
		must(t, err)
		w.open(id, 1, 2, 3, 4, 5)
		q := polls.Question{Question: "Obrim?", Method: methods.Consent}
		q.Setup.Reasons = models.ReasonsOptional
		poll, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		must(t, err)
		s := polls.New(w.db)
		must(t, s.Cast(w.ctx(), w.as(1), poll, []polls.Ballot{{Member: w.id(6), Choice: "objection", Reason: "Falta gent."}}))
		must(t, s.Resolve(w.ctx(), w.leader, poll, models.PollResolution{MemberID: w.id(6), How: models.ObjectionWithdrawn, Words: "Ja n’hi ha."}))
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxy))
		answers := func(n int) (o polls.Objection) {
			t.Helper()
			v, err := s.Show(w.ctx(), w.as(n), poll)
			must(t, err)
			if len(v.Objections) != 1 || v.Objections[0].Resolution == nil {
				t.Fatalf("member %d reads the objections %+v", n, v.Objections)
			}
			return v.Objections[0]
		}
		if answers(1).Yours || !answers(6).Yours {
			t.Error("the page gives the objection to whoever held the mandate")
		}
		refused(t, s.Confirm(w.ctx(), w.as(1), poll, answers(1).Resolution.ID, true), "polls.no_objection")
		must(t, s.Confirm(w.ctx(), w.as(6), poll, answers(6).Resolution.ID, true))
	})
}

// At the table a vote that was entered by a mandate stands once it is revoked: a page drawn before saves the others where
// it brings this one as it was, and is refused, with the name, where it changes it.
func TestProxy_EnteredAtTheTableAndRevoked_Stands(t *testing.T) {
	each(t, nil, func(w *town) {
		for _, n := range []int{1, 2} {
			must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
				return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(n)).Update("account_id", nil).Error
			}))
		}
		_, proxies, poll := w.represented()
		enter := func(six, was, two models.Choice) error {
			return polls.New(w.db).Record(w.ctx(), w.leader, poll, []polls.Entry{
				{Ballot: polls.Ballot{Member: w.id(6), Choice: six}, Was: was}, {Ballot: polls.Ballot{Member: w.id(2), Choice: two}},
			})
		}
		must(t, enter(models.For, "", models.For))
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxies[0]))
		f := faultOf(t, enter(models.Against, models.For, models.For), "polls.mandate_ended")
		if f.Args["Who"] != w.members[5].Name {
			t.Errorf("it names %v", f.Args["Who"])
		}
		must(t, enter(models.For, models.For, models.For))
		if v := w.saysOf(poll, 6); v.Choice != models.For || v.Changes != 0 {
			t.Errorf("the vote says %s, changed %d times", v.Choice, v.Changes)
		}
	})
}
