package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	"socia/platform/markdown"
	"socia/platform/pdf"
	pages "socia/views/minutes"
	"socia/views/ui"
)

type minutesForm struct {
	Language string `form:"language"`
	Once     string `form:"once"`
}

// DraftMinutes writes the minutes of a closed assembly from what happened.
func (h *Handlers) DraftMinutes(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[minutesForm](c)
	if err == nil {
		err = h.Assemblies.DraftMinutes(c.UserContext(), web.Actor(c), id, form.Language, form.Once)
	}
	if err != nil {
		c.Locals(typedKey, form)
		return h.assemblyAct(c, id, err, "", "")
	}
	return h.See(c, pathID("/assemblies/", id, "/minutes"), "minutes.done.drafted")
}

// ShowMinutes is the minutes: text, approvals, files.
func (h *Handlers) ShowMinutes(c *fiber.Ctx) error { return h.minutesPage(c, fiber.StatusOK, nil) }

// minutesOf reads the minutes that the address names.
func (h *Handlers) minutesOf(c *fiber.Ctx) (r assemblies.Record, err error) {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return r, err
	}
	return h.Assemblies.Minutes(c.UserContext(), web.Actor(c), id)
}

func (h *Handlers) minutesPage(c *fiber.Ctx, status int, e web.Errors) error {
	r, err := h.minutesOf(c)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t, here := h.T(c), pathID("/assemblies/", r.Assembly.ID, "")
	title := t.T("minutes.page.title")
	page := pages.ShowPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", r.Assembly.Title, here, title, "")...),
		State: ui.Wait, StateWord: t.T("minutes.state.draft", "Revision", r.Minutes.Revision), Lead: t.T("minutes.due", "Day", r.DueOn, "Article", r.Article), Errors: e.Of(),
		Body: ui.SafeHTML(markdown.Document(r.Minutes.Body)), Lang: r.Minutes.Language, Back: here,
		Files: []ui.Link{{Label: "PDF", Href: here + "/minutes.pdf"}, {Label: "Markdown", Href: here + "/minutes.md"}},
		Approvals: ui.Table{Caption: t.T("minutes.page.approvals"), HideCaption: true, Keep: true, Empty: &ui.Empty{Title: t.T("minutes.page.no_approvals")},
			Columns: []ui.Column{{Label: t.T("ui.word.name")}, {Label: t.T("minutes.page.part")}, {Label: t.T("ui.word.date")}}},
	}
	for _, a := range r.Approvals {
		page.Approvals.Rows = append(page.Approvals.Rows, []ui.Cell{ui.Text(r.Named[a.MemberID].Name), ui.Text(t.T("assemblies.officer." + string(a.Part))), ui.Text(t.ShortTime(a.At, coop.Location()))})
	}
	if r.Minutes.FinalisedAt != nil {
		page.State, page.StateWord, page.Lead = ui.Yes, t.T("minutes.state.final"), t.T("minutes.final_since", "Time", t.Time(*r.Minutes.FinalisedAt, coop.Location()), "Article", r.Article)
	} else {
		page.Missing = t.N("minutes.page.missing", r.Tellers)
	}
	if r.MayEdit {
		page.EditHref = here + "/minutes/edit"
	}
	if r.MayVouch {
		page.Approve = &pages.ApproveForm{Form: ui.FormAttrs{Action: here + "/minutes/approvals", CSRF: h.CSRF(c)}, Revision: strconv.FormatInt(r.Minutes.Revision, 10)}
	}
	return h.PageStatus(c, status, pages.Show(page))
}

type revisionForm struct {
	Revision int64  `form:"revision"`
	Body     string `form:"body"`
	Do       string `form:"do"`
}

// EditMinutes is the form that changes the minutes.
func (h *Handlers) EditMinutes(c *fiber.Ctx) error {
	r, err := h.minutesOf(c)
	if err != nil {
		return err
	}
	switch {
	case r.Minutes.FinalisedAt != nil:
		return fault.Conflict("minutes.final")
	case !r.MayEdit:
		return fault.Forbidden("minutes.not_yours")
	}
	return h.minutesEditor(c, fiber.StatusOK, r, revisionForm{Revision: r.Minutes.Revision, Body: r.Minutes.Body}, nil)
}

