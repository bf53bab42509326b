package assemblies

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

var (
	madrid, _ = time.LoadLocation("Europe/Madrid")
	// morning is when the assembly of the tests is convened; firstCall is 18 days later.
	morning    = time.Date(2026, 11, 23, 9, 0, 0, 0, madrid)
	firstCall  = time.Date(2026, 12, 11, 18, 0, 0, 0, madrid)
	secondCall = firstCall.Add(30 * time.Minute)
)

// town is a cooperative of a few people, with a facilitator who is no member.
type town struct {
	t       *testing.T
	db      *db.DB
	clock   *clock.Set
	svc     *Service
	queue   *jobs.Queue
	mail    *mail.Local
	seal    *seal.Sealer
	leader  identity.Actor
	members []models.Member // ten: Un … Deu; the last may not vote
}

var names = []string{"Un", "Dos", "Tres", "Quatre", "Cinc", "Sis", "Set", "Vuit", "Nou", "Deu"}

// each runs a test in a town of its own on both databases. change may edit the statutes.
func each(t *testing.T, change func(*rules.RuleSet), test func(w *town)) {
	t.Helper()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			c := clock.At(morning)
			test(newTown(t, dbtest.Open(t, flavor, c), c, change))
		})
	}
}

func newTown(t *testing.T, d *db.DB, c *clock.Set, change func(*rules.RuleSet)) *town {
	t.Helper()
	texts, err := i18n.Load()
	must(t, err)
	sealer, err := seal.New(seal.NewKey())
	must(t, err)
	w := &town{t: t, db: d, clock: c, queue: jobs.New(d, slog.New(slog.NewTextHandler(io.Discard, nil))), mail: mail.NewLocal(d, sealer), seal: sealer}
	w.svc = New(d, w.queue, texts, sealer, w.mail, Options{BaseURL: "https://coop.example"})
	must(t, d.Write(t.Context(), func(tx *db.Tx) error { return w.found(tx, change) }))
	return w
}

// found makes the cooperative: three classes, ten members with accounts, one of them a year too new to vote.
func (w *town) found(tx *db.Tx, change func(*rules.RuleSet)) error {
	body, _ := rules.Preset(rules.PresetCatalan)
	body.Seniority.Days = 30
	if change != nil {
		change(&body)
	}
	rows := []any{
		&models.Cooperative{ID: 1, Name: "L’Era", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: tx.Now},
		&models.RuleSet{Version: 1, Preset: body.Preset, Body: body, Reason: "test", CreatedAt: tx.Now},
		&[]models.MemberClass{{Code: "worker", NameCA: "De treball", Position: 1}, {Code: "user", NameCA: "Usuàries", Position: 2}},
	}
	for _, row := range rows {
		if err := tx.DB.Create(row).Error; err != nil {
			return err
		}
	}
	leader := models.Account{Handle: "facilita", PassphraseHash: "x", Language: "ca", CreatedAt: tx.Now}
	if err := tx.DB.Create(&leader).Error; err != nil {
		return err
	}
	w.leader = identity.Actor{Account: leader.ID, Roles: []models.RoleTerm{{Role: models.RoleFacilitator}}}
	for n, name := range names {
		account := models.Account{Handle: strings.ToLower(name), PassphraseHash: "x", Language: "ca", CreatedAt: tx.Now}
		if err := tx.DB.Create(&account).Error; err != nil {
			return err
		}
		class := models.MemberClassID(2)
		if n < 2 {
			class = 1
		}
		m := models.Member{Number: int64(n + 1), Kind: models.Person, Name: name, ClassID: class, AccountID: &account.ID, Language: "ca", JoinedOn: civil.New(2025, 1, 1), CreatedAt: tx.Now}
		if name == "Deu" {
			m.JoinedOn = civil.New(2026, 11, 20)
		}
		if err := tx.DB.Create(&m).Error; err != nil {
			return err
		}
		w.members = append(w.members, m)
	}
	return nil
}

// as is the n-th member (from 1) as an actor.
func (w *town) as(n int) identity.Actor {
	m := w.members[n-1]
	return identity.Actor{Account: *m.AccountID, Members: []models.Member{m}}
}

func (w *town) id(n int) models.MemberID { return w.members[n-1].ID }

func (w *town) plan() Plan {
	return Plan{Title: "Assemblea de desembre", Kind: Ordinary, Place: "Ateneu", FirstCall: firstCall, SecondCall: secondCall}
}

func (w *town) draft() models.AssemblyID {
	w.t.Helper()
	id, err := w.svc.Draft(w.ctx(), w.leader, w.plan(), "")
	must(w.t, err)
	return id
}

