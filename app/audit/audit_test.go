package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm"

	"socia/app/audit"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 123456000, time.UTC)

// write does one act that leaves a number of lines.
func write(t *testing.T, d *db.DB, lines int) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for n := range lines {
			if err := audit.LineTx(t.Context(), tx, 3, "charge.settled", "charge", int64(n), audit.Detail{"n": n, "text": "à\n\"|"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func seal(t *testing.T, l *audit.Log) int {
	t.Helper()
	n, err := l.Seal(t.Context())
	if err != nil {
		t.Error(err)
	}
	return n
}

func check(t *testing.T, l *audit.Log) audit.Report {
	t.Helper()
	r, err := l.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// vault lets a test do what somebody does who has the database in their hands: no trigger and no foreign key hinders
// them. restore puts everything back.
type vault struct {
	t    *testing.T
	conn *sql.Conn
}

var sealedTables = []string{"audit_lines", "audit_leaves", "audit_hashes", "audit_seals"}

func openVault(t *testing.T, d *db.DB) vault {
	t.Helper()
	conn, err := d.Jobs().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	v := vault{t, conn}
	t.Cleanup(func() { _ = conn.Close() })
	if d.Flavor() == db.SQLite {
		v.do("PRAGMA foreign_keys = OFF")
	}
	for _, table := range sealedTables {
		if d.Flavor() == db.SQLite {
			v.do("DROP TRIGGER " + table + "_immutable_update")
			v.do("DROP TRIGGER " + table + "_immutable_delete")
		} else {
			v.do("ALTER TABLE " + table + " DISABLE TRIGGER ALL")
		}
		v.do("CREATE TABLE true_" + table + " AS SELECT * FROM " + table)
	}
	return v
}

func (v vault) do(statement string) {
	v.t.Helper()
	if _, err := v.conn.ExecContext(context.WithoutCancel(v.t.Context()), statement); err != nil {
		v.t.Fatalf("%s: %v", statement, err)
	}
}

func (v vault) restore() {
	v.t.Helper()
	for _, table := range sealedTables {
		v.do("DELETE FROM " + table)
		v.do("INSERT INTO " + table + " SELECT * FROM true_" + table)
	}
}

func TestCheck_EmptyLogAndLooseLines(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		l := audit.New(d)
		if n := seal(t, l); n != 0 {
			t.Errorf("sealed %d lines of an empty log", n)
		}
		if r := check(t, l); r != (audit.Report{}) {
			t.Errorf("empty log: %+v", r)
		}
		write(t, d, 3)
		if r := check(t, l); r.Sealed != 0 || r.Loose != 3 || r.Problem != "" {
			t.Errorf("before sealing: %+v", r)
		}
		if n := seal(t, l); n != 3 {
			t.Errorf("sealed %d", n)
		}
		write(t, d, 1)
		if r := check(t, l); r.Sealed != 3 || r.Loose != 1 || r.Problem != "" || r.Root == "" {
			t.Errorf("after sealing: %+v", r)
		}
	})
}

func TestLine_ActThatFailsLeavesNone(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		broken := errors.New("the act fails")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := audit.LineTx(t.Context(), tx, 1, "role.appointed", "role_term", 1, nil); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Fatal(err)
		}
		if r := check(t, audit.New(d)); r.Loose != 0 {
			t.Errorf("%d lines of an act that failed", r.Loose)
		}
	})
}

func TestSeal_TakesEveryLineOnceWhileActsAndOtherSealingsRun(t *testing.T) {
	const writers, each, sealers = 6, 25, 4
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		var writing, sealing sync.WaitGroup
		over := make(chan struct{})
		var mu sync.Mutex
		taken := 0
		for range sealers {
			l := audit.New(d)
			sealing.Go(func() {
				for {
					n := seal(t, l)
					mu.Lock()
					taken += n
					mu.Unlock()
					select {
					case <-over:
						return
					default:
					}
				}
			})
		}
		for range writers {
			writing.Go(func() {
				for range each {
					write(t, d, 2)
				}
			})
		}
		writing.Wait()
		close(over)
		sealing.Wait()
		l := audit.New(d)
		taken += seal(t, l)
		if want := writers * each * 2; taken != want {
			t.Errorf("%d lines were written and %d taken", want, taken)
		}
		r := check(t, l)
		if r.Problem != "" || r.Loose != 0 || r.Sealed != writers*each*2 {
			t.Errorf("%+v", r)
		}
	})
}

