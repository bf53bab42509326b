package handlers_test

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/app/identity"
	"socia/app/members"
	"socia/app/rolls"
	"socia/app/transparency"
	"socia/core/civil"
	"socia/core/rules"
	"socia/handlers"
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

// people is a cooperative behind its pages: who can sign in, by handle, and the ids that addresses have.
type people struct {
	t       *testing.T
	app     *fiber.App
	db      *db.DB
	who     *identity.Service
	members *members.Service
	fees    *fees.Service
	texts   *i18n.Bundle
	tokens  map[string]string
	nord    models.CollectiveID
	user    models.MemberClassID
	pau     models.MemberID
}

var cheap = &argon2id.Params{Memory: 8, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 16}

const passphrase = "una sitja plena de gra"

func openPeople(t *testing.T) *people {
	t.Helper()
	d := dbtest.Open(t, db.SQLite, clock.At(time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)))
	s, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	who := identity.New(d, identity.Options{Hashing: cheap})
	kit, err := web.New(who, s, texts, slog.New(slog.DiscardHandler), handlers.Nav, web.Options{BaseURL: "http://127.0.0.1:3000"})
	if err != nil {
		t.Fatal(err)
	}
	p := &people{t: t, db: d, who: who, members: members.New(d, s, who), texts: texts, tokens: map[string]string{}, app: kit.Server(nil, nil, handlers.ImportPaths...)}
	roll := rolls.New(d)
	quiet := slog.New(slog.DiscardHandler)
	p.fees = fees.New(d, jobs.New(d, quiet), texts, s, mail.NewLocal(d, s), roll, fees.Options{BaseURL: "http://127.0.0.1:3000"})
	handlers.New(kit, handlers.Services{Identity: who, Members: p.members, Fees: p.fees, Rolls: roll, Transparency: transparency.New(d, transparency.Options{})}).Mount(p.app)
	p.settle()
	t.Cleanup(func() {
		if missing := texts.Missing(); len(missing) > 0 {
			t.Errorf("texts that pages asked for and that do not exist: %v", missing)
		}
	})
	return p
}

func (p *people) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// settle founds the cooperative: vera validates for Nord, pau is a member, estranya has an account only.
func (p *people) settle() {
	ctx := p.t.Context()
	p.must(p.who.Found(ctx, identity.Founding{Name: "La Sitja", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: rules.PresetCatalan, Handle: "admin", Passphrase: passphrase}))
	for _, handle := range []string{"vera", "pau", "estranya", "otger"} {
		_, err := p.who.SignUp(ctx, identity.NewAccount{Handle: handle, Passphrase: passphrase, Again: passphrase, Language: "ca"}, handle)
		p.must(err)
	}
	var err error
	p.nord, err = p.members.CreateCollective(ctx, p.actor("admin"), members.CollectiveForm{Name: "Nord", Description: "De la Plana al Ter."}, "")
	p.must(err)
	sud, err := p.members.CreateCollective(ctx, p.actor("admin"), members.CollectiveForm{Name: "Sud"}, "")
	p.must(err)
	classes, err := p.members.Classes(ctx)
	p.must(err)
	p.user = classes[0].ID
	today := civil.New(2026, 11, 23)
	for handle, collective := range map[string]models.CollectiveID{"vera": p.nord, "otger": sud} {
		_, err := p.who.Appoint(ctx, p.actor("admin"), identity.Appointment{Handle: handle, Role: models.RoleValidator, CollectiveID: collective, StartsOn: today, Reason: "assemblea"}, "")
		p.must(err)
	}
	id, err := p.members.Apply(ctx, p.actor("pau"), members.ApplicationForm{Kind: models.Person, Name: "Pau Roca", ClassID: p.user, CollectiveID: p.nord}, "")
	p.must(err)
	p.pau, err = p.members.Admit(ctx, p.actor("vera"), id, "")
	p.must(err)
	for _, handle := range []string{"admin", "vera", "pau", "estranya", "otger"} {
		p.tokens[handle], err = p.who.SignIn(ctx, handle, passphrase, handle, "")
		p.must(err)
	}
}

