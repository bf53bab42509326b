// Package seedtest gives each test a database of its own with the seeds in it. They are planted once for each state of
// the source, and copied.
package seedtest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/assemblies"
	"socia/app/equality"
	"socia/app/fees"
	"socia/app/identity"
	"socia/app/ledger"
	"socia/app/members"
	"socia/app/polls"
	"socia/app/proposals"
	"socia/app/rolls"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/i18n"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
	"socia/seeds"
)

// SecretKey sealed the personal columns of the copies.
const SecretKey = "c2VlZHMgYXJlIG5vIHNlY3JldDogMzIgYnl0ZXMgLi4=" //nolint:gosec // it protects invented people only

// Now is the instant at which the cooperative of the copies stands: 23 November 2026, noon in Barcelona.
func Now() time.Time { return time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC) }

// Each runs a test on both databases, each with the seeds and a clock that stands at Now.
func Each(t *testing.T, test func(t *testing.T, s seeds.Services)) {
	t.Helper()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) { test(t, Open(t, flavor)) })
	}
}

// Open opens a copy for one test, and closes it afterwards.
func Open(t testing.TB, flavor db.Flavor) seeds.Services {
	t.Helper()
	at := clock.At(Now())
	s, err := Services(dbtest.Connect(t, Database(t, flavor), at), at)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Database makes a copy for one test and returns its address.
func Database(t testing.TB, flavor db.Flavor) (url string) {
	t.Helper()
	root, err := moduleRoot()
	if err != nil {
		t.Fatal(err)
	}
	state, err := digest(root)
	if err != nil {
		t.Fatal(err)
	}
	if flavor == db.Postgres {
		return dbtest.PostgresFrom(t, "seeds "+state, plant)
	}
	planted, err := sqliteFile(state)
	if err != nil {
		t.Fatalf("plant the seeds: %v", err)
	}
	path := filepath.Join(t.TempDir(), "socia.db")
	if err := os.WriteFile(path, planted, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Services puts the use cases together on a database whose clock is c. Letters land in the database.
func Services(d *db.DB, c *clock.Set) (s seeds.Services, err error) {
	sealer, err := seal.New(SecretKey)
	if err != nil {
		return s, err
	}
	texts, err := i18n.Load()
	if err != nil {
		return s, err
	}
	s = seeds.Services{DB: d, Clock: c, Jobs: jobs.New(d, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	s.Identity = identity.New(d, identity.Options{Hashing: seeds.Hashing()})
	s.Members = members.New(d, sealer, s.Identity)
	s.Ledger, s.Rolls, s.Proposals, s.Polls = ledger.New(d), rolls.New(d), proposals.New(d), polls.New(d)
	s.Fees = fees.New(d, s.Jobs, texts, sealer, mail.NewLocal(d, sealer), s.Rolls, fees.Options{BaseURL: "http://127.0.0.1:3000"})
	s.Assemblies = assemblies.New(d, s.Jobs, texts, sealer, mail.NewLocal(d, sealer), assemblies.Options{BaseURL: "http://127.0.0.1:3000"})
	s.Equality = equality.New(d, sealer)
	return s, nil
}

// Plant migrates an empty database and plants the seeds in it, as they stand at an instant.
func Plant(ctx context.Context, url string, now time.Time) error {
	return plantBy(ctx, url, now, seeds.Plant)
}

// PlantWithConsultations is Plant with what the demonstration has besides.
func PlantWithConsultations(ctx context.Context, url string, now time.Time) error {
	return plantBy(ctx, url, now, seeds.PlantWithConsultations)
}

func plantBy(ctx context.Context, url string, now time.Time, planting func(context.Context, seeds.Services, time.Time) error) error {
	c := clock.At(now)
	d, err := db.Open(ctx, url, c)
	if err != nil {
		return err
	}
	_, err = d.Migrate(ctx)
	if err == nil {
		var s seeds.Services
		if s, err = Services(d, c); err == nil {
			err = planting(ctx, s, now)
		}
	}
	return errors.Join(err, d.Close())
}

func plant(url string) error { return Plant(context.Background(), url, Now()) }

// perProcess keeps the planted file in memory: a test that copies it reads no disk.
var perProcess = struct {
	sync.Mutex
	files map[string][]byte
}{files: map[string][]byte{}}

// sqliteFile is a planted SQLite file for a state of the source. Test processes share it in the temporary folder;
// it appears there whole or not at all.
func sqliteFile(state string) ([]byte, error) {
	perProcess.Lock()
	defer perProcess.Unlock()
	if body, planted := perProcess.files[state]; planted {
		return body, nil
	}
	shared := filepath.Join(os.TempDir(), fmt.Sprintf("socia-seeds-%d-%s.db", os.Getuid(), state))
	body, err := os.ReadFile(shared) //nolint:gosec // a name of ours
	if errors.Is(err, fs.ErrNotExist) {
		body, err = plantFile(shared)
	}
	if err == nil {
		perProcess.files[state] = body
	}
	return body, err
}

func plantFile(shared string) ([]byte, error) {
	folder, err := os.MkdirTemp(filepath.Dir(shared), "socia-seeds-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "socia.db")
	if err := plant("sqlite:" + path); err != nil {
		return nil, err
	}
	body, err := os.ReadFile(path) //nolint:gosec // written just now
	if err != nil {
		return nil, err
	}
	return body, os.Rename(path, shared)
}

// moduleRoot climbs from the test's folder to the one with go.mod.
func moduleRoot() (string, error) {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			return folder, nil
		}
		up := filepath.Dir(folder)
		if up == folder {
			err = errors.New("no go.mod above the test's folder")
		}
		folder = up
	}
	return "", err
}

var digests sync.Map

// digest names the state of everything that planting goes through, so that an older copy is never used.
func digest(root string) (string, error) {
	if known, ok := digests.Load(root); ok {
		return known.(string), nil //nolint:errcheck // digests holds strings only
	}
	h := sha256.New()
	for _, folder := range []string{"app", "core", "migrations", "models", "platform", "seeds"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			body, err := os.ReadFile(path) //nolint:gosec // the module's own source
			_, _ = fmt.Fprintf(h, "%s %d\n", path, len(body))
			h.Write(body)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	state := hex.EncodeToString(h.Sum(nil)[:8])
	digests.Store(root, state)
	return state, nil
}
