package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/core/quorum"
	"socia/core/ratio"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// ShowQuorum is the part of an assembly's page, or of its desk, that says who is there now: the page's script asks for
// it every few seconds.
func (h *Handlers) ShowQuorum(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	n, err := h.Assemblies.Quorum(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t := h.T(c)
	box, frame := quorumBox(t, n.Quorum, n.Classes, n.Assembly.OpenCall), ui.Frame{T: t}
	if c.Query("at") == "desk" {
		return h.Page(c, pages.DeskQuorum(frame, box))
	}
	box.Refresh = pathID("/assemblies/", id, "#quorum")
	return h.Page(c, pages.Quorum(frame, box))
}

// quorumSource is where a page asks for its quorum, in the page's own language.
func quorumSource(t *i18n.Texts, id models.AssemblyID, at string) string {
	return pathID("/assemblies/", id, "/quorum?lang="+t.Lang()+"&at="+at)
}

// quorumBox shows who is there and what that is enough for. Before the opening (call 0) it tells about both calls.
func quorumBox(t *i18n.Texts, q assemblies.Quorum, classes map[string]models.MemberClass, call int64) pages.QuorumBox {
	box := pages.QuorumBox{Stats: quorumStats(t, q.Total), Table: quorumTable(t, q, classes)}
	if call != 2 {
		box.Calls = append(box.Calls, quorumCall(t, "assemblies.fact.first", q.First, classes))
	}
	if call != 1 {
		box.Calls = append(box.Calls, quorumCall(t, "assemblies.fact.second", q.Second, classes))
	}
	if !q.First.Weighed && q.Total.Roll > 0 {
		box.Bar = quorumBar(t, q)
	}
	return box
}

func quorumTable(t *i18n.Texts, q assemblies.Quorum, classes map[string]models.MemberClass) ui.Table {
	tab := ui.Table{Caption: t.T("assemblies.quorum.caption"), HideCaption: true, Columns: []ui.Column{
		{Label: t.T("minutes.column.class")}, {Label: t.T("minutes.column.roll"), Num: true}, {Label: t.T("minutes.column.in_person"), Num: true},
		{Label: t.T("minutes.column.remote"), Num: true}, {Label: t.T("minutes.column.represented"), Num: true}, {Label: t.T("minutes.column.votes"), Num: true},
	}}
	plural := q.Total.RollPlural > 0
	if plural {
		tab.Columns = slices.Insert(tab.Columns, 5, ui.Column{Label: t.T("minutes.column.roll_votes"), Num: true})
	}
	row := func(name string, k models.ClassPresence) []ui.Cell {
		cells := []ui.Cell{ui.Text(name)}
		for _, n := range []int64{k.Roll, k.InPerson, k.Remote, k.Represented, k.Votes()} {
			cells = append(cells, ui.Text(t.Number(n)))
		}
		if plural {
			cells = slices.Insert(cells, 5, ui.Text(t.Number(k.RollVotes())))
		}
		return cells
	}
	for _, k := range q.Classes {
		tab.Rows = append(tab.Rows, row(classes[k.Class].Name(t.Lang()), k))
	}
	tab.Foot = row(t.T("minutes.column.total"), q.Total)
	return tab
}

func quorumStats(t *i18n.Texts, k models.ClassPresence) []ui.Stat {
	stats := []ui.Stat{
		{Label: t.T("minutes.column.votes"), Value: t.Number(k.Votes()), Note: t.T("assemblies.quorum.of", "Of", t.Number(k.RollVotes()))},
		{Label: t.T("minutes.column.in_person"), Value: t.Number(k.InPerson)},
		{Label: t.T("minutes.column.remote"), Value: t.Number(k.Remote)},
		{Label: t.T("minutes.column.represented"), Value: t.Number(k.Represented)},
	}
	if k.WithoutVote > 0 {
		stats = append(stats, ui.Stat{Label: t.T("minutes.column.without_vote"), Value: t.Number(k.WithoutVote)})
	}
	return stats
}

func quorumBar(t *i18n.Texts, q assemblies.Quorum) *ui.Bar {
	k := q.Total
	bar := ui.Bar{
		Title: t.T("assemblies.quorum.bar", "Present", t.Number(k.Votes()), "Of", t.Number(k.RollVotes())),
		Parts: []ui.Part{
			{Label: t.T("minutes.column.in_person"), Count: k.InPerson, Kind: ui.Yes}, {Label: t.T("minutes.column.remote"), Count: k.Remote, Kind: ui.Yes},
			{Label: t.T("minutes.column.represented"), Count: k.Represented, Kind: ui.Wait}, {Label: t.T("assemblies.quorum.absent"), Count: k.RollVotes() - k.Votes(), Kind: ui.Plain},
		},
	}
	if k.Plural > 0 {
		bar.Parts = slices.Insert(bar.Parts, 3, ui.Part{Label: t.T("minutes.column.plural"), Count: k.Plural, Kind: ui.Yes})
	}
	if needed := q.First.Needed; needed.IsInt() && needed.Rat().Num().IsInt64() && needed.Sign() > 0 {
		bar.Mark = &ui.Mark{At: needed.Rat().Num().Int64()}
	}
	return &bar
}

// quorumCall says whether a call has its quorum, with the numbers and the article. By class the weights are told as
// parts of the whole: nobody reads 11680/973 of 100.
func quorumCall(t *i18n.Texts, call string, v quorum.Verdict, classes map[string]models.MemberClass) pages.QuorumCall {
	c := pages.QuorumCall{Kind: ui.Wait, Word: t.T("assemblies.quorum.missing")}
	name := t.T(call)
	if v.Any {
		return pages.QuorumCall{Kind: ui.Yes, Word: t.T("assemblies.quorum.any"), Text: t.T("assemblies.quorum.any_text", "Call", name, "Article", v.Article)}
	}
	if v.OK {
		c.Kind, c.Word = ui.Yes, t.T("assemblies.quorum.reached")
	}
	if len(v.Classes) > 0 {
		c.Text = quorumOfEach(t, name, v, classes)
		return c
	}
	present, needed, of := v.Present.String(), v.Needed.String(), v.Of.String()
	key := "assemblies.quorum.person_text"
	if v.Weighed {
		key, present, needed = "assemblies.quorum.class_text", shareOf(t, v.Present, v.Of), shareOf(t, v.Needed, v.Of)
	}
	bound := t.T("assemblies.quorum.at_least", "Needed", needed)
	if v.Strict {
		bound = t.T("assemblies.quorum.more_than", "Needed", needed)
	}
	if v.MinVotes > 0 && v.Weighed {
		bound += " " + t.T("assemblies.quorum.or_votes", "Fixed", t.Number(v.MinVotes))
	}
	c.Text = t.T(key, "Call", name, "Present", present, "Of", of, "Bound", bound, "Article", v.Article)
	return c
}

// quorumOfEach says what each class has and needs.
func quorumOfEach(t *i18n.Texts, call string, v quorum.Verdict, classes map[string]models.MemberClass) string {
	parts := make([]string, len(v.Classes))
	for i, k := range v.Classes {
		parts[i] = t.T("assemblies.quorum.of_class", "Class", classes[k.Class].Name(t.Lang()), "Present", t.Number(k.Present), "Needed", k.Needed.String())
	}
	text := t.T("assemblies.quorum.each_text", "Call", call, "Classes", strings.Join(parts, "; "), "Article", v.Article)
	if v.MinVotes > 0 {
		text += " " + t.T("assemblies.quorum.or_votes_all", "Fixed", t.Number(v.MinVotes))
	}
	return text
}

// shareOf is a weight in per cent of all.
func shareOf(t *i18n.Texts, w, all ratio.Ratio) string {
	if all.IsZero() {
		return "–"
	}
	share := w.Div(all)
	return t.PercentRat(share.Rat())
}
