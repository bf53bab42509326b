package handlers_test

import (
	"strings"
	"testing"

	"socia/app/identity"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// grants changes the statutes to votes by person, of which a member may have so many.
func (h *meetingHouse) grants(most int) {
	h.Helper()
	now, err := h.Identity.Statutes(h.Context())
	h.ok(err)
	now.Body.Counting.MostVotes, now.Body.Counting.Method, now.Body.Counting.Shares = most, rules.MethodPerson, nil
	var by identity.Actor
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) (err error) {
		var account models.Account
		if err := tx.DB.Where("handle = 'laia'").Take(&account).Error; err != nil {
			return err
		}
		by, err = identity.ActorTx(tx, account.ID)
		return err
	}))
	h.ok(h.Identity.SetStatutes(h.Context(), by, identity.StatutesChange{From: now.Version, Body: now.Body, Reason: "Acord"}, ""))
}

func TestMemberVotes_AreGivenOnAPage_OnlyWhereTheStatutesGrantThem(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	laia, marta := h.as("laia"), h.as("marta")
	at := "/members/" + h.idOf(h.number("marta"))
	if page := laia.see(at); strings.Contains(page, at+"/votes") || strings.Contains(page, "<dt>Vots</dt>") {
		t.Error("votes are told where everybody has one")
	}
	h.grants(3)
	laia.shows(at, `href="`+at+`/votes"`)
	laia.shows(at+"/votes", `value="1"`, "De 1 a 3")
	laia.fails(422, "entre 1 i 3", at+"/votes", "votes", "4")
	laia.fails(422, `value="molts"`, at+"/votes", "votes", "molts")
	laia.do(at+"/votes", "votes", "2")
	for _, g := range []guest{laia, marta} {
		g.shows(at, "<dt>Vots</dt>")
	}
	if status, _, _ := marta.post(at+"/votes", "votes", "3"); status != 403 {
		t.Errorf("members give themselves votes: %d", status)
	}
}

// Where somebody has more than one vote the ballot, the result, the roll and the quorum say so; where nobody has, none
// of them speaks of it.
func TestVotes_AreToldWhereTheyAreNotHeads(t *testing.T) {
	h := openMeeting(t, db.SQLite)
	before := h.asks("choose", "most", "1")
	if page := before.see(before.page); strings.Contains(page, "compta per") {
		t.Error("a ballot says that a vote counts one")
	}
	h.grants(3)
	h.as("laia").do("/members/"+h.idOf(h.number("marta"))+"/votes", "votes", "2")
	b := h.asks("choose", "most", "1", "once", "second")
	b.shows(b.page, "El teu vot compta per 2.")
	if page := before.see(before.page); strings.Contains(page, "compta per") {
		t.Error("a poll that was open already has changed")
	}
	if status, body := b.sends("ca", "choice", "1"); status != 303 {
		t.Fatalf("%d %s", status, errorsIn(body))
	}
	consent := h.asks("consent")
	if page := consent.see(consent.page); strings.Contains(page, "compta per") {
		t.Error("consent counts votes")
	}
	jordi := h.as("jordi")
	jordi.do(b.page + "/closing")
	jordi.shows(b.page, `<th scope="col" class="num">Vots</th>`, "Ha votat 1 de")
	if !strings.Contains(jordi.see(b.page+"/papers.csv"), "\n2,1,,") {
		t.Error("the file of papers does not count two")
	}
	id := jordi.convene()
	jordi.shows(id+"/roll", `>Vots</th>`)
	b.shows(id+"/roll", "Hi tens 2 vots.", `>Vots</th>`)
	jordi.shows(id, "Vots del cens")
}
