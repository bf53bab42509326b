// Package markdown turns what members write into HTML that is safe to show. It is the only place that does so.
//
// A member's text is somebody else's input to every reader: raw HTML is shown as text, links are followed by no
// search engine and give their target no hold on the page, images come only from this site (others become links,
// so that reading a proposal contacts nobody), and headings start below the page's own.
package markdown

import (
	"bytes"
	"html"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// headingShift puts a text's first level under the page's title and the section's heading.
const headingShift = 2

// documentShift puts a document's first level right under the page's title.
const documentShift = 1

var (
	engine   = newEngine(headingShift)
	document = newEngine(documentShift)
	policy   = safe()
	blank    = bluemonday.StrictPolicy()
	headings = regexp.MustCompile(`(?s)<h[3-6]>.*?</h[3-6]>`)
	blocks   = regexp.MustCompile(`</?(?:p|br|hr|pre|blockquote|ul|ol|li|h[2-6]|table|thead|tbody|tr|th|td)\b`)
	spaces   = regexp.MustCompile(`\s+`)
	// deep is a run of list or quotation marks that nests further than anybody reads; parsing it costs its square.
	deep = regexp.MustCompile(`(?m)^((?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t])){20})(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]))+`)
)

func newEngine(shift int) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.NewTable(
			extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), extension.Strikethrough, extension.NewLinkify(
			extension.WithLinkifyAllowedProtocols([]string{"http:", "https:"}))),
		goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tamer{shift}, 100))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(asText{}, 100))),
	)
}

// HTML renders Markdown as HTML that can be put on a page as it is.
func HTML(src string) string { return render(engine, src) }

// Document renders Markdown that is the matter of its page, such as minutes: HTML with headings one level higher, and
// tables that become cards on a phone.
func Document(src string) string {
	return scrolls.Replace(render(document, src))
}

// scrolls puts tables into a box that can be moved with a finger and with the keyboard; on a phone each row becomes a card
// whose lines say the head of their column. What people type cannot contain these marks: it was escaped.
var scrolls = strings.NewReplacer("<table>", `<div class="scroll" tabindex="0"><table class="cards">`, "</table>", "</table></div>")

func render(engine goldmark.Markdown, src string) string {
	var out bytes.Buffer
	if err := engine.Convert(deep.ReplaceAll([]byte(src), []byte("$1")), &out); err != nil {
		// Writing to memory does not fail; if a renderer ever does, the plain text is still safe to read.
		return "<pre>" + html.EscapeString(src) + "</pre>"
	}
	return policy.Sanitize(out.String())
}

// Excerpt is the beginning of a text without any markup or headings, at most so many characters, cut at a word.
// It is plain text: whoever shows it escapes it.
func Excerpt(src string, most int) string {
	rendered := HTML(src)
	plain := words(headings.ReplaceAllString(rendered, " "))
	if plain == "" {
		plain = words(rendered)
	}
	runes := []rune(plain)
	if len(runes) <= most {
		return plain
	}
	cut := string(runes[:most])
	if i := strings.LastIndexByte(cut, ' '); i > most/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}

// words is the text between the tags, on one line: what stands in blocks of its own is apart, what is only stressed or
// linked stays joined to its neighbours.
func words(rendered string) string {
	plain := html.UnescapeString(blank.Sanitize(blocks.ReplaceAllString(rendered, " $0")))
	return strings.TrimSpace(spaces.ReplaceAllString(plain, " "))
}

