package identity

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"socia/core/civil"
	"socia/core/fault"
	"socia/core/rules"
	"socia/models"
	"socia/platform/clock"
	"socia/platform/db"
	"socia/platform/dbtest"
	"socia/platform/seal"
)

// noon is 13:00 in Madrid.
var noon = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

const (
	secret  = "cinc paraules soltes per entrar"
	secret2 = "unes altres paraules per entrar"
)

// cheap keeps tests fast; the real costs are tested by nobody's patience.
var cheap = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// house is a founded cooperative with its administrator "admin".
type house struct {
	*Service
	t     *testing.T
	d     *db.DB
	clock *clock.Set
}

func service(t *testing.T, d *db.DB) *Service {
	t.Helper()
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	return New(d, sealer, Options{Hashing: cheap, HashersAtOnce: 4})
}

func founding() Founding {
	return Founding{Name: "La Prova", Language: "ca", TimeZone: "Europe/Madrid", Currency: "EUR", Preset: "catalan-cooperative", Handle: "admin", Passphrase: secret}
}

// eachHouse runs a test on both databases.
func eachHouse(t *testing.T, test func(h *house)) {
	t.Helper()
	c := clock.At(noon)
	dbtest.Each(t, c, func(t *testing.T, d *db.DB) {
		c.Move(noon)
		h := &house{Service: service(t, d), t: t, d: d, clock: c}
		if err := h.Found(t.Context(), founding()); err != nil {
			t.Fatal(err)
		}
		test(h)
	})
}

func (h *house) signUp(handle string) models.AccountID {
	h.t.Helper()
	id, err := h.SignUp(h.t.Context(), NewAccount{Handle: handle, Passphrase: secret, Again: secret, Language: "ca"}, "10.0.0.1")
	if err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) signIn(handle string) string {
	h.t.Helper()
	token, err := h.SignIn(h.t.Context(), handle, secret, "10.0.0.1", "Firefox Linux")
	if err != nil {
		h.t.Fatal(err)
	}
	return token
}

func (h *house) resolve(token string) Actor {
	h.t.Helper()
	a, err := h.Resolve(h.t.Context(), token)
	if err != nil {
		h.t.Fatal(err)
	}
	return a
}

// enter makes an account if need be and gives its actor.
func (h *house) enter(handle string) Actor {
	h.t.Helper()
	return h.resolve(h.signIn(handle))
}

