package methods

import (
	"fmt"
	"slices"
	"testing"

	"socia/core/fault"
)

// some are options of one cent each.
func some(n int) []Option {
	all := make([]Option, n)
	for i := range all {
		all[i] = Option{Label: fmt.Sprint("Option ", i+1), CostCents: 1}
	}
	return all
}

// of says which fields are wrong, in order.
func of(err error) (fields []string) {
	f, wrong := fault.As(err)
	if !wrong {
		return nil
	}
	for _, d := range f.Details() {
		fields = append(fields, d.Field)
	}
	return fields
}

// TestCheck_TheLeastAndTheMostAreAllowed_AndNoMore: for each field the least and the most that the polls of the method
// may have; one less and one more is refused, with what is allowed.
func TestCheck_TheLeastAndTheMostAreAllowed_AndNoMore(t *testing.T) {
	for _, c := range []struct {
		name        Name
		field       string
		least, most int
		options     int
		setup       func(n int) Setup
	}{
		{Choose, "seats", 1, 4, 4, func(n int) Setup { return Setup{Seats: n, Most: 1} }},
		{Choose, "seats", 1, 50, 60, func(n int) Setup { return Setup{Seats: n, Most: 1} }},
		{Choose, "most", 1, 4, 4, func(n int) Setup { return Setup{Seats: 1, Most: n} }},
		{Scottish, "seats", 1, 50, 60, func(n int) Setup { return Setup{Seats: n} }},
		{Scottish, "most", 0, 4, 4, func(n int) Setup { return Setup{Seats: 1, Most: n} }},
		{IRV, "most", 0, 60, 60, func(n int) Setup { return Setup{Most: n} }},
		{Dots, "dots", 1, 100, 2, func(n int) Setup { return Setup{Seats: 1, Dots: n} }},
		{Sortition, "seats", 1, 50, 0, func(n int) Setup { return Setup{Seats: n} }},
		{Consensus, "stand_asides", 0, 1000, 0, func(n int) Setup { return Setup{StandAsides: n} }},
		{Debian, "default", 0, 3, 3, func(n int) Setup { return Setup{Default: n} }},
		{Debian, "default_quorum", 0, 1_000_000, 3, func(n int) Setup { return Setup{Default: 3, DefaultQuorum: n} }},
		{Debian, "default_majority", 0, 100, 3, func(n int) Setup { return Setup{Default: 3, DefaultMajority: n} }},
		{Approval, "parity_at_least", 0, 3, 4, func(n int) Setup { return Setup{Seats: 3, ParityAtLeast: n} }},
	} {
		m, _ := ByName(c.name)
		for _, n := range []int{c.least, c.most} {
			if err := m.Check(c.setup(n), some(c.options)); err != nil {
				t.Errorf("%s: %d as %s of %d options: %v", c.name, n, c.field, c.options, of(err))
			}
		}
		for _, n := range []int{c.least - 1, c.most + 1} {
			err := m.Check(c.setup(n), some(c.options))
			if f, _ := fault.As(err); !slices.Equal(of(err), []string{c.field}) || f.Details()[0].Args["Least"] != c.least || f.Details()[0].Args["Most"] != c.most {
				t.Errorf("%s: %d as %s of %d options: wrong are %v", c.name, n, c.field, c.options, of(err))
			}
		}
	}
}

