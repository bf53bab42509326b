package ballots

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// manyPapers is a BLT file of so many papers with 12 options, each ranking some of them.
func manyPapers(papers int) []byte {
	random := rand.New(rand.NewPCG(1, 2))
	var file bytes.Buffer
	fmt.Fprintln(&file, "12 4")
	for range papers {
		order := random.Perm(12)
		file.WriteString("1")
		for _, option := range order[:1+random.IntN(12)] {
			fmt.Fprint(&file, " ", option+1)
		}
		file.WriteString(" 0\n")
	}
	fmt.Fprintln(&file, "0")
	for option := range 13 {
		fmt.Fprintf(&file, "\"%c\"\n", 'A'+option)
	}
	return file.Bytes()
}

// The two benchmarks belong together: reading a million papers and keeping them apart should take no more than three
// times as long as reading the lines alone.
func BenchmarkLinesAlone(b *testing.B) {
	data := manyPapers(1_000_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		lines := bufio.NewScanner(bytes.NewReader(data))
		for lines.Scan() {
			_ = lines.Bytes()
		}
	}
}

func BenchmarkRead(b *testing.B) {
	data := manyPapers(1_000_000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		var r Rankings
		if _, err := Read(bytes.NewReader(data), BLT, &r); err != nil || r.Total() != 1_000_000 {
			b.Fatal(err)
		}
	}
}
