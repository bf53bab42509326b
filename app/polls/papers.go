package polls

import (
	"context"
	"fmt"

	"socia/app/identity"
	"socia/core/fault"
	"socia/core/methods"
	"socia/core/paper"
	"socia/models"
	"socia/platform/db"
)

// Asked is what a poll's papers look like: its method and how many options it has.
func (s *Service) Asked(ctx context.Context, id models.PollID) (method methods.Method, options int, err error) {
	a, err := s.ask(ctx, id)
	if err != nil {
		return method, 0, err
	}
	method, ok := methods.ByName(a.poll.Method)
	if !ok {
		return method, 0, fmt.Errorf("poll %d has the unknown method %q", id, a.poll.Method)
	}
	return method, len(a.options), nil
}

// Papers are the papers of a closed poll without names, alike ones together, in the order of what they say: with them
// anybody inside counts it again. Where votes weigh by class the weights are those that were counted with.
func (s *Service) Papers(ctx context.Context, by identity.Actor, id models.PollID) (options []Option, papers []paper.Bundle, err error) {
	if !ours(by) {
		return nil, nil, fault.NotFound("polls.not_found")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Where("closed_at IS NOT NULL AND method <> ?", methods.Motion).Take(&poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		if method, _ := methods.ByName(poll.Method); method.Answer != methods.Papers || poll.Count == nil {
			return fault.NotFound("polls.not_found")
		}
		if options, err = optionsTx(tx, id); err != nil {
			return err
		}
		sheets, err := sheetsTx(tx, poll)
		if err != nil {
			return err
		}
		papers, err = bundlesOf(sheets, poll.Count.Weights)
		return err
	})
	return options, papers, err
}
