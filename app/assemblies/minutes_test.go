package assemblies

import (
	"strings"
	"testing"
	"time"

	"socia/app/polls"
	"socia/core/civil"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/db"
)

// held is an assembly that was opened, voted and closed, with one mandate and its officers.
func (w *town) held() models.AssemblyID {
	w.t.Helper()
	id, item := w.convened()
	_, err := w.svc.DeclareProxy(w.ctx(), w.as(6), id, w.id(6), w.id(1), "")
	must(w.t, err)
	w.open(id, 1, 2, 3, 4)
	must(w.t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
	poll, err := w.svc.OpenPoll(w.ctx(), w.leader, item, nil, "")
	must(w.t, err)
	w.vote(poll, map[int]models.Choice{1: models.For, 2: models.For, 3: models.For, 4: models.Against, 6: models.Abstain})
	w.clock.Advance(10 * time.Minute)
	must(w.t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
	w.clock.Advance(time.Hour)
	must(w.t, w.svc.Close(w.ctx(), w.leader, id))
	return id
}

// vote stores votes as the package polls does.
func (w *town) vote(poll models.PollID, votes map[int]models.Choice) {
	w.t.Helper()
	must(w.t, w.db.Write(w.ctx(), func(tx *db.Tx) error {
		for n, choice := range votes {
			v := models.Vote{PollID: poll, MemberID: w.id(n), Choice: choice, CastBy: *w.members[n-1].AccountID, CastAt: tx.Now}
			if err := tx.DB.Create(&v).Error; err != nil {
				return err
			}
		}
		return nil
	}))
}

func TestMinutes_DraftTellsWhatHappened(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.held()
		must(t, w.svc.DraftMinutes(w.ctx(), w.as(2), id, "", "form"))
		must(t, w.svc.DraftMinutes(w.ctx(), w.as(2), id, "", "form"))
		refused(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "", ""), "minutes.already_drafted")
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		for _, want := range []string{
			"# Acta de l’assemblea general ordinària de L’Era",
			"divendres, 11 de desembre de 2026, 18.00",
			"Presidència: Un (1)", "Secretaria: Dos (2)", "Tres (3)",
			"| De treball | 2 | 2 | 0 | 0 | 2 | 0 |",
			"| Usuàries | 7 | 2 | 0 | 1 | 3 | 0 |",
			"Llei 12/2015, art. 46.1",
			"Sis (6)",
			"### 1. Comptes de 2026",
			"> S’aproven els comptes.",
			"| Usuàries | 3 | 1 | 1 | 1 | 0 |",
			"Llei 12/2015, art. 47.1",
			"S’aprova.",
			"fins al dissabte, 11 de desembre de 2027", "fins al dimecres, 20 de gener de 2027 (Llei 12/2015, art. 52.4)",
		} {
			if !strings.Contains(r.Minutes.Body, want) {
				t.Errorf("the minutes do not say %q", want)
			}
		}
		if t.Failed() {
			t.Log(r.Minutes.Body)
		}
		if r.DueOn != civil.New(2026, 12, 26) || r.Tellers != 2 {
			t.Errorf("due on %v with %d tellers", r.DueOn, r.Tellers)
		}
	})
}

func TestMinutes_AreHiddenFromMembersUntilTheyAreFinal(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.held()
		_, err := w.svc.Minutes(w.ctx(), w.as(9), id)
		refused(t, err, "minutes.none")
		refused(t, w.svc.DraftMinutes(w.ctx(), w.as(9), id, "", ""), "minutes.not_yours")
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "en", ""))
		_, err = w.svc.Minutes(w.ctx(), w.as(9), id)
		refused(t, err, "minutes.none")
		for _, n := range []int{1, 3, 4} {
			must(t, w.svc.ApproveMinutes(w.ctx(), w.as(n), id, 1))
		}
		if _, err = w.svc.Minutes(w.ctx(), w.as(9), id); err != nil {
			t.Errorf("final minutes are hidden: %v", err)
		}
	})
}

func TestMinutes_ANewRevisionVoidsApprovals(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.held()
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "", ""))
		must(t, w.svc.ApproveMinutes(w.ctx(), w.as(1), id, 1))
		must(t, w.svc.ApproveMinutes(w.ctx(), w.as(3), id, 1))
		must(t, w.svc.EditMinutes(w.ctx(), w.as(2), id, 1, "# Acta\r\n\r\nTot bé."))
		refused(t, w.svc.EditMinutes(w.ctx(), w.leader, id, 1, "# Acta d’altri"), "minutes.changed_meanwhile")
		refused(t, w.svc.ApproveMinutes(w.ctx(), w.as(4), id, 1), "minutes.changed_meanwhile")
		must(t, w.svc.ApproveMinutes(w.ctx(), w.as(4), id, 2))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		if r.Minutes.FinalisedAt != nil || len(r.Approvals) != 1 || r.Minutes.Body != "# Acta\n\nTot bé." {
			t.Errorf("approvals of the old revision count: %+v", r)
		}
		refused(t, w.svc.EditMinutes(w.ctx(), w.as(5), id, 2, "x"), "minutes.not_yours")
		refused(t, w.svc.ApproveMinutes(w.ctx(), w.as(2), id, 2), "minutes.officers_approve")
	})
}

