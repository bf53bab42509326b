package quorum

import (
	"testing"

	"pgregory.net/rapid"

	"socia/core/fault"
	"socia/core/rules"
)

var twoClasses = rules.Counting{Method: rules.MethodPerson, Shares: []rules.ClassShare{{Class: "worker", Share: 60}, {Class: "user", Share: 40}}}

func by(t rules.Threshold, unit rules.Unit) rules.Threshold { t.By = unit; return t }

func TestCheck_CountsWhatTheStatutesSay(t *testing.T) {
	classes := func(worker, user int64) []Class { return []Class{{"worker", 4, worker}, {"user", 100, user}} }
	for _, c := range []struct {
		name    string
		classes []Class
		t       rules.Threshold
		method  rules.Method
		ok      bool
	}{
		{"heads: 53 of 104", classes(0, 53), by(half, rules.UnitPersons), rules.MethodClass, true},
		{"heads: 52 of 104", classes(4, 48), by(half, rules.UnitPersons), rules.MethodClass, false},
		{"weight: 3/4 of 60 and 15/100 of 40 are 51", classes(3, 15), by(half, rules.UnitWeight), rules.MethodPerson, true},
		{"weight: 50 is not more than half", classes(3, 12), by(half, rules.UnitWeight), rules.MethodPerson, false},
		{"as votes are counted, by class", classes(3, 15), half, rules.MethodClass, true},
		{"as votes are counted, heads", classes(3, 15), half, rules.MethodPerson, false},
		{"each class: 3 of 4 and 51 of 100", classes(3, 51), by(half, rules.UnitClass), rules.MethodPerson, true},
		{"each class: 2 of 4", classes(2, 100), by(half, rules.UnitClass), rules.MethodPerson, false},
		{"each class: 50 of 100", classes(4, 50), by(half, rules.UnitClass), rules.MethodPerson, false},
		{"each class, or 100 votes", classes(2, 98), by(rules.Threshold{Num: 1, Den: 2, Strict: true, MinVotes: 100}, rules.UnitClass), rules.MethodPerson, true},
		{"each class, or 100 votes: 99", classes(2, 97), by(rules.Threshold{Num: 1, Den: 2, Strict: true, MinVotes: 100}, rules.UnitClass), rules.MethodPerson, false},
		{"anybody", classes(0, 0), by(anyone, rules.UnitClass), rules.MethodPerson, true},
		{"no classes at all", nil, by(half, rules.UnitClass), rules.MethodPerson, false},
		{"a class of nobody is out of it", append(classes(3, 51), Class{Class: "guest"}), by(half, rules.UnitClass), rules.MethodPerson, true},
	} {
		counting := twoClasses
		counting.Method = c.method
		v, err := Check(c.classes, counting, c.t)
		if err != nil || v.OK != c.ok || v.Article != c.t.Article {
			t.Errorf("%s: %+v, %v", c.name, v, err)
		}
	}
}

func TestCheck_ImpossibleCounts(t *testing.T) {
	for name, c := range map[string]struct {
		classes []Class
		key     string
	}{
		"twice":          {[]Class{{"user", 2, 1}, {"user", 2, 1}}, "quorum.class_twice"},
		"more than all":  {[]Class{{"user", 2, 3}}, "quorum.counts_impossible"},
		"less than none": {[]Class{{"user", 2, -1}}, "quorum.counts_impossible"},
	} {
		for _, unit := range []rules.Unit{rules.UnitPersons, rules.UnitWeight, rules.UnitClass} {
			if v, err := Check(c.classes, twoClasses, by(half, unit)); !fault.Has(err, c.key) || v.OK {
				t.Errorf("%s by %s: %v", name, unit, err)
			}
		}
	}
}

// With a single class, each class is all; and who has a quorum in each class has it of all when it is a part.
func TestEachClass_IsReachedWithASingleClass_AndNeverEasier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.Int64Range(1, 12).Draw(t, "den")
		r := rules.Threshold{Num: rapid.Int64Range(1, den).Draw(t, "num"), Den: den, Strict: rapid.Bool().Draw(t, "strict")}
		var classes []Class
		var present, roll int64
		for _, name := range []string{"a", "b", "c"} {
			k := Class{Class: name, Roll: rapid.Int64Range(0, 40).Draw(t, name)}
			k.Present = rapid.Int64Range(0, k.Roll).Draw(t, name+" present")
			classes, present, roll = append(classes, k), present+k.Present, roll+k.Roll
		}
		each, err := EachClass(classes, r)
		if err != nil || (each.OK && !Reached(present, roll, r).OK) {
			t.Fatalf("%+v, %v", each, err)
		}
		if single, err := EachClass(classes[:1], r); err != nil || single.OK != Reached(classes[0].Present, classes[0].Roll, r).OK {
			t.Fatalf("%+v, %v", single, err)
		}
	})
}
