package ui

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"socia/views/assets"
)

var (
	shots = flag.String("shots", "", "folder for screenshots of the gallery")
	axe   = flag.String("axe", "", "axe.min.js, to check the gallery with")
)

// TestGallery_FitsThePhoneAndTheDesk draws the gallery in a real browser. With
// -shots FOLDER it also writes what it saw, and with -axe FILE it checks accessibility:
//
//	go test ./views/ui -run FitsThePhone -shots /some/folder
func TestGallery_FitsThePhoneAndTheDesk(t *testing.T) {
	server := galleryServer(t)
	browser := startBrowser(t)
	for _, width := range []int64{320, 390, 768, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d-%s", width, scheme), func(t *testing.T) { look(t, browser, server.URL, width, scheme) })
		}
	}
	t.Run("paper", func(t *testing.T) { onPaper(t, browser, server.URL) })
	t.Run("contrast", func(t *testing.T) {
		emulate(t, browser, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-contrast", Value: "more"}, {Name: "forced-colors", Value: "active"}}})
		if err := chromedp.Do(browser, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(server.URL+"/gallery")); err != nil {
			t.Fatal(err)
		}
		shoot(t, browser, chromedp.FullScreenshot(100), "gallery-contrast.png")
	})
}

func emulate(t *testing.T, browser context.Context, media emulation.SetEmulatedMediaParams) {
	t.Helper()
	if _, err := chromedp.Call(browser, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
}

// onPaper looks at the page as paper would show it: the content, and nothing to press.
func onPaper(t *testing.T, browser context.Context, url string) {
	emulate(t, browser, emulation.SetEmulatedMediaParams{Media: "print"})
	if err := chromedp.Do(browser, chromedp.EmulateViewport(794, 1123), chromedp.Navigate(url+"/gallery")); err != nil {
		t.Fatal(err)
	}
	seen := func(selector string) bool {
		return evaluate[bool](t, browser, `[...document.querySelectorAll(`+"`"+selector+"`"+`)].some(e => e.offsetParent)`)
	}
	for _, selector := range []string{".side", ".bottom", ".btn", ".state", ".filter", ".screen-only"} {
		if seen(selector) {
			t.Errorf("%s is printed", selector)
		}
	}
	for _, selector := range []string{".coop", "h1", ".verdict", ".print-only", "tfoot"} {
		if !seen(selector) {
			t.Errorf("%s is not printed", selector)
		}
	}
	shoot(t, browser, chromedp.FullScreenshot(100), "gallery-print.png")
}

// galleryServer serves the gallery, its files and one live fragment, under the strictest policy.
func galleryServer(t *testing.T) *httptest.Server {
	t.Helper()
	_, ca := texts(t, "ca")
	html := render(t, Gallery(testFrame(ca)))
	long := testFrame(ca)
	long.Coop = "Cooperativa Integral de Serveis Digitals i Intercooperació del Baix Llobregat"
	long.Standing = &StandingBadge{Href: "/standing"}
	long.Me.Handle = "associacio-veinal-i-cultural-de-la-plana"
	long.InboxCount = 1234
	longest := render(t, ErrorPage(long, 403, "7f3a9c5e01b2d4c688e0a1f75b6c2d907f3a9c5e01b2d4c688e0a1f75b6c2d90"))
	guest := render(t, ErrorPage(Frame{T: ca, Coop: "Núvol Comú", SignInHref: "/sign-in", Languages: long.Languages, Footer: long.Footer}, 404, ""))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, contentType := []byte(html), "text/html; charset=utf-8"
		if name, ok := strings.CutPrefix(r.URL.Path, assets.Prefix); ok {
			body, contentType, _ = assets.Open(name)
		} else if r.URL.Path == "/longest" {
			body = []byte(longest)
		} else if r.URL.Path == "/guest" {
			body = []byte(guest)
		} else if r.URL.Path == "/live" {
			body, contentType = []byte("<p>Assistents: <b>28</b></p>"), "text/html; charset=utf-8"
		}
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestFrame_HoldsLongNamesAndGuests(t *testing.T) {
	server, browser := galleryServer(t), startBrowser(t)
	for _, width := range []int64{320, 390, 1280} {
		for _, page := range []string{"/longest", "/guest"} {
			if err := chromedp.Do(browser, chromedp.EmulateViewport(width, 700), chromedp.Navigate(server.URL+page)); err != nil {
				t.Fatal(err)
			}
			if wide := evaluate[int64](t, browser, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); wide > 0 {
				t.Errorf("%s is %d pixels wider than a screen of %d", page, wide, width)
			}
			shoot(t, browser, chromedp.FullScreenshot(100), "frame-%s-%d.png", strings.TrimPrefix(page, "/"), width)
			if *axe != "" {
				check(t, browser)
			}
		}
	}
}

func TestScripts_SecondSubmitIsHeldBackAndLiveContentArrives(t *testing.T) {
	server, browser := galleryServer(t), startBrowser(t)
	if err := chromedp.Do(browser, chromedp.Navigate(server.URL+"/gallery")); err != nil {
		t.Fatal(err)
	}
	if got := evaluate[string](t, browser, liveText, chromedp.EvalAwaitPromise); got != "Assistents: 28" {
		t.Errorf("the live place says %q", got)
	}
	// An event made by a script sends nothing; whether it was held back is its answer.
	const submit = `document.querySelector("form[data-once]").dispatchEvent(new SubmitEvent("submit", {bubbles: true, cancelable: true}))`
	if !evaluate[bool](t, browser, submit) {
		t.Error("the first submit was held back")
	}
	if evaluate[bool](t, browser, submit) {
		t.Error("the second submit was not held back")
	}
}

const liveText = `new Promise(done => {
	const place = document.querySelector("[data-live-src]");
	const look = () => place.textContent.includes("28") && done(place.textContent.trim());
	new MutationObserver(look).observe(place, {childList: true, subtree: true});
	look();
})`

func startBrowser(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.Flag("disable-gpu", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true))
	if exe := os.Getenv("SOCIA_TEST_CHROMIUM"); exe != "" {
		options = append(options, chromedp.ExecPath(exe))
	}
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	return ctx
}

// small finds what a thumb would miss: targets lower than 24 px (WCAG 2.2, 2.5.8) outside running text.
const small = `[...document.querySelectorAll('.btn,input:not([type=hidden]),select,textarea,summary,nav a,.choice')].filter(e => e.offsetParent && !e.closest('.crumbs') && e.getBoundingClientRect().height < 24).map(e => e.outerHTML.slice(0, 80)).join('\n')`

func look(t *testing.T, browser context.Context, url string, width int64, scheme string) {
	emulate(t, browser, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
	if err := chromedp.Do(browser, chromedp.EmulateViewport(width, 900), chromedp.Navigate(url+"/gallery")); err != nil {
		t.Fatal(err)
	}
	if overflow := evaluate[int64](t, browser, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); overflow > 0 {
		t.Errorf("the page is %d pixels wider than the screen", overflow)
	}
	if tiny := evaluate[string](t, browser, small); tiny != "" {
		t.Errorf("too low to touch:\n%s", tiny)
	}
	if family := evaluate[string](t, browser, `getComputedStyle(document.querySelector("h1")).fontFamily`); !strings.Contains(family, "Charter") {
		t.Errorf("the style sheet was not applied: headings are in %s", family)
	}
	shoot(t, browser, chromedp.FullScreenshot(100), "gallery-%d-%s.png", width, scheme)
	if *axe != "" {
		check(t, browser)
	}
	// More opens without a script and shows the rest inside the screen.
	if evaluate[bool](t, browser, `!!document.querySelector(".bottom details").offsetParent`) {
		if out := evaluate[string](t, browser, moreOpens); out != "" {
			t.Errorf("More: %s", out)
		}
		shoot(t, browser, chromedp.CaptureScreenshot(), "more-%d-%s.png", width, scheme)
	}
}

const moreOpens = `(() => {
	const more = document.querySelector(".bottom details");
	more.querySelector("summary").click();
	const links = [...more.querySelectorAll(".rest a, .rest button")];
	const outside = links.filter(a => { const r = a.getBoundingClientRect(); return r.width === 0 || r.left < 0 || r.right > innerWidth || r.top < 0; });
	return links.length === 5 ? outside.map(a => a.textContent.trim() + " is outside").join(", ") : links.length + " links";
})()`

// shoot writes what the browser shows when -shots asks for it.
func shoot(t *testing.T, browser context.Context, how chromedp.Action[[]byte], name string, args ...any) {
	t.Helper()
	if *shots == "" {
		return
	}
	png, err := chromedp.Run(browser, how)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*shots, fmt.Sprintf(name, args...)), png, 0o600); err != nil {
		t.Fatal(err)
	}
}

// check runs axe on the page that is open.
func check(t *testing.T, browser context.Context) {
	script, err := os.ReadFile(*axe)
	if err != nil {
		t.Fatal(err)
	}
	evaluate[int64](t, browser, string(script)+";0")
	if found := evaluate[string](t, browser, violations, chromedp.EvalAwaitPromise); found != "" {
		t.Error(found)
	}
}

// violations tells what axe finds, a few places of each.
const violations = `axe.run({resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + "\n" +
	v.nodes.slice(0, 4).map(n => "   " + n.html.slice(0, 160) + "\n   " + n.failureSummary.replace(/\n/g, " ").slice(0, 260)).join("\n")).join("\n"))`

func evaluate[T any](t *testing.T, browser context.Context, script string, opts ...chromedp.EvaluateOption) T {
	t.Helper()
	v, err := chromedp.Run(browser, chromedp.Evaluate[T](script, opts...))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
