package handlers

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/handlers/web"
	"socia/models"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/seal"
	"socia/seeds"
	"socia/seeds/seedtest"
)

// treasury serves the pages of money over the seeds.
type treasury struct {
	*testing.T
	seeds.Services
	texts *i18n.Bundle
	app   *fiber.App
}

func openTreasury(t *testing.T, s seeds.Services) *treasury {
	t.Helper()
	sealer, err := seal.New(seedtest.SecretKey)
	if err != nil {
		t.Fatal(err)
	}
	h := &treasury{T: t, Services: s}
	if h.texts, err = i18n.Load(); err != nil {
		t.Fatal(err)
	}
	kit, err := web.New(s.Identity, sealer, h.texts, slog.New(slog.DiscardHandler), Nav, web.Options{BaseURL: "http://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	kit.Standing = s.Rolls.Glance
	h.app = kit.Server(nil, nil)
	New(kit, Services{Identity: s.Identity, Members: s.Members, Ledger: s.Ledger, Fees: s.Fees, Rolls: s.Rolls}).Mount(h.app)
	return h
}

// session signs an account in without its passphrase.
func (h *treasury) session(handle string) string {
	h.Helper()
	account, err := h.Identity.AccountByHandle(h.Context(), handle)
	if err != nil {
		h.Fatal(err)
	}
	token := "session-of-" + handle
	hash := sha256.Sum256([]byte(token))
	if err := h.DB.Write(h.Context(), func(tx *db.Tx) error {
		return tx.DB.Create(&models.Session{AccountID: account.ID, TokenHash: hash[:], Device: "test", CreatedAt: tx.Now, SeenAt: tx.Now, ExpiresAt: tx.Now.Add(time.Hour)}).Error
	}); err != nil {
		h.Fatal(err)
	}
	return token
}

// signedIn is an account and its session's token.
func (h *treasury) signedIn(handle string) reader { return reader{h, h.session(handle)} }

// reader asks for pages as one account.
type reader struct {
	*treasury
	token string
}

func (r reader) ask(method, path string, form url.Values) (status int, location, body string) {
	r.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	request.Header.Set("Accept-Language", "ca")
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	request.AddCookie(&http.Cookie{Name: "socia", Value: r.token})
	answer, err := r.app.Test(request, -1)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		r.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(raw)
}

// page asks for a page that must be there.
func (r reader) page(path string) string {
	r.Helper()
	status, _, body := r.ask("GET", path, nil)
	if status != http.StatusOK {
		r.Fatalf("%s answers %d", path, status)
	}
	return body
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// hidden reads the hidden fields of a page's forms; of one name the last holds.
func hidden(body string) url.Values {
	fields := url.Values{}
	for _, m := range hiddenField.FindAllStringSubmatch(body, -1) {
		fields.Set(m[1], m[2])
	}
	return fields
}

// send fills in the form that a page shows, and sends it to an address.
func (r reader) send(page, action string, answers map[string]string) (status int, location, body string) {
	r.Helper()
	form := hidden(page)
	for name, value := range answers {
		form.Set(name, value)
	}
	return r.ask("POST", action, form)
}

// member reads a member of the seeds by number.
func (h *treasury) member(number int64) (m models.Member) {
	h.Helper()
	if err := h.DB.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Where("number = ?", number).Take(&m).Error }); err != nil {
		h.Fatal(err)
	}
	return m
}

func (h *treasury) done() {
	h.Helper()
	if missing := h.texts.Missing(); len(missing) > 0 {
		h.Errorf("texts that do not exist: %v", missing)
	}
	found, err := h.Ledger.Check(h.Context())
	if err != nil || !found.Sound() {
		h.Errorf("the books: %+v, %v", found, err)
	}
}

// oriol is suspended by a case in the seeds; his member number is 24.
const oriol = 24

func TestMoney_ATreasurerRecordsAPaymentAndTheVoteIsBack(t *testing.T) {
	seedtest.Each(t, func(t *testing.T, s seeds.Services) {
		h := openTreasury(t, s)
		nuria, debtor := h.signedIn("nuria"), h.signedIn("oriol")
		m := h.member(oriol)
		if page := debtor.page("/fees"); !strings.Contains(page, "Vot suspès") || !strings.Contains(page, "Membre 24, 4 quotes") {
			t.Fatal("the debtor's page does not say where they stand and how to pay")
		}
		found := nuria.page("/payments/new?q=montblanc")
		if !strings.Contains(found, fmt.Sprintf("/payments/new?member=%d", m.ID)) {
			t.Fatal("the search does not find the member")
		}
		form := nuria.page(fmt.Sprintf("/payments/new?member=%d", m.ID))
		answers := map[string]string{"amount": "120,00", "method": "transfer", "received_on": "2026-11-20", "reference": "Quota 24"}
		status, _, review := nuria.send(form, "/payments/review", answers)
		if status != http.StatusOK || strings.Count(review, "Pagada") != 4 {
			t.Fatalf("the review answers %d: %s", status, review)
		}
		status, first, _ := nuria.send(review, "/payments", nil)
		if status != http.StatusSeeOther {
			t.Fatalf("recording answers %d", status)
		}
		if status, second, _ := nuria.send(review, "/payments", nil); status != http.StatusSeeOther || second != first {
			t.Errorf("sent twice: %d, %s after %s", status, second, first)
		}
		if page := debtor.page("/fees"); !strings.Contains(page, "Al corrent.") || strings.Contains(page, "Vot suspès") || !strings.Contains(page, "Pots votar") {
			t.Error("paid, and the page does not say so")
		}
		h.done()
	})
}

func TestMoney_WrongAnswersAreShownAgainWithWhatWasTyped(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria := h.signedIn("nuria")
	m := h.member(oriol)
	form := nuria.page(fmt.Sprintf("/payments/new?member=%d", m.ID))
	status, _, body := nuria.send(form, "/payments/review", map[string]string{"amount": "1.234", "method": "transfer", "received_on": "2026-11-20", "reference": `"><script>alert(1)</script>`})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, `value="1.234"`) || !strings.Contains(body, "separa els milers") || strings.Contains(body, "<script>alert") {
		t.Errorf("an ambiguous amount answers %d", status)
	}
	status, _, body = nuria.send(form, "/payments/review", map[string]string{"amount": "5", "method": "transfer", "received_on": "2027-01-01"})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "encara no ha arribat") {
		t.Errorf("a day to come answers %d", status)
	}
	plan := nuria.page("/fees/plans/1")
	status, _, body = nuria.send(plan, "/fees/plans/1/prices", map[string]string{"valid_from": "2020-01-01", "min": "1", "suggested": "2", "resolution": "x"})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, "després del preu") {
		t.Errorf("an older price answers %d", status)
	}
	own := nuria.page("/fees/plans/new")
	if status, _, body = nuria.send(own, "/fees/plans", map[string]string{"name": "", "every": "month", "due_days": "x"}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "nombre enter") {
		t.Errorf("an empty plan answers %d", status)
	}
	for _, path := range []string{"/fees/overview?who=x", "/fees/overview?after=x", "/fees/overview?class=x", "/books/journal?before=x", "/books?from=x", "/books?from=2026-02-01&to=2026-01-01", "/books/export/journal?format=x", "/payments?before=-1"} {
		if status, _, _ := nuria.ask("GET", path, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("%s answers %d", path, status)
		}
	}
	status, _, body = nuria.send(own, "/fees/plans", map[string]string{"name": "", "every": "month", "vat_treatment": "outside", "due_days": "15", "min": "x"})
	if status != http.StatusUnprocessableEntity {
		t.Errorf("an empty plan: %d", status)
	}
	for _, field := range []string{"name", "class", "valid_from", "min", "suggested", "resolution"} {
		if !strings.Contains(body, `href="#f-`+field+`"`) {
			t.Errorf("the summary of an empty plan leaves out %s", field)
		}
	}
	for _, path := range []string{"/payments/99999", "/fees/members/99999", "/fees/cases/99999", "/fees/plans/99999", "/payments/x"} {
		if status, _, _ := nuria.ask("GET", path, nil); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
	h.done()
}

