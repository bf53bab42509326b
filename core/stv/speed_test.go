package stv

import (
	"math/rand/v2"
	"testing"

	"socia/core/ballots"
)

// million makes a million papers over so many options. Popularity falls as one
// over the rank, so that short papers repeat; most are long, and nearly all of
// those differ.
func million(tb testing.TB, options int) (*ballots.Rankings, []string) {
	tb.Helper()
	random := rand.New(rand.NewPCG(2007, 42))
	names, shares := make([]string, options), make([]int, options)
	for i := range names {
		names[i], shares[i] = string(rune('A'+i)), 27720/(i+1)
	}
	r := new(ballots.Rankings)
	marks := make([]ballots.Mark, 0, options)
	for range 1_000_000 {
		marks = marks[:0]
		total, used := 0, [64]bool{}
		for _, share := range shares {
			total += share
		}
		for ranked := 1 + random.IntN(options); ranked > 0; ranked-- {
			at, i := random.IntN(total), 0
			for ; used[i] || at >= shares[i]; i++ {
				if !used[i] {
					at -= shares[i]
				}
			}
			used[i] = true
			total -= shares[i]
			marks = append(marks, ballots.Mark(i))
		}
		if err := r.Take(1, marks); err != nil {
			tb.Fatal(err)
		}
	}
	return r, names
}

func benchmarkMillion(b *testing.B, method string) {
	r, names := million(b, 12)
	b.ReportMetric(float64(r.Len()), "distinct")
	b.ReportAllocs()
	for b.Loop() {
		got := run(b, method, r, names, Options{Seats: 5})
		b.ReportMetric(float64(len(got.Rounds)), "rounds")
	}
	b.ReportMetric(float64(r.Len()), "distinct")
}

func BenchmarkScottish_Million(b *testing.B) { benchmarkMillion(b, "stv-scottish") }
func BenchmarkWIGM_Million(b *testing.B)     { benchmarkMillion(b, "stv-wigm") }
func BenchmarkMeek_Million(b *testing.B)     { benchmarkMillion(b, "stv-meek") }
