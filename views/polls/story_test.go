package polls

import (
	"slices"
	"strings"
	"testing"

	"socia/core/count"
	"socia/core/methods"
	"socia/core/paper"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// tell is the story in English of papers such as "1,2" counted by a method, all of one class unless weights say
// otherwise: weights[i] is what paper i weighs.
func tell(t *testing.T, name methods.Name, setup methods.Setup, options []methods.Option, papers []string, weights ...int64) Story {
	t.Helper()
	return tellAs(t, Tell, name, setup, options, papers, weights...)
}

type telling func(*i18n.Texts, models.Poll, methods.Method, models.PollCount, map[string]string) Story

// tellAs is tell for a poll that is closed (Tell) or open (SoFar).
func tellAs(t *testing.T, as telling, name methods.Name, setup methods.Setup, options []methods.Option, papers []string, weights ...int64) Story {
	t.Helper()
	return tellIn(t, "en", as, name, setup, options, papers, weights...)
}

// tellIn is tellAs in a language.
func tellIn(t *testing.T, language string, as telling, name methods.Name, setup methods.Setup, options []methods.Option, papers []string, weights ...int64) Story {
	t.Helper()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(name)
	var bundles []paper.Bundle
	seen := map[int64]int64{}
	for i, text := range papers {
		p, err := paper.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		weight := int64(1)
		if i < len(weights) {
			weight = weights[i]
		}
		seen[weight]++
		bundles = append(bundles, paper.Bundle{Paper: p, Weight: weight, Voters: 1})
	}
	c := models.PollCount{}
	scale := int64(1)
	if len(weights) > 0 {
		scale = 3
		for weight, votes := range seen {
			c.Weights = append(c.Weights, models.PollWeight{Class: string(rune('a' + weight)), Votes: votes, Weight: weight})
		}
	}
	result, plain, err := method.Count(setup, options, bundles, scale, "seed")
	if err != nil {
		t.Fatal(err)
	}
	c.Result, c.Plain = &result, plain
	return as(texts.For(language), models.Poll{Method: name, Setup: models.PollSetup{Setup: setup, ParityGroup: "women"}, Seed: "seed"}, method, c, map[string]string{})
}

func named(names ...string) (all []methods.Option) {
	for _, n := range names {
		all = append(all, methods.Option{Label: n})
	}
	return all
}

func (s Story) acts() (all []string) {
	for _, r := range s.Rounds {
		all = append(all, r.Acts...)
	}
	return all
}

func says(t *testing.T, lines []string, want string) {
	t.Helper()
	if !slices.ContainsFunc(lines, func(l string) bool { return strings.Contains(l, want) }) {
		t.Errorf("nothing says %q: %q", want, lines)
	}
}

func TestTell_NobodyVoted_NobodyIsToldAsElected(t *testing.T) {
	t.Parallel()
	for _, m := range []methods.Name{methods.Scottish, methods.Schulze, methods.Choose, methods.Score} {
		s := tell(t, m, methods.Setup{Seats: 2, Most: 1, Top: 5}, named("Anna", "Berta", "Carla"), nil)
		if s.Kind != ui.No || s.Chart != nil || s.Summary != nil || s.Pairs != nil || s.Lot != nil || len(s.Rounds) > 0 {
			t.Errorf("%s: %+v", m, s)
		}
	}
}

func TestTell_VotesOfOneClass_AreToldAsVotes(t *testing.T) {
	t.Parallel()
	s := tell(t, methods.Choose, methods.Setup{Seats: 1, Most: 1}, named("Anna", "Berta"), []string{"1,", "1,", ",1", ","}, 20, 20, 20, 20)
	says(t, s.acts(), "Anna is elected with 2 votes.")
	says(t, s.Notes, "Blank: 1 vote.")
	if s.Chart.Items[1].Text != "1" {
		t.Errorf("one vote is told as %s", s.Chart.Items[1].Text)
	}
}

func TestTell_VotesOfSeveralClasses_AreToldAsWeights(t *testing.T) {
	t.Parallel()
	s := tell(t, methods.Choose, methods.Setup{Seats: 1, Most: 1}, named("Anna", "Berta"), []string{"1,", ",1"}, 2, 4)
	says(t, s.acts(), "Berta is elected with a weight of 1.33333.")
	says(t, s.Notes, "weights, not papers")
}

func TestTell_Figures_HaveTheUnitOfTheMethod(t *testing.T) {
	t.Parallel()
	two := named("Anna", "Berta")
	says(t, tell(t, methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksAverage}, two, []string{"5,1", "4,"}).acts(), "with an average of 4.5.")
	says(t, tell(t, methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}, two, []string{"1,0"}).acts(), "with 1 point.")
	says(t, tell(t, methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksAverage}, two, []string{"5,1", "4,"}, 2, 3).Notes, "The figures on this page are averages")
	says(t, tell(t, methods.Score, methods.Setup{Seats: 1, Top: 5, Blanks: methods.BlanksZero}, two, []string{"5,1", "4,"}, 2, 3).Notes, "weights, not papers")
	says(t, tell(t, methods.Times, methods.Setup{}, two, []string{"2,0", "1,2"}).acts(), "(2 members)")
	if s := tell(t, methods.Borda, methods.Setup{Seats: 1}, two, []string{"1,2", "1,2"}); s.Chart.ValueHead != "Points" {
		t.Errorf("Borda counts %s", s.Chart.ValueHead)
	}
}

