package main

import (
	"context"
	"errors"
	"fmt"

	"socia/platform/config"
)

type doctorCommand struct {
	config.Database
	config.Secret
}

// Run checks what can go wrong silently, tells each finding in a line, and exits with 1 if one is bad.
func (d *doctorCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: d.Database, Secret: d.Secret, AnySchema: true})
	if err != nil {
		return err
	}
	defer func() { _ = h.close() }()
	fmt.Printf("ok    configuration: the secret key has the right form\nok    database: %s answers\n", h.db.Flavor())
	schema, err := h.db.Schema(ctx)
	if err != nil {
		return err
	}
	if schema.Problem() != "" {
		fmt.Println("BAD   schema: " + schema.Problem())
		return errors.New("not well")
	}
	fmt.Printf("ok    schema: %d\n", schema.Have)
	bad := 0
	for _, check := range []func(context.Context) (string, bool, error){h.checkCooperative, h.checkSecret, h.checkLedger, h.checkAudit, h.checkPolls, h.checkJobs} {
		finding, well, err := check(ctx)
		if err != nil {
			return err
		}
		word := "ok   "
		if !well {
			word, bad = "BAD  ", bad+1
		}
		fmt.Println(word + " " + finding)
	}
	if bad > 0 {
		return fmt.Errorf("not well: %d findings", bad)
	}
	return nil
}

func (h *house) checkCooperative(ctx context.Context) (string, bool, error) {
	coop, err := h.identity.Cooperative(ctx)
	if err != nil {
		return "cooperative: not set up, run `socia setup`", false, nil //nolint:nilerr // the finding says it
	}
	return "cooperative: " + coop.Name, true, nil
}

func (h *house) checkLedger(ctx context.Context) (string, bool, error) {
	s, err := h.ledger.Check(ctx)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("ledger: %d entries, %d unbalanced, %d currencies that do not sum to zero, %d numbers missing", s.Entries, len(s.Unbalanced), len(s.Currencies), s.Missing), s.Sound(), nil
}

func (h *house) checkAudit(ctx context.Context) (string, bool, error) {
	r, err := h.audit.Check(ctx)
	if err != nil {
		return "", false, err
	}
	if r.Problem != "" {
		return "audit log: " + r.Problem, false, nil
	}
	return fmt.Sprintf("audit log: %d lines give the sealed root %s, %d wait to be sealed", r.Sealed, r.Root, r.Loose), true, nil
}

func (h *house) checkPolls(ctx context.Context) (string, bool, error) {
	counted, wrong, err := h.polls.RecountAll(ctx)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("polls: %d closed ones counted again, %d differ from their announced result", counted, len(wrong)), len(wrong) == 0, nil
}

func (h *house) checkJobs(ctx context.Context) (string, bool, error) {
	letters, err := h.jobs.DeadLetters(ctx)
	if err != nil {
		return "", false, err
	}
	return fmt.Sprintf("jobs: %d failed for good and wait for an administrator", len(letters)), len(letters) == 0, nil
}

// checkSecret opens sealed addresses and answers about gender: a wrong key is found now and not when somebody needs it.
func (h *house) checkSecret(ctx context.Context) (string, bool, error) {
	addresses, shut, err := h.members.CheckSeals(ctx)
	if err != nil {
		return "", false, err
	}
	answers, shutToo, err := h.equality.CheckSeals(ctx)
	if err != nil {
		return "", false, err
	}
	opened, tried := addresses+answers, addresses+answers+shut+shutToo
	if tried == 0 {
		return "secret key: nothing is sealed yet that could tell whether it fits", true, nil
	}
	return fmt.Sprintf("secret key: opens %d of %d sealed values tried", opened, tried), opened == tried, nil
}
