package main

import (
	"strings"
	"testing"

	"socia/core/count"
)

// A paper that only names who stood down says nothing, in every method.
func TestTally_APaperThatOnlyNamesWithdrawnOptionsIsBlank(t *testing.T) {
	for method := range tallyMethods {
		if method == "score" { // no file with scores names withdrawn options
			continue
		}
		told := tallyJSONOf(t, "3 1\n-3\n1 1 0\n1 3 0\n2 - 3 0\n0\n\"A\"\n\"B\"\n\"C\"\n", "--method", method)
		if told.Papers != "4" || told.Blank != 3 || told.Valid != "1" {
			t.Errorf("%s: %s papers, %d blank, %s valid", method, told.Papers, told.Blank, told.Valid)
		}
		if votes := told.Rounds[0].Tally["B"]; method == "borda" && votes != "0" {
			t.Errorf("borda gives B %s", votes)
		}
	}
}

// It cannot be told whom an overvote approves; the ranks after it can.
func TestTally_ApprovalCountsTheRanksAfterAnOvervote(t *testing.T) {
	const text = "count,rank1,rank2\n5,overvote,A\n1,B,\n"
	for method, want := range map[string]struct {
		votes count.Figure
		valid count.Figure
	}{"approval": {"5", "6"}, "plurality": {"0", "1"}} {
		told := tallyJSONOf(t, text, "--method", method)
		if got := told.Rounds[0].Tally["A"]; got != want.votes || told.Valid != want.valid {
			t.Errorf("%s: A has %s of %s valid", method, got, told.Valid)
		}
	}
}

// Blank papers, and mistakes, elect nobody: neither by lot nor because no others are left.
func TestTally_WithoutAValidPaperNobodyIsElected(t *testing.T) {
	for method := range tallyMethods {
		for _, text := range []string{"count,Ada,Berta\n3,,\n", "count,rank1,rank2\n3,overvote,\n2,,\n"} {
			if method == "score" && text != "count,Ada,Berta\n3,,\n" {
				continue
			}
			for _, seats := range []string{"", "--seats=3"} {
				if seats != "" && method == "irv" {
					continue
				}
				told := tallyJSONOf(t, text, append([]string{"--method", method}, strings.Fields(seats)...)...)
				if len(told.Winners) != 0 || len(told.Lots) != 0 || told.Winners == nil {
					t.Errorf("%s %s of %q: %v, lots %v", method, seats, text, told.Winners, told.Lots)
				}
			}
		}
	}
}

// Debian's quorum counts voters, whom a file of weights does not have: what docs/counting.md says to do instead gives the
// result of a poll in which X, ranked first by one voter of weight 7, missed a quorum of two.
func TestTally_AnEmptyColumnStandsForAnOptionThatMissedDebiansQuorum(t *testing.T) {
	for text, winner := range map[string]string{
		"count (1 is first),X,Y,N\n7,1,2,3\n4,,1,2\n2,,,1\n": "X", // a quorum of two papers would not keep X out either
		"count (1 is first),X,Y,N\n7,,2,3\n4,,1,2\n2,,,1\n":  "Y",
	} {
		said, err := tallyOf(t, text, "--method", "debian", "--debian-default", "N")
		if err != nil || !strings.HasSuffix(said, "Elected, in this order: "+winner+".\n") {
			t.Errorf("%v\n%s", err, said)
		}
	}
}

// Only the order of such numbers counts: the second paper has no ranks left empty, and goes on from A to B.
func TestTally_NumbersOfRanksHaveNoGaps(t *testing.T) {
	const numbers = "count (1 is first),A,B,C,D\n2,1,4,,\n3,,1,,\n4,,,1,\n4,,,,1\n"
	said, err := tallyOf(t, numbers, "--method", "irv", "--no-batch")
	if err != nil || !strings.Contains(said, "The votes of A pass on: 2 to B.") {
		t.Errorf("%v\n%s", err, said)
	}
	const ranks = "count,rank1,rank2,rank3,rank4\n2,A,,,B\n3,B,,,\n4,C,,,\n4,D,,,\n"
	said, err = tallyOf(t, ranks, "--method", "irv", "--no-batch")
	if err != nil || !strings.Contains(said, "The votes of A pass on: 2 to nobody.") {
		t.Errorf("%v\n%s", err, said)
	}
}

// A rank that held a withdrawn option is not empty: A's paper is not ended by two empty ranks in a row.
func TestTally_AWithdrawnOptionPartsEmptyRanks(t *testing.T) {
	told := tallyJSONOf(t, "3 1\n-3\n3 - 3 - 1 0\n2 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n", "--method", "irv")
	if len(told.Winners) != 1 || told.Winners[0] != "A" || told.Blank != 0 {
		t.Errorf("%v, %d blank", told.Winners, told.Blank)
	}
}
