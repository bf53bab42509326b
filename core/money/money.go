// Package money holds amounts as integer cents: it reads what people type,
// writes what machines read, and divides without losing or inventing a cent.
// No float touches an amount.
package money

import (
	"strconv"
)

// Cents is an amount in hundredths of the cooperative's currency. It may be
// negative. For every c: Parse(c.String()) == c.
type Cents int64

// String writes the amount with a point and two decimals and without grouping,
// such as "1234.56" or "-0.05". It is for files and forms; pages format an
// amount for the reader's language instead.
func (c Cents) String() string {
	digits := strconv.FormatUint(c.magnitude(), 10)
	for len(digits) < 3 {
		digits = "0" + digits
	}
	point := len(digits) - 2
	text := digits[:point] + "." + digits[point:]
	if c < 0 {
		return "-" + text
	}
	return text
}

// magnitude is the amount without its sign. Negating in unsigned arithmetic is
// right for the smallest int64 too, which has no positive counterpart.
func (c Cents) magnitude() uint64 {
	if c < 0 {
		return -uint64(c) //nolint:gosec // wraps round on purpose, see above
	}
	return uint64(c)
}
