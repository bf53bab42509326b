package budget

import (
	"math/rand/v2"
	"testing"

	"socia/core/money"
	"socia/core/paper"
)

// A cooperative's budget at its worst: a thousand voters who hardly agree, forty projects, most of them funded, so that
// in the end nearly everybody has a purse of their own.
func BenchmarkEqualShares_AThousandVoters(b *testing.B) {
	random := rand.New(rand.NewPCG(2021, 1))
	projects := make([]Project, 40)
	for i := range projects {
		projects[i] = Project{Name: string(rune('A' + i)), Cost: money.Cents(10_000 + random.Int64N(600_000))}
	}
	papers := make([]paper.Bundle, 1000)
	for v := range papers {
		p := make(paper.Paper, len(projects))
		for i := range p {
			if random.IntN(len(projects)) < 5 {
				p[i] = 1
			}
		}
		papers[v] = paper.Bundle{Paper: p, Weight: 1}
	}
	b.ReportAllocs()
	for b.Loop() {
		r, err := EqualShares(projects, papers, 10_000_000, Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(r.Winners)), "funded")
	}
}
