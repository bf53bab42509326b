package polls

import (
	"socia/core/count"
	"socia/core/lot"
	"socia/core/ratio"
	"socia/core/rules"
	"socia/core/tally"
	"socia/models"
	"socia/platform/i18n"
	"socia/views/ui"
)

// ClassNames gives the classes' names in a language, by code.
func ClassNames(classes []models.MemberClass, lang string) map[string]string {
	names := make(map[string]string, len(classes))
	for _, c := range classes {
		names[c.Code] = c.Name(lang)
	}
	return names
}

// RuleWords says a majority in words: "More than half of the votes for and against."
func RuleWords(t *i18n.Texts, m rules.Majority, c rules.Counting) string {
	key := "polls.rule.at_least"
	if m.Strict {
		key = "polls.rule.more_than"
	}
	simple := m.Strict && m.Base == rules.BaseValid && 2*m.Num == m.Den
	words := t.T(key, "Part", part(t, m), "Base", t.T("polls.base."+string(m.Base)))
	if simple {
		words = t.T("polls.rule.simple")
	}
	if c.Method == rules.MethodClass {
		words += " " + t.T("polls.rule.by_class")
	}
	switch m.Double {
	case rules.DoubleEach:
		words += " " + t.T("polls.rule.double_each")
	case rules.DoubleMost:
		words += " " + t.T("polls.rule.double_most")
	case rules.DoubleNone:
	}
	return words
}

func part(t *i18n.Texts, m rules.Majority) string {
	switch {
	case 2*m.Num == m.Den:
		return t.T("polls.part.half")
	case 3*m.Num == 2*m.Den:
		return t.T("polls.part.two_thirds")
	}
	return ratio.New(m.Num, m.Den).String()
}

// Outcome is the result's word and the sense in which it is shown.
func Outcome(t *i18n.Texts, r tally.Result) (ui.Kind, string) {
	if r.Approved {
		return ui.Yes, t.T("polls.outcome.approved")
	}
	return ui.No, t.T("polls.outcome.not_approved")
}

// Sentence tells a result as a person would.
func Sentence(t *i18n.Texts, r tally.Result) string {
	if r.Outcome == tally.OutcomeNoVotes {
		return t.T("polls.sentence.no_votes")
	}
	if r.Outcome == tally.OutcomeNoQuorum && (r.Quorum == nil || r.Quorum.OK) {
		return t.T("polls.sentence.no_turnout")
	}
	if r.Outcome == tally.OutcomeNoQuorum {
		return t.T("polls.sentence.no_quorum")
	}
	if r.Outcome == tally.OutcomeNotEnoughClasses {
		return t.T("polls.sentence.not_enough_classes", "InFavour", t.Number(r.Classes.InFavour), "Of", t.Number(int64(len(r.Classes.Lines))), "Needed", t.Number(r.Classes.Needed))
	}
	if r.Weighted() {
		key := "polls.sentence.by_class"
		if r.Majority.Strict {
			key = "polls.sentence.by_class_more"
		}
		return t.T(key, "For", percentOf(t, r.For, r), "Needed", percentOf(t, r.Bound, r), "Base", t.T("polls.base."+string(r.Majority.Base)))
	}
	votes := t.N("polls.sentence.votes", int(r.Total.Abstain), "For", t.Number(r.Total.For), "Against", t.Number(r.Total.Against), "Abstain", t.Number(r.Total.Abstain))
	if r.Outcome == tally.OutcomeTied {
		return votes + " " + t.T("polls.sentence.tied")
	}
	simple := r.Majority.Strict && r.Majority.Base == rules.BaseValid && 2*r.Majority.Num == r.Majority.Den
	if simple {
		return votes + " " + t.T("polls.sentence.simple")
	}
	key := "polls.sentence.needed"
	if r.Majority.Strict {
		key = "polls.sentence.needed_more"
	}
	return votes + " " + t.T(key, "Part", part(t, r.Majority), "Base", t.T("polls.base."+string(r.Majority.Base)), "Of", t.Ratio(r.Base.Rat()), "Needed", t.Ratio(r.Needed.Rat()))
}

// SentenceSoFar tells how a motion stands while it is open: a quorum that is not reached may be reached still.
func SentenceSoFar(t *i18n.Texts, r tally.Result, classes map[string]string) string {
	if r.Outcome != tally.OutcomeNoQuorum {
		return Sentence(t, r)
	}
	asks := asked(r)
	said := notYet(t, r.Quorum, asks, classes)
	if asks != nil {
		said += " " + tookPart(t, "polls.so_far.turnout", *asks)
	}
	return said
}

