package ballots

import (
	cells "encoding/csv"
	"io"
	"strconv"
	"strings"

	"socia/core/paper"
)

// The heads of the first column in a CSV whose other columns are options.
const (
	// RanksByOption says that the numbers are ranks, of which 1 is the first.
	RanksByOption = "count (1 is first)"
	// MarksByOption says that they are marks: crosses, scores or dots, of which the highest is the best.
	MarksByOption = "count (marks)"
)

// WriteCSV writes papers as a CSV file with a line for each: its weight, and its mark for each option. Read gives the
// same options and papers back, whatever the options are called:
//
//	Read(WriteCSV(head, options, papers)) = options, papers
//
// provided that their names are what Read takes for names: each once, not empty, without blanks at their ends and
// without control characters. A name that a spreadsheet would read as a formula is written with an apostrophe before
// it. The head is RanksByOption or MarksByOption.
func WriteCSV(w io.Writer, head string, options []string, papers []paper.Bundle) error {
	out := cells.NewWriter(w)
	first := []string{head}
	for _, name := range options {
		first = append(first, guarded(name))
	}
	_ = out.Write(first)
	for _, b := range papers {
		_ = out.Write(append([]string{strconv.FormatInt(b.Weight, 10)}, strings.Split(b.Paper.String(), ",")...))
	}
	out.Flush()
	return out.Error() // keeps the first error of writing
}

// guarded puts an apostrophe before what a spreadsheet reads as a formula, and before what already looks so guarded, so
// that unguarded(guarded(s)) = s.
func guarded(name string) string {
	if isFormula(strings.TrimLeft(name, "'")) {
		return "'" + name
	}
	return name
}

func unguarded(cell []byte) []byte {
	if bare := strings.TrimLeft(string(cell), "'"); len(bare) < len(cell) && isFormula(bare) {
		return cell[1:]
	}
	return cell
}

func isFormula(s string) bool { return s != "" && strings.IndexByte("=+-@", s[0]) >= 0 }
