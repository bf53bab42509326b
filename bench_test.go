package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/valyala/fasthttp"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

const (
	benchAccounts = 100
	benchPolls    = 800
)

// cheapHashing makes accounts for tests quickly; nothing else about signing in changes.
var cheapHashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// bench is a served house with people, sessions and open polls: one vote for each person in each poll.
type bench struct {
	house   *house
	url     string
	address string
	cookies []string
	csrf    []string
	members []models.Member
	polls   []models.Poll
	next    atomic.Int64
}

func newBench(b *testing.B, flavor db.Flavor) *bench {
	b.Helper()
	x := &bench{url: dbtest.URL(b, flavor)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	h, err := build(b.Context(), ground{Database: config.Database{DatabaseURL: x.url}, Secret: config.Secret{SecretKey: seal.NewKey()}, Clock: clock.System{}, Log: quiet, Identity: identity.Options{Hashing: cheapHashing}})
	if err != nil {
		b.Fatal(err)
	}
	x.house = h
	b.Cleanup(func() { _ = h.close() })
	if err := h.found(b.Context(), identity.Founding{Name: "Banc", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: "una frase llarga"}); err != nil {
		b.Fatal(err)
	}
	if err := h.db.Write(b.Context(), x.people); err != nil {
		b.Fatal(err)
	}
	x.listen(b)
	for i := range benchAccounts {
		x.signIn(b, i)
	}
	return x
}

func (x *bench) people(tx *db.Tx) error {
	hash, err := argon2id.CreateHash("una frase llarga", cheapHashing)
	if err != nil {
		return err
	}
	accounts := make([]models.Account, benchAccounts)
	for i := range accounts {
		accounts[i] = models.Account{Handle: fmt.Sprintf("p%d", i), PassphraseHash: hash, Language: "ca", CreatedAt: tx.Now}
	}
	if err := tx.DB.CreateInBatches(accounts, 500).Error; err != nil {
		return err
	}
	x.members = make([]models.Member, benchAccounts)
	for i := range x.members {
		x.members[i] = models.Member{Number: int64(i + 1), Kind: models.Person, Name: fmt.Sprintf("Persona %d", i), ClassID: 1, AccountID: &accounts[i].ID, Language: "ca", JoinedOn: civil.New(2020, 1, 1), CreatedAt: tx.Now}
	}
	if err := tx.DB.CreateInBatches(x.members, 500).Error; err != nil {
		return err
	}
	return x.openPolls(tx)
}

func (x *bench) openPolls(tx *db.Tx) error {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	assembly := models.Assembly{Title: "Banc", Kind: "ordinary", FirstCallAt: tx.Now, SecondCallAt: tx.Now, CreatedBy: 1, CreatedAt: tx.Now, ConvenedAt: &tx.Now, OpenedAt: &tx.Now, OpenCall: 1}
	if err := tx.DB.Create(&assembly).Error; err != nil {
		return err
	}
	items := make([]models.AgendaItem, benchPolls)
	for i := range items {
		items[i] = models.AgendaItem{AssemblyID: assembly.ID, Position: int64(i + 1), Title: "Punt", Decision: string(rules.DecisionOrdinary)}
	}
	if err := tx.DB.CreateInBatches(items, 500).Error; err != nil {
		return err
	}
	x.polls = make([]models.Poll, benchPolls)
	for i := range x.polls {
		x.polls[i] = models.Poll{AssemblyID: assembly.ID, AgendaItemID: items[i].ID, RuleSetID: statutes.ID, Question: "?", Decision: "ordinary", RollCounts: map[string]int64{"user": benchAccounts}, OpenedAt: tx.Now, OpenedBy: 1}
	}
	if err := tx.DB.CreateInBatches(x.polls, 500).Error; err != nil {
		return err
	}
	electors := make([]models.PollElector, 0, benchPolls*benchAccounts)
	for _, p := range x.polls {
		for _, m := range x.members {
			electors = append(electors, models.PollElector{PollID: p.ID, MemberID: m.ID, ClassCode: "user", VoterID: m.ID, AccountID: m.AccountID})
		}
	}
	return tx.DB.CreateInBatches(electors, 2000).Error
}

func (x *bench) listen(b *testing.B) {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	x.address = "http://" + listener.Addr().String()
	app, err := x.house.pages(config.Server{BaseURL: x.address}, nil, nil)
	if err != nil {
		b.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	b.Cleanup(func() { _ = app.ShutdownWithTimeout(2 * time.Second) })
}

var csrfValue = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

func (x *bench) signIn(b *testing.B, i int) {
	b.Helper()
	token, err := x.house.identity.SignIn(b.Context(), fmt.Sprintf("p%d", i), "una frase llarga", "127.0.0.1", "bench")
	if err != nil {
		b.Fatal(err)
	}
	cookie := "socia=" + token
	request, err := http.NewRequestWithContext(b.Context(), http.MethodGet, x.address+"/account", nil)
	if err != nil {
		b.Fatal(err)
	}
	request.Header.Set("Cookie", cookie)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		b.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	found := csrfValue.FindSubmatch(page)
	if err != nil || found == nil {
		b.Fatalf("no form on the account page: %v, status %d", err, answer.StatusCode)
	}
	x.cookies, x.csrf = append(x.cookies, cookie), append(x.csrf, string(found[1]))
}

// BenchmarkCast casts votes through HTTP: signed in, with the form's token, durable when acknowledged.
// BenchmarkCastSQL gives the database the same statement, one transaction for each vote, without anything around it.
func BenchmarkCast(b *testing.B) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		for _, clients := range []int{1, 8, 32} {
			b.Run(fmt.Sprintf("%s/http/clients=%d", flavor, clients), func(b *testing.B) {
				x := newBench(b, flavor)
				measure(b, clients, x.castHTTP)
				x.checkCount(b)
			})
			b.Run(fmt.Sprintf("%s/sql/clients=%d", flavor, clients), func(b *testing.B) {
				x := newBench(b, flavor)
				measure(b, clients, x.castSQL(b, clients))
				x.checkCount(b)
			})
		}
	}
}

