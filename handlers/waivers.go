package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/fees"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/views/ui"

	pages "socia/views/fees"
)

// ListWaivers is who is freed from fees, why and until when.
func (h *Handlers) ListWaivers(c *fiber.Ctx) error {
	t := h.T(c)
	lines, err := h.Fees.Waivers(c.UserContext(), web.Actor(c))
	if err != nil {
		return err
	}
	title := t.T("fees.waivers.title")
	return h.Page(c, pages.List(pages.ListPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", title, "")...), Title: title, Lead: t.T("fees.waivers.lead"), Tabs: feeTabs(c, t, 0), Tables: []ui.Table{pages.Waivers(t, lines)},
	}))
}

type waiverForm struct {
	FromOn  string `form:"from_on"`
	UntilOn string `form:"until_on"`
	Reason  string `form:"reason"`
	Once    string `form:"once"`
}

// NewWaiver asks from when until when, and why.
func (h *Handlers) NewWaiver(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	page, err := h.waiverPage(c, id, waiverForm{}, nil)
	if err != nil {
		return err
	}
	return h.Page(c, pages.Form(page))
}

// CreateWaiver frees a member from fees.
func (h *Handlers) CreateWaiver(c *fiber.Ctx) error {
	id, err := web.ID[models.MemberID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[waiverForm](c)
	from, wrongFrom := web.Day("from_on", form.FromOn)
	until, wrongUntil := web.Day("until_on", form.UntilOn)
	if err == nil {
		err = fault.All(wrongFrom, wrongUntil)
	}
	if err == nil {
		_, err = h.Fees.Waive(c.UserContext(), web.Actor(c), fees.WaiverForm{Member: id, FromOn: from, UntilOn: until, Reason: form.Reason}, form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/fees/members/", id, ""), "fees.done.waived")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	page, err := h.waiverPage(c, id, form, e)
	if err != nil {
		return err
	}
	return h.PageStatus(c, status, pages.Form(page))
}

func (h *Handlers) waiverPage(c *fiber.Ctx, id models.MemberID, form waiverForm, e web.Errors) (pages.FormPage, error) {
	t := h.T(c)
	a, err := h.Fees.MemberFees(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return pages.FormPage{}, err
	}
	back := pathID("/fees/members/", id, "")
	title := t.T("fees.waiver.title", "Name", a.Member.Name)
	p := pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.fees"), "/fees", a.Member.Name, back, t.T("fees.do.waive"), "")...), Title: title, Lead: t.T("fees.waiver.lead"),
		Form: ui.FormAttrs{Action: back + "/waiver", CSRF: h.CSRF(c), Once: onceOf(form.Once)}, Submit: ui.Action{Label: t.T("fees.waiver.do")},
		Back: ui.Action{Label: t.T("ui.word.cancel"), Href: back, Kind: ui.Linky}, After: t.T("fees.waiver.after"),
		Asks: []pages.Ask{
			{Kind: pages.AskDay, Field: ui.Field{Name: "from_on", Label: t.T("fees.waiver.from"), Hint: t.T("fees.waiver.from_hint"), Value: form.FromOn, Required: true, Error: e["from_on"]}},
			{Kind: pages.AskDay, Field: ui.Field{Name: "until_on", Label: t.T("fees.waiver.until"), Hint: t.T("fees.waiver.until_hint"), Value: form.UntilOn, Required: true, Error: e["until_on"]}},
			{Kind: pages.AskLong, Field: ui.Field{
				Name: "reason", Label: t.T("ui.word.reason"), Value: form.Reason, Required: true, Error: e["reason"], Rows: 3,
				Why: &ui.Why{Reason: t.T("fees.waiver.why"), SeenBy: t.T("fees.waiver.seen"), Kept: t.T("fees.waiver.kept")},
			}},
		},
	}
	p.Errors = e.Of(pages.Fields(p.Asks)...)
	return p, nil
}
