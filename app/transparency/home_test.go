package transparency

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/methods"
	"socia/core/rules"
	"socia/core/standing"
	"socia/core/tally"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

var (
	noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	day  = civil.New(2026, time.March, 2)
)

// house is a cooperative with one class, one collective, and the people of a test.
type house struct {
	t          *testing.T
	d          *db.DB
	clock      *clock.Set
	s          *Service
	class      models.MemberClass
	collective models.Collective
	statutes   models.RuleSet
}

func each(t *testing.T, test func(h *house)) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(noon)
		body, _ := rules.Preset(rules.PresetCatalan)
		h := &house{t: t, d: d, clock: c, s: New(d, Options{}), class: models.MemberClass{Code: "user", NameCA: "Usuàries"}, collective: models.Collective{Name: "Nord", CreatedAt: noon},
			statutes: models.RuleSet{Version: 1, Preset: body.Preset, Body: body, Reason: body.Preset, CreatedAt: noon}}
		h.store(&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: noon}, &h.class, &h.collective, &h.statutes)
		test(h)
	})
}

func (h *house) store(rows ...any) {
	h.t.Helper()
	err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
		for _, row := range rows {
			if err := tx.DB.Create(row).Error; err != nil {
				return fmt.Errorf("%T: %w", row, err)
			}
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

var people int64

// person makes an account, and a member unless it is asked for an account only.
func (h *house) person(name string, member bool, roles ...models.RoleTerm) identity.Actor {
	h.t.Helper()
	people++
	account := models.Account{Handle: fmt.Sprintf("%s%d", strings.ToLower(name), people), Language: "ca", CreatedAt: noon}
	h.store(&account)
	by := identity.Actor{Account: account.ID, Handle: account.Handle, Language: "ca", Roles: roles}
	if member {
		m := models.Member{Number: people, Kind: models.Person, Name: name, ClassID: h.class.ID, AccountID: &account.ID, Language: "ca", JoinedOn: day.AddDays(-400), CreatedAt: noon}
		h.store(&m)
		by.Members = []models.Member{m}
	}
	return by
}

func (h *house) assembly(by identity.Actor, title string, first time.Time) models.Assembly {
	h.t.Helper()
	a := models.Assembly{Title: title, Kind: "ordinary", Place: "Ateneu", FirstCallAt: first, SecondCallAt: first.Add(time.Hour), CreatedBy: by.Account, CreatedAt: noon, ConvenedAt: &noon, ConvenedBy: &by.Account}
	h.store(&a)
	return a
}

// poll opens a question of an assembly for electors who each cast their own vote.
func (h *house) poll(a models.Assembly, question string, closes *time.Time, electors ...models.PollElector) models.Poll {
	h.t.Helper()
	people++
	item := models.AgendaItem{AssemblyID: a.ID, Position: people, Title: question, Decision: "ordinary"}
	h.store(&item)
	p := models.Poll{Method: methods.Motion, AssemblyID: &a.ID, AgendaItemID: &item.ID, RuleSetID: h.statutes.ID, Question: question, Decision: "ordinary", RollCounts: map[string]int64{"user": 2}, OpenedAt: noon, OpenedBy: a.CreatedBy, ClosesAt: closes}
	h.store(&p)
	for i := range electors {
		electors[i].PollID, electors[i].ClassCode = p.ID, "user"
		h.store(&electors[i])
	}
	return p
}

func elector(by identity.Actor) models.PollElector {
	return models.PollElector{MemberID: by.Members[0].ID, VoterID: by.Members[0].ID, AccountID: &by.Account}
}

func (h *house) closePoll(p models.Poll, at time.Time, outcome tally.Outcome) {
	h.t.Helper()
	h.closeWith(p, at, tally.Result{Outcome: outcome, Approved: outcome == tally.OutcomeApproved})
}

func (h *house) closeWith(p models.Poll, at time.Time, r tally.Result) {
	h.t.Helper()
	p.ClosedAt, p.ClosedBy, p.Result = &at, &p.OpenedBy, &r
	if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Save(&p).Error }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) home(by identity.Actor) Home {
	h.t.Helper()
	home, err := h.s.Home(h.t.Context(), by)
	if err != nil {
		h.t.Fatal(err)
	}
	return home
}

func (h *house) needs(by identity.Actor, want ...NeedKind) []Need {
	h.t.Helper()
	home := h.home(by)
	got := make([]NeedKind, len(home.Needs))
	for i, n := range home.Needs {
		got[i] = n.Kind
	}
	if !slices.Equal(got, want) {
		h.t.Fatalf("%s needs %v, want %v", by.Handle, got, want)
	}
	return home.Needs
}

func TestHome_AMemberWithNothingToDo_HasAnEmptyList(t *testing.T) {
	each(t, func(h *house) { h.needs(h.person("Marta", true)) })
}

func TestHome_AnOpenPollWaits_UntilEveryVoteIsCastOrItCloses(t *testing.T) {
	each(t, func(h *house) {
		marta, bru, guest := h.person("Marta", true), h.person("Bru", true), h.person("Gal·la", true)
		a := h.assembly(bru, "Ordinària", noon.AddDate(0, 2, 0))
		closes := noon.Add(time.Hour)
		proxy := models.PollElector{MemberID: bru.Members[0].ID, VoterID: marta.Members[0].ID, AccountID: &marta.Account}
		p := h.poll(a, "Tarifa solidària?", &closes, elector(marta), proxy)

		needs := h.needs(marta, NeedVote, NeedAssembly)
		if needs[0].Count != 2 || needs[0].Name != "Tarifa solidària?" || !needs[0].Urgent || needs[0].ID != int64(p.ID) {
			h.t.Errorf("got %+v", needs[0])
		}
		h.needs(guest, NeedAssembly)

		h.store(&models.Vote{PollID: p.ID, MemberID: marta.Members[0].ID, Choice: models.For, CastBy: marta.Account, CastAt: noon})
		if needs := h.needs(marta, NeedVote, NeedAssembly); needs[0].Count != 1 {
			h.t.Errorf("one of two votes is cast and %d are left", needs[0].Count)
		}
		h.clock.Move(closes.Add(-time.Microsecond))
		h.needs(marta, NeedVote, NeedAssembly)
		h.clock.Move(closes)
		h.needs(marta, NeedAssembly)
	})
}

// An organisation has replaced its representative since the electors were frozen: the vote waits for whoever acts for it now.
func TestHome_AVoteWaits_ForWhoActsForTheMemberNow(t *testing.T) {
	each(t, func(h *house) {
		before, now := h.person("Abans", true), h.person("Ara", true)
		p := h.poll(h.assembly(before, "Ordinària", noon.AddDate(0, 2, 0)), "Tarifa solidària?", nil, elector(before))
		now.Members, before.Members = append(now.Members, before.Members[0]), nil
		if needs := h.needs(now, NeedVote, NeedAssembly); needs[0].ID != int64(p.ID) || needs[0].Count != 1 {
			h.t.Errorf("got %+v", needs[0])
		}
		h.needs(before, NeedApply)
	})
}

func TestHome_UnpaidFees_AreOneSentenceForEachMemberWithWhatIsLeft(t *testing.T) {
	each(t, func(h *house) {
		marta := h.person("Marta", true)
		id := marta.Members[0].ID
		plan := models.FeePlan{ClassID: h.class.ID, Name: "Quota", Every: "month", CreatedAt: noon}
		h.store(&plan)
		price := models.Price{PlanID: plan.ID, ValidFrom: day, SuggestedCents: 1000, CreatedAt: noon}
		h.store(&price)
		sub := models.Subscription{MemberID: id, PlanID: plan.ID, AmountCents: 1000, StartsOn: day.AddDays(-100), CreatedAt: noon}
		pay := models.Payment{MemberID: id, AmountCents: 400, Method: models.Cash, ReceivedOn: day, CreatedAt: noon}
		h.store(&sub, &pay)
		charge := func(start, due civil.Date, settled *time.Time) models.Charge {
			c := models.Charge{SubscriptionID: sub.ID, MemberID: id, PriceID: price.ID, PeriodStart: start, PeriodEnd: start.AddDays(27), DueOn: due, AmountCents: 1000, CreatedAt: noon, SettledAt: settled}
			h.store(&c)
			return c
		}
		charge(day.AddDays(-90), day.AddDays(-60), &noon)
		oldest := charge(day.AddDays(-60), day.AddDays(-30), nil)
		charge(day.AddDays(-30), day.AddDays(-1), nil)
		charge(day.AddDays(-2), day, nil)
		h.store(&models.Allocation{PaymentID: pay.ID, ChargeID: oldest.ID, AmountCents: 400, At: noon})

		needs := h.needs(marta, NeedOverdue, NeedPay)
		if n := needs[0]; n.Count != 2 || n.Cents != 1600 || n.On != day.AddDays(-30) || !n.Urgent || n.Several {
			h.t.Errorf("overdue: %+v", n)
		}
		// A charge is not overdue on its due day, but from the next on.
		if n := needs[1]; n.Count != 1 || n.Cents != 1000 || n.On != day || n.Urgent {
			h.t.Errorf("to pay: %+v", n)
		}
		h.clock.Move(noon.AddDate(0, 0, 1))
		if n := h.needs(marta, NeedOverdue)[0]; n.Count != 3 || n.Cents != 2600 {
			h.t.Errorf("the day after: %+v", n)
		}
	})
}

func TestHome_AnAssembly_SaysWhetherTheMemberIsOnItsRoll(t *testing.T) {
	each(t, func(h *house) {
		marta := h.person("Marta", true)
		a := h.assembly(marta, "Ordinària", noon.AddDate(0, 0, 7))
		roll := models.Roll{AssemblyID: a.ID, RuleSetID: h.statutes.ID, RecordAt: noon, CorrectionsUntil: noon.AddDate(0, 0, 6), FrozenAt: noon}
		h.store(&roll)
		h.store(&models.RollEntry{RollID: roll.ID, MemberID: marta.Members[0].ID, ClassCode: "user", Reasons: []standing.Reason{}})
		if n := h.needs(marta, NeedAssembly)[0]; n.OnRoll || !n.Urgent || n.State != models.AssemblyConvened || n.Place != "Ateneu" || n.Online {
			h.t.Errorf("excluded: %+v", n)
		}
		h.store(&models.RollCorrection{RollID: roll.ID, MemberID: marta.Members[0].ID, ClassCode: "user", Eligible: true, Cause: models.CausePayment, At: noon})
		if n := h.needs(marta, NeedAssembly)[0]; !n.OnRoll {
			h.t.Errorf("corrected: %+v", n)
		}
	})
}

func TestHome_AnArrearsCase_WaitsForAStatementAndThenForPaymentOrAppeal(t *testing.T) {
	each(t, func(h *house) {
		marta, bru := h.person("Marta", true), h.person("Bru", true)
		c := models.ArrearsCase{MemberID: marta.Members[0].ID, RuleSetID: h.statutes.ID, OpenedOn: day, OpenedBy: bru.Account, OpenedAt: noon, HearingUntil: day.AddDays(10)}
		h.store(&c)
		h.needs(marta, NeedStatement)
		h.needs(bru)
		treasurer := h.person("Tina", false, models.RoleTerm{Role: models.RoleTreasurer})
		h.clock.Move(noon.AddDate(0, 0, 10))
		h.needs(marta, NeedStatement)
		h.needs(treasurer)
		h.clock.Move(noon.AddDate(0, 0, 11))
		h.needs(marta)
		h.needs(treasurer, NeedCases)
		at := h.clock.Now()
		change := func(set map[string]any) {
			if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&c).Updates(set).Error }); err != nil {
				h.t.Fatal(err)
			}
		}
		change(map[string]any{"decision": models.Suspend, "decided_at": at, "decided_by": bru.Account})
		if h.needs(marta, NeedSuspended)[0].Final {
			h.t.Error("an appeal is still in time, and it is not offered")
		}
		// Told on the day of the decision, the member may appeal for the months that the statutes say, and no longer.
		h.store(&models.ArrearsCaseDelivery{CaseID: c.ID, Kind: models.DeliveredOpening, OnDay: day, RecordedBy: bru.Account, RecordedAt: noon})
		h.store(&models.ArrearsCaseDelivery{CaseID: c.ID, Kind: models.DeliveredDecision, OnDay: day.AddDays(11), RecordedBy: bru.Account, RecordedAt: at})
		h.clock.Move(at.AddDate(0, h.statutes.Body.Arrears.AppealMonths, 2))
		if !h.needs(marta, NeedSuspended)[0].Final {
			h.t.Error("an appeal is offered that comes too late")
		}
		h.clock.Move(at)
		h.needs(treasurer)
		change(map[string]any{"appealed_at": at, "appeal": "No hi estic d’acord."})
		h.needs(marta)
		h.needs(treasurer, NeedCases)
	})
}

