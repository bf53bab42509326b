package ballots

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"socia/core/paper"
)

// Format is how a file of ballots is written; a closed type.
type Format string

// The formats.
const (
	BLT    Format = "blt"    // Hill, Wichmann and Woodall, Computer Journal 30/3 (1987), with OpenSTV's additions
	ABIF   Format = "abif"   // Aggregated Ballot Information Format of electorama
	Debian Format = "debian" // the tally sheets of the Debian project's votes
	CSV    Format = "csv"    // a column for each rank, or for each option
)

// Formats lists every format.
func Formats() []Format { return []Format{BLT, ABIF, Debian, CSV} }

// Election is what a file says beside its papers.
type Election struct {
	Format    Format
	Title     string
	Seats     int      // 0 where the file does not say
	Options   []string // their names in the file, each once and never empty
	FullNames []string // longer names beside the Options, or nil; an empty one is not given
	Withdrawn []int    // options that stood down before the count; papers may still name them, beside others
	TieOrder  []int    // who is named first goes out first in a tie, or nil; lot.Breaker.Fixed is the reverse
	Papers    int64    // the weight of all papers, with the blank ones
	Blank     int64    // the weight of papers that say nothing of options that stand; they are not handed on
	Marked    bool     // at least one paper has marks for options (scores, crosses), not only ranks
}

// MarkTaker takes papers that have a mark for each option. An option after the
// paper's end is blank. The paper belongs to the caller and is reused.
type MarkTaker interface {
	TakeMarks(weight int64, marks paper.Paper) error
}

// Asker is a Taker that cannot count just any file. What it asks is looked at
// while the file is read, so that what it cannot count is refused where it stands.
type Asker interface {
	Taker
	Asks() Asked
}

// Asked is what an Asker asks of a file. The zero value asks nothing.
type Asked struct {
	Options int  // there are so many at the most; 0 is any number
	Marks   bool // every paper has marks, none only ranks
	OneKind bool // all papers have marks, or all only rank
	// Refuses says why an option cannot be given a mark, or nothing when it can. The mark is not blank. It may be nil.
	Refuses func(option string, mark int) string
}

// SyntaxError says what is wrong with a file, and where.
type SyntaxError struct {
	Line   int // from 1
	Column int // from 1, in bytes
	What   string
}

// Error writes "line:column: what"; who knows the file's name puts it in front.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.What) }

// ErrFormat says that the content fits no format.
var ErrFormat = errors.New("the file is none of blt, abif, debian and csv")

// Read reads a whole election and hands its papers on in the file's order. An
// empty format is found out by content.
//
// Papers with ranks go to into.Take. Papers with marks for options (columns of
// options in CSV, scores in ABIF) go to into.TakeMarks when into is a MarkTaker;
// otherwise the marks are ranks, the highest first, equal marks equal, and blank
// options unranked. Options that a paper names may be unknown until then (ABIF
// and CSV name them as they come): into must grow with them, and the names are
// complete when Read returns. Blank papers are only counted.
//
// CSV hands on what a paper's ranks say, with Skipped, Overvoted and repeated
// options; the other formats refuse an option that a paper names twice. A weight
// is a whole number from 1, and all of them together are below 2^62. What an
// Asker asks beyond that is refused at its place too.
//
// Take may be called from another goroutine than Read's, never from two at once,
// and not after Read has returned.
// The error is a *SyntaxError, ErrFormat, or what the reader or into gave.
func Read(r io.Reader, format Format, into Taker) (Election, error) {
	s, err := open(r)
	if err != nil {
		return Election{}, err
	}
	if format == "" {
		if format = Detect(s.buf[s.at:s.end]); format == "" {
			return Election{}, ErrFormat
		}
	}
	f := &file{source: s, into: convey(into), Election: Election{Format: format}}
	if m, ok := into.(MarkTaker); ok {
		f.marksInto = m
	}
	if a, ok := into.(Asker); ok {
		f.asked = a.Asks()
	}
	err = f.read()
	// What the taker refused came before what is wrong further down.
	if failed := f.into.end(); failed != nil {
		return f.Election, failed
	}
	if s.err != nil {
		return f.Election, s.err
	}
	return f.Election, err
}

// file is an election while it is read.
type file struct {
	*source
	Election
	into      *conveyor
	marksInto MarkTaker
	asked     Asked
	marks     []Mark // of the paper being read
	paper     paper.Paper
	byName    map[string]int
}

