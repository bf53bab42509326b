package proposals

import (
	"testing"
	"time"
	_ "time/tzdata" // Europe/Madrid must exist on every machine

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
)

var noon = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

// house is a cooperative in one database, with its people.
type house struct {
	*testing.T
	db        *db.DB
	clock     *clock.Set
	proposals *Service
	class     models.MemberClass
	members   int64
}

func newHouse(t *testing.T, d *db.DB, c *clock.Set) *house {
	t.Helper()
	c.Move(noon)
	h := &house{T: t, db: d, clock: c, proposals: New(d)}
	body, _ := rules.Preset(rules.PresetCatalan)
	h.class = models.MemberClass{Code: "user", NameCA: "Usuàries", Position: 1}
	h.create(&models.Cooperative{ID: 1, Name: "Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: noon})
	h.create(&models.RuleSet{Version: 1, Preset: body.Preset, Body: body, CreatedAt: noon})
	h.create(&h.class)
	return h
}

func (h *house) create(row any) {
	h.Helper()
	if err := h.db.Write(h.Context(), func(tx *db.Tx) error { return tx.DB.Create(row).Error }); err != nil {
		h.Fatal(err)
	}
}

func (h *house) account(handle string, roles ...models.Role) identity.Actor {
	h.Helper()
	a := models.Account{Handle: handle, Language: "ca", CreatedAt: noon}
	h.create(&a)
	by := identity.Actor{Account: a.ID, Handle: handle, Language: "ca"}
	for _, r := range roles {
		by.Roles = append(by.Roles, models.RoleTerm{AccountID: a.ID, Role: r})
	}
	return by
}

func (h *house) member(name string) (models.Member, identity.Actor) {
	h.Helper()
	by := h.account("account of " + name)
	h.members++
	m := models.Member{Number: h.members, Kind: models.Person, Name: name, ClassID: h.class.ID, AccountID: &by.Account,
		Language: "ca", JoinedOn: civil.New(2020, time.January, 1), CreatedAt: noon}
	h.create(&m)
	by.Members = []models.Member{m}
	return m, by
}

func (h *house) leaves(m models.Member, on civil.Date) {
	h.Helper()
	err := h.db.Write(h.Context(), func(tx *db.Tx) error { return tx.DB.Model(&m).Update("left_on", on).Error })
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) draft(m models.Member, by identity.Actor, title string) models.ProposalID {
	h.Helper()
	id, err := h.proposals.Write(h.Context(), by, Text{Author: m.ID, Title: title, Body: "Obrim tres horts."})
	if err != nil {
		h.Fatal(err)
	}
	return id
}

func (h *house) published(m models.Member, by identity.Actor, title string) models.ProposalID {
	h.Helper()
	id := h.draft(m, by, title)
	if err := h.proposals.Publish(h.Context(), by, id, ""); err != nil {
		h.Fatal(err)
	}
	return id
}

func (h *house) schedule(id models.ProposalID) (v models.ProposalVersion, err error) {
	err = h.db.Write(h.Context(), func(tx *db.Tx) (err error) {
		v, err = ScheduleTx(h.Context(), tx, id)
		return err
	})
	return v, err
}

func (h *house) decide(id models.ProposalID, approved bool) error {
	return h.db.Write(h.Context(), func(tx *db.Tx) error { return DecidedTx(h.Context(), tx, id, approved) })
}

func (h *house) show(by identity.Actor, id models.ProposalID) Sheet {
	h.Helper()
	v, err := h.proposals.Show(h.Context(), by, id)
	if err != nil {
		h.Fatal(err)
	}
	return v
}