func TestHome_ApplicationsWaitForTheValidatorOfTheirCollectiveOnly(t *testing.T) {
	each(t, func(h *house) {
		south := models.Collective{Name: "Sud", CreatedAt: noon}
		h.store(&south)
		validates := func(c models.CollectiveID) models.RoleTerm {
			return models.RoleTerm{Role: models.RoleValidator, CollectiveID: &c}
		}
		pau := h.person("Pau", false)
		h.store(&models.Application{AccountID: pau.Account, Kind: models.Person, Name: "Pau", ClassID: h.class.ID, CollectiveID: h.collective.ID, AppliedAt: noon.AddDate(0, 0, -10), Outcome: models.ApplicationWaiting})
		n := h.needs(h.person("Nora", true, validates(h.collective.ID)), NeedApplication)[0]
		if n.Count != 1 || n.Name != "Nord" || n.On != day.AddDays(-10).AddMonths(3) || n.Urgent {
			h.t.Errorf("got %+v", n)
		}
		h.needs(h.person("Sara", true, validates(south.ID)))
		if home := h.home(pau); len(home.Needs) != 0 || home.Applied == 0 {
			h.t.Errorf("who applied sees %+v", home)
		}
		h.needs(h.person("Ona", false), NeedApply)
	})
}

func TestHome_FacilitatorsSeeTheirAssemblies_TheUrgentFirst(t *testing.T) {
	each(t, func(h *house) {
		facilitator := h.person("Fina", false, models.RoleTerm{Role: models.RoleFacilitator})
		h.assembly(facilitator, "Llunyana", noon.AddDate(0, 2, 0))
		draft := models.Assembly{Title: "Esborrany", Kind: "extraordinary", FirstCallAt: noon.AddDate(0, 0, 3), SecondCallAt: noon.AddDate(0, 0, 3), CreatedBy: facilitator.Account, CreatedAt: noon}
		h.store(&draft)
		needs := h.needs(facilitator, NeedFacilitate, NeedFacilitate)
		if needs[0].State != models.AssemblyDraft || !needs[0].Urgent || needs[1].Name != "Llunyana" || needs[1].Urgent {
			h.t.Errorf("got %+v", needs)
		}
		h.needs(h.person("Marta", true), NeedAssembly) // a draft is no news for members
	})
}