func TestSeal_TakesMoreThanOneBatchAndKeepsTheRoot(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		l := audit.New(d)
		write(t, d, 2300)
		if n := seal(t, l); n != 2300 {
			t.Fatalf("sealed %d", n)
		}
		before := check(t, l)
		if before.Problem != "" || before.Sealed != 2300 || before.Loose != 0 {
			t.Fatalf("%+v", before)
		}
		if again := check(t, l); again != before {
			t.Errorf("two checks differ: %+v, %+v", before, again)
		}
	})
}

// An act that began early and ended late has lines with low numbers. However many were sealed meanwhile, they are
// sealed later.
func TestSeal_LineThatWasCommittedLateIsSealedLater(t *testing.T) {
	d := dbtest.Open(t, db.Postgres, clock.At(noon))
	l := audit.New(d)
	begun, finish, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		ended <- d.Write(context.WithoutCancel(t.Context()), func(tx *db.Tx) error {
			if err := audit.LineTx(t.Context(), tx, 1, "members.imported", "import", 1, nil); err != nil {
				return err
			}
			close(begun)
			<-finish
			return nil
		})
	}()
	<-begun
	write(t, d, 2)
	if n := seal(t, l); n != 2 {
		t.Errorf("sealed %d of the lines that are committed", n)
	}
	close(finish)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := seal(t, l); n != 1 {
		t.Errorf("sealed %d late lines", n)
	}
	if r := check(t, l); r.Problem != "" || r.Sealed != 3 || r.Loose != 0 {
		t.Errorf("%+v", r)
	}
}

// A late line may be far behind: an import of a whole register writes tens of thousands of lines in one act.
func TestSeal_LineFarBehindIsSealedToo(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		l := audit.New(d)
		place(t, d, 50_000)
		if n := seal(t, l); n != 1 {
			t.Fatalf("sealed %d", n)
		}
		place(t, d, 7)
		if n := seal(t, l); n != 1 {
			t.Errorf("sealed %d of one line far behind", n)
		}
		if r := check(t, l); r.Problem != "" || r.Sealed != 2 || r.Loose != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// place writes a line with a number of our choice.
func place(t *testing.T, d *db.DB, id models.AuditLineID) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		return tx.DB.Create(&models.AuditLine{ID: id, At: tx.Now, Act: "a", Subject: "s", Detail: "{}"}).Error
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCheck_TellsEveryWayOfTampering(t *testing.T) {
	deeds := map[string]string{
		"who":                      "UPDATE audit_lines SET account_id = 9 WHERE id = 4",
		"nobody":                   "UPDATE audit_lines SET account_id = NULL WHERE id = 4",
		"what":                     "UPDATE audit_lines SET act = 'charge.waived' WHERE id = 4",
		"when":                     "UPDATE audit_lines SET at = '2026-03-02 12:00:01+00:00' WHERE id = 4",
		"which":                    "UPDATE audit_lines SET subject_id = 77 WHERE id = 4",
		"detail":                   "UPDATE audit_lines SET detail = '{}' WHERE id = 4",
		"a line is gone":           "DELETE FROM audit_lines WHERE id = 4",
		"the last line is gone":    "DELETE FROM audit_lines WHERE id = 5",
		"a leaf is gone":           "DELETE FROM audit_leaves WHERE leaf = 2",
		"the other way round":      "UPDATE audit_leaves SET leaf = -leaf",
		"another root":             "UPDATE audit_seals SET root = (SELECT hash FROM audit_hashes WHERE position = 0)",
		"the heads are gone":       "DELETE FROM audit_seals",
		"the newest head is gone":  "DELETE FROM audit_seals WHERE size = 5",
		"an earlier root is other": "UPDATE audit_seals SET root = (SELECT hash FROM audit_hashes WHERE position = 0) WHERE size = 3",
	}
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		l := audit.New(d)
		write(t, d, 3)
		seal(t, l)
		write(t, d, 2)
		seal(t, l)
		v := openVault(t, d)
		for name, deed := range deeds {
			v.do(deed)
			if r := check(t, l); r.Problem == "" || r.Loose < 0 {
				t.Errorf("%s: nobody noticed: %+v", name, r)
			}
			v.restore()
			if r := check(t, l); r.Problem != "" || r.Sealed != 5 {
				t.Fatalf("after %s was put back: %+v", name, r)
			}
		}
	})
}

func TestLines_CannotBeChangedThroughTheFrontDoor(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		write(t, d, 1)
		for _, act := range []func(g *gorm.DB) error{
			func(g *gorm.DB) error { return g.Exec("UPDATE audit_lines SET act = 'x'").Error },
			func(g *gorm.DB) error { return g.Exec("DELETE FROM audit_lines").Error },
		} {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return act(tx.DB) }); err == nil {
				t.Error("an audit line was changed")
			}
		}
	})
}
