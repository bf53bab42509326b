package polls

import (
	"strings"

	"socia/core/count"
	"socia/core/methods"
	"socia/views/ui"
)

// mostColumns is how many rounds the table shows; the file has every one.
const mostColumns = 12

// summary is the table of a count: every option in every round, or what the method counts instead.
func (k teller) summary() *ui.Table {
	switch {
	case k.method.Group == methods.Money:
		return k.bought()
	case k.method.Name == methods.Times:
		return k.availability()
	case len(k.r.Rounds) < 2 || k.compares():
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
		row, out := []ui.Cell{ui.Text(k.name(option))}, false
		for _, r := range rounds {
			text := k.cell(r, option, out)
			out = out || strings.HasSuffix(text, "✗")
			row = append(row, ui.Text(text))
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
			any = any || !foot.of(r).Ratio().IsZero()
		}
		if any {
			table.Rows = append(table.Rows, row)
		}
	}
	return &table
}

// cell is how an option stood in a round; out says that the table has told its defeat.
func (k teller) cell(r count.Round, option int, out bool) string {
	for _, l := range r.Tally {
		if l.Option != option {
			continue
		}
		votes := k.figure(l.Votes)
		switch l.State {
		case count.Elected, count.Pending:
			return votes + " ✓"
		case count.Defeated, count.Withdrawn:
			switch {
			case !l.Votes.Ratio().IsZero():
				return votes + " ✗"
			case out:
				return "–"
			}
			return "✗"
		case count.Hopeful:
		}
		return votes
	}
	return ""
}

// costs are what the options that a count of money dealt with cost, in cents.
func (k teller) costs() map[int]int64 {
	all := map[int]int64{}
	for _, r := range k.r.Rounds {
		for _, a := range r.Acts {
			if a.Kind == count.ActFund || a.Kind == count.ActPass {
				all[a.Option] = cents(a.Votes)
			}
		}
	}
	return all
}

// funded are the costs of what is funded.
func (k teller) funded() map[int]int64 {
	costs, all := k.costs(), map[int]int64{}
	for _, w := range k.r.Winners {
		all[w] = costs[w]
	}
	return all
}

// bought is the table of what each project costs, and which are funded.
func (k teller) bought() *ui.Table {
	table := ui.Table{Caption: k.t.T("polls.story.table_money"), Columns: []ui.Column{{Label: k.t.T("polls.head.option")}, {Label: k.t.T("polls.head.cost"), Num: true}, {Label: k.t.T("polls.head.funded"), Num: true}}}
	costs, funded := k.costs(), k.funded()
	var spent, asked int64
	for option := range k.r.Options {
		spends := "–"
		asked += costs[option]
		if cost, ok := funded[option]; ok {
			spent += cost
			spends = k.money(cost) + " ✓"
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(k.name(option)), ui.Text(k.money(costs[option])), ui.Text(spends)})
	}
	table.Foot = []ui.Cell{ui.Text(k.t.T("polls.head.total")), ui.Text(k.money(asked)), ui.Text(k.money(spent))}
	return &table
}

// availability is the table of who can come when: the rounds of such a poll are who can come, and who said yes.
func (k teller) availability() *ui.Table {
	if len(k.r.Rounds) < 2 {
		return nil
	}
	table := ui.Table{Caption: k.t.T("polls.story.table_times"), Columns: []ui.Column{{Label: k.t.T("polls.head.option")}, {Label: k.t.T("polls.times.2"), Num: true}, {Label: k.t.T("polls.times.1"), Num: true}, {Label: k.t.T("polls.head.can_come"), Num: true}}}
	for i, come := range k.r.Rounds[0].Tally {
		yes := k.r.Rounds[1].Tally[i].Votes
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(k.name(come.Option)), ui.Text(k.figure(yes)), ui.Text(k.figure(count.Of(come.Votes.Ratio().Sub(yes.Ratio())))), ui.Text(k.figure(come.Votes))})
	}
	return &table
}

// mostPairs is of how many options at the most the pairs are shown; the file has all.
const mostPairs = 12

// pairs is who was preferred to whom.
func (k teller) pairs() *ui.Table { return k.square("polls.story.pairs", k.r.Pairs) }

// paths is Schulze's table, where it decides.
func (k teller) paths() *ui.Table {
	if k.beatsAll() >= 0 {
		return nil
	}
	return k.square("polls.story.paths", k.r.Paths)
}

func (k teller) square(caption string, figures [][]count.Figure) *ui.Table {
	if len(figures) == 0 || len(figures) > mostPairs {
		return nil
	}
	table := ui.Table{Caption: k.t.T(caption), Columns: []ui.Column{{Label: k.t.T("polls.head.preferred")}}}
	for i := range figures {
		table.Columns = append(table.Columns, ui.Column{Label: k.name(i), Num: true})
	}
	for i, row := range figures {
		cells := []ui.Cell{ui.Text(k.name(i))}
		for j, f := range row {
			text := "–"
			if i != j {
				text = k.figure(f)
				if k.beats(figures, i, j) {
					text += " ✓"
				}
			}
			cells = append(cells, ui.Text(text))
		}
		table.Rows = append(table.Rows, cells)
	}
	return &table
}