func (h *house) exec(statement string, args ...any) {
	h.t.Helper()
	if err := h.d.Write(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Exec(statement, args...).Error }); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) count(table, where string, args ...any) (n int64) {
	h.t.Helper()
	if err := h.d.Read(h.t.Context(), func(tx *db.Tx) error { return tx.DB.Table(table).Where(where, args...).Count(&n).Error }); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func wantFault(t *testing.T, what string, err error, kind fault.Kind, key string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != kind || !fault.Has(err, key) {
		t.Errorf("%s: got %v, want %s: %s", what, err, kind, key)
	}
}

func TestSignUp_ThenSignInWithAnyCaseOfTheHandle(t *testing.T) {
	eachHouse(t, func(h *house) {
		id := h.signUp("Nuria.P")
		for _, handle := range []string{"nuria.p", " NURIA.P "} {
			if a := h.enter(handle); a.Account != id || a.Handle != "nuria.p" || a.Language != "ca" || len(a.Roles) != 0 {
				t.Errorf("%q gives %+v", handle, a)
			}
		}
		_, err := h.SignUp(t.Context(), NewAccount{Handle: "NURIA.p", Passphrase: secret, Again: secret, Language: "ca"}, "10.0.0.1")
		wantFault(t, "the same handle again", err, fault.KindInvalid, "identity.handle_taken")
	})
}

func TestSignUp_RefusesWhatIsNoHandleOrNoPassphrase(t *testing.T) {
	eachHouse(t, func(h *house) {
		for name, c := range map[string]struct {
			n   NewAccount
			key string
		}{
			"no handle":             {NewAccount{"", secret, secret, "ca"}, "ui.error.required"},
			"handle of one letter":  {NewAccount{"a", secret, secret, "ca"}, "identity.handle_form"},
			"handle too long":       {NewAccount{strings.Repeat("a", 33), secret, secret, "ca"}, "identity.handle_form"},
			"handle with markup":    {NewAccount{"<script>", secret, secret, "ca"}, "identity.handle_form"},
			"handle with a newline": {NewAccount{"maria\nadmin", secret, secret, "ca"}, "identity.handle_form"},
			"look-alike letters":    {NewAccount{"аdmin", secret, secret, "ca"}, "identity.handle_form"},
			"no passphrase":         {NewAccount{"maria", "", "", "ca"}, "ui.error.required"},
			"eleven letters":        {NewAccount{"maria", "àbcdefghijk", "àbcdefghijk", "ca"}, "identity.passphrase_short"},
			"far too long":          {NewAccount{"maria", strings.Repeat("ab", 129), strings.Repeat("ab", 129), "ca"}, "identity.passphrase_long"},
			"one letter again":      {NewAccount{"maria", strings.Repeat("à", 20), strings.Repeat("à", 20), "ca"}, "identity.passphrase_guessable"},
			"the handle in it":      {NewAccount{"maria", "la-MARIA-2026!", "la-MARIA-2026!", "ca"}, "identity.passphrase_guessable"},
			"typed differently":     {NewAccount{"maria", secret, secret2, "ca"}, "identity.passphrases_differ"},
		} {
			_, err := h.SignUp(t.Context(), c.n, "10.0.0.1")
			wantFault(t, name, err, fault.KindInvalid, c.key)
		}
		if n := h.count("accounts", "1 = 1"); n != 1 {
			t.Errorf("%d accounts", n)
		}
		if _, err := h.SignUp(t.Context(), NewAccount{"maria", "àbcdefghijkl", "àbcdefghijkl", "ca"}, "10.0.0.1"); err != nil {
			t.Errorf("twelve letters: %v", err)
		}
	})
}

func TestSignUp_SameHandleAtOnceMakesOneAccount(t *testing.T) {
	eachHouse(t, func(h *house) {
		made := parallel(8, func(int) error {
			_, err := h.SignUp(t.Context(), NewAccount{"maria", secret, secret, "ca"}, "10.0.0.1")
			return err
		})
		if n := countNil(t, made, "identity.handle_taken"); n != 1 || h.count("accounts", "handle = 'maria'") != 1 {
			t.Errorf("%d sign-ups succeeded", n)
		}
	})
}

// Whoever asks for one handle after the other to learn which exist is slowed down like whoever makes many accounts.
func TestSignUp_ProbingForHandlesIsSlowedDown(t *testing.T) {
	eachHouse(t, func(h *house) {
		var err error
		for n := 0; n <= freeTriesAddress+1; n++ {
			_, err = h.SignUp(t.Context(), NewAccount{"admin", secret, secret, "ca"}, "10.0.0.9")
		}
		wantFault(t, "one more", err, fault.KindTooMany, "identity.too_many_tries")
	})
}

// parallel does a thing many times at once.
func parallel(n int, do func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

// countNil counts successes; every failure must be the named fault.
func countNil(t *testing.T, errs []error, key string) (n int) {
	t.Helper()
	for _, err := range errs {
		if err == nil {
			n++
		} else if !fault.Has(err, key) {
			t.Errorf("unexpected: %v", err)
		}
	}
	return n
}

func TestSignIn_UnknownHandleAndWrongPassphraseGetTheSameAnswer(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("off")
		h.exec("UPDATE accounts SET disabled_at = ? WHERE handle = 'off'", noon)
		var first *fault.Fault
		for _, c := range []struct{ handle, passphrase string }{{"admin", secret2}, {"nobody", secret}, {"", ""}, {"off", secret}, {"admin", ""}, {strings.Repeat("x", 5000), secret}} {
			token, err := h.SignIn(t.Context(), c.handle, c.passphrase, "10.0.0.1", "")
			f, ok := fault.As(err)
			if !ok || token != "" {
				t.Fatalf("%q: %q, %v", c.handle, token, err)
			}
			if first == nil {
				first = f
			}
			if f.Kind != first.Kind || f.Key != first.Key || f.Field != first.Field || len(f.Args) != 0 {
				t.Errorf("%q: %+v differs from %+v", c.handle, f, first)
			}
		}
	})
}

