package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

type cancelForm struct {
	Reason string `form:"reason"`
	Once   string `form:"once"`
}

// AskCancel asks why an assembly is called off, or why it was not held.
func (h *Handlers) AskCancel(c *fiber.Ctx) error {
	return h.cancelPage(c, fiber.StatusOK, cancelForm{}, nil)
}

// CancelAssembly closes an assembly that is called off or was not held.
func (h *Handlers) CancelAssembly(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[cancelForm](c)
	if err == nil {
		err = h.Assemblies.EndUnheld(c.UserContext(), web.Actor(c), id, form.Reason, form.Once)
	}
	if f, ok := fault.As(err); ok && f.Kind == fault.KindConflict {
		return h.assemblyAct(c, id, err, "", "")
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.not_held")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.cancelPage(c, status, form, e)
}

func (h *Handlers) cancelPage(c *fiber.Ctx, status int, form cancelForm, e web.Errors) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t, here := h.T(c), pathID("/assemblies/", id, "")
	if v.Now != models.AssemblyConvened || v.End == "" {
		return h.See(c, here, "")
	}
	key := "assemblies." + string(v.End)
	title := t.T(key + ".title")
	fields := []ui.Field{{Name: "reason", Type: "area", Label: t.T("ui.word.reason"), Hint: t.T("assemblies.not_held.reason_hint"), Value: form.Reason, Error: e["reason"], Required: true, MaxLength: 1000, Rows: 3}}
	return h.PageStatus(c, status, pages.Form(pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Lead: t.T(key + ".lead"), Note: t.T("assemblies.not_held.final"), Fields: fields, Errors: e.Of(fields...),
		Form: ui.FormAttrs{Action: here + "/cancellation", CSRF: h.CSRF(c), Once: web.NewOnce()}, Submit: title, Back: here,
	}))
}