func TestMoney_OtherPeoplesFeesAreRefused(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	marta, m := h.signedIn("marta"), h.member(oriol)
	for _, path := range []string{
		fmt.Sprintf("/fees/members/%d", m.ID), fmt.Sprintf("/fees/members/%d/subscription", m.ID), fmt.Sprintf("/fees/members/%d/waiver", m.ID),
		"/fees/overview", "/fees/overview.csv", "/fees/waivers", "/fees/cases", "/fees/cases/1", "/payments", "/payments/12", "/payments/12/reversal", "/books", "/books/journal", "/books/export", "/books/export/journal?format=csv",
	} {
		if status, _, _ := marta.ask("GET", path, nil); status != http.StatusForbidden {
			t.Errorf("%s answers %d to a member", path, status)
		}
	}
	own := marta.page("/fees")
	if status, _, _ := marta.send(own, fmt.Sprintf("/fees/members/%d/subscription", m.ID), map[string]string{"plan": "1", "amount": "20"}); status != http.StatusForbidden {
		t.Error("a member may change somebody else's fee")
	}
	h.done()
}

func TestMoney_AnAmountOutsideThePlanIsRefusedWithItsCurrency(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	debtor, m := h.signedIn("oriol"), h.member(oriol)
	path := fmt.Sprintf("/fees/members/%d/subscription", m.ID)
	status, _, body := debtor.send(debtor.page(path), path, map[string]string{"plan": "1", "amount": "0,01"})
	if status != http.StatusUnprocessableEntity || !regexp.MustCompile(`Com a mínim, [0-9]+,00\x{a0}€\.`).MatchString(body) {
		t.Errorf("an amount below the plan's answers %d", status)
	}
	h.done()
}