// Anna beats Berta, Berta beats Carla, Carla beats Anna, each 2 to 1: each wins once, and no one of the others.
func TestTell_PairsInACircle_NoOptionBeatsAllAndThePathsAreShown(t *testing.T) {
	t.Parallel()
	three, circle := named("Anna", "Berta", "Carla"), []string{"1,2,3", "3,1,2", "2,3,1"}
	s := tell(t, methods.Schulze, methods.Setup{Seats: 1}, three, circle)
	says(t, s.Notes, "No option beats every other")
	for _, i := range s.Chart.Items {
		if i.Text != "1" {
			t.Errorf("%s beats %s others", i.Label, i.Text)
		}
	}
	if s.Paths == nil || s.Summary != nil {
		t.Errorf("paths %v, rounds of votes %v", s.Paths, s.Summary)
	}
	s = tell(t, methods.Debian, methods.Setup{Seats: 1}, three, []string{"1,2,3", "1,3,2"}, 7, 7)
	says(t, s.Notes, "Anna beats every other")
	if s.Paths != nil || s.Chart.Items[0].Text != "2" {
		t.Errorf("Anna beats %s others", s.Chart.Items[0].Text)
	}
}

func TestTell_Budget_SaysWhatIsLeftAndWhyAProjectIsNot(t *testing.T) {
	t.Parallel()
	projects := []methods.Option{{Label: "Benches", CostCents: 600_00}, {Label: "Trees", CostCents: 500_00}, {Label: "Paint", CostCents: 100_00}}
	papers := []string{"1,1,", "1,,1", "1,1,"}
	s := tell(t, methods.Greedy, methods.Setup{AmountCents: 1_000_00}, projects, papers)
	says(t, s.Notes, "There was €1,000.00 to spend, and €300.00 is left.")
	says(t, s.acts(), "Trees cannot be funded: it costs €500.00, and only €400.00 is left.")
	if foot := s.Summary.Foot; foot[1].Text != "€1,200.00" || foot[2].Text != "€700.00" {
		t.Errorf("sums %v", foot)
	}
	says(t, tell(t, methods.EqualShares, methods.Setup{AmountCents: 1_000_00}, projects, papers, 9, 9, 9).acts(), "Benches is funded: it costs €600.00, and each vote that approves it pays €200.00 at the most.")
}

func TestTell_Transferable_TellsQuotaFirstRoundAndEachDefeatOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, methods.Scottish, methods.Setup{Seats: 1}, named("Anna", "Berta", "Carla", "Dina"), []string{"1,,,", "1,,,", ",1,,", ",1,,", ",2,1,"})
	says(t, s.Notes, "The quota is 3 votes")
	says(t, s.acts(), "First preferences are counted")
	says(t, s.acts(), "The votes of Carla go to the next preferences: Berta +1.")
	for _, row := range s.Summary.Rows {
		defeats := 0
		for _, c := range row[1:] {
			defeats += strings.Count(c.Text, "✗")
		}
		if name := row[0].Text; defeats > 1 || defeats == 0 && (name == "Carla" || name == "Dina") {
			t.Errorf("%s is defeated %d times", name, defeats)
		}
		if row[0].Text == "Lost to rounding" {
			t.Error("nothing was lost to rounding, and a row says so")
		}
	}
	for _, a := range s.acts() {
		if strings.Contains(a, "votes of Dina") {
			t.Errorf("Dina had no votes: %q", a)
		}
	}
}

