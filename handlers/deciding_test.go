package handlers

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // Europe/Madrid must exist on every machine

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"socia/app/identity"
	"socia/app/members"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/app/transparency"
	"socia/core/civil"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/seal"
)

// decidingHouse serves the pages of proposals, standing and rolls for a test.
type decidingHouse struct {
	*testing.T
	d     *db.DB
	clock *clock.Set
	texts *i18n.Bundle
	app   *fiber.App
	Services
	class   models.MemberClass
	members int64
}

const decidingSecret = "cinc paraules soltes per entrar"

func openDeciding(t *testing.T, d *db.DB, c *clock.Set) *decidingHouse {
	t.Helper()
	h := &decidingHouse{T: t, d: d, clock: c}
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	if h.texts, err = i18n.Load(); err != nil {
		t.Fatal(err)
	}
	cheap := &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	h.Services = Services{Identity: identity.New(d, identity.Options{Hashing: cheap}), Rolls: rolls.New(d), Proposals: proposals.New(d),
		Transparency: transparency.New(d, transparency.Options{})}
	founding := identity.Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: rules.PresetAssociation, Handle: "admin", Passphrase: decidingSecret}
	if err := h.Identity.Found(t.Context(), founding); err != nil {
		t.Fatal(err)
	}
	kit, err := web.New(h.Identity, sealer, h.texts, slog.New(slog.DiscardHandler), Nav, web.Options{BaseURL: "http://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	kit.Standing = h.Rolls.Glance
	h.app = kit.Server(nil, nil)
	New(kit, h.Services).Mount(h.app)
	h.must(func(tx *db.Tx) error { return tx.DB.Where("code = ?", "user").Take(&h.class).Error })
	return h
}

func (h *decidingHouse) must(act func(tx *db.Tx) error) {
	h.Helper()
	if err := h.d.Write(h.Context(), act); err != nil {
		h.Fatal(err)
	}
}

func (h *decidingHouse) create(rows ...any) {
	h.Helper()
	h.must(func(tx *db.Tx) error {
		for _, r := range rows {
			if err := tx.DB.Create(r).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// member makes a member with an account, and gives the token with which it is signed in.
func (h *decidingHouse) member(handle, name string, joined civil.Date, roles ...models.Role) (models.Member, string) {
	h.Helper()
	id, err := h.Identity.SignUp(h.Context(), identity.NewAccount{Handle: handle, Passphrase: decidingSecret, Again: decidingSecret, Language: "ca"}, "test")
	if err != nil {
		h.Fatal(err)
	}
	h.members++
	m := models.Member{Number: h.members, Kind: models.Person, Name: name, SortName: members.SortName(name), ClassID: h.class.ID, AccountID: &id, Language: "ca", JoinedOn: joined, CreatedAt: h.clock.Now()}
	h.create(&m)
	for _, r := range roles {
		h.create(&models.RoleTerm{AccountID: id, Role: r, StartsOn: joined, Reason: "prova", AppointedAt: h.clock.Now()})
	}
	token, err := h.Identity.SignIn(h.Context(), handle, decidingSecret, "test", "test")
	if err != nil {
		h.Fatal(err)
	}
	return m, token
}

// owes makes a charge of 18 euros that is due on a day.
func (h *decidingHouse) owes(m models.Member, due civil.Date) {
	h.Helper()
	plan := models.FeePlan{ClassID: h.class.ID, Name: fmt.Sprint("Quota ", m.ID), Every: "year", VATTreatment: "exempt", CreatedAt: h.clock.Now()}
	h.create(&plan)
	price := models.Price{PlanID: plan.ID, ValidFrom: m.JoinedOn, MinCents: 1800, SuggestedCents: 1800, CreatedAt: h.clock.Now()}
	sub := models.Subscription{MemberID: m.ID, PlanID: plan.ID, AmountCents: 1800, StartsOn: m.JoinedOn, CreatedAt: h.clock.Now()}
	h.create(&price, &sub)
	h.create(&models.Charge{SubscriptionID: sub.ID, MemberID: m.ID, PriceID: price.ID, PeriodStart: due, PeriodEnd: due.AddMonths(12), DueOn: due, AmountCents: 1800, CreatedAt: h.clock.Now()})
}

// convene makes an assembly with its roll.
func (h *decidingHouse) convene(title string, first time.Time) models.Assembly {
	h.Helper()
	now := h.clock.Now().UTC()
	a := models.Assembly{Title: title, Kind: "ordinary", FirstCallAt: first, SecondCallAt: first, CreatedBy: 1, CreatedAt: now, ConvenedAt: &now}
	h.create(&a)
	h.must(func(tx *db.Tx) error {
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		_, err = rolls.FreezeTx(h.Context(), tx, a.ID, statutes, first)
		return err
	})
	return a
}

// ask sends a request; token is "" for nobody. A form is sent with the token that the page at from shows.
func (h *decidingHouse) ask(method, path, token string, form url.Values) (status int, location, body string) {
	h.Helper()
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
		h.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		h.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Location"), string(raw)
}

var hiddenCSRF = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// post sends a form as a browser does: with the token of a page that the reader has open.
func (h *decidingHouse) post(path, token string, form url.Values) (status int, location, body string) {
	h.Helper()
	_, _, page := h.ask("GET", "/account", token, nil)
	found := hiddenCSRF.FindStringSubmatch(page)
	if found == nil {
		h.Fatal("no CSRF token on the account's page")
	}
	form.Set("csrf", found[1])
	return h.ask("POST", path, token, form)
}

func (h *decidingHouse) get(path, token string, want int) string {
	h.Helper()
	status, _, body := h.ask("GET", path, token, nil)
	if status != want {
		h.Errorf("GET %s: %d, want %d", path, status, want)
	}
	return body
}

// write makes a published proposal through the pages.
func (h *decidingHouse) write(token, title, body string) string {
	h.Helper()
	status, location, _ := h.post("/proposals", token, url.Values{"title": {title}, "body": {body}, "author": {h.authorOf(token)}, "act": {"save"}})
	if status != http.StatusSeeOther {
		h.Fatalf("write: %d", status)
	}
	path, _, _ := strings.Cut(location, "?")
	return path
}

var hiddenAuthor = regexp.MustCompile(`name="author" value="([^"]+)"`)

func (h *decidingHouse) authorOf(token string) string {
	h.Helper()
	found := hiddenAuthor.FindStringSubmatch(h.get("/proposals/new", token, 200))
	if found == nil {
		h.Fatal("the form names no author")
	}
	return found[1]
}

func (h *decidingHouse) publish(path, token string) {
	h.Helper()
	if status, _, _ := h.post(path+"/publication", token, url.Values{}); status != http.StatusSeeOther {
		h.Fatalf("publish: %d", status)
	}
}

func eachDeciding(t *testing.T, test func(t *testing.T, h *decidingHouse)) {
	c := clock.At(time.Time{})
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(time.Date(2026, time.June, 1, 10, 0, 0, 0, time.UTC))
		h := openDeciding(t, d, c)
		test(t, h)
		if missing := h.texts.Missing(); len(missing) > 0 {
			t.Errorf("texts that no file has: %v", missing)
		}
	})
}

var longAgo = civil.New(2020, time.January, 1)

func TestProposalPages_FromWritingToSupport(t *testing.T) {
	eachDeciding(t, func(t *testing.T, h *decidingHouse) {
		_, author := h.member("aina", "Aina Vidal", longAgo)
		other, reader := h.member("biel", "Biel Roca", longAgo)

		status, _, body := h.post("/proposals", author, url.Values{"title": {""}, "body": {"Un text que no es pot perdre"}, "act": {"save"}, "author": {h.authorOf(author)}})
		if status != 422 || !strings.Contains(body, "Un text que no es pot perdre") || !strings.Contains(body, "Cal omplir aquest camp.") {
			t.Errorf("without a title: %d", status)
		}
		status, _, body = h.post("/proposals", author, url.Values{"title": {"Tres horts"}, "body": {"Fem **horts**"}, "act": {"preview"}})
		if status != 200 || !strings.Contains(body, "<strong>horts</strong>") || !strings.Contains(body, "Fem **horts**") {
			t.Errorf("preview: %d", status)
		}
		path := h.write(author, "Tres horts", "Fem **horts**")
		for _, token := range []string{"", reader} {
			for _, page := range []string{"", "/versions/1", "/compare"} {
				h.get(path+page, token, 404)
			}
		}
		h.get(path, author, 200)
		h.publish(path, author)

		public := h.get(path, "", 200)
		if strings.Contains(public, "Aina") || strings.Contains(public, "aina") || !strings.Contains(public, "<strong>horts</strong>") {
			t.Error("to people who are not signed in a proposal has its text and no name")
		}
		if page := h.get(path, reader, 200); !strings.Contains(page, "Aina Vidal") || strings.Contains(page, ">aina<") {
			t.Error("to people who are signed in it has the member's name, never the handle")
		}
		// Two members, 10 %: one supporter is enough.
		status, location, _ := h.post(path+"/support", reader, url.Values{"member": {fmt.Sprint(other.ID)}})
		if status != 303 || !strings.HasPrefix(location, path) {
			t.Errorf("support: %d %s", status, location)
		}
		if page := h.get(location, reader, 200); !strings.Contains(page, "1 d’1") || !strings.Contains(page, "s’ha d’incloure a l’ordre del dia") {
			t.Error("the page does not say that the support obliges")
		}
		if status, _, _ := h.post(path+"/support/end", reader, url.Values{"member": {fmt.Sprint(other.ID)}}); status != 303 {
			t.Errorf("take back: %d", status)
		}
		if status, _, _ := h.post(path+"/support", author, url.Values{"member": {fmt.Sprint(other.ID)}}); status != 403 {
			t.Errorf("support in somebody else's name: %d", status)
		}
		status, _, _ = h.post(path+"/versions", author, url.Values{"title": {"Quatre horts"}, "body": {"Fem **horts** nous"}, "base": {"1"}, "act": {"save"}})
		if status != 303 {
			t.Errorf("revise: %d", status)
		}
		status, _, body = h.post(path+"/versions", author, url.Values{"title": {"Cinc horts"}, "body": {"El meu text"}, "base": {"1"}, "act": {"save"}})
		if status != 409 || !strings.Contains(body, "El meu text") {
			t.Errorf("on an old version: %d", status)
		}
		compare := h.get(path+"/compare?from=1&to=2", "", 200)
		if !strings.Contains(compare, "</span>Tres</del>") || !strings.Contains(compare, "</span>Quatre</ins>") {
			t.Error("the comparison does not show what changed")
		}
		for _, query := range []string{"?from=x", "?from=1&to=99", "?from=-1"} {
			h.get(path+"/compare"+query, "", 404)
		}
		h.get(path+"/edit", reader, 403)
		h.get("/proposals?state=%27%20OR%201%3D1", "", 422)
		if page := h.get("/proposals?before=abc", "", 200); !strings.Contains(page, "Quatre horts") {
			t.Error("the list does not show the proposal")
		}
		if page := h.get("/decide", "", 200); !strings.Contains(page, "Quatre horts") || strings.Contains(page, "/proposals/new") {
			t.Error("the first page of Decide is not right for people outside")
		}
		if status, _, _ := h.post(path+"/withdrawal", author, url.Values{}); status != 303 {
			t.Errorf("withdraw: %d", status)
		}
	})
}

// payloads are stored where members can write, and read back on every page.
var payloads = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `</title><script>alert(1)</script>`,
	`[x](javascript:alert(1))`, `![x](https://spy.example/x.png)`, `{{.Title}}`, `</textarea><script>alert(1)</script>`,
}

func TestProposalAndRollPages_StoredScripts_AreText(t *testing.T) {
	eachDeciding(t, func(t *testing.T, h *decidingHouse) {
		all := strings.Join(payloads, " ")
		_, author := h.member("aina", all, longAgo, models.RoleFacilitator)
		m, _ := h.member("biel", all+" 2", longAgo)
		title := `</title><script>alert(1)</script> "><img src=x onerror=alert(1)> '-alert(1)-' {{.Title}}`
		path := h.write(author, title, strings.Join(payloads, "\n\n"))
		h.publish(path, author)
		if status, _, _ := h.post(path+"/versions", author, url.Values{"title": {title + "!"}, "body": {all}, "base": {"1"}, "act": {"save"}}); status != 303 {
			t.Fatalf("revise: %d", status)
		}
		if status, _, _ := h.post(path+"/support", author, url.Values{"member": {h.authorOf(author)}}); status != 303 {
			t.Fatalf("support: %d", status)
		}
		a := h.convene(all, time.Date(2026, time.July, 1, 16, 0, 0, 0, time.UTC))
		roll := fmt.Sprintf("/assemblies/%d/roll", a.ID)
		if status, _, _ := h.post(roll+"/corrections", author, url.Values{"number": {fmt.Sprint(m.Number)}, "vote": {"no"}, "reason": {all}}); status != 303 {
			t.Fatalf("correct: %d", status)
		}
		pages := []string{path, path + "/edit", path + "/versions/1", path + "/versions/2", path + "/compare", path + "/publication", path + "/withdrawal",
			"/proposals", "/decide", "/standing", "/inbox", roll, roll + "?name=" + url.QueryEscape(all), roll + "?number=" + url.QueryEscape(all), "/account",
			"/proposals/new", "/proposals?state=published&before=" + url.QueryEscape(all)}
		for _, page := range pages {
			_, _, body := h.ask("GET", page, author, nil)
			harmless(t, page, body)
		}
		for _, page := range []string{path, path + "/compare", "/proposals", "/decide"} {
			harmless(t, page, h.get(page, "", 200))
		}
		_, _, body := h.post("/proposals", author, url.Values{"title": {all}, "body": {all}, "act": {"preview"}})
		harmless(t, "preview", body)
		_, _, body = h.post(roll+"/corrections", author, url.Values{"number": {all[:12]}, "vote": {all}, "reason": {all}})
		harmless(t, "refused correction", body)
	})
}

// harmless reads a page as a browser does: no script but our own files, no event attribute, nothing from elsewhere.
func harmless(t *testing.T, page, body string) {
	t.Helper()
	tokens := html.NewTokenizer(strings.NewReader(body))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		tag := tokens.Token()
		attributes := map[string]string{}
		for _, a := range tag.Attr {
			attributes[a.Key] = a.Val
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("%s: <%s> has %s", page, tag.Data, a.Key)
			}
		}
		switch {
		case tag.Data == "script" && !strings.HasPrefix(attributes["src"], "/assets/"):
			t.Errorf("%s: a script that is not ours: %v", page, tag)
		case tag.Data == "img" && !strings.HasPrefix(attributes["src"], "/"):
			t.Errorf("%s: loads %s", page, attributes["src"])
		case strings.HasPrefix(strings.ToLower(strings.TrimSpace(attributes["href"])), "javascript:"):
			t.Errorf("%s: links to a script", page)
		}
	}
}

