package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/assemblies"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/core/rules"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/i18n"
	pages "socia/views/assemblies"
	"socia/views/ui"
)

// information stands for a point without decision: a radio button needs a value.
const information = "information"

type itemForm struct {
	Proposal string `form:"proposal"`
	Title    string `form:"title"`
	Body     string `form:"body"`
	Decision string `form:"decision"`
	Once     string `form:"once"`
}

func (f itemForm) item() assemblies.Item {
	i := assemblies.Item{Title: f.Title, Body: f.Body, Decision: f.Decision}
	if f.Decision == information {
		i.Decision = ""
	}
	if n, err := strconv.ParseInt(f.Proposal, 10, 64); err == nil && n > 0 {
		id := models.ProposalID(n)
		i.Proposal = &id
	}
	return i
}

// NewItem is the form that adds a point to the agenda: a text of its own, or a published proposal.
func (h *Handlers) NewItem(c *fiber.Ctx) error {
	form := itemForm{Decision: information, Proposal: c.Query("proposal")}
	if c.Query("from") == "proposal" || form.Proposal != "" {
		form.Decision = string(rules.DecisionOrdinary)
		return h.proposalItemPage(c, fiber.StatusOK, form, nil)
	}
	return h.itemPage(c, fiber.StatusOK, 0, form, nil)
}

// CreateItem adds a point to the agenda.
func (h *Handlers) CreateItem(c *fiber.Ctx) error {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[itemForm](c)
	fromProposals := form.Proposal != "" || !c.Request().PostArgs().Has("title") // that form has no title to type
	if err == nil && fromProposals && form.item().Proposal == nil {
		err = fault.Invalid("proposal", "ui.error.choose")
	}
	if err == nil {
		_, err = h.Assemblies.AddItem(c.UserContext(), web.Actor(c), id, form.item(), form.Once)
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", id, "#agenda"), "")
	}
	e, status, ok := h.FormErrors(c, err)
	switch {
	case !ok:
		return err
	case fromProposals:
		return h.proposalItemPage(c, status, form, e)
	}
	return h.itemPage(c, status, 0, form, e)
}

// EditItem is the form that changes a point of the agenda.
func (h *Handlers) EditItem(c *fiber.Ctx) error {
	p, err := h.point(c)
	if err != nil {
		return err
	}
	form := itemForm{Title: p.Title, Body: p.Body, Decision: p.Decision}
	if form.Decision == "" {
		form.Decision = information
	}
	return h.itemPage(c, fiber.StatusOK, p.ID, form, nil)
}

// point is the point of the agenda that the address names.
func (h *Handlers) point(c *fiber.Ctx) (p assemblies.Point, err error) {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return p, err
	}
	item, err := web.ID[models.AgendaItemID](c, "item")
	if err != nil {
		return p, err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return p, err
	}
	return v.Point(item)
}

