package books

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"
)

// The faults of a journal that is to be written.
var (
	ErrCurrency       = errors.New("books: a currency is three capital letters (ISO 4217)")
	ErrUnknownAccount = errors.New("books: a posting is on an account that the chart does not have")
	ErrNoDay          = errors.New("books: an entry has no day")
)

// WriteHledger writes the journal in hledger's format, one entry at a time, so that
// memory does not grow with the books. It declares every account of the chart and
// the currency, as `hledger check --strict` demands. The code of a transaction is
// the entry's number; kind, source, source_id and reverses are its tags, and
// member is the tag of a posting: a number, never a name. Account names are in
// lang (ca, es, en).
//
// It stops at the first error: of w, of the entries, of an entry that is not
// Balanced, has no day or uses an account outside the chart, or ErrCurrency.
func WriteHledger(w io.Writer, chart []Account, currency string, entries iter.Seq2[Entry, error], lang string) error {
	if !validCurrency(currency) {
		return ErrCurrency
	}
	out := bufio.NewWriter(w)
	names := writeDeclarations(out, chart, currency, lang)
	for e, err := range entries {
		if err != nil {
			return err
		}
		if err := writable(e, names); err != nil {
			return entryError(e, err)
		}
		if err := writeTransaction(out, e, names, currency); err != nil {
			return err
		}
	}
	return out.Flush()
}

func validCurrency(code string) bool {
	return len(code) == 3 && strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// writable says whether an entry can be exported over these accounts, by code.
func writable(e Entry, names map[string]string) error {
	if e.On.IsZero() {
		return ErrNoDay
	}
	if err := Balanced(e); err != nil {
		return err
	}
	for _, p := range e.Postings {
		if _, known := names[p.Account]; !known {
			return ErrUnknownAccount
		}
	}
	return nil
}

func entryError(e Entry, err error) error { return fmt.Errorf("entry %d: %w", e.Number, err) }

// writeDeclarations writes the directives and gives hledger's account name for each
// code. A failed write is kept by out and shows at the next flush.
func writeDeclarations(out *bufio.Writer, chart []Account, currency, lang string) map[string]string {
	_, _ = fmt.Fprintf(out, "decimal-mark .\ncommodity 1000.00 %s\n\n", currency)
	names := make(map[string]string, len(chart))
	for _, a := range chart {
		names[a.Code] = hledgerName(a, lang)
		_, _ = fmt.Fprintf(out, "account %s  ; type:%s\n", names[a.Code], hledgerType(a.Kind))
	}
	return names
}

// hledgerType is the letter by which hledger knows an account's kind, so that its
// balance sheet and income statement work in every language.
func hledgerType(kind AccountKind) string {
	switch kind {
	case Asset:
		return "A"
	case Liability:
		return "L"
	case Equity:
		return "E"
	case Income:
		return "R"
	case Expense:
		return "X"
	}
	return "A"
}

// hledgerName puts the account below its kind: "assets:572 Bancs". In an account
// name a colon means a level, and two spaces or a semicolon end it.
func hledgerName(a Account, lang string) string {
	root := map[AccountKind]string{Asset: "assets", Liability: "liabilities", Equity: "equity", Income: "income", Expense: "expenses"}[a.Kind]
	return root + ":" + oneLine(a.Code+" "+a.Name(lang), ":;|()[]*!\"")
}

func writeTransaction(out *bufio.Writer, e Entry, names map[string]string, currency string) error {
	_, _ = fmt.Fprintf(out, "\n%s (%d) %s  ; %s\n", e.On, e.Number, oneLine(e.Description, ";|"), entryTags(e))
	for _, p := range e.Postings {
		_, _ = fmt.Fprintf(out, "    %s  %s %s", names[p.Account], p.AmountCents, currency)
		if p.Member != 0 {
			_, _ = fmt.Fprintf(out, "  ; member:%d", p.Member)
		}
		// bufio keeps the first failure, so this reports those above too.
		if err := out.WriteByte('\n'); err != nil {
			return err
		}
	}
	return nil
}

// entryTags writes name:value pairs. In a value a comma would end it and a colon
// would begin another tag.
func entryTags(e Entry) string {
	var tags []string
	for _, tag := range [][2]string{{"kind", e.Kind}, {"source", e.Source}, {"source_id", e.SourceID}} {
		tags = append(tags, tag[0]+":"+oneLine(tag[1], ",:;|"))
	}
	if e.Reverses != 0 {
		tags = append(tags, fmt.Sprintf("reverses:%d", e.Reverses))
	}
	return strings.Join(tags, ", ")
}

// oneLine makes a text safe inside one line of a journal: every control character,
// line or paragraph separator, broken byte and unwanted character becomes a space,
// and spaces never stand side by side or at the ends.
func oneLine(s, unwanted string) string {
	clean := strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune(unwanted, r) {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(clean), " ")
}
