package operations

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/jobs"
	"socia/platform/mail"
	"socia/platform/seal"
)

var (
	noon  = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	admin = identity.Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleAdministrator}}}
)

func each(t *testing.T, test func(t *testing.T, d *db.DB, q *jobs.Queue, s *Service)) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		body, _ := rules.Preset(rules.PresetCatalan)
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(
				tx.DB.Create(&models.Cooperative{ID: 1, Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", CreatedAt: noon}).Error,
				tx.DB.Create(&models.Account{ID: 1, Handle: "admin", Language: "ca", CreatedAt: noon}).Error,
				tx.DB.Create(&models.RuleSet{Version: 3, Preset: body.Preset, Body: body, Reason: "x", CreatedAt: noon}).Error,
			)
		})
		if err != nil {
			t.Fatal(err)
		}
		q := jobs.New(d, slog.New(slog.DiscardHandler))
		test(t, d, q, New(d, q, mail.NewLocal(d, sealer(t)), audit.New(d), Installation{Version: "v1"}))
	})
}

func sealer(t *testing.T) *seal.Sealer {
	t.Helper()
	s, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func letter(t *testing.T, d *db.DB, job string) models.DeadLetter {
	t.Helper()
	l := models.DeadLetter{Job: job, Body: []byte(`{"n":1}`), Error: "no route", Attempts: 8, FailedAt: noon}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Create(&l).Error }); err != nil {
		t.Fatal(err)
	}
	return l
}

func count(t *testing.T, d *db.DB, model any) (n int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Model(model).Count(&n).Error }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRerun_AskedForManyTimesAtOnce_RunsTheJobOnceAndLeavesOneLine(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, q *jobs.Queue, s *Service) {
		l, done := letter(t, d, "post"), 0
		q.Handle("post", func(_ context.Context, body []byte) error {
			if strings.TrimSpace(string(body)) != `{"n":1}` {
				t.Errorf("the job has another body: %s", body)
			}
			done++
			return nil
		})
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if err := s.Rerun(t.Context(), admin, l.ID); err != nil {
					t.Errorf("rerun: %v", err)
				}
			})
		}
		wait.Wait()
		for {
			did, err := q.Step(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !did {
				break
			}
		}
		if done != 1 {
			t.Errorf("the job was done %d times", done)
		}
		if n := count(t, d, &models.AuditLine{}); n != 1 {
			t.Errorf("%d audit lines", n)
		}
		if left, err := s.DeadLetters(t.Context(), admin); err != nil || len(left) != 0 {
			t.Errorf("still listed: %v, %v", left, err)
		}
		if err := s.Rerun(t.Context(), admin, l.ID+99); !fault.Has(err, "admin.no_letter") {
			t.Errorf("a letter that never was: %v", err)
		}
	})
}

func TestOperations_AreForAdministrators(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *jobs.Queue, s *Service) {
		l := letter(t, d, "post")
		for _, by := range []identity.Actor{{}, {Account: 1}, {Account: 1, Roles: []models.RoleTerm{{Role: models.RoleAuditor}}}} {
			_, letters := s.DeadLetters(t.Context(), by)
			_, mails := s.Letters(t.Context(), by)
			_, state := s.State(t.Context(), by, false)
			_, counts := s.Counts(t.Context(), by)
			for i, err := range []error{letters, mails, state, counts, s.Rerun(t.Context(), by, l.ID)} {
				if f, ok := fault.As(err); !ok || f.Kind != fault.KindForbidden {
					t.Errorf("%v, call %d: %v", by.Roles, i, err)
				}
			}
		}
		if n := count(t, d, &models.AuditLine{}); n != 0 {
			t.Errorf("a refused act left %d lines", n)
		}
	})
}

func TestCounts_CountWhatIsThere(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *jobs.Queue, s *Service) {
		letter(t, d, "post")
		if err := mail.NewLocal(d, sealer(t)).Send(t.Context(), mail.Letter{To: "a@exemple.cat", Subject: "Hola", Body: "Text"}); err != nil {
			t.Fatal(err)
		}
		c, err := s.Counts(t.Context(), admin)
		if want := (Counts{StatutesVersion: 3, DeadLetters: 1, KeptLetters: 1}); err != nil || c != want {
			t.Errorf("got %+v, %v", c, err)
		}
	})
}

func TestState_TellsAWholeLogFromABrokenOne(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *jobs.Queue, s *Service) {
		line := func() {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return audit.LineTx(t.Context(), tx, 1, "x", "y", 1, nil) }); err != nil {
				t.Fatal(err)
			}
		}
		line()
		if _, err := audit.New(d).Seal(t.Context()); err != nil {
			t.Fatal(err)
		}
		line()
		st, err := s.State(t.Context(), admin, true)
		if err != nil {
			t.Fatal(err)
		}
		if a := st.Audit; a.Sealed != 1 || a.Loose != 1 || !a.Checked || a.Problem != "" || a.Root == "" || a.SealedAt == nil || !a.SealedAt.Equal(noon) {
			t.Errorf("whole: %+v", a)
		}
		if !st.Schema.Current() || st.Database != d.Flavor() || st.Version != "v1" {
			t.Errorf("state: %+v", st)
		}
		// A head that the lines do not give stands for lines that were changed after they were sealed.
		err = d.Write(t.Context(), func(tx *db.Tx) error {
			return tx.DB.Create(&models.AuditSeal{Size: 2, Root: make([]byte, 32), SealedAt: noon}).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if st, err = s.State(t.Context(), admin, true); err != nil || st.Audit.Problem == "" {
			t.Errorf("broken: %+v, %v", st.Audit, err)
		}
		if st, err = s.State(t.Context(), admin, false); err != nil || st.Audit.Checked {
			t.Errorf("not asked to check: %+v, %v", st.Audit, err)
		}
	})
}

func TestReady_NeedsADatabaseWithTheProgramsSchema(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *jobs.Queue, s *Service) {
		if err := s.Ready(t.Context()); err != nil {
			t.Errorf("ready: %v", err)
		}
		if err := d.Down(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := s.Ready(t.Context()); !errors.Is(err, ErrNotReady) || !strings.Contains(err.Error(), "migrate up") {
			t.Errorf("without schema: %v", err)
		}
	})
}
