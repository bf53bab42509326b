package equality

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/disclosure"
	"socia/core/fault"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

var (
	july    = civil.New(2026, time.July, 1)
	january = civil.New(2027, time.January, 1)
	// spring is before the first release day; Madrid is two hours ahead of UTC in summer, so July begins at 22:00.
	spring      = time.Date(2026, time.April, 10, 12, 0, 0, 0, time.UTC)
	julyBegins  = time.Date(2026, time.June, 30, 22, 0, 0, 0, time.UTC)
	winterBegin = time.Date(2026, time.December, 31, 23, 0, 0, 0, time.UTC)
)

// house is a cooperative of one test, with two classes.
type house struct {
	*Service
	t     *testing.T
	d     *db.DB
	clock *clock.Set
	user  models.MemberClassID
	work  models.MemberClassID
	n     int64
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	c := clock.At(spring)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(spring)
		sealer, err := seal.New(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		h := &house{Service: New(d, sealer), t: t, d: d, clock: c}
		h.create(&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: spring.AddDate(-1, 0, 0)})
		user, work := models.MemberClass{Code: "user", NameCA: "Usuàries", Position: 1}, models.MemberClass{Code: "worker", NameCA: "De treball", Position: 2}
		h.create(&user)
		h.create(&work)
		h.user, h.work = user.ID, work.ID
		test(t, h)
	})
}

func (h *house) create(row any) {
	h.t.Helper()
	if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Create(row).Error }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) account() identity.Actor {
	h.t.Helper()
	h.n++
	a := models.Account{Handle: fmt.Sprintf("compte%d", h.n), PassphraseHash: "-", Language: "ca", CreatedAt: spring}
	h.create(&a)
	return identity.Actor{Account: a.ID, Handle: a.Handle}
}

// member makes a member, with an account unless by is nobody.
func (h *house) member(kind models.MemberKind, class models.MemberClassID, by identity.Actor) models.Member {
	h.t.Helper()
	h.n++
	m := models.Member{Number: h.n, Kind: kind, Name: "Bru", Language: "ca", ClassID: class, JoinedOn: civil.New(2025, time.May, 1), CreatedAt: spring}
	if by.SignedIn() {
		m.AccountID = &by.Account
	}
	h.create(&m)
	return m
}

// people makes members of a class who declare one after another: n of each group.
func (h *house) people(class models.MemberClassID, groups map[CountIn]int, uses ...Use) (all []identity.Actor) {
	h.t.Helper()
	for _, g := range CountsIn() {
		for range groups[g] {
			by := h.account()
			h.member(models.Person, class, by)
			h.declare(by, g, uses...)
			all = append(all, by)
		}
	}
	return all
}

