// Package memberfile reads the members of a cooperative from a CSV file. It is
// pure: bytes and what the cooperative knows go in, rows or faults come out.
//
// A file is UTF-8 (with or without a byte-order mark) or else Windows-1252, which
// holds ISO-8859-1. Cells are separated by commas or semicolons, whichever the
// first line has more of, and quoted as in RFC 4180. The first line names the
// columns in Catalan, Spanish or English; case, accents, spaces and punctuation
// make no difference. The columns number, name, kind, class and joined_on must be
// there; collective, email, left_on, representative, language and votes may be.
//
// A file is read whole or not at all: one fault, and there are no rows.
package memberfile

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"socia/core/civil"
)

// The limits of a file. A row of a real file takes about 150 bytes.
const (
	// MaxBytes is the largest file, 16 MiB.
	MaxBytes = 16 << 20
	// MaxRows is the largest number of members in a file.
	MaxRows = 60_000
	// MaxFaults is how many faults are reported before reading stops.
	MaxFaults = 200
	// MaxRunes is the longest text in a cell, in characters.
	MaxRunes = 200
)

// Kind says whether a member is a person or an organisation.
type Kind string

// The kinds of member.
const (
	Person       Kind = "person"
	Organisation Kind = "organisation"
)

// Known is what the cooperative has already: names and codes that a file may use.
type Known struct {
	// Classes maps every name of a member class, in any language, to its code. The
	// codes themselves are accepted too.
	Classes map[string]string
	// Collectives are the collectives' names.
	Collectives []string
	// NewCollectives lets a file name collectives that are not known: such a name stays as its first row spells it.
	NewCollectives bool
	// MostVotes is how many votes a member may have at most; 0 is one.
	MostVotes int64
	// Today is the last day on which somebody may have joined; the zero day sets no limit.
	Today civil.Date
}

// Row is one member as the file says. Cells left empty are zero values.
type Row struct {
	// Line is where the row begins in the file, from 1.
	Line   int
	Number int64
	Name   string
	Kind   Kind
	// Class is the code of a known class.
	Class string
	// Collective is the name of a known collective, as Known spells it.
	Collective     string
	Email          string
	JoinedOn       civil.Date
	LeftOn         civil.Date
	Representative string
	// Language is ca, es or en.
	Language string
	// Votes is how many votes the member has; 0 where the file does not say.
	Votes int64
}

// LineFault is one thing wrong with the file, to be translated by its Key.
type LineFault struct {
	// Line is where the cell begins in the file, from 1; line breaks inside quotes count.
	Line int
	// Column counts the cells of the line from 1; 0 when the fault is the whole line's.
	Column int
	// ColumnName is the header as the file writes it, or the field's own name when
	// the file lacks it.
	ColumnName string
	Key        string
	// Args fill the placeholders of the message; see Keys.
	Args map[string]any
}

// Parse reads a members' file. If there is any fault there are no rows; if there is
// none there is at least one row. Member numbers are unique among the rows. Faults
// come row by row in the order of the file, at most MaxFaults of them.
func Parse(data []byte, known Known) ([]Row, []LineFault) {
	if len(data) > MaxBytes {
		return nil, []LineFault{{Line: 1, Key: keyTooLarge, Args: map[string]any{"max": MaxBytes >> 20}}}
	}
	text, line := decode(data)
	if line > 0 {
		return nil, []LineFault{{Line: line, Key: keyEncoding}}
	}
	r := newReader(text, known)
	r.readHeader()
	if len(r.faults) == 0 {
		r.readRows()
	}
	if len(r.faults) > 0 {
		return nil, r.faults
	}
	return r.rows, nil
}

// reader is the state of one reading.
type reader struct {
	csv     *csv.Reader
	names   lookups
	today   civil.Date
	most    int64 // votes of a member
	header  []string
	columns []field
	seen    map[int64]int
	rows    []Row
	faults  []LineFault
}

func newReader(text string, known Known) *reader {
	r := &reader{csv: csv.NewReader(strings.NewReader(text)), names: newLookups(known), today: known.Today, most: max(1, known.MostVotes), seen: map[int64]int{}}
	r.csv.Comma = separator(text)
	// The number of cells is checked here, where the fault can say more.
	r.csv.FieldsPerRecord = -1
	return r
}

