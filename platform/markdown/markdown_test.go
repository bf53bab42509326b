package markdown

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

func TestHTML_WhatMembersWrite(t *testing.T) {
	for src, want := range map[string]string{
		"# Títol\n\n## Apartat\n\n##### Fons":  "<h3>Títol</h3>\n<h4>Apartat</h4>\n<h6>Fons</h6>",
		"Una **cosa** i *una altra*.":          "<p>Una <strong>cosa</strong> i <em>una altra</em>.</p>",
		"[acord](https://example.org/a)":       `<p><a href="https://example.org/a" rel="nofollow noopener">acord</a></p>`,
		"https://example.org/a":                `<p><a href="https://example.org/a" rel="nofollow noopener">https://example.org/a</a></p>`,
		"[dins](/proposals/3)":                 `<p><a href="/proposals/3" rel="nofollow noopener">dins</a></p>`,
		"![gràfic](/files/3.png)":              `<p><img src="/files/3.png" alt="gràfic"></p>`,
		"![gràfic](https://spy.example/p.gif)": `<p><a href="https://spy.example/p.gif" rel="nofollow noopener">gràfic</a></p>`,
		"![](https://spy.example/p.gif)":       `<p><a href="https://spy.example/p.gif" rel="nofollow noopener">https://spy.example/p.gif</a></p>`,
		"[![x](//spy.example/p)](/a)":          `<p><a href="/a" rel="nofollow noopener">x</a></p>`,
		"a <b>b</b>":                           "<p>a &lt;b&gt;b&lt;/b&gt;</p>",
		"| a | b |\n|---|--:|\n| 1 | 2 |":      "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>",
		"3. tres\n4. quatre":                   "<ol start=\"3\">\n<li>tres</li>\n<li>quatre</li>\n</ol>",
		"~~no~~":                               "<p><del>no</del></p>",
	} {
		if got := strings.TrimSpace(HTML(src)); got != want {
			t.Errorf("%q\n got %s\nwant %s", src, got, want)
		}
	}
}

// hostile are texts that try to run a script, leave the site by themselves, or break the page.
var hostile = []string{
	"<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>",
	"a <svg/onload=alert(1)> b",
	"<!-- --!><script>alert(1)</script> -->",
	"<style>body{display:none}</style>",
	"<iframe src=https://spy.example></iframe>",
	"<a href=\"javascript:alert(1)\">x</a>",
	"[x](javascript:alert(1))",
	"[x](JaVaScRiPt:alert(1))",
	"[x](java\tscript:alert(1))",
	"[x](&#106;avascript:alert(1))",
	"[x](vbscript:msgbox(1))",
	"[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
	"<javascript:alert(1)>",
	"![x](javascript:alert(1))",
	"![x](data:image/svg+xml;base64,PHN2Zz4=)",
	"![x](https://spy.example/x.png \"t\" onerror=alert(1))",
	"![x](//spy.example/x.png)",
	"![x](/\\spy.example/x.png)",
	"![\"onerror=\"alert(1)](x)",
	"[x](https://e.example \"\\\" onmouseover=alert(1) x=\\\"\")",
	"```html\" onload=alert(1)\nx\n```",
	"# x {onclick=alert(1) id=forms}",
	"<form action=/session><input name=csrf></form>",
	"<math><mtext></mtext><script>alert(1)</script></math>",
	"| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
	"[a]: javascript:alert(1)\n\n[a]",
}

