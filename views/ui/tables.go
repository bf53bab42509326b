package ui

import (
	"github.com/a-h/templ"

	"socia/platform/i18n"
)

// Table is a list with named columns. On a phone each row becomes a card, unless
// Keep is set (a small table of figures reads better as a table).
type Table struct {
	Caption     string
	HideCaption bool // when the heading above says it already; listeners still hear it
	Columns     []Column
	Rows        [][]Cell
	Foot        []Cell // sums; empty for none
	Keep        bool
	NoRowHead   bool   // the first cell of a row does not name the row
	Empty       *Empty // shown instead of a table without rows
}

// Column is the head of a column. SortHref, when set, sorts by it; Sorted is
// "asc", "desc" or "".
type Column struct {
	Label    string
	Num      bool // figures, set to the right
	SortHref string
	Sorted   string
}

// Cell is what stands in one row and column: a text, perhaps a link, perhaps
// with a note below, or a badge (Text is its word), or any component.
type Cell struct {
	Text, Href, Note string
	Badge            Kind
	Body             templ.Component
}

// Text is a cell of words or figures.
func Text(text string) Cell { return Cell{Text: text} }

// LinkCell is a cell that leads somewhere.
func LinkCell(text, href string) Cell { return Cell{Text: text, Href: href} }

// BadgeCell is a cell that shows a state.
func BadgeCell(kind Kind, text string) Cell { return Cell{Text: text, Badge: kind} }

// BodyCell is a cell that holds any component.
func BodyCell(body templ.Component) Cell { return Cell{Body: body} }

// Link is a word and where it leads.
type Link struct{ Label, Href string }

// Filter is the bar above a table that narrows it by GET.
type Filter struct {
	Action     string
	Fields     []Field
	Hidden     []Pair // kept while filtering: the sort order, say (Term is the name, Text the value)
	Submit     string // the button's word; "" gives "Filter"
	ClearHref  string // shown when something is filtered
	ClearLabel string // "" gives "Clear the filters"
}

// Pager leads to the rows before and after; an empty Href is not shown. Summary says what is seen ("1 to 50 of 161").
type Pager struct{ PreviousHref, NextHref, Summary string }

// Empty is what stands where a list would be. It says that this is fine, or what to do.
type Empty struct {
	Title, Text string
	Action      *Action
}

func (c Column) ariaSort() string {
	switch c.Sorted {
	case "asc":
		return "ascending"
	case "desc":
		return "descending"
	}
	return "none"
}

func (c Column) class() string {
	if c.Num {
		return "num"
	}
	return ""
}

func (f Filter) submit(t *i18n.Texts) string {
	if f.Submit == "" {
		return t.T("ui.table.filter")
	}
	return f.Submit
}

func (f Filter) clear(t *i18n.Texts) string {
	if f.ClearLabel == "" {
		return t.T("ui.table.clear")
	}
	return f.ClearLabel
}

// column gives the column of a cell; a row longer than the head gets nameless ones.
func (t Table) column(i int) Column {
	if i < len(t.Columns) {
		return t.Columns[i]
	}
	return Column{}
}

func (t Table) class() string {
	if t.Keep {
		return "keep"
	}
	return "cards"
}

// empty says that nothing is shown; a card leaves the line out.
func (c Cell) empty() bool { return c.Text == "" && c.Note == "" && c.Body == nil && c.Badge == "" }
