package assemblies

import (
	"testing"
	"time"

	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

func TestProxy_ThreePerHolder_TheFourthIsRefused(t *testing.T) {
	three := func(r *rules.RuleSet) { r.Proxies.MaxPerHolder = 3 }
	each(t, three, func(w *town) {
		id, _ := w.convened()
		accepted := 0
		for _, err := range together(5, func(i int) error {
			_, err := w.svc.DeclareProxy(w.ctx(), w.as(i+2), id, w.id(i+2), w.id(1), "")
			return err
		}) {
			if err == nil {
				accepted++
			} else if f := faultOf(t, err, "proxies.holder_full"); f.Args["max"] != 3 || f.Args["article"] != "Llei 12/2015, art. 49.1" {
				t.Errorf("the refusal says %v", f.Args)
			}
		}
		if n := w.count(&models.Proxy{}, "holder_id = ? AND revoked_at IS NULL", w.id(1)); accepted != 3 || n != 3 {
			t.Errorf("%d mandates were accepted at once and %d are kept, want three", accepted, n)
		}
	})
}

func TestProxy_WhoMayGiveToWhom(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		declare := func(by, giver, holder int) error {
			_, err := w.svc.DeclareProxy(w.ctx(), w.as(by), id, w.id(giver), w.id(holder), "")
			return err
		}
		refused(t, declare(2, 3, 2), "identity.not_yours")
		refused(t, declare(10, 10, 2), "assemblies.giver_without_vote")
		refused(t, declare(2, 2, 2), "proxies.self")
		must(t, declare(2, 2, 3))
		refused(t, declare(2, 2, 4), "proxies.giver_already_represented")
		refused(t, declare(3, 3, 4), "proxies.not_transitive")
		w.clock.Move(firstCall)
		w.arrive(id, 5)
		_, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(5), w.id(3), "")
		refused(t, err, "assemblies.giver_is_here")
	})
}

func TestProxy_OnceOpen_OnlyTheDeskDeclares(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.opened(1, 2, 3, 4, 5)
		_, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
		refused(t, err, "assemblies.proxy_too_late")
		proxy, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(6), w.id(1), "form")
		must(t, err)
		again, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(6), w.id(1), "form")
		must(t, err)
		if again != proxy {
			t.Error("a form sent twice made two mandates")
		}
		if w.quorum(id).Total.Represented != 1 {
			t.Error("the mandate does not count")
		}
		refused(t, w.svc.RevokeProxy(w.ctx(), w.as(7), proxy), "assemblies.proxy_unknown")
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxy))
		must(t, w.svc.RevokeProxy(w.ctx(), w.as(6), proxy))
		if w.quorum(id).Total.Represented != 0 || w.count(&models.AuditLine{}, "act = 'proxy.revoked'") != 1 {
			t.Error("the mandate was not revoked once")
		}
		if n := w.count(&models.InboxNotice{}, "kind = 'assemblies.told.proxy_revoked'"); n != 1 {
			t.Errorf("the holder was told %d times that the mandate is gone", n)
		}
	})
}

func TestCheckIn_ArrivingTakesTheMandateBack(t *testing.T) {
	each(t, nil, func(w *town) {
		id, item := w.convened()
		_, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
		must(t, err)
		w.open(id, 1, 2, 3, 4)
		if q := w.quorum(id); q.Total.Represented != 1 {
			t.Fatalf("represented: %d", q.Total.Represented)
		}
		w.arrive(id, 6)
		if q := w.quorum(id); q.Total.Represented != 0 || q.Total.InPerson != 5 {
			t.Errorf("after the arrival: %+v", q.Total)
		}
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		if w.count(&models.PollElector{}, "poll_id = ? AND member_id = ? AND voter_id = ?", poll, w.id(6), w.id(6)) != 1 {
			t.Error("who arrived does not vote by themself")
		}
	})
}

func TestCheckIn_TwiceAndInParallel_IsOneAttendance(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		w.clock.Move(firstCall)
		for _, err := range together(8, func(int) error { return w.svc.CheckIn(w.ctx(), w.leader, id, w.id(1), models.InPerson) }) {
			must(t, err)
		}
		if n := w.count(&models.AuditLine{}, "act = 'attendance.checked_in'"); n != 1 {
			t.Errorf("%d lines for one arrival", n)
		}
		must(t, w.svc.CheckOut(w.ctx(), w.leader, id, w.id(1)))
		must(t, w.svc.CheckOut(w.ctx(), w.leader, id, w.id(1)))
		if w.quorum(id).Total.InPerson != 0 {
			t.Error("who left is still counted")
		}
		w.arrive(id, 1)
		if w.quorum(id).Total.InPerson != 1 || w.count(&models.Attendance{}, "assembly_id = ?", id) != 1 {
			t.Error("who came back is not counted once")
		}
	})
}

