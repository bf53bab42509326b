package handlers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// localTime is how browsers send a day and an hour; it is told in the cooperative's time zone.
const localTime = "2006-01-02T15:04"

// ListAssemblies lists assemblies, the newest first.
func (h *Handlers) ListAssemblies(c *fiber.Ctx) error {
	after, _ := strconv.ParseInt(c.Query("after"), 10, 64)
	l, err := h.Assemblies.List(c.UserContext(), web.Actor(c), models.AssemblyID(after))
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t := h.T(c)
	page := pages.ListPage{Frame: h.Frame(c, t.T("assemblies.list.title"), crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "")...)}
	page.Table = ui.Table{
		Caption: t.T("assemblies.list.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("assemblies.field.title")}, {Label: t.T("assemblies.fact.first")}, {Label: t.T("assemblies.field.kind")}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("assemblies.list.empty"), Text: t.T("assemblies.list.empty_text")},
	}
	for _, a := range l.Assemblies {
		kind, word := stateOf(t, a.State())
		if a.Unheld() {
			word = t.T("assemblies.state." + string(assemblies.UnheldAt(a, *a.ClosedAt)))
		}
		page.Table.Rows = append(page.Table.Rows, []ui.Cell{
			ui.LinkCell(a.Title, pathID("/assemblies/", a.ID, "")), ui.Text(t.ShortTime(a.FirstCallAt, coop.Location())), ui.Text(t.T("assemblies.kind." + a.Kind)), ui.BadgeCell(kind, word),
		})
	}
	if l.More {
		page.Pager.NextHref = pathID("/assemblies?after=", l.Assemblies[len(l.Assemblies)-1].ID, "")
	}
	if web.IsOfficer(c, models.RoleFacilitator) {
		page.New = "/assemblies/new"
	}
	return h.Page(c, pages.List(page))
}

// stateOf is how pages show an assembly's state.
func stateOf(t *i18n.Texts, s models.AssemblyState) (ui.Kind, string) {
	word := t.T("assemblies.state." + string(s))
	switch s {
	case models.AssemblyDraft:
		return ui.Plain, word
	case models.AssemblyConvened:
		return ui.Wait, word
	case models.AssemblyOpen:
		return ui.Yes, word
	case models.AssemblyClosed:
	}
	return ui.Plain, word
}

type assemblyForm struct {
	Title      string `form:"title"`
	Kind       string `form:"kind"`
	Place      string `form:"place"`
	OnlineURL  string `form:"online_url"`
	FirstCall  string `form:"first_call"`
	SecondCall string `form:"second_call"`
	Once       string `form:"once"`
}

// plan reads the form's hours in the cooperative's time zone.
func (f assemblyForm) plan(loc *time.Location) (assemblies.Plan, error) {
	p := assemblies.Plan{Title: f.Title, Kind: f.Kind, Place: f.Place, OnlineURL: f.OnlineURL}
	var first, second *fault.Fault
	p.FirstCall, first = hour("first_call", f.FirstCall, loc)
	p.SecondCall, second = hour("second_call", f.SecondCall, loc)
	return p, fault.All(first, second)
}

// hour reads a day and an hour. An hour that the clocks skip that night does not exist.
func hour(field, typed string, loc *time.Location) (time.Time, *fault.Fault) {
	if typed == "" {
		return time.Time{}, fault.Invalid(field, "ui.error.required")
	}
	at, err := time.ParseInLocation(localTime, typed, loc)
	if err != nil || at.Format(localTime) != typed {
		return time.Time{}, fault.Invalid(field, "assemblies.hour_unknown")
	}
	return at, nil
}

// NewAssembly is the form that begins an assembly.
func (h *Handlers) NewAssembly(c *fiber.Ctx) error {
	return h.Page(c, pages.Form(h.assemblyFormPage(c, 0, assemblyForm{Kind: assemblies.Ordinary}, nil)))
}