func TestTell_Draw_NamesSubstitutes(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(methods.Sortition)
	r := count.Result{Method: string(methods.Sortition), Scale: 1, Papers: "160", Valid: "160", Winners: []int{0}, Options: []string{"Anna", "Berta"}, Rounds: []count.Round{{Number: 1}}, Lots: []count.Lot{{What: "poll 7", Among: []int{0, 1}, Chosen: []int{0}}}}
	c := models.PollCount{Result: &r, Strata: []models.PollStratum{{Places: 1, Drawn: []int{0}, Substitutes: []int{1}}}}
	s := Tell(texts.For("en"), models.Poll{Method: methods.Sortition, Seed: "seed"}, method, c, nil)
	says(t, s.Lot.Draws, "160 members")
	if x := s.Lot.Strata[0]; x.Title != "Who was drawn" || !slices.Equal(x.Substitutes, []string{"Berta"}) || x.Instead != "If somebody cannot, these take their place, in this order:" {
		t.Errorf("told %+v", x)
	}
	c.Strata[0].Class = "worker"
	s = Tell(texts.For("en"), models.Poll{Method: methods.Sortition, Seed: "seed"}, method, c, map[string]string{"worker": "Work"})
	if x := s.Lot.Strata[0]; x.Title != "Work: 1 place" || !strings.Contains(x.Instead, "of this class") {
		t.Errorf("told of a class: %+v", x)
	}
}

func TestNames_WithCommas_ArePartedByAnotherMark(t *testing.T) {
	t.Parallel()
	k := teller{r: count.Result{Options: []string{"Monday, 18 h", "Tuesday"}}}
	if got := k.names([]int{0, 1}); got != "Monday, 18 h; Tuesday" {
		t.Error(got)
	}
}

// While a poll is open nobody is told whom a lot would favour: the real one is drawn at the close.
func TestSoFar_TieByLot_NamesNobody(t *testing.T) {
	t.Parallel()
	setup, two := methods.Setup{Seats: 1, Most: 1}, named("Anna", "Berta")
	s := tellAs(t, SoFar, methods.Choose, setup, two, []string{"1,", ",1"})
	if s.Sentence != "There is a tie that only the lot would break, and the lot is drawn at the close." || len(s.Rounds) > 0 || s.Summary != nil || s.Lot != nil {
		t.Errorf("%+v", s)
	}
	for _, i := range s.Chart.Items {
		if i.Kind != ui.Plain {
			t.Errorf("the chart favours %s", i.Label)
		}
	}
	grouped := []methods.Option{{Label: "Anna", InGroup: true}, {Label: "Berta", InGroup: true}, {Label: "Carles"}}
	s = tellAs(t, SoFar, methods.Scottish, methods.Setup{Seats: 1, ParityAtLeast: 1}, grouped, []string{"1,,", ",1,"})
	if len(s.Notes) > 0 || !strings.Contains(s.Sentence, "tie") {
		t.Errorf("notes %q, sentence %q", s.Notes, s.Sentence)
	}
	s = tellAs(t, SoFar, methods.Choose, setup, two, []string{"1,", "1,", ",1"})
	if !strings.Contains(s.Sentence, "Anna") || s.Word != "So far" {
		t.Errorf("%+v", s)
	}
}

// Two papers prefer Anna to the default option and two do not: that is no majority, whoever comes first.
func TestTell_Debian_SaysHowManyPreferADroppedOptionAndWhyADefeatIsLeftAside(t *testing.T) {
	t.Parallel()
	setup := methods.Setup{Seats: 1, Default: 3}
	s := tell(t, methods.Debian, setup, named("Anna", "Berta", "None"), []string{"1,2,3", "1,2,3", "3,1,2", "3,1,2", "3,1,2"})
	says(t, s.acts(), "Anna is dropped: over None it has 2 votes, and against it 3 votes.")
	circle := append(slices.Repeat([]string{"1,2,3,4"}, 4), append(slices.Repeat([]string{"3,1,2,4"}, 3), slices.Repeat([]string{"2,3,1,4"}, 2)...)...)
	setup.Default = 4
	s = tell(t, methods.Debian, setup, named("Anna", "Berta", "Carla", "None"), circle)
	says(t, s.acts(), "it is left aside, as the weakest win of the circle.")
	s = tell(t, methods.RankedPairs, methods.Setup{Seats: 1}, named("Anna", "Berta", "Carla", "None"), circle)
	says(t, s.acts(), "it is left aside, as it would close a circle.")
}

// The default option wins: nothing is approved, and nothing on the page is green. What each option had and needed is told,
// a majority of weights and a quorum of voters.
func TestTell_Debian_TheDefaultOptionWins_NothingIsApproved(t *testing.T) {
	t.Parallel()
	setup := methods.Setup{Default: 3, DefaultQuorum: 4, DefaultMajority: 2}
	papers := []string{"1,,2", "1,,2", "1,,2", "1,,2", ",,1", ",,1", ",,1", ",1,"}
	s := tell(t, methods.Debian, setup, named("Anna", "Berta", "None"), papers)
	if s.Kind != ui.No || s.Word != "Nothing is approved" || s.Sentence != "“None” wins: none of the other options is approved." {
		t.Errorf("%s %q %q", s.Kind, s.Word, s.Sentence)
	}
	for _, item := range s.Chart.Items {
		if item.Kind == ui.Yes {
			t.Errorf("%s is green", item.Label)
		}
	}
	says(t, s.acts(), "Anna is dropped: over None it has 4 votes, and the majority that is asked takes 6 votes.")
	says(t, s.acts(), "Berta is dropped: over None it has 1 vote, and the minimum is 4 votes.")
	says(t, s.acts(), "None comes first: nothing is approved.")
	s = tell(t, methods.Debian, setup, named("Anna", "Berta", "None"), papers, 3, 3, 3, 3, 1, 1, 1, 12)
	says(t, s.acts(), "Berta is dropped: over None it has 1 vote, and the minimum is 4 votes.")
	if s.Sentence != "The winner is Anna." && !strings.Contains(s.Sentence, "Anna") {
		t.Errorf("%q", s.Sentence) // 12 in weight against 3, and four voters
	}
}

