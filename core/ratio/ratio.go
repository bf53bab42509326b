// Package ratio holds the exact fraction: votes weighted by class, quorums and
// thresholds are counted with it, so that no rounding ever decides anything.
//
// Equations that hold for all ratios a, b, c:
//
//	a.Add(b) = b.Add(a)                    a.Add(b).Sub(b) = a
//	a.Mul(b.Add(c)) = a.Mul(b).Add(a.Mul(c))
//	a.Div(b).Mul(b) = a                    (b not 0)
//	Parse(a.String()) = a
//	a.Floor() <= a <= a.Ceil() < a.Floor() + 2
package ratio

import (
	"database/sql/driver"
	"fmt"
	"math/big"
	"regexp"
)

// Ratio is an immutable fraction in lowest terms with a positive denominator.
// It is passed and copied by value; no method changes it. The zero Ratio is 0.
// Ratios are compared with Cmp or Equal; == does not compile.
type Ratio struct {
	_ [0]func()
	r *big.Rat // never changed once set; nil is 0
}

// New gives num/den in lowest terms. It panics when den is 0, as integer
// division does: who calls it checks the data first.
func New(num, den int64) Ratio {
	if den == 0 {
		panic("ratio: denominator is zero")
	}
	return of(big.NewRat(num, den))
}

// Int gives a whole number.
func Int(n int64) Ratio { return New(n, 1) }

// Of gives the fraction r, which stays the caller's.
func Of(r *big.Rat) Ratio { return of(new(big.Rat).Set(r)) }

// written is the grammar of Parse: digits, and a second number after a slash.
var written = regexp.MustCompile(`^-?[0-9]+(/[0-9]+)?$`)

// Parse reads what String writes: "61/90", "-3", "3". It takes fractions that
// are not in lowest terms, and refuses decimals, exponents, spaces and x/0.
func Parse(s string) (Ratio, error) {
	if !written.MatchString(s) {
		return Ratio{}, fmt.Errorf("ratio: %q is not a fraction", s)
	}
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		return Ratio{}, fmt.Errorf("ratio: %q is not a fraction", s)
	}
	return of(r), nil
}

// Add gives a + b.
func (a Ratio) Add(b Ratio) Ratio { return of(new(big.Rat).Add(a.rat(), b.rat())) }

// Sub gives a - b.
func (a Ratio) Sub(b Ratio) Ratio { return of(new(big.Rat).Sub(a.rat(), b.rat())) }

// Mul gives a × b.
func (a Ratio) Mul(b Ratio) Ratio { return of(new(big.Rat).Mul(a.rat(), b.rat())) }

// Div gives a / b. It panics when b is 0.
func (a Ratio) Div(b Ratio) Ratio {
	if b.Sign() == 0 {
		panic("ratio: division by zero")
	}
	return of(new(big.Rat).Quo(a.rat(), b.rat()))
}

// Cmp is -1, 0 or +1 as a is less than, equal to or greater than b.
func (a Ratio) Cmp(b Ratio) int { return a.rat().Cmp(b.rat()) }

// Equal says whether a and b are the same number.
func (a Ratio) Equal(b Ratio) bool { return a.Cmp(b) == 0 }

// Sign is -1, 0 or +1 as a is negative, zero or positive.
func (a Ratio) Sign() int { return a.rat().Sign() }

// IsZero says whether a is 0.
func (a Ratio) IsZero() bool { return a.Sign() == 0 }

// IsInt says whether a is a whole number.
func (a Ratio) IsInt() bool { return a.rat().IsInt() }

// Floor gives the greatest whole number that is not above a.
func (a Ratio) Floor() Ratio {
	// Euclidean division rounds down when the divisor is positive, as here.
	n := new(big.Int).Div(a.rat().Num(), a.rat().Denom())
	return of(new(big.Rat).SetInt(n))
}

// Ceil gives the least whole number that is not below a.
func (a Ratio) Ceil() Ratio { return Int(0).Sub(Int(0).Sub(a).Floor()) }

// Max gives the greater of a and b.
func Max(a, b Ratio) Ratio {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// Min gives the smaller of a and b.
func Min(a, b Ratio) Ratio {
	if a.Cmp(b) > 0 {
		return b
	}
	return a
}

// Sum adds any number of ratios; the sum of none is 0.
func Sum(all ...Ratio) Ratio {
	total := new(big.Rat)
	for _, a := range all {
		total.Add(total, a.rat())
	}
	return of(total)
}

// String writes "61/90", and "3" for a whole number.
func (a Ratio) String() string { return a.rat().RatString() }

// Num is the numerator in lowest terms, in decimal digits, with the sign.
func (a Ratio) Num() string { return a.rat().Num().String() }

// Den is the denominator in lowest terms, in decimal digits; always positive.
func (a Ratio) Den() string { return a.rat().Denom().String() }

// Decimal writes the number with a point and the given places, for people to
// read beside the exact fraction; nothing is ever decided with it. What is
// left over is rounded to the nearest, and a half to the even digit: 1/8 with
// two places is 0.12, 3/8 is 0.38. Negative places count as none.
func (a Ratio) Decimal(places int) string {
	places = max(places, 0)
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := new(big.Int).Mul(new(big.Int).Abs(a.rat().Num()), scale)
	q, rest := new(big.Int).QuoRem(num, a.rat().Denom(), new(big.Int))
	half := rest.Lsh(rest, 1).Cmp(a.rat().Denom())
	if half > 0 || (half == 0 && q.Bit(0) == 1) {
		q.Add(q, big.NewInt(1))
	}
	return point(q, places, a.Sign() < 0 && q.Sign() > 0)
}

// point sets the decimal point in a whole number of units of the last place.
func point(q *big.Int, places int, negative bool) string {
	digits := fmt.Sprintf("%0*s", places+1, q.String())
	if places > 0 {
		digits = digits[:len(digits)-places] + "." + digits[len(digits)-places:]
	}
	if negative {
		return "-" + digits
	}
	return digits
}

// MarshalText writes the fraction as String does.
func (a Ratio) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (a *Ratio) UnmarshalText(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*a = parsed
	return nil
}

// Value stores the fraction as its text.
func (a Ratio) Value() (driver.Value, error) { return a.String(), nil }

// Scan reads a stored fraction; NULL is 0.
func (a *Ratio) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*a = Ratio{}
		return nil
	case int64:
		*a = Int(v)
		return nil
	case string:
		return a.UnmarshalText([]byte(v))
	case []byte:
		return a.UnmarshalText(v)
	}
	return fmt.Errorf("ratio: cannot read a fraction from %T", src)
}

// zero stands for the nil inside the zero Ratio; it is only ever read.
var zero = new(big.Rat)

func (a Ratio) rat() *big.Rat {
	if a.r == nil {
		return zero
	}
	return a.r
}

// of wraps a number that nobody else will change.
func of(r *big.Rat) Ratio {
	if r.Sign() == 0 {
		return Ratio{}
	}
	return Ratio{r: r}
}

// Rat is the fraction as a big.Rat of its own, for writing it out.
func (a Ratio) Rat() *big.Rat { return new(big.Rat).Set(a.rat()) }
