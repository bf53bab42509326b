package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestPostgres_EachTest_HasItsOwnEmptyDatabase(t *testing.T) {
	one, other := Postgres(t), Postgres(t)
	execute(t, one, "CREATE TABLE members (id bigint)")
	if one == other {
		t.Fatalf("both tests have %s", one)
	}
	if got := ask(t, other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"); got != 0 {
		t.Errorf("the other database holds %d tables, want none", got)
	}
}

func TestPostgres_AfterTheTest_DatabaseIsGoneDespiteOpenConnections(t *testing.T) {
	var name string
	t.Run("with a connection left open", func(t *testing.T) {
		conn, err := pgx.Connect(t.Context(), Postgres(t))
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.QueryRow(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
			t.Fatal(err)
		}
	})
	home := os.Getenv(urlVariable)
	if got := ask(t, home, "SELECT count(*) FROM pg_database WHERE datname = $1", name); got != 0 {
		t.Errorf("%s is still there", name)
	}
}

func TestPostgresFrom_ManyAtOnce_BuildsOnceAndClonesApart(t *testing.T) {
	template := fresh(t)
	var builds atomic.Int64
	build := func(url string) error {
		builds.Add(1)
		return executeAll(url, "CREATE TABLE members (id bigint)", "INSERT INTO members VALUES (1), (2)")
	}
	urls := make([]string, 6)
	var group sync.WaitGroup
	for i := range urls {
		group.Go(func() { urls[i] = PostgresFrom(t, template, build) })
	}
	group.Wait()
	execute(t, urls[0], "DELETE FROM members")
	for _, url := range urls[1:] {
		if got := ask(t, url, "SELECT count(*) FROM members"); got != 2 {
			t.Errorf("a clone holds %d members, want the template's 2", got)
		}
	}
	if got := builds.Load(); got != 1 {
		t.Errorf("the template was built %d times, want once", got)
	}
}

func TestEnsureTemplate_BuildFailsOrDies_NextOneBuildsAfresh(t *testing.T) {
	template := fresh(t)
	name := templateName(template)
	half := errors.New("half way")
	err := ensureTemplate(t.Context(), cluster(t), name, func(url string) error {
		return errors.Join(executeAll(url, "CREATE TABLE members (id bigint)"), half)
	})
	if !errors.Is(err, half) {
		t.Fatalf("error = %v, want the one of build", err)
	}
	url := PostgresFrom(t, template, func(url string) error {
		return executeAll(url, "CREATE TABLE members (id bigint)", "INSERT INTO members VALUES (7)")
	})
	if got := ask(t, url, "SELECT max(id) FROM members"); got != 7 {
		t.Errorf("max(id) = %d, want 7 from the second build", got)
	}
}

func TestDatabaseName_LongOrStrangeTestName_FitsPostgreSQL(t *testing.T) {
	for _, test := range []string{"TestRoll", "TestRòll/tres mesos", strings.Repeat("TestLong/", 30), ""} {
		name := databaseName(test)
		if len(name) > 63 || !strings.HasPrefix(name, "socia_") || unfit.MatchString(strings.ReplaceAll(name, "_", "")) {
			t.Errorf("databaseName(%q) = %q", test, name)
		}
		if name == databaseName(test) {
			t.Errorf("databaseName(%q) came twice", test)
		}
	}
}

// TestCluster_Unset_FailsInOneLine watches a test fail, through a stand-in for its testing.TB.
func TestCluster_Unset_FailsInOneLine(t *testing.T) {
	t.Setenv(urlVariable, "")
	watched := &watchedTest{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { _ = recover() }()
		Postgres(watched)
	}()
	<-done
	if want := "set SOCIA_TEST_POSTGRES_URL or run make test"; watched.fatal != want {
		t.Errorf("Fatalf said %q, want %q", watched.fatal, want)
	}
}

type watchedTest struct {
	testing.TB
	fatal string
}

func (w *watchedTest) Fatalf(format string, args ...any) {
	w.fatal = fmt.Sprintf(format, args...)
	panic("ends the test")
}

// fresh names a template that no earlier run has built, and removes it after the test.
func fresh(t *testing.T) string {
	template := databaseName(t.Name())
	home := cluster(t)
	t.Cleanup(func() {
		name := quote(templateName(template))
		for _, sql := range []string{"ALTER DATABASE " + name + " IS_TEMPLATE false", "DROP DATABASE " + name} {
			if err := run(context.Background(), home, sql); err != nil {
				t.Error(err)
			}
		}
	})
	return template
}

func execute(t *testing.T, url string, sql ...string) {
	t.Helper()
	if err := executeAll(url, sql...); err != nil {
		t.Fatal(err)
	}
}

func executeAll(url string, sql ...string) error {
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		return err
	}
	for _, statement := range sql {
		if _, err := conn.Exec(context.Background(), statement); err != nil {
			return errors.Join(err, conn.Close(context.Background()))
		}
	}
	return conn.Close(context.Background())
}

func ask(t *testing.T, url, sql string, args ...any) (n int64) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.QueryRow(t.Context(), sql, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}
