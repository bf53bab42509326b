package polls

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"socia/platform/db"
)

const (
	// boxesAtOnce is how many rounds store votes at the same time on PostgreSQL. Two keep the disk busy while the next fills.
	boxesAtOnce = 2
	// boxMost is how many requests one round stores at the most.
	boxMost = 128
)

// box stores votes. Requests that arrive while one round runs are stored together by the next: each waits for one
// round trip and one flush, and shares both. Nothing is acknowledged before it is durable.
type box struct {
	db    *db.DB
	run   func(context.Context, []*waiting) (map[int64]bool, error)
	queue chan *waiting
}

type waiting struct {
	request
	ctx  context.Context
	done chan answer
}

type answer struct {
	taken bool
	err   error
}

func newBox(d *db.DB) *box {
	b := &box{db: d, queue: make(chan *waiting, 4*boxMost)}
	rounds := boxesAtOnce
	if b.run = b.runPostgres; d.Flavor() == db.SQLite {
		b.run, rounds = b.runSQLite, 1 // SQLite has one writer
	}
	for range rounds {
		go b.loop(d.Closing())
	}
	return b
}

func (b *box) put(ctx context.Context, r request) (bool, error) {
	w := &waiting{request: r, ctx: ctx, done: make(chan answer, 1)}
	select {
	case b.queue <- w:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	select {
	case a := <-w.done:
		return a.taken, a.err
	case <-ctx.Done():
		// The vote may be stored or not: the reader is not told that it was.
		return false, ctx.Err()
	}
}

func (b *box) loop(closing <-chan struct{}) {
	for {
		select {
		case w := <-b.queue:
			b.store(b.gather(w))
		case <-closing:
			return
		}
	}
}

// gather takes what already waits.
func (b *box) gather(first *waiting) []*waiting {
	all := []*waiting{first}
	for len(all) < boxMost {
		select {
		case w := <-b.queue:
			all = append(all, w)
		default:
			return all
		}
	}
	return all
}

// store runs one round for all; should it fail, each is tried alone, so that no request suffers for another.
func (b *box) store(all []*waiting) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	taken, err := b.run(ctx, all)
	if err != nil && len(all) > 1 {
		for _, w := range all {
			b.store([]*waiting{w})
		}
		return
	}
	for i, w := range all {
		w.done <- answer{taken: taken[int64(i)], err: err}
	}
}

// putAll stores the votes of many requests. FOR SHARE holds the polls open until the votes are committed: an act that
// closes one waits for them, and a statement that waited for such an act sees the poll closed and takes nothing.
// FOR SHARE on the electors has a statement that waited for a mandate's revocation look at them as they are now: it
// neither casts a vote that was given back nor changes one that stands.
// A request counts whole or not at all. Of two requests for one vote in one statement the later one holds.
const putAll = `
WITH given AS (
	SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::timestamptz[])
		AS g(request, poll_id, member_id, choice, reason, by_id, at)
), acts AS (
	SELECT * FROM unnest($8::bigint[], $9::bigint[]) AS a(request, voter_id)
), open AS (
	SELECT id, closes_at FROM polls WHERE id = ANY (SELECT DISTINCT poll_id FROM given) AND closed_at IS NULL ORDER BY id FOR SHARE
), entitled AS (
	SELECT g.* FROM given g
	JOIN open ON open.id = g.poll_id AND (open.closes_at IS NULL OR open.closes_at > g.at)
	JOIN poll_electors e ON e.poll_id = g.poll_id AND e.member_id = g.member_id AND e.account_id IS NOT NULL AND NOT e.absent
	JOIN acts ON acts.request = g.request AND acts.voter_id = e.voter_id
	FOR SHARE OF e
), whole AS (
	SELECT request FROM given LEFT JOIN entitled USING (request, member_id) GROUP BY request HAVING count(*) = count(entitled.poll_id)
), counted AS (
	SELECT DISTINCT ON (poll_id, member_id) entitled.* FROM entitled JOIN whole USING (request) ORDER BY poll_id, member_id, request DESC
), put AS (
	INSERT INTO votes (poll_id, member_id, choice, reason, cast_by, cast_at, changes)
	SELECT poll_id, member_id, choice, reason, by_id, at, 0 FROM counted ORDER BY poll_id, member_id
	ON CONFLICT (poll_id, member_id) DO UPDATE SET cast_by = excluded.cast_by, cast_at = excluded.cast_at,
		changes = votes.changes + (votes.choice <> excluded.choice)::int, choice = excluded.choice, reason = excluded.reason
), lines AS (
	INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail)
	SELECT at, by_id, 'vote.cast', 'poll', poll_id, '{"member":' || member_id || '}' FROM entitled JOIN whole USING (request)
)
SELECT request FROM whole`

func (b *box) runPostgres(ctx context.Context, all []*waiting) (map[int64]bool, error) {
	var requests, polls, members, bys []int64
	var choices, reasons []string
	var ats []time.Time
	for _, p := range slips(all) {
		requests, polls, members = append(requests, p.request), append(polls, p.poll), append(members, p.member)
		choices, reasons = append(choices, p.choice), append(reasons, p.reason)
		bys, ats = append(bys, p.by), append(ats, p.at)
	}
	var actors, voters []int64
	for _, a := range acting(all) {
		actors, voters = append(actors, a[0]), append(voters, a[1])
	}
	rows, err := b.db.Direct().QueryContext(ctx, putAll, requests, polls, members, choices, reasons, bys, ats, actors, voters)
	if err != nil {
		return nil, fmt.Errorf("cast votes: %w", err)
	}
	return requestsOf(rows)
}

// slip is one vote of one waiting request, flat.
type slip struct {
	request, poll, member int64
	choice, reason        string
	by                    int64
	at                    time.Time
}

// slips lists the votes of all who still wait.
func slips(all []*waiting) []slip {
	var flat []slip
	for i, w := range all {
		if w.ctx.Err() != nil {
			continue // nobody waits for the answer any more
		}
		for _, b := range w.ballots {
			flat = append(flat, slip{int64(i), int64(w.poll), int64(b.Member), string(b.Choice), b.Reason, int64(w.by), w.at})
		}
	}
	return flat
}

// acting lists for whom each request acts: its number and a member's.
func acting(all []*waiting) [][2]int64 {
	pairs := make([][2]int64, 0, len(all)) // never nil: SQLite reads it as JSON
	for i, w := range all {
		for _, m := range w.acts {
			pairs = append(pairs, [2]int64{int64(i), int64(m)})
		}
	}
	return pairs
}

// requestsOf reads the numbers of the requests that were taken.
func requestsOf(rows *sql.Rows) (map[int64]bool, error) {
	defer func() { _ = rows.Close() }()
	taken := map[int64]bool{}
	for rows.Next() {
		var i int64
		if err := rows.Scan(&i); err != nil {
			return nil, fmt.Errorf("cast votes: %w", err)
		}
		taken[i] = true
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("cast votes: %w", err)
	}
	return taken, nil
}
