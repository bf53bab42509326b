// Package books has the pages on which those who may read the books do: balances, journal, export.
package books

import (
	"regexp"
	"strconv"

	"socia/app/ledger"
	"socia/core/civil"
	"socia/platform/i18n"
	"socia/views/ui"
)

// ListPage is a table of the books for a span of days.
type ListPage struct {
	Frame  ui.Frame
	Title  string
	Lead   string
	Tabs   []ui.Tab
	Years  []ui.Tab
	Errors []ui.FieldError
	Filter *ui.Filter
	Kind   ui.Kind // with Word and Text, what the table proves
	Word   string
	Text   string
	Table  ui.Table
	Pager  ui.Pager
	Top    string // leads back to the beginning of the list, from a later page
}

// ExportPage asks for a span of days and a format.
type ExportPage struct {
	Frame  ui.Frame
	Title  string
	Lead   string
	Tabs   []ui.Tab
	Errors []ui.FieldError
	Action string
	From   ui.Field
	To     ui.Field
	Format ui.Field
	Note   string
}

// Balances is the trial balance as a table: what each account had, what it moved, and what it has in the end.
func Balances(t *i18n.Texts, b ledger.Balances) ui.Table {
	table := ui.Table{
		Caption: t.T("books.balances.table", "Currency", b.Currency),
		Columns: []ui.Column{
			{Label: t.T("books.word.account")}, {Label: t.T("books.word.opening"), Num: true}, {Label: t.T("books.word.debit"), Num: true},
			{Label: t.T("books.word.credit"), Num: true}, {Label: t.T("books.word.closing"), Num: true},
		},
		Empty: &ui.Empty{Title: t.T("books.nothing"), Text: t.T("books.nothing_text")},
	}
	for _, row := range b.Rows {
		table.Rows = append(table.Rows, []ui.Cell{
			{Text: row.Account.Code + " " + row.Account.Name(t.Lang()), Note: t.T("books.kind." + row.Account.Kind)},
			ui.Text(t.Amount(row.OpeningCents)), ui.Text(t.Amount(row.DebitCents)), ui.Text(t.Amount(row.CreditCents)), ui.Text(t.Amount(row.ClosingCents())),
		})
	}
	if len(table.Rows) > 0 {
		table.Foot = []ui.Cell{
			ui.Text(t.T("ui.word.total")), ui.Text(t.Amount(b.OpeningCents)), ui.Text(t.Amount(b.DebitCents)), ui.Text(t.Amount(b.CreditCents)), ui.Text(t.Amount(b.ClosingCents())),
		}
	}
	return table
}

// Journal is the journal's lines as a table: a row that names the entry, and below it a row for each of its postings.
func Journal(t *i18n.Texts, page ledger.Page) ui.Table {
	table := ui.Table{
		Caption: t.T("books.journal.title"), HideCaption: true, NoRowHead: true, Keep: true,
		Columns: []ui.Column{{Label: t.T("books.word.account")}, {Label: t.T("books.word.member"), Num: true}, {Label: t.T("books.word.debit"), Num: true}, {Label: t.T("books.word.credit"), Num: true}},
		Empty:   &ui.Empty{Title: t.T("books.nothing"), Text: t.T("books.nothing_text")},
	}
	for _, l := range page.Lines {
		table.Rows = append(table.Rows, []ui.Cell{head(t, l), {}, {}, {}})
		for _, p := range l.Postings {
			member := ui.Cell{}
			if p.MemberNumber != 0 {
				member = ui.Text(strconv.FormatInt(p.MemberNumber, 10))
			}
			debit, credit := sides(t, p.AmountCents)
			table.Rows = append(table.Rows, []ui.Cell{ui.Text(p.Account.Code + " " + p.Account.Name(t.Lang())), member, debit, credit})
		}
	}
	return table
}

// head names an entry: its number, day and text, and below them what kind it is.
func head(t *i18n.Texts, l ledger.Line) ui.Cell {
	kind := t.T("books.entry_kind." + l.Entry.Kind)
	if l.Reverses != 0 {
		kind = t.T("books.reverses", "Number", l.Reverses)
	}
	return ui.Cell{Body: entryHead(strconv.FormatInt(l.Entry.Number, 10), t.ShortDate(l.Entry.BookedOn), spoken(t, l.Entry.Description)), Note: kind}
}

// isoDay is a day as the texts of entries have it: they are stored once, for readers of any language.
var isoDay = regexp.MustCompile(`\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b`)

// spoken writes the days of an entry's text as the language does.
func spoken(t *i18n.Texts, text string) string {
	return isoDay.ReplaceAllStringFunc(text, func(day string) string {
		if d, err := civil.Parse(day); err == nil {
			return t.ShortDate(d)
		}
		return day
	})
}

func sides(t *i18n.Texts, cents int64) (debit, credit ui.Cell) {
	if cents > 0 {
		return ui.Text(t.Amount(cents)), ui.Cell{}
	}
	return ui.Cell{}, ui.Text(t.Amount(-cents))
}
