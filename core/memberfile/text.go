package memberfile

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// decode gives the file as UTF-8 without a byte-order mark and with \n or \r\n as
// line breaks. Bytes that are not UTF-8 are read as Windows-1252. badLine is the
// line, from 1, of a byte that neither encoding has (UTF-16 shows as NUL bytes), or
// 0 when all is well.
func decode(data []byte) (text string, badLine int) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return "", 1 + bytes.Count(data[:i], []byte("\n"))
	}
	text = string(data)
	if !utf8.Valid(data) {
		if text, badLine = decode1252(data); badLine > 0 {
			return "", badLine
		}
	}
	if !strings.Contains(text, "\n") {
		// Old Macintosh programs end lines with a bare carriage return.
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text, 0
}

// upper1252 is 0x80 to 0x9f of Windows-1252; everywhere else it is ISO-8859-1. The
// replacement character marks the five bytes that it leaves undefined.
var upper1252 = []rune("€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ")

func decode1252(data []byte) (text string, badLine int) {
	var out strings.Builder
	out.Grow(len(data) + len(data)/8)
	line := 1
	for _, b := range data {
		r := rune(b)
		if b >= 0x80 && b <= 0x9f {
			r = upper1252[b-0x80]
		}
		if r == unicode.ReplacementChar {
			return "", line
		}
		if b == '\n' {
			line++
		}
		out.WriteRune(r)
	}
	return out.String(), 0
}

// squeeze trims a cell and turns every run of white space, line breaks included,
// into one space.
func squeeze(cell string) string { return strings.Join(strings.Fields(cell), " ") }

// Unsafe says whether a text has characters that no name has: controls, broken or
// private ones, and the marks that turn the direction of writing and so can make
// one name look like another. Joiners stay: some scripts need them.
func Unsafe(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar || r == '\ufeff' ||
			(r >= '\u202a' && r <= '\u202e') || (r >= '\u2066' && r <= '\u2069')
	})
}

// clip shortens a text that is quoted in a fault.
func clip(text string) string {
	runes := []rune(text)
	if len(runes) <= 60 {
		return text
	}
	return string(runes[:59]) + "…"
}

// fold makes a word comparable: lower case, without accents, and only letters and
// digits, so that "Col·lectiu", "col.lectiu", "coŀlectiu" and "collectiu" agree.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		r = unicode.ToLower(r)
		if plain, accented := plainLetters[r]; accented {
			return plain
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text)
}

// plainLetters gives the letter under an accent for the languages around us.
// Accents written as combining marks are no letters and fall out of fold.
var plainLetters = map[rune]rune{
	'à': 'a', 'á': 'a', 'â': 'a', 'ä': 'a', 'ã': 'a', 'å': 'a', 'ç': 'c', 'è': 'e', 'é': 'e', 'ê': 'e', 'ë': 'e',
	'ì': 'i', 'í': 'i', 'î': 'i', 'ï': 'i', 'ñ': 'n', 'ò': 'o', 'ó': 'o', 'ô': 'o', 'ö': 'o', 'õ': 'o',
	'ù': 'u', 'ú': 'u', 'û': 'u', 'ü': 'u', 'ý': 'y', 'ÿ': 'y', 'ŀ': 'l', 'º': 'o', 'ª': 'a',
}
