package proposals

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/fault"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

func kind(err error) fault.Kind {
	if f, ok := fault.As(err); ok {
		return f.Kind
	}
	return 0
}

func TestProposal_FromDraftToDecision(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		id := h.draft(m, by, "Tres horts")
		if err := h.proposals.Revise(t.Context(), by, id, Text{Title: "Tres  horts\nnous", Body: "Obrim tres horts nous.\u202e\x07", Base: 1}); err != nil {
			t.Fatal(err)
		}
		if err := h.proposals.Publish(t.Context(), by, id, ""); err != nil {
			t.Fatal(err)
		}
		if err := h.proposals.Revise(t.Context(), by, id, Text{Title: "Tres horts nous", Body: "Obrim quatre horts.", Base: 2}); err != nil {
			t.Fatal(err)
		}
		v, err := h.schedule(id)
		if err != nil || v.Number != 3 || v.Body != "Obrim quatre horts." {
			t.Fatalf("scheduled %+v, %v", v, err)
		}
		for name, err := range map[string]error{
			"revise":   h.proposals.Revise(t.Context(), by, id, Text{Title: "x", Body: "y", Base: 3}),
			"withdraw": h.proposals.Withdraw(t.Context(), by, id, ""),
			"publish":  h.proposals.Publish(t.Context(), by, id, ""),
			"support":  h.proposals.Support(t.Context(), by, id, m.ID, ""),
			"undo":     h.proposals.TakeBack(t.Context(), by, id, m.ID, ""),
		} {
			if kind(err) != fault.KindConflict {
				t.Errorf("%s when it is on an agenda: %v", name, err)
			}
		}
		if err := h.decide(id, true); err != nil {
			t.Fatal(err)
		}
		if err := h.decide(id, false); !fault.Has(err, "proposals.state_changed") {
			t.Errorf("decided twice: %v", err)
		}
		s := h.show(by, id)
		if s.Proposal.State != models.ProposalApproved || len(s.Versions) != 3 || s.Versions[1].Title != "Tres horts nous" || s.Editable() {
			t.Errorf("sheet %+v", s)
		}
		var notices []models.InboxNotice
		if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Order("id").Find(&notices).Error }); err != nil {
			t.Fatal(err)
		}
		if len(notices) != 2 || notices[1].Kind != "proposals.notice_approved" || notices[1].Args["Title"] != "Tres horts nous" {
			t.Errorf("notices %+v", notices)
		}
		for _, sql := range []string{"UPDATE proposal_versions SET body = 'x'", "DELETE FROM proposal_versions"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(sql).Error })
			if err == nil || !strings.Contains(err.Error(), "never changed") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})
}

func TestProposal_OnlyTheAuthorChangesIt_AndStrangersDoNotKnowADraft(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		_, other := h.member("Berta")
		id := h.draft(m, by, "Tres horts")
		strangers := map[string]identity.Actor{"nobody": {}, "member": other,
			"facilitator": h.account("f", models.RoleFacilitator), "administrator": h.account("a", models.RoleAdministrator)}
		acts := func(who identity.Actor) map[string]error {
			_, show := h.proposals.Show(t.Context(), who, id)
			_, compare := h.proposals.Compare(t.Context(), who, id, 1, 1)
			_, _, read := h.proposals.Read(t.Context(), who, id, 1)
			return map[string]error{
				"show": show, "compare": compare, "read": read,
				"revise":   h.proposals.Revise(t.Context(), who, id, Text{Title: "x", Body: "y", Base: 1}),
				"publish":  h.proposals.Publish(t.Context(), who, id, ""),
				"withdraw": h.proposals.Withdraw(t.Context(), who, id, ""),
				"support":  h.proposals.Support(t.Context(), who, id, m.ID, ""),
			}
		}
		for name, who := range strangers {
			for act, err := range acts(who) {
				if !fault.Has(err, "proposals.not_found") {
					t.Errorf("%s, %s of a draft: %v", name, act, err)
				}
			}
			p, err := h.proposals.List(t.Context(), who, Filter{State: models.ProposalDraft})
			if err != nil || len(p.Proposals) != 0 {
				t.Errorf("%s lists drafts: %+v, %v", name, p, err)
			}
			if _, err := h.proposals.Write(t.Context(), who, Text{Author: m.ID, Title: "x", Body: "y"}); kind(err) != fault.KindForbidden {
				t.Errorf("%s writes in somebody's name: %v", name, err)
			}
		}
		if p, err := h.proposals.List(t.Context(), by, Filter{State: models.ProposalDraft}); err != nil || len(p.Proposals) != 1 {
			t.Errorf("the author lists drafts: %+v, %v", p, err)
		}
		if err := h.proposals.Publish(t.Context(), by, id, ""); err != nil {
			t.Fatal(err)
		}
		for name, who := range strangers {
			for act, err := range acts(who) {
				if reads := act == "show" || act == "compare" || act == "read"; reads == (err != nil) || (!reads && kind(err) != fault.KindForbidden) {
					t.Errorf("%s, %s of a published proposal: %v", name, act, err)
				}
			}
			s := h.show(who, id)
			if (s.AuthorName == "Aina") != who.SignedIn() || (s.AuthorName != "" && s.AuthorName != "Aina") {
				t.Errorf("%s is told the author %q", name, s.AuthorName)
			}
			p, err := h.proposals.List(t.Context(), who, Filter{})
			if err != nil || len(p.Proposals) != 1 || (p.Proposals[0].AuthorName != "") != who.SignedIn() {
				t.Errorf("%s lists %+v, %v", name, p, err)
			}
		}
	})
}