// convened is an assembly with one point to decide, and that point.
func (w *town) convened() (models.AssemblyID, models.AgendaItemID) {
	w.t.Helper()
	id := w.draft()
	item, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "Comptes de 2026", Body: "S’aproven els comptes.", Decision: string(rules.DecisionOrdinary)}, "")
	must(w.t, err)
	must(w.t, w.svc.Convene(w.ctx(), w.leader, id, ""))
	return id, item
}

// arrive checks members in at the desk.
func (w *town) arrive(id models.AssemblyID, members ...int) {
	w.t.Helper()
	for _, n := range members {
		must(w.t, w.svc.CheckIn(w.ctx(), w.leader, id, w.id(n), models.InPerson))
	}
}

func (w *town) ctx() context.Context { return w.t.Context() }

func (w *town) quorum(id models.AssemblyID) Quorum {
	w.t.Helper()
	var c Count
	must(w.t, w.db.Snapshot(w.ctx(), func(tx *db.Tx) (err error) {
		c, err = countTx(w.ctx(), tx, id)
		return err
	}))
	return c.Quorum
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused wants a fault with a key.
func refused(t testing.TB, err error, key string) {
	t.Helper()
	_ = faultOf(t, err, key)
}

// faultOf wants a fault with a key, and gives it for a closer look.
func faultOf(t testing.TB, err error, key string) *fault.Fault {
	t.Helper()
	if !fault.Has(err, key) {
		t.Fatalf("got %v, want %s", err, key)
	}
	f, _ := fault.As(err)
	return f
}

// count counts the rows of a table that fit.
func (w *town) count(model any, where string, args ...any) (n int64) {
	w.t.Helper()
	must(w.t, w.db.Read(w.ctx(), func(tx *db.Tx) error { return tx.DB.Model(model).Where(where, args...).Count(&n).Error }))
	return n
}

// together runs an act many times at once and returns the errors.
func together(n int, act func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = act(i) })
	}
	wg.Wait()
	return errs
}

func TestDraft_OnlyFacilitators_AndEveryFaultIsNamed(t *testing.T) {
	each(t, nil, func(w *town) {
		if _, err := w.svc.Draft(w.ctx(), w.as(1), w.plan(), ""); !isKind(err, fault.KindForbidden) {
			t.Fatalf("a member drafted: %v", err)
		}
		p := Plan{Kind: "party", OnlineURL: "javascript:alert(1)", FirstCall: morning, SecondCall: morning.Add(-time.Hour)}
		_, err := w.svc.Draft(w.ctx(), w.leader, p, "")
		f, _ := fault.As(err)
		fields := map[string]bool{}
		for _, d := range f.Details() {
			fields[d.Field] = true
		}
		for _, want := range []string{"title", "kind", "online_url", "first_call", "second_call"} {
			if !fields[want] {
				t.Errorf("no fault for %s in %v", want, fields)
			}
		}
	})
}

func isKind(err error, k fault.Kind) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == k
}

func TestDraft_SentTwice_IsOneAssembly(t *testing.T) {
	each(t, nil, func(w *town) {
		var ids [2]models.AssemblyID
		errs := together(2, func(i int) (err error) {
			ids[i], err = w.svc.Draft(w.ctx(), w.leader, w.plan(), "token")
			return err
		})
		for _, err := range errs {
			must(t, err)
		}
		if ids[0] != ids[1] || w.count(&models.Assembly{}, "1 = 1") != 1 {
			t.Errorf("a form sent twice made %v", ids)
		}
	})
}

func TestAgenda_PointsMoveAndAreLockedByConvening(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		var items []models.AgendaItemID
		for _, title := range []string{"A", "B", "C"} {
			i, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: title}, "")
			must(t, err)
			items = append(items, i)
		}
		must(t, w.svc.MoveItem(w.ctx(), w.leader, items[2], true))
		must(t, w.svc.MoveItem(w.ctx(), w.leader, items[0], true)) // the first stays
		must(t, w.svc.RemoveItem(w.ctx(), w.leader, items[1]))
		v, err := w.svc.Review(w.ctx(), w.leader, id)
		must(t, err)
		if got := fmt.Sprint(v.Items[0].Title, v.Items[1].Title, len(v.Items)); got != "AC2" {
			t.Errorf("the agenda is %s, want A C", got)
		}
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		refused(t, w.svc.MoveItem(w.ctx(), w.leader, items[2], true), "assemblies.already_convened")
		refused(t, w.svc.EditItem(w.ctx(), w.leader, items[0], Item{Title: "Z"}), "assemblies.already_convened")
		refused(t, w.svc.Edit(w.ctx(), w.leader, id, w.plan()), "assemblies.already_convened")
	})
}

