package ballots

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteBLT writes an election and its papers as a BLT file. Reading it back
// gives the same papers, options, title, withdrawn options and order for ties:
//
//	Read(WriteBLT(e, r)) = e, r
//
// An election without options, or with a name that holds a quote, a paper with
// an overvoted rank or one that names an option twice cannot be written so.
func WriteBLT(w io.Writer, e Election, r *Rankings) error {
	out := bufio.NewWriter(w)
	if len(e.Options) == 0 {
		return fmt.Errorf("ballots: BLT cannot hold an election without options")
	}
	_, _ = fmt.Fprintf(out, "%d %d\n", len(e.Options), max(e.Seats, 1))
	for _, option := range e.Withdrawn {
		_, _ = fmt.Fprintf(out, "-%d\n", option+1)
	}
	if len(e.TieOrder) > 0 {
		_, _ = fmt.Fprint(out, "[tie")
		for _, option := range e.TieOrder {
			_, _ = fmt.Fprint(out, " ", option+1)
		}
		_, _ = fmt.Fprintln(out, "]")
	}
	if e.Blank > 0 {
		_, _ = fmt.Fprintln(out, e.Blank, 0)
	}
	seen := make([]int, len(e.Options))
	var line []byte
	for i := range r.Len() {
		weight, marks := r.Paper(i)
		line = strconv.AppendInt(line[:0], weight, 10)
		var err error
		if line, err = appendRanks(line, marks, seen, i+1); err != nil {
			return err
		}
		_, _ = out.Write(append(line, " 0\n"...))
	}
	_, _ = fmt.Fprintln(out, 0)
	for _, name := range append(e.Options[:len(e.Options):len(e.Options)], e.Title) {
		if strings.ContainsAny(name, "\"\n") {
			return fmt.Errorf("ballots: BLT cannot hold the name %q", name)
		}
		_, _ = fmt.Fprintf(out, "\"%s\"\n", name)
	}
	return out.Flush() // keeps the first error of writing
}

// appendRanks writes a paper's ranks; seen holds for each option the last paper that named it.
func appendRanks(line []byte, marks []Mark, seen []int, number int) ([]byte, error) {
	for _, m := range marks {
		option, is := m.Option()
		switch {
		case m == Skipped:
			line = append(line, " -"...)
			continue
		case !is || option >= len(seen):
			return nil, fmt.Errorf("ballots: BLT cannot hold an overvoted rank, nor an option without a name")
		case seen[option] == number:
			return nil, fmt.Errorf("ballots: BLT cannot hold a paper that names option %d twice", option+1)
		}
		seen[option] = number
		line = append(line, ' ')
		if m.Tied() {
			line[len(line)-1] = '='
		}
		line = strconv.AppendInt(line, int64(option+1), 10)
	}
	return line, nil
}
