package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"socia/app/identity"
	"socia/app/polls"
	"socia/models"
	"socia/platform/config"
	"socia/platform/db"
)

// serveVariable makes the test binary a server of its own, so that a test can kill it.
const serveVariable = "SOCIA_TEST_SERVE_ADDRESS_FILE"

func TestMain(m *testing.M) {
	if file := os.Getenv(serveVariable); file != "" {
		serveForTest(file)
		return
	}
	os.Exit(m.Run())
}

func serveForTest(addressFile string) {
	h, err := build(context.Background(), ground{
		Database: config.Database{DatabaseURL: os.Getenv("SOCIA_DATABASE_URL")}, Secret: config.Secret{SecretKey: os.Getenv("SOCIA_SECRET_KEY")},
		Identity: identity.Options{Hashing: cheapHashing},
	})
	if err != nil {
		panic(err)
	}
	err = h.serve(context.Background(), config.Server{Listen: "127.0.0.1:0", BaseURL: "http://127.0.0.1:3000"}, nil, func(address string) {
		if err := os.WriteFile(addressFile+".part", []byte(address), 0o600); err != nil {
			panic(err)
		}
		if err := os.Rename(addressFile+".part", addressFile); err != nil {
			panic(err)
		}
	})
	if err != nil {
		panic(err)
	}
}

// A server is killed in the middle of a burst of votes: every vote that was acknowledged is in the result.
func TestKill_DuringVotes_NothingAcknowledgedIsLost(t *testing.T) {
	for _, flavor := range []db.Flavor{db.SQLite, db.Postgres} {
		t.Run(string(flavor), func(t *testing.T) {
			x := newStage(t, flavor, 40)
			server := x.serveApart(t)
			for i := range stageAccounts {
				x.signIn(t, i)
			}
			acknowledged := x.burst(t, server, 500)
			stored := x.recount(t)
			for vote := range acknowledged {
				if !stored[vote] {
					t.Errorf("vote %v was acknowledged and is lost", vote)
				}
			}
			t.Logf("%d votes were acknowledged before the kill, %d are stored", len(acknowledged), len(stored))
		})
	}
}

// serveApart serves the stage in a process of its own.
func (x *stage) serveApart(t *testing.T) *exec.Cmd {
	t.Helper()
	file := filepath.Join(t.TempDir(), "address")
	server := exec.Command(os.Args[0])
	server.Env = append(os.Environ(), serveVariable+"="+file, "SOCIA_DATABASE_URL="+x.url, "SOCIA_SECRET_KEY="+x.secret)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
	deadline := time.Now().Add(time.Minute)
	for {
		address, err := os.ReadFile(file)
		if err == nil {
			x.address = "http://" + strings.TrimSpace(string(address))
			return server
		}
		if time.Now().After(deadline) {
			t.Fatal("the server did not come up within a minute")
		}
		time.Sleep(20 * time.Millisecond) // another process: nothing else tells when its file is there
	}
}

type vote struct {
	poll   models.PollID
	member models.MemberID
}

// burst casts with 16 clients and kills the server after some acknowledged votes.
func (x *stage) burst(t *testing.T, server *exec.Cmd, until int64) map[vote]bool {
	t.Helper()
	var acknowledged sync.Map
	var count atomic.Int64
	var group sync.WaitGroup
	var kill sync.Once
	for range 16 {
		group.Go(func() {
			for {
				n := x.next.Load()
				poll, person, err := x.castOne()
				if err != nil {
					if count.Load() < until {
						t.Errorf("before the kill, vote %d: %v", n, err)
					}
					return
				}
				acknowledged.Store(vote{poll.ID, x.members[person].ID}, true)
				if count.Add(1) >= until {
					kill.Do(func() { _ = server.Process.Kill() })
				}
			}
		})
	}
	group.Wait()
	all := map[vote]bool{}
	acknowledged.Range(func(k, _ any) bool { all[k.(vote)] = true; return true }) //nolint:errcheck // the keys are votes
	if len(all) < int(until) {
		t.Fatalf("only %d votes were acknowledged", len(all))
	}
	return all
}

// recount closes every poll in a new house, checks that the results count the rows, and gives the rows.
func (x *stage) recount(t *testing.T) map[vote]bool {
	t.Helper()
	stored, counted := map[vote]bool{}, int64(0)
	facilitator := identity.Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleFacilitator}}}
	for _, p := range x.polls {
		err := x.house.db.Write(t.Context(), func(tx *db.Tx) error {
			closed, err := polls.CloseTx(t.Context(), tx, facilitator, p.ID)
			if err == nil {
				counted += closed.Result.Total.For
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var rows []models.Vote
	if err := x.house.db.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Find(&rows).Error }); err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		stored[vote{r.PollID, r.MemberID}] = true
	}
	if counted != int64(len(stored)) {
		t.Errorf("the results count %d votes, %d are stored", counted, len(stored))
	}
	return stored
}