// ReviseMinutes stores a new revision of the minutes, or shows what it would look like.
func (h *Handlers) ReviseMinutes(c *fiber.Ctx) error {
	r, err := h.minutesOf(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[revisionForm](c)
	if err == nil && form.Do == "preview" {
		return h.minutesEditor(c, fiber.StatusOK, r, form, nil)
	}
	if err == nil {
		err = h.Assemblies.EditMinutes(c.UserContext(), web.Actor(c), r.Assembly.ID, form.Revision, form.Body)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", r.Assembly.ID, "/minutes"), "minutes.done.saved")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.minutesEditor(c, status, r, form, e)
}

func (h *Handlers) minutesEditor(c *fiber.Ctx, status int, r assemblies.Record, form revisionForm, e web.Errors) error {
	t, here := h.T(c), pathID("/assemblies/", r.Assembly.ID, "")
	title := t.T("minutes.edit.title")
	body := ui.Field{Name: "body", Label: t.T("minutes.field.body"), Hint: t.T("minutes.field.body_hint"), Value: form.Body, Error: e["body"], Required: true, Rows: 28, Draft: true}
	page := pages.EditPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", r.Assembly.Title, here, t.T("minutes.page.title"), here+"/minutes", title, "")...),
		Form:  ui.FormAttrs{Action: here + "/minutes/revisions", CSRF: h.CSRF(c)}, Revision: strconv.FormatInt(form.Revision, 10), Body: body, Errors: e.Of(body), Back: here + "/minutes",
	}
	if form.Do == "preview" {
		page.Preview = ui.SafeHTML(markdown.Document(form.Body))
	}
	if len(r.Approvals) > 0 {
		page.Voids = t.N("minutes.edit.voids", len(r.Approvals))
	}
	return h.PageStatus(c, status, pages.Edit(page))
}

// ApproveMinutes records the chair's or a teller's approval of the revision they have read.
func (h *Handlers) ApproveMinutes(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[revisionForm](c)
	if err == nil {
		err = h.Assemblies.ApproveMinutes(c.UserContext(), web.Actor(c), id, form.Revision)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, "/minutes"), "minutes.done.approved")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.minutesPage(c, status, e)
}

// MinutesMarkdown is the minutes as a text file.
func (h *Handlers) MinutesMarkdown(c *fiber.Ctx) error {
	r, err := h.minutesOf(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/markdown; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, attachment("minutes", r.Assembly.ID, "md"))
	return c.SendString(r.Minutes.Body)
}

// MinutesPDF is the minutes on paper.
func (h *Handlers) MinutesPDF(c *fiber.Ctx) error {
	r, err := h.minutesOf(c)
	if err != nil {
		return err
	}
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return err
	}
	t := h.Texts.For(r.Minutes.Language)
	foot, made := t.T("minutes.foot.draft", "Title", r.Assembly.Title), r.Minutes.EditedAt
	if r.Minutes.FinalisedAt != nil {
		foot, made = t.T("minutes.foot.final", "Title", r.Assembly.Title), *r.Minutes.FinalisedAt
	}
	file, err := pdf.Render(pdf.Document{Title: r.Assembly.Title, Author: coop.Name, Foot: foot, Body: strings.TrimSpace(r.Minutes.Body) + signatures(t, r, coop.Location()), Made: made})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, attachment("minutes", r.Assembly.ID, "pdf"))
	return c.Send(file)
}

func attachment(name string, id models.AssemblyID, ending string) string {
	return "attachment; filename=\"" + name + "-" + strconv.FormatInt(int64(id), 10) + "." + ending + "\""
}

// signatures says at the foot of the paper who has approved it.
func signatures(t *i18n.Texts, r assemblies.Record, loc *time.Location) string {
	if len(r.Approvals) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n\n---\n\n## " + t.T("minutes.page.approvals") + "\n\n")
	for _, a := range r.Approvals {
		b.WriteString("- " + t.T("assemblies.officer."+string(a.Part)) + ": " + markdown.Plain(r.Named[a.MemberID].Name) + ", " + t.Time(a.At, loc) + "\n")
	}
	return b.String()
}
