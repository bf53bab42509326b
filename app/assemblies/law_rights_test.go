package assemblies

import (
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/app/rolls"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// casts votes as the n-th member does, from wherever they are.
func (w *town) casts(poll models.PollID, n int, choice models.Choice) error {
	return polls.New(w.db).Cast(w.ctx(), w.as(n), poll, []polls.Ballot{{Member: w.id(n), Choice: choice}})
}

// suspend leaves a member without the vote: a charge of January is unpaid, and a case about it was decided an hour ago.
// Statutes without cases look at the charge alone.
func (w *town) suspend(n int) {
	w.t.Helper()
	due, decided, m := civil.New(2026, 1, 31), w.clock.Now().Add(-time.Hour), w.members[n-1]
	must(w.t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		plan := models.FeePlan{ClassID: m.ClassID, Name: "Quota", Every: "year", VATTreatment: "exempt", CreatedAt: tx.Now}
		if err := tx.DB.Create(&plan).Error; err != nil {
			return err
		}
		price := models.Price{PlanID: plan.ID, ValidFrom: due, MinCents: 100, SuggestedCents: 100, CreatedAt: tx.Now}
		agreed := models.Subscription{MemberID: m.ID, PlanID: plan.ID, AmountCents: 100, StartsOn: m.JoinedOn, CreatedAt: tx.Now}
		for _, row := range []any{&price, &agreed} {
			if err := tx.DB.Create(row).Error; err != nil {
				return err
			}
		}
		charge := models.Charge{SubscriptionID: agreed.ID, MemberID: m.ID, PriceID: price.ID, PeriodStart: due, PeriodEnd: due, DueOn: due, AmountCents: 100, CreatedAt: tx.Now}
		kase := models.ArrearsCase{MemberID: m.ID, RuleSetID: statutes.ID, OpenedOn: due, OpenedBy: w.leader.Account, OpenedAt: decided, HearingUntil: due, Decision: models.Suspend, DecidedAt: &decided}
		for _, row := range []any{&charge, &kase} {
			if err := tx.DB.Create(row).Error; err != nil {
				return err
			}
		}
		return tx.DB.Create(&models.ArrearsCaseCharge{CaseID: kase.ID, ChargeID: charge.ID}).Error
	}))
}

// Statutes that want members to come refuse a link, when it is drafted and when it is convened, and refuse attending
// from afar, for everybody and with their article.
func TestLaw_Llei12_2015_Art46_2_WhetherFromAfarIsForTheStatutesToSay(t *testing.T) {
	eachPreset(t, func(r *rules.RuleSet) { r.Remote.Allowed = false }, func(w *town) {
		p := w.plan()
		p.OnlineURL = "https://sala.example/era"
		_, err := w.svc.Draft(w.ctx(), w.leader, p, "")
		if f := faultOf(t, err, "assemblies.remote_not_allowed").Details()[0]; f.Field != "online_url" || f.Args["Article"] == "" {
			t.Errorf("the refusal is beside %q and says %v", f.Field, f.Args)
		}
		id, _ := w.convened()
		w.clock.Move(firstCall)
		refused(t, w.svc.CheckIn(w.ctx(), w.as(1), id, w.id(1), models.Remote), "assemblies.remote_not_allowed")
		refused(t, w.svc.CheckIn(w.ctx(), w.leader, id, w.id(1), models.Remote), "assemblies.remote_not_allowed")
		w.arrive(id, 1)
		v, err := w.svc.Show(w.ctx(), w.as(2), id)
		must(t, err)
		if v.SelfCheckIn || w.quorum(id).Total.InPerson != 1 {
			t.Errorf("may check in from afar: %v", v.SelfCheckIn)
		}
	})
}

// A draft with a link, and then statutes that want members to come: it is not convened as it is.
func TestConvene_LinkThatTheStatutesNoLongerAllow_IsRefused(t *testing.T) {
	each(t, nil, func(w *town) {
		p := w.plan()
		p.OnlineURL = "https://sala.example/era"
		id, err := w.svc.Draft(w.ctx(), w.leader, p, "")
		must(t, err)
		_, err = w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "A"}, "")
		must(t, err)
		must(t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
			r, err := identity.StatutesTx(tx)
			if err != nil {
				return err
			}
			r.ID, r.Version, r.Body.Remote.Allowed = 0, r.Version+1, false
			return tx.DB.Create(&r).Error
		}))
		refused(t, w.svc.Convene(w.ctx(), w.leader, id, ""), "assemblies.remote_not_allowed")
		v, err := w.svc.Review(w.ctx(), w.leader, id)
		must(t, err)
		if f := v.Problem(); f == nil || f.Key != "assemblies.remote_not_allowed" {
			t.Errorf("the review says %v", f)
		}
	})
}

