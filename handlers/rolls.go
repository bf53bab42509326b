package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/rolls"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/rolls"
	"socia/views/ui"
)

type correctionForm struct {
	Number string `form:"number" validate:"required,max=12"`
	Vote   string `form:"vote" validate:"required,oneof=yes no"`
	Reason string `form:"reason"`
	Once   string `form:"once" validate:"max=64"`
}

// ShowRoll is the roll of an assembly.
func (h *Handlers) ShowRoll(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.rollPage(c, id, correctionForm{Number: c.Query("number")}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Roll(page))
}

// CorrectRoll logs a correction.
func (h *Handlers) CorrectRoll(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Rolls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	form, err := web.Decode[correctionForm](c)
	if err == nil {
		number, _ := strconv.ParseInt(form.Number, 10, 64)
		err = h.Rolls.Correct(c.UserContext(), web.Actor(c), rolls.Correction{Roll: v.Roll.ID, Number: number, Eligible: form.Vote == "yes", Reason: form.Reason, Once: form.Once})
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.rollPage(c, id, form, e)
		if err != nil {
			return err
		}
		return h.PageStatus(c, status, pages.Roll(page))
	}
	return h.See(c, pathID("/assemblies/", id, "/roll"), "rolls.done.corrected")
}

func (h *Handlers) rollPage(c *fiber.Ctx, id models.AssemblyID, form correctionForm, e web.Errors) (p pages.RollPage, err error) {
	v, err := h.Rolls.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return p, err
	}
	filter := filterOf(c)
	lines, err := h.Rolls.Lines(c.UserContext(), web.Actor(c), id, filter)
	if err != nil {
		return p, err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return p, err
	}
	t, loc := h.T(c), coop.Location()
	p = pages.RollPage{
		Frame:  h.Frame(c, t.T("rolls.roll.title"), crumbs(t.T("ui.nav.decide"), "/decide", v.Assembly.Title, pathID("/assemblies/", id, ""), t.T("rolls.roll.title"), "")...),
		Lead:   t.T("rolls.roll.lead", "Assembly", v.Assembly.Title, "Day", t.Time(v.Roll.RecordAt, loc)),
		Counts: rollCountTable(t, v), Filter: filterBar(t, v, filter), Lines: lineTable(t, v, lines), Errors: e.Of(), Rules: rollRules(t, v),
	}
	p.Frame.Wide = v.SeeReasons
	if !v.SeeReasons {
		p.Note = t.T("rolls.roll.private")
	}
	for _, l := range v.Mine {
		p.Mine = append(p.Mine, mineOn(t, v, l, loc))
	}
	if !lines.Next.IsZero() {
		p.Pager.NextHref = rollHref(id, filter, lines.Next)
	}
	if !filter.After.IsZero() {
		p.Pager.PreviousHref = rollHref(id, filter, rolls.Cursor{})
	}
	if v.SeeReasons && len(v.Log) > 0 {
		p.Log = logTable(t, v, loc)
	}
	h.offerCorrection(c, &p, v, form, e, loc)
	return p, nil
}

func filterOf(c *fiber.Ctx) rolls.Filter {
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	f := rolls.Filter{Class: c.Query("class"), Vote: rolls.Vote(c.Query("vote")), Name: web.CleanLine(c.Query("name"))}
	if after > 0 {
		f.After = rolls.Cursor{ID: models.MemberID(after)}
	}
	return f
}

func rollHref(id models.AssemblyID, f rolls.Filter, after rolls.Cursor) string {
	q := url.Values{}
	for name, value := range map[string]string{"class": f.Class, "vote": string(f.Vote), "name": f.Name} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if !after.IsZero() {
		q.Set("after", strconv.FormatInt(int64(after.ID), 10))
	}
	return pathID("/assemblies/", id, "/roll?") + q.Encode()
}

