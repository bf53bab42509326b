package sortition

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/lot"
)

func items(places []Place) (all []string) {
	for _, p := range places {
		all = append(all, p.Item)
	}
	return all
}

// The order of core/lot's own test, which was made with printf and sha256sum.
func TestDraw_WithoutStrataIsTheOrderOfTheLot(t *testing.T) {
	people := []Person{{1, "Anna", ""}, {2, "Berta", ""}, {3, "Carla", ""}, {4, "Dolors", ""}}
	d := drawn(t, people, []Quota{{"", 2}}, "abc", "draw")
	if got := items(d.Members); !slices.Equal(got, []string{"Berta", "Dolors"}) {
		t.Errorf("drawn %v", got)
	}
	if got := items(d.Substitutes); !slices.Equal(got, []string{"Anna", "Carla"}) {
		t.Errorf("substitutes %v", got)
	}
	if d.Members[0].ID != 2 || !d.Seed.Keeps(d.Commitment) {
		t.Errorf("not what is needed to repeat it: %+v", d)
	}
}

// repeat reads nothing but a published file and makes the draw again, in a way of its own.
func repeat(t interface{ Fatalf(string, ...any) }, file string) (members, substitutes, said []string) {
	facts, strata, places := map[string]string{}, map[string]string{}, map[string]int{}
	var ordered []string
	for _, l := range strings.Split(strings.TrimSuffix(file, "\n"), "\n") {
		f := strings.Split(l, "\t")
		switch f[0] {
		case "quota":
			n, err := strconv.Atoi(f[1])
			if err != nil {
				t.Fatalf("%s: %v", l, err)
			}
			places[f[2]] = n
		case "person":
			strata[f[1]] = f[2]
			text := fmt.Sprintf("socia lot 1\n%s\n%s\n%s\n", facts["seed"], facts["what"], f[1])
			ordered = append(ordered, fmt.Sprintf("%x %s", sha256.Sum256([]byte(text)), f[1]))
		case "drawn", "substitute":
			said = append(said, f[0]+" "+f[1]+" "+f[2]+" "+f[3])
		default:
			facts[f[0]] = f[1]
		}
	}
	if fmt.Sprintf("%x", sha256.Sum256([]byte(facts["seed"]))) != facts["commitment"] {
		t.Fatalf("the seed is not the one committed to")
	}
	sort.Strings(ordered)
	for _, o := range ordered {
		item := o[65:]
		if s := strata[item]; places[s] > 0 {
			places[s]--
			members = append(members, fmt.Sprintf("drawn %d %s", len(members)+1, o))
		} else {
			substitutes = append(substitutes, fmt.Sprintf("substitute %d %s", len(substitutes)+1, o))
		}
	}
	return members, substitutes, said
}

func TestFile_AnybodyCanRepeatTheDrawFromItAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawn(t, anyPeople(t), nil, lot.Seed(rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, "seed")), "comissió 'a' $HOME")
		members, substitutes, said := repeat(t, d.File())
		if !slices.Equal(slices.Concat(members, substitutes), said) || len(members) != len(d.Members) {
			t.Fatalf("repeated %v %v, the file says %v", members, substitutes, said)
		}
	})
}

