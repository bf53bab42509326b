package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/proposals"
	"socia/core/fault"
	"socia/handlers/web"
	"socia/models"
	"socia/platform/markdown"
	pages "socia/views/proposals"
	"socia/views/ui"
)

type textForm struct {
	Author int64  `form:"author"`
	Title  string `form:"title"`
	Body   string `form:"body"`
	Base   int64  `form:"base"`
	Act    string `form:"act" validate:"omitempty,oneof=save preview"`
	Once   string `form:"once" validate:"max=64"`
}

func (f textForm) text() proposals.Text {
	return proposals.Text{Author: models.MemberID(f.Author), Title: f.Title, Body: f.Body, Base: f.Base, Once: f.Once}
}

// NewProposal is the page on which a proposal is begun.
func (h *Handlers) NewProposal(c *fiber.Ctx) error {
	return h.Page(c, pages.Write(h.writePage(c, 0, textForm{}, nil)))
}

// CreateProposal keeps a new draft, or shows how it will look.
func (h *Handlers) CreateProposal(c *fiber.Ctx) error {
	form, err := web.Decode[textForm](c)
	if err == nil && form.Act == "preview" {
		return h.Page(c, pages.Write(h.writePage(c, 0, form, nil)))
	}
	id := models.ProposalID(0)
	if err == nil {
		id, err = h.Proposals.Write(c.UserContext(), web.Actor(c), form.text())
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.Write(h.writePage(c, 0, form, e)))
	}
	return h.See(c, pathID("/proposals/", id, ""), "proposals.done.written")
}

// EditProposal is the page on which its author changes a proposal.
func (h *Handlers) EditProposal(c *fiber.Ctx) error {
	s, err := h.ownProposal(c)
	if err != nil {
		return err
	}
	form := textForm{Author: int64(s.Proposal.AuthorID), Title: s.Text.Title, Body: s.Text.Body, Base: s.Text.Number}
	return h.Page(c, pages.Write(h.writePage(c, s.Proposal.ID, form, nil)))
}

// ReviseProposal saves a new version, or shows how it will look.
func (h *Handlers) ReviseProposal(c *fiber.Ctx) error {
	s, err := h.ownProposal(c)
	if err != nil {
		return err
	}
	id := s.Proposal.ID
	form, err := web.Decode[textForm](c)
	if err == nil && form.Act == "preview" {
		return h.Page(c, pages.Write(h.writePage(c, id, form, nil)))
	}
	if err == nil {
		err = h.Proposals.Revise(c.UserContext(), web.Actor(c), id, form.text())
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.Write(h.writePage(c, id, form, e)))
	}
	return h.See(c, pathID("/proposals/", id, ""), "proposals.done.revised")
}

// ownProposal is a proposal that the reader may still change.
func (h *Handlers) ownProposal(c *fiber.Ctx) (s proposals.Sheet, err error) {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return s, err
	}
	s, err = h.Proposals.Show(c.UserContext(), web.Actor(c), id)
	switch {
	case err != nil:
		return s, err
	case !s.IsAuthor:
		return s, fault.Forbidden("identity.not_yours")
	case !s.Editable():
		return s, fault.Conflict("proposals.not_editable")
	}
	return s, nil
}

// writePage is the form; id is 0 for a new proposal.
func (h *Handlers) writePage(c *fiber.Ctx, id models.ProposalID, form textForm, e web.Errors) pages.WritePage {
	t, title, action, back := h.T(c), "proposals.write.new", "/proposals", "/proposals"
	p := pages.WritePage{Lead: t.T("proposals.write.new_lead"), Save: t.T("proposals.write.save_draft"), Base: strconv.FormatInt(form.Base, 10)}
	if id != 0 {
		title, action, back = "proposals.write.edit", pathID("/proposals/", id, "/versions"), pathID("/proposals/", id, "")
		p.Lead, p.Save = t.T("proposals.write.edit_lead"), t.T("proposals.write.save_version")
	}
	p.Frame, p.Back = h.Frame(c, t.T(title), proposalCrumbs(t, t.T(title))...), back
	p.Title = ui.Field{Name: "title", Label: t.T("proposals.write.title"), Hint: t.T("proposals.write.title_hint"), Value: form.Title, Error: e["title"], Required: true, MaxLength: proposals.TitleMost, Autocomplete: "off", Draft: true}
	p.Body = ui.Field{Name: "body", Label: t.T("proposals.write.body"), Hint: t.T("proposals.write.body_hint"), Value: form.Body, Error: e["body"], Required: true, Rows: 16, MaxLength: proposals.BodyMost, Draft: true}
	if id == 0 {
		p.Author, p.Member = authorField(t.T("proposals.write.author"), web.Actor(c), form.Author, e["author"])
	} else {
		p.Member = strconv.FormatInt(form.Author, 10)
	}
	p.Errors = e.Of(p.Title, p.Body)
	if form.Act == "preview" {
		p.Preview = &pages.Preview{Title: form.Title, Body: ui.SafeHTML(markdown.HTML(form.Body))}
	}
	if form.Once == "" {
		form.Once = web.NewOnce()
	}
	p.Form = ui.FormAttrs{Action: action, CSRF: h.CSRF(c), Once: form.Once}
	return p
}

