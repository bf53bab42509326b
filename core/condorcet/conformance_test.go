package condorcet

import (
	"bufio"
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"socia/core/ballots"
	"socia/core/ratio"
)

// published reads a file of the elections that lie beside the repository. Without them the test says so and checks nothing.
func published(t *testing.T, path ...string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "..", "shared", "data", "elections"}, path...)...))
	if os.IsNotExist(err) {
		// Worktrees may lie elsewhere: SOCIA_ELECTIONS names the folder.
		body, err = os.ReadFile(filepath.Join(append([]string{os.Getenv("SOCIA_ELECTIONS")}, path...)...))
	}
	if err != nil {
		t.Logf("NOT CHECKED, the election is not there: %v", err)
		return nil
	}
	return body
}

// debianPapers reads the lines "V: 2143-" of a tally sheet: a rank for each option, "-" for none.
func debianPapers(body []byte) *Matrix {
	m := NewMatrix(0)
	lines := bufio.NewScanner(bytes.NewReader(body))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 || fields[0] != "V:" {
			continue
		}
		p := fields[1]
		var ranked []int
		for option := range p {
			if p[option] != '-' {
				ranked = append(ranked, option)
			}
		}
		slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
		var marks []ballots.Mark
		for k, option := range ranked {
			mark := ballots.Mark(option)
			if k > 0 && p[ranked[k-1]] == p[option] {
				mark |= ballots.Equal
			}
			marks = append(marks, mark)
		}
		if err := m.Take(1, marks); err != nil {
			panic(err)
		}
	}
	return m
}

func TestDebianElections_Conformance(t *testing.T) {
	for _, c := range []struct {
		file   string
		papers int64
		quorum int64 // 3 × half the square root of the developers of that year, rounded up
		order  []int
	}{
		{"leader2007_tally.txt", 482, 49, []int{3, 4, 5, 0, 6, 2, 8, 7, 1}},
		{"leader2020_tally.txt", 339, 48, []int{0, 1, 2, 3}},
	} {
		body := published(t, "debian", c.file)
		if body == nil {
			continue
		}
		m := debianPapers(body)
		if all, _ := m.Papers(); all != c.papers {
			t.Errorf("%s: %d papers, want %d", c.file, all, c.papers)
		}
		want := make([][]int, len(c.order))
		for i, option := range c.order {
			want[i] = []int{option}
		}
		for _, method := range methods() {
			if r := must(method.count(m, letters(len(c.order)), "")); written(r.Order) != written(want) || r.Winners[0] != c.order[0] {
				t.Errorf("%s by %s: %s, want %s", c.file, method.name, written(r.Order), written(want))
			}
		}
		r := must(Debian(m, letters(len(c.order)), DebianOptions{Default: len(c.order) - 1, Quorum: c.quorum}))
		if !slices.Equal(r.Winners, c.order[:1]) || written(r.Order) != written(want) {
			t.Errorf("%s with the default option: %s, winners %v", c.file, written(r.Order), r.Winners)
		}
	}
}

// burlingtonPapers reads lines like "355:Kiss>Montroll=Smith".
func burlingtonPapers(t *testing.T, body []byte) (m *Matrix, firsts map[string]int64, names []string) {
	m, firsts = NewMatrix(0), map[string]int64{}
	for line := range strings.Lines(string(body)) {
		line = strings.TrimSpace(line)
		if rest, found := strings.CutPrefix(line, "="); found {
			name, _, _ := strings.Cut(rest, ":")
			names = append(names, name)
			continue
		}
		number, ranking, found := strings.Cut(line, ":")
		weight, err := ratio.Parse(number)
		if !found || err != nil {
			continue
		}
		var marks []ballots.Mark
		for i, tier := range strings.Split(ranking, ">") {
			tied := strings.Split(tier, "=")
			for k, name := range tied {
				option := slices.Index(names, strings.TrimSpace(name))
				if option < 0 {
					t.Fatalf("nobody is called %q", name)
				}
				mark := ballots.Mark(option)
				if k > 0 {
					mark |= ballots.Equal
				}
				marks = append(marks, mark)
			}
			if i == 0 && len(tied) == 1 {
				firsts[names[marks[0]]] += weight.Rat().Num().Int64()
			}
		}
		if err := m.Take(weight.Rat().Num().Int64(), marks); err != nil {
			t.Fatal(err)
		}
	}
	return m, firsts, names
}

func TestBurlington2009_Conformance(t *testing.T) {
	body := published(t, "burlington-2009", "burl2009.abif")
	if body == nil {
		return
	}
	m, firsts, names := burlingtonPapers(t, body)
	who := func(name string) int { return slices.Index(names, name) }
	for _, c := range []struct {
		a, b       string
		more, less int64
	}{{"Montroll", "Kiss", 4067, 3477}, {"Kiss", "Wright", 4314, 4064}, {"Montroll", "Wright", 4597, 3668}} {
		if over, under := m.Over(who(c.a), who(c.b)), m.Over(who(c.b), who(c.a)); over != c.more || under != c.less {
			t.Errorf("%s over %s %d to %d, want %d to %d", c.a, c.b, over, under, c.more, c.less)
		}
	}
	if winner, found := CondorcetWinner(m); !found || names[winner] != "Montroll" {
		t.Errorf("Condorcet winner %d %v", winner, found)
	}
	for _, method := range methods() {
		if r := must(method.count(m, names, "")); names[r.Winners[0]] != "Montroll" {
			t.Errorf("%s elects %s", method.name, names[r.Winners[0]])
		}
	}
	for name, votes := range firsts {
		if votes > firsts["Wright"] {
			t.Errorf("%s has more first preferences than Wright", name)
		}
	}
}
