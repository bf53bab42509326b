package tally

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"socia/core/rules"
)

// anyStatutes are statutes in which votes weigh, are capped, must be of the classes too or need a quorum, or none of it.
func anyStatutes(t *rapid.T) rules.RuleSet {
	m := rules.Majority{Decision: rules.DecisionOrdinary, Num: 1, Den: 2, Strict: rapid.Bool().Draw(t, "strict"), Base: rapid.SampledFrom([]rules.Base{rules.BaseValid, rules.BaseCast, rules.BasePresent, rules.BaseRoll}).Draw(t, "base")}
	m.Double = rapid.SampledFrom([]rules.Double{rules.DoubleNone, rules.DoubleNone, rules.DoubleEach}).Draw(t, "double")
	s := rules.RuleSet{Counting: rules.Counting{Method: rapid.SampledFrom([]rules.Method{rules.MethodPerson, rules.MethodPerson, rules.MethodClass}).Draw(t, "method")}, Majorities: []rules.Majority{m}}
	s.Counting.Shares = []rules.ClassShare{{Class: "user", Share: 60}, {Class: "worker", Share: 40}}
	if rapid.Bool().Draw(t, "capped") {
		s.Counting.Cap = rules.ClassCap{Classes: []string{"worker"}, Num: 1, Den: 3, Base: rules.BasePresent}
	}
	s.Quorum.AtVote = rules.Threshold{Num: 1, Den: 4, By: rapid.SampledFrom([]rules.Unit{rules.UnitPersons, rules.UnitWeight, rules.UnitClass}).Draw(t, "unit"), Of: rules.BaseRoll}
	return s
}

// With the votes of two people of different classes exchanged, what is told by head is the same; where that is not so,
// the result says that it tells the classes apart.
func TestByHead_TwoPeopleOfDifferentClassesExchangeTheirVotes(t *testing.T) {
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		s := anyStatutes(t)
		votes := func(class string) ClassCount {
			k := ClassCount{Class: class, For: rapid.Int64Range(0, 6).Draw(t, "for"), Against: rapid.Int64Range(0, 6).Draw(t, "against"), Abstain: rapid.Int64Range(0, 6).Draw(t, "abstain")}
			k.Present = k.For + k.Against + k.Abstain
			k.Roll = k.Present + rapid.Int64Range(0, 30).Draw(t, "away")
			return k
		}
		user, worker := votes("user"), votes("worker")
		user.For, user.Present, user.Roll = user.For+1, user.Present+1, user.Roll+1
		worker.Against, worker.Present, worker.Roll = worker.Against+1, worker.Present+1, worker.Roll+1
		is := decide(t, []ClassCount{user, worker}, s)
		user.For, user.Against = user.For-1, user.Against+1
		worker.For, worker.Against = worker.For+1, worker.Against-1
		was := decide(t, []ClassCount{user, worker}, s)
		if is.TellsClasses() != was.TellsClasses() {
			t.Fatalf("whether the classes are told apart: %v and %v", is.TellsClasses(), was.TellsClasses())
		}
		text := fmt.Sprintf("%+v", is.ByHead())
		for _, class := range []string{"user", "worker"} {
			if strings.Contains(strings.Replace(text, "Shares:", "", 1), class) {
				t.Fatalf("by head %q is named: %s", class, text)
			}
		}
		if is.TellsClasses() {
			return
		}
		told++
		if !reflect.DeepEqual(is.ByHead(), was.ByHead()) {
			t.Fatalf("%+v\n%+v", is.ByHead(), was.ByHead())
		}
	})
	if told == 0 {
		t.Error("no result was told by head")
	}
}

