package main_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
)

// benchPapers is how many papers each file of BenchmarkTally holds.
const benchPapers = 1_000_000

// BenchmarkTally counts files of a million papers with the program as people have it, reading included, beside a
// program that merely reads the file. Each is a process of its own and they take turns, so that whatever else the
// machine does weighs on all of them. The figures are medians: seconds, peak memory, and how many times as long as
// reading line by line it takes, by the clock and in processor time of all cores.
func BenchmarkTally(b *testing.B) {
	program, reader, measured := builtProgram(b, "."), builtProgram(b, "./testdata/readalone"), builtProgram(b, "./testdata/measured")
	for _, file := range []struct {
		name    string
		options int
		paper   func(options int) func() []int
		methods []string
	}{
		{"12-options", 12, popular, []string{"stv-scottish", "stv-meek"}},
		{"12-options-all-distinct", 12, distinct, []string{"stv-scottish", "stv-meek"}},
		{"40-options", 40, popular, []string{"schulze"}},
	} {
		path := writeElection(b, file.options, file.paper(file.options))
		for _, method := range file.methods {
			b.Run(file.name+"/"+method, func(b *testing.B) {
				var lines, copied, counted runs
				for b.Loop() {
					lines.run(b, measured, reader, "lines", path)
					copied.run(b, measured, reader, "copy", path)
					counted.run(b, measured, program, "tally", "--json", path, "--method", method)
				}
				b.ReportMetric(0, "ns/op") // of the three together, which says nothing
				b.ReportMetric(median(counted.seconds), "s")
				b.ReportMetric(median(lines.seconds), "lines-s")
				b.ReportMetric(median(copied.seconds), "copy-s")
				b.ReportMetric(median(counted.seconds)/median(lines.seconds), "×lines")
				b.ReportMetric(median(counted.busy)/median(lines.busy), "×lines-cpu")
				b.ReportMetric(median(counted.peak), "peak-MB")
				b.ReportMetric(median(lines.peak), "lines-peak-MB")
			})
		}
	}
}

// runs are what runs of one program took.
type runs struct{ seconds, busy, peak []float64 }

// run runs a program once more.
func (r *runs) run(b *testing.B, measured string, program ...string) {
	b.Helper()
	command := exec.Command(measured, program...)
	var said, complaint bytes.Buffer
	command.Stdout, command.Stderr = &said, &complaint
	if err := command.Run(); err != nil {
		b.Fatalf("%q: %v\n%s", program, err, &complaint)
	}
	var seconds, busy, peak float64
	if _, err := fmt.Fscan(&said, &seconds, &busy, &peak); err != nil {
		b.Fatal(err)
	}
	r.seconds, r.busy, r.peak = append(r.seconds, seconds), append(r.busy, busy), append(r.peak, peak/1024)
}

func median(all []float64) float64 {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// writeElection writes a BLT file of a million papers, one on each line, for four seats.
func writeElection(b *testing.B, options int, paper func() []int) string {
	b.Helper()
	var out bytes.Buffer
	fmt.Fprintf(&out, "%d 4\n", options)
	var line []byte
	for range benchPapers {
		line = append(line[:0], '1')
		for _, option := range paper() {
			line = strconv.AppendInt(append(line, ' '), int64(option+1), 10)
		}
		out.Write(append(line, " 0\n"...))
	}
	fmt.Fprintln(&out, "0")
	for option := range options {
		fmt.Fprintf(&out, "\"Option %d\"\n", option+1)
	}
	fmt.Fprintln(&out, `"A million papers"`)
	path := filepath.Join(b.TempDir(), "papers.blt")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return path
}

// popular ranks some options, from one to all. Their popularity falls as one over their number, so that short papers
// repeat.
func popular(options int) func() []int {
	random := rand.New(rand.NewPCG(2007, 42))
	paper, used := make([]int, 0, options), make([]bool, options)
	whole, shares := 0, make([]int, options)
	for i := range shares {
		shares[i] = 1_000_000 / (i + 1)
		whole += shares[i]
	}
	return func() []int {
		clear(used)
		paper = paper[:0]
		left := whole
		for range 1 + random.IntN(options) {
			at, i := random.IntN(left), 0
			for ; used[i] || at >= shares[i]; i++ {
				if !used[i] {
					at -= shares[i]
				}
			}
			used[i] = true
			left -= shares[i]
			paper = append(paper, i)
		}
		return paper
	}
}

// distinct ranks every option on every paper, in an order that no other paper has: the hard case, as nothing can be
// counted together.
func distinct(options int) func() []int {
	orders := 1
	for i := 2; i <= options; i++ {
		orders *= i
	}
	number, paper := 0, make([]int, 0, options)
	return func() []int {
		number = (number + 104_729) % orders // a prime above options: every order comes before one comes again
		rest, left := number, make([]int, options)
		for i := range left {
			left[i] = i
		}
		paper = paper[:0]
		for n := options; n > 0; n-- {
			i := rest % n
			rest /= n
			paper = append(paper, left[i])
			left = slices.Delete(left, i, i+1)
		}
		return paper
	}
}