// An unknown handle costs a whole comparison: with a hash that takes long enough to be seen, it takes as long as a
// wrong passphrase. Only a lower bound is asked for, so that a busy machine changes nothing.
func TestSignIn_UnknownHandleCostsAComparison(t *testing.T) {
	d := dbtest.Open(t, db.SQLite, clock.At(noon))
	slow := &argon2id.Params{Memory: 16 * 1024, Iterations: 8, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	sealer, err := seal.New(seal.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	s := New(d, sealer, Options{Hashing: slow})
	hash, err := s.hash(secret)
	if err != nil {
		t.Fatal(err)
	}
	cost := func(a *models.Account) time.Duration {
		least := time.Hour
		for range 3 {
			began := time.Now()
			if ok, err := s.matches(a, secret2); ok || err != nil {
				t.Fatalf("%v %v", ok, err)
			}
			least = min(least, time.Since(began))
		}
		return least
	}
	known := cost(&models.Account{PassphraseHash: hash})
	for name, a := range map[string]*models.Account{"unknown": nil, "without a passphrase": {PassphraseHash: ""}} {
		if took := cost(a); took < known/3 {
			t.Errorf("%s took %s, a wrong passphrase %s", name, took, known)
		}
	}
	if ok, err := s.matches(nil, "nobody has this passphrase"); ok || err != nil {
		t.Errorf("the decoy's passphrase opens: %v %v", ok, err)
	}
}

func TestSession_EachSignInHasItsOwnTokenAndNoneIsStored(t *testing.T) {
	eachHouse(t, func(h *house) {
		one, two := h.signIn("admin"), h.signIn("admin")
		if one == two || len(one) < 40 {
			t.Fatalf("tokens %q and %q", one, two)
		}
		a, b := h.resolve(one), h.resolve(two)
		if a.Session == b.Session || a.Account != b.Account {
			t.Errorf("sessions %d and %d", a.Session, b.Session)
		}
		for _, token := range []string{"", "x", one[:len(one)-1], strings.ToLower(one), string(tokenHash(one))} {
			if h.resolve(token).SignedIn() {
				t.Errorf("%q signs in", token)
			}
		}
		for _, secret := range []string{one, two, secret} {
			if h.stored(secret) {
				t.Errorf("the database holds %q", secret)
			}
		}
	})
}

// stored searches the whole database for a text.
func (h *house) stored(text string) bool {
	h.t.Helper()
	if h.d.Flavor() == db.SQLite {
		path := h.t.TempDir() + "/copy.db"
		if _, err := h.d.Jobs().ExecContext(h.t.Context(), "VACUUM INTO ?", path); err != nil {
			h.t.Fatal(err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			h.t.Fatal(err)
		}
		if !strings.Contains(string(raw), "La Prova") {
			h.t.Fatal("the search does not find what is there")
		}
		return strings.Contains(string(raw), text)
	}
	var found bool
	for _, table := range []string{"accounts", "sessions", "throttles", "audit_lines", "inbox_notices", "once_tokens"} {
		var n int64
		err := h.d.Read(h.t.Context(), func(tx *db.Tx) error {
			return tx.DB.Raw("SELECT count(*) FROM "+table+" AS r WHERE strpos(r::text, ?) > 0 OR strpos(r::text, encode(convert_to(?, 'UTF8'), 'hex')) > 0", text, text).Scan(&n).Error
		})
		if err != nil {
			h.t.Fatal(err)
		}
		found = found || n > 0
	}
	return found
}

func TestSession_EndsAtItsInstantHoweverMuchItIsUsed(t *testing.T) {
	eachHouse(t, func(h *house) {
		used, left := h.signIn("admin"), h.signIn("admin")
		h.clock.Advance(sessionLasts - time.Microsecond)
		a := h.resolve(used)
		if !a.SignedIn() {
			t.Fatal("ended before its time")
		}
		h.clock.Advance(time.Microsecond)
		h.Forget()
		if h.resolve(left).SignedIn() || h.resolve(used).SignedIn() {
			t.Error("lasts longer than its time")
		}
		if all, err := h.Sessions(t.Context(), a); err != nil || len(all) != 0 {
			t.Errorf("listed: %+v %v", all, err)
		}
	})
}

// What has served its purpose is deleted, and nothing that still serves one.
func TestTidy_DeletesWhatIsOverAndKeepsTheRest(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		h.signIn("admin")
		_, _ = h.SignIn(t.Context(), "maria", "no es aquesta", "10.0.0.9", "")
		h.appoint(h.enter("admin"), appointment("maria", models.RoleTreasurer)) // without a token
		if err := h.appointed(h.enter("admin"), appointment("maria", models.RoleAuditor), "one form"); err != nil {
			t.Fatal(err)
		}
		left := func() [3]int64 {
			return [3]int64{h.count("sessions", "1 = 1"), h.count("throttles", "1 = 1"), h.count("once_tokens", "1 = 1")}
		}
		before := left()
		if before[0] == 0 || before[1] == 0 || before[2] != 1 {
			t.Fatalf("nothing to tidy: %v", before)
		}
		tidied := func(after time.Duration) [3]int64 {
			h.clock.Advance(after)
			if err := h.Tidy(t.Context()); err != nil {
				t.Fatal(err)
			}
			return left()
		}
		if got := tidied(throttleForgets); got != before {
			t.Errorf("tidied too early: %v", got)
		}
		if got, want := tidied(time.Second), ([3]int64{before[0], 0, 1}); got != want {
			t.Errorf("after a day: %v, not %v", got, want)
		}
		if got, want := tidied(sessionLasts-24*time.Hour), ([3]int64{before[0], 0, 1}); got != want {
			t.Errorf("after a session's time: %v, not %v", got, want)
		}
		if got := tidied(endedKept + 48*time.Hour); got != [3]int64{} {
			t.Errorf("in the end: %v", got)
		}
	})
}

func TestResetPassphrase_LetsTheOwnerInAndNobodyElse(t *testing.T) {
	eachHouse(t, func(h *house) {
		id := h.signUp("maria")
		token := h.signIn("maria")
		for range freeTries + 2 {
			_, _ = h.SignIn(t.Context(), "maria", "no es aquesta", "10.0.0.9", "")
		}
		wantFault(t, "a short one", h.ResetPassphrase(t.Context(), "maria", "curta"), fault.KindInvalid, "identity.passphrase_short")
		wantFault(t, "nobody", h.ResetPassphrase(t.Context(), "ningu", secret2), fault.KindInvalid, "identity.handle_unknown")
		if !h.resolve(token).SignedIn() {
			t.Fatal("a refusal signed her out")
		}
		if err := h.ResetPassphrase(t.Context(), "Maria", secret2); err != nil {
			t.Fatal(err)
		}
		if h.resolve(token).SignedIn() {
			t.Error("an old session goes on")
		}
		if _, err := h.SignIn(t.Context(), "maria", secret, "10.0.0.1", ""); !fault.Has(err, "identity.sign_in_wrong") {
			t.Errorf("the old passphrase: %v", err)
		}
		if _, err := h.SignIn(t.Context(), "maria", secret2, "10.0.0.1", ""); err != nil {
			t.Errorf("the new passphrase: %v", err)
		}
		if n := h.count("inbox_notices", "account_id = ? AND kind = 'identity.notice.passphrase_reset'", id); n != 1 {
			t.Errorf("%d notices", n)
		}
		if n := h.count("audit_lines", "act = 'account.passphrase_reset' AND account_id IS NULL AND subject_id = ?", id); n != 1 {
			t.Errorf("%d audit lines", n)
		}
	})
}

func TestSession_ListRevokeAndOtherPeoples(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		here, there := h.signIn("admin"), h.signIn("admin")
		a, b, maria := h.resolve(here), h.resolve(there), h.enter("maria")
		all, err := h.Sessions(t.Context(), a)
		if err != nil || len(all) != 2 || all[0].ID != b.Session || all[1].ID != a.Session || all[0].Device != "Firefox Linux" {
			t.Fatalf("%+v %v", all, err)
		}
		for _, by := range []Actor{maria, {}} {
			wantFault(t, "somebody else's", h.Revoke(t.Context(), by, a.Session), fault.KindNotFound, "identity.no_session")
		}
		wantFault(t, "none", h.Revoke(t.Context(), a, 4711), fault.KindNotFound, "identity.no_session")
		if !h.resolve(here).SignedIn() {
			t.Error("somebody else ended a session")
		}
		for range 2 {
			if err := h.Revoke(t.Context(), a, b.Session); err != nil {
				t.Error(err)
			}
		}
		if h.resolve(there).SignedIn() || !h.resolve(here).SignedIn() {
			t.Error("the wrong session ended")
		}
		if err := h.SignOut(t.Context(), a); err != nil || h.resolve(here).SignedIn() {
			t.Errorf("signed in after signing out: %v", err)
		}
	})
}