// CreateAssembly begins an assembly.
func (h *Handlers) CreateAssembly(c *fiber.Ctx) error {
	form, err := web.Decode[assemblyForm](c)
	var id models.AssemblyID
	if err == nil {
		plan, wrong := h.readAssembly(c, form)
		id, err = h.Assemblies.Draft(c.UserContext(), web.Actor(c), plan, form.Once) // refuses hours that could not be read, with what else is wrong
		err = fault.Join(wrong, err)
	}
	if err != nil {
		return h.assemblyAgain(c, 0, form, err)
	}
	return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.drafted")
}

// EditAssembly is the form that changes a draft.
func (h *Handlers) EditAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	a, loc := v.Assembly, v.Coop.Location()
	form := assemblyForm{
		Title: a.Title, Kind: a.Kind, Place: a.Place, OnlineURL: a.OnlineURL,
		FirstCall: a.FirstCallAt.In(loc).Format(localTime), SecondCall: a.SecondCallAt.In(loc).Format(localTime),
	}
	return h.Page(c, pages.Form(h.assemblyFormPage(c, id, form, nil)))
}

// UpdateAssembly changes a draft.
func (h *Handlers) UpdateAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[assemblyForm](c)
	if err == nil {
		plan, wrong := h.readAssembly(c, form)
		err = fault.Join(wrong, h.Assemblies.Edit(c.UserContext(), web.Actor(c), id, plan))
	}
	if err != nil {
		return h.assemblyAgain(c, id, form, err)
	}
	return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.changed")
}

func (h *Handlers) readAssembly(c *fiber.Ctx, form assemblyForm) (assemblies.Plan, error) {
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return assemblies.Plan{}, err
	}
	return form.plan(coop.Location())
}

func (h *Handlers) assemblyAgain(c *fiber.Ctx, id models.AssemblyID, form assemblyForm, err error) error {
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.PageStatus(c, status, pages.Form(h.assemblyFormPage(c, id, form, e)))
}

