// Package operations is what administrators see and do about the installation itself: its state, letters that no mail
// server took, and work that failed for good.
package operations

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"socia/app/audit"
	"socia/app/identity"
	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
	"socia/platform/jobs"
	"socia/platform/mail"
)

// Installation is the configuration as far as an administrator may see it on a page: no secret is in it.
type Installation struct {
	Version        string
	BaseURL        string
	Listen         string
	MetricsListen  string
	TrustedProxies []string
	// MailServer is the host through which letters leave; empty when they are kept on a page.
	MailServer string
	MailFrom   string
}

// Service answers how the installation is.
type Service struct {
	db     *db.DB
	queue  *jobs.Queue
	kept   *mail.Local
	log    *audit.Log
	status Installation
}

// New prepares the service.
func New(d *db.DB, q *jobs.Queue, kept *mail.Local, log *audit.Log, i Installation) *Service {
	return &Service{db: d, queue: q, kept: kept, log: log, status: i}
}

// ErrNotReady says that the database does not answer, or does not have the schema that the program needs.
var ErrNotReady = errors.New("not ready")

// readyTime is how long the database may take to answer.
const readyTime = 3 * time.Second

// Ready says whether requests can be served. The error wraps ErrNotReady and says why in one line.
func (s *Service) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	if err := s.db.Ping(ctx); err != nil {
		return fmt.Errorf("%w: the database does not answer", ErrNotReady)
	}
	schema, err := s.db.Schema(ctx)
	if err != nil {
		return fmt.Errorf("%w: the schema's version cannot be read", ErrNotReady)
	}
	if !schema.Current() {
		return fmt.Errorf("%w: %s", ErrNotReady, schema.Problem())
	}
	return nil
}

// Counts are what the administrators' index shows beside its links.
type Counts struct {
	RunningTerms    int64
	StatutesVersion int64
	DeadLetters     int64
	KeptLetters     int64
}

// Counts reads them.
func (s *Service) Counts(ctx context.Context, by identity.Actor) (c Counts, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		today, _, err := identity.TodayTx(tx)
		if err != nil {
			return err
		}
		statutes, err := identity.StatutesTx(tx)
		if err != nil {
			return err
		}
		c.StatutesVersion = statutes.Version
		running := tx.DB.Model(&models.RoleTerm{}).Where("ended_at IS NULL AND starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)", today, today)
		if err := running.Count(&c.RunningTerms).Error; err != nil {
			return fmt.Errorf("count terms: %w", err)
		}
		if err := tx.DB.Model(&models.DeadLetter{}).Where("rerun_at IS NULL").Count(&c.DeadLetters).Error; err != nil {
			return fmt.Errorf("count dead letters: %w", err)
		}
		if err := tx.DB.Model(&models.LocalMail{}).Count(&c.KeptLetters).Error; err != nil {
			return fmt.Errorf("count letters: %w", err)
		}
		return nil
	})
	return c, err
}

// State is how the installation is: configuration, database and audit log.
type State struct {
	Installation
	Go       string
	Database db.Flavor
	Schema   db.Schema
	Audit    Audit
}

// Audit is how far the audit log is sealed. SealedAt is nil before the first sealing. Checked says whether every
// sealed line was hashed again for this answer; then Problem is empty when they give the sealed root.
type Audit struct {
	Sealed, Loose int64
	SealedAt      *time.Time
	Checked       bool
	Root, Problem string
}

// State reads it. check hashes the whole audit log again, which takes a while on a long one.
func (s *Service) State(ctx context.Context, by identity.Actor, check bool) (st State, err error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return st, err
	}
	st = State{Installation: s.status, Go: runtime.Version(), Database: s.db.Flavor()}
	if st.Schema, err = s.db.Schema(ctx); err != nil {
		return st, err
	}
	if st.Audit, err = s.sealed(ctx); err != nil || !check {
		return st, err
	}
	r, err := s.log.Check(ctx)
	if err != nil {
		return st, fmt.Errorf("check the audit log: %w", err)
	}
	st.Audit.Checked, st.Audit.Sealed, st.Audit.Loose, st.Audit.Root, st.Audit.Problem = true, r.Sealed, r.Loose, r.Root, r.Problem
	return st, nil
}

func (s *Service) sealed(ctx context.Context) (a Audit, err error) {
	err = s.db.Snapshot(ctx, func(tx *db.Tx) error {
		var heads []models.AuditSeal
		if err := tx.DB.Order("size DESC").Limit(1).Find(&heads).Error; err != nil {
			return fmt.Errorf("read the audit log's head: %w", err)
		}
		var lines int64
		if err := tx.DB.Model(&models.AuditLine{}).Count(&lines).Error; err != nil {
			return fmt.Errorf("count audit lines: %w", err)
		}
		if len(heads) > 0 {
			a.Sealed, a.SealedAt = heads[0].Size, &heads[0].SealedAt
		}
		a.Loose = lines - a.Sealed
		return nil
	})
	return a, err
}

// Letters lists the newest letters that no mail server took, because there is none.
func (s *Service) Letters(ctx context.Context, by identity.Actor) ([]models.LocalMail, error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return nil, err
	}
	return s.kept.Kept(ctx)
}

// MailServer is the host through which letters leave, empty when they are kept.
func (s *Service) MailServer() string { return s.status.MailServer }

// DeadLetters lists the jobs that failed for good, the newest first.
func (s *Service) DeadLetters(ctx context.Context, by identity.Actor) ([]models.DeadLetter, error) {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return nil, err
	}
	return s.queue.DeadLetters(ctx)
}

// Rerun puts a job that failed for good back into the queue. Asking twice has one effect and the same answer.
func (s *Service) Rerun(ctx context.Context, by identity.Actor, id int64) error {
	if err := by.Require(models.RoleAdministrator); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		err := s.queue.RerunTx(ctx, tx, id)
		if errors.Is(err, jobs.ErrNoLetter) {
			return knownTx(tx, id)
		}
		if err != nil {
			return err
		}
		return audit.LineTx(ctx, tx, by.Account, "job.rerun", "dead_letter", id, nil)
	})
}

// knownTx tells a letter that was run again already from one that never was.
func knownTx(tx *db.Tx, id int64) error {
	var n int64
	if err := tx.DB.Model(&models.DeadLetter{}).Where("id = ?", id).Count(&n).Error; err != nil {
		return fmt.Errorf("read dead letter %d: %w", id, err)
	}
	if n == 0 {
		return fault.NotFound("admin.no_letter")
	}
	return nil
}
