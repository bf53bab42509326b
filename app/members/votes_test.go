package members_test

import (
	"testing"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/fault"
	"socia/models"
)

// granted changes the statutes, so that a member may have so many votes.
func (h *house) granted(most int) {
	h.t.Helper()
	now, err := h.who.Statutes(h.t.Context())
	h.must(err)
	now.Body.Counting.MostVotes = most
	h.must(h.who.SetStatutes(h.t.Context(), h.admin, identity.StatutesChange{From: now.Version, Body: now.Body, Reason: "Acord"}, ""))
}

func TestGiveVotes_OnlyAdministrators_UpToWhatTheStatutesGrant(t *testing.T) {
	each(t, func(h *house) {
		give := func(by identity.Actor, votes int64, once string) error {
			return h.members.GiveVotes(t.Context(), by, h.plainID, votes, once)
		}
		h.refused(give(h.admin, 2, ""), fault.KindInvalid, "members.votes_range")
		h.granted(3)
		for _, votes := range []int64{-1, 0, 4} {
			h.refused(give(h.admin, votes, ""), fault.KindInvalid, "members.votes_range")
		}
		for _, by := range []identity.Actor{h.plain, h.validator, h.treasurer, {}} {
			if f, ok := fault.As(give(by, 2, "")); !ok || f.Kind != fault.KindForbidden {
				t.Errorf("%s gave votes: %v", by.Handle, f)
			}
		}
		for range 2 {
			h.must(give(h.admin, 3, "once"))
		}
		h.must(give(h.admin, 3, "again")) // says nothing new
		if m := h.stored(h.plainID); m.Votes != 3 || h.count(&models.AuditLine{}, "act = 'member.votes_given'") != 1 {
			t.Errorf("%d votes, or not one line in the log", m.Votes)
		}
		h.granted(2)
		p, err := h.members.Member(t.Context(), h.plain, h.plainID)
		if err != nil || p.Votes != 2 || p.GivenVotes != 3 || p.MostVotes != 2 {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestImport_VotesAreBoundedByTheStatutes_AndWhatIsLeftEmptyStays(t *testing.T) {
	each(t, func(h *house) {
		const head = "numero;nom;tipus;classe;data d'alta;vots\n"
		one := head + "1;Núria;persona;user;2024-01-31;2\n2;Pau;persona;user;2024-01-31;\n"
		r, err := h.members.Import(t.Context(), h.admin, []byte(one), members.ImportOptions{}, "")
		if err == nil || len(r.Faults) != 1 || r.Faults[0].Key != "members.import.bad_votes" {
			t.Fatalf("two votes where one is all: %+v, %v", r.Faults, err)
		}
		h.granted(5)
		h.imported(one, members.ImportOptions{})
		if a, b := h.byNumber(1), h.byNumber(2); a.Votes != 2 || b.Votes != 1 {
			t.Errorf("%d and %d votes", a.Votes, b.Votes)
		}
		two := head + "1;Núria;persona;user;2024-01-31;\n2;Pau;persona;user;2024-01-31;4\n"
		if r := h.imported(two, members.ImportOptions{}); r.Updated != 1 || r.Unchanged != 1 || h.byNumber(1).Votes != 2 || h.byNumber(2).Votes != 4 {
			t.Errorf("%+v", r)
		}
	})
}
