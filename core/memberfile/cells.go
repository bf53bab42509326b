package memberfile

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"socia/core/civil"
)

// maxNumber keeps member numbers short enough to be read aloud.
const maxNumber = 999_999_999

// readCell puts one cell into the row, or reports why not.
func (r *reader) readCell(row *Row, i int, f field, cell string) {
	if cell == "" {
		if slices.Contains(required(), f) {
			r.reportCell(i, keyMissing+string(f), nil)
		}
		return
	}
	if utf8.RuneCountInString(cell) > MaxRunes {
		r.reportCell(i, keyTooLong, map[string]any{"max": MaxRunes})
		return
	}
	if Unsafe(cell) {
		r.reportCell(i, keyBadCharacter, nil)
		return
	}
	switch key := r.fill(row, f, cell); key {
	case "":
	case keyUnnamedColumn:
		r.reportCell(i, key, nil)
	case keyBadYear:
		r.reportCell(i, key, map[string]any{"value": clip(cell), "first": firstYear, "last": lastYear})
	case keyBadVotes:
		r.reportCell(i, key, map[string]any{"value": clip(cell), "most": r.most})
	default:
		r.reportCell(i, key, map[string]any{"value": clip(cell)})
	}
}

// fill reads a cell that is not empty into its field and gives the key of the
// fault, or "".
func (r *reader) fill(row *Row, f field, cell string) (key string) {
	ok := true
	switch f {
	case number:
		row.Number, ok = readNumber(cell)
		key = keyBadNumber
	case name:
		row.Name = cell
	case kind:
		row.Kind, ok = kinds()[fold(cell)]
		key = keyBadKind
	case class:
		row.Class, ok = r.names.classes.find(cell)
		key = keyUnknownClass
	case collective:
		row.Collective, ok = r.names.collectives.find(cell)
		if !ok && r.names.mayAdd {
			r.names.collectives.add(cell, cell)
			row.Collective, ok = cell, true
		}
		key = keyUnknownGroup
	case email:
		row.Email, ok = cell, IsAddress(cell)
		key = keyBadEmail
	case joinedOn:
		row.JoinedOn, key = readDate(cell)
		if key == "" && !r.today.IsZero() && row.JoinedOn.After(r.today) {
			key = keyJoinsLater
		}
		return key
	case leftOn:
		row.LeftOn, key = readDate(cell)
		return key
	case representative:
		row.Representative = cell
	case language:
		row.Language, ok = languages()[fold(cell)]
		key = keyBadLanguage
	case votes:
		row.Votes, ok = readNumber(cell)
		ok, key = ok && row.Votes <= r.most, keyBadVotes
	case noField:
		ok, key = false, keyUnnamedColumn
	}
	if ok {
		return ""
	}
	return key
}

func readNumber(cell string) (int64, bool) {
	n, err := strconv.ParseUint(cell, 10, 63)
	return int64(n), err == nil && n >= 1 && n <= maxNumber
}

// IsAddress takes a bare address only: no display name, brackets, comment or quotes.
// It is stricter than RFC 5322, which allows what no mail provider gives out, and by
// hand, because net/mail would bring the network into core. Letters of any script
// may occur (RFC 6531).
func IsAddress(cell string) bool {
	local, domain, found := strings.Cut(cell, "@")
	if !found || len(cell) > 254 || len(local) > 64 || !strings.Contains(domain, ".") {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if len(label) > 63 || !made(label, "-") || strings.Trim(label, "-") != label {
			return false
		}
	}
	for atom := range strings.SplitSeq(local, ".") {
		if !made(atom, "!#$%&'*+-/=?^_`{|}~") {
			return false
		}
	}
	return true
}

// made says whether a text has something in it, and only letters, digits and marks.
func made(text, marks string) bool {
	other := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(marks, r)
	}
	return text != "" && !strings.ContainsFunc(text, other)
}

// The years that a day may have. Members' files go back to the founding of a cooperative, not further.
const (
	firstYear = 1900
	lastYear  = 2199
)

// readDate reads 2026-01-31, 31/01/2026 and 31-1-2026, or gives the key of what is wrong; the day comes before the
// month, as here. Years are four digits from firstYear to lastYear.
func readDate(cell string) (d civil.Date, key string) {
	mark := "/"
	if strings.Contains(cell, "-") {
		mark = "-"
	}
	parts := strings.Split(cell, mark)
	if len(parts) != 3 {
		return d, keyBadDate
	}
	if len(parts[0]) == 4 && mark == "-" {
		parts[0], parts[2] = parts[2], parts[0]
		if len(parts[0]) != 2 || len(parts[1]) != 2 {
			return d, keyBadDate
		}
	}
	day, okDay := digits(parts[0], 2)
	month, okMonth := digits(parts[1], 2)
	year, okYear := digits(parts[2], 4)
	if !okDay || !okMonth || !okYear || len(parts[2]) != 4 {
		return d, keyBadDate
	}
	// A day that the month lacks comes back as another one.
	at := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if at.Day() != day || at.Month() != time.Month(month) {
		return d, keyBadDate
	}
	if year < firstYear || year > lastYear {
		return d, keyBadYear
	}
	return civil.Of(at, time.UTC), ""
}

func digits(text string, most int) (int, bool) {
	if text == "" || len(text) > most || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// lookups find what the cooperative knows under the spelling of a file.
type lookups struct {
	classes     lookup
	collectives lookup
	mayAdd      bool // a collective that is not known is a new one
}

func newLookups(known Known) lookups {
	l := lookups{classes: newLookup(), collectives: newLookup(), mayAdd: known.NewCollectives}
	for _, spelling := range slices.Sorted(maps.Keys(known.Classes)) {
		l.classes.add(spelling, known.Classes[spelling])
	}
	// Codes come last: one class's code wins over another's name.
	for _, code := range slices.Sorted(maps.Values(known.Classes)) {
		l.classes.add(code, code)
	}
	for _, name := range known.Collectives {
		l.collectives.add(name, name)
	}
	return l
}

// lookup maps spellings to values, as they are and folded. A folded spelling of two
// different values finds neither: such names must be written exactly.
type lookup struct {
	exact  map[string]string
	folded map[string]string
	twice  map[string]bool
}

func newLookup() lookup {
	return lookup{exact: map[string]string{}, folded: map[string]string{}, twice: map[string]bool{}}
}

func (l lookup) add(spelling, value string) {
	l.exact[squeeze(spelling)] = value
	key := fold(spelling)
	if other, taken := l.folded[key]; taken && other != value {
		l.twice[key] = true
	}
	l.folded[key] = value
}

func (l lookup) find(cell string) (string, bool) {
	if value, ok := l.exact[cell]; ok {
		return value, true
	}
	key := fold(cell)
	value, ok := l.folded[key]
	if !ok || key == "" || l.twice[key] {
		return "", false
	}
	return value, true
}