// measure does b.N acts by some clients at once and reports the rate, the median and the 99th percentile.
func measure(b *testing.B, clients int, act func() error) {
	b.Helper()
	var group sync.WaitGroup
	var left atomic.Int64
	left.Store(int64(b.N))
	took := make([][]time.Duration, clients)
	b.ResetTimer()
	began := time.Now()
	for i := range clients {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				start := time.Now()
				if err := act(); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(start))
			}
		})
	}
	group.Wait()
	whole := time.Since(began)
	b.StopTimer()
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		b.Fatal("nothing was measured")
	}
	b.ReportMetric(float64(len(all))/whole.Seconds(), "acts/s")
	b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
}

// ticket is the next vote that nobody has cast yet.
func (x *bench) ticket() (poll models.Poll, person int) {
	n := int(x.next.Add(1) - 1)
	return x.polls[n/benchAccounts%benchPolls], n % benchAccounts
}

func (x *bench) castHTTP() error {
	poll, person := x.ticket()
	request, answer := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(answer)
	request.SetRequestURI(fmt.Sprintf("%s/polls/%d/votes", x.address, poll.ID))
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/x-www-form-urlencoded")
	request.Header.Set("Cookie", x.cookies[person])
	request.SetBodyString(fmt.Sprintf("csrf=%s&choice-%d=for", x.csrf[person], x.members[person].ID))
	if err := fasthttp.Do(request, answer); err != nil {
		return err
	}
	if answer.StatusCode() != fasthttp.StatusSeeOther {
		return fmt.Errorf("status %d: %.300s", answer.StatusCode(), answer.Body())
	}
	return nil
}

// castSQL is the database's own rate: the same rows, one transaction for each vote, one connection for each client.
func (x *bench) castSQL(b *testing.B, clients int) func() error {
	b.Helper()
	driver, dsn := "pgx", x.url
	vote := `WITH put AS (INSERT INTO votes (poll_id, member_id, choice, cast_by, cast_at, changes)
		SELECT e.poll_id, e.member_id, 'for', $3, now(), 0 FROM poll_electors e JOIN polls p ON p.id = e.poll_id AND p.closed_at IS NULL
		WHERE e.poll_id = $1 AND e.member_id = $2 AND e.account_id = $3 ON CONFLICT (poll_id, member_id) DO UPDATE SET changes = votes.changes + 1 RETURNING 1)
		INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail) SELECT now(), $3, 'vote.cast', 'poll', $1, '{}' FROM put`
	if x.house.db.Flavor() == db.SQLite {
		return x.castSQLite
	}
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		b.Fatal(err)
	}
	pool.SetMaxOpenConns(clients)
	pool.SetMaxIdleConns(clients)
	b.Cleanup(func() { _ = pool.Close() })
	return func() error {
		poll, person := x.ticket()
		_, err := pool.ExecContext(context.Background(), vote, int64(poll.ID), int64(x.members[person].ID), int64(*x.members[person].AccountID))
		return err
	}
}

// sqliteLock keeps SQLite's clients from meeting: it has one writer, and waiting in turn is the best it can do.
var sqliteLock sync.Mutex

func (x *bench) castSQLite() error {
	poll, person := x.ticket()
	account := int64(*x.members[person].AccountID)
	sqliteLock.Lock()
	defer sqliteLock.Unlock()
	tx, err := x.house.db.Direct().Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`INSERT INTO votes (poll_id, member_id, choice, cast_by, cast_at, changes)
		SELECT e.poll_id, e.member_id, 'for', ?, ?, 0 FROM poll_electors e JOIN polls p ON p.id = e.poll_id AND p.closed_at IS NULL
		WHERE e.poll_id = ? AND e.member_id = ? AND e.account_id = ? ON CONFLICT (poll_id, member_id) DO UPDATE SET changes = votes.changes + 1`,
		account, time.Now().UTC(), int64(poll.ID), int64(x.members[person].ID), account)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO audit_lines (at, account_id, act, subject, subject_id, detail) VALUES (?, ?, 'vote.cast', 'poll', ?, '{}')`, time.Now().UTC(), account, int64(poll.ID)); err != nil {
		return err
	}
	return tx.Commit()
}

// checkCount makes sure that what was measured happened: every acknowledged vote is a row.
func (x *bench) checkCount(b *testing.B) {
	b.Helper()
	var votes int64
	if err := x.house.db.Read(b.Context(), func(tx *db.Tx) error { return tx.DB.Model(&models.Vote{}).Count(&votes).Error }); err != nil {
		b.Fatal(err)
	}
	if want := min(x.next.Load(), benchPolls*benchAccounts); votes != want {
		b.Fatalf("%d votes were acknowledged, %d are stored", want, votes)
	}
}