func (p *people) actor(handle string) (a identity.Actor) {
	p.t.Helper()
	account, err := p.who.AccountByHandle(p.t.Context(), handle)
	p.must(err)
	p.must(p.db.Read(p.t.Context(), func(tx *db.Tx) error {
		a, err = identity.ActorTx(tx, account.ID)
		return err
	}))
	return a
}

// answer is what the server said.
type answer struct {
	status   int
	body     string
	location string
}

func (p *people) send(r *http.Request, as string) answer {
	p.t.Helper()
	if as != "" {
		r.AddCookie(&http.Cookie{Name: "socia", Value: p.tokens[as]})
	}
	response, err := p.app.Test(r, -1)
	p.must(err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	p.must(err)
	return answer{status: response.StatusCode, body: strings.ReplaceAll(html.UnescapeString(string(body)), "\u00a0", " "), location: response.Header.Get("Location")}
}

func (p *people) get(as, path string) answer {
	p.t.Helper()
	return p.send(httptest.NewRequest(http.MethodGet, path, nil), as)
}

var csrfInput = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// token is a form's token for somebody.
func (p *people) token(as string) string {
	p.t.Helper()
	found := csrfInput.FindStringSubmatch(p.get(as, "/account").body)
	if found == nil {
		return "none"
	}
	return found[1]
}

// post sends a form; values are names and values in turn.
func (p *people) post(as, path string, values ...string) answer {
	p.t.Helper()
	form := url.Values{"csrf": {p.token(as)}}
	for i := 0; i+1 < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return p.send(r, as)
}

// upload sends a file to the import page.
func (p *people) upload(as, file string) answer {
	p.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	p.must(w.WriteField("csrf", p.token(as)))
	part, err := w.CreateFormFile("file", "membres.csv")
	p.must(err)
	_, err = io.WriteString(part, file)
	p.must(err)
	p.must(w.Close())
	r := httptest.NewRequest(http.MethodPost, "/members/import", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return p.send(r, as)
}

func (a answer) check(t *testing.T, status int, says ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %s", a.status, status, a.location)
	}
	for _, s := range says {
		if !strings.Contains(a.body, s) {
			t.Errorf("the page does not say %q", s)
		}
	}
}

func (a answer) lacks(t *testing.T, words ...string) {
	t.Helper()
	for _, s := range words {
		if strings.Contains(a.body, s) {
			t.Errorf("the page says %q", s)
		}
	}
}

func TestPeople_ApplicationGoesFromTheFormToMembership(t *testing.T) {
	p := openPeople(t)
	p.get("estranya", "/apply").check(t, 200, "Demana l’alta", "3 mesos", "Llei 12/2015, art. 29.2", "Nord")
	empty := p.post("estranya", "/apply", "kind", "organisation", "name", "", "representative", "", "collective", "", "motivation", "")
	empty.check(t, 422, `href="#f-name"`, `href="#f-representative"`, `href="#f-class"`, `href="#f-collective"`)
	p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", "999", "collective", "999").check(t, 422, `href="#f-class"`, `href="#f-collective"`)
	bad := p.post("estranya", "/apply", "kind", "organisation", "name", "", "motivation", "Hola <script>")
	bad.check(t, 422, "Hi ha 4 coses per corregir", `href="#f-name"`, "Hola <script>")
	bad.lacks(t, "⟦")
	sent := p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", fmt.Sprint(p.nord), "motivation", "Hola\nSoc l’Èlia", "once", "one")
	sent.check(t, 303)
	page := strings.Split(sent.location, "?")[0]
	again := p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", fmt.Sprint(p.nord), "once", "one")
	if again.location != sent.location {
		t.Errorf("the form sent twice leads to %s and %s", sent.location, again.location)
	}
	p.get("estranya", page).check(t, 200, "La meva sol·licitud", "dimarts, 23 de febrer de 2027", "Retira la sol·licitud")
	if to := p.get("estranya", "/apply").location; to != page {
		t.Errorf("whoever waits is sent to %q", to)
	}
	p.get("vera", "/inbox").check(t, 200, "espera que la validi Nord")
	p.get("vera", "/applications").check(t, 200, "Èlia", "23 febr. 2027")
	p.get("vera", page).check(t, 200, "Si l’admets", "El compte estranya actuarà en nom seu", "Després no es podrà desfer")
	for _, as := range []string{"pau", "otger", "admin"} {
		p.post(as, page+"/admission").check(t, 403)
	}
	p.get("pau", page).check(t, 403)
	p.get("otger", page).check(t, 403)
	p.post("vera", page+"/refusal", "reason", "").check(t, 422, "Cal omplir aquest camp")
	p.post("vera", page+"/admission", "once", "two").check(t, 303)
	p.post("vera", page+"/admission", "once", "three").check(t, 409, "ja està resolta")
	p.get("estranya", page).check(t, 200, "Admesa")
	p.get("estranya", "/members").check(t, 200, "Èlia", "Pau Roca")
}

func TestPeople_HomeAndAccountLeadToTheApplication_AndSayItsState(t *testing.T) {
	p := openPeople(t)
	p.get("estranya", "/account").check(t, 200, "encara no és membre", `href="/apply"`)
	sent := p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", fmt.Sprint(p.nord))
	page := strings.Split(sent.location, "?")[0]
	p.get("estranya", "/").check(t, 200, "La teva sol·licitud s’està mirant", `href="`+page+`"`)
	account := p.get("estranya", "/account")
	account.check(t, 200, `href="`+page+`"`, "Sol·licitud d’«Èlia» al col·lectiu «Nord».", "Espera resposta", "Es respon fins al dimarts, 23 de febrer de 2027")
	account.lacks(t, `href="/apply"`)
	p.post("vera", page+"/refusal", "reason", "No et coneixem encara.").check(t, 303)
	p.get("estranya", "/").lacks(t, `href="`+page+`"`)
	p.get("estranya", "/account").check(t, 200, "Refusada", `href="`+page+`"`, `href="/apply"`)
	if body := p.get("pau", "/account").body; strings.Contains(body, "Sol·licitud de") {
		t.Error("who was admitted still reads about the application")
	}
}

func TestPeople_WhoWantsToJoin_LandsOnTheApplication(t *testing.T) {
	p := openPeople(t)
	p.get("", "/").check(t, 200, `href="/sign-up?next=%2Fapply"`)
	p.get("", "/sign-in?next=%2Fapply").check(t, 200, `href="/sign-up?next=%2Fapply"`)
	signUp := p.get("", "/sign-up?next=%2Fapply")
	signUp.check(t, 200, `name="next" value="/apply"`, `href="/sign-in?next=%2Fapply"`, "Primer crea un compte")
	form := func(handle, next string) answer {
		values := url.Values{"csrf": {csrfInput.FindStringSubmatch(signUp.body)[1]}, "handle": {handle}, "passphrase": {passphrase}, "again": {passphrase}, "next": {next}}
		r := httptest.NewRequest(http.MethodPost, "/sign-up", strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return p.send(r, "")
	}
	form("x", "/apply").check(t, 422, `name="next" value="/apply"`)
	if to := form("nova", "/apply").location; !strings.HasPrefix(to, "/apply?") {
		t.Errorf("who made an account lands on %q", to)
	}
	if to := form("novella", "//evil.example").location; !strings.HasPrefix(to, "/account?") {
		t.Errorf("another site's address leads to %q", to)
	}
	p.get("", "/sign-up?next=//evil.example").lacks(t, `value="//evil`, `href="/sign-in?next=%2F%2F`)
}

func TestPeople_TheApplicationSaysWhatEachClassPays(t *testing.T) {
	p := openPeople(t)
	_, err := p.who.Appoint(t.Context(), p.actor("admin"), identity.Appointment{Handle: "otger", Role: models.RoleTreasurer, StartsOn: civil.New(2026, 11, 23), Reason: "assemblea"}, "")
	p.must(err)
	price := fees.PriceForm{ValidFrom: civil.New(2026, 1, 1), MinCents: 500, SuggestedCents: 1000, MaxCents: 2000, Resolution: "assemblea"}
	plan := fees.PlanForm{ClassID: p.user, Name: "Quota base", Every: "month", VATTreatment: fees.VATOutside, DueDays: 15, Price: price}
	_, err = p.fees.CreatePlan(t.Context(), p.actor("otger"), plan, "")
	p.must(err)
	p.get("estranya", "/apply").check(t, 200, "Quota base (cada mes): de 5,00 € a 20,00 € (recomanem 10,00 €)")
}

func TestPeople_RefusalTellsTheReason(t *testing.T) {
	p := openPeople(t)
	sent := p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", fmt.Sprint(p.nord))
	page := strings.Split(sent.location, "?")[0]
	p.get("vera", page+"/refusal").check(t, 200, "Èlia en llegirà el motiu")
	p.post("vera", page+"/refusal", "reason", "Vine abans a una acollida").check(t, 303)
	p.get("estranya", page).check(t, 200, "Vine abans a una acollida", "Torna a demanar l’alta")
}

func TestPeople_DirectoryTakesHostileAddresses(t *testing.T) {
	p := openPeople(t)
	for _, query := range []string{"?sort=name;DROP+TABLE+members", "?class=1+OR+1=1", "?after=-5", "?after=99999999999999999999", "?q=%27%3B--", "?q=%00%ff", "?kind=%3Cscript%3E", "?left=1&sort=number", "?q=%3Cscript%3Ealert(1)%3C/script%3E"} {
		for _, as := range []string{"pau", "admin"} {
			r := httptest.NewRequest(http.MethodGet, "/members"+query, nil)
			r.AddCookie(&http.Cookie{Name: "socia", Value: p.tokens[as]})
			response, err := p.app.Test(r, -1)
			p.must(err)
			raw, err := io.ReadAll(response.Body)
			p.must(err)
			_ = response.Body.Close()
			want := http.StatusOK
			if strings.Contains(query, "%00") {
				want = http.StatusUnprocessableEntity // bytes that no database stores
			}
			if response.StatusCode != want || strings.Contains(string(raw), "<script>alert") {
				t.Errorf("%s as %s: status %d", query, as, response.StatusCode)
			}
		}
	}
	p.get("pau", "/members").lacks(t, "Núm. de membre")
	p.get("admin", "/members").check(t, 200, "Núm. de membre", "Importa membres")
	p.get("admin", "/members?q=zzz").check(t, 200, "Ningú no hi coincideix")
}

func TestPeople_WhoMaySeeWhat(t *testing.T) {
	p := openPeople(t)
	own := fmt.Sprintf("/members/%d", p.pau)
	p.get("", "/collectives").check(t, 200, "Nord", "De la Plana al Ter.")
	for path, status := range map[string]int{"/members": 303, own: 303, "/apply": 303, "/applications": 303, fmt.Sprintf("/collectives/%d", p.nord): 303, "/members/import": 303} {
		if got := p.get("", path); got.status != status || !strings.HasPrefix(got.location, "/sign-in") {
			t.Errorf("signed out, %s: %d %s", path, got.status, got.location)
		}
	}
	for _, path := range []string{"/members", own, "/applications", "/members/import", fmt.Sprintf("/collectives/%d", p.nord)} {
		p.get("estranya", path).check(t, 403)
	}
	for _, path := range []string{"/members/99999", "/members/x", "/collectives/99999"} {
		p.get("pau", path).check(t, 404)
	}
	p.get("otger", own+"/edit").check(t, 403)
	p.post("otger", own, "name", "Mal", "language", "ca").check(t, 403)
	p.post("otger", own+"/departure", "effective_on", "2026-12-01", "confirmed", "1").check(t, 403)
	for _, path := range []string{"/collectives", own + "/account", own + "/account/unlinking", "/members/import/confirmation", fmt.Sprintf("/collectives/%d/closing", p.nord)} {
		p.post("pau", path).check(t, 403)
	}
}

func TestPeople_EditingOwnDetailsKeepsWhatWasTyped(t *testing.T) {
	p := openPeople(t)
	own := fmt.Sprintf("/members/%d", p.pau)
	p.post("pau", own, "name", "Pau", "email", "no és cap adreça", "language", "ca").check(t, 422, "no és cap adreça", "nom@exemple.cat")
	p.post("pau", own, "name", "<b>Pau</b>", "email", "pau@exemple.cat", "language", "es").check(t, 303)
	p.get("pau", own).check(t, 200, "pau@exemple.cat", "Demana la baixa")
	p.get("otger", own).lacks(t, "pau@exemple.cat")
}

func TestPeople_LeavingHasAReviewStep(t *testing.T) {
	p := openPeople(t)
	own := fmt.Sprintf("/members/%d", p.pau)
	p.post("pau", own+"/departure", "effective_on", "2026-11-22").check(t, 422, "anterior a l’alta")
	p.post("pau", own+"/departure", "effective_on", "potser").check(t, 422, "potser")
	p.post("pau", own+"/departure", "effective_on", "2026-12-31", "reason", "Mudança").check(t, 200, "dijous, 31 de desembre de 2026", "Mudança", "Ara no es deu res.", "La pots retirar fins al dijous, 31 de desembre de 2026")
	p.get("pau", own).check(t, 200, "Demana la baixa") // nothing has happened yet
	p.post("pau", own+"/departure", "effective_on", "2026-12-31", "reason", "Mudança", "confirmed", "1", "once", "bye").check(t, 303)
	p.get("pau", own).check(t, 200, "El darrer dia com a membre és dijous, 31 de desembre de 2026")
	p.post("pau", own+"/departure", "effective_on", "2026-12-31", "confirmed", "1", "once", "other").check(t, 409)
}

func TestPeople_ADepartureToCome_IsSaidOnStanding_AndCanBeWithdrawn(t *testing.T) {
	p := openPeople(t)
	own := fmt.Sprintf("/members/%d", p.pau)
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error {
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		statutes.ID, statutes.Version, statutes.Body.Seniority.Days = 0, statutes.Version+1, 90
		if err := tx.DB.Create(&statutes).Error; err != nil {
			return err
		}
		plan := models.FeePlan{ClassID: p.user, Name: "Quota", Every: "year", VATTreatment: fees.VATOutside, CreatedAt: tx.Now}
		if err := tx.DB.Create(&plan).Error; err != nil {
			return err
		}
		day := civil.New(2026, 11, 23)
		price := models.Price{PlanID: plan.ID, ValidFrom: day, MinCents: 1800, SuggestedCents: 1800, CreatedAt: tx.Now}
		if err := tx.DB.Create(&price).Error; err != nil {
			return err
		}
		sub := models.Subscription{MemberID: p.pau, PlanID: plan.ID, AmountCents: 1800, StartsOn: day, CreatedAt: tx.Now}
		if err := tx.DB.Create(&sub).Error; err != nil {
			return err
		}
		return tx.DB.Create(&models.Charge{SubscriptionID: sub.ID, MemberID: p.pau, PriceID: price.ID, PeriodStart: day, PeriodEnd: day.AddMonths(12), AmountCents: 1800, DueOn: day.AddDays(15), CreatedAt: tx.Now}).Error
	}))
	p.post("pau", own+"/departure", "effective_on", "2026-12-31").check(t, 200, "Ara es deuen 18,00 €")
	p.post("pau", own+"/departure", "effective_on", "2026-12-31", "confirmed", "1").check(t, 303)
	standing := p.get("pau", "/standing")
	standing.check(t, 200, "La condició de membre s’acaba el 31 de desembre de 2026", "però la baixa és abans", `href="`+own+`"`)
	p.get("pau", own).check(t, 200, "Retira la baixa", own+"/departure/withdrawal")
	p.get("vera", own).lacks(t, "Retira la baixa")
	p.post("vera", own+"/departure/withdrawal").check(t, 403)
	p.post("pau", own+"/departure/withdrawal").check(t, 303)
	p.get("pau", own).lacks(t, "Retira la baixa", "31 de desembre")
	p.get("pau", "/standing").lacks(t, "s’acaba el")
	p.get("pau", "/inbox").check(t, 200, "La baixa s’ha retirat")
}

