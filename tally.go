package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
)

// tallyCommand counts a file of ballots. It needs no database and no settings: whoever has the papers can count.
type tallyCommand struct {
	File   string `arg:"" help:"The ballots; - reads the standard input."`
	Method string `required:"" enum:"plurality,approval,score,borda,irv,stv-scottish,stv-wigm,stv-meek,schulze,ranked-pairs,debian" help:"How to count: ${enum}."`
	Seats  int    `help:"How many are elected; by default what the file says, else 1. irv elects 1."`
	Format string `default:"" enum:",blt,abif,debian,csv" help:"blt, abif, debian or csv; by default found out by content."`
	JSON   bool   `name:"json" help:"Print the whole count as JSON."`
	Seed   string `help:"The seed of the lots that decide what ties the method leaves; by default the empty text."`

	Overvote string   `default:"skip" enum:"skip,end,end-if-several" help:"irv, a rank with several options: skip passes over it (default), end ends the paper, end-if-several ends it while several are left."`
	Skipped  string   `default:"one" enum:"one,any,none" help:"irv, ranks left empty in a row: one is passed over and a second ends the paper (default), any, none."`
	Repeated string   `default:"skip" enum:"skip,end" help:"irv, an option ranked again: skip passes over it (default), end ends the paper."`
	Batch    bool     `default:"true" negatable:"" help:"irv: defeat together all who cannot catch up (default)."`
	WriteIn  []string `help:"irv: an option that is defeated before all others; may be repeated. By default the option UWI (undeclared write-ins), if there is one."`

	Top    int    `help:"score: the highest score; by default the highest in the file."`
	Blanks string `default:"zero" enum:"zero,left-out" help:"score, an option without a score: zero counts it as 0 (default), left-out elects by the average of those who scored."`

	SureLosers bool   `help:"stv-wigm: defeat together those who can no longer catch up (step B.2)."`
	Unranked   string `default:"share" enum:"share,nothing" help:"borda: unranked options share the points that are left (default), or get nothing."`

	DebianDefault string            `placeholder:"OPTION" help:"debian: the default option, by its name (in a tally sheet its place from 0); none when not given."`
	Quorum        int64             `help:"debian: how many papers (their weight) must prefer an option to the default option; 0 by default."`
	Supermajority map[string]string `placeholder:"OPTION=N" help:"debian: an option that must beat the default option N to 1, such as 3 or 3/2."`
}

// mostTallied is how many options a count compares: more would take hours and more memory than there is, for a small file.
const mostTallied = 1024

// Run prints the count.
func (t *tallyCommand) Run() error {
	signal.Reset(os.Interrupt, syscall.SIGTERM) // a count leaves nothing half done: who interrupts it ends it
	return t.tally(os.Stdout)
}

func (t *tallyCommand) tally(out io.Writer) error {
	name, in, err := t.open()
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	method := tallyMethods[t.Method]
	papers := method.papers(t)
	election, err := ballots.Read(in, ballots.Format(t.Format), papers)
	if err != nil {
		return inFile(name, err)
	}
	if n := len(election.Options); n > mostTallied {
		return fmt.Errorf("%s: the file has %d options; a count takes %d at the most", name, n, mostTallied)
	}
	result, err := method.count(t, &election, papers)
	if err != nil {
		return inFile(name, err)
	}
	result.Papers = count.Whole(election.Papers)
	counted := countedElection{Election: election, Result: result, lots: t.lots(&election)}
	if t.JSON {
		return counted.writeJSON(out)
	}
	return counted.writeText(out)
}

func (t *tallyCommand) open() (string, io.ReadCloser, error) {
	if t.File == "-" {
		return "standard input", os.Stdin, nil
	}
	f, err := os.Open(t.File)
	return t.File, f, err
}

// inFile puts the file's name in front: FILE:LINE:COLUMN is the form that editors jump to.
func inFile(name string, err error) error {
	var wrong *ballots.SyntaxError
	if errors.As(err, &wrong) {
		return fmt.Errorf("%s:%w", name, err)
	}
	if errors.Is(err, ballots.ErrFormat) {
		return fmt.Errorf("%s:1:1: %w; say --format if it is one of them", name, err)
	}
	return fmt.Errorf("%s: %w", name, err)
}

// seats is how many to elect: what was asked for, else what the file says, else one.
func (t *tallyCommand) seats(e *ballots.Election) int { return cmp.Or(t.Seats, e.Seats, 1) }

// lots breaks ties by the file's own order, else by the seed. A file names first who goes out first, and a Breaker who
// is favoured.
func (t *tallyCommand) lots(e *ballots.Election) lot.Breaker {
	order := slices.Clone(e.TieOrder)
	slices.Reverse(order)
	return lot.Breaker{Seed: lot.Seed(t.Seed), Fixed: order}
}

// option is the number of an option that a flag names, by its name in the file or its full name.
func option(e *ballots.Election, flag, name string) (int, error) {
	if i := slices.Index(e.Options, name); i >= 0 {
		return i, nil
	}
	if i := slices.Index(e.FullNames, name); i >= 0 {
		return i, nil
	}
	return 0, fmt.Errorf("%s: the file has no option %q; it has %q", flag, name, e.Options)
}
