package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"

	"socia/app/assemblies"
	"socia/app/audit"
	"socia/app/equality"
	"socia/app/fees"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/app/operations"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/app/transparency"
	"socia/core/fault"
	"socia/handlers"
	"socia/handlers/web"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

// house is everything that a command may need, built once, from the ground up.
type house struct {
	clock   clock.Clock
	db      *db.DB
	log     *slog.Logger
	seal    *seal.Sealer
	texts   *i18n.Bundle
	audit   *audit.Log
	jobs    *jobs.Queue
	mailbox *mail.Local
	sender  mail.Sender

	identity     *identity.Service
	members      *members.Service
	ledger       *ledger.Service
	fees         *fees.Service
	rolls        *rolls.Service
	proposals    *proposals.Service
	polls        *polls.Service
	assemblies   *assemblies.Service
	equality     *equality.Service
	transparency *transparency.Service
	operations   *operations.Service
}

// ground is what a house stands on.
type ground struct {
	config.Database
	config.Secret
	Mail     config.Mail
	Clock    clock.Clock
	Log      *slog.Logger
	Identity identity.Options
	// Installation is what administrators may see of the configuration; SourceURL is where this version's source is.
	Installation operations.Installation
	SourceURL    string
	// AnySchema lets commands in that mend the schema or look at it.
	AnySchema bool
}

// build opens the database and puts the services together, in the order in which they lean on each other.
func build(ctx context.Context, g ground) (*house, error) {
	h := &house{clock: g.Clock, log: g.Log}
	if h.clock == nil {
		h.clock = clock.System{}
	}
	if h.log == nil {
		h.log = slog.New(slog.NewJSONHandler(os.Stderr, nil))
	}
	var err error
	if g.SecretKey == "" {
		return nil, errors.New("SOCIA_SECRET_KEY is missing: make one with `head -c 32 /dev/urandom | base64` and keep a copy of it apart from the database")
	}
	if h.seal, err = seal.New(g.SecretKey); err != nil {
		return nil, err
	}
	if h.texts, err = i18n.Load(); err != nil {
		return nil, fmt.Errorf("load the texts: %w", err)
	}
	if h.db, err = openDatabase(ctx, g, h.clock); err != nil {
		return nil, err
	}
	h.audit = audit.New(h.db)
	h.jobs = jobs.New(h.db, h.log)
	h.mailbox = mail.NewLocal(h.db, h.seal)
	h.sender = h.mailbox
	if g.Mail.SMTPURL != "" {
		if h.sender, err = mail.NewSMTP(g.Mail.SMTPURL, g.Mail.From); err != nil {
			return nil, errors.Join(err, h.db.Close())
		}
	}
	h.identity = identity.New(h.db, g.Identity)
	h.members = members.New(h.db, h.seal, h.identity)
	h.ledger = ledger.New(h.db)
	h.rolls = rolls.New(h.db)
	h.fees = fees.New(h.db, h.jobs, h.texts, h.seal, h.sender, h.rolls, fees.Options{BaseURL: g.Installation.BaseURL}) // a payment restores the vote in its own act
	h.proposals = proposals.New(h.db)
	h.polls = polls.New(h.db)
	h.assemblies = assemblies.New(h.db, h.jobs, h.texts, h.seal, h.sender, assemblies.Options{BaseURL: g.Installation.BaseURL})
	h.equality = equality.New(h.db, h.seal)
	h.transparency = transparency.New(h.db, transparency.Options{SourceURL: g.SourceURL})
	h.operations = operations.New(h.db, h.jobs, h.mailbox, h.audit, g.Installation)
	return h, nil
}

// openDatabase opens the database and refuses a schema that this program cannot work on.
func openDatabase(ctx context.Context, g ground, c clock.Clock) (*db.DB, error) {
	d, err := db.Open(ctx, g.DatabaseURL, c)
	if err != nil || g.AnySchema {
		return d, err
	}
	schema, err := d.Schema(ctx)
	if err == nil && schema.Problem() != "" {
		err = errors.New(schema.Problem())
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (h *house) close() error { return h.db.Close() }

// sayAll is a fault with all its details in one line.
func sayAll(t *i18n.Texts, f *fault.Fault) string {
	out := ""
	for i, d := range f.Details() {
		if i > 0 {
			out += "; "
		}
		if d.Field != "" {
			out += d.Field + ": "
		}
		out += web.Sentence(t, d)
	}
	return out
}

// services are the use cases as pages call them.
func (h *house) services(demo []handlers.DemoAccount) handlers.Services {
	return handlers.Services{
		Identity: h.identity, Members: h.members, Ledger: h.ledger, Fees: h.fees, Rolls: h.rolls, Proposals: h.proposals,
		Polls: h.polls, Assemblies: h.assemblies, Equality: h.equality, Transparency: h.transparency, Operations: h.operations, Demo: demo,
	}
}