func TestPeople_EndingAnOfficeIsReviewedFirst(t *testing.T) {
	p := openPeople(t)
	roles := p.get("admin", "/admin/roles")
	if strings.Contains(roles.body, `/end"`) && strings.Contains(roles.body, `action="/admin/roles/2/end"`) {
		t.Error("one click ends an office")
	}
	roles.check(t, 200, `href="/admin/roles/2/end"`)
	review := p.get("admin", "/admin/roles/2/end")
	review.check(t, 200, "Després no es podrà desfer", `action="/admin/roles/2/end"`, "assemblea")
	p.post("admin", "/admin/roles/1/end").check(t, 409, "Després no es podrà desfer") // the last administrator
	p.post("admin", "/admin/roles/2/end").check(t, 303)
	if to := p.get("admin", "/admin/roles/2/end").location; to != "/admin/roles" {
		t.Errorf("an ended term leads to %q", to)
	}
	p.get("admin", "/admin/roles/4711/end").check(t, 404)
	p.get("vera", "/admin/roles/1/end").check(t, 403)
}

func TestPeople_ImportIsCheckedThenConfirmed(t *testing.T) {
	p := openPeople(t)
	p.get("admin", "/members/import").check(t, 200, "Les columnes")
	p.upload("admin", "").check(t, 422, "Tria un fitxer")
	p.upload("admin", "número;nom;tipus;classe;data d’alta\n7;Mar;persona;Usuàries;2025-02-30\n;Sol;planta;user;2025-01-01\n").
		check(t, 422, "«2025-02-30» no és un dia que existeixi", "E · data d’alta", "Hi falta el número", "«planta»")
	p.upload("admin", "número;nom;tipus;classe;data d’alta\n7;Mar;persona;Usuàries;2030-02-20\n8;Sol;persona;Usuàries;28/02/1830\n").
		check(t, 422, "L’alta «2030-02-20» és posterior a avui", "E · data d’alta", "que són entre 1900 i 2199")
	p.upload("admin", "número;nom;tipus;classe\n7;Mar;persona;Usuàries\n").check(t, 422, "Hi falta la columna «data d’alta».")
	checked := p.upload("admin", "número;nom;tipus;classe;data d’alta\n70;Mar;persona;Usuàries;2025-02-20\n")
	checked.check(t, 200, "Què faria aquest fitxer", "Encara no s’ha desat res", "Mar (núm. 70)", "Després d’importar")
	many := "número;nom;tipus;classe;data d’alta\n"
	for n := range 23 {
		many += fmt.Sprintf("%d;Membre %d;persona;Usuàries;2025-02-20\n", 100+n, n)
	}
	listed := p.upload("admin", many)
	listed.check(t, 200, "Membre 19", "i 3 més")
	listed.lacks(t, "Membre 20")
	if p.get("admin", "/members?q=Mar").check(t, 200, "Ningú no hi coincideix"); t.Failed() {
		t.FailNow()
	}
	data := regexp.MustCompile(`name="data" value="([^"]+)"`).FindStringSubmatch(checked.body)[1]
	p.post("admin", "/members/import/confirmation", "data", data, "once", "imp").check(t, 303)
	p.post("admin", "/members/import/confirmation", "data", data, "once", "imp").check(t, 303)
	p.get("admin", "/members?q=Mar").check(t, 200, "Mar", "70")
	p.post("admin", "/members/import/confirmation", "data", "no és gzip").check(t, 422)
	p.upload("admin", "número;nom;tipus;classe;data d’alta\n70;Mar;persona;Usuàries;2025-02-20\n").check(t, 200, "El fitxer no canvia res")
}

