package db

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"

	"socia/platform/clock"
)

const (
	// postgresConns is the most connections one node opens; PostgreSQL's default limit is 100 for all nodes.
	postgresConns = 24
	// postgresMinVersion is the oldest release that the tests run on.
	postgresMinVersion = 150000
)

// openPostgres connects through pgx. pgx itself keeps prepared statements; behind a pooler in transaction mode
// add default_query_exec_mode=exec to the URL.
func openPostgres(ctx context.Context, url string, c clock.Clock) (*DB, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("SOCIA_DATABASE_URL is not a PostgreSQL address: check its form, postgres://user:password@host:5432/database")
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	cfg.RuntimeParams["application_name"] = "socia"
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(postgresConns)
	pool.SetMaxIdleConns(postgresConns)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := checkPostgres(ctx, pool); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("cannot use the database at %s, database %q: %w", net.JoinHostPort(cfg.Host, strconv.Itoa(int(cfg.Port))), cfg.Database, err)
	}
	d := &DB{flavor: Postgres, clock: c, jobs: pool, closing: make(chan struct{})}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: pool}), gormConfig(d, false))
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL: %w", err)
	}
	d.write, d.read = g, g
	return d, nil
}

func checkPostgres(ctx context.Context, pool *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	var version string
	if err := pool.QueryRowContext(ctx, "SHOW server_version_num").Scan(&version); err != nil {
		return fmt.Errorf("no answer: start the server or correct SOCIA_DATABASE_URL (%w)", err)
	}
	if n, _ := strconv.Atoi(version); n < postgresMinVersion {
		return fmt.Errorf("server version %s is too old: Sòcia needs PostgreSQL 15 or later", version)
	}
	return nil
}

// tryPostgres runs an act in its own transaction.
func (d *DB) tryPostgres(ctx context.Context, act func(*Tx) error) error {
	tx := &Tx{Now: d.now(), db: d}
	err := d.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx.DB = g
		return act(tx)
	})
	if err == nil {
		tx.committed()
	}
	return err
}
