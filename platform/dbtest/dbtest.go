// Package dbtest gives each test a PostgreSQL database of its own, in the cluster that
// SOCIA_TEST_POSTGRES_URL names. `make test` starts such a cluster; any other will do whose
// user may create databases.
package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// urlVariable names the cluster that tests may create databases in.
const urlVariable = "SOCIA_TEST_POSTGRES_URL"

// patience is how long one administrative statement may take: many tests create databases at once.
const patience = 3 * time.Minute

// Postgres creates an empty database, returns its URL and drops it when the test ends.
func Postgres(t testing.TB) string {
	t.Helper()
	return create(t, "template1")
}

// PostgresFrom returns the URL of a database with the content that build makes; it is dropped
// when the test ends. build runs once per cluster for each template, on an empty database whose
// URL it is given, and must have closed its connections when it returns; every further call, from
// any process, clones what it made. The name of the template must therefore change with the
// content: use a digest of the migrations or seeds, not a fixed word.
func PostgresFrom(t testing.TB, template string, build func(url string) error) string {
	t.Helper()
	name := templateName(template)
	if err := ensureTemplate(t.Context(), cluster(t), name, build); err != nil {
		t.Fatalf("build template %q: %v", template, err)
	}
	return create(t, name)
}

// cluster returns the URL of the cluster, or ends the test: databases are never skipped.
func cluster(t testing.TB) *url.URL {
	t.Helper()
	raw := os.Getenv(urlVariable)
	if raw == "" {
		t.Fatalf("set %s or run make test", urlVariable)
	}
	u, err := url.Parse(raw)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		t.Fatalf("%s must be a URL such as postgres://user@host/postgres", urlVariable)
	}
	return u
}

func create(t testing.TB, template string) string {
	t.Helper()
	home := cluster(t)
	name := databaseName(t.Name())
	// The strategy copies files instead of logging every page: the clusters of tests are small and do not flush.
	sql := fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", quote(name), quote(template))
	if err := run(t.Context(), home, sql); err != nil {
		t.Fatalf("create the test's database: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context is over by now.
		if err := run(context.Background(), home, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return within(home, name)
}

// ensureTemplate builds the template unless it is complete. A template is complete when it is
// marked as one; a database of that name without the mark is what a killed process left behind.
func ensureTemplate(ctx context.Context, home *url.URL, name string, build func(url string) error) error {
	return connected(ctx, home, func(ctx context.Context, conn *pgx.Conn) error {
		// The lock ends with the connection, also when this process dies.
		if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock(hashtextextended($1, 0))", name); err != nil {
			return err
		}
		var complete bool
		err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1 AND datistemplate)", name).Scan(&complete)
		if err != nil || complete {
			return err
		}
		for _, sql := range []string{"DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)", "CREATE DATABASE " + quote(name)} {
			if _, err := conn.Exec(ctx, sql); err != nil {
				return err
			}
		}
		if err := build(within(home, name)); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "ALTER DATABASE "+quote(name)+" WITH IS_TEMPLATE true ALLOW_CONNECTIONS false")
		return err
	})
}

func run(ctx context.Context, home *url.URL, sql string) error {
	return connected(ctx, home, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

func connected(ctx context.Context, home *url.URL, do func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := pgx.Connect(ctx, home.String())
	if err != nil {
		return err
	}
	err = do(ctx, conn)
	if closing := conn.Close(ctx); err == nil {
		err = closing
	}
	return err
}

func within(home *url.URL, database string) string {
	u := *home
	u.Path = "/" + database
	return u.String()
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

func templateName(template string) string {
	sum := sha256.Sum256([]byte(template))
	return "socia_template_" + hex.EncodeToString(sum[:8])
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

// databaseName begins with the test's name, for the reader of a server log, and ends at random;
// PostgreSQL cuts names after 63 bytes.
func databaseName(test string) string {
	word := strings.Trim(unfit.ReplaceAllString(strings.ToLower(test), "_"), "_")
	return "socia_" + word[:min(len(word), 36)] + "_" + strings.ToLower(rand.Text()[:16])
}
