// Package pdf prints Markdown on paper: headings, paragraphs, lists, quotations and tables, page after page, in fonts
// that carry every letter of the languages that people here write.
package pdf

import (
	"fmt"
	"time"

	"github.com/johnfercher/maroto/v2"
	"github.com/johnfercher/maroto/v2/pkg/config"
	"github.com/johnfercher/maroto/v2/pkg/consts/fontstyle"
	"github.com/johnfercher/maroto/v2/pkg/core"
	"github.com/johnfercher/maroto/v2/pkg/props"
	"github.com/johnfercher/maroto/v2/pkg/repository"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gobolditalic"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"

	"socia/platform/markdown"
)

// Document is what is printed. Foot stands beside the page number on every page. Made is when it was printed: the same
// document made at the same instant is the same text.
type Document struct {
	Title, Author, Foot string
	Body                string // Markdown
	Made                time.Time
}

const (
	family = "go"
	// grid is how many columns a page is divided into; tables share them out.
	grid = 60
	// size is the type of running text in points.
	size = 10.5
	// sideMM are the margins at the sides in millimetres.
	sideMM = 22
)

// Render prints a document on A4.
func Render(d Document) ([]byte, error) {
	// The Go fonts come with golang.org/x/image: Latin, Greek and Cyrillic, free to embed.
	fonts, err := repository.New().
		AddUTF8FontFromBytes(family, fontstyle.Normal, goregular.TTF).
		AddUTF8FontFromBytes(family, fontstyle.Bold, gobold.TTF).
		AddUTF8FontFromBytes(family, fontstyle.Italic, goitalic.TTF).
		AddUTF8FontFromBytes(family, fontstyle.BoldItalic, gobolditalic.TTF).
		Load()
	if err != nil {
		return nil, fmt.Errorf("load the fonts of a document: %w", err)
	}
	builder := config.NewBuilder().
		WithLeftMargin(sideMM).WithRightMargin(sideMM).WithTopMargin(20).WithBottomMargin(18).
		WithMaxGridSize(grid).WithCustomFonts(fonts).WithDefaultFont(&props.Font{Family: family, Size: size}).
		WithTitle(d.Title, true).WithAuthor(d.Author, true).WithCreator("Sòcia", true).WithCreationDate(d.Made).
		WithPageNumber(props.PageNumber{Pattern: pageNumber(d.Foot), Place: props.Bottom, Family: family, Size: 8, Color: grey})
	m := maroto.New(builder.Build())
	tree, source := markdown.Tree(d.Body)
	p := printer{source: source}
	p.blocks(tree, level{})
	m.AddRows(p.rows...)
	made, err := m.Generate()
	if err != nil {
		return nil, fmt.Errorf("print a document: %w", err)
	}
	return made.GetBytes(), nil
}

func pageNumber(foot string) string {
	if foot == "" {
		return "{current} / {total}"
	}
	return foot + "  ·  {current} / {total}"
}

// printer turns a tree of Markdown into rows.
type printer struct {
	source []byte
	rows   []core.Row
}

var (
	grey = &props.Color{Red: 90, Green: 90, Blue: 90}
	rule = &props.Color{Red: 170, Green: 170, Blue: 170}
)
