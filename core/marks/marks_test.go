package marks

import (
	"slices"
	"strings"
	"testing"

	"socia/core/ballots"
	"socia/core/count"
	"socia/core/lot"
	"socia/core/paper"
	"socia/core/seats"
)

const b = paper.Blank

func names(n int) []string { return strings.Split("ABCDEFGH"[:n], "") }

func must(r count.Result, err error) count.Result {
	if err != nil {
		panic(err)
	}
	return r
}

// votes are the figures of a round.
func votes(r count.Result, round int) string {
	var all []string
	for _, line := range r.Rounds[round].Tally {
		all = append(all, string(line.Votes))
	}
	return strings.Join(all, " ")
}

func TestCounts_FiguresAndWinners(t *testing.T) {
	for _, c := range []struct {
		name    string
		r       count.Result
		votes   string
		valid   count.Figure
		winners []int
	}{
		{"one chosen", must(Choose(names(3), []paper.Bundle{{Paper: paper.Paper{1, b, b}, Weight: 2}, {Paper: paper.Paper{b, 0, 1}, Weight: 3}, {Paper: paper.Paper{b, b, b}, Weight: 4}}, Options{})), "2 0 3", "5", []int{2}},
		{"up to two chosen for two seats", must(Choose(names(3), []paper.Bundle{{Paper: paper.Paper{1, 1, b}, Weight: 2}, {Paper: paper.Paper{b, b, 1}, Weight: 1}}, Options{Seats: 2, Most: 2})), "2 2 1", "3", []int{0, 1}},
		{"approved", must(Approval(names(3), []paper.Bundle{{Paper: paper.Paper{1, 1, 1}, Weight: 1}, {Paper: paper.Paper{0, 1, b}, Weight: 1}, {Paper: paper.Paper{0, 0, 0}, Weight: 5}}, Options{})), "1 2 1", "2", []int{1}},
		{"dots", must(Dots(names(2), []paper.Bundle{{Paper: paper.Paper{1, 4}, Weight: 2}, {Paper: paper.Paper{5, b}, Weight: 1}}, Options{Dots: 5})), "7 8", "3", []int{1}},
		{"scores where a blank is 0", must(Score(names(2), []paper.Bundle{{Paper: paper.Paper{5, 3}, Weight: 1}, {Paper: paper.Paper{b, 3}, Weight: 2}}, Options{Top: 5})), "5 9", "3", []int{1}},
		{"scores where a blank is left out", must(Score(names(3), []paper.Bundle{{Paper: paper.Paper{5, 3, b}, Weight: 1}, {Paper: paper.Paper{b, 2, b}, Weight: 2}}, Options{Top: 5, Blanks: BlankLeftOut})), "5 7/3 0", "3", []int{0}},
		{"everybody is blank", must(Score(names(2), []paper.Bundle{{Paper: paper.Paper{b, b}, Weight: 9}}, Options{Top: 5})), "0 0", "0", []int{}},
		{"who is in", must(OptIn(names(2), []paper.Bundle{{Paper: paper.Paper{1, b}, Weight: 2}, {Paper: paper.Paper{b, b}, Weight: 1}})), "2 0", "2", []int{}},
		{"the most can come", must(Times(names(3), []paper.Bundle{{Paper: paper.Paper{2, 1, 0}, Weight: 2}, {Paper: paper.Paper{0, 1, b}, Weight: 1}})), "2 3 0", "3", []int{1}},
		{"of equal times the one with the most yes", must(Times(names(3), []paper.Bundle{{Paper: paper.Paper{1, 2, 1}, Weight: 1}, {Paper: paper.Paper{1, 1, 1}, Weight: 1}})), "2 2 2", "2", []int{1}},
		{"equal in both: all of them", must(Times(names(3), []paper.Bundle{{Paper: paper.Paper{1, 2, 2}, Weight: 1}})), "1 1 1", "1", []int{1, 2}},
		{"no time is proposed", must(Times(nil, nil)), "", "0", []int{}},
		{"nobody can come", must(Times(names(2), []paper.Bundle{{Paper: paper.Paper{0, 0}, Weight: 1}})), "0 0", "1", []int{}},
	} {
		if got := votes(c.r, 0); got != c.votes || c.r.Valid != c.valid || !slices.Equal(c.r.Winners, c.winners) {
			t.Errorf("%s: %s, %s valid, winners %v; want %s, %s, %v", c.name, got, c.r.Valid, c.r.Winners, c.votes, c.valid, c.winners)
		}
	}
}

