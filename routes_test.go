package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/handlers"
	"socia/handlers/web"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/seeds"
	"socia/seeds/seedtest"
)

var update = flag.Bool("update", false, "write the golden files again")

const testBase = "http://socia.test"

// planted is the seeds' cooperative in a house of its own, with its pages.
type planted struct {
	*house
	url   string
	app   *fiber.App
	clock *clock.Set
}

func plantedHouse(t testing.TB, flavor db.Flavor) *planted {
	t.Helper()
	return plantedAt(t, flavor, testBase)
}

func plantedAt(t testing.TB, flavor db.Flavor, base string) *planted {
	t.Helper()
	p := &planted{url: seedtest.Database(t, flavor), clock: clock.At(seedtest.Now())}
	h, err := build(context.Background(), ground{
		Database: config.Database{DatabaseURL: p.url}, Secret: config.Secret{SecretKey: seedtest.SecretKey}, Clock: p.clock,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Identity: identity.Options{Hashing: seeds.Hashing()},
	})
	if err != nil {
		t.Fatal(err)
	}
	p.house = h
	t.Cleanup(func() { _ = h.close() })
	if p.app, err = h.pages(config.Server{BaseURL: base}, nil, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

// visitor is a browser of one account; the empty handle is nobody.
type visitor struct {
	p      *planted
	handle string
	cookie string
	csrf   string
}

func (p *planted) visitor(t testing.TB, handle string) *visitor {
	t.Helper()
	v := &visitor{p: p, handle: handle}
	if handle != "" {
		token, err := p.identity.SignIn(context.Background(), handle, seeds.Passphrase, "127.0.0.1", "test")
		if err != nil {
			t.Fatalf("sign in as %s: %v", handle, err)
		}
		v.cookie = "socia=" + token
	}
	page := "/sign-in"
	if handle != "" {
		page = "/account"
	}
	_, body := v.get(t, page)
	found := csrfValue.FindStringSubmatch(body)
	if found == nil {
		t.Fatalf("no form on %s", page)
	}
	v.csrf = found[1]
	return v
}

func (v *visitor) do(t testing.TB, r *http.Request) (*http.Response, string) {
	t.Helper()
	if v.cookie != "" {
		r.Header.Set("Cookie", v.cookie)
	}
	answer, err := v.p.app.Test(r, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func (v *visitor) get(t testing.TB, path string) (*http.Response, string) {
	t.Helper()
	return v.do(t, httptest.NewRequest(http.MethodGet, path, nil))
}

func (v *visitor) post(t testing.TB, path, form string) (*http.Response, string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader("csrf="+v.csrf+"&"+form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.do(t, r)
}

// roleHandles are nobody, and the demonstration's account of each role.
func roleHandles() []seeds.Account {
	return append([]seeds.Account{{Handle: "", Role: "nobody"}}, seeds.Accounts()...)
}

func TestRoutes_TableIsAsReviewed(t *testing.T) {
	var table strings.Builder
	for _, r := range plantedHouse(t, db.SQLite).routes() {
		fmt.Fprintf(&table, "%-5s %-50s %s\n", r.Method, r.Path, r.Policy.Name)
	}
	golden(t, "routes.golden", table.String())
}

func (p *planted) routes() []handlers.Row { return handlers.Table() }

// Every route is asked by every role. Whom the policy does not name is refused, or sent to sign in; whom it names is
// never stopped by the policy. What one record's own rules then say is in the golden file.
func TestRoutes_EveryRoleGetsWhatThePolicySays(t *testing.T) {
	var matrix strings.Builder
	for _, account := range roleHandles() {
		p := plantedHouse(t, db.SQLite) // each role finds the same state
		v := p.visitor(t, account.Handle)
		by := p.actorOf(t, v)
		fmt.Fprintf(&matrix, "# %s\n", account.Role)
		for _, r := range p.routes() {
			if r.Path == "/sign-out" {
				continue // it would end the visit
			}
			path := param.ReplaceAllString(r.Path, "1")
			if r.Path == "/account/sessions/:id/end" {
				path = "/account/sessions/999/end" // 1 is the visit itself
			}
			var answer *http.Response
			if r.Method == http.MethodGet {
				answer, _ = v.get(t, path)
			} else {
				answer, _ = v.post(t, path, "")
			}
			status := answer.StatusCode
			toSignIn := status == http.StatusSeeOther && strings.HasPrefix(answer.Header.Get("Location"), "/sign-in?next=")
			if allowed := r.Policy.Allows(by); !allowed && status != http.StatusForbidden && !toSignIn {
				t.Errorf("%s %s as %s: status %d, the policy is %s", r.Method, r.Path, account.Role, status, r.Policy.Name)
			} else if allowed && toSignIn {
				t.Errorf("%s %s as %s: sent to sign in, the policy is %s", r.Method, r.Path, account.Role, r.Policy.Name)
			}
			if status >= 500 {
				t.Errorf("%s %s as %s: status %d", r.Method, r.Path, account.Role, status)
			}
			fmt.Fprintf(&matrix, "%-5s %-50s %d\n", r.Method, r.Path, status)
		}
	}
	golden(t, "roles.golden", matrix.String())
}

var param = regexp.MustCompile(`:[a-z]+`)

func (p *planted) actorOf(t testing.TB, v *visitor) identity.Actor {
	t.Helper()
	by, err := p.identity.Resolve(context.Background(), strings.TrimPrefix(v.cookie, "socia="))
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// Every unsafe route refuses what comes without our token, or from another origin, though its policy lets the sender
// in: with the page that says so, and without doing anything.
func TestRoutes_UnsafeMethodsNeedTokenAndOrigin(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	expired, visitors := texts.For("ca").T("ui.page419.title"), map[string]*visitor{}
	for _, account := range roleHandles() {
		visitors[account.Handle] = p.visitor(t, account.Handle)
	}
	guarded := func() map[string]string {
		state := p.state(t)
		state["sessions"] = fmt.Sprint(p.query(t, "SELECT id, revoked_at FROM sessions ORDER BY id"))
		state["throttles"] = p.one(t, "SELECT sum(failures) FROM throttles")
		return state
	}
	before := guarded()
	for _, r := range p.routes() {
		if r.Method == http.MethodGet {
			continue
		}
		path, senders := param.ReplaceAllString(r.Path, "1"), p.senders(t, visitors, r.Policy)
		if len(senders) == 0 {
			t.Errorf("POST %s: its policy lets nobody of the seeds in", r.Path)
		}
		for _, v := range senders {
			for name, request := range map[string]*http.Request{
				"no token":        form(path, ""),
				"wrong token":     form(path, "csrf=AAAA"),
				"another's token": form(path, "csrf="+visitors["oriol"].csrf),
				"other origin":    form(path, "csrf="+v.csrf, "Origin", "https://evil.example"),
				"other site":      form(path, "csrf="+v.csrf, "Sec-Fetch-Site", "cross-site"),
			} {
				answer, body := v.do(t, request)
				if answer.StatusCode != http.StatusForbidden || !strings.Contains(body, "<h1>"+expired+"</h1>") {
					t.Errorf("POST %s as %q with %s: status %d, and not the page of an expired form", r.Path, v.handle, name, answer.StatusCode)
				}
			}
		}
	}
	if did := changed(before, guarded()); len(did) > 0 {
		t.Errorf("forged forms did something: %v", did)
	}
}

// senders are nobody, and the first account, if the policy lets them in.
func (p *planted) senders(t testing.TB, visitors map[string]*visitor, policy web.Policy) (senders []*visitor) {
	t.Helper()
	for _, account := range roleHandles() {
		v := visitors[account.Handle]
		if len(senders) > 0 && senders[len(senders)-1].handle != "" {
			break
		}
		if policy.Allows(p.actorOf(t, v)) && account.Handle != "oriol" {
			senders = append(senders, v)
		}
	}
	return senders
}

func form(path, body string, header ...string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return r
}

// Paths that look like a guarded one but are written differently reach nothing that the guard would refuse.
func TestRoutes_OtherSpellingsOfAPathOpenNothing(t *testing.T) {
	v := plantedHouse(t, db.SQLite).visitor(t, "")
	for _, path := range []string{"//admin/roles", "/%61dmin/roles", "/./admin/roles", "/admin/roles/", "/ADMIN/roles", "/admin//roles", "/admin/roles;x", "/account/../admin/roles"} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.Opaque = path
		r.RequestURI = path
		answer, body := v.do(t, r)
		if answer.StatusCode == http.StatusOK || strings.Contains(body, "laia") {
			t.Errorf("%s: status %d", path, answer.StatusCode)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, []byte(got)) {
		t.Errorf("%s differs: look at it, then run the test with -update\n%s", path, firstDifference(string(want), got))
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d: want %q, got %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("want %d lines, got %d", len(a), len(b))
}
