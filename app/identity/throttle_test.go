package identity

import (
	"fmt"
	"testing"
	"time"

	"socia/core/fault"
	"socia/platform/db"
)

func TestThrottle_HandleGrowsIsSharedForgivesAndExpires(t *testing.T) {
	eachHouse(t, func(h *house) {
		other := service(t, h.d) // another node
		wrong := func(s *Service, handle string) error {
			_, err := s.SignIn(t.Context(), handle, secret2, "10.0.0.2", "")
			return err
		}
		for _, handle := range []string{"admin", "nobody"} {
			for range freeTries {
				wantFault(t, "a free try", wrong(h.Service, handle), fault.KindInvalid, "identity.sign_in_wrong")
			}
			wantFault(t, "the next is counted", wrong(h.Service, handle), fault.KindInvalid, "identity.sign_in_wrong")
			for _, s := range []*Service{h.Service, other} {
				wantFault(t, "and the one after it refused", wrong(s, handle), fault.KindTooMany, "identity.too_many_tries")
			}
		}
		if _, err := other.SignIn(t.Context(), "ADMIN ", secret, "10.0.0.3", ""); !fault.Has(err, "identity.too_many_tries") {
			t.Errorf("the right passphrase within the wait: %v", err)
		}
		for _, wait := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
			h.clock.Advance(wait - time.Microsecond)
			wantFault(t, "just before the end of "+wait.String(), wrong(h.Service, "admin"), fault.KindTooMany, "identity.too_many_tries")
			h.clock.Advance(time.Microsecond)
			wantFault(t, "at the end of "+wait.String(), wrong(h.Service, "admin"), fault.KindInvalid, "identity.sign_in_wrong")
		}
		h.clock.Advance(15 * time.Minute)
		h.signIn("admin")
		for range freeTries {
			wantFault(t, "after the success the count is new", wrong(h.Service, "admin"), fault.KindInvalid, "identity.sign_in_wrong")
		}
		h.signIn("admin")
	})
}

func TestThrottle_ForgetsAfterADay(t *testing.T) {
	eachHouse(t, func(h *house) {
		for range freeTries {
			_, _ = h.SignIn(t.Context(), "admin", secret2, "10.0.0.2", "")
		}
		h.clock.Advance(throttleForgets + time.Microsecond)
		for range freeTries {
			_, err := h.SignIn(t.Context(), "admin", secret2, "10.0.0.2", "")
			wantFault(t, "the next day", err, fault.KindInvalid, "identity.sign_in_wrong")
		}
		if h.signIn("admin") == "" {
			t.Error("blocked by yesterday's failures")
		}
	})
}

// sprayed fails from an address with so many handles that the address has to wait.
func (h *house) sprayed(address string) {
	h.t.Helper()
	for n := 0; n <= freeTriesAddress; n++ {
		_, err := h.SignIn(h.t.Context(), fmt.Sprint("guess", n), secret, address, "")
		wantFault(h.t, fmt.Sprint("handle ", n), err, fault.KindInvalid, "identity.sign_in_wrong")
	}
}

// In a hall with one network, somebody who guesses keeps nobody out who comes with the right passphrase, nor who mistypes once.
func TestThrottle_WhoeverSharesAnAddressWithAGuesserGetsIn(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		h.sprayed("10.0.0.66")
		in := func(handle, passphrase string) error {
			_, err := h.SignIn(t.Context(), handle, passphrase, "10.0.0.66", "")
			return err
		}
		if err := in("admin", secret); err != nil {
			t.Errorf("who has not failed: %v", err)
		}
		wantFault(t, "who mistypes", in("maria", secret2), fault.KindInvalid, "identity.sign_in_wrong")
		if err := in("maria", secret); err != nil {
			t.Errorf("and then does not: %v", err)
		}
	})
}

// While an address waits, each handle gets two guesses from it, whether there is such an account or not; the same answers
// come for both. What was counted tells neither handles nor addresses.
func TestThrottle_AddressThatTriesManyHandlesIsSlowedDownAndNobodyElse(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.signUp("maria")
		h.sprayed("10.0.0.66")
		for _, handle := range []string{"maria", "nobody"} {
			for n := range freeTriesBeside {
				_, err := h.SignIn(t.Context(), handle, secret2, "10.0.0.66", "")
				wantFault(t, fmt.Sprint(handle, n), err, fault.KindInvalid, "identity.sign_in_wrong")
			}
			_, err := h.SignIn(t.Context(), handle, secret, "10.0.0.66", "")
			wantFault(t, handle+", one more", err, fault.KindTooMany, "identity.too_many_tries")
		}
		h.signIn("maria") // from another address: her own two failures cost her nothing there
		for range freeTriesBeside {
			_, err := h.SignIn(t.Context(), "maria", secret2, "10.0.0.7", "")
			wantFault(t, "failures of elsewhere", err, fault.KindInvalid, "identity.sign_in_wrong")
		}
		_, err := h.SignIn(t.Context(), "maria", secret, "10.0.0.66", "")
		wantFault(t, "count too", err, fault.KindTooMany, "identity.too_many_tries")
		h.clock.Advance(30 * time.Second)
		if _, err := h.SignIn(t.Context(), "maria", secret, "10.0.0.66", ""); err != nil {
			t.Errorf("when the address's wait is over: %v", err)
		}
		if n := h.count("throttles", "CAST(key AS TEXT) LIKE '%guess%' OR CAST(key AS TEXT) LIKE '%10.0.0%'"); n != 0 {
			t.Errorf("%d rows name a handle or an address", n)
		}
	})
}

// Sent all at once, guesses at one handle from an address that waits get no more answers than one after another.
func TestThrottle_GuessesAllAtOnceBesideAWaitingAddressGainNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		h.sprayed("10.0.0.66")
		answered := 0
		for _, err := range parallel(20, func(int) error {
			_, err := h.SignIn(t.Context(), "admin", secret2, "10.0.0.66", "")
			return err
		}) {
			if fault.Has(err, "identity.sign_in_wrong") {
				answered++
			} else if !fault.Has(err, "identity.too_many_tries") {
				t.Errorf("unexpected: %v", err)
			}
		}
		if answered != freeTriesBeside {
			t.Errorf("%d of 20 guesses were answered", answered)
		}
		_, err := h.SignIn(t.Context(), "admin", secret, "10.0.0.66", "")
		wantFault(t, "the right one after them", err, fault.KindTooMany, "identity.too_many_tries")
	})
}

// Guesses that are sent all at once pass the first look at the throttle together. They gain nothing: no more than the
// usual number gets an answer, and even the right one among the others is told to wait.
func TestThrottle_GuessesAllAtOnceGainNothing(t *testing.T) {
	eachHouse(t, func(h *house) {
		errs := parallel(40, func(int) error {
			_, err := h.SignIn(t.Context(), "admin", secret2, "10.0.0.2", "")
			return err
		})
		answered := 0
		for _, err := range errs {
			if fault.Has(err, "identity.sign_in_wrong") {
				answered++
			} else if !fault.Has(err, "identity.too_many_tries") {
				t.Errorf("unexpected: %v", err)
			}
		}
		if answered != freeTries+1 {
			t.Errorf("%d of 40 guesses were answered", answered)
		}
		err := h.d.Write(t.Context(), func(tx *db.Tx) error { return forgiveTx(tx, "admin") })
		wantFault(t, "a right guess that ends within the wait", err, fault.KindTooMany, "identity.too_many_tries")
	})
}
