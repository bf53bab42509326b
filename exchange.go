package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/core/civil"
	"socia/platform/config"
	"socia/platform/i18n"
)

type importCommand struct {
	Members importMembersCommand `cmd:"" help:"Bring members in from a CSV file; known numbers are updated."`
}

type importMembersCommand struct {
	config.Database
	config.Secret
	File           string `arg:"" type:"existingfile" help:"UTF-8 or latin1, comma or semicolon, headers in Catalan, Spanish or English."`
	DryRun         bool   `help:"Read and report; store nothing."`
	NewCollectives bool   `help:"Found the collectives that the file names and the cooperative lacks."`
}

// Run imports all of the file or nothing.
func (m *importMembersCommand) Run(ctx context.Context) error {
	data, err := os.ReadFile(m.File)
	if err != nil {
		return err
	}
	h, err := build(ctx, ground{Database: m.Database, Secret: m.Secret})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	report, err := h.members.Import(ctx, identity.System, data, members.ImportOptions{DryRun: m.DryRun, NewCollectives: m.NewCollectives}, "")
	if len(report.Faults) > 0 {
		return h.tellFaults(m.File, report)
	}
	if err != nil {
		return err
	}
	done := "Imported"
	if m.DryRun {
		done = "Would import"
	}
	fmt.Printf("%s %d rows: %d new members, %d changed, %d unchanged.\n", done, report.Rows, report.Created, report.Updated, report.Unchanged)
	return nil
}

// tellFaults prints each fault as FILE:LINE:COLUMN, the form that editors jump to.
func (h *house) tellFaults(file string, report members.Report) error {
	t := h.texts.For(i18n.English)
	for _, f := range report.Faults {
		args := make([]any, 0, 2*len(f.Args))
		for name, value := range f.Args {
			args = append(args, name, value)
		}
		fmt.Fprintf(os.Stderr, "%s:%d:%d: %s %s\n", file, f.Line, f.Column, f.ColumnName, t.T(f.Key, args...))
	}
	return fmt.Errorf("nothing was imported: %d faults", len(report.Faults))
}

type exportCommand struct {
	Journal exportJournalCommand `cmd:"" help:"Write the journal of a period."`
}

type exportJournalCommand struct {
	config.Database
	config.Secret
	Format   string `default:"hledger" enum:"csv,hledger" help:"csv or hledger."`
	From     string `help:"The first day, such as 2026-01-01."`
	To       string `help:"The last day."`
	Language string `default:"ca" enum:"ca,es,en" help:"The language of the accounts' names."`
	Out      string `short:"o" help:"The file to write; the screen when it is not given."`
}

// Run writes the journal to a file, which appears whole or not at all, or to the screen.
func (e *exportJournalCommand) Run(ctx context.Context) error {
	from, wrongFrom := day("--from", e.From)
	to, wrongTo := day("--to", e.To)
	if err := errors.Join(wrongFrom, wrongTo); err != nil {
		return err
	}
	h, err := build(ctx, ground{Database: e.Database, Secret: e.Secret})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	journal := ledger.Journal{Format: ledger.Format(e.Format), From: from, To: to, Language: e.Language}
	if e.Out == "" {
		out := bufio.NewWriter(os.Stdout)
		return errors.Join(h.ledger.Write(ctx, out, journal), out.Flush())
	}
	return writeWhole(e.Out, func(w io.Writer) error { return h.ledger.Write(ctx, w, journal) })
}

func day(flag, typed string) (civil.Date, error) {
	if typed == "" {
		return civil.Date{}, nil
	}
	d, err := civil.Parse(typed)
	if err != nil {
		return d, fmt.Errorf("%s must be a day such as 2026-01-31", flag)
	}
	return d, nil
}

// writeWhole writes beside the file and renames, so that a reader never meets half of it.
func writeWhole(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".socia-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	out := bufio.NewWriter(f)
	if err := errors.Join(write(out), out.Flush(), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
