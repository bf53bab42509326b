package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"socia/app/identity"
	"socia/core/fault"
	"socia/handlers"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/i18n"
	"socia/platform/seal"
	"socia/seeds"
)

type demoCommand struct {
	Dir    string `type:"path" help:"Keep the demonstration in this folder, and go on with it next time. Without it everything is gone at the end."`
	Listen string `default:"127.0.0.1:3000" help:"Address of the pages."`
}

// Run plants the demonstration's cooperative, unless the folder has it already, and serves it until told to stop.
func (d *demoCommand) Run(ctx context.Context) error {
	if err := d.mayListen(ctx); err != nil {
		return err
	}
	dir, done, err := d.folder()
	if err != nil {
		return err
	}
	g, err := d.ground(ctx, dir)
	if ctx.Err() != nil {
		return done() // told to stop while planting: nothing is wrong
	}
	if err != nil {
		return errors.Join(err, done())
	}
	h, err := build(ctx, g)
	if err != nil {
		return errors.Join(err, done())
	}
	server := config.Server{Listen: d.Listen, BaseURL: g.Installation.BaseURL}
	err = h.serve(ctx, server, demoAccounts(), func(address string) { tellDemo(os.Stdout, h.texts.For(i18n.English), address, d.Dir) })
	return errors.Join(err, h.close(), done())
}

// mayListen finds out that the address is taken before anybody waits for the planting.
func (d *demoCommand) mayListen(ctx context.Context) error {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", d.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: choose another address with --listen (%w)", d.Listen, err)
	}
	return l.Close()
}

// folder is where the demonstration lives, and what to do with it at the end.
func (d *demoCommand) folder() (dir string, done func() error, err error) {
	if d.Dir != "" {
		return d.Dir, func() error { return nil }, os.MkdirAll(d.Dir, 0o700)
	}
	dir, err = os.MkdirTemp("", "socia-demo-")
	return dir, func() error { return os.RemoveAll(dir) }, err
}

// ground is the demonstration's database and key, both in its folder. The database gets its name once it is planted
// whole: what an interrupted planting leaves behind is never served.
func (d *demoCommand) ground(ctx context.Context, dir string) (g ground, err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	g = ground{Log: log, Identity: identity.Options{Hashing: seeds.Hashing()}}
	g.Installation.Version, g.Installation.BaseURL, g.Installation.Listen = version, "http://"+d.Listen, d.Listen
	path := filepath.Join(dir, "socia.db")
	_, missing := os.Stat(path)
	if g.SecretKey, err = demoKey(filepath.Join(dir, "secret.key"), missing != nil); err != nil {
		return g, err
	}
	g.DatabaseURL = "sqlite:" + path
	if missing == nil {
		return g, migrated(ctx, g)
	}
	if !errors.Is(missing, fs.ErrNotExist) {
		return g, missing
	}
	fmt.Fprintln(os.Stderr, "Planting two years of a cooperative; this takes some seconds.")
	planting := g
	planting.DatabaseURL = "sqlite:" + path + ".planting"
	for _, left := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + ".planting" + left); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return g, err
		}
	}
	if err := migrated(ctx, planting); err != nil {
		return g, err
	}
	if err := plant(ctx, planting); err != nil {
		return g, err
	}
	return g, os.Rename(path+".planting", path)
}

// demoKey reads the demonstration's secret key, or makes it for a new one. Without its key an old demonstration does
// not open, and a new key would only hide that.
func demoKey(path string, fresh bool) (string, error) {
	key, err := os.ReadFile(path) //nolint:gosec // in the folder that the command line names
	if err == nil {
		return strings.TrimSpace(string(key)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) || !fresh {
		return "", fmt.Errorf("the demonstration's key cannot be read: restore it, or choose another --dir (%w)", err)
	}
	made := seal.NewKey()
	return made, os.WriteFile(path, []byte(made+"\n"), 0o600)
}

func migrated(ctx context.Context, g ground) error {
	d, err := openDatabase(ctx, ground{Database: g.Database, AnySchema: true}, clock.System{})
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	return errors.Join(err, d.Close())
}

// plant puts the seeds into a migrated, empty database, as they stand now. No letter leaves the machine.
func plant(ctx context.Context, g ground) error {
	now := time.Now().UTC().Truncate(time.Second)
	at := clock.At(now)
	g.Clock, g.Mail = at, config.Mail{}
	h, err := build(ctx, g)
	if err != nil {
		return err
	}
	return errors.Join(h.plant(ctx, at, now), h.close())
}

func (h *house) plant(ctx context.Context, at *clock.Set, now time.Time) error {
	switch _, err := h.identity.Cooperative(ctx); {
	case err == nil:
		return errors.New("this database has its cooperative already: seeds are for an empty one")
	case !fault.Has(err, "identity.no_cooperative"):
		return err
	}
	err := seeds.PlantWithConsultations(ctx, seeds.Services{
		DB: h.db, Clock: at, Jobs: h.jobs, Identity: h.identity, Members: h.members, Ledger: h.ledger, Fees: h.fees, Rolls: h.rolls,
		Proposals: h.proposals, Polls: h.polls, Assemblies: h.assemblies, Equality: h.equality,
	}, now)
	if err != nil {
		return fmt.Errorf("the seeds are planted half: begin again with an empty database (%w)", err)
	}
	return h.sealAll(ctx)
}

// sealAll seals the audit lines of the two years, a batch at a time.
func (h *house) sealAll(ctx context.Context) error {
	for {
		taken, err := h.audit.Seal(ctx)
		if err != nil || taken == 0 {
			return err
		}
	}
}

type seedCommand struct {
	config.Database
	config.Secret
}

// Run plants the demonstration's cooperative into a migrated, empty database, for people who want to try on their own.
func (s *seedCommand) Run(ctx context.Context) error {
	g := ground{Database: s.Database, Secret: s.Secret, Identity: identity.Options{Hashing: seeds.Hashing()}}
	if err := plant(ctx, g); err != nil {
		return err
	}
	texts, err := i18n.Load()
	if err != nil {
		return err
	}
	fmt.Printf("%s is planted. Start it with `socia serve`. Everybody knows its passphrase: never use it for real.\n\n", seeds.Name)
	return tellAccounts(os.Stdout, texts.For(i18n.English))
}

// demoAccounts are what the sign-in page offers.
func demoAccounts() (all []handlers.DemoAccount) {
	for _, a := range seeds.Accounts() {
		all = append(all, handlers.DemoAccount{Handle: a.Handle, Passphrase: seeds.Passphrase, Role: a.Role})
	}
	return all
}

// tellDemo prints where the demonstration is and who may sign in.
func tellDemo(w io.Writer, t *i18n.Texts, address, dir string) {
	if host, port, err := net.SplitHostPort(address); err == nil && net.ParseIP(host).IsUnspecified() {
		address = net.JoinHostPort("127.0.0.1", port)
	}
	_, _ = fmt.Fprintf(w, "\n%s is open at http://%s\n\n", seeds.Name, address)
	_ = tellAccounts(w, t) // whoever closed the screen still has the pages
	if dir == "" {
		_, _ = fmt.Fprintln(w, "\nCtrl-C ends it and removes everything; --dir FOLDER keeps it.")
		return
	}
	_, _ = fmt.Fprintf(w, "\nCtrl-C ends it; it is kept in %s.\n", dir)
}

func tellAccounts(w io.Writer, t *i18n.Texts) error {
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "ROLE\tHANDLE\tPASSPHRASE")
	for _, a := range seeds.Accounts() {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", t.T("identity.role."+a.Role), a.Handle, seeds.Passphrase)
	}
	return table.Flush()
}