// UpdateItem changes a point of the agenda.
func (h *Handlers) UpdateItem(c *fiber.Ctx) error {
	p, err := h.point(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[itemForm](c)
	if err == nil {
		err = h.Assemblies.EditItem(c.UserContext(), web.Actor(c), p.ID, form.item())
	}
	if err == nil {
		return h.See(c, pathID("/assemblies/", p.AssemblyID, "#agenda"), "")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.itemPage(c, status, p.ID, form, e)
}

type positionForm struct {
	Way string `form:"way" validate:"oneof=up down"`
}

// MoveItem moves a point of the agenda up or down.
func (h *Handlers) MoveItem(c *fiber.Ctx) error {
	p, err := h.point(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[positionForm](c)
	if err == nil {
		err = h.Assemblies.MoveItem(c.UserContext(), web.Actor(c), p.ID, form.Way == "up")
	}
	return h.assemblyAct(c, p.AssemblyID, err, "#agenda", "")
}

// RemoveItem takes a point off the agenda.
func (h *Handlers) RemoveItem(c *fiber.Ctx) error {
	p, err := h.point(c)
	if err != nil {
		return err
	}
	err = h.Assemblies.RemoveItem(c.UserContext(), web.Actor(c), p.ID)
	return h.assemblyAct(c, p.AssemblyID, err, "#agenda", "assemblies.done.item_removed")
}

func decisionField(t *i18n.Texts, form itemForm, e web.Errors, informative bool) ui.Field {
	f := ui.Field{Name: "decision", Type: "radios", Label: t.T("assemblies.field.decision"), Value: form.Decision, Error: e["decision"], Required: true}
	if informative {
		f.Options = append(f.Options, ui.Option{Value: information, Label: t.T("assemblies.decision.information"), Hint: t.T("assemblies.decision.information_hint")})
	}
	for _, kind := range rules.DecisionKinds() {
		f.Options = append(f.Options, ui.Option{Value: string(kind), Label: t.T("assemblies.decision." + string(kind))})
	}
	return f
}

// itemPage is the form of a point with a text of its own. item is 0 for a new one.
func (h *Handlers) itemPage(c *fiber.Ctx, status int, item models.AgendaItemID, form itemForm, e web.Errors) error {
	t := h.T(c)
	p, err := h.itemFrame(c, t.T("assemblies.item.new"))
	if err != nil {
		return err
	}
	p.Fields = []ui.Field{
		{Name: "title", Label: t.T("assemblies.field.item_title"), Value: form.Title, Error: e["title"], Required: true, MaxLength: 200},
		{Name: "body", Type: "area", Label: t.T("assemblies.field.item_body"), Hint: t.T("assemblies.field.item_body_hint"), Value: form.Body, Error: e["body"], Rows: 10, Draft: true},
		decisionField(t, form, e, true),
	}
	if item != 0 {
		p.Title, p.Submit = t.T("assemblies.item.edit"), t.T("ui.word.save")
		p.Form = ui.FormAttrs{Action: p.Back + pathID("/items/", item, ""), CSRF: h.CSRF(c)}
	}
	p.Errors = e.Of(p.Fields...)
	return h.PageStatus(c, status, pages.Form(p))
}

// proposalItemPage is the form that puts a published proposal on the agenda.
func (h *Handlers) proposalItemPage(c *fiber.Ctx, status int, form itemForm, e web.Errors) error {
	t := h.T(c)
	p, err := h.itemFrame(c, t.T("assemblies.item.from_proposal"))
	if err != nil {
		return err
	}
	all, err := h.Proposals.List(c.UserContext(), web.Actor(c), proposals.Filter{State: models.ProposalPublished})
	if err != nil {
		return err
	}
	choice := ui.Field{Name: "proposal", Type: "radios", Label: t.T("assemblies.field.proposal"), Value: form.Proposal, Error: e["proposal"], Required: true}
	for _, s := range all.Proposals {
		choice.Options = append(choice.Options, ui.Option{
			Value: pathID("", s.Proposal.ID, ""), Label: s.Title,
			Hint: t.N("assemblies.item.supporters", s.Supporters, "Needed", t.Number(int64(all.Threshold.Needed))),
		})
	}
	if len(choice.Options) == 0 {
		p.Note = t.T("assemblies.item.no_proposals")
	}
	p.Lead = t.T("assemblies.item.proposal_lead")
	p.Fields = []ui.Field{choice, decisionField(t, form, e, false)}
	p.Errors = e.Of(p.Fields...)
	return h.PageStatus(c, status, pages.Form(p))
}

func (h *Handlers) itemFrame(c *fiber.Ctx, title string) (p pages.FormPage, err error) {
	id, err := web.ID[models.AssemblyID](c, "id")
	if err != nil {
		return p, err
	}
	v, err := h.Assemblies.Show(c.UserContext(), web.Actor(c), id)
	if err != nil {
		return p, err
	}
	t, here := h.T(c), pathID("/assemblies/", id, "")
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("ui.nav.decide"), "/decide", t.T("assemblies.list.title"), "/assemblies", v.Assembly.Title, here, title, "")...),
		Title: title, Submit: t.T("ui.word.add"), Back: here, Form: ui.FormAttrs{Action: here + "/items", CSRF: h.CSRF(c), Once: web.NewOnce()},
	}, nil
}
