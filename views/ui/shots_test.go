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
	_, ca := texts(t, "ca")
	html := render(t, Gallery(testFrame(ca)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := strings.CutPrefix(r.URL.Path, assets.Prefix); ok {
			body, contentType, _ := assets.Open(name)
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write(body)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		_, _ = w.Write([]byte(html))
	}))
	defer server.Close()
	browser := startBrowser(t)
	for _, width := range []int64{320, 390, 768, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			t.Run(fmt.Sprintf("%d-%s", width, scheme), func(t *testing.T) { look(t, browser, server.URL, width, scheme) })
		}
	}
}

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
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(browser, emulation.SetEmulatedMedia, media); err != nil {
		t.Fatal(err)
	}
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
	if *shots != "" {
		png, err := chromedp.Run(browser, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*shots, fmt.Sprintf("gallery-%d-%s.png", width, scheme)), png, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if *axe != "" {
		check(t, browser)
	}
	// More opens without a script and shows the rest inside the screen.
	if evaluate[bool](t, browser, `!!document.querySelector(".bottom details").offsetParent`) {
		if out := evaluate[string](t, browser, moreOpens); out != "" {
			t.Errorf("More: %s", out)
		}
	}
}

const moreOpens = `(() => {
	const more = document.querySelector(".bottom details");
	more.querySelector("summary").click();
	const links = [...more.querySelectorAll(".rest a, .rest button")];
	const outside = links.filter(a => { const r = a.getBoundingClientRect(); return r.width === 0 || r.left < 0 || r.right > innerWidth || r.top < 0; });
	return links.length === 5 ? outside.map(a => a.textContent.trim() + " is outside").join(", ") : links.length + " links";
})()`

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
