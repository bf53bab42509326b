package rolls

import (
	"testing"
	"time"
	_ "time/tzdata" // Europe/Madrid must exist on every machine

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
)

var madrid = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	return loc
}()

func day(s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// start is the first instant of a day in Madrid.
func start(s string) time.Time { return day(s).In(madrid) }

// house is a cooperative in one database, with the people and the money that a test needs.
type house struct {
	testing.TB
	db       *db.DB
	clock    *clock.Set
	rolls    *Service
	statutes models.RuleSet
	class    models.MemberClass
	plan     models.FeePlan
	price    models.Price
	members  int64
}

func newHouse(t testing.TB, d *db.DB, c *clock.Set, policy rules.Policy) *house {
	t.Helper()
	h := &house{TB: t, db: d, clock: c, rolls: New(d)}
	body, _ := rules.Preset(rules.PresetCatalan)
	body.Arrears.Policy, body.Arrears.GraceDays = policy, 30
	h.statutes = models.RuleSet{Version: 1, Preset: body.Preset, Body: body, CreatedAt: c.Now()}
	h.class = models.MemberClass{Code: "user", NameCA: "Usuàries", Position: 1}
	h.act(func(tx *db.Tx) {
		h.create(tx, &models.Cooperative{ID: 1, Name: "Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: tx.Now})
		h.create(tx, &h.statutes)
		h.create(tx, &h.class)
		h.plan = models.FeePlan{ClassID: h.class.ID, Name: "Quota", Every: "year", VATTreatment: "exempt", CreatedAt: tx.Now}
		h.create(tx, &h.plan)
		h.price = models.Price{PlanID: h.plan.ID, ValidFrom: day("2020-01-01"), MinCents: 100, SuggestedCents: 100, CreatedAt: tx.Now}
		h.create(tx, &h.price)
	})
	return h
}

// act runs an act; what fails inside panics, because the act may run on the database's own goroutine.
func (h *house) act(do func(tx *db.Tx)) {
	h.Helper()
	if err := h.db.Write(h.Context(), func(tx *db.Tx) error { do(tx); return nil }); err != nil {
		h.Fatal(err)
	}
}

func (h *house) create(tx *db.Tx, row any) {
	if err := tx.DB.Create(row).Error; err != nil {
		panic(err)
	}
}

func (h *house) account(handle string, roles ...models.Role) identity.Actor {
	h.Helper()
	a := models.Account{Handle: handle, Language: "ca", CreatedAt: h.clock.Now()}
	h.act(func(tx *db.Tx) { h.create(tx, &a) })
	by := identity.Actor{Account: a.ID, Handle: handle, Language: "ca"}
	for _, r := range roles {
		by.Roles = append(by.Roles, models.RoleTerm{AccountID: a.ID, Role: r})
	}
	return by
}

// member joins on a day; an account with the same name signs in for it.
func (h *house) member(name, joined string) (models.Member, identity.Actor) {
	h.Helper()
	by := h.account(name)
	h.members++
	m := models.Member{Number: h.members, Kind: models.Person, Name: name, SortName: members.SortName(name), ClassID: h.class.ID, AccountID: &by.Account,
		Language: "ca", JoinedOn: day(joined), CreatedAt: h.clock.Now()}
	h.act(func(tx *db.Tx) { h.create(tx, &m) })
	by.Members = []models.Member{m}
	return m, by
}

func (h *house) leaves(m models.Member, on string) {
	h.Helper()
	h.act(func(tx *db.Tx) {
		if err := tx.DB.Model(&m).Update("left_on", day(on)).Error; err != nil {
			panic(err)
		}
	})
}

// owes makes a charge that is due on a day.
func (h *house) owes(m models.Member, due string) models.Charge {
	h.Helper()
	sub := models.Subscription{MemberID: m.ID, PlanID: h.plan.ID, AmountCents: 100, StartsOn: m.JoinedOn, CreatedAt: h.clock.Now()}
	var c models.Charge
	h.act(func(tx *db.Tx) {
		h.create(tx, &sub)
		c = models.Charge{SubscriptionID: sub.ID, MemberID: m.ID, PriceID: h.price.ID, PeriodStart: day(due), PeriodEnd: day(due),
			DueOn: day(due), AmountCents: 100, CreatedAt: tx.Now}
		h.create(tx, &c)
	})
	return c
}

// pays settles a charge now and lets the rolls know, as fees does.
func (h *house) pays(c models.Charge) {
	h.Helper()
	h.act(func(tx *db.Tx) {
		if err := tx.DB.Model(&c).Update("settled_at", tx.Now).Error; err != nil {
			panic(err)
		}
		if err := h.rolls.RestoredTx(h.Context(), tx, c.MemberID, models.CausePayment); err != nil {
			panic(err)
		}
	})
}

func (h *house) assembly(firstCall time.Time) models.Assembly {
	h.Helper()
	by := h.account("convenor " + firstCall.String())
	a := models.Assembly{Title: "Assemblea", Kind: "ordinary", FirstCallAt: firstCall.UTC(), SecondCallAt: firstCall.UTC(),
		CreatedBy: by.Account, CreatedAt: h.clock.Now()}
	h.act(func(tx *db.Tx) { h.create(tx, &a) })
	return a
}

func (h *house) freeze(a models.Assembly) models.Roll {
	h.Helper()
	var roll models.Roll
	h.act(func(tx *db.Tx) {
		var err error
		if roll, err = FreezeTx(h.Context(), tx, a.ID, h.statutes, a.FirstCallAt); err != nil {
			panic(err)
		}
	})
	return roll
}

func (h *house) line(roll models.Roll, m models.Member) (Line, bool) {
	h.Helper()
	var all []Line
	err := h.db.Read(h.Context(), func(tx *db.Tx) (err error) {
		all, err = LinesTx(h.Context(), tx, roll.ID)
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	for _, l := range all {
		if l.Member.ID == m.ID {
			return l, true
		}
	}
	return Line{}, false
}

func (h *house) eligible(roll models.Roll, m models.Member) bool {
	h.Helper()
	l, listed := h.line(roll, m)
	var short map[models.MemberID]Entitlement
	err := h.db.Read(h.Context(), func(tx *db.Tx) (err error) {
		short, err = EligibleTx(h.Context(), tx, roll.ID, []models.MemberID{m.ID})
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	if e, ok := short[m.ID]; ok != listed || e.Eligible != l.Eligible || e.ClassCode != l.ClassCode {
		h.Errorf("EligibleTx says %+v, the line says %+v", e, l)
	}
	return l.Eligible
}