func TestCheckIn_ByOneself_IsRemoteAndFromAnHourBefore(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		check := func(mode models.AttendanceMode) error { return w.svc.CheckIn(w.ctx(), w.as(1), id, w.id(1), mode) }
		w.clock.Move(firstCall.Add(-time.Hour - time.Microsecond))
		refused(t, check(models.Remote), "assemblies.check_in_early")
		w.clock.Move(firstCall.Add(-time.Hour))
		refused(t, check(models.InPerson), "assemblies.desk_only")
		must(t, check(models.Remote))
		if w.quorum(id).Total.Remote != 1 {
			t.Error("the remote member is not counted")
		}
		refused(t, w.svc.CheckIn(w.ctx(), w.as(2), id, w.id(1), models.Remote), "identity.not_yours")
	})
}

func TestCheckIn_WithoutTheVote_HasVoiceAndIsNoElector(t *testing.T) {
	each(t, nil, func(w *town) {
		id, item := w.opened(1, 2, 3, 4, 5, 10)
		q := w.quorum(id)
		if q.Total.Roll != 9 || q.Total.Votes() != 5 || q.Total.WithoutVote != 1 {
			t.Errorf("the count is %+v", q.Total)
		}
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		if w.count(&models.PollElector{}, "poll_id = ?", poll) != 5 || w.count(&models.PollElector{}, "member_id = ?", w.id(10)) != 0 {
			t.Error("a member without the vote is an elector")
		}
	})
}

// open moves to the first call, checks members in, and opens.
func (w *town) open(id models.AssemblyID, members ...int) {
	w.t.Helper()
	w.clock.Move(firstCall)
	w.arrive(id, members...)
	must(w.t, w.svc.Open(w.ctx(), w.leader, id, 1))
}

func (w *town) opened(members ...int) (models.AssemblyID, models.AgendaItemID) {
	w.t.Helper()
	id, item := w.convened()
	w.open(id, members...)
	return id, item
}

func TestOpen_MoreThanHalfOfNine_IsFive(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		w.clock.Move(firstCall)
		w.arrive(id, 1, 2, 3, 10)
		_, err := w.svc.DeclareProxy(w.ctx(), w.leader, id, w.id(6), w.id(1), "")
		must(t, err)
		f := faultOf(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.no_quorum")
		if f.Args["Present"] != "4" || f.Args["Needed"] != "5" || f.Args["Article"] != "Llei 12/2015, art. 46.1" {
			t.Errorf("the refusal says %v", f.Args)
		}
		w.arrive(id, 4)
		must(t, w.svc.Open(w.ctx(), w.leader, id, 1))
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.already_open")
	})
}

func TestOpen_SecondCall_NotBeforeItsHourAndThenWithAnyNumber(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.convened()
		w.clock.Move(firstCall.Add(-time.Microsecond))
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.first_call_early")
		w.clock.Move(firstCall)
		w.arrive(id, 1)
		w.clock.Move(secondCall.Add(-time.Microsecond))
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 2), "assemblies.second_call_early")
		w.clock.Move(secondCall)
		must(t, w.svc.Open(w.ctx(), w.leader, id, 2))
		if w.count(&models.Assembly{}, "id = ? AND open_call = 2 AND opening IS NOT NULL", id) != 1 {
			t.Error("the second call and who was there are not kept")
		}
	})
}

func TestQuorum_ByClass_WeighsEachClassByItsShare(t *testing.T) {
	byClass := func(r *rules.RuleSet) {
		r.Counting = rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "worker", Share: 60}, {Class: "user", Share: 40}}, Article: "Estatuts, art. 9"}
	}
	each(t, byClass, func(w *town) {
		id, _ := w.convened()
		w.clock.Move(firstCall)
		w.arrive(id, 3, 4, 5, 6, 7, 8) // six of seven users weigh 240/7, below 50
		if q := w.quorum(id); q.First.OK || q.First.Present.String() != "240/7" {
			t.Errorf("users alone: %v of %v", q.First.Present, q.First.Of)
		}
		f := faultOf(t, w.svc.Open(w.ctx(), w.leader, id, 1), "assemblies.no_quorum_more") // 50 must be passed
		if f.Args["Needed"] != "50" {
			t.Errorf("the refusal says %v", f.Args)
		}
		w.arrive(id, 1) // one of two workers brings 30
		if q := w.quorum(id); !q.First.OK || q.First.Present.String() != "450/7" {
			t.Errorf("with a worker: %v", q.First.Present)
		}
	})
}