func filterBar(t *i18n.Texts, v rolls.Overview, f rolls.Filter) ui.Filter {
	class := ui.Field{Name: "class", Label: t.T("rolls.roll.class"), Value: f.Class, Options: []ui.Option{{Label: t.T("ui.word.all")}}}
	for _, n := range v.Counts {
		class.Options = append(class.Options, ui.Option{Value: n.ClassCode, Label: rollClassName(t, v, n.ClassCode)})
	}
	bar := ui.Filter{Action: pathID("/assemblies/", v.Assembly.ID, "/roll"), Fields: []ui.Field{{Name: "name", Label: t.T("rolls.roll.search"), Value: f.Name, Type: "search"}, class}}
	if v.SeeReasons {
		bar.Fields = append(bar.Fields, ui.Field{Name: "vote", Label: t.T("rolls.roll.vote"), Value: string(f.Vote), Options: []ui.Option{
			{Label: t.T("ui.word.all")}, {Value: string(rolls.VoteYes), Label: t.T("rolls.roll.may")}, {Value: string(rolls.VoteNo), Label: t.T("rolls.roll.may_not")}}})
	}
	if f.Class != "" || f.Vote != "" || f.Name != "" {
		bar.ClearHref = bar.Action
	}
	return bar
}

func rollClassName(t *i18n.Texts, v rolls.Overview, code string) string {
	if class, ok := v.Classes[code]; ok {
		return class.Name(t.Lang())
	}
	return code
}

func rollCountTable(t *i18n.Texts, v rolls.Overview) ui.Table {
	table := ui.Table{Caption: t.T("rolls.roll.counts"), HideCaption: true, Keep: true, Columns: []ui.Column{{Label: t.T("rolls.roll.class")}, {Label: t.T("rolls.roll.may"), Num: true}}}
	if v.SeeReasons {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("rolls.roll.may_not"), Num: true})
	}
	var all rolls.ClassCount
	row := func(name string, n rolls.ClassCount) []ui.Cell {
		cells := []ui.Cell{ui.Text(name), ui.Text(t.Number(n.Eligible)), ui.Text(t.Number(n.Excluded))}[:len(table.Columns)]
		if pluralRoll(v) {
			cells = slices.Insert(cells, 2, ui.Text(t.Number(n.Votes)))
		}
		return cells
	}
	for _, n := range v.Counts {
		table.Rows = append(table.Rows, row(rollClassName(t, v, n.ClassCode), n))
		all.Eligible, all.Excluded, all.Votes = all.Eligible+n.Eligible, all.Excluded+n.Excluded, all.Votes+n.Votes
	}
	table.Foot = row(t.T("ui.word.total"), all)
	if pluralRoll(v) {
		table.Columns = slices.Insert(table.Columns, 2, ui.Column{Label: t.T("rolls.roll.votes"), Num: true})
	}
	return table
}

// pluralRoll says whether anybody who may vote has more than one vote.
func pluralRoll(v rolls.Overview) bool {
	return slices.ContainsFunc(v.Counts, func(n rolls.ClassCount) bool { return n.Votes > n.Eligible })
}

func lineTable(t *i18n.Texts, v rolls.Overview, lines rolls.Page) ui.Table {
	table := ui.Table{Caption: t.T("rolls.roll.lines"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("ui.word.name")}, {Label: t.T("rolls.roll.number"), Num: true}, {Label: t.T("rolls.roll.class")}},
		Empty:   &ui.Empty{Title: t.T("rolls.roll.empty"), Text: t.T("rolls.roll.empty_text")}}
	plural := pluralRoll(v)
	if plural {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("rolls.roll.votes"), Num: true})
	}
	if v.SeeReasons {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("rolls.roll.vote")}, ui.Column{Label: t.T("rolls.roll.why")})
	}
	if v.MayCorrect {
		table.Columns = append(table.Columns, ui.Column{Label: t.T("rolls.correct.title")})
	}
	for _, l := range lines.Lines {
		row := []ui.Cell{ui.Text(l.Member.Name), ui.Text(t.Number(l.Member.Number)), ui.Text(rollClassName(t, v, l.ClassCode))}
		if plural {
			row = append(row, ui.Text(t.Number(l.Votes)))
		}
		if v.SeeReasons {
			vote := ui.BadgeCell(ui.Yes, t.T("rolls.roll.may"))
			if !l.Eligible {
				vote = ui.BadgeCell(ui.Wait, t.T("rolls.roll.may_not"))
			}
			if len(l.Corrections) > 0 {
				vote.Note = t.T("rolls.roll.corrected")
			}
			row = append(row, vote, ui.Text(strings.Join(reasonLines(t, l.Reasons), " · ")))
		}
		if v.MayCorrect {
			row = append(row, ui.LinkCell(t.T("rolls.correct.link"), pathID("/assemblies/", v.Assembly.ID, "/roll?number=")+strconv.FormatInt(l.Member.Number, 10)+"#correction"))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

func logTable(t *i18n.Texts, v rolls.Overview, loc *time.Location) *ui.Table {
	table := ui.Table{Caption: t.T("rolls.roll.log"), HideCaption: true, Columns: []ui.Column{
		{Label: t.T("ui.word.name")}, {Label: t.T("ui.word.date")}, {Label: t.T("rolls.log.change")}, {Label: t.T("rolls.log.cause")}, {Label: t.T("ui.word.reason")}, {Label: t.T("rolls.log.by")}}}
	for _, c := range v.Log {
		change := ui.BadgeCell(ui.Yes, t.T("rolls.log.on"))
		if !c.Eligible {
			change = ui.BadgeCell(ui.No, t.T("rolls.log.off"))
		}
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(c.MemberName), ui.Text(t.ShortTime(c.At, loc)), change, ui.Text(t.T("rolls.cause." + string(c.Cause))), ui.Text(c.Reason), ui.Text(c.ByHandle)})
	}
	return &table
}

