// Package jobs does work after the act that asked for it: a job is stored in the act's own transaction, so that it
// exists if and only if the act does, and is done at least once. Handlers must bear being called twice.
package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"maragu.dev/goqite"

	"socia/models"
	"socia/platform/db"
)

const (
	queueName = "socia"
	// attemptsMost is how often a job is tried before it becomes a dead letter.
	attemptsMost = 8
	// startsMost is how often an attempt is begun before it is given up as one that never ends: it takes the process down
	// with it, or hangs.
	startsMost = 3
	// jobTime is how long one attempt may take; the queue hands the job out again after it.
	jobTime = 2 * time.Minute
	// restBetween is how long a worker waits before it looks again at an empty queue.
	restBetween = time.Second
)

// Handler does one kind of job.
type Handler func(ctx context.Context, body []byte) error

// Queue stores jobs and does them.
type Queue struct {
	db       *db.DB
	queue    *goqite.Queue
	handlers map[string]Handler
	log      *slog.Logger
	wake     chan struct{}
}

// envelope is what the queue's table holds for a job. Attempts counts the failures so far.
type envelope struct {
	Job      string          `json:"job"`
	Body     json.RawMessage `json:"body"`
	Attempts int64           `json:"attempts"`
}

// New prepares the queue on a database.
func New(d *db.DB, log *slog.Logger) *Queue {
	flavor := goqite.SQLFlavorPostgreSQL
	if d.Flavor() == db.SQLite {
		flavor = goqite.SQLFlavorSQLite
	}
	q := goqite.New(goqite.NewOpts{DB: d.Jobs(), Name: queueName, SQLFlavor: flavor, Timeout: jobTime, MaxReceive: 1 << 20})
	return &Queue{db: d, queue: q, handlers: map[string]Handler{}, log: log, wake: make(chan struct{}, 1)}
}

// Handle registers who does a kind of job. It is called before Run.
func (q *Queue) Handle(job string, h Handler) { q.handlers[job] = h }

// AddTx stores a job in the caller's act.
func (q *Queue) AddTx(ctx context.Context, tx *db.Tx, job string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("job %s: %w", job, err)
	}
	if err := q.send(ctx, tx, envelope{Job: job, Body: raw}, 0); err != nil {
		return err
	}
	tx.After(q.nudge)
	return nil
}

func (q *Queue) send(ctx context.Context, tx *db.Tx, e envelope, delay time.Duration) error {
	raw, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("job %s: %w", e.Job, err)
	}
	if err := q.queue.SendTx(ctx, tx.SQL(), goqite.Message{Body: raw, Delay: delay}); err != nil {
		return fmt.Errorf("store job %s: %w", e.Job, err)
	}
	return nil
}

func (q *Queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Run does jobs until the context ends.
func (q *Queue) Run(ctx context.Context) {
	for ctx.Err() == nil {
		did, err := q.Step(ctx)
		if err != nil && ctx.Err() == nil {
			q.log.Error("job queue", "error", err)
		}
		if did {
			continue
		}
		select {
		case <-ctx.Done():
		case <-q.wake:
		case <-time.After(restBetween):
		}
	}
}

// Step does one job if one is due, and says whether it did.
func (q *Queue) Step(ctx context.Context) (bool, error) {
	m, err := q.receive(ctx)
	if err != nil || m == nil {
		return false, err
	}
	var e envelope
	if err := json.Unmarshal(m.Body, &e); err != nil {
		return true, q.bury(ctx, m.ID, envelope{Job: "unreadable", Body: json.RawMessage(`null`)}, err)
	}
	if begun, err := q.begun(ctx, m.ID); err != nil {
		return true, err
	} else if begun > startsMost {
		q.log.Error("job never ended", "job", e.Job, "begun", begun-1)
		return true, q.bury(ctx, m.ID, e, errors.New("the job was begun three times and never came to an end"))
	}
	if err := q.try(ctx, e); err != nil {
		q.log.Warn("job failed", "job", e.Job, "attempt", e.Attempts+1, "error", err)
		return true, q.failed(ctx, m.ID, e, err)
	}
	// The job is done even if the worker was told to stop meanwhile: it must not be done again after the restart.
	ctx = context.WithoutCancel(ctx)
	return true, q.db.Write(ctx, func(tx *db.Tx) error { return q.queue.DeleteTx(ctx, tx.SQL(), m.ID) })
}

// receive takes the next job that is due, or nil. On PostgreSQL the queue's own way makes workers that meet fail, for
// its transaction is serializable: here they wait for each other a moment.
func (q *Queue) receive(ctx context.Context) (m *goqite.Message, err error) {
	if q.db.Flavor() == db.SQLite {
		return q.queue.Receive(ctx)
	}
	err = q.db.Write(ctx, func(tx *db.Tx) (err error) {
		if err := tx.DB.Exec("SELECT pg_advisory_xact_lock(hashtext('socia/jobs'))").Error; err != nil {
			return fmt.Errorf("lock the queue: %w", err)
		}
		m, err = q.queue.ReceiveTx(ctx, tx.SQL())
		return err
	})
	return m, err
}

// begun is how often the queue has handed a job out. A job that fails goes back as a new one, so more than once means
// that an attempt did not end.
func (q *Queue) begun(ctx context.Context, id goqite.ID) (n int64, err error) {
	err = q.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Table("goqite").Select("received").Where("id = ?", string(id)).Scan(&n).Error
	})
	if err != nil {
		return 0, fmt.Errorf("read how often a job was begun: %w", err)
	}
	return n, nil
}