func TestPoll_ElectorsAreThosePresentOrRepresentedByOneWhoIsThere(t *testing.T) {
	each(t, nil, func(w *town) {
		id, item := w.convened()
		for giver, holder := range map[int]int{6: 1, 7: 9} { // nine is not there
			_, err := w.svc.DeclareProxy(w.ctx(), w.as(giver), id, w.id(giver), w.id(holder), "")
			must(t, err)
		}
		refusedPoll(w, item, "assemblies.not_open")
		w.open(id, 1, 2, 3, 4)
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "form")
		must(t, err)
		var electors []models.PollElector
		must(t, w.db.Read(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Where("poll_id = ?", poll).Order("member_id").Find(&electors).Error
		}))
		if len(electors) != 5 {
			t.Fatalf("%d electors, want four present and one represented", len(electors))
		}
		last := electors[4]
		if last.MemberID != w.id(6) || last.VoterID != w.id(1) || *last.AccountID != *w.members[0].AccountID || last.ClassCode != "user" {
			t.Errorf("the represented elector is %+v", last)
		}
		again, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "form")
		must(t, err)
		if again != poll {
			t.Error("a form sent twice opened two polls")
		}
		refusedPoll(w, item, "assemblies.poll_running")
		refused(t, w.svc.Close(w.ctx(), w.leader, id), "assemblies.poll_running")
	})
}

func refusedPoll(w *town, item models.AgendaItemID, key string) {
	w.t.Helper()
	_, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
	refused(w.t, err, key)
}

func TestPoll_InParallel_OpensOnce(t *testing.T) {
	each(t, nil, func(w *town) {
		_, item := w.opened(1, 2, 3, 4, 5)
		opened := 0
		for _, err := range together(6, func(int) error {
			_, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
			return err
		}) {
			if err == nil {
				opened++
			} else {
				refused(t, err, "assemblies.poll_running")
			}
		}
		if opened != 1 {
			t.Errorf("%d polls opened at once", opened)
		}
	})
}

func TestClose_NeedsTheOfficersWhoApproveTheMinutes(t *testing.T) {
	each(t, nil, func(w *town) {
		id, _ := w.opened(1, 2, 3, 4, 5)
		refused(t, w.svc.Close(w.ctx(), w.leader, id), "assemblies.officers_missing")
		twice := Officers{Chair: w.id(1), Secretary: w.id(2), Tellers: []models.MemberID{w.id(1)}}
		refused(t, w.svc.NameOfficers(w.ctx(), w.leader, id, twice), "assemblies.officer_twice")
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		refused(t, w.svc.Close(w.ctx(), w.leader, id), "assemblies.not_open")
		refused(t, w.svc.CheckIn(w.ctx(), w.leader, id, w.id(6), models.InPerson), "assemblies.closed")
		refused(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()), "assemblies.officers_not_now")
	})
}

func (w *town) officers() Officers {
	return Officers{Chair: w.id(1), Secretary: w.id(2), Tellers: []models.MemberID{w.id(3), w.id(4)}}
}

func TestProposal_DecidedByItsPoll_OrPublishedAgain(t *testing.T) {
	each(t, nil, func(w *town) {
		voted, left := w.proposal(models.ProposalPublished), w.proposal(models.ProposalPublished)
		id := w.draft()
		item, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Proposal: &voted, Decision: "ordinary"}, "")
		must(t, err)
		_, err = w.svc.AddItem(w.ctx(), w.leader, id, Item{Proposal: &left, Decision: "ordinary"}, "")
		must(t, err)
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		w.open(id, 1, 2, 3, 4, 5)
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))

		// Nobody votes in the first poll, so the point may be put again.
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		if w.count(&models.Proposal{}, "id = ? AND state = 'scheduled'", voted) != 1 {
			t.Error("a poll without votes decided the proposal")
		}
		closes := w.clock.Now().Add(time.Minute)
		poll, err = w.svc.OpenPoll(w.ctx(), w.leader, item, w.svc.In(time.Minute), "")
		must(t, err)
		w.vote(poll, map[int]models.Choice{1: models.For})
		must(t, w.svc.CloseDue(w.ctx()))
		if w.count(&models.Poll{}, "id = ? AND closed_at IS NULL", poll) != 1 {
			t.Error("closed before its hour")
		}
		w.clock.Move(closes)
		must(t, w.svc.CloseDue(w.ctx()))
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll)) // a click that comes later changes nothing
		refusedPoll(w, item, "assemblies.item_decided")
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		if w.count(&models.Proposal{}, "id = ? AND state = 'approved'", voted) != 1 || w.count(&models.Proposal{}, "id = ? AND state = 'published'", left) != 1 {
			t.Error("one proposal should be approved and the other published again")
		}
	})
}