func TestHTML_HostileTexts_NoScriptNoOtherSiteByItself(t *testing.T) {
	allowed := map[string][]string{"a": {"href", "rel"}, "img": {"src", "alt"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
	for _, src := range hostile {
		out := HTML(src)
		tokens := html.NewTokenizer(strings.NewReader(out))
		for {
			kind := tokens.Next()
			if kind == html.ErrorToken {
				break
			}
			tok := tokens.Token()
			if kind == html.TextToken || kind == html.EndTagToken {
				continue
			}
			switch tok.Data {
			case "script", "style", "iframe", "svg", "math", "form", "input", "object", "embed", "base", "meta", "link":
				t.Errorf("%q gives <%s>: %s", src, tok.Data, out)
			}
			for _, a := range tok.Attr {
				ok := false
				for _, name := range allowed[tok.Data] {
					ok = ok || name == a.Key
				}
				if !ok {
					t.Errorf("%q gives the attribute %s on <%s>: %s", src, a.Key, tok.Data, out)
				}
				if a.Key == "href" && strings.Contains(a.Val, ":") && !strings.HasPrefix(a.Val, "http") && !strings.HasPrefix(a.Val, "mailto:") {
					t.Errorf("%q links to %q", src, a.Val)
				}
				if a.Key == "src" && !ownImage.MatchString(a.Val) {
					t.Errorf("%q loads %q", src, a.Val)
				}
				if a.Key == "href" && !strings.Contains(out, `rel="nofollow noopener"`) {
					t.Errorf("%q links without rel: %s", src, out)
				}
			}
		}
	}
}

func TestHTML_DeepNesting_IsQuick(t *testing.T) {
	for _, unit := range []string{">", "> ", "- ", "+ ", "1. ", "1) > ", "[", "![", "*a ", "<", "`", "[a](", "**a _b ", "|"} {
		src := strings.Repeat(unit, 40_000/len(unit))
		began := time.Now()
		HTML(src)
		took := time.Since(began)
		t.Logf("%q %v", unit, took)
		if took > 5*time.Second {
			t.Errorf("%q repeated takes %v", unit, took)
		}
	}
}

func TestExcerpt_IsPlainTextCutAtAWord(t *testing.T) {
	for _, c := range []struct {
		src  string
		most int
		want string
	}{
		{"# Horts\n\nObrim *tres* horts & un magatzem.", 100, "Obrim tres horts & un magatzem."},
		{"L’**Orfeó** i *l*’[Ateneu](https://x.cat): **45 / 35 / 20**: les usuàries.", 100, "L’Orfeó i l’Ateneu: 45 / 35 / 20: les usuàries."},
		{"Un paràgraf.\n\nUn altre\\\namb salt\n\n- a\n- b\n\n| c | d |\n|---|---|\n| e | f |", 100, "Un paràgraf. Un altre amb salt a b c d e f"},
		{"# Només un títol", 100, "Només un títol"},
		{"Obrim tres horts nous", 12, "Obrim tres…"},
		{"<script>alert(1)</script>", 100, "<script>alert(1)</script>"},
		{"", 10, ""},
	} {
		if got := Excerpt(c.src, c.most); got != c.want {
			t.Errorf("Excerpt(%q, %d) = %q, want %q", c.src, c.most, got, c.want)
		}
	}
}

func TestDocument_HasItsHeadingsUnderTheTitle_AndTablesThatBecomeCards(t *testing.T) {
	got := Document("# Acta\n\n## Mesa\n\n| *a* | &lt;table> \"b\" |\n|---|---:|\n| 1 | 2 |\n")
	for _, want := range []string{"<h2>Acta</h2>", "<h3>Mesa</h3>", `<div class="scroll" tabindex="0"><table class="cards">`, `<td data-th="a">1</td>`, `data-th="&lt;table&gt; &#34;b&#34;">2</td>`, "</table></div>", "&lt;table&gt;"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestPlain_ShowsWhatWasTyped(t *testing.T) {
	for _, s := range []string{"L’Era", "a*b*c _d_ [e](f) <g> | h # `i` ~~j~~ \\ &amp; https", "dues\nlínies"} {
		shown := HTML("x " + Plain(s))
		want := "<p>x " + strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", " ").Replace(s) + "</p>\n"
		if shown != want {
			t.Errorf("%q is shown as %s, want %s", s, shown, want)
		}
	}
}