// authorField asks in whose name, when the reader acts for several members.
func authorField(label string, by identity.Actor, chosen int64, wrong string) (*ui.Field, string) {
	first, _ := by.Member()
	if chosen == 0 {
		chosen = int64(first.ID)
	}
	if len(by.Members) < 2 {
		return nil, strconv.FormatInt(int64(first.ID), 10)
	}
	f := ui.Field{Name: "author", Label: label, Value: strconv.FormatInt(chosen, 10), Error: wrong, Required: true, Width: ui.Half}
	for _, m := range by.Members {
		f.Options = append(f.Options, ui.Option{Value: strconv.FormatInt(int64(m.ID), 10), Label: m.Name})
	}
	return &f, ""
}

// AskPublish and AskWithdraw are the pages that ask once more; the acts themselves are POSTs to the same place.

// AskPublish asks whether to publish a draft.
func (h *Handlers) AskPublish(c *fiber.Ctx) error { return h.askProposal(c, "publication", ui.Main) }

// AskWithdraw asks whether to withdraw a proposal.
func (h *Handlers) AskWithdraw(c *fiber.Ctx) error { return h.askProposal(c, "withdrawal", ui.Danger) }

func (h *Handlers) askProposal(c *fiber.Ctx, act string, kind ui.ButtonKind) error {
	s, err := h.ownProposal(c)
	if err != nil {
		return err
	}
	t, id := h.T(c), s.Proposal.ID
	title := t.T("proposals." + act + ".title")
	return h.Page(c, ui.Confirm(ui.ConfirmPage{
		Frame: h.Frame(c, title, proposalCrumbs(t, title)...), Back: pathID("/proposals/", id, ""),
		Review: ui.Review{Final: true, Rows: []ui.Pair{{Term: t.T("proposals.list.proposal"), Text: s.Text.Title}, {Term: t.T("proposals.confirm.what"), Text: t.T("proposals." + act + ".what")}}},
		Form:   ui.FormAttrs{Action: pathID("/proposals/", id, "/"+act), CSRF: h.CSRF(c), Once: web.NewOnce()},
		Act:    ui.Action{Label: t.T("proposals." + act + ".do"), Kind: kind},
	}))
}

type onceForm struct {
	Once string `form:"once" validate:"max=64"`
}

// PublishProposal shows a draft to everybody.
func (h *Handlers) PublishProposal(c *fiber.Ctx) error {
	return h.proposalAct(c, "proposals.done.published", func(by identity.Actor, id models.ProposalID, once string) error {
		return h.Proposals.Publish(c.UserContext(), by, id, once)
	})
}

// WithdrawProposal takes a proposal back.
func (h *Handlers) WithdrawProposal(c *fiber.Ctx) error {
	return h.proposalAct(c, "proposals.done.withdrawn", func(by identity.Actor, id models.ProposalID, once string) error {
		return h.Proposals.Withdraw(c.UserContext(), by, id, once)
	})
}

func (h *Handlers) proposalAct(c *fiber.Ctx, done string, act func(identity.Actor, models.ProposalID, string) error) error {
	id, err := web.ID[models.ProposalID](c, "id")
	if err != nil {
		return err
	}
	form, err := web.Decode[onceForm](c)
	if err != nil {
		return err
	}
	if err := act(web.Actor(c), id, form.Once); err != nil {
		return err
	}
	return h.See(c, pathID("/proposals/", id, ""), done)
}
