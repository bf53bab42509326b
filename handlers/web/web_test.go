package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/seal"
	"socia/views/assets"
	"socia/views/ui"
)

const (
	passphrase = "cinc paraules soltes per entrar"
	bossText   = "only administrators read this"
	hidden     = "pq: password authentication failed for postgres://u:hunter2@db"
)

// site is the real server with a few routes of its own behind it.
type site struct {
	*Kit
	t      *testing.T
	app    *fiber.App
	log    *bytes.Buffer
	writes int
}

type echoForm struct {
	Name  string   `form:"name" validate:"max=40"`
	Many  []string `form:"many"`
	Count int64    `form:"count"`
	Next  string   `form:"next"`
}

func open(t *testing.T, base string, proxies ...string) *site {
	t.Helper()
	d := dbtest.Open(t, db.SQLite, clock.System{})
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	id := identity.New(d, identity.Options{Hashing: &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}})
	if err := id.Found(t.Context(), identity.Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: passphrase}); err != nil {
		t.Fatal(err)
	}
	if _, err := id.SignUp(t.Context(), identity.NewAccount{Handle: "maria", Passphrase: passphrase, Again: passphrase, Language: "en"}, "test"); err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &bytes.Buffer{}}
	nav := func(*fiber.Ctx, *i18n.Texts) []ui.NavItem { return nil }
	if s.Kit, err = New(id, sealer, texts, slog.New(slog.NewTextHandler(s.log, nil)), nav, Options{BaseURL: base}); err != nil {
		t.Fatal(err)
	}
	s.app = s.Server(nil, proxies, "/files")
	s.routes()
	return s
}

func (s *site) routes() {
	add := func(method, path string, p Policy, h fiber.Handler) { s.app.Add(method, path, s.Allow(p), h) }
	page := func(c *fiber.Ctx) error {
		return s.Page(c, ui.ErrorPage(s.Frame(c, "page"), 404, ""))
	}
	write := func(c *fiber.Ctx) error { s.writes++; return c.SendString("written") }
	s.app.Get("/page", s.Allow(Anyone), page)
	s.app.Get("/admin/roles", s.Allow(Roles(models.RoleAdministrator)), func(c *fiber.Ctx) error { return c.SendString(bossText) })
	add("POST", "/admin/roles", Roles(models.RoleAdministrator), write)
	for _, m := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		add(m, "/write", Anyone, write)
	}
	add("POST", "/files", Anyone, func(c *fiber.Ctx) error { return c.SendString(fmt.Sprint(len(c.Request().Body()))) })
	add("POST", "/echo", Anyone, func(c *fiber.Ctx) error {
		f, err := Decode[echoForm](c)
		if err != nil {
			e, status, ok := s.FormErrors(c, err)
			if !ok {
				return err
			}
			return c.Status(status).SendString(fmt.Sprint(e))
		}
		s.writes++
		return c.SendString(fmt.Sprintf("%q %q %d", f.Name, f.Many, f.Count))
	})
	add("POST", "/go", Anyone, func(c *fiber.Ctx) error {
		return s.See(c, OwnPath(c.FormValue("next"), "/"), "identity.done.signed_out")
	})
	s.app.Get("/broken", func(*fiber.Ctx) error { return errors.New(hidden) })
	s.app.Get("/panic", func(*fiber.Ctx) error { panic(hidden) })
	s.app.Get("/fiber", func(*fiber.Ctx) error { return fiber.NewError(500, hidden) })
	s.app.Get("/address", func(c *fiber.Ctx) error { return c.SendString(Address(c)) })
	for kind, f := range map[string]*fault.Fault{"invalid": fault.Invalid("", "ui.error.form"), "notfound": fault.NotFound("ui.page404.title"), "forbidden": fault.Forbidden("identity.role_needed"), "conflict": fault.Conflict("identity.last_administrator"), "toomany": fault.TooMany("identity.too_many_tries", map[string]any{"minutes": 3})} {
		s.app.Get("/fault/"+kind, func(*fiber.Ctx) error { return f })
	}
}

func (s *site) ask(r *http.Request) (*http.Response, string) {
	s.t.Helper()
	answer, err := s.app.Test(r, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer, string(body)
}

func (s *site) get(path string, change ...func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r := httptest.NewRequest("GET", "/", nil)
	r.RequestURI = path
	for _, f := range change {
		f(r)
	}
	return s.ask(r)
}

func (s *site) post(path string, form url.Values, change ...func(*http.Request)) (*http.Response, string) {
	s.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for _, f := range change {
		f(r)
	}
	return s.ask(r)
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set(name, value) }
}