// What was read before a revocation and arrives after it must not be remembered.
func TestRecentActors_OutdatedReadingIsNotRemembered(t *testing.T) {
	r := newRecentActors()
	known := r.generation()
	r.clear()
	r.put("token", Actor{Account: 1}, noon, known)
	if _, ok := r.get("token", noon); ok {
		t.Error("a revoked session is remembered")
	}
	r.put("token", Actor{Account: 1}, noon, r.generation())
	for at, want := range map[time.Duration]bool{0: true, recentFor - 1: true, recentFor: false, -time.Second: false} {
		if _, ok := r.get("token", noon.Add(at)); ok != want {
			t.Errorf("after %s: %v", at, ok)
		}
	}
}

func TestSession_RevokedOnAnotherNodeEndsWithinSeconds(t *testing.T) {
	eachHouse(t, func(h *house) {
		token := h.signIn("admin")
		a := h.resolve(token)
		other := service(t, h.d)
		if err := other.SignOut(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		h.clock.Advance(recentFor)
		if h.resolve(token).SignedIn() {
			t.Error("still signed in on the first node")
		}
	})
}

func TestAccount_DisabledIsSignedOutAndStaysOut(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		token := h.signIn("maria")
		h.exec("UPDATE accounts SET disabled_at = ? WHERE handle = 'maria'", noon)
		h.clock.Advance(recentFor)
		if h.resolve(token).SignedIn() {
			t.Error("a disabled account is signed in")
		}
		_, err := h.SignIn(t.Context(), "maria", secret, "10.0.0.1", "")
		wantFault(t, "sign in", err, fault.KindInvalid, "identity.sign_in_wrong")
	})
}