func (h *house) declare(by identity.Actor, g CountIn, uses ...Use) {
	h.t.Helper()
	if err := h.Declare(h.t.Context(), by, Declaration{CountIn: g, Consents: uses}, ""); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) publish(at time.Time) {
	h.t.Helper()
	h.clock.Move(at)
	if err := h.Publish(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) edition() Edition {
	h.t.Helper()
	r, err := h.Releases(h.t.Context(), civil.Date{})
	if err != nil || !r.Published {
		h.t.Fatalf("no release: %v", err)
	}
	return r.Edition
}

func (h *house) mine(by identity.Actor) []MyRow {
	h.t.Helper()
	mine, err := h.MyRows(h.t.Context(), by)
	if err != nil {
		h.t.Fatal(err)
	}
	return mine.Rows
}

// stored is every byte that the database keeps of declarations, releases and audit lines.
func (h *house) stored() []byte {
	h.t.Helper()
	var all bytes.Buffer
	err := h.d.Read(h.t.Context(), func(tx *db.Tx) error {
		var declarations []models.GenderDeclaration
		var releases []models.GenderRelease
		var lines []models.AuditLine
		for _, list := range []any{&declarations, &releases, &lines} {
			if err := tx.DB.Find(list).Error; err != nil {
				return err
			}
		}
		for _, d := range declarations {
			all.Write(d.Sealed)
		}
		for _, r := range releases {
			all.Write(r.CountedSealed)
		}
		for _, l := range lines {
			all.WriteString(l.Act + l.Detail + "\n")
		}
		return nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return all.Bytes()
}

func shown(t *testing.T, p disclosure.Protected, key string) disclosure.Shown {
	t.Helper()
	row, found := p.Row(key)
	counts, ok := row.Counts()
	if !found || !ok {
		t.Fatalf("row %q shows %q", key, row.Level())
	}
	return counts
}

func TestDeclare_IsReadByItsOwnerOnly(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		alba, bru := h.account(), h.account()
		bru.Roles = []models.RoleTerm{{Role: models.RoleAdministrator}, {Role: models.RoleAuditor}}
		said := Declaration{Identities: []Identity{Woman, Trans}, Words: "dona trans del barri", CountIn: CountWomen, Consents: []Use{UseMembership, UseSpeaking}}
		if err := h.Declare(t.Context(), alba, said, "form"); err != nil {
			t.Fatal(err)
		}
		own, err := h.Own(t.Context(), alba)
		if err != nil || !own.Stored || !reflect.DeepEqual(own.Declaration, said) || own.CountsFrom != july {
			t.Errorf("Alba reads %+v, %v", own, err)
		}
		if other, err := h.Own(t.Context(), bru); err != nil || other.Stored || !reflect.DeepEqual(other.Declaration, Declaration{}) {
			t.Errorf("the administrator reads %+v, %v", other, err)
		}
		if _, err := h.Own(t.Context(), identity.Actor{}); !fault.Has(err, "identity.sign_in_needed") {
			t.Errorf("nobody reads: %v", err)
		}
		if err := h.Declare(t.Context(), identity.Actor{}, said, ""); !fault.Has(err, "identity.sign_in_needed") {
			t.Errorf("nobody declares: %v", err)
		}
		h.publish(julyBegins.Add(time.Hour))
		for _, word := range []string{"woman", "women", "trans", "barri", "speaking", "count_in", "people"} {
			if bytes.Contains(h.stored(), []byte(word)) {
				t.Errorf("the database says %q in clear", word)
			}
		}
	})
}

// When an installation has lost its key, people are told so, and may declare or withdraw again.
func TestOwn_WithAnotherKey_IsUnread(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		alba := h.people(1, map[CountIn]int{CountWomen: 5, CountMen: 5}, UseMembership)[0]
		h.publish(julyBegins.Add(time.Hour))
		another, err := seal.New(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		lost := New(h.d, another)
		own, err := lost.Own(t.Context(), alba)
		if err != nil || !own.Stored || !own.Unread || !reflect.DeepEqual(own.Declaration, Declaration{}) {
			t.Errorf("%+v, %v", own, err)
		}
		if opened, failed, err := lost.CheckSeals(t.Context()); err != nil || opened != 0 || failed != 10 {
			t.Errorf("opened %d, failed %d, %v", opened, failed, err)
		}
		if opened, failed, err := h.CheckSeals(t.Context()); err != nil || opened != 10 || failed != 0 {
			t.Errorf("with the right key: opened %d, failed %d, %v", opened, failed, err)
		}
		if mine, err := lost.MyRows(t.Context(), alba); err != nil || !mine.Unread || len(mine.Rows) != 0 {
			t.Errorf("%+v, %v", mine, err)
		}
		if err := lost.Declare(t.Context(), alba, Declaration{CountIn: CountAnother}, ""); err != nil {
			t.Fatal(err)
		}
		if own, err := lost.Own(t.Context(), alba); err != nil || own.Unread || own.CountIn != CountAnother {
			t.Errorf("said again: %+v, %v", own, err)
		}
	})
}

