package handlers

import (
	"strings"

	"socia/app/polls"
	"socia/core/methods"
	"socia/core/tally"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/statutes"
	"socia/views/ui"
)

// retoldPreview says how the votes of the last year would have ended, and first of all whether anything would differ.
func retoldPreview(t *i18n.Texts, told []polls.Retold) pages.Preview {
	p := pages.Preview{Kind: ui.Plain, Says: t.T("statutes.preview.none")}
	if len(told) == 0 {
		return p
	}
	p.Table = ui.Table{Caption: t.T("statutes.preview.title"), HideCaption: true, Columns: []ui.Column{
		{Label: t.T("statutes.preview.question")}, {Label: t.T("statutes.preview.was")}, {Label: t.T("statutes.preview.is")},
	}}
	changed := 0
	for _, r := range told {
		if r.Differs() {
			changed++
		}
		p.Table.Rows = append(p.Table.Rows, []ui.Cell{
			{Text: r.Poll.Question, Href: pathID("/polls/", r.Poll.ID, ""), Note: r.Assembly.Title},
			endedAs(t, r), wouldBe(t, r),
		})
	}
	if changed == 0 {
		p.Kind, p.Says = ui.Yes, t.T("statutes.preview.same")
	} else {
		p.Kind, p.Says = ui.Wait, t.N("statutes.preview.changed", changed)
	}
	return p
}

// outcomeWas says an outcome, with the votes for in their base.
func outcomeWas(t *i18n.Texts, r tally.Result) ui.Cell {
	kind := ui.No
	if r.Approved {
		kind = ui.Yes
	}
	cell := ui.BadgeCell(kind, t.T("assemblies.outcome."+string(r.Outcome)))
	if r.Base.Sign() > 0 {
		cell.Note = t.T("statutes.preview.votes", "For", t.Ratio(r.For.Rat()), "Base", t.Ratio(r.Base.Rat()), "Bound", boundWords(t, r))
	}
	return cell
}

// boundWords says what was needed: to reach a number, or to pass it.
func boundWords(t *i18n.Texts, r tally.Result) string {
	if r.Majority.Strict {
		return t.T("statutes.preview.more_than", "Bound", t.Ratio(r.Bound.Rat()))
	}
	return t.T("statutes.preview.at_least", "Bound", t.Ratio(r.Bound.Rat()))
}

func wouldBe(t *i18n.Texts, r polls.Retold) ui.Cell {
	switch {
	case r.NotOpen:
		return ui.Cell{Text: t.T("statutes.preview.differs"), Badge: ui.Wait, Note: t.T("statutes.preview.not_open")}
	case r.Uncounted:
		return ui.Cell{Text: t.T("statutes.preview.differs"), Badge: ui.Wait, Note: t.T("statutes.preview.uncounted")}
	}
	cell := countWas(t, r.Poll.Method, r.Count)
	if r.Poll.Result != nil {
		cell = outcomeWas(t, r.Is)
	}
	if !r.Differs() {
		cell.Text, cell.Badge = t.T("statutes.preview.equal"), ui.Plain
	}
	return cell
}

// endedAs says how a vote ended.
func endedAs(t *i18n.Texts, r polls.Retold) ui.Cell {
	if r.Poll.Result != nil {
		return outcomeWas(t, *r.Poll.Result)
	}
	return countWas(t, r.Poll.Method, r.Poll.Count)
}

// countWas says an outcome that is not for or against, with who won.
func countWas(t *i18n.Texts, method methods.Name, c *models.PollCount) ui.Cell {
	cell := methodOutcome(t, method, models.Poll{Count: c}.Outcome())
	if c.Result != nil && c.Decided() {
		names := make([]string, len(c.Result.Winners))
		for i, w := range c.Result.Winners {
			names[i] = c.Result.Options[w]
		}
		cell.Note = strings.Join(names, ", ")
	}
	return cell
}
