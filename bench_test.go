package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"socia/app/ledger"
	"socia/core/civil"
	"socia/platform/db"
)

// benchPolls are enough for as many votes as a run asks for: two hundred thousand.
const benchPolls = 2000

// BenchmarkCast casts votes through HTTP: signed in, with the form's token, durable when acknowledged. Beside it, the
// database gets the same rows, one transaction for each vote, without anything around them.
func BenchmarkCast(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		b.Run(string(flavor), func(b *testing.B) {
			x := newStage(b, flavor, benchPolls).serve(b)
			for _, clients := range []int{1, 8, 32} {
				b.Run(fmt.Sprintf("http/clients=%d", clients), func(b *testing.B) { measure(b, clients, x.castHTTP) })
				b.Run(fmt.Sprintf("sql/clients=%d", clients), func(b *testing.B) { measure(b, clients, x.castSQL(b, clients)) })
			}
			x.checkCount(b)
		})
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

// BenchmarkPage asks for the five pages that people open most, as a signed-in member with eight browsers at once, and
// reports how heavy each is on the line.
func BenchmarkPage(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		p, address := listenPlanted(b, flavor)
		cookie := p.visitor(b, "marta").cookie
		for _, page := range []string{"/", "/standing", "/fees", "/assemblies/3", "/polls/1"} {
			b.Run(fmt.Sprintf("%s%s", flavor, page), func(b *testing.B) {
				var bytes atomic.Int64
				measure(b, 8, func() error {
					n, err := fetchPage(address+page, cookie)
					bytes.Store(n)
					return err
				})
				b.ReportMetric(float64(bytes.Load()), "bytes")
			})
		}
	}
}

// fetchPage asks for a page as browsers do, compressed, and gives its size on the line.
func fetchPage(url, cookie string) (int64, error) {
	request, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(answer)
	request.SetRequestURI(url)
	request.Header.Set("Cookie", cookie)
	request.Header.Set("Accept-Encoding", "gzip")
	if err := fasthttp.Do(request, answer); err != nil {
		return 0, err
	}
	if answer.StatusCode() != fasthttp.StatusOK {
		return 0, fmt.Errorf("%s: status %d", url, answer.StatusCode())
	}
	return int64(len(answer.Body())), nil
}

// BenchmarkExport draws the journal of a year of the seeds' cooperative, beside merely reading the same rows.
func BenchmarkExport(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		p := plantedHouse(b, flavor)
		year := ledger.Journal{From: civil.New(2025, 11, 1), To: civil.New(2026, 10, 31), Language: "ca"}
		for _, format := range []ledger.Format{ledger.Hledger, ledger.CSV} {
			year.Format = format
			b.Run(fmt.Sprintf("%s/%s", flavor, format), func(b *testing.B) {
				for b.Loop() {
					if err := p.ledger.Write(b.Context(), io.Discard, year); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
		b.Run(fmt.Sprintf("%s/rows", flavor), func(b *testing.B) {
			for b.Loop() {
				if err := p.db.Read(b.Context(), readYear); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// readYear reads what an export is made from and does nothing with it.
func readYear(tx *db.Tx) error {
	rows, err := tx.DB.Raw(`SELECT e.number, e.booked_on, e.kind, e.description, p.account_code, p.amount_cents, p.member_id FROM ledger_entries e
		JOIN postings p ON p.entry_id = e.id WHERE e.booked_on BETWEEN '2025-11-01' AND '2026-10-31' ORDER BY e.number, p.id`).Rows()
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for rows.Next() {
		n++
	}
	if n == 0 {
		return errors.New("the year has no postings")
	}
	return rows.Err()
}