func TestChoose_TellsWhoIsElectedAndDrawsATie(t *testing.T) {
	r := must(Choose(names(3), []paper.Bundle{{Paper: paper.Paper{1, b, b}, Weight: 2}, {Paper: paper.Paper{b, 1, b}, Weight: 2}, {Paper: paper.Paper{b, b, 1}, Weight: 1}}, Options{Lots: lot.Breaker{Fixed: []int{1}}}))
	acts := r.Rounds[0].Acts
	if !slices.Equal(r.Winners, []int{1}) || len(r.Lots) != 1 || !slices.Equal(r.Lots[0].Among, []int{0, 1}) || len(acts) != 2 ||
		acts[0].Kind != count.ActLot || acts[1].Kind != count.ActElect || acts[1].Option != 1 || acts[1].Votes != "2" {
		t.Errorf("%+v", r)
	}
	if acts[0].Votes != "" {
		t.Errorf("the lot is said to have %s votes", acts[0].Votes)
	}
	if tally := r.Rounds[0].Tally; tally[1].State != count.Elected || tally[0].State != count.Defeated {
		t.Errorf("%+v", tally)
	}
	if len(r.Order) != 2 || !slices.Equal(r.Order[0], []int{0, 1}) {
		t.Errorf("order %v", r.Order)
	}
}

func TestApproval_ParityPutsTheBestOfTheGroupInThePlaceOfTheLastOther(t *testing.T) {
	papers := []paper.Bundle{{Paper: paper.Paper{1, b, b, b}, Weight: 4}, {Paper: paper.Paper{b, 1, b, b}, Weight: 3}, {Paper: paper.Paper{b, b, 1, b}, Weight: 2}, {Paper: paper.Paper{b, b, b, 1}, Weight: 1}}
	r := must(Approval(names(4), papers, Options{Seats: 2, Parity: &seats.Parity{Group: []int{2, 3}, Least: 1}}))
	acts := r.Rounds[0].Acts
	if last := acts[len(acts)-1]; !slices.Equal(r.Winners, []int{0, 2}) || last.Kind != count.ActSwap || last.Option != 2 || *last.Against != 1 || r.Rounds[0].Tally[1].State != count.Defeated {
		t.Errorf("%+v", r)
	}
}

func TestCounts_RefuseWhatTheyCannotCount(t *testing.T) {
	for name, err := range map[string]error{
		"two where one is chosen":   second(Choose(names(2), []paper.Bundle{{Paper: paper.Paper{1, 1}, Weight: 1}}, Options{})),
		"paper of another poll":     second(Approval(names(2), []paper.Bundle{{Paper: paper.Paper{1}, Weight: 1}}, Options{})),
		"and one is withdrawn":      second(Approval(names(2), []paper.Bundle{{Paper: paper.Paper{1}, Weight: 1}}, Options{Withdrawn: []int{1}})),
		"score above the top":       second(Score(names(1), []paper.Bundle{{Paper: paper.Paper{6}, Weight: 1}}, Options{Top: 5})),
		"too many dots":             second(Dots(names(2), []paper.Bundle{{Paper: paper.Paper{3, 3}, Weight: 1}}, Options{Dots: 5})),
		"in twice":                  second(OptIn(names(2), []paper.Bundle{{Paper: paper.Paper{1, 1}, Weight: 1}})),
		"a fourth answer to a time": second(Times(names(1), []paper.Bundle{{Paper: paper.Paper{3}, Weight: 1}})),
		"no weight":                 second(Choose(names(1), []paper.Bundle{{Paper: paper.Paper{1}}}, Options{})),
		"weights of 2^62":           second(Choose(names(1), []paper.Bundle{{Paper: paper.Paper{1}, Weight: 1 << 61}, {Paper: paper.Paper{1}, Weight: 1 << 61}}, Options{})),
	} {
		if err == nil {
			t.Errorf("%s is counted", name)
		}
	}
}

func TestCounts_SayWhichPaperIsWrong(t *testing.T) {
	_, err := Choose(names(2), []paper.Bundle{{Paper: paper.Paper{1, b}, Weight: 3}, {Paper: paper.Paper{1, 1}, Weight: 1}}, Options{})
	if err == nil || !strings.HasPrefix(err.Error(), "marks: paper 2:") {
		t.Error(err)
	}
}

func second(_ count.Result, err error) error { return err }

func TestScore_GreatWeightsDoNotOverflow(t *testing.T) {
	r := must(Score(names(1), []paper.Bundle{{Paper: paper.Paper{1_000_000}, Weight: 1<<61 - 1}, {Paper: paper.Paper{999_999}, Weight: 1 << 61}}, Options{Top: 1_000_000}))
	// (2^61 - 1) × 1000000 + 2^61 × 999999
	if got := votes(r, 0); got != "4611683712584378689306048" {
		t.Errorf("points %s", got)
	}
}