func TestHome_ProposalsMinutesAndNotices(t *testing.T) {
	each(t, func(h *house) {
		marta, bru := h.person("Marta", true), h.person("Bru", true)
		p := models.Proposal{AuthorID: bru.Members[0].ID, State: models.ProposalPublished, CreatedAt: noon, PublishedAt: &noon}
		h.store(&p, &models.InboxNotice{AccountID: marta.Account, Kind: "x", Args: map[string]string{}, CreatedAt: noon})
		a := h.assembly(bru, "Passada", noon.AddDate(0, 0, -3))
		if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&a).Update("closed_at", noon).Error }); err != nil {
			h.t.Fatal(err)
		}
		m := models.Minutes{AssemblyID: a.ID, Language: "ca", Body: "Acta", Revision: 2, DraftedAt: noon, EditedAt: noon}
		h.store(&m, &models.AssemblyOfficer{AssemblyID: a.ID, Part: models.Teller, MemberID: marta.Members[0].ID, NamedBy: bru.Account, At: noon},
			&models.AssemblyOfficer{AssemblyID: a.ID, Part: models.Secretary, MemberID: bru.Members[0].ID, NamedBy: bru.Account, At: noon})
		h.store(&models.MinutesApproval{MinutesID: m.ID, Revision: 1, MemberID: marta.Members[0].ID, Part: models.Teller, ByID: marta.Account, At: noon})
		h.needs(marta, NeedMinutes, NeedSupport, NeedNotices) // what was approved is an older revision
		h.needs(bru)
		h.store(&models.MinutesApproval{MinutesID: m.ID, Revision: 2, MemberID: marta.Members[0].ID, Part: models.Teller, ByID: marta.Account, At: noon})
		h.store(&models.ProposalSupport{ProposalID: p.ID, MemberID: marta.Members[0].ID, At: noon})
		h.needs(marta, NeedNotices)
	})
}

