package seal

import (
	"bytes"
	"testing"

	"pgregory.net/rapid"
)

func TestSeal_OpensOnlyInItsPlaceAndWithItsKey(t *testing.T) {
	s, err := New(NewKey())
	if err != nil {
		t.Fatal(err)
	}
	other, err := New(NewKey())
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SliceOf(rapid.Byte()).Draw(t, "value")
		sealed, err := s.Seal(value, "accounts.email/1")
		if err != nil {
			t.Fatal(err)
		}
		opened, err := s.Open(sealed, "accounts.email/1")
		if err != nil || !bytes.Equal(opened, value) {
			t.Fatalf("opened %x, %v", opened, err)
		}
		if _, err := s.Open(sealed, "accounts.email/2"); err == nil {
			t.Fatal("opened in another row")
		}
		if _, err := other.Open(sealed, "accounts.email/1"); err == nil {
			t.Fatal("opened with another key")
		}
		flipped := bytes.Clone(sealed)
		flipped[len(flipped)-1] ^= 1
		if _, err := s.Open(flipped, "accounts.email/1"); err == nil {
			t.Fatal("opened after a change")
		}
	})
}

func TestNew_RefusesKeysOfAnotherLength(t *testing.T) {
	for _, key := range []string{"", "short", "AAAA", NewKey() + "AAAA", "%%%"} {
		if _, err := New(key); err == nil {
			t.Errorf("accepted %q", key)
		}
	}
}
