package main

import "testing"

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