func TestPeople_AdministratorLinksAnAccount(t *testing.T) {
	p := openPeople(t)
	p.must(p.importFile("number,name,kind,class,joined_on\n70,Mar,person,user,2025-02-20\n"))
	found := regexp.MustCompile(`href="(/members/\d+)"[^>]*>Mar<`).FindStringSubmatch(p.get("admin", "/members?q=Mar").body)
	if found == nil {
		t.Fatal("the imported member is not listed")
	}
	p.post("admin", found[1]+"/account", "handle", "ningu").check(t, 422, "No hi ha cap compte")
	p.post("admin", found[1]+"/account", "handle", "pau").check(t, 422, "ja és membre com a persona")
	p.post("admin", found[1]+"/account", "handle", "estranya", "once", "l").check(t, 303)
	p.get("admin", found[1]).check(t, 200, "estranya", "Desvincula el compte")
	p.get("estranya", found[1]).check(t, 200, "Aquesta és la teva fitxa")
	p.get("admin", found[1]).lacks(t, `action="`+found[1]+`/account/unlinking"`)
	p.get("admin", found[1]+"/account/unlinking").check(t, 200, "Mar", "estranya", `action="`+found[1]+`/account/unlinking"`)
	p.post("admin", found[1]+"/account/unlinking").check(t, 303)
	if to := p.get("admin", found[1]+"/account/unlinking").location; to != found[1] {
		t.Errorf("an account unlinked already leads to %q", to)
	}
	p.get("estranya", found[1]).check(t, 403)
}

