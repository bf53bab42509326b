package polls

import (
	"slices"
	"testing"

	"socia/core/sortition"
)

// In a draw that keeps the proportions of the classes the next in the order may be of any class, but who takes a place is
// the next of the same one, as many as the class has places.
func TestDraw_SubstitutesAreThoseOfTheClass(t *testing.T) {
	t.Parallel()
	place := func(item, class string) sortition.Place {
		return sortition.Place{Person: sortition.Person{Item: item, Stratum: class}}
	}
	r, strata := drawnOf(sortition.Drawn{
		Quotas:      []sortition.Quota{{Stratum: "user", Places: 2}, {Stratum: "worker", Places: 1}, {Stratum: "helper", Places: 0}},
		Members:     []sortition.Place{place("7", "user"), place("3", "worker"), place("9", "user")},
		Substitutes: []sortition.Place{place("1", "user"), place("5", "helper"), place("2", "user"), place("4", "user"), place("8", "worker"), place("6", "worker")},
	})
	named := func(options []int) (all []string) {
		for _, i := range options {
			all = append(all, r.Options[i])
		}
		return all
	}
	for i, want := range []struct {
		class              string
		drawn, substitutes []string
	}{{"user", []string{"7", "9"}, []string{"1", "2"}}, {"worker", []string{"3"}, []string{"8"}}, {"helper", nil, nil}} {
		s := strata[i]
		if s.Class != want.class || s.Places != len(want.drawn) || !slices.Equal(named(s.Drawn), want.drawn) || !slices.Equal(named(s.Substitutes), want.substitutes) {
			t.Errorf("%s: drawn %v, substitutes %v of %+v", want.class, named(s.Drawn), named(s.Substitutes), s)
		}
	}
	if !slices.Equal(named(r.Winners), []string{"7", "3", "9"}) || len(r.Lots[0].Among) != len(r.Options) || len(r.Options) != 6 {
		t.Errorf("the result is %+v", r)
	}
}