func (h *Handlers) assemblyFormPage(c *fiber.Ctx, id models.AssemblyID, form assemblyForm, e web.Errors) pages.FormPage {
	t := h.T(c)
	fields := []ui.Field{
		{Name: "title", Label: t.T("assemblies.field.title"), Hint: t.T("assemblies.field.title_hint"), Value: form.Title, Error: e["title"], Required: true, MaxLength: 200},
		{Name: "kind", Type: "radios", Label: t.T("assemblies.field.kind"), Value: form.Kind, Error: e["kind"], Required: true, Options: []ui.Option{
			{Value: assemblies.Ordinary, Label: t.T("assemblies.kind.ordinary"), Hint: t.T("assemblies.kind.ordinary_hint")},
			{Value: assemblies.Extraordinary, Label: t.T("assemblies.kind.extraordinary"), Hint: t.T("assemblies.kind.extraordinary_hint")},
		}},
		{Name: "first_call", Type: "datetime-local", Label: t.T("assemblies.fact.first"), Hint: t.T("assemblies.field.first_hint"), Value: form.FirstCall, Error: e["first_call"], Required: true, Width: ui.Half},
		{Name: "second_call", Type: "datetime-local", Label: t.T("assemblies.fact.second"), Hint: t.T("assemblies.field.second_hint"), Value: form.SecondCall, Error: e["second_call"], Required: true, Width: ui.Half},
		{Name: "place", Label: t.T("assemblies.fact.place"), Value: form.Place, Error: e["place"], MaxLength: 300},
		{Name: "online_url", Type: "url", Label: t.T("assemblies.fact.online"), Hint: t.T("assemblies.field.online_hint"), Value: form.OnlineURL, Error: e["online_url"], MaxLength: 300},
	}
	p := pages.FormPage{Title: t.T("assemblies.new.title"), Lead: t.T("assemblies.new.lead"), Fields: fields, Errors: e.Of(fields...), Submit: t.T("assemblies.new.do"), Back: "/assemblies"}
	p.Form = ui.FormAttrs{Action: "/assemblies", CSRF: h.CSRF(c), Once: web.NewOnce()}
	if id != 0 {
		p.Title, p.Lead, p.Submit, p.Back = t.T("assemblies.edit.title"), "", t.T("ui.word.save"), pathID("/assemblies/", id, "")
		p.Form = ui.FormAttrs{Action: pathID("/assemblies/", id, ""), CSRF: h.CSRF(c)}
	}
	p.Frame = h.Frame(c, p.Title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", p.Title, "")...)
	return p
}

// ReviewNotice shows what convening will do.
func (h *Handlers) ReviewNotice(c *fiber.Ctx) error {
	return h.noticePage(c, fiber.StatusOK, nil)
}

type conveneForm struct {
	Once string `form:"once"`
}

// Convene calls the assembly.
func (h *Handlers) Convene(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[conveneForm](c)
	if err == nil {
		err = h.Assemblies.Convene(c.UserContext(), web.Actor(c), id, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.convened")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.noticePage(c, status, e)
}

func (h *Handlers) noticePage(c *fiber.Ctx, status int, e web.Errors) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Review(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t, a := h.T(c), v.Assembly
	here := pathID("/assemblies/", id, "")
	title := t.T("assemblies.review.title")
	page := pages.ReviewPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", a.Title, here, title, "")...),
		Form:  ui.FormAttrs{Action: here + "/notice", CSRF: h.CSRF(c), Once: web.NewOnce()}, Errors: e.Of(), Back: here, EditHref: here + "/edit",
		Review: ui.Review{Final: true, Rows: append(factRows(t, a, coop),
			ui.Pair{Term: t.T("assemblies.review.notice"), Text: t.N("assemblies.review.notice_days", v.Notice.Days, "Article", v.Notice.Article)},
			ui.Pair{Term: t.T("assemblies.review.roll"), Text: t.T("assemblies.review.roll_text", "Article", v.Article)},
			ui.Pair{Term: t.T("assemblies.review.told"), Text: t.N("assemblies.review.told_text", int(v.Members), "Letters", t.Number(v.Letters))},
		)},
	}
	for _, i := range v.Items {
		page.Agenda = append(page.Agenda, i.Title+" · "+decisionWord(t, i.Decision))
	}
	if f := v.Problem(); f != nil {
		page.Problem = web.Sentence(t, *f)
		switch f.Key {
		case "assemblies.agenda_empty":
			page.EditHref = here
		case "assemblies.class_without_share":
			page.EditHref = "/statutes"
			if web.IsOfficer(c, models.RoleAdministrator) {
				page.EditHref = "/admin/statutes"
			}
		}
	}
	return h.PageStatus(c, status, pages.Review(page))
}

// factRows are when and where.
func factRows(t *i18n.Texts, a models.Assembly, coop models.Cooperative) []ui.Pair {
	rows := []ui.Pair{
		{Term: t.T("assemblies.field.kind"), Text: t.T("assemblies.kind." + a.Kind)},
		{Term: t.T("assemblies.fact.first"), Text: t.Time(a.FirstCallAt, coop.Location())},
		{Term: t.T("assemblies.fact.second"), Text: t.Time(a.SecondCallAt, coop.Location())},
	}
	if a.Place != "" {
		rows = append(rows, ui.Pair{Term: t.T("assemblies.fact.place"), Text: a.Place})
	}
	if a.OnlineURL != "" {
		rows = append(rows, ui.Pair{Term: t.T("assemblies.fact.online"), Body: pages.Outside(a.OnlineURL)})
	}
	return rows
}

func decisionWord(t *i18n.Texts, decision string) string {
	if decision == "" {
		return t.T("assemblies.decision.information")
	}
	return t.T("assemblies.decision." + decision)
}