func TestProposal_WithdrawnDraft_StaysTheAuthorsAlone(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		draft, published := h.draft(m, by, "A"), h.published(m, by, "B")
		for _, id := range []models.ProposalID{draft, published} {
			if err := h.proposals.Withdraw(t.Context(), by, id, ""); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := h.proposals.Show(t.Context(), identity.Actor{}, draft); !fault.Has(err, "proposals.not_found") {
			t.Errorf("a withdrawn draft: %v", err)
		}
		if s := h.show(identity.Actor{}, published); s.Proposal.WithdrawnAt == nil {
			t.Errorf("%+v", s)
		}
		p, err := h.proposals.List(t.Context(), identity.Actor{}, Filter{State: models.ProposalWithdrawn})
		if err != nil || len(p.Proposals) != 1 || p.Proposals[0].Title != "B" {
			t.Errorf("%+v, %v", p, err)
		}
	})
}

func TestSupport_CountsEachMemberOfTodayOnce_UntilTheAgenda(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		id := h.published(m, by, "Tres horts")
		var others []identity.Actor
		for i := range 20 {
			_, o := h.member(fmt.Sprint("Membre ", i))
			others = append(others, o)
		}
		gone, byGone := h.member("Gone")
		if err := h.proposals.Support(t.Context(), byGone, id, gone.ID, ""); err != nil {
			t.Fatal(err)
		}
		h.leaves(gone, civil.New(2026, time.May, 31))
		if err := h.proposals.Support(t.Context(), byGone, id, gone.ID, ""); !fault.Has(err, "proposals.membership_needed") {
			t.Errorf("who left supports: %v", err)
		}
		// 21 members, 10 %: 3. The same member many times at once counts once.
		var wg sync.WaitGroup
		for range 8 {
			for _, o := range others[:2] {
				wg.Go(func() {
					if err := h.proposals.Support(t.Context(), o, id, o.Members[0].ID, ""); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		if err := h.proposals.Support(t.Context(), others[3], id, others[4].Members[0].ID, ""); kind(err) != fault.KindForbidden {
			t.Errorf("in somebody else's name: %v", err)
		}
		s := h.show(others[0], id)
		if s.Supporters != 2 || s.Threshold.Needed != 3 || s.Threshold.Members != 21 || s.Threshold.Reached(s.Supporters) || s.Mine[0].Since == nil || s.Names != nil {
			t.Errorf("sheet %+v", s)
		}
		if err := h.proposals.Support(t.Context(), others[2], id, others[2].Members[0].ID, "form"); err != nil {
			t.Fatal(err)
		}
		s = h.show(h.account("f", models.RoleFacilitator), id)
		current := 0
		for _, n := range s.Names {
			if n.Current {
				current++
			}
		}
		if !s.Threshold.Reached(s.Supporters) || len(s.Names) != 4 || current != 3 {
			t.Errorf("the facilitator sees %+v", s)
		}
		if err := h.proposals.TakeBack(t.Context(), others[2], id, others[2].Members[0].ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := h.proposals.Support(t.Context(), others[2], id, others[2].Members[0].ID, "form"); err != nil {
			t.Fatal(err)
		}
		if s = h.show(by, id); s.Supporters != 2 {
			t.Errorf("an old form sent again supports again: %d", s.Supporters)
		}
		h.clock.Advance(time.Hour)
		if err := h.proposals.Revise(t.Context(), by, id, Text{Title: "Quatre horts", Body: "x", Base: 1}); err != nil {
			t.Fatal(err)
		}
		if !h.show(others[0], id).Changed || h.show(others[5], id).Changed {
			t.Error("who supported an older text must be told")
		}
	})
}

func TestWrite_BadInputAndTwiceSentForms(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		_, err := h.proposals.Write(t.Context(), by, Text{Author: m.ID, Title: " \u202e ", Body: strings.Repeat("à", BodyMost+1)})
		if !fault.Has(err, "ui.error.required") || !fault.Has(err, "proposals.too_long") {
			t.Errorf("bad text: %v", err)
		}
		text := Text{Author: m.ID, Title: strings.Repeat("à", TitleMost), Body: strings.Repeat("à", BodyMost), Once: "form"}
		var wg sync.WaitGroup
		made := make(chan models.ProposalID, 8)
		for range 8 {
			wg.Go(func() {
				id, err := h.proposals.Write(t.Context(), by, text)
				if err != nil {
					t.Error(err)
				}
				made <- id
			})
		}
		wg.Wait()
		close(made)
		first := <-made
		for id := range made {
			if id != first || id == 0 {
				t.Errorf("one form made %d and %d", first, id)
			}
		}
		// Two windows on the same text: the second is told, and nothing is overwritten.
		errs := make(chan error, 2)
		for i := range 2 {
			wg.Go(func() {
				errs <- h.proposals.Revise(t.Context(), by, first, Text{Title: fmt.Sprint("Finestra ", i), Body: "x", Base: 1})
			})
		}
		wg.Wait()
		close(errs)
		refused := 0
		for err := range errs {
			if fault.Has(err, "proposals.changed_meanwhile") {
				refused++
			} else if err != nil {
				t.Error(err)
			}
		}
		s := h.show(by, first)
		if refused != 1 || len(s.Versions) != 2 {
			t.Errorf("%d refused, %d versions", refused, len(s.Versions))
		}
		if err := h.proposals.Revise(t.Context(), by, first, Text{Title: s.Text.Title, Body: "x", Base: 1}); err != nil || len(h.show(by, first).Versions) != 2 {
			t.Errorf("the same text made a version: %v", err)
		}
	})
}

func TestSchedule_AgainstWithdrawalAndSupport_OneWins(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		for range 10 {
			id := h.published(m, by, "Tres horts")
			var wg sync.WaitGroup
			var scheduled, withdrawn error
			wg.Go(func() { _, scheduled = h.schedule(id) })
			wg.Go(func() { withdrawn = h.proposals.Withdraw(t.Context(), by, id, "") })
			wg.Wait()
			state := h.show(by, id).Proposal.State
			if (scheduled == nil) == (withdrawn == nil) || (scheduled == nil) != (state == models.ProposalScheduled) {
				t.Errorf("scheduled %v, withdrawn %v, %s", scheduled, withdrawn, state)
			}
		}
	})
}

