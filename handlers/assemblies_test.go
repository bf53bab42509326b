package handlers_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // Europe/Madrid must exist on every machine

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"socia/handlers"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/browsertest"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/seal"
	"socia/seeds"
	"socia/seeds/seedtest"
)

// meetingShots is a folder for pictures of the pages at every step of an assembly.
var meetingShots = flag.String("meeting-shots", "", "a folder for screenshots of an assembly's pages, at 390 and 1280 pixels, light and dark")

// meetingHouse serves the seeds' cooperative.
type meetingHouse struct {
	*testing.T
	seeds.Services
	address string
	browser context.Context
	step    int
}

func openMeeting(t *testing.T, flavor db.Flavor) *meetingHouse {
	t.Helper()
	h := &meetingHouse{T: t, Services: seedtest.Open(t, flavor)}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	h.ok(err)
	h.address = "http://" + listener.Addr().String()
	sealer, err := seal.New(seedtest.SecretKey)
	h.ok(err)
	texts, err := i18n.Load()
	h.ok(err)
	kit, err := web.New(h.Identity, sealer, texts, slog.New(slog.DiscardHandler), handlers.Nav, web.Options{BaseURL: h.address})
	h.ok(err)
	kit.Standing = h.Rolls.Glance
	app := kit.Server(nil, nil)
	handlers.New(kit, handlers.Services{
		Identity: h.Identity, Members: h.Members, Ledger: h.Ledger, Fees: h.Fees, Rolls: h.Rolls, Proposals: h.Proposals, Polls: h.Polls, Assemblies: h.Assemblies, Equality: h.Equality,
	}).Mount(app)
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() {
		_ = app.ShutdownWithTimeout(2 * time.Second)
		if missing := texts.Missing(); len(missing) > 0 {
			t.Errorf("texts are missing: %v", missing)
		}
	})
	if *meetingShots != "" && flavor == db.SQLite {
		h.browser = browsertest.StartForPictures(t)
	}
	return h
}

func (h *meetingHouse) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// guest is somebody at a browser.
type guest struct {
	*meetingHouse
	token string
}

func (h *meetingHouse) as(handle string) guest {
	h.Helper()
	token, err := h.Identity.SignIn(h.Context(), handle, seeds.Passphrase, "test", "test")
	h.ok(err)
	return guest{h, token}
}

func (g guest) send(method, path string, form url.Values) (status int, body, location string) {
	g.Helper()
	r, err := http.NewRequestWithContext(g.Context(), method, g.address+path, strings.NewReader(form.Encode()))
	g.ok(err)
	r.AddCookie(&http.Cookie{Name: "socia", Value: g.token})
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.Do(r)
	g.ok(err)
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	g.ok(err)
	return answer.StatusCode, string(raw), answer.Header.Get("Location")
}

// see reads a page.
func (g guest) see(path string) string {
	g.Helper()
	status, body, _ := g.send(http.MethodGet, path, nil)
	if status != http.StatusOK {
		g.Fatalf("GET %s: %d", path, status)
	}
	return body
}

var tokenField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form as a page of the site would.
func (g guest) post(path string, namesAndValues ...string) (status int, body, location string) {
	g.Helper()
	form := url.Values{"csrf": {tokenField.FindStringSubmatch(g.see("/standing"))[1]}}
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		form.Add(namesAndValues[i], namesAndValues[i+1])
	}
	return g.send(http.MethodPost, path, form)
}

// do posts a form that must succeed and gives where it leads.
func (g guest) do(path string, namesAndValues ...string) string {
	g.Helper()
	status, body, location := g.post(path, namesAndValues...)
	if status != http.StatusSeeOther {
		g.Fatalf("POST %s: %d %s", path, status, errorsIn(body))
	}
	return location
}

// fails posts a form that must be refused with a status and a sentence.
func (g guest) fails(status int, says, path string, namesAndValues ...string) {
	g.Helper()
	got, body, _ := g.post(path, namesAndValues...)
	if got != status || !strings.Contains(body, says) {
		g.Errorf("POST %s: %d, want %d that says %q; it says %s", path, got, status, says, errorsIn(body))
	}
}

var summary = regexp.MustCompile(`(?s)class="notice no.*?</div>`)

func errorsIn(body string) string { return summary.FindString(body) }

// shows wants texts on a page, and pictures it when asked to.
func (g guest) shows(path string, texts ...string) string {
	g.Helper()
	body := g.see(path)
	for _, s := range texts {
		if !strings.Contains(body, s) {
			g.Errorf("%s does not say %q", path, s)
		}
	}
	g.picture(path)
	return body
}

