package equality

import (
	"math"

	"socia/core/disclosure"
	"socia/platform/i18n"
	"socia/views/ui"
)

// table draws a protected table: the cells that may be seen, and words for what may not.
func (r Report) table(t *i18n.Texts) ui.Table {
	counts, apart := r.columns()
	table := ui.Table{Caption: r.Title, HideCaption: true, Columns: []ui.Column{{Label: r.RowHead}}}
	if counts {
		for _, g := range shownGroups(apart) {
			table.Columns = append(table.Columns, ui.Column{Label: t.T("equality.group." + g), Num: true})
		}
		table.Columns = append(table.Columns, ui.Column{Label: t.T("ui.word.total"), Num: true})
	}
	table.Columns = append(table.Columns, ui.Column{Label: t.T("equality.balance.women_share")})
	for _, row := range r.Table.Rows() {
		table.Rows = append(table.Rows, cells(t, r.label(row), row, counts, apart))
	}
	if total, has := r.Table.Total(); has {
		table.Foot = cells(t, t.T("equality.balance.all"), total, counts, apart)
	}
	return table
}

// columns says whether any row shows counts, and whether another and not stated stand apart in them.
func (r Report) columns() (counts, apart bool) {
	for _, row := range r.withTotal() {
		if s, ok := row.Counts(); ok {
			return true, s.Apart
		}
	}
	return false, false
}

func (r Report) withTotal() []disclosure.Row {
	rows := r.Table.Rows()
	if total, has := r.Table.Total(); has {
		rows = append(rows, total)
	}
	return rows
}

// shownGroups are the names of the columns of counts.
func shownGroups(apart bool) []string {
	if apart {
		return []string{"women", "men", "another", "not_stated"}
	}
	return []string{"women", "men", "another_or_not_stated"}
}

func figures(s disclosure.Shown, apart bool) []int {
	if apart {
		return []int{s.Women, s.Men, s.Another, s.NotStated}
	}
	return []int{s.Women, s.Men, s.AnotherOrNotStated}
}

func cells(t *i18n.Texts, label string, row disclosure.Row, counts, apart bool) []ui.Cell {
	out := []ui.Cell{ui.Text(label)}
	if counts {
		s, shown := row.Counts()
		for _, n := range append(figures(s, apart), s.Total) {
			if shown {
				out = append(out, ui.Text(t.Number(int64(n))))
			} else {
				out = append(out, ui.Cell{})
			}
		}
	}
	return append(out, reading(t, row))
}

// reading says in words where the share of women lies, as far as the row lets it be known.
func reading(t *i18n.Texts, row disclosure.Row) ui.Cell {
	switch row.Level() {
	case disclosure.ShowNothing:
		return ui.Text(t.T("equality.balance.withheld"))
	case disclosure.ShowBand:
		return ui.Text(bandText(t, row))
	case disclosure.ShowCounts:
		if s, _ := row.Counts(); hasIndicators(row) {
			return ui.Cell{Text: t.Percent(int64(s.Women), int64(s.Women+s.Men)), Note: bandText(t, row)}
		}
	}
	return ui.Text(t.T("equality.balance.low_coverage"))
}

func hasIndicators(row disclosure.Row) bool {
	_, ok := row.Indicators()
	return ok
}

func bandText(t *i18n.Texts, row disclosure.Row) string {
	band, _ := row.Band()
	return t.T("equality.band." + string(band))
}

// zoneText says bandText inside a sentence.
func zoneText(t *i18n.Texts, row disclosure.Row) string {
	band, _ := row.Band()
	return t.T("equality.zone." + string(band))
}

// drawn are the rows that a chart is drawn of: the total if it shows counts, else each row that does.
func (r Report) drawn() []disclosure.Row {
	if total, has := r.Table.Total(); has && total.Level() == disclosure.ShowCounts {
		return []disclosure.Row{total}
	}
	return r.counted(r.Table.Rows())
}

func (r Report) counted(rows []disclosure.Row) (shown []disclosure.Row) {
	for _, row := range rows {
		if row.Level() == disclosure.ShowCounts {
			shown = append(shown, row)
		}
	}
	return shown
}

func (r Report) name(t *i18n.Texts, row disclosure.Row) string {
	if row.Key() == "" {
		return t.T("equality.balance.all")
	}
	return r.label(row)
}