// TestCheck_HowManyOptions: a choice is between two at least; one project, or one day, can be put to the vote.
func TestCheck_HowManyOptions(t *testing.T) {
	for _, c := range []struct {
		name  Name
		least int
		setup Setup
	}{
		{Approval, 2, Setup{Seats: 1}},
		{Schulze, 2, Setup{Seats: 1}},
		{Meek, 2, Setup{Seats: 1}},
		{Greedy, 1, Setup{AmountCents: 1}},
		{EqualShares, 1, Setup{AmountCents: 1}},
		{Times, 1, Setup{}},
		{OptIn, 1, Setup{}},
	} {
		m, _ := ByName(c.name)
		for n, ok := range map[int]bool{c.least - 1: false, c.least: true, 60: true, 61: false} {
			err := m.Check(c.setup, some(n))
			if (err == nil) != ok {
				t.Errorf("%s with %d options: %v", c.name, n, of(err))
			}
			if f, _ := fault.As(err); f != nil && (f.Details()[0].Args["Least"] != c.least || f.Details()[0].Args["Most"] != 60) {
				t.Errorf("%s with %d options: allowed are %v", c.name, n, f.Details()[0].Args)
			}
		}
	}
	for _, name := range []Name{Motion, Consent, Consensus, Advice} {
		m, _ := ByName(name)
		if err := m.Check(Setup{}, nil); err != nil {
			t.Errorf("%s without options: %v", name, err)
		}
	}
}

// TestCheck_WithoutOptions_NumbersAreHeldAgainstTheMostThatThereMayBe, sixty; and seats below none are said to be wrong
// once, not again beside the parity rule.
func TestCheck_WithoutOptions_NumbersAreHeldAgainstTheMostThatThereMayBe(t *testing.T) {
	m, _ := ByName(Choose)
	for _, c := range []struct {
		setup   Setup
		options int
		wrong   []string
	}{
		{Setup{Seats: 1, Most: 60}, 0, []string{"options"}},
		{Setup{Seats: 1, Most: 61}, 0, []string{"options", "most"}},
		{Setup{Seats: -1, Most: 1}, 2, []string{"seats"}},
	} {
		if err := m.Check(c.setup, some(c.options)); !slices.Equal(of(err), c.wrong) {
			t.Errorf("%+v: wrong are %v, want %v", c.setup, of(err), c.wrong)
		}
	}
}

// TestCheck_Money: amounts and costs are from one cent to a thousand million, and no project is dearer than all there is.
func TestCheck_Money(t *testing.T) {
	const most = 1_000_000_000_00
	for _, name := range []Name{Greedy, EqualShares} {
		m, _ := ByName(name)
		for _, c := range []struct {
			amount, cost int64
			wrong        []string
		}{
			{1, 1, nil},
			{most, most, nil},
			{0, 1, []string{"amount"}},
			{most + 1, 1, []string{"amount"}},
			{5, 0, []string{"options"}},
			{most + 1, most + 1, []string{"options", "amount"}},
			{5, 6, []string{"options"}},
		} {
			if err := m.Check(Setup{AmountCents: c.amount}, []Option{{Label: "A", CostCents: c.cost}}); !slices.Equal(of(err), c.wrong) {
				t.Errorf("%s: %d of %d cents: wrong are %v, want %v", name, c.cost, c.amount, of(err), c.wrong)
			}
		}
	}
	approval, _ := ByName(Approval)
	if err := approval.Check(Setup{Seats: 1}, []Option{{Label: "A"}, {Label: "B"}}); err != nil {
		t.Errorf("what costs nothing where no money is spent: %v", err)
	}
}

func TestCheck_DebiansQuorumAndMajorityNeedTheDefault(t *testing.T) {
	m, _ := ByName(Debian)
	for _, c := range []struct {
		setup Setup
		wrong []string
	}{
		{Setup{}, nil},
		{Setup{DefaultMajority: 1}, nil}, // one to one is what is asked anyway
		{Setup{DefaultMajority: 2}, []string{"default"}},
		{Setup{DefaultQuorum: 1}, []string{"default"}},
		{Setup{Default: 1, DefaultQuorum: 1, DefaultMajority: 2}, nil},
	} {
		if err := m.Check(c.setup, some(2)); !slices.Equal(of(err), c.wrong) {
			t.Errorf("%+v: wrong are %v, want %v", c.setup, of(err), c.wrong)
		}
	}
}

