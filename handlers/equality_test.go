package handlers

import (
	"context"
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

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"socia/app/equality"
	"socia/app/identity"
	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/seal"
)

// balanceHouse serves the pages of gender balance for a test.
type balanceHouse struct {
	t     *testing.T
	d     *db.DB
	clock *clock.Set
	texts *i18n.Bundle
	app   *fiber.App
	Services
}

const balanceSecret = "cinc paraules soltes per entrar"

func openBalance(t *testing.T) *balanceHouse {
	t.Helper()
	h := &balanceHouse{t: t, clock: clock.At(time.Date(2026, time.April, 10, 12, 0, 0, 0, time.UTC))}
	h.d = dbtest.Open(t, db.SQLite, h.clock)
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	if h.texts, err = i18n.Load(); err != nil {
		t.Fatal(err)
	}
	cheap := &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	h.Services = Services{Identity: identity.New(h.d, identity.Options{Hashing: cheap}), Equality: equality.New(h.d, sealer)}
	founding := identity.Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: balanceSecret}
	if err := h.Identity.Found(t.Context(), founding); err != nil {
		t.Fatal(err)
	}
	kit, err := web.New(h.Identity, sealer, h.texts, slog.New(slog.DiscardHandler), Nav, web.Options{BaseURL: "http://example.com"})
	if err != nil {
		t.Fatal(err)
	}
	h.app = kit.Server(nil, nil)
	New(kit, h.Services).Mount(h.app)
	return h
}

// ask sends a request as an account ("" for nobody) and gives status, place to go on and body.
func (h *balanceHouse) ask(method, path, token string, form url.Values) (status int, location, body string) {
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
	return answer.StatusCode, answer.Header.Get("Location"), string(raw)
}

func (h *balanceHouse) signIn(handle string) string {
	h.t.Helper()
	token, err := h.Identity.SignIn(h.t.Context(), handle, balanceSecret, "test", "test")
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

var (
	equalityCSRF = regexp.MustCompile(`name="csrf" value="([^"]+)"`)
	hiddenOnce   = regexp.MustCompile(`name="once" value="([^"]+)"`)
)

// hiddenOf takes the hidden fields of a page's form.
func hiddenOf(t *testing.T, body string) url.Values {
	t.Helper()
	csrf, once := equalityCSRF.FindStringSubmatch(body), hiddenOnce.FindStringSubmatch(body)
	if csrf == nil || once == nil {
		t.Fatalf("a form without its tokens: %s", body)
	}
	return url.Values{"csrf": {csrf[1]}, "once": {once[1]}}
}

func TestGenderPage_KeepsWhatWasTypedAndSavesWhatIsRight(t *testing.T) {
	h := openBalance(t)
	if status, to, _ := h.ask("GET", "/account/gender", "", nil); status != 303 || !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("a guest gets %d and goes to %q", status, to)
	}
	token := h.signIn("admin")
	status, _, body := h.ask("GET", "/account/gender", token, nil)
	if status != 200 || strings.Contains(body, " checked") || strings.Contains(body, "/account/gender/withdrawal") {
		t.Fatalf("%d: something is chosen beforehand, or can be withdrawn: %s", status, body)
	}
	form := hiddenOf(t, body)
	form["identities"], form["prefer_not"], form["words"] = []string{"woman", "trans"}, []string{"1"}, []string{"  lluna & mar "}
	status, _, body = h.ask("POST", "/account/gender", token, form)
	for _, wanted := range []string{`href="#f-count_in"`, `href="#f-prefer_not"`, `value="lluna &amp; mar"`, `value="trans" checked`} {
		if status != 422 || !strings.Contains(body, wanted) {
			t.Errorf("%d without %s", status, wanted)
		}
	}
	form.Del("prefer_not")
	form["count_in"], form["consents"] = []string{"women"}, []string{"membership", "speaking"}
	for range 2 {
		if status, to, _ := h.ask("POST", "/account/gender", token, form); status != 303 || to != "/account/gender?done=equality.done.declared" {
			t.Fatalf("%d, goes to %q", status, to)
		}
	}
	_, _, body = h.ask("GET", "/account/gender?done=equality.done.declared", token, nil)
	for _, wanted := range []string{"Hem desat la teva resposta", `value="women" checked`, `value="speaking" checked`, "dimecres, 1 de juliol de 2026", "/account/gender/withdrawal"} {
		if !strings.Contains(body, wanted) {
			t.Errorf("saved, and the page lacks %q", wanted)
		}
	}
	if status, _, _ := h.ask("POST", "/account/gender/withdrawal", token, url.Values{}); status != 403 {
		t.Errorf("withdrawn without a token: %d", status)
	}
	if status, to, _ := h.ask("POST", "/account/gender/withdrawal", token, url.Values{"csrf": form["csrf"]}); status != 303 || !strings.HasSuffix(to, "withdrawn") {
		t.Errorf("%d, goes to %q", status, to)
	}
	if _, _, body = h.ask("GET", "/account/gender", token, nil); strings.Contains(body, " checked") {
		t.Error("withdrawn, and an answer is still there")
	}
}

