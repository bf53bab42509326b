package lot

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The expected texts were made with printf and sha256sum, as the package's comment says.
func TestSeed_CanBeRepeatedWithSha256sum(t *testing.T) {
	seed := Seed("abc")
	if got, want := seed.Commitment(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; got != want {
		t.Errorf("commitment %s, want %s", got, want)
	}
	if !seed.Keeps("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD") || seed.Keeps("00") {
		t.Error("a commitment is not recognised")
	}
	order := seed.Order("draw", []string{"Anna", "Berta", "Carla", "Dolors"})
	if want := []int{1, 3, 0, 2}; !slices.Equal(order, want) {
		t.Errorf("drawn %v, want %v", order, want)
	}
}

func TestOrder_DependsOnNamesOnly_AndNotOnWhoElseIsThere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := Seed(rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, "seed"))
		items := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{1,4}`), 1, 12, rapid.ID[string]).Draw(t, "items")
		shuffled := rapid.Permutation(items).Draw(t, "shuffled")
		named := func(from []string) (all []string) {
			for _, i := range seed.Order("x", from) {
				all = append(all, from[i])
			}
			return all
		}
		whole := named(items)
		if !slices.Equal(whole, named(shuffled)) {
			t.Fatalf("%v drawn otherwise when given as %v", items, shuffled)
		}
		if without := named(items[1:]); !slices.Equal(without, slices.DeleteFunc(slices.Clone(whole), func(s string) bool { return s == items[0] })) {
			t.Fatalf("leaving %s out changed the order of the others", items[0])
		}
	})
}

func TestBreaker_FixedOrderComesFirst(t *testing.T) {
	b := Breaker{Seed: "abc", Fixed: []int{2, 1}}
	if got := b.Order("defeat", []int{0, 1, 2}); !slices.Equal(got, []int{2, 1, 0}) {
		t.Errorf("order %v", got)
	}
	if b.Favoured("defeat", []int{0, 1}) != 1 || b.Unfavoured("defeat", []int{0, 1}) != 0 {
		t.Error("the fixed order is not followed")
	}
}

func TestBreaker_TheFixedOrderSettlesWhatItNames(t *testing.T) {
	for _, c := range []struct {
		fixed, tied, chosen []int
		want                bool
	}{
		{[]int{2, 1}, []int{1, 2}, []int{2}, true},
		{[]int{2}, []int{1, 2}, []int{2, 1}, true}, // 1 alone is left over
		{[]int{2}, []int{0, 1, 2}, []int{2}, true},
		{[]int{2}, []int{0, 1, 2}, []int{2, 0}, false},
		{[]int{2}, []int{0, 1}, []int{0}, false},
		{nil, []int{0, 1}, []int{1}, false},
	} {
		if got := (Breaker{Fixed: c.fixed}).Settles(c.tied, c.chosen); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

// By printf and sha256sum the keys of 4, 1, 3 and 2 begin with 0d, 8c, da and f0.
func TestBreaker_OptionsAreDrawnUnderTheirNumbersFromOne(t *testing.T) {
	b := Breaker{Seed: "abc"}
	if got := b.Order("place 2", []int{0, 1, 2, 3}); !slices.Equal(got, []int{3, 0, 2, 1}) {
		t.Errorf("order %v", got)
	}
	b.Fixed = []int{2}
	if got := b.Order("place 2", []int{0, 1, 2, 3}); !slices.Equal(got, []int{2, 3, 0, 1}) {
		t.Errorf("with one option first, and the others by lot: %v", got)
	}
}

func TestKey_ALineBreakForgesNoOtherDraw(t *testing.T) {
	if Seed("a").Key("b\nc", "d") != Seed("a").Key("b", "d") {
		t.Error("what follows a line break counts")
	}
}