// Whoever votes reads what each option needs against the default one.
func TestHeld_Debian_SaysQuorumAndMajority(t *testing.T) {
	t.Parallel()
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	method, _ := methods.ByName(methods.Debian)
	poll := models.Poll{Setup: models.PollSetup{Setup: methods.Setup{Default: 2, DefaultQuorum: 4, DefaultMajority: 3}}}
	want := "Each option must prevail over “None”. To count, at least 4 votes must prefer it to “None”. And for each vote that prefers “None” it needs at least 3 that prefer it."
	if got := Held(texts.For("en"), poll, method, []string{"Anna", "None"}); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Where votes weigh differently no vote pays what a weight of one does: the sentence says what one of each class pays.
func TestTell_EqualShares_OfUnequalVotes_SaysWhatAVoteOfEachClassPays(t *testing.T) {
	t.Parallel()
	project := []methods.Option{{Label: "Benches", CostCents: 600_00}}
	setup := methods.Setup{AmountCents: 1_000_00}
	says(t, tell(t, methods.EqualShares, setup, project, []string{"1", "1"}).acts(), "each vote that approves it pays €300.00 at the most.")
	acts := tell(t, methods.EqualShares, setup, project, []string{"1", "1"}, 2, 4).acts()
	says(t, acts, "pays at the most, by its class")
	for _, amount := range []string{" €200.00", " €400.00"} {
		says(t, acts, amount)
	}
	says(t, tell(t, methods.EqualShares, setup, project, []string{"1", "1"}, 2, 4).Notes, "The amount is shared out by what votes weigh: €1,000.00 among a weight of 2 in all.")
	setup.AmountCents = 10_000_00
	says(t, tell(t, methods.EqualShares, setup, project, []string{"1", "1"}).Notes, "The share is not raised. Nothing else that somebody approves fits in what is left.")
}

// The method gives no effective votes to a project whose supporters have too little; the people who approve it are seen.
func TestTell_EqualShares_ChartShowsTheApprovalsOfWhatIsPassedOver(t *testing.T) {
	t.Parallel()
	projects := []methods.Option{{Label: "Benches", CostCents: 200_00}, {Label: "Hall", CostCents: 900_00}}
	papers := []string{"1,1", "1,", "1,1", "1,"}
	s := tell(t, methods.EqualShares, methods.Setup{AmountCents: 1_000_00}, projects, papers)
	if c := s.Chart; len(c.Items) != 2 || c.Items[0].Text != "4" || c.Items[1].Text != "2" || c.Items[1].Value != 2000 || c.Title != "How many papers approve each option" {
		t.Errorf("the chart says %+v", c)
	}
	weighed := tell(t, methods.EqualShares, methods.Setup{AmountCents: 1_000_00}, projects, papers, 3, 6, 3, 6).Chart
	if weighed.Items[0].Text != "6" || weighed.Items[1].Text != "2" || weighed.Title != "Weight of the votes that approve each option" {
		t.Errorf("where votes weigh: %+v", weighed)
	}
}

func TestVoided_ShowsFigures_AndNobodyIsChosen(t *testing.T) {
	texts, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := Voided(texts.For("en"), models.Poll{}, tell(t, methods.Choose, methods.Setup{Seats: 1, Most: 1}, []methods.Option{{Label: "Anna"}, {Label: "Berta"}}, []string{"1,", "1,", ",1"}))
	if s.Kind != ui.Plain || strings.Contains(s.Word+s.Sentence, "Anna") || s.Summary != nil || s.Rounds != nil || s.Lot != nil {
		t.Errorf("a void poll is told as %v %s %s", s.Kind, s.Word, s.Sentence)
	}
	if s.Chart == nil || len(s.Chart.Items) != 2 {
		t.Fatal("its figures are not shown")
	}
	for _, i := range s.Chart.Items {
		if i.Kind != ui.Plain {
			t.Errorf("%s is picked out", i.Label)
		}
	}
}
