package stv

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socia/core/ballots"
	"socia/core/count"
)

const elections = "../../../shared/data/elections/"

// ballotFile reads an election of others, which is kept outside of the project.
func ballotFile(t testing.TB, path string) (*ballots.Rankings, []string, int) {
	t.Helper()
	file, err := os.Open(filepath.Join(elections, path))
	if os.IsNotExist(err) {
		t.Skipf("shared/data/elections/%s is not there: it is kept outside of the project", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	r := new(ballots.Rankings)
	e, err := ballots.Read(file, ballots.BLT, r)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range e.Options {
		e.Options[i] = strings.Join(strings.Fields(name), " ")
	}
	return r, e.Options, e.Seats
}

// report is what a printed count says of a round.
type report struct {
	votes               map[string]string
	exhausted, residual string
	acts                []string
}

var (
	candidate = regexp.MustCompile(`^\t(Hopeful|Pending|Elected|Defeated): +(.*) \(([0-9.]+)\)$`)
	sum       = regexp.MustCompile(`^\t(Nontransferable votes|Residual): ([0-9.]+)$`)
)

// readReport reads the rounds of a report by Droop; round 0 there is our round 1.
func readReport(t *testing.T, path string, names []string) (quota string, rounds []report) {
	t.Helper()
	file, err := os.Open(filepath.Join(elections, path))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	now := &report{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		act, isAct := strings.CutPrefix(line, "Action: ")
		switch {
		case strings.HasPrefix(line, "\tQuota: "):
			quota = strings.TrimPrefix(line, "\tQuota: ")
		case act == "Begin Count" || strings.HasPrefix(line, "Round "):
			rounds = append(rounds, report{})
			now = &rounds[len(rounds)-1]
		case act == "Count Complete":
			now.votes = map[string]string{}
		case isAct:
			now.votes = map[string]string{}
			if !strings.HasPrefix(act, "Transfer high surplus") {
				now.acts = append(now.acts, strings.Join(strings.Fields(act), " "))
			}
		}
		if m := candidate.FindStringSubmatch(line); m != nil && now.votes != nil {
			// Candidates without votes share a line; a name of one may hold a comma for all we know.
			for _, name := range names {
				if joined := strings.Join(strings.Fields(m[2]), " "); joined == name || slices.Contains(strings.Split(joined, ", "), name) {
					now.votes[name] = m[3]
				}
			}
		}
		if m := sum.FindStringSubmatch(line); m != nil {
			if m[1] == "Residual" {
				now.residual = m[2]
			} else {
				now.exhausted = m[2]
			}
		}
	}
	return quota, rounds
}

// told writes our acts as the report writes its own.
func told(acts []count.Act, names []string) []string {
	words := map[count.ActKind]string{
		count.ActElect: "Elect, transfer pending: ", count.ActRemaining: "Elect remaining candidates: ",
		count.ActDefeat: "Defeat low candidate: ", count.ActTransfer: "Transfer defeated: ", count.ActSurplus: "Surplus transferred: ",
	}
	var all []string
	for _, a := range acts {
		text := words[a.Kind] + names[a.Option]
		if a.Kind == count.ActSurplus {
			text += fmt.Sprintf(" (%s)", a.Votes)
		}
		all = append(all, text)
	}
	return all
}

func TestScottish_ConformanceGlasgow2007EveryRound(t *testing.T) {
	for _, ward := range wards(t) {
		t.Run(ward.name, func(t *testing.T) {
			r, names, seats := ballotFile(t, "glasgow-2007/"+ward.name+".blt")
			got, err := Scottish(r, names, Options{Seats: seats})
			if err != nil {
				t.Fatal(err)
			}
			quota, rounds := readReport(t, "glasgow-2007/rounds/"+ward.name+"-scotland-fixed-p5-d5.txt", names)
			if string(got.Quota) != quota || ward.quota != quota || string(got.Valid) != ward.valid {
				t.Errorf("quota %s of %s, want %s of %s", got.Quota, got.Valid, quota, ward.valid)
			}
			if len(got.Rounds) != len(rounds) {
				t.Fatalf("%d rounds, want %d", len(got.Rounds), len(rounds))
			}
			for i, want := range rounds {
				round := got.Rounds[i]
				for option, name := range names {
					if votes := round.Tally[option].Votes; string(votes) != want.votes[name] {
						t.Errorf("round %d: %s has %s, want %s", i+1, name, votes, want.votes[name])
					}
				}
				if string(round.Exhausted) != want.exhausted || string(round.Residual) != want.residual {
					t.Errorf("round %d: %s exhausted, %s residual, want %+v", i+1, round.Exhausted, round.Residual, want)
				}
				if acts := told(round.Acts, names); !slices.Equal(acts, want.acts) {
					t.Errorf("round %d: %q, want %q", i+1, acts, want.acts)
				}
			}
			if !slices.Equal(elected(got), ward.scottish) {
				t.Errorf("elected %v, want %v", elected(got), ward.scottish)
			}
		})
	}
}

func TestMeek_ConformanceGlasgow2007Winners(t *testing.T) {
	for _, ward := range wards(t) {
		r, names, seats := ballotFile(t, "glasgow-2007/"+ward.name+".blt")
		got, err := Meek(r, names, Options{Seats: seats})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(elected(got), ward.meek) {
			t.Errorf("%s: elected %v, want %v", ward.name, elected(got), ward.meek)
		}
	}
}

type ward struct {
	name, valid, quota string
	scottish, meek     []string
}

func wards(t *testing.T) []ward {
	t.Helper()
	file, err := os.Open(elections + "glasgow-2007/expected-winners.csv")
	if os.IsNotExist(err) {
		t.Skip("shared/data/elections/glasgow-2007 is not there: it is kept outside of the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var all []ward
	for _, row := range rows[1:] {
		all = append(all, ward{
			strings.TrimSuffix(row[0], ".blt"), row[2], row[3], strings.Split(row[4], ";"), strings.Split(row[5], ";"),
		})
	}
	if len(all) != 10 {
		t.Fatalf("%d wards, want 10", len(all))
	}
	return all
}

// elected lists the winners by number from 1, in their order on the paper.
func elected(r count.Result) []string {
	winners := slices.Sorted(slices.Values(r.Winners))
	all := make([]string, len(winners))
	for i, w := range winners {
		all[i] = strconv.Itoa(w + 1)
	}
	return all
}
