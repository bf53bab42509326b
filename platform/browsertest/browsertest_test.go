package browsertest

import (
	"context"
	"errors"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// strict is a policy that lets no script run and nothing be evaluated.
const strict = "default-src 'none'; style-src 'self'; base-uri 'none'"

const clean = `<!doctype html><html lang="ca"><head><meta charset="utf-8"><title>Quotes</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>Quotes</h1><form><label>Import <input name="amount"></label> <button>Desa</button></form></main></body></html>`

const faulty = `<!doctype html><html><head><title>Quotes</title></head>
<body><main><h1>Quotes</h1><form><input name="amount"></form>
<p style="color:#ddd;background:#fff">Pàl·lid</p></main></body></html>`

const style = `body { margin: 0; height: 3000px; background: #fff; color: #000 } h1 { margin: 0 }
@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } input, button { color: #fff; background: #000 } }`

func TestAxe_CleanPageUnderStrictPolicy_HasNoViolation(t *testing.T) {
	ctx := Start(t)
	visit(t, ctx, serve(t, clean, strict))
	violations, err := Axe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Error(v)
	}
}

func TestAxe_FaultyPage_NamesRuleAndElement(t *testing.T) {
	ctx := Start(t)
	visit(t, ctx, serve(t, faulty, "default-src 'none'; style-src 'unsafe-inline'"))
	violations, err := Axe(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for rule, selector := range map[string]string{"html-has-lang": "html", "label": "input", "color-contrast": "p"} {
		i := slices.IndexFunc(violations, func(v Violation) bool { return v.ID == rule })
		if i < 0 {
			t.Errorf("no %s among %v", rule, violations)
			continue
		}
		if v := violations[i]; len(v.Nodes) != 1 || v.Nodes[0].Target != selector || !strings.Contains(v.String(), v.Nodes[0].HTML) {
			t.Errorf("%s names %v, want %s", rule, v.Nodes, selector)
		}
	}
}

// A page need not be opened again to be asked how it is in the dark or on a wide screen.
func TestAxe_PageShownInAnotherWay_IsAskedAfresh(t *testing.T) {
	const pale = "p { color: #000; background: #fff } @media (prefers-color-scheme: dark) and (min-width: 1000px) { p { color: #ddd } }"
	ctx := Start(t)
	visit(t, ctx, serve(t, strings.Replace(clean, "</form>", "</form><style>"+pale+"</style><p>Pàl·lid</p>", 1), "default-src 'none'; style-src 'self' 'unsafe-inline'"))
	for _, look := range []struct {
		width  int
		dark   bool
		faults int
	}{{390, false, 0}, {1280, false, 0}, {390, true, 0}, {1280, true, 1}, {390, false, 0}} {
		if err := Viewport(ctx, look.width, look.dark); err != nil {
			t.Fatal(err)
		}
		if violations, err := Axe(ctx); err != nil || len(violations) != look.faults {
			t.Errorf("at %d, dark %t: %v, %v; want %d", look.width, look.dark, violations, err, look.faults)
		}
	}
}

func TestAxe_Tags_NarrowTheRules(t *testing.T) {
	ctx := Start(t)
	visit(t, ctx, serve(t, faulty, "default-src 'none'; style-src 'unsafe-inline'"))
	violations, err := Axe(ctx, "wcag2aa")
	if err != nil {
		t.Fatal(err)
	}
	if len(violations) != 1 || violations[0].ID != "color-contrast" {
		t.Errorf("level AA alone gives %v, want the contrast only", violations)
	}
}

func TestAxe_NotInstalled_SaysHowToGetIt(t *testing.T) {
	for _, path := range []string{"", filepath.Join(t.TempDir(), "absent.js")} {
		t.Setenv(axeVariable, path)
		if _, err := Axe(t.Context()); !errors.Is(err, errNoAxe) {
			t.Errorf("with %q: %v", path, err)
		}
	}
}

func TestScreenshot_PhoneAndDesktop_WholePageInTheAskedScheme(t *testing.T) {
	ctx := StartForPictures(t)
	visit(t, ctx, serve(t, clean, strict))
	for _, c := range []struct {
		name  string
		width int
		dark  bool
	}{{"phone-light", 390, false}, {"phone-dark", 390, true}, {"desktop-dark", 1280, true}} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "pictures", c.name+".png")
			if err := Screenshot(ctx, path, c.width, c.dark); err != nil {
				t.Fatal(err)
			}
			file, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			picture, err := png.Decode(file)
			if err := errors.Join(err, file.Close()); err != nil {
				t.Fatal(err)
			}
			if size := picture.Bounds().Size(); size.X != c.width || size.Y != 3000 {
				t.Errorf("the picture is %v, want %d × 3000", size, c.width)
			}
			red, _, _, _ := picture.At(c.width-1, 2999).RGBA()
			if dark := red == 0; dark != c.dark {
				t.Errorf("the last corner is dark: %t, want %t", dark, c.dark)
			}
		})
	}
}

func TestScreenshot_NotNamedPNG_IsRefused(t *testing.T) {
	if err := Screenshot(t.Context(), "picture.jpeg", 390, false); err == nil {
		t.Error("no error")
	}
}

func TestScreenshot_BrowserThatDrawsNone_IsRefused(t *testing.T) {
	if err := Screenshot(t.Context(), "picture.png", 390, false); err == nil {
		t.Error("no error")
	}
}

func TestStart_TwoBrowsers_ShareNoCookie(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := "nobody"
		if cookie, err := r.Cookie("who"); err == nil {
			who = cookie.Value
		}
		http.SetCookie(w, &http.Cookie{Name: "who", Value: "first"})
		_, _ = io.WriteString(w, "<title>"+who+"</title>")
	}))
	t.Cleanup(server.Close)
	one, other := Start(t), Start(t)
	visit(t, one, server.URL)
	visit(t, one, server.URL)
	visit(t, other, server.URL)
	for _, c := range []struct {
		ctx  context.Context
		want string
	}{{one, "first"}, {other, "nobody"}} {
		if got, err := chromedp.Run(c.ctx, chromedp.Title()); err != nil || got != c.want {
			t.Errorf("title = %q, %v; want %q", got, err, c.want)
		}
	}
}

func visit(t *testing.T, ctx context.Context, url string) {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
}

func serve(t *testing.T, page, policy string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		switch r.URL.Path {
		case "/style.css":
			w.Header().Set("Content-Type", "text/css")
			_, _ = io.WriteString(w, style)
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = io.WriteString(w, page)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}
