package main

import (
	"fmt"
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

// A small file can announce more options than any count would end with.
func TestTally_MoreOptionsThanCanBeCounted_AreRefused(t *testing.T) {
	for n, refused := range map[int]bool{1024: false, 1025: true} {
		text := fmt.Sprint(n, " 1\n1 1 2 0\n0\n")
		for i := range n {
			text += fmt.Sprintf("\"c%d\"\n", i)
		}
		if _, err := tallyOf(t, text, "--method", "irv"); (err != nil) != refused {
			t.Errorf("%d options: %v", n, err)
		}
	}
}

// What a method cannot count is refused where it stands in the file, whatever the format.
func TestTally_WhatAMethodCannotCountIsNamedWithLineAndColumn(t *testing.T) {
	wide := "rank1\n"
	for i := range 1025 {
		wide += fmt.Sprintf("Option %d\n", i)
	}
	for _, c := range []struct {
		text, flags, want string
	}{
		{"Ada,Berta\n5,1\n", "--method approval", `:2:1: approval counts papers with crosses (x, 1 or 0), and the paper gives "Ada" the mark 5`},
		{"count;Ada;Berta\n2;1;\n3;; 2\n", "--method plurality", `:3:5: plurality counts papers with crosses (x, 1 or 0), and the paper gives "Berta" the mark 2`},
		{"2:Ada/1,Berta/0\n3:Berta/ 7\n", "--method approval", `:2:10: approval counts papers with crosses (x, 1 or 0), and the paper gives "Berta" the mark 7`},
		{"Ada,Berta\n5,1\n", "--method score --top 4", `:2:1: the paper gives "Ada" the score 5, above --top 4`},
		{"# all\n2:Ada/3,Berta/5\n", "--method score --top 4", `:2:15: the paper gives "Berta" the score 5, above --top 4`},
		{"2:Ada/1\n3:Ada>Berta\n", "--method approval", ":2:1: some papers have marks and others only ranks; one count cannot add them up"},
		{"2:Ada>Berta\n1:\n 3:Ada/1,Berta/0\n", "--method plurality", ":3:2: some papers have marks and others only ranks; one count cannot add them up"},
		{"2:Ada/1\n1:\n3:Ada>Berta\n", "--method score", ":3:1: scores are counted, and the papers only rank options"},
		{"rank1\nAda\n", "--method score", ":1:1: scores are counted, and the columns are ranks"},
		{"\ncount (1 is first),Ada\n1,1\n", "--method score", ":2:1: scores are counted, and the columns are ranks"},
		{"2 1\n1 2 0\n0\n\"A\"\n\"B\"\n", "--method score", ":1:1: scores are counted, and the papers only rank options"},
		{"V: 12\n", "--method score", ":1:1: scores are counted, and the papers only rank options"},
		{"1025 1\n1 2 0\n", "--method schulze", ":1:1: 1025 is not the number of candidates: there can be no more than 1024"},
		{wide, "--method ranked-pairs", ":1026:1: there are more than 1024 options"},
		{"rank1\nAda\n", "--method debian --debian-default Eva", `: --debian-default: the file has no option "Eva"; it has ["Ada"]`},
		{"=A:[Ada]\n1:A\n", "--method debian --debian-default A --supermajority Ada=2", ": --supermajority Ada=2: it is the default option, which is not compared with itself"},
	} {
		_, err := tallyOf(t, c.text, strings.Fields(c.flags)...)
		if err == nil || !strings.HasSuffix(err.Error(), "ballots"+c.want) {
			t.Errorf("%.30q %s: %v, want %s", c.text, c.flags, err, c.want)
		}
	}
}

// Papers of both kinds are one election for who only compares ranks, and blank ones are of no kind.
func TestTally_MixedPapersAreCountedWhereTheyAddUp(t *testing.T) {
	said, err := tallyOf(t, "2:Ada/1,Berta/0\n1:\n3:Berta>Ada\n", "--method", "schulze")
	if err != nil || !strings.HasSuffix(said, "Elected, in this order: Berta.\n") {
		t.Errorf("%v\n%s", err, said)
	}
	if said, err := tallyOf(t, "Ada,Berta\n,\n,\n", "--method", "score"); err != nil || !strings.HasSuffix(said, "Nobody is elected.\n") {
		t.Errorf("%v\n%s", err, said)
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