func TestChangePassphrase_EndsOtherSessionsAndTheOldOneOpensNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		here, there, foreign := h.signIn("admin"), h.signIn("admin"), h.signIn("maria")
		a := h.resolve(here)
		wantFault(t, "wrong now", h.ChangePassphrase(t.Context(), a, secret2, secret2, secret2, "10.0.0.1"), fault.KindInvalid, "identity.passphrase_wrong")
		wantFault(t, "short", h.ChangePassphrase(t.Context(), a, secret, "curta", "curta", "10.0.0.1"), fault.KindInvalid, "identity.passphrase_short")
		wantFault(t, "differ", h.ChangePassphrase(t.Context(), a, secret, secret2, secret, "10.0.0.1"), fault.KindInvalid, "identity.passphrases_differ")
		wantFault(t, "nobody", h.ChangePassphrase(t.Context(), Actor{}, secret, secret2, secret2, "10.0.0.1"), fault.KindForbidden, "identity.sign_in_needed")
		if !h.resolve(there).SignedIn() {
			t.Fatal("a refused change ended a session")
		}
		var before models.Account
		if err := h.d.Read(t.Context(), func(tx *db.Tx) error { return tx.DB.Take(&before, a.Account).Error }); err != nil {
			t.Fatal(err)
		}
		if err := h.ChangePassphrase(t.Context(), a, secret, secret2, secret2, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
		if !h.resolve(here).SignedIn() || h.resolve(there).SignedIn() || !h.resolve(foreign).SignedIn() {
			t.Error("the wrong sessions ended")
		}
		if _, err := h.SignIn(t.Context(), "admin", secret2, "10.0.0.1", ""); err != nil {
			t.Errorf("the new passphrase: %v", err)
		}
		_, err := h.SignIn(t.Context(), "admin", secret, "10.0.0.1", "")
		wantFault(t, "the old passphrase", err, fault.KindInvalid, "identity.sign_in_wrong")
		// A sign-in that compared the old passphrase just before the change opens no session after it.
		err = h.d.Write(t.Context(), func(tx *db.Tx) error { return openTx(t.Context(), tx, before, "late token", "") })
		wantFault(t, "a sign-in that overlaps", err, fault.KindInvalid, "identity.sign_in_wrong")
		if h.resolve("late token").SignedIn() {
			t.Error("the old passphrase opened a session after the change")
		}
	})
}