func TestCheck_ScalesAreFromZeroToFiveOrTen(t *testing.T) {
	m, _ := ByName(Score)
	for top, ok := range map[int]bool{0: false, 4: false, 5: true, 6: false, 9: false, 10: true, 11: false} {
		for _, blanks := range []string{BlanksZero, BlanksAverage} {
			if err := m.Check(Setup{Seats: 1, Top: top, Blanks: blanks}, some(2)); (err == nil) != ok {
				t.Errorf("a scale up to %d, blanks %s: %v", top, blanks, of(err))
			}
		}
	}
}

// TestCheck_AnOptionWithoutANameIsToldOnce, and so is one whose name cannot stand on a line.
func TestCheck_AnOptionWithoutANameIsToldOnce(t *testing.T) {
	m, _ := ByName(Approval)
	for label, key := range map[string]string{"": "polls.setup.nameless", " ": "polls.setup.option_name", "B\x00": "polls.setup.option_name", "B\xff": "polls.setup.option_name", "a": "polls.setup.option_twice"} {
		err := m.Check(Setup{Seats: 1}, []Option{{Label: "A"}, {Label: label}})
		if !slices.Equal(of(err), []string{"options"}) || !fault.Has(err, key) {
			t.Errorf("%q: %v, want %s", label, err, key)
		}
	}
}

// TestMethods_WhomTheyCount: a day on which most can come, who joins in, advice and the lot know people and no votes; in
// consent and consensus nothing is added up. Only where pairs are compared do options share a rank.
func TestMethods_WhomTheyCount(t *testing.T) {
	var heads, plural, ties []Name
	for _, m := range All() {
		if m.Heads() {
			heads = append(heads, m.Name)
		}
		if m.Plural() {
			plural = append(plural, m.Name)
		}
		if m.HasTies() {
			ties = append(ties, m.Name)
		}
	}
	if want := []Name{"advice", "times", "opt-in", "sortition"}; !slices.Equal(heads, want) {
		t.Errorf("people are counted by %v, want %v", heads, want)
	}
	if want := []Name{
		"motion", "choose", "approval", "score", "dots", "irv", "schulze", "ranked-pairs", "borda", "debian", "stv-scottish", "stv-wigm", "stv-meek",
		"budget-greedy", "budget-equal-shares",
	}; !slices.Equal(plural, want) {
		t.Errorf("votes are counted by %v, want %v", plural, want)
	}
	if want := []Name{"schulze", "ranked-pairs", "debian"}; !slices.Equal(ties, want) {
		t.Errorf("options share a rank by %v, want %v", ties, want)
	}
	if m, known := ByName("dictatorship"); known || m.Name != "" {
		t.Errorf("there is %q", m.Name)
	}
}

func TestCheckVote(t *testing.T) {
	for _, c := range []struct {
		name  Name
		setup Setup
		text  string
		key   string // "" is a vote
	}{
		{Motion, Setup{}, "abstain", ""},
		{Motion, Setup{}, "block", "polls.choose"},
		{Consensus, Setup{}, "block", ""},
		{Consensus, Setup{}, "", "polls.choose"},
		{Choose, Setup{Most: 2}, "1,,1", ""},
		{Choose, Setup{Most: 2}, "1,1,1", "paper.overvote"},
		{Choose, Setup{Most: 2}, "1,x,", "polls.choose"},
		{Schulze, Setup{}, "1,1,2", ""},
		{IRV, Setup{}, "1,1,2", "paper.duplicate"},
		{IRV, Setup{}, "2,1,3", ""},
		{Sortition, Setup{}, "1,,", "polls.nobody_answers"},
	} {
		m, _ := ByName(c.name)
		if err := m.CheckVote(c.setup, 3, c.text); (err == nil) != (c.key == "") || c.key != "" && !fault.Has(err, c.key) {
			t.Errorf("%s, %q: %v, want %q", c.name, c.text, err, c.key)
		}
	}
}