func TestMoney_EveryPageIsThereInEveryLanguage(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria, debtor := h.signedIn("nuria"), h.signedIn("oriol")
	m := h.member(oriol)
	for _, lang := range []string{"ca", "es", "en"} {
		for _, path := range []string{
			"/fees", "/fees/overview", "/fees/unsubscribed", "/fees/overview?who=all&q=o", "/fees/plans", "/fees/plans/1", "/fees/plans/new", "/fees/waivers", "/fees/cases", "/fees/cases/1", "/payments", "/payments/12", "/payments/12/reversal",
			"/payments/new", "/payments/new?q=zzz", fmt.Sprintf("/payments/new?member=%d", m.ID), fmt.Sprintf("/fees/members/%d", m.ID), fmt.Sprintf("/fees/members/%d/waiver", m.ID), fmt.Sprintf("/fees/members/%d/case", m.ID), fmt.Sprintf("/fees/members/%d/subscription", m.ID),
			"/books", "/books?from=1999-01-01&to=1999-12-31", "/books/journal", "/books/export",
		} {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			if body := nuria.page(path + sep + "lang=" + lang); strings.Contains(body, "⟦") {
				t.Errorf("%s in %s lacks a text", path, lang)
			}
		}
		debtor.page("/fees/cases/1?lang=" + lang)
		debtor.page(fmt.Sprintf("/fees/members/%d/subscription?lang=%s", m.ID, lang))
	}
	h.done()
}

func TestMoney_ACaseIsHeardDecidedAndAppealedOnItsPage(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria, jordi, montse := h.signedIn("nuria"), h.signedIn("jordi"), h.signedIn("montse")
	m := h.member(25) // owes two quarters, and nobody has opened a case
	path := fmt.Sprintf("/fees/members/%d/case", m.ID)
	status, location, _ := nuria.send(nuria.page(path), path, nil)
	if status != http.StatusSeeOther {
		t.Fatalf("opening answers %d", status)
	}
	page, _, _ := strings.Cut(location, "?")
	if status, _, body := nuria.send(nuria.page("/fees"), page+"/decision", map[string]string{"decision": "suspend", "reason": "x"}); status != http.StatusConflict || !strings.Contains(body, "L’audiència dura fins") {
		t.Errorf("deciding at once answers %d", status)
	}
	if status, _, body := montse.send(montse.page(page), page+"/statement", map[string]string{"statement": ""}); status != http.StatusUnprocessableEntity || !strings.Contains(body, "Cal omplir") {
		t.Errorf("an empty statement answers %d", status)
	}
	montse.send(montse.page(page), page+"/statement", map[string]string{"statement": "<script>alert(1)</script>"})
	body := nuria.page(page)
	if strings.Contains(body, "<script>alert") || !strings.Contains(body, "&lt;script&gt;alert") {
		t.Error("the statement is not shown as text")
	}
	if status, _, _ := nuria.send(body, page+"/decision", map[string]string{"decision": "suspend", "reason": "No n’hi ha prou"}); status != http.StatusSeeOther {
		t.Fatalf("deciding answers %d", status)
	}
	if status, _, _ := montse.send(montse.page(page), page+"/appeal", map[string]string{"appeal": "Hi recorro"}); status != http.StatusSeeOther {
		t.Fatalf("appealing answers %d", status)
	}
	if strings.Contains(nuria.page(page), "appeal-answer") {
		t.Error("who decided is asked to answer the appeal")
	}
	if status, _, _ := jordi.send(jordi.page(page), page+"/appeal-answer", map[string]string{"outcome": "upheld", "reason": "Té raó"}); status != http.StatusSeeOther {
		t.Fatalf("answering answers %d", status)
	}
	if !strings.Contains(montse.page(page), "Recurs estimat") {
		t.Error("the member does not see the outcome")
	}
	h.done()
}

