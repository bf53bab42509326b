package mandate

import (
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/rules"
)

var two = rules.Proxies{Allowed: true, MaxPerHolder: 2, Article: "Llei 12/2015, art. 49.1"}

func TestCheck_Refusals(t *testing.T) {
	three := two
	three.MaxPerHolder = 3
	for _, c := range []struct {
		name       string
		existing   []Proxy
		add        Proxy
		r          rules.Proxies
		key, field string
	}{
		{"first mandate", nil, Proxy{1, 9}, two, "", ""},
		{"second mandate of the holder", []Proxy{{1, 9}}, Proxy{2, 9}, two, "", ""},
		{"third of two", []Proxy{{1, 9}, {2, 9}}, Proxy{3, 9}, two, "proxies.holder_full", "holder"},
		{"third of three", []Proxy{{1, 9}, {2, 9}}, Proxy{3, 9}, three, "", ""},
		{"fourth of three", []Proxy{{1, 9}, {2, 9}, {3, 9}}, Proxy{4, 9}, three, "proxies.holder_full", "holder"},
		{"not in the statutes", nil, Proxy{1, 9}, rules.Proxies{MaxPerHolder: 2}, "proxies.not_allowed", "holder"},
		{"to oneself", nil, Proxy{1, 1}, two, "proxies.self", "holder"},
		{"given twice", []Proxy{{1, 9}}, Proxy{1, 8}, two, "proxies.giver_already_represented", "giver"},
		{"the same again", []Proxy{{1, 9}}, Proxy{1, 9}, two, "proxies.giver_already_represented", "giver"},
		{"to one who has given theirs away", []Proxy{{9, 8}}, Proxy{1, 9}, two, "proxies.not_transitive", "holder"},
		{"by one who holds another's", []Proxy{{1, 9}}, Proxy{9, 8}, two, "proxies.not_transitive", "giver"},
		{"to each other", []Proxy{{1, 2}}, Proxy{2, 1}, two, "proxies.not_transitive", "holder"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Check(c.existing, c.add, c.r)
			if c.key == "" {
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				return
			}
			f, ok := fault.As(err)
			if !ok || f.Key != c.key || f.Field != c.field || f.Kind != fault.KindInvalid {
				t.Fatalf("got %+v, want %s on %s", f, c.key, c.field)
			}
			if f.Args["article"] != c.r.Article {
				t.Errorf("no article: %v", f.Args)
			}
			if c.key == "proxies.holder_full" && f.Args["max"] != c.r.MaxPerHolder {
				t.Errorf("no maximum: %v", f.Args)
			}
		})
	}
}

func TestCheck_InvariantOfEveryAcceptedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rules.Proxies{Allowed: true, MaxPerHolder: rapid.IntRange(1, 3).Draw(t, "max")}
		var accepted []Proxy
		for range rapid.IntRange(0, 30).Draw(t, "tries") {
			add := Proxy{rapid.Int64Range(1, 8).Draw(t, "giver"), rapid.Int64Range(1, 8).Draw(t, "holder")}
			if Check(accepted, add, r) == nil {
				accepted = append(accepted, add)
			}
		}
		gives, holds := map[int64]int{}, map[int64]int{}
		for _, p := range accepted {
			gives[p.Giver]++
			holds[p.Holder]++
		}
		for m := int64(1); m <= 8; m++ {
			if gives[m] > 1 || holds[m] > r.MaxPerHolder || (gives[m] > 0 && holds[m] > 0) || holds[m] != Held(accepted, m) {
				t.Fatalf("member %d gives %d and holds %d in %v", m, gives[m], holds[m], accepted)
			}
		}
	})
}

// TestCheck_OrderOfTheListDoesNotMatter: what is accepted depends on the set.
func TestCheck_OrderOfTheListDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		existing := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Proxy {
			return Proxy{rapid.Int64Range(1, 6).Draw(t, "giver"), rapid.Int64Range(7, 9).Draw(t, "holder")}
		}), 0, 6).Draw(t, "existing")
		add := Proxy{rapid.Int64Range(1, 9).Draw(t, "giver"), rapid.Int64Range(1, 9).Draw(t, "holder")}
		shuffled := rapid.Permutation(existing).Draw(t, "shuffled")
		if (Check(existing, add, two) == nil) != (Check(shuffled, add, two) == nil) {
			t.Fatalf("%v differs from %v for %v", existing, shuffled, add)
		}
	})
}
