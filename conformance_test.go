package main_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"socia/core/ballots"
)

// elections lies beside the repository and is no part of it.
const elections = "../shared/data/elections"

// publishedElections leaves the test when the data is not there; make conformance fails then.
func publishedElections(t *testing.T) {
	t.Helper()
	if _, err := os.Stat(elections); errors.Is(err, os.ErrNotExist) {
		t.Skipf("%s is not there: the published elections are kept outside of the repository", elections)
	}
}

// outcome is what the tests read of socia tally --json.
type outcome struct {
	Method     string     `json:"method"`
	Version    string     `json:"version"`
	Format     string     `json:"format"`
	Seats      int        `json:"seats"`
	Candidates []string   `json:"candidates"`
	Papers     string     `json:"papers"`
	Valid      string     `json:"valid"`
	Blank      int        `json:"blank"`
	Quota      string     `json:"quota"`
	Winners    []string   `json:"winners"`
	Order      [][]string `json:"order"`
	Rounds     []struct {
		Number int               `json:"number"`
		Tally  map[string]string `json:"tally"`
	} `json:"rounds"`
	Pairs map[string]map[string]string `json:"pairs"`
}

// builtProgram builds a program of this repository; that of "." is the command as people have it.
func builtProgram(t testing.TB, folder string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "program")
	if out, err := exec.Command("go", "build", "-o", program, folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

func tallyJSON(t *testing.T, program string, args ...string) (o outcome) {
	t.Helper()
	command := exec.Command(program, append([]string{"tally", "--json"}, args...)...)
	var said, complaint bytes.Buffer
	command.Stdout, command.Stderr = &said, &complaint
	if err := command.Run(); err != nil {
		t.Fatalf("tally %q: %v\n%s", args, err, &complaint)
	}
	if err := json.Unmarshal(said.Bytes(), &o); err != nil {
		t.Fatalf("tally %q: %v\n%s", args, err, &said)
	}
	if o.Method != args[len(args)-1] || o.Version == "" || len(o.Rounds) == 0 {
		t.Errorf("tally %q: method %q, version %q, %d rounds", args, o.Method, o.Version, len(o.Rounds))
	}
	return o
}

func TestConformance_EveryFileIsReadByItsContent(t *testing.T) {
	publishedElections(t)
	files := 0
	for _, pattern := range []string{"*/*.blt", "*/*.abif", "debian/*.txt", "minneapolis/*.csv"} {
		found, err := filepath.Glob(filepath.Join(elections, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			var r ballots.Rankings
			e, err := ballots.Read(f, "", &r)
			if err != nil || r.Len() == 0 || len(e.Options) == 0 {
				t.Errorf("%s: %d distinct papers, %d options, %v", path, r.Len(), len(e.Options), err)
			}
			_ = f.Close()
			files++
		}
	}
	if files != 21 {
		t.Errorf("%d files were read, not 21", files)
	}
}

func TestConformance_TheCommandElectsWhoWasElected(t *testing.T) {
	publishedElections(t)
	program := builtProgram(t, ".")
	for name, conforms := range map[string]func(*testing.T, string){
		"Glasgow": conformsGlasgow, "Debian": conformsDebian, "Minneapolis": conformsMinneapolis,
		"Burlington": conformsBurlington, "edge": conformsEdgesAreCountedByEverySTV,
	} {
		t.Run(name, func(t *testing.T) { conforms(t, program) })
	}
}

func conformsGlasgow(t *testing.T, program string) {
	f, err := os.Open(filepath.Join(elections, "glasgow-2007/expected-winners.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 11 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		path := filepath.Join(elections, "glasgow-2007", row[0])
		for method, winners := range map[string]string{"stv-scottish": row[4], "stv-meek": row[5]} {
			o := tallyJSON(t, program, path, "--method", method)
			if got := numbersOf(t, o); got != winners {
				t.Errorf("%s by %s: %s, not %s", row[0], method, got, winners)
			}
			if method == "stv-scottish" && (o.Quota != row[3] || o.Valid != row[2] || strconv.Itoa(o.Seats) != row[1]) {
				t.Errorf("%s: quota %s, valid %s, seats %d, not %v", row[0], o.Quota, o.Valid, o.Seats, row[1:4])
			}
		}
	}
}

// numbersOf lists the winners by their places from 1 in ascending order, as the published winners are.
func numbersOf(t *testing.T, o outcome) string {
	t.Helper()
	places := []int{}
	for _, name := range o.Winners {
		places = append(places, slices.Index(o.Candidates, name)+1)
	}
	slices.Sort(places)
	texts := make([]string, len(places))
	for i, place := range places {
		texts[i] = strconv.Itoa(place)
	}
	return strings.Join(texts, ";")
}

func conformsDebian(t *testing.T, program string) {
	for year, order := range map[string]string{"2007": "3>4>5>0>6>2>8>7>1", "2020": "0>1>2>3"} {
		for _, method := range []string{"schulze", "ranked-pairs", "debian"} {
			o := tallyJSON(t, program, filepath.Join(elections, "debian/leader"+year+"_tally.txt"), "--method", method)
			tiers := make([]string, len(o.Order))
			for i, tier := range o.Order {
				tiers[i] = strings.Join(tier, "=")
			}
			if strings.Join(tiers, ">") != order || !slices.Equal(o.Winners, []string{order[:1]}) {
				t.Errorf("%s by %s: %v, winners %v", year, method, o.Order, o.Winners)
			}
		}
	}
}

func conformsMinneapolis(t *testing.T, program string) {
	o := tallyJSON(t, program, filepath.Join(elections, "minneapolis/2017_mayor.csv"), "--method", "irv")
	if len(o.Rounds) != 6 {
		t.Fatalf("%d rounds, not 6", len(o.Rounds))
	}
	last := o.Rounds[5]
	if !slices.Equal(o.Winners, []string{"Jacob Frey"}) || o.Papers != "105928" || o.Blank != 1369 || last.Tally["Jacob Frey"] != "46704" || last.Tally["Raymond Dehn"] != "34970" {
		t.Errorf("winners %v, papers %s, blank %d, last round %v", o.Winners, o.Papers, o.Blank, last.Tally)
	}
}

func conformsBurlington(t *testing.T, program string) {
	file := filepath.Join(elections, "burlington-2009/burl2009.abif")
	for method, winner := range map[string]string{"irv": "Kiss", "plurality": "Wright", "schulze": "Montroll", "ranked-pairs": "Montroll", "debian": "Montroll"} {
		o := tallyJSON(t, program, file, "--method", method)
		if !slices.Equal(o.Winners, []string{winner}) {
			t.Errorf("%s: %v", method, o.Winners)
		}
		if method != "schulze" {
			continue
		}
		p := o.Pairs
		got := []string{p["Montroll"]["Kiss"], p["Kiss"]["Montroll"], p["Kiss"]["Wright"], p["Wright"]["Kiss"], p["Montroll"]["Wright"], p["Wright"]["Montroll"]}
		if want := []string{"4067", "3477", "4314", "4064", "4597", "3668"}; !slices.Equal(got, want) {
			t.Errorf("pairs %v, not %v", got, want)
		}
	}
}

func conformsEdgesAreCountedByEverySTV(t *testing.T, program string) {
	files, err := filepath.Glob(filepath.Join(elections, "edge/*.blt"))
	if err != nil || len(files) != 7 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		for _, method := range []string{"stv-scottish", "stv-wigm", "stv-meek"} {
			if o := tallyJSON(t, program, file, "--method", method); len(o.Winners) != o.Seats {
				t.Errorf("%s by %s: %d seats, elected %v", file, method, o.Seats, o.Winners)
			}
		}
	}
}
