package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/members"
	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/members"
	"socia/views/ui"
)

// ListCollectives shows the collectives, to anybody.
func (h *Handlers) ListCollectives(c *fiber.Ctx) error {
	t := h.T(c)
	all, err := h.Members.Collectives(c.UserContext())
	if err != nil {
		return err
	}
	page := pages.CollectivesPage{Frame: h.Frame(c, t.T("members.collectives.title")), Tabs: peopleTabs(c, t, "/collectives"), Table: collectivesTable(t, all, inside(web.Actor(c)))}
	if web.Actor(c).Has(models.RoleAdministrator) {
		page.NewURL = "/collectives/new"
	}
	return h.Page(c, pages.Collectives(page))
}

func collectivesTable(t *i18n.Texts, all []members.CollectiveLine, links bool) ui.Table {
	table := ui.Table{
		Caption: t.T("members.collectives.title"), HideCaption: true,
		Columns: []ui.Column{{Label: t.T("members.field.collective")}, {Label: t.T("members.collectives.members"), Num: true}, {Label: t.T("ui.word.state")}},
		Empty:   &ui.Empty{Title: t.T("members.collectives.none"), Text: t.T("members.collectives.none_text")},
	}
	for _, line := range all {
		name := ui.Cell{Text: line.Name, Note: line.Description}
		if links {
			name.Href = pathID("/collectives/", line.ID, "")
		}
		state := ui.BadgeCell(ui.Yes, t.T("members.collectives.open"))
		if line.ClosedAt != nil {
			state = ui.BadgeCell(ui.Plain, t.T("members.collectives.closed"))
		}
		table.Rows = append(table.Rows, []ui.Cell{name, ui.Text(t.Number(line.Members)), state})
	}
	return table
}

// inside says whether somebody is a member or holds a role: those who read about people.
func inside(by identity.Actor) bool { return len(by.Members) > 0 || len(by.Roles) > 0 }

// peopleTabs are the pages about people that a reader may use.
func peopleTabs(c *fiber.Ctx, t *i18n.Texts, current string) []ui.Tab {
	by := web.Actor(c)
	all := []struct {
		key, href string
		show      bool
	}{
		{"members.directory.title", "/members", inside(by)},
		{"members.collectives.title", "/collectives", true},
		{"members.applications.tab", "/applications", by.Has(models.RoleValidator, models.RoleAdministrator)},
	}
	var tabs []ui.Tab
	for _, tab := range all {
		if tab.show {
			tabs = append(tabs, ui.Tab{Label: t.T(tab.key), Href: tab.href, Current: tab.href == current})
		}
	}
	return tabs
}

// ShowCollective is one collective's page.
func (h *Handlers) ShowCollective(c *fiber.Ctx) error {
	id, err := web.ID[models.CollectiveID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.collectivePage(c, id)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Collective(page))
}

func (h *Handlers) collectivePage(c *fiber.Ctx, id models.CollectiveID) (page pages.CollectivePage, err error) {
	t, by := h.T(c), web.Actor(c)
	coop, err := h.coop(c.UserContext())
	if err != nil {
		return page, err
	}
	found, err := h.Members.Collective(c.UserContext(), by, id)
	if err != nil {
		return page, err
	}
	page = pages.CollectivePage{
		Frame: h.Frame(c, found.Name, crumbs(t.T("members.collectives.title"), "/collectives", found.Name, "")...), Name: found.Name,
		Description: paragraphs(found.Description), Classes: classCountTable(t, found), Validators: found.Validators,
		Stats: []ui.Stat{{Label: t.T("members.collectives.members"), Value: t.Number(found.Members), Href: pathID("/members?collective=", id, "")}},
	}
	page.Links = append(page.Links, ui.Action{Label: t.T("members.collective.see_members"), Href: pathID("/members?collective=", id, ""), Kind: ui.Quiet})
	if by.Validates(id) || by.Has(models.RoleAdministrator) {
		page.Stats = append(page.Stats, ui.Stat{Label: t.T("members.collective.waiting"), Value: t.Number(found.Waiting), Href: "/applications"})
	}
	if found.ClosedAt != nil {
		page.Closed = t.T("members.collective.closed_on", "Day", civil.Of(*found.ClosedAt, coop.Location()))
	}
	if by.Has(models.RoleAdministrator) {
		page.Links = append(page.Links, ui.Action{Label: t.T("ui.word.edit"), Label2: found.Name, Href: pathID("/collectives/", id, "/edit"), Kind: ui.Quiet})
		if found.ClosedAt == nil {
			page.Closing = &ui.FormAttrs{Action: pathID("/collectives/", id, "/closing"), CSRF: h.CSRF(c), Label: t.T("members.collective.close")}
		}
	}
	return page, nil
}

