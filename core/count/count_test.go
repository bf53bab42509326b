package count

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ratio"
)

func TestFixed_WritesEveryDecimal(t *testing.T) {
	for _, c := range []struct {
		units  int64
		places int
		want   Figure
	}{{131566424, 5, "1315.66424"}, {851, 5, "0.00851"}, {0, 5, "0.00000"}, {-3, 2, "-0.03"}, {12, 0, "12"}} {
		if got := Fixed(big.NewInt(c.units), c.places); got != c.want {
			t.Errorf("%d in %d places: %s, want %s", c.units, c.places, got, c.want)
		}
	}
}

func TestFigure_RatioIsTheSameNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		units, places := rapid.Int64().Draw(t, "units"), rapid.IntRange(0, 12).Draw(t, "places")
		want := ratio.Int(units)
		for range places {
			want = want.Div(ratio.Int(10))
		}
		if got := Fixed(big.NewInt(units), places).Ratio(); !got.Equal(want) {
			t.Fatalf("%s, want %s", got, want)
		}
		if !Of(want).Ratio().Equal(want) {
			t.Fatalf("%s does not read back", Of(want))
		}
	})
}

func TestNothingApproved_OnlyWhenTheDefaultWinsAlone(t *testing.T) {
	none := 1
	for _, c := range []struct {
		r    Result
		want bool
	}{
		{Result{Winners: []int{1}, Default: &none}, true},
		{Result{Winners: []int{0}, Default: &none}, false},
		{Result{Winners: []int{1, 0}, Default: &none}, false},
		{Result{Winners: []int{}, Default: &none}, false}, // nobody voted
		{Result{Winners: []int{1}}, false},
	} {
		if c.r.NothingApproved() != c.want {
			t.Errorf("%v win: %v", c.r.Winners, c.r.NothingApproved())
		}
	}
}