func TestDeclare_SealedValuesAreEquallyLong(t *testing.T) {
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := New(nil, sealer)
	short, err := s.sealDeclaration(1, Declaration{CountIn: CountMen})
	if err != nil {
		t.Fatal(err)
	}
	full := Declaration{Identities: Identities(), Words: strings.Repeat("\u2028", WordsMost), CountIn: CountAnother, Consents: Uses()}
	if err := full.check(); err != nil {
		t.Fatal(err)
	}
	long, err := s.sealDeclaration(1<<60, full)
	if err != nil {
		t.Fatal(err)
	}
	if len(short) != len(long) {
		t.Errorf("%d and %d bytes", len(short), len(long))
	}
}

func TestDeclare_RefusesWhatNoFormOffers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		by := h.account()
		for field, d := range map[string]Declaration{
			"count_in":   {},
			"identities": {CountIn: CountMen, Identities: []Identity{"gentleman"}},
			"consents":   {CountIn: CountMen, Consents: []Use{UseMembership, UseMembership}},
			"prefer_not": {CountIn: CountMen, PreferNotToSay: true, Identities: []Identity{Man}},
			"words":      {CountIn: CountMen, Words: strings.Repeat("à", WordsMost+1)},
		} {
			f, is := fault.As(h.Declare(t.Context(), by, d, ""))
			if !is || len(f.Details()) != 1 || f.Details()[0].Field != field {
				t.Errorf("%s: %+v", field, f)
			}
		}
		if own, err := h.Own(t.Context(), by); err != nil || own.Stored {
			t.Errorf("something was stored: %+v, %v", own, err)
		}
	})
}

func TestDeclare_SentTwiceHasOneEffect(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		by := h.account()
		var all sync.WaitGroup
		for range 6 {
			all.Go(func() {
				if err := h.Declare(t.Context(), by, Declaration{CountIn: CountMen}, "one form"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if n := strings.Count(string(h.stored()), "gender.declared"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
		h.declare(by, CountAnother)
		if own, err := h.Own(t.Context(), by); err != nil || own.CountIn != CountAnother {
			t.Errorf("the later answer is %+v, %v", own, err)
		}
		for range 2 {
			if err := h.Withdraw(t.Context(), by); err != nil {
				t.Fatal(err)
			}
		}
		if own, err := h.Own(t.Context(), by); err != nil || own.Stored {
			t.Errorf("after withdrawal: %+v, %v", own, err)
		}
		if n := strings.Count(string(h.stored()), "gender.withdrawn"); n != 1 {
			t.Errorf("%d lines of withdrawal", n)
		}
	})
}

func TestPublish_CountsPersonsByClass(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.people(h.user, map[CountIn]int{CountWomen: 12, CountMen: 9, CountAnother: 5, CountNot: 3}, UseMembership)
		h.people(h.user, map[CountIn]int{CountWomen: 2}, UseParticipation) // no consent to this use: not stated
		h.member(models.Person, h.user, identity.Actor{})                  // no account: not stated
		h.member(models.Person, h.user, h.account())                       // no answer: not stated
		h.member(models.Organisation, h.user, h.account())                 // no natural person
		twice := h.people(h.user, map[CountIn]int{CountMen: 1}, UseMembership)
		h.set("left_on", july, "account_id = ?", twice[0].Account)
		h.member(models.Person, h.work, twice[0]) // leaves one class and joins another on the same day
		gone, coming := h.member(models.Person, h.user, identity.Actor{}), h.member(models.Person, h.user, identity.Actor{})
		h.set("left_on", july.AddDays(-1), "id = ?", gone.ID)
		h.set("joined_on", july.AddDays(1), "id = ?", coming.ID)
		last := h.people(h.user, map[CountIn]int{CountWomen: 1}, UseMembership)
		h.set("left_on", july, "account_id = ?", last[0].Account) // the day of leaving counts
		late := h.account()
		h.member(models.Person, h.user, late)
		h.clock.Move(julyBegins)
		h.declare(late, CountWomen, UseMembership) // the day has begun: not stated
		h.publish(julyBegins.Add(time.Minute))
		e := h.edition()
		if e.AsOf != july {
			t.Errorf("as of %s", e.AsOf)
		}
		want := disclosure.Shown{Women: 13, Men: 10, Apart: true, Another: 5, NotStated: 8, AnotherOrNotStated: 13, Total: 36}
		if got := shown(t, e.Membership, "user"); got != want {
			t.Errorf("users: %+v, want %+v", got, want)
		}
		if rows := e.Membership.Rows(); len(rows) != 1 {
			t.Errorf("%d rows: the one worker is counted as a user already", len(rows))
		}
		if e.Class("user").NameCA != "Usuàries" {
			t.Errorf("classes: %+v", e.Classes)
		}
	})
}

func (h *house) set(column string, value any, where string, args ...any) {
	h.t.Helper()
	err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where(where, args...).Update(column, value).Error
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func TestPublish_NobodyInAGroupIsAsTellingAsOne(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.people(h.user, map[CountIn]int{CountWomen: 25, CountNot: 6}, UseMembership)
		h.people(h.work, map[CountIn]int{CountWomen: 6}, UseMembership)
		h.publish(julyBegins)
		e := h.edition()
		for _, row := range e.Membership.Rows() {
			if counts, ok := row.Counts(); ok {
				t.Errorf("%s shows %+v", row.Key(), counts)
			}
		}
		if row, _ := e.Membership.Row("worker"); row.Level() != disclosure.ShowNothing {
			t.Errorf("all six are women: %s", row.Level())
		}
	})
}

