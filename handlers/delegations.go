package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/polls"
	"socia/views/ui"
)

type delegationForm struct {
	Author int64  `form:"author"`
	Holder string `form:"holder" validate:"max=20"`
	Topic  string `form:"topic"`
	Until  string `form:"until"`
}

// ListDelegations shows the standing delegations that the reader has given and holds, and the form for a new one.
func (h *Handlers) ListDelegations(c *fiber.Ctx) error {
	return h.delegationsPage(c, fiber.StatusOK, delegationForm{}, nil)
}

func (h *Handlers) delegationsPage(c *fiber.Ctx, status int, form delegationForm, e web.Errors) error {
	t, by := h.T(c), web.Actor(c)
	all, err := h.Polls.Delegations(c.UserContext(), by)
	if err != nil {
		return err
	}
	title := t.T("polls.delegation.title")
	p := pages.DelegationsPage{Frame: h.Frame(c, title, consultationCrumbs(t, title)...), Form: ui.FormAttrs{Action: "/delegations", CSRF: h.CSRF(c)}}
	for _, d := range all {
		topic := d.Topic
		if topic == "" {
			topic = t.T("polls.delegation.every_topic")
		}
		key := "polls.delegation.held"
		if by.ActsFor(d.GiverID) {
			key = "polls.delegation.given"
		}
		p.Rows = append(p.Rows, pages.DelegationRow{
			Words: t.T(key, "Giver", d.Giver, "Holder", d.Holder, "Topic", topic, "Until", t.LongDate(d.ExpiresOn)),
			Form:  ui.FormAttrs{Action: pathID("/delegations/", d.ID, "/revocation"), CSRF: h.CSRF(c)},
		})
	}
	author, own := authorField(t.T("polls.delegation.author"), by, form.Author, e["author"])
	p.Author, p.Own = author, own
	p.Fields = []ui.Field{
		{Name: "holder", Label: t.T("polls.delegation.holder"), Hint: t.T("polls.delegation.holder_hint"), Value: form.Holder, Error: e["holder"], Required: true, Inputmode: "numeric", Autocomplete: "off", Width: ui.Short},
		{Name: "topic", Label: t.T("polls.field.topic"), Hint: t.T("polls.delegation.topic_hint"), Value: form.Topic, Error: e["topic"], MaxLength: 60, Autocomplete: "off", Width: ui.Half},
		{Name: "until", Type: "date", Label: t.T("polls.delegation.until"), Value: form.Until, Error: e["until"], Required: true, Width: ui.Half},
	}
	p.Errors = e.Of(p.Fields...)
	return h.PageStatus(c, status, pages.Delegations(p))
}

// GiveDelegation lets another member vote for the reader in consultations.
func (h *Handlers) GiveDelegation(c *fiber.Ctx) error {
	form, err := web.Decode[delegationForm](c)
	if err == nil {
		err = h.delegate(c, form)
	}
	if err == nil {
		return h.See(c, "/delegations", "polls.done.delegated")
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.delegationsPage(c, status, form, e)
}

func (h *Handlers) delegate(c *fiber.Ctx, form delegationForm) error {
	until := civil.Date{}
	if form.Until != "" {
		day, wrong := web.Day("until", form.Until)
		if wrong != nil {
			return wrong
		}
		until = day
	}
	number, _ := strconv.ParseInt(form.Holder, 10, 64) // what is no number is nobody's
	giver := models.MemberID(form.Author)
	if first, ok := web.Actor(c).Member(); ok && giver == 0 {
		giver = first.ID
	}
	return h.Polls.Delegate(c.UserContext(), web.Actor(c), giver, number, form.Topic, until)
}

// RevokeDelegation takes a standing delegation back.
func (h *Handlers) RevokeDelegation(c *fiber.Ctx) error {
	id, err := web.ID[models.DelegationID](c, "id")
	if err == nil {
		err = h.Polls.Revoke(c.UserContext(), web.Actor(c), id)
	}
	if err != nil {
		return err
	}
	return h.See(c, "/delegations", "polls.done.revoked")
}
