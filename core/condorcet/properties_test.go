package condorcet

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
)

// anyPapers draws papers of few options: truncated, with equal ranks, weighed.
func anyPapers(t *rapid.T, options int) []weighed {
	papers := make([]weighed, rapid.IntRange(1, 9).Draw(t, "papers"))
	for i := range papers {
		papers[i].weight = rapid.Int64Range(1, 4).Draw(t, "weight")
		all := rapid.Permutation(numbers(options)).Draw(t, "ranking")
		for k, option := range all[:rapid.IntRange(0, options).Draw(t, "ranked")] {
			mark := ballots.Mark(option)
			if k > 0 && rapid.IntRange(0, 3).Draw(t, "equal") == 0 {
				mark |= ballots.Equal
			}
			papers[i].marks = append(papers[i].marks, mark)
		}
	}
	return papers
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// tiers are the ranks of a paper with the unranked at the end; marksOf writes them again.
func tiers(marks []ballots.Mark, options int) (all [][]int) {
	at := ranks(marks, options)
	for rank := 1; rank <= options+1; rank++ {
		var tier []int
		for option, r := range at {
			if r == rank || rank == options+1 && r == 0 {
				tier = append(tier, option)
			}
		}
		if len(tier) > 0 {
			all = append(all, tier)
		}
	}
	return all
}

func marksOf(tiers [][]int) (marks []ballots.Mark) {
	for _, tier := range tiers {
		for k, option := range tier {
			mark := ballots.Mark(option)
			if k > 0 {
				mark |= ballots.Equal
			}
			marks = append(marks, mark)
		}
	}
	return marks
}

func TestMethods_ACondorcetWinnerWins(t *testing.T) {
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "options")
		papers := naive{n, anyPapers(t, n)}
		m := matrixOf(papers.papers)
		best := slices.IndexFunc(numbers(n), func(i int) bool {
			return all(n, func(j int) bool { return i == j || papers.over(i, j) > papers.over(j, i) })
		})
		if option, ok := CondorcetWinner(m); best >= 0 && (!ok || option != best) || best < 0 && ok && m.Len() == n {
			t.Fatalf("Condorcet winner %d %v, want %d", option, ok, best)
		}
		if best < 0 {
			return
		}
		found++
		for _, method := range methods() {
			if r := must(method.count(m, letters(n), "seed")); !slices.Equal(r.Winners, []int{best}) || len(r.Order[0]) != 1 {
				t.Fatalf("%s elects %v, the Condorcet winner is %d", method.name, r.Winners, best)
			}
		}
	})
	if found == 0 {
		t.Error("no election had a Condorcet winner")
	}
}

func TestMethods_OrderOfPapersDoesNotMatter_AndWeightTwoIsTwoPapers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "options")
		papers := anyPapers(t, n)
		shuffled := rapid.Permutation(papers).Draw(t, "shuffled")
		var single []weighed
		for _, p := range papers {
			for range p.weight {
				single = append(single, weighed{1, p.marks})
			}
		}
		for _, method := range methods() {
			want := must(method.count(matrixOf(papers), letters(n), "seed"))
			for _, other := range [][]weighed{shuffled, single} {
				if got := must(method.count(matrixOf(other), letters(n), "seed")); written(got.Order) != written(want.Order) || !slices.Equal(got.Winners, want.Winners) {
					t.Fatalf("%s: %s %v, want %s %v", method.name, written(got.Order), got.Winners, written(want.Order), want.Winners)
				}
			}
		}
	})
}

func TestSchulze_WhoWinsAloneDoesNotWinAloneWithEveryPaperReversed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "options")
		papers := anyPapers(t, n)
		reversed := make([]weighed, len(papers))
		for i, p := range papers {
			back := tiers(p.marks, n)
			slices.Reverse(back)
			reversed[i] = weighed{p.weight, marksOf(back)}
		}
		a, b := must(Schulze(matrixOf(papers), letters(n), Options{})), must(Schulze(matrixOf(reversed), letters(n), Options{}))
		if len(a.Order[0]) == 1 && slices.Equal(a.Order[0], b.Order[0]) {
			t.Fatalf("%s and %s", written(a.Order), written(b.Order))
		}
		for i := range n {
			for j := range n {
				if a.Paths[i][j] != b.Paths[j][i] {
					t.Fatalf("the path from %d to %d does not turn", i, j)
				}
			}
		}
	})
}

