package fees

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/core/standing"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

// house is a cooperative in Barcelona with two members of class user, officers, and a monthly plan: at least 5,
// suggested 10, at most 50, due five days after its period begins.
type house struct {
	*testing.T
	db        *db.DB
	clock     *clock.Set
	fees      *Service
	restored  *restored
	seal      *seal.Sealer
	queue     *jobs.Queue
	mail      *mail.Local
	treasurer identity.Actor
	second    identity.Actor // a facilitator
	ada, bru  identity.Actor // members
	class     models.MemberClassID
	plan      models.FeePlanID
}

// restored remembers whose vote may be back, and why.
type restored struct {
	mu  sync.Mutex
	all []models.CorrectionCause
}

func (r *restored) RestoredTx(_ context.Context, _ *db.Tx, _ models.MemberID, cause models.CorrectionCause) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, cause)
	return nil
}

func on(text string) civil.Date {
	d, err := civil.Parse(text)
	if err != nil {
		panic(err)
	}
	return d
}

// at is an instant in Barcelona.
func at(text string) time.Time {
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		panic(err)
	}
	t, err := time.ParseInLocation("2006-01-02 15:04:05", text, madrid)
	if err != nil {
		panic(err)
	}
	return t
}

func each(t *testing.T, preset string, test func(h *house)) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			set := clock.At(at("2026-01-01 12:00:00"))
			test(build(t, dbtest.Open(t, flavor, set), set, preset))
		})
	}
}

func build(t *testing.T, d *db.DB, set *clock.Set, preset string) *house {
	h := &house{T: t, db: d, clock: set, restored: &restored{}}
	texts, err := i18n.Load()
	h.ok(err)
	h.seal, err = seal.New(seal.NewKey())
	h.ok(err)
	h.queue, h.mail = jobs.New(d, slog.New(slog.DiscardHandler)), mail.NewLocal(d, h.seal)
	h.fees = New(d, h.queue, texts, h.seal, h.mail, h.restored, Options{BaseURL: "https://coop.example"})
	body, ok := rules.Preset(preset)
	if !ok {
		t.Fatalf("no preset %s", preset)
	}
	h.write(func(tx *db.Tx) error {
		class := models.MemberClass{Code: "user", NameCA: "Usuàries"}
		other := models.MemberClass{Code: "worker", NameCA: "De treball"}
		for _, row := range []any{
			&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: tx.Now},
			&models.RuleSet{Version: 1, Preset: preset, Body: body, CreatedAt: tx.Now}, &class, &other,
		} {
			if err := tx.DB.Create(row).Error; err != nil {
				return err
			}
		}
		h.class = class.ID
		h.treasurer = h.account(tx, "tresoreria", models.RoleTreasurer)
		h.second = h.account(tx, "facilitacio", models.RoleFacilitator)
		h.ada = h.member(tx, 1, "ada")
		h.bru = h.member(tx, 2, "bru")
		return ledger.InstallChartTx(t.Context(), tx)
	})
	h.plan = h.makePlan("Quota mensual", h.class, "month", PriceForm{ValidFrom: on("2020-01-01"), MinCents: 500, SuggestedCents: 1000, MaxCents: 5000, Resolution: "Assemblea 2019/4"})
	return h
}

func (h *house) makePlan(name string, class models.MemberClassID, every string, p PriceForm) models.FeePlanID {
	h.Helper()
	id, err := h.fees.CreatePlan(h.Context(), h.treasurer, PlanForm{ClassID: class, Name: name, Every: every, VATTreatment: VATExempt, DueDays: 5, Price: p}, "")
	h.ok(err)
	return id
}

func (h *house) write(act func(tx *db.Tx) error) {
	h.Helper()
	h.ok(h.db.Write(h.Context(), act))
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) refused(err error, key string) {
	h.Helper()
	if !fault.Has(err, key) {
		h.Fatalf("got %v, want %s", err, key)
	}
}

func (h *house) account(tx *db.Tx, handle string, roles ...models.Role) identity.Actor {
	account := models.Account{Handle: handle, Language: "ca", CreatedAt: tx.Now}
	h.ok(tx.DB.Create(&account).Error)
	actor := identity.Actor{Account: account.ID, Handle: handle, Language: "ca"}
	for _, r := range roles {
		term := models.RoleTerm{AccountID: account.ID, Role: r, StartsOn: on("2020-01-01"), AppointedAt: tx.Now}
		h.ok(tx.DB.Create(&term).Error)
		actor.Roles = append(actor.Roles, term)
	}
	return actor
}

func (h *house) member(tx *db.Tx, number int64, name string) identity.Actor {
	actor := h.account(tx, name)
	m := models.Member{Number: number, Kind: models.Person, Name: name, SortName: members.SortName(name), ClassID: h.class, AccountID: &actor.Account, Language: "ca", JoinedOn: on("2020-01-01"), CreatedAt: tx.Now}
	h.ok(tx.DB.Create(&m).Error)
	actor.Members = []models.Member{m}
	return actor
}

func id(a identity.Actor) models.MemberID { return a.Members[0].ID }

func (h *house) moveTo(day string) { h.clock.Move(at(day + " 12:00:00")) }

