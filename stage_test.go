package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/valyala/fasthttp"

	"socia/app/identity"
	"socia/core/civil"
	"socia/core/methods"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/config"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

// stageAccounts is how many people stand on a stage, each with an account and a session.
const stageAccounts = 100

// cheapHashing makes accounts for tests quickly; nothing else about signing in changes.
var cheapHashing = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// stage is a served house with people, sessions and open polls: one vote for each person in each poll.
type stage struct {
	secret  string
	house   *house
	url     string
	address string
	cookies []string
	csrf    []string
	members []models.Member
	polls   []models.Poll
	next    atomic.Int64
}

// newStage sets a stage with some open polls. It is served unless a test serves it itself.
func newStage(b testing.TB, flavor db.Flavor, polls int) *stage {
	b.Helper()
	x := &stage{url: dbtest.URL(b, flavor), secret: seal.NewKey(), polls: make([]models.Poll, polls)}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	h, err := build(b.Context(), ground{Database: config.Database{DatabaseURL: x.url}, Secret: config.Secret{SecretKey: x.secret}, Clock: clock.System{}, Log: quiet, Identity: identity.Options{Hashing: cheapHashing}})
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
	return x
}

// serve answers requests in this process and signs everybody in.
func (x *stage) serve(b testing.TB) *stage {
	b.Helper()
	x.listen(b)
	for i := range stageAccounts {
		x.signIn(b, i)
	}
	return x
}

func (x *stage) people(tx *db.Tx) error {
	hash, err := argon2id.CreateHash("una frase llarga", cheapHashing)
	if err != nil {
		return err
	}
	accounts := make([]models.Account, stageAccounts)
	for i := range accounts {
		accounts[i] = models.Account{Handle: fmt.Sprintf("p%d", i), PassphraseHash: hash, Language: "ca", CreatedAt: tx.Now}
	}
	if err := tx.DB.CreateInBatches(accounts, 500).Error; err != nil {
		return err
	}
	x.members = make([]models.Member, stageAccounts)
	for i := range x.members {
		x.members[i] = models.Member{Number: int64(i + 1), Kind: models.Person, Name: fmt.Sprintf("Persona %d", i), ClassID: 1, AccountID: &accounts[i].ID, Language: "ca", JoinedOn: civil.New(2020, 1, 1), CreatedAt: tx.Now}
	}
	if err := tx.DB.CreateInBatches(x.members, 500).Error; err != nil {
		return err
	}
	return x.openPolls(tx)
}

func (x *stage) openPolls(tx *db.Tx) error {
	statutes, err := identity.StatutesTx(tx)
	if err != nil {
		return err
	}
	assembly := models.Assembly{Title: "Banc", Kind: "ordinary", FirstCallAt: tx.Now, SecondCallAt: tx.Now, CreatedBy: 1, CreatedAt: tx.Now, ConvenedAt: &tx.Now, OpenedAt: &tx.Now, OpenCall: 1}
	if err := tx.DB.Create(&assembly).Error; err != nil {
		return err
	}
	items := make([]models.AgendaItem, len(x.polls))
	for i := range items {
		items[i] = models.AgendaItem{AssemblyID: assembly.ID, Position: int64(i + 1), Title: "Punt", Decision: string(rules.DecisionOrdinary)}
	}
	if err := tx.DB.CreateInBatches(items, 500).Error; err != nil {
		return err
	}
	for i := range x.polls {
		x.polls[i] = models.Poll{Method: methods.Motion, AssemblyID: &assembly.ID, AgendaItemID: &items[i].ID, RuleSetID: statutes.ID, Question: "?", Decision: "ordinary", RollCounts: map[string]int64{"user": stageAccounts}, OpenedAt: tx.Now, OpenedBy: 1}
	}
	if err := tx.DB.CreateInBatches(x.polls, 500).Error; err != nil {
		return err
	}
	electors := make([]models.PollElector, 0, len(x.polls)*stageAccounts)
	for _, p := range x.polls {
		for _, m := range x.members {
			electors = append(electors, models.PollElector{PollID: p.ID, MemberID: m.ID, ClassCode: "user", VoterID: m.ID, AccountID: m.AccountID})
		}
	}
	return tx.DB.CreateInBatches(electors, 2000).Error
}

func (x *stage) listen(b testing.TB) {
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

func (x *stage) signIn(b testing.TB, i int) {
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

// ticket is the next vote that nobody has cast yet.
func (x *stage) ticket() (poll models.Poll, person int) {
	n := int(x.next.Add(1) - 1)
	return x.polls[n/stageAccounts%len(x.polls)], n % stageAccounts
}

func (x *stage) castHTTP() error {
	_, _, err := x.castOne()
	return err
}

// castOne casts the next vote through HTTP, and gives whose it was.
func (x *stage) castOne() (models.Poll, int, error) {
	poll, person := x.ticket()
	return poll, person, x.post(poll, person)
}

func (x *stage) post(poll models.Poll, person int) error {
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

// checkCount makes sure that what was measured happened: every acknowledged vote is a row.
func (x *stage) checkCount(b testing.TB) {
	b.Helper()
	var votes int64
	if err := x.house.db.Read(b.Context(), func(tx *db.Tx) error { return tx.DB.Model(&models.Vote{}).Count(&votes).Error }); err != nil {
		b.Fatal(err)
	}
	if want := min(x.next.Load(), int64(len(x.polls)*stageAccounts)); votes != want {
		b.Fatalf("%d votes were acknowledged, %d are stored", want, votes)
	}
}
