package money

import (
	"errors"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestParse_ReadsWhatPeopleType(t *testing.T) {
	for text, want := range map[string]Cents{
		"12": 1200, "12,5": 1250, "12.50": 1250, "1.234,56": 123456, "1,234.56": 123456,
		"1 234,56 €": 123456, "1\u00a0234,56\u00a0€": 123456, "1\u202f234": 123400, "-3,00": -300, "\u22123": -300,
		"+7": 700, "€5": 500, "-€5": -500, "€-5": -500, "5 EUR": 500, "0": 0, "-0": 0, "0,05": 5, "007": 700,
		"1.234.567": 123456700, "1,234,567.8": 123456780, "1.234.567,89": 123456789, "1234567,89": 123456789,
		" 12 ": 1200, "92233720368547758.07": math.MaxInt64, "-92233720368547758.08": math.MinInt64,
	} {
		got, err := Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParse_NamesWhatIsWrong(t *testing.T) {
	for text, want := range map[string]Problem{
		"": ErrEmpty, "  ": ErrEmpty, "€": ErrEmpty, "-": ErrEmpty, "+": ErrEmpty,
		"1.234": ErrAmbiguous, "1,234": ErrAmbiguous, "-12.345 €": ErrAmbiguous,
		"12.345,678": ErrDecimals, "0.123": ErrDecimals, "1234.567": ErrDecimals, "1,2345": ErrDecimals, "1 234,567": ErrDecimals,
		"twelve": ErrMalformed, "12,": ErrMalformed, ",5": ErrMalformed, "1.23.45": ErrMalformed, "1.2345.678": ErrMalformed,
		"12.34,5": ErrMalformed, "1,234.567,8": ErrMalformed, "1 23": ErrMalformed, "--1": ErrMalformed, "1-": ErrMalformed,
		"1.234 567": ErrMalformed, "0.123.456": ErrMalformed, "1e3": ErrMalformed, "0x10": ErrMalformed, "١٢": ErrMalformed,
		"12 € 5": ErrMalformed, "1 2,50": ErrMalformed, ".": ErrMalformed,
		"92233720368547758.08": ErrTooLarge, "-92233720368547758.09": ErrTooLarge, "99999999999999999999999": ErrTooLarge,
	} {
		got, err := Parse(text)
		var typed *ParseError
		if !errors.Is(err, want) || !errors.As(err, &typed) || typed.Input != text || got != 0 {
			t.Errorf("Parse(%q) = %d, %v; want %v", text, got, err, want)
		}
	}
}

func TestString_IsPlain(t *testing.T) {
	for cents, want := range map[Cents]string{
		0: "0.00", 5: "0.05", -5: "-0.05", 123456: "1234.56", -100: "-1.00", math.MinInt64: "-92233720368547758.08",
	} {
		if got := cents.String(); got != want {
			t.Errorf("%d reads %q, want %q", int64(cents), got, want)
		}
	}
}

func TestParse_InvertsString(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Cents(rapid.Int64().Draw(t, "cents"))
		got, err := Parse(c.String())
		if err != nil || got != c {
			t.Fatalf("Parse(%q) = %d, %v", c.String(), got, err)
		}
	})
}

func TestProrate_Table(t *testing.T) {
	for _, c := range []struct {
		total   Cents
		weights []int64
		want    []Cents
	}{
		{100, []int64{1, 1, 1}, []Cents{34, 33, 33}},
		{-100, []int64{1, 1, 1}, []Cents{-34, -33, -33}},
		{1000, []int64{7, 11, 135}, []Cents{46, 72, 882}},
		{10, []int64{0, 0}, []Cents{5, 5}},
		{10, []int64{-3, 1}, []Cents{0, 10}},
		{0, []int64{1, 2}, []Cents{0, 0}},
		{10, nil, nil},
	} {
		if got := Prorate(c.total, c.weights); !slices.Equal(got, c.want) {
			t.Errorf("Prorate(%d, %v) = %v, want %v", c.total, c.weights, got, c.want)
		}
	}
	if got := SplitEvenly(11, 3); !slices.Equal(got, []Cents{4, 4, 3}) {
		t.Errorf("SplitEvenly(11, 3) = %v", got)
	}
	if SplitEvenly(11, 0) != nil || SplitEvenly(11, -1) != nil {
		t.Error("no parts were asked for")
	}
}

func TestProrate_PartsSumToTheWholeAndStayWithinOneCentOfTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := Cents(rapid.Int64().Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Int64Min(0), 1, 12).Draw(t, "weights")
		parts := Prorate(total, weights)
		sum, weightSum := new(big.Int), new(big.Int)
		for i, part := range parts {
			sum.Add(sum, big.NewInt(int64(part)))
			weightSum.Add(weightSum, big.NewInt(weights[i]))
		}
		if sum.Cmp(big.NewInt(int64(total))) != 0 {
			t.Fatalf("parts %v sum to %v, not %d", parts, sum, total)
		}
		if weightSum.Sign() == 0 {
			return
		}
		for i, part := range parts {
			// |part × Σw − total × w| < Σw
			gap := new(big.Int).Mul(big.NewInt(int64(part)), weightSum)
			gap.Sub(gap, new(big.Int).Mul(big.NewInt(int64(total)), big.NewInt(weights[i])))
			if gap.Abs(gap).Cmp(weightSum) >= 0 || (weights[i] == 0 && part != 0) {
				t.Fatalf("part %d of %v is a cent or more from its share", i, parts)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"12", "1.234,56", "1 234,56 €", "-€5", "1.234", "٣", "", "\u2212\u00a0"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(c.String()); err != nil || again != c {
			t.Fatalf("%q reads %d, which reads back %d, %v", text, c, again, err)
		}
	})
}
