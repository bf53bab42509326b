package main

import (
	"compress/gzip"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"socia/platform/browsertest"
	"socia/platform/config"
	"socia/platform/db"
	"socia/views/assets"
)

var shots = flag.String("shots", "", "a folder for screenshots of every page, at 390 and 1280 pixels, light and dark")

// pagesOf are the pages that a role's people see, each with what it must be looked at for.
var pagesOf = []struct {
	handle string
	paths  []string
}{
	{"", []string{"/", "/decide", "/proposals", "/open", "/open/decisions", "/methods", "/methods/stv-scottish", "/methods/times", "/methods/lot", "/statutes", "/balance", "/collectives", "/software", "/privacy", "/accessibility", "/sign-in", "/sign-up", "/nothing-here", "/polls/1", "/proposals/2", "/assemblies", "/assemblies/1"}},
	{"marta", []string{"/", "/decide", "/standing", "/fees", "/account", "/account/gender", "/inbox", "/members", "/members?q=no-hi-es", "/collectives/1", "/proposals", "/proposals/new", "/proposals/2", "/assemblies", "/assemblies/1", "/assemblies/3", "/polls/1", "/members/1", "/assemblies/1/minutes"}},
	{"oriol", []string{"/", "/standing", "/fees"}},
	{"marta", []string{"/polls", "/delegations", "/polls/:choose", "/polls/:approval", "/polls/:score", "/polls/:dots", "/polls/:rank", "/polls/:times", "/polls/:consent", "/polls/:consent-answered", "/polls/:scottish-result",
		"/polls/:schulze-result", "/polls/:shares-result", "/polls/:consent-result", "/polls/:sortition-result"}},
	{"jordi", []string{"/polls", "/polls/new", "/polls/new?method=stv-scottish", "/polls/new?method=score", "/polls/new?method=budget-greedy", "/polls/:consent", "/polls/:consent-answered", "/polls/:rank/closing", "/polls/:rank/voiding", "/polls/:consent-result"}},
	{"", []string{"/polls", "/polls/:scottish-result", "/polls/:sortition-result"}},
	{"jordi", []string{"/", "/assemblies", "/assemblies/new", "/assemblies/3", "/assemblies/3/roll", "/assemblies/1/roll"}},
	{"nuria", []string{"/", "/fees", "/books", "/payments/new", "/payments/1"}},
	{"pau", []string{"/", "/applications", "/collectives/1"}},
	{"aina", []string{"/", "/books", "/fees"}},
	{"laia", []string{"/admin", "/admin/roles", "/admin/statutes", "/admin/mail", "/admin/jobs", "/admin/state", "/members/import", "/collectives/new"}},
}