func TestFile_ItsCommandGivesTheSameOrderInAShell(t *testing.T) {
	if _, err := exec.LookPath("sha256sum"); err != nil {
		t.Fatal("no sha256sum here: it is part of coreutils, and the draw is to be repeated with it")
	}
	people := []Person{{1, "Anna `date`", "a"}, {2, `Berta "2"`, "b"}, {3, "Carla 'x' \\n", "a"}, {4, " Dolors  %s", "b"}, {5, "Eulàlia", "a"}, {6, "-n", "b"}}
	d := drawn(t, people, []Quota{{"a", 1}, {"b", 2}}, "00ff", "comissió de seguiment")
	name := filepath.Join(t.TempDir(), "draw.txt")
	if err := os.WriteFile(name, []byte(d.File()), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("sh", "-c", Command, "sh", name).Output()
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Concat(d.Members, d.Substitutes)
	slices.SortFunc(all, func(a, b Place) int { return strings.Compare(a.Key, b.Key) })
	want := ""
	for _, p := range all {
		want += p.Key + "\t" + p.Item + "\n"
	}
	if string(out) != want {
		t.Errorf("the shell gives\n%swant\n%s", out, want)
	}
}

func TestDraw_DoesNotDependOnTheOrderGiven_AndFillsEveryStratum(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := anyPeople(t)
		places := rapid.IntRange(1, len(people)).Draw(t, "places")
		quotas, err := Proportional(people, places, "seed", "x")
		if err != nil {
			t.Fatal(err)
		}
		shuffled := rapid.Permutation(people).Draw(t, "shuffled")
		again, err := Proportional(shuffled, places, "seed", "x")
		if err != nil || !slices.Equal(quotas, again) {
			t.Fatalf("quotas %v, in another order %v, %v", quotas, again, err)
		}
		d := drawn(t, people, quotas, "seed", "x")
		if other := drawn(t, shuffled, rapid.Permutation(quotas).Draw(t, "quotas"), "seed", "x"); d.File() != other.File() {
			t.Fatalf("%s\n%s", d.File(), other.File())
		}
		in := map[string]int{}
		for _, m := range d.Members {
			in[m.Stratum]++
		}
		for _, q := range quotas {
			if in[q.Stratum] != q.Places {
				t.Fatalf("%d drawn of %q, want %d", in[q.Stratum], q.Stratum, q.Places)
			}
		}
		if len(d.Members) != places || len(d.Members)+len(d.Substitutes) != len(people) {
			t.Fatalf("%d drawn and %d substitutes of %d for %d places", len(d.Members), len(d.Substitutes), len(people), places)
		}
	})
}

func TestDraw_TheFirstSubstituteIsWhoWouldHaveBeenDrawnInstead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := anyPeople(t)
		d := drawn(t, people, nil, "seed", "x")
		gone := rapid.SampledFrom(d.Members).Draw(t, "gone")
		at := slices.IndexFunc(d.Substitutes, func(p Place) bool { return p.Stratum == gone.Stratum })
		if at < 0 {
			return
		}
		without := drawn(t, slices.DeleteFunc(slices.Clone(people), func(p Person) bool { return p == gone.Person }), d.Quotas, "seed", "x")
		want := append(slices.DeleteFunc(items(d.Members), func(s string) bool { return s == gone.Item }), d.Substitutes[at].Item)
		got := items(without.Members)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("without %s: %v, want %v", gone.Item, got, want)
		}
	})
}

func TestProportional_LargestRemainder(t *testing.T) {
	for _, c := range []struct {
		people string // a letter for the stratum of each
		places int
		want   []Quota
	}{
		{"aaaaaabbbc", 5, []Quota{{"a", 3}, {"b", 2}, {"c", 0}}}, // or c by lot: 1.5 and 0.5 tie
		{"aaaaaaabbc", 4, []Quota{{"a", 3}, {"b", 1}, {"c", 0}}}, // 2.8, 0.8, 0.4
		{"aaab", 4, []Quota{{"a", 3}, {"b", 1}}},
		{"aaabbbccc", 1, nil},
	} {
		var people []Person
		for i, s := range c.people {
			people = append(people, Person{int64(i), fmt.Sprint(i), string(s)})
		}
		seen := map[string]bool{}
		for seed := range 40 {
			got, err := Proportional(people, c.places, lot.Seed(fmt.Sprint(seed)), "x")
			if err != nil {
				t.Fatal(err)
			}
			seen[fmt.Sprint(got)] = true
		}
		switch {
		case c.people == "aaaaaabbbc" && len(seen) == 2 && seen[fmt.Sprint(c.want)] && seen["[{a 3} {b 1} {c 1}]"]:
		case c.want == nil && len(seen) == 3:
		case c.want != nil && len(seen) == 1 && seen[fmt.Sprint(c.want)]:
		default:
			t.Errorf("%s, %d places: %v", c.people, c.places, seen)
		}
	}
}

// A place for which two strata of one person each are tied goes by the draw "x places".
func TestProportional_EqualRemaindersAreDecidedByALotOfTheirOwn(t *testing.T) {
	people := []Person{{1, "1", "a"}, {2, "2", "b"}}
	for i := range 20 {
		seed := lot.Seed(fmt.Sprint(i))
		got, err := Proportional(people, 1, seed, "x")
		if err != nil {
			t.Fatal(err)
		}
		if first := seed.Order("x places", []string{"a", "b"})[0]; got[first].Places != 1 {
			t.Errorf("seed %d: %v, drawn first %d", i, got, first)
		}
	}
}