func TestPublish_Administration(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		roles := []models.Role{models.RoleFacilitator, models.RoleTreasurer, models.RoleAuditor}
		term := func(by identity.Actor, r models.Role, from, to civil.Date, ended *time.Time) {
			h.create(&models.RoleTerm{AccountID: by.Account, Role: r, StartsOn: from, EndsOn: to, Reason: "acord", AppointedAt: spring, EndedAt: ended})
		}
		begin := civil.New(2026, time.January, 1)
		for i, by := range h.people(h.user, map[CountIn]int{CountWomen: 8, CountMen: 7, CountAnother: 5}, UseAdministration) {
			term(by, roles[i%3], begin, civil.Date{}, nil)
			term(by, roles[(i+1)%3], begin, july, nil) // somebody with two posts is one person
		}
		before, at := julyBegins.Add(-time.Second), julyBegins
		ended := h.people(h.user, map[CountIn]int{CountMen: 4}, UseAdministration)
		term(ended[0], roles[0], begin, july.AddDays(-1), nil)
		term(ended[1], roles[0], july.AddDays(1), civil.Date{}, nil)
		term(ended[2], roles[0], begin, civil.Date{}, &before)
		term(ended[3], roles[0], begin, civil.Date{}, &at) // ended on the day: it ran when the day began
		term(ended[0], models.RoleAdministrator, begin, civil.Date{}, nil)
		h.publish(julyBegins.Add(time.Hour))
		e := h.edition()
		want := disclosure.Shown{Women: 8, Men: 8, AnotherOrNotStated: 5, Total: 21}
		if got := shown(t, e.Administration, RowDecisions); got != want {
			t.Errorf("posts: %+v, want %+v", got, want)
		}
		if row, found := e.Administration.Row(RowTechnical); !found || row.Level() != disclosure.ShowNothing {
			t.Errorf("one administrator: %s", row.Level())
		}
	})
}

func (h *house) assembly(closed time.Time, present ...models.Member) models.Assembly {
	h.t.Helper()
	creator := h.account()
	a := models.Assembly{Title: "Ordinària", Kind: "ordinary", FirstCallAt: closed, SecondCallAt: closed, CreatedBy: creator.Account, CreatedAt: spring, OpenedAt: &closed, OpenCall: 1, ClosedAt: &closed}
	h.create(&a)
	for _, m := range present {
		h.create(&models.Attendance{AssemblyID: a.ID, MemberID: m.ID, Mode: models.InPerson, ArrivedAt: closed, CheckedInBy: creator.Account})
	}
	return a
}

