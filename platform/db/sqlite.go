package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"

	"socia/platform/clock"
)

// sqliteReaders is how many connections read at the same time; WAL lets them read while the writer writes.
const sqliteReaders = 8

// openSQLite opens one file three times: one connection that writes, a pool that reads, a pool for jobs.
func openSQLite(ctx context.Context, path string, c clock.Clock) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, err)
	}
	if err := ownFile(abs); err != nil {
		return nil, fmt.Errorf("cannot open the database file %s: check that its folder exists and can be written (%w)", abs, err)
	}
	writePool, err := openSQLitePool(ctx, abs, 1, "_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("cannot open the database file %s: check that its folder exists and can be written (%w)", abs, err)
	}
	readPool, err := openSQLitePool(ctx, abs, sqliteReaders, "_pragma=query_only(1)")
	if err != nil {
		return nil, fmt.Errorf("cannot read the database file %s: %w", abs, err)
	}
	jobs, err := openSQLitePool(ctx, abs, 1, "_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("cannot open the database file %s for jobs: %w", abs, err)
	}
	d := &DB{flavor: SQLite, clock: c, jobs: jobs, closing: make(chan struct{})}
	if d.write, err = gorm.Open(&sqlite.Dialector{Conn: writePool}, gormConfig(d, false)); err != nil {
		return nil, fmt.Errorf("open %s: %w", abs, err)
	}
	if d.read, err = gorm.Open(&sqlite.Dialector{Conn: readPool}, gormConfig(d, true)); err != nil {
		return nil, fmt.Errorf("open %s: %w", abs, err)
	}
	d.writer = startWriter(d)
	return d, nil
}

// ownFile makes a new database file one that nobody else on the machine reads; SQLite gives its other files the same
// permissions. A file that is there keeps its own.
func ownFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // where the configuration says
	if err != nil {
		return err
	}
	return f.Close()
}

func openSQLitePool(ctx context.Context, path string, conns int, extra string) (*sql.DB, error) {
	// busy_timeout covers the short moments in which the jobs' connection and the writer meet.
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)" +
		"&_pragma=cache_size(-16000)&_time_format=sqlite&" + extra
	pool, err := sql.Open(sqlite.DriverName, dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close()
		return nil, err
	}
	return pool, nil
}