func classCountTable(t *i18n.Texts, found members.CollectivePage) ui.Table {
	table := ui.Table{Caption: t.T("members.collective.by_class"), HideCaption: true, Keep: true, Columns: []ui.Column{{Label: t.T("members.field.class")}, {Label: t.T("members.collectives.members"), Num: true}}}
	for _, count := range found.Classes {
		table.Rows = append(table.Rows, []ui.Cell{ui.Text(count.Class.Name(t.Lang())), ui.Text(t.Number(count.Members))})
	}
	table.Foot = []ui.Cell{ui.Text(t.T("ui.word.total")), ui.Text(t.Number(found.Members))}
	return table
}

type collectiveForm struct {
	Name        string `form:"name"`
	Description string `form:"description"`
	Once        string `form:"once"`
}

// NewCollective is the form that founds a collective.
func (h *Handlers) NewCollective(c *fiber.Ctx) error {
	return h.Page(c, pages.OneForm(h.collectiveForm(c, collectiveForm{}, nil, 0)))
}

// CreateCollective founds a collective.
func (h *Handlers) CreateCollective(c *fiber.Ctx) error {
	form, err := web.Decode[collectiveForm](c)
	id := models.CollectiveID(0)
	if err == nil {
		id, err = h.Members.CreateCollective(c.UserContext(), web.Actor(c), members.CollectiveForm{Name: form.Name, Description: form.Description}, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(h.collectiveForm(c, form, e, 0)))
	}
	return h.See(c, pathID("/collectives/", id, ""), "members.done.collective_created")
}

// EditCollective is the form that changes a collective's name and description.
func (h *Handlers) EditCollective(c *fiber.Ctx) error {
	id, err := web.ID[models.CollectiveID](c, "id")
	if err != nil {
		return err
	}
	found, err := h.Members.Collective(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(h.collectiveForm(c, collectiveForm{Name: found.Name, Description: found.Description}, nil, id)))
}

// ChangeCollective renames a collective.
func (h *Handlers) ChangeCollective(c *fiber.Ctx) error {
	id, err := web.ID[models.CollectiveID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[collectiveForm](c)
	if err == nil {
		err = h.Members.RenameCollective(c.UserContext(), web.Actor(c), id, members.CollectiveForm{Name: form.Name, Description: form.Description})
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(h.collectiveForm(c, form, e, id)))
	}
	return h.See(c, pathID("/collectives/", id, ""), "members.done.collective_changed")
}

// CloseCollective makes a collective take no more applications.
func (h *Handlers) CloseCollective(c *fiber.Ctx) error {
	id, err := web.ID[models.CollectiveID](c, "id")
	if err != nil {
		return err
	}
	if err := h.Members.CloseCollective(c.UserContext(), web.Actor(c), id); err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		page, err := h.collectivePage(c, id)
		if err != nil {
			return err
		}
		page.Frame.Flash = &ui.Flash{Kind: ui.No, Text: e[""]}
		return h.PageStatus(c, status, pages.Collective(page))
	}
	return h.See(c, pathID("/collectives/", id, ""), "members.done.collective_closed")
}

// collectiveForm is the form for a new collective (id 0) or one that there is.
func (h *Handlers) collectiveForm(c *fiber.Ctx, form collectiveForm, e web.Errors, id models.CollectiveID) pages.FormPage {
	t := h.T(c)
	fields := []ui.Field{
		{Name: "name", Label: t.T("ui.word.name"), Value: form.Name, Error: e["name"], Required: true, MaxLength: members.MaxName, Autocomplete: "off"},
		{Name: "description", Label: t.T("members.field.description"), Hint: t.T("members.field.description_hint"), Value: form.Description, Error: e["description"], Rows: 5, MaxLength: members.MaxText},
	}
	title, lead, action, back := t.T("members.collectives.new"), t.T("members.collectives.new_lead"), "/collectives", "/collectives"
	if id != 0 {
		title, lead, action = t.T("members.collective.edit"), t.T("members.collective.edit_lead"), pathID("/collectives/", id, "")
		back = action
	}
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.collectives.title"), "/collectives", title, "")...), Lead: lead,
		Errors: e.Of(fields...), Fields: fields, Form: ui.FormAttrs{Action: action, CSRF: h.CSRF(c), Once: keepOnce(form.Once)}, Submit: t.T("ui.word.save"), CancelURL: back,
	}
}

// keepOnce is the token that a form was sent with, or a new one.
func keepOnce(once string) string {
	if once == "" {
		return web.NewOnce()
	}
	return once
}

// idText is an id as a form's value; "" for none.
func idText[T ~int64](id T) string {
	if id == 0 {
		return ""
	}
	return strconv.FormatInt(int64(id), 10)
}