func TestList_PagesByStateAndRefusesWhatItDoesNotKnow(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		for i := range 35 {
			id := h.published(m, by, fmt.Sprint("Proposta ", i))
			if i%5 == 0 {
				if _, err := h.schedule(id); err != nil {
					t.Fatal(err)
				}
			}
		}
		h.draft(m, by, "Esborrany")
		for state, want := range map[models.ProposalState]int{"": 35, models.ProposalPublished: 28, models.ProposalScheduled: 7, models.ProposalDraft: 1, models.ProposalRejected: 0} {
			seen := map[models.ProposalID]bool{}
			for f := (Filter{State: state}); ; {
				p, err := h.proposals.List(t.Context(), by, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range p.Proposals {
					seen[x.Proposal.ID] = true
				}
				if f.Before = p.Next; p.Next == 0 {
					break
				}
			}
			if len(seen) != want {
				t.Errorf("%q: %d, want %d", state, len(seen), want)
			}
		}
		if _, err := h.proposals.List(t.Context(), by, Filter{State: "' OR 1=1 --"}); !fault.Has(err, "proposals.filter_unknown") {
			t.Errorf("a hostile state: %v", err)
		}
	})
}

func TestShow_AgendaOfAnAssemblyThatIsNotConvened_TellsNothingOfIt(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		id := h.published(m, by, "Tres horts")
		v, err := h.schedule(id)
		if err != nil {
			t.Fatal(err)
		}
		a := models.Assembly{Title: "Secreta encara", Kind: "ordinary", FirstCallAt: noon, SecondCallAt: noon, CreatedBy: by.Account, CreatedAt: noon}
		h.create(&a)
		h.create(&models.AgendaItem{AssemblyID: a.ID, Position: 1, Title: v.Title, Decision: "ordinary", ProposalID: &id, ProposalVersionID: &v.ID})
		if got := h.show(identity.Actor{}, id).Agendas; len(got) != 0 {
			t.Errorf("before the notice: %+v", got)
		}
		err = d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&a).Update("convened_at", noon).Error })
		if err != nil {
			t.Fatal(err)
		}
		if got := h.show(identity.Actor{}, id).Agendas; len(got) != 1 || got[0].Title != "Secreta encara" || !got[0].At.Equal(noon) {
			t.Errorf("after the notice: %+v", got)
		}
	})
}

