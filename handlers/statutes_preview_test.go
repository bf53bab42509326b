package handlers

import (
	"strings"
	"testing"

	"socia/core/methods"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
)

// voted adds a closed vote to the assembly that was held: of 20 there, so many for and five against.
func (h *openedHouse) voted(question string, yes int64) {
	h.t.Helper()
	r, _ := rules.Preset(rules.PresetCatalan)
	result, err := tally.Decide([]tally.ClassCount{{Class: "user", Roll: 30, Present: 20, For: yes, Against: 5}}, rules.DecisionOrdinary, r)
	if err != nil {
		h.t.Fatal(err)
	}
	now := h.clock.Now()
	by := models.AccountID(1)
	item := models.AgendaItem{AssemblyID: 1, Position: 7 + yes, Title: question, Decision: "ordinary"}
	h.store(&item)
	h.store(&models.Poll{Method: "motion", AssemblyID: &item.AssemblyID, AgendaItemID: &item.ID, RuleSetID: 1, Question: question, Decision: "ordinary", RollCounts: map[string]int64{"user": 30}, OpenedAt: now, OpenedBy: 1, ClosedAt: &now, ClosedBy: &by, Result: &result})
}

func TestStatutesPreview_SaysHowLastYearWouldHaveEnded_AndChangesNothing(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	h.voted("Comptes <b>2025</b>", 12)
	h.voted("Pressupost", 14)
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token, "Mira què hauria passat"))
	form.Set("step", "preview")
	// No reason yet and nothing changed: the page says that nothing would be different, and offers nothing to save.
	status, _, body := h.ask("POST", "/admin/statutes", token, form)
	for _, want := range []string{"Comptes &lt;b&gt;2025&lt;/b&gt;", "Ordinària de març", "totes aquestes votacions haurien acabat igual", "El cens i les delegacions s’hi deixen com van ser", "els resultats que es van donar es queden com són", "Encara no has canviat cap regla"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d: the preview does not say %q", status, want)
		}
	}
	if strings.Contains(body, `value="confirm"`) || strings.Contains(body, "Punt 1") {
		t.Error("nothing can be saved, and a vote without counts cannot be told again")
	}
	// Two thirds of those present: 14 of 20 are enough, 12 are not.
	form.Set("majorities.0.num", "2/3")
	form.Set("majorities.0.base", "present")
	form.Del("majorities.0.strict")
	status, _, body = h.ask("POST", "/admin/statutes", token, form)
	for _, want := range []string{"Hauria acabat diferent 1 votació.", "12 a favor, sobre 17; calia passar de 8,5.", "12 a favor, sobre 20; calia arribar a 13,33", "No aprovat", "Igual", `name="reason"`} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d: the preview does not say %q", status, want)
		}
	}
	if now, err := h.Identity.Statutes(t.Context()); err != nil || now.Version != 1 {
		t.Errorf("a preview stored version %d, %v", now.Version, err)
	}
	// Back to the form nothing typed is lost; from the preview it is saved, with a reason.
	save := formOf(body)
	save.Set("step", "edit")
	if _, _, back := h.ask("POST", "/admin/statutes", token, save); formOf(back).Get("majorities.0.num") != "2/3" || formOf(back).Get("majorities.0.base") != "present" {
		t.Error("going back loses what was typed")
	}
	save.Set("step", "confirm")
	if status, _, _ := h.ask("POST", "/admin/statutes", token, save); status != 422 {
		t.Errorf("without a reason: %d", status)
	}
	save.Set("reason", "Acord 9")
	if status, _, _ := h.ask("POST", "/admin/statutes", token, save); status != 303 {
		t.Errorf("from the preview: %d", status)
	}
	if now, err := h.Identity.Statutes(t.Context()); err != nil || now.Version != 2 || now.Body.Majorities[0].Num != 2 {
		t.Errorf("in force: version %d, %v", now.Version, err)
	}
	if len(h.texts.Missing()) > 0 {
		t.Errorf("texts are missing: %v", h.texts.Missing())
	}
}

// An election stands in the preview too, with how it ended.
func TestStatutesPreview_TellsAnElectionBesideAMotion(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	h.voted("Pressupost", 14)
	now, by := h.clock.Now(), models.AccountID(1)
	item := models.AgendaItem{AssemblyID: 1, Position: 90, Title: "Qui presideix?", Decision: "ordinary"}
	h.store(&item)
	h.store(&models.Poll{Method: methods.Approval, Setup: models.PollSetup{Setup: methods.Setup{Seats: 1}}, AssemblyID: &item.AssemblyID, AgendaItemID: &item.ID, RuleSetID: 1, Question: item.Title, Decision: "ordinary", RollCounts: map[string]int64{"user": 30}, OpenedAt: now, OpenedBy: 1, ClosedAt: &now, ClosedBy: &by, Count: &models.PollCount{}})
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token))
	form.Set("step", "preview")
	status, _, body := h.ask("POST", "/admin/statutes", token, form)
	for _, want := range []string{"Pressupost", "Qui presideix?", "No s’ha decidit res"} {
		if status != 200 || !strings.Contains(body, want) {
			t.Errorf("%d: the preview does not say %q", status, want)
		}
	}
}