// asked is what a vote asks beside the statutes, if it does.
func asked(r tally.Result) *models.PollQuorum {
	for _, s := range r.Steps {
		if s.Key == tally.StepTurnout {
			n := func(name string) int64 { return floor(count.Figure(s.Args[name])) }
			return &models.PollQuorum{Percent: int(n("percent")), Electors: n("of"), TookPart: n("present"), Needed: n("needed")}
		}
	}
	return nil
}

// percentOf is a weight as a share of the base.
func percentOf(t *i18n.Texts, w ratio.Ratio, r tally.Result) string {
	if r.Base.IsZero() {
		return "–"
	}
	share := w.Div(r.Base)
	return t.PercentRat(share.Rat())
}

// Arithmetic is the result's steps in words, so that anybody can do them again.
func Arithmetic(t *i18n.Texts, r tally.Result, names map[string]string) []string {
	return inWords(t, r.Steps, names)
}

// inWords writes steps of core/tally, with the names of the classes.
func inWords(t *i18n.Texts, steps []tally.Step, names map[string]string) []string {
	lines := make([]string, 0, len(steps))
	for _, s := range steps {
		args := make([]any, 0, 2*len(s.Args)+2)
		for name, value := range s.Args {
			switch name {
			case "class":
				value = names[value]
			case "outcome":
				value = t.T("tally.outcome." + value)
			}
			args = append(args, name, value)
		}
		lines = append(lines, t.T(s.Key, args...))
	}
	return lines
}

// Bar draws a result that counts persons.
func Bar(t *i18n.Texts, r tally.Result) *ui.Bar {
	if r.Weighted() || r.Total.Present == 0 {
		return nil
	}
	b := ui.Bar{Title: Sentence(t, r), Parts: []ui.Part{
		{Label: t.T("polls.choice.for"), Count: r.Total.For, Kind: ui.Yes},
		{Label: t.T("polls.choice.against"), Count: r.Total.Against, Kind: ui.No},
		{Label: t.T("polls.choice.abstain"), Count: r.Total.Abstain, Kind: ui.Plain},
		{Label: t.T("polls.choice.none"), Count: r.Total.NotCast(), Kind: ui.Plain},
	}}
	if r.Majority.Base != rules.BaseRoll && r.Needed.IsInt() {
		b.Mark = &ui.Mark{At: r.Needed.Floor().Rat().Num().Int64()}
	}
	return &b
}

// Chart draws a result that counts weights.
func Chart(t *i18n.Texts, r tally.Result) *ui.Chart {
	if !r.Weighted() || r.Base.IsZero() {
		return nil
	}
	c := ui.Chart{Title: t.T("polls.result.weights"), LabelHead: t.T("polls.head.choice"), ValueHead: t.T("polls.head.weight")}
	for _, x := range []struct {
		key  string
		w    ratio.Ratio
		kind ui.Kind
	}{{"polls.choice.for", r.For, ui.Yes}, {"polls.choice.against", r.Against, ui.No}, {"polls.choice.abstain", r.Abstain, ui.Plain}} {
		c.Items = append(c.Items, ui.ChartItem{Label: t.T(x.key), Value: x.w.Mul(ratio.Int(1000)).Floor().Rat().Num().Int64(), Text: t.Ratio(x.w.Rat()), Kind: x.kind})
	}
	return &c
}

// Classes is the table of a result by class.
func Classes(t *i18n.Texts, r tally.Result, names map[string]string) ui.Table {
	table := ui.Table{Caption: t.T("polls.result.classes"), Columns: []ui.Column{
		{Label: t.T("polls.head.class")}, {Label: t.T("polls.choice.for"), Num: true}, {Label: t.T("polls.choice.against"), Num: true},
		{Label: t.T("polls.choice.abstain"), Num: true}, {Label: t.T("polls.choice.none"), Num: true}, {Label: t.T("polls.head.present"), Num: true},
	}}
	byClass := r.Weighted()
	if byClass {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("polls.head.one_vote"), Num: true})
	}
	row := func(name string, k tally.ClassCount) []ui.Cell {
		return []ui.Cell{ui.Text(name), ui.Text(t.Number(k.For)), ui.Text(t.Number(k.Against)), ui.Text(t.Number(k.Abstain)), ui.Text(t.Number(k.NotCast())), ui.Text(t.Number(k.Present))}
	}
	for _, l := range r.Lines {
		cells := row(names[l.Count.Class], l.Count)
		if byClass {
			cells = append(cells, ui.Text(t.Ratio(l.Weight.Rat())))
		}
		table.Rows = append(table.Rows, cells)
	}
	table.Foot = row(t.T("polls.head.total"), r.Total)
	if byClass {
		table.Foot = append(table.Foot, ui.Text(""))
	}
	return table
}

// Commitment is what binds a poll's seed for lots before anybody knows it.
func Commitment(p models.Poll) string { return lot.Seed(p.Seed).Commitment() }