func TestConvene_NoticeBelowFifteenDays_IsRefusedWithArticleAndEarliestDay(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "A"}, "")
		must(t, err)
		// The last minute of the 26th in Madrid is fifteen days before the 11th; a minute later it is fourteen.
		w.clock.Move(time.Date(2026, 11, 27, 0, 0, 0, 0, madrid))
		f := faultOf(t, w.svc.Convene(w.ctx(), w.leader, id, ""), "assemblies.notice_too_short")
		if f.Args["Article"] != "Llei 12/2015, art. 44.1" || f.Args["Earliest"] != civil.New(2026, 12, 12) || f.Field != "first_call" {
			t.Errorf("the refusal says %v", f.Args)
		}
		if w.count(&models.Roll{}, "1 = 1") != 0 {
			t.Error("a refused call froze a roll")
		}
		w.clock.Move(time.Date(2026, 11, 26, 23, 59, 0, 0, madrid))
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
	})
}

func TestConvene_EmptyAgenda_IsRefused(t *testing.T) {
	each(t, nil, func(w *town) {
		refused(t, w.svc.Convene(w.ctx(), w.leader, w.draft(), ""), "assemblies.agenda_empty")
	})
}

func TestConvene_Twice_FreezesOneRollAndTellsEachOnce(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.draft()
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Title: "A"}, "")
		must(t, err)
		w.giveEmail(1, "un@example.org")
		done := 0
		for _, err := range together(4, func(int) error { return w.svc.Convene(w.ctx(), w.leader, id, "") }) {
			if err == nil {
				done++
			} else {
				refused(t, err, "assemblies.already_convened")
			}
		}
		if done != 1 || w.count(&models.Roll{}, "assembly_id = ?", id) != 1 {
			t.Errorf("%d of four calls convened", done)
		}
		if n := w.count(&models.InboxNotice{}, "kind = 'assemblies.told.convened'"); n != 10 {
			t.Errorf("%d inbox notices for ten members", n)
		}
		w.work()
		letters, err := w.mail.Kept(w.ctx())
		must(t, err)
		if len(letters) != 1 || letters[0].Recipient != "un@example.org" || !strings.Contains(letters[0].Body, "https://coop.example/assemblies/") {
			t.Errorf("letters: %+v", letters)
		}
	})
}

// giveEmail seals an address for a member.
func (w *town) giveEmail(n int, address string) {
	w.t.Helper()
	sealed, err := w.seal.Seal([]byte(address), fmt.Sprintf("members.email/%d", w.id(n)))
	must(w.t, err)
	must(w.t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("id = ?", w.id(n)).Update("email_sealed", sealed).Error
	}))
}

// work does every job that is due.
func (w *town) work() {
	w.t.Helper()
	for {
		did, err := w.queue.Step(w.ctx())
		must(w.t, err)
		if !did {
			return
		}
	}
}

func TestConvene_ProposalIsBoundToItsTextOfThatMoment(t *testing.T) {
	each(t, nil, func(w *town) {
		p := w.proposal(models.ProposalPublished)
		id := w.draft()
		if _, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Proposal: &p, Decision: "ordinary"}, ""); err != nil {
			t.Fatal(err)
		}
		_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Proposal: &p, Decision: "ordinary"}, "")
		refused(t, err, "assemblies.proposal_twice")
		draft := w.proposal(models.ProposalDraft)
		_, err = w.svc.AddItem(w.ctx(), w.leader, id, Item{Proposal: &draft, Decision: "ordinary"}, "")
		refused(t, err, "assemblies.proposal_not_published")
		must(t, w.svc.Convene(w.ctx(), w.leader, id, ""))
		if n := w.count(&models.AgendaItem{}, "proposal_id = ? AND proposal_version_id IS NOT NULL AND title = 'Hort'", p); n != 1 {
			t.Error("the point is not bound to the proposal's version")
		}
		if w.count(&models.Proposal{}, "id = ? AND state = 'scheduled'", p) != 1 {
			t.Error("the proposal was not scheduled")
		}
	})
}

func (w *town) proposal(state models.ProposalState) models.ProposalID {
	w.t.Helper()
	now := w.clock.Now().UTC()
	p := models.Proposal{AuthorID: w.id(1), State: state, CreatedAt: now}
	if state != models.ProposalDraft {
		p.PublishedAt = &now
	}
	must(w.t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
		if err := tx.DB.Create(&p).Error; err != nil {
			return err
		}
		return tx.DB.Create(&models.ProposalVersion{ProposalID: p.ID, Number: 1, Title: "Hort", Body: "Fem un hort.", ByID: *w.members[0].AccountID, CreatedAt: now}).Error
	}))
	return p.ID
}
