package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"socia/app/members"
	"socia/core/fault"
	"socia/handlers/web"
	pages "socia/views/members"
	"socia/views/ui"
)

type votesForm struct {
	Votes string `form:"votes" validate:"max=9"`
	Once  string `form:"once" validate:"max=64"`
}

// NewVotes is the form that gives a member votes.
func (h *Handlers) NewVotes(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	return h.Page(c, pages.OneForm(h.votesPage(c, p, votesForm{Votes: strconv.FormatInt(p.GivenVotes, 10)}, nil)))
}

// GiveVotes says how many votes a member has.
func (h *Handlers) GiveVotes(c *fiber.Ctx) error {
	p, err := h.profile(c)
	if err != nil {
		return err
	}
	form, err := web.Decode[votesForm](c)
	var votes int64
	if err == nil {
		if votes, err = strconv.ParseInt(strings.TrimSpace(form.Votes), 10, 64); err != nil {
			err = fault.Invalid("votes", "ui.error.number")
		}
	}
	if err == nil {
		err = h.Members.GiveVotes(c.UserContext(), web.Actor(c), p.ID, votes, form.Once)
	}
	if err != nil {
		e, status, ok := h.FormErrors(c, err)
		if !ok {
			return err
		}
		return h.PageStatus(c, status, pages.OneForm(h.votesPage(c, p, form, e)))
	}
	return h.See(c, pathID("/members/", p.ID, ""), "members.done.votes")
}

func (h *Handlers) votesPage(c *fiber.Ctx, p members.Profile, form votesForm, e web.Errors) pages.FormPage {
	t, at := h.T(c), pathID("/members/", p.ID, "")
	title := t.T("members.votes.title")
	fields := []ui.Field{{Name: "votes", Label: t.T("members.field.votes"), Hint: t.T("members.votes.hint", "Most", p.MostVotes), Value: form.Votes, Error: e["votes"], Required: true, Width: ui.Digits, Inputmode: "numeric", Autocomplete: "off"}}
	return pages.FormPage{
		Frame: h.Frame(c, title, crumbs(t.T("members.directory.title"), "/members", p.Name, at, title, "")...),
		Lead:  t.T("members.votes.lead", "Name", p.Name), Notes: []string{t.T("members.votes.from_now")}, Errors: e.Of(fields...), Fields: fields,
		Form: ui.FormAttrs{Action: at + "/votes", CSRF: h.CSRF(c), Once: keepOnce(form.Once)}, Submit: t.T("members.votes.do"), CancelURL: at,
	}
}
