package handlers

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"socia/app/identity"
	"socia/app/polls"
	"socia/core/fault"
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
	Once   string `form:"once" validate:"max=64"`
	Step   string `form:"step"` // review or edit; else it is given
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

// GiveDelegation lets another member vote for the reader in consultations, once they have seen what that means.
func (h *Handlers) GiveDelegation(c *fiber.Ctx) error {
	form, err := web.Decode[delegationForm](c)
	if err == nil && form.Step == editStep {
		return h.delegationsPage(c, fiber.StatusOK, form, nil)
	}
	var asked polls.Entrusting
	if err == nil {
		asked, err = h.entrusting(c, form)
	}
	if err == nil && form.Step != "" {
		var d polls.Delegated
		if d, err = h.Polls.ReviewEntrusting(c.UserContext(), web.Actor(c), asked); err == nil {
			return h.reviewDelegation(c, form, asked, d)
		}
	} else if err == nil {
		if err = h.Polls.Entrust(c.UserContext(), web.Actor(c), asked, form.Once); err == nil {
			return h.See(c, "/delegations", "polls.done.delegated")
		}
	}
	e, status, ok := h.FormErrors(c, err)
	if !ok {
		return err
	}
	return h.delegationsPage(c, status, form, e)
}

// entrusting reads what was typed, and tells about every field at once.
func (h *Handlers) entrusting(c *fiber.Ctx, form delegationForm) (asked polls.Entrusting, err error) {
	until, wrong := web.Day("until", form.Until)
	if form.Until == "" {
		wrong = fault.Invalid("until", "ui.error.required")
	}
	holder, err := h.Assemblies.Find(c.UserContext(), web.Actor(c), "holder", form.Holder)
	asked = polls.Entrusting{Giver: models.MemberID(form.Author), Holder: holder.Number, Topic: form.Topic, Until: until}
	if first, ok := web.Actor(c).Member(); ok && asked.Giver == 0 {
		asked.Giver = first.ID
	}
	return asked, fault.Join(err, fault.All(wrong))
}

// reviewDelegation shows whom a delegation is given to and what that means, before anything is given. The holder is named
// by number from here on: it is this member, whoever takes the same name later.
func (h *Handlers) reviewDelegation(c *fiber.Ctx, form delegationForm, asked polls.Entrusting, d polls.Delegated) error {
	t, number := h.T(c), strconv.FormatInt(asked.Holder, 10)
	title, key := t.T("polls.delegation.review"), "polls.delegation.means."
	if own, _ := web.Actor(c).Member(); own.ID != d.GiverID {
		key = "polls.delegation.means_of."
	}
	say := func(what string) string { return t.T(key+what, "Giver", d.Giver, "Holder", d.Holder) }
	topic := t.T("polls.delegation.all_topics")
	if d.Topic != "" {
		topic = t.T("polls.delegation.one_topic", "Topic", d.Topic)
	}
	rows := []ui.Pair{
		{Term: t.T("polls.delegation.author"), Text: d.Giver}, {Term: t.T("polls.delegation.votes"), Text: t.T("polls.delegation.number", "Name", d.Holder, "Number", number)},
		{Term: t.T("polls.delegation.where"), Text: topic}, {Term: t.T("polls.delegation.until"), Text: t.LongDate(d.ExpiresOn)},
		{Term: t.T("polls.delegation.what"), Text: say("cast")}, {Term: t.T("polls.delegation.own"), Text: say("own")}, {Term: t.T("polls.delegation.back"), Text: say("back")},
	}
	if !d.HolderMayVote {
		rows = append(rows, ui.Pair{Term: t.T("polls.delegation.warning"), Text: t.T("polls.delegation.holder_without_vote", "Holder", d.Holder)})
	}
	return h.Page(c, pages.Review(pages.PollReviewPage{
		Frame: h.Frame(c, title, consultationCrumbs(t, title)...), Title: title, Lead: t.T("polls.delegation.review_lead"), Do: t.T("polls.delegation.do"), Review: ui.Review{Rows: rows},
		Form:   ui.FormAttrs{Action: "/delegations", CSRF: h.CSRF(c), Once: web.NewOnce()},
		Hidden: []ui.Pair{{Term: "author", Text: pathID("", asked.Giver, "")}, {Term: "holder", Text: number}, {Term: "topic", Text: form.Topic}, {Term: "until", Text: form.Until}},
	}))
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