func (p *people) importFile(data string) error {
	_, err := p.members.Import(p.t.Context(), p.actor("admin"), []byte(data), members.ImportOptions{}, "")
	return err
}

func TestPeople_CollectivesAreFoundedRenamedAndClosed(t *testing.T) {
	p := openPeople(t)
	p.post("admin", "/collectives", "name", "Nord").check(t, 422, "Ja hi ha un col·lectiu amb aquest nom")
	made := p.post("admin", "/collectives", "name", "Est", "description", "De Llevant")
	made.check(t, 303)
	est := strings.Split(made.location, "?")[0]
	p.get("pau", est).check(t, 200, "De Llevant", "ningú no valida")
	p.post("admin", est, "name", "Llevant").check(t, 303)
	p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", strings.TrimPrefix(est, "/collectives/")).check(t, 303)
	p.post("admin", est+"/closing").check(t, 409, "Encara hi ha sol·licituds")
	p.get("admin", "/inbox").check(t, 200, "Cal nomenar algú")
}

func TestPeople_EveryPageSpeaksThreeLanguages(t *testing.T) {
	p := openPeople(t)
	sent := p.post("estranya", "/apply", "kind", "person", "name", "Èlia", "class", fmt.Sprint(p.user), "collective", fmt.Sprint(p.nord))
	application := strings.Split(sent.location, "?")[0]
	own := fmt.Sprintf("/members/%d", p.pau)
	for _, lang := range []string{"ca", "es", "en"} {
		for as, paths := range map[string][]string{
			"":         {"/collectives"},
			"estranya": {application},
			"pau":      {"/members", own, own + "/edit", own + "/departure", "/apply"},
			"vera":     {"/applications", application, application + "/refusal"},
			"admin":    {"/members", "/members/import", own, own + "/account", "/collectives/new", fmt.Sprintf("/collectives/%d", p.nord), fmt.Sprintf("/collectives/%d/edit", p.nord)},
		} {
			for _, path := range paths {
				a := p.get(as, path+"?lang="+lang)
				a.check(t, 200, `<html lang="`+lang+`">`)
				a.lacks(t, "⟦")
			}
		}
	}
}
