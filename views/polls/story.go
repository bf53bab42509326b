package polls

import (
	"strconv"
	"strings"

	"socia/core/count"
	"socia/core/methods"
	"socia/core/ratio"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// Story tells how a count went: a sentence first, then a chart, then every round.
type Story struct {
	Kind     ui.Kind
	Word     string
	Sentence string
	Notes    []string // quorum, weights, parity, lots
	Chart    *ui.Chart
	Summary  *ui.Table // every option in every round
	Rounds   []ui.Round
	Pairs    *ui.Table
	Lot      *LotTold
}

// LotTold is what anybody needs to draw a lot again.
type LotTold struct {
	Seed, Commitment string
	Draws            []string
}

// teller tells one result.
type teller struct {
	t      *i18n.Texts
	r      count.Result
	method methods.Method
}

// Tell tells the count of a poll.
func Tell(t *i18n.Texts, poll models.Poll, method methods.Method, c models.PollCount, classes map[string]string) Story {
	s := Story{Kind: ui.Plain}
	if q := c.Quorum; q != nil {
		s.Notes = append(s.Notes, t.T("polls.story.quorum", "TookPart", t.Number(q.TookPart), "Electors", t.Number(q.Electors), "Percent", q.Percent, "Needed", t.Number(q.Needed)))
	}
	switch {
	case c.Quorum != nil && !c.Quorum.Reached():
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.no_quorum"), t.T("polls.story.no_quorum")
	case c.Answers != nil:
		answered(t, &s, method, *c.Answers)
		return s
	case !c.Decided():
		s.Kind, s.Word, s.Sentence = ui.No, t.T("polls.outcome.undecided"), t.T("polls.sentence.no_votes")
	}
	if c.Result == nil {
		return s
	}
	k := teller{t: t, r: *c.Result, method: method}
	if s.Word == "" {
		s.Kind, s.Word, s.Sentence = ui.Yes, t.T("polls.outcome.decided_"+string(method.Group)), k.sentence()
	}
	for _, w := range c.Weights {
		s.Notes = append(s.Notes, t.T("polls.story.weight", "Class", classes[w.Class], "Votes", t.Number(w.Votes), "Weight", t.Ratio(ratio.New(w.Weight, max(c.Result.Scale, 1)).Rat())))
	}
	if c.Rounded {
		s.Notes = append(s.Notes, t.T("polls.story.rounded"))
	}
	if c.Plain != nil && poll.Setup.Alternate {
		s.Notes = append(s.Notes, t.T("polls.story.alternate", "Group", poll.Setup.ParityGroup, "With", k.names(k.r.Winners), "Without", k.names(c.Plain.Winners)))
	} else if c.Plain != nil {
		s.Notes = append(s.Notes, t.T("polls.story.parity", "AtLeast", poll.Setup.ParityAtLeast, "Group", poll.Setup.ParityGroup, "With", k.names(k.r.Winners), "Without", k.names(c.Plain.Winners)))
	} else if poll.Setup.ParityAtLeast > 0 {
		s.Notes = append(s.Notes, t.T("polls.story.parity_kept", "AtLeast", poll.Setup.ParityAtLeast, "Group", poll.Setup.ParityGroup))
	}
	s.Chart, s.Summary, s.Rounds, s.Pairs = k.chart(), k.summary(), k.rounds(), k.pairs()
	s.Lot = k.lots(poll)
	return s
}

// sentence is what a person would say first.
func (k teller) sentence() string {
	if k.method.Name == methods.OptIn {
		return k.t.T("polls.story.opt_in")
	}
	return k.t.N("polls.story."+string(k.method.Group), len(k.r.Winners), "Names", k.names(k.r.Winners))
}

func (k teller) name(option int) string {
	if option < 0 || option >= len(k.r.Options) {
		return "–"
	}
	return k.r.Options[option]
}

func (k teller) names(options []int) string {
	all := make([]string, len(options))
	for i, o := range options {
		all[i] = k.name(o)
	}
	return strings.Join(all, ", ")
}

// figure writes a quantity of votes, brought to shares where votes weigh by class. Money keeps its cents.
func (k teller) figure(f count.Figure) string {
	if f == "" {
		return ""
	}
	if k.scale() <= 1 && strings.Contains(string(f), ".") {
		return k.t.Decimal(string(f))
	}
	return k.share(f, k.scale())
}

// shownPlaces is how many decimals of a weighed figure pages show; the file has it exactly.
const shownPlaces = 4

// share is a figure divided by the scale. Where votes weigh by class its fraction says nothing to people: decimals do.
func (k teller) share(f count.Figure, scale int64) string {
	r := f.Ratio().Div(ratio.Int(scale))
	if scale == 1 || r.IsInt() {
		return k.t.Ratio(r.Rat())
	}
	return k.t.Decimal(r.Decimal(shownPlaces))
}

// scale is by what figures are divided. Where pairs are compared, a round's figures are pairs that an option wins.
func (k teller) scale() int64 {
	if k.compares() {
		return 1
	}
	return max(k.r.Scale, 1)
}

func (k teller) compares() bool {
	return k.method.Name == methods.Schulze || k.method.Name == methods.RankedPairs || k.method.Name == methods.Debian
}

// chart draws how the options stood at the end; for ranking methods, at the beginning.
func (k teller) chart() *ui.Chart {
	if len(k.r.Rounds) == 0 || len(k.r.Rounds[0].Tally) == 0 {
		return nil
	}
	first := k.r.Rounds[0]
	c := ui.Chart{Title: k.t.T("polls.story.chart_" + string(k.method.Form)), LabelHead: k.t.T("polls.head.option"), ValueHead: k.t.T("polls.head.votes")}
	if k.compares() {
		c.Title, c.ValueHead = k.t.T("polls.story.chart_pairs"), k.t.T("polls.head.wins")
	}
	won := map[int]bool{}
	for _, w := range k.r.Winners {
		won[w] = true
	}
	for _, l := range first.Tally {
		if l.State == count.Withdrawn {
			continue
		}
		item := ui.ChartItem{Label: k.name(l.Option), Text: k.figure(l.Votes), Value: k.drawn(l.Votes)}
		if won[l.Option] {
			item.Kind = ui.Yes
		}
		c.Items = append(c.Items, item)
	}
	return &c
}

// drawn is a length for drawing: no figure is read from it.
func (k teller) drawn(f count.Figure) int64 {
	n := f.Ratio().Div(ratio.Int(k.scale())).Mul(ratio.Int(1000)).Floor().Rat().Num()
	if !n.IsInt64() || n.Sign() < 0 {
		return 0
	}
	return n.Int64()
}

// mostColumns is how many rounds the table shows; the file has every one.
const mostColumns = 12

// summary is the table of every option in every round, where there is more than one.
func (k teller) summary() *ui.Table {
	if len(k.r.Rounds) < 2 {
		return nil
	}
	rounds := k.r.Rounds
	table := ui.Table{Caption: k.t.T("polls.story.table"), Columns: []ui.Column{{Label: k.t.T("polls.head.option")}}}
	if len(rounds) > mostColumns {
		table.Caption = k.t.T("polls.story.table_last", "Number", mostColumns)
		rounds = rounds[len(rounds)-mostColumns:]
	}
	for _, r := range rounds {
		table.Columns = append(table.Columns, ui.Column{Label: k.t.T("polls.story.round", "Number", r.Number), Num: true})
	}
	for option := range k.r.Options {
		row := []ui.Cell{ui.Text(k.name(option))}
		for _, r := range rounds {
			row = append(row, ui.Text(k.cell(r, option)))
		}
		table.Rows = append(table.Rows, row)
	}
	for _, foot := range []struct {
		key string
		of  func(count.Round) count.Figure
	}{{"polls.story.exhausted", func(r count.Round) count.Figure { return r.Exhausted }}, {"polls.story.residual", func(r count.Round) count.Figure { return r.Residual }}} {
		row, any := []ui.Cell{ui.Text(k.t.T(foot.key))}, false
		for _, r := range rounds {
			row = append(row, ui.Text(k.figure(foot.of(r))))
			any = any || foot.of(r) != ""
		}
		if any {
			table.Rows = append(table.Rows, row)
		}
	}
	return &table
}

func (k teller) cell(r count.Round, option int) string {
	for _, l := range r.Tally {
		if l.Option != option {
			continue
		}
		votes := k.figure(l.Votes)
		switch l.State {
		case count.Elected, count.Pending:
			return votes + " ✓"
		case count.Defeated, count.Withdrawn:
			if l.Votes.Ratio().IsZero() {
				return "–"
			}
			return votes + " ✗"
		case count.Hopeful:
		}
		return votes
	}
	return ""
}

// mostRounds is how many rounds are told in sentences.
const mostRounds = 100

func (k teller) rounds() (all []ui.Round) {
	for _, r := range k.r.Rounds {
		told := ui.Round{Title: k.t.T("polls.story.round", "Number", r.Number)}
		for _, a := range r.Acts {
			told.Acts = append(told.Acts, k.act(a))
		}
		if len(told.Acts) > 0 && len(all) < mostRounds {
			all = append(all, told)
		}
	}
	return all
}

// act tells one thing that was done.
func (k teller) act(a count.Act) string {
	args := []any{"Option", k.name(a.Option), "Votes", k.figure(a.Votes), "Among", k.names(a.Among)}
	if a.Against != nil {
		args = append(args, "Against", k.name(*a.Against))
	} else {
		args = append(args, "Against", "")
	}
	if k.method.Group == methods.Money && (a.Kind == count.ActFund || a.Kind == count.ActPass) {
		args[3] = k.t.Amount(cents(a.Votes))
	}
	key := "polls.act." + string(a.Kind)
	if a.Votes == "" && (a.Kind == count.ActElect || a.Kind == count.ActDefeat || a.Kind == count.ActRemaining) {
		key += "_plain"
	}
	words := k.t.T(key, args...)
	if to := k.transfers(a.Transfers); to != "" {
		words += " " + to
	}
	return words
}

func cents(f count.Figure) int64 {
	n := f.Ratio().Floor().Rat().Num()
	if !n.IsInt64() {
		return 0
	}
	return n.Int64()
}

func (k teller) transfers(all []count.Transfer) string {
	var parts []string
	for _, x := range all {
		name := k.t.T("polls.story.nobody")
		if x.To != count.ToNobody {
			name = k.name(x.To)
		}
		if !x.Votes.Ratio().IsZero() {
			parts = append(parts, name+" +"+k.figure(x.Votes))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " · ") + "."
}

// pairs is who was preferred to whom.
func (k teller) pairs() *ui.Table {
	if len(k.r.Pairs) == 0 || len(k.r.Pairs) > 12 {
		return nil
	}
	table := ui.Table{Caption: k.t.T("polls.story.pairs"), Columns: []ui.Column{{Label: k.t.T("polls.head.preferred")}}}
	for i := range k.r.Pairs {
		table.Columns = append(table.Columns, ui.Column{Label: k.name(i), Num: true})
	}
	for i, row := range k.r.Pairs {
		cells := []ui.Cell{ui.Text(k.name(i))}
		for j, f := range row {
			text := "–"
			if i != j {
				text = k.share(f, max(k.r.Scale, 1))
				if f.Ratio().Cmp(k.r.Pairs[j][i].Ratio()) > 0 {
					text += " ✓"
				}
			}
			cells = append(cells, ui.Text(text))
		}
		table.Rows = append(table.Rows, cells)
	}
	return &table
}

func (k teller) lots(poll models.Poll) *LotTold {
	if len(k.r.Lots) == 0 && k.method.Name != methods.Sortition {
		return nil
	}
	l := LotTold{Seed: poll.Seed, Commitment: Commitment(poll)}
	for _, d := range k.r.Lots {
		l.Draws = append(l.Draws, k.t.T("polls.story.draw", "What", d.What, "Among", k.names(d.Among), "Chosen", k.names(d.Chosen)))
	}
	return &l
}

// answered tells how a poll ended that is never a tally.
func answered(t *i18n.Texts, s *Story, m methods.Method, a models.PollAnswers) {
	s.Kind = ui.No
	if a.Agreed {
		s.Kind = ui.Yes
	}
	s.Word, s.Sentence = t.T("polls.outcome."+a.Outcome), t.T("polls.story."+string(m.Name)+"_"+a.Outcome)
	for _, word := range m.Words {
		if n := a.Given[word]; n > 0 {
			s.Notes = append(s.Notes, Word(t, m.Name, word)+": "+strconv.FormatInt(n, 10))
		}
	}
}
