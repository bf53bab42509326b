package iban

import (
	"errors"
	"testing"
)

func TestParse_ISO13616_ChecksFormAndDigits(t *testing.T) {
	for _, c := range []struct {
		typed, want string
		err         error
	}{
		{"es78 9999 0001 4101 2345 6789", "ES7899990001410123456789", nil},
		{"IBAN ES7899990001410123456789", "ES7899990001410123456789", nil},
		{"GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", nil},
		{"ES79 9999 0001 4101 2345 6789", "", ErrDigits},
		{"ES78 9999 0001 4101 2345 6798", "", ErrDigits},
		{"ES78 9999 0001 4101 2345 678", "", ErrForm},
		{"9999 0001 4101 2345 6789", "", ErrForm},
		{"ES78 9999 0001 4101 2345 678ñ", "", ErrForm},
		{"", "", ErrForm},
	} {
		got, err := Parse(c.typed)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%q: %q, %v", c.typed, got, err)
		}
		if again, err := Parse(Grouped(got)); c.err == nil && (again != got || err != nil) {
			t.Errorf("%q does not come back: %q, %v", got, again, err)
		}
	}
}
