package pdf

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/johnfercher/maroto/v2/pkg/components/col"
	"github.com/johnfercher/maroto/v2/pkg/components/line"
	"github.com/johnfercher/maroto/v2/pkg/components/row"
	"github.com/johnfercher/maroto/v2/pkg/components/text"
	"github.com/johnfercher/maroto/v2/pkg/consts/align"
	"github.com/johnfercher/maroto/v2/pkg/consts/border"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/yuin/goldmark/ast"
	extension "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"

	"socia/platform/markdown"
)

const (
	// pieceMost is how much text one row may hold: a row is never split over two pages, so it must fit on one.
	pieceMost = 900
	// wordMost is where a word without a space is cut, an address above all: no column is wider.
	wordMost = 70
	// indentMost keeps deep nesting on the paper.
	indentMost = 6
)

// level is where in lists and quotations a block stands.
type level struct {
	depth  int
	quoted bool
	bullet string
}

// blocks prints the blocks inside a node.
func (p *printer) blocks(parent ast.Node, at level) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		p.block(n, at)
		at.bullet = ""
	}
}

func (p *printer) block(n ast.Node, at level) {
	switch n := n.(type) {
	case *ast.Heading:
		p.heading(n)
	case *ast.List:
		p.list(n, at)
	case *ast.Blockquote:
		at.depth, at.quoted = at.depth+1, true
		p.blocks(n, at)
	case *ast.ThematicBreak:
		p.rows = append(p.rows, row.New(6).Add(col.New(grid).Add(line.New(props.Line{Color: rule, OffsetPercent: 50, SizePercent: 100}))))
	case *extension.Table:
		p.table(n)
	case *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock:
		p.paragraph(p.lines(n), at, fontstyle.Normal)
	default:
		p.paragraph(p.inline(n), at, p.style(n))
	}
}

// headingSizes are the types of the first three levels; deeper ones are as the third.
var headingSizes = [...]float64{17, 13, 11}

func (p *printer) heading(n *ast.Heading) {
	level := min(markdown.HeadingLevel(n), len(headingSizes))
	p.rows = append(p.rows, row.New().Add(text.NewCol(grid, p.inline(n), props.Text{
		Style: fontstyle.Bold, Size: headingSizes[level-1], Top: []float64{0, 5, 4}[level-1], Bottom: []float64{4, 2.5, 2}[level-1],
	})))
}

func (p *printer) list(n *ast.List, at level) {
	number := n.Start
	at.depth++
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		at.bullet = "•"
		if n.IsOrdered() {
			at.bullet = fmt.Sprintf("%d.", number)
			number++
		}
		p.blocks(item, at)
	}
}

// paragraph prints running text, in pieces that fit on a page.
func (p *printer) paragraph(s string, at level, style fontstyle.Type) {
	bottom := 2.2
	if at.bullet != "" {
		bottom = 1
	}
	indent := 3 * min(at.depth, indentMost)
	look := props.Text{Size: size, Style: style, Bottom: bottom, VerticalPadding: 0.9}
	if at.quoted {
		look.Color = grey
	}
	for _, piece := range pieces(s) {
		var cols []core.Col
		if indent > 0 {
			mark := look
			mark.Align, mark.Right = align.Right, 2
			cols = append(cols, text.NewCol(indent, at.bullet, mark))
		}
		p.rows = append(p.rows, row.New().Add(append(cols, text.NewCol(grid-indent, piece, look))...))
		at.bullet = ""
	}
}

// table gives the first column the room that the figures leave.
func (p *printer) table(n *extension.Table) {
	p.rows = append(p.rows, row.New(2))
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		_, head := r.(*extension.TableHeader)
		cells := r.ChildCount()
		if cells == 0 {
			continue
		}
		others := min(grid/(cells+1), 9)
		first := grid - others*(cells-1)
		printed := row.New().WithStyle(&props.Cell{BorderType: border.Bottom, BorderColor: rule, BorderThickness: 0.2})
		for c, i := r.FirstChild(), 0; c != nil; c, i = c.NextSibling(), i+1 {
			width := others
			if i == 0 {
				width = first
			}
			printed.Add(text.NewCol(width, strings.Join(pieces(p.inline(c)), " "), cellLook(c, head)))
		}
		p.rows = append(p.rows, printed)
	}
	p.rows = append(p.rows, row.New(4))
}

func cellLook(c ast.Node, head bool) props.Text {
	look := props.Text{Size: 8.5, Top: 1.2, Bottom: 1.2, Left: 0.5, Right: 0.5}
	if head {
		look.Style, look.Size = fontstyle.Bold, 7.5
	}
	if cell, ok := c.(*extension.TableCell); ok && cell.Alignment == extension.AlignRight {
		look.Align = align.Right
	}
	return look
}

// style is bold or italic for a paragraph that is so as a whole; a part of a line stays plain.
func (p *printer) style(n ast.Node) fontstyle.Type {
	only, ok := n.FirstChild().(*ast.Emphasis)
	if !ok || only.NextSibling() != nil {
		return fontstyle.Normal
	}
	if only.Level > 1 {
		return fontstyle.Bold
	}
	return fontstyle.Italic
}

// inline is the text of a block without its marks. A link keeps its address when its text does not name it.
func (p *printer) inline(n ast.Node) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(plain(n.Segment.Value(p.source)))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(p.source))
			}
		case *ast.RawHTML:
			if entering {
				for i := range n.Segments.Len() {
					s := n.Segments.At(i)
					b.Write(s.Value(p.source))
				}
			}
		case *ast.Link:
			if target := string(n.Destination); !entering && !strings.HasSuffix(b.String(), target) {
				b.WriteString(" (" + target + ")")
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// lines is the text of a block that is kept as it is.
func (p *printer) lines(n ast.Node) string {
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(p.source))
	}
	return strings.TrimSpace(b.String())
}

// pieces cuts a text at words into what fits on a page, and words that no line could hold.
func pieces(s string) []string {
	var out []string
	var b strings.Builder
	n := 0
	for _, word := range strings.Fields(s) {
		for _, part := range parts(word) {
			long := utf8.RuneCountInString(part)
			if n > 0 && n+long >= pieceMost {
				out = append(out, b.String())
				b.Reset()
				n = 0
			}
			if n > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(part)
			n += long + 1
		}
	}
	if n > 0 {
		out = append(out, b.String())
	}
	return out
}

func parts(word string) []string {
	runes := []rune(word)
	var out []string
	for len(runes) > wordMost {
		out = append(out, string(runes[:wordMost]))
		runes = runes[wordMost:]
	}
	return append(out, string(runes))
}

// plain undoes what Markdown writes in another way: \* and &amp;.
func plain(s []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(s)))
}
