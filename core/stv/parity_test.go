package stv

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/count"
)

// A has the first seat; the other must go to C or D, so that B is out in spite
// of a quota.
func TestParity_TheOthersAreDoomedWhenTheGroupNeedsTheLastSeats(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 50, "B": 40, "CD": 8, "DC": 2})
	parity := &Parity{Group: []bool{false, false, true, true}, AtLeast: 1}
	for method := range counts {
		without := run(t, method, r, letters(4), Options{Seats: 2})
		with := run(t, method, r, letters(4), Options{Seats: 2, Parity: parity})
		if !slices.Equal(without.Winners, []int{0, 1}) || !slices.Equal(with.Winners, []int{0, 2}) {
			t.Errorf("%s elects %v, and %v with parity", method, without.Winners, with.Winners)
		}
		if want := []string{"1:B"}; !slices.Equal(acts(with, count.ActDoom), want) {
			t.Errorf("%s dooms %v, want %v", method, acts(with, count.ActDoom), want)
		}
		if entered, left := Effect(with, without); !slices.Equal(entered, []int{2}) || !slices.Equal(left, []int{1}) {
			t.Errorf("%s: parity elects %v in place of %v", method, entered, left)
		}
		if without.Rounds[0].Tally[1].State == count.Defeated || with.Rounds[len(with.Rounds)-1].Tally[1].State != count.Defeated {
			t.Errorf("%s: B's state is wrong", method)
		}
	}
}

// D has the fewest votes, but is the only one of the group.
func TestParity_TheLastOfTheGroupIsGuarded(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 30, "B": 28, "C": 26, "D": 1})
	parity := &Parity{Group: []bool{false, false, false, true}, AtLeast: 1}
	for method := range counts {
		got := run(t, method, r, letters(4), Options{Seats: 2, Parity: parity})
		if !slices.Contains(got.Winners, 3) {
			t.Errorf("%s elects %v", method, got.Winners)
		}
		if want := []string{"1:D"}; !slices.Equal(acts(got, count.ActGuard), want) {
			t.Errorf("%s guards %v, want %v", method, acts(got, count.ActGuard), want)
		}
	}
}

func TestParity_OfTwoLevelWithTheQuotaOneIsDrawn(t *testing.T) {
	r := papersOf(t, map[string]int64{"A": 40, "B": 40, "C": 10})
	parity := &Parity{Group: []bool{false, false, true}, AtLeast: 1}
	for method := range counts {
		got := run(t, method, r, letters(3), Options{Seats: 2, Parity: parity})
		if len(got.Lots) != 1 || got.Lots[0].What != "round 1, election" || got.Winners[0] != got.Lots[0].Chosen[0] {
			t.Errorf("%s: lots %+v, elected %v", method, got.Lots, got.Winners)
		}
		if !slices.Contains(got.Winners, 2) {
			t.Errorf("%s elects %v", method, got.Winners)
		}
	}
}

func TestParity_IsKeptWheneverItCanBe(t *testing.T) {
	everyRule(t, func(t *rapid.T, method string) {
		d := drawDraft(t, false)
		p := &Parity{Group: make([]bool, len(d.names))}
		there := 0
		for i := range p.Group {
			p.Group[i] = rapid.Bool().Draw(t, fmt.Sprint("group ", i))
			if p.Group[i] && !slices.Contains(d.withdrawn, i) {
				there++
			}
		}
		p.AtLeast = rapid.IntRange(0, min(there, d.seats)).Draw(t, "at least")
		o := d.options()
		without := run(t, method, d.rankings(t), d.names, o)
		o.Parity = p
		with := run(t, method, d.rankings(t), d.names, o)
		if with.Valid == "0" {
			if len(with.Winners)+len(without.Winners) > 0 {
				t.Fatalf("elected %v without a valid paper, and %v without the rule", with.Winners, without.Winners)
			}
			return
		}
		inside := 0
		for _, i := range with.Winners {
			if p.Group[i] {
				inside++
			}
		}
		if inside < p.AtLeast || len(with.Winners) != len(without.Winners) {
			t.Fatalf("elected %v, want %d of %v", with.Winners, p.AtLeast, p.Group)
		}
		conserved(t, with)
		if len(acts(with, count.ActGuard))+len(acts(with, count.ActDoom)) == 0 {
			same(t, with, without) // a rule that nothing came up against changes nothing
		}
		entered, left := Effect(with, without)
		if len(entered) != len(left) {
			t.Fatalf("%v in place of %v", entered, left)
		}
	})
}
