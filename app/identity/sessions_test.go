package identity

import (
	"os"
	"strings"
	"testing"
	"time"

	"socia/core/fault"
	"socia/models"
	"socia/platform/db"
)

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
