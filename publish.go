package main

import (
	"context"
	"errors"
	"fmt"

	"socia/core/civil"
	"socia/platform/config"
)

type publishCommand struct {
	config.Database
	config.Secret
}

// Run publishes what the server publishes every half year, and tells what is out.
func (p *publishCommand) Run(ctx context.Context) error {
	h, err := build(ctx, ground{Database: p.Database, Secret: p.Secret})
	if err != nil {
		return err
	}
	return errors.Join(h.publish(ctx), h.close())
}

func (h *house) publish(ctx context.Context) error {
	if err := h.equality.Publish(ctx); err != nil {
		return err
	}
	r, err := h.equality.Releases(ctx, civil.Date{})
	if err != nil {
		return err
	}
	if r.Published {
		fmt.Printf("The newest release is as of %s; the next is due on %s.\n", r.Edition.AsOf, r.Next)
	} else {
		fmt.Printf("Nothing is out yet: the first release is due on %s.\n", r.Next)
	}
	return nil
}
