// Package iban reads and writes the numbers of bank accounts, ISO 13616.
package iban

import (
	"errors"
	"strings"
)

// What can be wrong with what was typed.
var (
	ErrForm   = errors.New("not the form of an IBAN")
	ErrDigits = errors.New("the check digits do not fit")
)

// lengths are those of ISO 13616's registry for the countries nearest; elsewhere 15 to 34 characters.
var lengths = map[string]int{"AD": 24, "BE": 16, "DE": 22, "ES": 24, "FR": 27, "IE": 22, "IT": 27, "LT": 20, "NL": 18, "PT": 25}

const shortest, longest = 15, 34

// Parse gives an IBAN without spaces, in capitals: Parse(Grouped(x)) == x for every x that Parse gives.
func Parse(typed string) (string, error) {
	s := strings.ToUpper(strings.NewReplacer(" ", "", "\u00a0", "", "-", "", ".", "").Replace(typed))
	s = strings.TrimPrefix(s, "IBAN")
	if len(s) < shortest || len(s) > longest || !letter(s[0]) || !letter(s[1]) || !digit(s[2]) || !digit(s[3]) {
		return "", ErrForm
	}
	for i := range len(s) {
		if !letter(s[i]) && !digit(s[i]) {
			return "", ErrForm
		}
	}
	if n, known := lengths[s[:2]]; known && n != len(s) {
		return "", ErrForm
	}
	if remainder(s[4:]+s[:4]) != 1 {
		return "", ErrDigits
	}
	return s, nil
}

// remainder is that of ISO 7064 MOD 97-10: letters count as 10 to 35.
func remainder(s string) (rest int) {
	for i := range len(s) {
		if digit(s[i]) {
			rest = (rest*10 + int(s[i]-'0')) % 97
		} else {
			rest = (rest*100 + int(s[i]-'A') + 10) % 97
		}
	}
	return rest
}

// Grouped writes an IBAN as it is printed, in groups of four.
func Grouped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }
