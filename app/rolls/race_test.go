package rolls

import (
	"testing"
	"time"

	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

// overlap holds the first act open until the second waits for a lock or has ended, then lets the first end.
func (h *house) overlap(first, second func(tx *db.Tx)) {
	h.Helper()
	inside, done := make(chan struct{}), make(chan error, 1)
	go func() {
		<-inside
		done <- h.db.Write(h.Context(), func(tx *db.Tx) error { second(tx); return nil })
	}()
	var early error
	ended := false
	h.act(func(tx *db.Tx) {
		first(tx)
		close(inside)
		for waiting := int64(0); waiting == 0 && !ended; {
			if err := tx.DB.Raw(`SELECT count(*) FROM pg_locks WHERE NOT granted
				AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`).Scan(&waiting).Error; err != nil {
				panic(err)
			}
			select {
			case early = <-done:
				ended = true
			default:
			}
		}
	})
	if !ended {
		early = <-done
	}
	if early != nil {
		h.Fatal(early)
	}
}

// TestFreeze_PaymentAtTheSameTime_TheVoteIsNotLost lets a payment and a convening overlap in both orders.
func TestFreeze_PaymentAtTheSameTime_TheVoteIsNotLost(t *testing.T) {
	for _, policy := range []rules.Policy{rules.PolicyAutomatic, rules.PolicyCase} {
		for _, payment := range []string{"first", "second", "after the act began"} {
			t.Run(string(policy)+" payment "+payment, func(t *testing.T) {
				c := clock.At(start("2026-06-01"))
				h := newHouse(t, dbtest.Open(t, db.Postgres, c), c, policy)
				m, by := h.member("A", "2020-01-01")
				charge := h.owes(m, "2026-01-31")
				decided := start("2026-05-15")
				kase := models.ArrearsCase{MemberID: m.ID, RuleSetID: h.statutes.ID, OpenedOn: day("2026-05-01"), OpenedBy: by.Account, OpenedAt: start("2026-05-01"),
					HearingUntil: day("2026-05-11"), Decision: models.Suspend, DecidedAt: &decided}
				h.act(func(tx *db.Tx) {
					h.create(tx, &kase)
					h.create(tx, &models.ArrearsCaseCharge{CaseID: kase.ID, ChargeID: charge.ID})
				})
				a := h.assembly(start("2026-07-01"))
				var roll models.Roll
				freeze := func(tx *db.Tx) {
					var err error
					if roll, err = FreezeTx(t.Context(), tx, a.ID, h.statutes, a.FirstCallAt); err != nil {
						panic(err)
					}
				}
				pay := func(tx *db.Tx) {
					for _, err := range []error{
						tx.DB.Model(&charge).Update("settled_at", tx.Now).Error,
						tx.DB.Model(&kase).Update("closed_at", tx.Now).Error,
						h.rolls.RestoredTx(t.Context(), tx, m.ID, models.CausePayment),
					} {
						if err != nil {
							panic(err)
						}
					}
				}
				switch payment {
				case "first":
					h.overlap(pay, freeze)
				case "second":
					h.overlap(freeze, pay)
				default:
					h.act(func(tx *db.Tx) {
						c.Move(tx.Now.Add(time.Second)) // the payment is dated after the freeze, and committed before it reads
						h.act(pay)
						freeze(tx)
					})
				}
				if l, listed := h.line(roll, m); !listed || !l.Eligible {
					t.Errorf("who has paid has the line %+v", l)
				}
			})
		}
	}
}
