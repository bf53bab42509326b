package main

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socia/platform/db"
)

// benchPolls are enough for as many votes as a run asks for.
const benchPolls = 800

// BenchmarkCast casts votes through HTTP: signed in, with the form's token, durable when acknowledged.
// BenchmarkCastSQL gives the database the same statement, one transaction for each vote, without anything around it.
func BenchmarkCast(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		for _, clients := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/http/clients=%d", flavor, clients), func(b *testing.B) {
				x := newStage(b, flavor, benchPolls).serve(b)
				measure(b, clients, x.castHTTP)
				x.checkCount(b)
			})
			b.Run(fmt.Sprintf("%s/sql/clients=%d", flavor, clients), func(b *testing.B) {
				x := newStage(b, flavor, benchPolls).serve(b)
				measure(b, clients, x.castSQL(b, clients))
				x.checkCount(b)
			})
		}
	}
}

// measure does b.N acts by some clients at once and reports the rate, the median and the 99th percentile.
func measure(b *testing.B, clients int, act func() error) {
	b.Helper()
	var group sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, clients)
	b.ResetTimer()
	began := time.Now()
	for i := range clients {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				start := time.Now()
				if err := act(); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	group.Wait()
	whole := time.Since(began)
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		b.Fatal("nothing was measured")
	}
	b.ReportMetric(float64(len(all))/whole.Seconds(), "acts/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// castSQL is the database's own rate: the same rows, one transaction for each vote, one connection for each client.
func (x *stage) castSQL(b *testing.B, clients int) func() error {
	b.Helper()
	driver, dsn := "pgx", x.url
	vote := `WITH put AS (INSERT INTO votes (poll_id, member_id, choice, cast_by, cast_at, changes)
		SELECT e.poll_id, e.member_id, 'for', $3, now(), 0 FROM poll_electors e JOIN polls p ON p.id = e.poll_id AND p.closed_at IS NULL
		WHERE e.poll_id = $1 AND e.member_id = $2 AND e.account_id = $3 ON CONFLICT (poll_id, member_id) DO UPDATE SET changes = votes.changes + 1 RETURNING 1)
		INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail) SELECT now(), $3, 'vote.cast', 'poll', $1, '{}' FROM put`
	if x.house.db.Flavor() == db.SQLite {
		return x.castSQLite
	}
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	pool.SetMaxOpenConns(clients)
	pool.SetMaxIdleConns(clients)
	b.Cleanup(func() { _ = pool.Close() })
	return func() error {
		poll, person := x.ticket()
		_, err := pool.ExecContext(context.Background(), vote, int64(poll.ID), int64(x.members[person].ID), int64(*x.members[person].AccountID))
		return err
	}
}

// sqliteLock keeps SQLite's clients from meeting: it has one writer, and waiting in turn is the best it can do.
var sqliteLock sync.Mutex

func (x *stage) castSQLite() error {
	poll, person := x.ticket()
	account := int64(*x.members[person].AccountID)
	sqliteLock.Lock()
	defer sqliteLock.Unlock()
	tx, err := x.house.db.Direct().Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`INSERT INTO votes (poll_id, member_id, choice, cast_by, cast_at, changes)
		SELECT e.poll_id, e.member_id, 'for', ?, ?, 0 FROM poll_electors e JOIN polls p ON p.id = e.poll_id AND p.closed_at IS NULL
		WHERE e.poll_id = ? AND e.member_id = ? AND e.account_id = ? ON CONFLICT (poll_id, member_id) DO UPDATE SET changes = votes.changes + 1`,
		account, time.Now().UTC(), int64(poll.ID), int64(x.members[person].ID), account)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail) VALUES (?, ?, 'vote.cast', 'poll', ?, '{}')`, time.Now().UTC(), account, int64(poll.ID)); err != nil {
		return err
	}
	return tx.Commit()
}
