package assemblies

import (
	"strings"
	"testing"
	"time"

	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// strict asks for a tenth at the second call, as Ley 27/1999 does.
func strict(r *rules.RuleSet) {
	spanish, _ := rules.Preset(rules.PresetSpanish)
	r.Quorum = spanish.Quorum
}

// withProposal is a convened assembly with a proposal on its agenda.
func (w *town) withProposal() (models.AssemblyID, models.ProposalID) {
	w.t.Helper()
	published := w.clock.Now()
	p := models.Proposal{AuthorID: w.id(1), State: models.ProposalPublished, CreatedAt: w.clock.Now(), PublishedAt: &published}
	must(w.t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
		if err := tx.DB.Create(&p).Error; err != nil {
			return err
		}
		return tx.DB.Create(&models.ProposalVersion{ProposalID: p.ID, Number: 1, Title: "Forn", Body: "Un forn nou.", ByID: *w.members[0].AccountID, CreatedAt: tx.Now}).Error
	}))
	id := w.draft()
	_, err := w.svc.AddItem(w.ctx(), w.leader, id, Item{Decision: string(rules.DecisionOrdinary), Proposal: &p.ID}, "")
	must(w.t, err)
	must(w.t, w.svc.Convene(w.ctx(), w.leader, id, ""))
	return id, p.ID
}

func TestEndUnheld_NoQuorumAtTheSecondCall_ProposalsComeBackAndEverybodyIsTold(t *testing.T) {
	each(t, strict, func(w *town) {
		id, proposal := w.withProposal()
		w.giveEmail(1, "un@example.org")
		must(t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		end := func(reason string) error { return w.svc.EndUnheld(w.ctx(), w.leader, id, reason, "form") }
		refused(t, end(" "), "ui.error.required")
		refused(t, w.svc.EndUnheld(w.ctx(), w.as(1), id, "x", ""), "identity.role_needed")
		w.clock.Move(firstCall)
		refused(t, end("x"), "assemblies.between_calls")
		w.clock.Move(secondCall)
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 2), "assemblies.no_quorum")
		must(t, end("No va venir ningú."))
		must(t, end("No va venir ningú.")) // the form sent twice
		refused(t, w.svc.EndUnheld(w.ctx(), w.leader, id, "x", ""), "assemblies.closed")
		refused(t, w.svc.Open(w.ctx(), w.leader, id, 2), "assemblies.closed")

		v, err := w.svc.Show(w.ctx(), w.as(1), id)
		must(t, err)
		if v.Now != models.AssemblyClosed || v.End != NotHeld || v.Assembly.NotHeldReason != "No va venir ningú." || !v.WantsMinutes() {
			t.Errorf("the page says %+v", v.Assembly)
		}
		if w.count(&models.Proposal{}, "id = ? AND state = ?", proposal, models.ProposalPublished) != 1 {
			t.Error("the proposal did not come back")
		}
		if n := w.count(&models.InboxNotice{}, "kind = 'assemblies.told.not_held'"); n != 10 {
			t.Errorf("%d of ten members were told", n)
		}
		if n := w.count(&models.AuditLine{}, "act = 'assembly.not_held'"); n != 1 {
			t.Errorf("%d audit lines", n)
		}
		w.work()
		letters, err := w.mail.Kept(w.ctx())
		must(t, err)
		// The notice was still waiting: it would call to an assembly that is over, and is not sent.
		if len(letters) != 1 || !strings.Contains(letters[0].Body, "No va venir ningú.") || !strings.Contains(letters[0].Subject, "no s’ha fet") {
			t.Errorf("letters: %+v", letters)
		}
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "ca", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		for _, want := range []string{"L’assemblea no es va fer", "No va venir ningú.", "| Usuàries | 7 | 0 | 0 | 0 | 0 | 0 |"} {
			if !strings.Contains(r.Minutes.Body, want) {
				t.Errorf("the minutes do not say %q:\n%s", want, r.Minutes.Body)
			}
		}
		for _, not := range []string{"S’obre en", "Hi ha quòrum"} {
			if strings.Contains(r.Minutes.Body, not) {
				t.Errorf("the minutes say %q", not)
			}
		}
	})
}

func TestEndUnheld_BeforeTheFirstCall_IsCalledOff(t *testing.T) {
	each(t, nil, func(w *town) {
		id, proposal := w.withProposal()
		refused(t, w.svc.EndUnheld(w.ctx(), w.leader, w.draft(), "x", ""), "assemblies.not_convened")
		w.work()
		w.giveEmail(1, "un@example.org")
		w.clock.Move(firstCall.Add(-time.Microsecond))
		must(t, w.svc.EndUnheld(w.ctx(), w.leader, id, "S’ha inundat l’Ateneu.", ""))
		refused(t, w.svc.CheckIn(w.ctx(), w.leader, id, w.id(1), models.InPerson), "assemblies.closed")
		v, err := w.svc.Show(w.ctx(), w.as(1), id)
		must(t, err)
		if v.End != CalledOff || v.WantsMinutes() {
			t.Errorf("it ended %q", v.End)
		}
		refused(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "ca", ""), "minutes.nobody_to_approve")
		if w.count(&models.Proposal{}, "id = ? AND state = ?", proposal, models.ProposalPublished) != 1 {
			t.Error("the proposal did not come back")
		}
		w.work()
		letters, err := w.mail.Kept(w.ctx())
		must(t, err)
		if len(letters) != 1 || !strings.Contains(letters[0].Body, "S’ha inundat l’Ateneu.") || !strings.Contains(letters[0].Subject, "es desconvoca") {
			t.Errorf("letters: %+v", letters)
		}
	})
}
