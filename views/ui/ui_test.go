package ui

import (
	"bytes"
	"context"
	"encoding/xml"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"socia/platform/i18n"
	"socia/views/assets"
)

var update = flag.Bool("update", false, "write the golden files anew")

func texts(t *testing.T, lang string) (*i18n.Bundle, *i18n.Texts) {
	t.Helper()
	b, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	return b, b.For(lang)
}

func testFrame(t *i18n.Texts) Frame {
	return Frame{
		T: t, Coop: "Núvol Comú", Title: "Galeria", Path: "/gallery", CSRF: "csrf-1", SignOutAction: "/sign-out",
		Nav: []NavItem{
			{Label: t.T("ui.nav.home"), Href: "/", Icon: "home", Primary: true},
			{Label: t.T("ui.nav.decide"), Href: "/decide", Icon: "decide", Primary: true, Current: true},
			{Label: t.T("ui.nav.fees"), Href: "/fees", Icon: "fees", Primary: true},
			{Label: t.T("ui.nav.people"), Href: "/people", Icon: "people"},
			{Label: t.T("ui.nav.books"), Href: "/books", Icon: "books"},
			{Label: t.T("ui.nav.balance"), Href: "/balance", Icon: "balance"},
			{Label: t.T("ui.nav.open"), Href: "/open", Icon: "open"},
		},
		Crumbs:     []Crumb{{t.T("ui.nav.decide"), "/decide"}, {Label: "Galeria"}},
		Standing:   &StandingBadge{MayVote: true, Href: "/standing"},
		Me:         &Me{Handle: "marta-v", Href: "/me"},
		InboxCount: 2, InboxHref: "/inbox",
		Languages: []LangLink{{"ca", "?lang=ca", t.Lang() == "ca"}, {"es", "?lang=es", t.Lang() == "es"}, {"en", "?lang=en", t.Lang() == "en"}},
		Flash:     &Flash{Text: "Has delegat el vot.", Next: "Qui et representa ho veurà en entrar.", Label: "Mira la delegació", Href: "/proxies"},
		Footer:    FooterLinks{Source: "/software", Licence: "/licence", Accessibility: "/accessibility", Privacy: "/privacy"},
	}
}

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(context.Background(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// hashes leaves the content hashes of assets out of golden files: a change of colour is not a change of pages.
var hashes = regexp.MustCompile(`(/assets/[a-z]+)\.[0-9a-f]{10}\.`)

// lines puts each element on its own line, so that a difference can be read.
func lines(html string) string {
	return strings.ReplaceAll(hashes.ReplaceAllString(html, "$1.HASH."), "><", ">\n<") + "\n"
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs at line %d: got\n%s\nRun go test ./views/ui -update if that is meant.", name, i+1, g[i])
		}
	}
	t.Fatalf("%s is longer than what is drawn now", name)
}

func TestGallery_LooksAsBefore(t *testing.T) {
	b, ca := texts(t, "ca")
	golden(t, "gallery.html", lines(render(t, Gallery(testFrame(ca)))))
	if m := b.Missing(); len(m) > 0 {
		t.Errorf("texts are missing: %v", m)
	}
}

func TestErrorPage_SpeaksEveryLanguage(t *testing.T) {
	for _, lang := range i18n.Languages() {
		b, tx := texts(t, lang)
		f := Frame{T: tx, Coop: "Núvol Comú", SignInHref: "/sign-in"}
		for _, status := range []int{400, 403, 404, 409, 413, 419, 429, 500, 503} {
			html := render(t, ErrorPage(f, status, "r-17"))
			if !strings.Contains(html, "<h1>") || !strings.Contains(html, "r-17") || !strings.Contains(html, `lang="`+lang+`"`) {
				t.Errorf("%s %d: %s", lang, status, html)
			}
		}
		if m := b.Missing(); len(m) > 0 {
			t.Errorf("texts are missing: %v", m)
		}
	}
}

// The content security policy of every page forbids them all.
func TestGallery_HoldsUnderTheStrictestPolicy(t *testing.T) {
	_, ca := texts(t, "ca")
	html := render(t, Gallery(testFrame(ca)))
	for what, re := range map[string]string{
		"a style attribute":  `(?i)<[^>]+\sstyle\s*=`,
		"a style element":    `(?i)<style`,
		"an inline script":   `(?i)<script(\s[^>]*)?>[^<]+`,
		"an event attribute": `(?i)<[^>]+\son[a-z]+\s*=`,
		"another origin":     `(?i)(src|href)="(https?:)?//`,
		"a script address":   `(?i)javascript:`,
	} {
		if found := regexp.MustCompile(re).FindString(html); found != "" {
			t.Errorf("the gallery has %s: %s", what, found)
		}
	}
}

var idOf = regexp.MustCompile(`\sid="([^"]+)"`)

