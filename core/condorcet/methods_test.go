package condorcet

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
	"socia/core/ratio"
)

// papersOf reads lines like "5 ACB=ED": a weight and options by letter, "=" before one of the same rank.
func papersOf(lines ...string) (papers []weighed) {
	for _, line := range lines {
		number, text, _ := strings.Cut(line, " ")
		r, err := ratio.Parse(number)
		if err != nil {
			panic(err)
		}
		p := weighed{weight: r.Rat().Num().Int64()}
		var equal ballots.Mark
		for _, letter := range text {
			if letter == '=' {
				equal = ballots.Equal
				continue
			}
			p.marks, equal = append(p.marks, ballots.Mark(letter-'A')|equal), 0
		}
		papers = append(papers, p)
	}
	return papers
}

func matrixOf(papers []weighed) *Matrix {
	m := NewMatrix(0)
	for _, p := range papers {
		if err := m.Take(p.weight, p.marks); err != nil {
			panic(err)
		}
	}
	return m
}

func letters(n int) []string { return strings.Split("ABCDEFGHIJ"[:n], "") }

func written(order [][]int) string {
	var parts []string
	for _, tier := range order {
		text := ""
		for _, option := range tier {
			text += letters(10)[option]
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ">")
}

type method struct {
	name  string
	count func(m *Matrix, options []string, seed lot.Seed) (count.Result, error)
}

func methods() []method {
	return []method{
		{"Schulze", func(m *Matrix, options []string, seed lot.Seed) (count.Result, error) {
			return Schulze(m, options, Options{Lots: lot.Breaker{Seed: seed}})
		}},
		{"Ranked Pairs", func(m *Matrix, options []string, seed lot.Seed) (count.Result, error) {
			return RankedPairs(m, options, Options{Lots: lot.Breaker{Seed: seed}})
		}},
		{"Debian", func(m *Matrix, options []string, seed lot.Seed) (count.Result, error) {
			return Debian(m, options, DebianOptions{Default: NoDefault, Lots: lot.Breaker{Seed: seed}})
		}},
	}
}

func TestMethods_WorkedExamples(t *testing.T) {
	for _, c := range []struct {
		name   string
		papers []weighed
		want   [3]string // Schulze, Ranked Pairs, Debian
	}{
		// The example of 45 voters in Schulze's articles and in Wikipedia's "Schulze method".
		{"45 voters", papersOf("5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC"), [3]string{"E>A>C>B>D", "A>C>E>B>D", "E>A>C>B>D"}},
		// Memphis, Nashville, Chattanooga, Knoxville: Wikipedia's capital of Tennessee.
		{"Tennessee", papersOf("42 ABCD", "26 BCDA", "15 CDBA", "17 DCBA"), [3]string{"B>C>D>A", "B>C>D>A", "B>C>D>A"}},
		{"a cycle whose weakest defeat is C over A", papersOf("4 ABC", "3 BCA", "2 CAB"), [3]string{"A>B>C", "A>B>C", "A>B>C"}},
		{"two alike", papersOf("1 AB", "1 BA", "1 A=B"), [3]string{"AB", "AB", "AB"}},
	} {
		for k, method := range methods() {
			m := matrixOf(c.papers)
			if got := written(must(method.count(m, letters(m.Len()), "seed")).Order); got != c.want[k] {
				t.Errorf("%s by %s: %s, want %s", c.name, method.name, got, c.want[k])
			}
		}
	}
}

func TestSchulze_TellsPairsAndPaths(t *testing.T) {
	m := matrixOf(papersOf("5 ACBED", "5 ADECB", "8 BEDAC", "3 CABED", "7 CAEBD", "2 CBADE", "7 DCEBA", "8 EBADC"))
	r := must(Schulze(m, letters(5), Options{}))
	want := [][]count.Figure{{"", "28", "28", "30", "24"}, {"25", "", "28", "33", "24"}, {"25", "29", "", "29", "24"}, {"25", "28", "28", "", "24"}, {"25", "28", "28", "31", ""}}
	for i := range want {
		if !slices.Equal(r.Paths[i], want[i]) {
			t.Errorf("paths from %s: %v, want %v", r.Options[i], r.Paths[i], want[i])
		}
	}
	if r.Pairs[0][1] != "20" || r.Pairs[1][0] != "25" || r.Papers != "45" || r.Valid != "45" {
		t.Errorf("pairs %v", r.Pairs)
	}
	// Of 45 votes A has 26 over C and 30 over D; B 25 over A and 33 over D; C 29 over B and 24 over E; D 28 over C; E 23
	// over A, 27 over B and 31 over D. By paths it is E, A, C, B, D.
	for round, want := range [][]count.Figure{{"2", "2", "2", "1", "3"}, {"3", "1", "2", "0", "4"}} {
		for i, line := range r.Rounds[round].Tally {
			if line.Votes != want[i] {
				t.Errorf("round %d: %s is over %s, want %s", round+1, r.Options[i], line.Votes, want[i])
			}
		}
	}
	last := r.Rounds[len(r.Rounds)-1]
	if last.Tally[4].Votes != "4" || last.Tally[4].State != count.Elected || last.Tally[0].State != count.Defeated || last.Acts[0].Kind != count.ActElect || last.Acts[0].Option != 4 {
		t.Errorf("last round %+v", last)
	}
}

func must(r count.Result, err error) count.Result {
	if err != nil {
		panic(err)
	}
	return r
}

func TestSchulze_SeatsComeFromTheTopAndATieForTheLastIsDrawn(t *testing.T) {
	m := matrixOf(papersOf("2 ABC", "2 ACB", "1 D"))
	r := must(Schulze(m, letters(4), Options{Seats: 2, Lots: lot.Breaker{Fixed: []int{2, 1}}}))
	if !slices.Equal(r.Winners, []int{0, 2}) || len(r.Lots) != 1 || !slices.Equal(r.Lots[0].Among, []int{1, 2}) {
		t.Errorf("winners %v, lots %+v", r.Winners, r.Lots)
	}
	r = must(Schulze(m, letters(4), Options{Seats: 2, Withdrawn: []int{0}}))
	if !slices.Equal(r.Winners, []int{1, 2}) || len(r.Lots) != 0 || r.Rounds[1].Tally[0].State != count.Withdrawn {
		t.Errorf("winners %v, lots %+v", r.Winners, r.Lots)
	}
}

func TestRankedPairs_SeatsComeFromTheTop(t *testing.T) {
	m := matrixOf(papersOf("4 ABC", "3 BCA", "2 CAB"))
	for seats, want := range map[int][]int{0: {0}, 1: {0}, 2: {0, 1}, 3: {0, 1, 2}} {
		if r := must(RankedPairs(m, letters(3), Options{Seats: seats})); !slices.Equal(r.Winners, want) {
			t.Errorf("%d seats: %v", seats, r.Winners)
		}
	}
}

func TestRankedPairs_TellsWhatStandsAndWhatDoesNot(t *testing.T) {
	r := must(RankedPairs(matrixOf(papersOf("4 ABC", "3 BCA", "2 CAB")), letters(3), Options{}))
	want := []struct {
		kind            count.ActKind
		option, against int
		votes           count.Figure
	}{{count.ActLock, 1, 2, "7"}, {count.ActLock, 0, 1, "6"}, {count.ActSkip, 2, 0, "5"}}
	for i, act := range r.Rounds[0].Acts {
		if act.Kind != want[i].kind || act.Option != want[i].option || *act.Against != want[i].against || act.Votes != want[i].votes {
			t.Errorf("act %d: %+v over %d, want %+v", i, act, *act.Against, want[i])
		}
	}
	if len(r.Rounds[0].Acts) != len(want) || len(r.Lots) != 0 {
		t.Errorf("%d acts, lots %v", len(r.Rounds[0].Acts), r.Lots)
	}
}

func TestRankedPairs_EqualPairsThatMakeACycleAreDrawn(t *testing.T) {
	m := matrixOf(papersOf("1 ABC", "1 BCA", "1 CAB"))
	for first, want := range map[int]string{0: "A>B>C", 1: "B>C>A", 2: "C>A>B"} {
		r := must(RankedPairs(m, letters(3), Options{Lots: lot.Breaker{Fixed: []int{first, (first + 1) % 3}}}))
		if written(r.Order) != want || len(r.Lots) != 1 || r.Lots[0].What != "equal pairs" {
			t.Errorf("with %d favoured: %s, lots %+v", first, written(r.Order), r.Lots)
		}
	}
}

func TestDebian_QuorumMajorityAndDefault(t *testing.T) {
	three := map[int]ratio.Ratio{0: ratio.Int(3)}
	for _, c := range []struct {
		name    string
		papers  []weighed
		o       DebianOptions
		order   string
		winners []int
		rule    string
	}{
		{"one vote short of the quorum", papersOf("4 A", "9 CB"), DebianOptions{Default: 1, Quorum: 5}, "C>B>A", []int{2}, "quorum 4 of 5"},
		{"exactly the quorum, but no majority", papersOf("5 A", "9 CB"), DebianOptions{Default: 1, Quorum: 5}, "C>B>A", []int{2}, "beaten 5 of 9"},
		{"as many for as against is no majority", papersOf("5 A", "5 BA"), DebianOptions{Default: 1}, "B>A", []int{1}, "beaten 5 of 5"},
		{"exactly three to one", papersOf("6 AB", "2 BA"), DebianOptions{Default: 1, Supermajority: three}, "A>B", []int{0}, ""},
		{"less than three to one", papersOf("6 AB", "3 BA"), DebianOptions{Default: 1, Supermajority: three}, "B>A", []int{1}, "majority 6 of 9"},
		{"the quorum is of voters, the majority of weights", papersOf("40 A", "9 BA"), DebianOptions{Default: 1, Quorum: 5, Voters: []int64{4, 0}}, "B>A", []int{1}, "quorum 4 of 5"},
		{"as many voters as the quorum", papersOf("40 A", "9 BA"), DebianOptions{Default: 1, Quorum: 5, Voters: []int64{5, 0}}, "A>B", []int{0}, ""},
		{"seats end before the default", papersOf("5 AB", "1 BC"), DebianOptions{Default: 1, Seats: 3}, "A>B>C", []int{0}, "beaten 0 of 6"},
		{"two seats", papersOf("5 ACB", "1 CAB"), DebianOptions{Default: 1, Seats: 2}, "A>C>B", []int{0, 2}, ""},
		{"one to one is no supermajority", papersOf("4 A", "5 BA"), DebianOptions{Default: 1, Supermajority: map[int]ratio.Ratio{0: ratio.Int(1)}}, "B>A", []int{1}, "beaten 4 of 5"},
		{"three to one where nobody says anything of either", papersOf("3 C"), DebianOptions{Default: 1, Supermajority: three}, "C>B>A", []int{2}, "beaten 0 of 0"},
		{"the supermajority does not make the winner of a pair lose to others", papersOf("7 ACB", "2 CBA"), DebianOptions{Default: 1, Supermajority: three}, "A>C>B", []int{0}, ""},
	} {
		m := matrixOf(c.papers)
		r := must(Debian(m, letters(m.Len()), c.o))
		if written(r.Order) != c.order || !slices.Equal(r.Winners, c.winners) {
			t.Errorf("%s: %s, winners %v; want %s, %v", c.name, written(r.Order), r.Winners, c.order, c.winners)
		}
		for i, round := range r.Rounds {
			if round.Number != i+1 {
				t.Errorf("%s: round %d stands at place %d", c.name, round.Number, i+1)
			}
		}
		rule := ""
		for _, act := range r.Rounds[0].Acts {
			if act.Kind == count.ActDrop {
				rule = fmt.Sprintf("%s %s of %s", act.Rule, act.Votes, act.Needed)
			}
		}
		if r.NothingApproved() != slices.Equal(c.winners, []int{c.o.Default}) {
			t.Errorf("%s: winners %v, and nothing approved is %v", c.name, r.Winners, r.NothingApproved())
		}
		if rule != c.rule {
			t.Errorf("%s: dropped by %q, want %q", c.name, rule, c.rule)
		}
	}
}

func TestDebian_EquallyWeakDefeatsAreDroppedTogether(t *testing.T) {
	r := must(Debian(matrixOf(papersOf("1 ABC", "1 BCA", "1 CAB")), letters(3), DebianOptions{Default: NoDefault, Lots: lot.Breaker{Fixed: []int{1}}}))
	if len(r.Rounds[0].Acts) != 3+2 || written(r.Order) != "ABC" || !slices.Equal(r.Winners, []int{1}) || len(r.Lots) != 1 {
		t.Errorf("%s, %+v", written(r.Order), r)
	}
}

// Of 18 votes A has 12 over B, B 14 over C, C 10 over A and A 10 over D, who is level with B and C. The cycle is the
// Schwartz set: of the two equally weak defeats the one of C over A is within it and is dropped, the one over D is not.
func TestDebian_ADefeatOfSomebodyOutsideTheSchwartzSetIsNotDropped(t *testing.T) {
	m := matrixOf(papersOf("4 ABCD", "3 DABC", "1 ADBC", "3 BCAD", "3 DBCA", "2 CABD", "2 DCAB"))
	r := must(Debian(m, letters(4), DebianOptions{Default: NoDefault}))
	if first := r.Rounds[0].Acts; len(first) != 1 || first[0].Kind != count.ActSkip || first[0].Option != 2 || *first[0].Against != 0 || first[0].Votes != "10" {
		t.Errorf("%+v", first)
	}
	if written(r.Order) != "A>BD>C" || !slices.Equal(r.Winners, []int{0}) {
		t.Errorf("%s, %v wins", written(r.Order), r.Winners)
	}
}

// Sets of options are words of 64: the last of 64, of 65 and of 129 beats all, and a single option wins by one vote.
func TestMethods_AnyNumberOfOptions(t *testing.T) {
	for _, n := range []int{1, 64, 65, 129} {
		names, marks := make([]string, n), []ballots.Mark{ballots.Mark(n - 1)}
		for i := range n - 1 {
			marks = append(marks, ballots.Mark(i))
		}
		for _, method := range methods() {
			r := must(method.count(matrixOf([]weighed{{1, marks}}), names, "seed"))
			if !slices.Equal(r.Winners, []int{n - 1}) || len(r.Order) != n || n > 1 && r.Order[n-1][0] != n-2 {
				t.Errorf("%s of %d: %v wins, order %v", method.name, n, r.Winners, r.Order)
			}
			for i, round := range r.Rounds {
				if round.Number != i+1 || len(round.Tally) != n {
					t.Errorf("%s: round %d stands at place %d, with %d lines", method.name, round.Number, i+1, len(round.Tally))
				}
			}
		}
	}
}

func TestMethods_RefuseWhatDoesNotFit(t *testing.T) {
	m := matrixOf(papersOf("1 ABC"))
	for name, err := range map[string]error{
		"two names for three options": second(Schulze(m, letters(2), Options{})),
		"withdrawal of nobody":        second(RankedPairs(m, letters(3), Options{Withdrawn: []int{3}})),
		"points for who withdrew":     second(Borda(rankingsOf(papersOf("1 ABC")), letters(3), UnrankedShare, Options{Withdrawn: []int{3}})),
		"withdrawn default":           second(Debian(m, letters(3), DebianOptions{Default: 1, Withdrawn: []int{1}})),
		"votes on who is not there":   second(Debian(m, letters(3), DebianOptions{Default: NoDefault, Withdrawn: []int{3}})),
		"default that is no option":   second(Debian(m, letters(3), DebianOptions{Default: 7})),
	} {
		if err == nil {
			t.Errorf("%s is no error", name)
		}
	}
	for _, method := range methods() {
		if r := must(method.count(NewMatrix(2), letters(3), "")); len(r.Winners) != 0 || written(r.Order) != "ABC" {
			t.Errorf("%s elects %v without papers", method.name, r.Winners)
		}
	}
}

func second(_ count.Result, err error) error { return err }

func TestBorda_Points(t *testing.T) {
	for _, c := range []struct {
		name     string
		papers   []weighed
		unranked Unranked
		out      []int
		want     []count.Figure
		order    string
	}{
		{"Tennessee", papersOf("42 ABCD", "26 BCDA", "15 CDBA", "17 DCBA"), UnrankedShare, nil, []count.Figure{"126", "194", "173", "107"}, "B>C>A>D"},
		{"unranked share what is left", papersOf("1 A", "1 BA"), UnrankedShare, nil, []count.Figure{"5", "4", "3/2", "3/2"}, "A>B>CD"},
		{"unranked get nothing", papersOf("1 A", "1 BA"), UnrankedNothing, nil, []count.Figure{"5", "3", "0", "0"}, "A>B>CD"},
		{"equal ranks share their places", papersOf("2 A=BC"), UnrankedShare, nil, []count.Figure{"5", "5", "2", "0"}, "AB>C>D"},
		{"the withdrawn have no place", papersOf("2 ABCD", "1 DCB"), UnrankedShare, []int{0}, []count.Figure{"", "4", "3", "2"}, "B>C>D"},
	} {
		var r ballots.Rankings
		for _, p := range c.papers {
			if err := r.Take(p.weight, p.marks); err != nil {
				t.Fatal(err)
			}
		}
		result := must(Borda(&r, letters(4), c.unranked, Options{Withdrawn: c.out}))
		for i, line := range result.Rounds[0].Tally {
			if line.Votes != c.want[i] {
				t.Errorf("%s: %s has %s, want %s", c.name, letters(4)[i], line.Votes, c.want[i])
			}
		}
		if written(result.Order) != c.order {
			t.Errorf("%s: %s, want %s", c.name, written(result.Order), c.order)
		}
	}
}

func TestBorda_APaperThatNamesTheFifthOfFourIsRefused(t *testing.T) {
	err := second(Borda(rankingsOf(papersOf("2 DA", "1 AE")), letters(4), UnrankedShare, Options{}))
	if err == nil || err.Error() != "condorcet: a paper names option 5 of 4" {
		t.Error(err)
	}
}

// Of three options: A has 2 points on the first paper, B and C share the 1 that is left, since what comes after a mistake
// is not ranked. The second paper says nothing before its mistake.
func TestBorda_AMistakeEndsThePaper(t *testing.T) {
	r := rankingsOf([]weighed{{2, []ballots.Mark{0, ballots.Overvoted, 1}}, {5, []ballots.Mark{ballots.Overvoted, 2}}})
	result := must(Borda(r, letters(3), UnrankedShare, Options{}))
	if result.Papers != "7" || result.Valid != "2" {
		t.Errorf("%s papers, %s valid", result.Papers, result.Valid)
	}
	for i, want := range []count.Figure{"4", "1", "1"} {
		if got := result.Rounds[0].Tally[i].Votes; got != want {
			t.Errorf("%s has %s, want %s", letters(3)[i], got, want)
		}
	}
}

func TestBorda_SeatsGoToTheMostPoints_OneIfNotSaid(t *testing.T) {
	for seats, want := range map[int][]int{0: {0}, 1: {0}, 2: {0, 1}} {
		if r := must(Borda(rankingsOf(papersOf("2 ABC", "1 BAC")), letters(3), UnrankedShare, Options{Seats: seats})); !slices.Equal(r.Winners, want) || r.Seats != max(seats, 1) {
			t.Errorf("%d seats: %v of %d", seats, r.Winners, r.Seats)
		}
	}
	if r := must(Borda(rankingsOf([]weighed{{5, []ballots.Mark{ballots.Skipped}}}), letters(2), UnrankedShare, Options{})); len(r.Winners) != 0 || r.Valid != "0" {
		t.Errorf("%v elected by papers that rank nobody", r.Winners)
	}
}