func decide(t *rapid.T, classes []ClassCount, s rules.RuleSet) Result {
	r, err := Decide(classes, rules.DecisionOrdinary, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// By head a result keeps its sums, what was needed and the quorum of heads, and loses what is by class.
func TestByHead_KeepsTheArithmeticOfAll(t *testing.T) {
	s := rules.RuleSet{Counting: perPerson, Majorities: []rules.Majority{simple}}
	s.Majorities[0].Decision = rules.DecisionOrdinary
	s.Counting.Cap = rules.ClassCap{Classes: []string{"worker"}, Num: 1, Den: 3, Base: rules.BasePresent}
	s.Quorum.AtVote = rules.Threshold{Num: 1, Den: 2, By: rules.UnitPersons, Of: rules.BaseRoll}
	r, err := Decide([]ClassCount{{"user", 20, 14, 9, 3, 2}, {"worker", 1, 1, 0, 1, 0}}, rules.DecisionOrdinary, s)
	if err != nil || r.TellsClasses() || r.Cap == nil {
		t.Fatalf("%v, %+v", err, r)
	}
	var keys []string
	for _, step := range r.ByHead().Steps {
		keys = append(keys, step.Key)
	}
	if got, want := strings.Join(keys, " "), strings.Join([]string{StepSum, StepBaseValid, StepMoreThan, StepCompare, StepQuorum, StepOutcome}, " "); got != want {
		t.Errorf("steps %s, want %s", got, want)
	}
	if h := r.ByHead(); h.Lines != nil || h.Cap != nil || h.Total != r.Total || h.Quorum == nil || !h.For.Equal(r.For) {
		t.Errorf("%+v", h)
	}
	s.Quorum.AtVote.By = rules.UnitClass
	r, err = Decide([]ClassCount{{"user", 20, 14, 9, 3, 2}, {"worker", 1, 1, 0, 1, 0}}, rules.DecisionOrdinary, s)
	if h := r.ByHead(); err != nil || r.TellsClasses() || r.Quorum == nil || h.Quorum != nil || len(h.Steps) != 5 {
		t.Errorf("a quorum of each class: %v, %+v", err, r.ByHead())
	}
	r, err = Decide([]ClassCount{{"user", 20, 14, 9, 3, 2}, {"worker", 1, 0, 0, 0, 0}}, rules.DecisionOrdinary, s)
	if err != nil || r.Outcome != OutcomeNoQuorum || !r.TellsClasses() {
		t.Errorf("a quorum that one class failed: %v, %s, tells the classes apart %v", err, r.Outcome, r.TellsClasses())
	}
}

// Why something was not approved is not told where it follows from the weights.
func TestPlainOutcome_OfFiguresThatTellTheClasses(t *testing.T) {
	weighed := rules.Counting{Method: rules.MethodClass, Shares: []rules.ClassShare{{Class: "user", Share: 50}, {Class: "worker", Share: 50}}}
	for _, c := range []struct {
		what     string
		user     ClassCount
		worker   ClassCount
		m        rules.Majority
		counting rules.Counting
		is, told Outcome
	}{
		{"a tie of weights", ClassCount{"user", 9, 9, 9, 0, 0}, ClassCount{"worker", 1, 1, 0, 1, 0}, simple, weighed, OutcomeTied, OutcomeNotEnough},
		{"a tie of heads", ClassCount{"user", 9, 9, 5, 4, 0}, ClassCount{"worker", 1, 1, 0, 1, 0}, simple, perPerson, OutcomeTied, OutcomeTied},
		{"one class is against", ClassCount{"user", 9, 9, 9, 0, 0}, ClassCount{"worker", 1, 1, 0, 1, 0}, double(simple, rules.DoubleEach), perPerson, OutcomeNotEnoughClasses, OutcomeNotEnough},
		{"all abstain, weighed", ClassCount{"user", 9, 9, 0, 0, 9}, ClassCount{"worker", 1, 1, 0, 0, 1}, simple, weighed, OutcomeNoVotes, OutcomeNotEnough},
		{"nobody votes, weighed", ClassCount{"user", 9, 9, 0, 0, 0}, ClassCount{"worker", 1, 1, 0, 0, 0}, simple, weighed, OutcomeNoVotes, OutcomeNoVotes},
		{"all abstain", ClassCount{"user", 9, 9, 0, 0, 9}, ClassCount{"worker", 1, 1, 0, 0, 1}, simple, perPerson, OutcomeNoVotes, OutcomeNoVotes},
		{"approved", ClassCount{"user", 9, 9, 9, 0, 0}, ClassCount{"worker", 1, 1, 1, 0, 0}, simple, weighed, OutcomeApproved, OutcomeApproved},
	} {
		r := count(t, []ClassCount{c.user, c.worker}, c.m, c.counting)
		if r.Outcome != c.is || r.PlainOutcome() != c.told {
			t.Errorf("%s: %s is told as %s, want %s as %s", c.what, r.Outcome, r.PlainOutcome(), c.is, c.told)
		}
	}
}
