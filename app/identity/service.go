package identity

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"socia/models"
	"socia/platform/db"
)

// Options are what an installation may set about signing in.
type Options struct {
	// Hashing is how costly passphrases are to guess; nil means OWASP's recommendation for argon2id.
	Hashing *argon2id.Params
	// HashersAtOnce bounds how many passphrases are hashed at the same time, for each costs 19 MiB; 0 means 2.
	HashersAtOnce int
}

// Service answers who acts, and changes who may.
type Service struct {
	db     *db.DB
	params *argon2id.Params
	slots  chan struct{}
	decoy  func() (string, error)
	recent *recentActors
	coop   brief[models.Cooperative]
}

// New prepares the service.
func New(d *db.DB, o Options) *Service {
	if o.Hashing == nil {
		// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
		o.Hashing = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	}
	if o.HashersAtOnce == 0 {
		o.HashersAtOnce = 2
	}
	params := o.Hashing
	return &Service{
		db: d, params: params, slots: make(chan struct{}, o.HashersAtOnce), recent: newRecentActors(),
		decoy: sync.OnceValues(func() (string, error) { return argon2id.CreateHash("nobody has this passphrase", params) }),
	}
}

func (s *Service) hash(passphrase string) (string, error) {
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	h, err := argon2id.CreateHash(passphrase, s.params)
	if err != nil {
		return "", fmt.Errorf("hash a passphrase: %w", err)
	}
	return h, nil
}

// matches compares a passphrase with an account's hash. Without an account, or with one that has no passphrase, it
// compares with a decoy, so that an unknown handle takes as long as a wrong passphrase.
func (s *Service) matches(account *models.Account, passphrase string) (bool, error) {
	known := account != nil && strings.HasPrefix(account.PassphraseHash, "$argon2id$")
	var hash string
	if known {
		hash = account.PassphraseHash
	} else {
		var err error
		if hash, err = s.decoy(); err != nil {
			return false, err
		}
	}
	s.slots <- struct{}{}
	defer func() { <-s.slots }()
	ok, err := argon2id.ComparePasswordAndHash(passphrase, hash)
	return ok && known, err
}

func tokenHash(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}

// recentFor is how long an actor is believed without asking the database again. A revoked session ends at once on
// the node that revokes it, and after this on every other.
const recentFor = 2 * time.Second

// recentMost bounds the memory of recent actors.
const recentMost = 20000

// recentActors remembers for seconds who a session's token belongs to.
type recentActors struct {
	mu      sync.RWMutex
	all     map[[32]byte]recentActor
	cleared int64
}

type recentActor struct {
	actor Actor
	until time.Time
}

func newRecentActors() *recentActors { return &recentActors{all: map[[32]byte]recentActor{}} }

func (r *recentActors) get(token string, now time.Time) (Actor, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	found, ok := r.all[sha256.Sum256([]byte(token))]
	if !ok || !now.Before(found.until) || now.Before(found.until.Add(-recentFor)) {
		return Actor{}, false
	}
	return found.actor, true
}

// generation tells the time between two clearings.
func (r *recentActors) generation() int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.cleared
}

// put remembers an actor that was read in a generation; one that was read before the last clearing may be outdated.
func (r *recentActors) put(token string, a Actor, now time.Time, known int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cleared != known {
		return
	}
	if len(r.all) >= recentMost {
		clear(r.all)
	}
	r.all[sha256.Sum256([]byte(token))] = recentActor{actor: a, until: now.Add(recentFor)}
}

// Forget makes every session's actor be read again, after roles, memberships or sessions changed.
func (s *Service) Forget() { s.recent.clear() }

func (r *recentActors) clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cleared++
	clear(r.all)
}
