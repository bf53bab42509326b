package marks

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"socia/core/count"
	"socia/core/lot"
	"socia/core/paper"
	"socia/core/ratio"
)

const options = 4

// form is a count with the marks that its papers may have.
type form struct {
	name  string
	top   int // highest mark
	most  int // marks above 0 on a paper
	count func(papers []paper.Bundle) count.Result
	rises bool // a higher mark is always better for an option
}

func forms() []form {
	o := Options{Seats: 2, Most: 2, Top: 5, Dots: 20, Lots: lot.Breaker{Seed: "seed"}}
	average := o
	average.Blanks = BlankLeftOut
	return []form{
		{"choose", 1, 2, func(p []paper.Bundle) count.Result { return must(Choose(names(options), p, o)) }, true},
		{"approval", 1, options, func(p []paper.Bundle) count.Result { return must(Approval(names(options), p, o)) }, true},
		{"score", 5, options, func(p []paper.Bundle) count.Result { return must(Score(names(options), p, o)) }, true},
		{"average", 5, options, func(p []paper.Bundle) count.Result { return must(Score(names(options), p, average)) }, false},
		{"dots", 5, options, func(p []paper.Bundle) count.Result { return must(Dots(names(options), p, o)) }, true},
		{"times", 2, options, func(p []paper.Bundle) count.Result { return must(Times(names(options), p)) }, false},
	}
}

func (f form) papers(t *rapid.T) []paper.Bundle {
	papers := make([]paper.Bundle, rapid.IntRange(1, 8).Draw(t, "papers"))
	for i := range papers {
		papers[i] = paper.Bundle{Paper: slices.Repeat(paper.Paper{paper.Blank}, options), Weight: rapid.Int64Range(1, 5).Draw(t, "weight")}
		for _, option := range rapid.Permutation([]int{0, 1, 2, 3}).Draw(t, "options")[:f.most] {
			papers[i].Paper[option] = rapid.IntRange(paper.Blank, f.top).Draw(t, "mark")
		}
	}
	return papers
}

func same(a, b count.Result) bool {
	return slices.Equal(a.Winners, b.Winners) && slices.EqualFunc(a.Order, b.Order, slices.Equal[[]int]) && a.Valid == b.Valid && a.Papers == b.Papers && votes(a, 0) == votes(b, 0)
}

func TestCounts_OrderOfPapersDoesNotMatter_AndWeightTwoIsTwoPapers(t *testing.T) {
	for _, f := range forms() {
		rapid.Check(t, func(t *rapid.T) {
			papers := f.papers(t)
			want := f.count(papers)
			if got := f.count(rapid.Permutation(papers).Draw(t, "shuffled")); !same(got, want) {
				t.Fatalf("%s: shuffled %+v, want %+v", f.name, got, want)
			}
			var single []paper.Bundle
			for _, p := range papers {
				single = append(single, slices.Repeat([]paper.Bundle{{Paper: p.Paper, Weight: 1}}, int(p.Weight))...)
			}
			if got := f.count(single); !same(got, want) {
				t.Fatalf("%s: one by one %+v, want %+v", f.name, got, want)
			}
		})
	}
}

func TestCounts_RaisingAWinnerNeverMakesItLose(t *testing.T) {
	for _, f := range forms() {
		if !f.rises {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			papers := f.papers(t)
			r := f.count(papers)
			which := rapid.IntRange(0, len(papers)-1).Draw(t, "paper")
			if len(r.Winners) == 0 {
				return
			}
			winner := rapid.SampledFrom(r.Winners).Draw(t, "winner")
			raised := slices.Clone(papers)
			raised[which].Paper = slices.Clone(papers[which].Paper)
			raised[which].Paper[winner] = f.top
			for option := range raised[which].Paper { // one choice more may mean one less for another
				if raised[which].Paper.Given() > f.most && option != winner {
					raised[which].Paper[option] = paper.Blank
				}
			}
			if again := f.count(raised); !slices.Contains(again.Winners, winner) {
				t.Fatalf("%s: %v became %v when %v became %v", f.name, r.Winners, again.Winners, papers[which], raised[which])
			}
		})
	}
}

// Two classes have each a share of the votes; the caller makes every weight whole with one number.
func TestCounts_ClassWeightsAreTheFractionsMadeByHand(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		workers, users := rapid.Int64Range(1, 9).Draw(t, "workers"), rapid.Int64Range(1, 9).Draw(t, "users")
		share := ratio.New(rapid.Int64Range(1, 9).Draw(t, "share"), 10)
		// A worker's vote weighs share/workers, a user's (1-share)/users: times 10 × workers × users both are whole.
		scale := ratio.Int(10 * workers * users)
		weights := [2]ratio.Ratio{share.Div(ratio.Int(workers)), ratio.Int(1).Sub(share).Div(ratio.Int(users))}
		byHand := make([]ratio.Ratio, options)
		var papers []paper.Bundle
		for class, members := range [2]int64{workers, users} {
			for range members {
				p := paper.Bundle{Paper: slices.Repeat(paper.Paper{paper.Blank}, options)}
				for option := range p.Paper {
					p.Paper[option] = rapid.IntRange(0, 5).Draw(t, "score")
					byHand[option] = byHand[option].Add(weights[class].Mul(ratio.Int(int64(p.Paper[option]))))
				}
				whole := weights[class].Mul(scale)
				if !whole.IsInt() {
					t.Fatalf("weight %s is not whole", whole)
				}
				p.Weight = whole.Rat().Num().Int64()
				papers = append(papers, p)
			}
		}
		for _, rule := range []BlankRule{BlankIsZero, BlankLeftOut} {
			r := must(Score(names(options), papers, Options{Top: 5, Blanks: rule}))
			for i, line := range r.Rounds[0].Tally {
				got := line.Votes.Ratio()
				switch rule {
				case BlankIsZero:
					got = got.Div(scale)
				case BlankLeftOut: // the classes together are one whole vote: the average is the sum
				}
				if !got.Equal(byHand[i]) {
					t.Fatalf("option %d has %s, by hand %s", i, got, byHand[i])
				}
			}
		}
	})
}
