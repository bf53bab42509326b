package polls

import (
	"context"
	"fmt"
	"strconv"

	"socia/app/identity"
	"socia/core/count"
	"socia/core/fault"
	"socia/core/lot"
	"socia/core/methods"
	"socia/core/sortition"
	"socia/models"
	"socia/platform/db"
)

// drawnAs names the draw of a poll, for core/lot.
func drawnAs(id models.PollID) string { return "poll " + strconv.FormatInt(int64(id), 10) }

// drawTx draws members by lot from a poll's electors. They are in the draw under their numbers.
func drawTx(tx *db.Tx, poll models.Poll) (*count.Result, []models.PollStratum, error) {
	d, err := sortitionTx(tx, poll)
	if err != nil {
		return nil, nil, err
	}
	r, strata := drawnOf(d)
	r.Method, r.Seats = string(poll.Method), poll.Setup.Seats
	return &r, strata, nil
}

// drawnOf is a draw as the result of a count: its options are the drawn in their order, then, for each stratum, as many
// substitutes as it has places, if it has people for them.
func drawnOf(d sortition.Drawn) (count.Result, []models.PollStratum) {
	all := count.Whole(int64(len(d.Members) + len(d.Substitutes)))
	r := count.Result{Version: "1", Scale: 1, Papers: all, Valid: all, Rounds: []count.Round{{Number: 1}}}
	drawn := count.Lot{What: d.What}
	add := func(p sortition.Place) int {
		r.Options = append(r.Options, p.Item)
		drawn.Among = append(drawn.Among, len(drawn.Among))
		return len(r.Options) - 1
	}
	strata := make([]models.PollStratum, len(d.Quotas))
	of := make(map[string]*models.PollStratum, len(d.Quotas))
	for i, q := range d.Quotas {
		strata[i].Class, strata[i].Places = q.Stratum, q.Places
		of[q.Stratum] = &strata[i]
	}
	for _, p := range d.Members {
		i := add(p)
		r.Winners, drawn.Chosen = append(r.Winners, i), append(drawn.Chosen, i)
		of[p.Stratum].Drawn = append(of[p.Stratum].Drawn, i)
	}
	for _, p := range d.Substitutes {
		if s := of[p.Stratum]; len(s.Substitutes) < s.Places {
			s.Substitutes = append(s.Substitutes, add(p))
		}
	}
	r.Lots = []count.Lot{drawn}
	return r, strata
}

func sortitionTx(tx *db.Tx, poll models.Poll) (d sortition.Drawn, err error) {
	var rows []struct {
		ID        int64
		Number    int64
		ClassCode string
	}
	err = tx.DB.Model(&models.PollElector{}).Select("members.id AS id, members.number AS number, poll_electors.class_code AS class_code").
		Joins("JOIN members ON members.id = poll_electors.member_id").Where("poll_electors.poll_id = ?", poll.ID).Order("members.number").Scan(&rows).Error
	if err != nil {
		return d, fmt.Errorf("read who can be drawn in poll %d: %w", poll.ID, err)
	}
	people := make([]sortition.Person, len(rows))
	for i, r := range rows {
		people[i] = sortition.Person{ID: r.ID, Item: strconv.FormatInt(r.Number, 10)}
		if poll.Setup.Strata {
			people[i].Stratum = r.ClassCode
		}
	}
	places := min(poll.Setup.Seats, len(people))
	quotas, err := sortition.Proportional(people, places, lot.Seed(poll.Seed), drawnAs(poll.ID))
	if err != nil {
		return d, fmt.Errorf("share the places of poll %d: %w", poll.ID, err)
	}
	return sortition.Draw(people, quotas, lot.Seed(poll.Seed), drawnAs(poll.ID))
}

// DrawFile is a closed draw as a file from which anybody inside can repeat it: the seed and the number of everybody who
// could be drawn.
func (s *Service) DrawFile(ctx context.Context, by identity.Actor, id models.PollID) (file string, err error) {
	if !ours(by) {
		return "", fault.NotFound("polls.not_found")
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var poll models.Poll
		if err := tx.DB.Where("method = ? AND closed_at IS NOT NULL", methods.Sortition).Take(&poll, id).Error; db.Missing(err) {
			return fault.NotFound("polls.not_found")
		} else if err != nil {
			return fmt.Errorf("read poll %d: %w", id, err)
		}
		d, err := sortitionTx(tx, poll)
		file = d.File()
		return err
	})
	return file, err
}

// drawnTx finds the names behind the numbers of a draw.
func drawnTx(tx *db.Tx, items []string) (map[int64]string, error) {
	numbers := make([]int64, 0, len(items))
	for _, item := range items {
		if n, err := strconv.ParseInt(item, 10, 64); err == nil {
			numbers = append(numbers, n)
		}
	}
	var members []models.Member
	if err := tx.DB.Select("id", "number", "name").Where("number IN ?", numbers).Order("number").Find(&members).Error; err != nil {
		return nil, fmt.Errorf("read who was drawn: %w", err)
	}
	names := make(map[int64]string, len(members))
	for _, m := range members {
		names[m.Number] = m.Name
	}
	return names, nil
}