func (q *Queue) try(ctx context.Context, e envelope) (err error) {
	h, ok := q.handlers[e.Job]
	if !ok {
		return fmt.Errorf("nobody does jobs of kind %q", e.Job)
	}
	ctx, cancel := context.WithTimeout(ctx, jobTime/2)
	defer cancel()
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return h(ctx, e.Body)
}

// failed puts a job back with a growing delay, or among the dead letters after the last attempt.
func (q *Queue) failed(ctx context.Context, id goqite.ID, e envelope, cause error) error {
	e.Attempts++
	if e.Attempts >= attemptsMost {
		return q.bury(ctx, id, e, cause)
	}
	delay := time.Second << (2 * e.Attempts)
	return q.db.Write(ctx, func(tx *db.Tx) error {
		if err := q.queue.DeleteTx(ctx, tx.SQL(), id); err != nil {
			return fmt.Errorf("take back job %s: %w", e.Job, err)
		}
		return q.send(ctx, tx, e, delay)
	})
}

func (q *Queue) bury(ctx context.Context, id goqite.ID, e envelope, cause error) error {
	return q.db.Write(ctx, func(tx *db.Tx) error {
		if err := q.queue.DeleteTx(ctx, tx.SQL(), id); err != nil {
			return fmt.Errorf("take back job %s: %w", e.Job, err)
		}
		letter := models.DeadLetter{Job: e.Job, Body: e.Body, Error: storable(cause.Error()), Attempts: e.Attempts, FailedAt: tx.Now}
		if err := tx.DB.Create(&letter).Error; err != nil {
			return fmt.Errorf("keep dead letter of %s: %w", e.Job, err)
		}
		return nil
	})
}

// storable makes an error's text one that both databases take: a mail server may answer in Latin-1.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
}

// DeadLetters lists the jobs that failed for good, newest first, at most 200.
func (q *Queue) DeadLetters(ctx context.Context) (letters []models.DeadLetter, err error) {
	err = q.db.Read(ctx, func(tx *db.Tx) error {
		return tx.DB.Where("rerun_at IS NULL").Order("id DESC").Limit(200).Find(&letters).Error
	})
	return letters, err
}

// ErrNoLetter says that a dead letter is not there, or was run again already.
var ErrNoLetter = errors.New("no such dead letter")

// RerunTx puts a dead letter back into the queue, once.
func (q *Queue) RerunTx(ctx context.Context, tx *db.Tx, id int64) error {
	done := tx.DB.Model(&models.DeadLetter{}).Where("id = ? AND rerun_at IS NULL", id).Update("rerun_at", tx.Now)
	if done.Error != nil {
		return fmt.Errorf("rerun %d: %w", id, done.Error)
	}
	if done.RowsAffected == 0 {
		return ErrNoLetter
	}
	var letter models.DeadLetter
	if err := tx.DB.Take(&letter, id).Error; err != nil {
		return fmt.Errorf("read dead letter %d: %w", id, err)
	}
	return q.send(ctx, tx, envelope{Job: letter.Job, Body: letter.Body}, 0)
}