// raise moves an option up on a paper past one rank, and nobody else.
func raise(t *rapid.T, marks []ballots.Mark, option, options int) []ballots.Mark {
	all := tiers(marks, options)
	at := slices.IndexFunc(all, func(tier []int) bool { return slices.Contains(tier, option) })
	to := rapid.IntRange(0, at).Draw(t, "to rank")
	with := rapid.Bool().Draw(t, "equal")
	all[at] = slices.DeleteFunc(all[at], func(o int) bool { return o == option })
	if with && to < at {
		all[to] = append(all[to], option)
	} else {
		all = slices.Insert(all, to, []int{option})
	}
	return marksOf(slices.DeleteFunc(all, func(tier []int) bool { return len(tier) == 0 }))
}

func TestMethods_RaisingTheWinnerNeverMakesItLose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "options")
		papers := anyPapers(t, n)
		for _, method := range methods()[:2] {
			r := must(method.count(matrixOf(papers), letters(n), "seed"))
			if len(r.Order[0]) != 1 {
				continue
			}
			which := rapid.IntRange(0, len(papers)-1).Draw(t, "paper")
			raised := slices.Clone(papers)
			raised[which].marks = raise(t, papers[which].marks, r.Order[0][0], n)
			if again := must(method.count(matrixOf(raised), letters(n), "seed")); !slices.Equal(again.Order[0], r.Order[0]) {
				t.Fatalf("%s: %s became %s when %v became %v", method.name, written(r.Order), written(again.Order), papers[which].marks, raised[which].marks)
			}
		}
	})
}

func TestBorda_IsWhatPairsSay_AndRaisingTheWinnerNeverMakesItLose(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 6).Draw(t, "options")
		papers := anyPapers(t, n)
		m := matrixOf(papers)
		_, valid := m.Papers()
		r := must(Borda(rankingsOf(papers), letters(n), UnrankedShare, Options{}))
		for i, line := range r.Rounds[0].Tally {
			twice := int64(0)
			for j := range n {
				if i != j {
					twice += valid + m.Over(i, j) - m.Over(j, i)
				}
			}
			if half := line.Votes.Ratio(); !half.Add(half).Equal(count.Whole(twice).Ratio()) {
				t.Fatalf("%d has %s points, twice that should be %d", i, line.Votes, twice)
			}
		}
		for _, rule := range []Unranked{UnrankedShare, UnrankedNothing} {
			r := must(Borda(rankingsOf(papers), letters(n), rule, Options{}))
			winner, which := r.Order[0], rapid.IntRange(0, len(papers)-1).Draw(t, "paper")
			if at := ranks(papers[which].marks, n); len(winner) != 1 || valid == 0 || slices.Contains(at, 0) {
				continue
			}
			raised := slices.Clone(papers)
			raised[which].marks = raise(t, papers[which].marks, winner[0], n)
			if again := must(Borda(rankingsOf(raised), letters(n), rule, Options{})); !slices.Equal(again.Order[0], winner) {
				t.Fatalf("%s became %s", written(r.Order), written(again.Order))
			}
		}
	})
}

func rankingsOf(papers []weighed) *ballots.Rankings {
	r := new(ballots.Rankings)
	for _, p := range papers {
		if err := r.Take(p.weight, p.marks); err != nil {
			panic(err)
		}
	}
	return r
}

// strongest tries every path that visits no option twice.
func strongest(n naive, from, to int, seen []int) (best int64) {
	for next := range n.options {
		votes := n.over(from, next)
		if slices.Contains(seen, next) || votes <= n.over(next, from) {
			continue
		}
		if next != to {
			votes = min(votes, strongest(n, next, to, append(slices.Clone(seen), next)))
		}
		best = max(best, votes)
	}
	return best
}

func TestSchulze_PathsAreTheStrongestOfAllPaths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "options")
		papers := naive{n, anyPapers(t, n)}
		r := must(Schulze(matrixOf(papers.papers), letters(n), Options{}))
		for i := range n {
			for j := range n {
				if want := count.Whole(strongest(papers, i, j, []int{i})); i != j && r.Paths[i][j] != want {
					t.Fatalf("from %d to %d: %s, want %s", i, j, r.Paths[i][j], want)
				}
			}
		}
	})
}

