package irv

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socia/core/ballots"
	"socia/core/count"
)

const elections = "../../../shared/data/elections/"

// open opens a file of real data, which is kept outside of the project.
func open(t *testing.T, path string) *os.File {
	t.Helper()
	file, err := os.Open(elections + path)
	if os.IsNotExist(err) {
		t.Skipf("shared/data/elections/%s is not there: it is kept outside of the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return file
}

type expected struct {
	Results []struct {
		Inactive struct {
			Ended     string `json:"exhaustedChoices"`
			Overvoted string `json:"overvotes"`
			Repeated  string `json:"repeatedRankings"`
			Skipped   string `json:"skippedRankings"`
		} `json:"inactiveBallots"`
		Tally     map[string]string
		Threshold string
		Acts      []struct {
			Eliminated, Elected string
			Transfers           map[string]string
		} `json:"tallyResults"`
	}
	Summary struct {
		Papers string `json:"totalNumBallots"`
		Blank  int    `json:"undervotes"`
	}
}

// minneapolis reads papers as the city published them.
func minneapolis(t *testing.T) (*ballots.Rankings, []string) {
	t.Helper()
	rows, err := csv.NewReader(open(t, "minneapolis/2017_mayor.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	r := new(ballots.Rankings)
	for _, row := range rows[1:] {
		weight, err := strconv.ParseInt(row[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		var marks []ballots.Mark
		for _, name := range row[1:] {
			switch name {
			case "undervote":
				marks = append(marks, ballots.Skipped)
			case "overvote":
				marks = append(marks, ballots.Overvoted)
			default:
				at := slices.Index(names, name)
				if at < 0 {
					at = len(names)
					names = append(names, name)
				}
				marks = append(marks, ballots.Mark(at))
			}
		}
		for len(marks) > 0 && marks[len(marks)-1] == ballots.Skipped {
			marks = marks[:len(marks)-1]
		}
		if err := r.Take(weight, marks); err != nil {
			t.Fatal(err)
		}
	}
	return r, names
}

func TestCount_ConformanceMinneapolis2017EveryRound(t *testing.T) {
	var want expected
	if err := json.NewDecoder(open(t, "minneapolis/2017_mayor_expected_rounds.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	r, names := minneapolis(t)
	writeIns := slices.Index(names, "UWI")
	got, err := Count(r, names, Options{Batch: true, First: []int{writeIns}})
	if err != nil {
		t.Fatal(err)
	}
	names[writeIns] = "Undeclared Write-ins"
	papers, _ := strconv.Atoi(want.Summary.Papers)
	if string(got.Papers) != want.Summary.Papers || string(got.Valid) != fmt.Sprint(papers-want.Summary.Blank) {
		t.Errorf("%s papers, %s valid, want %+v", got.Papers, got.Valid, want.Summary)
	}
	if len(got.Rounds) != len(want.Results) || len(got.Rounds) != 6 {
		t.Fatalf("%d rounds, want %d", len(got.Rounds), len(want.Results))
	}
	for i, w := range want.Results {
		round := got.Rounds[i]
		if string(round.Quota) != w.Threshold {
			t.Errorf("round %d: threshold %s, want %s", i+1, round.Quota, w.Threshold)
		}
		in := round.Inactive
		if in == nil || string(in.Ended) != w.Inactive.Ended || string(in.Overvoted) != w.Inactive.Overvoted ||
			string(in.Repeated) != w.Inactive.Repeated || string(in.Skipped) != w.Inactive.Skipped {
			t.Errorf("round %d: inactive %+v, want %+v", i+1, in, w.Inactive)
		}
		left := 0
		for _, line := range round.Tally {
			// Somebody nobody ranks first may stand in our list though not in theirs, never the reverse.
			if line.State == count.Defeated && line.Votes == "0" {
				continue
			}
			left++
			if w.Tally[names[line.Option]] != string(line.Votes) {
				t.Errorf("round %d: %s has %s, want %q", i+1, names[line.Option], line.Votes, w.Tally[names[line.Option]])
			}
		}
		if left != len(w.Tally) {
			t.Errorf("round %d: %d with votes, want %d", i+1, left, len(w.Tally))
		}
		for _, act := range w.Acts {
			if act.Elected != "" {
				if names[got.Winners[0]] != act.Elected {
					t.Errorf("elected %v, want %s", got.Winners, act.Elected)
				}
				continue
			}
			// What they tell at the end of a round we tell at the beginning of the next.
			if told := transfers(got.Rounds[i+1], slices.Index(names, act.Eliminated), names); !equal(told, act.Transfers) {
				t.Errorf("round %d: %s passes %v, want %v", i+1, act.Eliminated, told, act.Transfers)
			}
		}
	}
}

func transfers(round count.Round, from int, names []string) map[string]string {
	for _, a := range round.Acts {
		if a.Kind != count.ActTransfer || a.Option != from {
			continue
		}
		all := map[string]string{}
		for _, t := range a.Transfers {
			if t.To == count.ToNobody {
				all["exhausted"] = string(t.Votes)
			} else {
				all[names[t.To]] = string(t.Votes)
			}
		}
		return all
	}
	return map[string]string{"nobody": "passed on anything"}
}

func equal(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if b[k] != v {
			return false
		}
	}
	return true
}

func TestCount_ConformanceBurlington2009ElectsKiss(t *testing.T) {
	names := []string{"Kiss", "Montroll", "Simpson", "Smith", "Wright", "Write-in"}
	r := new(ballots.Rankings)
	text, err := os.ReadFile(open(t, "burlington-2009/burl2009.abif").Name())
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		number, ranks, found := strings.Cut(strings.TrimSpace(line), ":")
		weight, err := strconv.ParseInt(number, 10, 64)
		if !found || err != nil {
			continue
		}
		var marks []ballots.Mark
		for rank := range strings.SplitSeq(ranks, ">") {
			for i, name := range strings.Split(rank, "=") {
				at := slices.Index(names, strings.TrimSpace(name))
				if at < 0 {
					t.Fatalf("who is %q?", name)
				}
				if i > 0 {
					at |= int(ballots.Equal)
				}
				marks = append(marks, ballots.Mark(at))
			}
		}
		if err := r.Take(weight, marks); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Count(r, names, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Winners, []int{0}) {
		t.Errorf("elected %v, want Kiss", got.Winners)
	}
	last := got.Rounds[len(got.Rounds)-1]
	t.Logf("%s votes: Kiss %s, Wright %s", got.Valid, last.Tally[0].Votes, last.Tally[4].Votes)
}
