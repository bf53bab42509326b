package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// tallyOf runs the command on a file with this text.
func tallyOf(t *testing.T, text string, flags ...string) (said string, err error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ballots")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var command tallyCommand
	parser, err := kong.New(&command)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{file}, flags...)); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	err = command.tally(&out)
	return strings.ReplaceAll(out.String(), file, "FILE"), err
}

func TestTally_EveryMethodElectsWhoAllWant(t *testing.T) {
	for method := range tallyMethods {
		text := "count,rank1,rank2\n3,Ada,Berta\n1,Berta,\n1,Ada,\n1,Ada,\n"
		if method == "score" {
			text = "count,Ada,Berta\n3,5,3\n1,,4\n" // 15 points against 13
		}
		said, err := tallyOf(t, text, "--method", method)
		if err != nil || !strings.HasSuffix(said, "Elected, in this order: Ada.\n") {
			t.Errorf("%s: %v\n%s", method, err, said)
		}
	}
}

func TestTally_AWrongFileIsNamedWithLineAndColumn(t *testing.T) {
	for text, want := range map[string]string{
		"2 1\n1 3 0\n0\n":   ":2:3: there is no candidate 3, only 2 candidates",
		"nothing of a kind": ":1:1: the file is none of blt, abif, debian and csv; say --format if it is one of them",
	} {
		_, err := tallyOf(t, text, "--method", "irv")
		if err == nil || !strings.HasSuffix(err.Error(), want) || !strings.Contains(err.Error(), "ballots:") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTally_RefusesWhatAMethodCannotCount(t *testing.T) {
	for _, c := range []struct {
		text, want string
		flags      []string
	}{
		{"Ada,Berta\n5,1\n", "crosses", []string{"--method", "approval"}},
		{"rank1\nAda\n", "only rank options", []string{"--method", "score"}},
		{"Ada,Berta\n5,1\n", "above --top 4", []string{"--method", "score", "--top", "4"}},
		{"rank1\nAda\n", "irv elects 1", []string{"--method", "irv", "--seats", "2"}},
		{"rank1\nAda\n", `no option "Eva"`, []string{"--method", "debian", "--debian-default", "Eva"}},
		{"rank1\nAda\n", "say --debian-default", []string{"--method", "debian", "--quorum", "2"}},
	} {
		if _, err := tallyOf(t, c.text, c.flags...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q %v: %v", c.text, c.flags, err)
		}
	}
}

func TestTally_WithdrawnCandidatesAreOutOfEveryCount(t *testing.T) {
	for method := range tallyMethods {
		said, err := tallyOf(t, "3 1\n-1\n5 1 2 0\n4 3 0\n9 1 0\n0\n\"Ada\"\n\"Berta\"\n\"Cleo\"\n", "--method", method)
		if method == "score" {
			if err == nil || !strings.Contains(err.Error(), "only rank options") {
				t.Errorf("score: %v", err)
			}
			continue
		}
		if err != nil || !strings.HasSuffix(said, "Elected, in this order: Berta.\n") {
			t.Errorf("%s: %v\n%s", method, err, said)
		}
	}
}

func TestTally_IRVReadsMistakesAsItsFlagsSay(t *testing.T) {
	const text = "count,rank1,rank2,rank3\n3,Ada,,\n4,overvote,Berta,\n2,Cleo,Cleo,Berta\n"
	for flags, winner := range map[string]string{"": "Berta", "--overvote=end": "Ada"} {
		said, err := tallyOf(t, text, append([]string{"--method=irv"}, strings.Fields(flags)...)...)
		if err != nil || !strings.Contains(said, "Elected, in this order: "+winner) {
			t.Errorf("%q: %v\n%s", flags, err, said)
		}
	}
}
