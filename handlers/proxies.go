package handlers

import (
	"cmp"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/handlers/web"
	"socia/models"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

type proxyForm struct {
	Giver   string `form:"giver" validate:"max=200"`
	GiverID int64  `form:"giver_id"`
	Holder  string `form:"holder" validate:"max=200"`
	Once    string `form:"once"`
}

// NewProxy is the form on which a member gives the vote in an assembly to another.
func (h *Handlers) NewProxy(c *fiber.Ctx) error {
	giver, _ := strconv.ParseInt(c.Query("giver"), 10, 64)
	return h.proxyPage(c, fiber.StatusOK, proxyForm{GiverID: giver}, nil)
}

// GiveProxy records that a member gives the vote to another.
func (h *Handlers) GiveProxy(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[proxyForm](c)
	var holder models.Member
	if err == nil {
		holder, err = h.Assemblies.Find(c.UserContext(), web.Actor(c), "holder", form.Holder)
	}
	if err == nil {
		_, err = h.Assemblies.DeclareProxy(c.UserContext(), web.Actor(c), id, models.MemberID(form.GiverID), holder.ID, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, ""), "assemblies.done.proxy_given")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.proxyPage(c, status, form, e)
}

func (h *Handlers) proxyPage(c *fiber.Ctx, status int, form proxyForm, e web.Errors) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return err
	}
	t, here, rule := h.T(c), pathID("/assemblies/", id, ""), v.Statutes.Proxies
	fields := []ui.Field{{Name: "holder", Label: t.T("assemblies.proxy.holder"), Hint: t.T("assemblies.proxy.holder_hint"), Value: form.Holder, Error: e["holder"], Required: true, Autocomplete: "off", Width: ui.Half}}
	giver := ui.Field{Name: "giver_id", Type: "select", Label: t.T("assemblies.proxy.giver"), Value: strconv.FormatInt(form.GiverID, 10), Error: cmp.Or(e["giver"], e["giver_id"]), Anchor: "giver", Required: true, Width: ui.Half}
	for _, m := range v.Mine {
		giver.Options = append(giver.Options, ui.Option{Value: pathID("", m.Member.ID, ""), Label: m.Member.Name})
	}
	fields = append([]ui.Field{giver}, fields...)
	title := t.T("assemblies.proxy.title")
	return h.PageStatus(c, status, pages.Form(pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Lead: t.N("assemblies.proxy.lead", rule.MaxPerHolder, "Article", rule.Article), Fields: fields, Errors: e.Of(fields...),
		Note: t.T("assemblies.proxy.note"), Form: ui.FormAttrs{Action: here + "/proxy", CSRF: h.CSRF(c), Once: web.NewOnce()}, Submit: t.T("assemblies.mine.give"), Back: here,
	}))
}

// ListProxies is where facilitators take mandates in.
func (h *Handlers) ListProxies(c *fiber.Ctx) error {
	return h.proxiesPage(c, fiber.StatusOK, proxyForm{}, nil)
}

// RecordProxy takes a written mandate in, each side by number or name.
func (h *Handlers) RecordProxy(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[proxyForm](c)
	var giver, holder models.Member
	if err == nil {
		giver, err = h.Assemblies.Find(c.UserContext(), web.Actor(c), "giver", form.Giver)
	}
	if err == nil {
		holder, err = h.Assemblies.Find(c.UserContext(), web.Actor(c), "holder", form.Holder)
	}
	if err == nil {
		_, err = h.Assemblies.DeclareProxy(c.UserContext(), web.Actor(c), id, giver.ID, holder.ID, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, "/proxies"), "assemblies.done.proxy_recorded")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.proxiesPage(c, status, form, e)
}

func (h *Handlers) proxiesPage(c *fiber.Ctx, status int, form proxyForm, e web.Errors) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	d, err := h.Assemblies.Desk(c.UserContext(), web.Actor(c), id, "", 0)
	if err != nil {
		return err
	}
	t, here, title := h.T(c), pathID("/assemblies/", id, ""), h.T(c).T("assemblies.proxies.title")
	fields := []ui.Field{
		{Name: "giver", Label: t.T("assemblies.proxy.giver"), Hint: t.T("assemblies.desk.who_hint"), Value: form.Giver, Error: e["giver"], Required: true, Autocomplete: "off", Width: ui.Half},
		{Name: "holder", Label: t.T("assemblies.proxy.holder"), Value: form.Holder, Error: e["holder"], Required: true, Autocomplete: "off", Width: ui.Half},
	}
	page := pages.ProxiesPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", d.Assembly.Title, here, title, "")...),
		Rule:  t.N("assemblies.proxy.lead", d.ProxyRule.MaxPerHolder, "Article", d.ProxyRule.Article), Fields: fields, Errors: e.Of(fields...),
		Form: ui.FormAttrs{Action: here + "/proxies", CSRF: h.CSRF(c), Once: web.NewOnce()}, Open: d.Assembly.ClosedAt == nil && d.ProxyRule.Allowed, Back: here,
		Table: ui.Table{Caption: t.T("assemblies.proxies.in_force"), HideCaption: true, Empty: &ui.Empty{Title: t.T("assemblies.proxies.none")},
			Columns: []ui.Column{{Label: t.T("assemblies.proxy.giver")}, {Label: t.T("assemblies.proxy.holder")}, {Label: t.T("assemblies.desk.act")}}},
	}
	for _, m := range d.Mandates {
		row := []ui.Cell{
			{Text: m.Giver.Name, Note: t.T("assemblies.desk.number", "Number", m.Giver.Number)}, {Text: m.Holder.Name, Note: t.T("assemblies.desk.number", "Number", m.Holder.Number)}, {},
		}
		if page.Open {
			row[2] = ui.BodyCell(pages.Buttons(page.Frame, []pages.Press{{
				Form: ui.FormAttrs{Action: here + pathID("/proxies/", m.ID, "/revocation"), CSRF: h.CSRF(c)}, Hidden: hiddenPairs([]string{"desk", "1"}),
				Action: ui.Action{Label: t.T("assemblies.mine.revoke"), Label2: m.Giver.Name, Kind: ui.Linky},
			}}))
		}
		page.Table.Rows = append(page.Table.Rows, row)
	}
	return h.PageStatus(c, status, pages.Proxies(page))
}

type revocationForm struct {
	Desk string `form:"desk"`
}

// RevokeProxy takes a mandate back.
func (h *Handlers) RevokeProxy(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	proxy, err := web.ID[models.ProxyID](c, "proxy")
	if err != nil {
		return err
	}
	form, err := web.Decode[revocationForm](c)
	if err == nil {
		err = h.Assemblies.RevokeProxy(c.UserContext(), web.Actor(c), proxy)
	}
	if err == nil && form.Desk != "" {
		return h.See(c, pathID("/assemblies/", id, "/proxies"), "assemblies.done.proxy_revoked")
	}
	return h.assemblyAct(c, id, err, "#mine", "assemblies.done.proxy_revoked")
}
