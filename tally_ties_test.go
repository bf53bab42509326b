package main

import (
	"encoding/json"
	"strings"
	"testing"
)

// tallyJSONOf reads back what the command prints with --json.
func tallyJSONOf(t *testing.T, text string, flags ...string) (told tallied) {
	t.Helper()
	said, err := tallyOf(t, text, append(flags, "--json")...)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(said), &told); err != nil {
		t.Fatal(err)
	}
	return told
}

// Where a file has an order for ties no lot is drawn, and none is told.
func TestTally_ATieByTheFilesOrderIsNoLot(t *testing.T) {
	for method := range tallyMethods {
		if method == "score" { // no file has both scores and an order for ties
			continue
		}
		for order, winner := range map[string]string{"2 1": "A", "1 2": "B"} {
			text := "2 1\n[tie " + order + "]\n1 1 0\n1 2 0\n0\n\"A\"\n\"B\"\n"
			said, err := tallyOf(t, text, "--method", method)
			if err != nil || strings.Contains(strings.ToLower(said), "lot") || !strings.Contains(said, "by the file's order.") ||
				!strings.Contains(said, "By the file's order for ") || !strings.Contains(said, "Elected, in this order: "+winner+".") {
				t.Errorf("%s, [tie %s]: %v\n%s", method, order, err, said)
			}
			told := tallyJSONOf(t, text, "--method", method)
			if told.Seed != nil || len(told.Lots) != 1 || told.Lots[0].By != "file_order" {
				t.Errorf("%s: seed %v, lots %+v", method, told.Seed, told.Lots)
			}
			for _, round := range told.Rounds {
				for _, act := range round.Acts {
					if act.Kind == "lot" || act.Rule == "lot" {
						t.Errorf("%s: %+v", method, act)
					}
				}
			}
		}
	}
}

// Of three that are tied for one seat the order names none of two: between these a lot is drawn, and told.
func TestTally_ALotIsToldWhereTheFilesOrderLeavesATie(t *testing.T) {
	const text = "3 1\n[tie 3]\n1 1 0\n1 2 0\n0\n\"A\"\n\"B\"\n\"C\"\n"
	said, err := tallyOf(t, text, "--method", "plurality", "--seed", "abc")
	if err != nil || !strings.Contains(said, `Lot with the seed "abc" for "place 1" among A, B`) || !strings.Contains(said, ", by lot.") {
		t.Errorf("%v\n%s", err, said)
	}
	if told := tallyJSONOf(t, text, "--method", "plurality", "--seed", "abc"); told.Seed == nil || *told.Seed != "abc" || told.Lots[0].By != "seed" {
		t.Errorf("%+v", told.Lots)
	}
}

// WIGM D.1: one order for ties serves surpluses and defeats alike, and who is named first is chosen.
func TestTally_TheFilesOrderPassesOnFirstWhoIsNamedFirst(t *testing.T) {
	for order, first := range map[string]string{"2 1 3 4": "B", "1 2 3 4": "A"} {
		text := "4 3\n[tie " + order + "]\n6 1 3 0\n6 2 4 0\n1 3 0\n1 4 0\n0\n\"A\"\n\"B\"\n\"C\"\n\"D\"\n"
		for _, method := range []string{"stv-wigm", "stv-scottish"} {
			said, err := tallyOf(t, text, "--method", method)
			passes, _, _ := strings.Cut(said, "passes on")
			if err != nil || !strings.Contains(passes, "The surplus of "+first+",") {
				t.Errorf("%s, [tie %s]: %v\n%s", method, order, err, said)
			}
		}
	}
}

// Who reads the JSON finds every key that is promised, whatever the method.
func TestTally_JSONAlwaysHasAQuota(t *testing.T) {
	for method := range tallyMethods {
		said, err := tallyOf(t, "Ada,Berta\n1,0\n", "--method", method, "--json")
		if err != nil && method != "score" {
			t.Errorf("%s: %v", method, err)
		}
		var told map[string]any
		if err := json.Unmarshal([]byte(said), &told); err != nil {
			t.Fatal(err)
		}
		quota, there := told["quota"]
		has := strings.HasPrefix(method, "stv-") || method == "irv"
		if _, text := quota.(string); !there || !text || has != (quota != "") {
			t.Errorf("%s: quota %v", method, quota)
		}
	}
}