func (h *house) membersOf(all []identity.Actor) (members []models.Member) {
	h.t.Helper()
	for _, by := range all {
		var m models.Member
		if err := h.d.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&m, "account_id = ?", by.Account).Error }); err != nil {
			h.t.Fatal(err)
		}
		members = append(members, m)
	}
	return members
}

func TestPublish_AttendanceCountsPersonsOfAssembliesClosedSinceTheLastRelease(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all := h.people(h.user, map[CountIn]int{CountWomen: 8, CountMen: 8, CountNot: 6}, UseParticipation)
		present := h.membersOf(all)
		present = append(present, h.member(models.Organisation, h.user, all[0])) // the same person for an organisation
		present = append(present, h.member(models.Organisation, h.user, identity.Actor{}))
		old := h.assembly(civil.New(2025, time.July, 1).In(time.UTC).Add(-3*time.Hour), present...)
		first := h.assembly(julyBegins.Add(-time.Microsecond), present...)
		second := h.assembly(julyBegins, present...)
		h.publish(julyBegins.Add(time.Hour))
		e := h.edition()
		want := disclosure.Shown{Women: 8, Men: 8, AnotherOrNotStated: 7, Total: 23}
		if got := shown(t, e.Attendance, fmt.Sprint(first.ID)); got != want || len(e.Attendance.Rows()) != 1 {
			t.Errorf("attendance: %+v, want %+v in %d rows", got, want, len(e.Attendance.Rows()))
		}
		if a := e.Assembly(fmt.Sprint(first.ID)); a.Kind != "ordinary" || e.Assembly(fmt.Sprint(old.ID)).ID != 0 {
			t.Errorf("assemblies: %+v", e.Assemblies)
		}
		h.publish(winterBegin)
		if got := shown(t, h.edition().Attendance, fmt.Sprint(second.ID)); got != want || len(h.edition().Attendance.Rows()) != 1 {
			t.Errorf("half a year later: %+v", got)
		}
	})
}

func TestPublish_OnceForEachReleaseDay(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all := h.people(h.user, map[CountIn]int{CountWomen: 12, CountMen: 12, CountNot: 6}, UseMembership)
		h.publish(julyBegins.Add(-time.Second)) // it is still June: the day published is 1 January
		if e := h.edition(); e.AsOf != civil.New(2026, time.January, 1) {
			t.Errorf("in June, as of %s", e.AsOf)
		}
		h.clock.Move(julyBegins)
		var pool sync.WaitGroup
		for range 5 {
			pool.Go(func() {
				if err := h.Publish(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		pool.Wait()
		for _, by := range all[:5] {
			if err := h.Withdraw(t.Context(), by); err != nil {
				t.Fatal(err)
			}
		}
		h.publish(julyBegins.AddDate(0, 0, 20))
		var rows []models.GenderRelease
		if err := h.d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Where("as_of = ?", july).Find(&rows).Error }); err != nil || len(rows) != 3 {
			t.Fatalf("%d reports, %v", len(rows), err)
		}
		if n := strings.Count(string(h.stored()), "gender.published"); n != 2 {
			t.Errorf("%d audit lines", n)
		}
		if got := shown(t, h.edition().Membership, "user"); got.Women != 12 {
			t.Errorf("a release changed: %+v", got)
		}
		h.publish(winterBegin)
		if got := shown(t, h.edition().Membership, "user"); got.Women != 7 || got.Total != 30 {
			t.Errorf("withdrawals count still: %+v", got)
		}
		r, err := h.Releases(t.Context(), july)
		if err != nil || r.Edition.AsOf != july || r.Next != july.AddMonths(12) || !reflect.DeepEqual(r.Days, []civil.Date{january, july, july.AddMonths(-6)}) {
			t.Errorf("the release before is %s, next %s, days %v, %v", r.Edition.AsOf, r.Next, r.Days, err)
		}
		if _, err := h.Releases(t.Context(), july.AddDays(1)); !fault.Has(err, "equality.no_release") {
			t.Errorf("a day without release: %v", err)
		}
	})
}

