// Package sortition draws members by lot, from strata if wished, so that
// anybody can repeat the draw with common tools. The seed's commitment
// (core/lot) is published before the people are settled, the seed after.
//
// Everybody is put in one order, that of their keys:
//
//	key = printf 'socia lot 1\n%s\n%s\n%s\n' SEED WHAT ITEM | sha256sum
//
// and each stratum's places go to the first of its people in that order; the
// rest are substitutes, in that order too. Equations:
//
//	the draw does not depend on the order in which people or quotas are given
//	in each stratum: people drawn = places; drawn and substitutes = all people
//	when one of the drawn declines, the first substitute of the same stratum is
//	who would have been drawn without them
package sortition

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"socia/core/fault"
	"socia/core/lot"
)

// Person is who may be drawn. Item is the name under which they are in the
// draw, published and unlike every other: a member's number, a pseudonym, a
// name. Stratum is the group of the quotas that they belong to; with no strata
// it is empty for all.
type Person struct {
	ID      int64
	Item    string
	Stratum string
}

// Quota is how many of a stratum are drawn.
type Quota struct {
	Stratum string
	Places  int
}

// Place is one person in the order drawn, with the key that put them there, in hexadecimal.
type Place struct {
	Person
	Key string
}

// Drawn is the outcome of a draw, and all that is needed to repeat it.
type Drawn struct {
	What        string
	Seed        lot.Seed
	Commitment  string
	Quotas      []Quota // by stratum
	Members     []Place // drawn, in order
	Substitutes []Place // in order; each takes the place of somebody of the same stratum
}

// Draw draws the places from the people. What says which draw it is, so that
// one seed can serve several. Every stratum needs a quota, of 0 places if so.
// The error is a *fault.Fault:
//
//	sortition.nobody         there is nobody to draw from
//	sortition.unwritable     what, the seed, an item or a stratum has a line break or a tab, or
//	                         what, the seed or an item is empty, so that the draw could not be
//	                         written down: Args text
//	sortition.duplicate      two people have the same item, or the same ID: Args item
//	sortition.stratum_twice  a stratum has two quotas: Args stratum
//	sortition.no_quota       somebody's stratum has no quota: Args stratum
//	sortition.no_places      no place is to be drawn, or fewer than none
//	sortition.more_places    there are more places than people: Args places, people
//	sortition.too_few        a stratum has fewer people than places: Args stratum, places, people
func Draw(people []Person, quotas []Quota, seed lot.Seed, what string) (Drawn, error) {
	if err := check(people, quotas, seed, what); err != nil {
		return Drawn{}, err
	}
	d := Drawn{What: what, Seed: seed, Commitment: seed.Commitment(), Quotas: slices.Clone(quotas)}
	slices.SortFunc(d.Quotas, func(a, b Quota) int { return cmp.Compare(a.Stratum, b.Stratum) })
	left := make(map[string]int, len(quotas))
	for _, q := range quotas {
		left[q.Stratum] = q.Places
	}
	for _, p := range inOrder(people, seed, what) {
		if left[p.Stratum] > 0 {
			left[p.Stratum]--
			d.Members = append(d.Members, p)
		} else {
			d.Substitutes = append(d.Substitutes, p)
		}
	}
	return d, nil
}

func inOrder(people []Person, seed lot.Seed, what string) []Place {
	type keyed struct {
		person Person
		key    [sha256.Size]byte
	}
	all := make([]keyed, len(people))
	for i, p := range people {
		all[i] = keyed{p, seed.Key(what, p.Item)}
	}
	slices.SortFunc(all, func(a, b keyed) int { return bytes.Compare(a.key[:], b.key[:]) })
	places := make([]Place, len(all))
	for i, k := range all {
		places[i] = Place{k.person, hex.EncodeToString(k.key[:])}
	}
	return places
}