func TestChangePassphrase_GuessingItIsSlowedDown(t *testing.T) {
	eachHouse(t, func(h *house) {
		a := h.enter("admin")
		for range freeTries + 1 {
			wantFault(t, "guess", h.ChangePassphrase(t.Context(), a, secret2, secret2, secret2, "10.0.0.1"), fault.KindInvalid, "identity.passphrase_wrong")
		}
		wantFault(t, "one more, even right", h.ChangePassphrase(t.Context(), a, secret, secret2, secret2, "10.0.0.1"), fault.KindTooMany, "identity.too_many_tries")
	})
}

func TestSetLanguage_KnowsThree(t *testing.T) {
	eachHouse(t, func(h *house) {
		token := h.signIn("admin")
		for _, lang := range []string{"es", "en", "ca"} {
			if err := h.SetLanguage(t.Context(), h.resolve(token), lang); err != nil || h.resolve(token).Language != lang {
				t.Errorf("%s: %v", lang, err)
			}
		}
		wantFault(t, "fr", h.SetLanguage(t.Context(), h.resolve(token), "fr"), fault.KindInvalid, "identity.language_unknown")
	})
}

func TestFound_WorksOnceAlsoAtOnce(t *testing.T) {
	dbtest.Each(t, clock.At(noon), func(t *testing.T, d *db.DB) {
		s := service(t, d)
		if _, err := s.Cooperative(t.Context()); !fault.Has(err, "identity.no_cooperative") {
			t.Errorf("before: %v", err)
		}
		for name, wrong := range map[string]func(f *Founding){
			"name":       func(f *Founding) { f.Name = "" },
			"language":   func(f *Founding) { f.Language = "fr" },
			"time zone":  func(f *Founding) { f.TimeZone = "Mars/Olympus" },
			"currency":   func(f *Founding) { f.Currency = "€" },
			"preset":     func(f *Founding) { f.Preset = "none" },
			"handle":     func(f *Founding) { f.Handle = "<b>" },
			"passphrase": func(f *Founding) { f.Passphrase = "short" },
		} {
			f := founding()
			wrong(&f)
			if fl, ok := fault.As(s.Found(t.Context(), f)); !ok || fl.Kind != fault.KindInvalid {
				t.Errorf("wrong %s was taken", name)
			}
		}
		errs := parallel(6, func(i int) error {
			f := founding()
			f.Handle = fmt.Sprint("admin", i)
			return service(t, d).Found(t.Context(), f)
		})
		if n := countNil(t, errs, "identity.already_founded"); n != 1 {
			t.Errorf("founded %d times", n)
		}
		h := &house{t: t, d: d}
		if h.count("accounts", "1=1") != 1 || h.count("role_terms", "1=1") != 1 || h.count("rule_sets", "1=1") != 1 || h.count("member_classes", "1=1") != 3 {
			t.Error("a founding that failed left something")
		}
	})
}