// listenPlanted serves the seeds' cooperative on loopback for a browser.
func listenPlanted(t testing.TB, flavor db.Flavor) (*planted, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	p := plantedAt(t, flavor, address)
	app, err := p.pages(config.Server{BaseURL: address}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	t.Cleanup(func() { _ = app.ShutdownWithTimeout(2 * time.Second) })
	return p, address
}

// Every page, as each role sees it, in a real browser: no violation of WCAG 2.2 AA, light and dark, phone and desktop;
// nothing asked of any other origin; nothing wider than the phone, and no table cut.
func TestPages_AreAccessibleAndAskNobodyElse(t *testing.T) {
	t.Parallel()
	p, address := listenPlanted(t, db.SQLite)
	ctx := startBrowser(t)
	foreign := watchOrigins(t, ctx, address)
	signInBrowser(t, ctx, p, address, "jordi")
	visitPage(t, ctx, address+"/polls", 390, false)
	checkPage(t, ctx, "no polls yet", 390)
	staged := p.stagePolls(t)
	for _, who := range pagesOf {
		signInBrowser(t, ctx, p, address, who.handle)
		for _, staging := range who.paths {
			path := ofPoll(staged, staging)
			name := orMain(who.handle) + strings.NewReplacer("/", "_", "?", "_", "=", "_", ":", "").Replace(staging)
			visitPage(t, ctx, address+path, 390, false)
			checkPage(t, ctx, orMain(who.handle)+" "+path, 390)
			look(t, ctx, 1280, true)
			checkPage(t, ctx, orMain(who.handle)+" "+path, 1280)
			if *shots != "" {
				shoot(t, ctx, address+path, filepath.Join(*shots, name))
			}
		}
	}
	if asked := foreign(); len(asked) > 0 {
		t.Errorf("pages asked other origins: %v", asked)
	}
}

func startBrowser(t *testing.T) context.Context {
	t.Helper()
	if *shots != "" {
		return browsertest.StartForPictures(t)
	}
	return browsertest.Start(t)
}

func watchOrigins(t *testing.T, ctx context.Context, address string) func() []string {
	t.Helper()
	var foreign []string
	err := chromedp.Listen(ctx, func(event any) {
		if sent, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(sent.Request.URL, address) && !strings.HasPrefix(sent.Request.URL, "data:") && !strings.HasPrefix(sent.Request.URL, "about:") {
			foreign = append(foreign, sent.Request.URL)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string { return foreign }
}

func signInBrowser(t *testing.T, ctx context.Context, p *planted, address, handle string) {
	t.Helper()
	tell := func(do func(context.Context, *chromedp.Target) error) {
		if err := chromedp.Do(ctx, chromedp.Func(do)); err != nil {
			t.Fatal(err)
		}
	}
	tell(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
	if handle == "" {
		return
	}
	v := p.visitor(t, handle)
	name, value, _ := strings.Cut(v.cookie, "=")
	tell(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: address})
		return err
	})
}

func visitPage(t *testing.T, ctx context.Context, url string, width int, dark bool) {
	t.Helper()
	look(t, ctx, width, dark)
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatalf("%s: %v", url, err)
	}
}

// look shows the page that is open, and those that follow, at a width, light or dark.
func look(t *testing.T, ctx context.Context, width int, dark bool) {
	t.Helper()
	if err := browsertest.Viewport(ctx, width, dark); err != nil {
		t.Fatal(err)
	}
}

func checkPage(t *testing.T, ctx context.Context, name string, width int) {
	t.Helper()
	violations, err := browsertest.Axe(ctx)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, v := range violations {
		t.Errorf("%s at %d: %s", name, width, v)
	}
	wide, err := chromedp.Run(ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth"))
	if err != nil {
		t.Fatal(err)
	}
	if wide > width {
		t.Errorf("%s is %d pixels wide on a screen of %d", name, wide, width)
	}
	cut, err := chromedp.Run(ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("main .scroll")].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel || e.textContent.slice(0, 60)).join("; ")`))
	if err != nil {
		t.Fatal(err)
	}
	if cut != "" {
		t.Errorf("%s at %d cuts the table %s", name, width, cut)
	}
}

func shoot(t *testing.T, ctx context.Context, url, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		suffix string
		width  int
		dark   bool
	}{{"-390", 390, false}, {"-390-dark", 390, true}, {"-1280", 1280, false}, {"-1280-dark", 1280, true}} {
		visitPage(t, ctx, url, look.width, look.dark)
		if err := browsertest.Screenshot(ctx, path+look.suffix+".png", look.width, look.dark); err != nil {
			t.Fatal(err)
		}
	}
}

// A first visit weighs under 60 kB compressed with everything it loads, a later page under 20 kB, in every language;
// no text is missing, and no page that is read without account sets a cookie.
func TestPages_AreLightCompleteAndSetNoCookie(t *testing.T) {
	p := plantedHouse(t, db.SQLite)
	staged := p.stagePolls(t)
	for _, who := range pagesOf {
		v := p.visitor(t, who.handle)
		for _, path := range who.paths {
			for _, lang := range []string{"ca", "es", "en"} {
				checkWeight(t, v, ofPoll(staged, path), lang)
			}
		}
	}
	if missing := p.texts.Missing(); len(missing) > 0 {
		t.Errorf("texts that pages asked for and no file has: %v", missing)
	}
}

var loaded = regexp.MustCompile(`(?:href|src)="(/assets/[^"]+)"`)

func checkWeight(t *testing.T, v *visitor, path, lang string) {
	t.Helper()
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	answer, body := v.get(t, path+separator+"lang="+lang)
	if answer.StatusCode >= 500 || answer.StatusCode == http.StatusForbidden {
		t.Errorf("%s as %q: status %d", path, v.handle, answer.StatusCode)
	}
	if strings.Contains(body, "⟦") {
		t.Errorf("%s in %s: a text is missing", path, lang)
	}
	if v.handle == "" && answer.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s sets a cookie before sign-in", path)
	}
	page := compressed(body)
	if page > 20_000 {
		t.Errorf("%s as %q in %s weighs %d bytes compressed", path, v.handle, lang, page)
	}
	first := page
	for _, m := range loaded.FindAllStringSubmatch(body, -1) {
		file, _, ok := assets.Open(strings.TrimPrefix(m[1], assets.Prefix))
		if !ok {
			t.Errorf("%s loads %s, which is not there", path, m[1])
		}
		first += compressed(string(file))
	}
	if first > 60_000 {
		t.Errorf("a first visit of %s weighs %d bytes compressed", path, first)
	}
}

func compressed(body string) int {
	var n counter
	w := gzip.NewWriter(&n)
	_, _ = io.WriteString(w, body)
	_ = w.Close()
	return int(n)
}

type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }
