package db_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"gorm.io/gorm/schema"

	"socia/core/civil"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// stored lists every model; a table without one, or a column without a field, fails the test below.
var stored = []any{
	models.Cooperative{}, models.RuleSet{}, models.Account{}, models.Session{}, models.Throttle{}, models.InboxNotice{},
	models.AccountAct{}, models.RoleTerm{}, models.Member{}, models.MemberClass{}, models.Collective{}, models.Application{}, models.Departure{},
	models.LedgerAccount{}, models.LedgerEntry{}, models.Posting{}, models.FeePlan{}, models.Price{}, models.Subscription{},
	models.Waiver{}, models.Charge{}, models.Payment{}, models.PaymentReversal{}, models.Allocation{}, models.ArrearsCase{},
	models.ArrearsCaseCharge{}, models.ArrearsCaseDelivery{}, models.Proposal{}, models.ProposalVersion{}, models.ProposalSupport{}, models.Assembly{},
	models.AgendaItem{}, models.Attendance{}, models.Proxy{}, models.AssemblyOfficer{}, models.Minutes{}, models.MinutesApproval{},
	models.Roll{}, models.RollEntry{}, models.RollCorrection{}, models.Poll{}, models.PollElector{}, models.Vote{}, models.PollOption{}, models.PollDeclaration{}, models.PollResolution{}, models.PollConfirmation{}, models.PollOutcome{}, models.PollVoiding{}, models.Delegation{},
	models.AuditLine{}, models.AuditLeaf{}, models.AuditHash{}, models.AuditSeal{}, models.DeadLetter{}, models.LocalMail{},
	models.OnceToken{}, models.Lease{}, models.GenderDeclaration{}, models.GenderRelease{},
}

func TestSchema_BothDatabasesHaveTheModelsColumns(t *testing.T) {
	want := map[string][]string{}
	for _, model := range stored {
		s, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		columns := slices.Clone(s.DBNames)
		sort.Strings(columns)
		want[s.Table] = columns
	}
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		have := columnsOf(t, d)
		delete(have, "goqite")
		delete(have, "goose_db_version")
		for table, columns := range want {
			if !reflect.DeepEqual(have[table], columns) {
				t.Errorf("table %s has %v, the model %v", table, have[table], columns)
			}
			delete(have, table)
		}
		for table := range have {
			t.Errorf("table %s has no model", table)
		}
	})
}