func TestStatutes_VersionsOneAfterTheOther(t *testing.T) {
	eachHouse(t, func(h *house) {
		admin := h.enter("admin")
		first, err := h.Statutes(t.Context())
		if err != nil || first.Version != 1 || first.Preset != "catalan-cooperative" {
			t.Fatalf("%+v %v", first, err)
		}
		body, _ := rules.Preset("catalan-cooperative")
		change := StatutesChange{From: 1, Body: body, Reason: "Assemblea 2/2026"}
		maria := Actor{Account: h.signUp("maria")}
		wantFault(t, "no administrator", h.SetStatutes(t.Context(), maria, change, ""), fault.KindForbidden, "identity.role_needed")
		wantFault(t, "no reason", h.SetStatutes(t.Context(), admin, StatutesChange{From: 1, Body: body, Reason: " \n"}, ""), fault.KindInvalid, "ui.error.required")
		wantFault(t, "an empty rule set", h.SetStatutes(t.Context(), admin, StatutesChange{From: 1, Reason: "x"}, ""), fault.KindInvalid, fault.FieldsKey)
		errs := parallel(6, func(int) error { return h.SetStatutes(t.Context(), admin, change, "") })
		if n := countNil(t, errs, "identity.statutes_changed_meanwhile"); n != 1 {
			t.Errorf("%d changes from one version", n)
		}
		for range 2 {
			if err := h.SetStatutes(t.Context(), admin, StatutesChange{From: 2, Body: body, Reason: "Assemblea 3/2026"}, "token"); err != nil {
				t.Errorf("sent twice: %v", err)
			}
		}
		all, err := h.StatutesHistory(t.Context())
		if err != nil || len(all) != 3 || all[0].Version != 3 || all[0].Reason != "Assemblea 3/2026" || *all[0].SetBy != admin.Account || all[2].SetBy != nil {
			t.Errorf("%+v %v", all, err)
		}
		if err := h.d.Write(t.Context(), func(tx *db.Tx) error { return tx.DB.Exec("UPDATE rule_sets SET reason = 'x'").Error }); err == nil {
			t.Error("an old version was changed")
		}
	})
}

var errUndo = errors.New("undo")

func TestInbox_OneReadsOnlyOnesOwn(t *testing.T) {
	eachHouse(t, func(h *house) {
		admin, maria := h.enter("admin"), Actor{Account: h.signUp("maria")}
		tell := func(to models.AccountID, fail error) {
			err := h.d.Write(t.Context(), func(tx *db.Tx) error {
				if err := NotifyTx(t.Context(), tx, to, "identity.notice.appointed", map[string]string{"role": "auditor"}, "/account"); err != nil {
					return err
				}
				return fail
			})
			if !errors.Is(err, fail) {
				t.Fatal(err)
			}
		}
		tell(admin.Account, nil)
		tell(maria.Account, nil)
		tell(maria.Account, nil)
		tell(maria.Account, errUndo)
		all, err := h.Inbox(t.Context(), maria)
		if err != nil || len(all) != 2 || all[0].ID < all[1].ID || all[0].Args["role"] != "auditor" {
			t.Fatalf("%+v %v", all, err)
		}
		if err := h.ReadAll(t.Context(), maria, all[1].ID); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Unread(t.Context(), maria); n != 1 || err != nil {
			t.Errorf("%d unread after reading up to the first, %v", n, err)
		}
		if err := h.ReadAll(t.Context(), maria, all[0].ID+100); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Unread(t.Context(), admin); n != 1 || err != nil {
			t.Errorf("somebody else's notice was read: %d %v", n, err)
		}
	})
}

