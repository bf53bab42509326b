// Sòcia is the software with which a cooperative governs itself and pays for itself.
//
// This file is the command line; house.go builds everything in an order that can be read; serve.go runs it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // assemblies are held in time zones that a bare container does not know

	"github.com/alecthomas/kong"

	"socia/core/fault"
	"socia/platform/i18n"
)

// version is set by the linker for releases.
var version = "dev"

// commandLine is every command with its flags. Each flag can also be set in the environment.
type commandLine struct {
	Serve      serveCommand      `cmd:"" help:"Serve the pages."`
	Demo       demoCommand       `cmd:"" help:"Serve an invented cooperative to try everything on; nothing else is needed."`
	Seed       seedCommand       `cmd:"" help:"Plant the demonstration's cooperative into a migrated, empty database."`
	Setup      setupCommand      `cmd:"" help:"Set up the cooperative and its first administrator."`
	Passphrase passphraseCommand `cmd:"" help:"Give an account another passphrase, when its owner has lost theirs."`
	Appoint    appointCommand    `cmd:"" help:"Make an account administrator, when nobody else can appoint one."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to this program's schema, or tell where it is."`
	Import     importCommand     `cmd:"" help:"Bring data in."`
	Export     exportCommand     `cmd:"" help:"Take data out."`
	Publish    publishCommand    `cmd:"" help:"Publish the figures about gender of the latest release day, unless they are out; the server does so by itself."`
	Tally      tallyCommand      `cmd:"" help:"Count a file of ballots, and print every round."`
	Doctor     doctorCommand     `cmd:"" help:"Check configuration, database, schema, ledger and audit log."`
	Health     healthCommand     `cmd:"" help:"Ask a running server whether it is well; for containers."`

	Version kong.VersionFlag `help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cli := kong.Parse(&commandLine{}, kong.Name("socia"), kong.UsageOnError(),
		kong.Exit(func(code int) { os.Exit(min(code, 2)) }), // kong's 80 for wrong usage is the customary 2
		kong.Description("The software with which a cooperative governs itself and pays for itself."),
		kong.Vars{"version": version}, kong.BindTo(ctx, (*context.Context)(nil)))
	if err := cli.Run(); err != nil {
		stop()
		fmt.Fprintln(os.Stderr, "socia: "+plain(err))
		os.Exit(1)
	}
}

// plain is an error in one readable line: faults are said in English, as the command line is.
func plain(err error) string {
	f, ok := fault.As(err)
	if !ok {
		return err.Error()
	}
	texts, loadErr := i18n.Load()
	if loadErr != nil {
		return errors.Join(err, loadErr).Error()
	}
	return sayAll(texts.For(i18n.English), f)
}