func TestDecisions_ArePagedNewestFirst_AndAnOpenPollIsNone(t *testing.T) {
	each(t, func(h *house) {
		bru := h.person("Bru", true)
		a := h.assembly(bru, "Ordinària", noon.AddDate(0, 1, 0))
		points := make([]models.Poll, 4)
		for i := range points {
			points[i] = h.poll(a, fmt.Sprint("Punt ", i), nil)
		}
		h.closePoll(points[0], noon.Add(time.Hour), tally.OutcomeApproved) // opened first, closed last
		for i, outcome := range []tally.Outcome{tally.OutcomeApproved, tally.OutcomeTied, tally.OutcomeNotEnough} {
			h.closePoll(points[i+1], noon, outcome)
		}
		h.poll(a, "Oberta", nil)
		first, err := h.s.Decisions(h.t.Context(), 0, 2)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(first.Decisions) != 2 || first.Decisions[0].Question != "Punt 0" || first.Decisions[1].Question != "Punt 3" || first.Decisions[1].Outcome != string(tally.OutcomeNotEnough) || first.Decisions[0].Assembly != "Ordinària" || first.Older == 0 {
			h.t.Fatalf("first page: %+v", first)
		}
		rest, err := h.s.Decisions(h.t.Context(), first.Older, 2)
		if err != nil {
			h.t.Fatal(err)
		}
		if len(rest.Decisions) != 2 || rest.Decisions[0].Question != "Punt 2" || rest.Decisions[1].Question != "Punt 1" || rest.Older != 0 {
			h.t.Errorf("second page: %+v", rest)
		}
	})
}