func TestMinutes_ApprovedByChairAndTwoTellersAtOnce_AreImmutable(t *testing.T) {
	each(t, nil, func(w *town) {
		id := w.held()
		must(t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "", ""))
		who := []int{1, 3, 4, 1, 3, 4}
		for _, err := range together(len(who), func(i int) error { return w.svc.ApproveMinutes(w.ctx(), w.as(who[i]), id, 1) }) {
			must(t, err)
		}
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(t, err)
		if r.Minutes.FinalisedAt == nil || len(r.Approvals) != 3 || r.MayEdit {
			t.Fatalf("three approvals did not make them final: %+v", r.Minutes)
		}
		if n := w.count(&models.AuditLine{}, "act = 'minutes.finalised'"); n != 1 {
			t.Errorf("finalised %d times", n)
		}
		refused(t, w.svc.EditMinutes(w.ctx(), w.leader, id, 1, "altre"), "minutes.final")
		// Not even by hand: the database itself refuses.
		err = w.db.Write(w.ctx(), func(tx *db.Tx) error {
			return tx.DB.Model(&models.Minutes{}).Where("assembly_id = ?", id).Update("body", "altre").Error
		})
		if err == nil || isKind(err, fault.KindConflict) {
			t.Errorf("the database let final minutes be changed: %v", err)
		}
	})
}

// The minutes of an election print its quorum, what each class's votes weigh with the cap and its article, every figure of
// the last round exactly, and what parity changed.
func TestMinutes_OfAnElection_TellItsArithmetic(t *testing.T) {
	capped := func(r *rules.RuleSet) {
		r.Counting.Cap = rules.ClassCap{Classes: []string{"user"}, UnderNum: 1, UnderDen: 2, Base: rules.BaseRoll, Article: "Llei 12/2015, art. 48.3"}
		r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 2, By: rules.UnitPersons, Of: rules.BasePresent, Article: "Estatuts, art. 9"}
	}
	each(t, capped, func(w *town) {
		id, item := w.convened()
		w.open(id, 1, 2, 3, 4, 5)
		must(w.t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		q := polls.Question{
			Question: "Qui presideix?", Method: methods.Choose, Options: []polls.NewOption{{Label: "Anna"}, {Label: "Berta | i més"}},
			Setup: models.PollSetup{Setup: methods.Setup{Seats: 1, Most: 1}, Reasons: models.ReasonsNone},
		}
		poll, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		must(w.t, err)
		w.vote(poll, map[int]models.Choice{1: "1,", 2: "1,", 3: ",1", 4: ",1", 5: ",1"})
		must(w.t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		must(w.t, w.svc.Close(w.ctx(), w.leader, id))
		must(w.t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "ca", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(w.t, err)
		for _, want := range []string{
			"Quòrum de la votació: 5 de 5; cal arribar a 3", "Estatuts, art. 9",
			"Llei 12/2015, art. 48.3", "Usuàries: cada vot pesa 1 × 33/100 = 33/100",
			"| Anna | 2 |", `| Berta \| i més | 99/100 |`, "**Resultat: Anna**",
		} {
			if !strings.Contains(r.Minutes.Body, want) {
				t.Errorf("the minutes do not say %q", want)
			}
		}
		if t.Failed() {
			t.Log(r.Minutes.Body)
		}
	})
}

func TestMinutes_OfAVoidElection_SayWhy(t *testing.T) {
	all := func(r *rules.RuleSet) { r.Quorum.AtVote = rules.Threshold{Num: 1, Den: 1, Of: rules.BasePresent} }
	each(t, all, func(w *town) {
		id, item := w.convened()
		w.open(id, 1, 2, 3, 4, 5)
		must(w.t, w.svc.NameOfficers(w.ctx(), w.leader, id, w.officers()))
		q := polls.Question{Question: "Ho consentim?", Method: methods.Consent, Setup: models.PollSetup{Reasons: models.ReasonsNone}}
		poll, err := w.svc.PutToVote(w.ctx(), w.leader, item, q, nil, "")
		must(w.t, err)
		w.vote(poll, map[int]models.Choice{1: "consent"})
		must(w.t, w.svc.ClosePoll(w.ctx(), w.leader, poll))
		must(w.t, w.svc.Close(w.ctx(), w.leader, id))
		must(w.t, w.svc.DraftMinutes(w.ctx(), w.leader, id, "ca", ""))
		r, err := w.svc.Minutes(w.ctx(), w.leader, id)
		must(w.t, err)
		if body := r.Minutes.Body; !strings.Contains(body, "Quòrum de la votació: 1 de 5") || !strings.Contains(body, "**No hi ha prou participació**") {
			t.Error(body)
		}
	})
}