func TestStandingPage_SaysWhyAndWhatToDo(t *testing.T) {
	eachDeciding(t, func(t *testing.T, h *decidingHouse) {
		poor, byPoor := h.member("pere", "Pere Mas", longAgo)
		_, other := h.member("aina", "Aina Vidal", longAgo)
		_, treasurer := h.member("tresor", "Tresorera", longAgo, models.RoleTreasurer)
		_, future := h.member("nova", "Nova Pi", civil.New(2026, time.July, 1))
		h.owes(poor, civil.New(2026, time.February, 1))
		a := h.convene("Assemblea general", time.Date(2026, time.July, 1, 16, 0, 0, 0, time.UTC))

		page := h.get("/standing", byPoor, 200)
		for _, want := range []string{"Ara no pots votar.", "els dies de gràcia s’han acabat", "Des del 4 de març de 2026.", "Estatuts", "18,00", `href="/fees"`, "la veu, l’assistència i la informació es mantenen", "Assemblea general", "Fora del cens"} {
			if !strings.Contains(page, want) {
				t.Errorf("the page of who may not vote does not say %q", want)
			}
		}
		var charge models.Charge
		if err := h.d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Where("member_id = ?", poor.ID).Take(&charge).Error }); err != nil {
			t.Fatal(err)
		}
		paid := models.Payment{MemberID: poor.ID, AmountCents: 450, ReceivedOn: civil.New(2026, time.February, 2), Method: "cash", CreatedAt: h.clock.Now()}
		h.create(&paid)
		h.create(&models.Allocation{PaymentID: paid.ID, ChargeID: charge.ID, AmountCents: 450, At: h.clock.Now()})
		if page := h.get("/standing", byPoor, 200); !strings.Contains(page, "13,50") || strings.Contains(page, "18,00") {
			t.Error("what an advance has paid of a charge is asked for again")
		}
		if page := h.get("/standing", other, 200); !strings.Contains(page, "Pots votar.") || !strings.Contains(page, "Al cens") {
			t.Error("the page of who may vote does not say so")
		}
		if page := h.get("/standing", future, 200); !strings.Contains(page, "L’alta com a membre encara no ha començat.") || !strings.Contains(page, "1 de juliol de 2026") {
			t.Error("the page of who is not yet a member does not say so")
		}
		asked := fmt.Sprintf("/standing?member=%d", poor.ID)
		h.get(asked, other, 403)
		h.get("/standing?member=999", other, 403)
		h.get("/standing?member=999", treasurer, 404)
		if page := h.get(asked, treasurer, 200); !strings.Contains(page, "El dret de vot de Pere Mas") || !strings.Contains(page, "Encara no pot votar.") {
			t.Error("the treasurer is not told")
		}
		for _, lang := range []string{"es", "en"} {
			h.get("/standing?lang="+lang, byPoor, 200)
			h.get(fmt.Sprintf("/assemblies/%d/roll?lang=%s", a.ID, lang), treasurer, 200)
			h.get("/proposals?lang="+lang, other, 200)
			h.get("/proposals/new?lang="+lang, other, 200)
		}
	})
}

