package i18n

import (
	"fmt"
	"strings"
	"text/template"
	"unicode"

	gotemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/unicode/norm"
)

// catalan is what a Catalan text puts before a value whose first sound it cannot know: {{de .Member}} says "de Nuria"
// and "d’Oriol", {{del .Day}} says "del 12 d’abril" and "de l’11 de novembre". A function whose name has a capital begins
// a sentence. {{de (cited .Title)}} says "d’«Horts»".
// {{comma .Weight}} writes the decimals of a figure that a rule gave ("45.72") as Catalan and Spanish do.
var catalan = template.FuncMap{
	"de": before("de ", "d’"), "De": before("De ", "D’"),
	"del": before("del ", "de l’"), "Del": before("Del ", "De l’"),
	"al": before("al ", "a l’"), "Al": before("Al ", "A l’"),
	"el": before("el ", "l’"), "El": before("El ", "L’"),
	"on":    on, // a day in a Spanish sentence: {{on .When}} says "el sábado, 28 de noviembre de 2026"
	"comma": func(v any) string { return strings.Replace(fmt.Sprint(v), ".", ",", 1) },
	"cited": func(v any) string { return fmt.Sprintf("«%v»", v) },
}

// before gives the word that stands before a value, whole or elided.
func before(whole, elided string) func(any) string {
	return func(v any) string {
		s := fmt.Sprint(v)
		if elides(s) {
			return elided + s
		}
		return whole + s
	}
}

// on is a day as it stands in a Spanish sentence, with its article; one that is not set stays a dash.
func on(v any) string {
	day := fmt.Sprint(v)
	if day == noDate {
		return day
	}
	return "el " + day
}

// withArticles reads texts that may use these functions. Since they are the same for every text, what was read is kept.
type withArticles struct{ gotemplate.TextParser }

// Cacheable is go-i18n's name for it.
func (withArticles) Cacheable() bool { return true }

// syllabic are the beginnings of words whose first i is a vowel of its own though another follows: i-o-lan-da.
var syllabic = []string{"iolanda", "ionic", "ionitz", "ionia"}

// elides says whether de and el lose their vowel before a text: it begins, in Catalan, with the sound of a vowel.
// An h is silent; i, u and y before another vowel are consonants (de Iago, de hiena); 1 and 11 are read un and onze.
// Quotation marks are no sound.
func elides(s string) bool {
	s = strings.TrimLeftFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '–' && r != '−' })
	word := firstWord(s)
	if word == "" {
		return false
	}
	if unicode.IsDigit(rune(word[0])) {
		return figureElides(s)
	}
	sounds := strings.TrimPrefix(fold(word), "h")
	if spelledOut(word) {
		return strings.ContainsRune("aefhilmnorsx", rune(fold(word)[0]))
	}
	if sounds == "" {
		return false
	}
	switch sounds[0] {
	case 'a', 'e', 'o':
		return true
	case 'i', 'u', 'y':
		return !glides(sounds)
	}
	return false
}

// glides says whether a word that begins with i, u or y begins with a consonant's sound.
func glides(word string) bool {
	if len(word) < 2 || !strings.ContainsRune("aeiou", rune(word[1])) {
		return word == "y"
	}
	if word == "iu" || word == "io" || strings.HasPrefix(word, "ui") {
		return false // the name Iu, the ion ió, and u-ix
	}
	for _, start := range syllabic {
		if strings.HasPrefix(word, start) {
			return false
		}
	}
	return true
}

// spelledOut says whether a word is initials said letter by letter (SCCL): capitals without a vowel.
func spelledOut(word string) bool {
	return len([]rune(word)) > 1 && word == strings.ToUpper(word) && !strings.ContainsAny(fold(word), "aeiou")
}

// figureElides says whether a figure is read with a vowel first: 1 (un), 11 (onze), 11.000, 1.000.000 (un milió),
// 11è; not 1.000 (mil), 1r (primer) or 100 (cent).
func figureElides(s string) bool {
	digits, groups, rest := leadingFigure(s)
	switch {
	case digits == "11":
		return true
	case digits != "1" || groups%2 == 1:
		return false
	}
	for _, r := range rest {
		return !unicode.IsLetter(r)
	}
	return true
}

// leadingFigure parts a figure into the digits before its first thousands mark, how many groups of three follow, and
// what comes after.
func leadingFigure(s string) (digits string, groups int, rest string) {
	end := digitsIn(s)
	digits, rest = s[:end], s[end:]
	for strings.HasPrefix(rest, ".") && digitsIn(rest[1:]) == 3 {
		groups, rest = groups+1, rest[4:]
	}
	return digits, groups, rest
}

// digitsIn counts the digits at the beginning.
func digitsIn(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }

// firstWord gives the letters, or the digits, that a text begins with.
func firstWord(s string) string {
	for i, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			return s[:i]
		}
	}
	return s
}

// unmarked spells letters that no decomposition takes apart.
var unmarked = strings.NewReplacer("ø", "o", "æ", "ae", "œ", "oe", "ł", "l", "ı", "i")

// fold gives small letters without accents.
func fold(s string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(strings.ToLower(s)))
	return unmarked.Replace(plain)
}