func (s *site) as(token string) func(*http.Request) {
	return func(r *http.Request) { r.AddCookie(&http.Cookie{Name: s.cookieName(), Value: token}) }
}

func (s *site) signIn(handle string) string {
	s.t.Helper()
	token, err := s.identity.SignIn(s.t.Context(), handle, passphrase, "test", "test")
	if err != nil {
		s.t.Fatal(err)
	}
	return token
}

func (s *site) anonymous(issued time.Time) string {
	b := make([]byte, 8)
	binary.BigEndian.PutUint64(b, uint64(issued.Unix()))
	return base64.RawURLEncoding.EncodeToString(b) + "." + mask(s.anonymousMAC(b))
}

func (s *site) fresh() url.Values { return url.Values{"csrf": {s.anonymous(time.Now())}} }

func TestRedirect_HostileValuesStayOnOurOwnPages(t *testing.T) {
	s := open(t, "http://example.com")
	base, _ := url.Parse("http://example.com/go")
	for _, next := range hostilePaths {
		if got := OwnPath(next, "/home"); got != "/home" {
			t.Errorf("%q passes as %q", next, got)
		}
	}
	for _, next := range append([]string{"/%2F/evil.example", "/%5Cevil.example", "/.//evil.example", "/a?next=//evil.example", "/a#//evil.example", "/@evil.example", "/a:b"}, hostilePaths...) {
		form := s.fresh()
		form.Set("next", next)
		answer, _ := s.post("/go", form)
		if strings.ContainsRune(next, 0) {
			if answer.StatusCode != 422 || answer.Header.Get("Location") != "" {
				t.Errorf("%q: status %d", next, answer.StatusCode)
			}
			continue
		}
		to, err := base.Parse(answer.Header.Get("Location"))
		if answer.StatusCode != 303 || err != nil || to.Host != "example.com" || to.Scheme != "http" || strings.HasPrefix(to.Path, "//evil") && !strings.HasPrefix(next, "/.") {
			t.Errorf("%q leads to %v (%d)", next, to, answer.StatusCode)
		}
		if len(answer.Cookies()) != 0 {
			t.Errorf("%q sets a cookie", next)
		}
		if to != nil && to.Query().Get("done") != "identity.done.signed_out" {
			t.Errorf("%q loses the sentence: %v", next, to)
		}
	}
}

func TestSignIn_NextOfARefusedPageComesBackToIt(t *testing.T) {
	s := open(t, "http://example.com")
	for path, next := range map[string]string{"/admin/roles?a=b&c=%C3%A0": "/admin/roles?a=b&c=%C3%A0"} {
		answer, _ := s.get(path)
		to, err := url.Parse(answer.Header.Get("Location"))
		if err != nil || answer.StatusCode != 303 || to.Path != "/sign-in" || OwnPath(to.Query().Get("next"), "") != next {
			t.Errorf("%s: %d %v", path, answer.StatusCode, to)
		}
	}
}

func TestDecode_RefusesWhatNoDatabaseStores(t *testing.T) {
	s := open(t, "http://example.com")
	for name, c := range map[string]struct {
		form url.Values
		want int
		body string
	}{
		"good":           {url.Values{"name": {"  Núria\r\nPau "}, "many": {"a", " b "}, "count": {"7"}}, 200, `"Núria\nPau" ["a" "b"] 7`},
		"turned around":  {url.Values{"name": {"Pau\u202etxt.\u2066\u200f\x1b\tRoca"}}, 200, `"Pautxt.\tRoca" [] 0`},
		"zero byte":      {url.Values{"name": {"a\x00b"}}, 422, ""},
		"zero at end":    {url.Values{"name": {"ab\x00"}}, 422, ""},
		"no UTF-8":       {url.Values{"name": {"a\xffb"}}, 422, ""},
		"half a letter":  {url.Values{"name": {"\xc3"}}, 422, ""},
		"in a list":      {url.Values{"many": {"a", "b\x00"}}, 422, ""},
		"no number":      {url.Values{"count": {"seven"}}, 422, ""},
		"a huge number":  {url.Values{"count": {"99999999999999999999"}}, 422, ""},
		"too long":       {url.Values{"name": {strings.Repeat("à", 41)}}, 422, "name:"},
		"long enough":    {url.Values{"name": {strings.Repeat("à", 40)}}, 200, ""},
		"strange fields": {url.Values{"name": {"a"}, "x[99999999]": {"1"}, "many.99999999.x": {"1"}}, 200, ""},
		"a broken name":  {url.Values{"name": {"a"}, "many[": {"1"}}, 422, ""},
	} {
		before := s.writes
		c.form.Set("csrf", s.anonymous(time.Now()))
		answer, body := s.post("/echo", c.form)
		if answer.StatusCode != c.want || !strings.Contains(body, c.body) || (s.writes > before) != (c.want == 200) {
			t.Errorf("%s: %d %s", name, answer.StatusCode, body)
		}
	}
}

// A form is a form: other encodings of a body, and compressed bodies, are no way around the limits.
func TestDecode_TakesFormsOnly(t *testing.T) {
	s := open(t, "http://example.com")
	for contentType, body := range map[string]string{"application/json": `{"Name":"a"}`, "application/xml": `<f><Name>a</Name></f>`, "text/plain": "name=a", "": "name=a"} {
		before := s.writes
		r := httptest.NewRequest("POST", "/echo", strings.NewReader(body))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("X-CSRF-Token", s.anonymous(time.Now()))
		if answer, got := s.ask(r); answer.StatusCode != 422 || s.writes != before {
			t.Errorf("%q: %d %s", contentType, answer.StatusCode, got)
		}
	}
}

func TestBody_CompressedIsRefusedBeforeItIsOpened(t *testing.T) {
	s := open(t, "http://example.com")
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("csrf", s.anonymous(time.Now()))
	_ = w.WriteField("filler", strings.Repeat("a", 4<<20))
	_ = w.Close()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(form.Bytes())
	_ = z.Close()
	if packed.Len() > bodyMost/4 {
		t.Fatalf("%d bytes are no bomb", packed.Len())
	}
	for _, encoding := range []string{"gzip", "deflate", "br", "zstd", "identity, gzip"} {
		r := httptest.NewRequest("POST", "/write", bytes.NewReader(packed.Bytes()))
		r.Header.Set("Content-Type", w.FormDataContentType())
		r.Header.Set("Content-Encoding", encoding)
		if answer, _ := s.ask(r); answer.StatusCode != http.StatusUnsupportedMediaType || s.writes != 0 {
			t.Errorf("%s: %d", encoding, answer.StatusCode)
		}
	}
}

// serve gives the server a real connection.
func (s *site) serve() string {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.app.Listener(listener) }()
	s.t.Cleanup(func() {
		if err := errors.Join(s.app.ShutdownWithTimeout(5*time.Second), <-served); err != nil {
			s.t.Error(err)
		}
	})
	return listener.Addr().String()
}

// raw sends bytes as they are and reads one answer.
func raw(t *testing.T, address, request string) *http.Response {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(15 * time.Second))
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%.60q: no answer: %v", request, err)
	}
	return answer
}

func TestBody_OverTheLimitIsRefusedAtOnceAndFilesHaveTheirOwn(t *testing.T) {
	s := open(t, "http://example.com")
	address := s.serve()
	post := func(path string, length int, more string) string {
		return fmt.Sprintf("POST %s HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/x-www-form-urlencoded\r\n%sContent-Length: %d\r\n\r\n", path, more, length)
	}
	// Only the head is sent: the answer must not wait for a body that is refused anyway.
	for name, request := range map[string]string{
		"a form":                 post("/write", bodyMost+1, ""),
		"a huge form":            post("/write", 1<<40, ""),
		"a file":                 post("/files", importMost+1, ""),
		"another route, ?/files": post("/write?/files", bodyMost+1, ""),
		"chunks":                 "POST /write HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n50000\r\n" + strings.Repeat("a", 0x50000) + "\r\n",
	} {
		answer := raw(t, address, request)
		if answer.StatusCode != 413 {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
		checkHeaders(t, name, answer)
	}
	for path, length := range map[string]int{"/files": importMost, "/files?lang=en": bodyMost + 1} {
		filler := s.fresh().Encode() + "&a="
		answer := raw(t, address, post(path, length, "")+filler+strings.Repeat("a", length-len(filler)))
		if body, _ := io.ReadAll(answer.Body); answer.StatusCode != 200 || string(body) != fmt.Sprint(length) {
			t.Errorf("%s with %d bytes: %d", path, length, answer.StatusCode)
		}
	}
}

func checkHeaders(t *testing.T, what string, answer *http.Response) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=()",
	} {
		if got := answer.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %s is %q", what, name, got)
		}
	}
	if csp := answer.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("%s: %s", what, csp)
	}
	if cache := answer.Header.Get("Cache-Control"); cache != "no-store" && !strings.Contains(cache, "immutable") {
		t.Errorf("%s: Cache-Control is %q", what, cache)
	}
	if server := answer.Header.Get("Server"); server != "" {
		t.Errorf("%s: names its server %q", what, server)
	}
}