func TestRollPage_ExclusionsArePrivate_CorrectionsAreTheFacilitators(t *testing.T) {
	eachDeciding(t, func(t *testing.T, h *decidingHouse) {
		poor, byPoor := h.member("pere", "Pere Mas", longAgo)
		_, other := h.member("aina", "Aina Vidal", longAgo)
		_, facilitator := h.member("facil", "Fina Costa", longAgo, models.RoleFacilitator)
		_, treasurer := h.member("tresor", "Tresorera", longAgo, models.RoleTreasurer)
		h.owes(poor, civil.New(2026, time.February, 1))
		a := h.convene("Assemblea general", time.Date(2026, time.July, 1, 16, 0, 0, 0, time.UTC))
		roll := fmt.Sprintf("/assemblies/%d/roll", a.ID)

		if status, location, _ := h.ask("GET", roll, "", nil); status != 303 || !strings.HasPrefix(location, "/sign-in") {
			t.Errorf("nobody reads the roll: %d", status)
		}
		for _, query := range []string{"", "?vote=no", "?vote=yes", "?name=Pere", "?class=user"} {
			page := h.get(roll+query, other, 200)
			if strings.Contains(page, "Pere Mas") || strings.Contains(page, "gràcia") || strings.Contains(page, `name="reason"`) {
				t.Errorf("%s: another member sees who is excluded", query)
			}
		}
		if page := h.get(roll, byPoor, 200); !strings.Contains(page, "Pere Mas") || !strings.Contains(page, "Fora del cens") || !strings.Contains(page, "gràcia") {
			t.Error("the member itself is not told")
		}
		if page := h.get(roll, treasurer, 200); !strings.Contains(page, "Pere Mas") || strings.Contains(page, `name="reason"`) {
			t.Error("the treasurer reads everything and corrects nothing")
		}
		page := h.get(roll+"?number=1", facilitator, 200)
		if !strings.Contains(page, "Pere Mas") || !strings.Contains(page, `name="number" type="text" value="1"`) {
			t.Error("the facilitator has no form to correct with")
		}
		for _, token := range []string{other, treasurer} {
			if status, _, _ := h.post(roll+"/corrections", token, url.Values{"number": {"1"}, "vote": {"yes"}, "reason": {"x"}}); status != 403 {
				t.Errorf("corrected by somebody else: %d", status)
			}
		}
		status, _, body := h.post(roll+"/corrections", facilitator, url.Values{"number": {"77"}, "vote": {"yes"}, "reason": {"Un motiu que no es pot perdre"}})
		if status != 422 || !strings.Contains(body, "Un motiu que no es pot perdre") || !strings.Contains(body, "Cap membre no té aquest número.") {
			t.Errorf("a number that nobody has: %d", status)
		}
		if status, _, _ := h.post(roll+"/corrections", facilitator, url.Values{"number": {"1"}, "vote": {"yes"}, "reason": {"Havia pagat en efectiu."}, "once": {"a"}}); status != 303 {
			t.Errorf("correct: %d", status)
		}
		if page := h.get(roll, treasurer, 200); !strings.Contains(page, "Havia pagat en efectiu.") {
			t.Error("the log does not say why")
		}
		if page := h.get(roll, other, 200); !strings.Contains(page, "Pere Mas") || strings.Contains(page, "efectiu") {
			t.Error("members see who may vote now, and no reason")
		}
		if page := h.get("/decide", byPoor, 200); !strings.Contains(page, "Assemblea general") {
			t.Error("Decide does not show the assembly to come")
		}
		if page := h.get("/inbox", byPoor, 200); !strings.Contains(page, "Pere Mas ja és al cens") {
			t.Error("the member is not told of the correction")
		}
		h.clock.Move(time.Date(2026, time.June, 30, 16, 0, 1, 0, time.UTC))
		status, _, body = h.post(roll+"/corrections", facilitator, url.Values{"number": {"1"}, "vote": {"no"}, "reason": {"x"}})
		if status != 409 || !strings.Contains(body, "El termini es va acabar dimarts, 30 de juny de 2026 a les 18:00 (Estatuts).") {
			t.Errorf("too late: %d", status)
		}
	})
}