func TestDesk_FindsByNumberAndNameWithoutAccents(t *testing.T) {
	each(t, nil, func(w *town) {
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			for n, name := range map[int]string{1: "Mercè Puig i Solà", 2: "Mercè Puig", 3: "Col·lectiu L’Hort"} {
				if err := tx.DB.Model(&models.Member{}).Where("id = ?", w.id(n)).Update("name", name).Error; err != nil {
					return err
				}
			}
			return nil
		}))
		for query, want := range map[string]int{"7": 7, "merce  PUIG": 2, "puig sola": 1, "collectiu": 3, "hort": 3, "quatre": 4} {
			m, err := w.svc.Find(w.ctx(), w.leader, "who", query)
			must(t, err)
			if m.ID != w.id(want) {
				t.Errorf("%q finds %s", query, m.Name)
			}
		}
		_, err := w.svc.Find(w.ctx(), w.leader, "who", "mercè")
		if f := faultOf(t, err, "assemblies.several_match"); f.Args["Who"] != "Mercè Puig (2), Mercè Puig i Solà (1)" {
			t.Errorf("the fault says %v", f.Args)
		}
		_, err = w.svc.Find(w.ctx(), w.leader, "who", "%")
		refused(t, err, "assemblies.nobody_matches")

		id, _ := w.convened()
		if _, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), ""); err != nil {
			t.Fatal(err)
		}
		w.clock.Move(firstCall)
		w.arrive(id, 1)
		d, err := w.svc.Desk(w.ctx(), w.leader, id, "sis", 0)
		must(t, err)
		if len(d.Found) != 1 || d.Found[0].Gave == nil || d.Found[0].Gave.ID != w.id(1) || len(d.Arrived) != 1 || d.Arrived[0].Holds != 1 || !d.DoorOpen {
			t.Errorf("the desk shows %+v", d)
		}
		if _, err := w.svc.Desk(w.ctx(), w.as(1), id, "", 0); !isKind(err, fault.KindForbidden) {
			t.Errorf("a member reads the desk: %v", err)
		}
	})
}

func TestShow_DraftsAreForFacilitators_AndMembersSeeHowTheyStand(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		_, err := w.svc.Show(w.ctx(), w.as(1), id)
		refused(t, err, "assemblies.unknown")
		l, err := w.svc.List(w.ctx(), w.as(1), 0)
		must(t, err)
		if len(l.Assemblies) != 0 {
			t.Error("a member sees a draft")
		}
		convened, _ := w.convened()
		if _, err := w.svc.DeclareProxy(w.ctx(), w.as(6), convened, w.id(6), w.id(1), ""); err != nil {
			t.Fatal(err)
		}
		v, err := w.svc.Show(w.ctx(), w.as(6), convened)
		must(t, err)
		if len(v.Mine) != 1 || !v.Mine[0].Line.Eligible || v.Mine[0].Gave.Holder.ID != w.id(1) {
			t.Errorf("the giver sees %+v", v.Mine)
		}
		v, err = w.svc.Show(w.ctx(), w.as(10), convened)
		must(t, err)
		if !v.Mine[0].OnRoll || v.Mine[0].Line.Eligible || len(v.Mine[0].Line.Reasons) != 1 {
			t.Errorf("who may not vote sees %+v", v.Mine)
		}
		stranger := w.as(1)
		stranger.Members = nil
		if _, err := w.svc.Show(w.ctx(), stranger, convened); !isKind(err, fault.KindForbidden) {
			t.Errorf("a stranger reads an assembly: %v", err)
		}
	})
}
