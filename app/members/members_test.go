package members_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

// noon is Monday 23 November 2026, one o'clock in Barcelona.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

var today = civil.New(2026, 11, 23)

// house is a cooperative with two collectives and people in every part.
type house struct {
	t       testing.TB
	db      *db.DB
	clock   *clock.Set
	who     *identity.Service
	members *members.Service

	classes    map[string]models.MemberClassID
	nord, sud  models.CollectiveID
	admin      identity.Actor
	validator  identity.Actor // of Nord
	other      identity.Actor // validates for Sud
	stranger   identity.Actor // signed in, neither member nor role
	treasurer  identity.Actor
	plain      identity.Actor // a member
	plainID    models.MemberID
	nextMember int64
}

func each(t *testing.T, test func(h *house)) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(noon)
		test(open(t, d, c))
	})
}

func open(t testing.TB, d *db.DB, c *clock.Set) *house {
	s, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	cheap := &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}
	who := identity.New(d, identity.Options{Hashing: cheap})
	h := &house{t: t, db: d, clock: c, who: who, members: members.New(d, s, who), classes: map[string]models.MemberClassID{}, nextMember: 900}
	h.must(who.Found(t.Context(), identity.Founding{
		Name: "La Sitja", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: rules.PresetCatalan, Handle: "admin", Passphrase: "una sitja plena de gra",
	}))
	h.admin = h.actor("admin")
	classes, err := h.members.Classes(t.Context())
	h.must(err)
	for _, class := range classes {
		h.classes[class.Code] = class.ID
	}
	h.nord, err = h.members.CreateCollective(t.Context(), h.admin, members.CollectiveForm{Name: "Nord"}, "")
	h.must(err)
	h.sud, err = h.members.CreateCollective(t.Context(), h.admin, members.CollectiveForm{Name: "Sud"}, "")
	h.must(err)
	h.account("vera")
	h.account("otger")
	h.account("tina")
	h.account("estranya")
	h.role("vera", models.RoleValidator, h.nord)
	h.role("otger", models.RoleValidator, h.sud)
	h.role("tina", models.RoleTreasurer, 0)
	h.validator, h.other, h.treasurer, h.stranger = h.actor("vera"), h.actor("otger"), h.actor("tina"), h.actor("estranya")
	h.plain = h.account("pau")
	h.plainID = h.member("Pau Roca", h.nord, h.plain.Account)
	h.plain = h.actor("pau")
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) account(handle string) identity.Actor {
	h.t.Helper()
	h.must(h.db.Write(h.t.Context(), func(tx *db.Tx) error {
		return tx.DB.Create(&models.Account{Handle: handle, PassphraseHash: "none", Language: "ca", CreatedAt: tx.Now}).Error
	}))
	return h.actor(handle)
}

func (h *house) actor(handle string) (a identity.Actor) {
	h.t.Helper()
	h.must(h.db.Read(h.t.Context(), func(tx *db.Tx) error {
		var account models.Account
		if err := tx.DB.Where("handle = ?", handle).Take(&account).Error; err != nil {
			return err
		}
		var err error
		a, err = identity.ActorTx(tx, account.ID)
		return err
	}))
	return a
}

func (h *house) role(handle string, role models.Role, collective models.CollectiveID) {
	h.t.Helper()
	_, err := h.who.Appoint(h.t.Context(), h.admin, identity.Appointment{Handle: handle, Role: role, CollectiveID: collective, StartsOn: today, Reason: "assembly"}, "")
	h.must(err)
}

// member stores a member directly; account 0 is none.
func (h *house) member(name string, collective models.CollectiveID, account models.AccountID) models.MemberID {
	h.t.Helper()
	h.nextMember++
	m := models.Member{Number: h.nextMember, Kind: models.Person, Name: name, SortName: strings.ToLower(name), ClassID: h.classes["user"], CollectiveID: &collective, Language: "ca", JoinedOn: civil.New(2025, 1, 1)}
	if account != 0 {
		m.AccountID = &account
	}
	h.must(h.db.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Create(&m).Error }))
	return m.ID
}

func (h *house) form(name string) members.ApplicationForm {
	return members.ApplicationForm{Kind: models.Person, Name: name, ClassID: h.classes["user"], CollectiveID: h.nord}
}

func (h *house) apply(by identity.Actor, name string) models.ApplicationID {
	h.t.Helper()
	id, err := h.members.Apply(h.t.Context(), by, h.form(name), "")
	h.must(err)
	return id
}

func (h *house) stored(id models.MemberID) (m models.Member) {
	h.t.Helper()
	h.must(h.db.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&m, id).Error }))
	return m
}

func (h *house) notices(a identity.Actor) (kinds []string) {
	h.t.Helper()
	all, err := h.who.Inbox(h.t.Context(), a)
	h.must(err)
	for _, n := range all {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// count counts the rows of a model.
func (h *house) count(model any, where string, args ...any) (n int64) {
	h.t.Helper()
	h.must(h.db.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Model(model).Where(where, args...).Count(&n).Error }))
	return n
}

func (h *house) refused(err error, kind fault.Kind, key string) {
	h.t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || !fault.Has(err, key) {
		h.t.Errorf("got %v, want %v: %s", err, kind, key)
	}
}

// together runs an act n times at once and returns the errors.
func together(n int, act func(i int) error) []error {
	errs := make([]error, n)
	done := make(chan struct{})
	for i := range n {
		go func() {
			errs[i] = act(i)
			done <- struct{}{}
		}()
	}
	for range n {
		<-done
	}
	return errs
}

func handle(i int) string { return fmt.Sprintf("sol%03d", i) }

// read reads one row.
func (h *house) read(row any, where string, args ...any) error {
	return h.db.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Where(where, args...).Take(row).Error })
}