func TestProportional_NobodyIsMoreThanOnePlaceFromTheirShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people := anyPeople(t)
		places := rapid.IntRange(1, len(people)).Draw(t, "places")
		quotas, err := Proportional(people, places, "s", "x")
		if err != nil {
			t.Fatal(err)
		}
		of, sum := map[string]int{}, 0
		for _, p := range people {
			of[p.Stratum]++
		}
		for _, q := range quotas {
			sum += q.Places
			if d := q.Places*len(people) - places*of[q.Stratum]; d >= len(people) || d <= -len(people) || q.Places > of[q.Stratum] {
				t.Fatalf("%v for %v", quotas, of)
			}
		}
		if sum != places {
			t.Fatalf("%d places given out, want %d", sum, places)
		}
	})
}

func TestDraw_Faults(t *testing.T) {
	a, b, d := Person{1, "A", "x"}, Person{2, "B", "y"}, Person{3, "C", "y"}
	for _, c := range []struct {
		key    string
		people []Person
		quotas []Quota
		seed   lot.Seed
		what   string
	}{
		{"sortition.nobody", nil, nil, "s", "w"},
		{"sortition.unwritable", []Person{{1, "A\nB", "x"}}, []Quota{{"x", 1}}, "s", "w"},
		{"sortition.unwritable", []Person{{1, "A", "x\ty"}}, []Quota{{"x\ty", 1}}, "s", "w"},
		{"sortition.unwritable", []Person{a}, []Quota{{"x", 1}, {"y\n", 0}}, "s", "w"},
		{"sortition.unwritable", []Person{{1, "", "x"}}, []Quota{{"x", 1}}, "s", "w"},
		{"sortition.unwritable", []Person{a}, []Quota{{"x", 1}}, "s", "w\n"},
		{"sortition.unwritable", []Person{a}, []Quota{{"x", 1}}, "", "w"},
		{"sortition.duplicate", []Person{a, {2, "A", "x"}}, []Quota{{"x", 1}}, "s", "w"},
		{"sortition.duplicate", []Person{a, {1, "B", "x"}}, []Quota{{"x", 1}}, "s", "w"},
		{"sortition.stratum_twice", []Person{a}, []Quota{{"x", 1}, {"x", 0}}, "s", "w"},
		{"sortition.no_quota", []Person{a, b}, []Quota{{"x", 1}}, "s", "w"},
		{"sortition.no_places", []Person{a, b}, []Quota{{"x", 0}, {"y", 0}}, "s", "w"},
		{"sortition.no_places", []Person{a, b}, []Quota{{"x", -1}, {"y", 1}}, "s", "w"},
		{"sortition.no_places", []Person{a, b, d}, []Quota{{"x", -1}, {"y", 2}}, "s", "w"}, // one place in all, which is no answer for x
		{"sortition.more_places", []Person{a, b}, []Quota{{"x", 3}, {"y", 0}}, "s", "w"},   // more than there are people in any stratum
		{"sortition.more_places", []Person{a, b}, []Quota{{"x", 1}, {"y", 1 << 62}}, "s", "w"},
		{"sortition.more_places", []Person{a, b}, []Quota{{"x", 1 << 62}, {"y", 1 << 62}}, "s", "w"},
		{"sortition.too_few", []Person{a, b}, []Quota{{"x", 2}, {"y", 0}}, "s", "w"},
		{"sortition.too_few", []Person{a}, []Quota{{"x", 0}, {"z", 1}}, "s", "w"},
	} {
		if _, err := Draw(c.people, c.quotas, c.seed, c.what); !fault.Has(err, c.key) {
			t.Errorf("%v from %v: %v, want %s", c.quotas, c.people, err, c.key)
		}
	}
	if _, err := Proportional([]Person{a}, 2, "s", "w"); !fault.Has(err, "sortition.more_places") {
		t.Error(err)
	}
	if _, err := Proportional(nil, 1, "s", "w"); !fault.Has(err, "sortition.nobody") {
		t.Error(err)
	}
}

func anyPeople(t *rapid.T) []Person {
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-zà '"]{1,5}`), 1, 15, rapid.ID[string]).Draw(t, "names")
	people := make([]Person, len(names))
	for i, name := range names {
		people[i] = Person{int64(i) + 1, name, rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "stratum")}
	}
	return people
}

// drawn draws; without quotas, half of the people in proportion.
func drawn(t interface{ Fatal(...any) }, people []Person, quotas []Quota, seed lot.Seed, what string) Drawn {
	if quotas == nil {
		var err error
		if quotas, err = Proportional(people, (len(people)+1)/2, seed, what); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Draw(people, quotas, seed, what)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
