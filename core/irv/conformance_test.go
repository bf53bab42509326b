package irv

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
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
		Blank  int64  `json:"undervotes"`
	}
}

// election reads the papers of a file.
func election(t *testing.T, path string, format ballots.Format) (*ballots.Rankings, ballots.Election) {
	t.Helper()
	r := new(ballots.Rankings)
	e, err := ballots.Read(open(t, path), format, r)
	if err != nil {
		t.Fatal(err)
	}
	return r, e
}

func TestCount_ConformanceMinneapolis2017EveryRound(t *testing.T) {
	var want expected
	if err := json.NewDecoder(open(t, "minneapolis/2017_mayor_expected_rounds.json")).Decode(&want); err != nil {
		t.Fatal(err)
	}
	r, e := election(t, "minneapolis/2017_mayor.csv", ballots.CSV)
	names := e.Options
	writeIns := slices.Index(names, "UWI")
	got, err := Count(r, names, Options{Batch: true, First: []int{writeIns}})
	if err != nil {
		t.Fatal(err)
	}
	names[writeIns] = "Undeclared Write-ins"
	if fmt.Sprint(e.Papers) != want.Summary.Papers || got.Valid != count.Whole(e.Papers-want.Summary.Blank) {
		t.Errorf("%d papers, %s valid, want %+v", e.Papers, got.Valid, want.Summary)
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
	r, e := election(t, "burlington-2009/burl2009.abif", ballots.ABIF)
	for _, overvote := range []Overvote{OvervotePasses, OvervoteEnds, OvervoteEndsIfSeveral} {
		got, err := Count(r, e.Options, Options{Overvote: overvote})
		if err != nil {
			t.Fatal(err)
		}
		if winner := e.Options[got.Winners[0]]; winner != "Kiss" {
			t.Errorf("elected %s, want Kiss", winner)
		}
		if overvote != OvervoteEndsIfSeveral {
			continue
		}
		last := got.Rounds[len(got.Rounds)-1] // with overvotes read so it is the city's own last round
		for i, name := range e.Options {
			if want := map[string]count.Figure{"Kiss": "4313", "Wright": "4061"}[name]; want != "" && last.Tally[i].Votes != want {
				t.Errorf("%s ends with %s, want %s", name, last.Tally[i].Votes, want)
			}
		}
	}
}
