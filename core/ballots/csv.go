package ballots

import (
	"bytes"
	"strconv"

	"socia/core/paper"
)

// readCSV reads lines of cells. The first line names the columns, and says by
// that which of three kinds the file is; a column "count" or "weight" may come
// first, without it every line is one paper.
//
//	count,rank1,rank2,rank3      a column for each rank ("rank", "choice" or "preference" and its number)
//	4207,Ada,undervote,Berta
//
//	count,Ada,Berta              a column for each option
//	12,5,
//
//	count (1 is first),Ada,Berta a column for each option, with its rank; options may share one
//	12,2,1
//
//	count (marks),Choice 1,Ada   a column for each option, whatever it is called
//	12,5,
//
// The last two heads are those of WriteCSV. All other columns are options then, even those that sound like ranks, the
// separator is what follows the head, and an apostrophe that kept a spreadsheet from reading a formula is taken away.
//
// A rank's cell names an option, or is empty, "undervote" or "skipped" for a rank
// left empty (Skipped), or "overvote" (Overvoted). An option's cell is its mark:
// a whole number (a score, dots, a rank from 1), "x" for 1, or empty for none.
//
// Cells are parted by the comma, semicolon or tab that the first line has most
// of. Blanks around a cell do not count. A cell in quotes may hold the separator
// and, doubled, quotes, but ends on its line. Empty lines are passed over.
func readCSV(f *file) error {
	c := &csv{file: f}
	if err := c.head(); err != nil {
		return err
	}
	for {
		line, at, ok, err := c.nextLine()
		if err != nil || !ok {
			return err
		}
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if err := c.row(line, at); err != nil {
			return err
		}
	}
}

type csv struct {
	*file
	separator byte
	counted   bool // the first column is the weight
	ranked    bool // the columns are ranks
	options   bool // the columns are options, as the head says
	ordinal   bool // the columns are options, and their marks ranks
	columns   int
	unquoted  []byte // of the last cell with quotes inside
}

func (c *csv) head() error {
	for {
		line, at, ok, err := c.nextLine()
		if err != nil {
			return err
		}
		if !ok {
			return at.wrong("the file is empty: the first line must name the columns")
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return c.names(line, at)
		}
	}
}

func (c *csv) names(line []byte, at place) error {
	c.separator = separatorOf(line)
	beginning, ranks := at, 0
	for more := true; more; c.columns++ {
		cell, start, rest, err := c.cell(line, at)
		if err != nil {
			return err
		}
		rank := 0
		if !c.options {
			rank = rankColumn(cell)
		}
		switch {
		case c.columns == 0 && isWeightColumn(cell):
			c.counted, c.options, c.ordinal = true, isWrittenHead(cell), bytes.EqualFold(cell, []byte(RanksByOption))
		case rank > 0 && rank == ranks+1 && len(c.Options) == 0:
			ranks++
		case ranks > 0:
			return start.wrong("%q is not the column of rank %d", cell, ranks+1)
		default:
			if err := c.optionColumn(cell, start); err != nil {
				return err
			}
		}
		more, line, at = rest >= 0, line[max(rest, 0):], at.plus(max(rest, 0))
	}
	c.ranked = ranks > 0
	if c.asked.Marks && (c.ranked || c.ordinal) {
		return beginning.wrong("scores are counted, and the columns are ranks")
	}
	if ranks == 0 && len(c.Options) == 0 {
		return at.wrong("no column is a rank or an option")
	}
	if c.byName == nil {
		c.byName = map[string]int{}
	}
	return nil
}

// optionColumn makes an option of a column.
func (c *csv) optionColumn(cell []byte, at place) error {
	if c.options {
		cell = unguarded(cell)
	}
	name, err := nameOf(cell, at)
	if err == nil {
		_, err = c.add(name, at)
	}
	return err
}

// separatorOf is what follows a head of WriteCSV, else what the line has most of.
func separatorOf(line []byte) byte {
	first := bytes.TrimLeft(line, " \"")
	for _, head := range []string{RanksByOption, MarksByOption} {
		if len(first) < len(head) || !bytes.EqualFold(first[:len(head)], []byte(head)) {
			continue
		}
		after := bytes.TrimLeft(first[len(head):], " \"")
		if len(after) > 0 && bytes.IndexByte([]byte(",;\t"), after[0]) >= 0 {
			return after[0]
		}
	}
	most := byte(',')
	for _, s := range []byte{';', '\t'} {
		if bytes.Count(line, []byte{s}) > bytes.Count(line, []byte{most}) {
			most = s
		}
	}
	return most
}

func isWeightColumn(cell []byte) bool {
	return bytes.EqualFold(cell, []byte("count")) || bytes.EqualFold(cell, []byte("weight")) || isWrittenHead(cell)
}

func isWrittenHead(cell []byte) bool {
	return bytes.EqualFold(cell, []byte(RanksByOption)) || bytes.EqualFold(cell, []byte(MarksByOption))
}

