package methods

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/budget"
	"socia/core/count"
	"socia/core/paper"
)

// addTop says which methods promise that one more paper with a winner alone on top keeps the winner winning (mono-add-top
// of Woodall, “Monotonicity of single-seat preferential election rules”, Discrete Applied Mathematics 77, 1997), and why.
var addTop = map[Name]bool{
	// Sums: the paper gives nobody else more than it gives the winner.
	Choose: true, Approval: true, Score: true, Dots: true, Borda: true, Times: true, // Score: of points, not of averages
	// The paper stays with the winner as long as the winner stands, so that the others go out as they did (Woodall 1997).
	IRV: true,
	// The project moves up a list whose beginning stays as it was, and finds no less money than before.
	Greedy: true,
	// A Condorcet method cannot have new voters never regret their vote (Moulin, “Condorcet's principle implies the no show
	// paradox”, Journal of Economic Theory 45, 1988); Debian's asks for a number of votes besides.
	Schulze: false, RankedPairs: false, Debian: false,
	// With several seats the paper raises the quota, so that less of the surplus that elected somebody is passed on.
	Scottish: false, WIGM: false, Meek: false,
	// The paper takes its own share of the money away from the others, and what they buy changes what the rest can pay.
	EqualShares: false,
	// A list of who is in: nobody wins.
	OptIn: false,
}

// onTop is a paper with an option alone on top, and the rest as it comes.
func onTop(t *rapid.T, r paper.Rule, winner int) paper.Paper {
	p := fill(t, r)
	switch r.Form {
	case paper.Rank:
		last := r.Options + 1
		if p[winner] != paper.Blank {
			last = p[winner]
		}
		for i, rank := range p {
			if rank != paper.Blank && rank < last {
				p[i] = rank + 1
			}
		}
		p[winner] = 1
		for i, rank := range p {
			if r.Most > 0 && rank > r.Most {
				p[i] = paper.Blank
			}
		}
	case paper.Score, paper.Dots, paper.Times:
		for i := range p {
			p[i] = min(p[i], 1)
		}
		p[winner] = 2
		if r.Form == paper.Dots {
			for i := range p {
				p[i] = 0
			}
			p[winner] = rapid.IntRange(1, r.Dots).Draw(t, "dots")
			p[(winner+1)%r.Options] = min(p[winner]-1, r.Dots-p[winner])
		}
	case paper.Choose, paper.Approve, paper.OptIn, paper.Motion, paper.Consent, paper.Consensus, paper.Advice:
		for i := range p {
			p[i] = min(p[i], 0)
		}
		p[winner] = 1
	}
	return p
}

// TestCount_OnePaperMoreForAWinnerNeverHurts where the method promises it. A lot never takes it back: the winner leaves
// the tie, and the others stand in the same order of the lot.
func TestCount_OnePaperMoreForAWinnerNeverHurts(t *testing.T) {
	for _, m := range counted() {
		promised, listed := addTop[m.Name]
		if !listed {
			t.Errorf("nothing is said of %s", m.Name)
		}
		if !promised {
			continue
		}
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				e.setup.Alternate, e.setup.Blanks = false, BlanksZero
				r, _ := e.count(t, e.papers)
				for _, winner := range r.Winners {
					rule := m.Rule(e.setup, len(e.options))
					p := onTop(t, rule, winner)
					if err := rule.Check(p); err != nil {
						t.Fatalf("%v is no paper: %v", p, err)
					}
					more := append(slices.Clone(e.papers), paper.Bundle{Paper: p, Weight: rapid.Int64Range(1, 3).Draw(t, "more")})
					if now, _ := e.count(t, more); !slices.Contains(now.Winners, winner) {
						t.Fatalf("%v won among %v, and with %v more %v win", r.Winners, e.papers, p, now.Winners)
					}
				}
			})
		})
	}
}

// TestCount_RoundsAreNumbered: 1, 2, 3… in every result, with a line for each option in its place.
func TestCount_RoundsAreNumbered(t *testing.T) {
	for _, m := range counted() {
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				r, plain := e.count(t, e.papers)
				if plain == nil {
					plain = &r
				}
				for _, result := range []count.Result{r, *plain} {
					for i, round := range result.Rounds {
						if round.Number != i+1 {
							t.Fatalf("round %d stands at place %d", round.Number, i+1)
						}
						if len(round.Tally) != len(e.options) {
							t.Fatalf("round %d has %d lines for %d options", round.Number, len(round.Tally), len(e.options))
						}
						for option, line := range round.Tally {
							if line.Option != option {
								t.Fatalf("round %d has the line of option %d at place %d", round.Number, line.Option, option)
							}
						}
					}
				}
			})
		})
	}
}

// TestCount_EveryProjectIsFundedOrPassedOverOnce: the acts of a budget account for each project, and fund no more than
// there is. That its supporters' shares cannot pay for a project is told once at the most, and before the votes decide.
func TestCount_EveryProjectIsFundedOrPassedOverOnce(t *testing.T) {
	for _, m := range counted() {
		if m.Group != Money {
			continue
		}
		t.Run(string(m.Name), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				e := draw(t, m)
				r, _ := e.count(t, e.papers)
				decided, cannot, funded, spent := make([]int, len(e.options)), make([]int, len(e.options)), []int{}, int64(0)
				for _, round := range r.Rounds {
					for _, act := range round.Acts {
						switch {
						case act.Kind == count.ActFund:
							funded = append(funded, act.Option)
							spent += e.options[act.Option].CostCents
							decided[act.Option]++
						case act.Kind == count.ActPass && act.Rule == budget.RuleCannotBePaid:
							if cannot[act.Option]++; cannot[act.Option] > 1 || decided[act.Option] > 0 {
								t.Fatalf("it is told again that shares cannot pay for %d, or after it was decided", act.Option)
							}
						case act.Kind == count.ActPass:
							decided[act.Option]++
						}
					}
				}
				if slices.ContainsFunc(decided, func(n int) bool { return n != 1 }) || !slices.Equal(funded, r.Winners) || spent > e.setup.AmountCents {
					t.Fatalf("decided so often: %v; %v funded, %v win, %d of %d spent", decided, funded, r.Winners, spent, e.setup.AmountCents)
				}
			})
		})
	}
}