func (r Report) chart(t *i18n.Texts, row disclosure.Row) ui.Chart {
	s, _ := row.Counts()
	title := t.T("equality.chart.counts", "Row", r.name(t, row), "Total", t.Number(int64(s.Total)))
	if hasIndicators(row) {
		title = t.T("equality.chart.share", "Row", r.name(t, row), "Share", t.Percent(int64(s.Women), int64(s.Women+s.Men)))
	}
	c := ui.Chart{Title: title, LabelHead: t.T("equality.balance.group"), ValueHead: t.T("equality.balance.people")}
	for i, n := range figures(s, s.Apart) {
		c.Items = append(c.Items, ui.ChartItem{Label: t.T("equality.group." + shownGroups(s.Apart)[i]), Value: int64(n), Text: t.Number(int64(n))})
	}
	return c
}

// indicated are the rows whose indicators are told with their arithmetic.
func (r Report) indicated() (rows []disclosure.Row) {
	for _, row := range r.withTotal() {
		if hasIndicators(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

// rule tells a row's indicators and how each is had from what the table shows.
func (r Report) rule(t *i18n.Texts, row disclosure.Row) ui.Rule {
	s, _ := row.Counts()
	women, men := int64(s.Women), int64(s.Men)
	silent := int64(s.AnotherOrNotStated)
	bounds := "equality.sums.bounds"
	if s.Apart {
		silent, bounds = int64(s.NotStated), "equality.sums.bounds_apart"
	}
	all := women + men + silent
	rule := ui.Rule{
		Title: t.T("equality.sums.title", "Row", r.name(t, row)),
		Rule:  t.T("equality.sums.share_says", "Share", t.Percent(women, women+men), "Zone", zoneText(t, row)),
		Arithmetic: []string{
			t.T("equality.sums.share", "Women", t.Number(women), "Men", t.Number(men), "Share", t.Percent(women, women+men)),
			t.T("equality.sums.parity", "Least", t.Number(min(women, men)), "Most", t.Number(max(women, men)), "Parity", decimal(t, float64(min(women, men))/float64(max(women, men)))),
			t.T(bounds, "Women", t.Number(women), "All", t.Number(all), "Lowest", t.Percent(women, all), "Silent", t.Number(silent), "Highest", t.Percent(women+silent, all)),
		},
	}
	compared, ok := disclosure.Represent(row, r.Members)
	if !ok {
		return rule
	}
	rule.Arithmetic = append(rule.Arithmetic,
		t.T("equality.sums.ratio", "Share", perCent(t, compared.Share), "Members", perCent(t, compared.MemberShare), "Ratio", decimal(t, compared.Ratio)),
		t.T("equality.sums.interval", "Low", perCent(t, compared.ShareLow), "High", perCent(t, compared.ShareHigh)))
	rule.Note = t.T("equality.sums.differs", "Members", perCent(t, compared.MemberShare))
	if compared.TooFewToTell {
		rule.Note = t.T("equality.sums.too_few", "Members", perCent(t, compared.MemberShare))
	}
	return rule
}

// perCent writes a share with one decimal.
func perCent(t *i18n.Texts, share float64) string {
	return t.Percent(int64(math.Round(share*1000)), 1000)
}

// decimal writes a ratio with two decimals: cents of one.
func decimal(t *i18n.Texts, ratio float64) string { return t.Amount(int64(math.Round(ratio * 100))) }

func (p GenderPage) table() ui.Table {
	t := p.Frame.T
	table := ui.Table{
		Caption: t.T("equality.mine.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("ui.word.date")}, {Label: t.T("equality.mine.report")}, {Label: t.T("equality.mine.row")}, {Label: t.T("equality.mine.how")}, {Label: t.T("equality.mine.shows")}},
		Empty:   &ui.Empty{Title: t.T("equality.mine.none"), Text: t.T("equality.mine.none_text")},
	}
	for _, row := range p.Rows {
		how := t.T("equality.mine.not_stated")
		if row.Stated {
			how = t.T("equality.mine.stated")
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(row.Day), ui.Text(row.Report), ui.Text(row.Label), ui.Text(how), ui.Text(t.T("equality.level." + string(row.Level)))})
	}
	return table
}

// explained are the keys of the sentences that say how the figures are protected.
func explained() []string {
	return []string{"equality.how.who", "equality.how.ladder", "equality.how.zeros", "equality.how.beside", "equality.how.days", "equality.how.compare", "equality.how.limits"}
}