func TestMoney_TheJournalIsExportedForSpreadsheetsAndHledger(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria := h.signedIn("nuria")
	journal := nuria.page("/books/export/journal?format=hledger&from=2025-01-01&to=2026-12-31")
	check := exec.CommandContext(t.Context(), "hledger", "-f", "-", "check", "--strict")
	check.Stdin = bytes.NewReader([]byte(journal))
	if answer, err := check.CombinedOutput(); err != nil {
		t.Errorf("hledger: %v\n%s", err, answer)
	}
	csv := nuria.page("/books/export/journal?format=csv&from=2026-01-01&to=2026-03-31")
	if !strings.HasPrefix(csv, "assentament,data,") || strings.Contains(csv, "Montblanc") {
		t.Errorf("the CSV begins %.80q, or names people", csv)
	}
	if !strings.Contains(csv, ",Quota,Quota,") || strings.Contains(csv, ",charge,") {
		t.Error("the CSV does not say the kinds of entries in Catalan")
	}
	if !strings.Contains(journal, "kind:charge") {
		t.Error("hledger's journal does not keep its codes")
	}
	if list := nuria.page("/fees/overview.csv"); strings.Contains(list, "overdue") || !strings.Contains(list, ",Endarrerida") {
		t.Errorf("the states of debtors are not said in Catalan: %.400q", list)
	}
	if page := nuria.page("/books"); !strings.Contains(page, "Saldo inicial") || !strings.Contains(page, `<table class="cards">`) {
		t.Error("the balances have no opening, or are no cards on a phone")
	}
	if page := nuria.page("/books/journal?from=2024-01-01&to=2026-12-31"); regexp.MustCompile(`>[^<]*\b20[0-9]{2}-[0-9]{2}-[0-9]{2}`).MatchString(page) {
		t.Error("the journal's page writes days as machines do")
	}
	if list := nuria.page("/fees/overview.csv"); !strings.HasPrefix(list, "Número,Nom,") || !strings.Contains(list, "Montblanc") {
		t.Errorf("the list of debtors begins %.80q", list)
	}
	h.done()
}

func TestMoney_WhoHasNoAccountIsToldAndAnswersOnPaper(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	nuria, m := h.signedIn("nuria"), h.member(25)
	if err := h.DB.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(&m).Update("account_id", nil).Error }); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/fees/members/%d/case", m.ID)
	_, location, _ := nuria.send(nuria.page(path), path, nil)
	page, _, _ := strings.Cut(location, "?")
	body := nuria.page(page)
	if !strings.Contains(body, "El membre no té compte i encara no consta") || !strings.Contains(nuria.page("/fees/cases"), "Cal avisar el membre") {
		t.Error("the pages do not say that the member has to be told")
	}
	told := map[string]string{"of": "opening", "told_on": "2026-11-24", "told_how": "en mà"}
	if status, _, body := nuria.send(body, page+"/notification", told); status != http.StatusUnprocessableEntity || strings.Count(body, "Aquest dia encara no ha arribat") != 2 {
		t.Errorf("a day to come answers %d", status) // said in the summary and beside the field, and not in the other form
	}
	told["told_on"] = "2026-11-23"
	if status, _, _ := nuria.send(body, page+"/notification", told); status != http.StatusSeeOther {
		t.Fatalf("recording that they were told answers %d", status)
	}
	if body = nuria.page(page); strings.Contains(body, "told_on") || !strings.Contains(body, "en mà") || !strings.Contains(body, "3 de desembre") {
		t.Error("the page does not say when they were told, and until when they may answer")
	}
	came := map[string]string{"received_on": "2026-11-23", "received_how": "carta", "statement": "Vaig pagar en efectiu."}
	if status, _, _ := nuria.send(body, page+"/received-statement", came); status != http.StatusSeeOther {
		t.Fatalf("recording the answer answers %d", status)
	}
	body = nuria.page(page)
	if !strings.Contains(body, "Vaig pagar en efectiu.") || !strings.Contains(body, "ha respost per escrit: carta") {
		t.Error("the page does not show the answer")
	}
	if status, _, _ := nuria.send(body, page+"/decision", map[string]string{"decision": "suspend", "reason": "No consta"}); status != http.StatusSeeOther {
		t.Fatalf("deciding answers %d", status)
	}
	if status, _, _ := nuria.send(nuria.page(page), page+"/received-appeal", map[string]string{"received_on": "2026-11-23", "received_how": "carta", "appeal": "Hi recorro"}); status != http.StatusSeeOther {
		t.Fatalf("recording the appeal answers %d", status)
	}
	h.done()
}

func TestMoney_WhoHasLeftStillSeesWhatTheyOwe(t *testing.T) {
	h := openTreasury(t, seedtest.Open(t, db.SQLite))
	m := h.member(25)
	if err := h.DB.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Model(&models.Member{}).Where("account_id = ?", m.AccountID).Update("left_on", "2026-11-20").Error
	}); err != nil {
		t.Fatal(err)
	}
	montse := h.signedIn("montse")
	for _, path := range []string{"/fees", fmt.Sprintf("/fees/members/%d", m.ID)} {
		if body := montse.page(path); !strings.Contains(body, "fora de termini") || strings.Contains(body, "Encara conserves el vot") {
			t.Errorf("%s does not say what is owed, or speaks of a vote", path)
		}
	}
	if status, _, _ := montse.ask("GET", "/fees/members/1", nil); status != http.StatusForbidden {
		t.Errorf("the fees of somebody else answer %d", status)
	}
	h.done()
}