// safe allows what Markdown makes, and nothing else.
func safe() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "code", "pre", "blockquote", "ul", "li",
		"h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowElements("ol")
	p.AllowAttrs("align").Matching(bluemonday.CellAlign).OnElements("th", "td")
	p.AllowAttrs("data-th").OnElements("td")
	p.AllowElements("th", "td")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^nofollow noopener$`)).OnElements("a")
	p.RequireNoFollowOnLinks(true)
	p.AllowAttrs("src").Matching(ownImage).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	return p
}

// ownImage is a path on this site; //host and /\host are other sites.
var ownImage = regexp.MustCompile(`^/[A-Za-z0-9._-][A-Za-z0-9._/-]*$`)

// tamer changes the text's tree before it is rendered: lower headings, links with rel, in documents cells that know their
// column, no foreign images.
type tamer struct{ shift int }

// Transform is goldmark's name for it.
func (t tamer) Transform(doc *ast.Document, reader text.Reader, _ parser.Context) {
	var foreign []*ast.Image
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+t.shift, 6)
		case *ast.Link:
			n.SetAttributeString("rel", []byte("nofollow noopener"))
		case *ast.AutoLink:
			n.SetAttributeString("rel", []byte("nofollow noopener"))
		case *tables.Table:
			if t.shift == documentShift {
				label(n, reader.Source())
			}
		case *ast.Image:
			if !ownImage.Match(n.Destination) {
				foreign = append(foreign, n)
			}
		}
		return ast.WalkContinue, nil
	})
	for _, image := range foreign {
		linkInstead(image)
	}
}

// label gives each cell of a table the head of its column.
func label(table *tables.Table, src []byte) {
	var heads [][]byte
	for c := table.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
		heads = append(heads, said(c, src))
	}
	for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		i := 0
		for c := row.FirstChild(); c != nil && i < len(heads); c = c.NextSibling() {
			c.SetAttributeString("data-th", heads[i])
			i++
		}
	}
}

// said is the text within a node, without its markup.
func said(n ast.Node, src []byte) []byte {
	var out []byte
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				out = append(out, util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Value(src))))...)
			}
		case *ast.String:
			if entering {
				out = append(out, n.Value...)
			}
		}
		return ast.WalkContinue, nil
	})
	return out
}

// linkInstead puts a link to an image of another site in its place, so that looking is the reader's choice.
// Inside a link, where there can be no other, only its description stays.
func linkInstead(image *ast.Image) {
	parent := image.Parent()
	if image.FirstChild() == nil {
		image.AppendChild(image, ast.NewString(image.Destination))
	}
	if inLink(image) {
		for c := image.FirstChild(); c != nil; c = image.FirstChild() {
			parent.InsertBefore(parent, image, c)
		}
		parent.RemoveChild(parent, image)
		return
	}
	link := ast.NewLink()
	link.Destination = image.Destination
	link.SetAttributeString("rel", []byte("nofollow noopener"))
	for c := image.FirstChild(); c != nil; c = image.FirstChild() {
		link.AppendChild(link, c)
	}
	parent.ReplaceChild(parent, image, link)
}

func inLink(n ast.Node) bool {
	for p := n.Parent(); p != nil; p = p.Parent() {
		if p.Kind() == ast.KindLink {
			return true
		}
	}
	return false
}

// asText shows raw HTML as the text that it is, so that nothing a member wrote disappears.
type asText struct{}

// RegisterFuncs is goldmark's name for it.
func (asText) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindRawHTML, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if raw, ok := n.(*ast.RawHTML); ok && entering {
			writeText(w, src, raw.Segments)
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, src []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		block, ok := n.(*ast.HTMLBlock)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		_, _ = w.WriteString("<p>")
		writeText(w, src, block.Lines())
		if block.HasClosure() {
			_, _ = w.WriteString(html.EscapeString(string(block.ClosureLine.Value(src))))
		}
		_, _ = w.WriteString("</p>\n")
		return ast.WalkSkipChildren, nil
	})
}

func writeText(w util.BufWriter, src []byte, lines *text.Segments) {
	for i := range lines.Len() {
		line := lines.At(i)
		_, _ = w.WriteString(html.EscapeString(string(line.Value(src))))
	}
}

// Tree parses Markdown for what is no page, such as a printed document. Headings are shifted as HTML shifts them.
// The source is the one whose places the tree's texts name.
func Tree(src string) (tree ast.Node, source []byte) {
	source = deep.ReplaceAll([]byte(src), []byte("$1"))
	return engine.Parser().Parse(text.NewReader(source)), source
}

// HeadingLevel is the level that a heading of the tree had in the text.
func HeadingLevel(h *ast.Heading) int { return max(1, h.Level-headingShift) }

// marks are the characters that Markdown could take for its own.
var marks = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`, "#", `\#`, "~", `\~`, "&", `\&`)

// Plain makes what a person typed stand as one line of text inside Markdown: HTML(Plain(s)) shows s.
func Plain(s string) string { return marks.Replace(strings.Join(strings.Fields(s), " ")) }