func TestActor_Methods(t *testing.T) {
	three := models.CollectiveID(3)
	a := Actor{Account: 1, Roles: []models.RoleTerm{{Role: models.RoleValidator, CollectiveID: &three}, {Role: models.RoleAuditor}},
		Members: []models.Member{{ID: 8, Kind: models.Organisation}, {ID: 9, Kind: models.Person}}}
	if !a.SignedIn() || System.SignedIn() || a.Has() || !a.Has(models.RoleTreasurer, models.RoleAuditor) || a.Has(models.RoleAdministrator) {
		t.Error("SignedIn or Has")
	}
	if !a.Validates(3) || a.Validates(4) || a.Validates(0) || (Actor{Roles: []models.RoleTerm{{Role: models.RoleValidator}}}).Validates(0) {
		t.Error("Validates")
	}
	if !a.ActsFor(8) || !a.ActsFor(9) || a.ActsFor(7) || a.ActsFor(0) {
		t.Error("ActsFor")
	}
	if m, ok := a.Member(); !ok || m.ID != 9 {
		t.Errorf("the person comes first: %v", m)
	}
	if m, ok := (Actor{Members: a.Members[:1]}).Member(); !ok || m.ID != 8 {
		t.Errorf("else the organisation: %v", m)
	}
	wantFault(t, "no role", a.Require(models.RoleAdministrator), fault.KindForbidden, "identity.role_needed")
	wantFault(t, "no roles asked for", a.Require(), fault.KindForbidden, "identity.role_needed")
	wantFault(t, "not theirs", a.RequireActsFor(7, models.RoleTreasurer), fault.KindForbidden, "identity.not_yours")
	_, err := System.RequireMember()
	wantFault(t, "no member", err, fault.KindForbidden, "identity.membership_needed")
	if a.Require(models.RoleAuditor) != nil || a.RequireActsFor(7, models.RoleAuditor) != nil || a.RequireActsFor(8) != nil {
		t.Error("refused what is theirs")
	}
}

func TestActor_ActsForActiveMembersOnly(t *testing.T) {
	eachHouse(t, func(h *house) {
		token := h.signIn("admin")
		by := h.resolve(token)
		err := h.d.Write(t.Context(), func(tx *db.Tx) error {
			var class models.MemberClass
			if err := tx.DB.Order("id").Take(&class).Error; err != nil {
				return err
			}
			for n, m := range []models.Member{
				{Kind: models.Organisation, Name: "Mas", JoinedOn: civil.Date{Year: 2026, Month: 3, Day: 3}},
				{Kind: models.Person, Name: "Núria", JoinedOn: civil.Date{Year: 2026, Month: 3, Day: 2}},
			} {
				m.Number, m.ClassID, m.SortName, m.AccountID, m.Language, m.CreatedAt = int64(n+1), class.ID, m.Name, &by.Account, "ca", tx.Now
				if err := tx.DB.Create(&m).Error; err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		h.Forget()
		names := func() (all []string) {
			for _, m := range h.resolve(token).Members {
				all = append(all, m.Name)
			}
			return all
		}
		if got := names(); !slices.Equal(got, []string{"Núria"}) {
			t.Errorf("today: %v", got)
		}
		h.clock.Move(time.Date(2026, time.March, 2, 23, 0, 0, 0, time.UTC)) // midnight in Madrid
		if got := names(); !slices.Equal(got, []string{"Mas", "Núria"}) {
			t.Errorf("tomorrow: %v", got)
		}
	})
}