func TestRankings_FirstPreferencesAndApproval(t *testing.T) {
	var r ballots.Rankings
	for _, p := range []struct {
		weight int64
		marks  []ballots.Mark
	}{
		{4, []ballots.Mark{0, 1}},
		{3, []ballots.Mark{1, 2}},
		{2, []ballots.Mark{ballots.Skipped, 2, 1, 1, 2}},
		{5, []ballots.Mark{1, 2 | ballots.Equal}},
		{1, []ballots.Mark{0, 0 | ballots.Equal, 2 | ballots.Equal}},
		{6, []ballots.Mark{ballots.Overvoted, 2}},
		{7, []ballots.Mark{2, ballots.Overvoted, 0}},
		{1, nil},
	} {
		if err := r.Take(p.weight, p.marks); err != nil {
			t.Fatal(err)
		}
	}
	first := must(Plurality(&r, names(3), Options{}))
	if votes(first, 0) != "4 3 9" || first.Papers != "29" || first.Valid != "16" || !slices.Equal(first.Winners, []int{2}) {
		t.Errorf("first preferences %s, %s of %s", votes(first, 0), first.Valid, first.Papers)
	}
	approved := must(ApprovalOfRankings(&r, names(3), Options{}))
	if votes(approved, 0) != "12 14 24" || approved.Valid != "28" || !slices.Equal(approved.Winners, []int{2}) {
		t.Errorf("approved %s, %s valid", votes(approved, 0), approved.Valid)
	}
	if err := second(Plurality(&r, names(2), Options{})); err == nil || !strings.HasSuffix(err.Error(), "option 3 of 2") {
		t.Errorf("an option that is not there got votes: %v", err)
	}
	if second(ApprovalOfRankings(&r, names(1), Options{})) == nil {
		t.Error("an option that is not there is approved")
	}
}

func one(t *testing.T, weight int64, marks ...ballots.Mark) *ballots.Rankings {
	t.Helper()
	r := new(ballots.Rankings)
	if err := r.Take(weight, marks); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPlurality_AnOptionTwiceInTheFirstRankIsAloneThere(t *testing.T) {
	if r := must(Plurality(one(t, 3, 1, 1|ballots.Equal, 0), names(2), Options{})); votes(r, 0) != "0 3" || r.Valid != "3" {
		t.Errorf("%s, %s valid", votes(r, 0), r.Valid)
	}
}

// B first, then A and C together: without A it is B first, then C, and not B and C together.
func TestPlurality_WhoSharedARankWithTheWithdrawnDoesNotMoveUp(t *testing.T) {
	if r := must(Plurality(one(t, 3, 1, 0, 2|ballots.Equal), names(3), Options{Withdrawn: []int{0}})); votes(r, 0) != "0 3 0" || r.Valid != "3" {
		t.Errorf("%s, %s valid", votes(r, 0), r.Valid)
	}
}

func TestWithdrawn_AreOutOfTheCount(t *testing.T) {
	var r ballots.Rankings
	for _, p := range []struct {
		weight int64
		marks  []ballots.Mark
	}{
		{5, []ballots.Mark{0, 1}},
		{3, []ballots.Mark{0, 2 | ballots.Equal, 1}},
		{4, []ballots.Mark{2, 0 | ballots.Equal}},
		{2, []ballots.Mark{0, 1 | ballots.Equal, 2 | ballots.Equal}},
		{9, []ballots.Mark{0}},
	} {
		if err := r.Take(p.weight, p.marks); err != nil {
			t.Fatal(err)
		}
	}
	out := Options{Withdrawn: []int{0}, Seats: 3, Top: 5, Most: 1}
	papers := []paper.Bundle{{Paper: paper.Paper{1, 0, 1}, Weight: 2}, {Paper: paper.Paper{1, b, b}, Weight: 4}, {Paper: paper.Paper{b, 1, b}, Weight: 3}}
	for name, c := range map[string]struct {
		r     count.Result
		votes string
		valid count.Figure
	}{
		"plurality":                   {must(Plurality(&r, names(3), out)), "0 5 7", "12"}, // the 2 name two together, the 9 nobody
		"approval of rankings":        {must(ApprovalOfRankings(&r, names(3), out)), "0 10 9", "14"},
		"choose, one of what is left": {must(Choose(names(3), papers, out)), "0 3 2", "5"},
		"approval":                    {must(Approval(names(3), papers, out)), "0 3 2", "5"},
		"score":                       {must(Score(names(3), papers, out)), "0 3 2", "5"},
	} {
		if got := votes(c.r, 0); got != c.votes || c.r.Valid != c.valid {
			t.Errorf("%s: %s, %s valid; want %s, %s", name, got, c.r.Valid, c.votes, c.valid)
		}
		if slices.Contains(slices.Concat(c.r.Order...), 0) || slices.Contains(c.r.Winners, 0) || len(c.r.Winners) != 2 || c.r.Rounds[0].Tally[0].State != count.Withdrawn {
			t.Errorf("%s: winners %v, order %v, the withdrawn option is %s", name, c.r.Winners, c.r.Order, c.r.Rounds[0].Tally[0].State)
		}
	}
	if papers[1].Paper[0] != 1 {
		t.Error("the papers were changed")
	}
	if second(Plurality(&r, names(3), Options{Withdrawn: []int{3}})) == nil || second(Approval(names(3), papers, Options{Withdrawn: []int{-1}})) == nil {
		t.Error("an option that is not there was withdrawn")
	}
}