func TestCompare_WordByWord(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"Obrim tres horts.", "Obrim quatre horts.", "Obrim [-tres-]{+quatre+} horts."},
		{"Obrim tres horts vells avui", "Obrim dos camps nous avui", "Obrim [-tres horts vells-]{+dos camps nous+} avui"},
		{"A\nB", "A\nB\nC", "A\nB{+\nC+}"},
		{"", "nou", "{+nou+}"},
		{"vell", "", "[-vell-]"},
		{"igual", "igual", "igual"},
		{"col·lectiu", "col·lectius", "[-col·lectiu-]{+col·lectius+}"},
	} {
		var got strings.Builder
		for _, p := range Words(c.a, c.b) {
			switch p.Change {
			case Same:
				got.WriteString(p.Text)
			case Gone:
				got.WriteString("[-" + p.Text + "-]")
			case Added:
				got.WriteString("{+" + p.Text + "+}")
			}
		}
		if got.String() != c.want {
			t.Errorf("%q → %q: %s, want %s", c.a, c.b, got.String(), c.want)
		}
	}
}

func TestCompare_BothTextsAreInTheResult(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("ab ·\n.à\t漢")), 0, 60, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		var before, after strings.Builder
		for _, p := range Words(a, b) {
			if p.Change != Added {
				before.WriteString(p.Text)
			}
			if p.Change != Gone {
				after.WriteString(p.Text)
			}
		}
		if before.String() != a || after.String() != b {
			t.Fatalf("%q → %q gives back %q and %q", a, b, before.String(), after.String())
		}
	})
}

func TestCompare_LongTexts_AreQuick(t *testing.T) {
	a := strings.Repeat("un dos tres quatre cinc ", BodyMost/24)
	b := strings.Repeat("sis set vuit nou deu onze ", BodyMost/26)
	began := time.Now()
	Words(a, b)
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestCompare_AnyOrder_UnknownVersionIsNotFound(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d, c)
		m, by := h.member("Aina")
		id := h.published(m, by, "Tres horts")
		if err := h.proposals.Revise(t.Context(), by, id, Text{Title: "Quatre horts", Body: "Obrim quatre horts.", Base: 1}); err != nil {
			t.Fatal(err)
		}
		x, err := h.proposals.Compare(t.Context(), identity.Actor{}, id, 2, 1)
		if err != nil || x.From.Number != 1 || x.To.Number != 2 || x.Title[0] != (Piece{Gone, "Tres"}) {
			t.Errorf("%+v, %v", x, err)
		}
		for _, n := range []int64{0, -1, 3, 1 << 62} {
			if _, err := h.proposals.Compare(t.Context(), by, id, 1, n); kind(err) != fault.KindNotFound {
				t.Errorf("version %d: %v", n, err)
			}
		}
	})
}