// people fills a class with persons who declared, and appoints some of them.
func (h *balanceHouse) people(class string, groups, appointed map[equality.CountIn]int) {
	h.t.Helper()
	for _, g := range equality.CountsIn() {
		for n := range groups[g] {
			account := models.Account{Handle: fmt.Sprintf("%s-%s-%d", class, g, n), PassphraseHash: "-", Language: "ca", CreatedAt: h.clock.Now()}
			err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
				var c models.MemberClass
				var number int64
				for _, err := range []error{
					tx.DB.Take(&c, "code = ?", class).Error, tx.DB.Model(&models.Member{}).Count(&number).Error, tx.DB.Create(&account).Error,
				} {
					if err != nil {
						return err
					}
				}
				if n < appointed[g] {
					term := models.RoleTerm{AccountID: account.ID, Role: models.RoleFacilitator, StartsOn: civil.New(2026, time.May, 1), Reason: "acord", AppointedAt: tx.Now}
					if err := tx.DB.Create(&term).Error; err != nil {
						return err
					}
				}
				return tx.DB.Create(&models.Member{Number: number + 1, Kind: models.Person, Name: account.Handle, Language: "ca", ClassID: c.ID, AccountID: &account.ID, JoinedOn: civil.New(2025, time.May, 1), CreatedAt: tx.Now}).Error
			})
			if err == nil {
				err = h.Equality.Declare(h.t.Context(), identity.Actor{Account: account.ID}, equality.Declaration{CountIn: g, Consents: equality.Uses()}, "")
			}
			if err != nil {
				h.t.Fatal(err)
			}
		}
	}
}

func TestBalancePage_ShowsCountsArithmeticAndWordsForTheRest(t *testing.T) {
	h := openBalance(t)
	if status, _, body := h.ask("GET", "/balance", "", nil); status != 200 || !strings.Contains(body, "Encara no hi ha xifres") {
		t.Errorf("before the first release: %d", status)
	}
	h.people("user", map[equality.CountIn]int{equality.CountWomen: 41, equality.CountMen: 31, equality.CountAnother: 6, equality.CountNot: 9},
		map[equality.CountIn]int{equality.CountWomen: 10, equality.CountMen: 12, equality.CountAnother: 5})
	h.people("worker", map[equality.CountIn]int{equality.CountWomen: 6}, nil)
	h.people("collaborating", map[equality.CountIn]int{equality.CountWomen: 3, equality.CountMen: 11}, nil)
	h.clock.Move(time.Date(2026, time.July, 1, 1, 0, 0, 0, time.UTC))
	if err := h.Equality.Publish(context.Background()); err != nil {
		t.Fatal(err)
	}
	status, _, body := h.ask("GET", "/balance", "", nil)
	if status != 200 {
		t.Fatalf("%d: %s", status, body)
	}
	for _, wanted := range []string{
		"dimecres, 1 de juliol de 2026", "divendres, 1 de gener de 2027", "Massa poques persones o respostes per dir‑ho",
		"50 dones ÷ (50 dones + 42 homes) = 54,3", "Representació:", "El marge inclou el 54,3",
	} {
		if !strings.Contains(body, wanted) {
			t.Errorf("the page lacks %q", wanted)
		}
	}
	if strings.Contains(body, "/account/gender") || strings.Contains(body, "⟦") {
		t.Error("a guest is sent to an account, or a text is missing")
	}
	for path, want := range map[string]int{"/balance?as_of=2026-07-01": 200, "/balance?as_of=2026-01-01": 404, "/balance?as_of=abans": 404} {
		if status, _, _ := h.ask("GET", path, "", nil); status != want {
			t.Errorf("%s: %d, want %d", path, status, want)
		}
	}
	if missing := h.texts.Missing(); len(missing) > 0 {
		t.Errorf("missing texts: %v", missing)
	}
}
