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
func drawTx(tx *db.Tx, poll models.Poll) (*count.Result, error) {
	d, err := sortitionTx(tx, poll)
	if err != nil {
		return nil, err
	}
	r := count.Result{Method: string(poll.Method), Version: "1", Seats: poll.Setup.Seats, Scale: 1, Rounds: []count.Round{{Number: 1}}}
	drawn := count.Lot{What: d.What}
	for i, p := range append(d.Members, d.Substitutes[:min(len(d.Substitutes), len(d.Members))]...) {
		r.Options = append(r.Options, p.Item)
		if i < len(d.Members) {
			r.Winners = append(r.Winners, i)
			drawn.Chosen = append(drawn.Chosen, i)
		}
		drawn.Among = append(drawn.Among, i)
	}
	r.Papers, r.Valid = count.Whole(int64(len(d.Members)+len(d.Substitutes))), count.Whole(int64(len(d.Members)+len(d.Substitutes)))
	r.Lots = []count.Lot{drawn}
	return &r, nil
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
