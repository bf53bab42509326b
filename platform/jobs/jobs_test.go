package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/jobs"
)

// attempts is how often a job is tried before it becomes a dead letter; operations documents the same number.
const attempts = 8

var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

func newQueue(d *db.DB) *jobs.Queue { return jobs.New(d, slog.New(slog.DiscardHandler)) }

func add(t *testing.T, d *db.DB, q *jobs.Queue, job string, body any) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return q.AddTx(t.Context(), tx, job, body) }); err != nil {
		t.Fatal(err)
	}
}

// step does one job and says whether there was one.
func step(t *testing.T, q *jobs.Queue) bool {
	t.Helper()
	did, err := q.Step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return did
}

func exec(t *testing.T, d *db.DB, statement string, args ...any) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(statement, args...).Error }); err != nil {
		t.Fatal(err)
	}
}

// makeDue sets every waiting job's delay back, instead of waiting for it.
func makeDue(t *testing.T, d *db.DB) {
	t.Helper()
	if d.Flavor() == db.SQLite {
		exec(t, d, "UPDATE goqite SET timeout = '2000-01-01T00:00:00.000Z'")
	} else {
		exec(t, d, "UPDATE goqite SET timeout = '2000-01-01T00:00:00Z'")
	}
}

func waiting(t *testing.T, d *db.DB) (n int64) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Table("goqite").Count(&n).Error }); err != nil {
		t.Fatal(err)
	}
	return n
}

func letters(t *testing.T, q *jobs.Queue) []models.DeadLetter {
	t.Helper()
	all, err := q.DeadLetters(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAdd_JobExistsIfAndOnlyIfItsActDoes(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		var bodies []string
		q.Handle("greet", func(_ context.Context, body []byte) error {
			bodies = append(bodies, string(body))
			return nil
		})
		broken := errors.New("the act fails")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := q.AddTx(t.Context(), tx, "greet", "never"); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || waiting(t, d) != 0 || step(t, q) {
			t.Fatalf("a job outlived its act: %v, %d waiting", err, waiting(t, d))
		}
		add(t, d, q, "greet", map[string]int{"member": 7})
		if !step(t, q) || step(t, q) || len(bodies) != 1 || bodies[0] != `{"member":7}` {
			t.Fatalf("done with %q", bodies)
		}
	})
}

func TestStep_FailingJobIsRetriedLaterAndLaterThenBecomesADeadLetter(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		tried := 0
		q.Handle("fail", func(context.Context, []byte) error {
			tried++
			return fmt.Errorf("failure %d", tried)
		})
		add(t, d, q, "fail", "body")
		last := time.Duration(0)
		for n := 1; n < attempts; n++ {
			if !step(t, q) {
				t.Fatalf("attempt %d: nothing due", n)
			}
			if step(t, q) {
				t.Fatalf("attempt %d was followed by another at once", n)
			}
			if wait := delay(t, d); wait <= last {
				t.Errorf("wait after attempt %d is %s, after the one before %s", n, wait, last)
			} else {
				last = wait
			}
			if len(letters(t, q)) != 0 {
				t.Fatalf("dead after %d attempts", n)
			}
			makeDue(t, d)
		}
		if !step(t, q) || waiting(t, d) != 0 || tried != attempts {
			t.Fatalf("%d attempts, %d waiting", tried, waiting(t, d))
		}
		dead := letters(t, q)
		if len(dead) != 1 || dead[0].Job != "fail" || string(dead[0].Body) != `"body"` || dead[0].Attempts != attempts || dead[0].Error != fmt.Sprintf("failure %d", attempts) || !dead[0].FailedAt.Equal(noon) {
			t.Fatalf("dead letters: %+v", dead)
		}
	})
}