// rankColumn is the rank that a column's name says, 0 when it says none.
func rankColumn(cell []byte) int {
	cell = bytes.ToLower(cell)
	for _, word := range []string{"rank", "choice", "preference"} {
		if number, found := bytes.CutPrefix(cell, []byte(word)); found {
			rank, err := strconv.Atoi(string(bytes.TrimLeft(number, " _#")))
			if err == nil && rank > 0 {
				return rank
			}
		}
	}
	return 0
}

// cell cuts the next cell off a line: its text, where it stands, and where the
// next one begins, or -1 after the last.
func (c *csv) cell(line []byte, at place) (text []byte, start place, rest int, err error) {
	blank := len(line) - len(bytes.TrimLeft(line, " "))
	start = at.plus(blank)
	if blank < len(line) && line[blank] == '"' {
		text, rest, err = c.quotedCell(line[blank:], start)
		if rest >= 0 {
			rest += blank
		}
		return text, start, rest, err
	}
	rest = bytes.IndexByte(line, c.separator)
	text = line
	if rest >= 0 {
		text = line[:rest]
		rest++
	}
	return bytes.TrimSpace(text), start, rest, nil
}

// quotedCell cuts a cell off that begins with a quote.
func (c *csv) quotedCell(line []byte, at place) (text []byte, rest int, err error) {
	c.unquoted = c.unquoted[:0]
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] != '"':
			c.unquoted = append(c.unquoted, line[i])
		case i+1 < len(line) && line[i+1] == '"':
			c.unquoted = append(c.unquoted, '"')
			i++
		default:
			after := bytes.TrimLeft(line[i+1:], " ")
			rest = len(line) - len(after)
			switch {
			case len(after) == 0:
				return c.unquoted, -1, nil
			case after[0] == c.separator:
				return c.unquoted, rest + 1, nil
			}
			return nil, 0, at.plus(rest).wrong("%q stands after the quote that closes the cell", after[:1])
		}
	}
	return nil, 0, at.wrong("the quote is not closed on its line")
}

// row reads one line of papers.
func (c *csv) row(line []byte, at place) error {
	weight := int64(1)
	c.marks, c.paper = c.marks[:0], c.paper[:0]
	beginning := at
	for column := 0; ; column++ {
		cell, start, rest, err := c.cell(line, at)
		switch {
		case err != nil:
			return err
		case column >= c.columns:
			return start.wrong("the line has more cells than the first one, %d", c.columns)
		case column == 0 && c.counted:
			weight, err = weightCell(cell, start)
		case c.ranked:
			err = c.rank(cell, start)
		default:
			err = c.mark(cell, start)
		}
		if err != nil {
			return err
		}
		if rest < 0 && column+1 < c.columns {
			return at.plus(len(line)).wrong("the line has %d cells, the first one has %d", column+1, c.columns)
		}
		if rest < 0 {
			break
		}
		line, at = line[rest:], at.plus(rest)
	}
	if err := c.weigh(weight, beginning); err != nil {
		return err
	}
	if c.ordinal {
		c.marks = rankMarks(c.paper, c.marks)
	}
	if c.ranked || c.ordinal {
		return c.hand(weight)
	}
	return c.handMarks(weight)
}

func weightCell(cell []byte, at place) (int64, error) {
	weight, length := whole(cell)
	if length == 0 || length < len(cell) {
		return 0, at.wrong("%q is not a number of papers, a whole number from 1", cell)
	}
	return weight, nil
}

func (c *csv) rank(cell []byte, at place) error {
	switch {
	case len(cell) == 0 || bytes.EqualFold(cell, []byte("undervote")) || bytes.EqualFold(cell, []byte("skipped")):
		c.marks = append(c.marks, Skipped)
	case bytes.EqualFold(cell, []byte("overvote")):
		c.marks = append(c.marks, Overvoted)
	default:
		option, err := c.option(cell, at)
		if err != nil {
			return err
		}
		c.marks = append(c.marks, Mark(option)) //nolint:gosec // G115: add refuses more than MostOptions
	}
	return nil
}

// mostMark is the highest mark of an option, as paper.Parse has it.
const mostMark = 1_000_000

func (c *csv) mark(cell []byte, at place) error {
	m, ok := markOf(cell)
	if !ok {
		return at.wrong("%q is not a mark: a whole number up to %d, x, or nothing", cell, mostMark)
	}
	if c.ordinal && (m == 0 || m > len(c.Options)) {
		return at.wrong("%d is not a rank: those of %d options are 1 to %d", m, len(c.Options), len(c.Options))
	}
	if m != paper.Blank && !c.ordinal {
		if err := c.mayMark(c.Options[len(c.paper)], m, at); err != nil {
			return err
		}
	}
	c.paper = append(c.paper, m)
	return nil
}

// markOf reads a mark, x for 1, or nothing for paper.Blank.
func markOf(text []byte) (int, bool) {
	switch {
	case len(text) == 0:
		return paper.Blank, true
	case len(text) == 1 && (text[0] == 'x' || text[0] == 'X'):
		return 1, true
	}
	n := 0
	for _, c := range text {
		if !isDigit(c) {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > mostMark {
			return 0, false
		}
	}
	return n, true
}