// One row that is damaged counts as not stated and keeps nobody else's out; with another key nothing is published.
func TestPublish_DeclarationThatDoesNotOpenIsNotStated(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		people := h.people(h.user, map[CountIn]int{CountWomen: 9, CountMen: 8, CountNot: 6}, UseMembership)
		another, err := seal.New(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		h.clock.Move(julyBegins.Add(time.Hour))
		if err := New(h.d, another).Publish(t.Context()); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("with another key: %v", err)
		}
		if r, err := h.Releases(t.Context(), civil.Date{}); err != nil || r.Published {
			t.Errorf("with another key: %+v, %v", r, err)
		}
		broken := people[0] // one of the women
		err = h.d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.GenderDeclaration{}).Where("account_id = ?", broken.Account).UpdateColumn("sealed", []byte("damaged")).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		h.publish(julyBegins.Add(time.Hour))
		if got := shown(t, h.edition().Membership, "user"); got.Women != 8 || got.Men != 8 || got.AnotherOrNotStated != 7 {
			t.Errorf("%+v", got)
		}
		for _, row := range h.mine(broken) {
			if row.Stated {
				t.Errorf("counted as stated: %+v", row)
			}
		}
	})
}

func TestPublish_NothingForDaysBeforeTheCooperativeWasHere(t *testing.T) {
	dbtest.Each(t, clock.At(spring), func(t *testing.T, d *db.DB) {
		sealer, err := seal.New(seal.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		h := &house{Service: New(d, sealer), t: t, d: d}
		if err := h.Publish(t.Context()); err != nil {
			t.Errorf("without a cooperative: %v", err)
		}
		h.create(&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: spring})
		if err := h.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if r, err := h.Releases(t.Context(), civil.Date{}); err != nil || r.Published || r.Next != july {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestMyRows_ShowEachPersonTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		all := h.people(h.user, map[CountIn]int{CountWomen: 12, CountMen: 9, CountNot: 6}, UseMembership)
		outsider := h.account()
		a := h.assembly(julyBegins.Add(-time.Hour), h.membersOf(all[:1])...)
		h.publish(julyBegins)
		want := []MyRow{
			{AsOf: july, Report: ReportMembership, Key: "user", Stated: true, Level: disclosure.ShowCounts},
			{AsOf: july, Report: ReportMembership, Key: "", Stated: true, Level: disclosure.ShowCounts},
			{AsOf: july, Report: ReportAttendance, Key: fmt.Sprint(a.ID), Stated: false, Level: disclosure.ShowNothing},
		}
		if got := h.mine(all[0]); !reflect.DeepEqual(got, want) {
			t.Errorf("the first reads %+v", got)
		}
		if got := h.mine(all[26]); len(got) != 2 || got[0].Stated || got[1].Stated {
			t.Errorf("who is not to be counted reads %+v", got)
		}
		if got := h.mine(outsider); len(got) != 0 {
			t.Errorf("the outsider reads %+v", got)
		}
	})
}

func TestRelease_ListOfTheCountedTellsNothingByItsLength(t *testing.T) {
	rows := []people{{key: "user", accounts: []models.AccountID{9, 10, 11}, unknown: 2}}
	length := -1
	for _, said := range []map[models.AccountID]disclosure.Group{{}, {9: disclosure.Women}, {9: disclosure.Men, 10: disclosure.Another, 11: disclosure.Women}} {
		_, list := count(rows, said)
		raw, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		if length >= 0 && len(raw) != length {
			t.Errorf("%d bytes, not %d: %s", len(raw), length, raw)
		}
		length = len(raw)
	}
}