func TestHeaders_OnEveryAnswer(t *testing.T) {
	s := open(t, "https://example.com")
	for path, want := range map[string]int{
		"/page": 200, "/nothing": 404, "/admin/roles": 303, "/broken": 500, "/panic": 500, "/fault/conflict": 409, "/fault/toomany": 429, "/fault/invalid": 422,
		"/fault/forbidden": 403, "/fault/notfound": 404, assets.Path("socia.css"): 200, assets.Prefix + "none.css": 404, assets.Prefix + "../files/socia.css": 404, assets.Prefix: 404,
	} {
		answer, _ := s.get(path)
		if answer.StatusCode != want {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
		checkHeaders(t, path, answer)
		if hsts := answer.Header.Get("Strict-Transport-Security"); !strings.HasPrefix(hsts, "max-age=31536000") {
			t.Errorf("%s: HSTS %q", path, hsts)
		}
	}
	answer, _ := s.post("/write", nil)
	checkHeaders(t, "a refused form", answer)
	plain := open(t, "http://example.com")
	if answer, _ := plain.get("/page"); answer.Header.Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS")
	}
}

func TestHeaders_AlsoOnWhatIsNoRequest(t *testing.T) {
	address := open(t, "http://example.com").serve()
	for name, request := range map[string]string{
		"a head too long": "GET /page HTTP/1.1\r\nHost: example.com\r\nX: " + strings.Repeat("a", 64<<10) + "\r\n\r\n",
		"nonsense":        "<script>alert(1)</script>\r\n\r\n",
	} {
		answer := raw(t, address, request)
		body, _ := io.ReadAll(answer.Body)
		if answer.StatusCode < 400 || answer.StatusCode >= 500 || strings.Contains(string(body), "<script>alert") {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
		checkHeaders(t, name, answer)
	}
}

func TestPaths_NoSpellingLeadsAnonymousReadersToAnAdministratorsPage(t *testing.T) {
	s := open(t, "http://example.com")
	admin := s.signIn("admin")
	if answer, body := s.get("/admin/roles", s.as(admin)); answer.StatusCode != 200 || body != bossText {
		t.Fatalf("the administrator gets %d", answer.StatusCode)
	}
	address := s.serve()
	for _, path := range []string{
		"/admin/roles", "//admin/roles", "///admin//roles", "/%61dmin/roles", "/./admin/roles", "/x/../admin/roles", "/admin/roles/", "/admin/./roles", "/Admin/Roles",
		"/admin%2Froles", "/admin/roles%00", "/admin/roles;a", "/admin/roles%20", "/admin/roles?lang=en", "/admin/roles#x", "http://example.com/admin/roles", "http://evil.example/admin/roles",
		"\\admin\\roles", "/assets/../admin/roles", "/assets/%2e%2e/admin/roles", "/page/../admin/roles",
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS", "TRACE", "BREW"} {
			answer := raw(t, address, method+" "+path+" HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\nX-Original-URL: /page\r\nX-HTTP-Method-Override: GET\r\nConnection: close\r\n\r\n")
			body := ""
			if method != "HEAD" {
				all, _ := io.ReadAll(answer.Body)
				body = string(all)
			}
			if answer.StatusCode == 200 || strings.Contains(body, bossText) || strings.Contains(body, "written") {
				t.Errorf("%s %s: %d", method, path, answer.StatusCode)
			}
		}
	}
	for _, path := range []string{"//admin/roles", "/%61dmin/roles", "/admin/roles/"} {
		if answer, _ := s.get(path, s.as(admin)); answer.StatusCode != 404 {
			t.Errorf("%s as administrator: %d", path, answer.StatusCode)
		}
	}
	if s.writes != 0 {
		t.Errorf("%d writes", s.writes)
	}
	if answer, _ := s.get("/admin/roles", s.as(s.signIn("maria"))); answer.StatusCode != 403 {
		t.Errorf("another account gets %d", answer.StatusCode)
	}
}

