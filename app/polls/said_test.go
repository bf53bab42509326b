package polls

import (
	"slices"
	"testing"

	"socia/core/disclosure"
	"socia/core/methods"
)

// Five workers whose papers differ, and who may yet agree in something that a figure tells: nothing is shown by class. Ten
// users agree in nothing.
func TestSaidOf_WhatAClassAgreesInIsFound(t *testing.T) {
	for name, c := range map[string]struct {
		method  methods.Name
		setup   methods.Setup
		users   []string
		workers []string
		want    disclosure.Extent
	}{
		"all prefer the second to the first": {methods.Schulze, methods.Setup{}, []string{"1,2,3", "2,1,3", "3,1,2", "1,3,2", "2,3,1"}, []string{"2,1,3", "3,1,2", "3,2,1", "2,1,", ",1,2"}, disclosure.OutcomeOnly},
		"they differ in each two":            {methods.Schulze, methods.Setup{}, []string{"1,2,3", "2,1,3", "3,1,2", "1,3,2", "2,3,1"}, []string{"1,2,3", "2,1,3", "3,2,1", "2,1,", ",1,2"}, disclosure.Everything},
		"the same papers are ranks alone":    {methods.Borda, methods.Setup{}, []string{"1,2,3", "2,1,3", "3,1,2", "1,3,2", "2,3,1"}, []string{"2,1,3", "3,1,2", "3,2,1", "2,1,", ",1,2"}, disclosure.Everything},
		"none approves the last":             {methods.Approval, methods.Setup{}, []string{"1,,1", ",1,", "1,1,1", ",,1", "1,,"}, []string{"1,,", ",1,", "1,1,", ",1,", "1,,"}, disclosure.OutcomeOnly},
		"somebody approves each":             {methods.Approval, methods.Setup{}, []string{"1,,1", ",1,", "1,1,1", ",,1", "1,,"}, []string{"1,,", ",1,", "1,1,1", ",1,", "1,,"}, disclosure.Everything},
		"a blank is a nought":                {methods.Score, methods.Setup{Top: 5, Blanks: methods.BlanksZero}, []string{"1,2", "2,3", "3,4", "4,5", "5,0"}, []string{"1,", "2,0", "3,", "4,0", "5,"}, disclosure.OutcomeOnly},
		"a blank is left out":                {methods.Score, methods.Setup{Top: 5, Blanks: methods.BlanksAverage}, []string{"1,2", "2,3", "3,4", "4,5", "5,0"}, []string{"1,", "2,0", "3,", "4,0", "5,"}, disclosure.Everything},
		"all are blank":                      {methods.Approval, methods.Setup{}, []string{"1,,1", ",1,", "1,1,1", ",,1", "1,,"}, slices.Repeat([]string{",,"}, 5), disclosure.OutcomeOnly},
	} {
		method, _ := methods.ByName(c.method)
		var sheets []disclosure.Sheet
		add := func(class string, papers []string) {
			for _, p := range papers {
				says, err := saidOf(method, c.setup, p)
				if err != nil {
					t.Fatal(err)
				}
				sheets = append(sheets, disclosure.Sheet{Class: class, People: 1, Says: says})
			}
		}
		add("user", c.users)
		add("user", c.users)
		add("worker", c.workers)
		if got := disclosure.OfVote(sheets, true); got != c.want {
			t.Errorf("%s: %s is shown, want %s", name, got, c.want)
		}
	}
}