func TestStatutesPreview_WithoutVotes_SaysSo_AndWrongRulesStandBesideTheirField(t *testing.T) {
	h := openHouse(t)
	h.found()
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token))
	form.Set("step", "preview")
	if status, _, body := h.ask("POST", "/admin/statutes", token, form); status != 200 || !strings.Contains(body, "no hi ha res per comparar") {
		t.Errorf("%d", status)
	}
	form.Set("counting.class_cap.num", "5/5")
	form.Set("quorum.at_vote.any", "")
	form.Set("quorum.at_vote.num", "3/2")
	form.Set("counting.most_votes", "0")
	form.Set("quorum.first.by", "weight")
	form.Set("revocation.num", "meitat")
	status, _, body := h.ask("POST", "/admin/statutes", token, form)
	for _, field := range []string{"counting.most_votes", "counting.class_cap.num", "quorum.at_vote.num", "quorum.first.by", "revocation.num"} {
		if status != 422 || !strings.Contains(body, `id="f-`+field+`-error"`) {
			t.Errorf("%d: nothing beside %s", status, field)
		}
	}
	if strings.Contains(body, `id="f-reason-error"`) {
		t.Error("a preview needs no reason")
	}
	capped := formOf(h.reads("/admin/statutes", token))
	capped.Set("step", "preview")
	for field := range capped {
		if strings.HasPrefix(field, "counting.shares.") {
			capped.Set("counting.class_cap.classes."+strings.TrimPrefix(field, "counting.shares."), "1")
		}
	}
	capped.Set("counting.class_cap.num", "2/5")
	capped.Set("counting.class_cap.base", "roll")
	if status, _, body := h.ask("POST", "/admin/statutes", token, capped); status != 422 || !strings.Contains(body, "deixa’n almenys una a fora") {
		t.Errorf("a cap on every class: %d", status)
	}
	if status, _, _ := h.ask("POST", "/admin/statutes", "", form); status == 200 {
		t.Error("anybody previews")
	}
}

// Every new rule goes through the form and is stored as it was typed.
func TestStatutes_TheNewRulesAreInTheForm(t *testing.T) {
	h := openHouse(t)
	h.found()
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token))
	for field, typed := range map[string]string{
		"step": "review", "reason": "Acord 3", "counting.most_votes": "5", "counting.class_cap.classes.worker": "1", "counting.class_cap.num": "3/10", "counting.class_cap.base": "present",
		"quorum.first.by": "each_class", "majorities.1.double": "more_half", "majorities.2.base": "cast",
		"quorum.at_vote.any": "", "quorum.at_vote.num": "1/4", "quorum.at_vote.of": "present", "quorum.at_vote.article": "Estatuts, art. 8",
		"challenge.voidable_days": "30", "information.days": "10", "office.term_years": "4", "office.no_chair.worker": "1", "revocation.num": "3/5",
	} {
		form.Set(field, typed)
	}
	form.Del("counting.class_cap.classes.collaborating")
	form.Del("revocation.secret")
	status, _, review := h.ask("POST", "/admin/statutes", token, form)
	for _, want := range []string{"Cada membre té un vot, o més si els estatuts li’n donen: 5 com a màxim.", "Val per a: De treball.", "tres dècimes parts dels vots presents i representats", "Hi ha d’arribar cada classe per separat", "en més de la meitat de les classes", "Cal emetre un quart dels vots presents i representats com a mínim", "durant 30 dies", "en 10 dies", "4 anys"} {
		if status != 200 || !strings.Contains(review, want) {
			t.Errorf("%d: the review does not say %q", status, want)
		}
	}
	confirm := formOf(review)
	confirm.Set("step", "confirm")
	if status, _, _ := h.ask("POST", "/admin/statutes", token, confirm); status != 303 {
		t.Fatalf("confirm: %d", status)
	}
	now, err := h.Identity.Statutes(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b := now.Body
	if c := b.Counting.Cap; len(c.Classes) != 1 || c.Classes[0] != "worker" || c.Num != 3 || c.Den != 10 || c.Base != rules.BasePresent || c.UnderDen != 2 {
		t.Errorf("cap %+v", c)
	}
	if b.Counting.MostVotes != 5 {
		t.Errorf("at most %d votes", b.Counting.MostVotes)
	}
	if b.Quorum.AtVote != (rules.Threshold{Num: 1, Den: 4, Of: rules.BasePresent, Article: "Estatuts, art. 8"}) || b.Quorum.First.By != rules.UnitClass {
		t.Errorf("quorum %+v", b.Quorum)
	}
	if b.Majorities[1].Double != rules.DoubleMost || b.Majorities[0].Double != rules.DoubleNone || b.Majorities[2].Base != rules.BaseCast {
		t.Errorf("majorities %+v", b.Majorities)
	}
	if b.Challenge.VoidableDays != 30 || b.Information.Days != 10 || b.Office.TermYears != 4 || len(b.Office.NoChair) != 2 || b.Revocation.Num != 3 || b.Revocation.Secret {
		t.Errorf("%+v %+v %+v %+v", b.Challenge, b.Information, b.Office, b.Revocation)
	}
}