// Proportional shares places among the strata in proportion to their people, by
// the largest remainder (Hamilton): each has its exact share without the
// fraction, and the places left go to the largest fractions. Equal fractions
// are decided by lot, in the draw called what + " places", under the names of
// the strata. The quotas are ordered by stratum, and none is above the
// stratum's people. The faults are those of Draw.
func Proportional(people []Person, places int, seed lot.Seed, what string) ([]Quota, error) {
	of := make(map[string]int)
	for _, p := range people {
		of[p.Stratum]++
	}
	var quotas []Quota
	for stratum := range of {
		quotas = append(quotas, Quota{Stratum: stratum})
	}
	if err := checkPeople(people, quotas, seed, what); err != nil {
		return nil, err
	}
	if err := checkPlaces(places, len(people)); err != nil {
		return nil, err
	}
	slices.SortFunc(quotas, func(a, b Quota) int { return cmp.Compare(a.Stratum, b.Stratum) })
	left := places
	for i, q := range quotas {
		quotas[i].Places = places * of[q.Stratum] / len(people)
		left -= quotas[i].Places
	}
	for _, i := range byRemainder(quotas, of, places, len(people), seed, what)[:left] {
		quotas[i].Places++
	}
	return quotas, nil
}

// byRemainder orders the strata from the largest fraction to the least, as left by the division.
func byRemainder(quotas []Quota, of map[string]int, places, people int, seed lot.Seed, what string) []int {
	names := make([]string, len(quotas))
	for i, q := range quotas {
		names[i] = q.Stratum
	}
	order := seed.Order(what+" places", names)
	rest := func(i int) int { return places * of[quotas[i].Stratum] % people }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest(b), rest(a)) })
	return order
}

func check(people []Person, quotas []Quota, seed lot.Seed, what string) error {
	if err := checkPeople(people, quotas, seed, what); err != nil {
		return err
	}
	places := 0
	for _, q := range quotas {
		if q.Places < 0 {
			return fault.Invalid("places", "sortition.no_places")
		}
		places += min(q.Places, len(people)+1) // the sum cannot overflow, and is as much too large
	}
	if err := checkPlaces(places, len(people)); err != nil {
		return err
	}
	for _, q := range quotas {
		n := 0
		for _, p := range people {
			if p.Stratum == q.Stratum {
				n++
			}
		}
		if n < q.Places {
			return fault.Invalid("places", "sortition.too_few", map[string]any{"stratum": q.Stratum, "places": q.Places, "people": n})
		}
	}
	return nil
}

func checkPlaces(places, people int) error {
	if places < 1 {
		return fault.Invalid("places", "sortition.no_places")
	}
	if places > people {
		return fault.Invalid("places", "sortition.more_places", map[string]any{"places": places, "people": people})
	}
	return nil
}

func checkPeople(people []Person, quotas []Quota, seed lot.Seed, what string) error {
	if len(people) == 0 {
		return fault.Invalid("people", "sortition.nobody")
	}
	strata := make(map[string]bool, len(quotas))
	for _, q := range quotas {
		if strings.ContainsAny(q.Stratum, breaks) {
			return fault.Invalid("places", "sortition.unwritable", map[string]any{"text": q.Stratum})
		}
		if strata[q.Stratum] {
			return fault.Invalid("places", "sortition.stratum_twice", map[string]any{"stratum": q.Stratum})
		}
		strata[q.Stratum] = true
	}
	if unwritable(what) || unwritable(string(seed)) {
		return fault.Invalid("what", "sortition.unwritable", map[string]any{"text": what})
	}
	items, ids := make(map[string]bool, len(people)), make(map[int64]bool, len(people))
	for _, p := range people {
		switch {
		case unwritable(p.Item) || strings.ContainsAny(p.Stratum, breaks):
			return fault.Invalid("people", "sortition.unwritable", map[string]any{"text": p.Item})
		case items[p.Item] || ids[p.ID]:
			return fault.Invalid("people", "sortition.duplicate", map[string]any{"item": p.Item})
		case !strata[p.Stratum]:
			return fault.Invalid("places", "sortition.no_quota", map[string]any{"stratum": p.Stratum})
		}
		items[p.Item], ids[p.ID] = true, true
	}
	return nil
}

// breaks are what separates the fields and lines of File.
const breaks = "\t\r\n\x00"

func unwritable(text string) bool { return text == "" || strings.ContainsAny(text, breaks) }
