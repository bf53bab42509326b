package books

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"
	"strings"

	"socia/core/money"
)

// CSVColumns are the columns that WriteCSV writes, in order, and its header when
// none is given.
func CSVColumns() []string {
	return []string{
		"entry", "date", "kind", "source", "source_id", "reverses", "description",
		"account", "account_name", "debit", "credit", "currency", "member",
	}
}

// WriteCSV writes the journal as RFC 4180 (comma, CRLF, UTF-8), one row per posting
// and one entry at a time. header replaces CSVColumns with as many translated
// names; nil keeps them. Account names are in lang. Debit and credit are plain
// decimals ("1234.56"), one of them empty; reverses and member are empty for none.
//
// A cell of text that a spreadsheet would take for a formula gets an apostrophe in
// front. It stops at the same errors as WriteHledger, and with csv.ErrFieldCount if
// the header's length is wrong.
func WriteCSV(w io.Writer, chart []Account, currency string, entries iter.Seq2[Entry, error], lang string, header []string) error {
	if !validCurrency(currency) {
		return ErrCurrency
	}
	if header == nil {
		header = CSVColumns()
	}
	if len(header) != len(CSVColumns()) {
		return csv.ErrFieldCount
	}
	names := make(map[string]string, len(chart))
	for _, a := range chart {
		names[a.Code] = a.Name(lang)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(Defused(header...)); err != nil {
		return err
	}
	return writeRows(out, entries, names, currency)
}

func writeRows(out *csv.Writer, entries iter.Seq2[Entry, error], names map[string]string, currency string) error {
	for e, err := range entries {
		if err != nil {
			return err
		}
		if err := writable(e, names); err != nil {
			return entryError(e, err)
		}
		for _, p := range e.Postings {
			if err := out.Write(row(e, p, names[p.Account], currency)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func row(e Entry, p Posting, accountName, currency string) []string {
	debit, credit := sides(p.AmountCents)
	cells := []string{strconv.FormatInt(e.Number, 10), e.On.String()}
	cells = append(cells, Defused(e.Kind, e.Source, e.SourceID)...)
	cells = append(cells, present(e.Reverses))
	cells = append(cells, Defused(e.Description, p.Account, accountName)...)
	return append(cells, debit, credit, currency, present(p.Member))
}

func sides(amount money.Cents) (debit, credit string) {
	if amount > 0 {
		return amount.String(), ""
	}
	return "", (-amount).String()
}

func present(number int64) string {
	if number == 0 {
		return ""
	}
	return strconv.FormatInt(number, 10)
}

// Defused puts an apostrophe before texts that a spreadsheet would run as a formula:
// those whose first character, spaces aside, is = + - or @, also in the full width
// of East Asian writing, and those that begin with a tab or a line break. Cells that this package writes as numbers do not come
// through here.
func Defused(cells ...string) []string {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		first := strings.TrimLeft(cell, " \u00a0")
		if strings.IndexAny(first, "=+-@\t\r\n＝＋－＠") == 0 {
			cell = "'" + cell
		}
		safe[i] = cell
	}
	return safe
}
