package dbtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"socia/migrations"
	"socia/platform/clock"
	"socia/platform/db"
)

// Each runs a test on both databases, each with a migrated database of its own whose clock is c.
func Each(t *testing.T, c clock.Clock, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) { test(t, Open(t, flavor, c)) })
	}
}

// Open opens a migrated database of one kind for one test, and closes it afterwards.
func Open(t testing.TB, flavor db.Flavor, c clock.Clock) *db.DB {
	t.Helper()
	return Connect(t, URL(t, flavor), c)
}

// Connect opens a database by its URL for one test, and closes it afterwards.
func Connect(t testing.TB, url string, c clock.Clock) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), url, c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the test's database: %v", err)
		}
	})
	return d
}

// URL makes a migrated database of one kind and returns its address.
func URL(t testing.TB, flavor db.Flavor) string {
	t.Helper()
	if flavor == db.Postgres {
		return PostgresFrom(t, "migrated "+digest(t), migrate)
	}
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "socia.db")
	if err := os.WriteFile(path, template, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

func migrate(url string) error {
	d, err := db.Open(context.Background(), url, clock.System{})
	if err != nil {
		return err
	}
	if _, err := d.Migrate(context.Background()); err != nil {
		_ = d.Close()
		return err
	}
	return d.Close()
}

// sqliteTemplate is a migrated SQLite file, made once for each process.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "socia-template")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "socia.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) //nolint:gosec // the path was made above
})

// digest names the migrations' content, so that a template made from others is never used.
func digest(t testing.TB) string {
	t.Helper()
	h := sha256.New()
	err := fs.WalkDir(migrations.Files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := migrations.Files.ReadFile(path)
		h.Write([]byte(path))
		h.Write(body)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}
