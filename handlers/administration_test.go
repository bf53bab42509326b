package handlers

import (
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"socia/app/audit"
	"socia/app/identity"
	"socia/app/operations"
	"socia/app/polls"
	"socia/app/transparency"
	"socia/core/civil"
	"socia/core/methods"
	"socia/core/tally"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

// openedHouse is a served cooperative of one test.
type openedHouse struct {
	t     *testing.T
	d     *db.DB
	clock *clock.Set
	texts *i18n.Bundle
	app   *fiber.App
	mail  *mail.Local
	Services
}

const openedSecret = "cinc paraules soltes per entrar"

// ask sends a request as an account ("" for nobody) and gives status, place to go on and body.
func (h *openedHouse) ask(method, path, token string, form url.Values) (status int, location, body string) {
	h.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Header.Set("Accept-Language", "ca")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "socia", Value: token})
	}
	answer, err := h.app.Test(r, -1)
	if err != nil {
		h.t.Fatal(err)
	}
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	if token == "" && answer.Header.Get("Set-Cookie") != "" {
		h.t.Errorf("%s sets a cookie before anybody signs in", path)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(raw)
}

func (h *openedHouse) signIn(handle string) string {
	h.t.Helper()
	token, err := h.Identity.SignIn(h.t.Context(), handle, openedSecret, "test", "test")
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

// openHouse serves a cooperative that has decided a little: for the public pages, home and administration.
func openHouse(t *testing.T) *openedHouse {
	t.Helper()
	h := &openedHouse{t: t, clock: clock.At(time.Date(2026, time.April, 10, 8, 0, 0, 0, time.UTC))}
	h.d = dbtest.Open(t, db.SQLite, h.clock)
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	if h.texts, err = i18n.Load(); err != nil {
		t.Fatal(err)
	}
	hashing := &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	quiet := slog.New(slog.DiscardHandler)
	h.mail = mail.NewLocal(h.d, sealer)
	h.Services = Services{
		Identity: identity.New(h.d, identity.Options{Hashing: hashing}), Polls: polls.New(h.d), Transparency: transparency.New(h.d, transparency.Options{}),
		Operations: operations.New(h.d, jobs.New(h.d, quiet), h.mail, audit.New(h.d), operations.Installation{Version: "v1", BaseURL: "http://example.com", TrustedProxies: []string{"10.0.0.1"}}),
	}
	kit, err := web.New(h.Identity, sealer, h.texts, quiet, Nav, web.Options{BaseURL: "http://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	h.app = kit.Server(nil, nil)
	New(kit, h.Services).Mount(h.app)
	return h
}

func (h *openedHouse) found() {
	h.t.Helper()
	founding := identity.Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: openedSecret}
	if err := h.Identity.Found(h.t.Context(), founding); err != nil {
		h.t.Fatal(err)
	}
}

// furnish adds a member, decisions, an assembly to come, proposals, a letter and work that failed.
func (h *openedHouse) furnish() {
	h.t.Helper()
	if _, err := h.Identity.SignUp(h.t.Context(), identity.NewAccount{Handle: "marta", Passphrase: openedSecret, Again: openedSecret, Language: "ca"}, "test"); err != nil {
		h.t.Fatal(err)
	}
	now := h.clock.Now()
	account := models.AccountID(2)
	nord := models.Collective{Name: "Nord", Description: "Barris del nord", CreatedAt: now}
	marta := models.Member{Number: 1, Kind: models.Person, Name: "Marta <b>Puig</b>", SortName: "marta", ClassID: 1, AccountID: &account, Language: "ca", JoinedOn: civil.New(2020, 1, 1), CreatedAt: now}
	past := models.Assembly{Title: "Ordinària de març", Kind: "ordinary", Place: "Ateneu", FirstCallAt: now.AddDate(0, -1, 0), SecondCallAt: now.AddDate(0, -1, 0), CreatedBy: 1, CreatedAt: now, ConvenedAt: &now, OpenedAt: &now, OpenCall: 1, ClosedAt: &now}
	next := models.Assembly{Title: "Extraordinària de maig", Kind: "extraordinary", Place: "Ateneu", OnlineURL: "https://sala.exemple.cat", FirstCallAt: now.AddDate(0, 1, 0), SecondCallAt: now.AddDate(0, 1, 0), CreatedBy: 1, CreatedAt: now, ConvenedAt: &now}
	h.store(&nord, &marta, &past, &next)
	for i, outcome := range []tally.Outcome{tally.OutcomeApproved, tally.OutcomeNotEnough} {
		item := models.AgendaItem{AssemblyID: past.ID, Position: int64(i + 1), Title: fmt.Sprint("Punt ", i+1), Decision: "ordinary"}
		h.store(&item)
		h.store(&models.Poll{Method: methods.Motion, AssemblyID: &past.ID, AgendaItemID: &item.ID, RuleSetID: 1, Question: item.Title + " <script>alert(1)</script>", Decision: "ordinary", RollCounts: map[string]int64{"user": 1}, OpenedAt: now, OpenedBy: 1, ClosedAt: &now, ClosedBy: &past.CreatedBy, Result: &tally.Result{Outcome: outcome}})
	}
	running := models.AgendaItem{AssemblyID: next.ID, Position: 1, Title: "Tarifa solidària", Decision: "ordinary"}
	h.store(&running)
	closes := now.Add(30 * time.Hour)
	poll := models.Poll{Method: methods.Motion, AssemblyID: &next.ID, AgendaItemID: &running.ID, RuleSetID: 1, Question: "Tarifa solidària", Decision: "ordinary", RollCounts: map[string]int64{"user": 1}, OpenedAt: now, OpenedBy: 1, ClosesAt: &closes}
	h.store(&poll)
	h.store(&models.PollElector{PollID: poll.ID, MemberID: marta.ID, ClassCode: "user", VoterID: marta.ID, AccountID: &account})
	proposal := models.Proposal{AuthorID: marta.ID, State: models.ProposalPublished, CreatedAt: now, PublishedAt: &now}
	h.store(&proposal)
	h.store(
		&models.ProposalVersion{ProposalID: proposal.ID, Number: 1, Title: "Un hort al terrat", Body: "Text", ByID: account, CreatedAt: now},
		&models.Minutes{AssemblyID: past.ID, Language: "ca", Body: "Acta", Revision: 1, DraftedAt: now, EditedAt: now, FinalisedAt: &now},
		&models.DeadLetter{Job: "mail", Body: []byte(`"secret de la Marta"`), Error: "no route to host\nstack", Attempts: 8, FailedAt: now},
	)
	if err := h.mail.Send(h.t.Context(), mail.Letter{To: "marta@exemple.cat", Subject: "Convocatòria", Body: "Hola, Marta:\n\nEt convoquem.\nFins aviat."}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *openedHouse) store(rows ...any) {
	h.t.Helper()
	err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
		var all error
		for _, row := range rows {
			all = errors.Join(all, tx.DB.Create(row).Error)
		}
		return all
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// reads asks for a page and wants words on it, and others not.
func (h *openedHouse) reads(path, token string, want ...string) string {
	h.t.Helper()
	status, _, body := h.ask("GET", path, token, nil)
	if status != 200 {
		h.t.Fatalf("%s: %d", path, status)
	}
	for _, w := range want {
		if !strings.Contains(body, w) {
			h.t.Errorf("%s does not say %q", path, w)
		}
	}
	if strings.Contains(body, "<script>alert") || strings.Contains(body, "<b>Puig") {
		h.t.Errorf("%s lets a script through", path)
	}
	return body
}

func TestPublicPages_AreReadWithoutAccountOrCookie(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	pages := map[string][]string{
		"/":               {"La Prova", "Extraordinària de maig", "Punt 1", "/sign-up?next=%2Fapply"},
		"/open":           {"Punt 2", "Aprovat", "No aprovat", "Ordinària de març", "la llegeixen els membres", "Un hort al terrat", "Nord", "/balance"},
		"/open/decisions": {"Punt 1", "/polls/1"},
		"/statutes":       {"Llei 12/2015, art. 49.1", "Cada membre té un vot", "dos terços dels vots presents i representats", "Posada en marxa: Cooperativa, Llei 12/2015"},
		"/statutes/1":     {"Versió 1"},
		"/software":       {"AGPL-3.0-or-later", "secció 13"},
		"/privacy":        {"RGPD, art. 6.1.b", "gender_declarations"},
		"/accessibility":  {"WCAG 2.2"},
	}
	for path, want := range pages {
		for _, lang := range i18n.Languages() {
			status, _, body := h.ask("GET", path+"?lang="+lang, "", nil)
			if status != 200 || strings.Contains(body, "⟦") {
				t.Errorf("%s in %s: %d, %v", path, lang, status, h.texts.Missing())
			}
		}
		h.reads(path, "", want...)
	}
	if strings.Contains(h.reads("/open", ""), "/polls/3") {
		t.Error("an open poll is among the decisions")
	}
	for _, path := range []string{"/statutes/2", "/statutes/x", "/statutes/-1"} {
		if status, _, _ := h.ask("GET", path, "", nil); status != 404 {
			t.Errorf("%s: %d", path, status)
		}
	}
	h.reads("/open/decisions?before=%27%3B--", "", "Punt 1")
	if len(h.texts.Missing()) > 0 {
		t.Errorf("texts are missing: %v", h.texts.Missing())
	}
}

func TestHome_BeforeSetUp_SaysSo(t *testing.T) {
	h := openHouse(t)
	h.reads("/", "", "encara no té cooperativa")
	h.reads("/healthz", "", "ok")
	h.reads("/readyz", "", "ready")
}

func TestHome_GreetsByNameAndSaysWhatWaits(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	token := h.signIn("marta")
	h.reads("/", token, "Bon dia, Marta &lt;b&gt;Puig", "T’esperen 2 coses", "Vota a «Tarifa solidària»", "dissabte, 11 d’abril de 2026, 16.00", "/polls/3", "Ateneu i en línia", "No ets al cens")
	h.clock.Advance(9 * time.Hour)
	h.reads("/", token, "Bona tarda, Marta")
	h.clock.Advance(21 * time.Hour)
	if body := h.reads("/", token, "T’espera una cosa"); strings.Contains(body, "Vota a «") {
		t.Error("a closed vote still waits")
	}
	h.reads("/", h.signIn("admin"), "admin", "No t’espera res")
}

func TestReadyz_WithoutSchema_Is503(t *testing.T) {
	h := openHouse(t)
	if err := h.d.Down(t.Context()); err != nil {
		t.Fatal(err)
	}
	status, _, body := h.ask("GET", "/readyz", "", nil)
	if status != 503 || !strings.Contains(body, "migrate up") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := h.ask("GET", "/healthz", "", nil); status != 200 {
		t.Errorf("the process is up and healthz says %d", status)
	}
}

func TestAdmin_IsForAdministrators(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	member := h.signIn("marta")
	for _, path := range []string{"/admin", "/admin/statutes", "/admin/mail", "/admin/jobs", "/admin/state"} {
		if status, to, _ := h.ask("GET", path, "", nil); status != 303 || !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("%s for nobody: %d %s", path, status, to)
		}
		if status, _, _ := h.ask("GET", path, member, nil); status != 403 {
			t.Errorf("%s for a member: %d", path, status)
		}
	}
}

func TestAdmin_ShowsLettersJobsAndState(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	token := h.signIn("admin")
	h.reads("/admin", token, "1 carta guardada", "1 ha fallat", "Versió 1", "1 nomenament en curs")
	h.reads("/admin/mail", token, "marta@exemple.cat", "Et convoquem.", "<br>", "Fins aviat.")
	jobs := h.reads("/admin/jobs", token, "no route to host")
	if strings.Contains(jobs, "secret de la Marta") || strings.Contains(jobs, "stack") {
		t.Error("the list of failed work shows what the job holds")
	}
	if body := h.reads("/admin/state", token, "http://example.com", "10.0.0.1", "SQLite", "/admin/state?check=1"); strings.Contains(body, "El registre és sencer") {
		t.Error("a log that was not checked is called whole")
	}
	h.reads("/admin/state?check=1", token, "Encara no hi ha res segellat")
	if _, err := audit.New(h.d).Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.reads("/admin/state?check=1", token, "El registre és sencer")

	form := url.Values{"csrf": {formOf(jobs).Get("csrf")}}
	if status, _, _ := h.ask("POST", "/admin/jobs/1/rerun", token, url.Values{}); status != 403 {
		t.Errorf("rerun without a token: %d", status)
	}
	for range 2 {
		if status, to, _ := h.ask("POST", "/admin/jobs/1/rerun", token, form); status != 303 || !strings.HasPrefix(to, "/admin/jobs?done=admin.done.rerun") {
			t.Errorf("rerun: %d %s", status, to)
		}
	}
	h.reads("/admin/jobs", token, "No ha fallat res")
	if status, _, _ := h.ask("POST", "/admin/jobs/7/rerun", token, form); status != 404 {
		t.Errorf("a job that never was: %d", status)
	}
}

var inputs = regexp.MustCompile(`<input [^>]*>`)
var attribute = regexp.MustCompile(`(name|value|type)="([^"]*)"| (checked)`)

// formOf takes every field of the page's form as a browser would send it, without the buttons.
func formOf(body string) url.Values {
	form := url.Values{}
	for _, input := range inputs.FindAllString(body, -1) {
		a := map[string]string{}
		for _, m := range attribute.FindAllStringSubmatch(input, -1) {
			if m[3] != "" {
				a["checked"] = "1"
			} else {
				a[m[1]] = html.UnescapeString(m[2])
			}
		}
		if (a["type"] == "radio" || a["type"] == "checkbox") && a["checked"] == "" {
			continue
		}
		form.Set(a["name"], a["value"])
	}
	return form
}

func TestStatutes_AreChangedThroughAReview(t *testing.T) {
	h := openHouse(t)
	h.found()
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes", token))
	form.Set("step", "review")
	form.Set("reason", "Acord 4")
	if status, _, body := h.ask("POST", "/admin/statutes", token, form); status != 422 || !strings.Contains(body, "No has canviat cap regla") {
		t.Errorf("nothing changed: %d", status)
	}
	form.Set("counting.method", "class")
	form.Set("counting.shares.user", "40")
	form.Set("counting.shares.worker", "20")
	form.Set("counting.shares.collaborating", "40")
	form.Set("proxies.max_per_holder", "3")
	form.Set("majorities.1.num", "3/5")
	status, _, review := h.ask("POST", "/admin/statutes", token, form)
	if status != 200 {
		t.Fatalf("review: %d", status)
	}
	for _, want := range []string{"Cada membre té un vot.", "Usuàries 40, De treball 20, Col·laboradores 40", "3 delegacions", "tres cinquens", "art. 48.1, no permet el vot ponderat", "Acord 4"} {
		if !strings.Contains(review, want) {
			t.Errorf("the review does not say %q", want)
		}
	}
	if strings.Contains(review, "Antiguitat") {
		t.Error("the review lists a rule that does not change")
	}
	if now, err := h.Identity.Statutes(t.Context()); err != nil || now.Version != 1 {
		t.Fatalf("a review stored version %d, %v", now.Version, err)
	}
	confirm := formOf(review)
	confirm.Set("step", "edit")
	if status, _, body := h.ask("POST", "/admin/statutes", token, confirm); status != 200 || formOf(body).Get("proxies.max_per_holder") != "3" || formOf(body).Get("counting.method") != "class" {
		t.Errorf("going back loses what was typed: %d", status)
	}
	confirm.Set("step", "confirm")
	for range 2 {
		if status, to, _ := h.ask("POST", "/admin/statutes", token, confirm); status != 303 || !strings.HasPrefix(to, "/statutes?done=") {
			t.Errorf("confirm: %d %s", status, to)
		}
	}
	now, err := h.Identity.Statutes(t.Context())
	if err != nil || now.Version != 2 || now.Body.Proxies.MaxPerHolder != 3 || len(now.Body.Counting.Shares) != 3 || now.Body.Majorities[1].Num != 3 || now.Body.Majorities[1].Den != 5 {
		t.Errorf("in force: version %d, %+v, %v", now.Version, now.Body, err)
	}
	h.reads("/statutes", "", "Acord 4", "Versió 2", "Usuàries 40")
	h.reads("/statutes/1", "", "ja no és vigent", "Cada membre té un vot")
	confirm.Set("once", "another")
	if status, _, body := h.ask("POST", "/admin/statutes", token, confirm); status != 409 || !strings.Contains(body, "Algú ha canviat els estatuts mentrestant") {
		t.Errorf("from an old version: %d", status)
	}
}

func TestStatutes_WhatIsWrongStandsBesideItsField(t *testing.T) {
	h := openHouse(t)
	h.found()
	h.furnish()
	token := h.signIn("admin")
	form := formOf(h.reads("/admin/statutes?preset=spanish-cooperative", token))
	for field, typed := range map[string]string{
		"step": "review", "reason": "", "counting.method": "class", "counting.shares.worker": "-1", "arrears.hearing_days": "5", "proxies.max_per_holder": "molts",
		"quorum.first.num": "meitat", "majorities.0.num": "3/0", "majorities.1.num": "9/10", "notice.article": strings.Repeat("a", 200),
	} {
		form.Set(field, typed)
	}
	status, _, body := h.ask("POST", "/admin/statutes", token, form)
	if status != 422 {
		t.Fatalf("%d", status)
	}
	for _, field := range []string{"reason", "counting.shares.worker", "arrears.hearing_days", "proxies.max_per_holder", "quorum.first.num", "majorities.0.num", "majorities.1.num", "notice.article"} {
		if !strings.Contains(body, `id="f-`+field+`-error"`) || !strings.Contains(body, `href="#f-`+field+`"`) {
			t.Errorf("%s has no message beside it or in the summary", field)
		}
	}
	if !strings.Contains(body, "4/5 (Ley 27/1999, art. 28.3)") || !strings.Contains(body, `value="molts"`) {
		t.Error("the ceiling is not named, or what was typed is gone")
	}
	// Shares for some classes only, while users have a member.
	form = formOf(h.reads("/admin/statutes", token))
	form.Set("step", "review")
	form.Set("reason", "x")
	form.Set("counting.method", "class")
	form.Set("counting.shares.worker", "60")
	form.Set("counting.shares.collaborating", "40")
	if status, _, body := h.ask("POST", "/admin/statutes", token, form); status != 422 || !strings.Contains(body, `id="f-counting.shares.user-error"`) {
		t.Errorf("a class with members has no share: %d", status)
	}
	if len(h.texts.Missing()) > 0 {
		t.Errorf("texts are missing: %v", h.texts.Missing())
	}
}