// From afar: nobody attends for another (identification); a line that breaks takes nothing that was given, and whoever
// comes back votes on (continuity); there is voice for those without the vote (intervention); the vote weighs as in the
// room (vote); and nobody else learns it while the vote is open, nor anybody from outside after it (confidentiality).
func TestLaw_Llei12_2015_Art46_3_FromAfar_IdentifiedContinuousHeardAndVoting(t *testing.T) {
	eachPreset(t, func(r *rules.RuleSet) { r.Seniority.Days = 30 }, func(w *town) {
		id, item := w.convened()
		w.clock.Move(firstCall)
		refused(t, w.svc.CheckIn(w.ctx(), w.as(2), id, w.id(1), models.Remote), "identity.not_yours")
		for _, n := range []int{1, 2, 3, 10} {
			must(t, w.svc.CheckIn(w.ctx(), w.as(n), id, w.id(n), models.Remote))
		}
		w.arrive(id, 4, 5)
		must(t, w.svc.Open(w.ctx(), w.leader, id, 1))
		if q := w.quorum(id).Total; q.Remote != 3 || q.InPerson != 2 || q.WithoutVote != 1 {
			t.Errorf("%+v", q)
		}
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		must(t, w.casts(poll, 1, models.For))
		must(t, w.casts(poll, 4, models.Against))
		must(t, w.svc.CheckOut(w.ctx(), w.as(1), id, w.id(1)))
		must(t, w.svc.CheckIn(w.ctx(), w.as(1), id, w.id(1), models.Remote))
		must(t, w.casts(poll, 2, models.For))
		refused(t, w.casts(poll, 10, models.For), "polls.not_elector")
		_, err = polls.New(w.db).Votes(w.ctx(), w.as(3), poll)
		refused(t, err, "polls.not_found")
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		if r := w.poll(poll).Result; r.For.String() != "2" || r.Against.String() != "1" || !r.Approved {
			t.Errorf("%v to %v: %v", r.For, r.Against, r.Outcome)
		}
		if all, err := polls.New(w.db).Votes(w.ctx(), identity.Actor{}, poll); err != nil || len(all) != 0 {
			t.Errorf("somebody from outside reads %d votes, %v", len(all), err)
		}
	})
}

// Whoever lost the vote by arrears keeps information, attendance and voice: reads the notice, the agenda and the minutes,
// and is noted at the door, and is only no elector.
func TestLaw_Llei12_2015_Art38_4_And_Ley27_1999_Art18_4_ArrearsTakeNeitherVoiceNorInformation(t *testing.T) {
	eachPreset(t, nil, func(w *town) {
		w.suspend(7)
		id, item := w.convened()
		v, err := w.svc.Show(w.ctx(), w.as(7), id)
		must(t, err)
		if len(v.Points) != 1 || v.Points[0].Body == "" {
			t.Errorf("the agenda has %d points", len(v.Points))
		}
		w.open(id, 1, 2, 3, 4, 5)
		must(t, w.svc.CheckIn(w.ctx(), w.as(7), id, w.id(7), models.Remote))
		if q := w.quorum(id).Total; q.WithoutVote != 1 || q.Votes() != 5 {
			t.Errorf("%+v", q)
		}
		poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
		must(t, err)
		if w.count(&models.PollElector{}, "poll_id = ?", poll) != 5 || w.count(&models.PollElector{}, "poll_id = ? AND member_id = ?", poll, w.id(7)) != 0 {
			t.Error("who lost the vote is an elector")
		}
		must(t, w.casts(poll, 1, models.For))
		must(t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		must(t, w.svc.Close(w.ctx(), w.leader, id))
		must(t, w.svc.DraftMinutes(w.ctx(), w.as(2), id, "", ""))
		for _, n := range []int{1, 3, 4} {
			must(t, w.svc.ApproveMinutes(w.ctx(), w.as(n), id, 1))
		}
		r, err := w.svc.Minutes(w.ctx(), w.as(7), id)
		must(t, err)
		if r.Minutes.Body == "" {
			t.Error("the minutes are empty")
		}
	})
}

// A mandate is in writing, with who gave it and when, and for one session: the next assembly knows nothing of it.
func TestLaw_Llei12_2015_Art49_1_And_Ley27_1999_Art27_AMandateIsWrittenAndForOneAssembly(t *testing.T) {
	eachPreset(t, nil, func(w *town) {
		first, _ := w.convened()
		second, _ := w.convened()
		_, err := w.svc.DeclareProxy(w.ctx(), w.as(6), first, w.id(6), w.id(1), "")
		must(t, err)
		if n := w.count(&models.Proxy{}, "assembly_id = ? AND giver_id = ? AND holder_id = ? AND declared_by = ?", first, w.id(6), w.id(1), *w.members[5].AccountID); n != 1 {
			t.Errorf("%d mandates are written down", n)
		}
		for id, want := range map[models.AssemblyID]int64{first: 1, second: 0} {
			w.clock.Move(firstCall)
			w.arrive(id, 1)
			if q := w.quorum(id).Total; q.Represented != want || q.InPerson != 1 {
				t.Errorf("assembly %d: %+v, want %d represented", id, q, want)
			}
		}
	})
}

// The list of those who vote is there for every member from the notice on, and not before.
func TestLaw_Llei12_2015_Art48_2_TheListIsPublishedFromTheNotice(t *testing.T) {
	eachPreset(t, nil, func(w *town) {
		lists := rolls.New(w.db)
		draft := w.draft()
		_, err := lists.Lines(w.ctx(), w.as(4), draft, rolls.Filter{})
		refused(t, err, "rolls.not_found")
		id, _ := w.convened()
		page, err := lists.Lines(w.ctx(), w.as(4), id, rolls.Filter{})
		must(t, err)
		if len(page.Lines) != len(w.members) {
			t.Errorf("the list has %d of %d members", len(page.Lines), len(w.members))
		}
	})
}
