package delegation

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"socia/core/fault"
)

var (
	today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	later = today.AddDate(0, 1, 0)
)

func to(giver, holder int64, topic string) Delegation {
	return Delegation{GiverID: giver, HolderID: holder, Topic: topic}
}

func TestCheck_Table(t *testing.T) {
	liquid := Rules{MaxLength: 9}
	for _, c := range []struct {
		name     string
		existing []Delegation
		add      Delegation
		rules    Rules
		want     string
	}{
		{"the first", nil, to(1, 2, ""), Rules{}, ""},
		{"to oneself", nil, to(1, 1, ""), Rules{}, "delegation.self"},
		{"ends today", nil, Delegation{1, 2, "", today}, Rules{}, "delegation.expired"},
		{"ends later", nil, Delegation{1, 2, "", later}, Rules{}, ""},
		{"twice on a topic", []Delegation{to(1, 2, "food")}, to(1, 3, "food"), liquid, "delegation.already"},
		{"on another topic", []Delegation{to(1, 2, "food")}, to(1, 3, "work"), Rules{}, ""},
		{"on all beside one", []Delegation{to(1, 2, "food")}, to(1, 3, ""), Rules{}, ""},
		{"the one before has expired", []Delegation{{1, 2, "", today}}, to(1, 3, ""), Rules{}, ""},
		{"not transitive: the holder has delegated", []Delegation{to(2, 3, "")}, to(1, 2, ""), Rules{}, "delegation.too_long"},
		{"not transitive: the giver holds one", []Delegation{to(1, 2, "")}, to(2, 3, ""), Rules{}, "delegation.too_long"},
		{"on different topics it is no chain", []Delegation{to(1, 2, "food")}, to(2, 3, "work"), Rules{}, ""},
		{"all topics meet one", []Delegation{to(1, 2, "food")}, to(2, 3, ""), Rules{}, "delegation.too_long"},
		{"two allowed", []Delegation{to(1, 2, "")}, to(2, 3, ""), Rules{MaxLength: 2}, ""},
		{"in the middle of a chain", []Delegation{to(1, 2, ""), to(3, 4, "")}, to(2, 3, ""), Rules{MaxLength: 2}, "delegation.too_long"},
		{"back", []Delegation{to(1, 2, "")}, to(2, 1, ""), liquid, "delegation.cycle"},
		{"back on one topic", []Delegation{to(1, 2, "")}, to(2, 1, "food"), liquid, "delegation.cycle"},
		{"round by three", []Delegation{to(1, 2, ""), to(2, 3, "food")}, to(3, 1, ""), liquid, "delegation.cycle"},
		{"no round on different topics", []Delegation{to(1, 2, "food")}, to(2, 1, "work"), liquid, ""},
		{"would be a round once the topic's own ends", []Delegation{to(1, 2, ""), to(1, 3, "food")}, to(2, 1, "food"), liquid, "delegation.cycle"},
	} {
		err := Check(c.existing, c.add, today, c.rules)
		if c.want == "" && err != nil || c.want != "" && !fault.Has(err, c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

// Stored data that goes round in spite of all is read to its end, and what is added to it is refused.
func TestCheck_EndsOnARoundThatIsThere(t *testing.T) {
	round := []Delegation{to(1, 2, ""), to(2, 3, ""), to(3, 1, "")}
	for _, c := range []struct {
		add  Delegation
		want string
	}{{to(4, 1, ""), "delegation.too_long"}, {to(1, 3, "food"), "delegation.cycle"}} {
		if err := Check(round, c.add, today, Rules{MaxLength: 2}); !fault.Has(err, c.want) {
			t.Errorf("%+v: %v, want %s", c.add, err, c.want)
		}
	}
	if casts := Resolve([]int64{1, 2, 3}, round, nil, "", today, Rules{MaxLength: 9}); len(casts) != 0 {
		t.Errorf("nobody has voted: %v", casts)
	}
}

func TestResolve_Table(t *testing.T) {
	chain := []Delegation{to(1, 2, ""), to(2, 3, "")}
	for _, c := range []struct {
		name  string
		all   []Delegation
		voted []int64
		rules Rules
		want  map[int64]int64
	}{
		{"nobody votes", chain, nil, Rules{MaxLength: 2}, map[int64]int64{}},
		{"the holder votes", chain, []int64{2}, Rules{}, map[int64]int64{1: 2, 2: 2}},
		{"the giver votes too", chain, []int64{1, 2}, Rules{}, map[int64]int64{1: 1, 2: 2}},
		{"two steps", chain, []int64{3}, Rules{MaxLength: 2}, map[int64]int64{1: 3, 2: 3, 3: 3}},
		{"two steps where one is allowed", chain, []int64{3}, Rules{}, map[int64]int64{2: 3, 3: 3}},
		{"the topic's own goes first", []Delegation{to(1, 2, ""), to(1, 3, "food")}, []int64{2, 3}, Rules{}, map[int64]int64{1: 3, 2: 2, 3: 3}},
		{"and has no other behind it", []Delegation{to(1, 2, ""), to(1, 3, "food")}, []int64{2}, Rules{}, map[int64]int64{2: 2}},
		{"another topic's does not count", []Delegation{to(1, 2, "work")}, []int64{2}, Rules{}, map[int64]int64{2: 2}},
		{"expired at the count", []Delegation{{1, 2, "", today}}, []int64{2}, Rules{}, map[int64]int64{2: 2}},
		{"in force at the count", []Delegation{{1, 2, "", later}}, []int64{2}, Rules{}, map[int64]int64{1: 2, 2: 2}},
		{"who is not an elector casts nothing", []Delegation{to(1, 9, "")}, []int64{9}, Rules{}, map[int64]int64{}},
		{"two in old data: the lowest number", []Delegation{to(1, 3, ""), to(1, 2, "")}, []int64{2, 3}, Rules{}, map[int64]int64{1: 2, 2: 2, 3: 3}},
		{"in whichever order", []Delegation{to(1, 2, ""), to(1, 3, "")}, []int64{2, 3}, Rules{}, map[int64]int64{1: 2, 2: 2, 3: 3}},
		{"a cycle in old data ends", []Delegation{to(1, 2, ""), to(2, 1, "")}, nil, Rules{MaxLength: 50}, map[int64]int64{}},
	} {
		voted := map[int64]bool{}
		for _, id := range c.voted {
			voted[id] = true
		}
		if got := Resolve([]int64{1, 2, 3, 4}, c.all, voted, "food", today, c.rules); !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestCarried_TheCapCountsOnlyTheVotesOfOthers(t *testing.T) {
	casts := map[int64]int64{1: 9, 2: 9, 3: 9, 9: 9, 4: 8, 8: 8, 5: 5}
	if got := Carried(casts, Rules{}); !maps.Equal(got, map[int64]int{9: 4, 8: 2, 5: 1}) {
		t.Errorf("without a cap %v", got)
	}
	if got := Carried(casts, Rules{Cap: 2}); !maps.Equal(got, map[int64]int{9: 3, 8: 2, 5: 1}) {
		t.Errorf("with a cap of 2 %v", got)
	}
}

// anyAccepted builds a list in which Check has accepted each delegation.
func anyAccepted(t *rapid.T, r Rules) (all []Delegation) {
	for range rapid.IntRange(0, 25).Draw(t, "tries") {
		d := Delegation{
			GiverID: rapid.Int64Range(1, 7).Draw(t, "giver"), HolderID: rapid.Int64Range(1, 7).Draw(t, "holder"),
			Topic: rapid.SampledFrom([]string{"", "food", "work"}).Draw(t, "topic"),
		}
		if days := rapid.IntRange(0, 4).Draw(t, "days"); days > 0 {
			d.Until = today.AddDate(0, 0, days)
		}
		if Check(all, d, today, r) == nil {
			all = append(all, d)
		}
	}
	return all
}

// hops follows the delegations in force one by one, in a way of its own, until the chain ends or comes back.
func hops(all []Delegation, from int64, topic string, at time.Time) (n int, cycle bool) {
	for seen := []int64{from}; ; n++ {
		own, general := int64(0), int64(0)
		for _, d := range all {
			if d.GiverID == from && (d.Until.IsZero() || d.Until.After(at)) {
				switch d.Topic {
				case topic:
					own = d.HolderID
				case "":
					general = d.HolderID
				}
			}
		}
		if own == 0 {
			own = general
		}
		if own == 0 {
			return n, false
		}
		if slices.Contains(seen, own) {
			return n, true
		}
		seen, from = append(seen, own), own
	}
}

func TestCheck_NeverACycleNorAChainTooLong_WhateverIsTakenBackOrExpires(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{MaxLength: rapid.IntRange(0, 5).Draw(t, "length")}
		all := anyAccepted(t, r)
		kept := slices.DeleteFunc(slices.Clone(all), func(Delegation) bool { return rapid.Bool().Draw(t, "taken back") })
		for _, list := range [][]Delegation{all, kept} {
			for day := range 5 {
				for _, topic := range []string{"", "food", "work", "other"} {
					for id := range int64(8) {
						n, cycle := hops(list, id, topic, today.AddDate(0, 0, day))
						if cycle || n > max(1, r.MaxLength) {
							t.Fatalf("from %d on %q after %d days: %d hops, cycle %v: %v", id, topic, day, n, cycle, list)
						}
					}
				}
			}
		}
	})
}

func TestResolve_KeepsTheInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{MaxLength: rapid.IntRange(1, 5).Draw(t, "length"), Cap: rapid.IntRange(0, 3).Draw(t, "cap")}
		all := anyAccepted(t, r)
		electors := rapid.SliceOfNDistinct(rapid.Int64Range(1, 9), 0, 9, rapid.ID[int64]).Draw(t, "electors")
		voted := map[int64]bool{}
		for _, id := range electors {
			voted[id] = rapid.Bool().Draw(t, "votes")
		}
		casts := Resolve(electors, all, voted, "food", today, r)
		for elector, voter := range casts {
			if !slices.Contains(electors, elector) || !voted[voter] {
				t.Fatalf("%d casts for %d", voter, elector)
			}
		}
		for id, votes := range voted {
			if votes && casts[id] != id {
				t.Fatalf("%d votes, and %d casts for them", id, casts[id])
			}
		}
		again := Resolve(rapid.Permutation(electors).Draw(t, "others"), rapid.Permutation(all).Draw(t, "order"), voted, "food", today, r)
		if !maps.Equal(casts, again) {
			t.Fatalf("%v in another order %v", casts, again)
		}
		sum := 0
		for voter, n := range Carried(casts, r) {
			if sum += n; n < 1 || r.Cap > 0 && n > r.Cap+1 {
				t.Fatalf("%d carries %d with a cap of %d", voter, n, r.Cap)
			}
		}
		if sum > len(casts) || r.Cap == 0 && sum != len(casts) || len(casts) > len(electors) {
			t.Fatalf("%d votes carried, %d cast, %d electors", sum, len(casts), len(electors))
		}
	})
}

// A vote cast by delegation is cast only while nobody nearer in the chain votes.
func TestResolve_OnesOwnVoteSuspendsTheDelegation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := anyAccepted(t, Rules{MaxLength: 4})
		electors := []int64{1, 2, 3, 4, 5, 6, 7}
		voted := map[int64]bool{}
		for _, id := range electors {
			voted[id] = rapid.Bool().Draw(t, "votes")
		}
		id := rapid.SampledFrom(electors).Draw(t, "who")
		before := Resolve(electors, all, voted, "", today, Rules{MaxLength: 4})
		voted[id] = true
		after := Resolve(electors, all, voted, "", today, Rules{MaxLength: 4})
		for _, e := range electors {
			if after[e] != before[e] && after[e] != id {
				t.Fatalf("%d votes, and the vote of %d goes from %d to %d", id, e, before[e], after[e])
			}
		}
		if after[id] != id {
			t.Fatalf("%d votes, and %d casts for them", id, after[id])
		}
	})
}