func mineOn(t *i18n.Texts, v rolls.Overview, l rolls.Line, loc *time.Location) pages.Place {
	p := placeOf(t, rolls.Place{Roll: v.Roll, Assembly: v.Assembly, Line: l, Listed: true}, loc)
	p.Title, p.When, p.Href = l.Member.Name, "", pathID("/standing?member=", l.Member.ID, "")
	return p
}

func rollRules(t *i18n.Texts, v rolls.Overview) []ui.Rule {
	return []ui.Rule{
		{Title: t.T("rolls.rule.record"), Rule: t.T("rolls.rule.record_text"), Article: v.Statutes.RecordDate.Article},
		{Title: t.T("rolls.rule.corrections"), Rule: t.N("rolls.rule.corrections_text", v.Statutes.Corrections.HoursBefore), Article: v.Statutes.Corrections.Article},
	}
}

// offerCorrection adds the form for facilitators while there is time, and says so when there is none left.
func (h *Handlers) offerCorrection(c *fiber.Ctx, p *pages.RollPage, v rolls.Overview, form correctionForm, e web.Errors, loc *time.Location) {
	t := h.T(c)
	until := t.Time(v.Roll.CorrectionsUntil, loc)
	if !v.MayCorrect {
		if v.SeeReasons {
			p.Closed = t.T("rolls.correct.closed", "When", until, "Article", v.Statutes.Corrections.Article)
		}
		return
	}
	if form.Once == "" {
		form.Once = web.NewOnce()
	}
	p.Correct = &pages.Correct{
		Form:   ui.FormAttrs{Action: pathID("/assemblies/", v.Assembly.ID, "/roll/corrections"), CSRF: h.CSRF(c), Once: form.Once, Label: t.T("rolls.correct.title")},
		Until:  t.T("rolls.correct.until", "When", until),
		Number: ui.Field{Name: "number", Label: t.T("rolls.correct.number"), Hint: t.T("rolls.correct.number_hint"), Value: form.Number, Error: e["number"], Required: true, Width: ui.Digits, Inputmode: "numeric", Autocomplete: "off"},
		Vote: ui.Field{Name: "vote", Label: t.T("rolls.correct.vote"), Value: form.Vote, Error: e["vote"], Required: true, Options: []ui.Option{
			{Value: "yes", Label: t.T("rolls.correct.yes")}, {Value: "no", Label: t.T("rolls.correct.no")}}},
		Reason: ui.Field{Name: "reason", Label: t.T("rolls.correct.reason"), Hint: t.T("rolls.correct.reason_hint"), Value: form.Reason, Error: e["reason"], Required: true, Rows: 3, MaxLength: 1000,
			Why: &ui.Why{Reason: t.T("rolls.correct.why"), SeenBy: t.T("rolls.correct.seen"), Kept: t.T("rolls.correct.kept")}},
	}
	p.Errors = e.Of(p.Correct.Number, p.Correct.Vote, p.Correct.Reason)
}