// A page that is not there still has links: they must not lead to a host that the address smuggled in.
func TestPaths_LinksOfAPageThatIsNotThereStayHere(t *testing.T) {
	s := open(t, "http://example.com")
	for _, path := range []string{"//evil.example/x", "//evil.example", "/\\evil.example", `/"><script>alert(1)</script>`, "/x?a=\"><script>alert(1)</script>"} {
		answer, body := s.get(path)
		if answer.StatusCode != 404 || strings.Contains(body, `="//evil`) || strings.Contains(body, `="/\evil`) || strings.Contains(body, "<script>alert") {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
	}
}

func TestCookie_NoneBeforeSignInAndBoundToTheHostWhereThereIsTLS(t *testing.T) {
	s := open(t, "https://example.com")
	for _, path := range []string{"/page", "/nothing", "/admin/roles", "/broken", assets.Path("socia.css"), "/page?lang=es"} {
		if answer, _ := s.get(path); len(answer.Header.Values("Set-Cookie")) != 0 {
			t.Errorf("%s: %q", path, answer.Header.Values("Set-Cookie"))
		}
	}
	s.app.Get("/enter", func(c *fiber.Ctx) error { s.SetCookie(c, "token"); return nil })
	answer, _ := s.get("/enter")
	cookie := answer.Cookies()[0]
	if cookie.Name != "__Host-socia" || !cookie.Secure || !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteLaxMode || cookie.Value != "token" {
		t.Errorf("%+v", cookie)
	}
	answer, _ = s.get("/page", s.as("a token that is no more"))
	if all := answer.Cookies(); len(all) != 1 || all[0].Name != "__Host-socia" || all[0].Value != "" || !all[0].Secure || all[0].Path != "/" || !all[0].Expires.Before(time.Now()) {
		t.Errorf("a token that is no more: %+v", all)
	}
	if answer, _ := s.get("/page", s.as(s.signIn("maria"))); len(answer.Cookies()) != 0 {
		t.Error("a cookie that holds is set again")
	}
	plain := open(t, "http://example.com")
	plain.app.Get("/enter", func(c *fiber.Ctx) error { plain.SetCookie(c, "token"); return nil })
	answer, _ = plain.get("/enter")
	if c := answer.Cookies()[0]; c.Name != "socia" || c.Secure || !c.HttpOnly {
		t.Errorf("%+v", c)
	}
}

// A language that somebody chooses stays chosen, from link to link and form to form, without a cookie.
func TestLanguage_OnceChosenStaysChosen(t *testing.T) {
	page := `<a class="x" href="/decide?q=a&amp;b=c#top">1</a><a href="/a?lang=es">2</a><a href="#here">3</a><a href="https://example.org/">4</a>` +
		`<form class="filter" method="get" action="/members">5</form><form method="post" action="/votes">6</form><link href="/assets/x.css">`
	want := `<a class="x" href="/decide?q=a&amp;b=c&amp;lang=en#top">1</a><a href="/a?lang=es">2</a><a href="#here">3</a><a href="https://example.org/">4</a>` +
		`<form class="filter" method="get" action="/members?lang=en"><input type="hidden" name="lang" value="en">5</form><form method="post" action="/votes?lang=en">6</form><link href="/assets/x.css">`
	if got := string(keepLanguage([]byte(page), "en")); got != want {
		t.Errorf("\n%s\nwant\n%s", got, want)
	}
	s := open(t, "http://example.com")
	_, body := s.ask(httptest.NewRequest("GET", "/page?lang=en", nil))
	if !strings.Contains(body, `lang=en"`) || strings.Contains(body, `href="/"`) {
		t.Errorf("a link lost the language: %s", body)
	}
	if answer, _ := s.ask(httptest.NewRequest("GET", "/admin/roles?lang=en", nil)); !strings.Contains(answer.Header.Get("Location"), "&lang=en") {
		t.Errorf("the way to sign in lost the language: %s", answer.Header.Get("Location"))
	}
	if _, body := s.ask(httptest.NewRequest("GET", "/page", nil)); strings.Contains(body, `href="/?lang=`) {
		t.Error("who chose nothing carries a language around")
	}
}
