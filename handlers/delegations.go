package handlers

import (
	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/civil"
	"socia/handlers/web"
	"socia/models"
	pages "socia/views/polls"
	"socia/views/ui"
)

type delegationForm struct {
	Author int64  `form:"author"`
	Holder string `form:"holder" validate:"max=200"`
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
		row := pages.DelegationRow{
			Words: t.T(delegationKey(by, d), "Giver", d.Giver, "Holder", d.Holder, "Topic", topic, "Until", t.LongDate(d.ExpiresOn)),
			Form:  ui.FormAttrs{Action: pathID("/delegations/", d.ID, "/revocation"), CSRF: h.CSRF(c)},
		}
		if by.ActsFor(d.GiverID) && !d.HolderMayVote {
			row.Warning = t.T("polls.delegation.holder_without_vote", "Holder", d.Holder)
		}
		p.Rows = append(p.Rows, row)
	}
	author, own := authorField(t.T("polls.delegation.author"), by, form.Author, e["author"])
	p.Author, p.Own = author, own
	p.Fields = []ui.Field{
		{Name: "holder", Label: t.T("polls.delegation.holder"), Hint: t.T("polls.delegation.holder_hint"), Value: form.Holder, Error: e["holder"], Required: true, Autocomplete: "off", Width: ui.Half},
		{Name: "topic", Label: t.T("polls.field.topic"), Hint: t.T("polls.delegation.topic_hint"), Value: form.Topic, Error: e["topic"], MaxLength: 60, Autocomplete: "off", Width: ui.Half},
		{Name: "until", Type: "date", Label: t.T("polls.delegation.until"), Value: form.Until, Error: e["until"], Required: true, Width: ui.Half},
	}
	named := p.Fields
	if author != nil {
		named = append([]ui.Field{*author}, named...)
	}
	p.Errors = e.Of(named...)
	return h.PageStatus(c, status, pages.Delegations(p))
}

// delegationKey is the sentence about a delegation: to the reader, where they give it or hold it, else by names.
func delegationKey(by identity.Actor, d polls.Delegated) string {
	self, _ := by.Member()
	switch {
	case d.GiverID == self.ID:
		return "polls.delegation.given"
	case d.HolderID == self.ID:
		return "polls.delegation.held"
	case by.ActsFor(d.GiverID):
		return "polls.delegation.given_of"
	}
	return "polls.delegation.held_of"
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
	holder, err := h.Assemblies.Find(c.UserContext(), web.Actor(c), "holder", form.Holder)
	if err != nil {
		return err
	}
	giver := models.MemberID(form.Author)
	if first, ok := web.Actor(c).Member(); ok && giver == 0 {
		giver = first.ID
	}
	return h.Polls.Delegate(c.UserContext(), web.Actor(c), giver, holder.Number, form.Topic, until)
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