func (f *file) read() error {
	switch f.Format {
	case BLT:
		if f.asked.Marks {
			return f.onlyRanks(f.here())
		}
		return readBLT(f)
	case ABIF:
		return readABIF(f)
	case Debian:
		if f.asked.Marks {
			return f.onlyRanks(f.here())
		}
		return readDebian(f)
	case CSV:
		return readCSV(f)
	}
	return ErrFormat
}

// onlyRanks refuses papers that have no marks.
func (f *file) onlyRanks(at place) error {
	return at.wrong("scores are counted, and the papers only rank options")
}

// mayMark refuses a mark that is not asked for.
func (f *file) mayMark(option string, mark int, at place) error {
	if f.asked.Refuses == nil || f.marksInto == nil {
		return nil
	}
	if why := f.asked.Refuses(option, mark); why != "" {
		return at.wrong("%s", why)
	}
	return nil
}

// mostOptions is how many options the file may have.
func (f *file) mostOptions() int {
	if f.asked.Options > 0 {
		return min(f.asked.Options, MostOptions)
	}
	return MostOptions
}

// mostWeight is what all papers together may weigh, as Rankings.Take has it.
const mostWeight = 1<<62 - 1

// weigh counts a paper's weight; at is where it stands in the file.
func (f *file) weigh(weight int64, at place) error {
	if weight > mostWeight-f.Papers {
		return at.wrong("the papers weigh more than can be counted")
	}
	f.Papers += weight
	return nil
}

// hand gives a ranked paper on, without the empty ranks at its end.
func (f *file) hand(weight int64) error {
	for len(f.marks) > 0 && f.marks[len(f.marks)-1] == Skipped {
		f.marks = f.marks[:len(f.marks)-1]
	}
	if len(f.marks) == 0 {
		f.Blank += weight
		return nil
	}
	return f.into.Take(weight, f.marks)
}

// handMarks gives a paper with marks for options on: as it is, or as ranks.
func (f *file) handMarks(weight int64) error {
	if f.paper.IsBlank() {
		f.Blank += weight
		return nil
	}
	f.Marked = true
	if f.marksInto != nil {
		f.into.settle() // ranked papers of the same file come first
		return f.marksInto.TakeMarks(weight, f.paper)
	}
	f.marks = ranksOf(f.paper, f.marks[:0])
	return f.into.Take(weight, f.marks)
}

// option gives the number of a name, which is a new option when it was not met before.
func (f *file) option(name []byte, at place) (int, error) {
	if i, known := f.byName[string(name)]; known {
		return i, nil
	}
	text, err := nameOf(name, at)
	if err != nil {
		return 0, err
	}
	i, err := f.add(text, at)
	if err == nil {
		f.byName[string(name)] = i
	}
	return i, err
}

// add makes a new option; its name must not be taken.
func (f *file) add(name string, at place) (int, error) {
	if f.byName == nil {
		f.byName = map[string]int{}
	}
	switch _, known := f.byName[name]; {
	case known:
		return 0, at.wrong("another option is called %q", name)
	case len(f.Options) == f.mostOptions():
		return 0, at.wrong("there are more than %d options", f.mostOptions())
	}
	f.byName[name] = len(f.Options)
	f.Options = append(f.Options, name)
	return len(f.Options) - 1, nil
}

// Detect says which format a file has by its beginning (some kilobytes; a
// Debian sheet has a head before its votes), or "" when it looks like none.
func Detect(prefix []byte) Format {
	prefix = bytes.TrimPrefix(prefix, []byte(bom))
	first, ok := Format(""), false
	for line := range bytes.Lines(prefix) {
		if vote, found := bytes.CutPrefix(line, []byte("V:")); found && len(bytes.TrimSpace(vote)) > 0 {
			return Debian
		}
		if line = bytes.TrimSpace(line); !ok && len(line) > 0 && line[0] != '#' {
			first, ok = formatOf(line), true
		}
	}
	return first
}

// formatOf judges the first line that says something.
func formatOf(line []byte) Format {
	digits := 0
	for digits < len(line) && isDigit(line[digits]) {
		digits++
	}
	rest := bytes.TrimSpace(line[digits:])
	switch {
	case line[0] == '{' || line[0] == '=':
		return ABIF
	case digits > 0 && len(rest) > 0 && rest[0] == ':':
		return ABIF
	case digits > 0 && (len(rest) == 0 || isDigit(rest[0])):
		return BLT
	case bytes.ContainsAny(line, ",;\t") || rankColumn(line) > 0:
		return CSV
	}
	return ""
}
