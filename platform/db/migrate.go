package db

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"

	"socia/migrations"
)

// Schema says which version the database has and which the program needs.
type Schema struct {
	Have, Need int64
}

// Current says whether the program and the database fit.
func (s Schema) Current() bool { return s.Have == s.Need }

// Problem is one line that says why the program cannot start on this schema and what to do; empty if it can.
func (s Schema) Problem() string {
	switch {
	case s.Have < s.Need:
		return fmt.Sprintf("the database has schema %d and this program needs %d: run `socia migrate up`", s.Have, s.Need)
	case s.Have > s.Need:
		return fmt.Sprintf("the database has schema %d, newer than this program's %d: install the newer program", s.Have, s.Need)
	}
	return ""
}

// Migrate brings the schema up to the program's version. It refuses a database that is already newer.
func (d *DB) Migrate(ctx context.Context) (Schema, error) {
	p, err := d.goose()
	if err != nil {
		return Schema{}, err
	}
	before, err := d.schema(ctx, p)
	if err != nil {
		return Schema{}, err
	}
	if before.Have > before.Need {
		return before, fmt.Errorf("%s", before.Problem())
	}
	if _, err := p.Up(ctx); err != nil {
		return Schema{}, fmt.Errorf("migrate: %w", err)
	}
	return d.schema(ctx, p)
}

// Schema reads the version that the database has.
func (d *DB) Schema(ctx context.Context) (Schema, error) {
	p, err := d.goose()
	if err != nil {
		return Schema{}, err
	}
	return d.schema(ctx, p)
}

// Down takes every migration back. It is for tests: it destroys all data.
func (d *DB) Down(ctx context.Context) error {
	p, err := d.goose()
	if err != nil {
		return err
	}
	_, err = p.DownTo(ctx, 0)
	return err
}

func (d *DB) schema(ctx context.Context, p *goose.Provider) (Schema, error) {
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return Schema{}, fmt.Errorf("read the schema's version: %w", err)
	}
	sources := p.ListSources()
	return Schema{Have: have, Need: sources[len(sources)-1].Version}, nil
}

func (d *DB) goose() (*goose.Provider, error) {
	dialect := goose.DialectPostgres
	if d.flavor == SQLite {
		dialect = goose.DialectSQLite3
	}
	folder, err := fs.Sub(migrations.Files, string(d.flavor))
	if err != nil {
		return nil, err
	}
	p, err := goose.NewProvider(dialect, d.jobs, folder)
	if err != nil {
		return nil, fmt.Errorf("prepare migrations: %w", err)
	}
	return p, nil
}