func (h *house) subscribe(who identity.Actor, cents int64) models.Subscription {
	h.Helper()
	sub, err := h.fees.Subscribe(h.Context(), who, Choice{Member: id(who), Plan: h.plan, AmountCents: cents}, "")
	h.ok(err)
	return sub
}

func (h *house) generate() int {
	h.Helper()
	n, err := h.fees.GenerateCharges(h.Context())
	h.ok(err)
	return n
}

func (h *house) payForm(who identity.Actor, cents int64) PaymentForm {
	return PaymentForm{Member: id(who), AmountCents: cents, Method: models.Transfer, ReceivedOn: civil.Of(h.clock.Now(), at("2026-01-01 00:00:00").Location())}
}

func (h *house) pay(who identity.Actor, cents int64) models.PaymentID {
	h.Helper()
	payment, err := h.fees.RecordPayment(h.Context(), h.treasurer, h.payForm(who, cents), "")
	h.ok(err)
	return payment
}

func (h *house) accountOf(who identity.Actor) Account {
	h.Helper()
	a, err := h.fees.MemberFees(h.Context(), who, id(who))
	h.ok(err)
	return a
}

func (h *house) count(model any) (n int64) {
	h.Helper()
	h.ok(h.db.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Model(model).Count(&n).Error }))
	return n
}

// verdict is the member's standing by the clock, decided by core from the facts of this package.
func (h *house) verdict(who identity.Actor) (v standing.Verdict) {
	h.Helper()
	h.ok(h.db.Read(h.Context(), func(tx *db.Tx) error {
		facts, err := FactsTx(h.Context(), tx, []models.MemberID{id(who)})
		if err != nil {
			return err
		}
		coop, err := identity.CooperativeTx(tx)
		if err != nil {
			return err
		}
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		f := facts[id(who)]
		v = standing.Decide(standing.Facts{JoinedOn: who.Members[0].JoinedOn, Owed: f.Owed, Case: f.Case}, tx.Now, coop.Location(), statutes.Body)
		return nil
	}))
	return v
}

// invariants recomputes what the package promises of its rows and of the books.
func (h *house) invariants() {
	h.Helper()
	found, err := ledger.New(h.db).Check(h.Context())
	h.ok(err)
	if !found.Sound() {
		h.Fatalf("the books are not sound: %+v", found)
	}
	h.ok(h.db.Snapshot(h.Context(), func(tx *db.Tx) error {
		for _, c := range []struct{ what, sql string }{
			{"charges paid too much, or settled wrongly", `SELECT COUNT(*) FROM (SELECT c.amount_cents, c.settled_at, COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.charge_id = c.id), 0) AS paid FROM charges c) x
				WHERE paid < 0 OR paid > amount_cents OR (settled_at IS NOT NULL AND paid <> amount_cents) OR (settled_at IS NULL AND paid = amount_cents)`},
			{"payments allocated too much, or after their reversal", `SELECT COUNT(*) FROM (SELECT p.id, p.amount_cents, COALESCE((SELECT SUM(a.amount_cents) FROM allocations a WHERE a.payment_id = p.id), 0) AS used FROM payments p) x
				WHERE used < 0 OR used > amount_cents OR (used <> 0 AND EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = x.id))`},
			{"members whose debt in the books is another than in their charges", `SELECT COUNT(*) FROM members m WHERE
				COALESCE((SELECT SUM(p.amount_cents) FROM postings p WHERE p.member_id = m.id AND p.account_code = '447'), 0) <>
				COALESCE((SELECT SUM(c.amount_cents) FROM charges c WHERE c.member_id = m.id), 0) -
				COALESCE((SELECT SUM(a.amount_cents) FROM allocations a JOIN charges c ON c.id = a.charge_id WHERE c.member_id = m.id), 0)`},
			{"members whose advance in the books is another than in their payments", `SELECT COUNT(*) FROM members m WHERE
				-COALESCE((SELECT SUM(p.amount_cents) FROM postings p WHERE p.member_id = m.id AND p.account_code = '438'), 0) <>
				COALESCE((SELECT SUM(y.amount_cents) FROM payments y WHERE y.member_id = m.id AND NOT EXISTS (SELECT 1 FROM payment_reversals r WHERE r.payment_id = y.id)), 0) -
				COALESCE((SELECT SUM(a.amount_cents) FROM allocations a JOIN payments y ON y.id = a.payment_id WHERE y.member_id = m.id), 0)`},
			{"members with both a debt and an advance", `SELECT COUNT(*) FROM members m WHERE EXISTS (SELECT 1 FROM charges c WHERE c.member_id = m.id AND c.settled_at IS NULL)
				AND COALESCE((SELECT SUM(p.amount_cents) FROM postings p WHERE p.member_id = m.id AND p.account_code = '438'), 0) <> 0`},
			{"cases open about nothing that is owed", `SELECT COUNT(*) FROM arrears_cases k WHERE k.closed_at IS NULL AND NOT EXISTS (SELECT 1 FROM arrears_case_charges l JOIN charges c ON c.id = l.charge_id WHERE l.case_id = k.id AND c.settled_at IS NULL)`},
		} {
			var n int64
			if err := tx.DB.Raw(c.sql).Scan(&n).Error; err != nil {
				return err
			}
			if n != 0 {
				h.Errorf("%d %s", n, c.what)
			}
		}
		return nil
	}))
	if h.Failed() {
		h.FailNow()
	}
}
