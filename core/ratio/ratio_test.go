package ratio

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func anyRatio(t *rapid.T, name string) Ratio {
	return New(rapid.Int64().Draw(t, name+" num"), rapid.Int64Range(1, 1<<62).Draw(t, name+" den"))
}

func TestString_LowestTerms(t *testing.T) {
	for _, c := range []struct {
		r    Ratio
		want string
	}{
		{New(61, 90), "61/90"}, {New(60, 90), "2/3"}, {New(6, 2), "3"}, {New(1, -2), "-1/2"}, {Ratio{}, "0"}, {New(0, 7), "0"},
		{New(-9223372036854775808, 1), "-9223372036854775808"}, {New(1, -9223372036854775808), "-1/9223372036854775808"},
	} {
		if got := c.r.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
	if r := New(-60, 90); r.Num() != "-2" || r.Den() != "3" {
		t.Errorf("num %s, den %s", r.Num(), r.Den())
	}
}

func TestNew_DenominatorZero_Panics(t *testing.T) {
	for name, f := range map[string]func(){
		"New": func() { New(1, 0) },
		"Div": func() { Int(1).Div(Ratio{}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s by zero did not panic", name)
				}
			}()
			f()
		}()
	}
}

func TestParse_WhatIsNotAFraction_IsRefused(t *testing.T) {
	for _, s := range []string{"", "1/0", "0.5", "1e3", " 1", "1/ 2", "1/-2", "+1", "1/2/3", "0x10", "1_000", "½"} {
		if r, err := Parse(s); err == nil {
			t.Errorf("Parse(%q) = %v, want an error", s, r)
		}
	}
	if r, err := Parse("122/180"); err != nil || r.String() != "61/90" {
		t.Errorf("got %v, %v", r, err)
	}
}

func TestDecimal_NearestAndHalfToEven(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		places   int
		want     string
	}{
		{1, 8, 2, "0.12"}, {3, 8, 2, "0.38"}, {2, 3, 4, "0.6667"}, {1, 3, 0, "0"}, {1, 2, 0, "0"}, {3, 2, 0, "2"}, {5, 2, 0, "2"},
		{-1, 8, 2, "-0.12"}, {-1, 1000, 2, "0.00"}, {61, 90, 3, "0.678"}, {3, 1, 2, "3.00"}, {1, 100, 2, "0.01"}, {999, 1000, 2, "1.00"}, {7, 2, -1, "4"},
	} {
		if got := New(c.num, c.den).Decimal(c.places); got != c.want {
			t.Errorf("%d/%d with %d places = %s, want %s", c.num, c.den, c.places, got, c.want)
		}
	}
}

func TestArithmetic_Equations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := anyRatio(t, "a"), anyRatio(t, "b"), anyRatio(t, "c")
		before := a.String()
		same(t, "a+b = b+a", a.Add(b), b.Add(a))
		same(t, "a+b-b = a", a.Add(b).Sub(b), a)
		same(t, "a(b+c) = ab+ac", a.Mul(b.Add(c)), a.Mul(b).Add(a.Mul(c)))
		same(t, "sum", Sum(a, b, c), a.Add(b).Add(c))
		if b.Sign() != 0 {
			same(t, "a/b*b = a", a.Div(b).Mul(b), a)
		}
		if a.Cmp(b) != a.Sub(b).Sign() || a.Cmp(b) != -b.Cmp(a) {
			t.Fatal("Cmp is not the sign of the difference")
		}
		if Max(a, b).Cmp(Min(a, b)) < 0 || !Max(a, b).Add(Min(a, b)).Equal(a.Add(b)) {
			t.Fatal("Max and Min are not a and b in order")
		}
		if a.String() != before {
			t.Fatal("a ratio has changed")
		}
	})
}

func TestFloorCeil_Equations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.Int64Range(-1000, 1000).Draw(t, "num"), rapid.Int64Range(1, 60).Draw(t, "den"))
		f, c := a.Floor(), a.Ceil()
		if !f.IsInt() || !c.IsInt() || f.Cmp(a) > 0 || c.Cmp(a) < 0 || f.Add(Int(1)).Cmp(a) <= 0 || c.Sub(Int(1)).Cmp(a) >= 0 {
			t.Fatalf("floor %v, ceil %v of %v", f, c, a)
		}
		if a.IsInt() != f.Equal(c) {
			t.Fatal("only whole numbers are their own floor and ceiling")
		}
	})
}

func TestDecimal_WithinHalfAUnit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := New(rapid.Int64Range(-100_000, 100_000).Draw(t, "num"), rapid.Int64Range(1, 999).Draw(t, "den"))
		places := rapid.IntRange(0, 6).Draw(t, "places")
		units, err := Parse(strings.Replace(a.Decimal(places), ".", "", 1))
		if err != nil {
			t.Fatal(err)
		}
		scale := Int(1)
		for range places {
			scale = scale.Mul(Int(10))
		}
		gap := units.Sub(a.Mul(scale))
		if Max(gap, Int(0).Sub(gap)).Cmp(New(1, 2)) > 0 {
			t.Fatalf("%v with %d places = %s", a, places, a.Decimal(places))
		}
	})
}

func TestText_Inverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRatio(t, "a")
		text, err := json.Marshal(struct{ R Ratio }{want})
		if err != nil {
			t.Fatal(err)
		}
		var got struct{ R Ratio }
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		same(t, "JSON", got.R, want)
		v, err := want.Value()
		if err != nil {
			t.Fatal(err)
		}
		var stored Ratio
		if err := stored.Scan(v); err != nil {
			t.Fatal(err)
		}
		same(t, "Scan(Value())", stored, want)
		parsed, err := Parse(want.String())
		if err != nil {
			t.Fatal(err)
		}
		same(t, "Parse(String())", parsed, want)
	})
}

func TestScan_OtherSources(t *testing.T) {
	r := Int(5)
	if err := r.Scan(nil); err != nil || !r.IsZero() {
		t.Errorf("NULL = %v, %v", r, err)
	}
	if err := r.Scan(int64(4)); err != nil || r.String() != "4" {
		t.Errorf("4 = %v, %v", r, err)
	}
	if err := r.Scan([]byte("1/3")); err != nil || r.String() != "1/3" {
		t.Errorf("1/3 = %v, %v", r, err)
	}
	if err := r.Scan(0.5); err == nil {
		t.Error("a float was taken for a fraction")
	}
}

func same(t *rapid.T, what string, got, want Ratio) {
	t.Helper()
	if !got.Equal(want) {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