// delay is how far from the machine's now the only waiting job is put off.
func delay(t *testing.T, d *db.DB) time.Duration {
	t.Helper()
	var at string
	column := "timeout"
	if d.Flavor() == db.Postgres {
		column = `to_char(timeout AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
	}
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Raw("SELECT " + column + " FROM goqite").Scan(&at).Error }); err != nil {
		t.Fatal(err)
	}
	due, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		t.Fatal(err)
	}
	return time.Until(due)
}

func TestRerun_PutsADeadLetterBackOnce(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		works, done := false, 0
		q.Handle("mend", func(_ context.Context, body []byte) error {
			if !works {
				return errors.New("not yet")
			}
			if string(body) != `{"a":1}` {
				t.Errorf("the body came back as %s", body)
			}
			done++
			return nil
		})
		add(t, d, q, "mend", json.RawMessage(`{"a":1}`))
		for range attempts {
			makeDue(t, d)
			step(t, q)
		}
		works = true
		id := letters(t, q)[0].ID
		var wins, losses atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := d.Write(t.Context(), func(tx *db.Tx) error { return q.RerunTx(t.Context(), tx, id) })
				switch {
				case err == nil:
					wins.Add(1)
				case errors.Is(err, jobs.ErrNoLetter):
					losses.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		all.Wait()
		if wins.Load() != 1 || losses.Load() != 7 {
			t.Fatalf("%d reruns and %d refusals", wins.Load(), losses.Load())
		}
		if !step(t, q) || step(t, q) || done != 1 || len(letters(t, q)) != 0 {
			t.Fatalf("done %d times, %d letters left", done, len(letters(t, q)))
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error { return q.RerunTx(t.Context(), tx, 4711) }); !errors.Is(err, jobs.ErrNoLetter) {
			t.Errorf("a letter that never was: %v", err)
		}
	})
}

func TestStep_PanicUnknownKindAndUnreadableBodyDoNotStopTheQueue(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		good := 0
		q.Handle("panic", func(context.Context, []byte) error { panic("a bug") })
		q.Handle("good", func(context.Context, []byte) error { good++; return nil })
		add(t, d, q, "panic", nil)
		add(t, d, q, "nobody does this", nil)
		exec(t, d, "INSERT INTO goqite (queue, body) VALUES ('socia', ?)", []byte("\x00 not json \xff"))
		add(t, d, q, "good", nil)
		for range 4 * attempts {
			makeDue(t, d)
			step(t, q)
		}
		if good != 1 || waiting(t, d) != 0 {
			t.Fatalf("the good job was done %d times, %d waiting", good, waiting(t, d))
		}
		byJob := map[string]models.DeadLetter{}
		for _, l := range letters(t, q) {
			byJob[l.Job] = l
		}
		if len(byJob) != 3 || !strings.Contains(byJob["panic"].Error, "a bug") || !strings.Contains(byJob["nobody does this"].Error, "nobody does jobs") || byJob["unreadable"].Error == "" {
			t.Fatalf("dead letters: %+v", byJob)
		}
	})
}

// A mail server may answer in Latin-1, and a panic may carry anything: the letter is kept all the same.
// A job that takes the process down each time is not done for ever: after three beginnings it waits for somebody.
func TestStep_JobThatNeverEndsBecomesADeadLetter(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		begun := 0
		q.Handle("deadly", func(context.Context, []byte) error {
			begun++
			return nil
		})
		add(t, d, q, "deadly", 1)
		for range 3 { // handed out, and the process was gone before it could say how it went
			exec(t, d, "UPDATE goqite SET received = received + 1")
		}
		makeDue(t, d)
		if !step(t, q) || begun != 0 {
			t.Errorf("begun %d times more", begun)
		}
		if dead := letters(t, q); len(dead) != 1 || !strings.Contains(dead[0].Error, "never came to an end") || waiting(t, d) != 0 {
			t.Errorf("%+v, %d wait", dead, waiting(t, d))
		}
	})
}

func TestStep_ErrorThatIsNoTextIsKeptAllTheSame(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		q.Handle("mail", func(context.Context, []byte) error { return errors.New("550 Adre\xe7a \x00 desconeguda") })
		add(t, d, q, "mail", nil)
		for range attempts {
			makeDue(t, d)
			step(t, q)
		}
		dead := letters(t, q)
		if len(dead) != 1 || !strings.HasPrefix(dead[0].Error, "550 Adre") || !strings.HasSuffix(dead[0].Error, "desconeguda") {
			t.Fatalf("dead letters: %+v, %d waiting", dead, waiting(t, d))
		}
	})
}

// A shutdown in the middle of a job must not lead to the job being done again.
func TestStep_FinishedJobIsTakenOutEvenWhenTheWorkerIsToldToStop(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		ctx, stop := context.WithCancel(t.Context())
		q.Handle("letter", func(context.Context, []byte) error { stop(); return nil })
		add(t, d, q, "letter", nil)
		if did, err := q.Step(ctx); err != nil || !did {
			t.Fatalf("%v %v", did, err)
		}
		if n := waiting(t, d); n != 0 {
			t.Fatalf("%d jobs are left to be done again", n)
		}
	})
}

func TestStep_ManyWorkersDoEachJobOnce(t *testing.T) {
	const count, workers = 60, 8
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		times := map[string]int{}
		queues := make([]*jobs.Queue, workers)
		for i := range queues {
			queues[i] = newQueue(d)
			queues[i].Handle("count", func(_ context.Context, body []byte) error {
				mu.Lock()
				defer mu.Unlock()
				times[string(body)]++
				return nil
			})
		}
		for n := range count {
			add(t, d, queues[0], "count", n)
		}
		var all sync.WaitGroup
		for _, q := range queues {
			all.Go(func() {
				for {
					did, err := q.Step(t.Context())
					if err != nil {
						t.Error(err)
						return
					}
					if !did {
						return
					}
				}
			})
		}
		all.Wait()
		for body, n := range times {
			if n != 1 {
				t.Errorf("job %s was done %d times", body, n)
			}
		}
		// A worker that found nothing while another held the last row may have left early: the rest is still there.
		for step(t, queues[0]) {
		}
		if len(times) != count || waiting(t, d) != 0 {
			t.Fatalf("%d of %d jobs done, %d waiting", len(times), count, waiting(t, d))
		}
	})
}

func TestRun_DoesWhatIsAddedAndStopsWithItsContext(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		q := newQueue(d)
		did, stopped := make(chan string), make(chan struct{})
		q.Handle("say", func(_ context.Context, body []byte) error { did <- string(body); return nil })
		ctx, stop := context.WithCancel(t.Context())
		go func() { q.Run(ctx); close(stopped) }()
		for _, want := range []string{`"one"`, `"two"`} {
			add(t, d, q, "say", want[1:4])
			if got := <-did; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		stop()
		<-stopped
	})
}

func TestLease_OneNodeAtATimeAndAnotherAfterItsEnd(t *testing.T) {
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(noon)
		q := newQueue(d)
		lease := func(node string) bool {
			t.Helper()
			mine, err := q.Lease(t.Context(), "charge fees", node, time.Minute)
			if err != nil {
				t.Fatal(err)
			}
			return mine
		}
		var holders atomic.Int64
		var all sync.WaitGroup
		for n := range 8 {
			all.Go(func() {
				mine, err := q.Lease(t.Context(), "seal", fmt.Sprint("node ", n), time.Minute)
				if err != nil {
					t.Error(err)
				}
				if mine {
					holders.Add(1)
				}
			})
		}
		all.Wait()
		if holders.Load() != 1 {
			t.Fatalf("%d nodes hold one lease", holders.Load())
		}
		if !lease("a") || lease("b") || !lease("a") {
			t.Fatal("the first node holds the lease and may renew it, the second may not take it")
		}
		c.Advance(time.Minute - time.Microsecond)
		if lease("b") {
			t.Fatal("taken before its end")
		}
		c.Advance(time.Microsecond)
		if !lease("b") || lease("a") {
			t.Fatal("at its end another node takes over")
		}
	})
}