func columnsOf(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	query := `SELECT table_name AS tab, column_name AS col FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
	if d.Flavor() == db.SQLite {
		query = `SELECT m.name AS tab, c.name AS col FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1, 2`
	}
	var rows []struct{ Tab, Col string }
	err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Raw(query).Scan(&rows).Error })
	if err != nil {
		t.Fatal(err)
	}
	have := map[string][]string{}
	for _, r := range rows {
		have[r.Tab] = append(have[r.Tab], r.Col)
	}
	return have
}

func TestMigrate_GoesDownAndUpAgain(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		if err := d.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
		state, err := d.Schema(t.Context())
		if err != nil || state.Have != 0 || state.Problem() == "" {
			t.Fatalf("after down: %+v, %v", state, err)
		}
		if state, err = d.Migrate(t.Context()); err != nil || !state.Current() || state.Problem() != "" {
			t.Fatalf("after up: %+v, %v", state, err)
		}
	})
}

func TestSchema_NewerThanTheProgram_SaysWhatToDo(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (?, ?)", 9999, true).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Fatalf("migrated: %v", err)
		}
	})
}

func account(handle string) *models.Account {
	return &models.Account{Handle: handle, PassphraseHash: "x", Language: "ca", CreatedAt: noon}
}

func count(t *testing.T, d *db.DB, model any) (n int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(model).Count(&n).Error }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWrite_ParallelActs_FailuresUndoThemselvesAlone(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		wrong := errors.New("wrong")
		const acts = 120
		var group sync.WaitGroup
		errs := make([]error, acts)
		for i := range acts {
			group.Go(func() {
				errs[i] = d.Write(context.Background(), func(tx *db.Tx) error {
					if err := tx.DB.Create(account(fmt.Sprintf("a%d", i))).Error; err != nil {
						return err
					}
					switch i % 3 {
					case 1:
						return wrong
					case 2: // the same handle again: refused by the database
						return tx.DB.Create(account(fmt.Sprintf("a%d", i))).Error
					}
					return nil
				})
			})
		}
		group.Wait()
		for i, err := range errs {
			switch i % 3 {
			case 0:
				if err != nil {
					t.Errorf("act %d: %v", i, err)
				}
			case 1:
				if !errors.Is(err, wrong) {
					t.Errorf("act %d: %v", i, err)
				}
			case 2:
				if !db.Duplicate(err) {
					t.Errorf("act %d: %v", i, err)
				}
			}
		}
		if n := count(t, d, &models.Account{}); n != acts/3 {
			t.Errorf("%d accounts, want %d", n, acts/3)
		}
	})
}

// A cooperative's data are nobody else's on the machine, whatever the folder allows.
func TestSQLite_NewFile_IsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "socia.db")
	d := dbtest.Connect(t, "sqlite:"+path, clock.System{})
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) < 2 {
		t.Fatalf("%v %v", files, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", filepath.Base(file), info.Mode(), err)
		}
	}
}

func TestWrite_AfterRunsOnlyWhenCommitted(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		ran := 0
		_ = d.Write(t.Context(), func(tx *db.Tx) error { tx.After(func() { ran++ }); return errors.New("no") })
		if ran != 0 {
			t.Fatal("ran after a failure")
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { tx.After(func() { ran++ }); return nil }); err != nil || ran != 1 {
			t.Fatalf("ran %d times, %v", ran, err)
		}
	})
}

// busy is what SQLite answers when another process holds its lock (SQLITE_BUSY_SNAPSHOT).
type busy struct{}

func (busy) Error() string { return "database is locked" }
func (busy) Code() int     { return 517 }

// An act that meets another process's lock is run again, from the beginning, and leaves one effect.
func TestWrite_LockOfAnotherProcess_RunsTheActAgain(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		tries := 0
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			tries++
			if err := tx.DB.Create(account("again")).Error; err != nil {
				return err
			}
			if tries < 3 {
				return fmt.Errorf("store: %w", busy{})
			}
			return nil
		})
		if n := count(t, d, &models.Account{}); err != nil || tries != 3 || n != 1 {
			t.Errorf("%v after %d tries, %d rows", err, tries, n)
		}
	})
}

func TestWrite_PanicInOneActSparesTheOthers(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, clock.System{})
	err := d.Write(t.Context(), func(*db.Tx) error { panic("oh") })
	if err == nil || !strings.Contains(err.Error(), "oh") {
		t.Fatalf("got %v", err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Create(account("fine")).Error }); err != nil {
		t.Fatal(err)
	}
}

func TestWrite_ManyInstancesOfOneFile_NothingIsLost(t *testing.T) {
	url := dbtest.URL(t, db.SQLite)
	var group sync.WaitGroup
	for i := range 4 {
		d := dbtest.Connect(t, url, clock.System{})
		group.Go(func() {
			for j := range 10 {
				if err := d.Write(context.Background(), func(tx *db.Tx) error {
					return tx.DB.Create(account(fmt.Sprintf("n%d-%d", i, j))).Error
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if n := count(t, dbtest.Connect(t, url, clock.System{}), &models.Account{}); n != 40 {
		t.Errorf("%d accounts, want 40", n)
	}
}

// What somebody types into a form's token never uses up an act of the program's own.
func TestOnce_AFormsToken_IsNoNameOfAnAct(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		done := 0
		for _, typed := range []string{"letters/7/0", "act/letters/7/0", "/letters/7/0", "form/letters/7/0"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Once(typed, func() (string, error) { return "", nil })
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for range 2 {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				return tx.OnceNamed("letters/7/0", func() error { done++; return nil })
			}); err != nil {
				t.Fatal(err)
			}
		}
		if done != 1 {
			t.Errorf("the act was done %d times", done)
		}
	})
}

func TestOnce_TwentySendings_OneEffectAndOneAnswer(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		var group sync.WaitGroup
		refs := make([]string, 20)
		for i := range refs {
			group.Go(func() {
				err := d.Write(context.Background(), func(tx *db.Tx) (err error) {
					refs[i], err = tx.Once("form-1", func() (string, error) {
						a := account(fmt.Sprintf("o%d", i))
						err := tx.DB.Create(a).Error
						return fmt.Sprint(a.ID), err
					})
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if n := count(t, d, &models.Account{}); n != 1 {
			t.Errorf("%d effects", n)
		}
		for _, ref := range refs {
			if ref == "" || ref != refs[0] {
				t.Errorf("answers differ: %v", refs)
			}
		}
	})
}

func TestTimes_AreKeptToTheMicrosecondAndCompareInSQL(t *testing.T) {
	at := clock.At(noon.Add(123456789 * time.Nanosecond))
	dbtest.Each(t, at, func(t *testing.T, d *db.DB) {
		a := account("tick")
		err := d.Write(t.Context(), func(tx *db.Tx) error { a.CreatedAt = tx.Now; return tx.DB.Create(a).Error })
		if err != nil {
			t.Fatal(err)
		}
		var back models.Account
		err = d.Read(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Where("created_at > ? AND created_at <= ?", a.CreatedAt.Add(-time.Microsecond), a.CreatedAt).Take(&back).Error
		})
		if err != nil || !back.CreatedAt.Equal(noon.Add(123456*time.Microsecond)) {
			t.Fatalf("read %v, %v", back.CreatedAt, err)
		}
	})
}

func TestTriggers_LedgerAuditAndRollsRefuseChange(t *testing.T) {
	dbtest.Each(t, clock.System{}, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := tx.DB.Create(&models.AuditLine{At: tx.Now, Act: "a", Subject: "s", Detail: "{}"}).Error; err != nil {
				return err
			}
			return tx.DB.Create(&models.LedgerEntry{Number: 1, BookedOn: civil.Of(noon, time.UTC), Kind: "k", Source: "s", At: tx.Now}).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, sql := range []string{
			"UPDATE audit_lines SET act = 'b'", "DELETE FROM audit_lines",
			"UPDATE ledger_entries SET kind = 'b'", "DELETE FROM ledger_entries",
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(sql).Error })
			if err == nil || !strings.Contains(err.Error(), "never changed") {
				t.Errorf("%s: %v", sql, err)
			}
		}
	})
}
