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
