package money

import (
	"math"
	"strconv"
	"strings"
)

// Problem says why a text is not an amount. The problems are the Err constants
// of this package; a page translates Key.
type Problem string

// The problems that Parse reports.
const (
	// ErrEmpty: there is nothing but spaces or a currency sign.
	ErrEmpty Problem = "money.empty"
	// ErrMalformed: it is not a number, or its grouping is wrong, such as "12.34.5".
	ErrMalformed Problem = "money.malformed"
	// ErrAmbiguous: "1.234" is one thousand in Barcelona and one euro in London.
	ErrAmbiguous Problem = "money.ambiguous"
	// ErrDecimals: there are more than two decimals.
	ErrDecimals Problem = "money.too_many_decimals"
	// ErrTooLarge: the amount does not fit into an int64 of cents.
	ErrTooLarge Problem = "money.too_large"
)

// Error is the message key; people read its translation.
func (p Problem) Error() string { return string(p) }

// Key is the message key of the problem.
func (p Problem) Key() string { return string(p) }

// ParseError is what Parse returns: the problem and the text that has it.
// errors.Is(err, ErrAmbiguous) and the like look through it.
type ParseError struct {
	Input   string
	Problem Problem
}

// Error names the problem and quotes the text.
func (e *ParseError) Error() string { return e.Problem.Error() + ": " + strconv.Quote(e.Input) }

// Unwrap gives the problem, so that errors.Is finds it.
func (e *ParseError) Unwrap() error { return e.Problem }

// Parse reads an amount as people in Catalonia, Spain or Britain type it: "12",
// "12,5", "12.50", "1.234,56", "1,234.56", "1 234,56 €", "-3,00". A sign stands
// in front; "€" or "EUR" may stand in front or behind. Groups have three digits.
// When both point and comma occur, the last one is the decimal mark. One mark
// with exactly three digits behind it ("1.234") is refused as ambiguous rather
// than guessed. Errors are *ParseError.
func Parse(s string) (Cents, error) {
	cents, problem := parse(s)
	if problem != "" {
		return 0, &ParseError{Input: s, Problem: problem}
	}
	return cents, nil
}

func parse(s string) (Cents, Problem) {
	body, negative := unsign(uncurrency(plainSpaces.Replace(s)))
	if body == "" {
		return 0, ErrEmpty
	}
	whole, decimals, problem := split(body)
	if problem != "" {
		return 0, problem
	}
	return assemble(whole, decimals, negative)
}

// plainSpaces turns the no-break and thin spaces that word processors and banks
// put between groups into plain ones, and the typographic minus into a hyphen.
var plainSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\t", " ", "\u2212", "-")

func uncurrency(s string) string {
	s = strings.TrimSpace(s)
	for _, sign := range []string{"€", "EUR"} {
		if rest, found := strings.CutSuffix(s, sign); found {
			return strings.TrimSpace(rest)
		}
		if rest, found := strings.CutPrefix(s, sign); found {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

func unsign(s string) (body string, negative bool) {
	if rest, found := strings.CutPrefix(s, "-"); found {
		// "-€5" is as common as "€-5".
		return uncurrency(rest), true
	}
	return strings.TrimPrefix(s, "+"), false
}

// split finds the decimal mark and gives the digits on both sides of it.
func split(body string) (whole, decimals string, problem Problem) {
	for _, r := range body {
		if (r < '0' || r > '9') && r != '.' && r != ',' && r != ' ' {
			return "", "", ErrMalformed
		}
	}
	mark := decimalMark(body)
	left, right := body, ""
	if mark != 0 {
		i := strings.LastIndexByte(body, mark)
		left, right = body[:i], body[i+1:]
		if problem = decimalProblem(left, right, body); problem != "" {
			return "", "", problem
		}
	}
	if whole = ungroup(left); whole == "" {
		return "", "", ErrMalformed
	}
	return whole, right, ""
}

// decimalMark is the byte that separates the decimals, or 0 when there are none.
func decimalMark(body string) byte {
	point, comma := strings.LastIndexByte(body, '.'), strings.LastIndexByte(body, ',')
	switch {
	case point < 0 && comma < 0:
		return 0
	case comma > point && (point >= 0 || strings.Count(body, ",") == 1):
		return ','
	case point > comma && (comma >= 0 || strings.Count(body, ".") == 1):
		return '.'
	}
	// The same mark several times and no other one: groups, as in 1.234.567.
	return 0
}

func decimalProblem(left, right, body string) Problem {
	if strings.Contains(right, " ") || right == "" {
		return ErrMalformed
	}
	if len(right) <= 2 {
		return ""
	}
	if len(right) == 3 && couldBeGroups(left) && !strings.ContainsAny(left, "., ") {
		return ErrAmbiguous
	}
	if ungroup(left) == "" {
		return ErrMalformed
	}
	return ErrDecimals
}

// couldBeGroups says whether digits before a mark can be a leading group: one to
// three digits without a leading zero. "0.123" and "1234.567" can only be decimals.
func couldBeGroups(left string) bool {
	return len(left) >= 1 && len(left) <= 3 && left[0] != '0'
}

// ungroup removes one kind of group mark, and gives "" if the groups are not of
// three digits each or the marks are mixed.
func ungroup(left string) string {
	i := strings.IndexAny(left, "., ")
	if i < 0 {
		return left
	}
	groups := strings.Split(left, left[i:i+1])
	for n, group := range groups {
		if strings.ContainsAny(group, "., ") || (n > 0 && len(group) != 3) || (n == 0 && !couldBeGroups(group)) {
			return ""
		}
	}
	return strings.Join(groups, "")
}

func assemble(whole, decimals string, negative bool) (Cents, Problem) {
	magnitude, err := strconv.ParseUint(whole+(decimals + "00")[:2], 10, 64)
	if err != nil {
		return 0, ErrTooLarge
	}
	if negative && magnitude <= 1<<63 {
		return Cents(-magnitude), "" //nolint:gosec // wraps round to the negative amount, the smallest one too
	}
	if magnitude > math.MaxInt64 {
		return 0, ErrTooLarge
	}
	return Cents(magnitude), ""
}
