package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/core/fault"
	"socia/core/methods"
	"socia/platform/i18n"
	"socia/platform/markdown"
	pages "socia/views/methods"
	"socia/views/ui"
)

// ListMethods lists the ways of deciding.
func (h *Handlers) ListMethods(c *fiber.Ctx) error {
	t := h.T(c)
	title := t.T("methods.title")
	page := pages.ListPage{Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", title, "")...)}
	for _, g := range methods.Groups() {
		page.Groups = append(page.Groups, pages.Group{ID: string(g), Question: t.T("methods.group." + string(g)), Ways: ways(t, g, "")})
	}
	return h.Page(c, pages.List(page))
}

// ShowMethod explains one way of deciding, or how a lot is repeated.
func (h *Handlers) ShowMethod(c *fiber.Ctx) error {
	t, name := h.T(c), methods.Name(c.Params("name"))
	text, found := pages.Explanation(t.Lang(), name)
	if !found {
		return fault.NotFound("ui.page404.title")
	}
	title, group := t.T("methods.name."+string(name)), methods.Lot // where Draw belongs too
	if m, ok := methods.ByName(name); ok {
		group = m.Group
	}
	return h.Page(c, pages.Show(pages.ShowPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("methods.title"), "/methods", title, "")...),
		Name:  title, Lead: t.T("methods.lead." + string(name)), Body: ui.SafeHTML(markdown.Document(text)),
		Question: t.T("methods.page.same", "Question", t.T("methods.group."+string(group))), Others: ways(t, group, name),
	}))
}

// ways are those of a group but one. How a lot is repeated stands with what the lot draws.
func ways(t *i18n.Texts, group methods.Group, but methods.Name) []pages.Way {
	var names []methods.Name
	for _, m := range methods.All() {
		if m.Group == group {
			names = append(names, m.Name)
		}
	}
	if group == methods.Lot {
		names = append(names, pages.Draw)
	}
	var all []pages.Way
	for _, name := range names {
		if name != but {
			all = append(all, pages.Way{Name: t.T("methods.name." + string(name)), Lead: t.T("methods.lead." + string(name)), Href: "/methods/" + string(name)})
		}
	}
	return all
}
