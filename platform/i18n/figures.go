package i18n

import (
	"math/big"
	"strconv"
	"strings"
)

const (
	nbsp  = "\u00a0"
	minus = "\u2212"
)

// marks gives the thousands and the decimal mark of the language.
func (t *Texts) marks() (thousands, decimal string) {
	if t.lang == English {
		return ",", "."
	}
	return ".", ","
}

// Number writes a whole number: "1.234", "1,234".
func (t *Texts) Number(n int64) string {
	thousands, _ := t.marks()
	sign, digits := split(n)
	return sign + group(digits, thousands)
}

// Money writes an amount in cents with its currency as the language does:
// "1.234,50 €", "€1,234.50". A currency without a common sign keeps its code.
func (t *Texts) Money(cents int64, currency string) string {
	sign, amount := t.amount(cents)
	symbol := map[string]string{"EUR": "€", "GBP": "£"}[currency]
	switch {
	case symbol == "":
		return sign + amount + nbsp + currency
	case t.lang == English:
		return sign + symbol + amount
	}
	return sign + amount + nbsp + symbol
}

// Amount writes cents without the currency, for a column whose head names it: "1.234,50".
func (t *Texts) Amount(cents int64) string {
	sign, amount := t.amount(cents)
	return sign + amount
}

// AmountInput writes cents as a person types them into a field, without thousands marks: "1234,50".
func (t *Texts) AmountInput(cents int64) string {
	thousands, _ := t.marks()
	_, amount := t.amount(cents)
	amount = strings.ReplaceAll(amount, thousands, "")
	if cents < 0 {
		return "-" + amount
	}
	return amount
}

func (t *Texts) amount(cents int64) (sign, amount string) {
	thousands, decimal := t.marks()
	sign, digits := split(cents)
	for len(digits) < 3 {
		digits = "0" + digits
	}
	cut := len(digits) - 2
	return sign, group(digits[:cut], thousands) + decimal + digits[cut:]
}

// Percent writes num/den in per cent: "20 %", or "66,7 %" rounded half up to one
// decimal when it is not whole. It gives "–" when den is zero.
func (t *Texts) Percent(num, den int64) string {
	if den == 0 {
		return "–"
	}
	return t.PercentRat(big.NewRat(num, den))
}

// PercentRat writes an exact ratio in per cent, as Percent does.
func (t *Texts) PercentRat(r *big.Rat) string {
	_, decimal := t.marks()
	scaled := new(big.Rat).Mul(r, big.NewRat(100, 1))
	digits := scaled.FloatString(1) // exact decimal expansion, half away from zero
	if scaled.IsInt() {
		digits = scaled.Num().String()
	}
	digits = strings.Replace(digits, ".", decimal, 1)
	if after, ok := strings.CutPrefix(digits, "-"); ok {
		digits = minus + after
	}
	if t.lang == English {
		return digits + "%"
	}
	return digits + nbsp + "%"
}

// Ratio writes an exact number: whole as Number does, else with up to two decimals, and with the fraction beside where two
// decimals round it: "45,72", "33,33 (100/3)".
func (t *Texts) Ratio(r *big.Rat) string {
	thousands, decimal := t.marks()
	if r.IsInt() && r.Num().IsInt64() {
		return t.Number(r.Num().Int64())
	}
	rounded := r.FloatString(2)
	exact, ok := new(big.Rat).SetString(rounded)
	sign := ""
	if after, negative := strings.CutPrefix(rounded, "-"); negative {
		sign, rounded = minus, after
	}
	whole, decimals, _ := strings.Cut(rounded, ".")
	written := sign + group(whole, thousands)
	if decimals = strings.TrimRight(decimals, "0"); decimals != "" {
		written += decimal + decimals
	}
	if ok && exact.Cmp(r) == 0 {
		return written
	}
	return written + nbsp + "(" + strings.Replace(r.RatString(), "-", minus, 1) + ")"
}

// split gives the sign and the digits of a number; it holds for the smallest int64 too.
func split(n int64) (sign, digits string) {
	s := strconv.FormatInt(n, 10)
	if after, ok := strings.CutPrefix(s, "-"); ok {
		return minus, after
	}
	return "", s
}

// group puts a mark between each three digits.
func group(digits, mark string) string {
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteString(mark)
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Decimal writes an exact decimal such as "1315.66424" in the language's marks, with every digit that it has. What is no
// decimal is given back as it is.
func (t *Texts) Decimal(text string) string {
	whole, decimals, _ := strings.Cut(text, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return text
	}
	_, point := t.marks()
	out := t.Number(n)
	if n == 0 && strings.HasPrefix(whole, "-") {
		out = "-" + out
	}
	if decimals != "" {
		out += point + decimals
	}
	return out
}
