package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"socia/platform/config"
	"socia/platform/db"
	"socia/seeds"
	"socia/seeds/seedtest"
)

// kept is a folder with a demonstration in it, as an earlier run with --dir leaves it.
func kept(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	planted := strings.TrimPrefix(seedtest.Database(t, db.SQLite), "sqlite:")
	if err := os.Rename(planted, filepath.Join(dir, "socia.db")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.key"), []byte(seedtest.SecretKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func TestDemo_KeptFolder_OffersItsAccountsAndEndsWhenTold(t *testing.T) {
	d := demoCommand{Dir: kept(t), Listen: freeAddress(t)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	page := fetch(t, "http://"+d.Listen+"/sign-in")
	for _, a := range seeds.Accounts() {
		if !strings.Contains(page, a.Handle) {
			t.Errorf("the sign-in page does not offer %s", a.Handle)
		}
	}
	if !strings.Contains(page, seeds.Passphrase) {
		t.Error("the sign-in page does not tell the passphrase")
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(shutdownTime):
		t.Error("the demonstration does not end")
	}
}

// fetch asks until the server is there: it opens its database first.
func fetch(t *testing.T, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(request)
		if ctx.Err() != nil {
			t.Fatal(ctx.Err())
		}
		if err != nil {
			continue
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("status %d, %v", answer.StatusCode, err)
		}
		return string(body)
	}
}

func TestDemo_DatabaseWithoutItsKey_IsNotGivenANewOne(t *testing.T) {
	d := demoCommand{Dir: kept(t), Listen: freeAddress(t)}
	key := filepath.Join(d.Dir, "secret.key")
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "key cannot be read") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made")
	}
}

func TestDemo_AddressInUse_IsToldBeforePlanting(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	d := demoCommand{Dir: filepath.Join(t.TempDir(), "demo"), Listen: l.Addr().String()}
	if err := d.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "--listen") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(d.Dir); err == nil {
		t.Error("the folder was made")
	}
}

func TestDemoKey_New_IsReadableByItsOwnerOnlyAndStays(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret.key")
	made, err := demoKey(path, true)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if again, err := demoKey(path, false); err != nil || again != made {
		t.Errorf("the second time another key, %v", err)
	}
}

func TestSeed_DatabaseWithACooperative_IsRefused(t *testing.T) {
	t.Parallel()
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			s := seedCommand{Database: config.Database{DatabaseURL: seedtest.Database(t, flavor)}, Secret: config.Secret{SecretKey: seedtest.SecretKey}}
			if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "cooperative already") {
				t.Errorf("got %v", err)
			}
		})
	}
}
