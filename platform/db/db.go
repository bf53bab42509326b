// Package db opens the cooperative's database, SQLite or PostgreSQL, and runs acts on it.
//
// An act is one transaction with one instant: Write(ctx, func(*Tx) error). On SQLite concurrent acts are
// committed together, a savepoint each; on PostgreSQL each has its own transaction. Read gives a handle for
// queries, Snapshot a consistent view for long ones.
package db

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"gorm.io/gorm"

	"socia/platform/clock"
)

// Flavor says which database it is.
type Flavor string

// The two databases that Sòcia runs on.
const (
	SQLite   Flavor = "sqlite"
	Postgres Flavor = "postgres"
)

// DB is an open database.
type DB struct {
	flavor Flavor
	clock  clock.Clock
	write  *gorm.DB
	read   *gorm.DB
	jobs   *sql.DB
	writer *writer
	// closing is closed when Close begins.
	closing chan struct{}
}

// Tx is one act, or one reading: the handle to query with, and the one instant at which it happens.
type Tx struct {
	DB    *gorm.DB
	Now   time.Time
	db    *DB
	after []func()
}

// Open connects to the database that a URL names: sqlite:PATH or postgres://….
// The error is one line that says what is wrong and what to do.
func Open(ctx context.Context, url string, c clock.Clock) (*DB, error) {
	switch {
	case strings.HasPrefix(url, "sqlite:"):
		return openSQLite(ctx, strings.TrimPrefix(url, "sqlite:"), c)
	case strings.HasPrefix(url, "postgres://"), strings.HasPrefix(url, "postgresql://"):
		return openPostgres(ctx, url, c)
	}
	return nil, fmt.Errorf("SOCIA_DATABASE_URL must begin with sqlite: or postgres://")
}

// Flavor says which database it is.
func (d *DB) Flavor() Flavor { return d.flavor }

// Clock is the clock whose instants acts carry.
func (d *DB) Clock() clock.Clock { return d.clock }

// Jobs is the connection pool that the job queue receives through. It is apart from the acts' own, so that a
// worker that waits for a job never holds up an act.
func (d *DB) Jobs() *sql.DB { return d.jobs }

// Direct is the connection pool for hot acts on PostgreSQL: those that are one hand-written statement, which is a
// transaction by itself.
func (d *DB) Direct() *sql.DB { return d.jobs }

// Closing is closed when the database is about to be: whoever works for it in the background stops.
func (d *DB) Closing() <-chan struct{} { return d.closing }

// Write runs an act: all of it is stored, or none. The act must not call Write again and must not wait for the network.
// It is run again when the database says that it lost a race.
func (d *DB) Write(ctx context.Context, act func(*Tx) error) error {
	const tries = 6
	for try := 1; ; try++ {
		err := d.try(ctx, act)
		if err == nil || try == tries || !lostRace(err) {
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (d *DB) try(ctx context.Context, act func(*Tx) error) error {
	if d.writer != nil {
		return d.writer.run(ctx, act)
	}
	return d.tryPostgres(ctx, act)
}

// pause waits a little longer and less regularly with every try, so that two acts that collide do not collide again.
func pause(ctx context.Context, try int) error {
	wait := time.Duration(rand.Int64N(int64(5*time.Millisecond) << try)) //nolint:gosec // a moment to wait is no secret
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Read runs queries, each on the newest committed state.
func (d *DB) Read(ctx context.Context, read func(*Tx) error) error {
	return read(&Tx{DB: d.read.WithContext(ctx), Now: d.now(), db: d})
}

// Snapshot runs queries that all see the same committed state.
func (d *DB) Snapshot(ctx context.Context, read func(*Tx) error) error {
	opts := &sql.TxOptions{ReadOnly: true}
	if d.flavor == Postgres {
		opts.Isolation = sql.LevelRepeatableRead
	}
	return d.read.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		return read(&Tx{DB: g, Now: d.now(), db: d})
	}, opts)
}

// Ping asks the database for an answer.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.read.WithContext(ctx).Raw("SELECT 1").Scan(&one).Error
}

// Close lets running acts finish and closes every connection.
func (d *DB) Close() error {
	close(d.closing)
	if d.writer != nil {
		d.writer.stop()
	}
	var first error
	for _, g := range []*gorm.DB{d.write, d.read} {
		pool, err := g.DB()
		if err == nil {
			err = pool.Close()
		}
		if err != nil && first == nil {
			first = err
		}
	}
	if d.flavor == SQLite {
		if err := d.jobs.Close(); err != nil && first == nil {
			first = err
		}
	}
	return first
}

// Flavor says which database the act runs on.
func (tx *Tx) Flavor() Flavor { return tx.db.flavor }

// After registers what to do once the act is committed, such as waking a live page. It is not done if the act fails.
func (tx *Tx) After(do func()) { tx.after = append(tx.after, do) }

// SQL is the transaction under the act, for hand-written statements and for the job queue.
func (tx *Tx) SQL() *sql.Tx {
	switch pool := tx.DB.Statement.ConnPool.(type) {
	case *sql.Tx:
		return pool
	case *gorm.PreparedStmtTX:
		if t, ok := pool.Tx.(*sql.Tx); ok {
			return t
		}
	}
	panic("db: SQL is for acts: this handle is not in a transaction")
}

func (tx *Tx) committed() {
	for _, do := range tx.after {
		do()
	}
}

// now is the clock's instant in UTC, cut to the microseconds that both databases keep.
func (d *DB) now() time.Time { return d.clock.Now().UTC().Truncate(time.Microsecond) }