func (g guest) picture(path string) {
	if g.browser == nil {
		return
	}
	g.step++
	name := fmt.Sprintf("%02d%s", g.step, strings.NewReplacer("/", "_", "?", "_", "=", "_").Replace(path))
	g.ok(chromedp.Do(g.browser, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: "socia", Value: g.token, URL: g.address})
		return err
	}), chromedp.Navigate(g.address+path)))
	for _, look := range []struct {
		width int
		dark  bool
	}{{390, false}, {1280, false}, {390, true}, {1280, true}} {
		file := fmt.Sprintf("%s-%d-%v.png", name, look.width, look.dark)
		g.ok(browsertest.Screenshot(g.browser, filepath.Join(*meetingShots, file), look.width, look.dark))
	}
	found, err := browsertest.Axe(g.browser)
	g.ok(err)
	for _, v := range found {
		g.Errorf("%s: %v", path, v)
	}
}

// electors are the handles of the seeds' members who have accounts, with their numbers.
func (h *meetingHouse) number(handle string) string {
	h.Helper()
	var m models.Member
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error {
		return tx.DB.Joins("JOIN accounts ON accounts.id = members.account_id").Where("accounts.handle = ? AND members.kind = 'person'", handle).Take(&m).Error
	}))
	return fmt.Sprint(m.Number)
}

// idOf is the id of the member with a number.
func (h *meetingHouse) idOf(number string) string {
	h.Helper()
	var m models.Member
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error { return tx.DB.Where("number = ?", number).Take(&m).Error }))
	return fmt.Sprint(m.ID)
}

func TestAssembly_FromTheDraftToTheMinutes_OnItsPages(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) { holdMeeting(openMeeting(t, flavor)) })
	}
}

