package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"socia/app/identity"
	"socia/app/ledger"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Bring the database to this program's schema."`
	Status migrateStatusCommand `cmd:"" help:"Tell the database's schema and the program's."`
}

type migrateUpCommand struct{ config.Database }

// Run migrates.
func (m *migrateUpCommand) Run(ctx context.Context) error {
	return withDatabase(ctx, m.Database, func(d *db.DB) error {
		schema, err := d.Migrate(ctx)
		if err == nil {
			fmt.Printf("The database has schema %d, the program's own.\n", schema.Have)
		}
		return err
	})
}

type migrateStatusCommand struct{ config.Database }

// Run tells the schema; the exit code is 1 when it is not the program's.
func (m *migrateStatusCommand) Run(ctx context.Context) error {
	return withDatabase(ctx, m.Database, func(d *db.DB) error {
		schema, err := d.Schema(ctx)
		if err != nil {
			return err
		}
		if schema.Problem() != "" {
			return errors.New(schema.Problem())
		}
		fmt.Printf("The database has schema %d, the program's own.\n", schema.Have)
		return nil
	})
}

func withDatabase(ctx context.Context, c config.Database, do func(*db.DB) error) error {
	d, err := openDatabase(ctx, ground{Database: c, AnySchema: true}, clock.System{})
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.Close())
}

type setupCommand struct {
	config.Database
	config.Secret
	Name       string `help:"The cooperative's name."`
	Language   string `default:"ca" enum:"ca,es,en" help:"The cooperative's language: ca, es or en."`
	TimeZone   string `default:"Europe/Madrid" help:"The time zone in which its days begin."`
	Currency   string `default:"EUR" help:"The currency of its books."`
	Rules      string `default:"catalan-cooperative" enum:"catalan-cooperative,spanish-cooperative,association" help:"The statutes to begin with."`
	Handle     string `help:"The first administrator's handle."`
	Passphrase string `env:"SOCIA_SETUP_PASSPHRASE" help:"The first administrator's passphrase; asked for when it is not given."`
}

// Run sets up the cooperative, asking for what the flags do not say.
func (s *setupCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: s.Database, Secret: s.Secret, AnySchema: true})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	if _, err := h.db.Migrate(ctx); err != nil {
		return err
	}
	if _, err := h.identity.Cooperative(ctx); err == nil {
		return errors.New("this installation has its cooperative already")
	}
	if err := s.ask(); err != nil {
		return err
	}
	founding := identity.Founding{Name: s.Name, Language: s.Language, TimeZone: s.TimeZone, Currency: s.Currency, Preset: s.Rules, Handle: s.Handle, Passphrase: s.Passphrase}
	if err := h.found(ctx, founding); err != nil {
		return err
	}
	fmt.Printf("%s is set up. Start it with `socia serve` and sign in as %s.\n", s.Name, s.Handle)
	return nil
}

func (s *setupCommand) ask() error {
	in := bufio.NewReader(os.Stdin)
	for _, q := range []struct {
		question string
		answer   *string
	}{{"The cooperative's name", &s.Name}, {"The first administrator's handle", &s.Handle}} {
		if *q.answer != "" {
			continue
		}
		fmt.Printf("%s: ", q.question)
		line, err := in.ReadString('\n')
		if err != nil {
			return errors.New("nobody answers: give --name, --handle and --passphrase")
		}
		*q.answer = strings.TrimSpace(line)
	}
	if s.Passphrase != "" {
		return nil
	}
	var err error
	s.Passphrase, err = askPassphrase("The first administrator's passphrase", "SOCIA_SETUP_PASSPHRASE")
	return err
}

// askPassphrase reads a passphrase that is not shown.
func askPassphrase(whose, variable string) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		return "", fmt.Errorf("give the passphrase with --passphrase or %s, or run this in a terminal", variable)
	}
	fmt.Printf("%s (12 characters or more, not shown): ", whose)
	typed, err := term.ReadPassword(int(os.Stdin.Fd()))
	fmt.Println()
	return string(typed), err
}

type passphraseCommand struct {
	config.Database
	config.Secret
	Handle     string `arg:"" help:"The account's handle."`
	Passphrase string `env:"SOCIA_NEW_PASSPHRASE" help:"The new passphrase; asked for when it is not given."`
}

// Run sets the passphrase and signs the account out everywhere.
func (c *passphraseCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: c.Database, Secret: c.Secret})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	if c.Passphrase == "" {
		if c.Passphrase, err = askPassphrase("The new passphrase of "+c.Handle, "SOCIA_NEW_PASSPHRASE"); err != nil {
			return err
		}
	}
	if err := h.identity.ResetPassphrase(ctx, c.Handle, c.Passphrase); err != nil {
		return err
	}
	fmt.Printf("%s has another passphrase and is signed out everywhere.\n", c.Handle)
	return nil
}

// found sets up the cooperative together with what its subjects need from the start, in one act: all of it, or nothing.
func (h *house) found(ctx context.Context, f identity.Founding) error {
	return h.identity.Found(ctx, f, ledger.InstallChartTx)
}

type appointCommand struct {
	config.Database
	config.Secret
	Handle string `arg:"" help:"The account's handle."`
	Reason string `required:"" help:"The resolution that says so; everybody with an account can read it."`
}

// Run appoints an administrator from today on.
func (c *appointCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: c.Database, Secret: c.Secret})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	if err := h.identity.Recover(ctx, c.Handle, c.Reason); err != nil {
		return err
	}
	fmt.Printf("%s is an administrator from today on, and signs in again.\n", c.Handle)
	return nil
}

type healthCommand struct {
	Listen string `env:"SOCIA_LISTEN" default:"127.0.0.1:3000" help:"Where the server listens."`
}

// Run asks a server on this machine; the exit code says how it is.
func (c *healthCommand) Run(ctx context.Context) error {
	_, port, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("SOCIA_LISTEN must look like 127.0.0.1:3000")
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort("127.0.0.1", port)+"/readyz", nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("no answer on port %s", port)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: status %d", answer.StatusCode)
	}
	return nil
}