func TestOpen_ShowsWhatIsPublished_AndNothingElse(t *testing.T) {
	each(t, func(h *house) {
		bru := h.person("Bru", true)
		gone := bru.Members[0]
		people++
		gone.ID, gone.Number, gone.AccountID, gone.LeftOn = 0, people, nil, day.AddDays(-1)
		h.store(&gone)
		for state, title := range map[models.ProposalState]string{models.ProposalDraft: "Secreta", models.ProposalPublished: "Pública", models.ProposalWithdrawn: "Retirada"} {
			p := models.Proposal{AuthorID: bru.Members[0].ID, State: state, CreatedAt: noon}
			if state != models.ProposalDraft {
				p.PublishedAt = &noon
			}
			h.store(&p)
			h.store(&models.ProposalVersion{ProposalID: p.ID, Number: 1, Title: "Vella", ByID: bru.Account, CreatedAt: noon}, &models.ProposalVersion{ProposalID: p.ID, Number: 2, Title: title, ByID: bru.Account, CreatedAt: noon})
		}
		later, sooner := h.assembly(bru, "Després", noon.AddDate(0, 2, 0)), h.assembly(bru, "Abans", noon.AddDate(0, 1, 0))
		h.store(&models.Minutes{AssemblyID: later.ID, Language: "ca", Revision: 1, DraftedAt: noon, EditedAt: noon}, &models.Minutes{AssemblyID: sooner.ID, Language: "ca", Revision: 1, DraftedAt: noon, EditedAt: noon, FinalisedAt: &noon})
		o, err := h.s.Open(h.t.Context())
		if err != nil {
			h.t.Fatal(err)
		}
		if len(o.Proposals) != 1 || o.Proposals[0].Title != "Pública" {
			h.t.Errorf("proposals: %+v", o.Proposals)
		}
		if len(o.Minutes) != 1 || o.Minutes[0].Title != "Abans" || !o.Minutes[0].FinalisedAt.Equal(noon) {
			h.t.Errorf("minutes: %+v", o.Minutes)
		}
		if o.Next == nil || o.Next.Title != "Abans" || o.Members != 1 || len(o.Collectives) != 1 {
			h.t.Errorf("next %+v, %d members, %d collectives", o.Next, o.Members, len(o.Collectives))
		}
	})
}

func TestOpen_BeforeSetUp_IsEmptyAndNoFault(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		o, err := New(d, Options{}).Open(t.Context())
		if err != nil || o.Coop.ID != 0 {
			t.Errorf("%+v, %v", o, err)
		}
	})
}

func TestHome_AMemberWithoutFee_IsAskedToChooseOneThatFits(t *testing.T) {
	each(t, func(h *house) {
		marta := h.person("Marta", true)
		plan := models.FeePlan{ClassID: h.class.ID, ForKind: models.Organisation, Name: "Quota d’entitat", Every: "month", CreatedAt: noon}
		h.store(&plan)
		h.needs(marta)
		forAll := models.FeePlan{ClassID: h.class.ID, Name: "Quota", Every: "month", CreatedAt: noon}
		h.store(&forAll)
		if n := h.needs(marta, NeedChoose)[0]; n.ID != int64(marta.Members[0].ID) || n.Several {
			h.t.Errorf("to choose: %+v", n)
		}
		h.store(&models.Subscription{MemberID: marta.Members[0].ID, PlanID: forAll.ID, AmountCents: 1000, StartsOn: day, CreatedAt: noon})
		h.needs(marta)
	})
}