// separator is the semicolon if the first line that is not empty has more of them
// outside quotes than commas.
func separator(text string) rune {
	balance, quoted := 0, false
	for _, c := range strings.TrimLeft(text, "\r\n") {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ';':
			balance++
		case c == ',':
			balance--
		case c == '\n':
			return pick(balance)
		}
	}
	return pick(balance)
}

func pick(balance int) rune {
	if balance > 0 {
		return ';'
	}
	return ','
}

func (r *reader) readHeader() {
	header, err := r.csv.Read()
	if errors.Is(err, io.EOF) {
		r.faults = append(r.faults, LineFault{Line: 1, Key: keyEmptyFile})
		return
	}
	if err != nil {
		r.brokenCSV(err)
		return
	}
	r.header = make([]string, len(header))
	for i, cell := range header {
		r.header[i] = squeeze(cell)
		r.addColumn(i)
	}
	line, _ := r.csv.FieldPos(0)
	for _, f := range required() {
		if !slices.Contains(r.columns, f) {
			r.report(LineFault{Line: line, ColumnName: string(f), Key: keyMissingColumn, Args: map[string]any{"column": string(f)}})
		}
	}
}

func (r *reader) addColumn(i int) {
	f, known := headers()[fold(r.header[i])]
	switch {
	case !known && r.header[i] != "":
		r.reportCell(i, keyUnknownColumn, map[string]any{"column": clip(r.header[i])})
	case f != noField && slices.Contains(r.columns, f):
		r.reportCell(i, keyDuplicateColumn, map[string]any{"column": clip(r.header[i])})
	}
	r.columns = append(r.columns, f)
}

func (r *reader) readRows() {
	for {
		record, err := r.csv.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.brokenCSV(err)
			return
		}
		if blank(record) {
			continue
		}
		line, _ := r.csv.FieldPos(0)
		if len(r.seen) >= MaxRows {
			r.report(LineFault{Line: line, Key: keyTooManyRows, Args: map[string]any{"max": MaxRows}})
			return
		}
		r.readRow(line, record)
		if len(r.faults) >= MaxFaults {
			return
		}
	}
	if len(r.rows) == 0 && len(r.faults) == 0 {
		r.report(LineFault{Line: 1, Key: keyNoRows})
	}
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

func (r *reader) readRow(line int, record []string) {
	extra := len(record) > len(r.columns) && !blank(record[len(r.columns):])
	if len(record) < len(r.columns) || extra {
		r.report(LineFault{Line: line, Key: keyCellCount, Args: map[string]any{"got": len(record), "want": len(r.columns)}})
		return
	}
	row := Row{Line: line}
	for i, f := range r.columns {
		r.readCell(&row, i, f, squeeze(record[i]))
	}
	r.checkRow(row)
	r.rows = append(r.rows, row)
}

// checkRow looks at what more than one cell decides.
func (r *reader) checkRow(row Row) {
	if !row.LeftOn.IsZero() && !row.JoinedOn.IsZero() && row.LeftOn.Before(row.JoinedOn) {
		r.reportCell(slices.Index(r.columns, leftOn), keyLeftBeforeJoined,
			map[string]any{"left_on": row.LeftOn.String(), "joined_on": row.JoinedOn.String()})
	}
	if row.Number == 0 {
		return
	}
	if first, twice := r.seen[row.Number]; twice {
		r.reportCell(slices.Index(r.columns, number), keyDuplicateNumber, map[string]any{"number": row.Number, "first_line": first})
		return
	}
	r.seen[row.Number] = row.Line
}

// brokenCSV reports quotes that do not match. What follows them cannot be trusted,
// so reading ends. The line is where the record begins: an open quote is only
// noticed at the end of the file.
func (r *reader) brokenCSV(err error) {
	line := 1
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		line = broken.StartLine
	}
	r.report(LineFault{Line: line, Key: keyQuotes})
}

// reportCell reports a fault of cell i of the record read last.
func (r *reader) reportCell(i int, key string, args map[string]any) {
	line, _ := r.csv.FieldPos(i)
	r.report(LineFault{Line: line, Column: i + 1, ColumnName: clip(r.header[i]), Key: key, Args: args})
}

func (r *reader) report(f LineFault) {
	if len(r.faults) < MaxFaults {
		r.faults = append(r.faults, f)
	}
}