func holdMeeting(h *meetingHouse) {
	jordi, marta := h.as("jordi"), h.as("marta")

	// Prepare: a wrong form keeps what was typed; an hour that is none is refused.
	jordi.fails(422, "Cal omplir aquest camp", "/assemblies", "title", "Assemblea de gener", "kind", "ordinary", "place", "Ateneu", "first_call", "", "second_call", "x")
	jordi.shows("/assemblies/new")
	for _, field := range []string{"title", "first_call", "second_call", "place"} {
		jordi.fails(422, `href="#f-`+field+`"`, "/assemblies", "title", "", "kind", "ordinary", "place", "", "first_call", "", "second_call", "")
	}
	here := jordi.do("/assemblies", "title", "Assemblea de gener", "kind", "ordinary", "place", "Ateneu", "online_url", "https://sala.example.org/gener",
		"first_call", "2026-12-02T18:00", "second_call", "2026-12-02T18:30", "once", "one")
	here, _, _ = strings.Cut(here, "?")
	if again, _, _ := strings.Cut(jordi.do("/assemblies", "title", "x", "kind", "ordinary", "place", "x", "first_call", "2026-12-10T18:00", "second_call", "2026-12-10T18:30", "once", "one"), "?"); again != here {
		h.Errorf("a form sent twice made %s and %s", here, again)
	}
	if status, _, _ := marta.send(http.MethodGet, here, nil); status != http.StatusNotFound {
		h.Errorf("a member sees a draft: %d", status)
	}
	jordi.do(here+"/items", "title", "Torn obert de paraules", "body", "<script>alert(1)</script>", "decision", "information")
	jordi.do(here+"/items", "title", "Pressupost de 2027", "body", "S’aprova el **pressupost**.", "decision", "ordinary")
	jordi.shows(here+"/items/new", "Markdown")
	jordi.shows(here + "/items/new?from=proposal")
	jordi.fails(422, "Tria", here+"/items", "decision", "ordinary")
	draft := jordi.shows(here, "Només ho veu qui facilita", "Pressupost de 2027", "&lt;script&gt;")
	second := regexp.MustCompile(here+`/items/([0-9]+)/position`).FindAllStringSubmatch(draft, -1)[2][1]
	jordi.do(here+"/items/"+second+"/position", "way", "up")

	// Convene: too short is refused with the article and the first day that is possible.
	jordi.shows(here+"/notice", "Llei 12/2015", "Encara no es pot convocar", "dimarts, 8 de desembre de 2026")
	jordi.fails(422, "El primer dia possible", here+"/notice")
	jordi.do(here, "title", "Assemblea de desembre", "kind", "ordinary", "place", "Ateneu", "online_url", "https://sala.example.org/gener",
		"first_call", "2026-12-10T18:00", "second_call", "2026-12-10T18:30")
	jordi.shows(here+"/notice", "17 dies", "Pressupost de 2027")
	jordi.do(here+"/notice", "once", "two")
	jordi.do(here+"/notice", "once", "two")

	// A member sees how they stand, and gives a proxy.
	marta.shows(here, "Hi tens vot", "Delega el vot")
	marta.fails(422, "No hi ha ningú", here+"/proxy", "giver_id", h.idOf(h.number("marta")), "holder", "ningú de tal")
	marta.shows(here + "/proxy?giver=" + h.idOf(h.number("marta")))
	marta.do(here+"/proxy", "giver_id", h.idOf(h.number("marta")), "holder", h.number("nuria"))
	marta.shows(here, "Has delegat el vot en", "Retira la delegació")
	h.as("nuria").shows(here, "Refusa la delegació")
	proxies := jordi.shows(here+"/proxies", "Núm. "+h.number("marta"))
	proxy := regexp.MustCompile(here + `/proxies/([0-9]+)/revocation`).FindStringSubmatch(proxies)[1]
	if status, _, _ := h.as("pau").post(here + "/proxies/" + proxy + "/revocation"); status != http.StatusNotFound {
		h.Errorf("somebody else's proxy: %d", status)
	}
	jordi.fails(422, "Ja té el vot delegat", here+"/proxies", "giver", h.number("marta"), "holder", h.number("pau"))

	// The desk.
	jordi.fails(409, "Encara no es pot anotar", here+"/arrivals", "who", h.number("nuria"), "mode", "in_person", "desk", "1")
	h.Clock.Move(time.Date(2026, 12, 10, 17, 10, 0, 0, time.UTC))
	jordi, marta = h.as("jordi"), h.as("marta")
	jordi.shows(here+"/desk", "autofocus", "Encara no hi ha ningú")
	jordi.do(here+"/arrivals", "who", h.number("nuria"), "mode", "in_person", "desk", "1")
	jordi.do(here+"/arrivals", "who", h.number("jordi"), "mode", "in_person", "desk", "1")
	jordi.shows(here+"/desk?last="+h.idOf(h.number("jordi")), "Núm. "+h.number("jordi"), "Té vot. En persona, des de les 18.10.")
	jordi.shows(here+"/desk?last="+h.idOf(h.number("oriol")), "Ja no consta a la sala.")
	jordi.fails(422, "No hi ha ningú amb aquest número o nom", here+"/arrivals", "who", "zzz", "mode", "in_person", "desk", "1")
	jordi.fails(422, "N’hi ha més d’un", here+"/arrivals", "who", "a", "mode", "in_person", "desk", "1")
	jordi.shows(here+"/desk?q=a", "Qui és?", "Porta 1 delegació", "Encara no hi ha quòrum", "Primera convocatòria: 11,7")
	aina := h.as("aina")
	aina.shows(here, "Assisteixo en remot")
	aina.do(here+"/arrivals", "member", h.idOf(h.number("aina")), "mode", "remote")
	aina.shows(here, "En remot, des de les 18.10")

	// Open at the second call, vote, close.
	jordi.fails(409, "No hi ha quòrum", here+"/opening", "call", "1")
	jordi.fails(409, "Encara no és l’hora de la segona", here+"/opening", "call", "2")
	h.Clock.Move(time.Date(2026, 12, 10, 17, 30, 0, 0, time.UTC))
	jordi.do(here+"/opening", "call", "2")
	jordi.do(here+"/officers", "chair", h.number("nuria"), "secretary", h.number("jordi"), "tellers", h.number("aina"), "tellers", h.number("pau"))
	jordi.shows(here+"/officers", "Llei 12/2015")
	jordi.fails(422, "entre 1 i 600", here+"/polls", "item", second, "minutes", "0")
	h.offersOtherWaysOnlyWhereTheyDecide(jordi, here, second)
	jordi.do(here+"/polls", "item", second, "minutes", "20", "once", "mistake")
	mistake := regexp.MustCompile(`href="/polls/([0-9]+)"`).FindStringSubmatch(aina.shows(here, "Ara es vota"))[1]
	jordi.shows("/polls/"+mistake, "/polls/"+mistake+"/voiding")
	jordi.shows("/polls/"+mistake+"/voiding", "El punt es pot tornar a votar", "0 de 4")
	jordi.fails(422, "Per què no compta?", "/polls/"+mistake+"/voiding", "reason", "")
	jordi.do("/polls/"+mistake+"/voiding", "reason", "Encara no hi érem totes.")
	aina.shows("/polls/"+mistake, "Aquesta votació no compta", "Encara no hi érem totes.")
	jordi.shows(here, "No compta", "/polls/"+mistake)
	jordi.do(here+"/polls", "item", second, "minutes", "20", "once", "three")
	jordi.shows(here, "Tanca la votació")
	open := aina.shows(here, "Ara es vota")
	poll := regexp.MustCompile(`href="/polls/([0-9]+)"`).FindStringSubmatch(open)[1]
	aina.shows("/polls/"+poll, "S’aprova el <strong>pressupost</strong>")
	marta.shows("/polls/"+poll, "El teu vot el porta", here+"#mine")
	aina.do("/polls/"+poll+"/votes", "choice-"+h.idOf(h.number("aina")), "for")
	jordi.fails(409, "Hi ha una votació oberta", here+"/closing")
	jordi.shows(here+"/polls/"+poll+"/closing", "1 de 4")
	jordi.do(here + "/polls/" + poll + "/closing")
	jordi.shows(here, "Aprovat")
	jordi.shows("/polls/"+poll, "/polls/"+poll+"/voiding", "/polls/"+mistake)
	jordi.shows(here+"/closing", "Pressupost de 2027", "Aprovat")
	jordi.do(here + "/closing")

	if status, body, _ := jordi.send(http.MethodGet, "/polls/"+poll+"/voiding", nil); status != http.StatusConflict || !strings.Contains(body, "ja no és oberta") {
		h.Errorf("the form to void a vote of a closed assembly: %d", status)
	}
	jordi.fails(409, "ja no és oberta", "/polls/"+poll+"/voiding", "reason", "Massa tard.")

	// Minutes: drafted, edited, approved, printed.
	jordi.shows(here, "Redacta l’acta", "divendres, 25 de desembre de 2026")
	jordi.do(here+"/minutes", "language", "ca")
	page := jordi.shows(here+"/minutes", "Esborrany, versió 1", "Acta de l’assemblea general ordinària de Núvol Comú", "segona convocatòria", "Encara no hi érem totes.")
	if strings.Contains(page, "<script>alert") {
		h.Error("a script of an agenda point runs in the minutes")
	}
	if status, _, _ := marta.send(http.MethodGet, here+"/minutes.pdf", nil); status != http.StatusNotFound {
		h.Errorf("a member reads draft minutes: %d", status)
	}
	_, markdown, _ := jordi.send(http.MethodGet, here+"/minutes.md", nil)
	if _, preview, _ := jordi.post(here+"/minutes/revisions", "revision", "1", "body", markdown+"\n\nS’agraeix la feina.", "do", "preview"); !strings.Contains(preview, "<p>S’agraeix la feina.</p>") {
		h.Error("the preview does not show the text")
	}
	jordi.shows(here + "/minutes/edit")
	jordi.do(here+"/minutes/revisions", "revision", "1", "body", markdown+"\n\nS’agraeix la feina.", "do", "save")
	jordi.fails(409, "Algú ha canviat l’acta", here+"/minutes/revisions", "revision", "1", "body", "una altra")
	h.as("nuria").do(here+"/minutes/approvals", "revision", "2")
	aina.shows(here+"/minutes", "Aprova aquesta acta")
	aina.do(here+"/minutes/approvals", "revision", "2")
	marta.shows(here, "L’acta encara no està aprovada")
	h.as("pau").do(here+"/minutes/approvals", "revision", "2")
	marta.shows(here+"/minutes", "S’agraeix la feina.", "Aprovada")
	if status, file, _ := marta.send(http.MethodGet, here+"/minutes.pdf", nil); status != http.StatusOK || !strings.HasPrefix(file, "%PDF-") {
		h.Errorf("the printed minutes: %d", status)
	}
	jordi.fails(409, "ja no es pot canviar", here+"/minutes/revisions", "revision", "2", "body", "tard")
	marta.shows("/assemblies", "Assemblea de desembre", "Acabada")
	marta.shows("/assemblies?lang=en", "Assemblies", "Over")
	marta.shows(here+"?lang=es", "Orden del día")
}

// offersOtherWaysOnlyWhereTheyDecide wants the way to another method at the point that is decided by an ordinary majority,
// and at no other.
func (h *meetingHouse) offersOtherWaysOnlyWhereTheyDecide(jordi guest, here, ordinary string) {
	h.Helper()
	page := jordi.shows(here, "/polls/new?item="+ordinary)
	if n := strings.Count(page, "/polls/new?item="); n != 1 {
		h.Errorf("%d points offer another way of voting, want one", n)
	}
	var information models.AgendaItem
	h.ok(h.DB.Read(h.Context(), func(tx *db.Tx) error {
		return tx.DB.Where("assembly_id = ? AND decision = ''", strings.TrimPrefix(here, "/assemblies/")).Take(&information).Error
	}))
	if status, body, _ := jordi.send(http.MethodGet, fmt.Sprintf("/polls/new?item=%d", information.ID), nil); status != http.StatusConflict || !strings.Contains(body, "informatiu") {
		h.Errorf("another way on a point for information: %d", status)
	}
}