func TestGallery_IdsAreOneEachAndReferencesHold(t *testing.T) {
	_, ca := texts(t, "ca")
	html := render(t, Gallery(testFrame(ca)))
	ids := map[string]bool{}
	for _, m := range idOf.FindAllStringSubmatch(html, -1) {
		if ids[m[1]] {
			t.Errorf("id %q is there twice", m[1])
		}
		ids[m[1]] = true
	}
	for _, re := range []string{`\sfor="([^"]+)"`, `aria-describedby="([^"]+)"`, `href="#([^"]+)"`} {
		for _, m := range regexp.MustCompile(re).FindAllStringSubmatch(html, -1) {
			for _, id := range strings.Fields(m[1]) {
				if !ids[id] {
					t.Errorf("%s leads to nothing", m[0])
				}
			}
		}
	}
}

func TestFrame_FewItemsNeedNoMore(t *testing.T) {
	_, ca := texts(t, "ca")
	f := testFrame(ca)
	shown, rest := f.bottom()
	if len(shown) != 3 || len(rest) != 4 {
		t.Errorf("seven items: %d at the bottom and %d under More, want 3 and 4", len(shown), len(rest))
	}
	f.Nav = f.Nav[:4]
	if shown, rest = f.bottom(); len(shown) != 4 || len(rest) != 0 {
		t.Errorf("four items: %d at the bottom and %d under More, want 4 and 0", len(shown), len(rest))
	}
}

func TestFields_EscapeWhatPeopleType(t *testing.T) {
	_, ca := texts(t, "ca")
	nasty := `"><script>alert(1)</script>`
	f := Field{Name: "x", Label: nasty, Hint: nasty, Value: nasty, Error: nasty, Options: []Option{{Value: nasty, Label: nasty, Hint: nasty}}}
	for name, c := range map[string]templ.Component{
		"text": TextField(ca, f), "area": TextArea(ca, f), "select": Select(ca, f), "radios": Radios(ca, f), "checkbox": Checkbox(ca, f),
		"ballot": Ballot(ca, f), "summary": ErrorSummary(ca, Errors(f)), "diff": Diff(ca, []DiffPart{{Added, nasty}}),
		"cell": DataTable(ca, Table{Columns: []Column{{Label: nasty}}, Rows: [][]Cell{{LinkCell(nasty, "javascript:alert(1)")}}}),
	} {
		html := render(t, c)
		if strings.Contains(html, "<script") || strings.Contains(html, "javascript:") {
			t.Errorf("%s lets a script through: %s", name, html)
		}
	}
}

func TestShare_IsExactAndStaysInside(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{{61, 90, "67.77%"}, {0, 90, "0.00%"}, {90, 90, "100.00%"}, {1, 3, "33.33%"}, {1, 2000, "0.05%"}, {5, 0, "0%"}} {
		if got := share(c.part, c.whole); got != c.want {
			t.Errorf("share(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
	b := Bar{Parts: []Part{{"", 3, Yes}}, Mark: &Mark{At: 7}}
	if got := b.markX(); got != "100.00%" {
		t.Errorf("a mark beyond the bar stands at %s", got)
	}
}

func TestStackedBar_WithoutVotesIsStillADrawing(t *testing.T) {
	_, ca := texts(t, "ca")
	html := render(t, StackedBar(ca, Bar{Title: "Cap vot", Parts: []Part{{"a favor", 0, Yes}}, Mark: &Mark{At: 0}}))
	if strings.Contains(html, "NaN") || !strings.Contains(html, "Cap vot") {
		t.Error(html)
	}
}

// classes in the style sheet that the gallery never shows would never be looked at.
func TestStyleSheet_HasNoClassThatNothingUses(t *testing.T) {
	css, _, ok := assets.Open(strings.TrimPrefix(assets.Path("socia.css"), assets.Prefix))
	if !ok {
		t.Fatal("no style sheet")
	}
	_, ca := texts(t, "ca")
	f := testFrame(ca)
	f.Wide = true
	html := render(t, Gallery(f)) + render(t, ErrorPage(Frame{T: ca, SignInHref: "/x"}, 404, "1"))
	used := map[string]bool{}
	for _, m := range regexp.MustCompile(`class="([^"]+)"`).FindAllStringSubmatch(html, -1) {
		for _, c := range strings.Fields(m[1]) {
			used[c] = true
		}
	}
	for _, m := range regexp.MustCompile(`\.([a-z][a-z-]*)`).FindAllStringSubmatch(string(css), -1) {
		if !used[m[1]] {
			t.Errorf("no piece has the class %q", m[1])
		}
	}
}

// An icon that is not well-formed would silently not be drawn.
func TestIcons_AreDrawn(t *testing.T) {
	for name, d := range icons {
		html := render(t, Icon(name))
		if err := xml.Unmarshal([]byte(html), new(struct{})); err != nil || !regexp.MustCompile(`^M[MmLlHhVvAaCcSsZz0-9. -]+$`).MatchString(d) {
			t.Errorf("icon %s: %v %q", name, err, d)
		}
	}
}
