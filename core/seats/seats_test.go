package seats

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/count"
	"socia/core/lot"
)

func anyOrder(t *rapid.T) [][]int {
	options := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "options")[:rapid.IntRange(1, 8).Draw(t, "how many")]
	var order [][]int
	for i, option := range options {
		if i > 0 && rapid.Bool().Draw(t, "tied") {
			order[len(order)-1] = append(order[len(order)-1], option)
			continue
		}
		order = append(order, []int{option})
	}
	return order
}

func swaps(f Filling) (n int) {
	for _, act := range f.Acts {
		if act.Kind == count.ActSwap {
			n++
		}
	}
	return n
}

func within(options, group []int) (n int) {
	for _, option := range options {
		if slices.Contains(group, option) {
			n++
		}
	}
	return n
}

func TestParity_IsReachedWheneverItCanBe_WithTheFewestSwaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		order, lots := anyOrder(t), lot.Breaker{Seed: lot.Seed(rapid.StringMatching("[a-f]{2}").Draw(t, "seed"))}
		n := rapid.IntRange(0, 9).Draw(t, "seats")
		p := Parity{Group: rapid.SliceOfNDistinct(rapid.IntRange(0, 7), 0, 8, rapid.ID[int]).Draw(t, "group"), Least: rapid.IntRange(0, 5).Draw(t, "least")}
		all := slices.Concat(order...)
		plain, fair := Fill(order, n, lots, nil), Fill(order, n, lots, &p)
		if len(plain.Winners) != min(n, len(all)) || len(fair.Winners) != len(plain.Winners) {
			t.Fatalf("%v and %v for %d seats", plain.Winners, fair.Winners, n)
		}
		can := min(p.Least, n, within(all, p.Group))
		if got := within(fair.Winners, p.Group); got < can {
			t.Fatalf("%d of the group elected, %d can be: %+v", got, can, fair)
		}
		if got, want := swaps(fair), max(0, can-within(plain.Winners, p.Group)); got != want {
			t.Fatalf("%d swaps, want %d", got, want)
		}
		if swaps(fair) == 0 && !slices.Equal(fair.Winners, plain.Winners) {
			t.Fatalf("%v became %v without need", plain.Winners, fair.Winners)
		}
		bestOfEach(t, order, fair.Winners, p.Group)
	})
}

// bestOfEach: nobody of either side is elected while one of the same side that stands before is not.
func bestOfEach(t *rapid.T, order [][]int, winners, group []int) {
	tier := map[int]int{}
	for at, options := range order {
		for _, option := range options {
			tier[option] = at
		}
	}
	for _, in := range winners {
		for out := range tier {
			if !slices.Contains(winners, out) && slices.Contains(group, in) == slices.Contains(group, out) && tier[out] < tier[in] {
				t.Fatalf("%d is elected and %d, who stands before, is not", in, out)
			}
		}
	}
	if !slices.IsSortedFunc(winners, func(a, b int) int { return tier[a] - tier[b] }) {
		t.Fatalf("winners %v are not in the order %v", winners, order)
	}
}

func TestFill_ATieForTheLastSeatIsDrawnAndRecorded(t *testing.T) {
	f := Fill([][]int{{4}, {0, 2, 3}, {1}}, 2, lot.Breaker{Fixed: []int{3, 2, 0}}, nil)
	if !slices.Equal(f.Winners, []int{4, 3}) || len(f.Lots) != 1 || f.Lots[0].What != "place 2" ||
		!slices.Equal(f.Lots[0].Among, []int{0, 2, 3}) || !slices.Equal(f.Lots[0].Chosen, []int{3}) {
		t.Errorf("%+v", f)
	}
	if f = Fill([][]int{{4}, {0, 2, 3}}, 4, lot.Breaker{Seed: "a"}, nil); len(f.Lots) != 0 || !slices.Equal(f.Winners, []int{4, 0, 2, 3}) {
		t.Errorf("a tie that everybody wins was drawn: %+v", f)
	}
}

func TestParity_ThePlaceOfTheLastOfTheOthersGoesToTheBestOfTheGroup(t *testing.T) {
	f := Fill([][]int{{0}, {1}, {2}, {3, 4}, {5}}, 3, lot.Breaker{Fixed: []int{4}}, &Parity{Group: []int{1, 3, 4, 5}, Least: 2})
	act := f.Acts[len(f.Acts)-1]
	if !slices.Equal(f.Winners, []int{0, 1, 4}) || act.Kind != count.ActSwap || act.Option != 4 || *act.Against != 2 || len(f.Lots) != 1 {
		t.Errorf("%+v", f)
	}
	f = Fill([][]int{{0, 1}, {2}}, 2, lot.Breaker{Fixed: []int{1, 0}}, &Parity{Group: []int{2}, Least: 1})
	if !slices.Equal(f.Winners, []int{1, 2}) || !slices.Equal(f.Lots[0].Chosen, []int{1}) {
		t.Errorf("the favoured of two tied does not stay: %+v", f)
	}
}

func TestAlternatingList_AlternatesAsFarAsThereAreBoth(t *testing.T) {
	for _, c := range []struct{ order, group, want []int }{
		{[]int{0, 1, 2, 3, 4, 5}, []int{3, 4, 5}, []int{0, 3, 1, 4, 2, 5}},
		{[]int{5, 0, 1, 4, 2, 3}, []int{4, 5}, []int{5, 0, 4, 1, 2, 3}},
		{[]int{2, 1, 0}, nil, []int{2, 1, 0}},
		{[]int{2, 1, 0}, []int{0, 1, 2}, []int{2, 1, 0}},
		{nil, []int{1}, nil},
	} {
		if got := AlternatingList(c.order, c.group); !slices.Equal(got, c.want) {
			t.Errorf("%v with %v: %v, want %v", c.order, c.group, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		order := slices.Concat(anyOrder(t)...)
		group := rapid.SliceOfN(rapid.IntRange(0, 7), 0, 8).Draw(t, "group")
		list := AlternatingList(order, group)
		if !slices.Equal(AlternatingList(list, group), list) || !slices.Equal(slices.Sorted(slices.Values(list)), slices.Sorted(slices.Values(order))) {
			t.Fatalf("%v became %v", order, list)
		}
		for i := 1; i < len(list); i++ {
			if slices.Contains(group, list[i]) == slices.Contains(group, list[i-1]) && within(list[i:], group) != len(list)-i && within(list[i:], group) != 0 {
				t.Fatalf("%v does not alternate at %d (group %v)", list, i, group)
			}
		}
	})
}
