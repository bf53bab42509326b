package rolls

import (
	"testing"

	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

// gives gives a member so many votes.
func (h *house) gives(m models.Member, votes int64) {
	h.Helper()
	h.act(func(tx *db.Tx) {
		if err := tx.DB.Model(&m).Update("votes", votes).Error; err != nil {
			panic(err)
		}
	})
}

// A roll has the votes that each member had when it was frozen, bounded by its statutes, and counts members and votes.
func TestFreeze_VotesAreThoseOfTheRecordDate_NeverMoreThanTheStatutesGrant(t *testing.T) {
	c := clock.At(start("2026-06-01"))
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(start("2026-06-01"))
		h := newHouse(t, d, c, rules.PolicyNever)
		body := h.statutes.Body
		body.Counting.MostVotes = 3
		h.statutes = models.RuleSet{Version: 2, Preset: body.Preset, Body: body, CreatedAt: c.Now()}
		h.act(func(tx *db.Tx) { h.create(tx, &h.statutes) })
		one, _ := h.member("Una", "2020-01-01")
		two, _ := h.member("Dues", "2020-01-01")
		five, _ := h.member("Cinc", "2020-01-01")
		h.gives(two, 2)
		h.gives(five, 5)
		roll := h.freeze(h.assembly(start("2026-07-01")))
		h.gives(one, 3)
		h.gives(two, 1)
		late, _ := h.member("Tard", "2026-06-01")
		h.gives(late, 4)
		by := h.account("facilita", models.RoleFacilitator)
		if err := h.rolls.Correct(t.Context(), by, Correction{Roll: roll.ID, Number: late.Number, Eligible: true, Reason: "Hi faltava"}); err != nil {
			t.Fatal(err)
		}
		if err := h.rolls.Correct(t.Context(), by, Correction{Roll: roll.ID, Number: five.Number, Eligible: false, Reason: "Error"}); err != nil {
			t.Fatal(err)
		}
		for _, w := range []struct {
			m     models.Member
			votes int64
		}{{one, 1}, {two, 2}, {five, 3}, {late, 3}} {
			if l, ok := h.line(roll, w.m); !ok || l.Votes != w.votes {
				t.Errorf("%s has %d votes on the roll, not %d", w.m.Name, l.Votes, w.votes)
			}
		}
		var counts []ClassCount
		var entitled []Entitled
		if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
			if counts, err = CountsTx(t.Context(), tx, roll.ID); err != nil {
				return err
			}
			entitled, err = EntitledTx(t.Context(), tx)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if len(counts) != 1 || counts[0] != (ClassCount{"user", 3, 1, 6}) {
			t.Errorf("%+v", counts)
		}
		if len(entitled) != 4 || entitled[0].Votes != 3 || entitled[1].Votes != 1 || entitled[2].Votes != 3 || entitled[3].Votes != 3 {
			t.Errorf("a consultation of today would have %+v", entitled)
		}
	})
}