// lockedByHand is Ranked Pairs as one does it on paper: a list of arrows, and a walk along them before each new one.
func lockedByHand(n naive, ranking []int) (arrows []pair) {
	var pairs []pair
	for i := range n.options {
		for j := range n.options {
			if n.over(i, j) > n.over(j, i) {
				pairs = append(pairs, pair{i, j})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(n.over(b.winner, b.loser), n.over(a.winner, a.loser)),
			cmp.Compare(n.over(a.loser, a.winner), n.over(b.loser, b.winner)),
			cmp.Compare(slices.Index(ranking, a.winner), slices.Index(ranking, b.winner)),
			cmp.Compare(b.loser, a.loser)) // on purpose other than the package: it must not matter
	})
	for _, p := range pairs {
		if !leads(arrows, p.loser, p.winner) {
			arrows = append(arrows, p)
		}
	}
	return arrows
}

// around is a paper for each place to begin at in a circle of options: all pairs of a step are equal.
func around(n int) (papers []weighed) {
	for first := range n {
		p := weighed{weight: 1}
		for k := range n {
			p.marks = append(p.marks, ballots.Mark((first+k)%n))
		}
		papers = append(papers, p)
	}
	return papers
}

func leads(arrows []pair, from, to int) bool {
	return slices.ContainsFunc(arrows, func(a pair) bool { return a.winner == from && (a.loser == to || leads(arrows, a.loser, to)) })
}

func TestRankedPairs_IsWhatDoingItByHandGives(t *testing.T) {
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 5).Draw(t, "options")
		papers := naive{n, anyPapers(t, n)}
		if rapid.Bool().Draw(t, "around") {
			papers.papers = around(n)
		}
		lots := lot.Breaker{Seed: lot.Seed(rapid.StringMatching("[a-f]{2}").Draw(t, "seed"))}
		r := must(RankedPairs(matrixOf(papers.papers), letters(n), Options{Lots: lots}))
		arrows := lockedByHand(papers, lots.Order("equal pairs", numbers(n)))
		if want := layers(numbers(n), func(i, j int) bool { return leads(arrows, i, j) }); written(r.Order) != written(want) {
			t.Fatalf("%s, want %s", written(r.Order), written(want))
		}
		if len(r.Lots) == 0 || r.Lots[0].What != "equal pairs" {
			// No lot: then every ranking of options gives the same.
			arrows = lockedByHand(papers, rapid.Permutation(numbers(n)).Draw(t, "ranking"))
			if other := layers(numbers(n), func(i, j int) bool { return leads(arrows, i, j) }); written(other) != written(r.Order) {
				t.Fatalf("%s or %s, and no lot is told", written(r.Order), written(other))
			}
			return
		}
		drawn++
	})
	if drawn == 0 {
		t.Error("no lot was ever drawn")
	}
}

// A clone stands beside its original on every paper: whether one of the two wins must not depend on it.
func TestMethods_ACloneChangesNothingForTheOthers(t *testing.T) {
	for _, lines := range [][]string{
		{"5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC"},
		{"42 ABCD", "26 BCDA", "15 CDBA", "17 DCBA"},
		{"4 ABC", "3 BCA", "2 CAB"},
	} {
		papers := papersOf(lines...)
		n := matrixOf(papers).Len()
		for original := range n {
			with := make([]weighed, len(papers))
			for i, p := range papers {
				at := slices.Index(p.marks, ballots.Mark(original))
				clone := []ballots.Mark{ballots.Mark(n)}
				with[i] = weighed{p.weight, slices.Insert(slices.Clone(p.marks), at+i%2, clone...)}
			}
			for _, method := range methods() {
				before := must(method.count(matrixOf(papers), letters(n), "seed")).Winners[0]
				after := must(method.count(matrixOf(with), letters(n+1), "seed")).Winners[0]
				if after != before && (before != original || after != n) {
					t.Errorf("%s, %v: %d won, with a clone of %d it is %d", method.name, lines, before, original, after)
				}
			}
		}
	}
}
