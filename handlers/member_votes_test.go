package handlers_test

import (
	"strings"
	"testing"

	"socia/app/identity"
	"socia/models"
	"socia/platform/db"
)

// grants changes the statutes, so that a member may have so many votes.
func (h *meetingHouse) grants(most int) {
	h.Helper()
	now, err := h.Identity.Statutes(h.Context())
	h.ok(err)
	now.Body.Counting.MostVotes = most
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
